"""Bad input to files and pictures: refused in one sentence that says what came."""

from __future__ import annotations

import pytest

import hopfield as hf
from hopfield import pictures
from tests.bad import refuses

CASES = {
    "a picture that is none": (lambda: pictures.small("B"), ValueError, "^names .* not 'B'"),
    "a file that is none": (lambda: hf.load("nowhere.npz"), hf.files.BadFile, "does not exist"),
    "a path that is none": (lambda: hf.load(3), TypeError, "^path must be a str"),
    "what cannot be saved": (lambda: hf.save("never.npz", {1: 2}), TypeError, "^thing cannot be"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_single_case(case):
    refuses(*CASES[case])
