"""E8 to E12: pictures of 10,000 neurons; the union, why it comes, and the right recall."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...analysis.couplings import block_means
from ...base.checks import Array, generator
from ...core.memory import Memory
from ...core.neurons import Sign
from ...core.orders import Sync
from ...core.patterns import blank, flip, overlap
from ...core.recall import Recall, recall
from ...io import pictures
from ...learning import hebb
from ...show import plots
from .case import Case, Figure, Outcome

SHAPE = (100, 100)
LOWER, UPPER = slice(5000, None), slice(0, 5000)
COUNTS = {
    "BU": (4750, 2300),
    "BC": (4100, 2050),
    "BU and BC": (3950, 1900),
    "BU or BC": (4900, None),
    "BU not BC": (800, 400),
    "BC not BU": (150, 150),
    "star": (396, None),
    "star and BU": (135, None),
    "star and BC": (115, None),
}
# With three stored, 170 pixels of BC rest on 0.04 = 1 - 0.81 - 0.15 alone: the exact chance that a
# quarter of all pixels flipped leaves them their sign.
BC_BACK = 0.989786


def words() -> Array:
    """Return BU, BC and the star (3, 10000)."""
    return pictures.large("BU", "BC", "star")


def noisy(on: Array, rng: np.random.Generator) -> Array:
    """Return the page's noise: 0/1 pixels plus +1 or -1 each."""
    noise: Array = rng.choice([-1, 1], on.shape)
    return on.astype(np.int64) + noise


def one_step(memory: Memory, cue: Array, neuron: Any) -> Recall:
    """Return one synchronous step, as the page's T = 2 columns have it."""
    return recall(memory, cue, neuron=neuron, order=Sync(), sweeps=1)


def cues(rng: np.random.Generator) -> dict[str, Array]:
    """Return seven cues for BU of which half is missing, the page's own among them."""
    bu = words()[0]
    raw = noisy(bu > 0, rng)
    return {
        "the page's cue": blank(raw, LOWER),
        "its sign": blank(np.sign(raw), LOWER),
        "-1/+1 with strong noise": blank(bu + 2 * rng.choice([-1, 1], bu.shape), LOWER),
        "a quarter flipped": blank(flip(bu, 0.25, rng=rng), LOWER),
        "clean": blank(bu, LOWER),
        "clean, lower half -1": np.where(np.arange(bu.size) < 5000, bu, -1),
        "clean, upper half unknown": blank(bu, UPPER),
    }


def run_pixels(rng: int) -> Outcome:
    """Pictures of 10,000 neurons.

    The page draws the star and never stores it.
    """
    out = Outcome()
    bu, bc, star = words() > 0
    sets = {
        "BU": bu,
        "BC": bc,
        "BU and BC": bu & bc,
        "BU or BC": bu | bc,
        "BU not BC": bu & ~bc,
        "BC not BU": bc & ~bu,
        "star": star,
        "star and BU": star & bu,
        "star and BC": star & bc,
    }
    for name, (whole, top) in COUNTS.items():
        out.exact(f"pixels on, {name}", whole, int(sets[name].sum()))
        if top is not None:
            out.exact(f"pixels on, {name}, top half", top, int(sets[name][:5000].sum()))
    xi = words()
    for (a, b), m in {(0, 1): 0.81, (0, 2): 0.0248, (1, 2): 0.1468}.items():
        got = round(float(overlap(xi[a], xi[b])), 6)
        out.exact(f"overlap m of {('BU', 'BC', 'star')[a]} and {('BU', 'BC', 'star')[b]}", m, got)
    out.figures = [
        Figure(
            "pictures",
            "The course's pictures. BU and BC share the B and much of the second letter: "
            "m = 0.81. The page draws the star and never stores it.",
            lambda ax: plots.gallery(xi, names=["BU", "BC", "star"], shape=SHAPE, ax=ax),
            (6.4, 2.6),
        )
    ]
    return out


def run_weights(rng: int) -> Outcome:
    """The weights of two pictures.

    The page builds two 10,000 x 10,000 matrices and draws one: a peak of 7.9 GB.
    """
    out = Outcome()
    xi = words()[:2]
    on = int((xi[0] > 0).sum())
    page = hebb(xi[:1] > 0, coding="01")
    ones = block_means(page, 1) * page.n**2 * page.n  # the mean coupling is the sum of all W_ij
    out.exact("ones in the page's W (4,750 x 4,749)", on * (on - 1), round(float(ones[0, 0])))
    memory = hebb(xi)
    held = np.asarray(memory.parts()["patterns"])
    out.exact("bytes of the page's W, int64", 800_000_000, page.n**2 * 8)
    out.exact("bytes of ours for two patterns", 20_000, held.nbytes)
    out.figures = [
        Figure(
            "couplings",
            "Mean couplings between blocks of 100 neurons (rows of the picture), drawn from the "
            "two patterns without ever building the matrix of 10,000 x 10,000.",
            lambda ax: plots.couplings(memory, 100, ax=ax),
            (5.2, 4.2),
        )
    ]
    return out


