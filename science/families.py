"""Families of patterns: who recalls the member, and who only the family."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import hopfield as hf

from .figure import Figure, Work, mean

SOURCE = "Parga & Virasoro (1986), doi:10.1051/jphys:0198600470110185700; simulated anew"
N, LEAST = 500, 0.0006


def overlaps_in_a_tree_of_patterns() -> Iterator[Figure]:
    xi = hf.random_patterns(10, 20_000, rng=0)
    tree = hf.patterns.examples(hf.patterns.examples(xi, 4, 0.7, rng=1), 5, 0.8, rng=2)
    error = 3.3 / np.sqrt(20_000 * 10)
    between = {
        "with its parent's pattern": (hf.overlap(tree, xi[:, None, None]), 0.7 * 0.8),
        "of siblings": (hf.overlap(tree[:, :, 1:], tree[:, :, :1]), 0.8**2),
        "of cousins": (hf.overlap(tree[:, 1:], tree[:, :1]), 0.7**2 * 0.8**2),
        "of strangers": (hf.overlap(tree[1:], tree[:1]), 0.0),
    }
    for what, (found, known) in between.items():
        yield Figure(f"overlap {what}", float(np.mean(found)), known, error)


def families_of_five() -> Iterator[Figure]:
    hebb = _recalled(5, 5, 0.7, hf.hebb)
    yield Figure("Hebb, members fixed", float(np.mean(hebb[0])), 0.0, 0.01)
    yield mean("Hebb, overlap with the member", hebb[1], 0.711, 0.002)
    yield mean("Hebb, overlap with the family", hebb[2], 0.940, 0.004)
    apart = _recalled(5, 5, 0.7)
    yield mean("hierarchical, members fixed", apart[0], 0.945, 0.024)
    yield mean("hierarchical, overlap with the member", apart[1], 0.9998, LEAST)
    yield mean("hierarchical, overlap with the family", apart[2], 0.699, 0.003)
    # What is known is 40 of 40: one more or less is 0.025.
    yield mean("hierarchical, families fixed", apart[3], 1.0, 0.025)


def more_members_and_other_families() -> Iterator[Figure]:
    projection = _recalled(5, 5, 0.7, hf.learning.pseudo_inverse)
    yield Figure("pseudo-inverse, members fixed", float(np.mean(projection[0])), 1.0, 0.0)
    yield mean("pseudo-inverse, overlap with the member", projection[1], 1.0, LEAST)
    yield mean("pseudo-inverse, overlap with the family", projection[2], 0.699, 0.003)
    hebb = _recalled(5, 10, 0.7, hf.hebb)
    yield mean("5 of 10, Hebb, overlap with the member", hebb[1], 0.700, 0.002)
    yield mean("5 of 10, Hebb, overlap with the family", hebb[2], 0.987, 0.003)
    apart = _recalled(5, 10, 0.7)
    yield mean("5 of 10, hierarchical, members fixed", apart[0], 0.47, 0.06)
    yield mean("5 of 10, hierarchical, overlap with the member", apart[1], 0.988, 0.002)
    apart = _recalled(10, 5, 0.7)
    yield mean("10 of 5, hierarchical, members fixed", apart[0], 0.35, 0.03)
    hebb = _recalled(5, 5, 0.4, hf.hebb)
    yield mean("5 of 5 less alike, Hebb, members fixed", hebb[0], 0.31, 0.05)
    yield mean("5 of 5 less alike, Hebb, overlap with the member", hebb[1], 0.781, 0.018)
    apart = _recalled(5, 5, 0.4)
    yield mean("5 of 5 less alike, hierarchical, members fixed", apart[0], 0.98, 0.01)


def _recalled(families, members, quality, rule=None, times=12):
    """Return, for each of some networks, the members fixed; from 5 % flips the overlaps with the
    member and with its ancestor; and the ancestors fixed. Without a rule, learn by families."""
    found = []
    for seed in range(times):
        xi = hf.random_patterns(families, N, rng=seed)
        seen = hf.patterns.examples(xi, members, quality, rng=seed)
        rows = seen.reshape(-1, N)
        memory = rule(rows) if rule else hf.learning.hierarchical(seen, xi)
        ends = hf.recall(memory, hf.flip(rows, 0.05, rng=seed), rng=seed).state
        found.append(
            (
                memory.stable(rows).mean(),
                hf.overlap(ends, rows).mean(),
                hf.overlap(ends.reshape(seen.shape), xi[:, None]).mean(),
                memory.stable(xi).mean(),
            )
        )
    return np.transpose(found)


WORKS = [
    Work(overlaps_in_a_tree_of_patterns, "by construction"),
    Work(families_of_five, SOURCE),
    Work(more_members_and_other_families, SOURCE, slow=True),
]
