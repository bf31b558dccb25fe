"""Orders: each says who moves when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, Rng, count, describe, not_negative, number, real, room
from ..base.forms import take_back
from ..base.saved import savable, value
from ..base.streams import Draws, Streams, source

Sites = npt.NDArray[np.int64]


class Order(Protocol):
    """What `recall` asks of an order.

    Attributes
    ----------
    random : bool
        Whether it draws from ``rng``.
    batched : bool, optional
        Whether ``rng`` may be the streams of R replicas, and the answer (R, moves, size).
    schedule : str, optional
        What the engine knows it by: "together", "given", "shuffled" or "drawn".
    toward : callable, optional
        (s, answers, sites, rng) -> where graded neurons (R, k) go on the way to their answers; all
        of it if left out.
    restless : bool, optional
        Whether no answer can hold a neuron where it is.
    at : callable, optional
        (sweep, n) -> the sites of that sweep, counted from 0, where sweeps differ but nothing is
        drawn; no cycles are looked for then.
    """

    @property
    def random(self) -> bool: ...

    def __call__(self, n: int, rng: Draws | None) -> Iterable[Sites]:
        """Return one sweep: index arrays in turn, n sites in all.

        The neurons of one array move together. A 2-D array is such a sequence of rows, a 1-D one
        a neuron at a time. ``rng`` is a `numpy.random.Generator`, or in a recall the `Streams` of
        a replica, which have ``permutation``, ``integers`` and ``random`` alone.
        """


class Scheduled:
    """An order that the engine knows; a subclass that gives other sites is taken for any order."""

    schedule: ClassVar[str | None] = None
    batched: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """Take back what was said of an order that gave other sites."""
        super().__init_subclass__()
        take_back(cls, ["__call__"], schedule=None, batched=False)


@value
@dataclass(frozen=True)
class Sync(Scheduled):
    """All neurons move together (Little's dynamics).

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.Sync()(3, rng=None)
    array([[0, 1, 2]])
    """

    random: ClassVar = False
    schedule: ClassVar = "together"

    def __call__(self, n: int, rng: Draws | None) -> Sites:
        """Return one sweep: a single move of all."""
        return np.arange(_size(n))[None, :]


@value
@dataclass(frozen=True)
class Shuffled(Scheduled):
    """One neuron at a time, in an order shuffled anew for each sweep (the default).

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> sorted(hf.Shuffled()(3, np.random.default_rng(0)).ravel().tolist())
    [0, 1, 2]
    """

    random: ClassVar = True
    batched: ClassVar = True
    schedule: ClassVar = "shuffled"

    def __call__(self, n: int, rng: Rng | Streams | None) -> Sites:
        """Return one sweep: each neuron once."""
        return np.asarray(source(rng, "order").permutation(_size(n)))[..., None]


@value
@dataclass(frozen=True)
class Random(Scheduled):
    """One neuron at a time, drawn with replacement: a sweep is n draws and may miss some.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> hf.Random()(3, np.random.default_rng(0)).shape
    (3, 1)
    """

    random: ClassVar = True
    batched: ClassVar = True
    schedule: ClassVar = "drawn"

    def __call__(self, n: int, rng: Rng | Streams | None) -> Sites:
        """Return one sweep: n draws."""
        n = _size(n)
        return np.asarray(source(rng, "order").integers(n, size=n))[..., None]


class _Listed:
    """An order that is told which sites: equal where it says the same of itself."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and repr(other) == repr(self)

    def __hash__(self) -> int:
        return hash(repr(self))


@savable
class Sequential(_Listed, Scheduled):
    """One neuron at a time, in one fixed order.

    Parameters
    ----------
    sites : array_like of int, optional
        The order, a permutation of 0 ... n-1; by default as they are numbered.

    Raises
    ------
    ValueError
        When called for another n than the order has.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.Sequential([2, 0, 1])(3, rng=None).ravel()
    array([2, 0, 1])
    """

    random = False
    schedule: ClassVar = "given"

    def __init__(self, sites: npt.ArrayLike | None = None) -> None:
        self.sites = None if sites is None else _permutation([sites], "sites")[0]

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this order: what a file holds of it."""
        return {"sites": self.sites}

    def __repr__(self) -> str:
        return "Sequential()" if self.sites is None else f"Sequential({self.sites.tolist()})"

    def __call__(self, n: int, rng: Draws | None) -> Sites:
        """Return one sweep: each neuron once."""
        n = _size(n)
        sites = np.arange(n) if self.sites is None else self.sites
        if sites.size != n:
            raise ValueError(f"sites must be an order of all {n} neurons, not of {sites.size}")
        return sites[:, None]


@savable
class Given(_Listed):
    """One neuron at a time: those that are named, in turn, and from the first again after the last.

    A sweep is n visits: it goes on where the sweep before it ended. A neuron may be named twice, or
    not at all. A recall finds fixed points as always, and looks for no cycles.

    Parameters
    ----------
    sites : array_like of int, shape (K,)
        Whom to visit, 0 or more; K is any number from 1.

    Raises
    ------
    TypeError, ValueError
        For what are no such numbers; when called, for neurons that are not there.

    Examples
    --------
    >>> import hopfield as hf
    >>> again = hf.Given([2, 0, 2, 1])
    >>> again(3, rng=None).ravel(), again.at(1, 3).ravel()
    (array([2, 0, 2]), array([1, 2, 0]))
    """

    random = False

    def __init__(self, sites: npt.ArrayLike) -> None:
        given = _sites([sites], "sites")[0]
        if given.min() < 0:
            raise ValueError(f"sites must be 0 or more, not {given.min()}")
        self.sites = given

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this order: what a file holds of it."""
        return {"sites": self.sites}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.sites.tolist()})"

    def at(self, sweep: int, n: int) -> Sites:
        """Return the sites of one sweep of n neurons, counted from 0."""
        if self.sites.max() >= _size(n):
            raise ValueError(f"sites must be among the {n} neurons; one is {self.sites.max()}")
        first = count(sweep, "sweep", 0) * n
        return self.sites[np.arange(first, first + n) % self.sites.size, None]

    def __call__(self, n: int, rng: Draws | None) -> Sites:
        """Return the first sweep; see `at`."""
        return self.at(0, n)


