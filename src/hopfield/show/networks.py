"""A small network, its neurons and the couplings between them, and what one neuron adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.couplings import block_means
from ..base.checks import Array, Floats, count, describe, vectors
from ..core.memory import Memory
from .arrays import array, span
from .canvas import legend, matplotlib, styled
from .palette import BLUE, FRAME, HIGH, INK, LOW, PAPER, UNKNOWN, VERMILLION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["network"]
__dir__ = __all__.copy

LARGEST = 12  # neurons whose couplings the eye can still tell apart
NODE, THIN, THICK = 32, 1.0, 5.0  # points
KINDS = {True: (BLUE, "-", "positive"), False: (VERMILLION, (0, (4, 1.5)), "negative")}


def network(
    memory: Memory, state: Any, ax: Axes | None = None, *, neuron: int | None = None
) -> Axes:
    """Draw a small network in a state: a circle for each neuron, a line for each coupling.

    A line is the wider the stronger its coupling is, blue where that is positive, red and dashed
    where it is negative. Where two neurons act on each other unequally, there is an arrow for each
    direction. Couplings of neurons to themselves are not drawn.

    Parameters
    ----------
    memory : Memory
        Of 12 neurons or fewer, whose field is W s + b.
    state : array, (N,)
        Its high state is filled, unknown (0 beside -1 and +1) orange.
    ax : Axes, optional
    neuron : int, optional
        Draw the field of this neuron alone: on each arrow into it W s of its sender, below them
        the sum, in which the last term is what its own coupling and b add, if anything.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        For a memory without couplings between pairs, one of more than 12 neurons, or a state or a
        neuron that is none of it.

    Examples
    --------
    >>> import hopfield as hf
    >>> three = hf.Couplings([[0.0, 0.5, -1.0], [2.0, 0.0, 1.0], [0.5, 0.5, 0.0]])
    >>> network(three, [1, 0, 1], neuron=1).get_xlabel()
    'field of neuron 1: 2 + 1 = 3'
    """
    if not isinstance(memory, Memory):
        raise TypeError(f"memory must be a hopfield memory, not {describe(memory)}")
    if memory.n > LARGEST:
        raise ValueError(f"memory must have {LARGEST} neurons or fewer, not {memory.n}")
    s = vectors(array(state, "state", 1), "state", memory.n)
    at = None if neuron is None else count(neuron, "neuron", 0, memory.n - 1)
    w = array(block_means(memory, memory.n), "couplings", 2)
    places = _places(memory.n, at)
    with styled(ax, (4.6, 4.6), trim=False) as ax:
        if at is None:
            _lines(ax, places, w)
        else:
            _inputs(ax, places, w[at] * s, at, float(memory.field(s)[at]))
        for (x, y), tone, k in zip(places.tolist(), _tones(s), range(memory.n), strict=True):
            ax.plot(x, y, "o", ms=NODE, color=tone, mec=FRAME, mew=1.2, zorder=3)
            ink = PAPER if sum(tone) < 1.5 else INK
            ax.text(x, y, str(k), ha="center", va="center", color=ink, zorder=4)
        ax.set(aspect="equal", xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        for colour, dashes, name in KINDS.values():
            ax.plot([], [], color=colour, ls=dashes, lw=2, label=name)
        legend(ax)
    return ax


def _places(n: int, centre: int | None) -> Floats:
    """Return where the neurons stand, (N, 2): clockwise on a circle, one of them in its middle."""
    ring = [k for k in range(n) if k != centre]
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(ring)) / max(len(ring), 1)
    places = np.zeros((n, 2))
    places[ring] = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return places


def _tones(s: Array) -> list[tuple[float, float, float]]:
    """Return the colour of each neuron."""
    colors, (low, high, flat) = matplotlib().colors, span(s)
    ramp = colors.LinearSegmentedColormap.from_list("graded", [LOW, HIGH])
    unknown = flat & (s != low) & (s != high)
    return [
        colors.to_rgb(UNKNOWN if none else ramp((float(x) - low) / (high - low)))
        for x, none in zip(s, unknown, strict=True)
    ]


def _lines(ax: Axes, places: Floats, w: Floats) -> None:
    """Draw all couplings."""
    apart = w - np.diag(np.diag(w))
    for i, j in np.argwhere(apart):
        one = w[i, j] == w[j, i]
        if one and i < j:
            continue
        ends = places[j], places[i]
        _line(ax, ends, w[i, j], abs(apart).max(), None if one else 0.12)


def _inputs(ax: Axes, places: Floats, terms: Floats, at: int, field: float) -> None:
    """Draw what comes into one neuron, and write down the sum."""
    others = np.delete(np.arange(len(terms)), at)
    for j in others:
        if terms[j]:
            _line(ax, (places[j], places[at]), terms[j], abs(terms[others]).max(), 0)
        (x, y), box = (0.55 * places[j]).tolist(), {"fc": PAPER, "ec": "none", "pad": 2.5}
        ax.text(x, y, _number(terms[j]), ha="center", va="center", bbox=box, zorder=2, color=INK)
    rest = field - float(terms[others].sum())
    parts = [*terms[others], *([rest] if abs(rest) > 1e-9 else [])]
    told = " + ".join(_number(x) for x in parts if x) or "0"
    told = told.replace("+ \N{MINUS SIGN}", "\N{MINUS SIGN} ")
    ax.set_xlabel(f"field of neuron {at}: {told} = {_number(field)}")


def _line(ax: Axes, ends: tuple[Floats, Floats], w: float, most: float, bend: float | None) -> None:
    """Draw one coupling, or what comes along it: a line, or with a bend, or with 0, an arrow."""
    colour, dashes, _ = KINDS[bool(w > 0)]
    start, end = ends
    ax.annotate(
        "",
        tuple(end),
        tuple(start),
        zorder=1,
        arrowprops={
            "arrowstyle": "-" if bend is None else "-|>",
            "connectionstyle": f"arc3,rad={bend or 0}",
            "lw": THIN + (THICK - THIN) * abs(w) / most,
            "color": colour,
            "ls": dashes,
            "shrinkA": NODE / 2 + 1,
            "shrinkB": NODE / 2 + 1,
            "mutation_scale": 14,
        },
    )


def _number(x: float) -> str:
    """Return a number as it is written, of four digits at most."""
    return f"{x:.4g}".replace("-", "\N{MINUS SIGN}")
