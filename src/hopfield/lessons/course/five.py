"""E5: five neurons by hand, all 32 starts, three tie rules."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import hopfield as hf

from .case import Case, Figure, Outcome

XI = np.array([1, -1, -1, 1, 1], dtype=np.int8)
REACHED = {"down": (15, 17), "up": (17, 15), "keep": (16, 16)}  # xi, -xi
WORDS = {
    "down": "one start with three correct neurons is lost.",
    "up": "one start with two correct neurons is won.",
    "keep": "half and half.",
}
AT_RANDOM = {"down": 0.453125, "keep": 0.5}


def basins(tie: Any) -> hf.landscape.Basins:
    """Return where all 32 starts end under one tie rule, all neurons together."""
    return hf.landscape.basins(hf.hebb(XI), neuron=hf.Sign(tie=tie), order=hf.Sync())


def share_one_at_a_time(tie: Any) -> float:
    """Return the exact share of starts that reach the pattern under single random updates.

    The states are a Markov chain: from each, one of the N neurons is drawn and answers. The
    probability of ending in the pattern solves a linear system over the 2**N states.
    """
    n, memory = XI.size, hf.hebb(XI)
    states = np.concatenate(list(hf.landscape.all_states(n)))
    answers = hf.Sign(tie=tie)(memory.field(states), states.astype(float), None)
    power = 1 << np.arange(n - 1, -1, -1)
    step = np.zeros((2**n, 2**n))
    for i in range(n):
        after = states.copy()
        after[:, i] = answers[:, i]
        np.add.at(step, (np.arange(2**n), (after > 0) @ power), 1 / n)
    ends = np.flatnonzero(step.diagonal() == 1)
    going = np.setdiff1d(np.arange(2**n), ends)
    reached = np.zeros(2**n)
    reached[(XI > 0) @ power] = 1
    inner = np.eye(going.size) - step[np.ix_(going, going)]
    reached[going] = np.linalg.solve(inner, step[np.ix_(going, ends)] @ reached[ends])
    return float(reached.mean())


def run(rng: int) -> Outcome:
    """Five neurons by hand.

    The title says two patterns, one is stored; with the page's sign (> 0) recall from a majority of
    correct neurons fails for one start in ten.
    """
    out = Outcome()
    for tie, expected in REACHED.items():
        b = basins(tie)
        reached = b.count_of(XI), b.count_of(-XI)
        out.exact(f'reach the pattern, its inverse (tie="{tie}")', expected, reached)
    starts = np.concatenate(list(hf.landscape.all_states(XI.size)))
    m = np.rint(XI.size * np.asarray(hf.overlap(starts, XI)))
    ends = hf.recall(hf.hebb(XI), starts, neuron=hf.Sign(tie="down"), order=hf.Sync()).state
    right = (ends == XI).all(axis=1)
    out.exact(
        "as the page had it (down): right from 3 correct neurons of 5",
        "9 of 10",
        f"{int(right[m == 1].sum())} of {int((m == 1).sum())}",
    )
    out.exact("and from 2 correct", "0 of 10", f"{int(right[m == -1].sum())} of 10")
    for tie, share in AT_RANDOM.items():
        got = round(share_one_at_a_time(tie), 12)
        out.exact(f'one at a time, share that reaches the pattern (tie="{tie}")', share, got)
    out.figures = [
        Figure(
            f"basins-{tie}",
            f'Where the 32 starts end with tie="{tie}": {words}',
            partial(hf.plots.basins, basins(tie), None),
            (6.4, 2.2),
        )
        for tie, words in WORDS.items()
    ]
    return out


E5 = Case("E5", run)
