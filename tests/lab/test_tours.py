"""The guided tours: each step opens a state that is there, and what its words promise happens."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import numpy as np
import pytest

import hopfield as hf
from hopfield.lab.bits import to_bits
from hopfield.lab.choices import known
from hopfield.lab.session import Session
from hopfield.lab.tables import MODELS, ORDERS

BOOK = Path(__file__).parents[2] / "book"
sys.path.insert(0, str(BOOK / "_ext"))
import prepared  # noqa: E402
import touring  # noqa: E402

TOURS = touring.read(BOOK / "tours.json", known(), prepared.STATES)
STEPS = [(name, k) for name, tour in TOURS.items() for k in range(len(tour["steps"]))]


def start_of(lab):
    """Return the cue of a prepared state as it is sent."""
    ink = base64.b64decode(lab["cue"]["ink"])
    if MODELS[lab["settings"]["model"]].kind != "ink":
        return ink
    return ink + (base64.b64decode(lab["cue"].get("unknown", "")) or bytes(len(ink)))


def opened(name, k, more=0, cue=None):
    """Open a step as the page does, with so many random patterns more."""
    steps = TOURS[name]["steps"][: k + 1]
    step = next(step for step in reversed(steps) if "state" in step)
    make, _ = prepared.STATES[step["state"].removeprefix("#chapter=")]
    lab = make()
    n = lab["side"] ** 2
    sent = [base64.b64decode(source["bits"]) for _, source in lab["patterns"]]
    sent += (
        [np.packbits(x > 0).tobytes() for x in hf.random_patterns(more, n, rng=9)] if more else []
    )
    names = [name for name, _ in lab["patterns"]] + [f"random {j}" for j in range(more)]
    settings = lab["settings"] | step.get("settings", {})
    session = Session()
    session.learn(lab["side"], settings, names, b"".join(sent))
    begun = start_of(lab) if cue is None else to_bits(cue(session.xi))
    session.begin(begun, settings, lab["seed"])
    return session


def played(session, sweeps=60):
    for _ in range(sweeps):
        if session.step(1 if ORDERS[session.settings["order"]].together else session.n)["why"]:
            break
    return session.look()


@pytest.mark.parametrize(("name", "k"), STEPS)
def test_a_step_has_words_something_to_try_and_a_state_that_opens(name, k):
    step = TOURS[name]["steps"][k]
    assert step["words"].endswith(".")
    assert step["try"].endswith(".")
    assert opened(name, k).look()["moves"] == 0


@pytest.mark.parametrize(
    ("name", "k", "more", "words"),
    [
        ("recall", 0, 0, "fell into the memory “pattern”"),
        ("recall", 1, 0, "fell into the memory “X”"),
        ("recall", 2, 0, "fell into the memory “BU”"),
        ("overload", 0, 0, "fell into the memory “pattern 0”"),
        ("overload", 2, 0, "fell into the memory “pattern 0”"),
        ("overload", 2, 150, "fell into the memory “pattern 0”"),
        ("mixtures", 0, 0, "fell into a mixture"),
        ("dense", 0, 0, "fell into a spurious state"),
        ("dense", 1, 0, "fell into the memory “pattern 0”"),
        ("dense", 1, 100, "fell into the memory “pattern 0”"),
        ("dense", 2, 0, "fell into a spurious state"),
        ("attention", 0, 0, "fell into the memory “waves”"),
        ("attention", 1, 0, "fell into a mean of stored pictures"),
        ("attention", 2, 0, "fell into the memory “waves”"),
        ("ties", 0, 0, "fell into the inverse of “X”"),
        ("ties", 1, 0, "fell into the memory “X”"),
    ],
)
def test_where_a_step_ends_is_what_it_says(name, k, more, words):
    assert words in played(opened(name, k, more))["words"]


def test_what_the_other_steps_promise():
    assert played(opened("overload", 1, more=40))["overlaps"][0] < 0.9
    assert all(0.4 < m < 0.6 for m in played(opened("mixtures", 0))["overlaps"])
    spoilt = opened("mixtures", 1, cue=lambda xi: hf.flip(xi[0], 0.3, rng=1))
    assert "fell into the memory “pattern 0”" in played(spoilt)["words"]
    assert max(np.abs(played(opened("temperature", 0))["overlaps"])) > 0.9
    assert max(np.abs(played(opened("temperature", 1))["overlaps"])) < 0.3
    filled = opened("clamping", 0)
    played(filled)
    assert np.array_equal(filled.run.state[5000:], hf.pictures.large("BU")[0][5000:])
