"""Real images: which memory holds the digits of scikit-learn and MNIST, and what comes back."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf
from hopfield import gallery, learning
from hopfield.lessons.gallery import choosing

from .published import near_share

PAGE = Path(__file__).parents[2] / "book" / "choosing.md"


@cache
def mnist(n):
    return hf.pictures.mnist(n)


def fixed(rule, xi):
    return int(np.sum(learning.RULES[rule].learn(xi).stable(xi)))


def test_hebbs_rule_holds_the_first_two_or_three_digits_of_ten():
    digits = hf.pictures.digits(10)
    assert [fixed("hebb", digits[:p]) for p in (2, 3, 4, 10)] == [2, 3, 0, 0]
    assert [fixed("hebb", mnist(10)[:p]) for p in (2, 3, 10)] == [2, 0, 0]


@pytest.mark.parametrize(
    ("rule", "kept"), [("hebb", 0), ("storkey", 1), ("pseudo_inverse", 10), ("adatron", 10)]
)
def test_of_ten_of_mnist_a_rule_holds_as_many(rule, kept):
    assert fixed(rule, mnist(10)) == kept


def test_ten_of_mnist_overlap_by_two_thirds():
    xi = mnist(10).astype(float)
    overlaps = (xi @ xi.T / 784)[np.triu_indices(10, 1)]
    assert overlaps.mean() == pytest.approx(0.6669, abs=5e-5)


@pytest.mark.parametrize(("rule", "back"), [("hebb", 0), ("pseudo_inverse", 10)])
def test_upper_halves_of_ten_of_mnist(rule, back):
    xi = mnist(10)
    cues = hf.blank(xi, slice(392, None))
    ends = hf.recall(learning.RULES[rule].learn(xi), cues, rng=0).state
    assert (ends == xi).all(axis=1).sum() == back


def exact(beta, cues, goals):
    """Return which goals one update of a modern memory of all 5,000 gives exactly."""
    memory = hf.modern(mnist(5000).astype(np.float32), beta)
    return (memory.gradient(cues) * goals > 0).all(axis=1)


def left_halves(xi):
    cues = xi.reshape(-1, 28, 28).copy()
    cues[:, :, 14:] = 0
    return cues.reshape(len(xi), -1)


@pytest.mark.parametrize(
    ("beta", "cut", "share"),
    [
        (0.1, lambda xi: hf.blank(xi, slice(392, None)), 0.6918),
        (0.05, lambda xi: hf.blank(xi, slice(392, None)), 0.0008),
        (1.0, left_halves, 0.9934),
    ],
    ids=["upper", "upper, smaller beta", "left"],
)
@pytest.mark.slow
def test_halves_of_all_five_thousand(beta, cut, share):
    xi = mnist(5000)
    assert exact(beta, cut(xi), xi).mean() == pytest.approx(share, abs=0.0004)  # nothing is drawn


@pytest.mark.parametrize(("flips", "share"), [(0.3, 0.931), (0.4, 0.249)])
def test_flipped_pixels_of_five_thousand(flips, share):
    xi = mnist(5000)[:1000]
    ok, seen = near_share(exact(1.0, hf.flip(xi, flips, rng=0), xi), share, 0.001)
    assert ok, seen


def test_the_page_prints_what_is_computed():
    rows = re.findall(r"^\| (?!Memory|:?-|\s)([^|]+?) \|(.*)\|$", PAGE.read_text(), flags=re.M)
    assert [name for name, _ in rows] == list(choosing.MEMORIES)
    printed = [[x.strip() for x in row.split("|")] for _, row in rows]
    printed = np.array([[float(x.replace("–", "nan")) for x in row] for row in printed])
    found = 100 * gallery.choices().reshape(printed.shape)
    assert np.array_equal(np.isnan(printed), np.isnan(found))
    assert np.nanmax(np.abs(printed - found)) <= 0.5 + 1e-9
