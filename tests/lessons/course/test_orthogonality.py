"""E2 and E3: the law of the overlap of random patterns."""

from __future__ import annotations

import numpy as np
import pytest

from hopfield.lessons.course import orthogonality
from hopfield.theory.orthogonality import overlap_distribution


def test_e2_and_e3_the_law_of_the_overlap():
    q, p = overlap_distribution(100)
    assert p.sum() == pytest.approx(1)
    assert (p * q).sum() == pytest.approx(0, abs=1e-12)
    assert (p * q**2).sum() == pytest.approx(100)
    assert (p * q**4).sum() / 100**2 == pytest.approx(2.98)
    assert p[q == 0][0] == pytest.approx(0.079589, abs=5e-7)
    assert p[np.abs(q) >= 20].sum() == pytest.approx(0.056888, abs=5e-7)
    q, p = overlap_distribution(100, 50)
    assert (q.min(), q.max()) == (0, 100)
    assert (p * q).sum() == pytest.approx(50)
    assert (p * (q - 50) ** 2).sum() == pytest.approx(50)
    assert p[q <= 0].sum() == pytest.approx(2.0**-50)


@pytest.mark.parametrize("shared", [0, 50, 100])
def test_e2_and_e3_samples_follow_the_law(shared):
    q = orthogonality.overlap_sums(100_000, shared, rng=3)
    values, p = overlap_distribution(100, shared)
    seen = np.array([(q == v).sum() for v in values])
    assert seen.sum() == q.size
    enough = p * q.size >= 5
    chi2 = (((seen - p * q.size) ** 2) / (p * q.size))[enough].sum()
    freedom = enough.sum() - 1
    assert chi2 <= freedom + 3.3 * np.sqrt(2 * freedom) + 4


def test_e2_a_hundred_pairs_as_on_the_page():
    outside = 0
    for seed in range(400):
        q = orthogonality.overlap_sums(100, rng=seed)
        outside += not (abs(q.mean()) <= 3.3 and 58 <= q.var() <= 155)
    assert outside <= 4  # 99.9 % bounds: 0.8 are expected
