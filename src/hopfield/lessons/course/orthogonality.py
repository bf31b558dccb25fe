"""E2 and E3: random patterns are nearly orthogonal, and what shared neurons add."""

from __future__ import annotations

from functools import partial

import numpy as np

import hopfield as hf

from ...base.checks import Array, Rng, generator
from ...theory.orthogonality import overlap_distribution
from .case import Case, Figure, Outcome

N = 100


def overlap_sums(pairs: int, shared: int = 0, *, rng: Rng) -> Array:
    """Return sum_i xi_i s_i of ``pairs`` random pairs of which ``shared`` neurons agree."""
    rng = generator(rng, "course.orthogonality")
    a, b = hf.random_patterns((2, pairs), N, rng=rng)
    sums: Array = np.rint(N * np.asarray(hf.overlap(a, hf.replace(a, b, keep=shared))))
    return sums.astype(np.int64)


def run_random(rng: int) -> Outcome:
    """Pseudo-orthogonality of random patterns.

    The page's ten histogram bins hold two or three of the even values each: uneven bars for an even
    law.
    """
    return _run(0, 100, rng)


def run_shared(rng: int) -> Outcome:
    """The overlap of patterns that share 50 neurons.

    Right on the page, but for a stray character after the cell's fence.
    """
    return _run(50, 50, rng)


def _run(shared: int, pairs_on_page: int, rng: int) -> Outcome:
    out = Outcome()
    pairs = 100_000
    q = overlap_sums(pairs, shared, rng=rng)
    variance = N - shared
    out.mean("mean of the overlap sum q", shared, q)
    out.near("variance of q", variance, float(q.var()), 3.3 * variance * np.sqrt(2 / pairs))
    out.exact("odd values of q", 0, int((q % 2 != 0).sum()))
    values, p = overlap_distribution(N, shared)
    if shared:
        out.exact("pairs with q at or below 0 (probability 2^-50)", 0, int((q <= 0).sum()))
    else:
        out.share("P(q = 0)", float(p[values == 0].sum()), int((q == 0).sum()), pairs)
        far = np.abs(values) >= 20
        out.share("P(|q| >= 20)", float(p[far].sum()), int((np.abs(q) >= 20).sum()), pairs)
    few = q[:pairs_on_page]
    out.mean(f"mean of q over the page's {pairs_on_page} pairs", shared, few)
    out.figures = [
        Figure(
            f"overlaps-{size}",
            f"Overlap sums of {size:,} pairs of random patterns of {N} neurons"
            + (f", {shared} of them shared" if shared else "")
            + ". Bars: sampled; points: the exact law. Only even values occur.",
            partial(hf.plots.histogram, sample, N, shared),
        )
        for size, sample in ((pairs_on_page, few), (pairs, q))
    ]
    return out


E2 = Case("E2", run_random)
E3 = Case("E3", run_shared)
