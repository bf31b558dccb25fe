"""The course's page, experiment by experiment: done right, and as the page had it.

A new case is one file in this folder with a `Case`, or one more in a file that is there.
"""

from __future__ import annotations

from ..rows import rows
from .case import Case, Check, Figure, Outcome, consistent

__all__ = ["CASES", "Case", "Check", "Figure", "Outcome", "consistent"]
__dir__ = __all__.copy

CASES: dict[str, Case] = {
    case.name: case
    for case in sorted(rows(__name__, __path__, Case), key=lambda case: int(case.name[1:]))
}
