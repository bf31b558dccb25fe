"""Cases of the course: what each checks holds, at several seeds, and a check can fail."""

from __future__ import annotations

import numpy as np
import pytest

from hopfield import course

EXACT = ("E5", "E6", "E7", "E8", "E9", "E14")  # nothing in their checks is drawn


@pytest.mark.parametrize("name", course.CASES)
def test_the_tour_finds_what_it_expects(name):
    """The exact checks at every seed; of the statistical ones a false alarm is 1 in 1,000."""
    seeds = (0,) if name in EXACT else range(4)
    failed = [c for seed in seeds for c in course.CASES[name].run(seed).checks if not c.ok]
    exact = [c for c in failed if "±" not in c.expected and "trials" not in c.what]
    assert not exact
    assert len(failed) <= 1, failed


def test_the_cases_are_fifteen_in_order():
    assert list(course.CASES) == [f"E{k}" for k in range(1, 16)]
    for name, case in course.CASES.items():
        assert case.name == name
        assert case.title
        assert case.page


def test_a_check_notices_what_is_wrong():
    out = course.Outcome()
    out.exact("integers", 3, 4)
    out.near("values", 1.0, 1.2, 0.1)
    out.mean("means", 0.0, np.random.default_rng(0).normal(0.5, 1, 1000))
    out.share("shares", 0.5, 600, 1000)
    assert [check.ok for check in out.checks] == [False] * 4
    out.share("shares", 0.58, 600, 1000)
    assert out.checks[-1].ok


def test_consistent_is_wrong_as_rarely_as_it_says():
    rng = np.random.default_rng(0)
    for p in (0.5, 0.99, 0.9996):
        hits = rng.binomial(2000, p, 4000)
        kept = np.mean([course.consistent(p, int(h), 2000) for h in hits])
        assert kept > 0.997
        assert not course.consistent(p, int(2000 * (p - 0.05)), 2000)
