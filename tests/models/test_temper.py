"""Parallel tempering: swaps keep the law of each temperature, and find what is deep."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from networks import pairs

import hopfield as hf
from hopfield import optimise
from tests.bad import refuses

T = (0.25, 0.5, 1, 2)


@pytest.fixture(scope="module")
def found():
    return optimise.temper(pairs(10), T, 500, ladders=300, rng=1)


def test_energies_are_those_of_each_temperature(found):
    # exact; without the rule of the swaps, or with the energies turned round, they are far off
    mean = found.energies[100:].mean(axis=0)
    error = mean.std(axis=0, ddof=1) / np.sqrt(len(mean))
    exact = np.array([-2.951521, -2.415790, -1.617696, -0.916816])
    assert (np.abs(mean.mean(axis=0) - exact) < 5 * error + 1e-6).all()
    assert (error < 0.005).all()


def test_swaps_are_made_as_often_as_two_exact_laws_say(found):
    tried = 500 / 2 * 300
    exact = np.array([0.511497, 0.539829, 0.677412])
    # swaps of one ladder follow each other: their error is a few times that of coins
    assert (np.abs(found.acceptance - exact) < 5 * 3 * 0.5 / np.sqrt(tried)).all()
    wide = optimise.temper(pairs(10), (0.5, 2), 400, ladders=200, rng=2)
    assert wide.acceptance[0] == pytest.approx(0.303256, abs=0.02)


def test_the_lowest_state_is_the_ground_state(found):
    assert found.energy == pytest.approx(-3.325142, abs=1e-6)
    assert pairs(10).energy(found.lowest) == pytest.approx(found.energy, abs=1e-12)


def test_states_stand_at_their_temperatures():
    r = optimise.temper(pairs(6), (0.5, 1.0), 20, ladders=3, rng=3)
    assert r.states.shape == (3, 2, 6)
    np.testing.assert_allclose(
        np.sort(pairs(6).energy(r.states), axis=1), np.sort(r.energies[-1], axis=1), atol=1e-12
    )
    assert isnan(optimise.temper(pairs(6), (0.5, 1, 2), 1, rng=0).acceptance[1])


def test_maximum_cuts_are_found():
    petersen = np.zeros((10, 10))
    for i in range(5):
        for a, b in ((i, (i + 1) % 5), (i, i + 5), (i + 5, (i + 2) % 5 + 5)):
            petersen[a, b] = petersen[b, a] = 1
    n = np.arange(13)
    paley = np.isin((n[:, None] - n) % 13, np.unique(n[1:] ** 2 % 13)).astype(float)
    for graph, best in ((petersen, 12), (paley, 26), (1 - np.eye(8), 16), (1 - np.eye(9), 20)):
        r = optimise.temper(optimise.max_cut(graph), np.geomspace(0.3, 3, 6), 200, rng=4)
        assert optimise.cut(graph, r.lowest) == best


def test_neurons_of_0_and_1_are_tempered_too_and_the_seed_decides(tmp_path):
    memory = pairs(8).recode(0, 1)
    r = optimise.temper(memory, (0.5, 1.0), 30, rng=5)
    assert set(r.states.ravel().tolist()) == {0, 1}
    again = optimise.temper(memory, (0.5, 1.0), 30, rng=5)
    assert np.array_equal(r.energies, again.energies)
    hf.save(tmp_path / "r.npz", r)
    assert np.array_equal(hf.load(tmp_path / "r.npz").states, r.states)


M = pairs(4)
BAD = {
    "no memory": (lambda: optimise.temper(5, T, 3), "memory must be a hopfield memory.*not 5"),
    "one": (lambda: optimise.temper(M, 5, 3), "temperatures must be two or more.*not 5"),
    "one of a row": (lambda: optimise.temper(M, [1], 3), "temperatures"),
    "falling": (lambda: optimise.temper(M, [1, 0.5], 3), "temperatures"),
    "cold": (lambda: optimise.temper(M, [0, 0.5], 3), "temperatures"),
    "sweeps": (lambda: optimise.temper(M, T, 0), "sweeps"),
    "ladders": (lambda: optimise.temper(M, T, 1, ladders=0), "ladders"),
    "graded": (lambda: optimise.temper(hf.modern(np.eye(3)), T, 1), "two states"),
    "asymmetric": (lambda: optimise.temper(hf.Couplings([[0, 1], [2, 0]]), T, 1), "an energy"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_a_sentence(case):
    call, words = BAD[case]
    refuses(call, (ValueError, TypeError), words)
