"""Functions of bits as memories and back, and graphs from elsewhere."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import hopfield as hf
from hopfield import optimise


def bits(n):
    return (np.arange(2**n)[:, None] >> np.arange(n)) & 1


@pytest.mark.parametrize("seed", range(50))
def test_a_function_of_bits_and_its_memory_agree_in_every_state(seed):
    Q = np.random.default_rng(seed).integers(-9, 10, (8, 8))
    x = bits(8)
    cost = np.einsum("ki,ij,kj->k", x, Q, x)
    memory, constant = optimise.qubo(Q)
    assert np.array_equal(memory.energy(2 * x - 1) + constant, cost)
    back, more = optimise.to_qubo(memory)
    assert np.array_equal(np.einsum("ki,ij,kj->k", x, back, x) + more + constant, cost)
    assert np.array_equal(back, back.T)


@pytest.mark.parametrize(
    ("memory", "low"),
    [
        (hf.hebb([[1, -1, 1, 1], [1, 1, -1, 1]]) + hf.Bias([1, 2, 0, -3]), -1),
        (hf.hebb([[1, -1, 1, 1]]).recode(0, 1) + hf.Bias([1, 0, 0, -3]), 0),
        (hf.Couplings(np.ones((4, 4)), self_coupling=True), -1),
    ],
)
def test_every_quadratic_memory_is_a_function_of_bits(memory, low):
    x = bits(4)
    Q, constant = optimise.to_qubo(memory)
    energies = memory.energy(np.where(x == 1, 1, low))
    assert np.allclose(np.einsum("ki,ij,kj->k", x, Q, x) + constant, energies, atol=1e-12)


def lowest(n):
    i = np.arange(1, n + 1)
    Q = (7 * i[:, None] * i + i[:, None] + i + 3 * abs(i[:, None] - i)) % 11 - 5
    memory, constant = optimise.qubo(Q)
    x = bits(n)
    energies = memory.energy(2 * x - 1) + constant
    least = energies.min()
    return least, ["".join(map(str, row)) for row in x[energies == least]]


@pytest.mark.parametrize(
    ("n", "least", "states", "one"),
    [(10, -32, 1, "0110011111"), (14, -48, 2, "01010010111001")],
)
def test_known_least_values_are_found(n, least, states, one):
    found, where = lowest(n)
    assert found == least
    assert len(where) == states
    assert one in where


def test_networkx_graphs_are_cut_and_coloured():
    graph = nx.petersen_graph()
    w = nx.to_numpy_array(graph)
    s = np.random.default_rng(1).choice([-1, 1], (5, 10))
    assert np.array_equal(optimise.cut(graph, s), optimise.cut(w, s))
    assert np.array_equal(optimise.max_cut(graph).energy(s), optimise.max_cut(w).energy(s))
    found = hf.recall(
        optimise.colouring(graph, 3),
        np.zeros(30),
        neuron=hf.Anneal([1, 0.5, 0], hf.Potts(3)),
        rng=1,
    )
    assert found.energy == 0
    weighted = nx.Graph()
    weighted.add_edge("a", "b", weight=2.5)
    assert optimise.cut(weighted, [1, -1]) == 2.5


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        (nx.DiGraph([(0, 1)]), "^weights must be a graph without directions"),
        (nx.Graph([(0, 0), (0, 1)]), "^weights must be symmetric, with an empty diagonal"),
        (nx.empty_graph(1), "^weights must be a graph of two nodes or more"),
    ],
)
def test_graphs_that_cannot_be_cut_are_refused(graph, said):
    with pytest.raises(ValueError, match=said):
        optimise.max_cut(graph)


def test_a_gset_file_is_read_as_it_is_written(tmp_path):
    path = tmp_path / "G.txt"
    path.write_text("4 3 \n1 2 1\n4 2 -1\n3 1 1\n\n")
    w = optimise.read_gset(path)
    assert np.array_equal(w.toarray(), [[0, 1, 1, 0], [1, 0, 0, -1], [1, 0, 0, 0], [0, -1, 0, 0]])
    assert optimise.cut(w, [1, -1, -1, -1]) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3 2\n1 2 1\n", "must hold 2 edges, as its first line says, not 1"),
        ("3 1\n1 4 1\n", "must hold edges between two or more nodes 1 to 3"),
        ("3 1\n0 1 1\n", "must hold edges between two or more nodes 1 to 3"),
        ("3 1\n2 2 1\n", "must not join node 2 with itself"),
        ("3 2\n1 2 1\n2 1 1\n", "must not hold an edge twice"),
        ("3 1\n1 2\n", "must hold n and m, and then three numbers"),
        ("3 1\n1 2 nan\n", "must hold n and m, and then three numbers"),
        ("", "must hold n and m, and then three numbers"),
        ("a graph\n", "must name a text of numbers"),
        ("3 1\n1.5 2 1\n", "must hold edges between two or more nodes 1 to 3"),
    ],
)
def test_a_wrong_gset_file_says_what_is_wrong(tmp_path, text, said):
    path = tmp_path / "G.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=said):
        optimise.read_gset(path)
    with pytest.raises(ValueError, match=r"^path cannot be read"):
        optimise.read_gset(tmp_path / "none.txt")


@pytest.mark.parametrize("Q", [[[1]], [[1, 2]], [1, 2], [[np.nan, 1], [1, 2]]])
def test_what_is_no_function_of_bits_is_refused(Q):
    with pytest.raises(ValueError, match=r"^Q must be"):
        optimise.qubo(Q)


@pytest.mark.parametrize(
    "memory", [hf.dense([[1, -1, 1, 1]]), hf.models.potts([[0, 1, 2]], 3), hf.modern(np.eye(3))]
)
def test_a_memory_that_is_not_quadratic_is_no_function_of_bits(memory):
    with pytest.raises(ValueError, match=r"^memory must be quadratic, of neurons of two states"):
        optimise.to_qubo(memory)
