"""What the widget shows: its front end and style, and a still picture."""

from __future__ import annotations

import io
from pathlib import Path

from ..io.pictures import as_image
from ..show.palette import variables
from .bits import States

HERE = Path(__file__).parent
BUILT = HERE / "static", HERE.parents[2] / "web" / "dist"  # in a wheel, in a checkout
SCALE = 360  # pixels of the still picture, about
ROOT = ".hopfield-lab"
STILL = "hopfield-still"
DARK = (  # how JupyterLab, VS Code, marimo and Sphinx say that it is dark
    "[data-jp-theme-light=false]",
    ".vscode-dark",
    ".dark",
    "[data-theme=dark]",
)


def asset(name: str) -> str:
    """Return a built file of the front end.

    Raises
    ------
    ImportError
        If it is not built, as in a wheel made without it.
    """
    for folder in BUILT:
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise ImportError(f"{name} is not built: run python tools/front.py build")


def style() -> str:
    """Return the style of the lab under a class of its own, with the colours of both themes.

    Where it is, the lab is, and no still picture.
    """
    rules = asset("lab.css").replace("#lab", ROOT)
    dark = ", ".join(f"{where} {ROOT}" for where in DARK)
    return (
        f"{ROOT} {{ {variables('light')} padding: 0.5rem; background: var(--lab-card); }}\n"
        f"{dark} {{ {variables('dark')} }}\n"
        f"{ROOT}, {ROOT} * {{ box-sizing: border-box; }}\n"
        f".{STILL} {{ display: none !important; }}\n{rules}"
    )


def png(picture: States) -> bytes:
    """Return a state's rows as a PNG: black, white, and the palette's colour where unknown."""
    out = io.BytesIO()
    as_image(picture, max(1, SCALE // len(picture))).save(out, "PNG")
    return out.getvalue()
