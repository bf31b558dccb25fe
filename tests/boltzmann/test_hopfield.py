"""The map from Hopfield networks to restricted machines, exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

import hopfield as hf
from hopfield import boltzmann
from tests.bad import refuses

ALL = np.concatenate(list(hf.landscape.all_states(10)))
HEBB = [[1] * 5 + [-1] * 5, [1, -1] * 5, [1, 1, -1, -1] * 2 + [1, 1]]
CORRELATED = [
    [1] * 5 + [-1] * 5,
    [1, 1, 1, -1, 1, -1, 1, -1, -1, -1],
    [1, 1, -1, 1, 1, 1, -1, -1, -1, 1],
]


@pytest.mark.parametrize(
    ("memory", "log_z"),
    [
        (hf.hebb(HEBB), 8.425268423),
        (hf.learning.pseudo_inverse(CORRELATED, self_coupling=True), 10.412193105),
        (hf.learning.pseudo_inverse(CORRELATED), 8.269335962),
    ],
)
def test_the_machine_has_the_law_of_the_memory(memory, log_z):
    machine = boltzmann.from_hopfield(memory, 0.7)
    found = -machine.free_energy(ALL)
    np.testing.assert_allclose(found, -memory.energy(ALL) / 0.7, atol=2e-14)
    assert np.logaddexp.reduce(found) == pytest.approx(log_z, abs=1e-9)
    assert boltzmann.log_partition(memory, 0.7) == pytest.approx(log_z, abs=1e-9)


@given(st.integers(0, 2**32), st.floats(0.2, 3), st.floats(0.1, 2))
def test_biases_and_factors_come_along(seed, T, factor):
    rng = np.random.default_rng(seed)
    xi = hf.random_patterns(int(rng.integers(1, 9)), 10, rng=seed)
    memory = factor * hf.hebb(xi, allow_repeats=True) + hf.Bias(rng.normal(size=10))
    machine = boltzmann.from_hopfield(memory, T)
    np.testing.assert_allclose(machine.free_energy(ALL), memory.energy(ALL) / T, atol=1e-11)


def test_its_samples_follow_the_law():
    memory = hf.hebb([[1, 1, 1, -1], [1, -1, 1, 1]]) + hf.Bias([0.2, 0, 0, 0])
    seen = boltzmann.from_hopfield(memory, 0.8).sample(8000, sweeps=40, rng=1)
    states = next(hf.landscape.all_states(4))
    counts = (seen[:, None] == states).all(axis=2).sum(axis=0)
    p = 8000 * boltzmann.law(memory, 0.8)
    assert ((counts - p) ** 2 / p).sum() < 15 + 5 * np.sqrt(30)


@pytest.mark.parametrize(
    ("memory", "T", "words"),
    [
        (hf.Couplings([[0, 1], [1, 0]]), 1, "hebb"),
        (hf.hebb(HEBB) + hf.hebb(CORRELATED), 1, "one of patterns"),
        (-1 * hf.hebb(HEBB), 1, "one of patterns"),
        (hf.hebb(HEBB), 0, "T must be above 0"),
        (3, 1, "memory must be"),
    ],
)
def test_other_memories_are_refused(memory, T, words):
    refuses(lambda: boltzmann.from_hopfield(memory, T), (TypeError, ValueError), words)
