"""Scans: an experiment over a grid, on one core or a cluster, into one file, nothing twice.

Nothing here knows of Hopfield: it runs any `Experiment`.
"""

from .driver import scan
from .plan import Job, Progress
from .results import Point, Results, merge, read
from .store import Store
from .tasks import OtherVersion, grid

__all__ = [
    "Job",
    "OtherVersion",
    "Point",
    "Progress",
    "Results",
    "Store",
    "grid",
    "merge",
    "read",
    "scan",
]
__dir__ = __all__.copy
