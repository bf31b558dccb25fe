"""The checks of arguments that every room shares: one sentence that names the argument."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable, Sequence
from math import prod
from typing import Any, SupportsFloat

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Rng = int | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator

LARGEST = 1e50  # sizes up to this, so that no energy, a product of a few of them, overflows
_NOT_NUMBERS = (bool, np.bool_, np.timedelta64)  # though they are integers to isinstance
_NAMED = 20  # options that an error names, at most
MOST = 2**34  # values in one array: more is a slip, and not for this machine's memory to find out


def missing(what: str, extra: str) -> ImportError:
    """Return the error for what a package would do that comes with one of our extras."""
    return ImportError(f"{what}: install the extra {extra!r} of hopfield")


def generator(rng: Rng | None, purpose: str) -> np.random.Generator:
    """Return the generator that ``rng`` names: whatever `numpy.random.default_rng` takes (SPEC 7).

    Integers are salted with the purpose, so that one seed can serve a whole script without the
    cue and the order of updates being drawn from the same numbers.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None or isinstance(rng, (np.random.SeedSequence, np.random.BitGenerator)):
        return np.random.default_rng(rng)
    given: Any = np.ravel(rng).tolist() if isinstance(rng, np.ndarray) else rng
    several = isinstance(given, (list, tuple, range))
    seeds = given if several else [given]
    for seed in seeds if len(seeds) else [None]:
        if isinstance(seed, _NOT_NUMBERS) or not isinstance(seed, (int, np.integer)):
            raise TypeError(
                "rng must be an integer seed, a sequence of them, or what numpy.random makes "
                f"(SeedSequence, BitGenerator, Generator), not {describe(rng)}"
            )
        if seed < 0:
            raise ValueError(f"rng must be a seed of 0 or more, not {describe(rng)}")
    return np.random.default_rng([*map(int, seeds), zlib.crc32(purpose.encode())])


def describe(value: object) -> str:
    """Return a short text for what was given, for an error message."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # of an integer of 5,000 digits, say
        text = ""
    return text if 0 < len(text) <= 60 else f"a {type(value).__name__}"


def numbers(x: npt.ArrayLike, name: str) -> Array:
    """Return ``x`` as an array of real numbers, never empty."""
    try:
        array = np.asarray(x)
    except Exception as error:  # whatever the array's own conversion may raise
        raise ValueError(f"{name} must be an array of numbers in rows of one length") from error
    masked = getattr(sys.modules.get("numpy.ma"), "MaskedArray", ())  # before, there is none
    if isinstance(x, masked) and np.ma.is_masked(x):
        raise ValueError(f"{name} must not hold masked values: they would be read unmasked")
    if array.dtype.kind == "O" and hasattr(x, "toarray") and not isinstance(x, type):
        raise TypeError(f"{name} must be an array, not sparse: give its .toarray()")
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers or bools, not {array.dtype.name} values")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty; its shape is {array.shape}")
    return array


def real(x: npt.ArrayLike, name: str) -> Array:
    """Return ``x`` as an array of finite real numbers, never empty."""
    array = numbers(x, name)
    if array.dtype.kind == "f" and not (_fits(array.min()) and _fits(array.max())):
        bad = next(value for value in array.flat if not _fits(value))
        raise ValueError(f"{name} must be finite, {LARGEST:g} at most in size; it holds {bad}")
    return array


def not_negative(x: npt.ArrayLike, name: str) -> Floats:
    """Return ``x`` as an array of finite numbers of 0 or more, never empty."""
    array = real(x, name).astype(np.float64)
    if array.min() < 0:
        raise ValueError(f"{name} must be 0 or more, not {array.min():g}")
    return array


def vectors(x: npt.ArrayLike, name: str, n: int | None = None) -> Array:
    """Return ``x`` as real rows (..., N), of ``n`` neurons where that is given.

    Pictures (..., rows, columns) of n pixels are rows then, too.
    """
    array = real(x, name)
    if array.ndim == 0:
        raise ValueError(f"{name} must have a last axis of neurons, not be the number {array}")
    if n is not None and array.shape[-1] != n:
        if prod(array.shape[-2:]) == n:
            return array.reshape(*array.shape[:-2], n)
        raise ValueError(
            f"{name} must have {n} neurons on its last axis; its shape is {array.shape}"
        )
    return array


def fewer(x: npt.ArrayLike, name: str, n: int) -> Array | None:
    """Return ``x`` as rows (..., n) where it is of ``n`` neurons, fewer than all; else None."""
    array = vectors(x, name)
    whole = n not in (array.shape[-1], prod(array.shape[-2:]))
    return None if whole else vectors(array, name, n)


def stacked(array: Array, name: str) -> Array:
    """Return patterns (P, N), or pictures (P, rows, columns), as rows (P, N)."""
    if array.ndim not in (2, 3):
        raise ValueError(
            f"{name} must be rows (P, N) or pictures (P, rows, columns); the shape is {array.shape}"
        )
    return array.reshape(len(array), -1)


def count(value: object, name: str, low: int, high: int | None = None) -> int:
    """Return ``value`` as an integer between ``low`` and ``high``."""
    if isinstance(value, _NOT_NUMBERS) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an integer, not {describe(value)}")
    if value < low or (high is not None and value > high):
        allowed = f"{low} or more" if high is None else f"between {low} and {high}"
        raise ValueError(f"{name} must be {allowed}, not {describe(value)}")
    return int(value)


def room(name: str, *sides: int) -> None:
    """Refuse an array of so many values that asking for it must be a slip."""
    if prod(map(int, sides)) > MOST:  # NumPy's own integers would overflow
        asked = " x ".join(map(describe, sides))
        raise ValueError(f"{name} must ask for {MOST:,} values at most, not {asked}")


def number(value: object, name: str) -> float:
    """Return ``value`` as a finite float."""
    if isinstance(value, _NOT_NUMBERS) or not isinstance(
        value, (int, float, np.integer, np.floating)
    ):
        raise TypeError(f"{name} must be a number, not {describe(value)}")
    if not _fits(value):
        raise ValueError(
            f"{name} must be finite, {LARGEST:g} at most in size, not {describe(value)}"
        )
    return float(value)


def _fits(value: SupportsFloat) -> bool:
    x = value if isinstance(value, int) else float(value)  # float16 cannot hold the bound itself
    return bool(-LARGEST <= x <= LARGEST)  # False for NaN


def flag(value: object, name: str) -> bool:
    """Return ``value`` as a bool, refusing what merely counts as true."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, not {describe(value)}")
    return bool(value)


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
    import difflib  # which takes its time, and seldom has to

    near = difflib.get_close_matches(value[:60], known, 1) if isinstance(value, str) else []
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    some = ", ".join(known[:_NAMED]) + f", ... ({len(known)} names)" * (len(known) > _NAMED)
    raise ValueError(f"{name} must be one of {some}, not {describe(value)}{hint}")


def two_states(states: object, name: str = "states") -> tuple[float, float]:
    """Return a neuron's two states as floats (low, high), low below high."""
    pair = states if isinstance(states, (tuple, list, np.ndarray)) else ()
    if not np.iterable(pair) or len(pair) != 2:
        raise ValueError(f"{name} must be two numbers (low, high), not {describe(states)}")
    low, high = number(pair[0], f"{name}[0]"), number(pair[1], f"{name}[1]")
    if not (low < (low + high) / 2 < high and high - low >= 1e-6):  # what a cue is read to
        raise ValueError(
            f"{name} must be (low, high) with low < high, 1e-6 apart, not ({low:g}, {high:g})"
        )
    return low, high
