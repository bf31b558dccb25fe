"""Models: what they are made of, and how their states are read."""

from __future__ import annotations

import copy
import itertools
import pickle

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, strategies as st
from tables import MEMORIES, N

import hopfield as hf
from hopfield import models, optimise
from hopfield.analysis.couplings import block_means

STATES = hf.random_patterns(6, N, rng=9)


@pytest.mark.parametrize("name", ["modern entmax", "modern of signs", "sequence", "bam"])
def test_a_model_comes_back_from_a_file(name, tmp_path):
    memory = MEMORIES[name](1)
    hf.save(tmp_path / "m.npz", memory)
    again = hf.load(tmp_path / "m.npz")
    assert type(again) is type(memory)
    assert np.array_equal(again.field(STATES), memory.field(STATES))
    assert repr(again) == repr(memory)


def test_memories_that_hold_memories_come_back_from_a_file(tmp_path):
    xi = hf.random_patterns(3, 4, rng=1)
    for memory in (hf.sequence(xi, delay=2), models.Potentials(hf.hebb(xi), 2.0, 0, 1)):
        hf.save(tmp_path / "m.npz", memory)
        s = hf.random_patterns(1, memory.n, rng=2)[0]
        assert np.array_equal(hf.load(tmp_path / "m.npz").field(s), memory.field(s))


@given(st.integers(1, 5), st.integers(2, 9), st.integers(0, 99), st.booleans())
def test_associations_are_their_matrix(p, n, seed, self_coupling):
    keys, values = hf.random_patterns((2, p), n, rng=seed)
    memory = models.Associations(keys, values, self_coupling=self_coupling)
    w = values.T.astype(float) @ keys
    if not self_coupling:
        np.fill_diagonal(w, 0)
    dense = hf.Couplings(w, divisor=n, self_coupling=self_coupling)
    s = hf.random_patterns(3, n, rng=seed + 1)
    assert np.array_equal(memory.linear()[0], w / n)
    assert np.array_equal(memory.field(s), dense.field(s))
    assert np.allclose(block_means(memory, 2), block_means(dense, 2))
    for order in (hf.Sync(), hf.Shuffled()):
        a, b = (hf.recall(m, s, order=order, sweeps=9, rng=1) for m in (memory, dense))
        assert np.array_equal(a.state, b.state)
        assert np.array_equal(a.why, b.why)


@given(st.integers(2, 5), st.integers(1, 6), st.integers(0, 99))
def test_one_hot_and_back(q, n, seed):
    states = np.random.default_rng(seed).integers(-1, q, size=(3, n))
    sites = models.one_hot(states, q)
    assert sites.shape == (3, n * q)
    assert np.array_equal(sites.sum(axis=1), (states >= 0).sum(axis=1))
    assert np.array_equal(models.from_one_hot(sites, q), states)


def test_patterns_of_float32_are_kept_and_read_in_float64_where_they_would_overflow():
    x = np.array([[1, -2], [0.5, 4]], dtype=np.float32)
    assert hf.modern(x).patterns.dtype == np.float32
    assert hf.modern(x.astype(int)).patterns.dtype == np.float64
    near = hf.modern(x).gradient([0.2, 0.1])
    assert near == pytest.approx(hf.modern(x.astype(float)).gradient([0.2, 0.1]), rel=1e-6)
    for memory in (hf.modern(x, 1e40), hf.modern(x * np.float32(1e30))):
        assert np.array_equal(memory.gradient([1e30, 1e20]), memory.patterns[0])


def test_equal_scores_tie_exactly_in_a_modern_memory():
    up = [[1, 1, 1, 1], [1, 1, -1, 1], [1, -1, -1, 1]]
    down = [[-1, -1, 1, -1], [-1, 1, 1, 1], [-1, 1, 1, -1]]  # as near to the state, in turn
    x = np.array(up + down)
    for attention in ("softmax", "sparsemax", "entmax"):
        for order in itertools.permutations(range(6)):
            assert hf.modern(x[list(order)], 0.3, attention).field([1, 1, 1, 1])[0] == 0


