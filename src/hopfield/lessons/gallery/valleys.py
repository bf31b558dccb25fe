"""All states of a network, and where they end.

Each of the 4,096 cells is a state of 12 neurons, with two patterns stored by Hebb's rule; states
that differ in one neuron are neighbours on the sheet, or lie elsewhere in its row or column. The
colour says at which fixed point (ring) a state ends, neurons visited in turn; the darker, the lower
its energy. The line is a run from a cue of 5 wrong neurons. Exact.
"""

from __future__ import annotations

import hopfield as hf

from .plate import Axes, Plate, Source


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    xi = hf.random_patterns(2, 12, rng=rng)
    memory, cue = hf.hebb(xi), hf.flip(xi[0], 5, rng=rng)
    path = hf.recall(memory, cue, order=hf.Sequential(), record=hf.record.states("update"))
    return hf.plots.landscape(memory, path, ax=ax)


PLATE = Plate("valleys", 42, __doc__, ("hopfield1982",), draw)
