"""What a work yields: a figure found, beside the one that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, inf, log10
from typing import NamedTuple

import numpy as np


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


def mean(what: str, values: Sequence[float], known: float, error: float = 0.0) -> Figure:
    """Compare the mean of independent values with a known one of a standard error.

    The bar is 3.3 standard errors of the difference: one figure in a thousand lies beyond it.
    """
    values = np.asarray(values, dtype=float)
    own = values.std(ddof=1) / np.sqrt(values.size)
    return Figure(what, float(values.mean()), known, 3.3 * float(np.hypot(own, error)))
