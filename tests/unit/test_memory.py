"""Memories: their two forms, their sums, what they cost, and what they are made of."""

from __future__ import annotations

import copy
import itertools
import pickle
import tracemalloc
from contextlib import contextmanager

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, strategies as st
from tables import MEMORIES, SEPARATIONS, N

import hopfield as hf
from hopfield import separation
from hopfield.core.memory import Recoded, Sum

memories = pytest.mark.parametrize("name", MEMORIES)
STATES = hf.random_patterns(40, N, rng=9)


def same(a, b, s=STATES):
    """Tell whether two memories have the same fields and energies, to the bit."""
    return np.array_equal(a.field(s), b.field(s)) and np.array_equal(a.energy(s), b.energy(s))


# ---- Hebb's rule -----------------------------------------------------------------------------


@given(st.integers(1, 8), st.integers(2, 40), st.booleans(), st.integers(0, 99))
def test_hebb_is_its_formula_in_both_forms(p, n, self_coupling, seed):
    xi = hf.random_patterns(p, n, rng=seed)
    memory = hf.hebb(xi, self_coupling=self_coupling, allow_repeats=True)
    w = xi.T.astype(int) @ xi.astype(int)
    if not self_coupling:
        np.fill_diagonal(w, 0)
    s = hf.random_patterns(5, n, rng=seed + 1).astype(int)
    for form in (memory, memory.dense()):
        assert np.array_equal(form.field(s), s @ w / n)
        assert np.array_equal(form.energy(s), -np.einsum("bi,ij,bj->b", s, w, s) / (2 * n))
        assert np.array_equal(form.linear()[0], w / n)


@pytest.mark.parametrize("tie", ["keep", "up", "down", "random"])
@pytest.mark.parametrize("order", [hf.Shuffled(), hf.Sync(), hf.Random()])
def test_hebb_recalls_the_same_in_both_forms(order, tie):
    memory = hf.hebb(hf.random_patterns(12, 48, rng=1))
    cues = hf.blank(hf.random_patterns(30, 48, rng=2), 0.3, rng=3)
    a, b = (
        hf.recall(m, cues, neuron=hf.Sign(tie=tie), order=order, sweeps=20, rng=4)
        for m in (memory, memory.dense())
    )
    assert np.array_equal(a.state, b.state)
    assert np.array_equal(a.energy, b.energy)
    assert np.array_equal(a.why, b.why)


def test_hebb_takes_one_pattern_bools_and_lists_alike():
    xi = hf.random_patterns(1, 6, rng=0)
    for given_ in (xi, xi[0], xi[0].tolist(), xi.tolist(), xi > 0, (xi[0] > 0).tolist(), xi * 1.0):
        assert same(hf.hebb(given_), hf.hebb(xi), hf.random_patterns(9, 6, rng=1))


def test_hebb_of_01_stores_them_as_such():
    x = hf.random_patterns(3, 8, rng=3) > 0
    for given_ in (x, x * 1, x * 1.0):
        w = hf.hebb(given_, coding="01").linear()[0]
        expected = x.T.astype(int) @ x.astype(int) / 8
        np.fill_diagonal(expected, 0)
        assert np.array_equal(w, expected)


def test_a_pattern_stored_twice_counts_twice():
    xi = hf.random_patterns(2, 9, rng=0)
    twice = hf.hebb(np.concatenate([xi, xi[:1]]), allow_repeats=True)
    s = hf.random_patterns(7, 9, rng=1)
    assert np.allclose(twice.field(s), (hf.hebb(xi) + hf.hebb(xi[:1])).field(s))


# ---- what it costs ---------------------------------------------------------------------------


@contextmanager
def peak():
    """Measure the most memory that was held at once, in MB; NumPy reports its arrays."""
    most = []
    tracemalloc.start()
    try:
        yield most
    finally:
        most.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()


def test_two_patterns_of_ten_thousand_neurons_take_no_matrix():
    hf.recall(hf.hebb(np.ones(50)), np.ones(50), rng=0)  # whatever is loaded once
    hf.recall(hf.hebb(np.ones(50)), np.ones(50), order=hf.Sync())
    xi = hf.random_patterns(2, 10_000, rng=0)
    cue = hf.flip(xi[0], 0.25, rng=1)
    with peak() as learning:
        memory = hf.hebb(xi)
    with peak() as recalling:
        one_by_one = hf.recall(memory, cue, rng=2)
        together = hf.recall(memory, cue, order=hf.Sync())
    with peak() as looking:
        memory.energy(xi), memory.field(xi), memory.stable(xi), memory.block_means(5)
    assert np.array_equal(one_by_one.state, xi[0])
    assert np.array_equal(together.state, xi[0])
    assert max(learning[0], recalling[0], looking[0]) < 5


