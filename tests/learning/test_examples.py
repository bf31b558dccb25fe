"""Classes of examples: their means and their differences, stored as the equations say."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import hopfield as hf
from hopfield import learning
from tests.bad import refuses

FAMILIES = hf.patterns.examples(hf.random_patterns(3, 40, rng=1), 4, 0.6, rng=2)


def test_the_means_of_classes_are_stored_by_hebbs_rule():
    means = FAMILIES.mean(axis=1)
    w = means.T @ means / 40
    np.fill_diagonal(w, 0)
    np.testing.assert_allclose(learning.archetypes(FAMILIES).weights, w, atol=1e-15)


def test_classes_of_one_are_hebbs_rule_itself():
    xi = hf.random_patterns(3, 30, rng=1)
    memory = learning.archetypes(xi[:, None])
    assert (memory.weights == hf.hebb(xi).dense().weights).all()


def test_unlike_classes_weigh_the_same_and_no_tie_is_decided_by_rounding():
    classes = [[[1, 1, -1, 1]] * 3, [[1, -1, -1, 1], [1, 1, 1, 1]], [[-1, 1, 1, 1]] * 7]
    memory = learning.archetypes(classes)
    means = [[Fraction(sum(column), len(c)) for column in zip(*c, strict=True)] for c in classes]
    exact = sum(m[0] * m[1] for m in means) / 4
    assert memory.weights[0, 1] == float(exact)
    assert memory.divisor == 4 * 42**2


def test_an_archetype_that_was_never_shown_is_recalled_and_more_exactly_when_told_the_classes():
    xi = hf.random_patterns(50, 1000, rng=1)
    seen = hf.patterns.examples(xi, 25, 0.5, rng=2)
    told = hf.recall(learning.archetypes(seen), xi, rng=3).state
    alone = hf.recall(hf.hebb(seen.reshape(-1, 1000)), xi, rng=3).state
    assert hf.overlap(told, xi).mean() > hf.overlap(alone, xi).mean() > 0.93


def test_families_are_stored_as_ancestors_and_differences():
    xi = hf.random_patterns(3, 40, rng=1)
    rows = FAMILIES.reshape(-1, 40)
    pairs = [(i, j) for i in range(4) for j in range(i)]
    r = [np.sqrt(np.mean([hf.overlap(x[i], x[j]) for i, j in pairs])) for x in FAMILIES]
    r = np.repeat(r, 4)[:, None]
    apart = (rows - r * np.repeat(xi, 4, axis=0)) / np.sqrt(1 - r**2)
    w = (xi.T.astype(float) @ xi + apart.T @ apart) / 40
    np.fill_diagonal(w, 0)
    np.testing.assert_allclose(learning.hierarchical(FAMILIES, xi).weights, w, atol=1e-12)


def test_an_ancestor_that_is_not_given_is_what_most_members_are():
    five = hf.patterns.examples(hf.random_patterns(3, 40, rng=1), 5, 0.6, rng=2)
    most = np.sign(five.sum(axis=1, dtype=int))
    same = learning.hierarchical(five).weights == learning.hierarchical(five, most).weights
    assert same.all()
    tied = [[[1, 1, -1], [1, -1, 1]], [[-1, 1, 1], [1, 1, 1]]]
    first = learning.hierarchical(tied, [[1, 1, -1], [-1, 1, 1]])
    assert (learning.hierarchical(tied).weights == first.weights).all()


def test_members_are_told_apart_where_hebbs_rule_merges_them():
    seen = hf.patterns.examples(hf.random_patterns(5, 500, rng=1), 5, 0.7, rng=2)
    rows = seen.reshape(-1, 500)
    assert not hf.hebb(rows).stable(rows).any()
    assert learning.hierarchical(seen).stable(rows).mean() > 0.8


def test_families_may_be_alike_to_different_degrees():
    for seed in range(3):
        xi = hf.random_patterns(4, 1000, rng=seed)
        close, wide = (
            hf.patterns.examples(x, 4, r, rng=seed) for x, r in ((xi[:2], 0.95), (xi[2:], 0.3))
        )
        fixed = learning.hierarchical([*close, *wide], xi).stable(np.concatenate([close, wide]))
        assert fixed.mean() > 0.9


def test_classes_may_be_bools_lists_and_of_unlike_sizes():
    a, b = np.array([[True, False, True]]), np.array([[1, 1, -1], [1, -1, 1]])
    assert learning.archetypes([a, b]).n == 3
    assert learning.hierarchical(([[1, -1, 1], [1, 1, 1]], b)).n == 3


TWO = [[[1, -1], [1, 1]], [[1, 1], [-1, 1]]]
REFUSED = {
    "no class": (lambda: learning.archetypes([]), "examples must hold a class at least"),
    "rows": (lambda: learning.archetypes(np.ones((3, 4))), r"classes of examples, \(K, M, N\)"),
    "a class without examples": (
        lambda: learning.archetypes([[[1, -1]], np.ones((0, 2))]),
        r"examples\[1\] must not be empty",
    ),
    "classes without examples": (
        lambda: learning.archetypes(np.ones((3, 0, 4))),
        "examples must not be empty",
    ),
    "unlike neurons": (
        lambda: learning.archetypes([[[1, -1]], [[1, -1, 1]]]),
        r"examples\[1\] must be rows of as many neurons",
    ),
    "a row for a class": (lambda: learning.archetypes([[1, -1]]), r"examples\[0\] must be rows"),
    "zeros and ones": (lambda: learning.archetypes([[[0, 1]]]), r"examples\[0\] must be -1 or \+1"),
    "one neuron": (lambda: learning.archetypes([[[1]], [[-1]]]), "2 neurons at least"),
    "a number": (lambda: learning.archetypes(3), r"not of shape \(\)"),
    "a family of one": (
        lambda: learning.hierarchical([*TWO, [[1, 1]]]),
        r"examples\[2\] must have 2 members at least",
    ),
    "members all alike": (
        lambda: learning.hierarchical([[[1, -1], [1, -1]]]),
        r"examples\[0\] must differ within the family",
    ),
    "too few ancestors": (
        lambda: learning.hierarchical(TWO, [[1, -1]]),
        r"ancestors must be \(2, 2\), a row a family, not \(1, 2\)",
    ),
    "ancestors of zeros": (
        lambda: learning.hierarchical(TWO, [[0, 1], [1, 0]]),
        r"ancestors must be -1 or \+1",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_are_no_classes_is_refused(case):
    call, words = REFUSED[case]
    refuses(call, ValueError, words)
