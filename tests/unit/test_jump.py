"""NumPy's kernels guess the visits of a window: they must be what the visits in turn are."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield.base.streams import Streams
from hopfield.engine.kernels import dispatch, numpy as jump, reference

STATES = ((-1.0, 1.0), (0.0, 1.0), (-2.0, 3.0), (-0.25, 3.0), (1.0, 2.0))
SIZES = tuple({"_WINDOW": k, "_LARGE": k, "_FEW": k // 2} for k in (256, 16, 3, 1))


@st.composite
def sweeps(draw):
    """Draw the arguments that every kernel takes, ties and repeats among them."""
    n, replicas = draw(st.integers(1, 90)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows = rng.permutation(replicas)[: draw(st.integers(1, replicas))]
    k = draw(st.one_of(st.just(n), st.integers(0, 200)))
    kind = draw(st.sampled_from(["shuffled", "random", "few"]))
    if kind == "shuffled":
        k = min(k, n)
        sites = np.stack([rng.permutation(n)[:k] for _ in rows])
    else:
        sites = rng.integers(n if kind == "random" else min(n, 3), size=(rows.size, k))
    low, high = draw(st.sampled_from(STATES))
    values = draw(st.sampled_from([(low, high), (low, high, (low + high) / 2), (-3, 0, 0.375, 5)]))
    s = rng.choice(values, (replicas, n)).astype(np.float64)
    if draw(st.booleans()):  # near rest
        s[rng.random(s.shape) < 0.9] = high
    shape = sites.shape
    theta = {
        "zero": np.zeros(shape),
        "grid": rng.integers(-4, 5, shape) / 4.0,
        "real": rng.normal(0, draw(st.sampled_from([0.01, 1, 30])), shape),
        "none": rng.choice([-np.inf, np.inf, 0.0], shape),
    }[draw(st.sampled_from(["zero", "grid", "real", "none"]))]
    ties = draw(st.sampled_from([(0,), (1,), (-1,), (1, -1), (0, 1, -1)]))
    tie = rng.choice(ties, shape).astype(np.int8)
    divisor = draw(st.sampled_from([1.0, 4.0, float(n), 0.3]))
    return rng, divisor, s, rows, sites.astype(np.int64), theta, tie, low, high


def check(name, sums, args, *before):
    """Run a kernel and its reference, and compare all that they write."""
    divisor, s, *visits = args
    ends = []
    for module in (reference, jump):
        state, kept, after = s.copy(), sums.copy(), np.full(visits[1].shape, np.nan)
        middle = before[:-1] if name == "sparse" else before[:1]
        rest = before[1:] if name == "overlaps" else ()
        arrays = (*before, kept) if name == "sparse" else (*middle, kept, *rest)
        getattr(module, name)(*arrays, divisor, state, *visits, after)
        ends.append((state, kept, after))
    for a, b in zip(*ends, strict=True):
        assert np.array_equal(a, b)


def weights(rng, n):
    w = rng.integers(-3, 4, (n, n)) * (rng.random((n, n)) < rng.choice([0.1, 0.6, 1]))
    return w.astype(np.float64)  # asymmetric, with a diagonal


@settings(max_examples=400)
@given(sweep=sweeps(), sizes=st.sampled_from(SIZES))
def test_dense_visits_are_those_of_the_reference(sweep, sizes):
    rng, *args = sweep
    columns = weights(rng, args[1].shape[1])
    with mock.patch.multiple(jump, **sizes):
        check("dense", args[1] @ columns, args, columns)


@settings(max_examples=200)
@given(sweep=sweeps(), sizes=st.sampled_from(SIZES))
def test_sparse_visits_are_those_of_the_reference(sweep, sizes):
    rng, *args = sweep
    columns = weights(rng, args[1].shape[1])
    starts = np.r_[0, np.cumsum(np.count_nonzero(columns, axis=1))]
    column = starts, np.nonzero(columns)[1], columns[columns != 0]
    with mock.patch.multiple(jump, **sizes):
        check("sparse", args[1] @ columns, args, *column)


@settings(max_examples=400)
@given(sweep=sweeps(), p=st.sampled_from([1, 2, 3, 16, 70]), sizes=st.sampled_from(SIZES))
def test_visits_by_overlaps_are_those_of_the_reference(sweep, p, sizes):
    rng, *args = sweep
    neurons = rng.choice(rng.choice([-1, 0]) * np.array([1, 0]) + [0, 1], (args[1].shape[1], p))
    neurons = neurons.astype(np.int8)
    diagonal = rng.choice([0.0, p], 1) * np.ones(len(neurons))
    with mock.patch.multiple(jump, **sizes):
        check("overlaps", args[1] @ neurons, args, neurons, diagonal)


@settings(max_examples=100)
@given(
    n=st.integers(2, 60),
    p=st.sampled_from([1, 2, 5, 16]),
    replicas=st.integers(1, 4),
    coding=st.sampled_from(["bipolar", "01"]),
    states=st.sampled_from([(-1, 1), (0, 1), (-2, 3)]),
    tie=st.sampled_from(["keep", "up", "down"]),
    biased=st.booleans(),
    seed=st.integers(0, 2**32),
    most=st.sampled_from([0, 1, 2, 100]),
    sizes=st.sampled_from([{"_KEPT": 0, "_VALUES": 16, "_LEAST": 4}, {"_KEPT": 8}, {"_FEW": 0}]),
)
def test_recalls_by_whole_sweeps_are_those_of_the_reference(
    n, p, replicas, coding, states, tie, biased, seed, most, sizes
):
    rng = np.random.default_rng(seed)
    xi = rng.integers(0, 2, (p, n)) * (2 if coding == "bipolar" else 1) - (coding == "bipolar")
    memory = hf.Hebbian(xi, coding=coding, self_coupling=bool(seed % 2))
    if biased:
        memory = memory + hf.Bias(rng.integers(-4, 5, n) / 4)
    cues = rng.choice([*states, sum(states) / 2] if seed % 3 else states, (replicas, n))
    ends = []
    for name in ("reference", "numpy"):
        with dispatch.using(name), mock.patch.multiple(jump, **sizes):
            run = hf.Run(memory, cues, neuron=hf.Sign(*states, tie=tie), rng=seed)
            ends.append((run.finish(most), run.finish(1)))
    for a, b in zip(*ends, strict=True):
        for part in ("state", "why", "sweeps", "updates", "energy", "undecided"):
            assert np.array_equal(getattr(a, part), getattr(b, part)), part


@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Random(), hf.Sequential()])
@pytest.mark.parametrize("neuron", [hf.Sign(), hf.Sign(tie="random"), hf.HeatBath(0.4)])
def test_recalls_longer_than_a_part_are_those_of_the_reference(order, neuron):
    xi = hf.random_patterns(90, 1500, rng=1)
    cues = np.stack([hf.flip(xi[0], 0.2, rng=2), np.where(np.arange(1500) < 700, xi[1], 0)])
    for memory in (hf.Hebbian(xi), hf.Hebbian(xi).dense()):
        ends = []
        for name in ("reference", "numpy"):
            with dispatch.using(name):
                ends.append(hf.recall(memory, cues, neuron=neuron, order=order, sweeps=2, rng=3))
        assert np.array_equal(ends[0].state, ends[1].state)
        assert np.array_equal(ends[0].energy, ends[1].energy)
        assert (ends[0].state != cues).any()


@settings(max_examples=100)
@given(
    n=st.integers(1, 200),
    replicas=st.integers(1, 5),
    seed=st.integers(0, 2**32),
    sizes=st.sampled_from([{"_SHORT": 0}, {"_SHORT": 0, "_VALUES": 300}, {"_SHORT": 99}]),
)
def test_shuffles_are_those_of_the_reference(n, replicas, seed, sizes):
    streams = Streams.spawn(np.random.default_rng(seed), replicas)
    ends = np.empty((2, replicas, n), dtype=np.int64)
    for module, orders in zip((reference, jump), ends, strict=True):
        with mock.patch.multiple(jump, **sizes):
            module.permute(streams.state, streams.step, orders, np.empty(n, np.uint32))
    assert np.array_equal(*ends)
