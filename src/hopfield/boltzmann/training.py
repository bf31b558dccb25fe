"""Learning a distribution: Boltzmann machines fitted to data, at once or epoch by epoch."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .. import engine
from ..base.checks import (
    Array,
    Floats,
    Rng,
    choice,
    count,
    describe,
    flag,
    generator,
    not_negative,
    number,
    real,
    room,
)
from ..base.progress import Watch, telling
from ..base.saved import savable
from ..base.streams import Streams
from ..base.warned import warn
from .law import LARGEST, read
from .machine import CODINGS, Machine, Restricted
from .parameters import Kind, Layers, Pairs, Theta, less

METHODS = ("exact", "cd", "pcd", "pseudo")
_SMALLEST = 1e-15  # a step of no parameter is larger: there is nothing more to learn
_NEVER = 1e-12  # a share that is smaller is one of rounding
_LARGEST = 1e6  # no parameter that was learnt is


@dataclass(frozen=True)
class Settings:
    """How to learn.

    Attributes
    ----------
    epochs : int
        Times through the data.
    rate : float or (first, last)
        How far a step follows the gradient; of two numbers it goes from the first, in the first
        epoch, to the last, in the last epoch, along a straight line.
    batch : int
        Rows a step of "cd" and "pcd"; "exact" and "pseudo" take all.
    k : int
        Sweeps of the chains a step.
    chains : int
        Chains of "pcd".
    decay : float or (couplings, biases)
        Pulls couplings towards 0, and no bias: the penalty is decay / 2 times the sum of their
        squares. Of two numbers the second one pulls the biases.
    momentum : float
        What of the last step is made again, from 0 to below 1.
    spread : float
        Standard deviation of the couplings to hidden neurons at the start.
    coding : {"bipolar", "01"}
        The states.
    """

    epochs: int = 100
    rate: Any = 0.05
    batch: int = 100
    k: int = 1
    chains: int = 100
    decay: Any = 0.0
    momentum: float = 0.0
    spread: float = 0.1
    coding: str = "bipolar"

    def __post_init__(self) -> None:
        """Check the settings."""
        for name in ("epochs", "batch", "k", "chains"):
            object.__setattr__(self, name, count(getattr(self, name), name, 1))
            room(name, getattr(self, name))
        rates = real(self.rate, "rate").astype(np.float64)
        if rates.shape not in ((), (2,)) or (rates < 0).any() or rates.max() <= 0:
            given = describe(self.rate)
            raise ValueError(f"rate must be above 0, or two rates (first, last), not {given}")
        object.__setattr__(self, "rate", tuple(rates.tolist()) if rates.ndim else float(rates))
        decays = not_negative(self.decay, "decay")
        if decays.shape not in ((), (2,)):
            raise ValueError(
                f"decay must be a number, or two (couplings, biases), not {self.decay}"
            )
        object.__setattr__(self, "decay", tuple(decays.tolist()) if decays.ndim else float(decays))
        for name in ("momentum", "spread"):
            object.__setattr__(self, name, number(getattr(self, name), name))
            not_negative(getattr(self, name), name)
        if self.momentum >= 1:
            raise ValueError(f"momentum must be below 1, not {self.momentum:g}")
        choice(self.coding, "coding", CODINGS)

    @property
    def decays(self) -> tuple[float, float]:
        """The decay of the couplings, and of the biases."""
        return self.decay if isinstance(self.decay, tuple) else (self.decay, 0.0)

    def rate_at(self, epoch: int) -> float:
        """Return the rate of an epoch, counted from 0."""
        if not isinstance(self.rate, tuple):
            return float(self.rate)
        share = min(1.0, epoch / max(1, self.epochs - 1))
        return float(self.rate[0] + (self.rate[1] - self.rate[0]) * share)


class _Now(NamedTuple):
    """Where learning stands: put in place whole, so that it can be stopped anywhere.

    ``words`` are the states and steps of the chains' streams, ``shuffling`` of the one that
    shuffles the data, at the beginning of the epoch; ``batch`` counts its batches.
    """

    theta: Theta
    last: Theta
    chains: Floats
    words: Any
    shuffling: Any
    epoch: int = 0
    batch: int = 0


@savable
class Training:
    """Learning that can be stepped, stopped, saved and gone on with: `fit` is this to its end.

    Parameters
    ----------
    data, hidden, restricted, method, rng
        As for `fit`.
    weights : array_like of shape (K,), optional
        How much each row counts; by default all the same.
    start : Machine, optional
        Where to begin. By default couplings to hidden neurons are drawn, and a restricted machine's
        visible biases give the data's means.
    record : callable, or list of them, optional
        Functions of the machine, whose values are kept: before the first epoch, and after each.
    **settings
        As for `Settings`.

    Attributes
    ----------
    machine : Machine
        What has been learnt so far.
    data : ndarray of int8, shape (K, M)
        What it is learnt from.
    epoch : int
        How many epochs are done.
    trace : ndarray, dict of ndarray, or None
        What ``record=`` kept; a dict by name where several were kept.

    Raises
    ------
    TypeError, ValueError
        As `fit` does; and for a start of another kind or size, or records that share a name.

    Examples
    --------
    >>> import hopfield as hf
    >>> data = hf.random_patterns(9, 6, rng=1)
    >>> training = hf.boltzmann.Training(data, hidden=2, method="exact", rate=0.2, rng=0)
    >>> before = training.machine.log_likelihood(data)
    >>> training.step(50)
    >>> bool(training.machine.log_likelihood(data) > before), training.epoch
    (True, 50)
    """

    def __init__(
        self,
        data: npt.ArrayLike,
        hidden: int = 0,
        restricted: bool = True,
        method: str | None = None,
        *,
        weights: npt.ArrayLike | None = None,
        start: Any = None,
        record: Any = None,
        rng: Rng | None = None,
        **settings: Any,
    ) -> None:
        self.settings = now = _settings(settings)
        self.hidden = count(hidden, "hidden", 0)
        self.restricted = flag(restricted, "restricted") and self.hidden > 0
        make: Any = Layers if self.restricted else Pairs
        x = read(data, None, CODINGS[now.coding], dtype=make.dtype)
        self._kind: Kind = make(x.shape[1], self.hidden, now.coding)
        self.method = self._method(method, x.shape[1])
        sampled = self.method in ("cd", "pcd")
        self._data = self._kind.rows(x if sampled else x.astype(np.float64))
        self._p = _shares(weights, len(x))
        self._even: dict[int, Floats] = {}  # weights of batches, by their sizes
        high = x == CODINGS[now.coding][1]
        up = high.mean(axis=0) if weights is None else self._p @ high
        self._begin(start, up, generator(rng, "boltzmann"))
        if not isinstance(start, dict):
            _warn_of_infinity(up, high, self._p, now.decays, pairs=not self.hidden)
        several = isinstance(record, (list, tuple))
        self._records = list(record) if several else [] if record is None else [record]
        if not all(map(callable, self._records)):
            raise TypeError(f"record must be functions of the machine, not {describe(record)}")
        names = [_name(r) for r in self._records]
        if len(set(names)) < len(names):
            raise ValueError(f"record must keep each name once, not {', '.join(names)}")
        self._kept: list[list[Any]] = [[] for _ in self._records]
        self._record()
        self._several = several

    @property
    def machine(self) -> Machine:
        """What has been learnt so far."""
        return self._kind.machine(self._now.theta)

    @property
    def data(self) -> Array:
        """The rows (K, M) that are learnt from, int8."""
        return np.asarray(self._data[:, : self._kind.m].astype(np.int8))

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return self._now.epoch

    @property
    def trace(self) -> Any:
        """What ``record=`` kept: an array, a dict of arrays by name, or None."""
        if not self._records:
            return None
        kept = [np.asarray(values) for values in self._kept]
        if not self._several:
            return kept[0]
        names = map(_name, self._records)
        return dict(zip(names, kept, strict=True))

    def __repr__(self) -> str:
        done = f"{self.epoch} of {self.settings.epochs} epochs"
        return f"Training({self.machine}, {self.method}, {done})"

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this: what a file holds of it, records apart."""
        names = ("hidden", "restricted", "method")
        return {
            "data": self.data,
            "weights": self._p,
            "start": self._now._asdict(),
            **{name: getattr(self, name) for name in names},
            **asdict(self.settings),
        }

    def step(self, epochs: int = 1) -> None:
        """Go on for some epochs, however many were asked for in the beginning.

        Ctrl-C keeps what has been learnt, and the next step goes on from there.
        """
        for _ in range(count(epochs, "epochs", 0)):
            self._one_epoch()
            self._record()

    def _record(self) -> None:
        """Keep what each record says now, all of them or none."""
        machine = self.machine if self._records else None
        new = [r(machine) for r in self._records]
        for kept, value in zip(self._kept, new, strict=True):
            kept.append(value)

    def finish(self, progress: Watch | None = None) -> Machine:
        """Go on to the last epoch, or until nothing changes any more; return the machine.

        Parameters
        ----------
        progress : callable, optional
            Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.
        """
        tell = telling(progress, f"learning by {self.method}", self.settings.epochs, "epochs")
        while self.epoch < self.settings.epochs and not self._settled:
            self.step()
            tell(self.settings.epochs if self._settled else self.epoch)
        return self.machine

    def _method(self, method: str | None, m: int) -> str:
        """Return the method asked for, or the exact one where it can be had."""
        small = (min(m, self.hidden) if self.restricted else m + self.hidden) <= LARGEST
        found = "exact" if method is None and small else "pcd" if method is None else method
        choice(found, "method", METHODS)
        if found == "exact" and not small:
            raise ValueError(
                f'method must not be "exact" for more than {LARGEST} neurons (of a restricted '
                'machine, in its smaller layer): "pcd" samples'
            )
        if not self.restricted and self.hidden:
            if found == "pseudo":
                raise ValueError('method must not be "pseudo" for hidden neurons that are coupled')
            count(self.hidden, "hidden (neurons that are coupled)", 0, LARGEST)
        return found

    def _begin(self, start: Any, up: Floats, source: np.random.Generator) -> None:
        """Put the parameters, chains and streams where they begin, or where a file has them."""
        replicas = self.settings.chains if self.method == "pcd" else self.settings.batch
        streams, shuffling = Streams.spawn(source, replicas), Streams.spawn(source, 1)
        if isinstance(start, dict):  # where a saved training stood
            if set(start) != set(_Now._fields):
                raise ValueError(f"start must be a machine, not {describe(start)}")
            self._now = _Now(**start)
            return
        least = 0.5 / len(self._data)  # what never changes has finite odds too
        theta = self._kind.start(self.settings.spread, np.clip(up, least, 1 - least), shuffling)
        if start is not None:
            theta = self._theta_of(start, theta)
        theta = tuple(t.astype(self._data.dtype) for t in theta)
        chains = self._data[shuffling.integers(len(self._data), size=replicas)[0]]
        chains = self._kind.complete(theta, chains, streams) if self.method == "pcd" else chains[:0]
        still = tuple(np.zeros_like(t) for t in theta)
        words = np.array([streams.state, streams.step])
        self._now = _Now(theta, still, chains, words, np.array([shuffling.state, shuffling.step]))

    def _theta_of(self, start: Any, like: Theta) -> Theta:
        """Return the parameters of a machine of this kind."""
        alike = isinstance(start, Machine) and start.coding == self.settings.coding
        alike = alike and start.hidden == self.hidden
        theta = self._kind.theta(start) if alike else None
        if theta is None or any(t.shape != o.shape for t, o in zip(theta, like, strict=True)):
            raise ValueError(f"start must be a {self._kind.machine(like)}, not {describe(start)}")
        return theta

    @property
    def _settled(self) -> bool:
        """Whether a last step over all data has changed nothing."""
        moved = max(float(np.abs(t).max()) for t in self._now.last)
        asked = self.epoch > 0 and self.settings.rate_at(self.epoch - 1) > 0
        return self.method in ("exact", "pseudo") and asked and moved < _SMALLEST

    def _one_epoch(self) -> None:
        """Go through the data once, from where the epoch stands."""
        now = self._now
        if self.method in ("exact", "pseudo"):
            self._now = self._one_step(self._data, self._p)._replace(epoch=now.epoch + 1)
            return
        shuffling = Streams(now.shuffling[0].copy(), now.shuffling[1])
        order = engine.permutation(shuffling, len(self._data))[0]
        batches = range(0, order.size, self.settings.batch)
        for first in batches[now.batch :]:
            rows = order[first : first + self.settings.batch]
            words = self._now.words.copy()
            v = self._kind.take(self._data, rows)
            self._now = self._one_step(v, self._weights(rows), words)
        words = np.array([shuffling.state, shuffling.step])
        self._now = self._now._replace(shuffling=words, batch=0, epoch=now.epoch + 1)

    def _weights(self, rows: Array) -> Floats:
        """Return the weights of a batch, in sum 1 where all rows count the same, and of chains."""
        if (kept := self._even.get(rows.size)) is not None:
            return kept
        p = self._p[rows] * (len(self._p) / rows.size)
        chains = self.settings.chains
        q = p if self.method == "cd" else np.full(chains, p.sum() / chains)
        found = np.concatenate([p, -q]).astype(self._data.dtype)
        if (self._p == self._p[0]).all():
            self._even[rows.size] = found
        return found

    def _one_step(self, v: Floats, p: Floats, words: Any = None) -> _Now:
        """Return where one step along the gradient of some rows leads."""
        now, settings, kind = self._now, self.settings, self._kind
        theta, chains = now.theta, now.chains
        if words is None:
            words = now.words
            exact = self.method == "exact"
            rise = less(kind.of_data(theta, v, p), kind.exact(theta)) if exact else None
            rise = rise or kind.pseudo(theta, v, p)
        else:
            n = len(p) - len(v)
            streams = Streams(words[0, :n], words[1, :n])
            cd = self.method == "cd"
            s = kind.complete(theta, v, streams) if cd else chains
            rise, ends = kind.contrast(theta, v, s, p, settings.k, streams)
            chains = chains if cd else ends
        rate = settings.rate_at(now.epoch)
        couplings, biases = settings.decays
        if couplings or biases:
            pulls = couplings, biases, biases
            for r, t, pull in zip(kind.named(rise), kind.named(theta), pulls, strict=False):
                r -= pull * t
        step = tuple(rate * r for r in rise)
        if settings.momentum:
            step = tuple(settings.momentum * o + r for o, r in zip(now.last, step, strict=True))
        theta = tuple(t + s for t, s in zip(theta, step, strict=True))
        if not all(np.vdot(t, t) < _LARGEST**2 for t in theta):
            raise ValueError(f"rate must be lower than {rate:g}: the couplings grow without end")
        return _Now(theta, step, chains, words, now.shuffling, now.epoch, now.batch + 1)


