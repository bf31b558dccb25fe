"""E1: a random network of 20 neurons."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hopfield import course
from hopfield.lessons.course import network
from hopfield.theory import visits


def test_e1_the_network_fills_up_as_often_and_as_soon_as_it_must():
    assert visits.all_visited_random(20, 20, 199, 1) == pytest.approx(0.999630, abs=5e-7)
    r = network.raster(20_000, rng=1)
    assert course.consistent(0.999630, int((r.state == 1).all(axis=1).sum()), 20_000)
    off = np.arange(20)
    weights = np.array([math.comb(20, k) for k in off]) / 2**20
    mean = weights @ [visits.mean_time(20, k) for k in off] / weights.sum()
    assert mean == pytest.approx(58.09, abs=0.3)
    assert network.mean_arrival() == pytest.approx(58.4, abs=3.3 * 24 / np.sqrt(20_000))


def test_e1_as_the_page_had_it_every_column_holds_one():
    changed = 0
    for seed in range(300):
        s, start = network.raster_as_page(rng=seed)
        assert s.shape == (200, 20)
        if start.sum() > 1:
            assert (s[1:].sum(axis=1) == 1).all()
        changed += (s[0] != start).any()
    assert course.consistent(0.5, int(changed), 300)
