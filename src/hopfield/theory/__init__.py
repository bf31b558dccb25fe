"""Theory: closed forms and exact laws. Nothing here simulates or imports a simulation."""

from __future__ import annotations

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
