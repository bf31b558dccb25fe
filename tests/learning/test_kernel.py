"""Kernel ridge memories: their formula, their exactness, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import learning

X, S = hf.random_patterns(25, 40, rng=1), hf.random_patterns(9, 40, rng=2)


def by_hand(xi, s, gamma, ridge):
    x = xi.astype(float)

    def near(a, b):
        return np.exp(-gamma * ((a[:, None] - b[None]) ** 2).sum(axis=-1))

    a = np.linalg.inv(near(x, x) + ridge * np.eye(len(x))) @ x
    return near(s.astype(float), x) @ a


@pytest.mark.parametrize(("gamma", "ridge"), [(0.05, 1e-3), (0.2, 0.0), (0.01, 0.1), (1.5, 2.0)])
def test_the_field_is_its_formula(gamma, ridge):
    memory, expected = learning.kernel(X, gamma=gamma, ridge=ridge), by_hand(X, S, gamma, ridge)
    size = np.abs(expected).max(axis=1, keepdims=True)
    assert (np.abs(memory.field(S) - expected) < 2e-5 * size).all()
    assert np.allclose(memory.field(X), by_hand(X, X, gamma, ridge), rtol=0, atol=2e-4)


def test_the_smallest_gamma_still_tells_patterns_apart():
    assert learning.kernel(X, gamma=1e-7, ridge=0).stable(X).all()


def test_by_default_gamma_is_two_a_neuron():
    assert learning.kernel(X).gamma == 2 / 40
    assert learning.kernel(X).ridge == 1e-3
    assert str(learning.kernel(X)) == "KernelMemory(25 patterns of 40, gamma = 0.05, ridge = 0.001)"


def test_no_batch_changes_a_bit_and_a_cursor_has_the_same():
    memory = learning.kernel(X)
    alone = np.array([memory.field(s) for s in S])
    assert np.array_equal(memory.field(S), alone)
    cursor = memory.open(S)
    sites = np.array([[3, 1, 7]] * 9)
    assert np.array_equal(cursor.fields(np.arange(9), sites), alone[:, [3, 1, 7]])


def test_a_state_as_near_to_two_patterns_is_a_tie():
    xi = np.array([[1, 1, 1, 1, 1, -1], [1, 1, -1, -1, 1, -1]])
    h = learning.kernel(xi).field([1, 1, 1, -1, 1, -1])
    assert np.array_equal(np.sign(h), [1, 1, 0, 0, 1, -1])


def test_a_cue_far_from_all_patterns_still_has_a_field():
    memory = learning.kernel(X, gamma=50.0)
    found = memory.field(S)
    assert np.isfinite(found).all()
    assert np.array_equal(np.sign(memory.field(X)), X)
    nearest = X[(S.astype(float) @ X.T).argmax(axis=1)]
    alone = np.sort(S.astype(float) @ X.T, axis=1)[:, -2:] @ [-1, 1] > 0
    assert alone.any()
    assert np.array_equal(np.sign(found)[alone], nearest[alone])


def test_it_is_saved_and_has_no_energy(tmp_path):
    memory = learning.kernel(X, gamma=0.1, ridge=0.01)
    hf.save(tmp_path / "m.npz", memory)
    assert np.array_equal(hf.load(tmp_path / "m.npz").field(S), memory.field(S))
    with pytest.raises(hf.NoEnergy, match=r"^this KernelMemory has no energy: each neuron"):
        memory.energy(X)
    assert hf.recall(memory, X).energy is None


TWICE = np.concatenate([X, X[:1]])
REFUSED = {
    "gamma of 0": (lambda: learning.kernel(X, gamma=0), ValueError, "^gamma must be above 0"),
    "a gamma too small to tell states apart": (
        lambda: learning.kernel(X, gamma=1e-12),
        ValueError,
        "^gamma must be 1e-07 or more, not 1e-12: all kernels would be alike",
    ),
    "a negative gamma": (lambda: learning.kernel(X, gamma=-1), ValueError, "^gamma must be above"),
    "a negative ridge": (lambda: learning.kernel(X, ridge=-1e-3), ValueError, "^ridge must be 0"),
    "no ridge": (lambda: learning.kernel(X, ridge=float("nan")), ValueError, "^ridge must be fin"),
    "repeated patterns": (lambda: learning.kernel(TWICE, ridge=0), ValueError, "^ridge must be ab"),
    "patterns that are alike to rounding": (
        lambda: learning.kernel(TWICE, ridge=1e-30),
        ValueError,
        r"^ridge must be larger, or gamma",
    ),
    "too many patterns": (
        lambda: learning.kernel(np.ones((2**20, 2))),
        ValueError,
        "^patterns must ask for",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_calls_are_refused(case):
    call, error, words = REFUSED[case]
    with pytest.raises(error, match=words):
        call()


def test_repeated_patterns_are_stored_with_a_ridge():
    assert learning.kernel(TWICE).stable(X).all()
