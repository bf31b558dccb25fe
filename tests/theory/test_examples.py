"""Learning from examples and from features: the theory, and the same by other means."""

from __future__ import annotations

from math import comb, erf, pi, sqrt

import numpy as np
import pytest

from hopfield.theory import ags, examples, features
from tests.bad import refuses


def relaxed(load, m, r, supervised):
    """Go through the equations again and again, half way, from the archetype."""
    b = np.arange(m + 1)
    p = np.array([comb(m, k) * ((1 + r) / 2) ** k * ((1 - r) / 2) ** (m - k) for k in b])
    u, square = (2 * b - m) / m, r**2 + (1 - r**2) / m
    n, spread = r, sqrt(load) * square
    for _ in range(5000):
        y = u * n / (sqrt(2) * spread)
        chi = min(p @ np.exp(-(y**2)) * sqrt(2 / pi) / spread, 0.999 / square)
        noise = load * square**2 / (1 - square * chi) ** 2
        if not supervised:
            noise += load * (1 - r**2) ** 2 * (m - 1) / m**2 / (1 - chi * (1 - r**2) / m) ** 2
        n += (p @ (u * [erf(x) for x in y]) - n) / 2
        spread += (sqrt(noise) - spread) / 2
    return p @ [erf(u_ * n / (sqrt(2) * spread)) for u_ in u]


@pytest.mark.parametrize("supervised", [True, False])
@pytest.mark.parametrize(("load", "m", "r"), [(0.05, 25, 0.5), (0.02, 3, 0.8), (0.1, 20, 0.8)])
def test_the_state_is_where_the_equations_go_from_the_archetype(load, m, r, supervised):
    found = examples.overlap(load, m, r, supervised)
    assert found == pytest.approx(relaxed(load, m, r, supervised), abs=1e-6)


def test_examples_without_errors_are_the_archetypes():
    loads = [0, 0.02, 0.1, 0.137, 0.2]
    np.testing.assert_allclose(examples.overlap(loads, 7, 1.0), ags.overlap(loads), atol=1e-9)


def test_the_last_load_at_which_an_archetype_is_recalled_is_not_overlooked():
    # M = 12, r = 0.8: the state ends where the root load, along a fine grid, is largest.
    law = examples._Means(12, 0.8, True)
    most = law._root_loads(np.linspace(1.5, 2.5, 200_001)).max() ** 2
    assert examples.overlap(most * (1 - 1e-9), 12, 0.8) > 0.9
    assert examples.overlap(most * (1 + 1e-9), 12, 0.8) == 0


def test_one_example_is_recalled_in_place_of_its_archetype():
    assert examples.overlap(0.02, 1, 0.8) == pytest.approx(0.8, abs=1e-6)
    assert examples.one_step(0, 1, 0.3) == pytest.approx(0.3)


def test_it_takes_three_good_examples_to_be_better_than_one_and_no_more_of_perfect_ones():
    assert examples.least(0, 0.5) == examples.least(1e-6, 0.9) == examples.least(0.1, 0.999) == 3
    assert examples.least(0.1, 1.0) == 1
    with pytest.raises(ValueError, match="too few"):
        examples.least(0.14, 1.0)


def test_of_many_examples_one_step_is_that_of_a_normal_mean():
    load, m, r = 0.05, 2000, 0.3
    rho = (1 - r**2) / (m * r**2)
    supervised = erf(1 / sqrt(2 * (rho + load * (1 + rho) ** 2)))
    unsupervised = erf(1 / sqrt(2 * (rho + load * (1 + (1 - r**4) / (m * r**4)))))
    assert examples.one_step(load, m, r) == pytest.approx(supervised, abs=1e-5)
    assert examples.one_step(load, m, r, False) == pytest.approx(unsupervised, abs=1e-4)


def test_of_many_patterns_a_feature_is_what_hebbs_rule_would_make_of_it():
    alone = erf(1 / sqrt(2 * 0.05))
    assert features.one_step(1e9, 0.05) == pytest.approx(alone, abs=1e-9)
    assert (np.diff(features.one_step([0, 0.1, 1, 10], 0.05)) > 0).all()
    assert features.one_step(0, 0.05) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: examples.overlap(-0.1, 5, 0.5), ValueError, "load must be 0 or more, not -0.1"),
        (lambda: examples.overlap(0.1, 0, 0.5), ValueError, "examples must be between 1 and"),
        (lambda: examples.overlap(0.1, 2.5, 0.5), TypeError, "examples must be an integer"),
        (lambda: examples.overlap(0.1, 5, 0), ValueError, "quality must be above 0 and 1 at most"),
        (lambda: examples.one_step(0.1, 5, 1.1), ValueError, "quality must be above 0.*not 1.1"),
        (lambda: examples.one_step(0.1, 5, np.nan), ValueError, "quality must be finite"),
        (lambda: examples.overlap(0.1, 5, 0.5, 1), TypeError, "supervised must be True or False"),
        (lambda: examples.least(0.2, 0.5), ValueError, "load must be less, or quality more"),
        (lambda: examples.least([0.1], 0.5), TypeError, "load must be a number"),
        (lambda: features.one_step(-1, 0.1), ValueError, "load must be 0 or more"),
        (lambda: features.one_step(1, 0), ValueError, "features must be above 0, not 0"),
    ],
)
def test_bad_input_is_named(call, kind, words):
    refuses(call, kind, words)