def test_a_cue_of_graded_neurons_is_taken_as_it_is():
    cue = [1 / 3, -1e-9]
    run = hf.Run(hf.modern(np.eye(2)), cue, neuron=hf.Linear(), order=hf.Sync())
    assert run.state.tolist() == cue
    run.set([1], [1e-12])
    assert run.state.tolist() == [1 / 3, 1e-12]


def test_basins_of_graded_neurons_are_told_apart_from_given_starts():
    memory = hf.modern(np.array([[2.0, 0], [0, 2.0]]), 2.0)
    starts = np.random.default_rng(0).uniform(0, 2, (40, 2))
    found = hf.landscape.basins(memory, starts, neuron=hf.Linear(), order=hf.Sync(), sweeps=999)
    assert len(found.counts) == 2
    assert found.counts.sum() == 40
    assert set(found.why) == {"fixed point"}


@given(st.permutations(range(5)), st.integers(0, 99))
def test_a_tours_energy_is_its_length(cities, seed):
    d = np.random.default_rng(seed).random((5, 5))
    d = d + d.T - np.diag(2 * d.diagonal())
    v = np.zeros((5, 5))
    v[cities, range(5)] = 1
    tour = optimise.tours(v.ravel(), 5)
    assert tour.tolist() == list(cities)
    memory = optimise.tsp(d, C=10, D=3, size=5)
    length = optimise.tour_length(d, tour)
    constant = 10 / 2 * 5**2  # of C/2 (sum - n)**2
    assert memory.energy(v.ravel()) + constant == pytest.approx(3 * length)
    v[0] = 0
    assert (optimise.tours(v.ravel(), 5) == -1).all()
    assert np.isnan(optimise.tour_length(d, optimise.tours(v.ravel(), 5)))


def test_a_cuts_energy_is_its_weight():
    w = np.abs(np.random.default_rng(0).normal(size=(8, 8)))
    w = np.triu(w, 1) + np.triu(w, 1).T
    s = hf.random_patterns(20, 8, rng=1)
    brute = [sum(w[i, j] for i in range(8) for j in range(i) if x[i] != x[j]) for x in s]
    assert optimise.cut(w, s) == pytest.approx(brute)
    assert optimise.max_cut(w).energy(s) == pytest.approx(w.sum() / 4 - np.array(brute))


@pytest.mark.parametrize("kind", ["csr_array", "csc_matrix", "coo_array", "bsr_array", "dia_array"])
def test_a_sparse_graph_is_cut_and_coloured_as_the_whole_matrix(kind):
    w = np.triu(np.random.default_rng(1).integers(-2, 3, (12, 12)), 1)
    w = w + w.T
    graph = getattr(scipy.sparse, kind)(w)
    s = hf.random_patterns(9, 12, rng=2).reshape(3, 3, 12)
    memory = optimise.max_cut(graph)
    assert scipy.sparse.issparse(memory.weights)
    assert np.array_equal(memory.energy(s), optimise.max_cut(w).energy(s))
    assert np.array_equal(optimise.cut(graph, s), optimise.cut(w, s))
    assert optimise.cut(graph, s[0, 0]) == optimise.cut(w, s[0, 0])
    colours = models.one_hot(np.random.default_rng(3).integers(3, size=(5, 12)), 3)
    sparse, dense = optimise.colouring(graph, 3), optimise.colouring(w, 3)
    assert scipy.sparse.issparse(sparse.weights)
    assert np.array_equal(sparse.energy(colours), dense.energy(colours))
    assert np.array_equal(graph.toarray(), w)
    for make in (
        optimise.max_cut,
        lambda x: optimise.cut(x, s),
        lambda x: optimise.colouring(x, 3),
    ):
        with pytest.raises(ValueError, match=r"^(weights|adjacency) must be symmetric"):
            make(scipy.sparse.csr_array(np.triu(w)))
        with pytest.raises(ValueError, match=r"^(weights|adjacency) must be a square matrix"):
            make(scipy.sparse.csr_array(w[:3]))


