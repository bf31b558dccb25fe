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
    from . import (
        course,
        experiments,
        gallery,
        optimise,
        pictures,
        plots,
        reports,
        sweeps,
        testing,
        theory,
        tour,
    )
    from .citation import cite
    from .diagnosis import diagnose
    from .inputs import read_patterns
    from .sweeps import grid, sweep

__version__ = "0.1.0"

_LATER = {  # where there is what a program may never need
    "cite": "citation", "diagnose": "diagnosis", "grid": "sweeps", "read_patterns": "inputs",
    "sweep": "sweeps",
}  # fmt: skip

__all__ = [
    "Anneal", "Bias", "Blocks", "Couplings", "Flow", "Graded", "HeatBath", "Linear", "Memory",
    "NoEnergy", "Overlaps", "Potts", "Random", "Recall", "Run", "Sequential", "Shuffled",
    "Sign", "Sync", "binarise", "bipolar", "blank", "cite", "dense", "diagnose", "energy",
    "flip", "grid", "hamming", "hamming_to", "hebb", "load", "modern", "overlap", "overlaps",
    "random_patterns", "read_patterns", "recall", "replace", "save", "sequence", "states",
    "sweep", "uniform_weights",
    # modules
    "course", "experiments", "gallery", "landscape", "learning", "models", "optimise",
    "pictures", "plots", "reports", "separation", "sweeps", "testing", "theory", "tour",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
    if name in __all__:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
