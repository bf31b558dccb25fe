"""Dreams that help and dreams that destroy.

Share of the patterns recalled from cues with a tenth of the neurons flipped. Each dream of
unlearning takes a state found from a random start away; soon all patterns are recalled, and then,
after about P / 0.02 dreams, all are lost at once. Daydreaming learns a pattern with each dream, and
stays. N = 60, P = 18 random patterns, 4 samples, all simulated; lines lead the eye.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, means

_MARKS = (0, 100, 200, 300, 450, 600, 750, 900, 1000, 1100, 1200, 1400)


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def recalled(memory: hf.Memory, xi: np.ndarray) -> float:
        cues = np.repeat(xi, 5, axis=0)
        ends = hf.recall(memory, hf.flip(cues, 0.1, rng=rng), rng=rng).state
        return float(np.mean(hf.overlap(ends, cues) > 0.95))

    def sample() -> list[list[float]]:
        xi = hf.random_patterns(18, 60, rng=rng)
        memory: hf.Memory = hf.hebb(xi)
        kept: hf.Memory = memory
        found: list[list[float]] = [[], []]
        for before, times in zip((0, *_MARKS), _MARKS, strict=False):
            memory = hf.learning.unlearn(memory, times - before, epsilon=0.02, rng=rng)
            kept = hf.learning.daydream(xi, times - before, tau=50, rng=rng, memory=kept)
            for values, one in zip(found, (memory, kept), strict=True):
                values.append(recalled(one, xi))
        return found

    m, error = means(sample() for _ in range(4))
    return hf.plots.curve(
        _MARKS,
        m,
        error,
        ax=ax,
        xlabel="dreams",
        ylabel="share recalled from 10 % flips",
        names=["unlearning", "daydreaming"],
    )


PLATE = Plate("unlearning", 24, __doc__, ("hopfield1983", "serricchio2025"), draw)
