"""Modern Hopfield networks (Ramsauer et al. 2021, arXiv:2008.02217): patterns read by attention."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, choice, count, number, real, stacked, vectors
from ..base.exact import SINGLE, on_grid
from ..base.saved import savable
from ..core.cursors import Cursor, KeysCursor
from ..core.memory import Memory
from ..core.neurons import Linear, Neuron
from ..core.orders import Sync
from .log_sum_relu import MeanShift
from .model import Model
from .reading import LOWEST, attended, best, scored, unit

__all__ = ["ATTENTION", "SIMILARITY", "Candidates", "Modern", "modern"]
__dir__ = __all__.copy

_NEURONS = {"gradient": Linear(), "mean": MeanShift()}
_VALUES_AT_ONCE = 2**20  # of scores that neurons one by one give patterns
_SAME = 2.0**-46  # of the largest sum: what the grid of stored patterns may take from one


class Candidates(NamedTuple):
    """What attention looks at first, best first: for each state k patterns (..., k).

    Attributes
    ----------
    patterns : ndarray of int
        Which patterns.
    weights : ndarray
        How much of all attention each receives.
    scores : ndarray
        The similarity of each to the state.
    """

    patterns: npt.NDArray[np.intp]
    weights: Array
    scores: Array


class _Reals(Memory):
    """Real patterns (P, n), as they are compared, and the values (P, M) that belong to them."""

    def _hold(self, patterns: npt.ArrayLike, similarity: str, values: npt.ArrayLike | None) -> None:
        x = stacked(vectors(patterns, "patterns"), "patterns")
        self.dtype = np.dtype(np.float32 if x.dtype == np.float32 else np.float64)
        self.similarity = choice(similarity, "similarity", SIMILARITY)
        self._compared = SIMILARITY[self.similarity]
        # On a grid, on which sums over two-valued states come out the same in any order.
        self.patterns: Array = on_grid(self._as_stored(x))
        self.patterns.setflags(write=False)
        self.n, self._largest = x.shape[1], x.shape[1] * float(np.abs(self.patterns).max())
        self.values = None if values is None else self._valued(values, len(x))

    def learn(self, patterns: npt.ArrayLike, values: npt.ArrayLike | None = None) -> Self:
        """Return a memory of more patterns, behind those it holds; values belong to them."""
        x = self._like(patterns)
        if (values is None) != (self.values is None):
            had = "has none" if self.values is None else "has some"
            raise ValueError(f"values must come with patterns where the memory has them: it {had}")
        new = None if values is None else self._valued(values, len(x))
        if new is not None and self.values is not None:
            if new.shape[1] != self.values.shape[1]:
                raise ValueError(f"values must be (P, {self.values.shape[1]}), not {new.shape}")
            new = np.concatenate([self.values, new])
        return self._made(np.concatenate([self.patterns, self._as_stored(x)]), new)

    def forget(self, patterns: npt.ArrayLike) -> Self:
        """Return a memory without some of its patterns, each taken out once."""
        x, stays = self._as_stored(self._like(patterns)), np.ones(len(self.patterns), dtype=bool)
        for k, row in enumerate(x):
            near = np.abs(self.patterns - row).max(axis=1) <= _SAME * self._largest
            if not (same := np.flatnonzero(near & stays)).size:
                raise ValueError(f"patterns must be ones that the memory holds; row {k} is not")
            stays[same[0]] = False
        if not stays.any():
            raise ValueError("patterns must leave one in the memory: take not all of them out")
        return self._made(self.patterns[stays], None if self.values is None else self.values[stays])

    @cached_property
    def _lengths(self) -> Floats:
        """How much each score is less than x.s, (P,)."""
        # Sorted: renumbered neurons add up to the same.
        squares = np.sort(np.square(self.patterns, dtype=np.float64), axis=1).sum(axis=1)
        return np.asarray(self._compared.less * squares)

    def _as_stored(self, x: Array) -> Array:
        """Return patterns (P, n), new, as they are compared."""
        x = x.astype(self.dtype)
        if self._compared.drive == "gradient":
            return x
        if not x.any(axis=1).all():
            raise ValueError("patterns must not be 0 everywhere: such have no cosine with a state")
        return unit(x)

    def _like(self, patterns: npt.ArrayLike) -> Array:
        return stacked(np.atleast_2d(vectors(patterns, "patterns", self.n)), "patterns")

    def _valued(self, values: npt.ArrayLike, p: int) -> Array:
        v = real(values, "values")
        if v.ndim not in (1, 2) or len(v) != p:
            raise ValueError(f"values must be ({p},) or ({p}, M), not of the shape {v.shape}")
        v = v.astype(self.dtype).reshape(p, -1)
        v.setflags(write=False)
        return v

    def _made(self, patterns: Array, values: Array | None) -> Self:
        parts: dict[str, Any] = {**self.parts(), "patterns": patterns, "values": values}
        return type(self)(**parts)


@savable
class Modern(_Reals):
    """What `modern` makes: E = -A(beta z) / beta with scores z = X s, and -dE/ds = X' p.

    A is the convex function whose gradient p is the attention: log sum exp for softmax. For a
    clear winner it is the largest score, whatever the attention. By distance,
    ``z = X s - |x|^2 / 2``; by cosine ``z = X s / |s|`` with patterns of length 1, E has -s.s / 2
    besides, and what drives its neurons is the `mean`.

    Parameters
    ----------
    patterns, beta, attention, order, similarity, values
        As for `modern`.
    """

    states = (-1.0, 1.0)
    order = Sync()

    def __init__(
        self,
        patterns: npt.ArrayLike,
        beta: float = 1.0,
        attention: str = "softmax",
        order: float | None = None,
        similarity: str = "dot",
        values: npt.ArrayLike | None = None,
    ) -> None:
        self._hold(patterns, similarity, values)
        self.beta = _above_0(beta)
        self.attention = choice(attention, "attention", ATTENTION)
        self.power = ATTENTION[self.attention].ordered(order, self.attention)

    def __repr__(self) -> str:
        power = "" if self.power is None else f" {self.power:g}"
        by = "" if self.similarity == "dot" else f", by {self.similarity}"
        return f"Modern({len(self.patterns)} patterns of {self.n}, {self.attention}{power}{by})"

    @property
    def source(self) -> str:
        """Where it, its attention and what it compares come from."""
        rows = ATTENTION[self.attention].source, self._compared.source
        return "; ".join(filter(None, [ROWS[0].source, *rows]))

    @property
    def neuron(self) -> Neuron:
        """`Linear()`, by cosine `MeanShift()`; -1/+1 neurons are to be named."""
        return _NEURONS[self._compared.drive]

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        names = "patterns", "beta", "attention", "similarity", "values"
        return {**{name: getattr(self, name) for name in names}, "order": self.power}

    def at(self, beta: float) -> Self:
        """Return the same memory at another beta; it shares the patterns."""
        found = copy(self)
        found.beta = _above_0(beta)
        return found

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the discrete derivative between -1 and +1, (..., n)."""
        rows = self._rows(s)
        m, neurons = rows @ self.patterns.T, self.patterns.T
        sizes, out = self._sizes(rows), np.empty(rows.shape)
        size = max(1, _VALUES_AT_ONCE // m.size)
        for first in range(0, self.n, size):
            part = slice(first, first + size)
            own, of = rows[..., part], sizes if sizes.ndim == 0 else sizes[..., part, None]
            out[..., part] = self._derivative(m[..., None, :], neurons[part], own, of)
        return out

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return -dE/ds, (..., n): X' p, p the attention that the patterns receive.

        float32 where the patterns are.
        """
        mean = self.mean(s)
        if self._compared.drive == "gradient":
            return mean
        rows = self._rows(s)
        toward, size = unit(rows), np.sqrt(np.square(rows).sum(axis=-1, keepdims=True))
        turned = mean - toward * (toward * mean).sum(axis=-1, keepdims=True)
        return np.asarray(rows + turned / np.where(size > 0, size, 1.0), self.dtype)

    def mean(self, s: npt.ArrayLike) -> Floats:
        """Return the mean X' p of the patterns under the attention they receive, (..., n)."""
        rows = self._rows(s)
        return self._read(rows, self.patterns)[0].reshape(rows.shape)

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -A(beta z) / beta, (...), in float64; for softmax -log sum exp(beta z) / beta.

        By cosine less s.s / 2, which is the neurons' own.
        """
        rows = self._rows(s)
        e = -self._read(rows, self.patterns[:, :1])[1].reshape(rows.shape[:-1]) / self.beta
        if self._compared.drive == "mean":
            e -= np.square(rows).sum(axis=-1) / 2
        return e if e.ndim else float(e)

    def read(self, s: npt.ArrayLike) -> Floats:
        """Return the mean of the values under the attention that states (..., n) pay, (..., M)."""
        rows = self._rows(s)
        values = self.patterns if self.values is None else self.values
        return self._read(rows, values)[0].reshape(*rows.shape[:-1], values.shape[1])

    def weights(self, s: npt.ArrayLike) -> Floats:
        """Return the attention (..., P) that each pattern receives of states (..., n)."""
        p = self._attend(self._scores(self._rows(s)))[0]
        return p.astype(self.dtype, copy=False)

    def candidates(self, s: npt.ArrayLike, k: int = 10) -> Candidates:
        """Return the k patterns most similar to each state (..., n), best first.

        Of those equally similar, the one stored first.

        Examples
        --------
        >>> import hopfield as hf
        >>> memory = hf.modern([[3, 0], [0, 1], [2, 2]], similarity="cosine", beta=2.0)
        >>> memory.candidates([1, 0], 2).patterns
        array([0, 2])
        """
        rows, k = self._rows(s), count(k, "k", 1, len(self.patterns))
        flat, size = rows.reshape(-1, self.n), max(1, 2**24 // len(self.patterns))
        found = [
            best(scores := self._scores(flat[i : i + size]), self._attend(scores)[0], k)
            for i in range(0, len(flat), size)
        ]
        first, weights, scores = (
            np.concatenate(x).reshape(*rows.shape[:-1], k) for x in zip(*found, strict=True)
        )
        scores /= self.beta
        if self.similarity == "distance":
            scores -= np.square(rows).sum(axis=-1, keepdims=True).astype(self.dtype) / 2
        kind = self.dtype
        return Candidates(first, weights.astype(kind), scores.astype(kind))

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that keeps X s: a visit and a flip O(P); by cosine a plain one."""
        if self._compared.drive == "mean":
            return super().open(s)
        rows = self._replicas(s)
        keys = np.ascontiguousarray(self.patterns.T, dtype=np.float64)

        def numerators(m: Floats, sites: Array | None, own: Floats) -> Floats:
            if sites is None:
                return self.field(own)
            return self._derivative(m[:, None], keys[sites], own, np.ones(()))

        found = KeysCursor(keys, numerators, 1.0, rows)
        found.exact = False
        return found

    def _derivative(self, m: Floats, x: Array, own: Floats, sizes: Floats) -> Floats:
        others = m - x * own[..., None]
        # Sorted: equal scores in another order tie exactly, whatever the rounding of their sum.
        scores = (
            np.sort(self.beta * ((others + a * x) / sizes - self._lengths), axis=-1)
            for a in (1, -1)
        )
        up, down = (self._attend(z)[1] for z in scores)
        return np.asarray((up - down) / (2 * self.beta))

    def _sizes(self, rows: Floats) -> Floats:
        """Return what scores are divided by where each neuron in turn is -1 or +1, (..., n)."""
        if self._compared.drive == "gradient":
            return np.ones(())
        squares = np.square(rows)
        return np.asarray(np.sqrt(squares.sum(axis=-1, keepdims=True) - squares + 1))

    def _attend(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return the attention p (..., P) that scores (..., P) receive, and A (...)."""
        return ATTENTION[self.attention].read(scores, self.power)

    def _queries(self, rows: Floats) -> tuple[Array, Floats, Floats | None]:
        """Return the patterns, beta times the states (R, n), and times what scores lack, if any."""
        rows = unit(rows) if self._compared.drive == "mean" else rows
        x, queries = self.patterns, self.beta * rows
        lengths = self.beta * self._lengths if self._compared.less else None
        longest = 0.0 if lengths is None else float(lengths.max())
        if max(self._largest * float(np.abs(queries).max()), longest) > SINGLE:
            x = x.astype(np.float64)
        return x, queries.astype(x.dtype), None if lengths is None else lengths.astype(x.dtype)

    def _scores(self, rows: Floats) -> Floats:
        """Return beta z, (..., P)."""
        x, queries, lengths = self._queries(rows)
        return scored(queries, x, lengths)

    def _read(self, rows: Floats, values: Array) -> tuple[Floats, Floats]:
        """Return the mean of values (P, M) and A, of states (..., n) as rows (R, n)."""
        x, queries, lengths = self._queries(rows.reshape(-1, self.n))
        attend = None if self.attention == "softmax" else self._attend
        mean, a = attended(x, values, queries, lengths, attend)
        return mean.astype(self.dtype, copy=False), a.astype(np.float64, copy=False)


def _above_0(beta: float) -> float:
    found = number(beta, "beta")
    if found <= 0:
        raise ValueError(f"beta must be above 0, not {beta}")
    return found


def modern(
    patterns: npt.ArrayLike,
    beta: float = 1.0,
    attention: str = "softmax",
    *,
    order: float | None = None,
    similarity: str = "dot",
    values: npt.ArrayLike | None = None,
) -> Modern:
    """Store real patterns that attention reads: E = -log sum exp(beta X s) / beta.

    Goes with `Linear` neurons, whose own energy is s.s / 2, and `Sync`: an update is then
    s' = X' softmax(beta X s), and the energy of the two never rises. -1/+1 patterns also go with
    `Sign` neurons, which take the discrete derivative of the same E: each neuron weighs all
    patterns for itself, so that a sweep takes some N / 3 times as long as an update of all at once.

    One update of one state is ``memory.gradient(s)``, at what two products with the patterns cost;
    `recall` adds some 0.1 ms a call to that, for what it checks, counts and proves. A memory says
    more of a state than where it leads: ``memory.weights(s)`` is the attention that each pattern
    receives, ``memory.candidates(s, k)`` the k most similar patterns, and ``memory.read(s)`` the
    mean of ``values``. ``memory.learn(patterns)``, ``memory.forget(patterns)`` and
    ``memory.at(beta)`` return another memory; `diagnose` says which beta goes with the patterns,
    and why.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        Real; the keys, where there are values. float32 is kept, and is twice as fast: states and
        weights are float32 then, energies float64, and `Linear` settles where a step is no more
        than rounding.
    beta : float
        The inverse temperature, above 0: small ones recall means of patterns.
    attention : {"softmax", "sparsemax", "entmax", "normmax"}
        All but the first give most patterns no weight at all. One update recalls a pattern
        exactly if its score beta x.s lies 1 above all others (entmax: 1 / (order - 1)).
    order : float, optional
        Above 1. Of entmax, its alpha: 1 would be softmax, 2 is sparsemax; 1.5 by default. Of
        normmax, its gamma, the norm that the weights maximise: 2 by default.
    similarity : {"dot", "distance", "cosine"}
        What is compared: x.s, or ``-|x - s|^2 / 2``, so that patterns of unlike length are recalled
        alike (for patterns of -1/+1 it is the same), or ``x.s / (|x| |s|)``: patterns are then
        stored, and recalled, with length 1, and the states' lengths do not count.
    values : array_like of shape (P, M) or (P,), optional
        What is read where a pattern is recalled, as a key has a value: M numbers each. The
        patterns themselves by default.

    Returns
    -------
    Modern

    Raises
    ------
    TypeError, ValueError
        For patterns that are not finite rows (or are 0, by cosine), values of another P, a beta of
        0 or less, an order of 1 or less, or of an attention that has none.

    References
    ----------
    Ramsauer et al. 2021, arXiv:2008.02217, eqs. 1 to 3; Martins & Astudillo 2016,
    arXiv:1602.02068 (sparsemax); Peters, Niculae & Martins 2019, arXiv:1905.05702 (entmax);
    Blondel, Martins & Niculae 2020, arXiv:1901.02324 (normmax); Santos et al. 2024,
    arXiv:2402.13725 and arXiv:2411.08590 (their energies); Millidge et al. 2022, arXiv:2202.04557
    (distance).

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> x = np.random.default_rng(1).normal(size=(100, 64))
    >>> r = hf.recall(hf.modern(x), x[0] + 0.1, neuron=hf.Linear(), order=hf.Sync())
    >>> r.why, bool(np.abs(r.state - x[0]).max() < 0.01)
    ('fixed point', True)
    >>> hf.modern([[3, 0], [0, 1]], attention="normmax", similarity="distance").gradient([0.2, 1.2])
    array([0., 1.])
    >>> memory = hf.modern(x, similarity="cosine", beta=30, values=np.arange(100))
    >>> memory.read(x[7] + 0.1).round(3), memory.candidates(x[7] + 0.1, 1).patterns
    (array([7.]), array([7]))
    """
    return Modern(patterns, beta, attention, order, similarity, values)


def _softmax(scores: Floats, order: float | None) -> tuple[Floats, Floats]:
    top = scores.max(axis=-1, keepdims=True)
    p = np.exp(np.maximum(scores - top, LOWEST))
    total = p.sum(axis=-1, keepdims=True)
    return p / total, np.asarray((np.log(total) + top)[..., 0])


def _sparsemax(scores: Floats, order: float | None) -> tuple[Floats, Floats]:
    top = scores.max(axis=-1, keepdims=True)
    z = scores - top
    falling = -np.sort(-z, axis=-1)
    k = np.arange(1, z.shape[-1] + 1)
    thresholds = (falling.cumsum(axis=-1) - 1) / k
    p = np.maximum(z - _last(thresholds, falling > thresholds), 0.0)
    return p, np.asarray((p * z - p * p / 2).sum(axis=-1) + top[..., 0] + 1 / 2)


def _entmax15(scores: Floats) -> tuple[Floats, Floats]:
    top = scores.max(axis=-1, keepdims=True)
    z = (scores - top) / 2
    falling = -np.sort(-z, axis=-1)
    k = np.arange(1, z.shape[-1] + 1)
    mean = falling.cumsum(axis=-1) / k
    spread = (falling**2).cumsum(axis=-1) - k * mean**2
    thresholds = mean - np.sqrt(np.maximum((1 - spread) / k, 0.0))
    root = np.maximum(z - _last(thresholds, falling >= thresholds), 0.0)
    p = root**2
    return p, np.asarray((2 * p * z - 4 / 3 * p * root).sum(axis=-1) + top[..., 0] + 4 / 3)


def _last(values: Floats, holds: Array) -> Floats:
    """Return the value at the last place that holds, kept as an axis."""
    return np.take_along_axis(values, holds.sum(axis=-1, keepdims=True) - 1, axis=-1)


def _entmax(scores: Floats, order: float | None) -> tuple[Floats, Floats]:
    if order == 1.5:  # sorted once, some twenty times as fast
        return _entmax15(scores)
    a = float(order or 0) - 1
    u, top = _weights(scores, a, a, 1.0)
    p = u / u.sum(axis=-1, keepdims=True)
    spread = p * np.expm1(a * np.log(np.where(p > 0, p, 1.0)))
    return p, np.asarray((p * (scores - top) - spread / (a * (a + 1))).sum(axis=-1) + top[..., 0])


def _normmax(scores: Floats, order: float | None) -> tuple[Floats, Floats]:
    power = float(order or 0)
    u, top = _weights(scores, 1.0, power - 1, power)
    total = u.sum(axis=-1, keepdims=True)  # the norm of u is 1, that of p 1 / total
    p = u / total
    a = (p * (scores - top)).sum(axis=-1) + (top - 1 / total)[..., 0] + 1
    return p, np.asarray(a)


def _weights(scores: Floats, c: float, a: float, power: float) -> tuple[Floats, Floats]:
    """Return u = [c (z - tau)]+^(1/a) with sum u^power = 1, and the largest score.

    It bisects for the winner's u and not for tau, near which small differences of z are lost; the
    logarithms keep what a near 0 would round away.
    """
    top = scores.max(axis=-1, keepdims=True)
    behind = c * np.asarray(top - scores, dtype=np.float64)

    def at(first: Floats) -> Floats:
        share = np.minimum(behind * np.exp(np.minimum(-a * np.log(first), 700.0)), 1.0)
        return np.asarray((first * np.exp(np.log1p(-share) / a)) ** power)

    with np.errstate(divide="ignore", over="ignore"):
        high = np.ones(top.shape)
        low = np.full(top.shape, float(scores.shape[-1]) ** (-1 / power))
        for _ in range(60):
            middle = (low + high) / 2
            enough = at(middle).sum(axis=-1, keepdims=True) >= 1
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        less, more = at(low), at(high)
        # Between two neighbours a weight of a large order may leap: it takes what the others leave.
        short, over = (1 - x.sum(axis=-1, keepdims=True) for x in (less, more))
        part = np.where(short > over, short / np.maximum(short - over, 1e-300), 1.0)
        return (less + np.clip(part, 0, 1) * (more - less)) ** (1 / power), top


@dataclass(frozen=True)
class Attention:
    """A row of `ATTENTION`.

    Attributes
    ----------
    read : callable
        Scores (..., P) and the order -> the attention p (..., P), and the convex function A whose
        gradient it is, (...); the largest score where one pattern receives all.
    order : float or None
        That by default, where it has one.
    source : str
        Where it comes from, beside what all of them do.
    """

    read: Callable[[Floats, float | None], tuple[Floats, Floats]]
    order: float | None = None
    source: str = ""

    def ordered(self, order: float | None, name: str) -> float | None:
        """Return the order that was given, or the row's own."""
        if order is None:
            return self.order
        if self.order is None:
            have = ", ".join(k for k, row in ATTENTION.items() if row.order)
            raise ValueError(f"order must be left out for {name}; it belongs to {have}")
        order = number(order, "order")
        if order <= 1:
            raise ValueError(f"order must be above 1, not {order:g} (at 1 entmax is softmax)")
        return order


_ENERGIES = "Santos et al. 2024, arXiv:2402.13725 and arXiv:2411.08590"
ATTENTION = {
    "softmax": Attention(_softmax),
    "sparsemax": Attention(_sparsemax, source=f"arXiv:1602.02068; {_ENERGIES}"),
    "entmax": Attention(_entmax, 1.5, source=f"arXiv:1905.05702; {_ENERGIES}"),
    "normmax": Attention(_normmax, 2.0, source=f"arXiv:1901.02324; {_ENERGIES}"),
}


@dataclass(frozen=True)
class Similarity:
    """A row of `SIMILARITY`.

    Attributes
    ----------
    less : float
        How much of ``|x|^2`` is taken from x.s.
    drive : {"gradient", "mean"}
        What of the memory drives its neurons: by "mean" only the states' directions count.
    source : str
        Where it comes from, beside what all of them do.
    """

    less: float = 0.0
    drive: str = "gradient"
    source: str = ""


SIMILARITY = {
    "dot": Similarity(),
    "distance": Similarity(0.5, source="Millidge et al. 2022, arXiv:2202.04557"),
    "cosine": Similarity(drive="mean"),
}

ROWS = (
    Model(
        make=modern,
        about="modern: attention over real patterns",
        neuron=Linear(),
        order=Sync(),
        capacity="exponentially many in N, where they are far apart (theory.modern)",
        source="Ramsauer et al. 2021, arXiv:2008.02217",
        sample=modern,
    ),
)
