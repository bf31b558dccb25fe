"""A state of the lab as its links have it, which web/src/lab/link.ts reads."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .bits import States
from .tables import DEFAULT, MODELS

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
    """Return the same for patterns whose names need not differ, cells of the settings' kind."""
    kind = MODELS[settings["model"]].kind
    unknown = {"unknown": packed(cue == 0)} if kind == "ink" and (cue == 0).any() else {}

    def sent(x: States) -> str:
        if kind == "ink":
            return packed(x > 0)
        return base64.b64encode(x.astype(np.int8).tobytes()).decode()

    return {
        "version": 1,
        "side": round(cue.size**0.5),
        "patterns": [[name, {"bits": sent(x)}] for name, x in zip(names, xi, strict=True)],
        "cue": {"of": -1, "ink": sent(cue)} | unknown,
        "settings": dict(settings),
        "seed": seed,
    }
