"""Cursors: states that follow single changes, so that a visit need not compute a whole field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, count
from ..base.heat import bounds
from ..base.saved import savable
from ..base.streams import Streams
from ..engine.kernels import dispatch
from ..engine.together import Batches, Words, each, threads
from .neurons import HeatBath, TwoState, decide
from .orders import Random, Sequential, Shuffled, Sync
from .separation import Separation

Signs = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]
_MOST = 2**26  # bits that are held twice, by patterns too
_PAYS = 32  # states
GRID = 2.0**20  # a cue is evidence to a millionth: sums over it are then exact in float64
_AHEAD, _ROOM = 12, 5  # as in the kernels
_WORK = 2**28  # what a kernel does in a call is kept to a fraction of a second
_VISITS = 2**14  # drawn at once
_LEAST = 2.0**-800  # far above the couplings that are on no grid: their rounding moves nobody


class Swept(NamedTuple):
    """What whole sweeps came to."""

    sweeps: Ints  # that each replica (R,) made
    periods: Ints  # (R,): 1 for a fixed point, more for a cycle, 0 where none was found
    moves: int  # a sweep
    kernel: str
    energies: Floats | None = None  # (R,), where they came for nothing
    moved: int = 0  # neurons that the last move of all together took elsewhere


class Cursor:
    """States of R replicas that change one neuron at a time; this form asks for whole fields.

    A faster cursor gives `fields` and `assign`; `field_at` and `set` are those for one neuron.

    Attributes
    ----------
    state : ndarray of float64 or int8, shape (R, n)
        Where each replica stands.
    kernel : str
        What computes its visits.
    biased : bool
        Whether it adds biases to a field, which rounds.
    exact : bool
        Whether its fields are never rounded, so that what stood still is a fixed point.
    steady : bool
        Whether its sums stay exact however long they are kept.
    """

    kernel = "field"
    divisor = 1.0
    biased = False
    exact = False
    steady = False
    _s: Array

    def __init__(self, field: Callable[[Floats], Floats], s: Floats) -> None:
        self._field = field
        self._s = s.copy()

    @property
    def state(self) -> Array:
        """The states (R, n)."""
        return self._s

    def fields(self, rows: Ints, sites: Ints) -> Floats:
        """Return the field of one neuron (A,) in each of the replicas ``rows`` (A,)."""
        h = self._field(self._s[rows])
        return np.asarray(h[np.arange(rows.size), sites])

    def numerators(self, rows: Ints, sites: Ints) -> Floats:
        """Return ``divisor`` times `fields`: integers where weights and states are integers."""
        return self.fields(rows, sites)

    def assign(self, rows: Ints, sites: Ints, values: Floats) -> None:
        """Give one neuron (A,) in each of the replicas ``rows`` (A,) a state (A,)."""
        self._s[rows, sites] = values

    def energies(self) -> Floats | None:
        """Return the energies (R,) if they cost little here, else None."""
        return None

    def sweeps(self, neuron: TwoState, order: Any, streams: Streams, most: int) -> Swept | None:
        """Make whole sweeps until each replica stands still or goes round, if a kernel can.

        Parameters
        ----------
        neuron : TwoState
            Whoever moves, from states that are its own or unknown.
        order : Order
            Who moves when.
        streams : Streams
            One a replica, which moves on.
        most : int
            Stop after so many sweeps at the latest.

        Returns
        -------
        Swept or None
            None where nothing was done, for want of a kernel.
        """
        (theta, tie), *others = neuron.bounds
        if isinstance(neuron, HeatBath) and _warm(neuron, order):
            return self.bathe(neuron, order, streams, most)
        if others:
            return None
        return self.settle(order, streams, most, theta, tie, *neuron.states)

    def settle(
        self, order: Any, streams: Streams, most: int, theta: Any, *rule: Any
    ) -> Swept | None:
        """Do the same for neurons that draw nothing.

        Their threshold ``theta`` is a number, or one a neuron; ``rule`` is (tie, low, high).
        """
        return None

    def bathe(self, neuron: HeatBath, order: Any, streams: Streams, sweeps: int) -> Swept | None:
        """Do the same at a temperature, where no sweep can be the last.

        Many are drawn and visited at once. That changes no bit: a sweep takes a set number of
        words from each stream, and the sums are exact however long they are kept.
        """
        replicas, n = self.state.shape
        most, words = _VISITS // (n * replicas), n * (1 + order.random)
        if not self.steady or type(order) is Sync or min(most, sweeps) < 2:
            return None
        for first in range(0, sweeps, most):
            shape = replicas, min(most, sweeps - first), n
            ahead = streams.apart(words, shape[1])
            sites = np.broadcast_to(order(n, ahead)[..., 0], shape)
            drawn: Any = sites, *neuron.draw(ahead, shape)
            at, theta, tie = (x.reshape(replicas, -1) for x in drawn)
            self.visit(np.arange(replicas), at, theta, tie, *neuron.states)
            streams.state[:] = ahead.state[:, -1]
        return self._restless(sweeps)

    def _restless(self, sweeps: int) -> Swept:
        """Return that every replica made so many sweeps, and stands nowhere still."""
        replicas, n = self.state.shape
        return Swept(np.full(replicas, sweeps), np.zeros(replicas, np.int64), n, self.kernel)

    def field_at(self, i: int, row: int = 0) -> float:
        """Return the field of neuron i of one replica."""
        return float(self.fields(np.array([row]), np.array([i]))[0])

    def set(self, i: int, value: float, row: int = 0) -> None:
        """Give neuron i of one replica a state."""
        self.assign(np.array([row]), np.array([i]), np.array([value], dtype=np.float64))

    def visit(
        self, rows: Ints, sites: Ints, theta: Floats, tie: Signs, low: float, high: float
    ) -> Floats:
        """Visit two-state neurons in turn; return the state of each after its visit, (A, k).

        Parameters
        ----------
        rows : ndarray of shape (A,)
            The replicas that move.
        sites, theta, tie : ndarray of shape (A, k)
            Whom to visit, the threshold of the field there, and what equality does.
        low, high : float
            The neuron's states.
        """
        after = np.empty(sites.shape)
        for k, i in enumerate(sites.T):
            h, before = self.fields(rows, i), self.state[rows, i]
            after[:, k] = decide(h, before, theta[:, k], tie[:, k], low, high)
            moved = after[:, k] != before
            if moved.any():
                self.assign(rows[moved], i[moved], after[moved, k])
        return after


class KernelCursor(Cursor):
    """A cursor whose visits a kernel makes, on sums (fields or overlaps) that stay up to date.

    ``sums`` gives those of states, and ``steps()[i]`` what a step of neuron i by 1 adds to them:
    both are asked for at the first visit, since a move of all neurons at once may need neither.
    """

    name: str
    steady = True

    def __init__(
        self, steps: Callable[[], Any], sums: Callable[[Floats], Floats], divisor: float, s: Floats
    ) -> None:
        self._given, self.divisor, self._s = (steps, sums), divisor, s.copy()

    @cached_property
    def _steps(self) -> Any:
        return self._given[0]()

    @cached_property
    def _sums(self) -> Floats:
        return self._given[1](self._s)

    @property
    def kernel(self) -> str:  # type: ignore[override]
        """What computes its visits."""
        return f"{self.name} ({dispatch.backend()})"

    def fields(self, rows: Ints, sites: Ints) -> Floats:
        return self.numerators(rows, sites) / self.divisor

    def numerators(self, rows: Ints, sites: Ints) -> Floats:
        return np.asarray(self._sums[rows, sites])

    def assign(self, rows: Ints, sites: Ints, values: Floats) -> None:
        self._sums[rows] += self._steps[sites] * (values - self._s[rows, sites])[:, None]
        self._s[rows, sites] = values

    def visit(
        self, rows: Ints, sites: Ints, theta: Floats, tie: Signs, low: float, high: float
    ) -> Floats:
        after = np.empty(sites.shape)
        visits = (_own(x) for x in (sites, theta, tie))
        dispatch.kernel(self.name)(*self._arrays(), self._s, rows, *visits, low, high, after)
        return after

    def _arrays(self) -> tuple[Any, ...]:
        return self._steps, self._sums, self.divisor


def _shared(replicas: int, work: int, run: Callable[[int, int, int], Iterator[None]]) -> None:
    """Sweep replicas in parts, in threads, so small that Ctrl-C need not wait for all.

    ``run(first, stop, sweeps)`` makes all sweeps of some replicas, so many in a call of a kernel,
    and yields after each call.
    """
    shares = threads() if replicas > 1 else 1
    size = max(1, min(_WORK // work, -(-replicas // shares)))

    def part(first: int) -> Iterator[None]:
        return run(first, min(first + size, replicas), max(1, _WORK // work // size))

    each(part, range(0, replicas, size), shares)


def _turns(quiet: Ints, most: int, sweeps: int) -> Iterator[int]:
    """Yield up to which sweep to take replicas next, until all are quiet."""
    done = 0
    while done < most and (not done or 0 in quiet):
        done = min(most, done + sweeps)
        yield done


def _until_quiet(
    name: str,
    arrays: tuple[Any, ...],
    s: Array,
    streams: Streams,
    most: int,
    visit: int,
    *rule: Any,
) -> tuple[Ints, Ints]:
    """Sweep states (R, n) in shuffled orders; return how often, and who stood still.

    ``visit`` is about what one costs in additions.
    """
    (replicas, n), kernel = s.shape, dispatch.kernel(name)
    swept, quiet = np.zeros((2, replicas), np.int64)

    def run(first: int, stop: int, sweeps: int) -> Iterator[None]:
        room = np.empty(n, np.uint32), np.empty(n, np.uint32)
        for done in _turns(quiet[first:stop], most, sweeps):
            words, steps = streams.state, streams.step
            yield kernel(*arrays, first, stop, words, steps, done, *rule, swept, quiet, *room)

    _shared(replicas, n * visit, run)
    return swept, quiet


def _heat(
    neuron: HeatBath, order: Any, streams: Any, s: Floats, rows: slice, sweeps: int
) -> tuple[Any, ...]:
    """Return what all kernels take that sweep at a temperature."""
    n = s.shape[1]
    how = {Shuffled: 1, Random: 2}.get(type(order), 0)
    sites = np.arange(n) if how else order(n, None)[:, 0]
    return (
        s[rows],
        *neuron.states,
        neuron.scale,
        how,
        streams.state[rows],
        streams.step[rows],
        sweeps,
        sites.astype(np.uint32),
        np.empty(n, np.uint32),
    )


def _own(x: Array) -> Array:
    # A kernel is compiled anew for an array that is read-only or not in C order.
    return x if x.flags.c_contiguous and x.flags.writeable else x.copy()


@dataclass(frozen=True)
class Rounded:
    """Dense couplings as whole numbers of 16 bits, in units.

    Attributes
    ----------
    columns : ndarray of int16, shape (N, M)
        Row i: what neuron i adds to all fields; M is more than N where blocks must be full.
    unit : float
        What 1 stands for.
    margin : int
        How far in units the fields may be from those of the couplings themselves.
    """

    columns: npt.NDArray[np.int16]
    unit: float
    margin: int

    @classmethod
    def of(cls, columns: Floats) -> Rounded:
        """Round columns (N, N), so that fields of states up to 8 in size stay below 2**29."""
        sizes, n = np.abs(columns), len(columns)
        sums = sizes.sum(axis=0, dtype=np.float64)
        unit = max(float(sizes.max()) / 32767, float(sums.max()) / 2**26, 2.0**-600)
        rows, error = _aligned(n, -(-n // 32) * 16).view(np.int16), np.zeros(n)
        dispatch.kernel("shorten")(columns, unit, rows, error)
        return cls(rows, unit, int(error.max()) + 3)  # the rounding of what is compared included


class DenseCursor(KernelCursor):
    name = "dense"

    def __init__(
        self, weights: Floats, rounded: Callable[[], Rounded], exact: Callable[[], bool], *rest: Any
    ) -> None:
        super().__init__(*rest)
        self._weights, self._rounded, self._sure = weights, rounded, exact

    def settle(
        self, order: Any, streams: Streams, most: int, theta: Any, *rule: Any
    ) -> Swept | None:
        whole = all(x % 1 == 0 and abs(x) <= 8 for x in rule[1:])  # whose sums are exact
        if not whole or type(order) is not Shuffled or not dispatch.has("settle_dense"):
            return None
        if not self._sure():
            return None
        s, (replicas, n) = self._s, self._s.shape
        arrays = *self._arrays(), s, np.broadcast_to(theta, n).astype(np.float64)
        swept, quiet = _until_quiet("settle_dense", arrays, s, streams, most, n // 8 + 8, *rule)
        pair = (s, self._sums) if replicas > 1 else (s[0], self._sums[0])  # as a memory has it
        energies = (0.0 - np.einsum("...i,...i->...", *pair)) / (2 * self.divisor)
        return Swept(swept, quiet, n, self.kernel, np.atleast_1d(energies))

    def bathe(self, neuron: HeatBath, order: Any, streams: Streams, sweeps: int) -> Swept | None:
        replicas, n = self._s.shape
        quick = dispatch.has("bathe_dense") and 8 * sweeps * replicas >= n
        quick &= type(order) is not Sync and bool(among(self._s, *neuron.states).all())
        rounded, scale = self._rounded() if quick else None, neuron.scale * self.divisor
        if rounded is None or 2 * rounded.margin * rounded.unit > scale:
            return super().bathe(neuron, order, streams, sweeps)
        unit = rounded.unit * (neuron.high - neuron.low)
        h = _aligned(replicas, rounded.columns.shape[1])
        h[:, :n] = np.rint(self._sums / unit)
        table = bounds(scale / unit, rounded.margin, 2**30).astype(np.int32).ravel()
        kernel = dispatch.kernel("bathe_dense")

        def run(first: int, stop: int, most: int) -> Iterator[None]:
            rows = slice(first, stop)
            for swept in range(0, sweeps, most):
                part = min(most, sweeps - swept)
                yield kernel(
                    self._weights,
                    rounded.columns,
                    h[rows],
                    np.empty(n, np.int32),
                    *_heat(neuron, order, streams, self._s, rows, part),
                    table,
                    self.divisor,
                )

        _shared(replicas, n * (64 + n // 8), run)
        del self._sums  # which are found anew where they are asked for
        return self._restless(sweeps)


class SparseCursor(KernelCursor):
    name = "sparse"

    def assign(self, rows: Ints, sites: Ints, values: Floats) -> None:
        step = values - self._s[rows, sites]
        self._sums[rows] += (self._steps[:, sites] * step).toarray().T
        self._s[rows, sites] = values

    def _arrays(self) -> tuple[Any, ...]:
        columns = self._steps
        return columns.indptr, columns.indices, columns.data, self._sums, self.divisor


class OverlapsCursor(KernelCursor):
    name = "overlaps"

    def __init__(
        self,
        neurons: Callable[[], Signs],
        sums: Callable[[Floats], Floats],
        diagonal: Floats,
        divisor: float,
        s: Floats,
    ) -> None:
        super().__init__(neurons, sums, divisor, s)
        self._diagonal = diagonal

    def numerators(self, rows: Ints, sites: Ints) -> Floats:
        drive = np.einsum("ap,ap->a", self._steps[sites], self._sums[rows])
        return np.asarray(drive - self._diagonal[sites] * self._s[rows, sites])

    def settle(
        self, order: Any, streams: Streams, most: int, theta: Any, *rule: Any
    ) -> Swept | None:
        whole = all(x % 1 == 0 and abs(x) <= 127 for x in rule[1:])
        if not whole or type(order) is not Shuffled or not dispatch.has("settle_overlaps"):
            return None
        s, (replicas, n), p = self._s, self._s.shape, self._steps.shape[1]
        self._sums = m = np.empty((replicas, p))
        swept, quiet = np.zeros((2, replicas), np.int64)
        dispatch.kernel("settle_overlaps")(
            *self._arrays(), s, streams, most, np.broadcast_to(theta, n), *rule, swept, quiet
        )
        exact = p * (n * max(map(abs, rule[1:]))) ** 2 < 2.0**53
        energies = ((s * s) @ self._diagonal - np.vecdot(m, m)) / (2 * self.divisor)
        return Swept(swept, quiet, n, self.kernel, energies if exact else None)

    def _arrays(self) -> tuple[Any, ...]:
        return self._steps, self._sums, self._diagonal, self.divisor


@savable
@dataclass(frozen=True)
class Packed:
    """Patterns of two values as bits, a row a neuron: a field is a sum over the bits that are set.

    A slice of it is int8 rows.

    Attributes
    ----------
    masks : ndarray of uint16, shape (N, 4 ceil(P/64))
        Bit mu of row i is set where pattern mu is 1 at neuron i.
    unset : int
        What a bit that is not set stands for: -1 or 0.
    size : int
        Patterns.
    """

    masks: npt.NDArray[np.uint16]
    unset: int
    size: int
    dtype: ClassVar[type] = np.int8

    def __post_init__(self) -> None:
        """Check the arguments: a file may hold them, and the kernels trust them."""
        count(self.unset, "unset", -1, 0)
        width, masks = 4 * -(-count(self.size, "size", 1) // 64), self.masks
        whole = isinstance(masks, np.ndarray) and masks.dtype == np.uint16 and masks.ndim == 2
        if not (whole and masks.flags.c_contiguous and len(masks) > 1 and masks.shape[1] == width):
            raise ValueError(f"masks must be uint16 (N, {width}) for {self.size} patterns")
        if self.size % 64 and (masks.view(np.uint64)[:, -1] >> np.uint64(self.size % 64)).any():
            raise ValueError(f"masks must have no bit set beyond those of {self.size} patterns")

    @classmethod
    def of(
        cls, blocks: Iterable[Signs], shape: tuple[int, int], unset: int, columns: bool = False
    ) -> Packed:
        """Pack patterns (P, N) of 1 and ``unset``, given by blocks of 8 k rows, the last of any.

        Where their `columns` are wanted, it is quicker to make them here.
        """
        (p, n), first = shape, 0
        words = np.zeros((-(-n // 64), -(-p // 64) * 64) if columns else (0, 0), dtype=np.uint64)
        rows = np.zeros((n, -(-p // 64) * 8), dtype=np.uint8)
        for block in blocks:
            stop = first + -(-len(block) // 8)
            for i in range(0, n, 256):  # tiles that stay in a cache while they are turned
                tile = np.ascontiguousarray((block[:, i : i + 256] > 0).T)
                rows[i : i + 256, first:stop] = np.packbits(tile, axis=1, bitorder="little")
            if columns:
                words[:, 8 * first : 8 * first + len(block)] = Batches.pack(block).T
            first = stop
        packed = cls(rows.view(np.uint16), unset, p)
        if columns:
            packed.__dict__["columns"] = words
        return packed

    def __getitem__(self, rows: slice) -> Signs:
        """Return some of the patterns."""
        first, stop, _ = rows.indices(self.size)
        stop = max(first, stop)
        octets = self.masks.view(np.uint8)[:, first // 8 : -(-stop // 8)]
        out = np.empty((stop - first, len(octets)), dtype=np.int8)
        for i in range(0, len(octets), 256):
            bits = np.unpackbits(octets[i : i + 256], axis=1, bitorder="little").view(np.int8)
            out[:, i : i + 256] = bits[:, first % 8 :][:, : len(out)].T
        out *= 1 - self.unset
        out += self.unset
        return out

    def parts(self) -> dict[str, Any]:
        """Return the arguments that rebuild it: what a file holds of it."""
        return {"masks": self.masks, "unset": self.unset, "size": self.size}

    __getstate__ = parts  # and nothing that is made of them

    @property
    def shape(self) -> tuple[int, int]:
        """The patterns' shape (P, N)."""
        return self.size, len(self.masks)

    @cached_property
    def ups(self) -> Ints:
        """The sums (N,) over the patterns of what each neuron is in them."""
        high = np.bitwise_count(self.masks.view(np.uint64)).sum(axis=1, dtype=np.int64)
        return np.asarray((1 - self.unset) * high + self.unset * self.size)

    @cached_property
    def columns(self) -> npt.NDArray[np.uint64]:
        """The patterns (ceil(N/64), 64 ceil(P/64)) in bits, a word to 64 neurons."""
        words = Batches.pack(self[: self.size])
        out = np.zeros((words.shape[1], -(-self.size // 64) * 64), dtype=np.uint64)
        out[:, : self.size] = words.T
        return out

    @cached_property
    def largest(self) -> int:
        """The largest state in size for which no sum in the kernels exceeds its integers."""
        return min(128, 2**33 // (16 * self.masks.size), 2**21 // len(self.masks))

    def fits(self, low: float, high: float) -> bool:
        """Say whether the kernels can take these states: small whole numbers."""
        largest = min(self.largest, 127)
        return -largest <= low and high <= largest and low % 1 == high % 1 == 0

    def whole(self, x: Array) -> Signs | None:
        """Return states (..., n) as int8, if the kernels can take them."""
        if x.dtype == np.int8 and self.largest == 128:
            return x
        if not self.fits(float(x.min()), float(x.max())):
            return None
        states = x.astype(np.int8, copy=False)
        return states if x is states or np.array_equal(states, x) else None

    @contextmanager
    def room(self) -> Iterator[tuple[Array, ...]]:
        """Lend zeros (N,), and what the kernel of sweeps works in, to one call at a time."""
        (n, width), spare = self.masks.shape, self.__dict__.setdefault("_spare", [])
        try:
            found = spare.pop()  # what another call has left
        except IndexError:
            digits = _aligned(1, 16 * width).view(np.int16).reshape(2, -1)
            places = np.zeros(n + _AHEAD, np.uint32), np.empty(n, np.uint32)
            found = np.zeros(n, np.int64), *places, digits, np.empty(_ROOM + width + n, np.int64)
        yield found
        spare.append(found)

    def _often(self, states: int) -> bool:
        """Say whether so many states are counted in all that the bits by patterns pay."""
        seen = self.__dict__["_seen"] = self.__dict__.get("_seen", 0) + states
        made = "columns" in self.__dict__
        return made or (seen >= _PAYS and self.size * len(self.masks) <= _MOST)

    def overlaps(self, s: Signs) -> tuple[Counts, Ints]:
        """Return the overlap sums of states (R, n), padded to vectors, and their totals (R,)."""
        m, total = _aligned(len(s), 16 * self.masks.shape[1]), np.zeros(len(s), dtype=np.int64)
        if self._often(len(s)):
            bits = np.zeros((2, len(self.columns)), dtype=np.uint64)
            if dispatch.kernel("tally")(self.columns, self.unset, self.size, s, bits, m, total):
                return m, total
        sums = np.zeros(16 * self.masks.shape[1], dtype=np.int32)
        dispatch.kernel("count")(self.masks, self.unset, self.size, s, sums, m, total)
        return m, total


def _aligned(rows: int, columns: int) -> Counts:
    """Return zeros that begin where a line of cache does, so that no vector crosses two."""
    spare = np.zeros(rows * columns + 16, dtype=np.int32)
    first = -spare.__array_interface__["data"][0] // 4 % 16
    return spare[first : first + rows * columns].reshape(rows, columns)


class BitsCursor(OverlapsCursor):
    """Overlaps as whole numbers, of patterns in bits, for states that are small whole numbers.

    It turns into the other form where it is given a state that is not.
    """

    name = "bits"
    exact = True
    _words: Words | None = None  # instead of the states
    _batches: Batches

    def __init__(
        self,
        packed: Packed,
        many: Callable[[Array], Batches | None],
        few: Callable[[Array], DenseCursor | None],
        *rest: Any,
    ) -> None:
        super().__init__(*rest)
        self._packed, self._many, self._few = packed, many, few

    @property
    def _s(self) -> Array:
        if self._words is not None:
            self._s = self._batches.unpack(self._words)
        return self._signs

    @_s.setter
    def _s(self, s: Array) -> None:
        self._signs, self._words = s, None

    def _in_words(self) -> Words | None:
        """Return the states as they stay where all neurons move together, if they can."""
        if self._words is None:
            many = self._many(self._signs)
            if many:
                self._batches, self._words = many, many.pack(self._signs)
        return self._words

    @cached_property
    def _counted(self) -> tuple[Counts, Ints]:
        return self._packed.overlaps(self._s)

    def numerators(self, rows: Ints, sites: Ints) -> Floats:
        if not self.exact:
            return super().numerators(rows, sites)
        packed, out = self._packed, np.empty(rows.size)
        sums = *self._counted, self._diagonal, self._s
        dispatch.kernel("numerators")(packed.masks, packed.unset, *sums, rows, sites, out)
        return out

    def assign(self, rows: Ints, sites: Ints, values: Floats) -> None:
        self._leave()
        super().assign(rows, sites, values)

    def visit(
        self, rows: Ints, sites: Ints, theta: Floats, tie: Signs, low: float, high: float
    ) -> Floats:
        if self.exact and not self._packed.fits(low, high):
            self._leave()
        return super().visit(rows, sites, theta, tie, low, high)

    def settle(
        self, order: Any, streams: Streams, most: int, theta: Any, *rule: Any
    ) -> Swept | None:
        if not (self.exact and self._packed.fits(*rule[1:])):
            return None
        if type(order) is Sync:
            return self._together(most, theta, *rule)
        if type(order) not in (Shuffled, Sequential):
            return None
        few = self._by_matrix("settle", order, streams, most, theta, *rule)
        return few or self._in_turn(order, streams, most, theta, *rule)

    def _by_matrix(self, how: str, *rest: Any) -> Swept | None:
        """Leave sweeps to couplings held as a matrix, where neurons are few."""
        dense = self._few(self._s)
        if not dense:
            return None
        try:
            found: Swept | None = getattr(dense, how)(*rest)
        finally:  # Ctrl-C too
            self._s = dense.state.astype(np.int8)
            self.__dict__.pop("_counted", None)  # they are of the states before
        return found

    def _together(self, most: int, theta: Any, tie: int, low: float, high: float) -> Swept | None:
        """Move all neurons at once, in batches or of one replica."""
        words = self._in_words() if (low, high) == (-1, 1) and not np.any(theta) else None
        if words is not None:
            return self._in_batches(words, *self._batches.settle(words, tie, most))
        if len(self._s) > 1:
            return None
        swept, periods, everyone = *np.zeros((2, 1), np.int64), np.arange(self._s.size)
        first = np.zeros_like(everyone)

        def advance(rows: Ints) -> None:
            h = self.numerators(first, everyone) / self.divisor
            self._s[0] = decide(h, self._s[0], theta, tie, low, high)
            del self._counted
            swept[0] += 1

        before = self._s.copy()
        relax(self._s, periods, advance, most)
        moved = int(np.count_nonzero(before != self._s))
        return Swept(swept, periods, 1, self.kernel, moved=moved)

    def _in_batches(self, before: Words, after: Words, swept: Ints, periods: Ints) -> Swept:
        """Keep what states in words have become."""
        self._words = after
        self.__dict__.pop("_counted", None)  # they are of the states before
        moved = int(np.bitwise_count(before ^ after).sum())
        return Swept(swept, periods, 1, f"batches ({dispatch.backend()})", moved=moved)

    def _in_turn(
        self, order: Any, streams: Streams, most: int, theta: Any, tie: int, low: float, high: float
    ) -> Swept:
        """Move one neuron after the other, in one order or in orders shuffled for each sweep.

        None of them leads round: no move raises the energy, nor can moves that keep it be undone.
        """
        packed, (m, total), (replicas, n) = self._packed, self._counted, self._s.shape
        ledger = np.zeros((replicas, 3), np.int64)
        given, kernel = None, dispatch.kernel("settle")
        if isinstance(theta, np.ndarray) or theta:  # even where a whole number may equal it
            k = np.rint(np.clip(theta * self.divisor, -(2.0**40), 2.0**40))
            given = np.broadcast_to(2 * k - np.sign(k / self.divisor - theta), n).astype(np.int64)

        def run(first: int, stop: int, sweeps: int) -> Iterator[None]:
            with packed.room() as (zeros, places, *room):
                thetas = zeros if given is None else given
                if not order.random:
                    places[:n] = order(n, None)[:, 0]
                for done in _turns(ledger[first:stop, 1], most, sweeps):
                    yield kernel(
                        packed.masks,
                        packed.ups,
                        packed.unset,
                        packed.size,
                        m,
                        total,
                        self._diagonal,
                        thetas,
                        self._s,
                        first,
                        stop,
                        streams.state,
                        streams.step,
                        done,
                        tie,
                        int(low),
                        int(high),
                        ledger,
                        order.random,
                        places,
                        *room,
                    )

        _shared(replicas, n * (packed.masks.shape[1] + 32), run)
        exact = packed.size * (n * max(-low, high)) ** 2 < 2.0**53
        energies = ledger[:, 2] / (2 * self.divisor) if exact else None
        return Swept(ledger[:, 0], ledger[:, 1], n, self.kernel, energies)

    def bathe(self, neuron: HeatBath, order: Any, streams: Streams, sweeps: int) -> Swept | None:
        if type(order) is Sync:
            words = self._in_words() if self.exact and neuron.states == (-1, 1) else None
            if words is None:
                return None
            made, periods = np.full(len(words), sweeps), np.zeros(len(words), np.int64)
            after = self._batches.bathe(words, neuron, streams, sweeps)
            return self._in_batches(words, after, made, periods)
        legal = self.exact and bool(among(self._s, *neuron.states).all())
        if not (legal and self._packed.fits(*neuron.states)):
            return super().bathe(neuron, order, streams, sweeps)
        few = self._by_matrix("bathe", neuron, order, streams, sweeps)
        if few:
            return few
        packed, diagonal = self._packed, self._diagonal.astype(np.int64)
        (m, total), (replicas, n) = self._counted, self._s.shape
        table = bounds(neuron.scale * self.divisor, 1, 2**62)
        kernel = dispatch.kernel("bathe_bits")

        def run(first: int, stop: int, most: int) -> Iterator[None]:
            rows = slice(first, stop)
            for swept in range(0, sweeps, most):
                part = min(most, sweeps - swept)
                yield kernel(
                    packed.masks,
                    packed.ups,
                    packed.unset,
                    m[rows],
                    total[rows],
                    diagonal,
                    *_heat(neuron, order, streams, self._s, rows, part),
                    table,
                    self.divisor,
                )

        _shared(replicas, n * (packed.masks.shape[1] + 64), run)
        return self._restless(sweeps)

    def energies(self) -> Floats | None:
        if not self.exact:
            return None
        words = None if "_counted" in self.__dict__ else self._in_words()
        if words is not None:
            return self._batches.energies(words)
        m = self._counted[0][:, : self._packed.size].astype(np.float64)
        squares = np.vecdot(m, m)
        if squares.max() >= 2.0**53:
            return None
        own = np.square(self._s, dtype=np.float64) @ self._diagonal
        return np.asarray((own - squares) / (2 * self.divisor))

    def _arrays(self) -> tuple[Any, ...]:
        if not self.exact:
            return super()._arrays()
        packed = self._packed
        sums = *self._counted, self._diagonal, self.divisor
        return packed.masks, packed.ups, packed.unset, *sums

    def _leave(self) -> None:
        if self.exact:
            self.name, self.exact, self._s = "overlaps", False, self._s.astype(np.float64)


@dataclass(frozen=True)
class Levels:
    """F at the overlap sums 2 k - N, k = 0 ... N, of -1/+1 states: whole numbers.

    Attributes
    ----------
    values : ndarray of float64, shape (N + 1,)
        F at level k.
    rises : ndarray of int32 or int64, shape (N + 2,)
        From level k - 1 to level k, 0 at both ends; int32 where no lane of a sum needs more.
    """

    values: Floats
    rises: npt.NDArray[Any]

    @classmethod
    def of(cls, f: Separation, n: int, p: int) -> Levels | None:
        """Tabulate F, if sums over p patterns are exact: then their order does not matter."""
        with np.errstate(all="ignore"):  # what is not finite is not tabulated
            values = np.array(f.f(np.arange(-n, n + 1, 2, dtype=np.float64), n), dtype=np.float64)
        whole = bool((values == np.rint(values)).all())
        if not whole or np.abs(values).max() * 2 * p > 2.0**53:
            return None
        rises = np.diff(values, prepend=values[0], append=values[-1])
        narrow = 8 * np.abs(rises).max() * -(-p // 64) < 2.0**31
        return cls(values, rises.astype(np.int32 if narrow else np.int64))


def separated(
    f: Separation, xi: Array, m: Floats, s: Floats, n: int, table: Levels | None = None
) -> Floats:
    """Return 1/2 sum_mu [F(m' + xi) - F(m' - xi)], m' the overlap sums without the neuron.

    ``xi`` (..., P) are the patterns at a neuron in states ``s`` (...), ``m`` (..., P) the sums
    with it. Cursors and whole fields both come here, so that they agree to the bit; a table, of
    whole numbers, gives the same.
    """
    if table is not None:
        at = ((m + n) / 2).astype(np.intp) + (xi != s[..., None])
        return np.asarray(np.sum(xi * table.rises[at], axis=-1, dtype=np.int64) / 2)
    others = m - xi * s[..., None]
    return np.asarray(np.sum(f.f(others + xi, n) - f.f(others - xi, n), axis=-1) / 2)


class SeparationCursor(Cursor):
    """Overlaps under any F: a visit and a flip O(P)."""

    kernel = "separation (numpy)"

    def __init__(
        self, neurons: Signs, sums: Floats, f: Separation, table: Levels | None, s: Floats
    ) -> None:
        self._neurons, self._sums, self._f, self._table, self._s = neurons, sums, f, table, s.copy()

    def fields(self, rows: Ints, sites: Ints) -> Floats:
        neurons, n = self._neurons[sites], self._s.shape[1]
        return separated(self._f, neurons, self._sums[rows], self._s[rows, sites], n, self._table)

    def assign(self, rows: Ints, sites: Ints, values: Floats) -> None:
        if not (np.abs(values) == 1).all():
            self._table = None
        self._sums[rows] += self._neurons[sites] * (values - self._s[rows, sites])[:, None]
        self._s[rows, sites] = values


class KeysCursor(Cursor):
    """The products of some rows with the states, from which a memory tells any neuron's field.

    ``at(m, sites, s)`` gives ``divisor`` times the fields (A,) of neurons in states s (A,) from
    the products m (A, P); ``keys`` (N, P) is what a step of each neuron by 1 adds to those.
    """

    kernel = "keys (numpy)"

    def __init__(
        self, keys: Array, sums: Floats, at: Callable[..., Floats], divisor: float, s: Floats
    ) -> None:
        self._keys, self._sums, self._at, self._s = keys, sums, at, s.copy()
        self.divisor = divisor

    def fields(self, rows: Ints, sites: Ints) -> Floats:
        return self.numerators(rows, sites) / self.divisor

    def numerators(self, rows: Ints, sites: Ints) -> Floats:
        return self._at(self._sums[rows], sites, self._s[rows, sites])

    def assign(self, rows: Ints, sites: Ints, values: Floats) -> None:
        self._sums[rows] += self._keys[sites] * (values - self._s[rows, sites])[:, None]
        self._s[rows, sites] = values


class LevelsCursor(SeparationCursor):
    """Overlaps as levels of a tabulated F, of patterns in bits, for -1/+1 states.

    It turns into the other form where it is given a state that is not.
    """

    exact = steady = True

    def __init__(
        self, packed: Packed, neurons: Callable[[], Signs], f: Separation, table: Levels, s: Floats
    ) -> None:
        self._f, self._s, self._made, self._table = f, s.copy(), neurons, table
        rises, masks, columns, self._size = table.rises, packed.masks, packed.columns, packed.size
        size, wide = -(-packed.size // 64) * 64, rises.itemsize // 4
        self._levels = _aligned(len(s), size)
        sums = _aligned(len(s), size * wide).view(rises.dtype)
        self._sides = np.empty((len(s), 3), dtype=np.int64)
        rest = rises, packed.size, self._levels, sums, self._sides
        words = np.empty(len(columns), np.uint64)
        dispatch.kernel("climb")(columns, words, table.values, masks, *rest, self._s)
        self._arrays = masks, masks.view(np.uint16 if wide == 1 else np.uint8), *rest

    @property
    def kernel(self) -> str:  # type: ignore[override]
        """What computes its visits."""
        return "separation (numba)" if self.exact else super().kernel

    def fields(self, rows: Ints, sites: Ints) -> Floats:
        self._floats()
        return super().fields(rows, sites)

    def assign(self, rows: Ints, sites: Ints, values: Floats) -> None:
        self._floats()
        self.exact = False
        super().assign(rows, sites, values)

    def visit(
        self, rows: Ints, sites: Ints, theta: Floats, tie: Signs, low: float, high: float
    ) -> Floats:
        if not self.exact or (low, high) != (-1, 1):
            return super().visit(rows, sites, theta, tie, low, high)
        after = np.empty(sites.shape)
        visits = (_own(x) for x in (sites, theta, tie))
        dispatch.kernel("separation")(*self._arrays, self._s, rows, *visits, low, high, after)
        return after

    def settle(
        self, order: Any, streams: Streams, most: int, theta: Any, *rule: Any
    ) -> Swept | None:
        tie, *states = rule
        legal = self.exact and states == [-1, 1] and not np.count_nonzero(theta)
        if not legal or type(order) is not Shuffled:
            return None
        s, arrays, visit = self._s, (*self._arrays, self._s), self._levels.shape[1]
        swept, quiet = _until_quiet("settle_separation", arrays, s, streams, most, visit, tie)
        return Swept(swept, quiet, s.shape[1], self.kernel, self.energies())

    def energies(self) -> Floats | None:
        if self._table is None or not self.exact:
            return None
        return np.asarray(0.0 - self._sides[:, 2])

    def _floats(self) -> None:
        """Make what the other form works on."""
        if self.exact:
            self._neurons = self._made()
            self._sums = 2.0 * self._levels[:, : self._size] - self._s.shape[1]


@lru_cache(64)
def short(value: float) -> Any:
    """Return a value as int8, if that holds it: bytes are compared far quicker with bytes."""
    return np.int8(value) if value % 1 == 0 and abs(value) <= 127 else np.float64(value)


def among(x: Array, *values: float) -> npt.NDArray[np.bool_]:
    """Say where x is one of some values."""
    found = x == short(values[0])
    for value in values[1:]:
        found |= x == short(value)
    return np.asarray(found)


def weighted(terms: Sequence[tuple[float, float, Floats]], bias: Floats) -> Floats:
    """Return the sum of weight * numerators / divisor, and a bias.

    Numerators of one divisor are added before the division: integers then meet no rounding, and
    a tie between memories is found.
    """
    groups: dict[float, Floats] = {}
    for w, divisor, x in terms:
        groups[divisor] = groups.get(divisor, np.zeros(x.shape)) + w * x
    return sum((x / divisor for divisor, x in groups.items()), start=np.zeros(bias.shape)) + bias


class SumCursor(Cursor):
    def __init__(self, cursors: list[Cursor], weights: list[float], bias: Floats) -> None:
        self._cursors, self._weights, self._bias = cursors, weights, bias

    @property
    def kernel(self) -> str:  # type: ignore[override]
        """What computes its visits."""
        return " + ".join(c.kernel for c in self._cursors)

    @property
    def steady(self) -> bool:  # type: ignore[override]
        """Whether all of its cursors are."""
        return all(c.steady for c in self._cursors)

    @property
    def state(self) -> Array:
        return self._cursors[0].state

    def fields(self, rows: Ints, sites: Ints) -> Floats:
        terms = zip(self._weights, self._cursors, strict=True)
        return weighted(
            [(w, c.divisor, c.numerators(rows, sites)) for w, c in terms], self._bias[sites]
        )

    def assign(self, rows: Ints, sites: Ints, values: Floats) -> None:
        for cursor in self._cursors:
            cursor.assign(rows, sites, values)

    def visit(
        self, rows: Ints, sites: Ints, theta: Floats, tie: Signs, low: float, high: float
    ) -> Floats:
        w, b = self._weights[0], self._bias
        if self._alone:
            return self._cursors[0].visit(rows, sites, (theta - b[sites]) / w, tie, low, high)
        return super().visit(rows, sites, theta, tie, low, high)

    def settle(
        self, order: Any, streams: Streams, most: int, theta: Any, *rule: Any
    ) -> Swept | None:
        w, b = self._weights[0], self._bias
        if not self._alone or (w != 1 and (np.any(theta) or w < _LEAST)):
            return None
        found = self._cursors[0].settle(order, streams, most, (theta - b) / w, *rule)
        return found and found._replace(energies=None)

    @property
    def _alone(self) -> bool:
        # w h + b > theta is h > (theta - b) / w: one memory and its biases need no other loop
        # (both a bias and a weight would round twice, and might break a tie).
        # So might a bias on a bias.
        w, plain = self._weights[0], not self._bias.any()
        if len(self._cursors) > 1 or (self._cursors[0].biased and not plain):
            return False
        return w == 1 or (w > 0 and plain)

    @property
    def biased(self) -> bool:  # type: ignore[override]
        """Whether it adds biases to a field, which rounds."""
        return bool(self._bias.any()) or any(c.biased for c in self._cursors)


def to_states(x: Any, old: tuple[float, float], new: tuple[float, float]) -> Floats:
    """Return values in other states; the two states, and unknown between them, exactly."""
    (low, high), (first, second) = old, new
    scale = (second - first) / (high - low)
    out = np.asarray(first + (x - low) * scale)
    if np.frexp(scale)[0] != 0.5:  # then evidence leaves its grid, on which sums are exact
        out = np.round(out * GRID) / GRID
    for a, b in ((low, first), (high, second), ((low + high) / 2, (first + second) / 2)):
        out = np.where(x == a, b, out)
    return out


class RecodedCursor(Cursor):
    def __init__(self, inner: Cursor, s: Floats, low: float, high: float) -> None:
        self._inner, self._s = inner, s.copy()
        self._states, self._signs = (low, high), (-1.0, 1.0)
        self._scale = 2 / (high - low)

    @property
    def kernel(self) -> str:  # type: ignore[override]
        """What computes its visits."""
        return self._inner.kernel

    @property
    def steady(self) -> bool:  # type: ignore[override]
        """Whether the cursor within is."""
        return self._inner.steady

    @property
    def biased(self) -> bool:  # type: ignore[override]
        """Whether the cursor within is."""
        return self._inner.biased

    def fields(self, rows: Ints, sites: Ints) -> Floats:
        return self._scale * self._inner.fields(rows, sites)

    def assign(self, rows: Ints, sites: Ints, values: Floats) -> None:
        self._inner.assign(rows, sites, to_states(values, self._states, self._signs))
        self._s[rows, sites] = values

    def visit(
        self, rows: Ints, sites: Ints, theta: Floats, tie: Signs, low: float, high: float
    ) -> Floats:
        low, high = to_states(np.array([low, high]), self._states, self._signs).tolist()
        after = self._inner.visit(rows, sites, theta / self._scale, tie, low, high)
        after = to_states(after, self._signs, self._states)
        self._s[rows[:, None], sites] = after  # of a site visited twice the last one stays
        return after

    def settle(
        self, order: Any, streams: Streams, most: int, theta: Any, *rule: Any
    ) -> Swept | None:
        if np.any(theta) and np.frexp(self._scale)[0] != 0.5:  # which might break a tie
            return None
        states = to_states(np.array(rule[1:]), self._states, self._signs)
        rule = rule[0], *states.tolist()
        found = self._inner.settle(order, streams, most, theta / self._scale, *rule)
        if found:
            self._s = to_states(self._inner.state, self._signs, self._states)
        return found


def relax(
    s: Array,
    periods: Ints,
    advance: Callable[[Ints], Any],
    most: int,
    still: Callable[[Ints], Any] | None = None,
    cycles: bool = True,
) -> None:
    """Let the states (R, ...) whose period is 0 move until each stands still or goes round.

    Parameters
    ----------
    s, periods : ndarray of shape (R, ...) and (R,)
        Both are kept up to date; a fixed point has the period 1.
    advance : callable
        Lets some replicas make a sweep.
    most : int
        Stop after so many sweeps at the latest.
    still : callable, optional
        Says which of some replicas that did not move never will; by default all of them.
    cycles : bool
        Look for cycles too, as Brent does: compare with a state kept at each power of two.
    """
    kept, at = s.copy() if cycles else s, 0
    for k in range(1, most + 1):
        active = np.flatnonzero(periods == 0)
        if not active.size:
            return
        before = s[active]
        advance(active)
        now = s[active]
        moved = (before != now).any(axis=1)
        if cycles:
            back = moved & (now == kept[active]).all(axis=1)
            periods[active[back]] = k - at
            if k == max(1, 2 * at):
                kept, at = s.copy(), k
        quiet = active[~moved]
        periods[quiet] = still(quiet) if still else 1


def _warm(neuron: HeatBath, order: Any) -> bool:
    """Say whether sweeps of a neuron at a temperature can be made many at once."""
    if type(neuron) is not HeatBath or type(order) not in (Shuffled, Random, Sequential, Sync):
        return False
    return neuron.T > _LEAST and all(x % 1 == 0 and abs(x) <= 8 for x in neuron.states)
