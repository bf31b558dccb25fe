"""Means of couplings over blocks, beside those of the matrix."""

from __future__ import annotations

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tables import MEMORIES, N

import hopfield as hf
from hopfield.analysis.couplings import block_means


def means_of(w, k):
    edges = np.arange(k + 1) * len(w) // k
    pairs = list(itertools.pairwise(edges))
    return np.array([[w[a:b, c:d].mean() for c, d in pairs] for a, b in pairs])


@pytest.mark.parametrize("k", [1, 2, 3, N])
@pytest.mark.parametrize("name", MEMORIES)
def test_they_are_those_of_the_matrix_where_there_is_one(name, k):
    memory = MEMORIES[name](2)
    for m in (memory, 2 * memory + hf.Bias(0.5), memory.recode(0, 1)):
        form = m.linear()
        if form is None:
            with pytest.raises(TypeError, match="has no couplings between pairs of neurons"):
                block_means(m, k)
        else:
            assert np.allclose(block_means(m, k), means_of(form[0], k), atol=1e-12)


@given(st.integers(2, 40), st.integers(1, 5), st.data())
def test_whole_numbers_give_the_same_bits_in_any_form(n, p, data):
    k = data.draw(st.integers(1, n))
    memory = hf.hebb(hf.random_patterns(p, n, rng=1), allow_repeats=True)
    assert np.array_equal(block_means(memory, k), block_means(memory.dense(), k))


def test_no_matrix_is_made_of_patterns():
    memory = hf.hebb(hf.random_patterns(3, 10_000, rng=1))
    tracemalloc.start()
    block_means(memory, 64)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6  # the matrix takes 800 MB


@pytest.mark.parametrize(
    ("memory", "k", "error", "words"),
    [
        (hf.hebb([[1, -1, 1]]), 0, ValueError, "^k must be between 1 and 3, not 0"),
        (hf.hebb([[1, -1, 1]]), 4, ValueError, "^k must be between 1 and 3, not 4"),
        (hf.hebb([[1, -1, 1]]), 1.5, TypeError, "^k must be an integer"),
        (hf.Bias(1.0), 1, ValueError, "^k must be between 1 and 0"),
        (hf.dense([[1, -1, 1]]), 1, TypeError, "^DenseMemory has no couplings between pairs"),
    ],
)
def test_bad_input_is_refused(memory, k, error, words):
    with pytest.raises(error, match=words):
        block_means(memory, k)
