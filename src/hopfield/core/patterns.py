"""Patterns: making, corrupting and comparing plain arrays (..., N), the last axis the neurons."""

from __future__ import annotations

from itertools import combinations
from math import comb, prod

import numpy as np
import numpy.typing as npt

from ..base.checks import (
    Array,
    Floats,
    Rng,
    count,
    describe,
    generator,
    number,
    numbers,
    part,
    real,
    room,
    two_states,
    vectors,
)

__all__ = [
    "binarise",
    "bipolar",
    "blank",
    "examples",
    "flip",
    "hamming",
    "neighbours",
    "overlap",
    "random_features",
    "random_patterns",
    "replace",
]
__dir__ = __all__.copy

Int8 = npt.NDArray[np.int8]
_BLOCK = 2**18  # values to draw for at once: a draw takes 8 bytes, a value mostly 1


def random_patterns(
    p: int | tuple[int, ...], n: int, *, rng: Rng, states: tuple[float, float] = (-1, 1)
) -> Array:
    """Draw patterns whose neurons are independent and take either state with probability 1/2.

    Parameters
    ----------
    p : int or tuple of int
        How many patterns; a tuple gives leading axes.
    n : int
        Neurons a pattern.
    rng : int or numpy.random.Generator
        Seed or generator.
    states : (low, high)
        The two states, by default -1 and +1.

    Returns
    -------
    ndarray of shape (P, N), or p and N
        int8 where the states are small integers, else float64.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.random_patterns(2, 5, rng=1).shape
    (2, 5)
    """
    shape = tuple(count(k, "p", 1) for k in (p if isinstance(p, tuple) else (p,)))
    n = count(n, "n", 1)
    room("p and n", *shape, n)
    low, high = two_states(states)
    bits = generator(rng, "random_patterns").integers(0, 2, size=(*shape, n), dtype=np.int8)
    low, high = narrow(np.array([low, high]))  # so that int8 states never pass by floats
    return np.asarray(np.where(bits.view(bool), high, low))


def examples(x: npt.ArrayLike, m: int, quality: float, *, rng: Rng) -> Int8:
    """Draw noisy copies of patterns, each neuron of which is right with odds of its own.

    Two examples of one pattern overlap by quality squared, those of different patterns as the
    patterns do. Examples of examples are families of families: overlaps multiply along the tree.

    Parameters
    ----------
    x : array_like of shape (..., N)
        -1/+1 or bools: the archetypes.
    m : int
        How many examples of each.
    quality : float
        Their overlap with the pattern, above 0 and 1 at most: a neuron is right with probability
        (1 + quality) / 2.
    rng : int or numpy.random.Generator
        Seed or generator.

    Returns
    -------
    ndarray of int8 and shape (..., m, N)

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, no examples, or a quality out of bounds.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(3, 1000, rng=1)
    >>> seen = hf.patterns.examples(xi, 5, 0.8, rng=2)
    >>> seen.shape, hf.overlap(seen[0], xi[0]).mean().round(2)
    ((3, 5, 1000), np.float64(0.8))
    """
    archetypes, m, r = bipolar(x, "x"), count(m, "m", 1), number(quality, "quality")
    if not 0 < r <= 1:
        raise ValueError(f"quality must be above 0 and 1 at most, not {r:g}")
    shape = (*archetypes.shape[:-1], m, archetypes.shape[-1])
    room("x and m", *shape)
    wrong = generator(rng, "examples").random(shape, dtype=np.float32) >= (1 + r) / 2
    return np.where(wrong, -archetypes[..., None, :], archetypes[..., None, :])


