"""Orders: their laws, their schedules, subclasses of them and orders of one's own."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tables import MEMORIES, ORDERS, N

import hopfield as hf
from hopfield import testing
from hopfield.base.streams import Streams
from tests.bad import M as FIVE, X, refuses

XI = hf.random_patterns(3, 40, rng=1)
M = hf.hebb(XI)
CUES = hf.flip(XI, 0.2, rng=2)
EVERY = ORDERS | {"flow": hf.Flow(0.3), "sequential alone": hf.Sequential()}


def sites_of(order, n=N, rng=0):
    return [np.atleast_1d(a).tolist() for a in order(n, np.random.default_rng(rng))]


@pytest.mark.parametrize("name", EVERY)
def test_an_order_is_a_value_and_comes_back_from_a_file(name, tmp_path):
    order = EVERY[name]
    hf.save(tmp_path / "o.npz", order)
    again = hf.load(tmp_path / "o.npz")
    assert again == order
    assert type(again) is type(order)
    assert hash(again) == hash(order)
    assert repr(again) == repr(order)
    assert sites_of(again) == sites_of(order)
    assert type(order)(**order.parts()) == order


def test_orders_that_differ_are_not_equal():
    others = [hf.Flow(0.2), hf.Sequential([1, 0]), hf.Blocks([0], [1]), hf.Blocks([0, 1])]
    every = [*EVERY.values(), *others]
    for a, b in itertools.combinations(every, 2):
        assert a != b or sites_of(a) == sites_of(b)
    assert hf.Sequential() != hf.Sequential([0, 1])
    assert hf.Blocks(slice(2), [2, 3]) == hf.Blocks([0, 1], range(2, 4))
    assert hf.Sync() != hf.Flow(1)


def test_an_order_says_its_schedule():
    schedules = {name: getattr(order, "schedule", None) for name, order in EVERY.items()}
    assert schedules == {
        "sync": "together",
        "shuffled": "shuffled",
        "random": "drawn",
        "sequential": "given",
        "sequential backwards": "given",
        "sequential alone": "given",
        "given": None,
        "blocks": None,
        "flow": None,
    }


@pytest.mark.parametrize("name", EVERY)
def test_each_neuron_moves_once_a_sweep_unless_it_is_drawn(name):
    visited = np.concatenate(sites_of(EVERY[name]))
    assert visited.size == N
    assert name in ("random", "given") or sorted(visited) == list(range(N))


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Random()])
def test_a_batch_of_streams_draws_what_each_draws_alone(order):
    many, each = (Streams.spawn(np.random.default_rng(1), 5) for _ in "ab")
    drawn = order(9, many)
    assert drawn.shape == (5, 9, 1)
    for r in range(5):
        assert np.array_equal(drawn[r], order(9, each[r]))
    assert np.array_equal(many.state, each.state)


# ---- visits that are given -------------------------------------------------------------------


def by_hand(w, s, sites):
    """Single visits, as one writes them in NumPy."""
    s = np.array(s, float)
    for i in sites:
        h = w[i] @ s
        s[i] = np.sign(h) or s[i]
    return s


@pytest.mark.parametrize("visits", [1, 7, 39, 40, 41, 200])
def test_given_visits_are_made_one_after_the_other(visits):
    rng = np.random.default_rng(visits)
    sites = rng.integers(40, size=visits)
    cue = hf.random_patterns(1, 40, rng=rng)[0]
    w = M.dense().weights
    for memory in (M, M.dense(), M.recode(0, 1)):
        low = 0 if memory.neuron.states == (0, 1) else -1
        r = hf.recall(memory, np.maximum(cue, low), order=hf.Given(sites), updates=visits)
        assert np.array_equal(np.where(r.state > 0, 1, -1), by_hand(w, cue, sites))
        assert r.updates == visits


def test_given_visits_begin_again_after_the_last():
    cues = hf.random_patterns(5, 40, rng=4)
    sites = np.random.default_rng(3).integers(40, size=17)
    options = {"updates": 90, "record": hf.record.states("update")}
    once, long = (
        hf.recall(M, cues, order=hf.Given(s), **options) for s in (sites, np.tile(sites, 6))
    )
    assert np.array_equal(once.trace, long.trace)
    assert (once.trace[-1] != cues).any()
    for b, cue in enumerate(cues):  # alone, in steps of any size
        run = hf.Run(M, cue, order=hf.Given(sites))
        for n in (3, 50, 37):
            run.step(n)
        assert np.array_equal(run.state, once.state[b])


def test_given_visits_end_where_nobody_moves_and_only_there():
    r = hf.recall(FIVE, X[0], order=hf.Given([0, 0]))
    assert r.why == "fixed point"
    pair = hf.Couplings([[0, 1], [1, 0]])
    stuck = hf.recall(pair, [1, -1], order=hf.Given([0]), neuron=hf.Sign(), sweeps=3)
    assert stuck.why == "fixed point"  # the one that is asked gives in
    free = hf.recall(hf.Bias(1.0, 3), -np.ones(3), order=hf.Given([0, 2]), sweeps=9)
    assert free.state.tolist() == [1, -1, 1]
    assert (free.why, free.sweeps) == ("ran out of sweeps", 9)


def test_a_state_that_comes_back_under_other_visits_is_no_cycle():
    chase = hf.Couplings([[0, 1], [-1, 0]])  # neuron 0 imitates, 1 contradicts
    visits = hf.Given([1, 0, 1, 0, 0, 1])
    r = hf.recall(chase, [1, 1], order=visits, sweeps=3, record=hf.record.states())
    assert r.trace.tolist() == [[1, 1], [-1, -1], [1, 1], [1, -1]]
    assert r.why == "ran out of sweeps"
    assert hf.recall(chase, [1, 1], order=hf.Sequential()).why == "2-cycle"


# ---- subclasses and orders of one's own ------------------------------------------------------


class Renamed(hf.Shuffled):
    """Shuffled under another name."""

    def __repr__(self):
        return "Renamed()"


class Backwards(hf.Shuffled):
    """A shuffled order from its end: not by rows of a batch, but by sites."""

    def __call__(self, n, rng):
        return super().__call__(n, rng)[::-1]


class Halves(hf.Sync):
    """One half together, then the other."""

    def __call__(self, n, rng):
        return [np.arange(n // 2), np.arange(n // 2, n)]


class Sparing(hf.Random):
    """Neurons drawn with replacement among the first three, for all replicas at once."""

    batched = True

    def __call__(self, n, rng):
        return rng.integers(3, size=n)[..., None]


def test_a_subclass_keeps_the_schedule_that_it_does_not_change():
    assert (Renamed().schedule, Renamed().batched) == ("shuffled", True)
    a, b = (hf.recall(M, CUES, order=order, rng=1) for order in (Renamed(), hf.Shuffled()))
    assert np.array_equal(a.state, b.state)
    assert a.kernel == b.kernel


def test_a_subclass_that_gives_other_sites_loses_the_schedule():
    assert (Backwards().schedule, Backwards().batched) == (None, False)
    assert (Halves().schedule, Sparing().schedule, Sparing().batched) == (None, None, True)

    class Still(hf.Shuffled):
        schedule = "given"

        def __call__(self, n, rng):
            return np.arange(n)[:, None]

    assert Still().schedule == "given"


class AllAtOnce:
    """All neurons together, named anew in another order for each sweep."""

    random = True

    def __call__(self, n, rng):
        return [rng.permutation(n)]


@pytest.mark.parametrize("name", MEMORIES)
def test_neurons_that_move_together_may_be_named_in_any_order(name):
    memory, cues = MEMORIES[name](0), hf.random_patterns(4, N, rng=1)
    options = {"neuron": hf.Sign() if memory.neuron is None else memory.neuron, "updates": 1}
    named = hf.recall(memory, cues, order=AllAtOnce(), rng=1, **options)
    together = hf.recall(memory, cues, order=hf.Sync(), **options)
    assert np.allclose(named.state, together.state)


@pytest.mark.parametrize("sites", [[N], [-1], [0.0]])
def test_an_order_of_ones_own_must_name_neurons_that_are_there(sites):
    class Astray:
        random = False

        def __call__(self, n, rng):
            return [np.arange(n - 1), np.array(sites)]

    memory = MEMORIES["rule hebb"](0)
    said = f"^order must give {N} sites between 0 and {N - 1} in a sweep"
    refuses(lambda: hf.recall(memory, np.ones(N), order=Astray()), ValueError, said)


class FirstAlone:
    """The first neuron, again and again, to be mixed in."""

    def __call__(self, n, rng):
        return np.zeros((n, 1), int)


class Stuck(FirstAlone, hf.Sequential):
    """Sequential, that what is mixed in changes."""


class StuckShuffled(FirstAlone, hf.Shuffled):
    """Shuffled, likewise."""


def test_sites_that_are_mixed_in_lose_the_schedule():
    for order in (Stuck(), StuckShuffled()):
        assert (order.schedule, order.batched) == (None, False)
        r = hf.recall(hf.Bias(1.0, 40), -np.ones((3, 40)), order=order, sweeps=2, rng=1)
        assert (r.state[:, 0] == 1).all()
        assert (r.state[:, 1:] == -1).all()


@pytest.mark.parametrize("order", [Backwards(), Halves(), Sparing()], ids=repr)
def test_a_subclass_is_run_as_what_it_is(order):
    testing.check_order(order, skips=isinstance(order, Sparing))
    cues = hf.random_patterns(6, 40, rng=5)
    options = {"order": order, "neuron": hf.HeatBath(0.5), "record": hf.record.states("update")}
    batch = hf.recall(M, cues, updates=90, rng=np.random.default_rng(2), **options)
    rng = np.random.default_rng(2)
    for b, cue in enumerate(cues):
        one = hf.recall(M, cue, updates=90, rng=rng, **options)
        assert np.array_equal(one.trace, batch.trace[:, b])
    if isinstance(order, Sparing):
        assert np.array_equal(batch.state[:, 3:], cues[:, 3:])
    if isinstance(order, Backwards):  # visited in the order in which Shuffled ends
        seen = hf.recall(hf.Bias(1.0, 40), -np.ones(40), order=order, updates=1, rng=3)
        last = hf.recall(hf.Bias(1.0, 40), -np.ones(40), order=hf.Shuffled(), updates=39, rng=3)
        assert np.array_equal(seen.state == 1, last.state == -1)


class Snake:
    """An order of one's own: to and fro, one neuron at a time."""

    random = True

    def __call__(self, n, rng):
        sites = np.arange(n)[:, None]
        return sites if rng.random(1)[0] < 0.5 else sites[::-1]


