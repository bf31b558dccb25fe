"""Separation functions: their table, their derivatives, and exact sums of them."""

from __future__ import annotations

import copy
import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tables import SEPARATIONS, N

import hopfield as hf
from hopfield import separation
from hopfield.core.separation import Separation, named, separated, tabulated

functions = pytest.mark.parametrize("name", SEPARATIONS)
STATES = hf.random_patterns(40, N, rng=9)


@pytest.mark.parametrize("f", SEPARATIONS)
def test_a_separation_by_name_is_the_separation(f):
    name, degree = f.split("-")
    xi = hf.random_patterns(3, N, rng=0)
    named = hf.DenseMemory(xi, name, degree=int(degree))
    given_ = hf.DenseMemory(xi, SEPARATIONS[f])
    assert np.array_equal(named.field(STATES), given_.field(STATES))
    assert np.array_equal(named.energy(STATES), given_.energy(STATES))
    assert repr(named) == repr(given_)
    assert named.parts()["separation"] == name


@functions
def test_a_function_is_what_its_row_says(name):
    f = SEPARATIONS[name]
    m, step = np.linspace(-N, N, 41), 1e-6
    slope = (f.f(m + step, N) - f.f(m - step, N)) / (2 * step)
    assert np.allclose(f.derivative(m, N), slope, atol=1e-3 * np.abs(slope).max())
    assert np.allclose(f.f(m, N), f.f(-m, N)) == f.even
    n = min(f.largest_n, 10**6)
    assert np.isfinite(f.f(np.array([-n, n], dtype=float), n)).all()
    assert "doi:" in f.source or "arXiv:" in f.source
    assert repr(f) == (f"{f.name}({f.degree})" if f.degree else f.name)


@functions
def test_a_function_survives_copying(name):
    f = SEPARATIONS[name]
    for twin in (copy.copy(f), copy.deepcopy(f), pickle.loads(pickle.dumps(f))):
        assert twin == f
        assert twin.f(3.0, N) == f.f(3.0, N)


@given(
    st.sampled_from(list(SEPARATIONS)), st.integers(2, 40), st.integers(1, 70), st.integers(0, 9)
)
def test_a_table_of_steps_gives_what_the_function_gives(name, n, p, seed):
    f, rng = SEPARATIONS[name], np.random.default_rng(seed)
    table = tabulated(f, n, p)
    if table is None:
        assert name in ("square-0", "exponential-0")
        return
    values, rises, digit = table
    levels = np.arange(-n, n + 1, 2)
    np.testing.assert_allclose(values, f.f(levels.astype(float), n), rtol=1e-15)
    exactly = f._whole or (lambda m: int(f.f(float(m), n)))
    whole = [exactly(m) for m in levels.tolist()]
    digits = np.atleast_2d(rises).T.tolist()
    found = [sum(d << digit * k for k, d in enumerate(row)) for row in digits]
    assert found == [0, *(b - a for a, b in pairwise(whole)), 0]
    xi, s = rng.choice([-1, 1], (p, n)), rng.choice([-1.0, 1.0], n)
    m = xi @ s
    arguments = xi.T, np.broadcast_to(m, (n, p)), s, n
    found, direct = separated(f, *arguments, rises, digit), separated(f, *arguments)
    if digit:
        np.testing.assert_allclose(found, direct, rtol=1e-13, atol=1e-13 * np.abs(values).max() * p)
    else:
        assert np.array_equal(found, direct)


def test_a_function_goes_up_to_its_largest_n():
    for f in (hf.separation.exponential, hf.separation.power(100), hf.separation.rectified(90)):
        assert named(f, 0, f.largest_n) is f
        with pytest.raises(ValueError, match=f"used up to N = {f.largest_n}$"):
            named(f, 0, f.largest_n + 1)
    assert named("square", 0, 10**9) is hf.separation.square


def test_steps_are_as_wide_as_their_sums():
    assert tabulated(separation.exponential, 5, 1) is None
    values, rises, digit = tabulated(separation.power(3), 100, 3)
    assert (rises.dtype, rises.shape, digit) == (np.int32, (102,), 0)
    assert values.max() == 1e6
    _, rises, digit = tabulated(separation.power(4), 10_000, 10)
    assert (rises.dtype, rises.shape, digit) == (np.int64, (10_002,), 0)
    _, rises, digit = tabulated(separation.power(20), 1000, 500)
    assert (rises.dtype, rises.shape, digit) == (np.int64, (4, 1002), 49)


def test_a_function_of_ones_own_has_a_table_while_floats_hold_it():
    quartic = Separation("own", 0, lambda m, n: m**4, lambda m, n: 4 * m**3, True, 2**20, "a test")
    assert tabulated(quartic, 9000, 10) is not None
    assert tabulated(quartic, 10_000, 10) is None
    assert tabulated(quartic, 9000, 10_000) is None
