"""Row 16: the overlap at each load against Amit, Gutfreund and Sompolinsky's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import hopfield as hf

from .measure import Effort, Line, Result, cpu

SIZES = {  # N, loads, samples of patterns, starts a sample
    "tiny": (300, (0.05,), 1, 10),
    "quick": (20_000, (0.05, 0.10, 0.13), 1, 60),
    "full": (20_000, (0.02, 0.05, 0.08, 0.10, 0.11, 0.12, 0.13), 3, 20),
}


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 16."""
    n, loads, samples, starts = SIZES[effort.name]
    start, lines, far = cpu(), [], 0.0
    for load in loads:
        theory = float(hf.theory.ags.overlap(load))
        m = np.concatenate([_overlaps(n, round(load * n), starts, k) for k in range(samples)])
        away = float(m.mean()) - theory
        far = max(far, abs(away))
        error = float(m.std(ddof=1) / np.sqrt(m.size))
        lines.append(Line(f"m - {theory:.4f}, load {load:g}", [away], "", error=error))
    seconds = cpu() - start
    large = n == 20_000
    goal = {"floor": 0.003 if large else None, "most": True}
    lines.append(Line("the largest |m - m_AGS|", [far], "", **goal))
    goal = {"floor": 30.0 if large else None, "most": True}
    lines.append(Line("CPU time of all", [seconds], "s", **goal))
    title = f"The overlap at T = 0, N = {n:,}, {samples * starts} starts a load"
    yield Result(16, title, lines)


def _overlaps(n: int, p: int, starts: int, seed: int) -> np.ndarray:
    """Return the overlaps (starts,) that patterns keep when recall starts at them."""
    xi = hf.random_patterns(p, n, rng=seed)
    starts = min(starts, p)
    found = hf.recall(hf.Hebbian(xi), xi[:starts], sweeps=1000, rng=seed)
    return np.asarray([hf.overlap(s, x) for s, x in zip(found.state, xi, strict=False)])
