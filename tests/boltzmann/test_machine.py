"""Machines: memories with hidden neurons, which sample, recall, clamp and save."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from networks import layers, pairs

import hopfield as hf
from hopfield import boltzmann, engine
from hopfield.base.streams import Streams
from hopfield.boltzmann.gibbs import answers
from hopfield.engine import layers as layers_of_engine
from tests.bad import refuses

MACHINES = {
    "pairs": pairs(6),
    "hidden": pairs(7, hidden=2),
    "layers": layers(5, 3, 0.8),
    "layers 01": layers(5, 3, 0.8, "01"),
}
machines = pytest.mark.parametrize("name", MACHINES)


@machines
def test_a_machine_keeps_the_laws_of_a_memory(name):
    m = MACHINES[name]
    hf.testing.check_memory(m, states=m.states)


@machines
def test_a_machine_is_its_couplings_and_biases(name):
    m = MACHINES[name]
    s = next(hf.landscape.all_states(m.n, m.states))
    same = hf.Couplings(m.weights) + hf.Bias(m.bias)
    np.testing.assert_allclose(m.energy(s), same.energy(s), atol=1e-12)
    np.testing.assert_allclose(m.field(s), same.field(s), atol=1e-12)


@machines
def test_a_machine_is_saved_and_loaded(name, tmp_path):
    m = MACHINES[name]
    hf.save(tmp_path / "m.npz", m)
    back = hf.load(tmp_path / "m.npz")
    assert type(back) is type(m)
    assert (back.visible, back.hidden, back.coding) == (m.visible, m.hidden, m.coding)
    assert np.array_equal(boltzmann.law(back), boltzmann.law(m))


@machines
def test_recall_descends_to_a_likely_state(name):
    m = MACHINES[name]
    low, high = m.states
    cue = np.where(np.random.default_rng(0).random((20, m.n)) < 0.5, low, high)
    r = hf.recall(m, cue, rng=1)
    assert (r.why == "fixed point").all()
    assert (r.energy <= m.energy(cue) + 1e-9).all()
    assert len(hf.landscape.fixed_points(m))


def far(m, seen, states, p):
    """Return chi square of what was seen of some states of probabilities p, and its freedom."""
    counts = (seen[:, None] == states).all(axis=2).sum(axis=0)
    assert counts.sum() == len(seen)
    return ((counts - len(seen) * p) ** 2 / (len(seen) * p)).sum(), len(p) - 1


@pytest.mark.parametrize("T", [1, 2.5])
@machines
def test_samples_follow_the_law(name, T):
    m = MACHINES[name]
    states = next(hf.landscape.all_states(m.visible, m.states))
    seen = m.sample(6000, sweeps=40, T=T, rng=1)
    chi, freedom = far(m, seen, states, boltzmann.law(m, T))
    assert chi < freedom + 5 * np.sqrt(2 * freedom)


@machines
def test_samples_of_clamped_machines_follow_the_conditional_law(name):
    m = MACHINES[name]
    states = next(hf.landscape.all_states(m.visible, m.states))
    held = np.arange(m.visible) < 2
    cue = np.where(held, m.states[1], sum(m.states) / 2)
    p = boltzmann.law(m)
    there = (states[:, held] == m.states[1]).all(axis=1)
    seen = m.sample(5000, cue=cue, clamp=held, sweeps=40, rng=2)
    chi, freedom = far(m, seen, states[there], p[there] / p[there].sum())
    assert chi < freedom + 5 * np.sqrt(2 * freedom)


@machines
def test_free_energies_are_of_states_alone(name):
    m = MACHINES[name]
    low, high = m.states
    v = np.array([True, False] * 4)[: m.visible]
    assert m.free_energy(v) == m.free_energy(np.where(v, high, low))
    for bad in (np.full(m.visible, 7), np.ones(m.visible + 1), 1):
        refuses(lambda bad=bad: m.free_energy(bad), ValueError, "^v must")


def test_each_chain_may_have_clamps_of_its_own():
    for m in MACHINES.values():
        rng = np.random.default_rng(3)
        cue = np.where(rng.random((30, m.visible)) < 0.5, *m.states)
        held = rng.random(cue.shape) < 0.4
        end = m.sample(30, cue=cue, clamp=held, sweeps=5, rng=4)
        assert np.array_equal(end[held], cue[held])


@machines
def test_the_same_seed_gives_the_same_samples_with_numba_and_without(name):
    m = MACHINES[name]
    once = m.sample(50, sweeps=10, rng=1)
    with engine.using():
        assert np.array_equal(m.sample(50, sweeps=10, rng=1), once)
    assert not np.array_equal(m.sample(50, sweeps=10, rng=2), once)
    assert np.array_equal(m.sample(20, sweeps=10, rng=1), once[:20])  # one stream a chain


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32),
    st.integers(1, 20),
    st.integers(1, 20),
    st.integers(1, 30),
    st.sampled_from(["bipolar", "01"]),
    st.booleans(),
)
def test_layers_sweep_alike_on_any_engine_and_threads(seed, m, h, n, coding, clamped):
    rng = np.random.default_rng(seed)
    w, b, c = (rng.normal(scale=2, size=size) for size in ((m, h), m, h))
    machine, given = boltzmann.restricted(w, b, c, coding), {"sweeps": 4, "T": 0.7, "rng": seed}
    if clamped:
        given["cue"] = np.where(rng.random((n, m)) < 0.5, *machine.states)
        given["clamp"] = rng.random((n, m)) < 0.4
        unknown = ~given["clamp"] & (rng.random((n, m)) < 0.5)
        given["cue"][unknown] = sum(machine.states) / 2  # these begin at random
    with engine.using():
        plain = machine.sample(n, **given)
    before = hf.threads()
    try:
        for threads in (1, 3):
            hf.threads(threads)
            with patch.object(layers_of_engine, "_SHARED", 0):
                assert np.array_equal(machine.sample(n, **given), plain)
    finally:
        hf.threads(before)


def test_large_layers_sweep_alike_on_any_engine():
    rng = np.random.default_rng(0)
    large = boltzmann.restricted(rng.normal(scale=0.1, size=(300, 120)))
    once = large.sample(9, sweeps=5, rng=1)
    with engine.using():
        assert np.array_equal(large.sample(9, sweeps=5, rng=1), once)
    assert np.array_equal(large.sample(2, sweeps=5, rng=1), once[:2])


def test_whole_couplings_and_tiny_ones_are_swept_too():
    rng = np.random.default_rng(0)
    for w in (rng.integers(-3, 4, size=(7, 5)), 1e-300 * rng.normal(size=(7, 5)), np.zeros((7, 5))):
        machine = boltzmann.restricted(w, 0.3)
        once = machine.sample(9, sweeps=5, rng=1)
        with engine.using():
            assert np.array_equal(machine.sample(9, sweeps=5, rng=1), once)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_layers_answer_alike_with_numba_and_without(dtype):
    x = np.random.default_rng(0).normal(size=(300, 40)).astype(dtype)
    ends = []
    for rows in ((), None):
        streams = Streams.spawn(np.random.default_rng(1), 300)
        if rows is None:
            ends.append(answers(x, streams, (0, 1), 0.7))
        else:
            with engine.using():
                ends.append(answers(x, streams, (0, 1), 0.7))
        ends.append(streams.state)
    assert ends[0].dtype == ends[2].dtype == dtype
    assert np.array_equal(ends[0], ends[2])
    assert np.array_equal(ends[1], ends[3])
    up = 1 / (1 + np.exp(-x.astype(float) / 0.7))
    far_off = (ends[0] - up).sum() / np.sqrt((up * (1 - up)).sum())
    assert abs(far_off) < 5


def test_a_reconstruction_is_what_the_other_neurons_make_of_each():
    m = layers(5, 3, 0.8)
    v = next(hf.landscape.all_states(5))
    np.testing.assert_allclose(
        m.reconstruct(v), np.tanh(m.b + np.tanh(m.c + v @ m.w) @ m.w.T), atol=1e-12
    )
    p = pairs(5)
    np.testing.assert_allclose(p.reconstruct(v), np.tanh(p.field(v)), atol=1e-12)


BAD = {
    "asymmetric": (lambda: boltzmann.Machine([[0, 1], [2, 0]]), ValueError, "symmetric"),
    "all hidden": (lambda: boltzmann.Machine(np.zeros((3, 3)), 0, 3), ValueError, "hidden"),
    "biases": (
        lambda: boltzmann.Machine(np.zeros((3, 3)), [1, 2]),
        ValueError,
        r"bias must be a number or \(3,\); its shape is \(2,\)",
    ),
    "coding": (lambda: boltzmann.Machine(np.zeros((3, 3)), coding="x"), ValueError, "coding"),
    "vector": (lambda: boltzmann.restricted([1, 2]), ValueError, "matrix"),
    "hidden bias": (
        lambda: boltzmann.restricted([[1], [2]], 0, [1, 2]),
        ValueError,
        "hidden_bias .*1",
    ),
    "clamp alone": (lambda: pairs(3).sample(clamp=[True] * 3), ValueError, "clamp needs a cue"),
    "unknown clamped": (
        lambda: pairs(3).sample(cue=[0, 1, 1], clamp=[True] * 3),
        ValueError,
        "clamped",
    ),
    "cue": (lambda: pairs(3).sample(cue=[1, 2, 1]), ValueError, "cue must hold"),
    "chains": (lambda: pairs(3).sample(0), ValueError, "n must be 1"),
    "too many hidden": (
        lambda: boltzmann.Machine(np.zeros((30, 30)), 0, 25).free_energy(np.ones(5)),
        ValueError,
        "20 hidden",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*BAD[case])
