"""Hebb's rule."""

from __future__ import annotations

from hashlib import blake2b
from math import log

import numpy as np
import numpy.typing as npt

from ..base.checks import flag, vectors
from ..core.hebbian import Hebbian
from ..core.memory import Memory
from ..core.patterns import Int8
from .rule import Rule
from .weights import not_made_by, rows_of, without


def hebb(
    patterns: npt.ArrayLike,
    *,
    coding: str = "bipolar",
    self_coupling: bool = False,
    allow_repeats: bool = False,
    capacity: str | None = None,
) -> Hebbian:
    """Store patterns by Hebb's rule, W = X'X / N with an empty diagonal.

    The memory holds the patterns themselves: 20 kB instead of 800 MB for two of 10,000 neurons.
    Its ``dense()`` is the matrix; the two agree to the bit.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,), pictures as (P, rows, columns). Two axes
        are always P patterns: of one picture give ``picture[None]`` or its ``ravel()``. More than
        fit into memory may be given, as `Hebbian` reads them.
    coding : {"bipolar", "01"}
        "01" stores 0/1 (or bools) as 0 and 1, the way many first programs do; correlated
        patterns then merge. Read by 0/1 neurons or by -1/+1 neurons as it stands.
    self_coupling : bool
        Keep the diagonal; the energy may then rise.
    allow_repeats : bool
        Accept the same pattern twice, which stores it twice as strongly.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps (``Rule.capacity``, of random ones); by
        default nothing.

    Returns
    -------
    Hebbian

    Raises
    ------
    TypeError
        For patterns that are not real numbers.
    ValueError
        For values other than those of the coding (0/1 where -1/+1 is meant, above all), for
        an empty array, for fewer than 2 neurons, for a repeated pattern, and for too many if
        ``capacity`` says so.

    References
    ----------
    Hopfield 1982, doi:10.1073/pnas.79.8.2554, eq. 2 (there without the factor 1/N).

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(2, 100, rng=1)
    >>> r = hf.recall(hf.hebb(xi), hf.flip(xi[0], 0.2, rng=2), rng=3)
    >>> r.why, hf.overlap(r.state, xi[0])
    ('fixed point', 1.0)
    """
    shape = getattr(patterns, "shape", None)
    if not (isinstance(shape, tuple) and len(shape) == 2):
        patterns = np.atleast_2d(vectors(patterns, "patterns"))
    memory = Hebbian(patterns, coding=coding, self_coupling=self_coupling)
    ROWS[0].heed(capacity, memory.p, memory.n)
    if not flag(allow_repeats, "allow_repeats"):
        _refuse_repeats(memory)
    return memory


def _refuse_repeats(memory: Hebbian) -> None:
    seen: dict[bytes, int] = {}
    rows = (row for xi in memory.blocks() for row in np.packbits(xi > 0, axis=1))
    for row, pattern in enumerate(rows):
        digest = blake2b(pattern.tobytes(), digest_size=32).digest()  # N bits each would be all
        first = seen.setdefault(digest, row)
        if first != row:
            raise ValueError(
                f"patterns {first} and {row} are the same; drop one, or pass "
                "allow_repeats=True to store it twice as strongly; if these are the rows of one "
                "picture, store its ravel()"
            )


def add(
    memory: Memory,
    patterns: npt.ArrayLike,
    *,
    allow_repeats: bool = False,
    capacity: str | None = None,
) -> Hebbian:
    """Store more patterns in a memory that `hebb` made."""
    held = _made_here(memory)
    new = rows_of(patterns, held.n, held.coding)
    return _again(held, np.concatenate([held.patterns, new]), allow_repeats, capacity)


def remove(memory: Memory, patterns: npt.ArrayLike, *, allow_repeats: bool = False) -> Hebbian:
    """Take patterns out of a memory that `hebb` made."""
    held = _made_here(memory)
    left = without(held.patterns, rows_of(patterns, held.n, held.coding))
    return _again(held, left, allow_repeats)


def _made_here(memory: Memory) -> Hebbian:
    if not (isinstance(memory, Hebbian)):
        raise not_made_by("hebb", memory)
    return memory


def _again(held: Hebbian, xi: Int8, allow_repeats: bool, capacity: str | None = None) -> Hebbian:
    """Store patterns, of the coding of a memory, as that was stored."""
    given = xi if held.coding == "bipolar" else xi.astype(bool)
    return hebb(
        given,
        coding=held.coding,
        self_coupling=held.self_coupling,
        allow_repeats=allow_repeats,
        capacity=capacity,
    )


ROWS = (
    Rule(
        learn=hebb,
        local=True,
        capacity=lambda n: n / (2 * log(max(n, 2))),
        capacity_text="N / (2 ln N): most patterns exactly fixed "
        "(McEliece et al. 1987, doi:10.1109/TIT.1987.1057328)",
        source="Hopfield 1982, doi:10.1073/pnas.79.8.2554",
        add=add,
        remove=remove,
    ),
)