def random_features(p: int, features: npt.ArrayLike, *, rng: Rng) -> Int8:
    """Draw patterns that are made of features: signs of their sums with random signs before each.

    Parameters
    ----------
    p : int
        How many patterns.
    features : array_like of shape (D, N)
        -1/+1 or bools; an odd number, so that no sum is 0.
    rng : int or numpy.random.Generator
        Seed or generator.

    Returns
    -------
    ndarray of int8 and shape (P, N)

    Raises
    ------
    TypeError, ValueError
        For features that are not -1/+1, an even number of them, or no patterns.

    References
    ----------
    Negri, Lauditi, Perugini, Lucibello & Malatesta 2023, doi:10.1103/PhysRevLett.131.257301 (there
    with normal numbers in place of the signs).

    Examples
    --------
    >>> import hopfield as hf
    >>> f = hf.random_patterns(3, 1000, rng=1)
    >>> xi = hf.patterns.random_features(200, f, rng=2)
    >>> abs(hf.overlap(xi, f[0])).mean().round(1)  # each agrees with a feature, or its inverse, by
    np.float64(0.5)
    """
    f, p = bipolar(features, "features"), count(p, "p", 1)
    if f.ndim != 2 or len(f) % 2 == 0:
        raise ValueError(
            f"features must be an odd number of rows (D, N), so that no sum is 0; the shape is "
            f"{f.shape}"
        )
    room("p and features", p, *f.shape)
    signs = random_patterns(p, len(f), rng=generator(rng, "random_features"))
    return np.where(signs.astype(np.float32) @ f.astype(np.float32) > 0, 1, -1).astype(np.int8)


def narrow(x: Array) -> Array:
    """Return ``x`` as int8 where that loses nothing."""
    if x.dtype == np.int8 or (x.dtype.kind == "f" and x.size and x.flat[0] % 1):
        return x  # the first tells most that are not whole
    small = x.astype(np.int8) if np.abs(x).max(initial=0) <= 127 else None
    return small if small is not None and np.array_equal(small, x) else x


def bipolar(x: npt.ArrayLike, name: str = "patterns") -> Int8:
    """Return patterns as int8 of -1 and +1, refusing whatever is not that.

    Bools are mapped (False to -1). Numbers that hold only 0 and 1 are refused: storing them
    unseen is what turns two pictures into their union.

    Parameters
    ----------
    x : array_like of shape (..., N)
        Bools, or numbers that are all -1 or +1.
    name : str
        The argument's name in an error.

    Returns
    -------
    ndarray of int8, of the same shape

    Raises
    ------
    TypeError
        For complex, object or string arrays.
    ValueError
        For other values; the sentence says what to do.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.bipolar([True, False, True])
    array([ 1, -1,  1], dtype=int8)
    """
    array = vectors(x, name)
    if array.dtype.kind == "b":
        return 2 * array.view(np.int8) - 1
    wrong = (array != 1) & (array != -1)
    if not wrong.any():
        return array.astype(np.int8)
    if ((array == 0) | (array == 1)).all():
        raise ValueError(
            f"{name} must be -1 or +1, but holds only 0 and 1: give bools ({name} > 0) "
            'for -1/+1 coding, or say coding="01" where a rule offers it'
        )
    raise ValueError(
        f"{name} must be -1 or +1, but holds {array[wrong].flat[0]}; hf.binarise makes patterns "
        "of real numbers"
    )


def binarise(x: npt.ArrayLike, threshold: float = 0.0) -> Int8:
    """Turn real numbers into -1/+1: +1 where they exceed the threshold.

    Parameters
    ----------
    x : array_like of shape (..., N)
    threshold : float

    Returns
    -------
    ndarray of int8, of the same shape

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.binarise([0, 1, 1, 0], threshold=0.5)
    array([-1,  1,  1, -1], dtype=int8)
    """
    array = real(x, "x")
    return np.where(array > number(threshold, "threshold"), 1, -1).astype(np.int8)


