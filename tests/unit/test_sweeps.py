"""Whole sweeps by a kernel: each memory that passes them on must end as the loop does."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield.core import cursors, memory, neurons
from hopfield.engine import together as batches

pytest.importorskip("numba")

ENDS = ("state", "why", "sweeps", "updates", "energy", "undecided")


class Threshold(neurons.TwoState):
    """High above a threshold other than 0."""

    low, high = -1.0, 1.0

    def __init__(self, theta, tie):
        self.bounds = ((theta, tie),)

    bounds = ()


def by_loop(function):
    """Return what comes out where no kernel makes whole sweeps."""
    with mock.patch.object(cursors.Cursor, "sweeps", return_value=None):
        return function()


@st.composite
def networks(draw):
    """Draw memories within memories, with biases that fields can equal."""
    n, p = draw(st.integers(2, 40)), draw(st.integers(1, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    xi = rng.choice([-1, 1], (p, n))
    hebb = hf.Hebbian(xi, self_coupling=draw(st.booleans()))
    fields = hebb.field(rng.choice([-1, 1], n))  # each a number that a field may be
    sizes = st.sampled_from([1.0, 1 / 3, 1e-300, 1e49])
    bias = hf.Bias(fields * rng.choice([0, 1, -1, draw(sizes)], n))
    low, high = draw(st.sampled_from([(0, 1), (-1, 3), (0.1, 0.7), (2, 3)]))
    recoded = hebb.recode(low, high)
    against = hf.Bias(-recoded.field(rng.choice([low, high], n)))
    whole, states = draw(
        st.sampled_from(
            [
                (hebb, (-1, 1)),
                (hebb + bias, (-1, 1)),
                (0.3 * hebb, (-1, 1)),
                (1e-30 * hebb + 0 * bias, (-1, 1)),
                (recoded, (low, high)),
                ((hebb + bias).recode(low, high), (low, high)),
                (recoded + bias, (low, high)),
                (recoded + against, (low, high)),
                (hf.Hebbian(xi > 0, coding="01") + bias, (0, 1)),
            ]
        )
    )
    b = draw(st.sampled_from([None, 1, 3, 9]))
    values = [*states, sum(states) / 2] if draw(st.booleans()) else states
    cue = rng.choice(values, n if b is None else (b, n))
    return (
        whole,
        cue,
        {
            "neuron": hf.Sign(*states, tie=draw(st.sampled_from(["keep", "up", "down"]))),
            "order": draw(st.sampled_from([hf.Shuffled(), hf.Sync()])),
            "rng": draw(st.integers(0, 2**32)),
        },
    )


@settings(max_examples=300)
@given(network=networks(), sweeps=st.lists(st.integers(0, 9), min_size=1, max_size=3))
def test_whole_sweeps_are_the_sweeps_one_by_one(network, sweeps):
    whole, cue, options = network

    def ends():
        run = hf.Run(whole, cue, **options)
        for k in sweeps:
            yield run.finish(k)
            run.step(k)
        yield run.result()

    with mock.patch.multiple(batches, _LEAST=1, _MANY=1):  # let batches of every size in
        found = list(ends())
    for a, b in zip(found, by_loop(lambda: list(ends())), strict=True):
        assert all(np.array_equal(getattr(a, end), getattr(b, end)) for end in ENDS)


@settings(max_examples=60)
@given(
    theta=st.one_of(st.integers(-9, 9).map(lambda k: k / 20), st.floats(-1e50, 1e50)),
    tie=st.sampled_from([-1, 0, 1]),
    order=st.sampled_from([hf.Shuffled(), hf.Sync()]),
)
def test_any_threshold_has_its_kernel(theta, tie, order):
    xi = hf.random_patterns(4, 20, rng=1)
    options = {"neuron": Threshold(theta, tie), "order": order, "rng": 2}

    def end():
        return hf.recall(hf.Hebbian(xi), xi[0], **options)

    a, b = end(), by_loop(end)
    assert all(np.array_equal(getattr(a, end), getattr(b, end)) for end in ENDS)


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync()])
def test_no_visit_is_made_beside_a_kernel_of_whole_sweeps(order):
    xi = hf.random_patterns(3, 60, rng=1)
    hebb, cue = hf.Hebbian(xi), xi[0] > 0
    several = (hebb, 2 * hebb, hebb + hf.Bias(0.01), hebb.recode(0, 1), 3 * hebb.recode(0, 1))
    with mock.patch.object(hf.Run, "_advance", side_effect=AssertionError):
        for whole in several:
            neuron = hf.Sign(*(whole.states or (-1, 1)))
            assert hf.recall(whole, cue, neuron=neuron, order=order, rng=1).why == "fixed point"


def test_a_batch_steps_together_without_a_field():
    xi = hf.random_patterns(50, 1000, rng=1)
    whole, cues = hf.Hebbian(xi), hf.flip(np.repeat(xi, 2, axis=0), 0.1, rng=2)
    run = hf.Run(whole, cues, order=hf.Sync())
    with mock.patch.object(memory.Overlaps, "numerators", side_effect=AssertionError):
        run.step(3)
    after = cues
    for _ in range(3):
        h = whole.field(after)
        after = np.where(h == 0, after, np.sign(h))
    assert np.array_equal(run.state, after)
    assert (run.result().updates == 3).all()


@settings(max_examples=200)
@given(
    size=st.integers(1, 12),
    most=st.integers(0, 60),
    replicas=st.integers(1, 6),
    seed=st.integers(0, 2**32),
)
def test_a_cycle_of_any_map_is_found_with_its_length(size, most, replicas, seed):
    rng = np.random.default_rng(seed)
    maps = rng.integers(size, size=size)
    s, periods = rng.integers(size, size=(replicas, 1)), np.zeros(replicas, dtype=np.int64)
    paths = s.ravel().tolist()
    made = np.zeros(replicas, dtype=np.int64)

    def advance(rows):
        s[rows] = maps[s[rows]]
        made[rows] += 1

    cursors.relax(s, periods, advance, most)
    for start, end, period, k in zip(paths, s.ravel(), periods, made, strict=True):
        path = [start]
        for _ in range(k):
            path.append(maps[path[-1]])
        assert path[-1] == end
        if period:
            assert path[-1] == path[-1 - period]
            assert len(set(path[-1 - period : -1])) == period
        else:
            assert k == most
    if most >= 4 * size:  # Brent's search needs no longer
        assert periods.all()
