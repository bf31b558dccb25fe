"""Bad input to landscapes and laws: refused in one sentence that says what came."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import landscape
from tests.bad import M, X, refuses

CASES = {
    "all fixed points of graded neurons": (
        lambda: landscape.fixed_points(M, neuron=hf.Graded(1)),
        ValueError,
        "^neuron must have two states",
    ),
    "starts of Potts neurons": (
        lambda: landscape.basins(M, neuron=hf.Potts(5)),
        ValueError,
        "^neuron must have two states",
    ),
    "too many neurons to enumerate": (
        lambda: landscape.fixed_points(hf.hebb(np.ones(26))),
        ValueError,
        "^memory must have at most 25 neurons .*not 26",
    ),
    "too many neurons for all basins": (
        lambda: landscape.basins(hf.hebb(np.ones(21))),
        ValueError,
        "^memory must have at most 20 neurons .*samples=1000",
    ),
    "starts and samples": (
        lambda: landscape.basins(M, X, samples=5),
        ValueError,
        "^give starts or samples, not both",
    ),
    "starts of three dimensions": (
        lambda: landscape.basins(M, X[None]),
        ValueError,
        r"^starts must be \(B, N\)",
    ),
    "several states to count": (
        lambda: landscape.basins(M).count_of(X),
        ValueError,
        r"^state must be one state",
    ),
    "several states to identify": (
        lambda: landscape.identify(X, X),
        ValueError,
        r"^state must be one state .* \(3, 5\)",
    ),
    "patterns of four dimensions to identify": (
        lambda: landscape.identify(X[0], X[None, None]),
        ValueError,
        r"^patterns must be rows \(P, N\)",
    ),
    "laws by brute force beyond 8 neurons": (
        lambda: hf.testing.boltzmann_chi2(hf.hebb(np.ones(9))),
        ValueError,
        "^memory .* not 9",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_single_case(case):
    refuses(*CASES[case])
