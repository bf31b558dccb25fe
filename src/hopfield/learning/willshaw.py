"""Willshaw's rule: couplings of 0 and 1, for patterns of few active neurons."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import choice, numbers, vectors
from ..base.saved import savable
from ..core.couplings import Couplings
from ..core.memory import Bias, Memory, Sum
from ..core.neurons import Sign
from ..core.orders import Sync
from ..theory import willshaw as theory
from .rule import Rule
from .weights import not_made_by, rows_of

_STATES = {"bipolar": (-1.0, 1.0), "01": (0.0, 1.0)}


@savable
class Willshaw(Sum):
    """Couplings of 0 and 1, and a threshold of as many neurons as are active.

    A neuron becomes active if it was so together with each of the neurons that are active now: its
    field, of 0/1 neurons, is 1/2 less the number of active neurons with which it never was. So the
    energy is -1/2 an active neuron, and 1 for each active pair that never was together.

    Parameters
    ----------
    together : array_like of shape (N, N)
        W_ij, 1 or True where neurons i and j were active together, else 0; symmetric. W_ii is
        taken as 1.
    coding : {"bipolar", "01"}
        The states of the neurons.

    Raises
    ------
    TypeError, ValueError
        For another matrix; in a recall, for a cue in which no neuron is active.

    References
    ----------
    Willshaw, Buneman & Longuet-Higgins 1969, doi:10.1038/222960a0.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.learning.Willshaw([[1, 1, 0], [1, 1, 1], [0, 1, 1]], coding="01")
    >>> memory.field([1, 0, 0])
    array([ 0.5,  0.5, -0.5])
    """

    def __init__(self, together: npt.ArrayLike, coding: str = "bipolar") -> None:
        w = numbers(together, "together")
        if w.ndim != 2 or len(w) != w.shape[1] or not np.isin(w, (0, 1)).all():
            raise ValueError(f"together must be a square of 0 and 1; its shape is {w.shape}")
        if not np.array_equal(w, w.T):
            raise ValueError("together must be symmetric: neurons are active together or not")
        self.coding, self.together = choice(coding, "coding", _STATES), w.astype(bool)
        np.fill_diagonal(self.together, True)
        low, high = _STATES[coding]
        apart = -1.0 * ~self.together
        held = Couplings(apart, divisor=high - low, neuron=Sign(low, high), order=Sync())
        bias = 0.5 - low / (high - low) * apart.sum(axis=1)
        super().__init__([held, Bias(bias)])

    def __repr__(self) -> str:
        return f"Willshaw({self.n} neurons, {self.together.mean():.0%} of the couplings)"

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"together": self.together, "coding": self.coding}

    def spread(self, given: npt.ArrayLike, name: str) -> npt.ArrayLike:
        """Return a cue, in which a neuron must be active (the threshold is how many), or clamp."""
        x = vectors(given, name, self.n)
        if name == "cue" and not (x > _STATES[self.coding][0]).any(axis=-1).all():
            raise ValueError("cue must have a neuron that is active; in one of them none is")
        return given


def willshaw(
    patterns: npt.ArrayLike, *, coding: str = "bipolar", capacity: str | None = None
) -> Willshaw:
    """Store patterns of few active neurons in couplings of 0 and 1.

    W_ij = 1 where some pattern makes both i and j active. A neuron becomes active if it is coupled
    to all that are active in the cue. Take ``updates=1``: from active neurons of a pattern alone
    one update, all together, misses none of it, and adds few others (`theory.willshaw`); a second
    update would count those, too.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools, or 0/1 with ``coding="01"``; +1, True and 1 are active.
    coding : {"bipolar", "01"}
        "01" makes the memory for neurons of states 0 and 1, `Sign(0, 1)`; "bipolar" gives
        -1/+1 neurons the same decisions.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps of their activity
        (`theory.willshaw.capacity`); by default nothing.

    Returns
    -------
    Willshaw
        `learn` adds patterns. What a coupling of 1 was set by is not known, so that none can be
        removed.

    Raises
    ------
    TypeError, ValueError
        For patterns not of the coding, or of fewer than 2 neurons.

    References
    ----------
    Willshaw, Buneman & Longuet-Higgins 1969, doi:10.1038/222960a0.

    Examples
    --------
    >>> import hopfield as hf, numpy as np
    >>> order = np.random.default_rng(1).random((2000, 1000)).argsort(axis=1)
    >>> eta = (order < 10) * 1  # 10 of 1,000 active
    >>> memory = hf.learning.willshaw(eta, coding="01")
    >>> cue = eta * (order < 7)  # 7 of them known
    >>> r = hf.recall(memory, cue, updates=1)
    >>> float((r.state == eta).all(axis=1).mean())
    0.9935
    """
    active = rows_of(patterns, coding=coding) > 0
    ROWS[0].heed(capacity, len(active), active.shape[1], float(active.mean()))
    return Willshaw(_together(active), coding)


def add(memory: Memory, patterns: npt.ArrayLike) -> Willshaw:
    """Store more patterns: some couplings of 0 become 1."""
    if not isinstance(memory, Willshaw):
        raise not_made_by("willshaw", memory)
    active = rows_of(patterns, memory.n, memory.coding) > 0
    return Willshaw(memory.together | _together(active), memory.coding)


def _together(active: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    x = active.astype(np.float32)
    return np.asarray(x.T @ x > 0)


def _kept(n: int, active: float) -> float:
    k = round(n * active)
    if k < 2:
        return float(n)  # of one active neuron each
    return theory.capacity(n, k) if k < n - 1 else 1.0


ROWS = (
    Rule(
        learn=willshaw,
        local=True,
        gauge=False,
        capacity=lambda n: _kept(n, 0.5),
        sparse=_kept,
        capacity_text="some log2 N patterns with half of the neurons active, up to "
        "0.69 (N / log2 N)**2 random patterns with log2 N active: recalled with one wrong neuron",
        source="Willshaw, Buneman & Longuet-Higgins 1969, doi:10.1038/222960a0",
        add=add,
    ),
)
