"""Experiments with Hebb's rule give the figures that are published."""

from __future__ import annotations

import pytest

from hopfield.experiments import EXPERIMENTS
from tests.experiments.small import near, run


@pytest.mark.parametrize(("n", "alpha"), [(100, 0.14), (500, 0.138), (1000, 0.138)])
def test_crosstalk_is_the_exact_one(n, alpha):
    point = run(EXPERIMENTS["Crosstalk"], 40, N=n, alpha=alpha)
    theory = EXPERIMENTS["Crosstalk"](N=n, alpha=alpha).theory()
    ok, figures = near(point, "unstable", theory)
    assert ok, figures


@pytest.mark.parametrize(("alpha", "share"), [(0.138, 0.908), (0.16, 0.699), (0.2, 0.176)])
def test_how_often_five_hundred_neurons_retrieve(alpha, share):
    point = run(EXPERIMENTS["Retrieval"], 300, N=500, alpha=alpha)
    ok, figures = near(point, "retrieved", share, 0.02)
    assert ok, figures


def test_retrieval_at_a_temperature_is_that_of_the_theory():
    point = run(EXPERIMENTS["Retrieval"], 12, N=1000, alpha=0.05, T=0.4, sweeps=60)
    ok, figures = near(point, "overlap", 0.966187, 0.0014)
    assert ok, figures


@pytest.mark.parametrize(("start", "share"), [(0.15, 0.14), (0.20, 0.65), (0.25, 0.98)])
def test_the_edge_of_a_basin_lies_where_it_was_measured(start, share):
    point = run(EXPERIMENTS["Basin"], 60, N=1000, alpha=0.05, start=start)
    ok, figures = near(point, "recalled", share, 0.03)
    assert ok, figures


def test_random_states_fall_into_what_was_measured():
    point = run(EXPERIMENTS["Spurious"], 60, N=500, alpha=0.01)
    for name, share in (("patterns", 0.647), ("mixtures", 0.258), ("others", 0.096)):
        ok, figures = near(point, name, share, 0.02)
        assert ok, figures


@pytest.mark.parametrize("T", [0.3, 0.5, 0.8])
def test_one_pattern_at_a_temperature_solves_the_mean_field_equation(T):
    point = run(EXPERIMENTS["Temperature"], 10, N=2000, T=T, sweeps=60)
    ok, figures = near(point, "overlap", EXPERIMENTS["Temperature"](T=T).theory(), 1 / 2000)
    assert ok, figures
