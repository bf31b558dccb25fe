"""Steps of all neurons at once under Hebb's couplings, compiled, in whole numbers.

States are words (R, W): bit j of word w is set where neuron 64 w + j is at +1. They are taken in
blocks of 32, a lane each. A step takes two products. The overlaps are counts of the bits in which
a state and a pattern differ. The fields are sums of the overlaps with signs, and come from tables:
one for each 7 patterns, of their 128 sums. An example, of two patterns in a table, whose overlaps
with a state are 3 and -1: the table holds -2, 4, -4, 2, and a neuron that is up in the first
pattern alone finds its field, 3 + 1, at place 1.

All kernels of states take these, and return how many of the rows, now first in ``order``, go on:

    net     the patterns by words (P', W), and by neurons, 7 in a byte (n, G); how many there are
            (P' and 7 G are more by up to 3 and 6), and the share of a neuron's own state
    room    what a block is worked on in, see `workspace`
    states  the words, and words (R, W) of who is unknown, or (0, W) where nobody is; the bit of
            one that is unknown is 0 in the first
    bars    int32 (n, 4), or (1, 4) for all: a neuron is up after a sweep where its sum h exceeds
            the first bar (if it was up) or the second (if it was down); its field is above 0 where
            h less its own share exceeds the third, and 0 or more where that exceeds the fourth
    order   the rows of ``states`` that the kernel is for
    span    the place of ``order`` among all rows, the sweeps they have made, and those to make
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...base.bits import GROUP, aligned
from ..thresholds import COIN
from . import simd
from .compiling import jit, paste
from .draws import bin_of, drawn, rises

Bytes = npt.NDArray[np.uint8]
Signs = npt.NDArray[np.int8]
Shorts = npt.NDArray[np.int16]
Counts = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint32]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

LANES = 32  # states in a block
TABLES = 40  # in use at a time: 320 KB
_SIZE = 2**GROUP * LANES  # a table; larger ones take longer to fill and lie farther from the core
_MOST = 2**15 - 1
_ASKED = 16  # neurons that are asked one by one
_FIRST = 256  # neurons whose fields a proof computes before it looks whether all have moved


def workspace(rows: Words, sevens: Bytes) -> tuple[Any, ...]:
    """Return what a block is worked on in.

    These are the overlaps (.., 32), tables of sums that fit 16 bits and of one that does not, the
    fields (n or more, 32), a bit a state for each neuron after and before a step (or whether it
    is unknown), the words (1, W, 32) of the states, their sums of squared overlaps (32,), how near
    they are to the nearest pattern, and to which (2, 32), and overlaps once more.
    """
    (size, width), (n, groups) = rows.shape, sevens.shape
    return (
        aligned((max(GROUP * groups, size), LANES), np.int32),
        aligned((min(groups, TABLES) * _SIZE,), np.int16),
        aligned((_SIZE,), np.int32),
        aligned((-(-n // 4) * 4, LANES), np.int32),
        aligned((64 * width,), np.uint32),
        aligned((64 * width,), np.uint32),
        aligned((1, width, LANES), np.uint64),
        aligned((LANES,), np.int64),
        aligned((2, LANES), np.int32),
        aligned((max(GROUP * groups, size), LANES), np.int32),
    )


@jit
def sweep_together(
    net: Any,
    room: Any,
    states: Any,
    order: Ints,
    span: Any,
    kept: Any,
    counts: Ints,
    squares: Ints,
    bars: Counts,
    tie: int,
    random: Any,
) -> int:
    """Make sweeps until a replica stands still or goes round.

    A replica stops where no neuron moved, or where it is as ``kept``, once ``states``, again, which
    Brent's search takes anew after 1, 2, 4, 8 ... of the sweeps that it has made: a replica that
    goes round in 2 states from sweep 1 on is kept there, and again after sweep 2, and stops with
    the period 2 after sweep 4. ``counts`` (3, R) are sweeps, updates and periods; ``squares`` (R,)
    the sums of the squared overlaps, or -1. A ``tie`` is 1, -1, 0 (keep), or `COIN`, tossed by
    ``random``, the streams (R,) and their steps: a sweep with a tie then proves nothing.
    """
    (_, now, most), (words, blanks), (kept_words, kept_blanks) = span, states, kept
    masks, unknown, squared, nothing = room[4], room[5], room[7], np.uint64(0)
    n, some, coin = net[1].shape[0], blanks.shape[0] > 0, tie == COIN
    alike, both = len(bars) == 1, (bars[0, 0], bars[0, 1])
    left, at = order.size, 0
    while 2 * at <= now and now > 0:
        at = max(1, 2 * at)
    for _ in range(most):
        now, active, left = now + 1, left, 0
        for first in range(0, active, LANES):
            stop, tied = _begin(net, room, states, order[:active], first), np.uint32(0)
            quick = alike and not coin and not (some and unknown[:n].any())
            _fields(net, room, 0, n, both, quick)
            if not quick:
                tied = _decide(net, room, bars, tie, some, random, order[first:stop])
            _turn(masks, n)
            if some:
                _turn(unknown, n)
            for a in range(first, stop):
                r, moved, away = order[a], nothing, nothing
                for w in range(words.shape[1]):
                    word = _word(masks, w, a - first)
                    moved |= word ^ words[r, w]
                    away |= word ^ kept_words[r, w]
                    words[r, w] = word
                    if some:
                        word = _word(unknown, w, a - first)
                        moved |= word ^ blanks[r, w]
                        away |= word ^ kept_blanks[r, w]
                        blanks[r, w] = word
                counts[0, r] += 1
                counts[1, r] += 1
                squares[r] = -1
                if moved == 0 and not (tied >> np.uint32(a - first)) & np.uint32(coin):
                    counts[2, r], squares[r] = 1, squared[a - first]
                elif away == 0 and not coin:
                    counts[2, r] = now - at
                else:
                    order[left], order[a] = r, order[left]
                    left += 1
        if now == max(1, 2 * at):
            at = now
            for a in range(left):
                r = order[a]
                for w in range(words.shape[1]):
                    kept_words[r, w] = words[r, w]
                    if some:
                        kept_blanks[r, w] = blanks[r, w]
    return left


@jit
def _decide(
    net: Any, room: Any, bars: Counts, tie: int, some: bool, random: Any, rows: Ints
) -> Any:
    """Set the bits of neurons anew from their sums, and of who is unknown; say where ties were.

    A field above 0 is so where it exceeds the bar for a state that is up, down or unknown, which
    are compared for all lanes at once; one that is 0 or more likewise.
    """
    h, masks, unknown, own, tied = room[3], room[4], room[5], np.int32(net[3]), np.uint32(0)
    for i in range(net[1].shape[0]):
        k, old = min(i, len(bars) - 1), masks[i]
        up, flat = bars[k, 2], bars[k, 3]
        unk = unknown[i] if some else np.uint32(0)
        above = simd.exceeding(h, i, old, up + own, up - own)
        reached = simd.exceeding(h, i, old, flat + own, flat - own)
        if unk:
            above = (above & ~unk) | (simd.exceeding(h, i, old, up, up) & unk)
            reached = (reached & ~unk) | (simd.exceeding(h, i, old, flat, flat) & unk)
        ties = reached ^ above
        masks[i] = reached if tie > 0 else above | (ties & old) if tie == 0 else above
        unknown[i] = ties & unk if tie == 0 else np.uint32(0)
        tied |= ties
        if tie == COIN and ties:
            words, steps = random
            for a in range(rows.size):
                number = drawn(words[rows[a]], steps[rows[a]], i + 1)
                heads = np.uint32(number >> np.uint64(63) == 0)
                masks[i] &= ~(ties & (np.uint32(1) - heads) << np.uint32(a))
    if tie == COIN:
        for r in rows:
            random[0][r] += np.uint64(net[1].shape[0]) * random[1][r]
    return tied


@paste
def _word(masks: Masks, w: int, lane: int) -> Any:
    """Return word w of the state in a lane, whose bits are turned."""
    k = 64 * w + lane
    return np.uint64(masks[k]) | np.uint64(masks[k + LANES]) << np.uint64(LANES)


@jit
def heat_together(
    net: Any,
    room: Any,
    states: Any,
    order: Ints,
    span: Any,
    counts: Ints,
    random: Any,
    heat: Any,
) -> int:
    """Make sweeps at a temperature.

    A threshold is scale * logit(u), and a word of the stream a number u. Where the bin of u leaves
    no doubt on which side of it the numerator is, it is not computed. ``heat`` is (weight, divisor,
    bias, shift, scale, bars): the bias (n,) also in numerators, and see `thresholds.whole_bars`.
    """
    weight, divisor, bias, shift, scale, bars = heat
    h, n, own, (cues, blanks), (words, steps) = room[3], net[1].shape[0], net[3], states, random
    for _ in range(span[2]):
        for first in range(0, order.size, LANES):
            stop = _begin(net, room, states, order, first)
            _fields(net, room, 0, n, (0, 0), False)
            for w in range(cues.shape[1]):
                for a in range(first, stop):
                    r, after, blank = order[a], np.uint64(0), np.uint64(0)
                    before, word, step = cues[r, w], words[r], steps[r]
                    if blanks.shape[0]:
                        blank, blanks[r, w] = blanks[r, w], 0
                    for i in range(64 * w, min(64 * w + 64, n)):
                        numerator = h[i, a - first] - own * _sign(before, blank, i)
                        number = drawn(word, step, i + 1)
                        b, pull = bin_of(number), numerator + shift[i]
                        rise = pull > bars[b, 1]
                        if not rise and -pull <= bars[b, 0]:
                            rise = rises(weight * numerator / divisor + bias[i], scale, number)
                        after |= np.uint64(rise) << np.uint64(i & 63)
                    cues[r, w] = after
            for a in range(first, stop):
                r = order[a]
                words[r] += np.uint64(n) * steps[r]
                counts[0, r] += 1
                counts[1, r] += 1
    return order.size


@jit
def settled_together(
    net: Any,
    room: Any,
    states: Any,
    order: Ints,
    span: Any,
    squares: Ints,
    bars: Counts,
    fixed: Any,
) -> int:
    """Say in ``fixed`` (R,) which replicas, none unknown, a sweep by one bar would leave in place.

    Whoever would move is mostly found without all fields: first those neurons are asked that
    differ from the pattern nearest to the state, then the first 256 neurons of all, then twice as
    many, and so on, until each replica of a block has one that would move. Of 10,000 neurons that
    a sweep has brought near a pattern, those asked first are a handful.
    """
    masks, before, n, left = room[4], room[5], net[1].shape[0], 0
    both = bars[0, 0], bars[0, 1]
    for first in range(0, order.size, LANES):
        stop = _begin(net, room, states, order, first)
        _nearest(room, net[2])
        for a in range(first, stop):
            r = order[a]
            squares[r] = room[7][a - first]
            fixed[r] = not _strays(net, room, states, r, a - first, both)
            if fixed[r]:
                order[left], order[a] = r, order[left]
                left += 1
    for first in range(0, left, LANES):
        stop = _begin(net, room, states, order[:left], first)
        for i in range(n):
            before[i] = masks[i]
        moved, whole = np.uint32(0), np.uint32(2 ** (stop - first) - 1)
        start, end = 0, min(_FIRST, n)
        while start < n and moved & whole != whole:
            _fields(net, room, start, end, both, True)
            for i in range(start, end):
                moved |= masks[i] ^ before[i]
            start, end = end, min(end + 2 * (end - start), n)
        for a in range(first, stop):
            fixed[order[a]] = (moved >> np.uint32(a - first)) & np.uint32(1) == 0
    return 0


@jit
def numerators_together(
    net: Any, room: Any, states: Any, order: Ints, span: Any, out: Floats
) -> int:
    """Give the numerators (.., n) of the fields."""
    h, n, own, (words, blanks) = room[3], net[1].shape[0], net[3], states
    for first in range(0, order.size, LANES):
        stop = _begin(net, room, states, order, first)
        _fields(net, room, 0, n, (0, 0), False)
        for a in range(first, stop):
            r, row = order[a], span[0] + a
            for i in range(n):
                blank = blanks[r, i >> 6] if blanks.shape[0] else np.uint64(0)
                out[row, i] = h[i, a - first] - own * _sign(words[r, i >> 6], blank, i)
    return 0


@jit
def square_overlaps(net: Any, room: Any, states: Any, order: Ints, span: Any, squares: Ints) -> int:
    """Give the sums (R,) of the squared overlaps."""
    for first in range(0, order.size, LANES):
        for a in range(first, _begin(net, room, states, order, first)):
            squares[order[a]] = room[7][a - first]
    return 0


@jit
def agreements(
    rows: Words, blocks: Words, first: int, stop: int, size: int, m: Counts, whole: bool, out: Any
) -> None:
    """Fill rows ``first`` to ``stop`` of a matrix (N, N) from the diagonal on, and their mirror.

    An entry says in how many of ``size`` bits two rows agree, less those in which they differ: 2
    for 1101 and 1011 of 4 bits would be 2 - 2 = 0. Tiles of 32 rows by 32 are counted, then
    written as they stand and mirrored. ``rows`` (N', W) and ``blocks`` (C, W, 32) are the same
    bits, N' being 32 C; ``whole`` says that every row of ``out`` begins a line of cache.
    """
    n = out.shape[0]
    for i in range(first, stop, LANES):
        for j in range(i, n, LANES):
            _overlaps(rows[i : i + LANES], blocks, j // LANES, size, m, LANES)
            if whole and j + LANES <= n:
                for a in range(0, LANES, LANES // 2):
                    for b in range(0, LANES, LANES // 2):
                        k, mirror = (i + a) * n + j + b, (j + b) * n + i + a
                        simd.store_with_transpose(m, a * LANES + b, out, k, mirror, n)
            else:
                for a in range(min(LANES, n - i)):
                    for b in range(min(LANES, n - j)):
                        out[i + a, j + b] = out[j + b, i + a] = m[a, b]


@jit
def pack_signs(states: Signs, words: Words) -> None:
    """Give the words (R, W) of states (R, n) of -1/+1."""
    n, width = states.shape[1], words.shape[1]
    for r in range(states.shape[0]):
        for w in range(n // 64):
            words[r, w] = simd.bits_above(states, r * n + 64 * w, 0)
        if n % 64:
            word = np.uint64(0)
            for i in range(n - n % 64, n):
                word |= np.uint64(states[r, i] > 0) << np.uint64(i % 64)
            words[r, width - 1] = word


@jit
def unpack_signs(words: Words, states: Signs) -> None:
    """Give the states (R, n) of -1/+1 of words (R, W)."""
    n, width = states.shape[1], words.shape[1]
    for r in range(states.shape[0]):
        for w in range(n // 64):
            simd.put_signs(states, r * n + 64 * w, words[r, w])
        for i in range(n - n % 64, n):
            up = (words[r, width - 1] >> np.uint64(i % 64)) & np.uint64(1)
            states[r, i] = 2 * np.int64(up) - 1


@jit
def _begin(net: Any, room: Any, states: Any, order: Ints, first: int) -> int:
    """Begin a block of states: its overlaps, and its bits by neurons; return where it ends.

    Their words are put side by side, the last state again in lanes that are left over. The overlap
    of a state with unknowns is the mean of those with all of them down, and with all up.
    """
    m, cues, others, n = room[0], room[6], room[9], net[1].shape[0]
    (words, blanks), stop = states, min(first + LANES, order.size)
    _spread(words, order, first, cues, room[4], False)
    _overlaps(net[0], cues, 0, n, m, net[2])
    if blanks.shape[0]:
        _spread(blanks, order, first, cues, room[5], True)
        if room[5][:n].any():
            _overlaps(net[0], cues, 0, n, others, net[2])
            for p in range(net[2]):
                for lane in range(LANES):
                    m[p, lane] = (m[p, lane] + others[p, lane]) >> 1
    _square(room, net[2])
    return stop


@jit
def _spread(words: Words, order: Ints, first: int, cues: Any, masks: Masks, more: bool) -> None:
    """Put the words of a block side by side, or set ``more`` bits; give their bits by neurons."""
    half, last = np.uint64(LANES), order.size - 1
    for lane in range(LANES):
        r = order[min(first + lane, last)]
        for w in range(words.shape[1]):
            word = words[r, w]
            cues[0, w, lane] = cues[0, w, lane] | word if more else word
            masks[64 * w + lane] = np.uint32(word)
            masks[64 * w + LANES + lane] = np.uint32(word >> half)
    for k in range(0, masks.size, LANES):
        simd.transpose_bits(masks, k)


@paste
def _sign(word: Any, blank: Any, i: int) -> Any:
    """Return the state of neuron i, -1 or 1, or 0, from the words that hold it."""
    bit, one = np.uint64(i & 63), np.uint64(1)
    known = np.int64(((blank >> bit) & one) ^ one)
    return known * (2 * np.int64((word >> bit) & one) - 1)


@jit
def _turn(masks: Masks, n: int) -> None:
    """Turn bits a neuron into those of states; what the last four neurons have too many is 0."""
    for i in range(n, masks.size):
        masks[i] = 0
    for k in range(0, masks.size, LANES):
        simd.transpose_bits(masks, k)


@jit
def _square(room: Any, size: int) -> None:
    """Give the sums (32,) of the squared overlaps."""
    found = simd.splat(np.uint64(0))
    for p in range(size):
        found = simd.add_squares(found, simd.load(room[0], p * LANES))
    simd.store(room[7], 0, found)


@jit
def _nearest(room: Any, size: int) -> None:
    """Give for each lane the largest overlap in size, and whose it is."""
    m, best = room[0], room[8]
    for lane in range(LANES):
        best[0, lane] = best[1, lane] = 0
    for p in range(size):
        for lane in range(LANES):
            overlap = abs(m[p, lane])
            more = overlap > best[0, lane]
            best[0, lane] = overlap if more else best[0, lane]
            best[1, lane] = np.int32(p) if more else best[1, lane]


@jit
def _strays(net: Any, room: Any, states: Any, r: int, lane: int, bars: Any) -> bool:
    """Say whether one of up to 16 neurons that differ from the nearest pattern would move."""
    (rows, sevens), (words, _) = net[:2], states
    m, p, asked = room[0], room[8][1, lane], 0
    for w in range(words.shape[1]):
        differ = words[r, w] ^ rows[p, w]
        if m[p, lane] < 0:
            differ = ~differ
        for b in range(64):
            if differ == 0 or asked == _ASKED:
                break
            k = np.uint64(b)
            i = 64 * w + b
            if (differ >> k) & np.uint64(1) == 0 or i >= sevens.shape[0]:
                continue
            differ, asked, h = differ & ~(np.uint64(1) << k), asked + 1, np.int64(0)
            for g in range(sevens.shape[1]):
                code = np.int64(sevens[i, g])
                for j in range(GROUP):
                    h += np.int64(m[GROUP * g + j, lane]) * (2 * ((code >> j) & 1) - 1)
            up = (words[r, w] >> k) & np.uint64(1)
            if (h <= bars[0]) if up else (h > bars[1]):
                return True
    return False


@jit
def _fields(net: Any, room: Any, start: int, stop: int, bars: Any, decide: bool) -> None:
    """Give the sums h of the overlaps with signs, of neurons ``start`` (4 k) to ``stop``.

    To ``decide`` is to set instead the bits of the neurons anew: where h exceeds bars[0] (of a
    neuron that was up) or bars[1] (of one that was down).
    """
    m, small, large = room[:3]
    sevens, first, begun, done = net[1], 0, False, False
    groups = sevens.shape[1]
    while not done:
        end = _fitting(m, first, min(first + TABLES, groups))
        if end == first and first < groups:
            end = first + 1
            _tabulate(m, first, large, 0)
            _gather(sevens, (first, end, start, stop), large, room, begun, False, bars)
        else:
            done = end == groups
            for g in range(first, end):
                _tabulate(m, g, small, (g - first) * _SIZE)
            _gather(sevens, (first, end, start, stop), small, room, begun, decide and done, bars)
        first, begun = end, True


@jit
def _overlaps(rows: Words, cues: Words, block: int, n: int, m: Counts, filled: int) -> None:
    """Count the overlaps of 4 patterns and 32 states at a time.

    ``m`` beyond the first ``filled`` patterns is then 0.
    """
    width, size = cues.shape[1], simd.splat(np.uint64(n))
    for p in range(0, rows.shape[0], 4):
        k0, k1, k2, k3 = p * width, (p + 1) * width, (p + 2) * width, (p + 3) * width
        a = b = c = d = simd.splat(np.uint64(0))
        for w in range(width):
            s = simd.load(cues, (block * width + w) * LANES)
            a = simd.add_bit_differences(a, simd.splat(np.uint64(simd.get(rows, k0 + w))), s)
            b = simd.add_bit_differences(b, simd.splat(np.uint64(simd.get(rows, k1 + w))), s)
            c = simd.add_bit_differences(c, simd.splat(np.uint64(simd.get(rows, k2 + w))), s)
            d = simd.add_bit_differences(d, simd.splat(np.uint64(simd.get(rows, k3 + w))), s)
        simd.store(m, p * LANES, simd.sub(size, simd.add(a, a)))
        simd.store(m, (p + 1) * LANES, simd.sub(size, simd.add(b, b)))
        simd.store(m, (p + 2) * LANES, simd.sub(size, simd.add(c, c)))
        simd.store(m, (p + 3) * LANES, simd.sub(size, simd.add(d, d)))
    m[filled:] = 0


@paste
def _fitting(m: Counts, first: int, stop: int) -> int:
    """Return how far, from group ``first`` on, sums of all groups fit in int16."""
    sizes = simd.splat(np.int32(0))
    for g in range(first, stop):
        for p in range(GROUP * g, GROUP * g + GROUP):
            sizes = simd.add_absolute(sizes, simd.load(m, p * LANES))
        if simd.largest_lane(sizes) > _MOST:
            return g
    return stop


@paste
def _tabulate(m: Counts, g: int, table: Any, at: int) -> None:
    """Fill a table with the sums of a group's overlaps, plus where a bit is set, else minus."""
    none = simd.load_as(m, 0, table)
    none = simd.sub(none, none)
    for p in range(GROUP * g, GROUP * g + GROUP):
        none = simd.sub(none, simd.load_as(m, p * LANES, table))
    simd.store(table, at, none)
    for k in range(GROUP):
        once, half = simd.load_as(m, (GROUP * g + k) * LANES, table), LANES << k
        twice = simd.add(once, once)
        for j in range(at, at + half, LANES):
            simd.store(table, j + half, simd.add(simd.load(table, j), twice))


@paste
def _gather(
    sevens: Bytes, span: Any, table: Any, room: Any, begun: bool, last: bool, bars: Any
) -> None:
    """Add to the fields, four neurons at a time, what the tables of some groups say."""
    (n, width), (first, end, start, stop), h, masks = sevens.shape, span, room[3], room[4]
    up, down = np.int32(bars[0]), np.int32(bars[1])
    for i in range(start, stop, 4):
        i0, i1 = i * width, min(i + 1, n - 1) * width
        i2, i3 = min(i + 2, n - 1) * width, min(i + 3, n - 1) * width
        x = simd.load(table, 0)
        a = b = c = d = simd.sub(x, x)
        for g in range(first, end):
            at = (g - first) * _SIZE
            a = simd.add_table_row(a, table, at, sevens, i0 + g)
            b = simd.add_table_row(b, table, at, sevens, i1 + g)
            c = simd.add_table_row(c, table, at, sevens, i2 + g)
            d = simd.add_table_row(d, table, at, sevens, i3 + g)
        simd.add_or_decide(a, h, begun, masks, last, i, up, down)
        simd.add_or_decide(b, h, begun, masks, last, i + 1, up, down)
        simd.add_or_decide(c, h, begun, masks, last, i + 2, up, down)
        simd.add_or_decide(d, h, begun, masks, last, i + 3, up, down)
