"""Calls with nasty arguments, of every public name, end in an answer or in an error of ours.

Each is a call of `calls.py`, which says how to repeat it; `make fuzz` makes them without an end.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf

pytest.importorskip("resource", reason="the memory of a process cannot be limited")
calls = pytest.importorskip("calls")
CALLS = 3000


def run(*words):
    """Run calls in a process of limited memory; return what it printed."""
    command = [sys.executable, calls.__file__, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 3), done.stderr[-2000:]  # a crash, or a call that no signal ends
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode == 3) == any("fault" in line for line in said)
    return said


@pytest.mark.parametrize("seed", ["plain", "more"])
def test_only_our_own_errors_come_out_of_bad_calls(seed):
    *said, last = run("--seed", seed, "--calls", CALLS)
    assert [line for line in said if "fault" in line] == []
    assert last["answered"] + last["refused"] + last.get("late", 0) == CALLS
    assert last["refused"] > CALLS // 3
    assert last["answered"] > CALLS // 5


def test_every_public_name_is_called():
    names = set(calls.targets())
    assert {".hebb", ".recall", "theory.mixtures.energy", "models.optimise.cut"} <= names
    assert {"learning.adatron", "show.plots.couplings", "(Potts).unknown", "(sum) add"} <= names
    assert len(names) > 300


def test_a_call_is_the_same_each_time():
    assert [line["call"] for line in run("--seed", 3, "--call", 17, "--list")] == [17]
    assert run("--seed", 3, "--call", 17, "--list") == run("--seed", 3, "--call", 17, "--list")


def leaks():
    return np.ones(2) @ np.ones(3)


def fails():
    raise ValueError("this is not ours")


@pytest.mark.parametrize(
    ("call", "ours"),
    [
        (leaks, False),
        (fails, False),
        (lambda: [][1], False),
        (lambda: hf.flip([1, -1], 1), False),  # rng is missing: Python's own words
        (lambda: hf.flip([1, -1], 3, rng=1), True),
        (lambda: hf.hebb([[1, -1], [1, -1]]), True),
    ],
)
def test_an_error_that_is_not_a_raise_of_ours_is_a_fault(call, ours):
    with pytest.raises(Exception) as caught:  # noqa: PT011
        call()
    assert (calls.judge(caught.value) is None) == ours


def test_what_changes_an_argument_is_seen():
    x = np.ones(3)
    before = calls.picture(x)
    x[0] = 2
    assert calls.picture(x) != before


def test_what_once_leaked():
    found = hf.scan(hf.experiments.Crosstalk, N=20, alpha=[0.1, 0.2], repeats=2)
    for call, words in (
        (lambda: hf.plots.couplings((1, 2)), "^memory must be a hopfield memory"),
        (lambda: hf.reports.page(5, "t"), "^results must be what hopfield.scan"),
        (lambda: hf.experiments.count(histograms=5), "^histograms must be a dict of names"),
        (
            lambda: hf.learning.learn(hf.hebb([1, -1]), [1, 1], strength=2),
            "^options must be one of",
        ),
        (lambda: hf.landscape.identify([1, 1], [[1, 1]]).named(3), "^names must name pattern 0"),
        (lambda: hf.reports.draw(found, x=np.zeros((2, 2))), "^x must be one of alpha"),
        (lambda: found.where(alpha=[np.zeros(2)]), "^alpha must be a number"),
        (lambda: hf.Run(hf.hebb([1, -1]), [1, -1]).finish(progress=np.zeros(0)), "^progress must"),
        (lambda: hf.pictures.save_image(found, [[1]]), "^path must be a str"),
        (lambda: hf.Blocks(blocks=np.array(1.0)), "^blocks must be a sequence"),
        (lambda: hf.boltzmann.Settings(rate=np.ones((3, 3))), "^rate must be above 0"),
        (lambda: hf.theory.mixtures.energy(2**31), "^n must be between 1 and 1000000"),
    ):
        with pytest.raises((ValueError, TypeError), match=words):
            call()


def test_the_script_is_in_its_place():
    assert Path(calls.__file__).parent == Path(__file__).parent
