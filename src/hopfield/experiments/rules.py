"""Experiments with any learning rule: what it holds, of random, correlated and real patterns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from ..base.checks import choice, count as whole, number
from ..core.memory import Memory
from ..core.patterns import Int8, flip
from ..core.recall import Run
from ..io import pictures
from ..learning import RULES
from ..theory import one_step
from .base import Counts, Experiment, count
from .hebb import Loaded

_TRIES = 100


@dataclass(frozen=True)
class Capacity(Loaded):
    """How many patterns a rule holds: fixed, and recalled from a noisy cue.

    Parameters
    ----------
    N, alpha : int, float
        Neurons, and the load P/N.
    rule : str
        A learning rule of `hopfield.learning.RULES`.
    noise : float
        The part of the cue's neurons that is flipped.

    Notes
    -----
    Counts "fixed", the fraction of the patterns that are fixed points; "all_fixed", how often
    all of them are; "recalled", how often one of them is recalled exactly.

    Examples
    --------
    >>> import numpy as np
    >>> from hopfield.experiments import Capacity
    >>> Capacity(N=200, alpha=0.05).run(np.random.default_rng(0)).shares
    {'all_fixed': (1, 1), 'recalled': (1, 1)}
    """

    rule: str = "hebb"
    noise: float = 0.1
    about: ClassVar[str] = "fixed"
    source: ClassVar[str] = "McEliece et al. 1987, doi:10.1109/TIT.1987.1057328"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        _check(self.rule, self.noise)

    def run(self, rng: np.random.Generator) -> Counts:
        """Store patterns, look at each, and recall the first from a cue."""
        return kept(*stored(self.rule, lambda: self.patterns(rng)), self.noise, rng)

    def theory(self) -> float | None:
        """Return the fraction fixed, as if the N neurons of a pattern were independent (Hebb)."""
        if self.rule != "hebb":
            return None
        return float((1 - sum(one_step.error(self.N, self.p))) ** self.N)


@dataclass(frozen=True)
class Correlated(Capacity):
    """`Capacity` for patterns with more of one state: any two overlap by bias**2 on average.

    Parameters
    ----------
    N, alpha, rule, noise
        As for `Capacity`.
    bias : float
        The mean of a pattern, between -1 and 1, both excluded.

    Notes
    -----
    Counts what `Capacity` counts.

    Examples
    --------
    >>> import numpy as np
    >>> from hopfield.experiments import Correlated
    >>> Correlated(N=200, bias=0.6).run(np.random.default_rng(0)).shares["all_fixed"]
    (0, 1)
    """

    bias: float = 0.5
    axes: ClassVar[tuple[str, ...]] = ("bias", "alpha")
    source: ClassVar[str] = "Amit, Gutfreund and Sompolinsky 1987, doi:10.1103/PhysRevA.35.2293"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        if abs(number(self.bias, "bias")) >= 1:
            raise ValueError(f"bias must be between -1 and 1, both excluded, not {self.bias:g}")

    def patterns(self, rng: np.random.Generator) -> Int8:
        """Draw the patterns, (P, N)."""
        up = rng.random((self.p, self.N)) < (1 + self.bias) / 2
        return np.where(up, 1, -1).astype(np.int8)

    def theory(self) -> None:
        """Return None: that of `Capacity` is for unbiased patterns."""
        return None


@dataclass(frozen=True)
class RealImages(Experiment):
    """`Capacity` for handwritten digits of 8 x 8 pixels; needs scikit-learn, whose they are.

    Parameters
    ----------
    P : int
        How many, drawn from 1,797.
    rule, noise
        As for `Capacity`.

    Notes
    -----
    Counts what `Capacity` counts.

    Examples
    --------
    >>> import numpy as np
    >>> from hopfield.experiments import RealImages
    >>> RealImages(P=2).run(np.random.default_rng(0)).estimate("fixed").trials
    1
    """

    P: int = 3
    rule: str = "hebb"
    noise: float = 0.1
    about: ClassVar[str] = "fixed"
    axes: ClassVar[tuple[str, ...]] = ("P",)
    source: ClassVar[str] = "Alpaydin and Kaynak 1998, doi:10.24432/C50P49"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        whole(self.P, "P", 1, 1000)
        _check(self.rule, self.noise)

    def run(self, rng: np.random.Generator) -> Counts:
        """Store some digits, look at each, and recall the first from a cue."""
        digits = _digits()
        draw = lambda: digits[rng.choice(len(digits), self.P, replace=False)]  # noqa: E731
        return kept(*stored(self.rule, draw), self.noise, rng)


@cache
def _digits() -> Int8:
    return pictures.digits(1797)


def stored(rule: str, draw: Callable[[], Int8]) -> tuple[Memory, Int8]:
    """Draw patterns, no two of them the same, and store them."""
    for _ in range(_TRIES):
        xi = draw()
        if len({row.tobytes() for row in xi}) == len(xi):
            return RULES[rule].learn(xi), xi
    p, n = xi.shape
    raise ValueError(
        f"{p} patterns of {n} neurons are too many: none of {_TRIES} draws had "
        "all of them different"
    )


def kept(memory: Memory, xi: Int8, noise: float, rng: np.random.Generator) -> Counts:
    """Count what a memory holds of its patterns (P, N)."""
    fixed = np.asarray(memory.stable(xi))
    cue = flip(xi[0], noise, rng=rng)
    recalled = bool((Run(memory, cue, rng=rng).finish().state == xi[0]).all())
    return count(fixed=fixed.mean(), all_fixed=fixed.all(), recalled=recalled)


def _check(rule: str, noise: float) -> None:
    choice(rule, "rule", RULES)
    if not 0 <= number(noise, "noise") <= 1:
        raise ValueError(f"noise must be between 0 and 1, not {noise:g}")
