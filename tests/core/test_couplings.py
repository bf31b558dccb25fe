"""Pair couplings: dense and sparse, what they keep, and whom they are written for."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from tables import N

import hopfield as hf
from hopfield.base.checks import LARGEST
from tests.bad import ASYMMETRIC, RAGGED, refuses
from tests.core.costs import peak

STATES = hf.random_patterns(40, N, rng=9)
FORMATS = ["csr", "csc", "coo", "dok", "lil", "dia", "bsr"]


def test_sparse_couplings_stay_sparse():
    n = 20_000
    ring = scipy.sparse.csr_array((np.ones(n), (np.arange(n), np.roll(np.arange(n), 1))))
    hf.recall(hf.Couplings(scipy.sparse.eye_array(5)), np.ones(5), rng=0)
    with peak() as most:
        memory = hf.Couplings(ring)
        hf.recall(memory, np.ones(n), rng=0)
        hf.recall(memory, np.ones(n), order=hf.Sync())
    assert most[0] < 100  # a matrix would be 3,000; kernels that are loaded meanwhile take some
    assert memory.weights.nnz == n


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


def test_a_divisor_keeps_fields_exact():
    w = np.ones((4, 4))
    assert hf.Couplings(w, divisor=3).field([1, 1, 1, 1]).tolist() == [1, 1, 1, 1]
    assert np.array_equal(hf.Couplings(w, divisor=3).weights, (w - np.eye(4)) / 3)


def test_whole_couplings_held_in_single_precision_give_exact_fields_of_evidence():
    xi = hf.random_patterns(5, 64, rng=1)
    memory = hf.hebb(xi)
    states = np.round(np.random.default_rng(2).normal(size=(3, 64)) * 2**20) / 2**20
    for s in (states, xi, 0.5 * xi):
        assert np.array_equal(memory.dense().numerators(s), memory.numerators(s))


def test_real_couplings_count_in_full_where_all_neurons_are_in_a_state():
    w = np.random.default_rng(1).normal(size=(N, N))
    memory, rows = hf.Couplings(w + w.T), np.arange(3)
    cursor = memory.open(STATES[:3])
    assert cursor.exact
    assert np.array_equal(cursor.fields(rows), memory.field(STATES[:3]))
    assert not memory.open(0.3 * STATES[:3]).exact


def test_the_least_divisor_is_the_one_that_is_said():
    assert hf.Couplings(np.ones((2, 2)), divisor=1 / LARGEST).weights[0, 1] == LARGEST


def test_what_weights_returns_is_the_callers():
    for memory in (
        hf.Couplings(np.ones((3, 3))),
        hf.Couplings(scipy.sparse.csr_array([[0, 1.0], [1, 0]])),
    ):
        w = memory.weights
        w *= 0
        assert memory.field(np.ones(memory.n)).all()


def test_uniform_weights_are_uniform_and_no_memory():
    w = hf.uniform_weights(200, rng=0, low=-1, high=3)
    assert (w.min() >= -1) & (w.max() < 3)
    assert abs(w.mean() - 1) < 4 * (4 / np.sqrt(12)) / 200
    counts = np.histogram(w, 20, (-1, 3))[0]
    chi2 = ((counts - 2000) ** 2 / 2000).sum()
    assert 5.4 < chi2 < 43.9  # 99.9 % of chi squared with 19 degrees of freedom
    assert abs(np.corrcoef(w[np.triu_indices(200, 1)], w.T[np.triu_indices(200, 1)])[0, 1]) < 0.03
    assert not hf.Couplings(w).symmetric


def test_couplings_say_whom_they_are_written_for():
    w = np.ones((6, 6))
    plain, named = hf.Couplings(w), hf.Couplings(w, neuron=hf.Potts(3), order=hf.Sync())
    assert (plain.neuron, plain.order) == (hf.Sign(), hf.Shuffled())
    assert (named.neuron, named.order) == (hf.Potts(3), hf.Sync())
    assert not {"neuron", "order"} & plain.parts().keys()
    again = hf.Couplings(**named.parts())
    assert (again.neuron, again.order) == (named.neuron, named.order)
    assert hf.recall(named, np.zeros(6)).undecided == 2


CASES = {
    "W that is not square": (
        lambda: hf.Couplings(np.ones((2, 3))),
        ValueError,
        r"^weights .* square.* \(2, 3\)",
    ),
    "W of one dimension": (lambda: hf.Couplings([1, 2]), ValueError, r"^weights .* \(2,\)"),
    "W of one neuron": (lambda: hf.Couplings([[1]]), ValueError, "^weights .* 2 neurons, not 1"),
    "W of no neuron": (lambda: hf.Couplings([]), ValueError, "^weights must not be empty"),
    "W with nan": (lambda: hf.Couplings([[0, np.nan], [1, 0]]), ValueError, "^weights .* nan"),
    "W with infinity": (lambda: hf.Couplings([[0, np.inf], [1, 0]]), ValueError, "^weights .* inf"),
    "W complex": (lambda: hf.Couplings(np.eye(2) * 1j), TypeError, "^weights .* complex128"),
    "W of text": (lambda: hf.Couplings([["a", "b"]]), TypeError, "^weights .* str"),
    "W ragged": (lambda: hf.Couplings(RAGGED), ValueError, "^weights .* rows of one length"),
    "sparse W that is not square": (
        lambda: hf.Couplings(scipy.sparse.eye_array(2, 3)),
        ValueError,
        r"^weights .* \(2, 3\)",
    ),
    "sparse W of one dimension": (
        lambda: hf.Couplings(scipy.sparse.coo_array([1, 2])),
        ValueError,
        r"^weights .* \(2,\)",
    ),
    "sparse W of one neuron": (
        lambda: hf.Couplings(scipy.sparse.eye_array(1)),
        ValueError,
        r"^weights .* \(1, 1\)",
    ),
    "sparse W with nan": (
        lambda: hf.Couplings(scipy.sparse.csr_array([[0, np.nan], [1, 0]])),
        ValueError,
        "^weights .* nan",
    ),
    "sparse W complex": (
        lambda: hf.Couplings(scipy.sparse.csr_array((2, 2), dtype=complex)),
        TypeError,
        "^weights .* complex128",
    ),
    "the class of sparse matrices": (
        lambda: hf.Couplings(scipy.sparse.csr_array),
        TypeError,
        "^weights .* object",
    ),
    "a divisor next to nothing": (
        lambda: hf.Couplings(np.eye(2), divisor=5e-324),
        ValueError,
        "^divisor must .* 5e-324",
    ),
    "divisor 0": (
        lambda: hf.Couplings(np.eye(2), divisor=0),
        ValueError,
        "^divisor must be positive.* not 0",
    ),
    "energy of asymmetric W": (lambda: ASYMMETRIC.energy([1, 1]), hf.NoEnergy, "not symmetric"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_a_sentence(case):
    refuses(*CASES[case])


@pytest.mark.parametrize("low", [-1.0, 0.0])
def test_an_energy_of_nothing_is_no_negative_zero(low):
    memory = hf.Couplings(np.zeros((2, 2))).recode(low, 1.0)
    for energy in (memory.energy([1, 1]), hf.recall(memory, [1, 1], rng=0).energy):
        assert not np.signbit(energy)