def test_a_potts_memory_keeps_its_q_in_a_file_and_takes_neurons_of_it(tmp_path):
    memory = models.potts([[0, 1, 2, 2]], 3)
    hf.save(tmp_path / "potts.npz", memory)
    again = hf.load(tmp_path / "potts.npz")
    cue = models.one_hot([0, 1, 2, -1], 3)
    with pytest.raises(ValueError, match="q = 2 states, but memory is written for 3"):
        hf.recall(again, cue, neuron=hf.Potts(2))
    r = hf.recall(again, cue, neuron=hf.Potts(3), rng=1)
    assert models.from_one_hot(r.state, 3).tolist() == [0, 1, 2, 2]


def test_a_sequence_that_is_no_cycle_ends_with_its_last_pattern():
    xi = hf.random_patterns(5, 300, rng=1)
    for delay in (0, 2):
        ends = hf.sequence(xi, cyclic=False, delay=delay)
        r = hf.recall(ends, xi[1], rng=1)
        assert r.why == "fixed point"
        assert hf.overlap(r.state[:300], xi[4]) == 1
        on = hf.recall(hf.sequence(xi, delay=delay), xi[1], rng=1)  # the control: a cycle goes on
        assert on.why == f"{5 * (delay + 1)}-cycle"


@pytest.mark.parametrize("shape", [(60,), (4, 60), (6, 10), (4, 6, 10)])
def test_a_delay_line_begins_with_the_past_of_its_cue(shape):
    xi = hf.random_patterns(3, 60, rng=1)
    memory = hf.sequence(xi, delay=3)
    cue = hf.random_patterns(4, 60, rng=2)
    cue = cue.reshape(shape) if shape[0] == 4 else cue[0].reshape(shape)
    tiled = np.tile(cue.reshape(-1, 60) if shape[0] == 4 else cue.ravel(), 4)
    keep = {"updates": 5, "record": hf.record.states()}
    assert hf.recall(memory, cue, **keep) == hf.recall(memory, tiled, **keep)
    with pytest.raises(ValueError, match=r"^cue must have 240 neurons"):
        hf.recall(memory, np.ones(61))


def clustered(dtype):
    """Draw unit vectors in clusters, whose attention is shared, and cues near some of them."""
    draws = np.random.default_rng(0)

    def unit(x):
        return x / np.linalg.norm(x, axis=1, keepdims=True)

    centres = unit(draws.normal(size=(20, 128)))
    x = unit(centres[draws.integers(20, size=400)] + 0.5 * unit(draws.normal(size=(400, 128))))
    return x.astype(dtype), unit(x[:50] + 0.3 * unit(draws.normal(size=(50, 128))))


def test_attention_settles_whatever_its_numbers_are():
    ends = {}
    for dtype in (np.float32, np.float64):
        x, cues = clustered(dtype)
        memory = hf.modern(x, 20.0)
        for m in (memory, 0.5 * (memory + memory)):
            r = hf.recall(m, cues, neuron=hf.Linear(), order=hf.Sync())
            assert (r.why == "fixed point").all()
            ends[dtype] = r.state
        assert memory.gradient(cues).dtype == dtype
    assert np.abs(ends[np.float32] - ends[np.float64]).max() < 1e-4
    # the control: by the tolerance of float64 those of float32 go on for ever
    x, cues = clustered(np.float32)
    s = cues
    for _ in range(200):
        last, s = s, hf.modern(x, 20.0).gradient(s)
    assert (np.abs(s - last).max(axis=1) > 1e-9).any()


def test_what_is_asked_of_an_attention_later_is_of_the_state_that_came_out():
    x, cues = clustered(np.float64)
    memory = hf.modern(x, 20.0)
    run = hf.Run(memory, cues)
    run.step(2)
    early, same = run.result(), run.result()
    run.finish()
    assert (early.why == "ran out of updates").any()
    assert np.array_equal(early.period == 1, early.why == "fixed point")
    own = hf.Linear().energy
    assert np.allclose(early.energy, memory.energy(early.state) + own(early.state))
    for clone in (pickle.loads(pickle.dumps(same)), copy.deepcopy(same), copy.copy(same)):
        assert clone == early
    assert run.result().energy.tolist() == run.energy().tolist()
    with pytest.raises(AttributeError, match=r"^Recall has no attribute 'energies'"):
        early.energies  # noqa: B018
