"""Experiments: their counts add exactly, and give the figures that are published."""

from __future__ import annotations

import json
from dataclasses import fields
from math import comb

import numpy as np
import pytest
from hypothesis import given, strategies as st

import hopfield as hf
from hopfield.experiments import EXPERIMENTS, Counts, Experiment, count
from hopfield.experiments.base import likelihood_interval

# Small enough that every experiment is quick.
SMALL = {
    "Spurious": {"N": 60, "alpha": 0.05, "starts": 4},
    "Temperature": {"N": 60, "sweeps": 6},
    "RealImages": {"P": 5},
    "Correlated": {"N": 60, "alpha": 0.1, "bias": 0.4},
}


def small(name):
    cls = EXPERIMENTS[name]
    return cls(**SMALL.get(name, {"N": 60, "alpha": 0.2}))


def made(values):
    return [
        count(up=x > 0, x=x, histograms={"x": np.eye(3, dtype=int)[k % 3]})
        for k, x in enumerate(values)
    ]


def total(counts):
    return sum(counts, Counts())


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.randoms())
def test_counts_add_alike_in_any_order_and_any_pieces(values, random):
    counts = made(values)
    shuffled = list(counts)
    random.shuffle(shuffled)
    cut = random.randint(0, len(counts))
    assert total(counts) == total(shuffled)
    assert total(counts) == total(shuffled[:cut]) + total(shuffled[cut:])
    assert Counts.from_dict(json.loads(json.dumps(total(counts).as_dict()))) == total(counts)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30))
def test_a_mean_and_its_error_are_those_of_the_values(values):
    value, low, high, trials = total(made(values)).estimate("x")
    assert trials == len(values)
    assert value == pytest.approx(np.mean(values), abs=1e-9)
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert (high - low) / 2 == pytest.approx(1.959964 * error, abs=1e-6)


@pytest.mark.parametrize(("p", "n"), [(0.5, 20), (0.1, 50), (0.02, 200)])
def test_the_interval_of_a_share_holds_the_truth_about_19_times_in_20(p, n):
    held = sum(
        comb(n, k) * p**k * (1 - p) ** (n - k)
        for k, (low, high) in enumerate(likelihood_interval(k, n) for k in range(n + 1))
        if low <= p <= high
    )
    assert 0.90 < held < 0.99


@pytest.mark.parametrize(("k", "n"), [(0, 10), (10, 10), (3, 10), (500, 1000)])
def test_the_ends_of_an_interval_have_the_likelihood_it_says(k, n):
    low, high = likelihood_interval(k, n)
    best = k * np.log(max(k, 1) / n) + (n - k) * np.log(max(n - k, 1) / n)
    assert low <= k / n <= high
    for end in (low, high):
        if 0 < end < 1:
            assert best - k * np.log(end) - (n - k) * np.log(1 - end) == pytest.approx(
                1.9207, abs=1e-3
            )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "many", None, []])
def test_what_is_no_number_is_not_counted(value):
    with pytest.raises((ValueError, TypeError), match="x"):
        count(x=value)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_gives_the_same_counts_for_the_same_stream(name):
    one, two = (small(name).run(np.random.default_rng(5)) for _ in range(2))
    assert one == two
    others = [small(name).run(np.random.default_rng(seed)) for seed in range(12)]
    assert any(other != one for other in others)
    assert small(name).about in one.names
    assert set(small(name).axes) <= {f.name for f in fields(small(name))}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_says_what_it_is(name):
    experiment = small(name)
    assert isinstance(experiment, Experiment)
    assert experiment.source
    assert ">>>" in type(experiment).__doc__
    assert experiment.theory() is None or 0 <= experiment.theory() <= 1


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: EXPERIMENTS["Capacity"](N=1), "N"),
        (lambda: EXPERIMENTS["Capacity"](N=10.0), "N"),
        (lambda: EXPERIMENTS["Capacity"](alpha=0), "alpha"),
        (lambda: EXPERIMENTS["Capacity"](alpha=float("nan")), "alpha"),
        (lambda: EXPERIMENTS["Capacity"](N=10**6, alpha=10**6), "N and alpha"),
        (lambda: EXPERIMENTS["Capacity"](rule="heb"), "did you mean 'hebb'"),
        (lambda: EXPERIMENTS["Capacity"](noise=2), "noise"),
        (lambda: EXPERIMENTS["Retrieval"](T=-1), "T"),
        (lambda: EXPERIMENTS["Basin"](start=1.5), "start"),
        (lambda: EXPERIMENTS["Spurious"](starts=0), "starts"),
        (lambda: EXPERIMENTS["Correlated"](bias=1.0), "bias"),
        (lambda: EXPERIMENTS["RealImages"](P=0), "P"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(make, name):
    with pytest.raises((ValueError, TypeError), match=name):
        make()


def test_patterns_that_cannot_all_differ_are_refused_in_words():
    with pytest.raises(ValueError, match="too many"):
        EXPERIMENTS["Capacity"](N=4, alpha=8).run(np.random.default_rng(0))


def near(point, name, value, published=0.0):
    """Say whether a mean lies within 3.3 standard errors of a published value."""
    found, low, high, _ = point.counts.estimate(name)
    error = (high - low) / 2 / 1.96
    return abs(found - value) <= 3.3 * np.hypot(error, published), (found, error, value)


def run(cls, repeats, **parameters):
    (point,) = hf.sweep(cls, repeats=repeats, **parameters).points
    return point


@pytest.mark.parametrize(("n", "alpha"), [(100, 0.14), (500, 0.138), (1000, 0.138)])
def test_crosstalk_is_the_exact_one(n, alpha):
    point = run(EXPERIMENTS["Crosstalk"], 40, N=n, alpha=alpha)
    theory = EXPERIMENTS["Crosstalk"](N=n, alpha=alpha).theory()
    ok, figures = near(point, "unstable", theory)
    assert ok, figures


@pytest.mark.parametrize(("p", "share"), [(8, 0.98), (10, 0.67), (14, 0.07)])
def test_how_often_hebb_holds_all_of_a_hundred_neurons_patterns(p, share):
    point = run(EXPERIMENTS["Capacity"], 200, N=100, alpha=p / 100)
    ok, figures = near(point, "all_fixed", share, np.sqrt(share * (1 - share) / 60))
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


def test_correlated_patterns_break_hebb_and_real_ones_too():
    cls = EXPERIMENTS["Correlated"]
    biased = [
        run(cls, 30, N=200, alpha=0.05, bias=b).counts.estimate("fixed").value
        for b in (0.0, 0.4, 0.8)
    ]
    assert biased[0] > 0.99
    assert biased[0] > biased[1] > biased[2] == 0
    assert run(EXPERIMENTS["RealImages"], 30, P=10).counts.estimate("fixed").value < 0.05