def fit(
    data: npt.ArrayLike,
    hidden: int = 0,
    restricted: bool = True,
    method: str | None = None,
    *,
    weights: npt.ArrayLike | None = None,
    start: Machine | None = None,
    progress: Watch | None = None,
    rng: Rng | None = None,
    **settings: Any,
) -> Machine:
    """Fit a Boltzmann machine to data: make the data likely under exp(-E) / Z.

    Without hidden neurons this is the pairwise maximum entropy model (inverse Ising), whose
    likelihood has one maximum. With hidden ones there are many, and what is found depends on
    ``rng``.

    Parameters
    ----------
    data : array_like of shape (K, M)
        -1/+1 or bools; 0/1 with ``coding="01"``.
    hidden : int
        Hidden neurons; 0 for none.
    restricted : bool
        Couple hidden neurons with visible ones alone. Else all are coupled, and there may be 20
        hidden ones at most.
    method : {"exact", "cd", "pcd", "pseudo"}, optional
        Where the machine's averages come from. "exact" adds up all states, of 20 neurons at most
        (of a restricted machine, of 20 in its smaller layer). "cd" is contrastive divergence: ``k``
        sweeps from the data. "pcd" keeps ``chains`` from step to step. "pseudo" follows the
        pseudo-likelihood, which needs no averages. By default "exact" where it can be, else
        "pcd".
    weights : array_like of shape (K,), optional
        How much each row counts: the probabilities of a law, say. By default all the same.
    start : Machine, optional
        Where to begin: a machine that was learnt before, or `boltzmann.restricted` of given
        parameters, of as many neurons and the same ``coding``.
    progress : callable, optional
        Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.
    rng
        As for `recall`.
    **settings
        ``epochs`` (100), ``rate`` (.05; or first and last), ``batch`` (100), ``k`` (1), ``chains``
        (100), ``decay`` (0; or of couplings and biases), ``momentum`` (0), ``spread`` (.1),
        ``coding`` ("bipolar"): see `Settings`.

    Returns
    -------
    Machine
        A `Restricted` one where that was asked for. `Training` is the same learning step by step,
        with what it records, to be saved and gone on with.

    Raises
    ------
    TypeError, ValueError
        For data that are not of two states, a method that such a machine is too large for, a start
        of another kind or size, or settings that do not fit.

    Warns
    -----
    UserWarning
        Where the best parameters are infinite: a neuron that never changes, or two that never
        are in one of their four joint states, without ``decay`` of what would grow.

    References
    ----------
    Ackley, Hinton & Sejnowski 1985, doi:10.1207/s15516709cog0901_7; Hinton 2002,
    doi:10.1162/089976602760128018 ("cd"); Tieleman 2008, doi:10.1145/1390156.1390290 ("pcd"); Besag
    1975, doi:10.2307/2987782 ("pseudo").

    Examples
    --------
    Two hidden neurons learn half of XOR, three all of it:

    >>> import hopfield as hf
    >>> xor = [[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]]
    >>> m = hf.boltzmann.fit(xor, hidden=3, rate=0.2, epochs=3000, spread=1.0, rng=0)
    >>> hf.boltzmann.divergence(m, xor) < 0.01
    True
    """
    options: Any = {"weights": weights, "start": start, "rng": rng, **settings}
    return Training(data, hidden, restricted, method, **options).finish(progress)


