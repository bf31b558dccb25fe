"""Hebb's matrix by counting, and what `Couplings` makes of a matrix it is given."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import hopfield as hf
from hopfield.core import memory
from hopfield.engine import together as batches
from hopfield.engine.kernels import dispatch

CODINGS = ("bipolar", "01")


def _weights(xi, coding, loops):
    w = xi.astype(np.int64).T @ xi.astype(np.int64)
    if not loops:
        np.fill_diagonal(w, 0)
    return w


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("loops", [False, True])
@pytest.mark.parametrize("backend", dispatch.BACKENDS)
def test_the_matrix_is_the_product_of_the_patterns(coding, loops, backend, monkeypatch):
    monkeypatch.setattr(memory, "COUNTED", 0)
    rng = np.random.default_rng(1)
    for n, p in itertools.product((2, 31, 32, 33, 64, 100, 104), (1, 63, 64, 65, 200)):
        xi = rng.random((p, n)) < 0.3
        kept = hf.Hebbian(xi, coding=coding, self_coupling=loops)
        with dispatch.using(backend):
            w = kept.dense()
        assert np.array_equal(w.parts()["weights"], _weights(kept.patterns, coding, loops))
        assert w.weights.dtype == np.float64
        assert (w.n, w.divisor, w.self_coupling, w.symmetric) == (n, n, loops, True)


@pytest.mark.parametrize("coding", CODINGS)
def test_the_matrix_is_as_good_as_one_that_was_given(coding, tmp_path):
    xi = hf.random_patterns(40, 60, rng=1) > 0
    made = hf.Hebbian(xi, coding=coding).dense()
    given = hf.Couplings(made.parts()["weights"], divisor=60)
    hf.save(tmp_path / "made", made)
    cue = np.round(np.random.default_rng(2).normal(size=60) * 2**20) / 2**20
    for other in (given, hf.load(tmp_path / "made")):
        assert repr(made) == repr(other)
        assert np.array_equal(made.weights, other.weights)
        assert np.array_equal(made.block_means(7), other.block_means(7))
        for s in (xi, xi > 0.5, np.sign(cue), cue, 100 * cue):
            assert np.array_equal(made.field(s), other.field(s))
        for backend, neuron in itertools.product(dispatch.BACKENDS, (None, hf.HeatBath(0.5))):
            with dispatch.using(backend):
                a, b = (hf.recall(m, cue, neuron=neuron, sweeps=9, rng=3) for m in (made, other))
            assert np.array_equal(a.state, b.state)
            assert (a.energy, a.why, a.kernel) == (b.energy, b.why, b.kernel)


# Sums of the first fill the 24 bits that floats of 4 bytes hold; the second's would not fit.
@pytest.mark.parametrize(("p", "item"), [(8187, np.float32), (8191, np.float64)])
def test_the_largest_sums_of_a_row_are_exact(p, item):
    w = hf.Hebbian(np.ones((p, 2049))).dense()
    assert w.parts()["weights"].dtype == item
    s = np.ones(2049)
    assert (w.numerators(s) == 2048 * p).all()
    s[0] = 0
    assert (w.numerators(s)[1:] == 2047 * p).all()
    assert (w.numerators(0.75 * s)[1:] == 0.75 * 2047 * p).all()


def test_any_parts_make_the_matrix(monkeypatch):
    pytest.importorskip("numba")
    xi = hf.random_patterns(70, 200, rng=1)
    words = hf.Hebbian(xi)._pack().masks.view(np.uint64)
    whole = batches.gram(words, 70, 200)
    monkeypatch.setattr(batches, "_WORK", 1)
    assert np.array_equal(batches.gram(words, 70, 200), whole)
    assert np.array_equal(whole, xi.astype(float).T @ xi)


# A file with holes: of the matrix of 39 GB its last corner alone is ever written.
def test_a_matrix_of_seventy_thousand_neurons_has_the_right_corner(tmp_path):
    pytest.importorskip("numba")
    n, p, first = 70_000, 70, 70_000 - 70_000 % 32
    rng = np.random.default_rng(1)
    words = rng.integers(0, 2**64, (n, 2), dtype=np.uint64)
    words[:, 1] &= np.uint64(2 ** (p - 64) - 1)
    w = np.asarray(np.memmap(tmp_path / "w", np.float64, "w+", shape=(n, n)))
    blocks = batches._in_lanes(words)
    rows = np.ascontiguousarray(blocks.transpose(0, 2, 1)).reshape(-1, 2)
    for aligned, start in ((True, first - 32), (False, first - 32)):
        w[start:, start:] = 0
        room = np.empty((32, 32), np.int32)
        dispatch.kernel("gram")(rows, blocks, start, n, p, room, aligned, w)
        bits = np.unpackbits(words[start:].view(np.uint8), axis=1, bitorder="little")[:, :p]
        xi = 2 * bits.astype(np.int64) - 1
        assert np.array_equal(w[start:, start:], xi @ xi.T)


@pytest.mark.parametrize("n", [2, 255, 256, 257, 700])
def test_one_entry_that_differs_is_found(n):
    w = np.random.default_rng(1).integers(-5, 6, (n, n)).astype(float)
    w += w.T
    assert hf.Couplings(w).symmetric
    for i, j in ((0, n - 1), (n - 1, 0), (n // 2, n // 2 - 1), (n - 1, n - 2)):
        other = w.copy()
        other[i, j] += 1
        assert not hf.Couplings(other).symmetric
    w[1, 1] += 1  # the diagonal is not kept
    assert hf.Couplings(w).symmetric


def test_a_large_matrix_is_rounded_to_one_grid():
    w = np.random.default_rng(1).normal(size=(1500, 1500))
    w[1400] *= 2.0**20  # in the last block of rows: its sum sets the grid of all
    before = w.copy()
    np.fill_diagonal(w, 0)
    grid = 2.0 ** (np.ceil(np.log2(np.abs(w).sum(axis=1).max())) - 48)
    found = hf.Couplings(before).parts()["weights"]
    assert np.array_equal(found, np.round(w / grid) * grid)
    assert not np.array_equal(found, w)
    assert before[3, 3] != 0
