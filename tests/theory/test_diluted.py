"""Diluted networks: the map of one step, against all states of what a neuron hears."""

from __future__ import annotations

import tracemalloc
from itertools import product
from math import pi, tanh

import numpy as np
import pytest
from scipy import integrate

from hopfield.theory import diluted
from tests.bad import refuses


def mapped(m, c, p, T):
    """Average the answer over every state of c inputs and of every other pattern there."""
    total = 0.0
    for right in product((1, -1), repeat=c):
        chance = np.prod([(1 + m * r) / 2 for r in right])
        for others in product((1, -1), repeat=c * (p - 1)):
            h = (sum(right) + sum(others)) / c
            total += chance / 2 ** (c * (p - 1)) * (tanh(h / T) if T else np.sign(h))
    return total


@pytest.mark.parametrize(("c", "p", "T"), [(3, 2, 0.5), (3, 3, 0.0), (4, 2, 0.0), (5, 1, 0.7)])
def test_the_overlap_of_few_connections_stays_through_a_step(c, p, T):
    found = diluted.overlap(p / c, T, connections=c)
    assert mapped(found, c, p, T) == pytest.approx(found, abs=1e-9)
    ahead = 1.0
    for _ in range(60):
        ahead = mapped(ahead, c, p, T)
    assert ahead == pytest.approx(found, abs=1e-3)  # the largest that stays


def test_of_varied_connections_it_is_the_mean_over_poissons_law():
    from scipy.stats import poisson

    m = diluted.overlap(2 / 3, 0.5, connections=3, varied=True)
    ahead = 0.0
    for k in range(16):
        n, noise = np.meshgrid(np.arange(k + 1), np.arange(k + 1), indexing="ij")
        h = (2 * n - k + 2 * noise - k) / 3
        answers = np.tanh(h / 0.5)
        law = poisson.pmf(k, 3)
        ahead += law * diluted.binomial(k, (1 + m) / 2) @ answers @ diluted.binomial(k, 0.5)
    assert ahead == pytest.approx(m, abs=1e-6)


def test_many_connections_are_the_limit():
    loads = [0.1, 0.3, 0.5]
    for T in (0.0, 0.3):
        many = diluted.overlap(loads, T, connections=5000)
        np.testing.assert_allclose(many, diluted.overlap(loads, T), atol=2e-3)


@pytest.mark.parametrize("T", [0.3, 0.7, 0.95])
def test_the_critical_load_is_where_the_slope_at_no_overlap_is_one(T):
    load = diluted.critical(T)

    def slope(z):
        return np.exp(-(z**2) / 2) / np.cosh(min(abs(np.sqrt(load) * z / T), 300)) ** 2

    assert integrate.quad(slope, -9, 9)[0] / (T * np.sqrt(2 * pi)) == pytest.approx(1, abs=1e-9)
    assert diluted.overlap(1.01 * load, T) == 0
    assert 0 < diluted.overlap(0.99 * load, T) < 0.2


def test_nothing_is_kept_from_temperature_one_on():
    assert diluted.critical(1) == diluted.critical(1.5) == 0
    assert diluted.overlap(0, 1.1) == 0


def test_above_load_one_nothing_is_kept():
    for c in (1, 2, 5, 8):
        for p in range(c + 1, 2 * c + 1):
            assert diluted.overlap(p / c, connections=c) == 0
            assert diluted.overlap(p / c, connections=c, varied=True) == 0
    assert diluted.overlap(1e6, connections=3) == 0  # and it takes no room to say so


def test_a_lone_connection_hands_on_what_it_hears():
    assert diluted.overlap(1, connections=1) == 1
    assert diluted.overlap(2, connections=1) == 0


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: diluted.overlap(-0.1), ValueError, "load must be 0 or more, not -0.1"),
        (lambda: diluted.overlap(0.1, -1), ValueError, "T must be 0 or more, not -1"),
        (lambda: diluted.overlap(1, connections=0), ValueError, "connections must be between 1"),
        (lambda: diluted.overlap(1, connections=2.0), TypeError, "connections must be an integer"),
        (lambda: diluted.overlap(0.3, connections=11), ValueError, "load must be a number of pat"),
        (lambda: diluted.overlap(0, connections=11), ValueError, r"P/11, of 1 pattern or more"),
        (lambda: diluted.overlap(1, 0, 301, True), ValueError, "connections must be between 1 and"),
        (lambda: diluted.overlap(1, 0, None, True), TypeError, "connections must be given where"),
        (lambda: diluted.overlap(1, 0, 5, 1), TypeError, "varied must be True or False"),
        (lambda: diluted.critical(-0.5), ValueError, "T must be 0 or more"),
        (lambda: diluted.critical(np.nan), ValueError, "T must be finite"),
    ],
)
def test_bad_input_is_named(call, kind, words):
    refuses(call, kind, words)


def test_the_chances_of_noise_are_of_the_window_alone():
    for c, p in ((7, 1), (20, 8), (300, 200)):
        n = c * (p - 1)
        window = np.arange(max(0, n // 2 - 900), min(n, n // 2 + 900) + 1)
        known = diluted.binomial(n, 0.5)[window]
        np.testing.assert_allclose(diluted._even_odds(n, window), known, atol=1e-11)
    tracemalloc.start()
    try:
        found = diluted.overlap(0.6, connections=10_000)
        assert tracemalloc.get_traced_memory()[1] < 20e6  # of 6e7 products
    finally:
        tracemalloc.stop()
    assert found == pytest.approx(diluted.overlap(0.6), abs=1e-4)
