"""The incremental kernels, compiled. The same arithmetic as `numpy`, in loops.

Indices stay int64. Sums over patterns may be reordered (``reassoc``): they are sums of exact
binary fractions (recall rounds a cue to 2**-20), so every order gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from . import simd
from .adatron import adatron as adatron
from .batches import fields as fields
from .batches import squares as squares
from .batches import together as together
from .bath import bathe_dense as bathe_dense
from .bath import bathe_together as bathe_together
from .bath import logits as logits
from .bath import shorten as shorten
from .cache import cached
from .draws import drawn, rises, shuffle, visits
from .hebb import gram as gram
from .reference import Counts, Floats, Ints, Masks, Places, Shorts, Signs, Words

# Nothing is allocated in a kernel, so that no references need be counted (_nrt): it would be
# done at each visit.
_OPTIONS: dict[str, Any] = {
    "nogil": True, "fastmath": {"reassoc", "nsz"}, "error_model": "numpy", "_nrt": False,
}  # fmt: skip

_NEAR = 2**18  # masks that stay in a cache near enough
_SLACK = 512  # what steps, of 254 at most, may add to an overlap before it is looked at again
_LARGE = 2**15 // 16 - 1 - _SLACK


def _jit(function: Callable[..., Any]) -> Callable[..., Any]:
    return cached(numba.njit(function, **_OPTIONS), function)


def _inline(function: Callable[..., Any]) -> Callable[..., Any]:
    compiled: Callable[..., Any] = numba.njit(function, forceinline=True, **_OPTIONS)
    return compiled


def _paste(function: Callable[..., Any]) -> Callable[..., Any]:
    """Inline before compiling, which takes less time for what has one caller a kernel."""
    pasted: Callable[..., Any] = numba.njit(function, inline="always", **_OPTIONS)
    return pasted


@_inline
def decide(h: float, s: float, theta: float, tie: int, low: float, high: float) -> float:
    """Return the state that field ``h`` gives a neuron in state ``s``."""
    if h != theta or tie != 0:
        return high if (h > theta) | ((h == theta) & (tie > 0)) else low
    middle = (low + high) / 2
    return s if s == middle else (high if s > middle else low)


@_jit
def dense(
    columns: Floats, h: Floats, divisor: float, s: Floats, rows: Ints, sites: Ints,
    theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under dense couplings: a visit O(1), a flip O(N)."""
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            new = decide(h[r, i] / divisor, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                step = new - old
                for j in range(s.shape[1]):
                    h[r, j] += columns[i, j] * step
                s[r, i] = new
            after[a, k] = new


@_jit
def sparse(
    starts: Ints, targets: Ints, values: Floats, h: Floats, divisor: float, s: Floats, rows: Ints,
    sites: Ints, theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under couplings held by columns: a flip costs its column's entries."""
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            new = decide(h[r, i] / divisor, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                step = new - old
                for e in range(starts[i], starts[i + 1]):
                    h[r, targets[e]] += values[e] * step
                s[r, i] = new
            after[a, k] = new


@_jit
def overlaps(
    neurons: Signs, m: Floats, diagonal: Floats, divisor: float, s: Floats, rows: Ints,
    sites: Ints, theta: Floats, tie: Signs, low: float, high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons under implicit Hebbian couplings: a visit and a flip O(P)."""
    p = m.shape[1]
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            field = 0.0
            for mu in range(p):
                field += neurons[i, mu] * m[r, mu]
            field = (field - diagonal[i] * old) / divisor
            new = decide(field, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                step = new - old
                for mu in range(p):
                    m[r, mu] += neurons[i, mu] * step
                s[r, i] = new
            after[a, k] = new


@_jit
def bits(
    masks: Masks, ups: Ints, unset: int, m: Counts, total: Ints, diagonal: Floats,
    divisor: float, s: Signs, rows: Ints, sites: Ints, theta: Floats, tie: Signs, low: float,
    high: float, after: Floats,
) -> None:  # fmt: skip
    """Visit neurons as `overlaps` does, with the patterns in bits and whole numbers for m."""
    for a in range(rows.size):
        r = rows[a]
        for k in range(sites.shape[1]):
            i = sites[a, k]
            old = s[r, i]
            field = _numerator(masks, unset, m, total, diagonal, old, r, i) / divisor
            new = decide(field, old, theta[a, k], tie[a, k], low, high)
            if new != old:
                _step(masks, unset, m, np.int64(new - old), r, i)
                total[r] += ups[i] * np.int64(new - old)
                s[r, i] = new
            after[a, k] = new


@_jit
def settle(
    masks: Masks, ups: Ints, unset: int, m: Counts, total: Ints, diagonal: Ints, bars: Ints,
    s: Signs, rows: Ints, words: Words, steps: Words, sweeps: int, tie: int, low: int,
    high: int, swept: Ints, quiet: Ints, order: Places, swaps: Places, state: Counts,
) -> None:  # fmt: skip
    """Sweep in shuffled orders, each replica until nothing moves or for so many sweeps.

    The sign of a whole number decides: twice a numerator less its bar. ``order``, ``swaps`` and
    ``state`` (N,) are room to work in.
    """
    for a in range(rows.size):
        r = rows[a]
        for i in range(s.shape[1]):
            state[i] = np.int32(s[r, i])
        while swept[r] < sweeps and not quiet[r]:
            words[r] = shuffle(words[r], steps[r], order, swaps)
            quiet[r] = not _one_by_one(
                masks, ups, unset, m, total, diagonal, bars, r, tie, low, high, order, state,
                np.int64(0),
            )  # fmt: skip
            swept[r] += 1
        for i in range(s.shape[1]):
            s[r, i] = state[i]


@_jit
def settle_by_fours(
    masks: Masks, ups: Ints, unset: int, m: Counts, total: Ints, diagonal: Ints, bars: Ints,
    s: Signs, rows: Ints, words: Words, steps: Words, sweeps: int, tie: int, low: int,
    high: int, swept: Ints, quiet: Ints, order: Places, swaps: Places, state: Counts,
    near: Shorts, far: Ints, size: int,
) -> bool:  # fmt: skip
    """Do as `settle`, four neurons at a time where their sums fit; return whether any did.

    ``near`` (zeros, a row of masks) and ``far`` are room to work in too.
    """
    short = False
    for a in range(rows.size):
        r = rows[a]
        for i in range(s.shape[1]):
            state[i] = np.int32(s[r, i])
        while swept[r] < sweeps and not quiet[r]:
            words[r] = shuffle(words[r], steps[r], order, swaps)
            k, moved = _by_fours(
                masks, ups, unset, m, total, diagonal, bars, r, tie, low, high, order, state, near,
                far, size,
            )  # fmt: skip
            short |= k > 0
            if k < order.size:
                moved |= _one_by_one(
                    masks, ups, unset, m, total, diagonal, bars, r, tie, low, high, order, state, k
                )
            quiet[r] = not moved
            swept[r] += 1
        for i in range(s.shape[1]):
            s[r, i] = state[i]
    return short


@_paste
def _one_by_one(
    masks: Masks, ups: Ints, unset: int, m: Counts, total: Ints, diagonal: Ints, bars: Ints, r: int,
    tie: int, low: int, high: int, order: Places, state: Counts, k: int,
) -> bool:  # fmt: skip
    """Visit neurons in an order from place ``k`` on; say whether any moved."""
    n, width, out_of_cache, moved = order.size, masks.shape[1], masks.size > _NEAR, False
    for at in range(k, n):
        if out_of_cache:
            simd.prefetch(masks, order[min(at + 6, n - 1)] * width, width)
        i = order[at]
        old = state[i]
        drive = (_drive(masks, m, r, i) << -unset) + unset * total[r]
        field = 2 * (drive - diagonal[i] * old) - bars[i]
        new = _answer(field, old, tie, low, high)
        if new != old:
            _step(masks, unset, m, new - old, r, i)
            total[r] += ups[i] * (new - old)
            state[i] = new
            moved = True
    return moved


@_paste
def _by_fours(
    masks: Masks, ups: Ints, unset: int, m: Counts, total: Ints, diagonal: Ints, bars: Ints, r: int,
    tie: int, low: int, high: int, order: Places, state: Counts, near: Shorts, far: Ints, size: int,
) -> Any:  # fmt: skip
    """Visit neurons in an order; return how far that went, and whether any moved."""
    n, moved, k, room = order.size, False, np.int64(0), 0
    count = _split(m, r, size, near, far, np.int64(_LARGE))
    while k < n and count <= far.size:
        drives = _four(masks, near, m, r, far, count, order, k)
        for drive in drives:
            if k == n:
                break
            i = order[k]
            old = state[i]
            drive = (drive << -unset) + unset * total[r]
            field = 2 * (drive - diagonal[i] * old) - bars[i]
            new = _answer(field, old, tie, low, high)
            k += 1
            if new != old:
                step = new - old
                _step_short(masks, unset, near, step, i)
                total[r] += ups[i] * step
                state[i] = new
                moved = True
                room += abs(step)
                break  # the others' drives are out of date
        if room > _SLACK - 256:
            count, room = _split(m, r, size, near, far, np.int64(_LARGE)), 0
    _split(m, r, size, near, far, np.int64(-1))
    return k, moved


@_paste
def _answer(field: int, old: int, tie: int, low: int, high: int) -> int:
    """Return the state that a field, a whole number, gives a neuron in state ``old``."""
    if field * (np.int64(old == high) - np.int64(old == low)) > 0:
        return old
    side = field if field != 0 else tie if tie != 0 else 2 * old - low - high
    return high if side > 0 else low if side < 0 else old


@_jit
def bathe_bits(
    masks: Masks, ups: Ints, unset: int, m: Counts, total: Ints, diagonal: Ints, s: Signs,
    low: float, high: float, scale: float, how: int, words: Words, steps: Words, sweeps: int,
    order: Places, bins: Places, bounds: Ints, divisor: float,
) -> None:  # fmt: skip
    """Sweep at a temperature; a threshold is computed only where its bin holds the field."""
    n, far = s.shape[1], masks.size > _NEAR
    for r in range(s.shape[0]):
        step = steps[r]
        for _ in range(sweeps):
            word = visits(how, words[r], step, order, bins)
            for k in range(n):
                if far:
                    simd.prefetch(masks, order[min(k + 6, n - 1)] * masks.shape[1], masks.shape[1])
                i, b = order[k], bins[k]
                old = s[r, i]
                field = _numerator(masks, unset, m, total, diagonal, np.int64(old), r, i)
                rise = field > bounds[b, 1]
                if not rise and -field <= bounds[b, 0]:
                    rise = rises(field / divisor, scale, drawn(word, step, k + 1))
                new = high if rise else low
                if new != old:
                    _step(masks, unset, m, np.int64(new - old), r, i)
                    total[r] += ups[i] * np.int64(new - old)
                    s[r, i] = new
            words[r] = word + np.uint64(n) * step


@_jit
def numerators(
    masks: Masks, unset: int, m: Counts, total: Ints, diagonal: Floats, s: Signs, rows: Ints,
    sites: Ints, out: Floats,
) -> None:  # fmt: skip
    """Give the field, times its divisor, of one neuron (A,) in each of the replicas (A,)."""
    for a in range(rows.size):
        r, i = rows[a], sites[a]
        out[a] = _numerator(masks, unset, m, total, diagonal, s[r, i], r, i)


@_jit
def count(
    masks: Masks, unset: int, size: int, s: Signs, sums: Counts, m: Counts, total: Ints
) -> None:
    """Give the overlap sums m of whole-number states (R, N) with the patterns, and their totals.

    The states are added up at the bits of each pattern, by tiles of neurons, in ``sums``.
    """
    n, width = masks.shape
    for r in range(s.shape[0]):
        whole = np.int64(0)
        for i in range(n):
            whole += s[r, i]
        for start in range(0, n, 64):
            stop = min(start + 64, n)
            for k in range(0, width, 4):
                at = 16 * k
                a, b = simd.load(sums, at), simd.load(sums, at + 16)
                c, d = simd.load(sums, at + 32), simd.load(sums, at + 48)
                for i in range(start, stop):
                    state = simd.splat(np.int32(s[r, i]))
                    a = simd.picked(a, masks, i * width + k, state)
                    b = simd.picked(b, masks, i * width + k + 1, state)
                    c = simd.picked(c, masks, i * width + k + 2, state)
                    d = simd.picked(d, masks, i * width + k + 3, state)
                simd.store(sums, at, a)
                simd.store(sums, at + 16, b)
                simd.store(sums, at + 32, c)
                simd.store(sums, at + 48, d)
        for mu in range(size):
            m[r, mu] = sums[mu] + unset * (whole - sums[mu])
            total[r] += m[r, mu]
        for mu in range(sums.size):
            sums[mu] = 0


@_jit
def permute(words: Words, steps: Words, orders: Ints, swaps: Places) -> None:
    """Give the orders (R, n) into which the next n words of each stream shuffle."""
    for r in range(words.size):
        shuffle(words[r], steps[r], orders[r], swaps)


@_inline
def _numerator(
    masks: Masks, unset: int, m: Counts, total: Ints, diagonal: Floats, old: float, r: int, i: int
) -> Any:
    return (_drive(masks, m, r, i) << -unset) + unset * total[r] - diagonal[i] * old


@_inline
def _drive(masks: Masks, m: Counts, r: int, i: int) -> Any:
    """Return the sum of the overlaps at the bits of neuron i."""
    at, first, blocks = i * masks.shape[1], r * m.shape[1], m.shape[1] // 16
    a = b = c = d = simd.splat(np.int32(0))
    k = 0
    while k + 4 <= blocks:
        a = simd.picked(a, masks, at + k, simd.load(m, first + 16 * k))
        b = simd.picked(b, masks, at + k + 1, simd.load(m, first + 16 * k + 16))
        c = simd.picked(c, masks, at + k + 2, simd.load(m, first + 16 * k + 32))
        d = simd.picked(d, masks, at + k + 3, simd.load(m, first + 16 * k + 48))
        k += 4
    if blocks & 2:
        a = simd.picked(a, masks, at + k, simd.load(m, first + 16 * k))
        b = simd.picked(b, masks, at + k + 1, simd.load(m, first + 16 * k + 16))
        k += 2
    if blocks & 1:
        c = simd.picked(c, masks, at + k, simd.load(m, first + 16 * k))
    return simd.total(simd.add(simd.add(a, b), simd.add(c, d)))


@_inline
def _step(masks: Masks, unset: int, m: Counts, step: int, r: int, i: int) -> None:
    """Add a step of neuron i to the overlaps; what it does to lanes beyond P is never read."""
    at, first = i * masks.shape[1], r * m.shape[1]
    high, low = simd.splat(np.int32(step)), simd.splat(np.int32(unset * step))
    for k in range(m.shape[1] // 16):
        sums = simd.load(m, first + 16 * k)
        simd.store(m, first + 16 * k, simd.chosen(sums, masks, at + k, high, low))


# The same in int16, twice as quick: a sum over 16 patterns fits, as each entry is 2047 at most.
# The overlaps are ``near`` + ``m``, and m is not 0 at a few patterns alone: those in ``far``.


@_inline
def _split(m: Counts, r: int, size: int, near: Shorts, far: Ints, most: int) -> int:
    """Give overlaps of more than ``most`` in size to m, all others to near; count the former."""
    count = 0
    for mu in range(size):
        value = m[r, mu] + near[mu]
        if abs(value) > most:
            m[r, mu], near[mu] = value, 0
            if count < far.size:
                far[count] = mu
            count += 1
        else:
            m[r, mu], near[mu] = 0, value
    return count


@_inline
def _step_short(masks: Masks, unset: int, near: Shorts, step: int, i: int) -> None:
    high, low = simd.splat(np.int16(step)), simd.splat(np.int16(unset * step))
    for k in range(masks.shape[1] // 2):
        sums = simd.load(near, 32 * k)
        at = i * masks.shape[1] + 2 * k
        simd.store(near, 32 * k, simd.chosen(sums, masks, at, high, low))


@_inline
def _four(
    masks: Masks, near: Shorts, m: Counts, r: int, far: Ints, count: int, order: Places, k: int
) -> Any:
    """Return the drives of the next four neurons, as if none of them moved.

    They share each load of an overlap. A line of cache of each of four to come is asked for at a
    time: all of them at once would wait in line.
    """
    width, last = masks.shape[1], order.size - 1
    i0, i1 = order[k] * width, order[min(k + 1, last)] * width
    i2, i3 = order[min(k + 2, last)] * width, order[min(k + 3, last)] * width
    j0, j1 = order[min(k + 8, last)] * width, order[min(k + 9, last)] * width
    j2, j3 = order[min(k + 10, last)] * width, order[min(k + 11, last)] * width
    sums0 = sums1 = sums2 = sums3 = simd.splat(np.int32(0))
    for start in range(0, width, 32):
        simd.prefetch(masks, j0 + start, 32)
        simd.prefetch(masks, j1 + start, 32)
        simd.prefetch(masks, j2 + start, 32)
        simd.prefetch(masks, j3 + start, 32)
        a = b = c = d = simd.splat(np.int16(0))
        for at in range(start, min(start + 32, width), 4):
            x, y = simd.load(near, 16 * at), simd.load(near, 16 * at + 32)
            a = simd.picked(simd.picked(a, masks, i0 + at, x), masks, i0 + at + 2, y)
            b = simd.picked(simd.picked(b, masks, i1 + at, x), masks, i1 + at + 2, y)
            c = simd.picked(simd.picked(c, masks, i2 + at, x), masks, i2 + at + 2, y)
            d = simd.picked(simd.picked(d, masks, i3 + at, x), masks, i3 + at + 2, y)
        sums0, sums1 = simd.folded(sums0, a), simd.folded(sums1, b)
        sums2, sums3 = simd.folded(sums2, c), simd.folded(sums3, d)
    drive0, drive1 = simd.total(sums0), simd.total(sums1)
    drive2, drive3 = simd.total(sums2), simd.total(sums3)
    for f in range(count):
        value, at, bit = m[r, far[f]], far[f] >> 4, far[f] & 15
        drive0 += value * ((simd.entry(masks, i0 + at) >> bit) & 1)
        drive1 += value * ((simd.entry(masks, i1 + at) >> bit) & 1)
        drive2 += value * ((simd.entry(masks, i2 + at) >> bit) & 1)
        drive3 += value * ((simd.entry(masks, i3 + at) >> bit) & 1)
    return drive0, drive1, drive2, drive3


# They are made of the functions above.
from .separation import climb as climb  # noqa: E402
from .separation import separation as separation  # noqa: E402
from .separation import settle_separation as settle_separation  # noqa: E402
