"""Bits: patterns in and out, and the views that kernels read."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, strategies as st

import hopfield as hf
from hopfield import files
from hopfield.base.bits import GROUP, BitMatrix, aligned, pack, unpack


@st.composite
def matrices(draw):
    """Draw patterns of two values, and the bits of them, made in blocks."""
    p, n = draw(st.integers(1, 140)), draw(st.integers(2, 140))
    unset = draw(st.sampled_from([-1, 0]))
    x = np.random.default_rng(draw(st.integers(0, 99))).choice([unset, 1], (p, n)).astype(np.int8)
    size = 8 * draw(st.integers(1, 20))
    blocks = [x[i : i + size] for i in range(0, p, size)]
    return x, unset, BitMatrix.of(blocks, x.shape, unset)


@given(matrices(), st.integers(-150, 150), st.integers(-150, 150))
def test_patterns_come_back(drawn, first, stop):
    x, unset, bits = drawn
    assert bits.shape == x.shape
    for rows in (slice(None), slice(first, stop), slice(stop, None)):
        assert np.array_equal(bits[rows], x[rows])
        assert bits[rows].dtype == np.int8
    assert np.array_equal(bits.ups, x.sum(axis=0, dtype=np.int64))
    assert bits.unset == unset


def bit(words, k):
    return (words[..., k // 64] >> np.uint64(k % 64)) & np.uint64(1)


@given(matrices())
def test_each_view_holds_the_same_bits(drawn):
    x, _, bits = drawn
    (p, n), high = x.shape, (x == 1).astype(np.uint64)
    assert bits.by_neuron.shape == (n, -(-p // 64))
    assert bits.by_pattern.shape == (-(-p // 4) * 4, -(-n // 64))
    assert bits.by_word.shape == (-(-n // 64), -(-p // 64) * 64)
    assert np.array_equal(bits.by_word[:, :p], bits.by_pattern[:p].T)
    assert not bits.by_pattern[p:].any()
    assert not bits.by_word[:, p:].any()
    for mu in range(0, p, 7):
        assert np.array_equal(bit(bits.by_neuron, mu), high[mu])
        assert np.array_equal([bit(bits.by_pattern[mu], i) for i in range(n)], high[mu])
    assert bits.sevens.shape == (n, -(-p // GROUP))
    padded = np.pad(high, ((0, -p % GROUP), (0, 0))).reshape(-1, GROUP, n)
    places = (padded << np.arange(GROUP, dtype=np.uint64)[None, :, None]).sum(axis=1).T
    assert np.array_equal(bits.sevens, places)


@given(st.integers(1, 9), st.integers(1, 200), st.integers(0, 99))
def test_states_come_back_from_words(b, n, seed):
    s = np.random.default_rng(seed).choice([-1, 1], (b, n))
    words = pack(s)
    assert words.shape == (b, -(-n // 64))
    assert words.dtype == np.uint64
    assert np.array_equal(unpack(words, n), s)
    assert np.bitwise_count(words).sum() == (s == 1).sum()


WRONG = {
    "no array": ([[1]], "by_neuron must be uint64 rows"),
    "other numbers": (np.zeros((5, 1)), "by_neuron must be uint64 rows"),
    "of one axis": (np.zeros(5, np.uint64), "by_neuron must be uint64 rows"),
    "turned": (np.zeros((1, 5), np.uint64).T[::-1], "by_neuron must be uint64 rows"),
    "too few words": (np.zeros((5, 0), np.uint64), "the shape"),
    "too many words": (np.zeros((5, 2), np.uint64), "the shape"),
    "one neuron": (np.zeros((1, 1), np.uint64), "the shape"),
    "a bit beyond": (np.full((5, 1), 2**40, np.uint64), "no bit set beyond those of 40"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_words_that_kernels_cannot_trust_are_refused(wrong):
    words, sentence = WRONG[wrong]
    with pytest.raises(ValueError, match=sentence):
        BitMatrix(words, -1, 40)


@pytest.mark.parametrize("wrong", [wrong for wrong in WRONG if wrong != "turned"])
def test_a_file_that_holds_such_words_is_refused(wrong, tmp_path):
    bits = BitMatrix(np.zeros((5, 1), np.uint64), -1, 40)
    bits.by_neuron, sentence = WRONG[wrong]
    files.save(tmp_path / "bits.npz", bits)
    with pytest.raises(files.BadFile, match=f"cannot be rebuilt: .*{sentence}"):
        files.load(tmp_path / "bits.npz")


def test_sizes_that_are_none_are_refused():
    words = np.zeros((5, 1), np.uint64)
    with pytest.raises(ValueError, match="size must be 1 or more"):
        BitMatrix(words, -1, 0)
    with pytest.raises(ValueError, match="unset must be between -1 and 0"):
        BitMatrix(words, 1, 40)


def test_bits_come_back_from_files_and_pickles_without_what_was_made_of_them(tmp_path):
    x = hf.random_patterns(70, 50, rng=1)
    bits = BitMatrix.of([x], x.shape, -1)
    plain = len(pickle.dumps(bits))
    assert bits.by_word.size + bits.sevens.size
    assert len(pickle.dumps(bits)) == plain
    hf.save(tmp_path / "b.npz", bits)
    for again in (pickle.loads(pickle.dumps(bits)), hf.load(tmp_path / "b.npz")):
        assert np.array_equal(again[:], x)
        assert np.array_equal(again.by_word, bits.by_word)


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.float64])
def test_room_begins_where_a_line_of_cache_does(dtype):
    for shape in ((1,), (3, 5), (0, 4), (7, 64)):
        x = aligned(shape, dtype)
        assert x.shape == shape
        assert x.dtype == dtype
        assert not x.any()
        assert x.__array_interface__["data"][0] % 64 == 0 or not x.size
