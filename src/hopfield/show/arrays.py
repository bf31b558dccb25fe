"""What is drawn, checked: arrays, what a recall recorded, the rows and columns of a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..base.checks import Array, count as whole, describe, number, real

Shape = tuple[int, ...]


def array(x: Any, name: str, *dims: int) -> Array:
    """Return numbers as an array with one of so many dimensions."""
    a = real(x, name)
    if a.ndim not in dims:
        kind = " or ".join(f"{d}-d" for d in dims)
        raise ValueError(f"{name} must be a {kind} array; its shape is {a.shape}")
    return a.astype(np.int8) if a.dtype.kind == "b" else a


def between(x: Any, name: str, least: float, most: float) -> float:
    """Return a number that lies between two."""
    value = number(x, name)
    if not least <= value <= most:
        raise ValueError(f"{name} must be a number from {least:g} to {most:g}, not {value:g}")
    return value


def words(value: Any, name: str) -> str:
    """Return a text, such as a title."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, not {describe(value)}")
    return value


def several(names: Any) -> int:
    """Return how many names there are, -1 for what is no row of them."""
    row = isinstance(names, (list, tuple)) or (isinstance(names, np.ndarray) and names.ndim == 1)
    return len(names) if row else -1


def named(names: Sequence[str] | None, count: int, kind: str) -> list[str]:
    """Return so many names, by default numbered ones."""
    if names is None:
        return [f"{kind} {k}" for k in range(count)]
    if several(names) != count:
        raise ValueError(f"names must be {count} strings, not {describe(names)}")
    return [str(name) for name in names]


def sides(x: Array, shape: Shape | None) -> Shape:
    """Return rows and columns: those given, an array's own, or the most nearly square.

    And 3 after them for an image in colours, which are bytes.
    """
    if shape is None and x.ndim == 1:
        rows = next(d for d in range(math.isqrt(x.size), 0, -1) if x.size % d == 0)
        return rows, x.size // rows
    known = x.shape if shape is None else shape
    found: list[Any] = list(known) if several(known) in (2, 3) else []
    if not found or not all(isinstance(k, (int, np.integer)) and k >= 1 for k in found):
        raise ValueError(f"shape must be two whole numbers (rows, columns), not {describe(shape)}")
    if len(found) == 3 and (found[2] != 3 or x.dtype != np.uint8):
        raise ValueError(
            f"shape must be (rows, columns, 3) for colours, which are of uint8, "
            f"not {tuple(found)} of {x.dtype}"
        )
    if math.prod(found) != x.size:
        raise ValueError(f"shape must multiply to {x.size}, the number of neurons, not {shape}")
    return tuple(map(int, found))


def recorded(x: Any, name: str, *dims: int) -> Array:
    """Return the array itself, or what a recall recorded under this name."""
    if not (hasattr(x, "why") and hasattr(x, "trace")):
        return array(x, name, *dims)
    kept, shape = x.trace, np.shape(x.state)
    if isinstance(kept, dict):
        kept = kept.get(name)
    elif name != "overlaps" and np.shape(kept)[1:] != shape[: None if name == "states" else -1]:
        kept = None  # a record of something else
    if kept is None:
        raise ValueError(
            f"{name} must have been recorded to be drawn: "
            f"recall(..., record=hf.record.{name}(...)) keeps it"
        )
    return array(kept, name, *dims)


def spacing(x: Any, points: int, given: float | None) -> float:
    """Return the updates from one recorded point to the next."""
    apart = 1.0 if given is None else given
    if given is None and points > 1 and hasattr(x, "why"):
        made, n = int(np.max(x.updates)), np.shape(x.state)[-1]
        apart = n if made // n == points - 1 else made / (points - 1)  # a sweep may be cut short
    return between(apart, "updates_per_point", 1e-9, 1e12)


def span(x: Array, low: int | None = None) -> tuple[float, float, bool]:
    """Return the low and the high end, and whether the states are just -1, 0 and 1."""
    high = max(1.0, float(x.max()), -float(x.min()))
    if low is None:
        low = 0 if x.min() >= 0 and x.max() > 0 else -1
    if whole(low, "low", -1, 0) == 0 and x.min() < 0:
        raise ValueError("low must be -1, or 0 where no state is negative, not 0")
    return low * high, high, bool(high == 1 and (x == np.trunc(x)).all())
