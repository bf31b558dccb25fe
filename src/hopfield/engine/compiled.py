"""Whether kernels can be compiled here, and those that are: Numba is imported at the first use."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def available() -> bool:
    """Say whether Numba can be imported, and fits this NumPy."""
    try:
        importlib.import_module(".kernels.compiling", __package__)
    except Exception:  # one that does not fit raises more than ImportError
        return False
    return True


@cache
def kernel(theme: str, name: str) -> Callable[..., Any]:
    """Return a kernel of the module of its theme."""
    found: Callable[..., Any] = getattr(
        importlib.import_module(f".kernels.{theme}", __package__), name
    )
    return found
