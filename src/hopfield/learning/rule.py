"""What the table of learning rules says of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..core.memory import Memory


@dataclass(frozen=True)
class Rule:
    """A learning rule and what it claims; the claims are tests.

    Attributes
    ----------
    learn : callable
        patterns (P, N) -> Memory.
    capacity : callable
        N -> how many random patterns can be kept.
    capacity_text : str
        The same as a formula, with what "kept" means.
    source : str
        Where it comes from, with its DOI.
    local : bool
        W_ij depends on the patterns at neurons i and j alone.
    symmetric : bool
        The memory has an energy.
    diagonal : bool
        It keeps couplings of neurons to themselves, unless told otherwise.
    gauge : bool
        Neither state is special: to swap them at a neuron in all patterns swaps them in recall.
    add, remove : callable or None
        (memory, patterns) -> Memory with more patterns or fewer, as if learnt so from the start;
        None where the couplings depend on all patterns at once. See `learn` and `forget`.
    """

    learn: Callable[..., Memory]
    capacity: Callable[[int], float]
    capacity_text: str
    source: str
    local: bool = False
    symmetric: bool = True
    diagonal: bool = False
    gauge: bool = True
    add: Callable[..., Memory] | None = None
    remove: Callable[..., Memory] | None = None