def flip(
    x: npt.ArrayLike, k: int | float, *, rng: Rng, states: tuple[float, float] = (-1, 1)
) -> Array:
    """Move ``k`` neurons of each pattern, drawn without replacement, to their other state.

    Parameters
    ----------
    x : array_like of shape (..., N)
        Patterns or cues; with the default states a 0 (unknown) stays 0. The last axis is the
        neurons: of pictures (P, rows, columns) give ``x.reshape(P, -1)``.
    k : int or float
        An int counts neurons; a float is a fraction of N, rounded to the nearest count.
    rng : int or numpy.random.Generator
        Seed or generator.
    states : (low, high)
        The two states between which a neuron moves: s becomes low + high - s.

    Returns
    -------
    ndarray of the same shape

    Raises
    ------
    ValueError
        If k is out of range, or x holds only 0 and 1 while the states are -1 and +1.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.hamming(hf.flip([1, 1, 1, 1, 1], 2, rng=3), [1, 1, 1, 1, 1])
    2
    """
    array = vectors(x, "x")
    low, high = two_states(states)
    if array.dtype.kind == "b":
        array, low, high = array.astype(np.int8), 0.0, 1.0
    elif low == -high and array.min() == 0 and ((array == 0) | (array == 1)).all():
        raise ValueError("x holds only 0 and 1: pass states=(0, 1) to flip between those")
    n = array.shape[-1]
    k = part(k, "k", n)
    source, rows = generator(rng, "flip"), array.reshape(-1, n)
    parts = []
    for first in range(0, len(rows), step := max(1, _BLOCK // n)):
        block = rows[first : first + step].astype(np.float64)
        draws = source.random(block.shape)
        chosen = np.argpartition(draws, min(k, n - 1), axis=-1)[:, :k]
        moved = (low + high) - np.take_along_axis(block, chosen, -1)
        np.put_along_axis(block, chosen, moved, -1)
        parts.append(narrow(block))
    out = np.concatenate(parts).reshape(array.shape)
    return (out != 0) if np.asarray(x).dtype.kind == "b" else out


def blank(x: npt.ArrayLike, where: slice | npt.ArrayLike, *, rng: Rng | None = None) -> Array:
    """Set part of each pattern to 0, which to a cue means "not known".

    Parameters
    ----------
    x : array_like of shape (..., N)
        Patterns or cues of -1/+1 neurons.
    where : slice, array of bool or int, int or float
        Which neurons; a plain int or float is a count or a fraction of N, drawn with ``rng``.
    rng : int or numpy.random.Generator
        Needed where neurons are drawn.

    Returns
    -------
    ndarray of the same shape

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.blank([1, -1, 1, -1], slice(2, None))
    array([ 1, -1,  0,  0], dtype=int8)
    """
    source = None if rng is None else generator(rng, "blank")
    array = vectors(x, "x")
    out = narrow(bipolar(array, "x") if array.dtype.kind == "b" else array).copy()
    n = out.shape[-1]
    if isinstance(where, (int, float, np.integer, np.floating)) and not isinstance(where, bool):
        if source is None:
            raise TypeError("rng must be given where blank draws the neurons")
        draws = source.random(out.shape)
        np.put_along_axis(out, np.argsort(draws, axis=-1)[..., : part(where, "where", n)], 0, -1)
        return out
    if isinstance(where, slice):
        try:
            range(n)[where]
        except (TypeError, ValueError):
            raise TypeError(f"where must be a slice of integers, not {describe(where)}") from None
    else:
        sites = numbers(where, "where")
        if sites.ndim != 1 or sites.dtype.kind not in "biu":
            raise TypeError("where must be a slice, a count, a fraction, or 1-D bools or integers")
        if (sites.dtype.kind == "b" and sites.size != n) or (
            sites.dtype.kind != "b" and ((sites < -n) | (sites >= n)).any()
        ):
            raise ValueError(f"where must address {n} neurons")
        where = sites
    out[..., where] = 0
    return out


def replace(
    x: npt.ArrayLike, other: npt.ArrayLike, keep: int | float, *, rng: Rng | None = None
) -> Array:
    """Mix two patterns: ``keep`` neurons of ``x``, the rest from ``other``.

    Parameters
    ----------
    x, other : array_like of shape (..., N)
        The two patterns.
    keep : int or float
        How many neurons (int) or which fraction of N (float, rounded) stay those of ``x``.
    rng : int or numpy.random.Generator, optional
        Draw which neurons stay; without it the first ones do.

    Returns
    -------
    ndarray of shape (..., N)

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.replace([1, 1, 1, 1], [-1, -1, -1, -1], keep=0.75)
    array([ 1,  1,  1, -1], dtype=int8)
    """
    a, b = _pair(x, other, ("x", "other"))
    n = a.shape[-1]
    stay = np.arange(n) < part(keep, "keep", n)
    if rng is not None:
        shape = np.broadcast_shapes(a.shape, b.shape)
        stay = generator(rng, "replace").permuted(np.broadcast_to(stay, shape), axis=-1)
    out = np.where(stay, a, b)
    return out if out.dtype.kind == "b" else narrow(out)


def neighbours(x: npt.ArrayLike, k: int) -> Int8:
    """Return every pattern at Hamming distance ``k`` from ``x``.

    Parameters
    ----------
    x : array_like of shape (N,)
        One -1/+1 pattern.
    k : int
        How many neurons differ.

    Returns
    -------
    ndarray of int8 and shape (N choose k, N)

    Raises
    ------
    ValueError
        If there would be more than 2**25 values.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.patterns.neighbours([1, 1, 1], 1)
    array([[-1,  1,  1],
           [ 1, -1,  1],
           [ 1,  1, -1]], dtype=int8)
    """
    pattern = bipolar(x, "x")
    if pattern.ndim != 1:
        raise ValueError(f"x must be one pattern (N,); its shape is {pattern.shape}")
    k = count(k, "k", 0, pattern.size)
    total = comb(pattern.size, k)
    if total * pattern.size > 2**25:
        raise ValueError(f"k={k} gives {total} patterns of {pattern.size} neurons: too many")
    sites = np.array(list(combinations(range(pattern.size), k)), dtype=np.int64).reshape(total, k)
    out = np.repeat(pattern[None], total, axis=0)
    np.put_along_axis(out, sites, -pattern[sites], axis=1)
    return out


def overlap(a: npt.ArrayLike, b: npt.ArrayLike) -> Floats | float:
    """Return the overlap m = a.b / N of states along the last axis.

    Parameters
    ----------
    a, b : array_like of shape (..., N)
        States; leading axes broadcast. Two arrays of bools count as -1/+1. Pictures (..., rows,
        columns) beside rows of as many pixels are rows; two of them must be made rows first.

    Returns
    -------
    float or ndarray of shape (...)
        Between -1 and 1 for -1/+1 states; exact sums for integers.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.overlap([1, 1, -1, -1], [1, 1, 1, -1])
    0.5
    """
    x, y = _pair(a, b)
    if x.dtype.kind == "b":
        x, y = bipolar(x), bipolar(y)
    # Sums of integers are exact in float64 up to 2**53, and do not wrap around beyond.
    m = np.einsum("...i,...i->...", x, y, dtype=np.float64, casting="unsafe") / x.shape[-1]
    return float(m) if m.ndim == 0 else m


def hamming(a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.int64] | int:
    """Return the Hamming distance: how many neurons differ.

    Parameters
    ----------
    a, b : array_like of shape (..., N)
        States; leading axes broadcast.

    Returns
    -------
    int or ndarray of int64 and shape (...)

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.hamming([1, 1, -1], [1, -1, 1])
    2
    """
    x, y = _pair(a, b)
    d = np.count_nonzero(x != y, axis=-1)
    return int(d) if np.ndim(d) == 0 else np.asarray(d, dtype=np.int64)


def _pair(
    a: npt.ArrayLike, b: npt.ArrayLike, names: tuple[str, str] = ("a", "b")
) -> tuple[Array, Array]:
    first, second = names
    x, y = vectors(a, first), vectors(b, second)
    if prod(x.shape[-2:]) == y.shape[-1]:  # beside rows, pictures are rows
        x = vectors(x, first, y.shape[-1])
    y = vectors(y, second, x.shape[-1])
    try:
        np.broadcast_shapes(x.shape, y.shape)
    except ValueError:
        raise ValueError(
            f"{first} {x.shape} and {second} {y.shape} must have shapes that fit"
        ) from None
    if (x.dtype.kind == "b") != (y.dtype.kind == "b"):  # False may stand for -1 or for 0
        raise TypeError(f"{first} and {second} must be both bools or both numbers; one is bools")
    return x, y
