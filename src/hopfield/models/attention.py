"""Modern Hopfield networks (Ramsauer et al. 2021, arXiv:2008.02217): patterns read by attention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, choice, number, stacked, vectors
from ..base.exact import on_grid
from ..base.saved import savable
from ..core.cursors import Cursor, KeysCursor
from ..core.memory import Memory
from ..core.neurons import Linear
from ..core.orders import Sync
from .model import Model

__all__ = ["ATTENTION", "SIMILARITY", "Modern", "modern"]
__dir__ = __all__.copy

_LINEAR = Linear()
_VALUES_AT_ONCE = 2**20  # values of a block of patterns: it stays in cache between its two products
_LOWEST = -60.0  # exp of less adds nothing, and its denormals would cost a hundred times as much


@savable
class Modern(Memory):
    """What `modern` makes: E = -A(beta z) / beta with scores z = X s, and -dE/ds = X' p.

    A is the convex function whose gradient p is the attention: log sum exp for softmax. For a
    clear winner it is the largest score, whatever the attention. By distance,
    ``z = X s - |x|^2 / 2``.

    Parameters
    ----------
    patterns, beta, attention, order, similarity
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
    ) -> None:
        x = stacked(vectors(patterns, "patterns"), "patterns")
        # On a grid, on which sums over two-valued states come out the same in any order.
        kind = np.float32 if x.dtype == np.float32 else np.float64
        self.patterns: Array = on_grid(x.astype(kind))
        self.patterns.setflags(write=False)
        self.n, self._largest = x.shape[1], x.shape[1] * float(np.abs(self.patterns).max())
        self.beta = number(beta, "beta")
        if self.beta <= 0:
            raise ValueError(f"beta must be above 0, not {beta}")
        self.attention = choice(attention, "attention", ATTENTION)
        self.power = ATTENTION[self.attention].ordered(order, self.attention)
        self.similarity = choice(similarity, "similarity", SIMILARITY)
        # Sorted: renumbered neurons add up to the same.
        squares = np.sort(np.square(self.patterns, dtype=np.float64), axis=1).sum(axis=1)
        self._lengths: Floats = SIMILARITY[self.similarity][0] * squares

    def __repr__(self) -> str:
        power = "" if self.power is None else f" {self.power:g}"
        by = "" if self.similarity == "dot" else f", by {self.similarity}"
        return f"Modern({len(self.patterns)} patterns of {self.n}, {self.attention}{power}{by})"

    @property
    def source(self) -> str:
        """Where it, its attention and what it compares come from."""
        rows = ATTENTION[self.attention].source, SIMILARITY[self.similarity][1]
        return "; ".join(filter(None, [ROWS[0].source, *rows]))

    @property
    def neuron(self) -> Linear:
        """`Linear()`; -1/+1 neurons, which read the discrete derivative, are to be named."""
        return _LINEAR

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {
            "patterns": self.patterns,
            "beta": self.beta,
            "attention": self.attention,
            "order": self.power,
            "similarity": self.similarity,
        }

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the discrete derivative between -1 and +1, (..., n)."""
        rows = self._rows(s)
        m, neurons = rows @ self.patterns.T, self.patterns.T
        size, out = max(1, _VALUES_AT_ONCE // m.size), np.empty(rows.shape)
        for first in range(0, self.n, size):
            part = slice(first, first + size)
            out[..., part] = self._derivative(m[..., None, :], neurons[part], rows[..., part])
        return out

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return -dE/ds = X' p, p the attention that the patterns receive, (..., n).

        float32 where the patterns are.
        """
        rows = self._rows(s)
        return self._read(rows.reshape(-1, self.n))[0].reshape(rows.shape)

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -A(beta z) / beta, (...); for softmax -log sum exp(beta z) / beta."""
        rows = self._rows(s)
        e = -self._read(rows.reshape(-1, self.n))[1].reshape(rows.shape[:-1]) / self.beta
        return e if e.ndim else float(e)

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that keeps X s: a visit and a flip O(P)."""
        rows = self._replicas(s)
        keys = np.ascontiguousarray(self.patterns.T, dtype=np.float64)

        def numerators(m: Floats, sites: Any, own: Floats) -> Floats:
            if sites.shape[1] == self.n:
                return self.field(own)
            return self._derivative(m[:, None], keys[sites], own)

        found = KeysCursor(keys, numerators, 1.0, rows)
        found.exact = False
        return found

    def _derivative(self, m: Floats, x: Array, own: Floats) -> Floats:
        others = m - x * own[..., None]
        # Sorted: equal scores in another order tie exactly, whatever the rounding of their sum.
        scores = (np.sort(self.beta * (others + a * x - self._lengths), axis=-1) for a in (1, -1))
        up, down = (self._attend(z)[1] for z in scores)
        return np.asarray((up - down) / (2 * self.beta))

    def _attend(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return the attention p (..., P) that scores (..., P) receive, and A (...)."""
        return ATTENTION[self.attention].read(scores, self.power)

    def _read(self, rows: Floats) -> tuple[Floats, Floats]:
        """Return X' p and A of states (R, n), the patterns passed once, in blocks, for softmax."""
        x, queries, lengths = self.patterns, self.beta * rows, self.beta * self._lengths
        most = max(self._largest * float(np.abs(queries).max()), float(lengths.max()))
        if most > 1e30:  # which float32 cannot multiply
            x = x.astype(np.float64)
        queries, lengths = queries.astype(x.dtype), lengths.astype(x.dtype)
        whole = self.attention != "softmax"
        size = len(x) if whole else max(1, _VALUES_AT_ONCE // max(self.n, len(rows)))
        read, total, top = np.zeros(rows.shape, x.dtype), np.zeros(len(rows)), None
        for first in range(0, len(x), size):
            block = x[first : first + size]
            scores = queries @ block.T - lengths[first : first + size]
            if whole:
                p, a = self._attend(scores)
                return np.asarray(p @ block), a
            best = scores.max(axis=1)
            if top is not None:
                best = np.maximum(best, top)
                shrink = np.exp(np.maximum(top - best, _LOWEST))
                read *= shrink[:, None]
                total *= shrink
            top = best
            scores -= top[:, None]
            np.exp(np.maximum(scores, _LOWEST, out=scores), out=scores)
            total += scores.sum(axis=1)
            read += scores @ block
        read /= total[:, None]
        return read, np.log(total) + top


def modern(
    patterns: npt.ArrayLike,
    beta: float = 1.0,
    attention: str = "softmax",
    *,
    order: float | None = None,
    similarity: str = "dot",
) -> Modern:
    """Store real patterns that attention reads: E = -log sum exp(beta X s) / beta.

    Goes with `Linear` neurons, whose own energy is s.s / 2, and `Sync`: an update is then
    s' = X' softmax(beta X s), and the energy of the two never rises. -1/+1 patterns also go with
    `Sign` neurons, which take the discrete derivative of the same E: each neuron weighs all
    patterns for itself, so that a sweep takes some N / 3 times as long as an update of all at once.

    One update of one state is ``memory.gradient(s)``, at what two products with the patterns cost;
    `recall` adds some 0.1 ms a call to that, for what it checks, counts and proves.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        Real. float32 is kept, and is twice as fast; `Linear` then settles where a step is no more
        than rounding.
    beta : float
        The inverse temperature, above 0: small ones recall means of patterns.
    attention : {"softmax", "sparsemax", "entmax", "normmax"}
        All but the first give most patterns no weight at all. One update recalls a pattern
        exactly if its score beta x.s lies 1 above all others (entmax: 1 / (order - 1)).
    order : float, optional
        Above 1. Of entmax, its alpha: 1 would be softmax, 2 is sparsemax; 1.5 by default. Of
        normmax, its gamma, the norm that the weights maximise: 2 by default.
    similarity : {"dot", "distance"}
        What is compared: x.s, or ``-|x - s|^2 / 2``, so that patterns of unlike length are recalled
        alike. For patterns of -1/+1 it is the same.

    Returns
    -------
    Modern

    Raises
    ------
    TypeError, ValueError
        For patterns that are not finite rows, a beta of 0 or less, an order of 1 or less, or of an
        attention that has none.

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
    """
    return Modern(patterns, beta, attention, order, similarity)


def _softmax(scores: Floats, order: float | None) -> tuple[Floats, Floats]:
    top = scores.max(axis=-1, keepdims=True)
    p = np.exp(np.maximum(scores - top, _LOWEST))
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
SIMILARITY = {  # how much of |x|^2 is taken from x.s, and where that comes from
    "dot": (0.0, ""),
    "distance": (0.5, "Millidge et al. 2022, arXiv:2202.04557"),
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