def test_an_order_of_ones_own_runs_and_the_laws_judge_it():
    testing.check_order(Snake())
    r = hf.recall(M, CUES, order=Snake(), rng=1)
    assert set(r.why) == {"fixed point"}
    assert np.array_equal(r.updates, 40 * r.sweeps)
    ways = {
        tuple(hf.recall(hf.Bias(1.0, 3), -np.ones(3), order=Snake(), updates=1, rng=seed).state)
        for seed in range(20)
    }
    assert ways == {(1, -1, -1), (-1, -1, 1)}


def test_all_together_in_any_order_is_together():
    class Permuted:
        random = False

        def __init__(self, sites):
            self.sites = np.array(sites)

        def __call__(self, n, rng):
            return self.sites[None]

    memory, cues = hf.hebb(X), hf.random_patterns(9, 5, rng=1)
    plain = hf.recall(memory, cues, order=hf.Sync())
    for sites in itertools.permutations(range(5)):
        r = hf.recall(memory, cues, order=Permuted(sites))
        assert np.array_equal(r.state, plain.state)
        assert (r.why == plain.why).all()
    twice = hf.recall(hf.Bias(1.0, 3), -np.ones(3), order=Permuted([0, 0, 2]), updates=1)
    assert twice.state.tolist() == [1, -1, 1]


