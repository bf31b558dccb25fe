"""Experiments with sparse patterns: 0/1 neurons of which few are active."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..base.checks import count as whole, flag, number
from ..core.neurons import Sign
from ..core.orders import Sync
from ..core.patterns import Int8
from ..core.recall import Run
from ..learning import covariance
from ..theory import sparse as law
from .base import Counts, count
from .hebb import Loaded

_CUES = 20  # patterns from which a network starts


@dataclass(frozen=True)
class Sparse(Loaded):
    """The overlap that is left with sparse patterns, under the covariance rule.

    The theory is of patterns of one activity. Those of N neurons have it where exactly fN of them
    are active; where each is active by itself, with probability f, the activities differ by some
    1 / sqrt(fN) of themselves, one threshold does not suit all, and more patterns are lost. At
    f = 0.05 and load 0.5, at the threshold best for the largest load, 0.623, and at 0.5:

    =========  =======  ================  ====================
    threshold  neurons  lost, exactly fN  lost, each by itself
    =========  =======  ================  ====================
    0.623      1,000    3 %               26 to 30 %
    0.623      4,000    0.3 %             11 to 15 %
    0.5        1,000    none              5 %
    0.5        4,000    none              none
    =========  =======  ================  ====================

    Of ever more neurons both are what the theory says.

    Parameters
    ----------
    N, alpha : int, float
        Neurons, and the load P/N.
    activity : float
        The fraction f of active neurons, above 0 and 1/2 at most.
    threshold : float
        Of every neuron; see `theory.sparse.critical`.
    exact : bool
        Each pattern has exactly fN active neurons, rounded; else each neuron is active with
        probability f.
    sweeps : int
        At most so many, of all neurons together.

    Notes
    -----
    Counts "overlap", the mean over 20 patterns, and "lost", the share of them below 1/2.

    Examples
    --------
    >>> from hopfield.experiments import Sparse
    >>> round(Sparse(alpha=0.3, activity=0.1).theory(), 4)
    0.9861
    >>> Sparse(exact=False).theory() is None
    True
    """

    alpha: float = 0.3
    activity: float = 0.1
    threshold: float = 0.5
    exact: bool = True
    sweeps: int = 50
    about: ClassVar[str] = "overlap"
    source: ClassVar[str] = "Tsodyks & Feigelman 1988, doi:10.1209/0295-5075/6/2/002"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        if not 0 < number(self.activity, "activity") <= 0.5:
            raise ValueError(f"activity must be above 0 and 1/2 at most, not {self.activity:g}")
        if not round(self.activity * self.N):
            raise ValueError(f"activity must make a neuron of N={self.N} active at least")
        number(self.threshold, "threshold")
        flag(self.exact, "exact")
        whole(self.sweeps, "sweeps", 1)

    def patterns(self, rng: np.random.Generator) -> Int8:
        """Draw the patterns, (P, N) of 0 and 1."""
        if not self.exact:
            return (rng.random((self.p, self.N)) < self.activity).astype(np.int8)
        first = np.arange(self.N) < round(self.activity * self.N)
        return rng.permuted(np.broadcast_to(first, (self.p, self.N)), axis=1).astype(np.int8)

    def run(self, rng: np.random.Generator) -> Counts:
        """Store patterns, and start from some of them."""
        eta, f = self.patterns(rng), self.activity
        memory = covariance(eta, activity=f, threshold=self.threshold, coding="01")
        run = Run(memory, eta[:_CUES], neuron=Sign(0, 1), order=Sync(), rng=rng)
        ends = run.finish(self.sweeps).state
        m = ((eta[:_CUES] - f) * ends).sum(axis=1) / (self.N * f * (1 - f))
        return count(overlap=float(m.mean()), lost=float((m < 0.5).mean()))

    def theory(self) -> float | None:
        """Return the overlap of many neurons, replica symmetric, of patterns of one activity."""
        if not self.exact:
            return None
        return float(law.overlap(self.p / self.N, self.activity, self.threshold))