def gradient(
    machine: Machine, data: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> tuple[Floats, ...]:
    """Return the gradient of the mean log-likelihood of data, exactly.

    Parameters
    ----------
    machine : Machine
        Small enough that all its states (of a restricted one, those of its smaller layer) can be
        looked at.
    data : array_like of shape (K, M)
        States of the visible neurons.
    weights : array_like of shape (K,), optional
        How much each row counts.

    Returns
    -------
    tuple of ndarray
        Of a restricted machine along w, b and c; else along W, whose entry ij moves W_ij and W_ji,
        and b.

    Raises
    ------
    TypeError, ValueError
        For data that do not fit, or a machine that is too large.

    Examples
    --------
    >>> import hopfield as hf
    >>> w, b = hf.boltzmann.gradient(hf.boltzmann.Machine([[0, 0], [0, 0]]), [[1, 1], [1, -1]])
    >>> w.tolist(), b.tolist()
    ([[0.0, 0.0], [0.0, 0.0]], [1.0, 0.0])
    """
    if not isinstance(machine, Machine):
        raise TypeError(f"machine must be a Machine, not {describe(machine)}")
    make: Any = Layers if isinstance(machine, Restricted) else Pairs
    kind: Kind = make(machine.visible, machine.hidden, machine.coding)
    v = read(data, machine.visible, CODINGS[machine.coding])
    theta: Any = kind.theta(machine)
    return kind.named(
        less(kind.of_data(theta, kind.rows(v), _shares(weights, len(v))), kind.exact(theta))
    )


def _name(record: Any) -> str:
    return getattr(record, "__name__", type(record).__name__)


def _settings(given: dict[str, Any]) -> Settings:
    known = [f.name for f in fields(Settings)]
    for name in given:
        choice(name, "settings", known)
    return Settings(**given)


def _shares(weights: npt.ArrayLike | None, rows: int) -> Floats:
    """Return what each row counts, in sum 1."""
    if weights is None:
        return np.full(rows, 1 / rows)
    given = not_negative(weights, "weights")
    if given.shape != (rows,) or not given.sum():
        raise ValueError(
            f"weights must be one for each of the {rows} rows, not all 0; the shape is "
            f"{given.shape}"
        )
    total = given.sum()
    return given if abs(total - 1) < 1e-9 else np.asarray(given / total)


def _warn_of_infinity(
    up: Floats, high: Array, p: Floats, decays: tuple[float, float], pairs: bool
) -> None:
    """Warn where no penalty keeps the best parameters finite.

    ``up`` (M,) are the shares of rows ``high`` (K, M), of weights p, in which a neuron is high.
    """
    still = np.flatnonzero((up < _NEVER) | (up > 1 - _NEVER))
    if still.size and not decays[1]:
        warn(
            f"in data neuron {still[0]} never changes, so its best bias is infinite; give "
            "decay=(couplings, biases) to keep it finite"
        )
    elif pairs and not decays[0]:
        is_up = high[p > 0].astype(np.float64)
        down = 1 - is_up
        seen = np.minimum.reduce([is_up.T @ is_up, is_up.T @ down, down.T @ is_up, down.T @ down])
        seen[:, still] = seen[still] = 1
        np.fill_diagonal(seen, 1)
        if not seen.all():
            i, j = np.argwhere(seen == 0)[0]
            warn(
                f"in data neurons {i} and {j} are never in one of their four joint states, so the "
                "best parameters are infinite; give decay= to keep them finite"
            )
