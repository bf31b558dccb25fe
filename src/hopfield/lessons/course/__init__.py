"""The course's page, experiment by experiment: done right, and as the page had it."""

from __future__ import annotations

from . import five, images, letters, network, one_by_one, orthogonality
from .case import Case, Check, Figure, Outcome, consistent

__all__ = ["CASES", "Case", "Check", "Figure", "Outcome", "consistent"]

CASES: tuple[Case, ...] = tuple(
    sorted(
        (
            network.CASE,
            *orthogonality.CASES,
            *one_by_one.CASES,
            five.CASE,
            *letters.CASES,
            *images.CASES,
        ),
        key=lambda case: int(case.name[1:]),
    )
)
