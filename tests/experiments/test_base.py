"""Experiments as values: what they count adds exactly, and has the right interval."""

from __future__ import annotations

import json
from dataclasses import fields
from math import comb

import numpy as np
import pytest
from hypothesis import given, strategies as st

from hopfield.experiments import EXPERIMENTS, Counts, Experiment, count
from hopfield.experiments.base import likelihood_interval
from tests.bad import is_a_sentence, refuses
from tests.experiments.small import small


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


HISTOGRAMS = {
    "a number": (5, TypeError, "histograms must be a dict of names and their bins, not 5"),
    "a list": ([1, 2], TypeError, r"histograms must be a dict .*, not \[1, 2\]"),
    "zero": (0, TypeError, "histograms must be a dict"),
    "no text for a name": ({1: [1]}, TypeError, "histograms must have texts for names, not 1"),
    "text": ({"x": "12"}, TypeError, r"histograms\['x'\] must hold real numbers"),
    "halves": ({"x": [1.5]}, ValueError, r"must be a row of whole numbers .*, not \[1.5\]"),
    "less than none": ({"x": [-1]}, ValueError, r"whole numbers of 0 or more, not \[-1\]"),
    "nan": ({"x": [np.nan]}, ValueError, r"histograms\['x'\] must be finite"),
    "rows": ({"x": [[1, 2]]}, ValueError, r"must be a row of whole numbers"),
    "one number": ({"x": 3}, ValueError, r"must be a row of whole numbers"),
    "nothing": ({"x": []}, ValueError, "must not be empty"),
}


@pytest.mark.parametrize("name", HISTOGRAMS)
def test_what_is_no_histogram_is_refused(name):
    histograms, error, words = HISTOGRAMS[name]
    refuses(lambda: count(histograms), error, words)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: count(x=1e60), ValueError, r"x must be finite, 1e\+50 at most"),
        (lambda: count(x=10**400), TypeError, "x must hold real numbers"),
        (lambda: count(x=1) + 5, TypeError, "Counts add to Counts, not to 5"),
        (lambda: count(x=1) + None, TypeError, "Counts add to Counts, not to None"),
        (lambda: count(x=True) + count(x=0.5), ValueError, "x is a bool in some trials and a num"),
        (lambda: count(xs=1).estimate("x"), ValueError, "name must be one of xs, not 'x'"),
        (lambda: Counts().estimate("x"), ValueError, "name must be one of"),
        (lambda: likelihood_interval(5, 3), ValueError, "successes must be between 0 and 3, not 5"),
        (lambda: likelihood_interval(0, 0), ValueError, "trials must be 1 or more, not 0"),
        (lambda: likelihood_interval(0.5, 1), TypeError, "successes must be an integer"),
        (
            lambda: count({"h": [1]}) + count({"h": [1, 2]}),
            ValueError,
            "h has 1 bins in some trials and 2 in others: give it the same bins in each",
        ),
    ],
)
def test_what_cannot_be_counted_is_said_in_a_sentence(call, error, words):
    refuses(call, error, words)


NASTY = [None, "x", -1, 0, 1.5, np.nan, np.inf, 1e300, 10**30, [1], {}, True, 1j, np.zeros(2)]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_parameter_of_another_kind_is_refused_in_a_sentence(name):
    cls = EXPERIMENTS[name]
    for field in fields(cls):
        for value in NASTY:
            try:
                cls(**{field.name: value})
            except (ValueError, TypeError) as error:
                said = str(error)
                assert is_a_sentence(said), said
                assert field.name in said or "alpha" in said, (field.name, value, said)


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
        (lambda: EXPERIMENTS["Sparse"](activity=0), "activity"),
        (lambda: EXPERIMENTS["Sparse"](activity=0.6), "activity"),
        (lambda: EXPERIMENTS["Sparse"](N=10, activity=0.01), "activity"),
        (lambda: EXPERIMENTS["Sparse"](exact=1), "exact"),
        (lambda: EXPERIMENTS["Examples"](M=0), "M"),
        (lambda: EXPERIMENTS["Examples"](quality=0), "quality"),
        (lambda: EXPERIMENTS["Examples"](quality=1.2), "quality"),
        (lambda: EXPERIMENTS["Examples"](supervised=1), "supervised"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(make, name):
    with pytest.raises((ValueError, TypeError), match=name):
        make()
