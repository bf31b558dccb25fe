"""Dense sequences, and those that also hold the present: their formula and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import separation

X = hf.random_patterns(7, 30, rng=1)
AFTER = np.roll(X, -1, axis=0)


def drive(s, values, f):
    """The field as it is written, neuron by neuron, of overlaps without that neuron."""
    n = X.shape[1]
    h = np.zeros(n)
    for i in range(n):
        others = np.delete(np.arange(n), i)
        m = X[:, others].astype(float) @ s[others] / (n - 1)
        h[i] = (values[:, i] * f(m)).sum()
    return h


DEGREES = {d: (separation.power(d + 1), lambda m, d=d: m**d) for d in (1, 2, 3)}
DEGREES["square"] = separation.square, lambda m: m
DEGREES["exponential"] = separation.exponential, lambda m: np.exp(29 * (m - 1))
DEGREES["rectified"] = separation.rectified(3), lambda m: np.maximum(m, 0) ** 2


@pytest.mark.parametrize("degree", DEGREES)
def test_a_dense_sequence_is_its_formula(degree):
    f, power = DEGREES[degree]
    memory = hf.sequence(X, separation=f)
    states = hf.random_patterns(6, 30, rng=2) * 1.0
    states[3:, ::4] = 0  # not known
    for s in states:
        assert np.allclose(memory.field(s), drive(s, AFTER, power), rtol=1e-12, atol=1e-12)
    assert np.array_equal(memory.field(states), [memory.field(s) for s in states])


def test_what_holds_is_added_to_lambda_times_what_leads_on():
    s = hf.flip(X[2], 3, rng=3)
    memory = hf.sequence(X, separation=separation.power(4), hold=separation.power(3), strength=2.5)
    expected = drive(s, X, lambda m: m**2) + 2.5 * drive(s, AFTER, lambda m: m**3)
    assert np.allclose(memory.field(s), expected, rtol=0, atol=1e-12)
    assert memory.order == hf.Sync()
    linear = hf.sequence(X, hold=separation.square, strength=2.5)
    expected = drive(s, X, lambda m: m) + 2.5 * drive(s, AFTER, lambda m: m)
    assert np.allclose(linear.field(s), expected, rtol=0, atol=1e-12)


def test_the_fields_of_whole_powers_are_exact_and_ties_are_found():
    xi = hf.random_patterns(6, 21, rng=4)
    memory = hf.sequence(xi, separation=separation.power(3))
    states = hf.random_patterns(300, 21, rng=5)
    tripled = 3 * memory.numerators(states)
    assert np.array_equal(tripled, np.rint(tripled))
    assert (memory.field(states) == 0).any()


def test_a_dense_sequence_recalls_what_a_linear_one_cannot():
    xi = hf.random_patterns(120, 100, rng=1)
    ends = {}
    for name, f in (("linear", None), ("dense", separation.power(3))):
        memory = hf.sequence(xi, separation=f)
        run = hf.recall(memory, hf.flip(xi[0], 5, rng=2), updates=119)
        ends[name] = hf.overlap(run.state, xi[119])
    assert ends["dense"] == 1
    assert ends["linear"] < 0.5
    ending = hf.sequence(xi, separation=separation.power(3), cyclic=False)
    assert np.array_equal(hf.recall(ending, xi[117], updates=9).state, xi[119])


@pytest.mark.parametrize("delay", [1, 3])
def test_with_a_delay_a_dense_sequence_holds_each_pattern(delay):
    xi = hf.random_patterns(40, 60, rng=1)
    both = {"separation": separation.power(3), "hold": separation.power(3)}
    memory = hf.sequence(xi, delay=delay, **both)
    run = hf.recall(memory, xi[0], updates=6 * (delay + 1), record=hf.record.states("update"))
    shown = (run.trace[:, :60] @ xi.T.astype(float)).argmax(axis=1)
    steps = np.flatnonzero(np.diff(shown))
    assert shown[-1] == 6
    assert (np.diff(steps) == delay + 1).all()


def test_it_is_saved(tmp_path):
    for options in (
        {"separation": separation.power(3)},
        {"separation": separation.exponential, "hold": separation.square},
        {"separation": separation.power(3), "hold": separation.power(3), "delay": 2},
    ):
        memory = hf.sequence(X, **options)
        hf.save(tmp_path / "m.npz", memory)
        s = hf.random_patterns(4, memory.n, rng=5)
        assert np.array_equal(hf.load(tmp_path / "m.npz").field(s), memory.field(s))


LARGE = hf.random_patterns(2, 400, rng=1)
REFUSED = {
    "one pattern": ({}, X[:1], ValueError, "^patterns must be 2 or more"),
    "a strength beside nothing": ({"strength": 2.0}, X, ValueError, "^strength must be left out"),
    "a strength of 0": ({"hold": separation.square, "strength": 0}, X, ValueError, "^strength"),
    "a strength below 0": ({"delay": 1, "strength": -1}, X, ValueError, "^strength must be above"),
    "a delay with one of two": (
        {"delay": 1, "separation": separation.power(3)},
        X,
        ValueError,
        "^separation and hold must both be given",
    ),
    "a delay with the other": (
        {"delay": 1, "hold": separation.power(3)},
        X,
        ValueError,
        "^separation and hold must both be given",
    ),
    "too many neurons": (
        {"separation": separation.exponential},
        LARGE,
        ValueError,
        "^separation exponential exceeds float64 at N = 400",
    ),
    "too many neurons to hold": (
        {"hold": separation.exponential},
        LARGE,
        ValueError,
        "^separation exponential exceeds float64 at N = 400",
    ),
    "no separation": ({"separation": 3}, X, TypeError, "^separation must be a Separation"),
    "0/1": ({"separation": separation.power(3)}, (X > 0) * 1, ValueError, "^patterns must be -1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_calls_are_refused(case):
    options, xi, error, words = REFUSED[case]
    with pytest.raises(error, match=words):
        hf.sequence(xi, **options)
