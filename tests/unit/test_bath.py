"""Sweeps at a temperature are drawn many at once: they must be the sweeps made one by one."""

from __future__ import annotations

import importlib
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield as hf
from hopfield._kernels import dispatch

recall = importlib.import_module("hopfield.recall")  # the name is the function's
NEURONS = (
    hf.HeatBath(0.05),
    hf.HeatBath(0.5),
    hf.HeatBath(3),
    hf.HeatBath(0.7, low=0, high=1),
    hf.HeatBath(0.7, low=-8, high=7),
    hf.HeatBath(0.7, low=0.1, high=0.7),
    hf.HeatBath(0),
)


@st.composite
def networks(draw):
    """Draw a network at a temperature, and cues with what is no state among them."""
    n, p = draw(st.integers(2, 20)), draw(st.integers(1, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    xi = rng.choice([-1, 1], (p, n))
    real = rng.normal(size=(n, n))
    memory = draw(
        st.sampled_from(
            [
                hf.Overlaps(xi),
                hf.Overlaps(xi).dense(),
                hf.Overlaps(xi) + hf.Bias(0.25),
                hf.Overlaps(xi, hf.separation.power(3)),
                hf.Couplings(real),
                hf.Couplings((real + real.T) / 2, self_coupling=True),
            ]
        )
    )
    values = draw(st.sampled_from([(-1, 1), (0, 1), (-1, 0, 1), (-1, 0, 0.3, 2.5)]))
    cues = rng.choice(values, draw(st.sampled_from([(n,), (1, n), (3, n)])))
    neuron = draw(st.sampled_from(NEURONS))
    if memory.states:
        neuron = hf.HeatBath(neuron.T)
    return memory, cues, {
        "neuron": neuron,
        "order": draw(st.sampled_from([hf.Shuffled(), hf.Random(), hf.Sequential()])),
        "rng": draw(st.integers(0, 2**32)),
    }  # fmt: skip


def ends(memory, cues, options, spans, visits):
    """Return all that some calls of `finish` in turn give, with so many visits at once."""
    found = []
    with mock.patch.object(recall, "_VISITS", visits):
        run = hf.Run(memory, cues, **options)
        for sweeps, moves in spans:
            found.append(run.finish(sweeps))
            run.step(moves)
        found.append(run.result())
    return found


@settings(max_examples=150)
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
        for part in ("why", "sweeps", "updates", "energy", "undecided", "kernel"):
            assert np.array_equal(getattr(a, part), getattr(b, part))


def test_many_sweeps_are_few_calls():
    memory, cue = hf.hebb(hf.random_patterns(3, 50, rng=1)), np.ones(50)
    calls = []
    kept = hf.HeatBath.draw

    def draw(self, rng, shape):
        calls.append(shape)
        return kept(self, rng, shape)

    with mock.patch.object(hf.HeatBath, "draw", draw):
        r = hf.recall(memory, cue, neuron=hf.HeatBath(0.5), sweeps=500, rng=1)
    assert calls == [(1, 327, 50), (1, 173, 50)]
    assert r.sweeps == 500
    assert r.updates == 25_000
    assert r.why == "ran out of sweeps"
