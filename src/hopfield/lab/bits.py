"""How states travel: two rows of packed bits, ink (+1) and unknown (0)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

States = npt.NDArray[Any]  # -1, 0 and +1


def unpack(bits: Any, rows: int, n: int) -> npt.NDArray[np.bool_]:
    """Return rows of n bools from packed bits."""
    octets = np.frombuffer(bits, np.uint8).reshape(rows, -1)
    return np.unpackbits(octets, axis=1, count=n).astype(bool)


def to_state(bits: Any, n: int) -> States:
    """Return a state of -1, 0 and +1 from its two rows of packed bits."""
    ink, unknown = unpack(bits, 2, n)
    return np.where(unknown, 0, np.where(ink, 1, -1)).astype(np.int8)


def to_bits(s: States) -> bytes:
    """Return the two rows of packed bits of a state."""
    return np.packbits([s > 0, s == 0], axis=1).tobytes()
