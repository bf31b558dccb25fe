"""Problems with constraints: their energies count what they say, and annealing solves them."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

import hopfield as hf
from hopfield import optimise
from hopfield.models import from_one_hot, one_hot

# Hopfield and Tank's ten cities (1985, doi:10.1007/BF00339943), whose shortest tour is 2.6907.
CITIES = np.array(
    [
        [0.4, 0.4439],
        [0.2439, 0.1463],
        [0.1707, 0.2293],
        [0.2293, 0.761],
        [0.5171, 0.9414],
        [0.8732, 0.6536],
        [0.6878, 0.5219],
        [0.8488, 0.3609],
        [0.6683, 0.2536],
        [0.6195, 0.2634],
    ]
)


def annealed(memory, q, hot, sweeps=200, runs=20, **options):
    neuron = hf.Anneal(np.linspace(hot, 0, sweeps), hf.Potts(q))
    cue = options.pop("cue", np.zeros(memory.n))
    cues = np.tile(cue, (runs, 1))
    return hf.recall(memory, cues, neuron=neuron, sweeps=2 * sweeps, rng=1, **options)


def test_the_energy_of_queens_counts_the_pairs_that_attack():
    columns = np.array([*product(range(4), repeat=4)])
    pairs = [(i, j) for i in range(4) for j in range(i)]
    attacks = sum(
        (columns[:, i] == columns[:, j]) | (abs(columns[:, i] - columns[:, j]) == i - j)
        for i, j in pairs
    )
    energies = optimise.queens(4).energy(one_hot(columns, 4))
    assert np.array_equal(energies, attacks)
    assert (energies == 0).sum() == 2  # and their mirror images are each other


@pytest.mark.parametrize("n", [4, 5, 8, 12])
def test_queens_are_placed(n):
    r = annealed(optimise.queens(n), n, 1.0)
    assert (r.energy == 0).mean() > 0.3
    columns = from_one_hot(r.state[r.energy == 0], n)
    assert np.array_equal(np.sort(columns, axis=1), np.tile(np.arange(n), (len(columns), 1)))


def test_a_sudoku_is_solved_with_what_is_given_held():
    rows = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
    given = np.array([0 if c == "." else int(c) for c in rows])
    cue, clamp = one_hot(given - 1, 9), np.repeat(given > 0, 9)
    r = annealed(optimise.sudoku(), 9, 1.0, 400, cue=cue, clamp=clamp)
    solved = from_one_hot(r.state[r.energy == 0], 9)[0] + 1
    assert np.array_equal(solved[given > 0], given[given > 0])
    grid = solved.reshape(9, 9)
    boxes = grid.reshape(3, 3, 3, 3).swapaxes(1, 2).reshape(9, 9)
    for lines in (grid, grid.T, boxes):
        assert np.array_equal(np.sort(lines, axis=1), np.tile(np.arange(1, 10), (9, 1)))


def test_the_cheapest_assignment_is_found():
    costs = np.random.default_rng(0).integers(0, 50, (6, 6))
    memory = optimise.assignment(costs)
    orders = np.array([*permutations(range(6))])
    assert np.array_equal(
        memory.energy(one_hot(orders, 6)), costs[np.arange(6), orders].sum(axis=1)
    )
    r = annealed(memory, 6, 20.0)
    assert r.energy.min() == costs[linear_sum_assignment(costs)].sum()
    taken = np.sort(from_one_hot(r.state, 6), axis=1)
    assert np.array_equal(taken, np.tile(np.arange(6), (20, 1)))  # no job twice, in any run


def test_parts_are_even_and_their_cut_is_small():
    blocks = np.kron(np.eye(3), 1 - np.eye(5))  # three cliques
    blocks[[0, 5, 5, 10], [5, 0, 10, 5]] = 1  # and two edges between them
    memory = optimise.partition(blocks, 3)
    r = annealed(memory, 3, 8.0)
    parts = from_one_hot(r.state, 3)
    sizes = np.array([np.bincount(p, minlength=3) for p in parts])
    assert (sizes == 5).all()
    cuts = (blocks * (parts[:, :, None] != parts[:, None, :])).sum(axis=(1, 2)) / 2
    assert cuts.min() == 2
    penalty = 1.25 * blocks.sum(axis=1).max()
    within = (sizes * (sizes - 1) / 2).sum(axis=1)
    assert np.allclose(r.energy, cuts + penalty * within - blocks.sum() / 2)


def test_every_run_ends_in_a_tour_and_the_best_is_nearly_the_shortest():
    d = np.sqrt(((CITIES[:, None] - CITIES) ** 2).sum(axis=2))
    memory = optimise.round_trip(1000 * d)  # of any unit
    r = annealed(memory, 10, 1.0, 400)
    lengths = optimise.tour_length(d, from_one_hot(r.state, 10))
    assert not np.isnan(lengths).any()
    assert 2.6906 < lengths.min() < 2.9
    assert np.allclose(r.energy * d.max(), lengths)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: optimise.queens(1), "^n must be 2 or more"),
        (lambda: optimise.sudoku(6), "^box must be between 2 and 5"),
        (lambda: optimise.assignment([[1, 2]]), "^costs must be a square matrix"),
        (lambda: optimise.assignment(np.eye(3), -1), "^penalty must be above 0"),
        (lambda: optimise.partition([[0, 1], [0, 0]]), "^weights must be symmetric"),
        (lambda: optimise.round_trip(1 - np.eye(2)), "^distances must be .* 3 or more"),
        (lambda: optimise.round_trip(1 - np.eye(3), 0), "^penalty must be above 0"),
        (lambda: optimise.queens(10**6), "^n must ask for"),
    ],
)
def test_what_is_no_such_problem_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
