"""E5: all 32 starts of five neurons."""

from __future__ import annotations

import numpy as np
import pytest

import hopfield as hf
from hopfield import course
from hopfield.lessons.course import five


@pytest.mark.parametrize("tie", ["down", "up", "keep"])
def test_e5_all_thirty_two_starts(tie):
    reach = {"down": (15, 17), "up": (17, 15), "keep": (16, 16)}[tie]
    b = five.basins(tie)
    assert (b.count_of(five.XI), b.count_of(-five.XI)) == reach
    assert b.counts.sum() == 32
    assert set(b.why) == {"fixed point"}


def test_e5_one_at_a_time():
    assert five.share_one_at_a_time("down") == pytest.approx(0.453125)
    assert five.share_one_at_a_time("up") == pytest.approx(0.546875)
    assert five.share_one_at_a_time("keep") == pytest.approx(0.5)
    starts = np.repeat(next(hf.landscape.all_states(5)), 500, axis=0)
    ends = hf.recall(
        hf.hebb(five.XI), starts, neuron=hf.Sign(tie="down"), order=hf.Random(), rng=1
    ).state
    assert course.consistent(0.453125, int((ends == five.XI).all(axis=1).sum()), len(starts))
