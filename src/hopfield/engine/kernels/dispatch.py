"""Which kernels run: Numba's where it can be imported, else NumPy's.

A kernel is a free function named in `reference`, the slow forms that are obviously right; the
other modules hold faster forms under the same names. Numba alone has those for patterns packed
into bits (`bits`, `separation`, `gram`, and what goes with them) and for whole sweeps at a
temperature, NumPy alone one for whole sweeps by overlaps that are floats.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

BACKENDS = ("numba", "numpy", "reference")
_chosen: str | None = None


def backend() -> str:
    """Return the name of the kernels in use.

    The environment's HOPFIELD_KERNELS overrides; it is read once.
    """
    return _chosen or _default()


@cache
def _default() -> str:
    return _checked(os.environ.get("HOPFIELD_KERNELS") or ("numba" if _numba() else "numpy"))


def _checked(name: str) -> str:
    if name not in BACKENDS:
        raise ValueError(f"HOPFIELD_KERNELS must be one of {', '.join(BACKENDS)}, not {name!r}")
    if name == "numba" and not _numba():
        raise ValueError("HOPFIELD_KERNELS is 'numba', but Numba cannot be imported here")
    return name


@contextmanager
def using(name: str) -> Iterator[None]:
    """Run with the kernels of one backend."""
    global _chosen
    before, _chosen = _chosen, _checked(name)
    try:
        yield
    finally:
        _chosen = before


def kernel(name: str) -> Callable[..., Any]:
    """Return the kernel of that name."""
    found: Callable[..., Any] = getattr(_module(backend()), name)
    return found


def has(name: str) -> bool:
    """Say whether the backend in use has a kernel of that name; all have those of `reference`."""
    return hasattr(_module(backend()), name)


@cache
def _module(name: str) -> ModuleType:
    return importlib.import_module(f".{name}", __package__)


@cache
def _numba() -> bool:
    # A Numba that is there but does not fit this NumPy raises more than ImportError.
    try:
        _module("numba")
    except Exception:
        return False
    return True
