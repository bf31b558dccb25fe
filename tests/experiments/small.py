"""Experiments small enough that each is quick, and how near what was published they come."""

from __future__ import annotations

import numpy as np

import hopfield as hf
from hopfield.experiments import EXPERIMENTS

# Small enough that every experiment is quick.
SMALL = {
    "Spurious": {"N": 60, "alpha": 0.05, "starts": 4},
    "Temperature": {"N": 60, "sweeps": 6},
    "RealImages": {"P": 5},
    "Learning": {"N": 4, "samples": 60, "epochs": 20},
    "Sparse": {"N": 60, "alpha": 0.3},
    "Examples": {"N": 60, "alpha": 0.1, "M": 4},
    "Correlated": {"N": 60, "alpha": 0.1, "bias": 0.4},
}


def small(name):
    cls = EXPERIMENTS[name]
    return cls(**SMALL.get(name, {"N": 60, "alpha": 0.2}))


def near(point, name, value, published=0.0):
    """Say whether a mean lies within 3.3 standard errors of a published value."""
    found, low, high, _ = point.counts.estimate(name)
    error = (high - low) / 2 / 1.96
    return abs(found - value) <= 3.3 * np.hypot(error, published), (found, error, value)


def run(cls, repeats, **parameters):
    (point,) = hf.scan(cls, repeats=repeats, **parameters).points
    return point
