"""A state of the lab as its links have it, which web/src/lab/link.ts reads."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .bits import States
from .tables import DEFAULT

SEED = 2026


def packed(is_set: npt.NDArray[np.bool_]) -> str:
    """Return bools as text: one bit each, the first one the highest of its byte."""
    return base64.b64encode(np.packbits(is_set).tobytes()).decode()


def written(
    named: Mapping[str, States], cue: States, *, seed: int = SEED, **settings: Any
) -> dict[str, Any]:
    """Return patterns by name, a cue and settings as a link has them."""
    return told([*named], [*named.values()], cue, DEFAULT | settings, seed)


def told(
    names: list[str], xi: Any, cue: States, settings: Mapping[str, Any], seed: int
) -> dict[str, Any]:
    """Return the same for patterns whose names need not differ."""
    unknown = {"unknown": packed(cue == 0)} if (cue == 0).any() else {}
    return {
        "version": 1,
        "side": round(cue.size**0.5),
        "patterns": [[name, {"bits": packed(x > 0)}] for name, x in zip(names, xi, strict=True)],
        "cue": {"of": -1, "ink": packed(cue > 0)} | unknown,
        "settings": dict(settings),
        "seed": seed,
    }
