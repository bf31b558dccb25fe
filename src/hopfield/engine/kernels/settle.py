"""Sweeps at temperature zero under Hebb's couplings, compiled, patterns in bits.

Four neurons are visited at a time and share each load of an overlap; where one moves, the others'
fields are out of date, and the next four begin behind it. The overlaps are kept in two digits of
16 bits, m = low + 2048 high, twice as quick as one number of 32: a sum over 16 patterns fits, as
no digit exceeds 2047. Most overlaps have no high digit: the vectors that hold one are listed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import simd
from .compiling import jit_sums, paste_sums
from .draws import shuffle
from .incremental import NEAR, decide
from .reference import Counts, Floats, Ints, Masks, Places, Shorts, Signs, Words

AHEAD = 12  # places behind the last in an order, of anybody
ROOM = 5  # the fields of four, and where the list of high digits ends
_STEPS = 256  # and 255 more is what may be added to a digit before it is looked at again
_ALONE = 2047 - 2 * _STEPS  # what needs no high digit
_NEVER = 2**62  # a bar that no field exceeds


@jit_sums
def settle(
    masks: Masks,
    ups: Ints,
    unset: int,
    size: int,
    m: Counts,
    total: Ints,
    diagonal: Floats,
    thetas: Ints,
    s: Signs,
    start: int,
    stop: int,
    words: Words,
    steps: Words,
    sweeps: int,
    tie: int,
    low: int,
    high: int,
    ledger: Ints,
    shuffled: bool,
    order: Places,
    swaps: Places,
    digits: Shorts,
    room: Ints,
) -> None:
    """Sweep in shuffled orders or one, each replica until nothing moves or for so many sweeps.

    The sign of a whole number decides: twice a numerator less its threshold. What a neuron's own
    state adds to it is taken to the other side: its bar.

    Parameters
    ----------
    masks, ups, unset, size
        As `cursors.Packed` has them.
    m, total, s : ndarray of int32 (R, P'), int64 (R,) and int8 (R, N)
        The overlap sums, what they add up to, and the states.
    ledger : ndarray of int64, shape (R, 3)
        Sweeps made, whether the last was quiet, and the energy times twice the divisor.
    order, swaps, digits, room
        Room to work in: N + `AHEAD`, N, (2, P') and `ROOM` + P'/16 + N.
    """
    n, vectors = s.shape[1], (size + 31) // 32
    bar = ROOM + 2 * vectors
    for r in range(start, stop):
        if ledger[r, 1]:
            continue
        for j in range(n):
            room[bar + j] = _bar(diagonal[j], thetas[j], s[r, j], tie, low, high)
        k, moved = n, True
        while k < n or (moved and ledger[r, 0] < sweeps):
            _split(vectors, m, r, digits, room)
            change: Any = 0
            rest = 2 * unset * total[r]
            while change <= _STEPS and (k < n or (moved and ledger[r, 0] < sweeps)):
                if k == n:
                    if shuffled:
                        words[r] = shuffle(words[r], steps[r], order[:n], swaps)
                    ledger[r, 0] += 1
                    k, moved = 0, False
                _four(vectors, masks, digits, order, k, room)
                pull: Any = 0
                stays, j = True, 0
                while stays and j < min(4, n - k):
                    pull = (simd.entry(room, j) << (1 - unset)) + rest
                    e = simd.entry(room, bar + simd.entry(order, k + j))
                    stays = (pull ^ -(e & 1)) > e >> 1
                    j += 1
                k += j
                if stays:
                    continue
                i: Any = np.uint64(simd.entry(order, k - 1))
                old = np.int64(s[r, i])
                side = pull - 2 * np.int64(diagonal[i]) * old - thetas[i]
                side = side if side != 0 else tie if tie != 0 else 2 * old - low - high
                new = high if side > 0 else low if side < 0 else old
                if new == old:
                    continue
                step, moved = new - old, True
                change += abs(step)
                up, down = simd.splat(np.int16(step)), simd.splat(np.int16(unset * step))
                for p in range(0, 32 * vectors, 32):
                    sums, at = simd.load(digits, p), np.int64(i) * masks.shape[1] + (p >> 4)
                    simd.store(digits, p, simd.chosen(sums, masks, at, up, down))
                total[r] += ups[i] * step
                rest = 2 * unset * total[r]
                s[r, i] = new
                room[bar + np.int64(i)] = _bar(diagonal[i], thetas[i], new, tie, low, high)
            _join(size, m, r, digits)
        ledger[r, 1] = not moved
        depth = np.int64(0)
        for mu in range(size):
            depth += np.int64(m[r, mu]) * np.int64(m[r, mu])
        for j in range(n):
            depth -= np.int64(diagonal[j]) * np.int64(s[r, j]) ** 2
        ledger[r, 2] = -depth


@jit_sums
def settle_dense(
    columns: Any,
    h: Floats,
    divisor: float,
    s: Floats,
    thetas: Floats,
    start: int,
    stop: int,
    words: Words,
    steps: Words,
    sweeps: int,
    tie: int,
    low: float,
    high: float,
    swept: Ints,
    quiet: Ints,
    order: Places,
    swaps: Places,
) -> None:
    """Do the same under dense couplings, with the fields: a visit O(1), a flip O(N)."""
    n = s.shape[1]
    for r in range(start, stop):
        while swept[r] < sweeps and not quiet[r]:
            words[r] = shuffle(words[r], steps[r], order, swaps)
            swept[r], quiet[r] = swept[r] + 1, 1
            for k in range(n):
                i = order[k]
                old = s[r, i]
                new = decide(h[r, i] / divisor, old, thetas[i], tie, low, high)
                if new != old:
                    for j in range(n):
                        h[r, j] += columns[i, j] * (new - old)
                    s[r, i], quiet[r] = new, 0


@jit_sums
def tally(
    columns: Words, unset: int, size: int, s: Signs, bits: Words, m: Counts, total: Ints
) -> bool:
    """Give the overlap sums m (R, P') of states -1, 0 and 1 (R, N), and what these add up to.

    Or say that there are other states. ``columns`` (W, P') are the patterns' bits, a word to 64
    neurons, and ``bits`` (2, W) is room. What is 0 differs from a pattern once in two: were it
    1, and were it -1.
    """
    n = s.shape[1]
    for r in range(s.shape[0]):
        whole = others = np.int64(0)
        for i in range(n):
            whole += s[r, i]
            others += abs(s[r, i]) > 1
        if others:
            return False
        for w in range(n // 64):
            bits[0, w] = simd.over(s, r * n + 64 * w, 0)
            bits[1, w] = simd.over(s, r * n + 64 * w, -1)
        if n % 64:
            bits[0, n // 64] = bits[1, n // 64] = 0
        for i in range(n - n % 64, n):
            bits[0, i >> 6] |= np.uint64(s[r, i] > 0) << np.uint64(i & 63)
            bits[1, i >> 6] |= np.uint64(s[r, i] >= 0) << np.uint64(i & 63)
        for p in range(0, m.shape[1], 8):
            differ = simd.splat(np.uint64(0))
            for w in range(columns.shape[0]):
                x = simd.load(columns, w * m.shape[1] + p)
                differ = simd.differing(differ, x, simd.splat(bits[0, w]))
                differ = simd.differing(differ, x, simd.splat(bits[1, w]))
            simd.store(m, r * m.shape[1] + p, simd.sub(simd.splat(np.uint64(n)), differ))
        m[r, size:] = 0
        total[r] = 0
        for mu in range(size):
            m[r, mu] = m[r, mu] if unset else (m[r, mu] + whole) >> 1
            total[r] += m[r, mu]
    return True


@paste_sums
def _bar(diagonal: float, theta: int, state: int, tie: int, low: int, high: int) -> Any:
    """Return twice what a pull must exceed for a neuron to stay; one more, if with all bits turned.

    What is high stays where the pull is above a bar, what is low where it is below.
    """
    own = 2 * np.int64(diagonal) * np.int64(state) + theta
    if state == high:
        return (own - (tie >= 0)) << 1
    return ((-1 - own - (tie <= 0)) << 1) + 1 if state == low else _NEVER


@paste_sums
def _four(vectors: int, masks: Masks, digits: Shorts, order: Places, k: int, room: Ints) -> None:
    """Give the sums of the overlaps at the bits of the next four neurons, as if none moved."""
    width, size, far = masks.shape[1], digits.shape[1], masks.size > NEAR
    i0, i1 = simd.entry(order, k) * width, simd.entry(order, k + 1) * width
    i2, i3 = simd.entry(order, k + 2) * width, simd.entry(order, k + 3) * width
    a = b = c = d = simd.splat(np.int32(0))
    for digit in range(simd.entry(room, 4) > vectors, -1, -1):
        first, last = (vectors, simd.entry(room, 4)) if digit else (0, vectors)
        for p in range(first, last, 16):
            if far and not digit:  # a line of cache of each of four to come
                for j in range(8, AHEAD):
                    simd.prefetch(masks, simd.entry(order, k + j) * width + 2 * p, 32)
            sums0 = sums1 = sums2 = sums3 = simd.splat(np.int16(0))
            for q in range(p, min(p + 16, last)):
                place = simd.entry(room, ROOM + q)
                x, at = simd.load(digits, place), (place - digit * size) >> 4
                sums0 = simd.picked(sums0, masks, i0 + at, x)
                sums1 = simd.picked(sums1, masks, i1 + at, x)
                sums2 = simd.picked(sums2, masks, i2 + at, x)
                sums3 = simd.picked(sums3, masks, i3 + at, x)
            a, b = simd.folded(a, sums0), simd.folded(b, sums1)
            c, d = simd.folded(c, sums2), simd.folded(d, sums3)
        if digit:
            base = simd.splat(np.int32(2048))
            a, b, c, d = simd.mul(a, base), simd.mul(b, base), simd.mul(c, base), simd.mul(d, base)
    simd.totals(room, 0, a, b, c, d)


@paste_sums
def _split(vectors: int, m: Counts, r: int, digits: Shorts, room: Ints) -> None:
    """Give overlaps as digits, and list the vectors of them: all low ones, then high ones."""
    end: Any = vectors
    for v in range(vectors):
        any_ = np.int32(0)
        for mu in range(32 * v, 32 * v + 32):
            value = m[r, mu]
            high = (value + np.int32(1024)) >> np.int32(11) if abs(value) > _ALONE else np.int32(0)
            digits[0, mu], digits[1, mu] = value - (high << np.int32(11)), high
            any_ |= high
        room[ROOM + v], room[ROOM + end] = 32 * v, digits.shape[1] + 32 * v
        end += np.int64(any_ != 0)
    room[4] = end


@paste_sums
def _join(size: int, m: Counts, r: int, digits: Shorts) -> None:
    for mu in range(size):  # what steps did to those beyond is forgotten
        m[r, mu] = digits[0, mu] + (np.int32(digits[1, mu]) << np.int32(11))
