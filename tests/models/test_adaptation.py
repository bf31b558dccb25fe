"""Neurons that tire: their states and fatigue, and a network that wanders."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import hopfield as hf
from hopfield.models import Adapting, Tiring
from tests.bad import M, X, refuses

CASES = {
    "strength": (lambda: Adapting(M, -1, 2), ValueError, "^strength must be 0 or more, not -1"),
    "decay": (lambda: Adapting(M, 1, 1), ValueError, "^decay must be above 1, not 1"),
    "decay of nan": (lambda: Adapting(M, 1, np.nan), ValueError, "^decay must be finite"),
    "memory": (lambda: Adapting(np.eye(5), 1, 2), TypeError, "^memory must be a memory"),
    "neuron": (
        lambda: Adapting(M, 1, 2, hf.Graded(1)),
        TypeError,
        "^neuron must have a threshold, as hf.Sign",
    ),
    "a neuron's class": (lambda: Tiring(1, 2, hf.Sign), TypeError, "^neuron must have a threshold"),
    "a memory of graded neurons": (
        lambda: Adapting(hf.modern(X), 1, 2),
        TypeError,
        "^neuron must have a threshold",
    ),
    "a cue of other states": (
        lambda: hf.recall(Adapting(M, 1, 2), [0.5, 1, 1, 1, 1]),
        ValueError,
        "^cue must hold -1 and 1",
    ),
    "a cue of another length": (
        lambda: hf.recall(Adapting(M, 1, 2), [1, 1, 1]),
        ValueError,
        "^cue must have 10",
    ),
    "sites that are no pairs": (
        lambda: Tiring(1, 2)(np.zeros(3), np.zeros(3), None),
        ValueError,
        "^h and s must have 2 sites a neuron",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_tiring_neurons_refuse(name):
    refuses(*CASES[name])


@pytest.mark.parametrize("order", [hf.Sync(), hf.Shuffled(), hf.Sequential()])
@pytest.mark.parametrize("neuron", [hf.Sign(), hf.HeatBath(0.5)])
def test_without_strength_the_states_are_those_of_the_memory_and_fatigue_follows_them(
    order, neuron
):
    memory = Adapting(M, 0, 2.0, neuron)
    kept = {"record": hf.record.states(), "sweeps": 8, "order": order}
    r = hf.recall(memory, X, rng=1, **kept)
    s, fatigue = memory.outputs(r.trace), memory.fatigue(r.trace)
    assert np.array_equal(fatigue[1:], fatigue[:-1] / 2 + s[1:])
    if not neuron.random:
        plain = hf.recall(M, X, neuron=neuron, rng=1, **kept)
        assert np.array_equal(s[: len(plain.trace)], plain.trace)


def test_a_tiring_network_is_what_a_loop_by_hand_makes_of_it():
    xi = hf.random_patterns(3, 40, rng=1)
    w = xi.T.astype(float) @ xi / 40 - 3 / 40 * np.eye(40)
    memory = Adapting(hf.hebb(xi), 0.25, 1.5)
    r = hf.recall(memory, xi, order=hf.Sync(), sweeps=25, record=hf.record.states())
    s, tired = xi.astype(float), np.zeros((3, 40))
    for state in r.trace[1:]:
        h = s @ w - 0.25 * tired
        assert np.abs(h).min() > 1e-12
        s = np.sign(h)
        tired = tired / 1.5 + s
        assert np.array_equal(memory.outputs(state), s)
        assert np.allclose(memory.fatigue(state), tired)


def test_fixed_points_and_cycles_are_those_of_states_and_fatigue():
    xi = hf.random_patterns(1, 20, rng=1)
    rests = hf.recall(Adapting(hf.hebb(xi), 0.2, 2.0), xi[0], order=hf.Sync(), sweeps=200)
    assert rests.why == "fixed point"  # once fatigue has come to c / (c - 1)
    assert np.array_equal(rests.state.reshape(20, 2)[:, 1], 2 * xi[0])
    turns = hf.recall(Adapting(hf.hebb(xi), 0.9, 2.0), xi[0], order=hf.Sync(), sweeps=200)
    assert turns.why == "4-cycle"
    still = Adapting(hf.hebb(xi), 0.2, 2.0)
    assert hf.recall(still, np.repeat(xi[0], 2), sweeps=1, order=hf.Sync()).why != "fixed point"


def test_cues_of_bools_and_of_what_is_not_known_are_read_by_the_neurons_states():
    memory = hf.hebb(X).recode(0, 1)
    tiring = Adapting(memory, 0.1, 2.0)
    assert tiring.outputs(tiring.spread(X > 0, "cue")).tolist() == (X > 0).tolist()
    assert tiring.outputs(tiring.spread([0.5, 0, 1, 1, 1], "cue")).tolist() == [0.5, 0, 1, 1, 1]
    with pytest.raises(hf.NoEnergy):
        tiring.energy(np.ones(10))


@pytest.mark.parametrize("order", [hf.Sync(), hf.Shuffled()])
def test_clamps_of_the_neurons_hold_their_states_and_fatigue(order):
    tiring, clamp = Adapting(hf.hebb(X), 0.9, 1.5), np.arange(5) < 2
    kept = {"record": hf.record.states(), "order": order, "rng": 1, "sweeps": 12}
    for cue in (X[0], X):
        r = hf.recall(tiring, cue, clamp=clamp, **kept)
        assert (tiring.outputs(r.trace)[..., clamp] == cue[..., clamp]).all()
        assert not tiring.fatigue(r.trace)[..., clamp].any()
        assert (tiring.outputs(r.trace)[..., ~clamp] != cue[..., ~clamp]).any()
        all_sites = hf.recall(tiring, cue, clamp=np.repeat(clamp, 2), **kept)
        assert np.array_equal(r.trace, all_sites.trace)
    each = np.arange(5) < np.arange(1, len(X) + 1)[:, None]  # not as many in each cue
    ends = hf.recall(tiring, X, clamp=each, order=order, rng=1, sweeps=3).state
    assert (tiring.outputs(ends)[each] == X[each]).all()


def test_what_tires_is_saved(tmp_path):
    memory = Adapting(M, 0.3, 1.25, hf.HeatBath(0.2))
    hf.save(tmp_path / "memory", memory)
    back = hf.load(tmp_path / "memory")
    assert back.neuron == memory.neuron
    one, other = (hf.recall(m, X, rng=1, sweeps=9).state for m in (memory, back))
    assert np.array_equal(one, other)


def test_a_network_of_tiring_neurons_wanders_between_its_memories():
    n, active = 500, 50
    for seed in range(3):
        rng = np.random.default_rng(seed)
        x = np.array([rng.permutation(n) < active for _ in range(5)])
        memory = hf.learning.covariance(x, coding="01") + hf.Bias(0.3)
        for strength in (0.1, 0.0):
            tiring = Adapting(memory, strength, 1.1, hf.HeatBath(0.03, 0, 1))
            kept = hf.record.states()
            r = hf.recall(tiring, x[0], order=hf.Sync(), sweeps=200, record=kept, rng=seed)
            overlaps = tiring.outputs(r.trace) @ (x - 0.1).T / (0.09 * n)
            clear = np.where(overlaps.max(axis=1) > 0.7, overlaps.argmax(axis=1), -1)
            visited = [k for k, _ in itertools.groupby(clear) if k >= 0]
            stays = overlaps[:, 0].min() > 0.7
            assert stays == (strength == 0)
            assert stays or (len(visited) > 10 and set(visited) == set(range(5)))
