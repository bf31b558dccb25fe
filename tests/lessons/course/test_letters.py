"""E6, E7 and E15: letters, their fixed points and the tie rules."""

from __future__ import annotations

import math

import numpy as np
import pytest

import hopfield as hf
from hopfield.lessons.course import letters


def test_e6_the_six_fixed_points_by_looking_at_every_state():
    """Not by the branching of `fixed_points`: the fields of all 2**25 states, in integers."""
    xi = letters.letters().astype(np.int16)
    w = xi.T @ xi - 3 * np.eye(25, dtype=np.int16)
    (low,) = hf.landscape.all_states(12)
    (high,) = hf.landscape.all_states(13)
    from_low, from_high = low @ w[:12], high @ w[12:]
    found = []
    for s, h in zip(high, from_high, strict=True):  # its 13 neurons, and 4,096 states of the rest
        field = from_low + h
        ok = (field[:, :12] * low >= 0).all(axis=1) & (field[:, 12:] * s >= 0).all(axis=1)
        found += [np.concatenate([row, s]) for row in low[ok]]
    points = np.array(found)
    assert len(points) == 6
    energies = np.sort(np.rint(25 * hf.hebb(xi).energy(points)))
    assert energies.tolist() == [-448, -448, -424, -424, -304, -304]
    ours = hf.landscape.fixed_points(hf.hebb(xi))
    assert {p.tobytes() for p in points} == {p.tobytes() for p in ours}


@pytest.mark.parametrize(
    ("letter", "shares"),
    [
        ("X", {"up": 0.414, "down": 0.623, "keep": 0.603}),
        ("A", {"up": 0.801, "down": 0.800, "keep": 0.830}),
    ],
)
def test_e7_one_at_a_time_in_random_order(letter, shares):
    xi = letters.letters()
    k = letters.NAMES.index(letter)
    cues = hf.flip(np.repeat(xi[k : k + 1], 20_000, axis=0), 5, rng=1)
    for tie, share in shares.items():
        r = hf.recall(hf.hebb(xi), cues, neuron=hf.Sign(tie=tie), rng=2)
        got = (r.state == xi[k]).all(axis=1).mean()
        assert got == pytest.approx(share, abs=0.007 + 3.3 * 0.5 / np.sqrt(20_000))


def test_e7_shares_as_published():
    published = {
        1: (0.520, 0.880),
        2: (0.650, 0.650),
        3: (0.4296, 0.7348),
        4: (0.4254, 0.5498),
        5: (0.3015, 0.6482),
        6: (0.2810, 0.4869),
    }
    for k, (total, up, keep) in letters.BY_FLIPS.items():
        assert total == math.comb(25, k)
        assert (up / total, keep / total) == pytest.approx(published[k], abs=1e-4)


def test_e7_the_first_ten_digits_break_hebb():
    digits = hf.pictures.digits(10)
    fixed = [int(np.sum(hf.hebb(digits[:p]).stable(digits[:p]))) for p in (2, 3, 4, 10)]
    assert fixed == [2, 3, 0, 0]
    unstable = (digits * hf.hebb(digits).field(digits) < 0).sum(axis=1)
    assert unstable.tolist() == [11, 8, 9, 12, 10, 8, 8, 13, 9, 6]
