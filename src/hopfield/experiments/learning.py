"""Experiments with Boltzmann machines: how well a law is learnt from its samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .. import boltzmann
from ..base.checks import choice, count as whole, not_negative, number
from .base import Counts, Experiment, count

_METHODS = ("exact", "cd", "pcd", "pseudo")


@dataclass(frozen=True)
class Learning(Experiment):
    """How far from the truth a Boltzmann machine is that has seen so many samples of it.

    The truth is a machine of N visible neurons whose couplings are normal, of variance
    coupling**2 / N, as are its biases; the samples are drawn from its exact law.

    Parameters
    ----------
    N : int
        Visible neurons, 2 to 16.
    samples : int
        How many rows are learnt from.
    hidden : int
        Hidden neurons of the machine that learns; 0 for pairs, of which the truth is one.
    method : {"exact", "cd", "pcd", "pseudo"}
        How it learns; see `hopfield.boltzmann.fit`.
    coupling : float
        How strong the true couplings are.
    epochs : int
        Times through the data.
    rate : float
        How far a step follows the gradient, falling to 0.

    Notes
    -----
    Counts the means "divergence", D(truth || learnt) in nats, and "error", the root mean square
    error of the couplings (of pairs alone).

    Examples
    --------
    >>> import numpy as np
    >>> from hopfield.experiments import Learning
    >>> counts = Learning(N=6, samples=2000).run(np.random.default_rng(0))
    >>> counts.estimate("divergence").value < 0.02
    True
    """

    N: int = 8
    samples: int = 1000
    hidden: int = 0
    method: str = "exact"
    coupling: float = 0.5
    epochs: int = 300
    rate: float = 0.2
    about: ClassVar[str] = "divergence"
    axes: ClassVar[tuple[str, ...]] = ("samples",)
    source: ClassVar[str] = "Ackley, Hinton & Sejnowski 1985, doi:10.1207/s15516709cog0901_7"

    def __post_init__(self) -> None:
        """Check the arguments."""
        whole(self.N, "N", 2, 16)
        whole(self.samples, "samples", 1)
        whole(self.hidden, "hidden", 0, 20)
        whole(self.epochs, "epochs", 1)
        choice(self.method, "method", _METHODS)
        not_negative(number(self.coupling, "coupling"), "coupling")
        if number(self.rate, "rate") <= 0:
            raise ValueError(f"rate must be above 0, not {self.rate:g}")

    def run(self, rng: np.random.Generator) -> Counts:
        """Draw a truth and samples of it, learn, and compare."""
        spread = self.coupling / np.sqrt(self.N)
        w = np.triu(rng.normal(scale=spread, size=(self.N, self.N)), 1)
        truth = boltzmann.Machine(w + w.T, rng.normal(scale=spread, size=self.N))
        law = boltzmann.law(truth)
        bits = rng.choice(len(law), self.samples, p=law)[:, None] >> np.arange(self.N)[::-1] & 1
        found = boltzmann.fit(
            2 * bits - 1,
            self.hidden,
            method=self.method,
            rng=rng,
            epochs=self.epochs,
            rate=(self.rate, 0),
            decay=(1e-6, 1e-6),  # what the samples never show in one state is finite too
        )
        far = boltzmann.divergence(found, law)
        if self.hidden:
            return count(divergence=far)
        error = (found.weights - truth.weights)[np.triu_indices(self.N, 1)]
        return count(divergence=far, error=float(np.sqrt((error**2).mean())))

    def theory(self) -> float | None:
        """Return half a nat a parameter and sample, of pairs and many samples (Fisher's bound)."""
        if self.hidden or self.method not in ("exact", "pseudo"):
            return None
        return self.N * (self.N + 1) / 2 / (2 * self.samples)
