"""What the lab shows to who comes from a chapter: patterns, cue and settings, and what to try.

A state is written as web/src/lab/link.ts reads it, and an address names it by its chapter alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import hopfield as hf
from hopfield.lab.kinds import TOP
from hopfield.lab.states import written

BOOK = Path(__file__).resolve().parents[1]
RNG = 2026  # the chapters' seed: where it can be, their very patterns and cues
Cells = npt.NDArray[np.int8]


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


def learning() -> dict[str, Any]:
    """Return the chapter's five letters under Hebb's rule; the cue is one of them."""
    rows = (
        "#___# ##### _###_ ####_ #####",
        "#___# #____ #___# #___# __#__",
        "##### ####_ ##### ####_ __#__",
        "#___# #____ #___# #_#__ __#__",
        "#___# ##### #___# #__## __#__",
    )
    ink = np.array([[list(letter) for letter in row.split()] for row in rows]) == "#"
    found = dict(zip("HEART", hf.bipolar(ink.swapaxes(0, 1).reshape(5, 25)), strict=True))
    return written(found, found["H"])


def sparse() -> dict[str, Any]:
    """Return patterns with few active neurons; a quarter of those of one are missing in the cue."""
    patterns = hf.flip(np.full((60, 400), -1), 20, rng=RNG)
    cue = patterns[0].copy()
    cue[np.flatnonzero(cue > 0)[::4]] = -1
    named = {f"pattern {k}": x for k, x in enumerate(patterns)}
    return written(named, cue, rule="covariance", order="Sync")


def sequences() -> dict[str, Any]:
    """Return five patterns, each of which stays for three steps and leads to the next."""
    patterns = random(5, 15)
    return written(patterns, hf.flip(patterns["pattern 0"], 0.2, rng=RNG), model="sequence")


def graded() -> dict[str, Any]:
    """Return one pattern, and a pale cue of it, for neurons of gain 2."""
    patterns = {name: TOP * x for name, x in random(1, 20).items()}
    return written(patterns, patterns["pattern 0"] // 10, model="graded", gain=2.0)


def energies() -> dict[str, Any]:
    """Return five patterns, the lowest states, and a valley above them that is too cold."""
    patterns = random(5, 15)
    mixture = np.sign(sum(x.astype(int) for x in [*patterns.values()][:3])).astype(np.int8)
    return written(patterns, mixture, neuron="HeatBath", T=0.1)


def dense() -> dict[str, Any]:
    """Return more patterns than neurons in a dense memory, and one of them with errors."""
    patterns = random(80, 8)
    cue = hf.flip(patterns["pattern 0"], 8, rng=RNG)
    return written(patterns, cue, model="dense")


def attention() -> dict[str, Any]:
    """Return pictures of a key above its value, and a noisy key whose value is not known."""
    side, patterns = 24, greys(24)
    cue = patterns["waves"].copy()
    upper = cue[: side**2 // 2]
    noise = np.random.default_rng(RNG).normal(0, TOP / 3, upper.size)
    upper[:] = np.clip(np.rint(upper + noise), -TOP, TOP)
    cue[side**2 // 2 :] = 0
    return written(patterns, cue, model="attention", beta=32.0)


def greys(side: int) -> dict[str, Cells]:
    """Return five pictures in grey levels, equally strong."""
    y, x = np.mgrid[:side, :side] / (side - 1) * 2 - 1
    r = np.hypot(x, y)
    drawn = {
        "sun": -(np.clip(1.3 * r, 0, 1) ** 2),
        "hills": np.sign(y + 0.3 * np.sin(4 * x + 1)) + 0.5 * y,
        "waves": np.sin(7 * (x + 0.6 * y)),
        "stairs": np.round(3 * (x - y)),
        "rings": np.cos(11 * r),
    }
    level = {name: v - v.mean() for name, v in drawn.items()}
    strong = {name: 0.55 * v / np.sqrt((v**2).mean()) for name, v in level.items()}
    return {
        name: np.rint(TOP * np.clip(v, -1, 1)).astype(np.int8).ravel() for name, v in strong.items()
    }


def boltzmann() -> dict[str, Any]:
    """Return the chapter's digits and the lower rows of the 8, which a machine is to complete."""
    chapter = (BOOK / "17_boltzmann.md").read_text(encoding="utf-8")
    rows = re.findall(r"^(?:[.#]{5} ){9}[.#]{5}$", chapter, re.M)  # as they are drawn there
    ink = np.array([[list(digit) for digit in row.split()] for row in rows]) == "#"
    framed = np.pad(ink.swapaxes(0, 1), ((0, 0), (1, 1), (2, 2))).reshape(10, 81)
    patterns = {f"digit {k}": hf.bipolar(x) for k, x in enumerate(framed)}
    cue = hf.blank(patterns["digit 8"], slice(0, 45))
    machine = {"model": "machine", "hidden": 32, "epochs": 500, "order": "Layers"}
    return written(patterns, cue, **machine, neuron="HeatBath", T=1.0, hold="known")


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
    "10_learning": (
        learning,
        "Five letters under Hebb's rule; the cue is the H, without a wrong pixel. Press Play: it "
        "falls into a mixture. Then choose the pseudo-inverse rule (under Network), Reset, and "
        "play again.",
    ),
    "11_sparse": (
        sparse,
        "Each of 60 patterns has 20 active neurons of 400; in the cue 5 of them are missing. "
        "Press Play. Then choose Hebb's rule (under Network), Reset, and play again.",
    ),
    "12_sequences": (
        sequences,
        "Five patterns, each of which leads to the next after three steps. Press Play: they come "
        "one after the other, and begin again. Change how long each stays, under Network.",
    ),
    "13_graded": (
        graded,
        "One pattern, and a pale copy of it in 400 graded neurons of gain 2. Press Play: the "
        "overlap grows to 0.957 and stays. Then lower the gain below 1, under Network: all turn "
        "grey.",
    ),
    "14_energies": (
        energies,
        "The lowest states are the five stored patterns and their inverses, at about -N/2. The "
        "cue is a mixture of three, higher up, at T = 0.1. Press Play: it stays there. Then raise "
        "T to 0.6, and lower it step by step.",
    ),
    "15_dense": (
        dense,
        "80 random patterns in 64 neurons, in a dense memory of degree 4; 8 neurons of the cue are "
        "wrong. Press Play: it comes back. Then lower the degree to 2 under Network, Reset, and "
        "play.",
    ),
    "16_attention": (
        attention,
        "Each picture in grey is a key, its upper half, and a value, its lower half. The key is "
        "noisy, the value not known. Press Play: the bars under the pictures show the attention.",
    ),
    "17_boltzmann": (
        boltzmann,
        "A machine with 32 hidden neurons learns ten digits. The lower rows of an 8 are held; a 0 "
        "and a 6 have the same. Press Play: it draws now one of the three, now another. Weights "
        "shows its filters.",
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
