"""The gallery: for each model the figure a textbook would print, computed anew when drawn.

Lines are theory, points are simulated, bars are one standard error over samples of patterns. A
new plate is one file in this folder, with a `Plate` at its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from ...analysis.citation import cite
from ...base.checks import Rng, choice, generator
from ...base.progress import Watch, steps
from ...show.canvas import SHARP, picture
from ...show.pages import document, element, figures, folder
from ..rows import rows
from .choosing import choices
from .plate import Axes, Plate

__all__ = ["PLATES", "Plate", "choices", "draw", "run"]
__dir__ = __all__.copy

PLATES: dict[str, Plate] = {
    plate.name: plate
    for plate in sorted(rows(__name__, __path__, Plate), key=lambda plate: plate.place)
}


def draw(name: str, ax: Axes | None = None, *, rng: Rng = 0) -> Axes:
    """Compute and draw one figure of the gallery.

    Parameters
    ----------
    name : str
        One of ``gallery.PLATES``.
    ax : Axes, optional
        Where to draw; by default a new figure.
    rng : int or numpy.random.Generator
        Seed or generator of all that is simulated.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        For a name that there is not.

    Examples
    --------
    >>> draw("landscape", rng=1).get_xlabel()
    'Hamming distance to pattern 0'
    """
    return PLATES[choice(name, "name", PLATES)].draw(ax, generator(rng, "gallery"))


def run(
    out: Path | str,
    names: Iterable[str] | None = None,
    *,
    rng: int = 0,
    progress: Watch | None = None,
) -> Path:
    """Draw figures of the gallery into a folder, with a page that shows them.

    Parameters
    ----------
    out : path
        A folder that is new, empty or an earlier gallery.
    names : iterable of str, optional
        Which; by default all whose data are installed.
    rng : int
        Seed; each figure's own, so that it does not depend on which others are drawn.
    progress : callable, optional
        Called with a `hopfield.base.progress.Progress` before each figure; ``print`` will do.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    BadFile
        If ``out`` holds something else, or cannot be written.
    ValueError
        For a name that there is not.
    """
    there = [name for name, plate in PLATES.items() if all(map(find_spec, plate.needs))]
    chosen = [PLATES[choice(n, "names", PLATES)] for n in (there if names is None else names)]
    tell = steps(progress, len(chosen), "figures")
    with folder(out, "gallery") as new:
        for k, plate in enumerate(chosen):
            tell(plate.title, k)
            drawn = picture(draw(plate.name, rng=rng).figure, dpi=SHARP)
            (new / f"{plate.name}.png").write_bytes(drawn)
        (new / "index.html").write_text(_page(chosen, rng), encoding="utf-8")
    return Path(out) / "index.html"


def _page(plates: list[Plate], rng: int) -> str:
    words = (
        "For each model the figure a textbook would print. Lines are theory, points are simulated, "
        f"bars are one standard error over samples of patterns. Seed {rng}."
    )
    sections = (
        element(
            "section",
            element("h2", plate.title),
            figures([(f"{plate.name}.png", plate.caption)]),
            element("details", element("summary", "Sources"), element("pre", cite(*plate.sources))),
            id=plate.name,
        )
        for plate in plates
    )
    head = element("h1", "The gallery"), element("p", words)
    return document("hopfield: the gallery", *head, *sections)