def test_a_matrix_would_be_noticed():
    xi = hf.random_patterns(2, 2000, rng=0)
    with peak() as dense:
        hf.Hebbian(xi).dense()
    with peak() as implicit:
        hf.hebb(xi)
    assert dense[0] > 5 > 25 * implicit[0]


def test_sparse_couplings_stay_sparse():
    n = 20_000
    ring = scipy.sparse.csr_array((np.ones(n), (np.arange(n), np.roll(np.arange(n), 1))))
    hf.recall(hf.Couplings(scipy.sparse.eye_array(5)), np.ones(5), rng=0)
    with peak() as most:
        memory = hf.Couplings(ring)
        hf.recall(memory, np.ones(n), rng=0)
        hf.recall(memory, np.ones(n), order=hf.Sync())
    assert most[0] < 20  # a matrix would be 3,000
    assert memory.weights.nnz == n


# ---- couplings -------------------------------------------------------------------------------

FORMATS = ["csr", "csc", "coo", "dok", "lil", "dia", "bsr"]


@pytest.mark.parametrize("make", [scipy.sparse.csr_array, scipy.sparse.csr_matrix])
@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("dtype", ["f8", "f4", "i1", "i8", "?"])
@pytest.mark.parametrize("symmetric", [True, False])
def test_sparse_couplings_of_every_format_are_the_dense_ones(make, kind, dtype, symmetric):
    rng = np.random.default_rng(1)
    w = np.where(rng.random((N, N)) < 0.5, rng.integers(-4, 5, (N, N)), 0)
    w = (w + w.T if symmetric else w).astype(dtype)
    given_ = make(w).asformat(kind)
    sparse, dense = hf.Couplings(given_), hf.Couplings(w)
    assert sparse.symmetric == dense.symmetric
    assert scipy.sparse.issparse(sparse.weights)
    assert np.array_equal(sparse.weights.toarray(), dense.weights)
    assert np.array_equal(sparse.field(STATES), dense.field(STATES))
    assert np.array_equal(sparse.block_means(3), dense.block_means(3))
    assert np.array_equal(given_.toarray(), w)  # the caller's is left as it was
    for order in (hf.Sequential(), hf.Sync()):
        a, b = (hf.recall(m, STATES, order=order, sweeps=9) for m in (sparse, dense))
        assert np.array_equal(a.state, b.state)
        assert (a.energy is None) == (not dense.symmetric)
        assert np.array_equal(a.energy, b.energy)


def test_entries_given_twice_are_added():
    rows, columns, values = [0, 0, 1, 1, 0], [1, 1, 0, 0, 0], [1.0, 2.0, 1.0, 2.0, 5.0]
    pair = scipy.sparse.coo_array((values, (rows, columns)), shape=(2, 2))
    unsorted = scipy.sparse.csr_array(
        (np.array([5.0, 1.0, 2.0, 1.0, 2.0]), np.array([0, 1, 1, 0, 0]), np.array([0, 3, 5]))
    )
    for given_ in (pair, unsorted):
        memory = hf.Couplings(given_)
        assert memory.weights.toarray().tolist() == [[0, 3], [3, 0]]
        assert memory.field([1, -1]).tolist() == [-3, 3]
        assert memory.symmetric


def test_the_diagonal_is_left_out_unless_it_is_asked_for():
    w = np.array([[5.0, 1.0], [1.0, -3.0]])
    for given_ in (w, scipy.sparse.csr_array(w)):
        without, kept = hf.Couplings(given_), hf.Couplings(given_, self_coupling=True)
        assert without.field([1, -1]).tolist() == [-1, 1]
        assert without.energy([1, -1]) == 1
        assert kept.field([1, -1]).tolist() == [4, 4]
        assert kept.energy([1, -1]) == 0
    assert w[0, 0] == 5