@savable
class Blocks(_Listed):
    """Blocks of neurons in turn, the neurons of a block together.

    Parameters
    ----------
    *given : array_like of int, or slice with a stop
        The blocks; together each neuron once.
    blocks : list of such
        More of them: how a file gives them.

    Raises
    ------
    ValueError
        If a neuron is missing or named twice.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.Blocks(slice(0, 2), [2, 3, 4])(5, rng=None)
    [array([0, 1]), array([2, 3, 4])]
    """

    random = False

    def __init__(self, *given: object, blocks: object = ()) -> None:
        if not isinstance(blocks, (tuple, list, np.ndarray)) or not np.iterable(blocks):
            raise TypeError(f"blocks must be a sequence of blocks, not {describe(blocks)}")
        self.blocks = _permutation(
            [_span(b) if isinstance(b, slice) else b for b in (*given, *blocks)], "blocks"
        )

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this order: what a file holds of it."""
        return {"blocks": self.blocks}

    def __repr__(self) -> str:
        return f"Blocks({', '.join(str(b.tolist()) for b in self.blocks)})"

    def __call__(self, n: int, rng: Draws | None) -> list[Sites]:
        """Return one sweep: the blocks in turn."""
        total = sum(b.size for b in self.blocks)
        if total != _size(n):
            raise ValueError(f"blocks must hold each of the {n} neurons once; they hold {total}")
        return self.blocks


@value
@dataclass(frozen=True)
class Flow(Scheduled):
    """Time flows: all graded neurons move together, for a time ``dt``, towards their answers.

    A sweep solves time ds/dt = answer - s exactly for answers that stand still, and so moves each
    neuron 1 - a of the way, a = exp(-dt / time). No step is too long for the decay; where the
    couplings' lowest eigenvalue is -c, the energy of `Graded` neurons of gain beta never rises if
    that fraction is 2 / (1 + c beta) or less.

    With noise it solves ds = (answer - s) dt / time + noise dB, B Brownian motion, in the same
    sense: it adds noise sqrt(time (1 - a^2) / 2) times a normal number. `Linear` neurons then tend
    to the law exp(-E / T), E their own energy included, at T = noise^2 / 2 (time 1). Answers that
    follow the states make an error of first order: a mode of feedback w, whose variance is
    T / (1 - w), has T (1 - a^2) / (1 - (a + (1 - a) w)^2), less by w dt / 2 of itself. Noise in
    the states of `Graded` neurons drives them out of bounds: it belongs to the potentials,
    `hopfield.models.Potentials`. A noisy run never ends in a fixed point.

    Parameters
    ----------
    dt : float
        Time a sweep, above 0.
    noise : float
        0 or more.
    time : float or array_like of shape (N,)
        The neurons' time constants, above 0; in a circuit resistance times capacitance.

    Raises
    ------
    TypeError, ValueError
        For a time of 0 or less, negative noise, or as many time constants as there are not neurons.

    References
    ----------
    Hopfield 1984, doi:10.1073/pnas.81.10.3088, eq. 5, with the state instead of the potential;
    `hopfield.models.Potentials` has that.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.Flow(0.5)(3, rng=None), round(hf.Flow(0.5).rate, 4)
    (array([[0, 1, 2]]), 0.3935)
    >>> memory, still = hf.modern([[0.0]]), hf.Flow(0.1, noise=1.0)  # s goes to 0
    >>> cues, linear = [[0.0]] * 10_000, hf.Linear()
    >>> r = hf.recall(memory, cues, neuron=linear, order=still, sweeps=50, rng=1)
    >>> bool(abs(r.state.var() - 1 / 2) < 0.03)
    True
    """

    dt: float
    noise: float = field(default=0.0, kw_only=True)
    time: Any = field(default=1.0, kw_only=True)
    batched: ClassVar = True

    def __post_init__(self) -> None:
        """Check the arguments."""
        if number(self.dt, "dt") <= 0:
            raise ValueError(f"dt must be above 0, not {self.dt}")
        not_negative(number(self.noise, "noise"), "noise")
        time = not_negative(self.time, "time")
        if time.ndim > 1 or not time.all():
            raise ValueError(
                f"time must be a number above 0, or one a neuron, not {describe(self.time)}"
            )
        object.__setattr__(self, "time", tuple(time.tolist()) if time.ndim else float(time))

    @property
    def random(self) -> bool:
        """Whether there is noise, which is drawn from ``rng``."""
        return self.noise > 0

    restless = random

    @property
    def rate(self) -> Floats | float:
        """How much of the way to its answer a graded neuron moves, 1 - a; (N,) if times differ."""
        rate = -np.expm1(-self.dt / np.asarray(self.time))
        return rate if rate.ndim else float(rate)

    def toward(self, s: Floats, answers: Floats, sites: Sites, rng: Rng | Streams | None) -> Floats:
        """Return where neurons (R, k) at sites, in states s, go on the way to their answers."""
        rate, time = np.asarray(self.rate), np.asarray(self.time)
        if time.ndim:
            rate, time = rate[sites], time[sites]
        moved = s + rate * (answers - s)
        if not self.random:
            return moved
        spread = self.noise * np.sqrt(time * rate * (2 - rate) / 2)
        return np.asarray(moved + spread * source(rng, "order").standard_normal(s.shape))

    def __call__(self, n: int, rng: Rng | Streams | None) -> Sites:
        """Return one sweep: a single move of all."""
        n = _size(n)
        if isinstance(self.time, tuple) and len(self.time) != n:
            raise ValueError(f"time must be one number, or {n}, not {len(self.time)}")
        replicas = rng.state.shape if isinstance(rng, Streams) else ()
        return np.broadcast_to(np.arange(n), (*replicas, 1, n))


def _size(n: int) -> int:
    n = count(n, "n", 1)
    room("n", n)
    return n


def _span(block: slice) -> Sites:
    stop = count(block.stop, "blocks: the stop of a slice", 1)
    try:
        sites = range(stop)[block]
    except (TypeError, ValueError):
        raise TypeError(f"blocks must be slices of integers, not {describe(block)}") from None
    room("blocks", len(sites))
    return np.arange(sites.start, sites.stop, sites.step)


def _permutation(blocks: list[npt.ArrayLike], name: str) -> list[Sites]:
    arrays = _sites(blocks, name)
    if not arrays:
        raise ValueError(f"{name} must not be empty")
    joined = np.sort(np.concatenate(arrays))
    if not np.array_equal(joined, np.arange(joined.size)):
        raise ValueError(f"{name} must name each neuron 0 ... n-1 once")
    return arrays


def _sites(given: list[npt.ArrayLike], name: str) -> list[Sites]:
    """Return arrays of integers, to be read only."""
    arrays = [real(a, name) for a in given]
    if any(a.dtype.kind not in "iu" or a.ndim != 1 for a in arrays):
        raise TypeError(f"{name} must be 1-D arrays of integers")
    kept = [a.astype(np.int64) for a in arrays]
    for a in kept:
        a.setflags(write=False)
    return kept
