"""Neurons: each turns its field into a state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, ClassVar, Literal, Protocol, TypeGuard

import numpy as np
import numpy.typing as npt

from ..base.checks import (
    LARGEST,
    Array,
    Floats,
    Rng,
    choice,
    count,
    describe,
    not_negative,
    number,
    numbers,
    real,
    two_states,
)
from ..base.forms import Ints, Rule, Session, take_back
from ..base.saved import value
from ..base.streams import Draws, Streams, gumbel, source

Tie = Literal["keep", "up", "down", "random"]
_OF_THE_RULE = ("bounds", "draw", "states", "settled", "random", "restless", "at")
_OF_POTTS = ("__call__", "draw", "turn", "_decided", "settled", "random", "width", "states")
_ROUNDED = 16 * float(np.finfo(np.float32).eps)  # steps as small may go on for ever
TIES: dict[str, tuple[int, ...]] = {"keep": (0,), "up": (1,), "down": (-1,), "random": (1, -1)}


class Neuron(Protocol):
    """What `recall` asks of a neuron.

    Attributes
    ----------
    states : (low, high) or None
        Its two states; None for a graded neuron, which is fed the gradient instead of the field.
    random : bool
        Whether it draws from ``rng``.
    width : int, optional
        How many sites make one neuron and move together; 1 if left out.
    drive : str, optional
        The method of the memory that gives what it is fed, if not one of these two.
    at : callable, optional
        sweep (0, 1, ...) -> the neuron of that sweep, for one that changes in time.
    energy : callable, optional
        s (..., n) -> (...), what the states cost by themselves, for a graded neuron: its answer
        to a field h is where energy(s) - h.s is least (Hopfield 1984's integral).
    """

    @property
    def states(self) -> tuple[float, float] | None: ...
    @property
    def random(self) -> bool: ...

    def __call__(self, h: Floats, s: Floats, rng: Rng | Streams | None) -> Array:
        """Return the new states (..., k) of k neurons with fields h, now in states s.

        ``rng`` is a `numpy.random.Generator`, or in a recall the `Streams` of R replicas, whose
        ``random``, ``logistic``, ``standard_normal`` and ``integers`` take the shape (R, k).
        """

    def settled(self, h: Floats, s: Floats) -> npt.NDArray[np.bool_]:
        """Say which neurons cannot move under their field, whatever is drawn."""


def decide(
    h: Floats, s: Floats, theta: Floats | float, tie: Array | int, low: float, high: float
) -> Floats:
    """Return ``high`` where the field exceeds its threshold, ``low`` where it is below.

    Where they are equal, ``tie`` says 1 (up), -1 (down) or 0 (keep). A kept value that is
    no legal state goes to the nearer one; midway between the two it is unknown, and stays.
    """
    h, s = np.asarray(h), np.asarray(s)
    out = np.where(h > theta, high, low)
    if not out.ndim:  # a number has no places
        return decide(h[None], s[None], theta, tie, low, high).reshape(())
    equal = (h == theta).nonzero()
    if equal[0].size:
        middle, s, ties = (low + high) / 2, s[equal], np.broadcast_to(tie, h.shape)[equal]
        kept = np.where(s == middle, s, np.where(s > middle, high, low))
        out[equal] = np.where(ties > 0, high, np.where(ties < 0, low, kept))
    return out


class TwoState:
    """A neuron with two states and a threshold, which may be drawn anew for each visit.

    A subclass gives ``states`` and `bounds`, the extremes of what `draw` can give; the
    kernels take what `draw` gives, so that one kernel serves every such neuron. One that
    answers, or is settled, otherwise is no such neuron to `recall`, which then calls it.
    """

    low: float
    high: float

    by_threshold: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        """Take back the rule of a neuron that draws otherwise, and what answers otherwise."""
        super().__init_subclass__()
        take_back(cls, _OF_THE_RULE, rule=TwoState.rule)
        if cls.__call__ is not TwoState.__call__:
            cls.by_threshold = False

    @property
    def states(self) -> tuple[float, float]:
        """The two states (low, high)."""
        return self.low, self.high

    def rule(self) -> Rule:
        """Return this neuron in numbers, for the engine."""
        return Rule(*self.states, "own")

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

    def draw(self, rng: Draws, shape: tuple[int, ...]) -> tuple[Floats, npt.NDArray[np.int8]]:
        """Return thresholds and ties for visits of that shape (..., n)."""
        (theta, tie), *_ = self.bounds
        return np.broadcast_to(theta, shape), np.broadcast_to(np.int8(tie), shape)

    def __call__(self, h: Floats, s: Floats, rng: Rng | Streams | None) -> Floats:
        """Return the new states (..., k) of k neurons with fields h, now in states s."""
        h, s = _alike(h, s)
        theta, tie = self.draw(source(rng, "neuron"), h.shape) if self.random else self.bounds[0]
        return decide(h, s, theta, tie, *self.states)

    def settled(self, h: Floats, s: Floats) -> npt.NDArray[np.bool_]:
        """Say which neurons cannot move under their field, whatever is drawn."""
        h, s = _alike(h, s)
        moves = [decide(h, s, theta, tie, *self.states) != s for theta, tie in self.bounds]
        return np.asarray(~np.any(moves, axis=0))


@value
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

    def rule(self) -> Rule:
        """Return this neuron in numbers, for the engine."""
        return _rule_of_sign(self.low, self.high, self.tie)

    @property
    def bounds(self) -> tuple[tuple[float, int], ...]:
        """The (threshold, tie) pairs between which every draw lies; one if nothing is drawn."""
        return tuple((0.0, tie) for tie in TIES[self.tie])

    def draw(self, rng: Draws, shape: tuple[int, ...]) -> tuple[Floats, npt.NDArray[np.int8]]:
        """Return thresholds and ties for visits of that shape (..., n)."""
        if not self.random:
            return super().draw(rng, shape)
        ties = np.where(rng.random(shape) < 0.5, 1, -1)
        return np.zeros(shape), ties.astype(np.int8)


@value
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

    def rule(self) -> Rule:
        """Return this neuron in numbers, for the engine."""
        return Rule(self.low, self.high, "heat" if self.T > 0 else "coin", scale=self.scale)

    @property
    def scale(self) -> float:
        """The threshold's unit, T / (high - low)."""
        return self.T / (self.high - self.low)

    @property
    def bounds(self) -> tuple[tuple[float, int], ...]:
        """The (threshold, tie) pairs between which every draw lies; one if nothing is drawn."""
        return self._INFINITE if self.T > 0 else ((0.0, 1), (0.0, -1))

    def draw(self, rng: Draws, shape: tuple[int, ...]) -> tuple[Floats, npt.NDArray[np.int8]]:
        """Return thresholds and ties for visits of that shape (..., n).

        ``u < sigma((high - low) h / T)`` is ``h > T logit(u) / (high - low)``: a threshold
        drawn before the field is known.
        """
        theta = self.scale * rng.logistic(size=shape)
        return theta, np.where(np.signbit(theta), 1, -1).astype(np.int8)


@value
@dataclass(frozen=True)
class Linear:
    """The neuron whose state is its drive, s = h: the neuron of modern Hopfield networks.

    Its own energy is s.s / 2, the quadratic term of the energy of such networks.

    Parameters
    ----------
    tolerance : float
        A step no larger than this (times abs(s) above 1) is not made: the neuron is settled. Nor
        is one of a few roundings, where the drive is float32.

    Raises
    ------
    ValueError
        For a negative tolerance.

    References
    ----------
    Ramsauer et al. 2021, arXiv:2008.02217, eqs. 2 and 3.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.modern([[3, 0], [0, 3]], beta=4.0)
    >>> r = hf.recall(memory, [2.0, 1.0], neuron=hf.Linear(), order=hf.Sync())
    >>> r.state.round(6), r.why
    (array([3., 0.]), 'fixed point')
    """

    tolerance: float = field(default=1e-9, kw_only=True)
    states: ClassVar[None] = None
    random: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Check the arguments."""
        not_negative(number(self.tolerance, "tolerance"), "tolerance")

    def __call__(self, h: Floats, s: Floats, rng: Rng | Streams | None) -> Floats:
        """Return the new states (..., k) of k neurons with drives h, now in states s."""
        h, s = _alike(h, s)
        answer = self.answer(h)
        tolerance = max(self.tolerance, _ROUNDED) if h.dtype == np.float32 else self.tolerance
        near = np.abs(answer - s) <= tolerance * np.maximum(1.0, np.abs(s))
        return np.where(near, s, answer)

    def settled(self, h: Floats, s: Floats) -> npt.NDArray[np.bool_]:
        """Say which neurons cannot move under their drive."""
        return np.asarray(self(h, s, None) == s)

    def energy(self, s: npt.ArrayLike) -> Floats:
        """Return what the states (..., n) cost by themselves, (...)."""
        return np.asarray(np.square(real(s, "s")).sum(axis=-1) / 2)

    def answer(self, h: Floats) -> Floats:
        """Return the state that a drive h leads to: where ``energy(s) - h.s`` is least."""
        return h


@dataclass(frozen=True)
class Transfer:
    """A row of `TRANSFERS`: how a drive becomes a state, at gain 1 and from 0 to 1.

    Attributes
    ----------
    answer : callable
        Drives (..., q) of the q sites of each neuron -> their shares v of the way from low to high.
    cost : callable
        v -> what they cost, site by site: the integral of the drive that gives them.
    states : (low, high)
        Those by default.
    sites : int
        How many a neuron must have at least.
    """

    answer: Callable[[Floats], Floats]
    cost: Callable[[Floats], Floats]
    states: tuple[float, float]
    sites: int = 1


def _times_log(x: Floats) -> Floats:
    return np.asarray(x * np.log(np.where(x > 0, x, 1.0)))


def _tanh_cost(v: Floats) -> Floats:
    t = np.clip(2 * v - 1, -1.0, 1.0)
    return (_times_log(1 + t) + _times_log(1 - t)) / 4


def _arctan_cost(v: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(np.sin(np.pi * np.clip(np.minimum(v, 1 - v), 0, 1)))) * _ARC


def _softmax(x: Floats) -> Floats:
    p = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(p / p.sum(axis=-1, keepdims=True))


_ARC = 2 / np.pi**2
TRANSFERS = {
    "tanh": Transfer(lambda x: (1 + np.tanh(x)) / 2, _tanh_cost, (-1.0, 1.0)),
    "arctan": Transfer(lambda x: 0.5 + np.arctan(np.pi / 2 * x) / np.pi, _arctan_cost, (-1.0, 1.0)),
    "relu": Transfer(
        lambda x: np.maximum(x, 0.0), lambda v: np.where(v < 0, np.inf, v * v / 2), (0.0, 1.0)
    ),
    "softmax": Transfer(_softmax, lambda v: _times_log(np.maximum(v, 0.0)), (0.0, 1.0), 2),
}


@value
@dataclass(frozen=True)
class Graded(Linear):
    """The graded neuron: tanh(beta h), stretched from (-1, 1) to (low, high), or another transfer.

    Its own energy is the integral of the inverse of that; the memory's energy and this together
    never rise under a `Flow` in steps that are not too long.

    Parameters
    ----------
    beta : float
        The gain, above 0. At temperature T = 1/beta this is the mean of a -1/+1 heat bath.
    low, high : float
        Between which the states lie: -1 and 1 by default, 0 and 1 of relu and softmax. Those of
        relu lie above low, and rise beta (high - low) times as fast as the drive.
    transfer : {"tanh", "arctan", "relu", "softmax"}
        What the drive becomes. Softmax: of q sites, the mean of a `Potts` neuron at T = 1/beta.
        Their energy is that of states that add up as their answers do.
    q : int
        How many sites are one neuron; 2 or more for softmax.
    tolerance : float
        As for `Linear`.

    Raises
    ------
    TypeError, ValueError
        For a gain of 0 or less, states that are not low < high, an unknown transfer, or fewer
        sites than it needs.

    References
    ----------
    Hopfield 1984, doi:10.1073/pnas.81.10.3088, eq. 7.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(1, 50, rng=1)
    >>> r = hf.recall(hf.hebb(xi), 0.1 * xi[0], neuron=hf.Graded(beta=2), order=hf.Flow(1.0))
    >>> round(hf.overlap(r.state, xi[0]), 6)  # where m = tanh(beta m (1 - 1/N))
    0.953489
    >>> hf.Graded(2, transfer="relu").answer([-1.0, 0.5])
    array([0., 1.])
    """

    beta: float
    low: Any = None
    high: Any = None
    transfer: str = "tanh"
    q: int = field(default=1, kw_only=True)

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        row = TRANSFERS[choice(self.transfer, "transfer", TRANSFERS)]
        for name, given in zip(("low", "high"), row.states, strict=True):
            if getattr(self, name) is None:
                object.__setattr__(self, name, given)
        _set_states(self)
        count(self.q, "q", row.sites)
        if number(self.beta, "beta") <= 0:
            raise ValueError(f"beta must be above 0, not {self.beta}")

    @property
    def width(self) -> int:
        """How many sites are one neuron."""
        return self.q

    def energy(self, s: npt.ArrayLike) -> Floats:
        """Return what the states (..., n) cost by themselves, (...)."""
        span = self.high - self.low
        costs = TRANSFERS[self.transfer].cost((numbers(s, "s") - self.low) / span)
        return np.asarray(np.sum(costs, axis=-1) * (span / self.beta))

    def answer(self, h: npt.ArrayLike) -> Floats:
        """Return the state that a drive h leads to: where ``energy(s) - h.s`` is least."""
        x = self.beta * np.asarray(h)
        v = TRANSFERS[self.transfer].answer(_grouped(x, self.q, "h"))
        return np.asarray(self.low + (self.high - self.low) * v.reshape(x.shape))


@value
@dataclass(frozen=True)
class Potts:
    """The neuron of q states: q sites of 0, and of 1 where its field is largest.

    At temperature T it takes state k with probability proportional to exp(h_k / T). The memory
    must not couple the sites of one neuron; the order draws neurons, not sites.

    Parameters
    ----------
    q : int
        States, 2 or more. Sites k q ... k q + q - 1 are neuron k.
    T : float
        Temperature, 0 or more. At T = 0 a neuron stays where no other field is larger; else it
        takes the first of the largest. One whose sites are all alike is not known, and stays so
        while the largest fields tie.

    Raises
    ------
    TypeError, ValueError
        For fewer than 2 states, or a negative temperature.

    References
    ----------
    Kanter 1988, doi:10.1103/PhysRevA.37.2739.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> h, s = np.array([0.1, 0.5, 0.2, 0.7, 0.7, 0.3]), np.array([1, 0, 0, 0, 1, 0])
    >>> hf.Potts(3)(h, s, rng=None)
    array([0., 1., 0., 0., 1., 0.])
    """

    q: int
    T: float = 0.0
    states: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def __init_subclass__(cls) -> None:
        """Take back what lets others move than this subclass answers."""
        super().__init_subclass__()
        take_back(cls, ["__call__"], turn=None)
        take_back(cls, _OF_POTTS, rule=None)

    def __post_init__(self) -> None:
        """Check the arguments."""
        count(self.q, "q", 2)
        not_negative(number(self.T, "T"), "T")

    @property
    def random(self) -> bool:
        """Whether the neuron draws from ``rng``."""
        return self.T > 0

    @property
    def width(self) -> int:
        """How many sites are one neuron."""
        return self.q

    def __call__(self, h: Floats, s: Floats, rng: Rng | Streams | None) -> Floats:
        """Return the new states (..., k q) of k neurons with fields h, now in states s."""
        h, s = _alike(h, s)
        fields, now = _grouped(h, self.q, "h"), _grouped(s, self.q, "s")
        drawn = self.draw(rng, h.shape) if self.random else np.zeros(h.shape)
        return self._decided(fields, now, _grouped(drawn, self.q, "h")).reshape(h.shape)

    def draw(self, rng: Rng | Streams | None, shape: tuple[int, ...]) -> Floats:
        """Return what is added to h / T at sites (..., k q), the largest of which then wins."""
        return np.asarray(gumbel(source(rng, "neuron").random(shape)))

    def rule(self) -> Rule:
        """Return this neuron in numbers, for the engine."""
        return Rule(*self.states, "potts", scale=self.T, width=self.q)

    def turn(self, session: Session, rows: Ints, sites: Array, drawn: Floats) -> None:
        """Let neurons, sites (A, k q), of replicas (A,) move one after the other."""
        if compiled := getattr(session, "turn", None):
            compiled(rows, sites, drawn, self.rule())
            return
        for first in range(0, sites.shape[1], self.q):
            span = slice(first, first + self.q)
            i = sites[:, span]
            now = session.state[rows[:, None], i]
            new = self._decided(session.fields(rows, i), now, drawn[:, span])
            moved = (new != now).any(axis=1)
            if moved.all():
                session.assign(rows, i, new)
            elif moved.any():
                session.assign(rows[moved], i[moved], new[moved])

    def _decided(self, fields: Floats, now: Array, drawn: Array) -> Floats:
        """Return the states (..., q) of neurons by their fields, and by what was drawn."""
        if self.random:  # the largest of these is k with probability exp(h_k / T) / sum
            fields = fields - fields.max(axis=-1, keepdims=True)  # which a T near 0 may overflow
            fields = np.maximum(fields, -LARGEST * self.T) / self.T + drawn
        after = (np.arange(self.q) == fields.argmax(axis=-1)[..., None]).astype(np.float64)
        if self.random:
            return np.asarray(after)
        top = fields == fields.max(axis=-1, keepdims=True)
        tied = top.sum(axis=-1) > 1
        if not tied.any():
            return np.asarray(after)
        alike = (now == now[..., :1]).all(axis=-1)
        legal = (now == 1).sum(axis=-1) * ((now == 0).sum(axis=-1) == self.q - 1) == 1
        stays = np.where(alike, tied, legal & (top & (now == 1)).any(axis=-1))
        return np.where(stays[..., None], now, after)

    def unknown(self, s: Floats) -> npt.NDArray[np.bool_]:
        """Say which neurons (..., k) of states (..., k q) hold none of their states."""
        groups = _grouped(numbers(s, "s"), self.q, "s")
        return np.asarray((groups == groups[..., :1]).all(axis=-1))

    def settled(self, h: Floats, s: Floats) -> npt.NDArray[np.bool_]:
        """Say which sites cannot move under their fields, whatever is drawn."""
        h, s = _alike(h, s)
        return np.zeros(h.shape, bool) if self.random else np.asarray(self(h, s, None) == s)


@value
@dataclass(frozen=True)
class Anneal:
    """A neuron whose temperature falls from sweep to sweep, and then stays at the last.

    Parameters
    ----------
    temperatures : array_like of shape (K,)
        One a sweep, never rising. At 0 a `HeatBath` is `Sign`, which keeps its state where the
        field is 0: the run then ends in a fixed point, given sweeps enough.
    neuron : HeatBath or Potts
        What it is at each of them; `HeatBath` of -1/+1 by default.

    Raises
    ------
    TypeError, ValueError
        For temperatures that rise, or are negative, or a neuron without one.

    References
    ----------
    Kirkpatrick, Gelatt & Vecchi 1983, doi:10.1126/science.220.4598.671.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> neuron = hf.Anneal(np.linspace(2, 0, 21))
    >>> neuron.at(0).T, neuron.at(10).T, neuron.at(99)
    (2.0, 1.0, Sign(low=-1.0, high=1.0, tie='keep'))
    """

    temperatures: Any
    neuron: Any = field(default_factory=lambda: HeatBath(T=0.0))
    random: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Check the arguments."""
        T = not_negative(self.temperatures, "temperatures")
        if T.ndim != 1 or (np.diff(T) > 0).any():
            raise ValueError(f"temperatures must be a row that never rises, not {describe(T)}")
        warm = callable(self.neuron) and not isinstance(self.neuron, type)
        if not (warm and hasattr(self.neuron, "T")):
            raise TypeError(f"neuron must have a temperature T, not be {describe(self.neuron)}")
        object.__setattr__(self, "temperatures", tuple(T.tolist()))

    @property
    def states(self) -> tuple[float, float]:
        """The neuron's two states (low, high)."""
        low, high = self.neuron.states
        return low, high

    @property
    def width(self) -> int:
        """How many sites are one neuron."""
        return getattr(self.neuron, "width", 1)

    def at(self, sweep: int) -> Any:
        """Return the neuron of one sweep, counted from 0."""
        T = self.temperatures[min(count(sweep, "sweep", 0), len(self.temperatures) - 1)]
        if T == 0 and isinstance(self.neuron, HeatBath):  # which would toss coins at a field of 0
            return Sign(*self.states)
        return replace(self.neuron, T=T)

    def __call__(self, h: Floats, s: Floats, rng: Rng | Streams | None) -> Array:
        """Return the new states of the first sweep's neurons; see `at`."""
        return np.asarray(self.at(0)(h, s, rng))

    def settled(self, h: Floats, s: Floats) -> npt.NDArray[np.bool_]:
        """Say which of the first sweep's neurons cannot move under their field; see `at`."""
        return np.asarray(self.at(0).settled(h, s))


def threshold_neuron(neuron: Neuron) -> TypeGuard[TwoState]:
    """Say whether a neuron's answer is that of its thresholds."""
    return isinstance(neuron, TwoState) and neuron.by_threshold


@lru_cache(64)
def _rule_of_sign(low: float, high: float, tie: Tie) -> Rule:
    ways = TIES[tie]
    return Rule(low, high, "coin") if len(ways) > 1 else Rule(low, high, "fixed", tie=ways[0])


def _grouped(x: Array, q: int, name: str) -> Array:
    """Return values of sites (..., k q) by neuron, (..., k, q); of a number q must be 1."""
    if (x.shape[-1] if x.ndim else 1) % q:
        raise ValueError(f"{name} must have {q} sites a neuron; its shape is {x.shape}")
    return x.reshape(*x.shape[:-1], -1, q)


def _alike(h: npt.ArrayLike, s: npt.ArrayLike) -> tuple[Array, Array]:
    fields, states = numbers(h, "h"), numbers(s, "s")
    if fields.shape != states.shape:
        raise ValueError(f"h {fields.shape} and s {states.shape} must have the same shape")
    if np.isnan(fields).any():
        raise ValueError("h must be numbers; it holds nan")
    return fields, states


def _set_states(neuron: TwoState | Graded) -> None:
    low, high = two_states((neuron.low, neuron.high), "the neuron's states")
    object.__setattr__(neuron, "low", low)
    object.__setattr__(neuron, "high", high)


def driven_by(neuron: Neuron) -> str:
    """Return what of a memory drives a neuron."""
    return getattr(neuron, "drive", "gradient" if neuron.states is None else "field")
