"""Cursors: each replica for itself, whichever neurons move, and however many at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tables import MEMORIES, N

import hopfield as hf
from hopfield.core.cursors import Cursor, weighted

memories = pytest.mark.parametrize("name", MEMORIES)
STATES = hf.random_patterns(40, N, rng=9)
ALL = np.arange(3)


@memories
def test_a_cursor_follows_each_replica_for_itself(name):
    memory = MEMORIES[name](0)
    cursor = memory.open(STATES[:3])
    cursor.assign(np.array([1]), np.array([[2]]), -STATES[1:2, 2:3])
    expected = STATES[:3].astype(float)
    expected[1, 2] *= -1
    assert np.array_equal(cursor.state, expected)
    whole = cursor.fields(ALL)
    assert np.allclose(whole, memory.field(expected))
    for row in range(3):
        h = [cursor.fields(np.array([row]), np.array([[i]]))[0, 0] for i in range(N)]
        assert np.allclose(h, whole[row])


@memories
@pytest.mark.parametrize("states", [(-1.0, 1.0), (-1.0, 0.0, 0.5, 1.0)])
def test_any_neurons_may_move_at_once(name, states):
    memory, rng = MEMORIES[name](1), np.random.default_rng(1)
    cursor = memory.open(rng.choice(states, (3, N)))
    for k in (1, 2, N, 1):
        rows = rng.permutation(3)[: rng.integers(1, 4)]
        sites = None if k == N else np.array([rng.permutation(N)[:k] for _ in rows])
        cursor.assign(rows, sites, rng.choice(states, (rows.size, k)))
        h = memory.field(cursor.state)[rows]
        for size in (4, N):
            asked = np.array([rng.integers(N, size=size) for _ in rows])
            assert np.allclose(cursor.fields(rows, asked), np.take_along_axis(h, asked, axis=1))
        assert np.allclose(cursor.numerators(rows), cursor.divisor * h)


@memories
def test_the_callers_states_are_left_alone(name):
    s = STATES[:3].astype(float)
    cursor = MEMORIES[name](0).open(s)
    cursor.assign(ALL, None, -s)
    assert np.array_equal(s, STATES[:3])
    assert np.array_equal(cursor.state, -s)


@given(st.sampled_from(list(MEMORIES)), st.integers(0, 99))
def test_moves_one_by_one_are_those_of_the_field(name, seed):
    memory, rng = MEMORIES[name](seed), np.random.default_rng(seed)
    s = rng.choice([-1.0, 1.0], (3, N))
    cursor, rows = memory.open(s), np.array([0, 2])
    for sites in rng.integers(N, size=(5, 2, 1)):
        h, now = cursor.fields(rows, sites), s[rows[:, None], sites]
        expected = np.take_along_axis(memory.field(s[rows]), sites, axis=1)
        assert np.allclose(h, expected, rtol=1e-9, atol=1e-9)
        if cursor.exact:
            assert (np.sign(h) == np.sign(expected)).all()
        s[rows[:, None], sites] = np.where(h == 0, now, np.sign(h))
        cursor.assign(rows, sites, s[rows[:, None], sites])
    assert np.array_equal(cursor.state, s)


def test_a_plain_cursor_asks_for_the_field_of_what_moves_alone():
    asked = []

    def field(s):
        asked.append(len(s))
        return -s

    cursor = Cursor(field, STATES[:3].astype(float))
    assert np.array_equal(cursor.fields(np.array([1]), np.array([[2]])), -STATES[1:2, 2:3])
    assert asked == [1]
    assert cursor.sweeps(None, None, None, 1) is False
    assert cursor.settled(ALL) is cursor.energies() is None


def test_terms_of_one_divisor_are_added_before_they_are_divided():
    third = np.ones(4)
    total = weighted([(1.0, 3.0, third), (1.0, 3.0, third), (-2.0, 3.0, third)], np.zeros(4))
    assert not total.any()
    assert (weighted([(1.0, 3.0, third), (2.0, 5.0, third)], third) == (1 / 3 + 2 / 5) + 1).all()


def test_a_field_is_asked_for_once_a_state():
    class Counting(hf.Memory):
        n = 6
        asked = 0

        def field(self, s):
            self.asked += 1
            return np.full(np.shape(s), 1.0)

        def energy(self, s):
            return -np.sum(s, axis=-1)

    memory = Counting()
    r = hf.recall(memory, np.ones(6), order=hf.Sequential())
    assert (r.why, r.sweeps, memory.asked) == ("fixed point", 1, 1)
    memory.asked = 0
    r = hf.recall(memory, [1, 1, 1, -1, -1, 1], order=hf.Sequential())
    assert (r.why, r.sweeps, memory.asked) == ("fixed point", 2, 3)
