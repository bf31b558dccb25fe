"""E6, E7 and E15: three letters on a 5x5 grid, and what the tie rule does to them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...analysis import landscape
from ...base.checks import generator
from ...core.neurons import Sign
from ...core.orders import Sync
from ...core.patterns import flip, neighbours, overlap
from ...core.recall import recall
from ...io import pictures
from ...learning import hebb
from ...show import plots
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
    return pictures.small(*NAMES)


def outcomes(letter: int, flips: int, tie: Any) -> landscape.Basins:
    """Return where every cue with so many wrong neurons of a letter ends, synchronously."""
    xi = letters()
    cues = neighbours(xi[letter], flips)
    return landscape.basins(hebb(xi), cues, neuron=Sign(tie=tie), order=Sync(), sweeps=10)


def spurious() -> Any:
    """Return the spurious state below all memories: the mixture checkerboard - X - A."""
    c, x, a = letters().astype(int)
    return np.sign(c - x - a).astype(np.int8)


def run_facts(rng: int) -> Outcome:
    """Run E6."""
    out = Outcome()
    xi, n = letters(), 25
    m = hebb(xi)
    pairs = {(0, 1): -17, (0, 2): -7, (1, 2): 3}
    for (a, b), expected in pairs.items():
        got = round(n * float(overlap(xi[a], xi[b])))
        out.exact(f"overlap sum of {NAMES[a]} and {NAMES[b]}", expected, got)
    out.exact("fixed points among the letters", [False, True, True], m.stable(xi).tolist())  # type: ignore[union-attr]
    margins = np.rint(n * landscape.stability(m, xi)).astype(int).tolist()
    out.exact("their margins min(xi h), times N", [-2, 2, 12], margins)
    energies = np.rint(n * np.asarray(m.energy(xi))).astype(int).tolist()
    out.exact("their energies, times N", [-444, -424, -304], energies)
    for tie in TIES:
        points = landscape.fixed_points(m, neuron=Sign(tie=tie))  # type: ignore[arg-type]
        found = np.rint(n * np.asarray(m.energy(points))).astype(int).tolist()
        out.exact(
            f'energies of all fixed points of 2^25 states (tie="{tie}"), times N',
            [-448, -448, -424, -424, -304, -304],
            found,
        )
    sums = np.rint(n * np.asarray(overlap(points[:2], xi[:, None]))).astype(int).T
    out.exact(
        "overlap sums of the deepest with the letters, up to sign",
        [23, -19, -9],
        (sums[0] * np.sign(sums[0, 0])).tolist(),
    )
    tiles = np.concatenate([xi, spurious()[None]])
    out.figures = [
        Figure(
            "letters",
            "The three letters, and the state that lies deeper than all of them "
            "(-448 against -444, -424 and -304, times N): checkerboard - X - A.",
            lambda ax: plots.gallery(tiles, names=[*NAMES, "spurious"], shape=(5, 5), ax=ax),
            (6.4, 2.4),
        )
    ]
    return out


def run_counts(rng: int) -> Outcome:
    """Run E7."""
    out = Outcome()
    xi = letters()
    other = -spurious()  # X falls into the inverse of the deepest state
    for tie in TIES:
        b = outcomes(1, 5, tie)
        total = int(b.counts.sum())
        out.exact(
            f'X right, of the 53,130 cues with 5 flips (tie="{tie}")', RIGHT[tie], b.count_of(xi[1])
        )
        out.exact(
            f'the rest, all into the spurious state (tie="{tie}")',
            total - RIGHT[tie],
            b.count_of(other),
        )
        c = outcomes(0, 5, tie)
        out.exact(
            f'checkerboard: to the spurious state, to -X (tie="{tie}")',
            FROM_CHECKERBOARD[tie],
            (c.count_of(-other), c.count_of(-xi[1])),
        )
    shares = {}
    for k, expected in BY_FLIPS.items():
        up, keep = (outcomes(1, k, tie) for tie in ("up", "keep"))
        got = (int(up.counts.sum()), up.count_of(xi[1]), keep.count_of(xi[1]))
        out.exact(f"cues with {k} flips, X right with up, with keep", expected, got)
        shares[k] = tuple(100 * right / got[0] for right in got[1:])
    cue = flip(xi[1], 5, rng=rng)
    ends = {t: recall(hebb(xi), cue, neuron=Sign(tie=t), order=Sync()).state for t in TIES}  # type: ignore[arg-type]
    out.figures = [
        Figure(
            "outcomes",
            "Share of all cues from which X is recalled, against the number of flipped neurons, "
            "with the page's tie rule (up) and with ours (keep).",
            lambda ax: _shares(ax, shares),
        ),
        Figure(
            "one-cue",
            "One cue with five flips: with the page's rule, and when a field of 0 changes nothing.",
            lambda ax: plots.gallery(
                np.stack([xi[1], cue, ends["up"], ends["keep"]]),
                names=["X stored", "cue", 'tie="up"', 'tie="keep"'],
                shape=(5, 5),
                ax=ax,
            ),
            (6.4, 2.4),
        ),
    ]
    return out


def run_ties(rng: int) -> Outcome:
    """Run E15."""
    out = Outcome()
    h = np.zeros(2)
    s = np.array([-1.0, 1.0])
    answers = {"down": [-1, -1], "up": [1, 1], "keep": [-1, 1]}
    for tie, expected in answers.items():
        got = Sign(tie=tie)(h, s, None).astype(int).tolist()  # type: ignore[arg-type]
        out.exact(f'a field of 0 on neurons at -1, +1 (tie="{tie}")', expected, got)
    trials = 8000
    ups = Sign(tie="random")(np.zeros(trials), np.ones(trials), generator(rng, "course E15")) > 0
    out.share('P(up) with tie="random"', 0.5, int(ups.sum()), trials)
    return out


def _shares(ax: Any, shares: dict[int, tuple[float, ...]]) -> Any:
    looks = (('tie="up" (the page)', "o", "#D55E00"), ('tie="keep"', "s", "#0072B2"))
    for k, (label, marker, color) in enumerate(looks):
        ax.plot(
            list(shares), [v[k] for v in shares.values()], marker, color=color, ls="-", label=label
        )
    ax.spines[["top", "right"]].set_visible(False)
    ax.set(xlabel="neurons flipped, of 25", ylabel="X recalled (%)", ylim=(0, 100))
    ax.legend(frameon=False)
    return ax


CASES = (
    Case(
        "E6",
        "Three letters on a 5x5 grid",
        "The comment says 10 % of c1 are flipped; the code flips 20 % of c2. The sign is >= 0 "
        "here and > 0 elsewhere.",
        run_facts,
    ),
    Case(
        "E7",
        "Recall of the letters, by enumeration",
        "The page's own example fails 7 times in 10, because a field of 0 moves a neuron up.",
        run_counts,
    ),
    Case(
        "E15",
        "Three tie rules on one page",
        "The page has > 0 in cells 1, 5, 7, 11 and 20 and >= 0 in cell 10; neither leaves a neuron "
        "alone.",
        run_ties,
    ),
)
