"""Matrices of products of patterns, by counting bits."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import hopfield as hf
from hopfield import engine
from hopfield.base.bits import pack
from hopfield.engine import together

pytest.importorskip("numba")

CODINGS = pytest.mark.parametrize("coding", ["bipolar", "01"])
SIZES = tuple(product((2, 31, 32, 33, 64, 100, 104), (1, 63, 64, 65, 200)))


@pytest.fixture
def always(monkeypatch):
    """Let it count products however few."""
    monkeypatch.setattr(together, "_COUNTED", 0)


def products(xi, self_coupling=True):
    w = xi.T.astype(np.int64) @ xi.astype(np.int64)
    return w if self_coupling else w * ~np.eye(len(w), dtype=bool)


@CODINGS
def test_counted_products_are_the_products(always, coding):
    rng = np.random.default_rng(1)
    for n, p in SIZES:
        memory = hf.Hebbian(rng.random((p, n)) < 0.3, coding=coding)
        found = engine.gram(memory.form().source)
        assert found.dtype == (np.float32 if n * p < 2**24 else np.float64)
        assert np.array_equal(found, products(memory.patterns))


@CODINGS
@pytest.mark.parametrize("loops", [False, True])
@pytest.mark.parametrize("rows", [["together"], []])
def test_the_matrix_is_the_product_of_the_patterns(always, coding, loops, rows):
    rng = np.random.default_rng(1)
    for n, p in SIZES:
        kept = hf.Hebbian(rng.random((p, n)) < 0.3, coding=coding, self_coupling=loops)
        with engine.using(*rows):
            w = kept.dense()
        assert np.array_equal(w.parts()["weights"], products(kept.patterns, loops))
        assert w.weights.dtype == np.float64
        assert (w.n, w.divisor, w.self_coupling, w.symmetric) == (n, n, loops, True)


@CODINGS
def test_the_matrix_is_as_good_as_one_that_was_given(always, coding, tmp_path):
    xi = hf.random_patterns(40, 60, rng=1) > 0
    made = hf.Hebbian(xi, coding=coding).dense()
    low, high = made.neuron.states
    given = hf.Couplings(made.parts()["weights"], divisor=60, neuron=made.neuron)
    hf.save(tmp_path / "made.npz", made)
    cue = np.round(np.random.default_rng(2).normal(size=60) * 2**20) / 2**20
    for other in (given, hf.load(tmp_path / "made.npz")):
        assert repr(made) == repr(other)
        assert np.array_equal(made.weights, other.weights)
        for s in (xi, xi > 0.5, np.sign(cue), cue, 100 * cue):
            assert np.array_equal(made.field(s), other.field(s))
        for rows, neuron in product(([row.name for row in engine.ENGINES], []), (None, 0.5)):
            neuron = neuron and hf.HeatBath(neuron, low, high)
            with engine.using(*rows):
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


@pytest.mark.parametrize(("p", "n"), [(1, 70), (33, 64), (100, 999)])
def test_rows_of_bits_are_compared(always, p, n):
    xi = hf.random_patterns(p, n, rng=1)
    words = pack(np.concatenate([xi, xi[:1]]))  # one more than is asked for
    assert np.array_equal(engine.gram_of(words, n, p), xi.astype(float) @ xi.T)


def test_what_is_not_worth_it_or_not_chosen_is_left_alone(monkeypatch):
    xi = hf.random_patterns(40, 64, rng=1)
    source, words = hf.Hebbian(xi.T).form().source, pack(xi)
    assert engine.gram(source) is engine.gram_of(words, 64, 40) is None
    monkeypatch.setattr(together, "_COUNTED", 40 * 40 * 64)
    assert engine.gram(source) is not None
    assert engine.gram_of(words, 64, 40) is not None
    with engine.using("bits"):
        assert engine.gram(source) is engine.gram_of(words, 64, 40) is None
    monkeypatch.setattr(together, "available", lambda: False)
    assert engine.gram(source) is engine.gram_of(words, 64, 40) is None


@pytest.mark.parametrize("shares", [1, 2, 4])
def test_any_parts_make_the_matrix(always, shares, monkeypatch):
    xi = hf.random_patterns(70, 999, rng=1)
    source = hf.Hebbian(xi).form().source
    monkeypatch.setattr(together, "_WORK", 1)
    monkeypatch.setattr(together, "threads", lambda: shares)
    assert np.array_equal(engine.gram(source), xi.astype(float).T @ xi)


# A file with holes: of the matrix of 39 GB its last corner alone is ever written.
def test_a_matrix_of_seventy_thousand_neurons_has_the_right_corner(tmp_path):
    n, p, first = 70_000, 70, 70_000 - 70_000 % 32
    rng = np.random.default_rng(1)
    words = rng.integers(0, 2**64, (first + 32, 2), dtype=np.uint64)
    words[:, 1] &= np.uint64(2 ** (p - 64) - 1)
    w = np.asarray(np.memmap(tmp_path / "w", np.float64, "w+", shape=(n, n)))
    blocks = np.ascontiguousarray(words.reshape(-1, 32, 2).transpose(0, 2, 1))
    start, room = first - 32, np.empty((32, 32), np.int32)
    for whole in (True, False):
        w[start:, start:] = 0
        together.kernel("together.agreements")(words, blocks, start, n, p, room, whole, w)
        bits = np.unpackbits(words[start:n].view(np.uint8), axis=1, bitorder="little")[:, :p]
        xi = 2 * bits.astype(np.int64) - 1
        assert np.array_equal(w[start:, start:], xi @ xi.T)
