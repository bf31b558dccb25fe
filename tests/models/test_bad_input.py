"""Bad input to models: refused in one sentence that names the argument and says what came."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import models, optimise
from tests.bad import M, X, refuses

POTTS = models.potts([[0, 1, 2, 3, 0, 1]], 4)

CASES = {
    "keys without values": (
        lambda: models.associate(X, X[:2]),
        ValueError,
        r"^keys and values .* \(3, 5\) and \(2",
    ),
    "pairs of which one is missing": (
        lambda: models.bam(X, X[:2]),
        ValueError,
        "^a and b must be as many patterns, not 3 and 2",
    ),
    "a sequence of one": (lambda: hf.sequence(X[:1]), ValueError, "^patterns must be 2 or more"),
    "one real pattern without its row": (
        lambda: hf.modern(X[0]),
        ValueError,
        r"^patterns must be rows .* \(5,\)",
    ),
    "no beta": (lambda: hf.modern(X, 0), ValueError, "^beta must be above 0, not 0"),
    "a state beyond q": (
        lambda: models.potts([[0, 3]], 3),
        ValueError,
        r"^states must be rows of 0 \.\.\. 2",
    ),
    "states that are not whole": (
        lambda: models.one_hot([0.5], 3),
        TypeError,
        "^states must be integers, not float64",
    ),
    "sites of no neuron": (
        lambda: models.from_one_hot(np.ones(7), 3),
        ValueError,
        "^sites must be a multiple of 3",
    ),
    "signs of 0/1 in a modern memory": (
        lambda: hf.recall(hf.modern(X), X[0] > 0, neuron=hf.Sign(0, 1)),
        ValueError,
        "^neuron has the states",
    ),
    "a sum for neurons of several q": (
        lambda: POTTS + models.potts([[0, 1] * 4], 3),
        ValueError,
        "^memories must have one q of the neurons",
    ),
    "energy of a sequence": (
        lambda: hf.sequence(X).energy(X[0]),
        hf.NoEnergy,
        "^this Associations has no energy",
    ),
    "energy of potentials": (
        lambda: models.Potentials(M, 1).energy(X[0]),
        hf.NoEnergy,
        "^Potentials have no energy",
    ),
    "a delay of what is no memory": (
        lambda: models.Delayed(M, np.eye(5), 1),
        TypeError,
        "^late must be a memory",
    ),
    "a delay of another N": (
        lambda: models.Delayed(M, hf.hebb([[1, -1]]), 1),
        ValueError,
        "^now and late .* 5 and 2",
    ),
    "potentials of what is no memory": (
        lambda: models.Potentials(np.eye(5), 1),
        TypeError,
        "^memory must be a memory",
    ),
    "a graph of one-way edges": (
        lambda: optimise.max_cut([[0, 1], [0, 0]]),
        ValueError,
        "^weights must be symmetric",
    ),
    "a graph that is no square": (
        lambda: optimise.colouring(X, 2),
        ValueError,
        r"^adjacency .* square .* \(3, 5\)",
    ),
    "two cities": (lambda: optimise.tsp(1 - np.eye(2)), ValueError, "^distances .* 3 or more"),
    "outputs of other cities": (
        lambda: optimise.tours(np.ones(8), 3),
        ValueError,
        "^outputs must be of 9 neurons",
    ),
    "a tour of other cities": (
        lambda: optimise.tour_length(1 - np.eye(3), [0, 1, 3]),
        ValueError,
        "^tour must be int",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_single_case(case):
    refuses(*CASES[case])
