"""Couplings by columns give the plain run's bits: whole sweeps, visits and temperatures."""

from __future__ import annotations

from itertools import count
from unittest import mock

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import engine
from hopfield.base.streams import Streams, logit
from hopfield.engine import matrix, parts, session, thresholds
from hopfield.engine.compiled import available

pytestmark = pytest.mark.skipif(not available(), reason="Numba is not there")

NEURONS = (
    *(hf.Sign(tie=tie) for tie in ("keep", "up", "down", "random")),
    *(hf.Sign(0, 1, tie=tie) for tie in ("keep", "up")),
    hf.Sign(-0.25, 3),
    hf.HeatBath(0),
    *(hf.HeatBath(T) for T in (1e-200, 0.05, 0.5, 3, 1e40)),
    hf.HeatBath(0.7, low=0, high=1),
)
SIZES = (2, 3, 5, 15, 16, 17, 31, 32, 33, 64, 65)
BATCHES = (0, 1, 2, 3, 31, 33, 65)


def whole(rng, n):
    w = rng.integers(-3, 4, (n, n))
    return (w + w.T) * (rng.random((n, n)) < 0.9)


def real(rng, n):
    w = rng.normal(size=(n, n))
    return w + w.T


def sparse(rng, n):
    w = whole(rng, n) * (rng.random((n, n)) < 0.3) * 0.1
    return scipy.sparse.csr_array(np.triu(w) + np.triu(w).T)


MEMORIES = {
    "hebb": lambda rng, n: hf.hebb(signs(rng, int(rng.integers(1, 9)), n), allow_repeats=True),
    "joined": lambda rng, n: hf.Hebbian(signs(rng, 2, n)) + hf.Hebbian(signs(rng, 3, n)),
    "lost": lambda rng, n: hf.Hebbian([np.ones(n), np.resize([1, -1], n)]).dense(),
    "hebb01": lambda rng, n: hf.Hebbian(rng.random((3, n)) < 0.4, coding="01"),
    "loops": lambda rng, n: hf.Hebbian(signs(rng, 3, n), self_coupling=True),
    "single": lambda rng, n: hf.Hebbian(signs(rng, 3, n)).dense(),
    "whole": lambda rng, n: hf.Couplings(np.triu(whole(rng, n)) + np.triu(whole(rng, n)).T),
    "real": lambda rng, n: hf.Couplings(real(rng, n)),
    "asymmetric": lambda rng, n: hf.Couplings(rng.normal(size=(n, n)), self_coupling=True),
    "wide": lambda rng, n: hf.Couplings(rng.normal(size=(n, n)) ** 9),  # little is left in 16 bits
    "sparse": lambda rng, n: hf.Couplings(sparse(rng, n), divisor=3.0),
    "none": lambda rng, n: hf.Couplings(np.zeros((n, n))),
}


def signs(rng, *shape):
    return rng.choice([-1, 1], shape)


