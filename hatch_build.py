"""What the build adds: README's links made whole, the widget's front end, and a book.

The front end (`python tools/front.py build`) is taken where it is built, unless HOPFIELD_WIDGET=no;
a book, as hopfield/_book, where HOPFIELD_BOOK names its folder.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

WIDGET = "widget.js", "lab.css"
LINK = re.compile(r"(!?)(\[[^\]]*\])\((?![a-z]+:|#)([^)]+)\)")  # to a file beside README


def whole(readme: str, address: str) -> str:
    """Return README with links that lead somewhere from any page, such as a package index's.

    >>> whole("![a](docs/a.png) [b](docs/b.md)", "https://example.org/x")
    '![a](https://example.org/x/raw/HEAD/docs/a.png) [b](https://example.org/x/blob/HEAD/docs/b.md)'
    """
    return LINK.sub(
        lambda m: f"{m[1]}{m[2]}({address}/{'raw' if m[1] else 'blob'}/HEAD/{m[3]})", readme
    )


class ReadmeHook(MetadataHookInterface):
    """Without an address in [project.urls], README stays as it is."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Give README to the builder."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        if address := metadata.get("urls", {}).get("Repository"):
            text = whole(text, address)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


class BookHook(BuildHookInterface[Any]):
    """Without a book and the widget the wheel is the small one, which the book itself loads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folders to the builder, except for an editable install."""
        if version == "editable":
            return
        if os.environ.get("HOPFIELD_WIDGET") != "no":
            self._widget(build_data)
        if named := os.environ.get("HOPFIELD_BOOK"):
            folder = Path(self.root, named).resolve()
            if not (folder / "index.html").is_file():
                raise FileNotFoundError(
                    f"HOPFIELD_BOOK={named} is no built book: it has no index.html"
                )
            build_data["force_include"][str(folder)] = "hopfield/_book"

    def _widget(self, build_data: dict[str, Any]) -> None:
        parts = [Path(self.root, "web", "dist", name) for name in WIDGET]
        if all(part.is_file() for part in parts):
            for part in parts:
                build_data["force_include"][str(part)] = f"hopfield/lab/static/{part.name}"
        else:
            self.app.display_warning(
                "hf.lab.Lab will not be in this wheel: first run python tools/front.py build"
            )
