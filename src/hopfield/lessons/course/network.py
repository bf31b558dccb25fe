"""E1: a random network of 0/1 neurons, and its raster."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np

import hopfield as hf

from ...base.checks import Array, Rng, generator
from ...theory import visits
from .case import Case, Figure, Outcome

N, COLUMNS = 20, 200
NEURON = hf.Sign(0, 1, tie="down")


def raster(runs: int, *, rng: Rng, record: Any = None) -> hf.Recall:
    """Run ``runs`` random starts under one matrix of uniform weights, 199 single updates each."""
    rng = generator(rng, "course.network")
    network = hf.Couplings(hf.uniform_weights(N, rng=rng), self_coupling=True)
    starts = hf.random_patterns(runs, N, states=(0, 1), rng=rng)
    return hf.recall(
        network,
        starts,
        neuron=NEURON,
        order=hf.Random(),
        updates=COLUMNS - 1,
        record=record,
        rng=rng,
    )


def raster_as_page(*, rng: Rng) -> tuple[Array, Array]:
    """Return the page's raster (200, 20) and its initial state: only the updated neuron is kept.

    The page's loop starts at column -1, which is still empty: its first update writes a 0 over
    the initial state. Every later update reads one column and writes one neuron of the next,
    whose others stay 0.
    """
    rng = generator(rng, "course.network as page")
    weights = hf.uniform_weights(N, rng=rng)
    s = np.zeros((COLUMNS, N), dtype=np.int8)
    s[0] = start = hf.random_patterns(1, N, states=(0, 1), rng=rng)[0]
    for k in range(-1, COLUMNS - 1):
        i = rng.integers(N)
        s[k + 1, i] = weights[i] @ s[k] > 0
    return s, start


def run(rng: int) -> Outcome:
    """A random network of 20 neurons.

    The page's loop starts one column early and overwrites the initial state, and copies only the
    updated neuron, so that every column holds one 1.
    """
    out = Outcome()
    runs = 4000
    r = raster(runs, rng=rng, record=[hf.record.states("update")])
    activity = r.trace["states"].sum(axis=2)
    full = activity == N
    chance = visits.all_visited_random(N, N, COLUMNS - 1, 1)
    out.share("P(all neurons on at column 199)", chance, int(full[-1].sum()), runs)
    out.exact("updates at which activity fell", 0, int((np.diff(activity, axis=0) < 0).sum()))
    arrived = full.any(axis=0) & (activity[0] > 0)
    out.mean("mean column of arrival at all ones", mean_arrival(), full.argmax(axis=0)[arrived])
    silent = hf.Couplings(hf.uniform_weights(N, rng=rng), self_coupling=True)
    rest = hf.recall(silent, np.zeros(N), neuron=NEURON, order=hf.Random(), rng=rng)
    out.exact("neurons on, from the silent state", 0, int(rest.state.sum()))

    pages = [raster_as_page(rng=rng + k) for k in range(200)]
    lit = np.concatenate([s[1:].sum(axis=1) for s, start in pages if start.sum() > 1])
    out.exact("as the page had it: neurons on in a column", [1], np.unique(lit).tolist())
    changed = sum(int((s[0] != start).any()) for s, start in pages)
    out.share("as the page had it: initial state overwritten", 0.5, changed, len(pages))
    out.figures = [
        Figure(
            "raster",
            "Each row is a neuron, each column an update. With any neuron active, every neuron "
            "that is picked turns on: the network fills up.",
            lambda ax: hf.plots.raster(r.trace["states"][:, 0], ax=ax, low=0),
        ),
        Figure(
            "raster-as-page",
            "As the page had it: only the updated neuron was copied, so every column holds a "
            "single 1.",
            lambda ax: hf.plots.raster(pages[0][0], ax=ax, low=0),
        ),
    ]
    return out


def mean_arrival() -> float:
    """Return the exact mean column at which the network is full, given that it gets there."""
    chance, total = 0.0, 0.0
    for off in range(N):  # all N off is the silent state
        weight = comb(N, off) / 2**N
        by = [visits.all_visited(N, off, t) for t in range(COLUMNS)]
        chance += weight * by[-1]
        total += weight * sum(t * p for t, p in enumerate(np.diff([0.0, *by])))
    return total / chance


E1 = Case("E1", run)
