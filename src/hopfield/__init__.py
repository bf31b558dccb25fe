"""Hopfield networks and associative memory: a memory, a neuron and an order."""

from __future__ import annotations

import importlib
from typing import Any

from . import landscape, learning, pictures, separation, theory
from .files import BadFile, load, save
from .inputs import read_patterns
from .learning import RULES, hebb
from .memory import Bias, Couplings, Memory, NoEnergy, Overlaps, uniform_weights
from .neurons import HeatBath, Sign
from .orders import Blocks, Random, Sequential, Shuffled, Sync
from .patterns import (
    binarise,
    bipolar,
    blank,
    flip,
    hamming,
    neighbours,
    overlap,
    random_patterns,
    replace,
)
from .recall import Recall, Run, energy, hamming_to, overlaps, recall, states

__version__ = "0.1.0"

# A program may never need them:
_LAZY = ("course", "experiments", "gallery", "plots", "sweeps", "testing", "tour")
_LATER = {"cite": "citation", "diagnose": "diagnosis", "grid": "sweeps", "sweep": "sweeps"}

__all__ = [
    "RULES",
    "BadFile",
    "Bias",
    "Blocks",
    "Couplings",
    "HeatBath",
    "Memory",
    "NoEnergy",
    "Overlaps",
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
    "energy",
    "flip",
    "hamming",
    "hamming_to",
    "hebb",
    "landscape",
    "learning",
    "load",
    "neighbours",
    "overlap",
    "overlaps",
    "pictures",
    "random_patterns",
    "read_patterns",
    "recall",
    "replace",
    "save",
    "separation",
    "states",
    "theory",
    "uniform_weights",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return importlib.import_module(f".{name}", __name__)
    if name in _LATER:
        return getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_LAZY, *_LATER])
