"""Learning rules: functions from patterns to a memory, one file each, and their table.

A new rule is one file here and one row of `RULES`; its tests, its place on the command line
and its citation follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log

from ..memory import Memory
from .hebb import hebb

__all__ = ["RULES", "Rule", "hebb"]


@dataclass(frozen=True)
class Rule:
    """A learning rule and what it claims; the claims are tests.

    Attributes
    ----------
    learn : callable
        patterns (P, N) -> Memory.
    local : bool
        W_ij depends on the patterns at neurons i and j alone.
    incremental : bool
        The memory of all patterns is the sum of the memories of each.
    symmetric : bool
        The memory has an energy.
    capacity : callable
        N -> how many random patterns can be kept.
    capacity_text : str
        The same as a formula, with what "kept" means.
    source : str
        Where it comes from.
    """

    learn: Callable[..., Memory]
    local: bool
    incremental: bool
    symmetric: bool
    capacity: Callable[[int], float]
    capacity_text: str
    source: str


RULES: dict[str, Rule] = {
    "hebb": Rule(
        learn=hebb,
        local=True,
        incremental=True,
        symmetric=True,
        capacity=lambda n: n / (2 * log(max(n, 2))),
        capacity_text="N / (2 ln N): most patterns exactly fixed "
        "(McEliece et al. 1987, doi:10.1109/TIT.1987.1057328)",
        source="Hopfield 1982, doi:10.1073/pnas.79.8.2554",
    ),
}
