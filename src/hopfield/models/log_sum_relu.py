"""Log-sum-ReLU memories (Hoover et al. 2025, arXiv:2506.10801): patterns felt within a reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, not_negative, number, stacked, vectors
from ..base.saved import savable, value
from ..core.memory import Memory, scalar
from ..core.neurons import Linear
from ..core.orders import Sync
from .model import Model

__all__ = ["Epanechnikov", "MeanShift", "epanechnikov"]
__dir__ = __all__.copy

_VALUES_AT_ONCE = 2**18  # differences of states and patterns: they stay in cache


@value
@dataclass(frozen=True)
class MeanShift(Linear):
    """The neuron whose state becomes that of the mean of the patterns within reach.

    Its own energy is s.s / 2, as that of `Linear`; but where the gradient of an `epanechnikov`
    memory leads too far, and may raise the energy, the mean never does.

    Parameters
    ----------
    tolerance : float
        As for `Linear`.

    References
    ----------
    Fukunaga & Hostetler 1975, doi:10.1109/TIT.1975.1055330.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.models.epanechnikov([[1.0, 0], [0, 1], [9, 9]]).neuron
    MeanShift(tolerance=1e-09)
    """

    drive: ClassVar[str] = "mean"


@savable
class Epanechnikov(Memory):
    """What `epanechnikov` makes.

    Parameters
    ----------
    patterns, beta, epsilon
        As for `epanechnikov`.
    """

    states = (-1.0, 1.0)
    order = Sync()

    def __init__(self, patterns: npt.ArrayLike, beta: float = 1.0, epsilon: float = 0.0) -> None:
        self.patterns: Floats = stacked(vectors(patterns, "patterns"), "patterns").astype(float)
        self.patterns.setflags(write=False)
        self.n = self.patterns.shape[1]
        self.beta = number(beta, "beta")
        if self.beta <= 0:
            raise ValueError(f"beta must be above 0, not {beta}")
        self.epsilon = number(epsilon, "epsilon")
        not_negative(self.epsilon, "epsilon")

    def __repr__(self) -> str:
        return f"Epanechnikov({len(self.patterns)} patterns of {self.n}, reach {self.reach:.3g})"

    @property
    def neuron(self) -> MeanShift:
        """`MeanShift()`; -1/+1 neurons, which read the discrete derivative, are to be named."""
        return MeanShift()

    @property
    def reach(self) -> float:
        """How far from itself a pattern is felt, sqrt(2 / beta)."""
        return float(np.sqrt(2 / self.beta))

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"patterns": self.patterns, "beta": self.beta, "epsilon": self.epsilon}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the discrete derivative between -1 and +1, (..., n); 0 where all energies are inf.

        It is infinite where one of the two energies is.
        """
        rows = self._rows(s)
        out, apart = np.empty(rows.shape), self._apart(rows)
        for i in range(self.n):
            x = self.patterns[:, i]
            others = apart - (rows[..., i, None] - x) ** 2
            below, above = (self._cost(self._felt(others + (side - x) ** 2)) for side in (-1, 1))
            nowhere = np.isinf(below) & np.isinf(above)
            out[..., i] = np.where(nowhere, 0.0, below - np.where(nowhere, 0.0, above)) / 2
        return out

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return -dE/ds = s + sum (x - s) / (epsilon + A) over the patterns in reach, (..., n)."""
        rows = self._rows(s)
        felt = self._felt(self._apart(rows))
        near = (felt > 0).astype(np.float64)
        total = self.epsilon + felt.sum(axis=-1, keepdims=True)
        force = near @ self.patterns - near.sum(axis=-1, keepdims=True) * rows
        return np.asarray(rows + force / np.where(total > 0, total, 1.0))

    def mean(self, s: npt.ArrayLike) -> Floats:
        """Return the mean of the patterns in reach of s (..., n), s itself where there are none."""
        rows = self._rows(s)
        near = (self._felt(self._apart(rows)) > 0).astype(np.float64)
        many = near.sum(axis=-1, keepdims=True)
        return np.where(many > 0, near @ self.patterns / np.maximum(many, 1.0), rows)

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -log(epsilon + A) / beta - s.s / 2, (...): inf out of reach, if epsilon is 0."""
        rows = self._rows(s)
        cost = self._cost(self._felt(self._apart(rows)))
        return scalar(np.asarray(cost - np.square(rows).sum(axis=-1) / 2))

    def _apart(self, rows: Floats) -> Floats:
        """Return the squared distances (..., P)."""
        flat, size = rows.reshape(-1, 1, self.n), max(1, _VALUES_AT_ONCE // self.patterns.size)
        blocks = (flat[first : first + size] for first in range(0, len(flat), size))
        found = [np.square(self.patterns - block).sum(axis=-1) for block in blocks]
        return np.concatenate(found).reshape(*rows.shape[:-1], len(self.patterns))

    def _felt(self, apart: Floats) -> Floats:
        return np.maximum(0.0, 1 - self.beta / 2 * apart)

    def _cost(self, felt: Floats) -> Floats:
        """Return -log(epsilon + A) / beta, A the sum of what is felt of patterns (..., P)."""
        with np.errstate(divide="ignore"):
            return np.asarray(-np.log(self.epsilon + felt.sum(axis=-1)) / self.beta)


def epanechnikov(patterns: npt.ArrayLike, beta: float = 1.0, epsilon: float = 0.0) -> Epanechnikov:
    """Store real patterns, each felt within sqrt(2 / beta): the log-sum-ReLU memory.

    With the neurons' own s.s / 2 the energy is

        ``E = -log(epsilon + A) / beta``, ``A = sum max(0, 1 - beta |s - x|^2 / 2)``.

    It goes with `MeanShift` neurons and `Sync`: an update leads to the mean of the patterns within
    reach, and E never rises; where there are none the state stays. A set of patterns is recalled
    as their mean if exactly they are within reach of it: each pattern by itself, and new places of
    rest between them. `Linear` neurons under a short `Flow` follow the gradient, which in one step
    of all the way may lead too far.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        Real.
    beta : float
        Above 0: the reach is sqrt(2 / beta).
    epsilon : float
        0 or more. At 0 the energy out of all reach is inf.

    Returns
    -------
    Epanechnikov

    Raises
    ------
    TypeError, ValueError
        For patterns that are not finite rows, a beta of 0 or less, a negative epsilon.

    References
    ----------
    Hoover, Shi, Balasubramanian, Krotov & Ram 2025, arXiv:2506.10801.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.models.epanechnikov([[-1.0], [1.0]])
    >>> hf.recall(memory, [[0.9], [0.2], [7.0]]).state.ravel()  # the mean of both is new
    array([1, 0, 7], dtype=int8)
    """
    return Epanechnikov(patterns, beta, epsilon)


ROWS = (
    Model(
        make=epanechnikov,
        about="log-sum-ReLU: patterns felt within a reach",
        neuron=MeanShift(),
        order=Sync(),
        capacity="every pattern that has no other within its reach, and means of those that have",
        source="Hoover et al. 2025, arXiv:2506.10801",
        sample=lambda xi: epanechnikov(xi, 0.2, 0.1),
    ),
)
