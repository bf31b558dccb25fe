"""E1: a random network of 0/1 neurons, and its raster."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np

from ...base.checks import Array, Rng, generator
from ...core import record
from ...core.couplings import Couplings, uniform_weights
from ...core.neurons import Sign
from ...core.orders import Random
from ...core.patterns import random_patterns
from ...core.recall import Recall, recall
from ...show import plots
from ...theory import visits
from .case import Case, Figure, Outcome

N, COLUMNS = 20, 200


def raster(runs: int, *, rng: Rng, record: Any = None) -> Recall:
    """Run ``runs`` random starts under one matrix of uniform weights, 199 single updates each."""
    rng = generator(rng, "course.network")
    network = Couplings(uniform_weights(N, rng=rng), self_coupling=True)
    starts = random_patterns(runs, N, states=(0, 1), rng=rng)
    return recall(
        network,
        starts,
        neuron=Sign(0, 1, tie="down"),
        order=Random(),
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
    weights = uniform_weights(N, rng=rng)
    s = np.zeros((COLUMNS, N), dtype=np.int8)
    s[0] = start = random_patterns(1, N, states=(0, 1), rng=rng)[0]
    for k in range(-1, COLUMNS - 1):
        i = rng.integers(N)
        s[k + 1, i] = weights[i] @ s[k] > 0
    return s, start


def run(rng: int) -> Outcome:
    """Run the case."""
    out = Outcome()
    runs = 4000
    r = raster(runs, rng=rng, record=[record.states("update")])
    activity = r.trace["states"].sum(axis=2)
    full = activity == N
    out.share(
        "P(all neurons on at column 199)",
        visits.all_visited_random(N, N, COLUMNS - 1, 1),
        int(full[-1].sum()),
        runs,
    )
    out.exact("updates at which activity fell", 0, int((np.diff(activity, axis=0) < 0).sum()))
    arrived = full.any(axis=0) & (activity[0] > 0)
    out.mean("mean column of arrival at all ones", mean_arrival(), full.argmax(axis=0)[arrived])
    silent = Couplings(uniform_weights(N, rng=rng), self_coupling=True)
    rest = recall(silent, np.zeros(N), neuron=Sign(0, 1, tie="down"), order=Random(), rng=rng)
    out.exact("neurons on, from the silent state", 0, int(rest.state.sum()))

    pages = [raster_as_page(rng=rng + k) for k in range(200)]
    lit = np.concatenate([s[1:].sum(axis=1) for s, start in pages if start.sum() > 1])
    out.exact("as the page had it: neurons on in a column", [1], np.unique(lit).tolist())
    changed = sum(int((s[0] != start).any()) for s, start in pages)
    out.share("as the page had it: initial state overwritten", 0.5, changed, len(pages))
    out.figures += [
        _figure(
            "raster",
            r.trace["states"][:, 0],
            "Each row is a neuron, each column an update."
            " Any active neuron drives every chosen one on: the network fills up.",
        ),
        _figure(
            "raster-as-page",
            pages[0][0],
            "As the page had it: only the updated neuron was"
            " copied, so every column holds a single 1.",
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


def _figure(name: str, s: Array, caption: str) -> Figure:
    return Figure(name, caption, lambda ax: plots.raster(s, ax=ax, low=0))


CASE = Case(
    "E1",
    "A random network of 20 neurons",
    "The page's loop starts one column early and overwrites the initial state, and copies only "
    "the updated neuron, so that every column holds one 1.",
    run,
)
