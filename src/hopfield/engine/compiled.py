"""Whether kernels can be compiled."""

from __future__ import annotations

from functools import cache


@cache
def available() -> bool:
    """Say whether Numba can be imported, and fits what else is there."""
    try:
        from .kernels import compiling as compiling
    except Exception:  # a Numba that does not fit this NumPy raises more than ImportError
        return False
    return True
