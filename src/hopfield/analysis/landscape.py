"""The landscape of a memory: fixed points, basins of attraction, stability, what was recalled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import (
    Array,
    Floats,
    Rng,
    count,
    describe,
    generator,
    number,
    stacked,
    two_states,
    vectors,
)
from ..base.exact import among
from ..base.progress import Watch, telling
from ..base.saved import equal, savable
from ..core.memory import Memory, NoEnergy, of_states
from ..core.network import network
from ..core.neurons import Neuron, driven_by, threshold_neuron
from ..core.orders import Order
from ..core.patterns import Int8, bipolar, narrow, random_patterns
from ..core.recall import Recall, Run
from .planes import Plane as Plane, cells as cells, laid_out as laid_out, valleys as valleys

__all__ = [
    "Attractors",
    "Basins",
    "Identity",
    "Plane",
    "all_states",
    "attractors",
    "basins",
    "cells",
    "fixed_points",
    "identify",
    "laid_out",
    "stability",
    "valleys",
]
__dir__ = __all__.copy

LARGEST_N = 25
_CHUNK = 2**16
_VALUES = 2**22  # of a batch of starts recalled at once, to bound the memory taken
_CORNERS = 12  # neurons all of whose corners are tried
_STEPS, _ALL_BUT, _ONE = 1000, 1e-9, 1e-6  # to a place of rest, how near, what is one
_AWAY = 1e12  # from which nothing comes back
_MIXED_AMONG = 12  # patterns of which three may be mixed
_SIGNS = np.array(list(product((1, -1), repeat=3)), dtype=np.int8)


def all_states(n: int, states: tuple[float, float] = (-1, 1)) -> Iterator[Array]:
    """Yield all 2**n states in blocks (at most 65,536, n), counting in binary.

    Parameters
    ----------
    n : int
        Neurons, at most 25.
    states : (low, high)
        The two states; the first state is all low.

    Examples
    --------
    >>> import hopfield as hf
    >>> next(hf.landscape.all_states(2))
    array([[-1, -1],
           [-1,  1],
           [ 1, -1],
           [ 1,  1]], dtype=int8)
    """
    return _counted(count(n, "n", 1, LARGEST_N), *two_states(states))


def _counted(n: int, low: float, high: float) -> Iterator[Array]:
    bits = np.arange(n - 1, -1, -1)
    for start in range(0, 2**n, _CHUNK):
        numbers = np.arange(start, min(start + _CHUNK, 2**n))
        yield narrow(np.where(numbers[:, None] >> bits & 1, high, low))


def fixed_points(memory: Memory, *, neuron: Neuron | None = None) -> Array:
    """Return every fixed point, by looking at all 2**N states.

    Parameters
    ----------
    memory : Memory
        Of at most 25 neurons. Where its field is linear this takes a second or two; other
        memories are enumerated state by state, which takes minutes at N = 25.
    neuron : Neuron
        `Sign()` by default. A state is fixed if no neuron can move, whatever is drawn.

    Returns
    -------
    ndarray of shape (K, N)
        Deepest first where the memory has an energy.

    Raises
    ------
    ValueError
        If N > 25, or the neuron has not two states.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.landscape.fixed_points(hf.hebb([[1, -1, 1]]))
    array([[-1,  1, -1],
           [ 1, -1,  1]], dtype=int8)
    """
    memory, neuron, _ = network(memory, neuron)
    _enumerable(memory)
    _two_state(neuron)
    found = [
        s[neuron.settled(memory.field(s), s.astype(np.float64)).all(axis=1)]
        for s in _candidates(memory, neuron)
    ]
    points = np.concatenate(found) if found else np.empty((0, memory.n), dtype=np.int8)
    if memory.symmetric and len(points):
        points = points[np.argsort(memory.energy(points), kind="stable")]
    return points


def _candidates(memory: Memory, neuron: Neuron) -> Iterator[Array]:
    """Yield blocks of states among which all fixed points are.

    Where the field is linear and the neuron a threshold, neurons are given states in turn, and
    a branch ends when a given neuron would move however the rest turn out.
    """
    linear = memory.linear()
    if linear is None or not threshold_neuron(neuron):
        yield from all_states(memory.n, neuron.states or (-1, 1))
        return
    w, b = linear
    thresholds = [theta for theta, _ in neuron.bounds]
    slack = 1e-9 * (1 + np.abs(w).sum(axis=1) + np.abs(b))  # rounding must not end a branch
    low, high = neuron.states
    most, least = (
        np.cumsum(np.pad(extreme(w * low, w * high), ((0, 0), (0, 1)))[:, ::-1], axis=1)[:, ::-1]
        for extreme in (np.maximum, np.minimum)
    )  # what the neurons from column k on can add to each field
    branches = [(np.empty((1, 0)), b[None])]
    while branches:
        given, h = branches.pop()
        k = given.shape[1]
        if not len(given):
            continue
        if k == memory.n:
            yield narrow(given)
        elif len(given) > _CHUNK:
            half = len(given) // 2
            branches += [(given[:half], h[:half]), (given[half:], h[half:])]
        else:
            given = np.concatenate([np.insert(given, k, s, axis=1) for s in (low, high)])
            h = np.concatenate([h + w[:, k] * s for s in (low, high)])
            up = h + most[:, k + 1] >= max(thresholds) - slack
            down = h + least[:, k + 1] <= min(thresholds) + slack
            can_stay = np.where(given == high, up[:, : k + 1], down[:, : k + 1]).all(axis=1)
            branches.append((given[can_stay], h[can_stay]))


@savable
@dataclass(frozen=True)
class Basins:
    """Where a set of starts ended.

    Attributes
    ----------
    states : ndarray of shape (K, N)
        The ends, most reached first; of a cycle the state that comes first in binary.
    counts : ndarray of int, shape (K,)
        How many starts each one drew.
    why : ndarray of str, shape (K,)
        "fixed point", "2-cycle", ... as `recall` says.
    """

    states: Array
    counts: npt.NDArray[np.int64]
    why: npt.NDArray[np.str_]
    __eq__ = equal

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this result: what a file holds of it."""
        return dict(self.__dict__)

    @property
    def shares(self) -> Floats:
        """The fraction of the starts that each one drew, (K,)."""
        return np.asarray(self.counts / self.counts.sum())

    def count_of(self, state: npt.ArrayLike) -> int:
        """Return how many starts ended in ``state`` (N,)."""
        same = (self.states == _one(state, "state", self.states.shape[1])).all(axis=1)
        return int(self.counts[same].sum())


