"""What a work yields: a figure found, beside the one that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, hypot, inf, log10
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

_BEYOND = 0.001  # the share of figures that may lie beyond their bars


class Figure(NamedTuple):
    """A figure that was found, the one that is known, and how far apart they may lie."""

    what: str
    found: float
    known: float
    bar: float

    @property
    def holds(self) -> bool:
        """Say whether the two lie within the bar; a figure that is no number does not."""
        return abs(self.found - self.known) <= self.bar

    def written(self, value: float) -> str:
        """Return a value to the second digit of the bar; whole, where there is no bar."""
        if not 0 < self.bar < inf:
            return f"{value:.10g}"
        return f"{value:,.{max(0, 1 - floor(log10(self.bar)))}f}"

    def __str__(self) -> str:
        found, known = self.written(self.found), self.written(self.known)
        sign = "" if self.holds else "  differs"
        return f"{self.what}: {found}, known {known} ± {self.bar:.2g}{sign}"


@dataclass(frozen=True)
class Work:
    """A function that yields figures, where they come from, and whether it takes seconds."""

    run: Callable[[], Iterator[Figure]]
    source: str
    slow: bool = False

    @property
    def name(self) -> str:
        """What the function does, in words."""
        return self.run.__name__.replace("_", " ")


def mean(
    what: str,
    values: Sequence[float],
    known: float,
    error: float = 0.0,
    *,
    nets: int = 0,
    trials: int = 0,
    least: float = 0.0,
) -> Figure:
    """Compare the mean of independent values with a known one: one in a thousand lies beyond.

    Our own standard error comes from few values, so it counts as often as Student's t says; what
    is known has the error that was told, or, as a mean over so many `nets` like ours, that of
    theirs. Of shares of so many `trials` each, the error is that of coins at least: few values may
    all be alike. `least` is the bar that rounding leaves to what was written.
    """
    values = np.asarray(values, dtype=float)
    k, t = values.size, float(stdtrit(values.size - 1, 1 - _BEYOND / 2))
    own, normal = float(values.std(ddof=1)), float(ndtri(1 - _BEYOND / 2))
    theirs = 1 / nets if nets else 0.0
    bar = hypot(t * own / k**0.5, max(normal * error, t * own * theirs**0.5))
    if trials:
        p = (values.sum() + nets * known) / (k + nets) if nets else known
        bar = max(bar, normal * (p * (1 - p) / trials * (1 / k + theirs)) ** 0.5)
    return Figure(what, float(values.mean()), known, float(max(bar, least)))
