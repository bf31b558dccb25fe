"""Attention of every order, by product and by distance; and patterns felt within a reach."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import models
from hopfield.models.attention import ATTENTION

X = hf.random_patterns(4, 9, rng=1)
REAL = np.random.default_rng(0).normal(size=(6, 5))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hf.modern(X, attention="entmax", order=1), "order must be above 1, not 1 .*softm"),
        (lambda: hf.modern(X, attention="normmax", order=0.5), "order must be above 1, not 0.5"),
        (lambda: hf.modern(X, order=2), "order must be left out for softmax; .* entmax, normmax"),
        (lambda: hf.modern(X, attention="sparsemax", order=2), "order must be left out"),
        (lambda: hf.modern(X, similarity="distanc"), "did you mean 'distance'"),
        (lambda: hf.modern(X, 0, similarity="distance"), "beta must be above 0, not 0"),
        (lambda: models.epanechnikov(X, 0), "beta must be above 0, not 0"),
        (lambda: models.epanechnikov(X, 1, -0.1), "epsilon must be 0 or more"),
        (
            lambda: hf.recall(hf.hebb(X), X[0], neuron=models.MeanShift(), order=hf.Sync()),
            "neuron MeanShift.* goes with a memory that gives its mean",
        ),
        (
            lambda: hf.recall(models.epanechnikov(X) + hf.Bias(1), X[0], neuron=models.MeanShift()),
            "goes with a memory that gives its mean",
        ),
    ],
)
def test_what_attention_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("order", [np.nextafter(1, 2), 1.0001, 1.3, 1.7, 2, 4, 40, 1e4, 1e40])
@pytest.mark.parametrize("name", ["entmax", "normmax"])
def test_weights_of_any_order_add_up_to_one_and_keep_the_order_of_the_scores(name, order):
    z = np.sort(np.random.default_rng(1).normal(size=(50, 7)) * 10.0 ** np.arange(-3, 4), axis=1)
    p, a = ATTENTION[name].read(z, float(order))
    assert np.abs(p.sum(axis=1) - 1).max() < 1e-14
    assert (np.diff(p, axis=1) >= 0).all()
    # A is the most that any weights give: the winner's score, if it takes all.
    assert (a >= z[:, -1] - 1e-12).all()


def test_attention_near_order_one_is_softmax_and_of_order_two_sparsemax():
    z = np.random.default_rng(2).normal(size=(40, 9))
    rows = ((1 + 1e-9, "softmax", 1e-8), (2.0, "sparsemax", 1e-14))
    for order, name, bar in rows:
        for one, other in zip(
            ATTENTION["entmax"].read(z, order), ATTENTION[name].read(z, None), strict=True
        ):
            assert np.abs(one - other).max() < bar
    near = ATTENTION["entmax"].read(z, 1.5 + 1e-12)  # by bisection, not by sorting
    assert np.abs(near[0] - ATTENTION["entmax"].read(z, 1.5)[0]).max() < 1e-10


@pytest.mark.parametrize("attention", ATTENTION)
def test_distance_is_the_product_for_signs_and_not_for_reals(attention):
    dot, by = (hf.modern(X, 0.4, attention, similarity=k) for k in ("dot", "distance"))
    cues = hf.random_patterns(20, 9, rng=2)
    assert np.allclose(dot.field(cues), by.field(cues), atol=1e-12)
    assert np.allclose(by.energy(cues) - dot.energy(cues), 4.5)
    real = hf.modern(REAL, 0.4, attention, similarity="distance")
    assert not np.allclose(real.gradient(REAL), hf.modern(REAL, 0.4, attention).gradient(REAL))


def test_by_distance_the_energy_is_that_of_a_mixture_of_bells():
    memory, s = hf.modern(REAL, 0.7, similarity="distance"), REAL + 0.3
    apart = np.square(s[:, None] - REAL).sum(axis=2)
    known = -np.log(np.exp(-0.7 * apart / 2).sum(axis=1)) / 0.7
    assert np.allclose(memory.energy(s) + hf.Linear().energy(s), known, atol=1e-12)


def test_what_attention_is_comes_back_from_a_file(tmp_path):
    for memory in (
        hf.modern(REAL, 2, "normmax", order=3, similarity="distance"),
        hf.modern(REAL),
        models.epanechnikov(REAL, 0.5, 0.1),
    ):
        hf.save(tmp_path / "memory", memory)
        back = hf.load(tmp_path / "memory")
        assert repr(back) == repr(memory)
        assert np.array_equal(back.gradient(REAL), memory.gradient(REAL))


def test_where_no_pattern_is_in_reach_the_state_stays_and_the_energy_is_infinite():
    memory = models.epanechnikov(REAL, 2.0)
    far = np.full(5, 50.0)
    r = hf.recall(memory, far)
    assert r.why == "fixed point"
    assert np.array_equal(r.state, far)
    assert memory.energy(far) == r.energy == np.inf
    assert np.array_equal(memory.gradient(far), far)
    assert np.array_equal(models.epanechnikov(X, 9.0).field(-X[0] * 3.0), np.zeros(9))
    assert np.isfinite(models.epanechnikov(REAL, 2.0, 1e-300).energy(far))


def test_the_plain_gradient_of_a_log_sum_relu_memory_may_raise_its_energy_and_the_mean_not():
    memory = models.epanechnikov([[-1.0], [1.0]], 1.0)
    for neuron, rises in ((hf.Linear(), True), (memory.neuron, False)):
        r = hf.recall(memory, [0.3], neuron=neuron, updates=1, record=hf.record.energy("update"))
        assert (r.trace[1] > r.trace[0]) == rises


@pytest.mark.parametrize("attention", ATTENTION)
def test_energies_of_different_attentions_are_alike_where_one_pattern_wins(attention):
    memory = hf.modern(3 * np.eye(3), 4.0, attention)
    assert memory.energy([3.0, 0, 0]) == pytest.approx(-9, abs=1e-12)
