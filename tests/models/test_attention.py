"""Attention of every order, by product and by distance; and patterns felt within a reach."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import models, testing
from hopfield.models import reading
from hopfield.models.attention import ATTENTION, SIMILARITY

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
        hf.modern(REAL.astype(np.float32), similarity="cosine", values=np.arange(6)),
        models.epanechnikov(REAL, 0.5, 0.1),
    ):
        hf.save(tmp_path / "memory", memory)
        back = hf.load(tmp_path / "memory")
        assert repr(back) == repr(memory)
        assert np.array_equal(back.gradient(REAL), memory.gradient(REAL))
        assert back.dtype == memory.dtype


def test_a_file_of_an_attention_memory_without_values_is_read(tmp_path, monkeypatch):
    memory = hf.modern(REAL, 2.0)
    kept = {name: part for name, part in memory.parts().items() if name != "values"}
    monkeypatch.setattr(type(memory), "parts", lambda self: kept)
    hf.save(tmp_path / "old", memory)
    monkeypatch.undo()
    assert np.array_equal(hf.load(tmp_path / "old").gradient(REAL), memory.gradient(REAL))


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


@pytest.mark.parametrize("similarity", SIMILARITY)
@pytest.mark.parametrize("attention", ATTENTION)
def test_a_memory_of_any_similarity_keeps_the_laws(attention, similarity):
    memory = hf.modern(REAL, 1.5, attention, similarity=similarity)
    testing.check_memory(memory)
    testing.check_flow(memory, memory.neuron, hf.Sync())


def test_by_cosine_lengths_do_not_count_and_patterns_come_back_with_length_one():
    long = REAL * np.arange(1, 7)[:, None]
    memory, s = hf.modern(long, 30.0, similarity="cosine"), REAL + 0.1
    p = np.exp(30 * (s @ REAL.T) / np.outer(*(np.linalg.norm(x, axis=1) for x in (s, REAL))))
    p /= p.sum(axis=1, keepdims=True)
    assert np.allclose(memory.weights(s), p)
    assert np.allclose(memory.weights(100 * s), p)
    back = hf.recall(memory, s).state
    assert np.abs(back - REAL / np.linalg.norm(REAL, axis=1, keepdims=True)).max() < 0.02
    with pytest.raises(ValueError, match="patterns must not be 0 everywhere"):
        hf.modern([[0.0, 0], [1, 0]], similarity="cosine")
    assert np.isfinite(memory.gradient(np.zeros(5))).all()


@pytest.mark.parametrize("similarity", SIMILARITY)
@pytest.mark.parametrize("attention", ATTENTION)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_held_as_float32_stays_so(dtype, attention, similarity):
    x = REAL.astype(dtype)
    memory = hf.modern(x, 2.0, attention, similarity=similarity, values=x[:, :2].astype(float))
    found = memory.candidates(REAL, 2)
    batch = hf.recall(memory, REAL + 0.1)
    run = hf.recall(memory, REAL[0] + 0.1, record=hf.record.states())
    held = [memory.patterns, memory.values, memory.gradient(REAL), memory.mean(REAL)]
    held += [memory.weights(REAL), memory.read(REAL), found.weights, found.scores, batch.state]
    held += [run.state, memory.learn(REAL, REAL[:, :2]).patterns, memory.forget(x[:1]).values]
    assert {a.dtype for a in held} == {np.dtype(dtype)}
    assert batch.energy.dtype == np.float64


def test_attention_in_blocks_and_threads_is_the_softmax_to_the_bit_of_one_thread(monkeypatch):
    monkeypatch.setattr(reading, "_VALUES", 600)
    monkeypatch.setattr(reading, "_STATES", 7)
    monkeypatch.setattr(reading, "_PARTS", 12)
    rng = np.random.default_rng(3)
    x, s = rng.normal(size=(101, 20)), rng.normal(size=(23, 20))
    memory = hf.modern(x, 0.7, values=rng.normal(size=(101, 3)))
    p = np.exp(0.7 * s @ x.T)
    p /= p.sum(axis=1, keepdims=True)
    assert np.allclose(memory.weights(s), p)
    before, found = hf.threads(), []
    try:
        for shared, k in ((1e9, 1), (0, 1), (0, 2), (0, 7)):
            monkeypatch.setattr(reading, "_SHARED", shared)
            hf.threads(k)
            found.append((memory.gradient(s), memory.read(s), memory.energy(s)))
    finally:
        hf.threads(before)
    for a, b in zip(found[0], (p @ x, p @ memory.values, memory.energy(s)), strict=True):
        assert np.allclose(a, b, atol=1e-12)
    for other in found[2:]:
        assert all(np.array_equal(a, b) for a, b in zip(found[1], other, strict=True))


@pytest.mark.parametrize("similarity", SIMILARITY)
def test_candidates_are_what_sorting_all_scores_gives(similarity):
    x = np.repeat(REAL, 2, axis=0)  # every score twice
    memory, s = hf.modern(x, 0.8, similarity=similarity), REAL[:4] + 0.3
    apart = np.linalg.norm(s[:, None] - x, axis=2)
    lengths = np.outer(np.linalg.norm(s, axis=1), np.linalg.norm(x, axis=1))
    scores = {"dot": s @ x.T, "distance": -(apart**2) / 2, "cosine": s @ x.T / lengths}[similarity]
    order = np.argsort(-np.round(scores, 9), axis=1, kind="stable")
    for k in (1, 3, 12):
        found = memory.candidates(s, k)
        assert np.array_equal(found.patterns, order[:, :k])
        assert np.allclose(found.scores, np.take_along_axis(scores, order, 1)[:, :k])
        weights = np.take_along_axis(memory.weights(s), order, 1)[:, :k]
        assert np.allclose(found.weights, weights)
    assert np.array_equal(memory.candidates(s[0], 3).patterns, order[0, :3])


def test_values_are_read_where_keys_are_recalled():
    values = np.arange(12.0).reshape(6, 2)
    memory = hf.modern(REAL, 60.0, similarity="distance", values=values)
    assert np.allclose(memory.read(hf.recall(memory, REAL + 0.05).state), values, atol=1e-6)
    assert memory.read(REAL[0]).shape == (2,)
    plain = hf.modern(REAL, 60.0)
    assert np.array_equal(plain.read(REAL), plain.gradient(REAL))
    assert hf.modern(REAL, values=np.arange(6)).read(REAL).shape == (6, 1)


@pytest.mark.parametrize("similarity", SIMILARITY)
@pytest.mark.parametrize("values", [None, np.arange(6.0)])
def test_what_is_learnt_later_or_forgotten_is_as_if_learnt_so_from_the_start(similarity, values):
    options = {"beta": 0.7, "similarity": similarity}
    some = (lambda rows: None) if values is None else (lambda rows: values[rows])

    def memory(rows):
        return hf.modern(REAL[rows], **options, values=some(rows))

    whole, head, tail = memory(slice(0, 6)), memory(slice(0, 4)), slice(4, 6)
    grown = [head.learn(REAL[tail], some(tail)), whole]
    if values is None:
        grown.append(hf.learning.learn(head, REAL[tail]))
    shrunk = [whole.forget(REAL[tail]), hf.learning.forget(whole, REAL[tail]), head]
    for group in (grown, shrunk):
        for other in group[:-1]:
            assert repr(other) == repr(group[-1])
            assert np.allclose(other.read(REAL), group[-1].read(REAL), atol=1e-12)
    assert np.array_equal(whole.forget(REAL[1]).patterns, whole.patterns[[0, 2, 3, 4, 5]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: hf.modern(REAL, values=[1, 2]),
            r"values must be \(6,\) or \(6, M\)",
        ),
        (lambda: hf.modern(REAL).learn(REAL, REAL), "values must come .* it has none"),
        (lambda: hf.modern(REAL, values=REAL).learn(REAL), "values must come .* it has some"),
        (lambda: hf.modern(REAL, values=REAL).learn(REAL, REAL[:, :1]), r"values must be \(P, 5\)"),
        (lambda: hf.modern(REAL).learn(REAL[:, :2]), "patterns must have 5 neurons"),
        (lambda: hf.modern(REAL).forget(REAL + 1), "patterns must be ones .* row 0 is not"),
        (lambda: hf.modern(REAL).forget([*REAL[:1], REAL[0]]), "row 1 is not"),
        (lambda: hf.modern(REAL).forget(REAL), "patterns must leave one"),
        (lambda: hf.modern(REAL).candidates(REAL, 7), "k must be between 1 and 6, not 7"),
    ],
)
def test_what_a_memory_of_reals_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_cue_too_large_for_float32_is_held_as_float64():
    memory = hf.modern(REAL.astype(np.float32), 2.0)
    assert np.isfinite(hf.recall(memory, 1e45 * REAL[0]).state).all()


def test_what_is_stable_by_cosine_is_what_recall_leaves():
    memory = hf.modern(np.eye(3), 50.0, similarity="cosine")
    state = hf.recall(memory, [0.1, 3, 0]).state
    assert memory.stable(state)
    assert not memory.stable(2.0 * state)
