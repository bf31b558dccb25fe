"""What a case of the course is: checks of figures against what is expected, and drawings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

import numpy as np

from ..rows import told


@dataclass(frozen=True)
class Check:
    """One figure: what it is, what it must be, what came out, and whether they agree."""

    what: str
    expected: str
    got: str
    ok: bool


@dataclass(frozen=True)
class Figure:
    """A drawing: a name, what to see in it, and a function that draws it on given Axes."""

    name: str
    caption: str
    draw: Callable[[Any], Any]
    size: tuple[float, float] = (5.2, 3.1)


@dataclass
class Outcome:
    """What a case gave."""

    checks: list[Check] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def exact(self, what: str, expected: Any, got: Any) -> None:
        """Check that two values are equal."""
        self.checks.append(Check(what, _text(expected), _text(got), bool(expected == got)))

    def near(self, what: str, expected: float, got: float, bound: float) -> None:
        """Check that a value is within ``bound`` of what is expected."""
        ok = abs(got - expected) <= bound
        self.checks.append(Check(what, f"{expected:.6g} ± {bound:.2g}", f"{got:.6g}", bool(ok)))

    def mean(self, what: str, expected: float, values: Any) -> None:
        """Check that the mean of independent values is within 3.3 standard errors."""
        self.near(what, expected, float(values.mean()), 3.3 * values.std() / sqrt(values.size))

    def share(self, what: str, expected: float, hits: int, trials: int) -> None:
        """Check that so many hits have at least 1 chance in 1,000 under a probability."""
        ok = consistent(expected, hits, trials)
        got = f"{hits / trials:.6g}"
        self.checks.append(Check(f"{what} ({trials:,} trials)", f"{expected:.6g}", got, ok))


@dataclass(frozen=True)
class Case:
    """An experiment of the course's page: its name there, and how to run it from a seed.

    The docstring of ``run`` says what it is about and, below that, what the page had wrong.
    """

    name: str
    run: Callable[[int], Outcome]

    @property
    def title(self) -> str:
        """What it is about."""
        return told(self.run.__doc__)[0]

    @property
    def page(self) -> str:
        """What the page had wrong."""
        return told(self.run.__doc__)[1]


def consistent(p: float, hits: int, trials: int, odds: float = 0.001) -> bool:
    """Say whether so many hits are no rarer than ``odds`` (two-sided, exact binomial) under p."""
    k = np.arange(trials + 1)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(k[1:]))])
    log_choose = log_factorial[-1] - log_factorial - log_factorial[::-1]
    law = np.exp(log_choose + k * np.log(p) + (trials - k) * np.log1p(-p))
    return bool(min(law[: hits + 1].sum(), law[hits:].sum()) >= odds / 2)


def _text(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
