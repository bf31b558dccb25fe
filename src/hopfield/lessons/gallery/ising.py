"""Inverse Ising.

Error of the couplings that are found again from samples of a Boltzmann machine of 10 neurons, whose
own couplings are normal, of variance 0.64/N. Points: simulated, root mean square over the 45
couplings, 8 samples of rows each. Line: the least that an unbiased estimate can err, by Fisher's
information. The pseudo-likelihood needs no sum over states, and errs hardly more where samples are
many.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import hopfield as hf

from ...base.checks import Floats
from .plate import Axes, Plate, Source, sampled

_FIT: dict[str, Any] = {"rate": 0.1, "momentum": 0.9, "epochs": 150, "decay": 1e-6}


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    n, sizes, names = 10, [100, 300, 1000, 3000, 10_000, 30_000], ("exact", "pseudo")
    w = np.triu(rng.normal(scale=0.8 / np.sqrt(n), size=(n, n)), 1)
    truth = hf.boltzmann.Machine(w + w.T, rng.normal(scale=0.3, size=n))
    states = np.concatenate(list(hf.landscape.all_states(n)))
    law, above = hf.boltzmann.law(truth), np.triu_indices(n, 1)

    def error(method: str, size: float) -> float:
        seen = rng.multinomial(int(size), law)
        found = hf.boltzmann.fit(states[seen > 0], method=method, weights=seen[seen > 0], **_FIT)
        return float(np.sqrt((((found.weights - truth.weights)[above]) ** 2).mean()))

    fine = np.array([80.0, 40_000.0])
    ax = hf.plots.curve(
        sizes,
        *sampled(error, sizes, dict.fromkeys(names, 8)),
        (fine, least_error(law, states) / np.sqrt(fine)),
        ax,
        xlabel="samples",
        ylabel="error of the couplings",
        names=["likelihood", "pseudo-likelihood", "Fisher's bound"],
    )
    ax.set(xscale="log", yscale="log")
    return ax


def least_error(law: Floats, states: Any) -> float:
    """Return the least error of a coupling from one sample, as Fisher's information has it."""
    s = states.astype(np.float64)
    i, j = np.triu_indices(s.shape[1], 1)
    information = np.cov(np.concatenate([s[:, i] * s[:, j], s], axis=1).T, aweights=law, ddof=0)
    return float(np.sqrt(np.diag(np.linalg.inv(information))[: i.size].mean()))


PLATE = Plate("ising", 21, __doc__, ("ackley1985", "besag1975"), draw)
