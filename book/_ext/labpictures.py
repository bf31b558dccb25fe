"""What the lab knows before Python runs: pictures, the learning rules, the chapters' states."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import prepared

import hopfield as hf

SIDES = range(5, 201)
DIGITS = 10


def pictures() -> list[dict[str, Any]]:
    """Return the pictures by name, square, their pixels as packed bits in base64."""
    drawn = {name: hf.pictures.small(name)[0] for name in ("checkerboard", "X", "A")}
    drawn |= {name: hf.pictures.large(name)[0] for name in ("BU", "BC", "star")}
    drawn |= {f"digit {k}": digit for k, digit in enumerate(hf.pictures.digits(DIGITS))}
    return [
        {"name": name, "side": hf.pictures.grid_shape(x.size)[0], "bits": packed(x)}
        for name, x in drawn.items()
    ]


def packed(x: npt.NDArray[np.int8]) -> str:
    """Return a pattern as text: one bit a neuron, the first one the highest of its byte."""
    return base64.b64encode(np.packbits(x > 0).tobytes()).decode()


def rules() -> list[dict[str, Any]]:
    """Return the learning rules, with their capacity on a grid of each side (null: no limit).

    Where theory knows it, "breaks" is the load up to which a pattern is kept with a few errors.
    """
    breaks = {"hebb": finite(hf.theory.ags.critical()[0])}
    return [
        {
            "name": name,
            "capacityText": rule.capacity_text,
            "source": rule.source,
            "implicit": implicit(rule),
            "symmetric": rule.symmetric,
            "breaks": breaks.get(name),
            "capacity": [finite(rule.capacity(side**2)) for side in SIDES],
        }
        for name, rule in hf.learning.RULES.items()
    ]


def implicit(rule: hf.learning.Rule) -> bool:
    """Say whether few patterns need no N x N matrix, so that a large grid fits into memory."""
    memory = rule.learn(hf.random_patterns(2, 64, rng=0))
    return isinstance(memory, hf.Hebbian)


def finite(capacity: float) -> float | None:
    """Return a capacity to four digits, or None where there is no limit that JSON could hold."""
    return float(f"{capacity:.4g}") if np.isfinite(capacity) else None


def write(path: str | os.PathLike[str]) -> None:
    """Write it all as one JSON file, whole or not at all."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    known = {"pictures": pictures(), "rules": rules(), "chapters": prepared.states()}
    text = json.dumps({"firstSide": SIDES[0]} | known)
    with tempfile.NamedTemporaryFile(
        "w", dir=target.parent, suffix=".json", delete=False, encoding="utf-8"
    ) as handle:
        handle.write(text + "\n")
    os.chmod(handle.name, 0o644)
    os.replace(handle.name, target)