def test_nearly_symmetric_is_asymmetric():
    w = np.array([[0, 1.0], [1 + 1e-12, 0]])
    for given_ in (w, scipy.sparse.csr_array(w)):
        memory = hf.Couplings(given_)
        assert not memory.symmetric
        with pytest.raises(hf.NoEnergy):
            memory.energy([1, 1])


def test_a_divisor_keeps_fields_exact():
    w = np.ones((4, 4))
    assert hf.Couplings(w, divisor=3).field([1, 1, 1, 1]).tolist() == [1, 1, 1, 1]
    assert np.array_equal(hf.Couplings(w, divisor=3).weights, (w - np.eye(4)) / 3)


def test_what_weights_returns_is_the_callers():
    for memory in (
        hf.Couplings(np.ones((3, 3))),
        hf.Couplings(scipy.sparse.csr_array([[0, 1.0], [1, 0]])),
    ):
        w = memory.weights
        w *= 0
        assert memory.field(np.ones(memory.n)).all()


# ---- overlaps --------------------------------------------------------------------------------


@pytest.mark.parametrize("f", SEPARATIONS)
def test_a_separation_by_name_is_the_separation(f):
    name, degree = f.split("-")
    xi = hf.random_patterns(3, N, rng=0)
    named, given_ = hf.Hebbian(xi, name, degree=int(degree)), hf.Hebbian(xi, SEPARATIONS[f])
    assert same(named, given_)
    assert repr(named) == repr(given_)
    assert named.parts()["separation"] == name


def test_power_two_is_square_but_for_its_scale_and_a_constant():
    xi = hf.random_patterns(3, N, rng=0)
    square, power = hf.Hebbian(xi), hf.Hebbian(xi, separation.power(2))
    assert np.allclose(power.field(STATES), 2 * N * square.field(STATES))
    difference = power.energy(STATES) - 2 * N * square.energy(STATES)
    assert np.allclose(difference, difference[0])


def test_high_degrees_and_many_neurons_stay_within_float64():
    for f in (separation.power(40), separation.rectified(60), separation.exponential):
        n = min(f.largest_n, 300)
        xi = hf.random_patterns(5, n, rng=0)
        memory = hf.Hebbian(xi, f)
        for s in (xi, -xi, np.zeros(n)):
            assert np.isfinite(memory.field(s)).all()
            assert np.isfinite(memory.energy(s)).all()
        r = hf.recall(memory, hf.flip(xi[0], 0.2, rng=1), rng=2)
        assert np.array_equal(r.state, xi[0])