@st.composite
def networks(draw, sizes=SIZES):
    """Draw a network that the row takes, its cues and what `Run` is given."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.sampled_from(sizes))
    memory = MEMORIES[draw(st.sampled_from(sorted(MEMORIES)))](rng, n)
    weight = draw(st.sampled_from([1, 1, 1, 0.5, 3, 0.7, -1]))
    if weight != 1:
        memory = weight * memory
    if draw(st.sampled_from([False, False, True])):
        memory = memory + hf.Bias(
            rng.choice([0, 0.25, -1, 0.3, 1e9], n, p=[0.3, 0.3, 0.2, 0.15, 0.05])
        )
    neuron = draw(st.sampled_from(NEURONS))
    low, high = neuron.states
    values = draw(st.sampled_from([(low, high), (low, high), (low, (low + high) / 2, high)]))
    batch = draw(st.sampled_from(BATCHES))
    cues = rng.choice(values, (batch, n) if batch else n)
    half = np.arange(n // 2), np.arange(n // 2, n)
    single = hf.Shuffled(), hf.Shuffled(), hf.Random(), hf.Sequential(rng.permutation(n))
    order = draw(st.sampled_from((*single, hf.Sequential(), hf.Sync(), hf.Blocks(*half))))
    return memory, cues, {"neuron": neuron, "order": order, "rng": draw(st.integers(0, 2**32))}


def ends(network, calls, rows=("matrix",)):
    """Return all that a run gives, call by call."""
    memory, cues, options = network
    found = []
    with engine.using(*rows):
        run = hf.Run(memory, cues, **options)
        for kind, k in calls:
            if kind == "finish":
                found.append(parts_of(run, run.finish(k)))
            elif kind == "step":
                found.append((*run.step(k), run.streams.state.copy()))
            else:
                run.set([k % memory.n], [options["neuron"].states[k % 2]])
        found.append(parts_of(run, run.result()))
    return found


def parts_of(run, result):
    assert result.kernel in ("matrix", "plain")
    return (
        result.state,
        result.why,
        result.sweeps,
        result.updates,
        result.undecided,
        np.float64(0 if result.energy is None else result.energy).tobytes(),
        run.streams.state.copy(),
    )


def same(a, b):
    return all(
        np.array_equal(x, y)
        for one, two in zip(a, b, strict=True)
        for x, y in zip(one, two, strict=True)
    )


CALLS = st.lists(
    st.tuples(st.sampled_from(["finish", "finish", "step", "set"]), st.integers(0, 40)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300)
@given(network=networks(), calls=CALLS)
def test_the_row_gives_what_the_plain_run_gives(network, calls):
    assert same(ends(network, calls), ends(network, calls, ()))


@settings(max_examples=15)
@given(network=networks(sizes=(127, 128, 255, 256, 300)), seed=st.integers(0, 9))
def test_larger_networks_give_what_the_plain_run_gives(network, seed):
    calls = [("finish", 3), ("step", seed), ("finish", 2)]
    assert same(ends(network, calls), ends(network, calls, ()))


# ---- what is drawn -------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("fallback",), ("matrix",)])
def test_a_permutation_is_drawn_alike_without_kernels(names):
    streams, plain = (Streams.spawn(np.random.default_rng(1), 3) for _ in "ab")
    with engine.using(*names):
        assert np.array_equal(engine.permutation(streams, 20), plain.permutation(20))
    assert np.array_equal(streams.state, plain.state)


# ---- thresholds ----------------------------------------------------------------------------------


@given(words=st.lists(st.integers(0, 2**64 - 1), min_size=1), scale=st.floats(1e-3, 1e9))
def test_a_threshold_lies_between_the_bars_of_its_bin(words, scale):
    words = np.array([0, 2**63, 2**64 - 1, *words], dtype=np.uint64)
    theta = scale * logit(((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)
    places = (words >> np.uint64(64 - thresholds.BITS)).astype(int)
    down, up = thresholds.whole_bars(scale, 1)[places].T
    assert (theta < up).all()
    assert (-theta < down).all()
    down, up = thresholds.real_bars(scale)[places].T
    assert ((-theta < down) & (theta < up)).all()


@settings(max_examples=50)
@given(seed=st.integers(0, 2**32), n=st.integers(2, 70), size=st.sampled_from((1e-30, 1, 1e30)))
def test_couplings_in_16_bits_are_off_by_no_more_than_their_margin(seed, n, size):
    rng = np.random.default_rng(seed)
    columns = size * rng.normal(size=(n, n)) ** rng.choice([1, 9])
    with mock.patch.object(matrix, "_ENTRIES", 100):
        rounded = matrix.Rounded.of(columns)
    assert not rounded.columns[:, n:].any()
    assert np.array_equal(rounded.rows, columns.T)
    s = rng.choice([-1, 1], (200, n))
    off = s @ columns / rounded.unit - s @ rounded.columns[:, :n].astype(np.int64)
    assert np.abs(off).max() < rounded.margin - 2


@pytest.mark.parametrize("size", [0.0, 1e-12, 1e-3, 1.0])
@pytest.mark.parametrize("T", [1e-3, 0.5, 30.0, 1e5])
def test_biases_far_beyond_the_couplings_and_thresholds_are_kept_at_a_temperature(size, T):
    rng = np.random.default_rng(1)
    w = size * rng.normal(size=(8, 8))
    cues, options = signs(rng, 20, 8), {"neuron": hf.HeatBath(T), "sweeps": 10, "rng": 1}
    for bias in (0.25, 1.0, 1e3, 1e5, 1e9):
        memory = hf.Couplings(w + w.T) + hf.Bias(bias * rng.normal(size=8))
        states = []
        for names in (("matrix",), ()):
            with engine.using(*names):
                states.append(hf.recall(memory, cues, **options).state)
        assert np.array_equal(*states)


def test_sums_of_many_patterns_are_exact_in_a_batch():
    rng = np.random.default_rng(1)
    xi = np.where(rng.random((70_001, 256)) < 0.01, -1, 1).astype(np.int8)
    memory, cues = hf.hebb(xi, allow_repeats=True), signs(rng, 8, 256)
    run = hf.Run(memory, cues, rng=1)
    assert run.session.name == "matrix"
    x = xi.astype(np.float64)
    expected = (cues @ x.T @ x - len(xi) * cues) / 256
    assert np.array_equal(run.session.fields(np.arange(8)), expected)


# ---- parts, threads and Ctrl-C -------------------------------------------------------------------


SWEPT = {
    "hebb": (hf.hebb(hf.random_patterns(12, 90, rng=1)), {}),
    "given": (hf.hebb(hf.random_patterns(12, 90, rng=1)), {"order": hf.Sequential()}),
    "coin": (hf.hebb(hf.random_patterns(12, 90, rng=1)), {"neuron": hf.Sign(tie="random")}),
    "heat": (hf.hebb(hf.random_patterns(12, 90, rng=1)), {"neuron": hf.HeatBath(0.4)}),
    "real": (hf.Couplings(real(np.random.default_rng(1), 200)), {"order": hf.Random()}),
    "hot": (hf.Couplings(real(np.random.default_rng(1), 200)), {"neuron": hf.HeatBath(9)}),
    "sparse": (hf.Couplings(sparse(np.random.default_rng(1), 200)), {"neuron": hf.HeatBath(0.4)}),
    "together": (hf.Couplings(real(np.random.default_rng(1), 200)), {"order": hf.Sync()}),
}


def outcome(memory, cues, options, sweeps=20):
    run = hf.Run(memory, cues, rng=3, **options)
    return parts_of(run, run.finish(sweeps))


@pytest.mark.parametrize("work", [1, 3000, 40_000, 2**17])  # parts of one replica, and of several
@pytest.mark.parametrize("threads", [1, 2, 4, 50])
@pytest.mark.parametrize("name", SWEPT)
def test_neither_parts_nor_threads_change_a_bit(name, threads, work, monkeypatch):
    memory, options = SWEPT[name]
    cues = hf.random_patterns(40, memory.n, rng=2)
    one = outcome(memory, cues, options)
    monkeypatch.setenv("HOPFIELD_THREADS", str(threads))
    monkeypatch.setattr(parts, "WORK", work)
    monkeypatch.setattr(parts, "_SHARED", 0)
    assert same([one], [outcome(memory, cues, options)])


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("after", [1, 3, 7])
@pytest.mark.parametrize("name", SWEPT)
def test_a_run_goes_on_from_where_it_was_interrupted(name, after, threads, monkeypatch):
    memory, options = SWEPT[name]
    cues, calls, kernel = hf.random_patterns(40, memory.n, rng=2), count(), session.kernel
    whole = outcome(memory, cues, options, 100)
    run = hf.Run(memory, cues, rng=3, **options)
    monkeypatch.setenv("HOPFIELD_THREADS", str(threads))
    monkeypatch.setattr(parts, "WORK", 2**12)

    def interrupted(wanted):
        def call(*arguments):
            if next(calls) == after:
                raise KeyboardInterrupt
            return kernel(wanted)(*arguments)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(session, "kernel", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run.finish(100)
    assert 0 < run.counts.sweeps.sum() <= whole[2].sum()
    assert np.array_equal(run.energy(), memory.energy(run.state))
    if "neuron" in options and isinstance(options["neuron"], hf.HeatBath):
        return  # its replicas stand at different sweeps, and all go on for as many
    end = run.finish(100)
    if name == "together":  # whoever has gone round goes on
        assert set(end.period) <= {1, 2}
        return
    again = end.sweeps - (whole[1] == "fixed point")  # each makes one more quiet sweep at the most
    assert np.array_equal(end.state, whole[0])
    assert (again <= whole[2]).all()


@pytest.mark.parametrize("T", [5e-324, 1e-320, 1e-300, 1e50])
@pytest.mark.parametrize("states", [(-1, 1), (-1e-3, 1e3)])
@pytest.mark.filterwarnings("error")
def test_temperatures_as_small_and_as_large_as_any(T, states):
    rng = np.random.default_rng(1)
    for n, memory in ((40, hf.Couplings(rng.normal(size=(40, 40)))), (300, None)):
        memory = memory or hf.hebb(hf.random_patterns(3, n, rng=1))
        cues, neuron = rng.choice(states, (3, n)), hf.HeatBath(T, *states)
        for order in (hf.Shuffled(), hf.Sync()):
            options = {"neuron": neuron, "order": order, "sweeps": 10}
            fast = hf.recall(memory, cues, rng=2, **options)
            with engine.using():
                plain = hf.recall(memory, cues, rng=2, **options)
            assert np.array_equal(fast.state, plain.state)
