"""Learning from examples.

Overlap with archetypes of which the network saw so many noisy examples each, every neuron right
with probability 3/4, at 0.05 archetypes a neuron. Supervised, the mean of each archetype's examples
is stored; unsupervised, all examples are. Lines: replica symmetric theory for many neurons. Points:
simulated from the archetypes, N = 500, 3 samples; so small a network keeps a part of them where the
theory of many neurons has none. Dotted: how well one example shows its archetype.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import hopfield as hf

from ...show.canvas import curves, law, points, styled, ticks_at
from ...show.palette import INK
from .plate import Axes, Plate, Source, sampled


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""
    load, quality, names = 0.05, 0.5, {True: "supervised", False: "unsupervised"}

    def kept(supervised: bool, m: float) -> float:
        made = hf.experiments.Examples(500, load, int(m), quality, supervised)
        return made.run(rng).estimate("overlap").value

    seen, fine = [5, 10, 15, 20, 25, 40, 80], np.arange(5, 121)
    found = sampled(kept, seen, dict.fromkeys(names, 3))
    both = zip(names.values(), *found, strict=True)
    drawn = [points(k, seen, m, name, error) for k, (name, m, error) in enumerate(both)]
    for k, (supervised, name) in enumerate(names.items()):
        m = [hf.theory.examples.overlap(load, int(x), quality, supervised) for x in fine]
        drawn.append(law(k, fine, np.array(m), f"theory, {name}"))
    ends = fine[[0, -1]]
    drawn.append(replace(law(1, ends, np.full(2, quality), "one example"), colour=INK, line=":"))
    with styled(ax) as ax:
        curves(ax, drawn, "examples of each archetype", "overlap m with it")
        ax.set(xscale="log", ylim=(-0.05, 1.05))
        ticks_at(ax.xaxis, [5, 10, 20, 40, 60, 100])
    return ax


PLATE = Plate("examples", 30, __doc__, ("alemanno2023",), draw)
