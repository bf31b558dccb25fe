"""What the widget shows: its front end and style, and a still picture."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np

from ..show.palette import UNKNOWN, variables
from .bits import States

HERE = Path(__file__).parent
BUILT = HERE / "static", HERE.parents[2] / "web" / "dist"  # in a wheel, in a checkout
SCALE = 360  # pixels of the still picture, about
ROOT = ".hopfield-lab"
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
    """Return the style of the lab under a class of its own, with the colours of both themes."""
    rules = asset("lab.css").replace("#lab", ROOT)
    dark = ", ".join(f"{where} {ROOT}" for where in DARK)
    return (
        f"{ROOT} {{ {variables('light')} padding: 0.5rem; background: var(--lab-card); }}\n"
        f"{dark} {{ {variables('dark')} }}\n"
        f"{ROOT}, {ROOT} * {{ box-sizing: border-box; }}\n{rules}"
    )


def png(picture: States) -> bytes:
    """Return a state as a PNG: black, white, and the palette's colour where it is unknown."""
    scale = max(1, SCALE // len(picture))
    index = np.kron(picture + 1, np.ones((scale, scale), np.int8)).astype(np.uint8)
    rows = np.pad(index, ((0, 0), (1, 0)))  # each row begins with its filter, none
    height, width = index.shape
    palette = b"\xff\xff\xff" + bytes.fromhex(UNKNOWN[1:7]) + b"\x00\x00\x00"

    def chunk(kind: bytes, data: bytes) -> bytes:
        ends = struct.pack(">I", len(data)), struct.pack(">I", zlib.crc32(kind + data))
        return ends[0] + kind + data + ends[1]

    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows.tobytes(), 9))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in (*parts, (b"IEND", b"")))
