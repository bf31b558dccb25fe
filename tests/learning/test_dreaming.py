"""Dreaming between Hebb's rule and the projection, daydreams, and where unlearning ends."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import learning

X, S = hf.random_patterns(12, 40, rng=1), hf.random_patterns(9, 40, rng=2)


def kernel(xi, t):
    """W as it is written, with an inverse of a P x P matrix."""
    x = xi.astype(float)
    p, n = x.shape
    w = x.T @ ((1 + t) * np.linalg.inv(np.eye(p) + t * (x @ x.T) / n)) @ x / n
    np.fill_diagonal(w, 0)
    return w


@pytest.mark.parametrize("xi", [X, X[:3], hf.random_patterns(60, 40, rng=3)])  # 3: held as rows
@pytest.mark.parametrize("t", [0, 0.1, 1, 10, 100.0])
def test_dreaming_is_its_formula_in_both_forms(xi, t):
    memory = learning.dreaming(xi, t=t)
    assert np.allclose(memory.field(S), S @ kernel(xi, t), rtol=0, atol=1e-9)
    assert np.allclose(memory.dense().weights, kernel(xi, t), rtol=0, atol=1e-9)


@pytest.mark.parametrize("xi", [X, X[:3]])
def test_awake_it_is_hebbs_rule_and_in_the_end_the_projection_to_the_bit(xi):
    def fields(memory):
        return memory.field(np.concatenate([S, S / 2]))

    assert np.array_equal(fields(learning.dreaming(xi, t=0)), fields(hf.hebb(xi)))
    assert np.array_equal(
        fields(learning.dreaming(xi, t=np.inf)), fields(learning.pseudo_inverse(xi))
    )


def test_dreaming_is_the_way_that_its_equation_takes():
    def w(t):
        return learning.Projection(X, t=t, self_coupling=True).dense().weights

    for t in (0.3, 5.0):
        rise = (w(t + 1e-4) - w(t - 1e-4)) / 2e-4
        assert np.allclose(rise, (w(t) - w(t) @ w(t)) / (1 + t), rtol=0, atol=1e-6)


@pytest.mark.parametrize("t", [0, 0.5, 10, np.inf])
def test_patterns_join_and_leave_what_was_dreamt(t):
    memory = learning.learn(learning.dreaming(X[:5], t=t), X[5:], "dreaming")
    assert (memory.t, len(memory.patterns)) == (t, 12)
    assert np.allclose(memory.field(S), learning.dreaming(X, t=t).field(S), rtol=0, atol=1e-9)
    left = learning.forget(memory, X[:4], "dreaming")
    assert np.allclose(left.field(S), learning.dreaming(X[4:], t=t).field(S), rtol=0, atol=1e-9)


def test_it_is_saved_with_its_time(tmp_path):
    for t in (0, 2.5, np.inf):
        memory = learning.dreaming(X, t=t)
        hf.save(tmp_path / "m.npz", memory)
        kept = hf.load(tmp_path / "m.npz")
        assert kept.t == t
        assert np.array_equal(kept.field(S), memory.field(S))
    assert str(learning.dreaming(X)) == "Projection(12 patterns of 40, t = 10)"


def test_repeated_and_many_patterns_are_refused_only_at_the_end():
    twice = np.concatenate([X, X[:1]])
    learning.dreaming(twice, t=1000.0)
    with pytest.raises(ValueError, match=r"^patterns must be linearly independent; pattern 12 is"):
        learning.dreaming(twice, t=np.inf)
    many = hf.random_patterns(40, 40, rng=4)
    learning.dreaming(many, t=1000.0)
    with pytest.raises(ValueError, match=r"^patterns must be fewer than the 40 neurons, not 40"):
        learning.dreaming(many, t=np.inf)


REFUSED = {
    "a negative time": (lambda: learning.dreaming(X, t=-1), ValueError, "^t must be 0 or more"),
    "no time": (lambda: learning.dreaming(X, t=float("nan")), ValueError, "^t must be finite"),
    "a negative infinity": (lambda: learning.dreaming(X, t=-np.inf), ValueError, "^t must be"),
    "a word for a time": (lambda: learning.dreaming(X, t="long"), TypeError, "^t must be a numb"),
    "tau of 0": (lambda: learning.daydream(X, 1, rng=1, tau=0), ValueError, "^tau must be above 0"),
    "steps below 0": (lambda: learning.daydream(X, -1, rng=1), ValueError, "^steps must be 0 or"),
    "couplings of other neurons": (
        lambda: learning.daydream(X, 1, rng=1, memory=hf.hebb(X[:, :30])),
        ValueError,
        "^memory must have the 40 neurons",
    ),
    "a memory without couplings": (
        lambda: learning.daydream(X, 1, rng=1, memory=hf.dense(X)),
        TypeError,
        "^memory must hold couplings",
    ),
    "a word for a seed": (lambda: learning.daydream(X, 1, rng="x"), TypeError, "^rng must be"),
    "one that has dreamt, for the pseudo-inverse": (
        lambda: learning.learn(learning.dreaming(X), S, "pseudo_inverse"),
        TypeError,
        "^memory must be what pseudo_inverse makes",
    ),
    "another memory": (
        lambda: learning.forget(hf.hebb(X), X[0], "dreaming"),
        TypeError,
        "^memory must be what dreaming makes",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_calls_are_refused(case):
    call, error, words = REFUSED[case]
    with pytest.raises(error, match=words):
        call()


def test_daydreaming_is_its_rule_step_by_step():
    xi, n = hf.random_patterns(6, 30, rng=1), 30
    draws, w = np.random.default_rng(5), xi.T.astype(float) @ xi
    for _ in range(20):
        start, k = hf.random_patterns(1, n, rng=draws)[0], draws.integers(6)
        s = hf.recall(hf.Couplings(w, divisor=n), start, rng=draws).state
        w += (np.outer(xi[k], xi[k]) - np.outer(s, s)) / 8
    np.fill_diagonal(w, 0)
    found = learning.daydream(xi, 20, tau=8, rng=np.random.default_rng(5))
    assert np.allclose(found.weights, w / n, rtol=0, atol=1e-12)
    again = np.random.default_rng(5)
    part = learning.daydream(xi, 8, tau=8, rng=again)
    part = learning.daydream(xi, 12, tau=8, rng=again, memory=part)
    assert np.allclose(part.weights, found.weights, rtol=0, atol=1e-9)
    awake = learning.daydream(xi, 0, rng=5)
    assert np.array_equal(awake.field(xi), hf.hebb(xi).field(xi))


def test_too_many_dreams_lose_what_daydreams_keep():
    xi = hf.random_patterns(10, 40, rng=1)
    some, many = (learning.unlearn(hf.hebb(xi), k, rng=2, epsilon=0.02) for k in (300, 1500))
    kept = learning.daydream(xi, 1500, tau=16, rng=2)
    assert some.stable(xi).all()
    assert not many.stable(xi).any()
    assert kept.stable(xi).all()
