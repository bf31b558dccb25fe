"""How kernels are compiled: kept on disk, into those that call them, or pasted in before.

What ends in ``_sums`` may add in any order: sums of exact binary fractions come out the same. The
others say that they may not, or would be compiled as the kernel that calls them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

from .cache import cached

# Nothing is allocated in a kernel, so that no references need be counted (_nrt): it would be
# done at each visit.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
_INSIDE = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_SUMS = {"reassoc", "nsz"}


def _way(kept: bool = False, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    def compiled(function: Callable[..., Any]) -> Any:
        made = numba.njit(function, **_OPTIONS, **options)
        return cached(made, function) if kept else made

    return compiled


jit = _way(kept=True, fastmath=False)
jit_sums = _way(kept=True, fastmath=_SUMS)
inline = _way(fastmath=False, **_INSIDE)  # Python cannot call it
inline_sums = _way(fastmath=_SUMS, **_INSIDE)
paste = _way(fastmath=False, inline="always")  # quicker, for what has one caller
paste_sums = _way(fastmath=_SUMS, inline="always")
