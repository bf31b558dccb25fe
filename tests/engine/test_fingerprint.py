"""A sample of the blocks of `fingerprint.json`; `make fingerprint` checks them all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf
from tools import fingerprint

HELD = json.loads(Path(__file__).with_name("fingerprint.json").read_text(encoding="utf-8"))
THREADED = (
    "hebb, many at once",
    "hebb, near a pattern",
    "hebb, N about 256",
    "dense",
    "couplings, real",
)


def wrong(*arguments, **options):
    return fingerprint.check(HELD, *arguments, **options)[0]


def each(step):
    """Choose each so manieth block of every kind, the first among them."""
    return lambda kind, index: index % step == 0


def test_the_file_is_of_these_kinds():
    assert list(HELD["kinds"]) == list(fingerprint.KINDS)
    assert sum(kind["networks"] for kind in HELD["kinds"].values()) >= 100_000
    assert all(fault["reason"] != "not known" for fault in HELD["faults"].values())


def test_networks_become_what_they_did():
    assert not wrong(each(25))


def test_networks_become_so_without_numba():
    assert not wrong(each(75), "numpy")


def test_each_cue_of_a_batch_becomes_so_alone():
    assert not wrong(each(75), alone=True)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_networks_become_so_on_any_number_of_threads(count):
    with fingerprint.threads(count):
        assert not wrong(lambda kind, index: kind in THREADED and index < 8)


def test_another_answer_is_noticed(monkeypatch):
    """The control: states, streams and energies of one network that are not the same."""

    class Other(hf.Run):
        def finish(self, sweeps=100):
            return super().finish(sweeps + 1)

    def first(kind, index):
        return kind == "hebb" and index == 0

    monkeypatch.setattr(hf, "Run", Other)
    assert wrong(first) == ["hebb 0: states, streams, energies, sums"]


def test_graded_states_are_told_apart(monkeypatch):
    """The control of sums: a state that is off by 1e-10."""
    before = fingerprint.ran

    def off(*arguments):
        end = before(*arguments)
        return end._replace(state=np.asarray(end.state) * (1 + 1e-10))

    monkeypatch.setattr(fingerprint, "ran", off)
    assert wrong(lambda kind, index: kind == "graded" and index == 0) == ["graded 0: sums"]
