"""Theory: the values of the literature, the limits, and what simulation says."""

from __future__ import annotations

from math import erf, exp, pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest

import hopfield as hf
from hopfield.theory import ags, one_step, visits
from hopfield.theory.orthogonality import overlap_distribution

# One step


@pytest.mark.parametrize(
    ("n", "p", "below", "zero"),
    [
        (100, 14, 0.002646, 0.000493),
        (500, 69, 0.003375, 0.0),
        (1000, 138, 0.003435, 0.000056),
        (1000, 185, 0.009900, 0.0),
        (1000, 370, 0.049775, 0.000339),
        (1000, 610, 0.099911, 0.000450),
        (5, 1, 0.0, 0.0),
        (1, 3, 0.0, 1.0),
        (2, 2, 0.0, 0.5),
        (2, 3, 0.25, 0.0),
    ],
)
def test_the_exact_one_step_error(n, p, below, zero):
    assert one_step.error(n, p) == pytest.approx((below, zero), abs=6e-7)


@pytest.mark.parametrize(
    ("p", "without", "diagonal"),  # Chalmers' exercise: 120 neurons
    [
        (12, 0.000452, 0.000130),
        (24, 0.010894, 0.002952),
        (48, 0.054290, 0.012335),
        (70, 0.092702, 0.018003),
        (100, 0.134454, 0.021334),
        (120, 0.156630, 0.021856),
    ],
)
def test_the_diagonal_holds_neurons_where_they_are(p, without, diagonal):
    assert one_step.error(120, p)[0] == pytest.approx(without, abs=6e-7)
    assert one_step.error(120, p, self_coupling=True)[0] == pytest.approx(diagonal, abs=6e-7)


@pytest.mark.parametrize(("n", "p"), [(3, 2), (4, 3), (3, 4)])
def test_the_error_with_a_diagonal_is_that_of_all_sets_of_patterns(n, p):
    fields = [
        (xi * hf.hebb(xi, self_coupling=True, allow_repeats=True).field(xi))
        for block in hf.landscape.all_states(n * p)
        for xi in block.reshape(-1, p, n)
    ]
    found = np.mean(np.round(fields, 9) < 0), np.mean(np.round(fields, 9) == 0)
    assert one_step.error(n, p, self_coupling=True) == pytest.approx(found)


@pytest.mark.parametrize(("n", "p"), [(2, 2), (3, 7), (20, 5), (51, 14), (100, 30)])
def test_the_crosstalk_is_an_overlap_of_random_patterns(n, p):
    q, law = overlap_distribution((n - 1) * p, shared=n - 1)
    assert one_step.error(n, p) == pytest.approx((law[q < 0].sum(), law[q == 0].sum()), rel=1e-9)


def test_the_error_of_every_pattern_of_a_small_network():
    """All 2**8 pairs of patterns of 4 neurons."""
    fields = []
    for pair in next(hf.landscape.all_states(8)).reshape(-1, 2, 4):
        fields.append(hf.hebb(pair, allow_repeats=True).field(pair[0]) * pair[0])
    below, zero = one_step.error(4, 2)
    assert np.mean(np.array(fields) < 0) == pytest.approx(below)
    assert np.mean(np.array(fields) == 0) == pytest.approx(zero)


def test_the_error_tends_to_that_of_many_neurons():
    below, zero = one_step.error(100_000, 13_800)
    assert below + zero / 2 == pytest.approx(one_step.error_at(0.138), rel=1e-3)


def test_error_at_takes_arrays_and_both_ends():
    values = one_step.error_at([[0.0, 1e-300], [0.105, 1e40]])
    assert values.shape == (2, 2)
    assert values.ravel() == pytest.approx([0, 0, 0.001015, 0.5], abs=1e-6)
    assert np.all(np.diff(one_step.error_at(np.linspace(0, 2, 100))) >= 0)


def test_load_at_undoes_error_at():
    table = [0.10472, 0.13846, 0.18478, 0.36961, 0.60887]
    loads = [one_step.load_at(e) for e in (0.001, 0.0036, 0.01, 0.05, 0.1)]
    assert loads == pytest.approx(table, abs=6e-6)
    assert one_step.error_at(loads) == pytest.approx([0.001, 0.0036, 0.01, 0.05, 0.1], rel=1e-12)


def test_capacities():
    assert one_step.capacity(1000) == pytest.approx(1000 / (2 * np.log(1000)))
    assert one_step.capacity(1000) == 2 * one_step.capacity(1000, every=True)


