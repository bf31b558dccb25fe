"""Storkey's rule."""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, flag
from ..base.progress import Watch, telling
from ..core.couplings import Couplings
from ..core.memory import Memory
from ..core.patterns import Int8
from .rule import Rule
from .weights import couplings, dense_weights, rows_of

_TILE = 128  # entries on a side of what stays in a cache while it is turned
_LARGEST_FIELD = 1e12
_PATTERNS_AT_ONCE = 256  # patterns that one product of matrices stores, at most


def storkey(
    patterns: npt.ArrayLike,
    *,
    extended: bool = False,
    capacity: str | None = None,
    progress: Watch | None = None,
) -> Couplings:
    """Store patterns by Storkey's rule, one after the other, in the order given.

    W_ij += (xi_i xi_j - xi_i h_ji - h_ij xi_j) / N, where h_ij = sum_{k != i,j} W_ik xi_k: each
    pattern is stored less what the memory already makes of it. Newer patterns are kept better.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,).
    extended : bool
        Keep the term of second order, W_ij += (xi_i - h_ij) (xi_j - h_ji) / N: nearer to the
        pseudo-inverse. Takes O(N**2) a pattern, and is not made of products of matrices. The
        couplings do not tell which rule made them: `learn` goes on with that of first order unless
        it is told ``extended=True``, too.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps (``Rule.capacity``, of random ones); by
        default nothing.
    progress : callable, optional
        Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError, ValueError
        For patterns that are not rows of -1 and +1 of 2 or more neurons, or too many.

    References
    ----------
    Storkey 1997, doi:10.1007/BFb0020196; the second order is written out by Tolmachev & Manton
    2020, arXiv:2010.01472.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(25, 100, rng=1)
    >>> [int(rule(xi).stable(xi).sum()) for rule in (hf.hebb, hf.learning.storkey)]
    [8, 25]
    """
    xi = rows_of(patterns)
    p, n = xi.shape
    ROWS[0].heed(capacity, p, n)
    if flag(extended, "extended"):
        return couplings(_extended(xi, progress, np.zeros((n, n))))
    return couplings(_stored(xi, progress), float(n) ** p if p < 48 else np.inf)


def add(
    memory: Memory,
    patterns: npt.ArrayLike,
    *,
    extended: bool = False,
    progress: Watch | None = None,
) -> Couplings:
    """Store more patterns in a memory, as if they had come after those that it holds."""
    w = dense_weights(memory)
    xi = rows_of(patterns, len(w))
    if flag(extended, "extended"):
        return couplings(_extended(xi, progress, w))
    form = memory.form() if isinstance(memory, Memory) else None
    held = form.source.columns if form and form.kind == "matrix" else None
    whole = held is not None and len(xi) < 48 and bool((held == np.rint(held)).all())
    grown = memory.divisor * float(len(w)) ** len(xi) if whole else np.inf
    return couplings(_stored(xi, progress, w), grown)


def _stored(xi: Int8, progress: Watch | None, w: Floats | None = None) -> Floats:
    """Store patterns in w, in blocks; its diagonal follows the rule too, and is never used.

    With fields h, W' = g W + (x x' - x h' - h x') / N where g = 1 + 2/N.
    """
    n = xi.shape[1]
    size = min(_PATTERNS_AT_ONCE, n)  # beyond, powers of g would cost digits
    tell = telling(progress, "storkey", len(xi), "patterns")
    for k in range(0, len(xi), size):
        x = xi[k : k + size].astype(np.float64)
        ages = (1 + 2 / n) ** np.arange(len(x) + 1)[:, None]
        h = np.zeros_like(x) if w is None else ages[:-1] * (x @ w)
        diagonal = np.zeros(n) if w is None else w.diagonal().copy()
        age = ages[:-1] / ages[1:].T / n  # of the second pattern's share when the first comes
        _fields(x, h, age, age * (x @ x.T), diagonal)
        _refuse_growth(h, len(xi))
        new = x.T @ (ages[-2::-1] / n * (x / 2 - h))
        _add_mirror(new)
        w = new if w is None else ages[-1] * w + new
        tell(k + len(x))
    assert w is not None
    return w


def _extended(xi: Int8, progress: Watch | None, w: Floats) -> Floats:
    """Store patterns in w, whose diagonal is empty, by the rule of second order."""
    tell = telling(progress, "storkey", len(xi), "patterns")
    for k, x in enumerate(xi.astype(np.float64), 1):
        new = w * x
        new += (x - w @ x)[:, None]  # xi_i - h_ij but on the diagonal, which is not used
        new *= new.T.copy()
        w += new / len(x)
        np.fill_diagonal(w, 0)
        _refuse_growth(w, len(xi))
        tell(k)
    return w


def _refuse_growth(x: Floats, p: int) -> None:
    if not np.abs(x).max() < _LARGEST_FIELD:
        raise ValueError(
            f"patterns must be fewer, not {p} for {x.shape[1]} neurons: the fields of Storkey's "
            f"rule grow without end, and exceed {_LARGEST_FIELD:g}"
        )


def _fields(x: Floats, h: Floats, age: Floats, both: Floats, diagonal: Floats) -> None:
    """Turn the fields h that patterns x have in a memory into those at their own turn.

    What one half of them adds to the fields of the other half is a product of matrices.
    """
    b, n = x.shape
    if b == 1:
        h -= diagonal * x
        diagonal *= 1 + 2 / n
        diagonal += (1 - 2 * x[0] * h[0]) / n
        return
    old, new = slice(0, b // 2), slice(b // 2, b)
    _fields(x[old], h[old], age[old, old], both[old, old], diagonal)
    h[new] += (both[new, old] - age[new, old] * (x[new] @ h[old].T)) @ x[old]
    h[new] -= both[new, old] @ h[old]
    _fields(x[new], h[new], age[new, new], both[new, new], diagonal)


def _add_mirror(w: Floats) -> None:
    """Add to a matrix its transpose, by tiles."""
    parts = [slice(k, k + _TILE) for k in range(0, len(w), _TILE)]
    for i, j in combinations_with_replacement(parts, 2):
        w[i, j] += w[j, i].T
        w[j, i] = w[i, j].T


ROWS = (
    Rule(
        learn=storkey,
        capacity=lambda n: n / sqrt(2 * log(max(n, 2))),
        capacity_text="N / sqrt(2 ln N): most patterns exactly fixed (Storkey 1997)",
        source="Storkey 1997, doi:10.1007/BFb0020196",
        add=add,
    ),
)
