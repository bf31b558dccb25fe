"""Models beside Hebb's: dense, exponential, modern; sequences; BAM; Potts; the circuit of 1984.

Each is a memory, and goes with the neuron and the order that its docstring names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, describe, flag, number, real, room
from ..base.saved import savable
from ..core import separation
from ..core.couplings import Couplings
from ..core.cursors import Cursor, KeysCursor, weighted
from ..core.hebbian import DenseMemory, Hebbian
from ..core.memory import Memory, NoEnergy, Quadratic
from ..core.neurons import Graded, Potts
from ..core.patterns import Int8, bipolar
from .attention import Modern

__all__ = [
    "Associations",
    "Delayed",
    "Potentials",
    "associate",
    "bam",
    "dense",
    "exponential",
    "from_one_hot",
    "modern",
    "one_hot",
    "potts",
    "sequence",
]

_FIRM = 2.0**300  # what makes a field firm at any temperature
_BLOCK = 2**19  # values of patterns turned to floats at once


def dense(patterns: npt.ArrayLike, degree: int = 4, rectified: bool = False) -> Hebbian:
    """Store patterns in a dense associative memory, E = -sum_mu (xi_mu.s)**degree.

    Goes with `Sign` or `HeatBath` neurons, one at a time. It keeps some N**(degree - 1) patterns.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools.
    degree : int
        The power, 2 or more; 2 is Hebb's rule.
    rectified : bool
        Count no negative overlap: F(m) = max(m, 0)**degree, which keeps somewhat more.

    Returns
    -------
    Hebbian

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 rows, or a degree below 2.

    References
    ----------
    Krotov & Hopfield 2016, arXiv:1606.01164, eqs. 3 to 6.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(500, 50, rng=1)
    >>> hf.overlap(hf.recall(hf.dense(xi), hf.flip(xi[0], 5, rng=2), rng=3).state, xi[0])
    1.0
    """
    kind = separation.rectified if flag(rectified, "rectified") else separation.power
    return DenseMemory(patterns, kind(degree))


def exponential(patterns: npt.ArrayLike) -> Hebbian:
    """Store patterns under E = -sum_mu exp(xi_mu.s - N): exponentially many.

    Goes with `Sign` neurons, one at a time.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; N is 350 at most.

    Returns
    -------
    Hebbian

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 rows, or too many neurons for float64.

    References
    ----------
    Demircigil et al. 2017, doi:10.1007/s10955-017-1806-y.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(2**12, 24, rng=1)
    >>> float(hf.models.exponential(xi).stable(xi).mean()) > 0.98
    True
    """
    return DenseMemory(patterns, separation.exponential)


def modern(patterns: npt.ArrayLike, beta: float = 1.0, attention: str = "softmax") -> Modern:
    """Store real patterns that attention reads: E = -log sum exp(beta X s) / beta.

    Goes with `Linear` neurons, whose own energy is s.s / 2, and `Sync`: an update is then
    s' = X' softmax(beta X s), and the energy of the two never rises. -1/+1 patterns also go with
    `Sign` neurons, which take the discrete derivative of the same E.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        Real. float32 is kept, and is twice as fast.
    beta : float
        The inverse temperature, above 0: small ones recall means of patterns.
    attention : {"softmax", "sparsemax", "entmax15"}
        The last two give most patterns no weight at all, so that a pattern comes back exactly.

    Returns
    -------
    Modern

    Raises
    ------
    TypeError, ValueError
        For patterns that are not finite rows, or a beta of 0 or less.

    References
    ----------
    Ramsauer et al. 2021, arXiv:2008.02217, eqs. 1 to 3; Martins & Astudillo 2016,
    arXiv:1602.02068 (sparsemax); Peters, Niculae & Martins 2019, arXiv:1905.05702 (entmax);
    Santos et al. 2024, arXiv:2402.13725 (their energies).

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> x = np.random.default_rng(1).normal(size=(100, 64))
    >>> r = hf.recall(hf.modern(x), x[0] + 0.1, neuron=hf.Linear(), order=hf.Sync())
    >>> r.why, bool(np.abs(r.state - x[0]).max() < 0.01)
    ('fixed point', True)
    """
    return Modern(patterns, beta, attention)


@savable
class Associations(Quadratic):
    """What `associate` makes: h = V'K s / N without W_ii, never an N x N matrix.

    Parameters
    ----------
    keys, values : array_like of shape (P, N)
        -1/+1 or bools.
    self_coupling : bool
        Keep W_ii.

    References
    ----------
    Amari 1972, doi:10.1109/T-C.1972.223477.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.models.Associations([[1, 1, -1]], [[-1, 1, 1]], self_coupling=True).field([1, 1, -1])
    array([-1.,  1.,  1.])
    """

    symmetric = False

    def __init__(
        self, keys: npt.ArrayLike, values: npt.ArrayLike, *, self_coupling: bool = False
    ) -> None:
        self.keys, self.values = _rows(keys, "keys"), _rows(values, "values")
        if self.keys.shape != self.values.shape:
            raise ValueError(
                f"keys and values must have one shape, not {self.keys.shape} and "
                f"{self.values.shape}"
            )
        self.n, self.divisor = self.keys.shape[1], float(self.keys.shape[1])
        self.self_coupling = flag(self_coupling, "self_coupling")
        own = np.einsum("pi,pi->i", self.keys, self.values, dtype=np.float64)
        self._diagonal = np.zeros(self.n) if self.self_coupling else own

    def __repr__(self) -> str:
        return f"Associations({len(self.keys)} of {self.n} neurons)"

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"keys": self.keys, "values": self.values, "self_coupling": self.self_coupling}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the local fields W s, (..., n)."""
        return self.numerators(s) / self.divisor

    def numerators(self, s: npt.ArrayLike) -> Floats:
        """Return ``divisor`` times the field: integers where the states are integers."""
        rows = self._rows(s)
        out = -self._diagonal * rows
        for k, v in self._blocks():
            out += (rows @ k.T) @ v
        return out

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that keeps K s: a visit and a flip O(P)."""
        rows = self._replicas(s)
        keys, values = (np.ascontiguousarray(x.T, np.float64) for x in (self.keys, self.values))

        def at(m: Floats, sites: Any, own: Floats) -> Floats:
            drive = np.einsum("akp,ap->ak", values[sites], m)
            return np.asarray(drive - self._diagonal[sites] * own)

        return KeysCursor(keys, at, self.divisor, rows)

    def linear(self) -> tuple[Floats, Floats]:
        """Return (W, b), dense, where the field is W s + b."""
        w = sum(v.T @ k for k, v in self._blocks()) - np.diag(self._diagonal)
        return np.asarray(w / self.divisor), np.zeros(self.n)

    def _blocks(self) -> Iterator[tuple[Floats, Floats]]:
        size = max(1, _BLOCK // self.n)
        for first in range(0, len(self.keys), size):
            part = slice(first, first + size)
            yield self.keys[part].astype(np.float64), self.values[part].astype(np.float64)


def associate(keys: npt.ArrayLike, values: npt.ArrayLike) -> Associations:
    """Store pairs: a state like a key drives the neurons towards its value.

    Goes with `Sign` neurons and `Sync`. There is no energy.

    Parameters
    ----------
    keys, values : array_like of shape (P, N)
        -1/+1 or bools.

    Returns
    -------
    Associations
        W = V'K / N with an empty diagonal, held as keys and values.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 rows of one shape.

    References
    ----------
    Amari 1972, doi:10.1109/T-C.1972.223477.

    Examples
    --------
    >>> import hopfield as hf
    >>> k, v = hf.random_patterns((2, 5), 100, rng=1)
    >>> r = hf.recall(hf.models.associate(k, v), hf.flip(k[2], 0.2, rng=2), order=hf.Sync(),
    ...               updates=1)
    >>> hf.overlap(r.state, v[2])
    1.0
    """
    return Associations(keys, values)


@savable
class Delayed(Memory):
    """A memory of the present and, ``strength`` times, another of the state ``delay`` steps ago.

    The past stands in further neurons: sites 0 ... N-1 are the present, the next N the state of
    one step ago, and so on, each block copied from the one before it, exactly at any temperature.
    So it goes with `Sync`.

    Parameters
    ----------
    now, late : Memory
        Of N neurons each.
    delay : int
        Steps, 1 or more.
    strength : float
        The factor of ``late``.

    Raises
    ------
    TypeError, ValueError
        For what are not memories of one N, or a delay below 1.

    References
    ----------
    Sompolinsky & Kanter 1986, doi:10.1103/PhysRevLett.57.2861.

    Examples
    --------
    >>> import hopfield as hf
    >>> m = hf.models.Delayed(hf.hebb([[1, -1, 1]]), hf.Bias([1, 1, 1]), delay=1, strength=2)
    >>> m.gradient([1, -1, 1, 1, 1, 1]).round(3)
    array([ 2.667,  1.333,  2.667,  1.   , -1.   ,  1.   ])
    """

    symmetric = False

    def __init__(self, now: Memory, late: Memory, delay: int, strength: float = 1.0) -> None:
        for memory, name in ((now, "now"), (late, "late")):
            if not isinstance(memory, Memory) or not memory.n:
                raise TypeError(f"{name} must be a memory of n neurons, not {describe(memory)}")
        if now.n != late.n:
            raise ValueError(f"now and late must have one N, not {now.n} and {late.n}")
        self.now, self.late, self.strength = now, late, number(strength, "strength")
        self.delay = count(delay, "delay", 1)
        self.n = now.n * (self.delay + 1)
        self.states = now.states or late.states

    def __repr__(self) -> str:
        return f"Delayed({self.now} + {self.strength:g} * {self.late}, {self.delay} ago)"

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {
            "now": self.now,
            "late": self.late,
            "delay": self.delay,
            "strength": self.strength,
        }

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the fields, (..., n): of a copy the state that it copies, times 2**300."""
        fields = self.gradient(s)
        fields[..., self.now.n :] *= _FIRM
        return fields

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return what drives graded neurons, (..., n): of a copy the state that it copies."""
        rows, n = self._rows(s), self.now.n
        parts = (1.0, self.now, rows[..., :n]), (self.strength, self.late, rows[..., -n:])
        present = weighted(
            [(w, m.divisor, m.numerators(x)) for w, m, x in parts], np.zeros(rows[..., :n].shape)
        )
        return np.concatenate([present, rows[..., :-n]], axis=-1)


def sequence(
    patterns: npt.ArrayLike, *, cyclic: bool = True, delay: int = 0, strength: float = 2.0
) -> Associations | Delayed:
    """Store a sequence: each pattern drives the neurons towards the next.

    Goes with `Sign` or `HeatBath` neurons and `Sync`. There is no energy.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools, in their order.
    cyclic : bool
        The first follows the last.
    delay : int
        With 0 each step goes on to the next pattern. With more, Hebb's rule holds a pattern for
        ``delay`` + 1 steps, until the drive to the next, which comes so many steps late, wins.
        There are then N (delay + 1) sites, of which the first N are the present (see `Delayed`):
        as a cue give ``np.tile(cue, delay + 1)``.
    strength : float
        Of the late drive beside Hebb's couplings; above 1 it wins.

    Returns
    -------
    Associations or Delayed

    Raises
    ------
    TypeError, ValueError
        For fewer than 2 patterns, patterns that are not -1/+1 rows, or a negative delay.

    References
    ----------
    During, Coolen & Sherrington 1998, doi:10.1088/0305-4470/31/43/005; with a delay Sompolinsky
    & Kanter 1986, doi:10.1103/PhysRevLett.57.2861.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(4, 100, rng=1)
    >>> r = hf.recall(hf.sequence(xi), xi[0], order=hf.Sync(), updates=6, record=hf.record.overlaps(xi))
    >>> r.trace.argmax(axis=1)
    array([0, 1, 2, 3, 0, 1, 2])
    """
    xi = _rows(patterns, "patterns")
    if len(xi) < 2:
        raise ValueError("patterns must be 2 or more to be a sequence, not 1")
    keys, values = xi, np.roll(xi, -1, axis=0)
    if not flag(cyclic, "cyclic"):
        keys, values = keys[:-1], values[:-1]
    steps = Associations(keys, values)
    return Delayed(Hebbian(xi), steps, delay, strength) if count(delay, "delay", 0) else steps


def bam(a: npt.ArrayLike, b: npt.ArrayLike) -> Couplings:
    """Store pairs of patterns in a bidirectional associative memory of N + M neurons.

    They are Hebb's couplings of the joint patterns (a, b), without those inside a and inside b;
    E = -a.W b. Goes with `Sign` neurons and ``Blocks(slice(N), slice(N, N + M))``, or the second
    block first to recall b from a: the energy never rises.

    Parameters
    ----------
    a : array_like of shape (P, N)
        -1/+1 or bools.
    b : array_like of shape (P, M)
        The pattern that belongs to each.

    Returns
    -------
    Couplings
        Between N + M neurons, ``divisor`` N + M.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 rows, as many in ``a`` as in ``b``.

    References
    ----------
    Kosko 1988, doi:10.1109/21.87054.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> a, b = hf.random_patterns(3, 60, rng=1), hf.random_patterns(3, 40, rng=2)
    >>> cue = np.concatenate([hf.flip(a[0], 6, rng=3), np.zeros(40)])
    >>> b_first = hf.Blocks(range(60, 100), range(60))
    >>> r = hf.recall(hf.models.bam(a, b), cue, order=b_first)
    >>> hf.overlap(r.state[:60], a[0]), hf.overlap(r.state[60:], b[0])
    (1.0, 1.0)
    """
    x, y = _rows(a, "a"), _rows(b, "b")
    if len(x) != len(y):
        raise ValueError(f"a and b must be as many patterns, not {len(x)} and {len(y)}")
    n = x.shape[1]
    w = np.zeros((n + y.shape[1],) * 2)
    w[n:, :n] = y.T.astype(np.float64) @ x
    w[:n, n:] = w[n:, :n].T
    return Couplings(w, divisor=len(w))


def potts(patterns: npt.ArrayLike, q: int) -> Couplings:
    """Store patterns of q states by the Potts form of Hebb's rule.

    The N q sites are what `one_hot` makes of states: W = U'U / N with u = q - 1 where a site's
    state is the pattern's and -1 elsewhere, and nothing between the sites of one neuron. With
    q = 2 it is Hebb's rule. Goes with ``Potts(q)`` neurons, in any order.

    Parameters
    ----------
    patterns : array_like of int, shape (P, N)
        States 0 ... q-1.
    q : int
        States, 2 or more.

    Returns
    -------
    Couplings
        Between N q sites.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not rows of such states.

    References
    ----------
    Kanter 1988, doi:10.1103/PhysRevA.37.2739, eqs. 2 and 3.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> x = np.random.default_rng(1).integers(3, size=(4, 60))
    >>> cue = x[0].copy()
    >>> cue[:15] = 0
    >>> r = hf.recall(hf.models.potts(x, 3), hf.models.one_hot(cue, 3), neuron=hf.Potts(3), rng=2)
    >>> bool((hf.models.from_one_hot(r.state, 3) == x[0]).all())
    True
    """
    states = one_hot(patterns, q)
    if states.ndim != 2:
        raise ValueError(f"patterns must be rows (P, N); the shape is {np.shape(patterns)}")
    n = states.shape[1] // q
    u = q * states.astype(np.float64) - 1
    w = u.T @ u
    room("patterns", n * q, n * q)
    units = np.arange(n * q).reshape(n, q)
    w[units[:, :, None], units[:, None, :]] = 0
    return Couplings(w, divisor=n, neuron=Potts(q))


def one_hot(states: npt.ArrayLike, q: int) -> Int8:
    """Return states 0 ... q-1 as q sites each, 1 at the state and 0 elsewhere.

    Parameters
    ----------
    states : array_like of int, shape (..., N)
        The states; -1 is not known, and becomes 0 everywhere.
    q : int
        States, 2 or more.

    Returns
    -------
    ndarray of int8, shape (..., N q)

    Raises
    ------
    TypeError, ValueError
        For values that are not such states.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.models.one_hot([2, 0, -1], 3)
    array([0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=int8)
    """
    x = real(states, "states")
    count(q, "q", 2)
    if x.dtype.kind not in "iu":
        raise TypeError(f"states must be integers, not {x.dtype.name} values")
    if x.ndim == 0 or x.min() < -1 or x.max() >= q:
        raise ValueError(f"states must be rows of 0 ... {q - 1}, or -1 where not known")
    room("q", x.size, q)
    sites = x[..., None] == np.arange(q)
    return np.asarray(sites.reshape(*x.shape[:-1], -1), dtype=np.int8)


def from_one_hot(sites: npt.ArrayLike, q: int) -> npt.NDArray[np.int64]:
    """Return the states 0 ... q-1 of neurons of q sites each, the first of the largest.

    Parameters
    ----------
    sites : array_like of shape (..., N q)
        As `recall` returns them.
    q : int
        States, 2 or more.

    Returns
    -------
    ndarray of int64, shape (..., N)
        -1 where all sites of a neuron are alike: not known.

    Raises
    ------
    TypeError, ValueError
        For a number of sites that is no multiple of q.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.models.from_one_hot([0, 0, 1, 1, 0, 0, 0, 0, 0], 3)
    array([ 2,  0, -1])
    """
    x = real(sites, "sites")
    count(q, "q", 2)
    if x.ndim == 0 or x.shape[-1] % q:
        raise ValueError(f"sites must be a multiple of {q} on the last axis, not {x.shape}")
    x = x.reshape(*x.shape[:-1], -1, q)
    return np.where(x.max(axis=-1) > x.min(axis=-1), x.argmax(axis=-1), -1)


@savable
class Potentials(Memory):
    """A memory of graded neurons, seen by their potentials u: the circuit of Hopfield 1984.

    The drive is that of the neurons' outputs v = Graded(beta, low, high), h(u) = -dE/dv, so that
    `Linear` neurons under `Flow` solve du/dt = -u + h. They keep what tanh rounds away. There is
    no energy of u of which h is the derivative; what never rises is ``memory.energy(v) +
    graded.energy(v)``, with ``v = outputs(u)``.

    Parameters
    ----------
    memory : Memory
        Of the outputs.
    beta : float
        The gain.
    low, high : float
        Between which the outputs lie.

    Raises
    ------
    TypeError, ValueError
        For what is no memory, or what `Graded` refuses.

    References
    ----------
    Hopfield 1984, doi:10.1073/pnas.81.10.3088, eq. 5.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(1, 50, rng=1)
    >>> circuit = hf.models.Potentials(hf.hebb(xi), beta=2)
    >>> r = hf.recall(circuit, 0.1 * xi[0], neuron=hf.Linear(), order=hf.Flow(0.5))
    >>> round(hf.overlap(circuit.outputs(r.state), xi[0]), 6)
    0.953489
    """

    symmetric = False

    def __init__(self, memory: Memory, beta: float, low: float = -1.0, high: float = 1.0) -> None:
        if not isinstance(memory, Memory) or not memory.n:
            raise TypeError(f"memory must be a memory of n neurons, not {describe(memory)}")
        self.memory, self.graded, self.n = memory, Graded(beta, low, high), memory.n

    def __repr__(self) -> str:
        return f"Potentials({self.memory}, {self.graded.beta:g})"

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        g = self.graded
        return {"memory": self.memory, "beta": g.beta, "low": g.low, "high": g.high}

    def outputs(self, u: npt.ArrayLike) -> Floats:
        """Return the outputs v (..., n) of potentials u (..., n)."""
        return self.graded.answer(self._rows(u))

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the drive of the outputs, (..., n)."""
        return self.memory.gradient(self.outputs(s))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Raise NoEnergy: energies belong to the outputs."""
        raise NoEnergy(
            "Potentials have no energy: their outputs v have memory.energy(v) + graded.energy(v)"
        )


def _rows(patterns: npt.ArrayLike, name: str) -> Int8:
    xi = bipolar(patterns, name)
    if xi.ndim != 2:
        raise ValueError(f"{name} must be rows (P, N); the shape is {xi.shape}")
    return xi
