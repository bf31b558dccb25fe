"""What Numba compiles: whether it is there, and the kernels by name, imported when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def available() -> bool:
    """Say whether kernels can be compiled here."""
    try:
        importlib.import_module(".kernels.compiling", __package__)
        return not importlib.import_module("numba").config.DISABLE_JIT
    except Exception:  # a Numba that does not fit this NumPy raises more than ImportError
        return False


@cache
def kernel(name: str) -> Callable[..., Any]:
    """Return a compiled function by the names of its file and its own: "draws.permute"."""
    file, function = name.split(".")
    found: Callable[..., Any] = getattr(
        importlib.import_module(f".kernels.{file}", __package__), function
    )
    return found
