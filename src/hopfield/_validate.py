"""The checks of arguments that every room shares: one sentence that names the argument."""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Rng = int | np.random.Generator


def generator(rng: Rng, purpose: str) -> np.random.Generator:
    """Return the generator that ``rng`` names.

    An integer seed is salted with the purpose, so that one seed can serve a whole script without
    the cue and the order of updates being drawn from the same numbers.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, (bool, np.bool_)) or not isinstance(rng, (int, np.integer)):
        raise TypeError(
            f"rng must be an integer seed or a numpy.random.Generator, not {describe(rng)}"
        )
    if rng < 0:
        raise ValueError(f"rng must be a seed of 0 or more, not {rng}")
    return np.random.default_rng([int(rng), zlib.crc32(purpose.encode())])


def describe(value: object) -> str:
    """Return a short text for what was given, for an error message."""
    text = repr(value)
    return text if len(text) <= 60 else f"a {type(value).__name__}"


def real(x: npt.ArrayLike, name: str) -> Array:
    """Return ``x`` as an array of finite real numbers, never empty."""
    try:
        array = np.asarray(x)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name} must be an array of numbers in rows of one length") from error
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} must hold real numbers or bools, not {array.dtype.name} values"
        )
    if array.size == 0:
        raise ValueError(f"{name} must not be empty; its shape is {array.shape}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        bad = array[~np.isfinite(array)].flat[0]
        raise ValueError(f"{name} must be finite; it holds {bad}")
    return array


def vectors(x: npt.ArrayLike, name: str, n: int | None = None) -> Array:
    """Return ``x`` as real rows (..., N), of ``n`` neurons where that is given."""
    array = real(x, name)
    if array.ndim == 0:
        raise ValueError(f"{name} must have a last axis of neurons, not be the number {array}")
    if n is not None and array.shape[-1] != n:
        raise ValueError(
            f"{name} must have {n} neurons on its last axis; its shape is {array.shape}"
        )
    return array


def count(value: object, name: str, low: int, high: int | None = None) -> int:
    """Return ``value`` as an integer between ``low`` and ``high``."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an integer, not {describe(value)}")
    if value < low or (high is not None and value > high):
        allowed = f"{low} or more" if high is None else f"between {low} and {high}"
        raise ValueError(f"{name} must be {allowed}, not {value}")
    return int(value)


def number(value: object, name: str) -> float:
    """Return ``value`` as a finite float."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(
        value, (int, float, np.integer, np.floating)
    ):
        raise TypeError(f"{name} must be a number, not {describe(value)}")
    if not np.isfinite(value):
        raise ValueError(f"{name} must be finite, not {value}")
    return float(value)


def part(value: object, name: str, n: int) -> int:
    """Return how many of ``n`` neurons a count (int) or a fraction (float) means."""
    if isinstance(value, (float, np.floating)):
        if not 0 <= value <= 1:  # also refuses NaN
            raise ValueError(f"{name} as a fraction must be between 0 and 1, not {value}")
        return int(np.floor(float(value) * n + 0.5))
    return count(value, f"{name} (a count of neurons)", 0, n)


def choice(value: object, name: str, options: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``options``; else say which there are."""
    known = list(options)
    if isinstance(value, str) and value in known:
        return value
    near = difflib.get_close_matches(str(value), known, 1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise ValueError(f"{name} must be one of {', '.join(known)}, not {describe(value)}{hint}")


def two_states(states: object, name: str = "states") -> tuple[float, float]:
    """Return a neuron's two states as floats (low, high), low below high."""
    if not isinstance(states, (tuple, list, np.ndarray)) or len(states) != 2:
        raise ValueError(f"{name} must be two numbers (low, high), not {describe(states)}")
    low, high = (number(state, f"{name}[{k}]") for k, state in enumerate(states))
    if not low < high:
        raise ValueError(f"{name} must be (low, high) with low < high, not ({low:g}, {high:g})")
    return low, high
