"""All neurons at once under Hebb's couplings: batches of -1/+1 states, held in words of bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..base.bits import Words, aligned, pack, unpack
from ..base.exact import WHOLE, WHOLE_SINGLE
from ..base.forms import Array, Counts, Floats, Form, Ints, Patterns, Rule, Signs
from ..base.streams import Streams
from ..base.threads import each, threads
from .compiled import available, kernel
from .thresholds import COIN, turns, whole_bars

_LANES = 32  # states in a block, as in the kernels
_LEAST = 2  # states; a block with one takes no longer than the 32 states of a full one
_AT_ZERO = "fixed", "coin"
_ALONE = "coin", "heat"  # what no other row makes such sweeps for, of however few states
_SUMS = 2**17  # products of states and patterns from which packing is worth its start
_COUNTED = 2**24  # the same for a matrix of products of patterns
_WORK = 2**34  # products that a kernel makes in a tenth of a second, between looks at Ctrl-C
_DRAWN = 2000  # products that take as long as drawing one threshold
_SHARED = 2**25  # products that take as long as starting a thread does
_FAR = 2.0**45  # biases, in numerators, that are told from each other there by less than 1
_LARGEST = 2.0**500  # of a weight and a scale, and their inverse: far from where quotients vanish


def worth(source: Patterns, states: Array) -> bool:
    """Say whether states (R, n) of -1/+1 are enough to be packed into bits, and sums fit int32.

    A block of 32 lanes costs the same however many states it holds: from two states on it is
    quicker than these one by one. Below 2**17 products the start (50 us) costs more than floats.
    """
    replicas, sums = len(states), source.size * states.size
    return bool(replicas >= _LEAST and sums >= _SUMS and _fits(source))


def _fits(source: Patterns) -> bool:
    return bool(source.size * (source.n + 1) < 2**31)


def takes(form: Form, rule: Rule, schedule: str | None, states: Array) -> bool:
    """Say whether all neurons move together under the couplings alone, in batches worth it."""
    return (
        schedule == "together"
        and form.kind == "patterns"
        and form.source.unset == -1
        and 1 / _LARGEST < form.weight < _LARGEST
        and (worth(form.source, states) or (rule.law in _ALONE and _fits(form.source)))
        and (rule.law != "heat" or 1 / _LARGEST < rule.scale < _LARGEST)
        and (form.bias is None or np.abs(form.bias).max() * form.divisor < _FAR * form.weight)
        and available()
    )


class Together:
    """The session: states in words; the array of them is made when it is asked for.

    Parameters
    ----------
    form, rule, schedule, states
        As `engine.open` takes them.

    Attributes
    ----------
    words : ndarray of uint64, shape (R, W), or None
        The states; see `bits.pack`. None where some neurons were unknown when it was opened.
    squares : ndarray of int64, shape (R,)
        The sums of their squared overlaps, -1 where they are not known.
    """

    name = "together"
    exact = True

    def __init__(self, form: Form, rule: Rule, schedule: str | None, states: Signs) -> None:
        source = form.source
        self._form, self._rule = form, rule
        self._state, self._stale = np.ascontiguousarray(states), False
        self._words: Words = np.empty((len(states), -(-form.n // 64)), dtype=np.uint64)
        kernel("together.pack_signs")(self._state, self._words)
        some = not self._state.view(np.uint8).all()
        self._blanks = pack(self._state == 0) if some else self._words[:0]
        self.words = None if some else self._words
        self._own = int(source.diagonal[0])
        self._net = source.bits.by_pattern, source.bits.sevens, source.size, self._own
        most = form.n * source.size + 1  # beyond any numerator
        sides = (x if form.bias is not None else x[:1] for x in turns(form))
        self._sides = [np.minimum(np.maximum(x - 1, -most), most).astype(np.int32) for x in sides]
        self._work = form.n * (source.size + _DRAWN * (rule.law == "heat"))
        self.squares = np.full(len(states), -1)

    @property
    def state(self) -> Signs:
        """The states (R, n)."""
        if self._stale:
            kernel("together.unpack_signs")(self._words, self._state)
            if len(self._blanks):
                self._state[unpack(self._blanks, self._form.n) > 0] = 0
            self._stale = False
        return self._state

    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Let every replica of period 0 make up to so many sweeps; see `Session`."""
        law = self._rule.law
        if law == "own" or self._rule.theta:
            return False
        rows = np.flatnonzero(counts.period == 0)
        if most and rows.size:
            self._stale = True
            (self._heat if law == "heat" else self._settle)(rows, streams, counts, most)
        return True

    def _settle(self, rows: Ints, streams: Streams, counts: Counts, most: int) -> None:
        held = self._words, self._blanks
        kept = (self._words.copy(), self._blanks.copy()) if most > 1 else held
        tie = COIN if self._rule.law == "coin" else self._rule.tie
        law = self._bars(tie), tie, (streams.state, streams.step)
        self._run("sweep_together", rows, most, kept, counts.table, self.squares, *law)

    def _heat(self, rows: Ints, streams: Streams, counts: Counts, most: int) -> None:
        form, scale = self._form, self._rule.scale
        bias = np.zeros(form.n) if form.bias is None else form.bias
        unit, margin = form.weight / form.divisor, 1 if form.bias is None else 3
        table = whole_bars(scale / unit, margin)
        heat = form.weight, form.divisor, bias, np.rint(bias / unit).astype(np.int64), scale, table
        self.squares[rows] = -1
        self._run("heat_together", rows, most, counts.table, (streams.state, streams.step), heat)

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields of neurons (A, k), or of all, in replicas (A,)."""
        out = np.empty((rows.size, self._form.n))
        self._run("numerators_together", rows, 1, out)
        if self._form.weight != 1:
            out *= self._form.weight
        if self._form.divisor != 1:
            out /= self._form.divisor
        if self._form.bias is not None:
            out += self._form.bias
        return out if sites is None else np.take_along_axis(out, sites, axis=1)

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, new states (A, k) of -1/+1."""
        if sites is not None:
            self.state[rows[:, None], sites] = values
            values = self.state[rows]
        else:
            self._stale = True
        self._words[rows], self.squares[rows] = pack(values), -1
        if len(self._blanks):
            self._blanks[rows] = pack(values == 0)

    def settled(self, rows: Ints) -> Array | None:
        """Say which replicas (A,) one more sweep would leave where they are, whatever it draws."""
        if self._rule.law not in _AT_ZERO or self._rule.theta:
            return None
        if len(self._blanks) or self._form.bias is not None:
            return None
        ties = (self._rule.tie,) if self._rule.law == "fixed" else (-1, 1)
        fixed = np.empty(len(self._words), dtype=np.bool_)
        # the kernel changes the order of rows
        self._run("settled_together", rows.copy(), 1, self.squares, self._bars(*ties), fixed)
        return np.asarray(fixed[rows])

    def energies(self) -> Floats | None:
        """Return the energies (R,); None where their sums would round."""
        self._run("square_overlaps", np.flatnonzero(self.squares < 0), 1, self.squares)
        if self.squares.max() >= WHOLE:
            return None
        blank = np.bitwise_count(self._blanks).sum(axis=1, dtype=np.int64)
        known = self._form.n - (blank if len(blank) else 0)
        found = (known * self._own - self.squares) / (2 * self._form.divisor)
        return np.asarray(found if self._form.weight == 1 else self._form.weight * found)

    def _bars(self, *ties: int) -> Array:
        """Return the bars (n or 1, 4) that sums must exceed; see `kernels.together`.

        A neuron that is up stays where its field is above 0, or 0 and no tie sends it down.
        """
        up, flat = self._sides
        stays, rises = (flat if min(ties) >= 0 else up), (flat if max(ties) > 0 else up)
        return np.array((stays + self._own, rises - self._own, up, flat)).T.copy()

    def _run(self, name: str, rows: Ints, most: int, *rest: Any) -> None:
        """Run a kernel for rows, a part in each thread, so little that Ctrl-C need not wait."""
        if not rows.size:
            return
        made, run_kernel = self._form.source.made, kernel(f"together.{name}")
        states = self._words, self._blanks
        shares = min(threads(), 1 + self._work * rows.size // _SHARED)
        blocks = min(-(-rows.size // (_LANES * shares)), max(1, _WORK // (_LANES * self._work)))
        size, spare = _LANES * blocks, made("workspaces", list)

        def run(start: int) -> Iterator[None]:
            order, done = rows[start : start + size], 0
            while done < most and order.size:
                some = min(most - done, max(1, _WORK // (self._work * max(order.size, _LANES))))
                try:  # what another call has left
                    room = spare.pop()
                except IndexError:
                    room = kernel("together.workspace")(*self._net[:2])
                span = start, done, some
                left = run_kernel(self._net, room, states, order, span, *rest)
                order, done = order[:left], done + some
                spare.append(room)
                yield

        each(run, range(0, rows.size, size), shares)


def gram_of(words: Words, size: int, n: int) -> Floats | None:
    """Return how much more often n rows of ``size`` bits agree than differ, (n, n).

    ``words`` (n or more, W) hold the rows, no bit set beyond ``size``. None where that is not worth
    its start, or cannot be compiled.
    """
    if n * n * size < _COUNTED or not available():
        return None
    rows = aligned((-(-n // _LANES) * _LANES, words.shape[1]), np.uint64)
    rows[:n] = words[:n]
    blocks = aligned((len(rows) // _LANES, words.shape[1], _LANES), np.uint64)
    blocks[:] = rows.reshape(-1, _LANES, words.shape[1]).transpose(0, 2, 1)
    item = np.dtype(np.float32 if n * size < WHOLE_SINGLE else np.float64)  # holds a row's sum
    out, whole = aligned((n, n), item), n * item.itemsize % 64 == 0
    run, part = kernel("together.agreements"), _LANES * max(1, _WORK // (_LANES * n * size))
    shares = threads()
    part = min(part, _LANES * max(1, n // (8 * _LANES * shares))) if shares > 1 else part

    def fill(first: int) -> Iterator[None]:
        room = aligned((_LANES, _LANES), np.int32)
        yield run(rows, blocks, first, min(first + part, n), size, room, whole, out)

    each(fill, range(0, n, part), shares)
    return out


def gram(source: Patterns) -> Floats | None:
    """Return X'X (N, N) of Hebb's patterns by counting; None as `gram_of` says."""
    w = gram_of(source.bits.by_neuron, source.size, source.n)
    if w is not None and source.unset == 0:  # from agreements to how often both neurons are 1
        ones = 2 * source.bits.ups - source.size / 2
        w += ones
        w += ones[:, None]
        w /= 4
    return w
