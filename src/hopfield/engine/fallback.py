"""The networks of two-state neurons by NumPy alone: the visits of a window are guessed at once.

The first guess is that no neuron moves. The fields that follow from a guess say who does move, and
so a better guess: what a visit finds depends on the visits before it alone, so that each guess is
right a visit further at least, and a guess that repeats itself is what the visits in turn come to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..base.exact import WHOLE, WHOLE_SINGLE
from ..base.forms import Array, Counts, Floats, Form, Ints, Matrix, Patterns, Rule, Signs
from ..base.streams import Streams, below

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
        h = np.vecdot(self.neurons[sites].astype(self.kind), self.sums[rows[:, None]])
        own = self.own[sites] if np.ndim(self.own) else self.own
        return np.asarray(h if own is None else h - own * s, dtype=np.float64)

    def open(self, row: int, sites: Ints) -> Floats:
        self.row, self.sites = row, sites
        # A take is quicker than an index.
        self.patterns = self.neurons.take(sites, axis=0).astype(self.kind, copy=False)
        return np.asarray(self.patterns @ self.sums[row], dtype=np.float64)

    def shift(self, h: Floats, visits: Ints, steps: Floats) -> None:
        taken = self.patterns[visits] * steps[:, None].astype(self.kind)
        sums = taken.cumsum(axis=0)  # what is added after each visit
        if visits.size < _FEW:
            at = (visits + 1).tolist()
            for i, j, added in zip(at, [*at[1:], h.size], sums, strict=True):
                h[i:j] += self.patterns[i:j] @ added
        else:
            added = np.repeat(sums, np.diff(visits, append=h.size - 1), axis=0)
            h[visits[0] + 1 :] += np.vecdot(self.patterns[visits[0] + 1 :], added)

    def close(self, visits: Ints, steps: Floats) -> None:
        self.sums[self.row] += steps.astype(self.kind) @ self.patterns[visits]

    def add(self, row: int, sites: Ints, steps: Floats) -> None:
        self.sums[row] += steps.astype(self.kind) @ self.neurons[sites].astype(self.kind)

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


At = tuple[int, int, Signs, int]  # sweeps made, of these now; the states kept, and at which sweep
Made = tuple[int, int, Array]  # updates, words of each stream, and the periods found


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

    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Make sweeps at T = 0 until nothing moves, or many at once at a temperature."""
        law, schedule, n = self._rule.law, self._schedule, self._form.n
        rows = np.flatnonzero(counts.period == 0)
        heat = law == "heat" and schedule in ("given", "shuffled", "drawn")
        turns = law == "fixed" and schedule in ("given", "shuffled", "together")
        if not (heat or turns) or (turns and schedule == "given" and self._may_go_round()):
            return False
        many = min(most, _VISITS // (n * max(1, rows.size)))  # sweeps drawn at once
        if heat and many < 2:
            return False
        make = self._ahead if heat else self._move_all if schedule == "together" else self._in_turn
        size = rows.size if heat else max(1, 8 * _KEPT // n)
        for first in range(0, rows.size, size):
            some, made, brent = rows[first : first + size], 0, (self.state, 0)
            while made < most and some.size:
                now = min(many, most - made) if heat else 1
                made += now
                self._whole(make, some, sites, streams, counts, (made, now, *brent))
                if schedule == "together" and made == max(1, 2 * brent[1]):
                    brent = self.state.copy(), made
                some = some[counts.period[some] == 0]
        return True

    def _in_turn(self, rows: Ints, sites: Array | None, drawn: Streams, at: At) -> Made:
        """Make a sweep at T = 0; after the first, whole fields say before who will move."""
        n, rule, now = self._form.n, self._rule, self.state[rows]
        moves = np.ones(rows.size, bool) if at[0] == 1 else (self._answers(rows) != now).any(axis=1)
        if moves.any():
            orders = [sites] * rows.size if sites is not None else drawn.of(moves).permutation(n)
            self._fill(rows[moves])
            for r, order in zip(rows[moves].tolist(), orders, strict=False):
                self._visit(r, order, np.full(n, rule.theta), np.full(n, rule.tie, np.int8), True)
        return n, n * (sites is None), (self.state[rows] == now).all(axis=1)

    def _move_all(self, rows: Ints, sites: Array | None, drawn: Streams, at: At) -> Made:
        """Move all neurons at once; compare with a state kept before, as Brent does."""
        made, _, kept, since = at
        now, new = self.state[rows], self._answers(rows).astype(np.int8)
        back = (made - since) * (new == kept[rows]).all(axis=1)
        self.assign(rows, None, new)
        return 1, 0, np.where((new != now).any(axis=1), back, 1)

    def _ahead(self, rows: Ints, sites: Array | None, drawn: Streams, at: At) -> Made:
        """Make sweeps at a temperature, drawn at once: each takes a set number of words.

        No sweep can be the last, and the sums are exact however long they are kept. Of 100
        neurons and one replica 163 sweeps are visited in one call.
        """
        n, sweeps = self._form.n, at[1]
        words = n * (1 + (sites is None))
        ahead = drawn.apart(words, sweeps)
        if sites is not None:
            order = np.tile(np.asarray(sites, np.int64), (rows.size, sweeps))
        elif self._schedule == "drawn":
            order = below(np.uint64(n), ahead.bits(n)).reshape(rows.size, -1)
        else:
            order = ahead.permutation(n).reshape(rows.size, -1)
        uniform = ahead.logistic(size=(*ahead.state.shape, n))
        theta = self._rule.scale * uniform.reshape(rows.size, -1)
        self.visit(rows, order, theta, np.where(np.signbit(theta), 1, -1).astype(np.int8))
        return sweeps * n, sweeps * words, np.zeros(rows.size)

    def _whole(
        self,
        make: Callable[..., Made],
        rows: Ints,
        sites: Array | None,
        streams: Streams,
        counts: Counts,
        at: At,
    ) -> None:
        """Make sweeps of some replicas and count them, or none where Ctrl-C comes within."""
        now, words, table = self.state[rows], streams.state[rows], counts.table[:, rows]
        try:
            with _spurious():
                updates, drawn, periods = make(rows, sites, streams.of(rows), at)
            after = table + np.array([[at[1]], [updates], [0]])
            after[2] = periods
            counts.table[:, rows] = after
            if drawn:
                streams.state[rows] = words + np.uint64(drawn) * streams.step[rows]
        except BaseException:
            self.assign(rows, None, now)
            streams.state[rows], counts.table[:, rows] = words, table
            raise

    def _may_go_round(self) -> bool:
        """Say whether one order may lead round: some move may raise the energy, if there is any."""
        w, source = self._form.weight, self._form.source
        if self._form.kind == "patterns":
            return w < 0 and not source.diagonal.any()  # then neurons have their own share
        loops = source.made("loops", lambda: ends(source.columns.diagonal()))
        return not source.symmetric or min(w * x for x in loops) < 0

    def visit(self, rows: Ints, sites: Ints, theta: Floats, tie: Signs) -> Array:
        """Visit neurons (A, k) of replicas (A,) in turn; return their states thereafter."""
        self._fill(rows)
        turns = zip(rows.tolist(), sites, theta, tie, strict=True)
        with _spurious():
            return np.array([self._visit(*turn, False) for turn in turns])

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields of neurons (A, k), or of all, in replicas (A,)."""
        self._fill(rows)
        bias = self._form.bias
        if sites is None:
            with _spurious():
                return self._field(self._sums.whole(rows, self.state[rows]), bias)
        h = self._sums.at(rows, sites, self.state[rows[:, None], sites])
        return self._field(h, None if bias is None else bias[sites])

    def _answers(self, rows: Ints) -> Floats:
        """Return the states that all fields lead to at T = 0."""
        return decide(
            self.fields(rows), self.state[rows], self._rule.theta, np.int8(self._rule.tie)
        )

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, new states (A, k)."""
        if sites is None:
            self._stale[rows] = True
            self.state[rows] = values
            return
        steps = values - self.state[rows[:, None], sites]
        moved, where = steps.nonzero()
        if not moved.size:
            return
        self._fill(rows)
        self._stale[rows] = True
        self.state[rows[:, None], sites] = values
        for a in np.unique(moved).tolist() if len(rows) > 1 else (0,):
            k = where[moved == a]
            self._sums.add(int(rows[a]), sites[a, k], steps[a, k].astype(np.float64))
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
