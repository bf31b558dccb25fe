"""What every figure is drawn with: Axes in one style, curves, a legend, a bar of colours, ticks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..base.checks import describe, missing
from .palette import BLUE, CURVES, FRAME, PAPER, STYLE, TICKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (7.2, 4.4)  # inches: the width of a page of the book
LINE, MARK = 2.0, 5.5  # widths in points
SHARP = 216  # pixels an inch: two for each of a fine screen, where a figure is as wide as a page


@dataclass(frozen=True)
class Curve:
    """One curve of a figure: what was measured, if it has marks, else a line beneath those.

    Attributes
    ----------
    x, y : array (T,)
    name : str
        Its name in the legend; "" for none.
    colour, line, mark : str
        As matplotlib has them; "" for no line, or no marks.
    error : array (T,) or (2, T), optional
        Half the lengths of bars, or their lengths downwards and upwards.
    """

    x: Any
    y: Any
    name: str
    colour: str = BLUE
    line: str = "-"
    mark: str = ""
    error: Any = None


def points(k: int, x: Any, y: Any, name: str, error: Any = None, joined: bool = False) -> Curve:
    """Return what was measured, in the colour and with the marks and dashes of the k-th curve."""
    colour, line, mark = CURVES[k % len(CURVES)]
    return Curve(x, y, name, colour, line if joined else "", mark, error)


def law(k: int, x: Any, y: Any, name: str) -> Curve:
    """Return a line in the colour and with the dashes of the k-th curve."""
    colour, line, _ = CURVES[k % len(CURVES)]
    return Curve(x, y, name, colour, line)


def curves(ax: Axes, found: Iterable[Curve], xlabel: str, ylabel: str) -> None:
    """Draw curves, lines beneath measured points, and a legend of those that have names."""
    for c in found:
        look: dict[str, Any] = {"color": c.colour, "ls": c.line, "lw": LINE, "label": c.name}
        if c.mark:
            ax.errorbar(c.x, c.y, c.error, marker=c.mark, ms=MARK, capsize=2, **look)
        else:
            alone = "o" if len(c.x) == 1 else ""  # a line of one point would not be seen
            ax.plot(c.x, c.y, zorder=1.5, marker=alone, ms=MARK, **look)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend(ax)


@contextmanager
def styled(
    ax: Axes | None,
    size: tuple[float, float] = SIZE,
    trim: bool = True,
    projection: str | None = None,
) -> Iterator[Axes]:
    """Yield the Axes given, in its owner's style, or new Axes in ours."""
    if ax is not None:
        matplotlib()
        from matplotlib.axes import Axes as Known

        if not isinstance(ax, Known):
            raise TypeError(f"ax must be a matplotlib Axes, not {describe(ax)}")
        yield ax
    else:
        matplotlib()
        from matplotlib import pyplot as plt

        # Outside the context: the first figure of a notebook makes it interactive.
        figure = plt.figure(figsize=size, layout="compressed", facecolor=PAPER)
        with plt.rc_context(STYLE):
            try:
                ax = figure.add_subplot(projection=projection)
                # Ticks are made when drawn, after the style is gone: pin what they need.
                ax.tick_params(labelsize=TICKS, color=FRAME, labelcolor=FRAME)
                yield ax
            except BaseException:
                plt.close(figure)
                raise
    if trim:
        ax.spines[["top", "right"]].set_visible(False)


@contextmanager
def panels(titles: Sequence[str], size: tuple[float, float] = SIZE) -> Iterator[list[Axes]]:
    """Yield an Axes for each title, side by side in one new figure, and put one legend over all."""
    matplotlib()
    from matplotlib import pyplot as plt

    columns = min(3, len(titles))
    rows = -(-len(titles) // columns)
    shape = 0.8 * size[0] * columns, 0.8 * size[1] * rows + 0.4
    figure = plt.figure(figsize=shape, layout="compressed", facecolor=PAPER)
    with plt.rc_context(STYLE):
        try:
            grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
            for ax in grid[len(titles) :]:
                ax.remove()
            drawn = list(grid[: len(titles)])
            for ax in drawn:
                ax.tick_params(labelsize=TICKS, color=FRAME, labelcolor=FRAME)
            yield drawn
            _one_legend(figure, drawn)
            for ax, title in zip(drawn, titles, strict=True):
                ax.set_title(title, fontsize="medium")
                ax.label_outer()
        except BaseException:
            plt.close(figure)
            raise


def _one_legend(figure: Any, drawn: list[Axes]) -> None:
    """Take the legends of all panels together, each entry once; a map's is on the first alone."""
    entries: dict[str, Any] = {}
    for ax in drawn:
        shown = ax.get_legend()
        if shown and shown.get_frame_on():
            shown.set_visible(ax is drawn[0])
        elif shown:
            handles, names = ax.get_legend_handles_labels()
            entries = dict(zip(names, handles, strict=True)) | entries
            shown.remove()
    if entries:
        columns = max(1, int(figure.get_figwidth() / (0.6 + 0.075 * max(map(len, entries)))))
        look = {"frameon": False, "fontsize": "small", "ncols": min(columns, len(entries))}
        figure.legend(entries.values(), entries, loc="outside upper left", **look)


def plain(text: object) -> str:
    """Return a text that matplotlib shows as it is, also with dollar signs in it."""
    return str(text).replace("$", r"\$")


def formula(text: str) -> str:
    """Return a text as it is, if matplotlib can set the formulas in it, else plain."""
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(text)
    except ValueError:
        return plain(text)
    return text


def matplotlib() -> Any:
    """Return matplotlib, or say which extra brings it."""
    try:
        import matplotlib.colors
    except ImportError as error:
        raise missing("figures need matplotlib", "plots") from error
    return matplotlib


def legend(ax: Axes, handles: Any = None) -> None:
    """Put the legend above the axes, where it hides no data, in as many columns as fit."""
    if not (handles := handles or ax.get_legend_handles_labels()[0]):
        return
    inches = [0.65 + 0.09 * len(str(handle.get_label())) for handle in handles]
    room = ax.bbox.width / ax.figure.dpi
    columns = len(inches) if sum(inches) <= room else max(1, int(room / max(inches)))
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        frameon=False,
        ncols=columns,
        borderaxespad=0.2,
        columnspacing=1.2,
        handlelength=2.4,
        labelcolor=ax.title.get_color(),
    )


def colour_bar(ax: Axes, image: Any, label: str) -> None:
    """Put a bar beside the axes that says what the colours of an image mean."""
    bar, ink = ax.figure.colorbar(image, ax=ax), ax.title.get_color()
    bar.set_label(label, color=ink)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize="small", color=ink, labelcolor=ink)


def whole_ticks(*axes: Any) -> None:
    """Put the ticks of these axes at whole numbers."""
    from matplotlib.ticker import MaxNLocator

    for axis in axes:
        ticks = MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True, min_n_ticks=1)
        axis.set_major_locator(ticks)


def ticks_at(axis: Any, values: Any) -> None:
    """Put the ticks of a logarithmic axis at these values alone."""
    axis.set_ticks(values, [f"{value:,}" for value in values])
    axis.set_ticks([], minor=True)


def picture(figure: Any, format: str = "png", dpi: int = 150) -> bytes:
    """Return a figure as a file's bytes, and close it if it is one of pyplot's."""
    from matplotlib import pyplot as plt

    held = io.BytesIO()
    try:
        figure.savefig(held, format=format, dpi=dpi, facecolor=PAPER, bbox_inches="tight")
    finally:
        plt.close(figure)
    return held.getvalue()
