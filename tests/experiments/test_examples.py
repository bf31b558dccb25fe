"""Learning from examples gives what its theory says; its figures are in ``science``."""

from __future__ import annotations

import pytest

from hopfield.experiments import EXPERIMENTS
from hopfield.theory import examples
from tests.experiments.small import near, run


@pytest.mark.parametrize("supervised", [True, False])
def test_archetypes_are_recalled_as_the_theory_says(supervised):
    parameters = {"N": 1000, "alpha": 0.02, "M": 40, "quality": 0.5, "supervised": supervised}
    point = run(EXPERIMENTS["Examples"], 6, **parameters)
    # Overlaps of 1,000 neurons are those of many to 0.002.
    ok, figures = near(point, "overlap", EXPERIMENTS["Examples"](**parameters).theory(), 0.0006)
    assert ok, figures
    ok, figures = near(point, "once", examples.one_step(0.02, 40, 0.5, supervised), 0.0006)
    assert ok, figures
