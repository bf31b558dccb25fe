"""Patterns: exact counts, types, shapes, and the law of what is drawn."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as npst

import hopfield as hf
from tests.bad import BAD_PARTS, X, refuses

SIZES = [(n, k) for n in (1, 2, 3, 7, 16, 60) for k in range(n + 1)]


@st.composite
def patterns(draw, low=-1, high=1, dims=3):
    shape = draw(npst.array_shapes(max_dims=dims, max_side=12))
    return draw(npst.arrays(np.int8, shape, elements=st.sampled_from([low, high])))


@st.composite
def counts(draw):
    """Draw n, a count k of them and a fraction that means it."""
    n = draw(st.integers(1, 60))
    k = draw(st.integers(0, n))
    return n, k, draw(st.sampled_from([k, np.int64(k), k / n, np.float64(k / n)]))


# ---- flip, blank, replace --------------------------------------------------------------------


@given(counts(), st.integers(0, 99))
def test_flip_blank_and_replace_change_exactly_so_many(drawn, seed):
    n, k, given_ = drawn
    x = hf.random_patterns((2, 3), n, rng=seed)
    flipped = hf.flip(x, given_, rng=seed)
    assert (hf.hamming(flipped, x) == k).all()
    assert np.isin(flipped, (-1, 1)).all()
    blanked = hf.blank(x, given_, rng=seed)
    assert ((blanked == 0).sum(axis=-1) == k).all()
    assert np.array_equal(blanked[blanked != 0], x[blanked != 0])
    for rng in (None, seed):
        mixed = hf.replace(x, -x, given_, rng=rng)
        assert (hf.hamming(mixed, x) == n - k).all()


@pytest.mark.parametrize(("n", "k"), SIZES)
def test_any_fraction_means_the_nearest_count(n, k):
    for fraction in (max(0.0, (k - 0.49) / n), k / n, min(1.0, (k + 0.49) / n)):
        x = np.ones(n, dtype=np.int8)
        assert hf.hamming(hf.flip(x, fraction, rng=0), x) == k
        assert np.count_nonzero(hf.blank(x, fraction, rng=0) == 0) == k
        assert hf.hamming(hf.replace(x, -x, fraction), x) == n - k


def test_each_pattern_is_corrupted_for_itself_and_every_neuron_as_often():
    x = np.ones((20_000, 10), dtype=np.int8)
    for corrupted in (
        hf.flip(x, 3, rng=1),
        hf.blank(x, 3, rng=1),
        hf.replace(x, -x, 7, rng=1),
    ):
        changed = corrupted != x
        share = changed.mean(axis=0)
        assert np.abs(share - 0.3).max() < 4 * np.sqrt(0.3 * 0.7 / len(x))
        pairs = (changed[:, :, None] & changed[:, None]).mean(axis=0)[np.triu_indices(10, 1)]
        expected = 0.3 * 2 / 9  # drawn without replacement
        assert np.abs(pairs - expected).max() < 4.5 * np.sqrt(expected / len(x))


def test_replace_keeps_the_first_neurons_unless_it_draws_them():
    mixed = hf.replace([1] * 8, [-1] * 8, keep=3)
    assert mixed.tolist() == [1, 1, 1, -1, -1, -1, -1, -1]
    drawn = [hf.replace([1] * 8, [-1] * 8, keep=3, rng=seed).tolist() for seed in range(20)]
    assert len({tuple(d) for d in drawn}) > 10


@given(patterns(), st.integers(0, 99))
def test_to_flip_all_twice_is_to_flip_none(x, seed):
    n = x.shape[-1]
    assert np.array_equal(hf.flip(x, 1.0, rng=seed), -x)
    assert np.array_equal(hf.flip(hf.flip(x, n, rng=seed), n, rng=seed), x)
    assert np.array_equal(hf.flip(x, 0, rng=seed), x)
    # The same seed draws the same neurons.
    assert np.array_equal(hf.flip(hf.flip(x, n // 2, rng=seed), n // 2, rng=seed), x)


@pytest.mark.parametrize("shape", [(5, 2**17), (2, 3, 2**16 + 1), (2**18 + 1,), (2**17 + 1, 2)])
def test_flip_by_blocks_of_rows_draws_what_it_draws_at_once(shape):
    x, k = hf.random_patterns(shape[:-1] or 1, shape[-1], rng=1).reshape(shape), shape[-1] // 2
    ranks = np.random.default_rng(2).random(shape).argsort(axis=-1).argsort(axis=-1)
    flipped = hf.flip(x, k, rng=np.random.default_rng(2))
    assert np.array_equal(flipped, np.where(ranks < k, -x, x))


def test_many_patterns_are_drawn_and_flipped_in_little_more_room_than_they_take():
    tracemalloc.start()
    try:
        x = hf.random_patterns(300, 100_000, rng=1)
        drawn = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        hf.flip(x, 0.1, rng=1)
        flipped = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert drawn < 2.5 * x.nbytes
    assert flipped < 4.5 * x.nbytes  # x itself among them


def test_flip_moves_to_the_other_of_any_two_states():
    assert hf.flip([0, 1, 1], 3, rng=0, states=(0, 1)).tolist() == [1, 0, 0]
    assert hf.flip([-0.25, 3.0], 2, rng=0, states=(-0.25, 3)).tolist() == [3.0, -0.25]
    assert hf.flip([True, False], 1.0, rng=0).tolist() == [False, True]


def test_what_is_unknown_stays_unknown():
    assert hf.flip([0, 1, -1], 3, rng=0).tolist() == [0, -1, 1]
    assert hf.flip([0.5, 0, -0.25], 3, rng=0).tolist() == [-0.5, 0, 0.25]


def test_blank_of_given_neurons():
    x = np.array([[1, -1, 1, 1], [-1, -1, 1, 1]])
    assert hf.blank(x, slice(None, None, 2)).tolist() == [[0, -1, 0, 1], [0, -1, 0, 1]]
    assert hf.blank(x, [0, -1]).tolist() == [[0, -1, 1, 0], [0, -1, 1, 0]]
    assert hf.blank(x, np.array([True, False, False, True])).tolist() == [
        [0, -1, 1, 0],
        [0, -1, 1, 0],
    ]
    assert hf.blank([True, False, True], [0]).tolist() == [0, -1, 1]


# ---- types and shapes ------------------------------------------------------------------------

FLIPS = {
    "int8": (np.array([1, -1], dtype=np.int8), np.int8),
    "int64": (np.array([1, -1]), np.int8),
    "uint8": (np.array([1, 1], dtype=np.uint8), np.int8),
    "a list": ([1, -1], np.int8),
    "whole floats": (np.array([1.0, -1.0]), np.int8),
    "evidence": (np.array([0.5, -1.0]), np.float64),
    "float32 evidence": (np.array([0.5, -1.0], dtype=np.float32), np.float64),
    "large integers": (np.array([300, -1]), np.float64),
    "bools": (np.array([True, False]), np.bool_),
}


@pytest.mark.parametrize("name", FLIPS)
def test_the_type_of_a_flipped_pattern(name):
    x, dtype = FLIPS[name]
    assert hf.flip(x, 1, rng=0).dtype == dtype


def test_the_types_of_the_others():
    x = np.array([1, -1, 1])
    assert hf.random_patterns(2, 3, rng=0).dtype == np.int8
    assert hf.random_patterns(2, 3, rng=0, states=(0, 1)).dtype == np.int8
    assert hf.random_patterns(2, 3, rng=0, states=(0, 0.5)).dtype == np.float64
    assert hf.random_patterns(2, 3, rng=0, states=(-200, 200)).dtype == np.float64
    assert (
        hf.bipolar(x).dtype == hf.binarise(x).dtype == hf.patterns.neighbours(x, 1).dtype == np.int8
    )
    assert hf.blank(x, [0]).dtype == hf.replace(x, -x, 1).dtype == np.int8
    assert hf.blank(x * 0.5, [0]).dtype == np.float64
    assert hf.replace(x > 0, x < 0, 1).dtype == np.bool_
    assert isinstance(hf.overlap(x, x), float)
    assert isinstance(hf.hamming(x, x), int)
    assert hf.hamming([x], x).dtype == np.int64


@pytest.mark.parametrize("lead", [(), (1,), (4,), (2, 3), (1, 2, 3)])
def test_leading_axes_are_kept(lead):
    x = hf.random_patterns(lead, 6, rng=0)
    assert x.shape == (*lead, 6)
    for out in (
        hf.flip(x, 2, rng=1),
        hf.blank(x, 2, rng=1),
        hf.blank(x, [1]),
        hf.binarise(x),
        hf.replace(x, -x, 2),
        hf.replace(x, -x, 2, rng=1),
        hf.replace(x, np.ones(6), 2),
        hf.replace(np.ones(6), x, 2, rng=1),
        hf.bipolar(x),
    ):
        assert out.shape == x.shape
    assert np.shape(hf.overlap(x, x)) == np.shape(hf.hamming(x, np.ones(6))) == lead


def test_nothing_that_is_given_is_changed():
    x = hf.random_patterns(3, 10, rng=0)
    x.flags.writeable = False
    for out in (
        hf.flip(x, 0, rng=0),
        hf.blank(x, slice(0, 0)),
        hf.replace(x, -x, 10),
        hf.bipolar(x),
    ):
        assert np.array_equal(out, x)
        out[0, 0] = 5  # what comes back is the caller's
    assert set(x.flat) == {1, -1}


# ---- bipolar, binarise, neighbours -----------------------------------------------------------


def test_bools_are_mapped_and_signs_taken_as_they_are():
    assert hf.bipolar([[True, False]]).tolist() == [[1, -1]]
    assert hf.bipolar([1.0, -1.0]).tolist() == [1, -1]
    assert hf.bipolar(np.array([1, 1], dtype=np.uint8)).tolist() == [1, 1]


def test_binarise_takes_what_exceeds_the_threshold():
    assert hf.binarise([-0.1, 0.0, 0.1]).tolist() == [-1, -1, 1]
    assert hf.binarise([0, 1, 2], threshold=1).tolist() == [-1, -1, 1]
    assert hf.binarise([False, True]).tolist() == [-1, 1]


@given(st.integers(1, 9), st.data())
def test_neighbours_are_all_that_differ_in_k(n, data):
    k = data.draw(st.integers(0, n))
    x = hf.random_patterns(1, n, rng=n)[0]
    found = hf.patterns.neighbours(x, k)
    assert found.shape == (comb(n, k), n)
    assert len(np.unique(found, axis=0)) == comb(n, k)
    assert (hf.hamming(found, x) == k).all()


# ---- overlap and hamming ---------------------------------------------------------------------


@given(patterns(), st.data())
def test_overlaps_and_distances_broadcast_and_are_exact(x, data):
    n = x.shape[-1]
    y = data.draw(npst.arrays(np.int8, (4, *[1] * (x.ndim - 1), n), elements=st.just(-1)))
    m, d = hf.overlap(x, y), hf.hamming(x, y)
    assert m.shape == d.shape == (4, *x.shape[:-1])
    for index in np.ndindex(*m.shape):
        a, b = x[index[1:]], y[index[0]].ravel()
        total = sum(int(p) * int(q) for p, q in zip(a, b, strict=True))
        assert m[index] == float(Fraction(total, n))
        assert d[index] == sum(int(p != q) for p, q in zip(a, b, strict=True))
        assert 2 * d[index] == n - total  # N (1 - m) / 2


def test_overlaps_of_large_and_of_many_values_do_not_wrap_around():
    n = 100_001
    ones = np.ones(n, dtype=np.int8)
    assert hf.overlap(ones, ones) == 1
    half = np.where(np.arange(n) < 50_000, 1, -1).astype(np.int8)
    assert hf.overlap(ones, half) == -1 / n
    assert hf.hamming(ones, half) == 50_001
    assert hf.overlap([2**40, 2**40], [2**40, 0]) == 2.0**79
    assert hf.overlap(np.full(300, 127, np.int8), np.full(300, 127, np.int8)) == 127**2
    assert hf.overlap(np.full(2, 255, np.uint8), np.full(2, -1)) == -255


def test_overlaps_of_bools_are_those_of_their_signs():
    a, b = hf.random_patterns((2, 4), 9, rng=0)
    assert np.array_equal(hf.overlap(a > 0, b > 0), hf.overlap(a, b))
    assert np.array_equal(hf.hamming(a > 0, b > 0), hf.hamming(a, b))


def test_overlaps_with_evidence_count_the_unknown_as_nothing():
    assert hf.overlap([0.5, 0, -1, 0], [1, 1, -1, -1]) == 1.5 / 4
    assert hf.hamming([0.5, 0, -1, 0], [1, 1, -1, -1]) == 3


# ---- random patterns -------------------------------------------------------------------------


def test_random_patterns_are_fair_and_independent():
    x = hf.random_patterns(20_000, 12, rng=2026).astype(float)
    assert set(x.flat) == {1, -1}
    error = 1 / np.sqrt(len(x))
    assert np.abs(x.mean(axis=0)).max() < 4 * error
    between_neurons = (x.T @ x / len(x))[np.triu_indices(12, 1)]
    assert np.abs(between_neurons).max() < 4.2 * error
    in_turn = (x[1:] * x[:-1]).mean(axis=0)
    assert np.abs(in_turn).max() < 4 * error
    words = ((x[:, :6] > 0) @ (1 << np.arange(6))).astype(int)
    expected = len(x) / 64
    chi2 = ((np.bincount(words, minlength=64) - expected) ** 2 / expected).sum()
    assert 32 < chi2 < 108  # 99.9 % of chi squared with 63 degrees of freedom


def test_overlaps_of_random_patterns_have_the_binomial_law():
    a, b = hf.random_patterns((2, 40_000), 10, rng=7)
    q, p = hf.theory.orthogonality.overlap_distribution(10)
    sums = np.rint(10 * hf.overlap(a, b)).astype(int)
    expected = p * len(sums)
    seen = np.array([(sums == value).sum() for value in q])
    chi2 = ((seen - expected) ** 2 / expected).sum()
    assert 1.4 < chi2 < 29.6  # 99.9 % with 10 degrees of freedom


@pytest.mark.parametrize("quality", [0.3, 0.8])
def test_examples_overlap_with_their_pattern_and_each_other_as_said(quality):
    xi = hf.random_patterns(4, 5000, rng=1)
    seen = hf.patterns.examples(xi, 6, quality, rng=2)
    assert seen.dtype == np.int8
    assert seen.shape == (4, 6, 5000)
    bar = 4 / np.sqrt(4 * 5000)
    assert hf.overlap(seen, xi[:, None]).mean() == pytest.approx(quality, abs=bar)
    assert hf.overlap(seen[:, 1:], seen[:, :1]).mean() == pytest.approx(quality**2, abs=bar)
    assert hf.overlap(seen[1:], seen[:1]).mean() == pytest.approx(0, abs=bar)


def test_examples_of_examples_are_a_tree_and_perfect_ones_are_copies():
    xi = hf.random_patterns(2, 30, rng=1)
    assert hf.patterns.examples(hf.patterns.examples(xi, 3, 0.5, rng=2), 4, 0.5, rng=3).shape == (
        *(2, 3, 4),
        30,
    )
    assert (hf.patterns.examples(xi, 3, 1, rng=2) == xi[:, None]).all()
    assert hf.patterns.examples(xi[0] > 0, 3, 1.0, rng=2).shape == (3, 30)


def test_random_features_make_patterns_of_them_alone():
    f = hf.random_patterns(5, 2000, rng=1)
    xi = hf.patterns.random_features(300, f, rng=2)
    assert xi.dtype == np.int8
    share = 6 / 16  # of five signs, the mean size of one's part: (4 choose 2) / 2**4
    assert np.abs(hf.overlap(xi[:, None], f)).mean() == pytest.approx(share, abs=0.01)
    one = hf.patterns.random_features(20, f[:1], rng=2)
    assert (np.abs(hf.overlap(one, f[0])) == 1).all()


def test_a_seed_gives_the_same_a_generator_goes_on_and_no_global_state_moves():
    for draw in (
        lambda rng: hf.random_patterns(2, 50, rng=rng),
        lambda rng: hf.flip(np.ones(50), 10, rng=rng),
        lambda rng: hf.blank(np.ones(50), 10, rng=rng),
        lambda rng: hf.replace(np.ones(50), -np.ones(50), 10, rng=rng),
        lambda rng: hf.uniform_weights(7, rng=rng),
    ):
        assert np.array_equal(draw(5), draw(5))
        assert np.array_equal(draw(5), draw(np.uint8(5)))
        assert not np.array_equal(draw(5), draw(6))
        rng = np.random.default_rng(5)
        assert not np.array_equal(draw(rng), draw(rng))
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        draw(5)
        assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_one_seed_in_two_functions_gives_unrelated_draws():
    n, seeds = 1000, range(40)

    def drawn(seed):
        """Return N signs from each function that draws, all with the same seed."""
        ones = np.ones(n, dtype=np.int8)
        order = hf.recall(
            hf.Bias(1.0, n), np.zeros(n), order=hf.Random(), updates=n // 2, rng=seed
        ).state  # who was visited
        return np.array(
            [
                hf.random_patterns(1, n, rng=seed)[0],
                hf.flip(ones, 0.5, rng=seed),
                np.where(hf.blank(ones, 0.5, rng=seed) == 0, -1, 1),
                hf.replace(ones, -ones, 0.5, rng=seed),
                np.where(hf.uniform_weights(32, rng=seed).ravel()[:n] < 0.5, -1, 1),
                np.where(order > 0, 1, -1),
            ]
        )

    signs = np.array([drawn(seed) for seed in seeds]).astype(float)
    signs -= signs.mean(axis=2, keepdims=True)
    products = np.einsum("sai,sbi->sab", signs, signs) / n
    pairs = products[:, *np.triu_indices(6, 1)]
    assert np.abs(pairs).max() < 4.6 / np.sqrt(n)  # 600 pairs
    assert np.abs(pairs.mean(axis=0)).max() < 4 / np.sqrt(n * len(seeds))
    # The control: what is drawn with the same seed and purpose would be noticed.
    assert products[:, range(6), range(6)].min() > 0.7


# ---- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", BAD_PARTS)
def test_parts_of_a_pattern_that_there_are_not(bad):
    value, error, what = BAD_PARTS[bad]
    refuses(lambda: hf.flip(X, value, rng=0), error, f"^k .*{what}")
    refuses(lambda: hf.replace(X[0], X[1], value), error, f"^keep .*{what}")
    if error is ValueError:
        refuses(lambda: hf.blank(X, value, rng=0), error, f"^where .*{what}")


CASES = {
    "0/1 where -1/+1 is flipped": (
        lambda: hf.flip([0, 1, 1], 1, rng=0),
        ValueError,
        r"^x holds only 0 and 1.*states=\(0, 1\)",
    ),
    "where of two dimensions": (
        lambda: hf.blank(X, [[0, 1]]),
        TypeError,
        "^where must be a slice, a count",
    ),
    "where beyond the neurons": (lambda: hf.blank(X, [5]), ValueError, "^where .* 5 neurons"),
    "where of too few bools": (
        lambda: hf.blank(X, [True, False]),
        ValueError,
        "^where .* 5 neurons",
    ),
    "where of floats": (lambda: hf.blank(X, [0.5, 1.0]), TypeError, "^where must be"),
    "where of a bad slice": (
        lambda: hf.blank(X, slice("a")),
        TypeError,
        r"^where .* not slice\(None, 'a', None\)",
    ),
    "where in steps of 0": (
        lambda: hf.blank(X, slice(0, 5, 0)),
        TypeError,
        "^where .* slice of integers",
    ),
    "shapes that do not fit": (
        lambda: hf.overlap(X, X[:2]),
        ValueError,
        r"^a \(3, 5\) and b \(2, 5\) must",
    ),
    "shapes that do not mix": (
        lambda: hf.replace(X, X[:2], 1),
        ValueError,
        r"^x \(3, 5\) and other \(2, 5\) must",
    ),
    "bools beside numbers": (
        lambda: hf.hamming(X > 0, X),
        TypeError,
        "^a and b must be both bools or both numbers",
    ),
    "bools mixed with numbers": (
        lambda: hf.replace(X > 0, X, 1),
        TypeError,
        "^x and other must be both bools",
    ),
    "neighbours of several": (lambda: hf.patterns.neighbours(X, 1), ValueError, r"^x .* \(3, 5\)"),
    "no examples": (lambda: hf.patterns.examples(X, 0, 0.5, rng=1), ValueError, "^m must be 1 or"),
    "examples of no quality": (
        lambda: hf.patterns.examples(X, 3, 0, rng=1),
        ValueError,
        "^quality must be above 0 and 1 at most, not 0",
    ),
    "examples better than perfect": (
        lambda: hf.patterns.examples(X, 3, 1.5, rng=1),
        ValueError,
        "^quality must be above 0 and 1 at most, not 1.5",
    ),
    "examples of zeros and ones": (
        lambda: hf.patterns.examples([0, 1, 1], 3, 0.5, rng=1),
        ValueError,
        r"^x must be -1 or \+1",
    ),
    "more examples than there is room for": (
        lambda: hf.patterns.examples(X, 10**12, 0.5, rng=1),
        ValueError,
        "^x and m must ask for",
    ),
    "an even number of features": (
        lambda: hf.patterns.random_features(3, X[:2], rng=1),
        ValueError,
        r"^features must be an odd number of rows .* \(2, 5\)",
    ),
    "one feature as a row": (
        lambda: hf.patterns.random_features(3, X[0], rng=1),
        ValueError,
        r"^features must be an odd number of rows .* \(5,\)",
    ),
    "no patterns of features": (
        lambda: hf.patterns.random_features(0, X, rng=1),
        ValueError,
        "^p must be 1 or more",
    ),
    "too many neighbours": (
        lambda: hf.patterns.neighbours(np.ones(100), 10),
        ValueError,
        "^k=10 gives 17310309456440 patterns",
    ),
    "neighbours of more than 2**25 values": (
        lambda: hf.patterns.neighbours(np.ones(25), 9),
        ValueError,
        "^k=9 gives 2042975 patterns of 25 neurons: too many",
    ),
}


def test_neighbours_may_be_many():
    assert hf.patterns.neighbours(np.ones(60), 3).shape == (34_220, 60)


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*CASES[case])
