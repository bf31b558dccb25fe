"""How a cell's figure becomes a picture: line work as SVG, sharp at any size; images as PNG.

The page's worker and the kernel that builds the book both draw with this, so that what runs live
looks like what was built.
"""

import functools
import io
import re

LONGEST = 100_000  # characters of an SVG; pixels say more with fewer where points are a cloud
DPI = 100  # of matplotlib's figures, whose SVG is in points
PLACES = re.compile(r' (?:d|x|y)="[^"]*"')
DIGITS = re.compile(r"(\.\d\d)\d+")
USELESS = re.compile(r"\s*(?:<metadata>.*?</metadata>|<!--.*?-->)", re.DOTALL)


def vector(figure):
    """Return a figure of lines as SVG in the page's pixels; None for an image, or what is long."""
    from matplotlib import rc_context
    from matplotlib.collections import QuadMesh
    from matplotlib.image import _ImageBase

    if figure.findobj(QuadMesh) or figure.findobj(_ImageBase):
        return None
    held = io.StringIO()
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "hopfield"}):
        figure.savefig(held, format="svg", bbox_inches="tight", metadata={"Date": None})
    text = USELESS.sub("", held.getvalue())
    text = PLACES.sub(lambda place: DIGITS.sub(r"\1", place[0]), text)
    head, opening, rest = text.partition("<svg ")
    size, end, rest = rest.partition(">")
    size = re.sub(r'="([\d.]+)pt"', lambda found: f'="{float(found[1]) * DPI / 72:.0f}"', size)
    return f"{head}{opening}{size}{end}{rest}" if len(text) <= LONGEST else None


def install():
    """Let a notebook's inline backend draw so; an image stays what it was."""
    from IPython.core import pylabtools

    pixels, other = pylabtools.retina_figure, pylabtools.print_figure
    drawn = {}  # what is asked for as SVG is asked for as PNG next

    def lines(figure, fmt="png", **settings):
        if fmt != "svg":
            return other(figure, fmt, **settings)
        drawn[figure] = vector(figure) if figure.axes else None
        return drawn[figure]

    @functools.wraps(pixels)
    def image(figure, **settings):
        return None if drawn.pop(figure) else pixels(figure, **settings)

    pylabtools.print_figure, pylabtools.retina_figure = lines, image
