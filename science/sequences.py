"""Sequences: loads at which each pattern still leads to the next."""

from __future__ import annotations

from collections.abc import Iterator

from hopfield import theory

from .figure import Figure, Work


def the_load_at_which_sequences_end() -> Iterator[Figure]:
    yield Figure("critical load, synchronous, T = 0", theory.sequence.critical()[0], 0.26906, 1e-5)


WORKS = [
    Work(
        the_load_at_which_sequences_end,
        "Düring, Coolen & Sherrington (1998), doi:10.1088/0305-4470/31/43/005",
    )
]
