"""Theory: closed forms and exact laws. Nothing here simulates or imports a simulation.

A law is loaded when it is asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import (
        ags,
        clamped,
        dense,
        diluted,
        examples,
        features,
        gardner,
        graded,
        mixtures,
        modern,
        one_step,
        orthogonality,
        potts,
        sequence,
        sparse,
        visits,
        willshaw,
    )

__all__ = [
    "orthogonality",
    "visits",
    "one_step",
    "ags",
    "clamped",
    "diluted",
    "examples",
    "features",
    "mixtures",
    "gardner",
    "sparse",
    "willshaw",
    "dense",
    "modern",
    "sequence",
    "potts",
    "graded",
]
__dir__ = __all__.copy


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f".{name}", __name__)  # which sets it here
