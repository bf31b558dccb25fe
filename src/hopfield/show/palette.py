"""Every colour and size of type, read from palette.json: of figures, of pages and of the book."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["CURVES", "STYLE", "variables"]
__dir__ = __all__.copy

_TOKENS = json.loads(Path(__file__).with_name("palette.json").read_text(encoding="utf-8"))
_INK = _TOKENS["figures"]

# Okabe and Ito's colours; line styles keep the curves apart in greyscale too.
BLUE, ORANGE, GREEN, VERMILLION = (_INK[name] for name in ("blue", "orange", "green", "vermillion"))
PINK, SKY, PALE, GREY = (_INK[name] for name in ("pink", "sky", "pale", "grey"))
INK, PAPER, FRAME = (_INK[name] for name in ("ink", "paper", "frame"))
LOW, UNKNOWN, HIGH = _INK["low"], ORANGE, _INK["high"]
SIGNED = _INK["signed"]  # diverges in hue, darkens throughout
CURVES = (  # colour, line, mark
    (BLUE, "-", "o"),
    (VERMILLION, "--", "s"),
    (GREEN, "-.", "^"),
    (PINK, ":", "D"),
    (ORANGE, "--", "v"),
    (SKY, "-.", "<"),
    (BLUE, ":", ">"),
    (VERMILLION, "-", "P"),
)
_POTTS = [_TOKENS["pages"][f"lab-colour-{k}"][0] for k in range(3, 9)]
CELLS = (PAPER, INK, *_POTTS)  # of neurons of so many colours
SHADES, HEAT = "Blues", "cividis"  # maps of colours: of shares, and of any quantity
TYPE, TICKS = 13, 12  # points
STYLE: Any = {
    "axes.facecolor": PAPER,
    "axes.edgecolor": FRAME,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": "auto",
    "axes.linewidth": 0.8,
    "axes.grid": False,
    "legend.fontsize": TICKS,
    **dict.fromkeys(("font.size", "axes.titlesize", "axes.labelsize"), TYPE),
}


def variables(theme: str, *groups: str) -> str:
    """Return the colours of pages as variables of CSS.

    Parameters
    ----------
    theme : {"light", "dark"}
    *groups : {"live", "code", "lab"}
        Of pages, of code, of the lab; by default all.

    Returns
    -------
    str

    Examples
    --------
    >>> variables("light", "live")[:21]
    '--live-text: #1c2329;'
    """
    k = ("light", "dark").index(theme)
    return " ".join(
        f"--{name}: {pair[k]};"
        for name, pair in _TOKENS["pages"].items()
        if not groups or name.split("-")[0] in groups
    )
