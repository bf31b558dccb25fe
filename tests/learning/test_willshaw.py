"""Willshaw's rule: what it stores, what one update recalls, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import learning
from hopfield.theory import willshaw as theory


def sparse(p, n, k, rng=1):
    ranks = np.random.default_rng(rng).permuted(np.tile(np.arange(n), (p, 1)), axis=1)
    return (ranks < k) * 1, ranks


ETA, RANKS = sparse(60, 80, 6)


def by_hand(eta, cues):
    """The rule as it is written: W, and all neurons once, the threshold that of the cue."""
    w = np.array([[int((eta[:, i] & eta[:, j]).any()) for j in range(80)] for i in range(80)])
    w[np.diag_indices(80)] = 1
    return np.array([w @ v >= v.sum() for v in cues]) * 1


def test_one_update_is_the_rule_with_the_threshold_of_each_cue():
    cues = ETA * (np.random.default_rng(2).random(ETA.shape) < 0.6)
    cues = cues[cues.any(axis=1)]
    assert len(set(cues.sum(axis=1).tolist())) > 3
    memory = learning.willshaw(ETA, coding="01")
    found = hf.recall(memory, cues, updates=1)
    assert np.array_equal(found.state, by_hand(ETA, cues))
    assert (found.state >= cues).all()
    signs = hf.recall(learning.willshaw(ETA > 0), 2 * cues - 1, updates=1).state
    assert np.array_equal(signs, 2 * found.state - 1)


def test_clamped_neurons_stay_as_they_are():
    memory = learning.willshaw(ETA, coding="01")
    clamp = RANKS >= 6  # what no pattern makes active
    ends = hf.recall(memory, (RANKS < 3) * 1, clamp=clamp, updates=1).state
    assert np.array_equal(ends, ETA)


def test_no_neuron_of_a_pattern_is_ever_missed():
    memory = learning.willshaw(ETA, coding="01")
    for known in (1, 3, 6):
        ends = hf.recall(memory, (RANKS < known) * 1, updates=1).state
        assert (ends >= ETA).all()
    assert memory.stable(ETA).all() == (ends == ETA).all()


def test_its_energy_is_that_of_pairs_that_never_were_together():
    memory = learning.willshaw(ETA, coding="01")
    s = (np.random.default_rng(3).random((9, 80)) < 0.2) * 1
    apart = np.einsum("bi,ij,bj->b", s, ~memory.together, s) / 2
    assert np.allclose(memory.energy(s), apart - s.sum(axis=1) / 2)
    hf.testing.check_memory(memory, states=(0, 1))


def test_patterns_are_added_but_not_removed():
    memory = learning.learn(learning.willshaw(ETA[:20], coding="01"), ETA[20:], "willshaw")
    assert np.array_equal(memory.together, learning.willshaw(ETA, coding="01").together)
    with pytest.raises(ValueError, match=r"^rule willshaw cannot remove"):
        learning.forget(memory, ETA[0], "willshaw")
    with pytest.raises(TypeError, match=r"^memory must be what willshaw makes"):
        learning.learn(hf.hebb(ETA > 0), ETA[0] > 0, "willshaw")


def test_it_is_saved_with_its_coding(tmp_path):
    for coding in ("01", "bipolar"):
        memory = learning.willshaw(ETA > 0, coding=coding)
        hf.save(tmp_path / "m.npz", memory)
        kept = hf.load(tmp_path / "m.npz")
        assert (kept.coding, kept.neuron, kept.order) == (coding, memory.neuron, hf.Sync())
        assert np.array_equal(kept.together, memory.together)


MEMORY = learning.willshaw(ETA, coding="01")
REFUSED = {
    "reals": (lambda: learning.willshaw(ETA * 0.5, coding="01"), ValueError, "^patterns must be 0"),
    "0/1 unsaid": (lambda: learning.willshaw(ETA), ValueError, "^patterns must be -1 or"),
    "one neuron": (
        lambda: learning.willshaw([[1], [0]], coding="01"),
        ValueError,
        "at least 2 neu",
    ),
    "an empty cue": (lambda: hf.recall(MEMORY, 0 * ETA[0]), ValueError, "^cue must have a neuron"),
    "a cue of which nothing is known": (
        lambda: hf.recall(MEMORY, 0 * ETA[0] + 0.5),
        ValueError,
        "^cue must have a neuron",
    ),
    "an empty cue of many": (
        lambda: hf.recall(MEMORY, ETA * (np.arange(60) > 3)[:, None]),
        ValueError,
        "^cue must have a neuron",
    ),
    "an empty cue of signs": (
        lambda: hf.recall(learning.willshaw(ETA > 0), -np.ones(80)),
        ValueError,
        "^cue must have a neuron",
    ),
    "no square": (lambda: learning.Willshaw([[1, 0]]), ValueError, "^together must be a square"),
    "reals as couplings": (lambda: learning.Willshaw([[1, 2], [2, 1]]), ValueError, "^together"),
    "one way alone": (lambda: learning.Willshaw([[1, 1], [0, 1]]), ValueError, "must be symmetric"),
    "another coding": (lambda: learning.Willshaw([[1, 1], [1, 1]], "x"), ValueError, "^coding"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_calls_are_refused(case):
    call, error, words = REFUSED[case]
    with pytest.raises(error, match=words):
        call()


def test_more_patterns_than_their_activity_allows_are_refused_if_asked():
    learning.willshaw(ETA, coding="01", capacity="refuse")
    many, _ = sparse(int(theory.capacity(80, 6)) + 2, 80, 6)
    with pytest.raises(ValueError, match=r"^patterns must be fewer: .* willshaw's capacity of"):
        learning.willshaw(many, coding="01", capacity="refuse")


def test_the_rows_capacity_is_of_patterns_with_half_of_the_neurons_active():
    row = learning.RULES["willshaw"]
    for n in (25, 100, 400):
        most, wrong = int(row.capacity(n)), []
        for p in (most - 1, 2 * most):
            xi = hf.random_patterns(p, n, rng=1)
            ends = hf.recall(learning.willshaw(xi), xi, updates=1).state
            wrong.append(float((ends != xi).sum(axis=1).mean()))
        assert wrong[0] < 2 < wrong[1]
    assert [row.capacity(n) >= 1 for n in range(2, 9)] == [True] * 7
