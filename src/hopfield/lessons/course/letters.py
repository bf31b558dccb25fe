"""E6, E7 and E15: three letters on a 5x5 grid, and what the tie rule does to them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import hopfield as hf

from ...base.checks import Array, generator
from .case import Case, Figure, Outcome

NAMES = ("checkerboard", "X", "A")
TIES = ("up", "down", "keep")  # the page's cell 10 has up
RIGHT = {"up": 16_016, "down": 34_437, "keep": 34_437}
FROM_CHECKERBOARD = {"up": (51_835, 1_295), "down": (53_039, 91), "keep": (51_835, 1_295)}
BY_FLIPS = {  # of X: how many cues there are, and how many are right with up (the page), keep
    1: (25, 13, 22),
    2: (300, 195, 195),
    3: (2_300, 988, 1_690),
    4: (12_650, 5_382, 6_955),
    5: (53_130, 16_016, 34_437),
    6: (177_100, 49_764, 86_229),
}


def letters() -> Any:
    """Return the three letters (3, 25)."""
    return hf.pictures.small(*NAMES)


def outcomes(letter: int, flips: int, tie: Any) -> hf.landscape.Basins:
    """Return where every cue with so many wrong neurons of a letter ends, synchronously."""
    xi = letters()
    cues = hf.patterns.neighbours(xi[letter], flips)
    return hf.landscape.basins(
        hf.hebb(xi), cues, neuron=hf.Sign(tie=tie), order=hf.Sync(), sweeps=10
    )


def spurious() -> Any:
    """Return the spurious state below all memories: the mixture checkerboard - X - A."""
    c, x, a = letters().astype(int)
    return np.sign(c - x - a).astype(np.int8)


def run_facts(rng: int) -> Outcome:
    """Three letters on a 5x5 grid.

    The comment says 10 % of c1 are flipped; the code flips 20 % of c2. The sign is >= 0 here and >
    0 elsewhere.
    """
    out = Outcome()
    xi, n = letters(), 25
    m = hf.hebb(xi)
    pairs = {(0, 1): -17, (0, 2): -7, (1, 2): 3}
    for (a, b), expected in pairs.items():
        got = round(n * float(hf.overlap(xi[a], xi[b])))
        out.exact(f"overlap sum of {NAMES[a]} and {NAMES[b]}", expected, got)
    out.exact("fixed points among the letters", [False, True, True], m.stable(xi).tolist())  # type: ignore[union-attr]
    margins = whole(n * hf.landscape.stability(m, xi))
    out.exact("their margins min(xi h), times N", [-2, 2, 12], margins.tolist())
    energies = whole(n * np.asarray(m.energy(xi)))
    out.exact("their energies, times N", [-444, -424, -304], energies.tolist())
    for tie in TIES:
        points = hf.landscape.fixed_points(m, neuron=hf.Sign(tie=tie))  # type: ignore[arg-type]
        found = whole(n * np.asarray(m.energy(points))).tolist()
        what = f'energies of all fixed points of 2^25 states (tie="{tie}"), times N'
        out.exact(what, [-448, -448, -424, -424, -304, -304], found)
    sums = whole(n * np.asarray(hf.overlap(points[0], xi)))
    found = (sums * np.sign(sums[0])).tolist()
    out.exact("overlap sums of the deepest with the letters, up to sign", [23, -19, -9], found)
    tiles = np.concatenate([xi, spurious()[None]])
    out.figures = [
        Figure(
            "letters",
            "The three letters, and the state that lies deeper than all of them "
            "(-448 against -444, -424 and -304, times N): checkerboard - X - A.",
            lambda ax: hf.plots.gallery(tiles, names=[*NAMES, "spurious"], shape=(5, 5), ax=ax),
            (6.4, 2.4),
        )
    ]
    return out


def run_counts(rng: int) -> Outcome:
    """Recall of the letters, by enumeration.

    The page's own example fails 7 times in 10, because a field of 0 moves a neuron up.
    """
    out = Outcome()
    xi = letters()
    other = -spurious()  # X falls into the inverse of the deepest state
    for tie in TIES:
        b = outcomes(1, 5, tie)
        rest = int(b.counts.sum()) - RIGHT[tie]
        what = f'X right, of the 53,130 cues with 5 flips (tie="{tie}")'
        out.exact(what, RIGHT[tie], b.count_of(xi[1]))
        out.exact(f'the rest, all into the spurious state (tie="{tie}")', rest, b.count_of(other))
        c = outcomes(0, 5, tie)
        got = c.count_of(-other), c.count_of(-xi[1])
        what = f'checkerboard: to the spurious state, to -X (tie="{tie}")'
        out.exact(what, FROM_CHECKERBOARD[tie], got)
    shares = {}
    for k, expected in BY_FLIPS.items():
        up, keep = (outcomes(1, k, tie) for tie in ("up", "keep"))
        found = (int(up.counts.sum()), up.count_of(xi[1]), keep.count_of(xi[1]))
        out.exact(f"cues with {k} flips, X right with up, with keep", expected, found)
        shares[k] = [100 * right / found[0] for right in found[1:]]
    cue = hf.flip(xi[1], 5, rng=rng)
    as_page, ours = (
        hf.recall(hf.hebb(xi), cue, neuron=hf.Sign(tie=tie), order=hf.Sync()).state
        for tie in ("up", "keep")
    )
    out.figures = [
        Figure(
            "outcomes",
            "Share of all cues from which X is recalled, against the number of flipped neurons, "
            "with the page's tie rule (up) and with ours (keep).",
            partial(_shares, shares),
        ),
        Figure(
            "one-cue",
            "One cue with five flips: with the page's rule, and when a field of 0 changes nothing.",
            lambda ax: hf.plots.gallery(
                np.stack([xi[1], cue, as_page, ours]),
                names=["X stored", "cue", 'tie="up"', 'tie="keep"'],
                shape=(5, 5),
                ax=ax,
            ),
            (6.4, 2.4),
        ),
    ]
    return out


def run_ties(rng: int) -> Outcome:
    """Three tie rules on one page.

    The page has > 0 in cells 1, 5, 7, 11 and 20 and >= 0 in cell 10; neither leaves a neuron alone.
    """
    out = Outcome()
    h = np.zeros(2)
    s = np.array([-1.0, 1.0])
    answers = {"down": [-1, -1], "up": [1, 1], "keep": [-1, 1]}
    for tie, expected in answers.items():
        got = hf.Sign(tie=tie)(h, s, None).astype(int).tolist()  # type: ignore[arg-type]
        out.exact(f'a field of 0 on neurons at -1, +1 (tie="{tie}")', expected, got)
    trials = 8000
    ups = hf.Sign(tie="random")(np.zeros(trials), np.ones(trials), generator(rng, "course E15")) > 0
    out.share('P(up) with tie="random"', 0.5, int(ups.sum()), trials)
    return out


def whole(x: Any) -> Array:
    """Return what are whole numbers but for rounding."""
    return np.asarray(np.rint(x), dtype=np.int64)


def _shares(shares: dict[int, list[float]], ax: Any) -> Any:
    ax = hf.plots.curve(
        list(shares),
        np.transpose(list(shares.values())),
        ax=ax,
        xlabel="neurons flipped, of 25",
        ylabel="X recalled (%)",
        names=['tie="up" (the page)', 'tie="keep"'],
    )
    ax.set_ylim(0, 100)
    return ax


E6 = Case("E6", run_facts)
E7 = Case("E7", run_counts)
E15 = Case("E15", run_ties)
