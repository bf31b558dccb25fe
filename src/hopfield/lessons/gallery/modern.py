"""One update of a modern memory.

Points: distance from the pattern after one update, relative to its length, starting from the
pattern itself or with Gaussian noise (0.3 per component); simulated, N = 64, P = 1,000 patterns on
a sphere, medians of all patterns, 4 samples. Line: the bound from the pattern itself,
2 (P − 1) exp(−β × separation).
"""

from __future__ import annotations

from typing import Any

import numpy as np

import hopfield as hf

from .plate import Axes, Plate, Source, means


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    p, n, betas = 1000, 64, [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6]

    def off(x: Any, cues: Any, beta: float) -> float:
        away = np.linalg.norm(hf.modern(x, beta).gradient(cues) - x, axis=1)
        return float(np.median(away) / np.sqrt(n))

    noisy, clean, bounds = [], [], np.empty((4, len(betas)))
    for sample in range(4):
        x = rng.normal(size=(p, n))
        x *= np.sqrt(n) / np.linalg.norm(x, axis=1, keepdims=True)
        gap = n - np.sort(x @ x.T, axis=1)[:, -2]
        cues = x + 0.3 * rng.normal(size=x.shape)
        noisy.append([off(x, cues, beta) for beta in betas])
        clean.append([off(x, x, beta) for beta in betas])
        for k, beta in enumerate(betas):
            bounds[sample, k] = np.median(hf.theory.modern.error_bound(gap, beta, p, 1.0))
    m, error = np.stack([means(noisy), means(clean)], axis=1)
    ax = hf.plots.curve(
        betas,
        m,
        error,
        bounds.mean(axis=0),
        ax,
        xlabel=r"$\beta$",
        ylabel="distance / length",
        names=["from a noisy pattern", "from the pattern", "bound"],
    )
    ax.set_yscale("log")
    return ax


PLATE = Plate("modern", 10, __doc__, ("ramsauer2020",), draw)