@memories
@pytest.mark.parametrize(
    "clone", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_a_memory_survives_copying(name, clone):
    memory = MEMORIES[name](0)
    twin = clone(memory)
    assert np.array_equal(twin.field(STATES), memory.field(STATES))
    if memory.symmetric:
        assert np.array_equal(twin.energy(STATES), memory.energy(STATES))
    a, b = (hf.recall(m, STATES, rng=1, sweeps=5) for m in (memory, twin))
    assert np.array_equal(a.state, b.state)
    assert a.kernel == b.kernel


# ---- biases, sums, factors -------------------------------------------------------------------


def test_a_bias_of_one_number_is_that_of_each_neuron():
    m = hf.hebb(hf.random_patterns(2, N, rng=0))
    assert same(m + hf.Bias(0.5), m + hf.Bias(np.full(N, 0.5)))
    assert same(m + hf.Bias(0.5), hf.Bias(0.5) + m)
    assert same(hf.Bias(0.5, N), hf.Bias(np.full(N, 0.5)))
    assert hf.Bias(0.5, N).field(STATES).tolist() == np.full(STATES.shape, 0.5).tolist()
    assert hf.Bias([1.0, 2.0]).energy([[1, -1], [1, 1]]).tolist() == [1, -3]


def test_a_bias_is_its_own_copy():
    values = np.ones(3)
    memory = hf.Bias(values)
    values[0] = 7
    memory.field([1, 1, 1])[1] = 7
    assert memory.field([1, 1, 1]).tolist() == [1, 1, 1]


def test_sums_are_flat_and_factors_multiply():
    a, b, c = (hf.hebb(hf.random_patterns(2, N, rng=k)) for k in range(3))
    total = (a + b) - 2 * (c - 3 * a)
    assert isinstance(total, Sum)
    assert total.memories == [a, b, c, a]
    assert total.factors == [1, 1, -2, 6]
    expected = a.field(STATES) + b.field(STATES) - 2 * c.field(STATES) + 6 * a.field(STATES)
    assert np.allclose(total.field(STATES), expected)
    assert ((-total).factors, (a - b).factors) == ([-1, -1, 2, -6], [1, -1])
    assert not (a - a).field(STATES).any()
    assert not (0 * a).energy(STATES).any()


@pytest.mark.parametrize("two", [2, 2.0, np.float64(2), np.int8(2), np.float32(2), np.uint64(2)])
def test_a_number_of_any_kind_times_a_memory_is_a_memory(two):
    m = hf.hebb(hf.random_patterns(2, N, rng=0))
    for product in (two * m, m * two):
        assert isinstance(product, Sum)
        assert same(product, m + m)


@pytest.mark.parametrize("coding", ["bipolar", "01"])
@pytest.mark.parametrize("n", [40, 300])
def test_a_sum_of_hebbs_memories_is_recalled_as_one(n, coding):
    xi = hf.random_patterns(9, n, rng=1) > 0
    one = hf.Hebbian(xi, coding=coding) + hf.Bias(0.25)
    many = sum((hf.Hebbian(xi[k : k + 3], coding=coding) for k in (0, 3, 6)), hf.Bias(0.25))
    neuron = hf.Sign() if coding == "bipolar" else hf.Sign(0, 1)
    cues = np.where(hf.flip(hf.bipolar(xi), 0.2, rng=2) > 0, 1, neuron.low)
    for order in (hf.Shuffled(), hf.Sync(), hf.Sequential()):
        a, b = (hf.recall(m, cues, neuron=neuron, order=order, rng=3) for m in (one, many))
        assert np.array_equal(a.state, b.state)
        assert np.array_equal(a.sweeps, b.sweeps)
        assert a.kernel == b.kernel
    assert " + " in hf.recall(one + 2 * one, cues, neuron=neuron, rng=1).kernel


@memories
def test_a_sum_is_the_sum_of_its_parts(name):
    m, other = MEMORIES[name](0), hf.hebb(hf.random_patterns(2, N, rng=5))
    total = 2 * m - other
    assert np.allclose(total.field(STATES), 2 * m.field(STATES) - other.field(STATES))
    assert np.allclose(total.gradient(STATES), 2 * m.gradient(STATES) - other.gradient(STATES))
    assert total.symmetric == m.symmetric
    if m.symmetric:
        assert np.allclose(total.energy(STATES), 2 * m.energy(STATES) - other.energy(STATES))
    if m.linear() is not None:
        assert np.allclose(total.block_means(3), 2 * m.block_means(3) - other.block_means(3))


# ---- every memory ----------------------------------------------------------------------------


@memories
def test_where_the_field_is_linear_linear_says_so(name):
    for memory in (MEMORIES[name](1), MEMORIES[name](1).recode(0, 3)):
        form = memory.linear()
        rng = np.random.default_rng(0)
        s = rng.choice([0.0, 3.0], (20, N)) if isinstance(memory, Recoded) else STATES
        if "power-2" in name:
            assert form is None  # it is linear, and does not say so
        elif form is None:
            bent = memory.field(s[0]) + memory.field(s[1]) - memory.field(s[0] + s[1])
            assert np.abs(bent - memory.field(np.zeros(N))).max() > 1e-3
        else:
            w, b = form
            assert (w.shape, b.shape) == ((N, N), (N,))
            assert np.allclose(s @ w.T + b, memory.field(s))


@memories
def test_shapes_follow_the_state(name):
    memory = MEMORIES[name](0)
    for lead in ((), (1,), (3,), (2, 3)):
        s = np.broadcast_to(STATES[0], (*lead, N))
        assert memory.field(s).shape == memory.gradient(s).shape == (*lead, N)
        assert np.array_equal(memory.field(s), np.broadcast_to(memory.field(STATES[0]), s.shape))
        if memory.symmetric:
            assert np.shape(memory.energy(s)) == lead
    if memory.symmetric:
        assert isinstance(memory.energy(STATES[0]), float)
    assert isinstance(memory.stable(STATES[0]), bool)
    expected = (STATES * memory.field(STATES) > 0).all(axis=1)
    assert np.array_equal(memory.stable(STATES), expected)


@memories
def test_a_memory_says_what_it_is_in_one_line(name):
    text = repr(MEMORIES[name](0))
    assert "object at" not in text
    assert "\n" not in text
    assert len(text) < 100


@memories
def test_parts_rebuild_a_memory(name):
    memory = MEMORIES[name](0).recode(0, 2)
    twin = Recoded(**memory.parts())
    inner = type(memory.memory)(**memory.memory.parts())
    assert np.array_equal(twin.field(STATES + 1), memory.field(STATES + 1))
    assert np.array_equal(inner.field(STATES), memory.memory.field(STATES))


@memories
@pytest.mark.parametrize("states", [(0, 1), (-0.25, 3.0), (0.1, 0.7), (-0.09, 1.53)])
def test_recoding_there_and_back_changes_nothing(name, states):
    memory = MEMORIES[name](2)
    low, high = states
    coded = np.where(STATES > 0, high, low)
    other = memory.recode(low, high)
    if memory.symmetric:
        assert np.array_equal(other.energy(coded), memory.energy(STATES))
    back = (high - low) / 2 * other.field(coded)
    assert np.allclose(back, memory.field(STATES), rtol=1e-12)
    assert np.array_equal(memory.recode(-1, 1).field(STATES), memory.field(STATES))


@pytest.mark.parametrize("order", [hf.Sequential(), hf.Shuffled(), hf.Random(), hf.Sync()])
@pytest.mark.parametrize("states", [(0, 1), (0.1, 0.7), (-0.09, 1.53), (-3, -1.3)])
@pytest.mark.parametrize("tie", ["keep", "up", "down", "random"])
def test_recall_in_other_states_is_the_same_recall(order, states, tie):
    low, high = states
    memory = hf.hebb(hf.random_patterns(3, 20, rng=0))
    cues = hf.blank(hf.random_patterns(20, 20, rng=1), 4, rng=2)  # ties and unknowns among them
    values = np.array([low, (low + high) / 2, high])
    plain = hf.recall(memory, cues, neuron=hf.Sign(tie=tie), order=order, rng=3)
    other = hf.recall(
        memory.recode(low, high),
        values[cues + 1],
        neuron=hf.Sign(low, high, tie=tie),
        order=order,
        rng=3,
    )
    assert np.array_equal(values[plain.state.astype(int) + 1], other.state)
    assert np.array_equal(plain.why, other.why)
    assert np.array_equal(plain.undecided, other.undecided)
    assert np.array_equal(plain.energy, other.energy)


@given(st.integers(2, 9), st.data())
def test_block_means_of_any_cut(n, data):
    k = data.draw(st.integers(1, n))
    w = np.random.default_rng(n).integers(-3, 4, (n, n))
    np.fill_diagonal(w, 0)
    edges = np.arange(k + 1) * n // k
    expected = [
        [w[a:b, c:d].mean() for c, d in itertools.pairwise(edges)]
        for a, b in itertools.pairwise(edges)
    ]
    for memory in (hf.Couplings(w), hf.Couplings(scipy.sparse.csr_array(w))):
        assert np.allclose(memory.block_means(k), expected)
        assert np.allclose((2 * memory + hf.Bias(1)).block_means(k), 2 * np.array(expected))
    assert not hf.Bias(1.0, n).block_means(k).any()


def test_a_cursor_follows_each_replica_for_itself():
    for name in MEMORIES:
        memory = MEMORIES[name](0)
        cursor = memory.open(STATES[:3])
        cursor.set(2, -STATES[1, 2], row=1)
        expected = STATES[:3].astype(float)
        expected[1, 2] *= -1
        assert np.array_equal(cursor.state, expected)
        for row in range(3):
            h = [cursor.field_at(i, row) for i in range(N)]
            assert np.allclose(h, memory.field(expected[row]))


def test_uniform_weights_are_uniform_and_no_memory():
    w = hf.uniform_weights(200, rng=0, low=-1, high=3)
    assert (w.min() >= -1) & (w.max() < 3)
    assert abs(w.mean() - 1) < 4 * (4 / np.sqrt(12)) / 200
    counts = np.histogram(w, 20, (-1, 3))[0]
    chi2 = ((counts - 2000) ** 2 / 2000).sum()
    assert 5.4 < chi2 < 43.9  # 99.9 % of chi squared with 19 degrees of freedom
    assert abs(np.corrcoef(w[np.triu_indices(200, 1)], w.T[np.triu_indices(200, 1)])[0, 1]) < 0.03
    assert not hf.Couplings(w).symmetric
