"""The contract of exact sums: grids, and what is on them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, strategies as st

import hopfield as hf
from hopfield.base import exact

SIZES = st.sampled_from([1e-200, 1e-9, 1.0, 3.7, 1e6, 1e49])


def drawn(seed, size=1.0, shape=(9, 20)):
    rng = np.random.default_rng(seed)
    return size * rng.normal(size=shape) * 10.0 ** rng.integers(-6, 1, shape)


@given(st.integers(0, 999), SIZES)
def test_sums_on_the_grid_are_exact_in_any_order(seed, size):
    w, rng = drawn(seed, size), np.random.default_rng(seed)
    kept = exact.on_grid(w.copy())
    assert np.abs(kept - w).max() <= 2.0**-48 * np.abs(w).sum(axis=1).max()
    s = rng.choice([-1.0, 0.0, 1.0], 20)
    terms = kept * s
    sums = {float(terms[0, rng.permutation(20)].sum()) for _ in range(20)}
    assert len(sums) == 1
    assert np.array_equal(terms.sum(axis=1), (kept @ s))
    assert np.array_equal(exact.on_grid(kept.copy()), kept)


@given(st.integers(0, 999), SIZES)
def test_sums_against_evidence_are_exact_in_any_order(seed, size):
    w, rng = exact.on_grid(drawn(seed, size)), np.random.default_rng(seed)
    x = exact.evidence(rng.uniform(-30, 30, 20))
    terms = exact.coarse(w) * x
    sums = {float(terms[0, rng.permutation(20)].sum()) for _ in range(20)}
    assert len(sums) == 1


def test_a_sparse_matrix_is_rounded_as_the_dense_one():
    w = drawn(1) * (np.random.default_rng(2).random((9, 20)) < 0.4)
    sparse = scipy.sparse.csr_array(w)
    assert np.array_equal(exact.on_grid(sparse).toarray(), exact.on_grid(w.copy()))
    assert np.array_equal(exact.coarse(sparse).toarray(), exact.coarse(exact.on_grid(w.copy())))


def test_whole_numbers_and_what_is_too_small_for_a_grid_stay_as_they_are():
    whole = np.random.default_rng(0).integers(-1000, 1000, (9, 20)).astype(float)
    assert np.array_equal(exact.on_grid(whole.copy()), whole)
    assert exact.coarse(whole) is whole
    single = whole.astype(np.float32)
    assert exact.coarse(single) is single
    for tiny in (np.zeros((3, 3)), np.full((3, 3), 1e-300)):
        assert np.array_equal(exact.on_grid(tiny.copy()), tiny)


def test_blocks_of_rows_are_one_matrix(monkeypatch):
    w = drawn(3)
    whole = exact.on_grid(w.copy())
    monkeypatch.setattr(exact, "_BLOCK", 40)
    assert np.array_equal(exact.on_grid(w.copy()), whole)


@given(st.floats(-1e50, 1e50))
def test_evidence_is_read_to_a_millionth_or_to_25_bits(x):
    read = exact.evidence(np.array([x, 0.0]))
    assert abs(read[0] - x) <= max(2.0**-21, abs(x) * 2.0**-25)
    assert read[1] == 0
    if abs(x) <= 32:
        assert read[0] * 2**20 == np.rint(read[0] * 2**20)


@pytest.mark.parametrize("dtype", ["i1", "i8", "f4", "f8", "u1"])
def test_what_is_among_values_is_found_in_any_type(dtype):
    x = np.array([0, 1, 2, 1], dtype=dtype)
    assert exact.among(x, 1).tolist() == [False, True, False, True]
    assert exact.among(x, 0, 2).tolist() == [True, False, True, False]
    assert not exact.among(x, 0.5, -3.25, 300).any()


def test_no_rounding_decides_a_tie_between_memories():
    a = hf.random_patterns(1, 10, rng=3)[0]
    b = hf.flip(a, 3, rng=4)  # an odd number: 3 a.s = b.s then has solutions
    s = hf.random_patterns(400, 10, rng=4).astype(np.int64)
    mixed = 3 * hf.Hebbian(a[None]) - hf.Hebbian(b[None])
    field = 3 * (s @ a)[:, None] * a - 3 * s - ((s @ b)[:, None] * b - s)
    assert (field == 0).any()
    assert np.array_equal(mixed.field(s) == 0, field == 0)


def test_no_rounding_decides_a_tie_between_a_memory_and_a_bias():
    biased = 49 * hf.hebb(hf.random_patterns(1, 49, rng=5)) + hf.Bias(2.0)
    h = biased.field(hf.random_patterns(500, 49, rng=6))
    assert (h == 0).any()
    assert np.array_equal(h, np.rint(h))


@pytest.mark.parametrize("n", [11, 25, 101])
def test_memories_of_single_patterns_add_up_to_the_memory_of_all(n):
    xi = hf.random_patterns(4, n, rng=n)
    whole = hf.Hebbian(xi)
    parts = hf.hebb(xi[0]) + hf.hebb(xi[1]) + hf.hebb(xi[2]) + hf.hebb(xi[3])
    s = hf.random_patterns(500, n, rng=1)
    assert (whole.field(s) == 0).any()
    assert np.array_equal(whole.field(s), parts.field(s))
    for order in (hf.Sequential(), hf.Sync(), hf.Shuffled()):
        options = {"neuron": hf.Sign(tie="up"), "order": order, "rng": 2}
        a, b = (hf.recall(m, s[:60], **options) for m in (whole, parts))
        assert np.array_equal(a.state, b.state)
        assert np.array_equal(a.why, b.why)


WEIGHTS = {
    "tenths": lambda w: np.round(w, 1),
    "real": lambda w: w,
    "symmetric": lambda w: w + w.T,
    "sparse": lambda w: scipy.sparse.csr_array(np.round(w) * 0.1),
}


@pytest.mark.parametrize("order", [hf.Sync(), hf.Sequential(), hf.Shuffled()])
@pytest.mark.parametrize("kind", WEIGHTS)
def test_real_weights_give_one_cue_what_they_give_a_batch(kind, order):
    memory = hf.Couplings(WEIGHTS[kind](np.random.default_rng(1).normal(size=(40, 40))))
    cues = hf.random_patterns(50, 40, rng=2)
    assert np.array_equal(memory.field(cues), [memory.field(cue) for cue in cues])
    options = {"order": order, "sweeps": 20}
    batch = hf.recall(memory, cues, rng=np.random.default_rng(3), **options)
    rng = np.random.default_rng(3)
    alone = [hf.recall(memory, cue, rng=rng, **options) for cue in cues]
    assert np.array_equal(batch.state, [r.state for r in alone])
    assert batch.why.tolist() == [r.why for r in alone]


def test_the_grid_is_that_of_all_rows_without_the_diagonal():
    w = np.random.default_rng(1).normal(size=(1500, 1500))
    w[1400] *= 2.0**20  # in the last block of rows: its sum sets the grid of all
    before = w.copy()
    np.fill_diagonal(w, 0)
    grid = 2.0 ** (np.ceil(np.log2(np.abs(w).sum(axis=1).max())) - exact.COUPLINGS)
    found = hf.Couplings(before).parts()["weights"]
    assert np.array_equal(found, np.round(w / grid) * grid)
    assert not np.array_equal(found, w)
    assert before[3, 3] != 0  # the caller's
