"""Warnings name the line that led to them, outside of the package."""

from __future__ import annotations

import pytest

import hopfield as hf
from hopfield.base.warned import warn


def test_a_warning_names_the_users_line_however_deep_it_arises():
    xi = hf.random_patterns(30, 50, rng=1)
    with pytest.warns(UserWarning, match="capacity") as said:
        hf.hebb(xi, capacity="warn")
    with pytest.warns(RuntimeWarning, match="late") as here:
        warn("late", RuntimeWarning)
    assert [w.filename for w in (*said, *here)] == [__file__] * 2
