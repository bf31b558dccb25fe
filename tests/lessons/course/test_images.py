"""E8 to E12: pictures of 10,000 neurons."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

import hopfield as hf
from hopfield.lessons.course import images


def test_e10_the_cue_has_the_values_of_the_page():
    rng = np.random.default_rng(0)
    cue = images.noisy(images.words()[1] > 0, rng)
    counts = dict(zip(*np.unique(cue, return_counts=True), strict=True))
    expected = {-1: 2950, 0: 2050, 1: 2950, 2: 2050}
    for value, n in expected.items():
        assert counts[value] == pytest.approx(n, abs=3.3 * np.sqrt(n / 2))


def test_e12_every_cue_gives_bu_in_one_step_a_hundred_times():
    memory = hf.hebb(images.words()[:2])
    rng = np.random.default_rng(7)
    for _ in range(100):
        cues = images.cues(rng)
        assert len(cues) == 7
        for name, cue in cues.items():
            state = images.one_step(memory, cue, hf.Sign()).state
            assert np.array_equal(state, images.words()[0]), name


PEAK = """
import hopfield as hf
BU, BC, star = hf.pictures.large("BU", "BC", "star")
cue = hf.blank(hf.flip(BU, 0.25, rng=1), slice(5000, None))
for memory in (hf.hebb([BU, BC]), hf.hebb([BU, BC, star]), hf.hebb([BU > 0], coding="01")):
    for order in (hf.Sync(), hf.Shuffled()):
        assert hf.recall(memory, cue, order=order, rng=2).why == "fixed point"
print(hf.tour.peak_mb())
"""


def test_the_ten_thousand_neuron_cells_take_less_than_200_mb():
    """The page takes 7,900; one matrix of 10,000 x 10,000 float64 alone would be 800.

    The page's own cells move all neurons together and load no Numba, whose compiler alone takes
    some 120 to 180 MB; one at a time is measured without it.
    """
    env = {**os.environ, "HOPFIELD_ENGINES": "fallback"}
    done = subprocess.run(
        [sys.executable, "-c", PEAK], capture_output=True, text=True, check=True, env=env
    )
    assert float(done.stdout) < 200
