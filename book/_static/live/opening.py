"""The recall that the book opens with: recorded when the book is built, then run by the reader."""

import base64
import json

import numpy as np

import hopfield as hf

NAMES = "BU", "BC", "star"
PICTURES = hf.pictures.large(*NAMES)
N = PICTURES.shape[1]
FRAMES = 50  # a sweep
SWEEPS = 8  # at the most: what has not come to rest by then is shown as it stands
DOWN = 1 << 15  # marks, in a list of neurons that moved, those that went to -1


def first():
    """Return the cue that the page opens with: half of BU, with a quarter of its pixels wrong."""
    return hf.blank(hf.flip(PICTURES[0], 0.25, rng=1), slice(N // 2, None))


def recall(cue, rng):
    """Return a recall as the page plays it: the cue, who moved in each frame, where it ended."""
    run = hf.Run(hf.hebb(PICTURES), cue, order=hf.Shuffled(), rng=rng)
    state, moved = np.asarray(cue), []
    while not run.period and len(moved) < FRAMES * SWEEPS:
        run.step(N // FRAMES)
        who = np.flatnonzero(run.state != state)
        state = run.state
        moved.append(packed(np.where(state[who] < 0, who + DOWN, who).astype("<u2")))
    while len(moved) > 1 and not moved[-1]:  # it has been at rest since
        del moved[-1]
    return {
        "stored": [packed(np.packbits(x > 0)) for x in PICTURES],
        "cue": packed((np.asarray(cue) + 1).astype("u1")),
        "moved": moved,
        "end": words(hf.landscape.identify(state, PICTURES)),
    }


def again(cue, rng):
    """Return the recall of a cue as the page sends it, as JSON."""
    values = np.frombuffer(base64.b64decode(cue), "u1").astype(np.int8) - 1
    return json.dumps(recall(values, rng))


def words(end):
    """Say where a recall ended, in the pictures' names."""
    if end.kind in ("pattern", "inverse"):
        name = NAMES[end.patterns[0]]
        return f"{name}, every pixel right" if end.kind == "pattern" else f"the negative of {name}"
    return "a mixture, which nobody stored" if end.kind == "mixture" else "none of the three"


def packed(values):
    """Return numbers as text."""
    return base64.b64encode(values.tobytes()).decode()
