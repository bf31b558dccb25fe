"""Experiments as values: parameters in, additive counts out; `hopfield.scan` runs them.

A new experiment is one frozen dataclass and one row of `EXPERIMENTS`; a user's own needs no row.
"""

from .base import Counts, Estimate, Experiment, count
from .examples import Examples
from .hebb import Basin, Crosstalk, Retrieval, Sequence, Spurious, Temperature
from .learning import Learning
from .rules import Capacity, Correlated, RealImages
from .sparse import Sparse

__all__ = [
    "EXPERIMENTS",
    "Counts",
    "Estimate",
    "Experiment",
    "count",
    "Basin",
    "Capacity",
    "Correlated",
    "Crosstalk",
    "Examples",
    "Learning",
    "RealImages",
    "Retrieval",
    "Sequence",
    "Sparse",
    "Spurious",
    "Temperature",
]
__dir__ = __all__.copy

_TABLE: tuple[type[Experiment], ...] = (
    Capacity,
    Retrieval,
    Basin,
    Crosstalk,
    Spurious,
    Temperature,
    Sequence,
    Correlated,
    Sparse,
    Examples,
    Learning,
    RealImages,
)
EXPERIMENTS = {cls.__name__: cls for cls in _TABLE}
