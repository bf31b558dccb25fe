"""E4, E13 and E14: recall of random patterns, one neuron at a time."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np

import hopfield as hf

from ...base.checks import Array, Rng, generator, part
from ...theory import visits
from .case import Case, Figure, Outcome

N, GIVEN, UPDATES = 100, 75, 1000


def from_three_quarters(
    stored: int, runs: int, *, rng: Rng, record: bool = False
) -> tuple[hf.Recall, Array]:
    """Recall the first of ``stored`` patterns, ``runs`` times, from 75 of its 100 neurons.

    The cue's other 25 neurons are those of the second pattern where two are stored, else
    random. Returns the recall and the pattern; ``record`` keeps the number of wrong neurons
    and the energy after each update.
    """
    rng = generator(rng, "course.one_by_one")
    xi = hf.random_patterns(stored, N, rng=rng)
    others = xi[1] if stored > 1 else hf.random_patterns(runs, N, rng=rng)
    cues = np.broadcast_to(hf.replace(xi[0], others, keep=GIVEN), (runs, N))
    keep = [hf.record.hamming(xi[0], "update"), hf.record.energy("update")] if record else None
    r = hf.recall(hf.hebb(xi), cues, order=hf.Random(), updates=UPDATES, record=keep, rng=rng)
    return r, xi[0]


def page_split(n: int, share: float) -> int:
    """Return how many neurons the page's ``int(p*N)`` and ``int((1-p)*N)`` give together."""
    return int(share * n) + int((1 - share) * n)


def run_one(rng: int) -> Outcome:
    """One pattern, recalled one neuron at a time.

    Each update multiplies the whole matrix to use one row of it, O(N^2) instead of O(P).
    """
    out = Outcome()
    r, _ = from_three_quarters(1, 2000, rng=rng, record=True)
    error = 2 * r.trace["hamming"]  # the page's sum |s - xi|
    free = N - GIVEN
    out.mean("mean error (2 x Hamming distance) of the cue", free, error[0])
    out.exact("updates at which the error rose", 0, int((np.diff(error, axis=0) > 0).sum()))
    for k in (50, 200):
        out.mean(f"mean error after {k} updates", free * float(visits.unvisited(N, k)), error[k])
    right = int((error[-1] == 0).sum())
    chance = visits.all_visited_random(N, free, UPDATES)
    out.share("P(recalled after 1,000 updates)", chance, right, error.shape[1])
    done = error[:, error[-1] == 0]
    mean = float(np.mean([visits.mean_time(N, k) for k in np.repeat(*_binomial(free))]))
    out.mean("mean number of updates to the pattern", mean, (done > 0).sum(axis=0))
    out.exact("times the energy rose", 0, int((np.diff(r.trace["energy"], axis=0) > 1e-9).sum()))
    theory = free / 2 * visits.unvisited(N, np.arange(UPDATES + 1))
    out.figures = [
        Figure(
            "error",
            "Wrong neurons against single updates: 30 recalls, their mean, and the "
            "theory 12.5 (1 - 1/N)^k. An updated neuron stays right.",
            lambda ax: hf.plots.hamming(r.trace["hamming"][:, :30], ax=ax, theory=theory),
        ),
        Figure(
            "energy",
            "The energy of one recall: it never rises.",
            lambda ax: hf.plots.energy(r.trace["energy"][:, 0], ax=ax),
        ),
    ]
    return out


def run_two(rng: int) -> Outcome:
    """Two random patterns.

    The heading above it speaks of two stored patterns from cell 6 on; only here are there two.
    """
    out = Outcome()
    draws = generator(rng, "course E13")
    runs = [from_three_quarters(2, 1, rng=draws) for _ in range(1500)]
    free = N - GIVEN
    cues = hf.random_patterns((2, 4000), N, rng=draws)
    error = 2 * np.asarray(hf.hamming(cues[0], hf.replace(cues[0], cues[1], keep=GIVEN)))
    out.mean("mean error (2 x Hamming distance) of the cue", free, error)
    out.near("its variance", free, float(error.var()), 3.3 * free * np.sqrt(2 / error.size))
    right = sum(int(np.array_equal(r.state[0], xi)) for r, xi in runs)
    chance = visits.all_visited_random(N, free, UPDATES)
    out.share("P(recalled after 1,000 updates)", chance, right, len(runs))
    r, _ = from_three_quarters(2, 30, rng=draws, record=True)
    out.exact("times the energy rose", 0, int((np.diff(r.trace["energy"], axis=0) > 1e-9).sum()))
    out.figures = [
        Figure(
            "error",
            "Two patterns stored, the cue three quarters of one and a quarter of the other: wrong "
            "neurons against single updates, 30 orders and their mean.",
            lambda ax: hf.plots.hamming(r.trace["hamming"], ax=ax),
        )
    ]
    return out


def run_rounding(rng: int) -> Outcome:
    """Counting a share of the neurons.

    int(p*N) and int((1-p)*N) truncate: for 17 of the 99 percentages the two parts of a cue have 99
    neurons together.
    """
    out = Outcome()
    lost = [k for k in range(1, N) if page_split(N, k / N) != N]
    out.exact("as the page had it: percentages at which a neuron is lost", 17, len(lost))
    out.exact(
        "those percentages",
        [29, 34, *range(55, 59), 67, 68, *range(78, 82), 89, *range(90, 94)],
        lost,
    )
    wrong = [(k, n) for n in range(1, 301) for k in range(n + 1) if part(k / n, "k", n) != k]
    out.exact("ours, every k of N for N to 300: wrong counts", 0, len(wrong))
    return out


def _binomial(n: int) -> tuple[Any, Any]:
    """Return 0 ... n and how often each comes among 10,000 draws of Binomial(n, 1/2)."""
    k = np.arange(n + 1)
    return k, np.rint([10_000 * comb(n, j) / 2**n for j in range(n + 1)]).astype(int)


E4 = Case("E4", run_one)
E13 = Case("E13", run_two)
E14 = Case("E14", run_rounding)
