"""Experiments with patterns that the network knows by noisy examples alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..base.checks import count as whole, flag, number, room
from ..core.hebbian import Hebbian
from ..core.patterns import examples, overlap
from ..core.recall import Run
from ..learning import archetypes
from ..theory import examples as law
from .base import Counts, count
from .hebb import Loaded


@dataclass(frozen=True)
class Examples(Loaded):
    """The overlap with archetypes that a network keeps, which it knows by examples alone.

    Parameters
    ----------
    N, alpha : int, float
        Neurons, and archetypes a neuron, K/N.
    M : int
        Examples of each archetype.
    quality : float
        The overlap of an example with its archetype, above 0 and 1 at most.
    supervised : bool
        Store the mean of each archetype's examples; else all examples.
    sweeps : int
        At most so many.

    Notes
    -----
    Counts "overlap", the mean over all archetypes of what is left of each, and "once", the same
    after one step of all neurons together.

    Examples
    --------
    >>> from hopfield.experiments import Examples
    >>> round(Examples(M=40, quality=0.5, alpha=0.05).theory(), 4)
    0.9901
    """

    alpha: float = 0.05
    M: int = 20
    quality: float = 0.5
    supervised: bool = True
    sweeps: int = 100
    about: ClassVar[str] = "overlap"
    axes: ClassVar[tuple[str, ...]] = ("M",)
    source: ClassVar[str] = "Alemanno et al. 2023, doi:10.1209/0295-5075/aca55f"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        room("N, alpha and M", self.N, self.p, whole(self.M, "M", 1, 10_000))
        if not 0 < number(self.quality, "quality") <= 1:
            raise ValueError(f"quality must be above 0 and 1 at most, not {self.quality:g}")
        flag(self.supervised, "supervised")
        whole(self.sweeps, "sweeps", 1)

    def run(self, rng: np.random.Generator) -> Counts:
        """Store examples, and recall from each archetype."""
        xi = self.patterns(rng)
        seen = examples(xi, self.M, self.quality, rng=rng)
        memory = archetypes(seen) if self.supervised else Hebbian(seen.reshape(-1, self.N))
        once = np.where(memory.field(xi) >= 0, 1, -1)
        ends = Run(memory, xi, rng=rng).finish(self.sweeps).state
        return count(
            overlap=float(np.mean(overlap(ends, xi))), once=float(np.mean(overlap(once, xi)))
        )

    def theory(self) -> float:
        """Return the overlap of many neurons, replica symmetric."""
        return float(law.overlap(self.p / self.N, self.M, self.quality, self.supervised))
