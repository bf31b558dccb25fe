"""Short answers: which patterns are alike, and what was recalled."""

from __future__ import annotations

import hopfield as hf
from hopfield.analysis.summary import closest


def test_the_most_alike_of_many_patterns_is_found():
    xi = hf.random_patterns(600, 200, rng=1)
    xi[570] = -hf.flip(xi[301], 20, rng=1)
    assert closest(xi) == (301, 570, -0.8)