def test_an_order_that_cuts_replicas_differently_is_refused():
    class Uneven:
        random = True

        def __init__(self):
            self.calls = 0

        def __call__(self, n, rng):
            self.calls += 1
            return [np.arange(self.calls), np.arange(self.calls, n)]

    refuses(
        lambda: hf.recall(FIVE, X, order=Uneven()),
        ValueError,
        "^order must cut every replica's sweep into moves of equal sizes",
    )


CASES = {
    "no time": (lambda: hf.Flow(0), ValueError, "^dt must be above 0, not 0"),
    "a site twice": (lambda: hf.Sequential([0, 1, 1]), ValueError, "^sites must name each neuron"),
    "sites that are no integers": (
        lambda: hf.Sequential([0.0, 1.0]),
        TypeError,
        "^sites must be 1-D arrays of integers",
    ),
    "sites of bools": (lambda: hf.Sequential([True, False]), TypeError, "^sites must be 1-D"),
    "no sites": (lambda: hf.Sequential([]), ValueError, "^sites must not be empty"),
    "sites of another n": (
        lambda: hf.recall(FIVE, X[0], order=hf.Sequential([1, 0])),
        ValueError,
        "^sites must be an order of all 5 neurons, not of 2",
    ),
    "a neuron before the first": (lambda: hf.Given([1, -1]), ValueError, "^sites .* not -1"),
    "a neuron after the last": (
        lambda: hf.recall(FIVE, X[0], order=hf.Given([0, 5])),
        ValueError,
        "^sites must be among the 5 neurons; one is 5",
    ),
    "visits to halves": (lambda: hf.Given([0.5]), TypeError, "^sites must be 1-D"),
    "visits in rows": (lambda: hf.Given([[0, 1]]), TypeError, "^sites must be 1-D"),
    "nobody to visit": (lambda: hf.Given([]), ValueError, "^sites must not be empty"),
    "no blocks": (hf.Blocks, ValueError, "^blocks must not be empty"),
    "a block missing": (lambda: hf.Blocks([0, 1], [3]), ValueError, "^blocks must name each"),
    "blocks that overlap": (
        lambda: hf.Blocks(slice(0, 3), [2, 3]),
        ValueError,
        "^blocks must name each neuron",
    ),
    "a block without a stop": (
        lambda: hf.Blocks(slice(0, None)),
        TypeError,
        "^blocks: the stop of a slice .* None",
    ),
    "a block from behind": (
        lambda: hf.Blocks(slice(None, -2)),
        ValueError,
        "^blocks: the stop of a slice .* -2",
    ),
    "a block in steps of 0": (
        lambda: hf.Blocks(slice(0, 5, 0)),
        TypeError,
        r"^blocks .* slice\(0, 5, 0\)",
    ),
    "an empty block": (lambda: hf.Blocks(slice(3, 3)), ValueError, "^blocks must not be empty"),
    "a huge block": (lambda: hf.Blocks(slice(2**40)), ValueError, "^blocks must ask for"),
    "blocks of another n": (
        lambda: hf.recall(FIVE, X[0], order=hf.Blocks([0, 1])),
        ValueError,
        "^blocks must hold each of the 5 neurons once; they hold 2",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*CASES[case])
