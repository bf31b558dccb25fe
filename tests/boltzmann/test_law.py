"""ln Z, likelihood, entropy and divergence: the values of an independent computation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from networks import layers, pairs

import hopfield as hf
from hopfield import boltzmann
from tests.bad import refuses

ALL = {n: np.concatenate(list(hf.landscape.all_states(n))) for n in (4, 6, 10)}


@pytest.mark.parametrize(("T", "log_z"), [(1, 7.811235651), (0.5, 9.880728392), (2, 7.167397145)])
def test_the_partition_function_of_pairs(T, log_z):
    assert boltzmann.log_partition(pairs(10), T) == pytest.approx(log_z, abs=1e-9)


def test_the_law_of_pairs():
    m = pairs(10)
    p, s = boltzmann.law(m), ALL[10]
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert p @ m.energy(s) == pytest.approx(-1.617696364, abs=1e-9)
    assert boltzmann.entropy(m) == pytest.approx(6.193539286, abs=1e-9)
    assert p @ s[:, 0] == pytest.approx(0.077870437, abs=1e-9)
    assert p @ s[:, 4] == pytest.approx(-0.145711347, abs=1e-9)
    assert p @ (s[:, 0] * s[:, 1]) == pytest.approx(-0.159681306, abs=1e-9)
    assert p @ (s[:, 2] * s[:, 6]) == pytest.approx(-0.218893873, abs=1e-9)


@pytest.mark.parametrize(
    ("size", "of_signs", "of_bits"),
    [
        ((6, 4, 0.5), 8.511654487, 9.213226374),
        ((8, 3, 1), 12.420999992, 14.479525955),
        ((10, 6, 0.7), 17.062021765, 21.403817410),
    ],
)
def test_the_partition_function_of_layers_in_both_codings(size, of_signs, of_bits):
    m = layers(*size)
    assert boltzmann.log_partition(m) == pytest.approx(of_signs, abs=1e-9)
    bits, constant = boltzmann.coded(m, "01")
    assert boltzmann.log_partition(bits) == pytest.approx(of_bits, abs=1e-9)
    assert constant == pytest.approx(of_signs - of_bits, abs=1e-9)


def test_the_free_energy_of_layers():
    m, ones = layers(6, 4, 0.5), np.ones((1, 6))
    assert m.free_energy(ones[0]) == pytest.approx(-3.187914287, abs=1e-9)
    assert m.log_likelihood(ones) == pytest.approx(-5.323740200, abs=1e-9)
    assert boltzmann.pseudo_likelihood(m, ones) == pytest.approx(-7.090325467, abs=1e-9)
    p = boltzmann.law(m)
    assert p @ ALL[6][:, 0] == pytest.approx(-0.236827883, abs=1e-9)
    together = p @ (ALL[6][:, 0] * m.hidden_means(ALL[6])[:, 0])
    assert together == pytest.approx(0.247138667, abs=1e-9)


@given(st.integers(0, 2**32), st.sampled_from([0.3, 1, 2.5]), st.booleans())
def test_hidden_neurons_are_summed_over(seed, T, restricted):
    rng = np.random.default_rng(seed)
    w = rng.normal(size=(6, 6))
    m = boltzmann.Machine(w + w.T, rng.normal(size=6), hidden=2)
    if restricted:
        m = boltzmann.restricted(rng.normal(size=(4, 2)), rng.normal(size=4), rng.normal(size=2))
    e = m.energy(ALL[6]).reshape(16, 4)
    np.testing.assert_allclose(
        m.free_energy(ALL[4], T), -T * np.logaddexp.reduce(-e / T, axis=1), atol=1e-9
    )
    q = np.exp(-e / T) / np.exp(-e / T).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(m.hidden_means(ALL[4], T), q @ ALL[6][:4, 4:], atol=1e-9)
    p = np.exp(-e / T).sum(axis=1)
    np.testing.assert_allclose(boltzmann.law(m, T), p / p.sum(), atol=1e-12)


@given(st.integers(0, 2**32), st.sampled_from([0.7, 1]), st.booleans())
def test_the_two_codings_are_one_machine(seed, T, restricted):
    rng = np.random.default_rng(seed)
    if restricted:
        m = boltzmann.restricted(rng.normal(size=(3, 1)), rng.normal(size=3), rng.normal(size=1))
    else:
        w = rng.normal(size=(4, 4))
        m = boltzmann.Machine(w + w.T, rng.normal(size=4), hidden=1)
    bits, constant = boltzmann.coded(m, "01")
    back, other = boltzmann.coded(bits, "bipolar")
    np.testing.assert_allclose(
        bits.energy((ALL[4] + 1) / 2) - m.energy(ALL[4]), constant, atol=1e-9
    )
    assert other == pytest.approx(-constant, abs=1e-9)
    np.testing.assert_allclose(back.weights, m.weights, atol=1e-12)
    np.testing.assert_allclose(back.bias, m.bias, atol=1e-12)
    np.testing.assert_allclose(boltzmann.law(bits, T), boltzmann.law(m, T), atol=1e-12)
    assert boltzmann.log_partition(m, T) == pytest.approx(
        boltzmann.log_partition(bits, T) + constant / T, abs=1e-9
    )


@pytest.mark.parametrize("size", [(6, 4, 0.5), (8, 3, 1), (10, 6, 0.7)])
def test_annealed_importance_sampling_is_right_within_its_error(size):
    m = layers(*size)
    exact = boltzmann.log_partition(m)
    found = [boltzmann.log_partition(m, method="ais", steps=100, rng=k) for k in range(10)]
    assert exact.error == 0
    assert all(abs(z - exact) < 5 * z.error for z in found)
    # the root mean square error of 20 such runs was .006, .027 and .016
    assert np.sqrt(np.mean([(z - exact) ** 2 for z in found])) < 0.05


def test_annealed_importance_sampling_of_any_memory():
    i = np.arange(1, 21)
    m = hf.hebb([np.where(i % 2, 1, -1), np.where(i <= 10, 1, -1)])
    for T, log_z in ((0.5, 20.05198972), (0.3, 31.43756577)):
        assert boltzmann.log_partition(m, T) == pytest.approx(log_z, abs=1e-8)
        found = boltzmann.log_partition(m, T, "ais", steps=200, rng=1)
        assert abs(found - log_z) < min(0.3, 5 * found.error)


def test_the_divergence_from_a_law_and_from_data():
    m, p = pairs(10), boltzmann.law(pairs(10))
    assert boltzmann.divergence(m, p) == pytest.approx(0, abs=1e-12)
    rows = hf.random_patterns(5, 10, rng=1)
    as_law = (ALL[10][:, None] == rows).all(axis=2).mean(axis=1)
    assert boltzmann.divergence(m, rows) == pytest.approx(
        boltzmann.divergence(m, as_law), abs=1e-12
    )
    entropy_of_data = np.log(5)
    assert boltzmann.divergence(m, rows) == pytest.approx(
        -entropy_of_data - m.log_likelihood(rows), abs=1e-12
    )


def test_a_law_far_from_another_is_a_finite_divergence_away():
    sharp = boltzmann.Machine([[0, 400], [400, 0]])
    found = boltzmann.divergence(sharp, [0.25] * 4)
    rows = next(hf.landscape.all_states(2))
    assert found == pytest.approx(boltzmann.divergence(sharp, rows))


def test_a_machine_beyond_enumeration_is_told_to_sample():
    big = boltzmann.Machine(np.zeros((21, 21)))
    refuses(lambda: boltzmann.log_partition(big), ValueError, '20 neurons.*"ais"')
    wide = boltzmann.restricted(np.zeros((21, 21)))
    refuses(lambda: boltzmann.log_partition(wide), ValueError, 'smaller layer.*"ais"')
    assert boltzmann.log_partition(wide, method="ais", steps=2, rng=0) == pytest.approx(
        42 * np.log(2)
    )
    thin = boltzmann.restricted(np.zeros((300, 2)))
    assert boltzmann.log_partition(thin) == pytest.approx(302 * np.log(2))


M = pairs(4)
BAD = {
    "no memory": (lambda: boltzmann.log_partition(3), TypeError, "memory must be"),
    "graded": (lambda: boltzmann.log_partition(hf.modern(np.eye(3))), ValueError, "two states"),
    "asymmetric": (
        lambda: boltzmann.log_partition(hf.Couplings([[0, 1], [2, 0]])),
        ValueError,
        "not symmetric",
    ),
    "cold": (lambda: boltzmann.log_partition(M, 0), ValueError, "T must be above 0"),
    "method": (lambda: boltzmann.log_partition(M, method="cd"), ValueError, "method must be one"),
    "steps": (lambda: boltzmann.log_partition(M, method="ais", steps=0), ValueError, "steps"),
    "size": (lambda: boltzmann.log_likelihood(M, np.ones((2, 5))), ValueError, "4 neurons"),
    "states": (lambda: boltzmann.log_likelihood(M, np.zeros((2, 4))), ValueError, "-1 and 1"),
    "one row": (lambda: boltzmann.log_likelihood(M, np.ones(4)), ValueError, "rows"),
    "law": (lambda: boltzmann.divergence(M, np.ones(16)), ValueError, "add up to 1"),
    "negative law": (lambda: boltzmann.divergence(M, -np.ones(16)), ValueError, "0 or more"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*BAD[case])
