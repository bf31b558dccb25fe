"""Arrays as expressions of a script that holds them."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

LINE = 88  # characters of data in a line


def quoted(data: bytes) -> str:
    """Return bytes as the text that the script reads, in lines."""
    text = base64.b64encode(zlib.compress(data, 9)).decode()
    lines = [text[k : k + LINE] for k in range(0, len(text), LINE)]
    return f'"{text}"' if len(lines) == 1 else "\n    " + "\n    ".join(f'"{x}"' for x in lines)


def bits_of(x: npt.NDArray[Any]) -> str:
    """Return the expression that makes these bools."""
    text = quoted(np.packbits(x).tobytes())
    return f"bits({text}, {', '.join(map(str, x.shape))})"


def bytes_of(x: npt.NDArray[np.int8]) -> str:
    """Return the expression that makes these small integers, in one row."""
    return f"read({quoted(x.tobytes())}, np.int8)"


def numbers_of(x: npt.NDArray[Any]) -> str:
    """Return the expression that makes these integers."""
    if x.size <= 12:
        return repr(x.tolist())
    return f"read({quoted(x.tobytes())}, np.{x.dtype.name})"
