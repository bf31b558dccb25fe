"""Hopfield networks and associative memory: a memory, a neuron and an order."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import Any

__version__ = "0.1.0"


def _public() -> dict[str, str]:
    """Return where each public name lives, as `__init__.pyi` has it: the one list of them."""
    stub = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    return {
        alias.name: node.module or ""
        for node in stub.body
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }


_WHERE = _public()
__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = importlib.import_module(f".{_WHERE[name]}" if _WHERE[name] else f".{name}", __name__)
    found = getattr(room, name, None) if _WHERE[name] else room
    if found is None:  # a module of a room
        found = importlib.import_module(f".{_WHERE[name]}.{name}", __name__)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
