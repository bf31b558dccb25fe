"""Retrieval at a temperature.

Shade: the overlap that is left 40 sweeps after a start in a pattern, N = 1,000, one sample a cell.
Lines: theory. Below the solid one a pattern is metastable, below the dash-dotted one it is among
the deepest states; below the dashed one the rest freezes into a spin glass.
"""

from __future__ import annotations

import numpy as np

import hopfield as hf

from ...show.canvas import Curve, colour_bar, curves, styled
from ...show.palette import SHADES, VERMILLION
from .plate import Axes, Plate, Source, overlap


def draw(ax: Axes | None, rng: Source) -> Axes:
    """Draw the figure."""

    def kept(load: float, T: float) -> float:
        xi = hf.random_patterns(max(1, round(load * 1000)), 1000, rng=rng)
        run = hf.recall(hf.Hebbian(xi), xi[0], neuron=hf.HeatBath(T), sweeps=40, rng=rng)
        return overlap(run.state, xi[0])

    loads, temperatures = np.linspace(0.01, 0.15, 15), np.linspace(0.05, 1.15, 12)
    m = [[kept(a, T) for a in loads] for T in temperatures]
    ags = hf.theory.ags
    lines = {
        "$T_g$": (ags.glass, 0.15, "--"),
        "$T_M$": (ags.spinodal, 0.1379, "-"),
        "$T_c$": (ags.transition, ags.crossing(), "-."),
    }
    with styled(ax) as ax:
        colour_bar(
            ax, ax.pcolormesh(loads, temperatures, m, cmap=SHADES, vmin=0, vmax=1), "overlap m"
        )
        drawn = []
        for name, (T, end, dash) in lines.items():
            fine = np.linspace(1e-4, end, 25)
            drawn.append(Curve(fine, T(fine), name, VERMILLION, dash))
        curves(ax, drawn, "load P/N", "temperature T")
        ax.set(xlim=(0, 0.15), ylim=(0, 1.2))
    return ax


PLATE = Plate("phases", 5, __doc__, ("amit1985b", "amit1987"), draw)
