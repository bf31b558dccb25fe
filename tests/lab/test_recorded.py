"""How the page's lab begins, and the run that is recorded for a first visit."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf
from hopfield.lab.bits import to_state

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
import recorded  # noqa: E402

FITTED = ROOT / "web" / "tests" / "fitted.json"
N = recorded.SIDE**2


@pytest.fixture(scope="module")
def first():
    return recorded.first()


def states(first):
    return [to_state(base64.b64decode(frame["bits"]), N) for frame in first["frames"]]


def test_the_recorded_run_is_one_of_the_package(first):
    drawn = {one["name"]: recorded.fitted(one["bits"], one["side"]) for one in recorded.pictures()}
    xi = np.array([drawn[name] for name in recorded.NAMES])
    begin, *_, end = states(first)
    assert (begin != xi[0]).sum() == recorded.FLIPPED * N
    assert np.array_equal(end, xi[0])
    found = hf.recall(hf.hebb(xi), begin, order=hf.Shuffled(), rng=first["lab"]["seed"])
    assert np.array_equal(found.state, end)
    energies = [frame["energy"] for frame in first["frames"]]
    assert energies == sorted(energies, reverse=True)
    assert energies[-1] == pytest.approx(found.energy)
    assert "fell into the memory “BU”" in first["frames"][-1]["words"]


def test_the_recording_is_short_and_names_its_pictures(first):
    assert 15 <= len(first["frames"]) <= 25
    assert len(json.dumps(first, allow_nan=False)) < 40e3
    assert [source for _, source in first["lab"]["patterns"]] == [
        {"picture": name} for name in recorded.NAMES
    ]


# The same fits as web/tests/link.test.ts asks for, whose front end fits the pictures again.
@pytest.mark.parametrize("case", json.loads(FITTED.read_text()), ids=lambda case: case["side"])
def test_a_picture_is_fitted_to_the_grid_as_the_front_end_does(case):
    ink = np.unpackbits(np.frombuffer(base64.b64decode(case["fitted"]), np.uint8), count=N)
    assert case["to"] == recorded.SIDE
    assert np.array_equal(recorded.fitted(case["bits"], case["side"]), hf.bipolar(ink > 0))


@pytest.mark.parametrize("side", [5, 14, 50, 100])
def test_a_picture_is_fitted_to_the_grid(side):
    ink = np.zeros((side, side), bool)
    ink[side // 2] = True  # a line of one pixel
    bits = base64.b64encode(np.packbits(ink)).decode()
    fitted = recorded.fitted(bits, side).reshape(recorded.SIDE, -1)
    assert (fitted > 0).any(axis=0).all()
    assert fitted.dtype == np.int8
