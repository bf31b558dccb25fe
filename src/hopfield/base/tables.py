"""Tables: each row stands beside what it describes, and the table of its folder finds it there."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from typing import Any


def rows(package: str) -> list[Any]:
    """Return the rows of a folder's table: the ``ROWS`` of its modules, by the years they name.

    A new row is thus one file in the folder, and nothing else is touched.
    """
    found: list[Any] = []
    for module in pkgutil.iter_modules(sys.modules[package].__path__):
        found += getattr(importlib.import_module(f"{package}.{module.name}"), "ROWS", ())
    return sorted(found, key=lambda row: re.findall(r"\b\d{4}\b", row.source)[:1])
