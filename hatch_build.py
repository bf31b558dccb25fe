"""Puts a built book into the wheel, as hopfield/_book, where HOPFIELD_BOOK names its folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BookHook(BuildHookInterface[Any]):
    """Without HOPFIELD_BOOK the wheel is the small one, which the book itself loads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the book's folder to the builder, except for an editable install."""
        named = os.environ.get("HOPFIELD_BOOK")
        if not named or version == "editable":
            return
        folder = Path(self.root, named).resolve()
        if not (folder / "index.html").is_file():
            raise FileNotFoundError(f"HOPFIELD_BOOK={named} is no built book: it has no index.html")
        build_data["force_include"][str(folder)] = "hopfield/_book"
