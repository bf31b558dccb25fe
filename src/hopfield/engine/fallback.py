"""The networks of two-state neurons by NumPy alone: the visits of a window are guessed at once.

The first guess is that no neuron moves. The fields that follow from a guess say who does move, and
so a better guess: what a visit finds depends on the visits before it alone, so that each guess is
right a visit further at least, and a guess that repeats itself is what the visits in turn come to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..base.exact import WHOLE, WHOLE_SINGLE
from ..base.forms import Array, Counts, Floats, Form, Ints, Matrix, Patterns, Rule, Signs
from ..base.streams import Streams

_WINDOW, _LARGE, _LEAST = 256, 1024, 16  # visits: more need more guesses, fewer more calls
_FEW = 8  # steps followed one by one
_VISITS = 2**14  # drawn at once
_VALUES, _KEPT = 3 * 2**15, 2**18  # pattern values that stay in a cache while they are used


class Columns:
    """Numerators of R replicas under dense couplings, and what steps add to them.

    Parameters
    ----------
    source : Matrix
        The couplings.
    replicas : int
        R.
    """

    own: Any = None  # what a neuron's state adds to its own numerator, to be left out

    def __init__(self, source: Matrix, replicas: int) -> None:
        self.columns, n = source.columns, source.columns.shape[0]
        self.sums, self.window = np.empty((replicas, n)), min(_WINDOW, n)

    def begin(self, s: Signs) -> Floats:
        """Return the sums (A, n) of states (A, n)."""
        return np.asarray(s.astype(np.float64) @ self.columns)

    def whole(self, rows: Ints, s: Signs) -> Floats:
        """Return the numerators (A, n) of replicas in states (A, n)."""
        return np.asarray(self.sums[rows])

    def at(self, rows: Ints, sites: Ints, s: Signs) -> Floats:
        """Return the numerators (A, k) of neurons in states (A, k)."""
        return np.asarray(self.sums[rows[:, None], sites])

    def open(self, row: int, sites: Ints) -> Floats:
        """Open a window; return the numerators there, were nobody to move."""
        self.row, self.sites = row, sites
        return np.asarray(self.sums[row].take(sites))

    def effects(self, visits: Ints) -> Floats:
        """Return what a step of 1 at each of some visits adds at all visits."""
        return np.asarray(self.columns[self.sites[visits, None], self.sites])

    def shift(self, h: Floats, visits: Ints, steps: Floats) -> None:
        """Add to the numerators what steps at some visits add at later ones."""
        later = np.arange(h.size) > visits[:, None]
        h += steps @ np.where(later, self.effects(visits), 0)

    def close(self, visits: Ints, steps: Floats) -> None:
        """Keep the steps made at some visits."""
        self.add(self.row, self.sites[visits], steps)

    def add(self, row: int, sites: Ints, steps: Floats) -> None:
        """Add what steps of some neurons do to the sums."""
        self.sums[row] += steps @ self.columns[sites]


class SparseColumns(Columns):
    """The same under couplings held as a sparse array."""

    def begin(self, s: Signs) -> Floats:
        return np.asarray((self.columns.T @ s.T.astype(np.float64)).T)

    def effects(self, visits: Ints) -> Floats:
        out, row = np.empty((visits.size, self.sites.size)), np.zeros(self.columns.shape[0])
        for effect, (targets, values) in zip(out, self._columns(self.sites[visits]), strict=True):
            row[targets] = values
            effect[:] = row[self.sites]
            row[targets] = 0
        return out

    def add(self, row: int, sites: Ints, steps: Floats) -> None:
        h = self.sums[row]
        for step, (targets, values) in zip(steps.tolist(), self._columns(sites), strict=True):
            h[targets] += values * step

    def _columns(self, sites: Ints) -> Iterator[tuple[Ints, Floats]]:
        starts, targets, values = self.columns.indptr, self.columns.indices, self.columns.data
        for i in sites.tolist():
            column = slice(starts[i], starts[i + 1])
            yield targets[column], values[column]


class OverlapColumns(Columns):
    """The same under Hebb's couplings, by overlaps: float32 where that holds all sums."""

    def __init__(self, source: Patterns, replicas: int) -> None:
        size = source.size * source.n
        self.kind: Any = np.float32 if 4 * size < WHOLE_SINGLE else np.float64
        self.neurons = source.by_neuron
        if size <= _KEPT:
            self.neurons = source.made("floats", lambda: source.by_neuron.astype(self.kind))
        least, most = source.made("shares", lambda: ends(source.diagonal))
        self.own = source.diagonal if least < most else least or None
        self.sums = np.empty((replicas, source.size), self.kind)
        self.window = min(source.n, _LARGE, max(_LEAST, _VALUES // source.size))

    def begin(self, s: Signs) -> Floats:
        sums = sum(s[:, part].astype(self.kind) @ x for part, x in self._blocks())
        return np.asarray(sums)

    def whole(self, rows: Ints, s: Signs) -> Floats:
        m = self.sums[rows]
        h = np.concatenate([m @ x.T for _, x in self._blocks()], axis=1)
        return np.asarray(h if self.own is None else h - self.own * s, dtype=np.float64)

    def at(self, rows: Ints, sites: Ints, s: Signs) -> Floats:
        h = np.einsum("akp,ap->ak", self.neurons[sites].astype(self.kind), self.sums[rows])
        own = self.own[sites] if np.ndim(self.own) else self.own
        return np.asarray(h if own is None else h - own * s, dtype=np.float64)

    def open(self, row: int, sites: Ints) -> Floats:
        self.row, self.sites = row, sites
        # A take is quicker than an index.
        self.patterns = self.neurons.take(sites, axis=0).astype(self.kind, copy=False)
        return np.asarray(self.patterns @ self.sums[row], dtype=np.float64)

    def shift(self, h: Floats, visits: Ints, steps: Floats) -> None:
        sums = self._steps(visits, steps).cumsum(axis=0)  # what is added after each visit
        if visits.size < _FEW:
            at = (visits + 1).tolist()
            for i, j, added in zip(at, [*at[1:], h.size], sums, strict=True):
                h[i:j] += self.patterns[i:j] @ added
        else:
            later = slice(visits[0] + 1, None)
            ends = np.concatenate((visits, [h.size - 1]))
            added = np.repeat(sums, ends[1:] - visits, axis=0)
            h[later] += np.vecdot(self.patterns[later], added)

    def close(self, visits: Ints, steps: Floats) -> None:
        self.sums[self.row] += steps.astype(self.kind) @ self.patterns[visits]

    def add(self, row: int, sites: Ints, steps: Floats) -> None:
        self.sums[row] += steps.astype(self.kind) @ self.neurons[sites].astype(self.kind)

    def _steps(self, visits: Ints, steps: Floats) -> Floats:
        return np.asarray(self.patterns[visits] * steps[:, None].astype(self.kind))

    def _blocks(self) -> Iterator[tuple[slice, Any]]:
        """Yield the patterns as floats, a few neurons at a time."""
        size = max(1, _VALUES // self.sums.shape[1])
        for first in range(0, len(self.neurons), size):
            part = slice(first, first + size)
            yield part, self.neurons[part].astype(self.kind, copy=False)


def _spurious() -> Any:
    """Heed no flags that a BLAS sets for what lies beyond a row in its vectors."""
    return np.errstate(over="ignore", invalid="ignore")


_KINDS: dict[str, Any] = {"matrix": Columns, "sparse": SparseColumns, "patterns": OverlapColumns}


class Held:
    """Where the streams and counts of some replicas (A,) stand, to be moved on or left."""

    def __init__(self, streams: Streams, counts: Counts, rows: Ints) -> None:
        self._streams, self._counts, self._rows = streams, counts, rows
        self.state, self._table = streams.state[rows], counts.table[:, rows]

    def advance(self, sweeps: int, updates: int, words: int, still: Any = False) -> None:
        """Count sweeps, each of so many updates, that took so many words; and who is still."""
        rows = self._rows
        if words:
            steps = self._streams.step[rows] * np.uint64(words * sweeps)
            self._streams.state[rows] = self.state + steps
        table = self._table.copy()
        table[0] += sweeps
        table[1] += sweeps * updates
        table[2] += still
        self._counts.table[:, rows] = table

    def undo(self) -> None:
        """Put them back."""
        self._streams.state[self._rows] = self.state
        self._counts.table[:, self._rows] = self._table


class FallbackSession:
    """States whose visits are made a window at a time.

    Parameters
    ----------
    form, rule, schedule, states
        As for `engine.open`.
    """

    exact = True

    def __init__(self, form: Form, rule: Rule, schedule: str | None, states: Signs) -> None:
        self.name = f"{form.kind} (numpy)"
        self.state, self._form, self._rule, self._schedule = states, form, rule, schedule
        self._sums: Columns = _KINDS[form.kind](form.source, len(states))
        self._stale = np.ones(len(states), dtype=bool)  # replicas whose sums are to be found

    @_spurious()
    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Make sweeps at T = 0 until nothing moves, or many at once at a temperature."""
        rule, schedule = self._rule, self._schedule
        if rule.law == "heat":
            return self._ahead(sites, streams, counts, most)
        if rule.law != "fixed" or schedule not in ("shuffled", "given", "together"):
            return False
        if schedule == "given" and self._may_go_round():
            return False
        rows, size = np.flatnonzero(counts.period == 0), max(1, 8 * _KEPT // self._form.n)
        for first in range(0, rows.size, size):
            some = rows[first : first + size]
            if schedule == "together":
                self._move_together(some, counts, most)
            else:
                self._settle(some, sites, streams, counts, most)
        return True

    def _move_together(self, rows: Ints, counts: Counts, most: int) -> None:
        """Move all neurons at once until some replicas stand still or go round, as Brent does."""
        rule, tie = self._rule, np.int8(self._rule.tie)
        kept, at, now = self.state.copy(), 0, self.state[rows]
        for k in range(1, most + 1):
            new = decide(self._fields(rows), now, rule.theta, tie).astype(np.int8)
            moved = (new != now).any(axis=1)
            period = np.where(moved, (k - at) * (new == kept[rows]).all(axis=1), 1)
            table = counts.table[:, rows] + [[1], [1], [0]]
            table[2] = period
            try:
                self.assign(rows, None, new)
                counts.table[:, rows] = table
            except BaseException:
                self.assign(rows, None, now)
                raise
            if k == max(1, 2 * at):
                kept, at = self.state.copy(), k
            going = period == 0
            rows, now = rows[going], new[going]
            if not rows.size:
                break

    def _settle(
        self, rows: Ints, sites: Array | None, streams: Streams, counts: Counts, most: int
    ) -> None:
        """Sweep some replicas until nothing moves; whole fields say before who will move."""
        n, rule, moves = self._form.n, self._rule, rows
        ties, tie = np.full(n, rule.tie, np.int8), np.int8(rule.tie)
        visits = np.full(n, rule.theta), ties
        for k in range(most):
            now = self.state[rows]
            if k:
                new = decide(self._fields(rows), now, rule.theta, tie)
                moves = rows[(new != now).any(axis=1)]
            held = Held(streams, counts, rows)
            try:
                if moves.size:
                    self._fill(moves)
                    shuffled = sites is None
                    orders = streams.of(moves).permutation(n) if shuffled else [sites] * moves.size
                    for r, order in zip(moves.tolist(), orders, strict=True):
                        self._visit(r, order, *visits, True)
                still = (self.state[rows] == now).all(axis=1)
                held.advance(1, n, n if sites is None else 0, still)
            except BaseException:  # Ctrl-C: the sweep is not made
                self.assign(rows, None, now)
                held.undo()
                raise
            if still.any():
                rows = rows[~still]
                if not rows.size:
                    break

    def _ahead(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Make so many sweeps at a temperature, if many can be drawn at once.

        That changes no bit: a sweep takes a set number of words from each stream.
        """
        n, rows = self._form.n, np.flatnonzero(counts.period == 0)
        size = min(most, _VISITS // (n * max(1, rows.size)))
        if self._schedule in (None, "together") or size < 2:
            return False
        words = n if self._schedule == "given" else 2 * n
        for first in range(0, most, size):
            shape = rows.size, min(size, most - first), n
            now, held = self.state[rows], Held(streams, counts, rows)
            try:
                step = streams.step[rows, None]
                begun = np.uint64(words) * step * np.arange(shape[1], dtype=np.uint64)
                ahead = Streams(held.state[:, None] + begun, step + np.zeros_like(begun))
                if self._schedule == "shuffled":
                    sites = ahead.permutation(n)
                elif self._schedule == "drawn":
                    sites = ahead.integers(n, size=n)
                theta = self._rule.scale * ahead.logistic(size=shape)
                tie = np.where(np.signbit(theta), 1, -1).astype(np.int8)
                drawn = np.broadcast_to(sites, shape), theta, tie  # type: ignore[arg-type]
                self._visits(rows, *(x.reshape(rows.size, -1) for x in drawn))
                held.advance(shape[1], n, words)
            except BaseException:
                self.assign(rows, None, now)
                held.undo()
                raise
        return True

    def _may_go_round(self) -> bool:
        """Say whether one order may lead round: some move may raise the energy, if there is any."""
        w, source = self._form.weight, self._form.source
        if self._form.kind == "patterns":
            return w < 0 and not source.diagonal.any()  # then neurons have their own share
        loops = source.made("loops", lambda: ends(source.columns.diagonal()))
        return not source.symmetric or min(w * x for x in loops) < 0

    @_spurious()
    def visit(self, rows: Ints, sites: Ints, theta: Floats, tie: Signs) -> Array:
        """Visit neurons (A, k) of replicas (A,) in turn; return their states thereafter."""
        return self._visits(rows, sites, theta, tie)

    def _visits(self, rows: Ints, sites: Ints, theta: Floats, tie: Signs) -> Array:
        self._fill(rows)
        turns = zip(rows.tolist(), sites, theta, tie, strict=True)
        return np.array([self._visit(*turn, False) for turn in turns])

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields of neurons (A, k), or of all, in replicas (A,)."""
        if sites is None:
            with _spurious():
                return self._fields(rows)
        self._fill(rows)
        h = self._sums.at(rows, sites, self.state[rows[:, None], sites])
        return self._field(h, None if self._form.bias is None else self._form.bias[sites])

    def _fields(self, rows: Ints) -> Floats:
        self._fill(rows)
        return self._field(self._sums.whole(rows, self.state[rows]), self._form.bias)

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, new states (A, k)."""
        if sites is None:
            self._stale[rows] = True
            self.state[rows] = values
            return
        if (self.state[rows[:, None], sites] == values).all():
            return
        self._fill(rows)
        before, self._stale[rows] = self.state[rows], True
        self.state[rows[:, None], sites] = values
        for r, steps in zip(rows.tolist(), self.state[rows] - before, strict=True):
            (moved,) = steps.nonzero()
            if moved.size:
                self._sums.add(r, moved, steps[moved].astype(np.float64))
        self._stale[rows] = False

    def settled(self, rows: Ints) -> Array | None:
        """Leave it to the fields."""
        return None

    def energies(self) -> Floats | None:
        """Return the energies (R,) that follow from overlaps."""
        form, source, (replicas, n) = self._form, self._form.source, self.state.shape
        if form.kind != "patterns" or form.bias is not None or source.several:
            return None
        if source.size * n * n >= WHOLE:
            return None
        self._fill(np.arange(replicas))
        m, s = self._sums.sums.astype(np.float64), self.state.astype(np.float64)
        own = (s * s) @ source.diagonal
        return np.asarray(form.weight * ((own - np.vecdot(m, m)) / (2 * form.divisor)))

    def _fill(self, rows: Ints) -> None:
        """Find the sums of replicas where they are stale."""
        stale = rows[self._stale[rows]]
        if stale.size:
            with _spurious():
                self._sums.sums[stale] = self._sums.begin(self.state[stale])
            self._stale[stale] = False

    def _field(self, h: Floats, bias: Floats | None) -> Floats:
        form = self._form
        h = (h if form.weight == 1 else form.weight * h) / form.divisor
        return h if bias is None else h + bias

    def _visit(self, r: int, sites: Ints, theta: Floats, tie: Signs, once: bool) -> Floats:
        """Visit neurons of one replica in turn; ``once`` says that none comes twice."""
        after, self._stale[r] = np.empty(sites.size), True
        count = -(-sites.size // self._sums.window)
        for k in range(count):
            part = slice(sites.size * k // count, sites.size * (k + 1) // count)
            earlier = None if once else _earlier(sites[part])
            after[part] = self._window(r, sites[part], theta[part], tie[part], earlier)
        self._stale[r] = False
        return after

    def _window(
        self, r: int, sites: Ints, theta: Floats, tie: Signs, earlier: Ints | None
    ) -> Floats:
        """Make the visits of a window."""
        sums, bias, state = self._sums, self._form.bias, self.state[r]
        h, old = sums.open(r, sites), state.take(sites).astype(np.float64)
        start, steps = old, np.zeros(sites.size)
        own = sums.own.take(sites) if isinstance(sums.own, np.ndarray) else sums.own
        bias = None if bias is None else bias.take(sites)
        if own is not None:
            h -= own * old
        while True:
            new, found = decide(self._field(h, bias), old, theta, tie), old
            if earlier is not None:
                old = np.where(earlier < 0, start, new[earlier])
                if own is not None:
                    h -= own * (old - found)
            made, steps = steps, new - old
            (visits,) = (steps != made).nonzero()
            if visits.size:
                sums.shift(h, visits, (steps - made)[visits])
            elif earlier is None or np.array_equal(old, found):
                break
        (visits,) = steps.nonzero()
        if visits.size:
            sums.close(visits, steps[visits])
            state[sites] = new  # of a neuron that comes twice the last state stays
        return new


def ends(x: Array) -> tuple[float, float]:
    """Return the least and the largest of some numbers."""
    return float(x.min()), float(x.max())


def decide(h: Floats, s: Array, theta: Any, tie: Any) -> Floats:
    """Return 1 where a field exceeds its threshold, -1 where it is below; a tie of 0 keeps."""
    out = np.where(h > theta, 1.0, -1.0)
    equal = (h == theta).nonzero()
    if equal[0].size:
        tie = tie[equal] if np.ndim(tie) else tie
        out[equal] = np.where(tie == 0, s[equal], tie)
    return out


def _earlier(sites: Ints) -> Ints | None:
    """Return at which visit each neuron last came before, or -1; None if none comes twice."""
    line = np.sort(sites)
    if not (line[1:] == line[:-1]).any():
        return None
    order = sites.argsort(kind="stable")
    again = sites[order[1:]] == sites[order[:-1]]
    earlier = np.full(sites.size, -1)
    earlier[order[1:][again]] = order[:-1][again]
    return earlier


def takes(form: Form, rule: Rule, schedule: str | None, states: Array) -> bool:
    """Say whether it is such a memory, whose sums are exact."""
    return form.kind in _KINDS and getattr(form.source, "exact", True)
