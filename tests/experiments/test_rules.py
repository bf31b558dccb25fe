"""Experiments with any rule give the figures that are published."""

from __future__ import annotations

import numpy as np
import pytest

from hopfield.experiments import EXPERIMENTS
from tests.experiments.small import near, run


def test_patterns_that_cannot_all_differ_are_refused_in_words():
    with pytest.raises(ValueError, match="too many"):
        EXPERIMENTS["Capacity"](N=4, alpha=8).run(np.random.default_rng(0))


@pytest.mark.parametrize(("p", "share"), [(8, 0.98), (10, 0.67), (14, 0.07)])
def test_how_often_hebb_holds_all_of_a_hundred_neurons_patterns(p, share):
    point = run(EXPERIMENTS["Capacity"], 200, N=100, alpha=p / 100)
    ok, figures = near(point, "all_fixed", share, np.sqrt(share * (1 - share) / 60))
    assert ok, figures


def test_correlated_patterns_break_hebb_and_real_ones_too():
    cls = EXPERIMENTS["Correlated"]
    biased = [
        run(cls, 30, N=200, alpha=0.05, bias=b).counts.estimate("fixed").value
        for b in (0.0, 0.4, 0.8)
    ]
    assert biased[0] > 0.99
    assert biased[0] > biased[1] > biased[2] == 0
    assert run(EXPERIMENTS["RealImages"], 30, P=10).counts.estimate("fixed").value < 0.05
