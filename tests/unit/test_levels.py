"""Dense memories in bits: the kernels give what the sums over all patterns give, to the bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield.core import cursors
from hopfield.core.cursors import Levels
from hopfield.core.separation import Separation, exponential, power, rectified
from hopfield.engine.kernels import dispatch

pytest.importorskip("numba")

COUNTED = "separation (numba)"
PLAIN = "separation (numpy)"
ENDS = ("why", "sweeps", "updates", "energy", "undecided")
tent = Separation(
    "tent",
    0,
    lambda m, n: 5.0 * np.abs(m) - 7,
    lambda m, n: 5.0 * np.sign(m),
    even=True,
    largest_n=2**40,
    source="a test",
)
WHOLE = (power(2), power(3), power(4), power(7), rectified(2), rectified(5), tent)
NEURONS = (
    *(hf.Sign(tie=tie) for tie in ("keep", "up", "down", "random")),
    hf.HeatBath(0),
    hf.HeatBath(40.0),
)


def same(a, b):
    return np.array_equal(a.state, b.state) and all(
        np.array_equal(getattr(a, end), getattr(b, end)) for end in ENDS
    )


@st.composite
def networks(draw):
    """Draw what `recall` takes: repeats among the patterns, and cues with zeros and evidence."""
    n, p = draw(st.integers(2, 20)), draw(st.sampled_from([1, 2, 15, 16, 17, 64, 65, 200]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    xi = rng.choice([-1, 1], (p, n), p=[0.3, 0.7])
    xi[rng.random(p) < 0.2] = xi[0]
    memory = hf.Hebbian(xi, draw(st.sampled_from(WHOLE)))
    values = draw(st.sampled_from([(-1, 1), (-1, 1), (-1, 0, 1), (-1, 0, 0.3, 2.5)]))
    cues = rng.choice(values, draw(st.sampled_from([(n,), (1, n), (3, n)])))
    if draw(st.booleans()):
        memory = memory + hf.Bias(draw(st.sampled_from([0, 0.25, -8])))
    options = {
        "neuron": draw(st.sampled_from(NEURONS)),
        "order": draw(st.sampled_from([hf.Shuffled(), hf.Random(), hf.Sequential()])),
        "rng": draw(st.integers(0, 2**32)),
    }
    return memory, cues, options


@settings(max_examples=200)
@given(network=networks(), sweeps=st.integers(0, 9))
def test_counting_gives_the_same_recall(network, sweeps):
    memory, cues, options = network
    ends = []
    for name in dispatch.BACKENDS:
        with dispatch.using(name):
            ends.append(hf.recall(memory, cues, sweeps=sweeps, **options))
    assert same(ends[0], ends[1])
    assert same(ends[0], ends[2])
    if sweeps and set(np.unique(cues)) <= {-1, 1}:
        assert ends[0].kernel == COUNTED
        assert ends[1].kernel == PLAIN


@settings(max_examples=60)
@given(network=networks(), moves=st.lists(st.integers(0, 20), max_size=4))
def test_counting_gives_the_same_steps(network, moves):
    memory, cues, options = network
    ends = []
    for name in ("numba", "reference"):
        with dispatch.using(name):
            run = hf.Run(memory, cues, record=hf.record.states("update"), **options)
            for k in moves:
                run.step(k)
                run.set([0, 1], [1, 0])
            ends.append(run.finish(3))
    assert same(*ends)
    assert np.array_equal(ends[0].trace, ends[1].trace)


@pytest.mark.parametrize("f", WHOLE, ids=repr)
def test_a_cursor_that_counts_follows_any_number_it_is_given(f):
    memory = hf.Hebbian(hf.random_patterns(20, 30, rng=1), f)
    cursor = memory.open(np.ones(30))
    rng = np.random.default_rng(2)
    assert cursor.energies() == memory.energy(np.ones(30))
    for value, kernel in ((None, COUNTED), (-1, PLAIN), (0, PLAIN), (0.25, PLAIN), (1, PLAIN)):
        if value is not None:
            cursor.set(int(rng.integers(30)), value)
        assert cursor.kernel == kernel
        assert [cursor.field_at(k) for k in range(30)] == memory.field(cursor.state[0]).tolist()
    assert cursor.energies() is None


def test_small_networks_full_of_ties_end_alike():
    rng = np.random.default_rng(1)
    for n in (2, 3, 5):
        for f in (power(2), rectified(2), tent):
            memory = hf.Hebbian(rng.random((2, n)) < 0.5, f)
            cues = rng.choice([-1, 1], (60, n))
            for tie in ("keep", "up", "down"):
                found = []
                for name in ("numba", "reference"):
                    with dispatch.using(name):
                        found.append(hf.recall(memory, cues, neuron=hf.Sign(tie=tie), rng=n))
                assert same(*found)


# All patterns alike, and all but one of the neurons as in them: 2,368 sums fill 32 bits to 98 %.
@pytest.mark.parametrize(("p", "bits"), [(2368, 32), (2369, 64), (16, 32)])
def test_the_largest_sums_there_can_be_are_exact(p, bits):
    n, one = 97, np.array([0])
    memory = hf.Hebbian(np.ones((p, n)), power(4))
    assert Levels.of(power(4), n, p).rises.itemsize == bits // 8
    cue = np.ones(n)
    cue[5] = -1
    field = p * ((n - 2) ** 4 - (n - 4) ** 4) // 2
    assert (memory.field(cue)[[5, 6]] == [p * (n**4 - (n - 2) ** 4) // 2, field]).all()
    for theta, after in ((field - 1, 1), (field, 1), (field + 1, -1)):
        visit = np.array([[6]]), np.array([[float(theta)]]), np.array([[0]], np.int8)
        assert memory.open(cue).visit(one, *visit, -1, 1) == after
    assert memory.open(cue).energies() == -p * (n - 2) ** 4


def test_what_may_round_is_not_counted():
    most = round(np.cbrt(2**53 / 2 / 500))
    for f, n, p, counted in (
        (power(3), most - 1, 500, True),
        (power(3), most + 1, 500, False),
        (power(40), 2, 3, True),
        (power(40), 5, 3, False),
        (exponential, 20, 3, False),
        (replace(tent, f=lambda m, n: 1 / m), 4, 3, False),
        (replace(tent, f=lambda m, n: np.sqrt(m)), 4, 3, False),
    ):
        assert (Levels.of(f, n, p) is not None) == counted
    xi = hf.random_patterns(3, 20, rng=1)
    for f in (exponential, power(40)):
        assert hf.recall(hf.Hebbian(xi, f), xi[0], rng=1).kernel == PLAIN


def test_seventy_thousand_neurons_give_what_floats_give():
    xi = hf.random_patterns(3, 70_000, rng=1)
    memory, cue = hf.Hebbian(xi, power(3)), hf.flip(xi[0], 0.25, rng=2)
    r = hf.recall(memory, cue, rng=3)
    assert r.kernel == COUNTED
    assert np.array_equal(r.state, xi[0])
    start = hf.Run(memory, cue, rng=3, record=hf.record.states("update"))
    start.step(100)
    with dispatch.using("numpy"):
        floats = hf.Run(memory, cue, rng=3, record=hf.record.states("update"))
        floats.step(100)
        assert np.array_equal(start.result().trace, floats.result().trace)
        assert memory.energy(r.state) == r.energy


@pytest.mark.parametrize("work", [1, 3000, 8000])  # parts of one replica, and of several
def test_a_run_in_parts_is_the_run(work, monkeypatch):
    xi = hf.random_patterns(40, 30, rng=1)
    memory, cues = hf.Hebbian(xi, power(3)), hf.random_patterns(9, 30, rng=2)
    whole = [hf.recall(memory, cues, rng=3, sweeps=k) for k in (2, 100)]
    monkeypatch.setattr(cursors, "_WORK", work)
    parts = [hf.recall(memory, cues, rng=3, sweeps=k) for k in (2, 100)]
    assert all(same(a, b) for a, b in zip(whole, parts, strict=True))
    assert len(set(whole[1].sweeps)) > 1


def test_a_batch_is_its_cues_one_after_the_other():
    xi = hf.random_patterns(100, 40, rng=1)
    memory, cues = hf.Hebbian(xi, power(3)), hf.flip(xi[:5], 0.2, rng=2)
    batch = hf.recall(memory, cues, rng=np.random.default_rng(3))
    rng = np.random.default_rng(3)
    singles = [hf.recall(memory, cue, rng=rng) for cue in cues]
    assert np.array_equal(batch.state, [r.state for r in singles])
    assert batch.energy.tolist() == [r.energy for r in singles]
