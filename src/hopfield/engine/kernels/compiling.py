"""How kernels are compiled: kept on disk, into those that call them, or pasted in before.

What ends in ``_sums`` may add in any order: sums of exact binary fractions come out the same. The
others say that they may not, or would be compiled as the kernel that calls them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

from .cache import cached

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
# Nothing is allocated in a kernel, so that no references need be counted (_nrt): it would be
# done at each visit. Python cannot call what is inside.
_QUICKER: dict[str, Any] = {"_nrt": False}
_INSIDE = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_SUMS = {"reassoc", "nsz"}


def _known(options: dict[str, Any]) -> dict[str, Any]:
    """Return those options that this Numba has; no result depends on them."""
    try:
        from numba.core.cpu import CPUTargetOptions
    except ImportError:
        return {}
    return {name: value for name, value in options.items() if hasattr(CPUTargetOptions, name)}


def _way(kept: bool = False, inside: bool = False, **options: Any) -> Callable[..., Any]:
    chosen = _OPTIONS | options | _known(_QUICKER | (_INSIDE if inside else {}))

    def compiled(function: Callable[..., Any]) -> Any:
        made = numba.njit(function, **chosen)
        return cached(made, function) if kept else made

    return compiled


jit = _way(kept=True, fastmath=False)
jit_sums = _way(kept=True, fastmath=_SUMS)
inline = _way(inside=True, fastmath=False)
inline_sums = _way(inside=True, fastmath=_SUMS)
paste = _way(fastmath=False, inline="always")  # quicker, for what has one caller
paste_sums = _way(fastmath=_SUMS, inline="always")
