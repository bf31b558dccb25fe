"""Sweeps at a temperature are drawn many at once: they must be the sweeps made one by one."""

from __future__ import annotations

import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield.base.heat import bounds, logit
from hopfield.base.streams import Streams
from hopfield.core import cursors
from hopfield.engine.kernels import dispatch

NEURONS = (
    hf.HeatBath(0.05),
    hf.HeatBath(0.5),
    hf.HeatBath(3),
    hf.HeatBath(1e40),
    hf.HeatBath(1e-200),
    hf.HeatBath(0.7, low=0, high=1),
    hf.HeatBath(0.7, low=-8, high=7),
    hf.HeatBath(0.7, low=0.1, high=0.7),
    hf.HeatBath(0),
)


@st.composite
def networks(draw):
    """Draw a network at a temperature, and cues with what is no state among them."""
    n = draw(st.one_of(st.integers(2, 20), st.just(33)))
    p = draw(st.integers(1, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    xi = rng.choice([-1, 1], (p, n))
    real = rng.normal(size=(n, n))
    memory = draw(
        st.sampled_from(
            [
                hf.Hebbian(xi),
                hf.Hebbian(xi).dense(),
                hf.Hebbian(xi) + hf.Bias(0.25),
                hf.Hebbian(xi, hf.separation.power(3)),
                hf.Couplings(real),
                hf.Couplings((real + real.T) / 2, self_coupling=True),
                hf.Couplings(real**9),  # of which 16 bits leave little
                hf.Couplings(0 * real),
            ]
        )
    )
    values = draw(st.sampled_from([(-1, 1), (0, 1), (-1, 0, 1), (-1, 0, 0.3, 2.5)]))
    cues = rng.choice(values, draw(st.sampled_from([(n,), (1, n), (3, n)])))
    neuron = draw(st.sampled_from(NEURONS))
    if memory.states:
        neuron = hf.HeatBath(neuron.T)
    return (
        memory,
        cues,
        {
            "neuron": neuron,
            "order": draw(
                st.sampled_from(
                    [hf.Shuffled(), hf.Random(), hf.Sequential(), hf.Sequential(range(n)[::-1])]
                )
            ),
            "rng": draw(st.integers(0, 2**32)),
        },
    )


def ends(memory, cues, options, spans, visits):
    """Return all that some calls of `finish` in turn give, with so many visits at once."""
    found = []
    with (
        mock.patch.object(cursors, "_VISITS", visits),
        mock.patch.object(cursors, "_WORK", 100 * visits),
        mock.patch.object(cursors, "_warm", cursors._warm if visits else lambda *_: False),
    ):
        run = hf.Run(memory, cues, **options)
        for sweeps, moves in spans:
            found.append(run.finish(sweeps))
            run.step(moves)
        found.append(run.result())
    return found


@settings(max_examples=120)
@given(
    network=networks(),
    spans=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=1, max_size=3),
    visits=st.integers(30, 900),
    backend=st.sampled_from(("numpy", "numba")),
)
def test_sweeps_at_once_are_the_sweeps_one_by_one(network, spans, visits, backend):
    if backend == "numba":
        pytest.importorskip("numba")
    with dispatch.using(backend):
        singly, at_once = (ends(*network, spans, k) for k in (0, visits))
    for a, b in zip(singly, at_once, strict=True):
        assert np.array_equal(a.state, b.state)
        for part in ("why", "sweeps", "updates", "energy", "undecided"):
            assert np.array_equal(getattr(a, part), getattr(b, part))


def test_many_sweeps_are_few_calls():
    memory, cue = hf.hebb(hf.random_patterns(3, 50, rng=1)), np.ones(50)
    calls = []
    kept = hf.HeatBath.draw

    def draw(self, rng, shape):
        calls.append(shape)
        return kept(self, rng, shape)

    with mock.patch.object(hf.HeatBath, "draw", draw), dispatch.using("numpy"):
        r = hf.recall(memory, cue, neuron=hf.HeatBath(0.5), sweeps=500, rng=1)
    assert calls == [(1, 327, 50), (1, 173, 50)]
    assert r.sweeps == 500
    assert r.updates == 25_000
    assert r.why == "ran out of sweeps"


def test_a_cursor_that_has_bathed_goes_on_from_there():
    memory = hf.Couplings(np.random.default_rng(1).normal(size=(40, 40)))
    cursor = memory.open(np.ones((2, 40)))
    streams = Streams.spawn(np.random.default_rng(2), 2)
    for _ in range(2):
        before = cursor.state.copy()
        assert cursor.bathe(hf.HeatBath(2), hf.Shuffled(), streams, 50)
        assert (cursor.state != before).any()
        assert [cursor.field_at(3, r) for r in (0, 1)] == memory.field(cursor.state)[:, 3].tolist()
    cursor.set(3, 1 - 2 * cursor.state[0, 3])
    assert cursor.field_at(5) == memory.field(cursor.state)[0, 5]


@settings(max_examples=50)
@given(seed=st.integers(0, 2**32), n=st.integers(2, 70), size=st.sampled_from((1e-30, 1, 1e30)))
def test_couplings_in_16_bits_are_off_by_no_more_than_their_margin(seed, n, size):
    pytest.importorskip("numba")
    rng = np.random.default_rng(seed)
    columns = size * rng.normal(size=(n, n)) ** rng.choice([1, 9])
    rounded = cursors.Rounded.of(columns)
    assert not rounded.columns[:, n:].any()
    s = rng.choice([-1, 1], (200, n))
    off = s @ columns / rounded.unit - s @ rounded.columns[:, :n].astype(np.int64)
    assert np.abs(off).max() < rounded.margin - 2


def test_seventy_thousand_neurons_sweep_as_floats_do():
    pytest.importorskip("numba")
    xi = hf.random_patterns(17, 70_000, rng=1)
    options = {"neuron": hf.HeatBath(0.3), "sweeps": 2, "rng": 3}
    bits = hf.recall(hf.Hebbian(xi), xi[0], **options)
    with mock.patch.object(dispatch, "has", return_value=False):
        floats = hf.recall(hf.Hebbian(xi), xi[0], **options)
    assert np.array_equal(bits.state, floats.state)
    assert (bits.kernel, floats.kernel) == ("bits (numba)", "overlaps (numba)")


# ---- thresholds -------------------------------------------------------------------------------


def test_a_logit_is_one():
    u = np.concatenate([2.0 ** -np.arange(2, 54), np.linspace(0.01, 0.99, 99), [1 - 2.0**-52]])
    expected = [math.log(x) - math.log1p(-x) for x in u]
    assert np.abs(logit(u) - expected).max() < 1e-14
    assert (np.diff(logit(np.unique(u))) > 0).all()
    assert np.isfinite(logit(np.float64(0)))


def test_every_backend_draws_the_same_thresholds():
    drawn = []
    for name in dispatch.BACKENDS:
        if name != "numba" or dispatch.backend() == "numba":
            with dispatch.using(name):
                streams = Streams.spawn(np.random.default_rng(1), 3)
                drawn.append([streams.logistic(size=(3, 5000)), streams.random((3, 5))])
                drawn[-1].append(streams[1].logistic(size=7))
                drawn[-1].append(hf.HeatBath(0.3).draw(streams.apart(10, 2), (3, 2, 10))[0])
    for other in drawn[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(drawn[0], other, strict=True))


def test_thresholds_are_logistic():
    x = np.sort(Streams.spawn(np.random.default_rng(1), 1).logistic(size=(1, 100_000))[0])
    expected = 1 / (1 + np.exp(-x))
    assert np.abs(np.arange(x.size) / x.size - expected).max() < 1.95 / np.sqrt(x.size)  # KS, 0.1 %


@given(words=st.lists(st.integers(0, 2**64 - 1), min_size=1), scale=st.floats(1e-3, 1e9))
def test_a_threshold_lies_between_the_bars_of_its_bin(words, scale):
    words = np.array([0, 2**63, 2**64 - 1, *words], dtype=np.uint64)
    theta = scale * logit(((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)
    down, up = bounds(scale, 1, 2**62)[(words >> np.uint64(54)).astype(int)].T
    assert (theta < up).all()
    assert (-theta < down).all()
