"""Short answers: which patterns are alike, and what was recalled."""

from __future__ import annotations

import numpy as np

import hopfield as hf
from hopfield.analysis import summary
from hopfield.analysis.summary import closest


def test_the_most_alike_of_many_patterns_is_found():
    xi = hf.random_patterns(600, 200, rng=1)
    xi[570] = -hf.flip(xi[301], 20, rng=1)
    assert closest(xi) == (301, 570, -0.8)


def test_it_warns_of_too_many_patterns_for_their_activity():
    half = hf.random_patterns(20, 25, rng=1)
    (said,) = (x for x in summary.warnings(half, "willshaw") if "exceed" in x)
    assert said.startswith("20 patterns of 25 neurons exceed willshaw's capacity of 3.9 (some")
    few = np.where(np.random.default_rng(1).random((20, 400)).argsort(axis=1) < 20, 1, -1)
    assert not any("exceed" in x for x in summary.warnings(few, "willshaw"))
    assert not any("exceed" in x for x in summary.warnings(few, "covariance"))
    half = hf.random_patterns(40, 400, rng=1)
    assert any("exceed" in x for x in summary.warnings(half, "covariance"))
