"""Random streams: the same words everywhere, one a replica, and fair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from hopfield.base.streams import Streams, logit

MASK = 2**64 - 1
LARGE = 70_000  # beyond what 16 bits can count


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def words(seed, first, last):
    """Return splitmix64 written out: words first ... last of a stream, counted from 1."""
    step = mix(seed ^ 0x9E3779B97F4A7C15) | 1
    return [mix((seed + k * step) & MASK) for k in range(first, last + 1)]


def spawned(replicas, seed=5):
    return Streams.spawn(np.random.default_rng(seed), replicas)


@pytest.mark.parametrize("replicas", [1, 2, 8, 9, 40])
def test_words_are_those_of_splitmix64(replicas):
    seeds = np.random.default_rng(5).integers(0, 2**64, size=replicas, dtype=np.uint64).tolist()
    streams = spawned(replicas)
    first, then = streams.bits(3), streams.bits(2)
    for r, seed in enumerate(seeds):
        assert first[r].tolist() == words(seed, 1, 3)
        assert then[r].tolist() == words(seed, 4, 5)


@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937])
def test_batches_in_turn_give_the_streams_of_one_large_batch(kind):
    whole = Streams.spawn(np.random.Generator(kind(1)), 20)
    rng = np.random.Generator(kind(1))
    parts = [Streams.spawn(rng, k) for k in (1, 4, 15)]
    assert np.array_equal(np.concatenate([p.state for p in parts]), whole.state)
    assert np.array_equal(np.concatenate([p.step for p in parts]), whole.step)


def test_no_two_streams_run_on_one_orbit():
    streams = spawned(10_000)
    assert (streams.step % np.uint64(2) == 1).all()
    assert len(np.unique(streams.step)) == 10_000


def test_one_stream_of_many_goes_on_in_both():
    streams = spawned(3)
    alone = streams[1]
    assert alone.state.shape == ()
    drawn = alone.random(4)
    assert drawn.shape == (4,)
    twin = spawned(3)
    assert np.array_equal(twin.random(4)[1], drawn)
    assert streams.state[1] == twin.state[1]
    copied = streams.of(np.array([0, 2]))
    copied.random(5)
    assert streams.state[0] == spawned(3).state[0]


def test_numbers_follow_from_the_words():
    seed = np.random.default_rng(5).integers(0, 2**64, size=1, dtype=np.uint64).tolist()[0]
    assert spawned(1).random(3).tolist() == [
        [((w >> 12) + 0.5) * 2.0**-52 for w in words(seed, 1, 3)]
    ]
    assert spawned(1).integers(10, size=3).tolist() == [
        [(w >> 32) * 10 >> 32 for w in words(seed, 1, 3)]
    ]
    assert spawned(1).integers(4, 9, size=2).tolist() == [
        [4 + ((w >> 32) * 5 >> 32) for w in words(seed, 1, 2)]
    ]
    order = list(range(6))
    for i, w in zip(range(5, -1, -1), words(seed, 1, 6), strict=True):
        j = (w >> 32) * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    assert spawned(1).permutation(6).tolist() == [order]


def test_what_does_not_fit_the_streams_is_refused():
    assert spawned(3).random((3, 4)).shape == (3, 4)
    with pytest.raises(ValueError, match=r"streams of shape \(3,\) cannot fill \(2, 4\)"):
        spawned(3).random((2, 4))


@given(st.integers(1, 400), st.integers(1, 60), st.integers(0, 99))
def test_a_shuffle_of_many_places_is_that_of_each(n, replicas, seed):
    together = spawned(replicas, seed)
    orders = together.permutation(n)
    assert np.array_equal(np.sort(orders, axis=1), np.broadcast_to(np.arange(n), orders.shape))
    for r, order in enumerate(orders[:3].tolist()):
        expected = list(range(n))
        draws = spawned(replicas, seed).bits(n)[r].tolist()
        for i, w in zip(range(n - 1, -1, -1), draws, strict=True):
            j = (w >> 32) * (i + 1) >> 32
            expected[i], expected[j] = expected[j], expected[i]
        assert order == expected
    words_used = spawned(replicas, seed)
    words_used.bits(n)
    assert np.array_equal(together.state, words_used.state)


def test_a_shuffle_at_seventy_thousand_neurons():
    order = spawned(1)[0].permutation(LARGE)
    assert np.array_equal(np.sort(order), np.arange(LARGE))
    assert abs(np.corrcoef(order, np.arange(LARGE))[0, 1]) < 3.3 / np.sqrt(LARGE)


def test_streams_are_uniform_and_never_touch_the_ends():
    u = spawned(4, 1).random(100_000)
    assert u.min() > 0
    assert u.max() < 1
    assert np.abs(u.mean(axis=1) - 0.5).max() < 3.3 / np.sqrt(12 * u.shape[1])
    counts = np.histogram(u, 100, (0, 1))[0]
    chi2 = ((counts - 4000) ** 2 / 4000).sum()
    assert 60 < chi2 < 149  # 99.9 % of chi squared with 99 degrees of freedom
    orders = spawned(3000, 1).permutation(3)
    firsts = np.bincount(orders[:, 0], minlength=3)
    assert np.abs(firsts - 1000).max() < 3.3 * np.sqrt(3000 * 2 / 9)


def test_a_logit_is_one():
    u = np.concatenate([np.linspace(0, 1, 10_001)[1:-1], 2.0 ** -np.arange(1, 50)])
    assert np.allclose(logit(u), np.log(u) - np.log1p(-u), rtol=1e-14, atol=1e-15)
    assert np.isfinite(logit(np.array([0.0])))
    assert np.array_equal(logit(u), [logit(x) for x in u])


def test_thresholds_are_the_logits_of_the_numbers():
    assert np.array_equal(spawned(3).logistic(size=5000), logit(spawned(3).random(5000)))
    drawn = spawned(20, 3).logistic(size=(20, 5000))
    assert abs(drawn.mean()) < 4 * np.pi / np.sqrt(3 * drawn.size)
    assert abs(drawn.std() - np.pi / np.sqrt(3)) < 0.03
