"""What a plate of the gallery is, and what its simulations are summed up by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...base.checks import Array, Floats
from ...show.canvas import matplotlib
from ...show.palette import GREY, HIGH, LOW, SIGNED, VERMILLION
from ..rows import told

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Axes
else:
    Axes = Any  # matplotlib is loaded when something is drawn

Source = np.random.Generator


@dataclass(frozen=True)
class Plate:
    """One figure of the gallery.

    Attributes
    ----------
    name : str
        Its name on the command line and as a file.
    place : int
        Where it stands in the gallery.
    words : str
        What it shows, an empty line, and what is theory and what is simulated: N, samples, bars.
        The docstring of its module.
    sources : tuple of str
        The works it rests on, as `hopfield.cite` names them.
    draw : callable
        (ax or None, generator) -> Axes.
    needs : tuple of str
        Modules beside the package's own, for data.
    photographed : bool
        Whether it shows photographs, whose colours a dark page must leave as they are.
    """

    name: str
    place: int
    words: str
    sources: tuple[str, ...]
    draw: Callable[[Axes | None, Source], Axes]
    needs: tuple[str, ...] = ()
    photographed: bool = False

    @property
    def title(self) -> str:
        """What it shows."""
        return told(self.words)[0]

    @property
    def caption(self) -> str:
        """What is theory and what is simulated."""
        return told(self.words)[1]


def means(samples: Iterable[Any]) -> tuple[Floats, Floats]:
    """Return the mean of samples, and its standard error."""
    x = np.array(list(samples), dtype=np.float64)
    return np.asarray(x.mean(axis=0)), np.asarray(x.std(axis=0, ddof=1) / np.sqrt(len(x)))


def sampled(
    measure: Callable[[Any, float], float], at: Iterable[float], times: Mapping[Any, int]
) -> tuple[Floats, Floats]:
    """Return means and standard errors of what is measured along several curves.

    Parameters
    ----------
    measure : callable
        (key of a curve, value of the parameter) -> one sample.
    at : iterable of float
        Values of the parameter.
    times : mapping
        Key of each curve -> number of its samples.

    Returns
    -------
    tuple of two ndarrays of shape (curves, values)

    Examples
    --------
    >>> m, error = sampled(lambda power, x: x**power, [1, 2], {2: 3})
    >>> m.tolist(), error.tolist()
    ([[1.0, 4.0]], [[0.0, 0.0]])
    """
    grid = [float(a) for a in at]
    found = [means([[measure(k, a) for a in grid] for _ in range(n)]) for k, n in times.items()]
    m, error = np.stack(found, axis=1)
    return m, error


def overlap(state: Any, pattern: Any) -> float:
    """Return how alike a state and a pattern are, graded states included."""
    return float((state * pattern).mean())


@dataclass(frozen=True)
class Sheet:
    """Pictures of a figure that belong together.

    Attributes
    ----------
    name : str
        What stands on their left.
    pictures : ndarray of shape (K, h, w)
        From 0, light, to 1, dark; or, where one is negative, about 0. Of (K, h, w, 3), in colours.
    note : str
        What stands on their right.
    framed : ndarray of bool, shape (K,), optional
        Which of them are framed.
    """

    name: str
    pictures: Array
    note: str = ""
    framed: Array | None = None


def tiles(ax: Axes, sheets: Sequence[Sheet], across: int) -> None:
    """Draw sheets of pictures below each other, so many pictures in a row."""
    kinds, top, middles = matplotlib().colors.LinearSegmentedColormap, 0.0, []
    for sheet in sheets:
        k, h, w = sheet.pictures.shape[:3]
        rows = -(-k // across)
        most = np.abs(sheet.pictures).max()
        signed = sheet.pictures.min() < 0
        cmap = kinds.from_list("sheet", SIGNED if signed else [LOW, HIGH])
        tones = {"cmap": cmap, "vmin": -most if signed else 0, "vmax": most if signed else 1}
        for i, picture in enumerate(sheet.pictures):
            x, y = 1.15 * (i % across), top + 1.15 * h / w * (i // across)
            sides = x, x + 1, y + h / w, y
            ax.imshow(picture, extent=sides, interpolation="nearest", **tones)
            off = sheet.framed is not None and sheet.framed[i]
            border = [x, x + 1, x + 1, x, x], [y, y, y + h / w, y + h / w, y]
            ax.plot(*border, color=VERMILLION if off else GREY, lw=2 if off else 0.6)
        bottom = top + 1.15 * h / w * rows - 0.15
        middles.append((top + bottom) / 2)
        ink = ax.title.get_color()
        ax.text(1.15 * across + 0.1, middles[-1], sheet.note, va="center", color=ink, size="small")
        top = bottom + 0.35
    ax.set(xlim=(-0.1, 1.15 * across), ylim=(top - 0.25, -0.1), aspect="equal", xticks=[])
    ax.set_yticks(middles, [sheet.name for sheet in sheets])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
