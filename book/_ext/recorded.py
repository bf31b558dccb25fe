"""How the lab begins, and a run from there that was recorded with the package.

The page plays it until Python is there; web/src/lab/first.ts reads it.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import numpy.typing as npt

import hopfield as hf
from hopfield.lab.bits import to_bits
from hopfield.lab.choices import pictures
from hopfield.lab.session import Session
from hopfield.lab.states import SEED, written
from hopfield.lab.tables import DEFAULT

SIDE = 50
NAMES = "BU", "X", "digit 3"
FLIPPED = 0.25
MOVES = 150  # a frame: about twenty frames in all
Cells = npt.NDArray[np.int8]


def fitted(bits: str, side: int) -> Cells:
    """Return a square picture on the lab's grid, as web/src/lab/cells.ts fits it."""
    octets = np.frombuffer(base64.b64decode(bits), np.uint8)
    ink = np.unpackbits(octets, count=side * side).reshape(side, side).astype(bool)
    if SIDE < side:  # ink inks the whole cell that it falls into
        at = np.arange(side) * SIDE // side
        small = np.zeros((SIDE, SIDE), bool)
        np.logical_or.at(small, (at[:, None], at), ink)
        return hf.bipolar(small.ravel())
    at = (2 * np.arange(SIDE) + 1) * side // (2 * SIDE)
    return hf.bipolar(ink[at[:, None], at].ravel())


def first() -> dict[str, Any]:
    """Return the state that the lab begins with, and the frames of its run until it rests."""
    drawn = {one["name"]: fitted(one["bits"], one["side"]) for one in pictures()}
    xi = np.array([drawn[name] for name in NAMES])
    cue = hf.flip(xi[0], FLIPPED, rng=SEED)
    lab = written(dict(zip(NAMES, xi, strict=True)), cue)
    session = Session()
    session.learn(SIDE, DEFAULT, [*NAMES], np.packbits(xi > 0, axis=1).tobytes())
    frames = [session.begin(to_bits(cue), DEFAULT, SEED)]
    while not frames[-1]["why"]:
        frames.append(session.step(MOVES))
    sources = [[name, {"picture": name}] for name in NAMES]
    return {"lab": lab | {"patterns": sources}, "frames": [_plain(one) for one in frames]}


def _plain(frame: dict[str, Any]) -> dict[str, Any]:
    """Return a frame for JSON."""
    kept = ("moves", "sweeps", "why", "words", "overlaps", "energy")
    bits = base64.b64encode(frame["bits"]).decode()
    return {name: frame[name] for name in kept} | {"bits": bits}
