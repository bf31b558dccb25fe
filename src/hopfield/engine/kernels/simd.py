"""Vectors of 32 lanes as Numba values: int16, int32 or int64, and picking by the bits of a mask.

LLVM makes of them what the machine has: one AVX-512 register with a mask or four, some of AVX2, or
plain instructions, always with the same results. Positions are flat, counted from the start of an
array in C order and not checked. An operation is written once, as what it builds of its values;
an array comes there as an `_Array`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

LANES, FEW = 32, 8
_INT8, _INT16, _INT32, _INT64 = (ir.IntType(bits) for bits in (8, 16, 32, 64))
_FLAGS = ir.VectorType(ir.IntType(1), LANES)


class _Vector(types.Type):  # type: ignore[misc]
    def __init__(self, item: Any, count: int = LANES) -> None:
        super().__init__(name=f"Lanes{count}x{item.width}")
        self.code = ir.VectorType(item, count)


shorts, lanes, words = (_Vector(item) for item in (_INT16, _INT32, _INT64))
few = _Vector(_INT64, FEW)
_KINDS = {types.int16: shorts, types.int32: lanes, types.int64: words, types.uint64: words}


@register_model(_Vector)
class _VectorModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, kind.code)


class _Array:
    """An array: where an entry is, and what is written there as a vector."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        self.item = context.get_data_type(kind.dtype)
        place = context.data_model_manager[kind].get_field_position("data")
        self._builder, self._start = builder, builder.extract_value(value, place)

    def at(self, k: Any, kind: Any = None) -> Any:
        """Return a pointer to what begins with entry ``k``."""
        address = cgutils.gep_inbounds(self._builder, self._start, k)
        return self._builder.bitcast(address, (kind or self.item).as_pointer())

    def load(self, k: Any, item: Any = None, count: int = LANES) -> Any:
        """Read a vector from entry ``k`` on."""
        address = self.at(k, ir.VectorType(item or self.item, count))
        return self._builder.load(address, align=self.item.width // 8)

    def store(self, values: Any, k: Any, align: int = 0) -> Any:
        """Write a vector from entry ``k`` on."""
        address = self.at(k, values.type)
        return self._builder.store(values, address, align=align or self.item.width // 8)

    def mask(self, k: Any, part: int = 0, count: int = LANES) -> Any:
        """Read a part of 32 bits, so many, as flags."""
        first = self._builder.bitcast(self.at(k), ir.IntType(count).as_pointer())
        place = self._builder.gep(first, [_INT32(part)])
        bits = self._builder.load(place, align=max(1, count // 8))
        return self._builder.bitcast(bits, ir.VectorType(ir.IntType(1), count))


def _operation(result: Callable[..., Any], cast: bool = True) -> Callable[..., Any]:
    """Make an operation of what builds it; ``result`` gives its type from those of the values.

    Whole numbers are cast to int64, unless told otherwise.
    """

    def made(build: Callable[..., Any]) -> Callable[..., Any]:
        def typed(typing: Any, *kinds: Any) -> Any:
            def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
                pairs = zip(signature.args, values, strict=True)
                given = [
                    _Array(context, builder, *pair) if hasattr(pair[0], "dtype") else pair[1]
                    for pair in pairs
                ]
                found = build(builder, *given)
                if isinstance(found, tuple):
                    return context.make_tuple(builder, signature.return_type, found)
                return context.get_dummy_value() if signature.return_type == types.void else found

            whole = types.int64
            taken = [whole if cast and isinstance(kind, types.Integer) else kind for kind in kinds]
            return result(*kinds)(*taken), code

        typed.__name__, typed.__doc__ = build.__name__, build.__doc__
        typed.__signature__ = inspect.signature(build)  # type: ignore[attr-defined]
        operation: Callable[..., Any] = intrinsic(typed)
        return operation

    return made


def _first(kind: Any, *others: Any) -> Any:
    return kind


def _nothing(*kinds: Any) -> Any:
    return types.void


def _everywhere(builder: Any, value: Any, count: int = LANES) -> Any:
    first = ir.Constant(ir.VectorType(value.type, count), ir.Undefined)
    first = builder.insert_element(first, value, _INT32(0))
    return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(_INT32, count), None))


def _part(builder: Any, values: Any, places: Any) -> Any:
    """Return the lanes at some places."""
    places = ir.Constant(ir.VectorType(_INT32, len(places)), [*places])
    return builder.shuffle_vector(values, values, places)


def _chosen(builder: Any, masks: Any, k: Any, high: Any, low: Any) -> Any:
    """Return lanes of one vector where bits of masks are set, else of another: by registers."""
    lanes = high.type.count
    count = min(lanes, 512 // high.type.element.width)
    parts = []
    for first in range(0, lanes, count):
        pair = (_part(builder, x, range(first, first + count)) for x in (high, low))
        parts.append(builder.select(masks.mask(k, first // count, count), *pair))
    while len(parts) > 1:
        both = ir.Constant(ir.VectorType(_INT32, 2 * count), [*range(2 * count)])
        pairs = zip(parts[::2], parts[1::2], strict=True)
        parts, count = [builder.shuffle_vector(*pair, both) for pair in pairs], 2 * count
    return parts[0]


def _call(builder: Any, name: str, result: Any, *values: Any) -> Any:
    """Call what LLVM has for vectors."""
    kind = ir.FunctionType(result, [value.type for value in values])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), values)


@_operation(lambda array, k: _KINDS[array.dtype])
def load(builder: Any, array: Any, k: Any) -> Any:
    """Return the entries of an array from position ``k`` on."""
    return array.load(k)


@_operation(_nothing)
def store(builder: Any, array: Any, k: Any, values: Any) -> None:
    """Write lanes into an array, from position ``k`` on, cut to its width."""
    narrow = array.item.width < values.type.element.width
    array.store(builder.trunc(values, ir.VectorType(array.item, LANES)) if narrow else values, k)


@_operation(lambda value: _KINDS[value], cast=False)
def splat(builder: Any, value: Any) -> Any:
    """Return lanes that all hold one int16, int32 or uint64."""
    return _everywhere(builder, value)


@_operation(lambda value: few)
def splat_few(builder: Any, value: Any) -> Any:
    """Return 8 lanes that all hold one int64."""
    return _everywhere(builder, value, FEW)


@_operation(_first)
def add(builder: Any, a: Any, b: Any) -> Any:
    """Add the lanes of two vectors."""
    return builder.add(a, b)


@_operation(_first)
def sub(builder: Any, a: Any, b: Any) -> Any:
    """Subtract the lanes of a vector from those of another."""
    return builder.sub(a, b)


@_operation(_first)
def mul(builder: Any, a: Any, b: Any) -> Any:
    """Multiply the lanes of two vectors."""
    return builder.mul(a, b)


@_operation(_first)
def add_bit_differences(builder: Any, sums: Any, a: Any, b: Any) -> Any:
    """Add to each lane the number of bits in which two words differ."""
    return builder.add(
        sums, _call(builder, f"llvm.ctpop.v{LANES}i64", sums.type, builder.xor(a, b))
    )


@_operation(_first)
def masked_add(builder: Any, sums: Any, masks: Any, k: Any, values: Any) -> Any:
    """Add lanes where the bits of masks, from masks[k] on, are set."""
    return _chosen(builder, masks, k, builder.add(sums, values), sums)


@_operation(_first)
def masked_select_add(builder: Any, sums: Any, masks: Any, k: Any, high: Any, low: Any) -> Any:
    """Add lanes of ``high`` where the bits of masks, from masks[k] on, are set, else of ``low``."""
    return builder.add(sums, _chosen(builder, masks, k, high, low))


@_operation(_first)
def widen_add(builder: Any, sums: Any, values: Any) -> Any:
    """Add lanes of int16 to those of int32."""
    return builder.add(sums, builder.sext(values, sums.type))


@_operation(_first)
def add_squares(builder: Any, sums: Any, values: Any) -> Any:
    """Add the squares of lanes of int32 to those of int64."""
    wide = builder.sext(values, sums.type)
    return builder.add(sums, builder.mul(wide, wide))


@_operation(_first)
def add_absolute(builder: Any, sums: Any, values: Any) -> Any:
    """Add the sizes of lanes to others."""
    minus = builder.neg(values)
    larger = builder.icmp_signed(">", values, minus)
    return builder.add(sums, builder.select(larger, values, minus))


@_operation(lambda values: types.int32)
def largest_lane(builder: Any, values: Any) -> Any:
    """Return the largest lane of int32."""
    return _call(builder, f"llvm.vector.reduce.smax.v{LANES}i32", _INT32, values)


@_operation(lambda values: types.int64)
def sum_lanes(builder: Any, values: Any) -> Any:
    """Return the sum of the lanes; of int32, only sums of two lanes need fit in them."""
    while values.type.element == _INT32 and values.type.count > 16:
        half = values.type.count // 2
        values = builder.add(
            *(_part(builder, values, range(first, first + half)) for first in (0, half))
        )
    if values.type.element != _INT64:
        values = builder.sext(values, ir.VectorType(_INT64, values.type.count))
    return _call(builder, f"llvm.vector.reduce.add.v{values.type.count}i64", _INT64, values)


@_operation(_nothing)
def store_four_sums(builder: Any, out: Any, k: Any, a: Any, b: Any, c: Any, d: Any) -> None:
    """Write the sums of four vectors of int32 into an array of int64, from position ``k`` on.

    Only sums of eight lanes need fit in int32.
    """

    def halved(x: Any) -> Any:
        half = x.type.count // 2
        return builder.add(*(_part(builder, x, range(i, i + half)) for i in (0, half)))

    def both(x: Any, y: Any, *picks: Any) -> Any:
        """Add two ways to pick from each part of 4 lanes of x (0 to 3) and y (4 to 7)."""
        places = [
            [4 * part + p % 4 + 16 * (p // 4) for part in range(4) for p in pick] for pick in picks
        ]
        of = (ir.Constant(ir.VectorType(_INT32, 16), kind) for kind in places)
        return builder.add(*(builder.shuffle_vector(x, y, kind) for kind in of))

    a, b, c, d = (halved(x) for x in (a, b, c, d))
    low, high = (0, 4, 1, 5), (2, 6, 3, 7)
    pairs = both(a, b, low, high), both(c, d, low, high)
    wide = builder.sext(both(*pairs, (0, 1, 4, 5), (2, 3, 6, 7)), ir.VectorType(_INT64, 16))
    out.store(halved(halved(wide)), k)


@_operation(lambda array, k: types.int64)
def get(builder: Any, array: Any, k: Any) -> Any:
    """Return entry ``k`` of an array of unsigned integers."""
    value = builder.load(array.at(k))
    return value if value.type == _INT64 else builder.zext(value, _INT64)


@_operation(_nothing)
def prefetch(builder: Any, array: Any, k: Any, count: Any) -> None:
    """Ask for the lines of cache of entries ``k`` to ``k + count`` of an array."""
    line = _INT64(512 // array.item.width)
    with cgutils.for_range_slice(builder, _INT64(0), count, line, _INT64) as (ahead, _):
        address = array.at(builder.add(k, ahead), _INT8)
        _call(builder, "llvm.prefetch.p0", ir.VoidType(), address, *map(_INT32, (0, 3, 1)))


@_operation(lambda array, places: types.UniTuple(_KINDS[array.dtype], 2))
def gather_pairs(builder: Any, array: Any, places: Any) -> Any:
    """Return the entries of an array at some places, and the next ones."""
    wide, short = words.code, array.item == _INT32
    size = ir.Constant(wide, [array.item.width // 8] * LANES)
    start = _everywhere(builder, builder.ptrtoint(array.at(_INT64(0)), _INT64))
    at = builder.add(start, builder.mul(builder.zext(places, wide), size))

    def entries(at: Any) -> Any:  # of 64 bits
        to = builder.inttoptr(at, ir.VectorType(_INT64.as_pointer(), LANES))
        rest = _INT32(4), ir.Constant(_FLAGS, [1] * LANES), ir.Constant(wide, None)
        return _call(builder, f"llvm.masked.gather.v{LANES}i64.v{LANES}p0", wide, to, *rest)

    found = entries(at)
    if not short:
        return found, entries(builder.add(at, size))
    high = builder.lshr(found, ir.Constant(wide, [32] * LANES))  # both in one go
    return builder.trunc(found, lanes.code), builder.trunc(high, lanes.code)


@_operation(lambda array, k, other: _KINDS[other.dtype])
def load_as(builder: Any, array: Any, k: Any, other: Any) -> Any:
    """Return entries of an int32 array from position ``k`` on, as those of another array."""
    found = array.load(k)
    return found if other.item == _INT32 else builder.trunc(found, shorts.code)


@_operation(_first)
def add_table_row(builder: Any, sums: Any, table: Any, k: Any, array: Any, at: Any) -> Any:
    """Add from a table, from position ``k`` on, the row that entry ``at`` of an array names."""
    row = builder.mul(builder.zext(builder.load(array.at(at)), _INT64), _INT64(LANES))
    return builder.add(sums, table.load(builder.add(k, row)))


@_operation(_nothing, cast=False)
def add_or_decide(
    builder: Any,
    values: Any,
    h: Any,
    begun: Any,
    masks: Any,
    last: Any,
    i: Any,
    high: Any,
    low: Any,
) -> None:
    """Add row ``i`` of int32 sums (n, 32), if these are begun, to lanes, and keep it.

    If they are the last, set instead the 32 bits of masks[i] anew: where a sum exceeds ``high``
    (and the bit is set), or ``low`` (where it is not).
    """
    row = builder.mul(i, _INT64(LANES))
    values = values if values.type == lanes.code else builder.sext(values, lanes.code)
    wide = cgutils.alloca_once_value(builder, values)
    with builder.if_then(begun):
        builder.store(builder.add(builder.load(wide), h.load(row)), wide)
    sums = builder.load(wide)
    with builder.if_else(last) as (then, otherwise):
        with then:
            above = _exceed(builder, sums, masks.mask(i), high, low)
            builder.store(above, masks.at(i, _FLAGS), align=4)
        with otherwise:
            h.store(sums, row)


def _exceed(builder: Any, sums: Any, mask: Any, high: Any, low: Any) -> Any:
    """Compare lanes with one number where a bit is set, else with another."""
    up, down = (_everywhere(builder, bound) for bound in (high, low))
    return builder.icmp_signed(">", sums, builder.select(mask, up, down))


@_operation(lambda *kinds: types.uint32)
def exceeding(builder: Any, h: Any, i: Any, bits: Any, high: Any, low: Any) -> Any:
    """Return where row ``i`` of sums (n, 32) exceeds ``high`` (its bit is set) or ``low``."""
    bits, high, low = (builder.trunc(value, _INT32) for value in (bits, high, low))
    sums = h.load(builder.mul(i, _INT64(LANES)))
    return builder.bitcast(_exceed(builder, sums, builder.bitcast(bits, _FLAGS), high, low), _INT32)


@_operation(_nothing)
def transpose_bits(builder: Any, array: Any, k: Any) -> None:
    """Transpose 32 x 32 bits of an array of uint32, from position ``k`` on."""
    rows = array.load(k)
    for step in (16, 8, 4, 2, 1):  # halves change places, then halves of those
        low = sum(1 << c for c in range(32) if not c & step)
        first = [not r & step for r in range(32)]
        by = ir.Constant(lanes.code, [step] * 32)
        kept = ir.Constant(lanes.code, [low if f else low << step for f in first])
        left = ir.Constant(lanes.code, [low << step if f else 0 for f in first])
        right = ir.Constant(lanes.code, [0 if f else low for f in first])
        other = _part(builder, rows, [r ^ step for r in range(32)])
        raised = builder.and_(builder.shl(other, by), left)
        lowered = builder.and_(builder.lshr(other, by), right)
        rows = builder.or_(builder.and_(rows, kept), builder.or_(raised, lowered))
    array.store(rows, k)


@_operation(lambda array, k, bound: types.uint64)
def bits_above(builder: Any, array: Any, k: Any, bound: Any) -> Any:
    """Return 64 bits, set where the int8 of an array from position ``k`` on exceed a bound."""
    least = _everywhere(builder, builder.trunc(bound, _INT8), 64)
    return builder.bitcast(builder.icmp_signed(">", array.load(k, count=64), least), _INT64)


@_operation(_nothing)
def put_signs(builder: Any, array: Any, k: Any, bits: Any) -> None:
    """Write 64 int8 into an array from position ``k`` on: 1 where a bit is set, else -1."""
    chosen = builder.bitcast(bits, ir.VectorType(ir.IntType(1), 64))
    ones = (ir.Constant(ir.VectorType(_INT8, 64), [sign] * 64) for sign in (1, -1))
    array.store(builder.select(chosen, *ones), k)


@_operation(_nothing)
def store_with_transpose(
    builder: Any, m: Any, at: Any, out: Any, k: Any, mirror: Any, n: Any
) -> None:
    """Write 16 x 16 entries of ``m``, int32 (.., 32), into floats (n, n), and their transpose.

    What is written, at whole lines of cache, passes the caches by.
    """
    item, size = out.item, LANES // 2
    past = builder.module.add_metadata([_INT32(1)])

    def write(start: Any, rows: Any) -> None:
        for r, values in enumerate(rows):
            place = builder.add(start, builder.mul(n, _INT64(r)))
            floats = builder.sitofp(values, ir.VectorType(item, size))
            out.store(floats, place, align=64).set_metadata("nontemporal", past)

    rows = [m.load(builder.add(at, _INT64(LANES * r)), count=size) for r in range(size)]
    write(k, rows)
    riffle = [x for pair in zip(range(size), range(size, LANES), strict=True) for x in pair]
    for _ in range(4):  # riffled four times, 16 rows are turned into columns
        rows = [
            builder.shuffle_vector(
                rows[r], rows[r + 8], ir.Constant(ir.VectorType(_INT32, size), part)
            )
            for r in range(8)
            for part in (riffle[:size], riffle[size:])
        ]
    write(mirror, rows)
