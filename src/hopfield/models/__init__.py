"""Further memories."""

from .families import (
    Associations,
    Delayed,
    Potentials,
    associate,
    bam,
    dense,
    exponential,
    from_one_hot,
    modern,
    one_hot,
    potts,
    sequence,
)

__all__ = [
    "Associations",
    "Delayed",
    "Potentials",
    "associate",
    "bam",
    "dense",
    "exponential",
    "from_one_hot",
    "modern",
    "one_hot",
    "potts",
    "sequence",
]