def run_single(rng: int) -> Outcome:
    """One picture in 0/1.

    With one 0/1 picture stored recall cannot fail: any cue with a positive overlap returns it.
    """
    out = Outcome()
    draws = generator(rng, "course E10")
    bu, bc = words()[:2] > 0
    page = hebb(bu, coding="01")
    runs = 60
    noise = [noisy(bc, draws) for _ in range(runs)]
    drive = np.array([bu @ cue for cue in noise])
    out.mean("drive on the pixels of BU", 3950, drive)
    ends = {
        tie: [(one_step(page, c, Sign(0, 1, tie=tie)).state == bu).sum() for c in noise[:20]]
        for tie in ("down", "up")
    }
    out.exact(
        "pixels of BU right after one step (down: the page)",
        [10_000],
        np.unique(ends["down"]).tolist(),
    )
    out.exact("the same with tie=up: all pixels turn on", [4750], np.unique(ends["up"]).tolist())
    ours = hebb(words()[0])
    flipped = (flip(words()[1], share, rng=draws) for share in (0.0, 0.25, 0.4))
    good = [recall(ours, cue, order=Sync()).state for cue in flipped]
    out.exact(
        "done right, cue BC with 0, 25, 40 % flips: pixels of BU right",
        [10_000] * 3,
        [int(((s > 0) == bu).sum()) for s in good],
    )
    down, up = (one_step(page, noise[0], Sign(0, 1, tie=t)).state for t in ("down", "up"))
    out.figures = [
        Figure(
            "one-picture",
            "One 0/1 picture stored, the cue the other picture under noise. Any cue falls into "
            "the one memory; off the picture every field is 0, and the tie rule alone is right.",
            lambda ax: plots.gallery(
                np.stack([2 * x - 1 for x in (bu.astype(int), np.clip(noise[0], 0, 1), down, up)]),
                names=["stored", "cue", "tie down", "tie up"],
                shape=SHAPE,
                ax=ax,
            ),
            (6.4, 2.4),
        )
    ]
    return out


def run_union(rng: int) -> Outcome:
    """Two pictures in 0/1: the union.

    The demonstration of two memories recalls neither, but their union.
    """
    out = Outcome()
    draws = generator(rng, "course E11")
    bu, bc = words()[:2] > 0
    page = hebb(np.stack([bu, bc]), coding="01")
    runs = [blank(noisy(bu, draws), LOWER) for _ in range(60)]
    ends = [one_step(page, c, Sign(0, 1, tie="down")).state for c in runs]
    union = int(sum(np.array_equal(s, bu | bc) for s in ends))
    out.exact("runs that end in the union of both pictures", len(runs), union)
    out.exact("pixels on in it", 4900, int(ends[0].sum()))
    out.exact(
        "agreement with BU, with BC",
        (0.985, 0.92),
        (float((ends[0] == bu).mean()), float((ends[0] == bc).mean())),
    )
    white = one_step(page, runs[0], Sign(0, 1, tie="up")).state
    out.exact("with tie=up: pixels on", 10_000, int(white.sum()))
    right = recall(hebb(words()[:2]), runs[0], order=Sync()).state
    out.exact(
        "the same cue, stored as -1/+1: pixels of BU right", 10_000, int(((right > 0) == bu).sum())
    )
    out.figures = [
        Figure(
            "union",
            "Two 0/1 pictures stored, the cue the noisy upper half of BU. Every field is a sum of "
            "positive terms, so each pixel of either picture turns on: the union, which reads BO. "
            "Stored as -1/+1 the same cue recalls BU.",
            lambda ax: plots.gallery(
                np.stack(
                    [
                        *words()[:2],
                        np.clip(2 * runs[0] - (np.arange(10_000) < 5000), -1, 1),
                        2 * ends[0] - 1,
                        right,
                    ]
                ),
                names=["BU", "BC", "cue", "0/1: the union", "-1/+1: BU"],
                shape=SHAPE,
                ax=ax,
            ),
            (7.6, 2.4),
        )
    ]
    return out


def run_right(rng: int) -> Outcome:
    """Two pictures, done right.

    -1/+1 coding and 0 for what is not known, which the page does not have.
    """
    out = Outcome()
    draws = generator(rng, "course E12")
    xi = words()
    memory = hebb(xi[:2])
    out.exact("BU and BC are fixed points", [True, True], memory.stable(xi[:2]).tolist())  # type: ignore[union-attr]
    rounds = [cues(draws) for _ in range(10)]
    for name in rounds[0]:
        hits = sum(
            int(np.array_equal(one_step(memory, c[name], Sign()).state, xi[0])) for c in rounds
        )
        out.exact(f"BU exactly, in one step: {name}", "10 of 10", f"{hits} of 10")
    state = one_step(memory, rounds[0]["a quarter flipped"], Sign()).state
    got = [round(float(overlap(state, x)), 6) for x in xi[:2]]
    out.exact("final overlaps with BU, BC", [1.0, 0.81], got)
    three = hebb(xi)
    out.exact("with the star stored too, all three fixed", [True] * 3, three.stable(xi).tolist())  # type: ignore[union-attr]
    trials = 200
    back = []
    for x in xi:
        quarter = flip(np.repeat(x[None], trials, axis=0), 0.25, rng=draws)
        ends = np.asarray(recall(three, quarter, order=Sync()).state)
        back.append(int((ends == x).all(axis=1).sum()))
    out.exact("BU and the star recalled from 25 % flips, of 200 each", [trials] * 2, back[::2])
    out.share("BC recalled from 25 % flips, with the star stored", BC_BACK, back[1], trials)
    cue = rounds[0]["a quarter flipped"]
    out.figures = [
        Figure(
            "half",
            "Done right: the cue is the upper half of BU with a quarter of its pixels flipped, "
            "the lower half unknown; one synchronous step gives BU exactly.",
            lambda ax: plots.gallery(
                xi[:2], cue=cue, recalled=state, names=["BU", "BC"], shape=SHAPE, ax=ax
            ),
            (6.4, 2.6),
        )
    ]
    return out


E8 = Case("E8", run_pixels)
E9 = Case("E9", run_weights)
E10 = Case("E10", run_single)
E11 = Case("E11", run_union)
E12 = Case("E12", run_right)
