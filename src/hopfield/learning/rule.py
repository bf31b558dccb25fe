"""What the table of learning rules says of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..base.checks import choice
from ..base.warned import warn
from ..core.memory import Memory


@dataclass(frozen=True)
class Rule:
    """A learning rule and what it claims; the claims are tests.

    Attributes
    ----------
    learn : callable
        patterns (P, N) -> Memory.
    capacity : callable
        N -> how many random patterns can be kept, half of the neurons active in each.
    capacity_text : str
        The same as a formula, with what "kept" means.
    sparse : callable or None
        (N, share of the neurons that are active) -> how many patterns of that activity can be
        kept; None where activity does not count, or nobody knows.
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
    sparse: Callable[[int, float], float] | None = None
    local: bool = False
    symmetric: bool = True
    diagonal: bool = False
    gauge: bool = True
    add: Callable[..., Memory] | None = None
    remove: Callable[..., Memory] | None = None

    def exceeded(self, p: int, n: int, active: float = 0.5) -> str:
        """Say that so many patterns are more than the rule keeps in n neurons, "" if they are not.

        ``active`` is the share of the neurons that they make active.
        """
        most = self.sparse(n, active) if self.sparse else self.capacity(n)
        if p <= most:
            return ""
        return (
            f"{p:,} patterns of {n:,} neurons exceed {self.learn.__name__}'s capacity of "
            f"{most:.1f} ({self.capacity_text})"
        )

    def heed(self, capacity: str | None, p: int, n: int, active: float = 0.5) -> None:
        """Refuse or warn of more patterns than the rule keeps; with None be silent.

        Parameters
        ----------
        capacity : {"refuse", "warn"} or None
            What the caller asked for.
        p, n, active
            As for `exceeded`.

        Raises
        ------
        ValueError
            For patterns that are to be refused, or another word.
        """
        if capacity is None:
            return
        refuse = choice(capacity, "capacity", ("refuse", "warn")) == "refuse"
        if not (said := self.exceeded(p, n, active)):
            return
        if refuse:
            raise ValueError(f"patterns must be fewer: {said}; capacity=None takes them")
        warn(said)
