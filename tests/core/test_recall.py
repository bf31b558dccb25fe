"""Recall: cues, what stops it, what it counts, what it keeps, and stepping."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tables import MEMORIES, NEURONS, ORDERS, N

import hopfield as hf
from hopfield import engine, models
from hopfield.core.cursors import Cursor
from tests.bad import M as FIVE, X, refuses

XI = hf.random_patterns(3, 40, rng=1)
M = hf.hebb(XI)
CUES = hf.flip(XI, 0.2, rng=2)
FOUR = (hf.Shuffled(), hf.Sync(), hf.Random(), hf.Sequential())
POTTS = models.potts([[0, 1, 2, 3, 0, 1]], 4)
FLIP_FLOP = hf.Couplings([[0, 1], [1, 0]])
orders = pytest.mark.parametrize("order", ORDERS)


def moves_in_a_sweep(order, n=N):
    return len(list(order(n, np.random.default_rng(0))))


# ---- cues ------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync(), hf.Random(), hf.Sequential()])
def test_what_nothing_is_known_of_stays_so_unless_ties_move_it(order):
    nothing = np.zeros(40)
    ends = {
        tie: hf.recall(M, nothing, neuron=hf.Sign(tie=tie), order=hf.Sync(), updates=1, rng=0)
        for tie in ("keep", "up", "down", "random")
    }
    assert {tie: end.undecided for tie, end in ends.items()} == {
        "keep": 40,
        "up": 0,
        "down": 0,
        "random": 0,
    }
    assert (ends["up"].state == 1).all()
    assert (ends["down"].state == -1).all()
    assert set(ends["random"].state.tolist()) == {1, -1}
    kept = hf.recall(M, nothing, order=order, rng=0)
    assert (kept.why, kept.undecided, kept.energy) == ("fixed point", 40, 0)
    assert not kept.state.any()
    assert kept.state.dtype == np.int8


def test_undecided_counts_the_unknown_that_no_field_reaches():
    # Neurons 0 and 1 hold each other; nothing reaches neurons 2 and 3.
    w = np.zeros((4, 4))
    w[0, 1] = w[1, 0] = 1
    r = hf.recall(hf.Couplings(w), [1, 0, 0, -1], rng=0)
    assert r.state.tolist() == [1, 1, 0, -1]
    assert r.undecided == 1
    batch = hf.recall(hf.Couplings(w), [[0, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 1]], rng=0)
    assert batch.undecided.tolist() == [4, 2, 0]


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "uint8", "float32", "F"])
@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync(), hf.Random()], ids=str)
@pytest.mark.parametrize("neuron", [hf.Sign(), hf.Sign(0, 1), hf.HeatBath(0.3)], ids=str)
def test_the_same_cue_in_numbers_of_any_kind_is_recalled_alike(neuron, order, dtype):
    states = [0, 1] if dtype in ("bool", "uint8") else neuron.states
    cue = np.random.default_rng(3).choice(states, (9, 40))
    if dtype == "F":
        other = np.asfortranarray(cue.astype(np.int8))
    else:
        other = cue.astype(dtype)
    if dtype == "bool":
        cue = np.where(cue, *neuron.states[::-1])
    kept = other.copy()
    for memory in (M, M.dense(), M + hf.Bias(0.25), hf.DenseMemory(XI, "power", degree=2)):
        if memory.states and neuron.states != memory.states:
            continue
        of = {"neuron": neuron, "order": order, "sweeps": 5, "record": None, "rng": 4}
        mine, its = hf.recall(memory, other, **of), hf.recall(memory, cue.astype(float), **of)
        assert np.array_equal(mine.state, its.state)
        assert mine.state.dtype == np.int8
        assert np.array_equal(mine.energy, its.energy)
        assert (mine.why == its.why).all()
        assert (mine.sweeps == its.sweeps).all()
        assert (mine.undecided == its.undecided).all()
    assert np.array_equal(other, kept)  # the caller's own


@pytest.mark.parametrize("memory", [M, hf.dense(XI, degree=3), M.dense(), hf.hebb(XI[:, ::-1])])
@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync()])
def test_a_cue_is_left_alone_and_its_layout_does_not_matter(memory, order, tmp_path):
    cues = hf.flip(XI[[0, 1, 2, 0]], 0.2, rng=1)
    np.save(tmp_path / "cues.npy", cues)
    expected = hf.recall(memory, cues.copy(), order=order, rng=1)
    for kept in (
        np.asfortranarray(cues),
        np.asfortranarray(cues.astype(float)),
        np.repeat(cues, 2, axis=1)[:, ::2],
        cues.reshape(4, 5, 8).copy(),  # pictures
        *(np.load(tmp_path / "cues.npy", mmap_mode=mode) for mode in ("r", "r+")),
    ):
        before = np.array(kept)
        found = hf.recall(memory, kept, order=order, rng=1)
        assert np.array_equal(found.state.reshape(4, -1), expected.state)
        assert np.array_equal(kept, before)


@pytest.mark.parametrize("n", [40, 5000])
@pytest.mark.parametrize("value", [2, -2, 127, -128])
def test_a_cue_of_small_integers_that_are_no_states_is_evidence(n, value):
    xi = hf.random_patterns(2, n, rng=1)
    cue = xi[0].copy()
    cue[3:9] = value
    whole, real = (hf.recall(hf.hebb(xi), c, sweeps=0) for c in (cue, cue.astype(float)))
    assert whole.state.tolist() == real.state.tolist() == cue.tolist()


def test_a_run_gives_floats_and_takes_evidence_whatever_its_cue_was():
    run = hf.Run(M.recode(0, 1), CUES[0] > 0, neuron=hf.Sign(0, 1), order=hf.Sequential())
    assert run.state.dtype == np.float64
    run.set([0, 1], [0.5, 0.25])
    run.set([2], 1)
    assert run.state[:3].tolist() == [0.5, 0.25, 1]
    far = CUES[0].copy()
    far[0] = -128  # evidence, though a byte holds it
    ends = [hf.recall(M, cue, rng=1) for cue in (far, far.astype(float))]
    assert np.array_equal(ends[0].state, ends[1].state)
    assert set(ends[0].state.tolist()) == {-1, 1}


def test_a_neuron_of_another_kind_may_answer_with_what_is_between_its_states():
    class Half(hf.Linear):
        states = (-1.0, 1.0)

        def answer(self, h):
            return np.full(h.shape, 0.5)

    run = hf.Run(M, CUES[0], neuron=Half(), order=hf.Sync())
    run.step()
    assert (run.state == 0.5).all()


@pytest.mark.parametrize("tie", ["keep", "up", "down"])
def test_unknown_neurons_take_the_state_of_their_field(tie):
    cue = hf.blank(XI[0], 0.5, rng=3)
    r = hf.recall(M, cue, neuron=hf.Sign(tie=tie), rng=4)
    assert np.array_equal(r.state, XI[0])
    assert (r.why, r.undecided) == ("fixed point", 0)


def test_a_cue_is_evidence_of_any_strength():
    strengths = np.random.default_rng(0).uniform(0.05, 3, 40)
    r = hf.recall(M, XI[1] * strengths, rng=1)
    assert np.array_equal(r.state, XI[1])
    # A neuron that no field reaches goes to the nearer of its states at its first update.
    free = hf.Bias(0.0, 4)
    for order in (hf.Sequential(), hf.Sync()):
        r = hf.recall(free, [0.3, -0.01, 0.0, -7], order=order)
        assert r.state.tolist() == [1, -1, 0, -1]
        assert (r.why, r.undecided) == ("fixed point", 1)
        r = hf.recall(free, [0.6, 0.4, 0.5, 9], neuron=hf.Sign(0, 1), order=order)
        assert r.state.tolist() == [1, 0, 0.5, 1]
        assert r.undecided == 1


def test_evidence_is_read_to_a_millionth():
    run = hf.Run(M, np.linspace(-1, 1, 40))
    assert np.abs(run.state - np.linspace(-1, 1, 40)).max() < 1e-6
    assert np.array_equal(run.state * 2**20, np.rint(run.state * 2**20))
    # States themselves are taken as they are.
    cue = np.where(XI[0] > 0, 0.7, 0.1)
    assert np.array_equal(hf.Run(M, cue, neuron=hf.Sign(0.1, 0.7)).state, cue)


def test_bools_are_the_two_states():
    assert np.array_equal(hf.Run(M, XI[0] > 0).state, XI[0])
    assert np.array_equal(hf.Run(M, XI > 0, neuron=hf.Sign(0, 1)).state, XI > 0)
    assert np.array_equal(hf.Run(M, XI > 0, neuron=hf.HeatBath(1, -0.5, 2)).state, XI * 1.25 + 0.75)


def test_01_neurons_recall_what_their_memory_was_written_for():
    r = hf.recall(M.recode(0, 1), CUES > 0, neuron=hf.Sign(0, 1), rng=5)
    plain = hf.recall(M, CUES, rng=5)
    assert np.array_equal(r.state, plain.state > 0)
    assert set(r.state.flat) == {0, 1}
    assert np.array_equal(r.why, plain.why)
    assert np.allclose(r.energy, plain.energy)


def test_a_cue_of_one_row_is_a_batch_of_one():
    one, batch = (hf.recall(M, cue, rng=np.random.default_rng(1)) for cue in (CUES[0], CUES[:1]))
    assert np.array_equal(one.state, batch.state[0])
    assert (one.why, one.sweeps, one.updates, one.energy) == (
        batch.why[0],
        batch.sweeps[0],
        batch.updates[0],
        batch.energy[0],
    )
    assert (type(one.why), type(one.sweeps), type(one.energy)) == (str, int, float)
    assert batch.why.shape == batch.sweeps.shape == batch.energy.shape == (1,)


# ---- why it stopped --------------------------------------------------------------------------


def test_a_fixed_point_takes_one_quiet_sweep():
    r = hf.recall(M, XI[0], rng=0)
    assert (r.why, r.sweeps, r.updates) == ("fixed point", 1, 40)
    assert np.array_equal(r.state, XI[0])
    assert hf.recall(M, CUES[0], rng=0).sweeps >= 2


def test_every_reason_to_stop():
    assert hf.recall(M, XI[0], rng=0).why == "fixed point"
    assert hf.recall(FLIP_FLOP, [1, -1], order=hf.Sync()).why == "2-cycle"
    turning = hf.Couplings([[0, 1], [-1, 0]])
    assert hf.recall(turning, [1, 1], order=hf.Sync()).why == "4-cycle"
    assert hf.recall(turning, [1, 1], sweeps=7, rng=0).why == "ran out of sweeps"
    assert hf.recall(turning, [1, 1], updates=7, rng=0).why == "ran out of updates"
    assert hf.recall(M, XI[0], updates=0).why == "fixed point"
    assert hf.recall(FLIP_FLOP, [1, -1], order=hf.Sync(), sweeps=0).why == "ran out of sweeps"


@orders
def test_a_batch_stops_each_replica_for_itself(order):
    memory = hf.hebb(hf.random_patterns(2, N, rng=1))
    cues = hf.random_patterns(20, N, rng=2)
    batch = hf.recall(memory, cues, order=ORDERS[order], sweeps=30, rng=np.random.default_rng(3))
    rng = np.random.default_rng(3)
    for b, cue in enumerate(cues):
        one = hf.recall(memory, cue, order=ORDERS[order], sweeps=30, rng=rng)
        assert np.array_equal(one.state, batch.state[b])
        assert (one.why, one.sweeps, one.updates) == (
            batch.why[b],
            batch.sweeps[b],
            batch.updates[b],
        )
    assert len(set(batch.sweeps.tolist())) > 1


@st.composite
def networks(draw):
    """Draw asymmetric real couplings of sizes that differ a millionfold, and a cue."""
    n = draw(st.integers(2, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    w = rng.normal(size=(n, n)) * 10.0 ** rng.integers(-3, 4, (n, n))
    return hf.Couplings(w + w.T if draw(st.booleans()) else w), rng.choice([-1, 1], n)


@given(networks(), st.sampled_from(list(NEURONS)), st.sampled_from(["shuffled", "random", "sync"]))
def test_a_fixed_point_is_never_claimed_where_a_neuron_can_move(network, neuron, order):
    memory, cue = network
    neuron, order = NEURONS[neuron], {"sync": hf.Sync(), "random": hf.Random()}.get(order)
    if neuron.states != (-1, 1):
        memory, cue = memory.recode(*neuron.states), np.asarray(neuron.states)[(cue + 1) // 2]
    r = hf.recall(memory, cue, neuron=neuron, order=order, sweeps=20, rng=1)
    s = r.state.astype(float)
    fresh = neuron.settled(memory.field(s), s).all()
    assert (r.why == "fixed point") == fresh
    if order is None and memory.symmetric and not neuron.random:
        assert r.why == "fixed point"  # the energy falls, and there are few states


class Drifting(hf.Memory):
    """A memory whose first cursor has lost the field of neuron 0 to rounding."""

    n = 3

    def __init__(self):
        self.opened = 0

    def field(self, s):
        return np.broadcast_to([1.0, 1.0, 1.0], np.shape(s))

    def energy(self, s):
        return -np.sum(s, axis=-1)

    def open(self, s):
        self.opened += 1
        lost = [0.0, 1.0, 1.0] if self.opened == 1 else [1.0, 1.0, 1.0]
        cursor = Cursor(lambda rows: np.broadcast_to(lost, rows.shape), np.atleast_2d(s))
        cursor.exact = False
        return cursor


def test_what_rounding_hides_from_a_cursor_is_found():
    memory = Drifting()
    r = hf.recall(memory, [-1, -1, -1], rng=0)
    assert r.state.tolist() == [1, 1, 1]
    assert (r.why, r.sweeps, r.energy) == ("fixed point", 4, -3)  # moves, quiet, moves, quiet


def test_the_heat_bath_never_claims_a_fixed_point():
    for T in (1e-12, 0.1, 10.0):
        for order in (hf.Shuffled(), hf.Sync(), hf.Random()):
            r = hf.recall(M, XI, neuron=hf.HeatBath(T), order=order, sweeps=5, rng=0)
            assert set(r.why) == {"ran out of sweeps"}
            assert (r.sweeps == 5).all()
    frozen = hf.recall(M, XI, neuron=hf.HeatBath(1e-12), sweeps=5, rng=0)
    assert np.array_equal(frozen.state, XI)  # it could move, and does not
    assert set(hf.recall(M, XI, neuron=hf.HeatBath(0), rng=0).why) == {"fixed point"}


def test_a_random_tie_is_no_fixed_point():
    free = hf.Bias(0.0, 3)
    assert hf.recall(free, [1, 1, 1], rng=0).why == "fixed point"
    r = hf.recall(free, [1, 1, 1], neuron=hf.Sign(tie="random"), sweeps=9, rng=0)
    assert r.why == "ran out of sweeps"


# ---- what it counts --------------------------------------------------------------------------


@orders
@pytest.mark.parametrize("updates", [0, 1, 2, 5, 13, 28])
def test_updates_are_exact(order, updates):
    cues = hf.random_patterns(4, N, rng=2)
    memory = hf.hebb(hf.random_patterns(2, N, rng=1))
    r = hf.recall(
        memory, cues, order=ORDERS[order], updates=updates, record=hf.record.states("update"), rng=3
    )
    per_sweep = moves_in_a_sweep(ORDERS[order])
    assert r.updates.tolist() == [updates] * 4
    assert r.sweeps.tolist() == [-(-updates // per_sweep)] * 4
    assert len(r.trace) == updates + 1
    if order not in ("sync", "blocks"):
        assert (np.count_nonzero(np.diff(r.trace, axis=0), axis=2) <= 1).all()


def test_random_updates_visit_one_neuron_each():
    r = hf.recall(
        hf.Bias(1.0, 200),
        -np.ones(200),
        order=hf.Random(),
        updates=150,
        record=hf.record.states("update"),
        rng=0,
    )
    seen = [np.flatnonzero(s == 1).size for s in r.trace]
    assert set(np.diff(seen)) == {0, 1}  # 0 where a neuron was drawn again
    expected = 200 * (1 - (1 - 1 / 200) ** 150)
    assert abs(seen[-1] - expected) < 4 * np.sqrt(200) / 2


def test_sweeps_bound_the_run_and_count_the_quiet_one():
    for sweeps in range(4):
        r = hf.recall(M, CUES, sweeps=sweeps, rng=1)
        assert (r.sweeps <= sweeps).all()
        assert np.array_equal(r.updates, r.sweeps * 40)
    assert np.array_equal(hf.recall(M, CUES, sweeps=0).state, CUES)


@pytest.mark.parametrize("name", MEMORIES)
@orders
def test_the_energy_is_that_of_the_last_state(name, order):
    memory = MEMORIES[name](0)
    cues = hf.random_patterns(6, N, rng=1)
    of = {"neuron": hf.Sign(), "order": ORDERS[order], "sweeps": 4, "rng": 2}
    r, one = hf.recall(memory, cues, **of), hf.recall(memory, cues[0], **of)
    if memory.symmetric:
        assert np.array_equal(r.energy, memory.energy(r.state))
        assert one.energy == memory.energy(one.state)
    else:
        assert r.energy is None
        assert one.energy is None


# ---- stepping --------------------------------------------------------------------------------


def test_a_step_says_how_many_neurons_moved():
    run = hf.Run(hf.Bias([1.0, 1.0, -1.0, 1.0]), [-1, 1, 1, -1], order=hf.Sequential())
    assert [run.step().moved for _ in range(5)] == [1, 0, 1, 1, 0]
    assert run.step(0).moved == 0
    assert hf.Run(hf.Bias(1.0, 4), [[-1, -1, 1, 1]] * 2, order=hf.Sync()).step().moved == 4
    # Back and forth within one step is no move.
    assert hf.Run(FLIP_FLOP, [1, -1], order=hf.Sync()).step(2).moved == 0


@pytest.mark.parametrize("order", [hf.Sync(), hf.Shuffled()])
def test_a_step_of_many_cues_says_how_many_neurons_moved(order):
    memory = hf.hebb(hf.random_patterns(20, 100, rng=1))  # so many that they are held in words
    run = hf.Run(memory, hf.random_patterns(300, 100, rng=4), order=order, rng=1)
    for moves in (1, 100, 7):
        before = run.state
        assert run.step(moves).moved == (run.state != before).sum()


@pytest.mark.parametrize("order", FOUR)
def test_steps_of_any_size_make_the_same_moves(order):
    ends = []
    for sizes in ([120], [3, 97, 20], [40, 80], [1] * 120):
        run = hf.Run(M, hf.random_patterns(3, 40, rng=4), order=order, rng=1)
        for size in sizes:
            run.step(size)
        ends.append(run.result())
    assert all(np.array_equal(end.state, ends[0].state) for end in ends)
    assert all(np.array_equal(end.updates, ends[0].updates) for end in ends)


def test_a_step_says_why_it_stopped():
    run = hf.Run(M, XI[0], order=hf.Sync())
    assert tuple(run.step()) == (0, "fixed point")
    assert tuple(hf.Run(FLIP_FLOP, [1, -1], order=hf.Sync()).step(4)) == (0, "2-cycle")
    turning = hf.Run(hf.Couplings([[0, 1], [-1, 0]]), [1, 1], order=hf.Sync())
    steps = [turning.step() for _ in range(12)]
    assert [s.moved for s in steps] == [1] * 12
    assert steps[0].why == ""
    assert "4-cycle" in {s.why for s in steps} <= {"", "4-cycle"}
    hot = hf.Run(M, XI[0], neuron=hf.HeatBath(1e-9), rng=1)
    assert {hot.step(7).why for _ in range(20)} == {""}


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync(), hf.Random(), hf.Sequential()])
def test_single_steps_end_in_the_reason_of_the_whole(order):
    whole = hf.recall(M, CUES[0], order=order, rng=3)
    run, seen = hf.Run(M, CUES[0], order=order, rng=3), []
    while not seen or not seen[-1].why:
        seen.append(run.step())
        assert len(seen) < 1000
    assert seen[-1].why == whole.why == "fixed point"
    assert np.array_equal(run.state, whole.state)
    assert run.settled() is True
    assert all(step.why == "" for step in seen[:-1])


def test_steps_of_a_batch_say_why_of_each_replica():
    cues = np.concatenate([XI[:1], CUES[1:]])
    run = hf.Run(M, cues, rng=1)
    step = run.step(0)
    assert (step.moved, step.why.shape) == (0, (3,))
    step = run.step(40)
    assert step.moved > 0
    assert step.why[0] == "fixed point"
    while not all(step.why):
        step = run.step(40)
    assert set(step.why) == {"fixed point"}
    assert run.step(1000).moved == 0


def test_the_period_stands_beside_the_reason():
    turning = hf.Couplings([[0, 1], [-1, 0]])
    assert hf.recall(M, XI[0], rng=0).period == 1
    assert hf.recall(FLIP_FLOP, [1, -1], order=hf.Sync()).period == 2
    assert hf.recall(turning, [1, 1], order=hf.Sync()).period == 4
    assert hf.recall(turning, [1, 1], sweeps=7, rng=0).period == 0
    assert hf.recall(turning, [1, 1], updates=7, rng=0).period == 0
    many = hf.recall(FLIP_FLOP, [[1, -1], [1, 1], [-1, 1]], order=hf.Sync())
    assert many.period.tolist() == [2, 1, 2]
    still = hf.recall(hf.modern(XI, 4.0), 1.0 * XI[0], sweeps=50)  # graded: found when it is asked
    assert (type(still.period), still.period) == (int, 1)
    assert hf.recall(hf.modern(XI, 4.0), 1.0 * XI, sweeps=50).period.shape == XI[:, 0].shape
    words = {0: "ran out of sweeps", 1: "fixed point"}
    for rng in range(9):
        w = np.random.default_rng(rng).normal(size=(8, 8))
        r = hf.recall(
            hf.Couplings(w), hf.random_patterns(20, 8, rng=rng), order=hf.Sync(), sweeps=9
        )
        assert r.why.tolist() == [words.get(k, f"{k}-cycle") for k in r.period]


def test_asking_for_the_result_between_steps_changes_no_period():
    for rng in range(20):
        memory = hf.Couplings(np.random.default_rng(rng).normal(size=(8, 8)))
        cue = hf.random_patterns(1, 8, rng=rng)[0]
        whole = hf.recall(memory, cue, order=hf.Sync(), sweeps=1000).period
        run = hf.Run(memory, cue, order=hf.Sync())
        for k in (40, 3, 16, 7, 30):
            step = run.step(k)
            if step.why:
                assert step.why == ("fixed point" if whole == 1 else f"{whole}-cycle")
            run.result()


@given(st.integers(0, 999), st.integers(2, 9))
def test_a_cycle_has_the_period_that_it_is_said_to_have(seed, n):
    memory = hf.Couplings(np.random.default_rng(seed).normal(size=(n, n)))
    for cue in hf.random_patterns(5, n, rng=seed):
        r = hf.recall(memory, cue, order=hf.Sync(), sweeps=3000)
        path = [r.state]
        for _ in range(r.period):
            path.append(hf.recall(memory, path[-1], order=hf.Sync(), updates=1).state)
        back = [k for k in range(1, r.period + 1) if np.array_equal(path[k], path[0])]
        assert r.period
        assert back[0] == r.period


@pytest.mark.parametrize("row", [(), *((row.name,) for row in engine.ENGINES)])
def test_steps_name_no_cycle_that_began_before_the_evidence_was_decided(row):
    turning = hf.Couplings([[0, 1, 0], [-1, 0, 0], [0, 0, 0]])
    swap = hf.Couplings([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    for memory, cue, period in (turning, [1, 1, 1], 4), (swap, [1, -1, 1], 2):
        # The second cue holds evidence: whole sweeps are left to the engine from the second on.
        with engine.using(*row):
            run = hf.Run(memory, [cue, [0.3, 0.7, 1]], order=hf.Sync(), rng=0)
            assert run.step(2).why[0] == ""
            assert run.step(12).why[0] == f"{period}-cycle"
            assert run.step(1).why[0] == f"{period}-cycle"


def test_steps_of_many_cues_go_on_where_evidence_has_been_decided():
    xi = hf.random_patterns(60, 500, rng=1)
    cues = hf.flip(xi[:20], 0.2, rng=3).astype(float)
    cues[:, 0] = 0.3
    run = hf.Run(hf.hebb(xi), cues, order=hf.Sync(), rng=0)
    run.step(3)
    with engine.using():
        plain = hf.Run(hf.hebb(xi), cues, order=hf.Sync(), rng=0)
        plain.step(3)
    assert np.array_equal(run.state, plain.state)


@pytest.mark.parametrize("row", [(), ("matrix",)])
@pytest.mark.parametrize("sweeps", range(4))
def test_steps_after_a_finish_look_for_cycles_anew(row, sweeps):
    with engine.using(*row):
        run = hf.Run(FLIP_FLOP, [1, -1], order=hf.Sync())
        assert run.finish(sweeps).period == 0
        assert [run.step().why for _ in range(5)] == ["", "", "", "2-cycle", "2-cycle"]


@pytest.mark.parametrize("row", [(), ("matrix",)])
def test_a_result_forgets_nothing_that_steps_have_found(row):
    with engine.using(*row):
        run = hf.Run(hf.Couplings([[0, 1], [-1, 0]]), [1, 1], order=hf.Sync())
        assert run.step(12).why == "4-cycle"
        assert run.result().why == "ran out of updates"
        assert run.period == 4
        assert run.step(1).why == "4-cycle"


def test_a_run_can_be_asked_at_any_time():
    run = hf.Run(M, CUES[0], order=hf.Sequential(), record=hf.record.energy("update"))
    assert np.array_equal(run.state, CUES[0])
    assert run.settled() is False
    seen = [run.result()]
    for _ in range(100):
        run.step()
        seen.append(run.result())
    assert run.settled() is True
    assert [r.updates for r in seen] == list(range(101))
    assert [r.sweeps for r in seen] == [-(-k // 40) for k in range(101)]
    assert seen[0].why == "ran out of updates"
    assert seen[-1].why == "fixed point"
    assert run.result(otherwise="stopped by hand").why == "fixed point"
    assert seen[3].trace.tolist() == seen[-1].trace[:4].tolist()
    energies = [r.energy for r in seen]
    assert seen[-1].trace.tolist() == energies
    assert hf.Run(M, CUES).result(otherwise="stopped by hand").why[0] == "stopped by hand"


def test_a_neuron_of_several_sites_keeps_the_cue_that_says_nothing_of_it():
    cue = np.concatenate([np.full(4, 0.5), models.one_hot([1, 2, 3, 0, 1], 4)])
    assert np.array_equal(hf.Run(POTTS, cue).state, cue)


def test_a_run_of_no_sweeps_says_where_it_stands():
    end = hf.Run(M, CUES, rng=0).finish(0)
    assert np.array_equal(end.state, CUES)
    assert not end.sweeps.any()


def test_a_recall_has_what_it_says_and_nothing_else():
    for r in (hf.recall(M, CUES[0], rng=1), hf.recall(hf.modern(XI), CUES[0])):
        assert r.why == "fixed point"
        assert not hasattr(r, "reason")
        with pytest.raises(AttributeError, match=r"^Recall has no attribute 'reason'"):
            _ = r.reason


@pytest.mark.parametrize("rows", [[row.name for row in engine.ENGINES], ["fallback"], []])
def test_neurons_of_other_states_have_the_energy_of_their_own_states(rows):
    halves = np.array([[1, 1, 1, -1, -1, -1], [1, -1, 1, -1, 1, -1]])
    memory = hf.Hebbian(halves, self_coupling=True)  # no bias inside: W adds up to 0
    with engine.using(*rows):
        r = hf.recall(memory, halves > 0, neuron=hf.Sign(0, 1), rng=1)
    assert r.energy.tolist() == memory.energy(r.state).tolist() == [-0.75 - 1 / 12] * 2


def test_a_batch_can_be_asked_at_any_time():
    run = hf.Run(M, np.concatenate([XI[:1], CUES[1:]]), rng=0)
    assert run.settled().tolist() == [True, False, False]
    assert run.result().why.tolist() == ["fixed point", "ran out of updates", "ran out of updates"]
    assert set(run.finish().why) == {"fixed point"}
    assert run.settled().all()


@orders
@pytest.mark.parametrize("steps", [1, 3, 6, 7, 8, 20])
def test_what_was_begun_by_steps_ends_as_the_whole(order, steps):
    memory = hf.hebb(hf.random_patterns(2, N, rng=1))
    for cue in hf.random_patterns(10, N, rng=2):
        whole = hf.recall(memory, cue, order=ORDERS[order], sweeps=60, rng=5)
        run = hf.Run(memory, cue, order=ORDERS[order], rng=5)
        run.step(steps)
        end = run.finish(60)
        assert end.why == whole.why
        if whole.why == "fixed point":
            assert np.array_equal(end.state, whole.state)


@orders
@pytest.mark.parametrize("tie", ["keep", "random"])
def test_neurons_set_by_hand_are_those_of_a_run_that_began_so(order, tie):
    memory = hf.hebb(hf.random_patterns(2, N, rng=1))
    start, cue = hf.random_patterns(2, N, rng=2)
    began, edited = (
        hf.Run(memory, s, neuron=hf.Sign(tie=tie), order=ORDERS[order], rng=5) for s in (cue, start)
    )
    edited.set(np.arange(N), cue)
    for steps in (1, 2, 5, 20):
        a, b = edited.step(steps), began.step(steps)
        assert (a.moved, a.why) == (b.moved, b.why)
        assert np.array_equal(edited.state, began.state)


@pytest.mark.parametrize(
    "memory", [M, M.dense(), M + hf.Bias(0.25), hf.DenseMemory(XI, "power", degree=4)], ids=str
)
def test_a_run_goes_on_from_what_was_set_by_hand(memory):
    run = hf.Run(memory, CUES[0], order=hf.Sequential(), record=hf.record.states("update"))
    run.step(7)
    by_hand = run.state.copy()
    by_hand[[3, 20, 39]] = [-XI[0, 3], 0, 0.3]
    run.set([3, 20, 39], by_hand[[3, 20, 39]])
    assert np.abs(run.state - by_hand).max() < 1e-6
    run.step(80)
    trace = run.result().trace
    assert len(trace) == 88  # what is set is no move
    s = run.state * 0 + by_hand
    s[39] = np.round(0.3 * 2**20) / 2**20
    for k in range(80):
        i = (7 + k) % 40
        s[i] = np.sign(memory.field(s)[i]) or s[i]
        assert np.array_equal(trace[8 + k], s)


def test_a_batch_is_set_in_every_replica_by_numbers_or_bools():
    run = hf.Run(M, CUES, rng=0)
    run.set(np.arange(40) < 2, True)
    run.set([5], -1)
    run.set([6, 7], [False, True])
    assert run.state[:, [0, 1, 5, 6, 7]].tolist() == [[1, 1, -1, -1, 1]] * 3
    low = hf.Run(M.recode(0, 1), CUES > 0, neuron=hf.Sign(0, 1))
    low.set([0, 1], [True, False])
    assert low.state[:, :2].tolist() == [[1, 0]] * 3


def test_what_is_set_must_be_neurons_and_states():
    run = hf.Run(M, CUES[0])
    for sites in ([-1], [40], [0, 40]):
        with pytest.raises(ValueError, match="sites must lie between 0 and 39"):
            run.set(sites, 1)
    for sites in (3, [[0]], [0.5], [True, False]):
        with pytest.raises(TypeError, match="sites must be 1-D integers, or 40 bools"):
            run.set(sites, 1)
    with pytest.raises(ValueError, match="one for each of the 2 sites"):
        run.set([0, 1], [1, 1, 1])
    with pytest.raises(ValueError, match="values"):
        run.set([0], np.nan)
    with pytest.raises(TypeError, match="values"):
        run.set([0], "1")
    assert np.array_equal(run.state, CUES[0])


def test_what_a_network_is_made_of_cannot_be_written_over():
    run = hf.Run(M, CUES[0], rng=1)
    orders = hf.Sequential([1, 0]).sites, *hf.Blocks([0], [1]).blocks
    for held in (M.patterns, run.state, *orders):
        with pytest.raises(ValueError, match="read-only"):
            held[...] = 0


def test_results_do_not_change_as_the_run_goes_on():
    run = hf.Run(M, CUES[0], order=hf.Sequential(), record=hf.record.states("update"))
    run.step(2)
    first = run.result()
    state, trace = first.state.copy(), first.trace.copy()
    run.finish()
    assert np.array_equal(first.state, state)
    assert np.array_equal(first.trace, trace)
    assert first.updates == 2


# ---- randomness and words --------------------------------------------------------------------


def test_the_same_seed_gives_the_same_and_none_another():
    def end(rng):
        return hf.recall(M, CUES[0], neuron=hf.HeatBath(5.0), sweeps=3, rng=rng).state

    assert np.array_equal(end(7), end(7))
    assert not np.array_equal(end(7), end(8))
    assert not np.array_equal(end(None), end(None))


def test_replicas_of_one_cue_go_their_own_ways():
    r = hf.recall(M, [CUES[0]] * 50, neuron=hf.HeatBath(5.0), sweeps=3, rng=0)
    assert len(np.unique(r.state, axis=0)) == 50
    share = (r.state == 1).mean(axis=0)
    pairs = [hf.overlap(a, b) for a, b in itertools.combinations(r.state - (2 * share - 1), 2)]
    assert abs(np.mean(pairs)) < 0.05


@pytest.mark.parametrize("record", [None, hf.record.energy(), [hf.record.states(), np.sum]])
@pytest.mark.parametrize("cue", [X[0], X])
def test_recalls_are_equal_if_all_that_came_out_is(cue, record):
    memory = hf.hebb(X)

    def once(rng):
        return hf.recall(memory, cue, neuron=hf.HeatBath(1), record=record, sweeps=3, rng=rng)

    first, other = once(1), once(2)
    assert first == once(1)
    assert first != other
    assert first != first.state.tolist()
    assert not first == dataclasses.replace(first, energy=None)


def test_words_for_one_and_for_many():
    one = hf.recall(M, XI[0], rng=0)
    assert repr(one) == f"Recall(40: fixed point after 1 sweep, energy {one.energy:.6g})"
    assert "3 undecided" in repr(hf.recall(hf.Bias(0.0, 5), [1, 0, 0, 0, 1], rng=0))
    assert "energy" not in repr(hf.recall(hf.Couplings([[0, 1], [2, 0]]), [1, 1], rng=0))
    many = hf.recall(FLIP_FLOP, [[1, -1], [1, 1], [-1, 1]], order=hf.Sync())
    assert repr(many) == "Recall(3 x 2: 2 2-cycle, 1 fixed point)"


def test_what_ran_is_named():
    with engine.using():
        assert {hf.recall(M, CUES, order=order, rng=0).kernel for order in FOUR} == {"plain"}
    for row in engine.ENGINES:
        with engine.using(row.name):
            assert hf.recall(M, CUES, rng=0).kernel


def test_neurons_of_several_sites_that_hold_no_state_are_undecided():
    memory = hf.models.potts([[0, 1, 2]], 3)
    for cue in (np.zeros(9), np.ones(9)):
        assert hf.recall(memory, cue, neuron=hf.Potts(3), rng=1).undecided == 3
    cue = hf.models.one_hot([0, 1, -1], 3)
    assert hf.recall(memory, cue, neuron=hf.Potts(3), rng=1).undecided == 0


def test_states_that_grow_without_end_are_told():
    memory = 20 * hf.hebb(hf.random_patterns(2, 30, rng=1))
    with pytest.raises(ValueError, match="grow without end"):
        hf.recall(memory, np.full(30, 0.1), neuron=hf.Linear(), order=hf.Sync())


CASES = {
    "sites of no neuron in a recall": (
        lambda: hf.recall(FIVE, X[0] > 0, neuron=hf.Potts(3)),
        ValueError,
        r"^memory must have 3 sites for each Potts\(q=3, T=0.0\), not 5",
    ),
    "signs that flow": (
        lambda: hf.recall(FIVE, X[0], order=hf.Flow(1)),
        ValueError,
        r"^order Flow\(dt=1, .*\) moves graded neurons",
    ),
    "signs of 0/1 in a modern memory": (
        lambda: hf.recall(hf.modern(X), X[0] > 0, neuron=hf.Sign(0, 1)),
        ValueError,
        "^neuron has the states",
    ),
    "Potts neurons of another q": (
        lambda: hf.recall(POTTS, np.zeros(24), neuron=hf.Potts(2)),
        ValueError,
        "^neuron has q = 2 states, but memory is written for 4$",
    ),
    "Potts neurons of another q, with a bias": (
        lambda: hf.recall(2 * POTTS + hf.Bias(1), np.zeros(24), neuron=hf.Potts(6)),
        ValueError,
        "^neuron has q = 6 states, but memory is written for 4$",
    ),
    "a sum for neurons of several q": (
        lambda: POTTS + models.potts([[0, 1] * 4], 3),
        ValueError,
        r"^memories must have one q of the neurons, not \[3, 4\]",
    ),
    "cues of three dimensions": (
        lambda: hf.recall(FIVE, X[None]),
        ValueError,
        r"^cue .* \(1, 3, 5\)",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*CASES[case])


@pytest.mark.parametrize("neuron", [hf.Sign(), hf.HeatBath(0.5)])
@pytest.mark.parametrize("order", [hf.Sync(), hf.Shuffled(), hf.Sequential()])
@pytest.mark.parametrize("record", [None, hf.record.energy()])
def test_a_run_that_says_how_far_it_is_ends_as_one_that_does_not(neuron, order, record):
    said = []
    cues = np.concatenate([CUES, hf.random_patterns(40, 40, rng=5)])
    options = {"neuron": neuron, "order": order, "record": record}
    r = hf.Run(M, cues, rng=1, **options).finish(9, progress=said.append)
    quiet = hf.recall(M, cues, rng=1, sweeps=9, **options)
    assert dataclasses.replace(r, kernel=quiet.kernel) == quiet
    assert (said[0].done, said[-1].done, said[-1].total) == (0, 9, 9)
    assert str(said[-1]) == "recall: 9 of 9 sweeps"


def test_a_run_that_says_how_far_it_is_finds_cycles():
    said = []
    end = hf.Run(FLIP_FLOP, [1, -1], order=hf.Sync()).finish(9, progress=said.append)
    assert end == hf.recall(FLIP_FLOP, [1, -1], order=hf.Sync(), sweeps=9)
    assert (end.why, end.period) == ("2-cycle", 2)


def test_a_neuron_of_ones_own_must_answer_each_field():
    class Short(hf.Linear):
        def __call__(self, h, s, rng):
            return np.zeros(1)

    said = r"^neuron must answer \(1, 40\) fields by as many states, not \(1,\)"
    refuses(lambda: hf.recall(M, CUES[0], neuron=Short(), order=hf.Sync()), ValueError, said)


@pytest.mark.parametrize(("fields", "said"), [(np.full((1, 3), np.nan), "nan"), ([1.0], "(1,)")])
def test_a_memory_of_ones_own_must_give_each_field_as_a_number(fields, said):
    class Odd(hf.Memory):
        n = 3

        def field(self, s):
            return np.array(fields)

        def energy(self, s):
            return np.zeros(np.shape(s)[:-1])

    sentence = f"^memory must give fields of shape (1, 3) that are numbers, not {said}"
    pattern = sentence.replace("(", "[(]").replace(")", "[)]")
    refuses(lambda: hf.recall(Odd(), np.ones(3), rng=1), ValueError, pattern)


def test_sites_that_are_set_are_numbers():
    refuses(lambda: hf.Run(M, CUES[0]).set(["a"], 1), TypeError, "^sites must ")


def test_progress_must_be_a_function():
    refuses(lambda: hf.Run(M, CUES).finish(progress=1), TypeError, "^progress must be a function")
