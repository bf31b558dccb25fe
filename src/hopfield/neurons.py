"""Neurons: each turns its field into a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
import numpy.typing as npt

from ._validate import Array, Floats, choice, generator, number, numbers, two_states

Tie = Literal["keep", "up", "down", "random"]
TIES: dict[str, tuple[int, ...]] = {"keep": (0,), "up": (1,), "down": (-1,), "random": (1, -1)}


class Neuron(Protocol):
    """What `recall` asks of a neuron.

    Attributes
    ----------
    states : (low, high) or None
        Its two states; None for a neuron of another kind.
    random : bool
        Whether it draws from ``rng``.
    """

    @property
    def states(self) -> tuple[float, float] | None: ...
    @property
    def random(self) -> bool: ...

    def __call__(self, h: Floats, s: Floats, rng: Any) -> Array:
        """Return the new states (..., k) of k neurons with fields h, now in states s."""

    def settled(self, h: Floats, s: Floats) -> npt.NDArray[np.bool_]:
        """Say which neurons cannot move under their field, whatever is drawn."""


def decide(h: Floats, s: Floats, theta: Any, tie: Any, low: float, high: float) -> Floats:
    """Return ``high`` where the field exceeds its threshold, ``low`` where it is below.

    Where they are equal, ``tie`` says 1 (up), -1 (down) or 0 (keep). A kept value that is
    no legal state goes to the nearer one; midway between the two it is unknown, and stays.
    """
    h, s = np.asarray(h), np.asarray(s)
    out = np.where(h > theta, high, low)
    equal = np.nonzero(h == theta)
    if equal[0].size:
        middle, s, tie = (low + high) / 2, s[equal], np.broadcast_to(tie, h.shape)[equal]
        kept = np.where(s == middle, s, np.where(s > middle, high, low))
        out[equal] = np.where(tie > 0, high, np.where(tie < 0, low, kept))
    return out


class TwoState:
    """A neuron with two states and a threshold, which may be drawn anew for each visit.

    A subclass gives ``states`` and `bounds`, the extremes of what `draw` can give; the
    kernels take what `draw` gives, so that one kernel serves every such neuron.
    """

    low: float
    high: float

    @property
    def states(self) -> tuple[float, float]:
        """The two states (low, high)."""
        return self.low, self.high

    @property
    def bounds(self) -> tuple[tuple[float, int], ...]:
        """The (threshold, tie) pairs between which every draw lies; one if nothing is drawn."""
        raise TypeError(f"{type(self).__name__} must define bounds")

    @property
    def random(self) -> bool:
        """Whether the neuron draws from ``rng``."""
        return len(self.bounds) > 1

    @property
    def restless(self) -> bool:
        """Whether no field can hold it where it is."""
        return bool(np.isinf([theta for theta, _ in self.bounds]).all())

    def draw(self, rng: Any, shape: tuple[int, ...]) -> tuple[Floats, npt.NDArray[np.int8]]:
        """Return thresholds and ties for visits of that shape (..., n)."""
        (theta, tie), *_ = self.bounds
        return np.broadcast_to(theta, shape), np.broadcast_to(np.int8(tie), shape)

    def __call__(self, h: Floats, s: Floats, rng: Any) -> Floats:
        """Return the new states (..., k) of k neurons with fields h, now in states s."""
        h, s = _alike(h, s)
        source = generator(rng, "neuron") if self.random else None
        return decide(h, s, *self.draw(source, h.shape), *self.states)

    def settled(self, h: Floats, s: Floats) -> npt.NDArray[np.bool_]:
        """Say which neurons cannot move under their field, whatever is drawn."""
        h, s = _alike(h, s)
        moves = [decide(h, s, theta, tie, *self.states) != s for theta, tie in self.bounds]
        return np.asarray(~np.any(moves, axis=0))


@dataclass(frozen=True)
class Sign(TwoState):
    """The threshold neuron: high where its field is positive, low where it is negative.

    Parameters
    ----------
    low, high : float
        The two states.
    tie : {"keep", "up", "down", "random"}
        What a field of exactly 0 does. "keep": no reason to move. "up" and "down" are the
        conventions ``>= 0`` and ``> 0``.

    Raises
    ------
    ValueError
        For states that are not low < high, or an unknown tie rule.

    References
    ----------
    Hopfield 1982, doi:10.1073/pnas.79.8.2554, eq. 1.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> h, s = np.array([0.5, 0.0, -0.5]), np.array([-1.0, -1.0, -1.0])
    >>> hf.Sign(tie="up")(h, s, rng=None)
    array([ 1.,  1., -1.])
    """

    low: float = -1.0
    high: float = 1.0
    tie: Tie = "keep"

    def __post_init__(self) -> None:
        """Check the arguments."""
        _set_states(self)
        choice(self.tie, "tie", TIES)

    @property
    def bounds(self) -> tuple[tuple[float, int], ...]:
        """The (threshold, tie) pairs between which every draw lies; one if nothing is drawn."""
        return tuple((0.0, tie) for tie in TIES[self.tie])

    def draw(self, rng: Any, shape: tuple[int, ...]) -> tuple[Floats, npt.NDArray[np.int8]]:
        """Return thresholds and ties for visits of that shape (..., n)."""
        if not self.random:
            return super().draw(rng, shape)
        ties = np.where(rng.random(shape) < 0.5, 1, -1)
        return np.zeros(shape), ties.astype(np.int8)


@dataclass(frozen=True)
class HeatBath(TwoState):
    """The neuron at temperature T (Glauber): high with probability 1/(1 + exp(-(high-low) h/T)).

    Parameters
    ----------
    T : float
        Temperature, 0 or more, in the units of the energy. T = 0 is ``Sign(tie="random")``.
    low, high : float
        The two states.

    Raises
    ------
    ValueError
        For a negative temperature, or states that are not low < high.

    References
    ----------
    Glauber 1963, doi:10.1063/1.1703954. One at a time it samples exp(-E/T) exactly; all at
    once (`Sync`) it samples another law (Little 1974).

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> h, s = np.full(1000, 1.0), np.ones(1000)
    >>> up = hf.HeatBath(T=2.0)(h, s, np.random.default_rng(0)) == 1
    >>> bool(abs(up.mean() - 1 / (1 + np.exp(-1))) < 0.05)
    True
    """

    T: float
    low: float = -1.0
    high: float = 1.0
    _INFINITE: ClassVar = ((np.inf, 0), (-np.inf, 0))

    def __post_init__(self) -> None:
        """Check the arguments."""
        _set_states(self)
        if number(self.T, "T") < 0:
            raise ValueError(f"T must be 0 or more, not {self.T}")

    @property
    def scale(self) -> float:
        """The threshold's unit, T / (high - low)."""
        return self.T / (self.high - self.low)

    @property
    def bounds(self) -> tuple[tuple[float, int], ...]:
        """The (threshold, tie) pairs between which every draw lies; one if nothing is drawn."""
        return self._INFINITE if self.T > 0 else ((0.0, 1), (0.0, -1))

    def draw(self, rng: Any, shape: tuple[int, ...]) -> tuple[Floats, npt.NDArray[np.int8]]:
        """Return thresholds and ties for visits of that shape (..., n).

        ``u < sigma((high - low) h / T)`` is ``h > T logit(u) / (high - low)``: a threshold
        drawn before the field is known.
        """
        theta = self.scale * rng.logistic(size=shape)
        return theta, np.where(np.signbit(theta), 1, -1).astype(np.int8)


def _alike(h: npt.ArrayLike, s: npt.ArrayLike) -> tuple[Array, Array]:
    fields, states = numbers(h, "h"), numbers(s, "s")
    if fields.shape != states.shape:
        raise ValueError(f"h {fields.shape} and s {states.shape} must have the same shape")
    if np.isnan(fields).any():
        raise ValueError("h must be numbers; it holds nan")
    return fields, states


def _set_states(neuron: Any) -> None:
    low, high = two_states((neuron.low, neuron.high), "the neuron's states")
    object.__setattr__(neuron, "low", low)
    object.__setattr__(neuron, "high", high)
