"""Hopfield networks and associative memory: a memory, a neuron and an order."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from . import landscape, learning, models, separation
from .files import load, save
from .learning import hebb
from .memory import Bias, Couplings, Memory, NoEnergy, Overlaps, uniform_weights
from .models import dense, modern, sequence
from .neurons import Anneal, Graded, HeatBath, Linear, Potts, Sign
from .orders import Blocks, Flow, Random, Sequential, Shuffled, Sync
from .patterns import (
    binarise,
    bipolar,
    blank,
    flip,
    hamming,
    overlap,
    random_patterns,
    replace,
)
from .recall import Recall, Run, energy, hamming_to, overlaps, recall, states

if TYPE_CHECKING:
    from . import optimise as optimise
    from . import pictures as pictures
    from . import theory as theory
    from .inputs import read_patterns

__version__ = "0.1.0"

# A program may never need them:
_LAZY = (
    "course", "experiments", "gallery", "optimise", "pictures", "plots", "sweeps", "testing",
    "theory", "tour",
)  # fmt: skip
_LATER = {
    "cite": "citation", "diagnose": "diagnosis", "grid": "sweeps", "read_patterns": "inputs",
    "sweep": "sweeps",
}  # fmt: skip
_ROOMS = (landscape, learning, models, separation)

__all__ = [
    "Anneal",
    "Bias",
    "Blocks",
    "Couplings",
    "Flow",
    "Graded",
    "HeatBath",
    "Linear",
    "Memory",
    "NoEnergy",
    "Overlaps",
    "Potts",
    "Random",
    "Recall",
    "Run",
    "Sequential",
    "Shuffled",
    "Sign",
    "Sync",
    "binarise",
    "bipolar",
    "blank",
    "dense",
    "energy",
    "flip",
    "hamming",
    "hamming_to",
    "hebb",
    "load",
    "modern",
    "overlap",
    "overlaps",
    "random_patterns",
    "read_patterns",
    "recall",
    "replace",
    "save",
    "sequence",
    "states",
    "uniform_weights",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return importlib.import_module(f".{name}", __name__)
    if name in _LATER:
        return getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    rooms = (room.__name__.split(".")[-1] for room in _ROOMS)
    return sorted({*__all__, *_LAZY, *_LATER, *rooms})
