"""Boltzmann machines: memories whose law exp(-E/T) is learnt from data.

A `Machine` is a memory of couplings and biases, some of whose neurons may be hidden; `fit` makes
one of data, `sample` draws from it, and `log_likelihood` says how well it knows them.
"""

from __future__ import annotations

from .hopfield import Gaussian as Gaussian, from_hopfield as from_hopfield
from .law import (
    Estimate as Estimate,
    divergence as divergence,
    entropy as entropy,
    law as law,
    log_likelihood as log_likelihood,
    log_partition as log_partition,
    pseudo_likelihood as pseudo_likelihood,
)
from .machine import (
    Machine as Machine,
    Restricted as Restricted,
    coded as coded,
    restricted as restricted,
)
from .training import Settings as Settings, Training as Training, fit as fit, gradient as gradient

__all__ = [
    "Estimate",
    "Gaussian",
    "Machine",
    "Restricted",
    "Settings",
    "Training",
    "coded",
    "divergence",
    "entropy",
    "fit",
    "from_hopfield",
    "gradient",
    "law",
    "log_likelihood",
    "log_partition",
    "pseudo_likelihood",
    "restricted",
]
__dir__ = __all__.copy
