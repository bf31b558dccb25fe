"""Sparse patterns of one activity come near their theory; others are lost more often."""

from __future__ import annotations

from hopfield.experiments import EXPERIMENTS
from tests.experiments.small import near, run

CASE = {"N": 1000, "alpha": 0.5, "activity": 0.05, "threshold": 0.5}


def test_patterns_of_one_activity_are_kept_as_the_theory_says():
    theory = EXPERIMENTS["Sparse"](**CASE).theory()
    point = run(EXPERIMENTS["Sparse"], 8, **CASE)
    # Overlaps of 1,000 neurons are those of many to 0.002.
    ok, figures = near(point, "overlap", theory, 0.0006)
    assert ok, figures
    assert point.counts.estimate("lost").value == 0


def test_patterns_of_many_activities_are_lost_more_often():
    point = run(EXPERIMENTS["Sparse"], 8, **CASE, exact=False)
    assert 0.01 < point.counts.estimate("lost").value < 0.15
    assert EXPERIMENTS["Sparse"](**CASE, exact=False).theory() is None