# Retrieval


def test_the_critical_load():
    load, m = ags.critical()
    assert load == pytest.approx(0.137905566, abs=5e-10)
    assert m == pytest.approx(0.967417, abs=5e-7)
    assert ags.overlap(load - 1e-9) > 0.967
    assert ags.overlap(load + 1e-9) == 0


def test_the_overlap_at_zero_temperature():
    known = {
        0.0: 1,
        0.05: 0.999992,
        0.10: 0.997999,
        0.12: 0.993223,
        0.13: 0.987212,
        0.135: 0.980791,
        0.14: 0,
        1.0: 0,
        1e50: 0,
    }
    assert ags.overlap(list(known)) == pytest.approx(list(known.values()), abs=6e-7)


def test_the_barrier_is_the_other_state_that_solves_the_equations():
    assert ags.barrier([0.05, 0.10, 0.13]) == pytest.approx([0.72368, 0.86297, 0.93351], abs=6e-6)
    for alpha in (0.001, 0.02, 0.1, 0.137):
        m = ags.barrier(alpha)
        # m = erf y has two roots at T = 0: the other is the overlap
        y = NormalDist().inv_cdf((1 + m) / 2) / sqrt(2)
        assert y * (sqrt(2 * alpha) + 2 * exp(-(y**2)) / sqrt(pi)) == pytest.approx(m, abs=1e-9)
        assert m < ags.overlap(alpha) - 0.01


def test_the_barrier_meets_the_overlap_at_the_critical_load_and_temperature():
    load, m = ags.critical()
    assert ags.barrier(load * (1 - 1e-10)) == pytest.approx(m, abs=1e-4)
    warm = ags.spinodal(0.05) - 1e-9
    assert ags.barrier(0.05, warm) == pytest.approx(ags.overlap(0.05, warm), abs=1e-3)
    assert ags.barrier(0.0) == 0
    assert np.isnan(ags.barrier([load + 1e-9, 1.0])).all()
    assert np.isnan(ags.barrier(0.05, [0.6, 1.5][0]))


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1, 0.137])
def test_zero_temperature_solves_the_equation_of_one_unknown(alpha):
    """The published form: y (sqrt(2 alpha) + 2 exp(-y**2) / sqrt(pi)) = erf y, m = erf y."""
    m, q, r = ags.order_parameters(alpha)
    y = m / sqrt(2 * alpha * r)
    assert q == 1
    assert erf(y) == pytest.approx(m, abs=1e-12)
    assert y * (sqrt(2 * alpha) + 2 * exp(-(y**2)) / sqrt(pi)) == pytest.approx(m, abs=1e-9)


@pytest.mark.parametrize(
    ("alpha", "T", "values"),
    [
        (0.05, 0.2, (0.998878, 0.997830, 1.01984)),
        (0.05, 0.4, (0.966187, 0.936682, 1.32212)),
        (0.1, 0.2, (0.989085, 0.984417, 1.15781)),
        (0.02, 0.5, (0.945004, 0.894585, 1.43642)),
    ],
)
def test_order_parameters(alpha, T, values):
    assert ags.order_parameters(alpha, T) == pytest.approx(values, abs=6e-6)
    assert ags.overlap(alpha, T) == ags.order_parameters(alpha, T)[0]


@pytest.mark.parametrize(("alpha", "T"), [(0.02, 0.7), (0.05, 0.05), (0.05, 0.5), (0.13, 0.1)])
def test_the_three_equations_hold(alpha, T):
    m, q, r = ags.order_parameters(alpha, T)
    z = np.linspace(-10, 10, 40_001)
    law = np.exp(-(z**2) / 2) / sqrt(2 * pi) * (z[1] - z[0])
    t = np.tanh((m + sqrt(alpha * r) * z) / T)
    assert (law @ t, law @ t**2) == pytest.approx((m, q), abs=1e-9)
    assert r == pytest.approx(q / (1 - (1 - q) / T) ** 2, rel=1e-9)


@pytest.mark.parametrize("T", [0.1, 0.5, 0.9])
def test_one_pattern_follows_the_mean_field(T):
    m = ags.overlap(0, T)
    assert m == pytest.approx(np.tanh(m / T), abs=1e-9)
    assert m > 0


