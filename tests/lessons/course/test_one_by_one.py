"""E4, E13 and E14: recall one neuron at a time, and shares that are rounded."""

from __future__ import annotations

import math

import numpy as np
import pytest

import hopfield as hf
from hopfield import course
from hopfield.lessons.course import one_by_one
from hopfield.theory import visits


def test_e4_theory_has_the_published_figures():
    p = visits.all_visited_random(100, 25, 1000)
    assert p == pytest.approx(0.999460, abs=5e-7)
    k = np.arange(26)
    weights = np.array([math.comb(25, j) for j in k]) / 2**25
    assert weights @ [visits.mean_time(100, j) for j in k] == pytest.approx(312.28, abs=5e-3)


def test_e4_the_error_curve_is_that_of_visiting():
    r, _ = one_by_one.from_three_quarters(1, 4000, rng=11, record=True)
    error = 2 * r.trace["hamming"]
    assert (np.diff(error, axis=0) <= 0).all()
    assert error[0].mean() == pytest.approx(25, abs=3.3 * 5 / np.sqrt(4000))
    assert error[0].var() == pytest.approx(25, abs=3.3 * 25 * np.sqrt(2 / 4000))
    for k in (1, 30, 100, 300):
        expected = 25 * 0.99**k
        bound = 3.3 * error[k].std() / np.sqrt(4000)
        assert error[k].mean() == pytest.approx(expected, abs=bound)
    assert course.consistent(0.999460, int((error[-1] == 0).sum()), 4000)
    first = (error > 0).sum(axis=0)[error[-1] == 0]
    assert first.mean() == pytest.approx(312.28, abs=3.3 * 121.9 / np.sqrt(4000))


def test_e13_two_patterns_are_recalled_as_often_as_one():
    rng = np.random.default_rng(5)
    pairs = [one_by_one.from_three_quarters(2, 1, rng=rng) for _ in range(4000)]
    right = sum(np.array_equal(r.state[0], xi) for r, xi in pairs)
    assert course.consistent(0.99946, right, 4000)


def test_e14_a_share_of_the_neurons_is_rounded_and_the_page_truncates():
    lost = [k for k in range(1, 100) if one_by_one.page_split(100, k / 100) != 100]
    assert len(lost) == 17
    assert {29, 57, 58} <= set(lost)
    x = np.ones(100)
    for k in range(101):
        assert hf.hamming(hf.flip(x, k / 100, rng=k), x) == k
        assert hf.hamming(hf.replace(x, -x, keep=k / 100), x) == 100 - k
