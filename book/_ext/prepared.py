"""What the lab shows to who comes from a chapter: patterns, cue and settings, and what to try.

A state is written as lab-link.js reads it, and an address names it by its chapter alone.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

import hopfield as hf

RNG = 2026  # the chapters' seed: where it can be, their very patterns and cues
Cells = npt.NDArray[np.int8]

NEURON = {"rule": "hebb", "neuron": "Sign", "tie": "keep", "order": "Shuffled", "T": 0.5}


def packed(is_set: npt.NDArray[np.bool_]) -> str:
    """Return bools as text: one bit each, the first one the highest of its byte."""
    return base64.b64encode(np.packbits(is_set).tobytes()).decode()


def written(named: dict[str, Cells], cue: Cells, **settings: Any) -> dict[str, Any]:
    """Return a state of the lab as lab-link.js reads it."""
    ink = {"of": -1, "ink": packed(cue > 0)}
    return {
        "version": 1,
        "side": round(cue.size**0.5),
        "patterns": [[name, {"bits": packed(x > 0)}] for name, x in named.items()],
        "cue": ink | ({"unknown": packed(cue == 0)} if (cue == 0).any() else {}),
        "settings": NEURON | settings,
        "seed": RNG,
    }


def random(count: int, side: int) -> dict[str, Cells]:
    """Return random patterns with names."""
    found = hf.random_patterns(count, side * side, rng=RNG)
    return {f"pattern {k}": x for k, x in enumerate(found)}


def network() -> dict[str, Any]:
    """Return a network with an energy, and a random state."""
    return written(random(3, 10), hf.random_patterns(1, 100, rng=1)[0])


def orthogonality() -> dict[str, Any]:
    """Return patterns that are nearly orthogonal; the cue is one of them."""
    patterns = random(6, 10)
    return written(patterns, patterns["pattern 0"])


def one_pattern() -> dict[str, Any]:
    """Return the chapter's pattern, and its cue of three quarters."""
    (xi,) = hf.random_patterns(1, 100, rng=RNG)
    noise = hf.random_patterns(1, 100, rng=RNG + 1)[0]
    return written({"pattern": xi}, hf.replace(xi, noise, keep=0.75), order="Random")


def five_neurons() -> dict[str, Any]:
    """Return the chapter's trap with 25 neurons: 13 are right, and ties lead every one astray."""
    (x,) = hf.pictures.small("X")
    cue = -np.ones_like(x)  # all nine pixels of ink are wrong, and three of paper
    cue[np.flatnonzero(x < 0)[:3]] = 1
    return written({"X": x}, cue, tie="up", order="Sync")


def letters() -> dict[str, Any]:
    """Return the chapter's letters and its first cue."""
    names = "checkerboard", "X", "A"
    found = dict(zip(names, hf.pictures.small(*names), strict=True))
    return written(found, hf.flip(found["X"], 5, rng=1), tie="up", order="Sync")


def pictures() -> dict[str, Any]:
    """Return the chapter's words and its cue."""
    BU, BC = hf.pictures.large("BU", "BC")
    cue = hf.blank(hf.flip(BU, 0.25, rng=RNG), slice(5000, None))
    return written({"BU": BU, "BC": BC}, cue)


def two_patterns() -> dict[str, Any]:
    """Return three patterns, and a state near their majority."""
    patterns = random(3, 14)
    majority = np.sign(sum(x.astype(int) for x in patterns.values())).astype(np.int8)
    return written(patterns, hf.flip(majority, 10, rng=RNG))


def capacity() -> dict[str, Any]:
    """Return 40 patterns of 400 neurons, as in the chapter, and one of them with errors."""
    patterns = random(40, 20)
    return written(patterns, hf.flip(patterns["pattern 0"], 0.1, rng=RNG))


def temperature() -> dict[str, Any]:
    """Return three patterns, and their mixture at a temperature that it does not survive."""
    patterns = random(3, 25)
    mixture = np.sign(sum(x.astype(int) for x in patterns.values())).astype(np.int8)
    return written(patterns, mixture, neuron="HeatBath", T=0.4)


def graded() -> dict[str, Any]:
    """Return one pattern at the temperature whose mean neurons have a gain of 2."""
    patterns = random(1, 20)
    return written(patterns, patterns["pattern 0"], neuron="HeatBath", T=0.5)


def energies() -> dict[str, Any]:
    """Return five patterns, the lowest states of their energy, and a valley above them."""
    patterns = random(5, 15)
    mixture = np.sign(sum(x.astype(int) for x in [*patterns.values()][:3])).astype(np.int8)
    return written(patterns, mixture, neuron="HeatBath", T=0.1)


def brain() -> dict[str, Any]:
    """Return ten rooms, and a fifth of one of them: the rest is not known."""
    patterns = {f"room {k}": x for k, x in enumerate(random(10, 20).values())}
    return written(patterns, hf.blank(patterns["room 0"], slice(80, None)))


STATES: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "01_network": (
        network,
        "The weights are symmetric, the state is random. Press Play: the energy falls with every "
        "flip until no neuron wants to move.",
    ),
    "02_orthogonality": (
        orthogonality,
        "Six random patterns of 100 neurons; the canvas shows the first. Press 1 move: its overlap "
        "is 1, those of the others are near 0.",
    ),
    "03_one_pattern": (
        one_pattern,
        "One pattern is stored; a quarter of the cue is random. Press Play: each neuron that is "
        "asked becomes right for good.",
    ),
    "04_five_neurons": (
        five_neurons,
        "Of these 25 neurons 13 agree with the stored X, and their field is exactly 0. Such ties "
        "go up here: press Play. Then Reset, let ties keep the state (under Network), and play "
        "again.",
    ),
    "05_letters": (
        letters,
        "An X with 5 wrong pixels; ties give ink. Press Play. Then Reset, let ties keep the state "
        "(under Network), and play again.",
    ),
    "06_pictures": (
        pictures,
        "The upper half of BU with a quarter of its pixels wrong; the rest is unknown. Press Play. "
        "Draw your own cue, and see which word wins.",
    ),
    "07_two_patterns": (
        two_patterns,
        "The cue is near the majority of three random patterns. Press Play: it falls into a "
        "mixture that nobody stored.",
    ),
    "08_capacity": (
        capacity,
        "40 patterns in 400 neurons, a load of 0.1; a tenth of the cue is wrong. Press Play: it "
        "comes back. Then store 40 random patterns more, Reset, and play again.",
    ),
    "09_temperature": (
        temperature,
        "A mixture of three patterns at T = 0.4. Press Play and watch the overlaps: noise carries "
        "it out of the mixture and into one pattern.",
    ),
    "13_graded": (
        graded,
        "One pattern of 400 noisy neurons at T = 0.5. Press Play: the overlap swings about 0.957, "
        "where graded neurons of gain 2 would stand still. Then raise T to 1.",
    ),
    "14_energies": (
        energies,
        "The lowest states are the five stored patterns and their inverses, at about -N/2. The "
        "cue is a mixture of three, higher up, at T = 0.1. Press Play: it stays there. Then raise "
        "T to 0.6, and lower it step by step.",
    ),
    "18_brain": (
        brain,
        "Ten rooms of 400 neurons are stored; of one a fifth is seen, the rest is unknown. Press "
        "Play. Then erase more of the cue, and find how little is enough.",
    ),
}


def states() -> dict[str, Any]:
    """Return every prepared state, with its words, by its chapter."""
    return {name: {"lab": make(), "words": words} for name, (make, words) in STATES.items()}