def basins(
    memory: Memory,
    starts: npt.ArrayLike | None = None,
    *,
    samples: int | None = None,
    neuron: Neuron | None = None,
    order: Order | None = None,
    sweeps: int = 100,
    rng: Rng | None = None,
    progress: Watch | None = None,
) -> Basins:
    """Return where starts end: all 2**N of them, a random sample, or those given.

    Parameters
    ----------
    memory : Memory
        With neither ``starts`` nor ``samples`` of at most 20 neurons.
    starts : array_like of shape (B, N), optional
        The starts; to be given where the neuron has not two states. Ends of graded neurons are
        told apart to a millionth.
    samples : int, optional
        Draw so many starts uniformly; needs ``rng``.
    neuron, order, sweeps, rng
        As for `recall`.
    progress : callable, optional
        Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.

    Returns
    -------
    Basins

    Examples
    --------
    >>> import hopfield as hf
    >>> w = hf.hebb([[1, -1, -1, 1, 1]])
    >>> hf.landscape.basins(w, neuron=hf.Sign(tie="down"), order=hf.Sync()).counts
    array([17, 15])
    """
    memory, neuron, order = network(memory, neuron, order)
    if starts is not None and samples is not None:
        raise ValueError("give starts or samples, not both")
    if starts is None:
        _two_state(neuron)
    if samples is not None:
        if rng is None:
            raise TypeError("rng must be given where starts are drawn")
        rng = generator(rng, "basins")
        low_high = neuron.states or (-1, 1)
        starts = random_patterns(count(samples, "samples", 1), memory.n, rng=rng, states=low_high)
    elif starts is None:
        _enumerable(memory, 20)
        starts = np.concatenate(list(all_states(memory.n, neuron.states or (-1, 1))))
    ends, why = [], []
    rows = np.atleast_2d(vectors(starts, "starts", memory.n))
    if rows.ndim > 2:
        raise ValueError(f"starts must be (B, N); its shape is {rows.shape}")
    size = max(1, min(_CHUNK, _VALUES // memory.n))
    tell = telling(progress, "basins", len(rows), "starts")
    source = None if rng is None else generator(rng, "recall")  # one for all parts of the batch
    for first in range(0, len(rows), size):
        run = Run(memory, rows[first : first + size], neuron=neuron, order=order, rng=source)
        r = run.finish(sweeps)
        ends.append(_first_of_cycle(run, r))
        why.append(r.why)
        tell(min(first + size, len(rows)))
    states, whys = np.concatenate(ends), np.concatenate(why)
    if neuron.states is None:
        states = np.round(states, 6) + 0.0  # -0.0 is 0.0
    seen: dict[bytes, list[int]] = {}  # np.unique(axis=0) sorts, which is far slower
    for row, state in enumerate(states):
        seen.setdefault(state.tobytes(), []).append(row)
    groups = sorted(seen.values(), key=lambda g: (-len(g), tuple(states[g[0]])))
    firsts = [g[0] for g in groups]
    return Basins(states[firsts], np.array([len(g) for g in groups]), whys[firsts])


@savable
@dataclass(frozen=True)
class Attractors:
    """Where graded neurons come to rest.

    Attributes
    ----------
    states : ndarray of shape (K, N)
        Deepest first where the memory has an energy, else most reached first.
    counts : ndarray of int, shape (K,)
        How many starts came to each; those that came to none are in none.
    growth, frequency : ndarray of shape (K, N)
        The real and imaginary parts of `eigenvalues`.
    energies : ndarray of shape (K,) or None
        The neurons' own included, of `models.Potentials` what never rises; None where the memory
        has none.
    """

    states: Floats
    counts: npt.NDArray[np.int64]
    growth: Floats
    frequency: Floats
    energies: Floats | None = None
    __eq__ = equal

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this result: what a file holds of it."""
        return dict(self.__dict__)

    @property
    def eigenvalues(self) -> npt.NDArray[np.complex128]:
        """Those of ds/dt = answer - s at each place, (K, N), the largest real part first."""
        return np.asarray(self.growth + 1j * self.frequency)

    @property
    def stable(self) -> npt.NDArray[np.bool_]:
        """Whether a small push dies out, (K,): not at a saddle, nor where two places part."""
        return np.asarray(self.growth[:, 0] < -_ONE)


def attractors(
    memory: Memory,
    starts: npt.ArrayLike | None = None,
    *,
    samples: int | None = None,
    neuron: Neuron | None = None,
    rng: Rng | None = None,
) -> Attractors:
    """Return the places of rest of graded neurons that starts lead to, and how stable they are.

    Each start relaxes by half steps to the answers of its drive, or by shorter ones, until it all
    but rests; Newton's method polishes that to the last digits. Places are one within a
    millionth of the largest value of a start or a place.

    Parameters
    ----------
    memory : Memory
        Of at most 12 neurons, of which all corners are tried, unless starts are given or sampled.
    starts : array_like of shape (B, N), optional
        To be given for neurons without bounds, such as `Linear`.
    samples : int, optional
        Draw so many starts uniformly between the neuron's bounds; needs ``rng``.
    neuron : Neuron
        `Graded`, say; by default what the memory was written for. The slopes are differences, so
        that any memory and any transfer will do; each place takes 2 N drives and N^3 operations.
    rng : int or numpy.random.Generator, optional
        Seed or generator of the samples; without them there is nothing to draw.

    Returns
    -------
    Attractors

    Raises
    ------
    TypeError, ValueError
        For neurons that are not graded, or starts that are missing or do not fit.

    References
    ----------
    Hopfield 1984, doi:10.1073/pnas.81.10.3088.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.hebb([[1, 1, -1, 1]])
    >>> found = hf.landscape.attractors(memory, neuron=hf.Graded(2))
    >>> found.states[found.stable].round(3)
    array([[-0.859, -0.859,  0.859, -0.859],
           [ 0.859,  0.859, -0.859,  0.859]])
    >>> len(found.states)  # 0 is a saddle
    3
    """
    memory, neuron, _ = network(memory, neuron)
    answer, drive = getattr(neuron, "answer", None), getattr(memory, driven_by(neuron))
    if answer is None:
        raise ValueError(f"neuron must be graded for that, as hf.Graded(beta) is, not {neuron}")

    def pull(s: Floats) -> Floats:
        return np.asarray(answer(drive(s)))

    begun = _starts(memory, neuron, starts, samples, rng)
    s = _relaxed(pull, begun.copy())
    near = np.abs(s).max(axis=1) < _AWAY
    one = _ONE * (float(np.abs([begun[near], s[near]]).max(initial=0.0)) or 1.0)
    cells = np.round(10 * s / one) + 0.0  # within each are starts that have one place
    _, first, drawn = np.unique(cells, axis=0, return_index=True, return_counts=True)
    found: list[tuple[Floats, npt.NDArray[np.complex128]]] = []
    counts: list[int] = []
    for row, many in zip(first, drawn.tolist(), strict=True):
        point = _polished(pull, s[row])
        if point is None:
            continue
        rates = _rates(pull, point)
        # Where two places part, either is known to the cube root of rounding.
        apart = 100 * one if abs(rates[0].real) < _ONE else one
        same = [j for j, (other, _) in enumerate(found) if np.abs(other - point).max() < apart]
        if not same:
            found.append((point, rates))
            counts.append(0)
        counts[same[0] if same else -1] += many
    states = np.reshape([x for x, _ in found], (-1, memory.n))
    every = np.reshape([x for _, x in found], (-1, memory.n)).astype(complex)
    many = np.array(counts, dtype=np.int64)
    energies = _energies(memory, neuron, states)
    by = np.argsort(-many if energies is None else np.round(energies, 9), kind="stable")
    parts = states[by], many[by], every[by].real, every[by].imag
    return Attractors(*parts, None if energies is None else energies[by])


def _energies(memory: Memory, neuron: Any, states: Floats) -> Floats | None:
    """Return what never rises at states (K, N), (K,), or None where nothing is known to."""
    own, lyapunov = getattr(neuron, "energy", None), getattr(memory, "lyapunov", None)
    if not len(states):
        return None
    if memory.symmetric:
        return None if own is None else np.asarray(memory.energy(states) + own(states))
    if lyapunov is None or not isinstance(neuron, type(memory.neuron)):
        return None
    try:
        return np.asarray(lyapunov(states))
    except NoEnergy:
        return None


def _starts(
    memory: Memory, neuron: Any, starts: Any, samples: int | None, rng: Rng | None
) -> Floats:
    """Return the starts (B, N) of graded neurons: those given, drawn, or all corners."""
    if starts is not None and samples is not None:
        raise ValueError("give starts or samples, not both")
    if rng is not None and samples is None:
        raise ValueError("rng must come with samples: without them nothing is drawn")
    if starts is not None:
        rows = np.array(np.atleast_2d(vectors(starts, "starts", memory.n)), dtype=np.float64)
        if rows.ndim > 2:
            raise ValueError(f"starts must be (B, N); its shape is {rows.shape}")
        return rows
    low, high = getattr(neuron, "low", None), getattr(neuron, "high", None)
    if low is None or high is None:
        raise ValueError(f"starts must be given, as {neuron} has no bounds between which to begin")
    if samples is None:
        _enumerable(memory, _CORNERS, "attractors")
        return np.concatenate(list(all_states(memory.n, (low, high)))).astype(np.float64)
    if rng is None:
        raise TypeError("rng must be given where starts are drawn")
    shape = count(samples, "samples", 1), memory.n
    return generator(rng, "attractors").uniform(low, high, shape)


def _relaxed(pull: Callable[[Floats], Floats], s: Floats) -> Floats:
    """Return where states (B, N) come by steps of a half of the way, or of less if these go on."""
    for part in (1 / 2, 1 / 8, 1 / 32):
        going = np.arange(len(s))
        for _ in range(_STEPS):
            off = pull(s[going]) - s[going]
            s[going] += part * off
            most, far = np.abs(off).max(axis=1), np.abs(s[going]).max(axis=1)
            going = going[(most >= _ALL_BUT) & (far < _AWAY)]
            if not going.size:
                return s
    return s


def _slopes(pull: Callable[[Floats], Floats], s: Floats) -> Floats:
    """Return d pull_i / d s_j, (N, N), by central differences."""
    step = 1e-6 * np.diag(1 + np.abs(s))
    return np.asarray((pull(s + step) - pull(s - step)).T / (2 * np.diag(step)))


def _polished(pull: Callable[[Floats], Floats], s: Floats) -> Floats | None:
    """Return where pull(s) = s, by Newton's method from nearby; None where there is no such place.

    Where Newton leads away, or nowhere, the place where it began is kept.
    """
    begun = s
    for _ in range(30):
        off = pull(s) - s
        if np.abs(off).max() < 1e-14 * (1 + np.abs(s).max()):
            break
        try:
            s = s + np.linalg.solve(np.eye(s.size) - _slopes(pull, s), off)
        except np.linalg.LinAlgError:  # where another place of rest is about to part from this
            break
    rests = [x for x in (s, begun) if np.abs(pull(x) - x).max() < _ALL_BUT * 10]
    return rests[0] + 0.0 if rests else None


def _rates(pull: Callable[[Floats], Floats], s: Floats) -> npt.NDArray[np.complex128]:
    """Return the eigenvalues of ds/dt = pull(s) - s, the largest real part first."""
    found = np.linalg.eigvals(_slopes(pull, s)) - 1
    return np.asarray(found[np.lexsort((found.imag, -found.real))], dtype=np.complex128)


def stability(memory: Memory, patterns: npt.ArrayLike) -> Floats:
    """Return each pattern's margin, min_i xi_i h_i: positive where it is strictly fixed.

    Parameters
    ----------
    memory : Memory
    patterns : array_like of shape (..., N)
        Of the states of the memory's neuron, -1/+1 by default (or bools); xi_i is -1 or +1 all
        the same.

    Returns
    -------
    ndarray of shape (...)

    Raises
    ------
    TypeError, ValueError
        For patterns of other states, or a memory of neurons of q states.

    Examples
    --------
    >>> import hopfield as hf
    >>> letters = hf.pictures.small("checkerboard", "X", "A")
    >>> hf.landscape.stability(hf.hebb(letters), letters) * 25
    array([-2.,  2., 12.])
    """
    memory, neuron, _ = network(memory)
    if getattr(neuron, "width", 1) > 1:
        raise TypeError(f"memory must be of two-valued neurons, not {neuron}")
    low, high = neuron.states or memory.states or (-1.0, 1.0)
    xi = of_states(vectors(patterns, "patterns", memory.n), low, high)
    h = memory.field(xi)
    return np.asarray(np.where(xi == high, h, -h).min(axis=-1))


@dataclass(frozen=True)
class Identity:
    """What a state is beside the patterns that were stored; printed, it says so in words.

    Attributes
    ----------
    kind : {"pattern", "inverse", "mixture", "spurious", "undecided"}
        "undecided" is a state of zeros.
    patterns : tuple of int
        The pattern, or the three of a mixture, counted from 0; else none.
    signs : tuple of int
        As many, +1 or -1: the sign with which each pattern enters.
    """

    kind: str
    patterns: tuple[int, ...] = ()
    signs: tuple[int, ...] = ()

    def __str__(self) -> str:
        word = "" if self.kind == "mixture" else "pattern "
        return self.named({k: f"{word}{k}" for k in self.patterns})

    def named(self, names: Mapping[int, str] | Sequence[str]) -> str:
        """Return the same words with names of the patterns instead of their numbers.

        Raises
        ------
        ValueError
            If it has no name for one of its patterns.

        Examples
        --------
        >>> import hopfield as hf
        >>> letters = hf.pictures.small("X", "A")
        >>> hf.landscape.identify(-letters[1], letters).named(["X", "A"])
        'inverse of A'
        """
        try:
            called = [names[k] for k in self.patterns]
        except (LookupError, TypeError, NotImplementedError):
            listed = " and ".join(map(str, self.patterns))
            raise ValueError(
                f"names must name pattern {listed}, not be {describe(names)}"
            ) from None
        if self.kind == "mixture":
            pairs = zip(self.signs, called, strict=True)
            terms = (f"{'+' if a > 0 else '-'}{name}" for a, name in pairs)
            return f"mixture of {' '.join(terms)}"
        if not called:
            return self.kind
        return f"{'inverse of ' if self.kind == 'inverse' else ''}{called[0]}"


def identify(state: npt.ArrayLike, patterns: npt.ArrayLike, *, wrong: float = 0.0) -> Identity:
    """Say what a state is beside the patterns that were stored.

    Parameters
    ----------
    state : array_like of shape (N,)
    patterns : array_like of shape (P, N)
        -1/+1, or reals.
    wrong : float
        The share of neurons that may differ from a pattern, its inverse or a mixture, below 0.5.
        Of reals, how far away the state may be, beside the length of these.

    Returns
    -------
    Identity
        Its words are "pattern k", "inverse of pattern k", "mixture of +i -j +k" (the sign of the
        sum of three, of the 12 patterns whose overlaps with the state are largest in size; of
        reals the mean of the nearest, 2 to 12 of them), "undecided", or "spurious".

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(3, 50, rng=0)
    >>> found = hf.landscape.identify(-xi[2], xi)
    >>> found.kind, found.patterns, found.signs
    ('inverse', (2,), (-1,))
    >>> print(found)
    inverse of pattern 2
    >>> print(hf.landscape.identify([1.0, 1.5], [[2, 0], [0, 3], [9, 9]]))
    mixture of +0 +1
    """
    x = stacked(np.atleast_2d(vectors(patterns, "patterns")), "patterns")
    s = _one(state, "state", x.shape[1])
    wrong = number(wrong, "wrong")
    if not 0 <= wrong < 0.5:
        raise ValueError(f"wrong must be 0 or more and below 0.5, not {wrong:g}")
    if not two_valued(x):
        return _among_reals(s.astype(np.float64), x, max(wrong, _ONE))
    xi = bipolar(x)
    return identity(s, xi, s @ xi.astype(np.float64).T, wrong)


def identity(s: Array, xi: Int8, sums: Floats, wrong: float) -> Identity:
    """Return what a state (N,) is beside patterns (P, N), given its overlap sums (P,) with them."""
    if not s.any():
        return Identity("undecided")

    def same(x: Array) -> bool:
        return bool(np.count_nonzero(s != x) <= wrong * s.size)

    k = int(np.abs(sums).argmax())  # whichever pattern or inverse s is, its sum is largest
    sign = 1 if sums[k] > 0 else -1
    if same(sign * xi[k]):
        return Identity("pattern" if sign > 0 else "inverse", (k,), (sign,))
    near = np.sort(np.argsort(-np.abs(sums), kind="stable")[:_MIXED_AMONG])
    three = np.array(list(combinations(near.tolist(), 3)), dtype=np.intp).reshape(-1, 3)
    # |sum of three| is 1 or 3 at a neuron: where a share w differs, the sums add up to N (1 - 4 w).
    could_be = sums[three] @ _SIGNS.T >= s.size * (1 - 4 * wrong)
    for row, column in zip(*np.nonzero(could_be), strict=True):
        if same(np.sign(_SIGNS[column] @ xi[three[row]])):
            return Identity("mixture", tuple(three[row].tolist()), tuple(_SIGNS[column].tolist()))
    return Identity("spurious")


def two_valued(x: Array) -> bool:
    """Say whether patterns are of -1 and +1, or of what is taken, or refused, as these."""
    return x.dtype.kind == "b" or bool(among(x, -1, 0, 1).all())


def _among_reals(s: Floats, x: Array, wrong: float) -> Identity:
    """Return what a state (N,) is beside real patterns (P, N)."""
    apart, sizes = np.linalg.norm(x - s, axis=1), np.linalg.norm(x, axis=1)
    for kind, far in (("pattern", apart), ("inverse", np.linalg.norm(x + s, axis=1))):
        k = int((far - wrong * sizes).argmin())
        if far[k] <= wrong * sizes[k]:
            return Identity(kind, (k,), (1 if kind == "pattern" else -1,))
    if not s.any():
        return Identity("undecided")
    near = np.argsort(apart, kind="stable")[:_MIXED_AMONG]
    means = np.cumsum(x[near], axis=0) / np.arange(1, near.size + 1)[:, None]
    same = np.linalg.norm(means - s, axis=1) <= wrong * np.linalg.norm(means, axis=1)
    if (found := np.flatnonzero(same)).size:
        mixed = np.sort(near[: found[0] + 1]).tolist()
        return Identity("mixture", tuple(mixed), (1,) * len(mixed))
    return Identity("spurious")


def _first_of_cycle(run: Run, r: Recall) -> Array:
    """Return ends with each state of a cycle replaced by the cycle's first in binary."""
    out, periods = r.state.copy(), np.atleast_1d(r.period)
    cyclic = np.flatnonzero(periods > 1)
    if cyclic.size:
        again = Run(run.memory, out[cyclic], neuron=run.neuron, order=run.order)
        for _ in range(periods.max() - 1):
            again.finish(1)
            for b, state in zip(cyclic, again.state, strict=True):
                if tuple(state) < tuple(out[b]):
                    out[b] = state
    return out


def _one(state: npt.ArrayLike, name: str, n: int) -> Array:
    s = vectors(state, name, n)
    if s.ndim != 1:
        raise ValueError(f"{name} must be one state (N,); its shape is {s.shape}")
    return s


def _two_state(neuron: Neuron) -> None:
    if neuron.states is None or getattr(neuron, "width", 1) > 1:
        raise ValueError(f"neuron must have two states for that, as hf.Sign() has, not {neuron}")


def _enumerable(memory: Memory, largest: int = LARGEST_N, sampler: str = "basins") -> None:
    if memory.n > largest:
        raise ValueError(
            f"memory must have at most {largest} neurons to look at all 2**N states, "
            f"not {memory.n}; {sampler} can sample: samples=1000, rng=..."
        )