def test_the_limit_of_low_temperature():
    assert ags.overlap(0.1, 1e-4) == pytest.approx(ags.overlap(0.1), abs=1e-6)
    assert ags.overlap(0.1, 1e-300) == ags.overlap(0.1)
    assert ags.critical(1e-5)[0] == pytest.approx(ags.critical()[0], abs=1e-6)


def test_the_spinodal():
    loads = [0.0, 0.005, 0.01, 0.02, 0.05, 0.07, 0.1, 0.12, 0.13, 0.14, 1e50]
    known = [1, 0.8600, 0.8010, 0.7165, 0.5423, 0.4489, 0.3154, 0.2151, 0.1489, 0, 0]
    found = ags.spinodal(loads)
    assert found == pytest.approx(known, abs=6e-5)
    assert (1 - ags.spinodal(0.001)) / sqrt(0.001) == pytest.approx(1.966, abs=6e-4)
    for alpha, T in zip(loads[1:8], found[1:8], strict=True):
        assert ags.overlap(alpha, T - 1e-6) > 0.4
        assert ags.overlap(alpha, T + 1e-6) == 0


def test_above_one_nothing_is_retrieved():
    assert ags.critical(1) == ags.critical(3.0) == (0, 0)
    assert ags.overlap(0.0, 1) == ags.overlap(0.05, 1e50) == 0


def test_the_glass_lies_above_the_spinodal():
    loads = np.linspace(0.001, 0.13, 5)
    assert ags.glass(loads) == pytest.approx(1 + np.sqrt(loads))
    assert np.all(ags.glass(loads) > ags.spinodal(loads))


def test_heat_bath_recall_has_the_overlap_of_the_theory():
    n, p, T = 1000, 20, 0.5
    xi = hf.random_patterns(p, n, rng=1)
    memory = hf.hebb(xi)
    record = hf.record.overlaps(xi[0])
    run = hf.recall(memory, xi[0], neuron=hf.HeatBath(T), sweeps=60, record=record, rng=2)
    m = run.trace[20:].mean()
    assert m == pytest.approx(ags.overlap(p / n, T), abs=0.015)


# Bad input: one sentence that names the argument


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: one_step.error(0, 1), ValueError, "n must be 1 or more, not 0"),
        (lambda: one_step.error(1.5, 1), TypeError, "n must be an integer"),
        (lambda: one_step.error(5, 0), ValueError, "p must be 1 or more"),
        (lambda: one_step.error(10**9, 10**9), ValueError, "n and p must ask for"),
        (lambda: one_step.error_at(-0.1), ValueError, "load must be 0 or more, not -0.1"),
        (lambda: one_step.error_at([0.1, np.nan]), ValueError, "load must be finite"),
        (lambda: one_step.error_at("0.1"), TypeError, "load must hold real numbers"),
        (lambda: one_step.error_at([]), ValueError, "load must not be empty"),
        (lambda: one_step.load_at(0), ValueError, "error must be between 0 and 1/2"),
        (lambda: one_step.load_at(0.5), ValueError, "error must be between 0 and 1/2"),
        (lambda: one_step.load_at(float("nan")), ValueError, "error must be finite"),
        (lambda: one_step.capacity(1), ValueError, "n must be 2 or more"),
        (lambda: one_step.capacity(10, every=1), TypeError, "every must be True or False"),
        (lambda: ags.overlap(-1), ValueError, "load must be 0 or more, not -1"),
        (lambda: ags.overlap(0.1, T=-1), ValueError, "T must be 0 or more, not -1"),
        (lambda: ags.overlap(0.1, T=float("inf")), ValueError, "T must be finite"),
        (lambda: ags.overlap(None), TypeError, "load must hold real numbers"),
        (lambda: ags.order_parameters(0.2), ValueError, "load must be between 0 and 0.137906"),
        (lambda: ags.order_parameters(-0.1), ValueError, "load must be between"),
        (lambda: ags.order_parameters([0.1]), TypeError, "load must be a number"),
        (lambda: ags.critical("0"), TypeError, "T must be a number"),
        (lambda: ags.spinodal([0.1, -0.1]), ValueError, "load must be 0 or more, not -0.1"),
        (lambda: ags.glass(-1), ValueError, "load must be 0 or more"),
        (lambda: visits.unvisited(5, [1, -2]), ValueError, "^updates .* not -2"),
    ],
)
def test_bad_input_is_named(call, kind, words):
    with pytest.raises(kind, match=words):
        call()
