"""Further memories, one family a file, and their table; each goes with a neuron and an order.

A new model is one file here with a row in its ``ROWS``: its laws, its place in the table and its
citation follow.
"""

from ..base.tables import rows
from .adaptation import Adapting as Adapting, Tiring as Tiring
from .associations import (
    Associations as Associations,
    DenseAssociations as DenseAssociations,
    associate as associate,
    bam as bam,
)
from .attention import modern as modern
from .circuit import Potentials as Potentials
from .dense import dense as dense, exponential as exponential
from .log_sum_relu import MeanShift as MeanShift, epanechnikov as epanechnikov
from .model import Model as Model
from .potts import from_one_hot as from_one_hot, one_hot as one_hot, potts as potts
from .sequences import Delayed as Delayed, sequence as sequence

MODELS: dict[str, Model] = {row.make.__name__: row for row in rows(__name__)}

__all__ = [
    "MODELS",
    "Adapting",
    "Associations",
    "Delayed",
    "DenseAssociations",
    "MeanShift",
    "Model",
    "Potentials",
    "Tiring",
    "associate",
    "bam",
    "dense",
    "epanechnikov",
    "exponential",
    "from_one_hot",
    "modern",
    "one_hot",
    "potts",
    "sequence",
]
__dir__ = __all__.copy
# Those of new files too; a file that is named like its function must not hide it.
globals().update({name: row.make for name, row in MODELS.items()})
