"""Vectors as Numba values: 16 int32, 32 int16 or 8 uint64 lanes, and picking by bits of a mask.

LLVM makes of them what the machine has: one AVX-512 register with a mask, two of AVX2, or plain
instructions, always with the same results. Positions are flat, counted from the start of an
array in C order and not checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

COUNT = 16
_INT8, _INT16, _INT32, _INT64 = (ir.IntType(bits) for bits in (8, 16, 32, 64))
_LANES, _WIDE = ir.VectorType(_INT32, COUNT), ir.VectorType(_INT32, 32)


class _Vector(types.Type):  # type: ignore[misc]
    def __init__(self, name: str, item: Any, count: int) -> None:
        super().__init__(name=name)
        self.code, self.count, self.align = ir.VectorType(item, count), count, item.width // 8


lanes = _Vector("Lanes", _INT32, COUNT)
shorts = _Vector("Shorts", _INT16, 32)
words = _Vector("Words", _INT64, 8)
pairs = _Vector("Pairs", _INT64, COUNT)
_RIFFLE = [x for pair in zip(range(COUNT), range(COUNT, 2 * COUNT), strict=True) for x in pair]
_KINDS = {
    types.int32: lanes,
    types.int16: shorts,
    types.int64: words,
    types.uint64: words,
}
_PAIRS = {types.int32: lanes, types.int64: pairs}


@register_model(_Vector)
class _VectorModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, kind.code)


def _operation(function: Callable[..., Any]) -> Callable[..., Any]:
    made: Callable[..., Any] = intrinsic(function)
    return made


def _address(context: Any, builder: Any, kind: Any, array: Any, k: Any, item: Any) -> Any:
    place = context.data_model_manager[kind].get_field_position("data")
    data = builder.extract_value(array, place)
    return builder.bitcast(cgutils.gep_inbounds(builder, data, k), item.as_pointer())


def _mask(context: Any, builder: Any, kind: Any, array: Any, k: Any, count: int) -> Any:
    address = _address(context, builder, kind, array, k, ir.IntType(count))
    mask = builder.load(address, align=kind.dtype.bitwidth // 8)
    return builder.bitcast(mask, ir.VectorType(ir.IntType(1), count))


def _everywhere(builder: Any, value: Any, count: int) -> Any:
    first = ir.Constant(ir.VectorType(value.type, count), ir.Undefined)
    first = builder.insert_element(first, value, _INT32(0))
    return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(_INT32, count), None))


@_operation
def load(typing: Any, array: Any, k: Any) -> Any:
    """Return the lanes of an array from position ``k`` on."""
    kind = _KINDS[array.dtype]

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[0], args[1], kind.code)
        return builder.load(address, align=kind.align)

    return kind(array, types.int64), code


@_operation
def store(typing: Any, array: Any, k: Any, values: Any) -> Any:
    """Write lanes into an array, from position ``k`` on, cut to its width."""
    item = _INT32 if array.dtype == types.int32 else values.code.element

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(item, values.count)
        address = _address(context, builder, signature.args[0], args[0], args[1], kind)
        cut = args[2] if kind == values.code else builder.trunc(args[2], kind)
        builder.store(cut, address, align=item.width // 8)
        return context.get_dummy_value()

    return types.void(array, types.int64, values), code


@_operation
def splat(typing: Any, value: Any) -> Any:
    """Return lanes that all hold one int32, int16 or uint64."""
    kind = _KINDS[value]

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _everywhere(builder, args[0], kind.count)

    return kind(value), code


def _lanewise(name: str) -> Callable[..., Any]:
    """Return what adds, subtracts or multiplies the lanes of two vectors."""

    def operation(typing: Any, a: Any, b: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return getattr(builder, name)(*args)

        return a(a, b), code

    return _operation(operation)


add, sub, mul = _lanewise("add"), _lanewise("sub"), _lanewise("mul")


@_operation
def add_bit_differences(typing: Any, sums: Any, a: Any, b: Any) -> Any:
    """Add to each lane the number of bits in which two words differ."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(words.code, [words.code])
        count = cgutils.get_or_insert_function(builder.module, kind, "llvm.ctpop.v8i64")
        return builder.add(args[0], builder.call(count, [builder.xor(args[1], args[2])]))

    return words(sums, a, b), code


@_operation
def load_short(typing: Any, array: Any, k: Any) -> Any:
    """Return 32 entries of an int32 array from position ``k`` on, as int16."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(_INT32, shorts.count)
        address = _address(context, builder, signature.args[0], args[0], args[1], kind)
        return builder.trunc(builder.load(address, align=4), shorts.code)

    return shorts(array, types.int64), code


@_operation
def add_to_wide(typing: Any, array: Any, k: Any, values: Any) -> Any:
    """Add int16 lanes to 32 entries of an int32 array, from position ``k`` on."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(_INT32, shorts.count)
        address = _address(context, builder, signature.args[0], args[0], args[1], kind)
        sums = builder.add(builder.load(address, align=4), builder.sext(args[2], kind))
        builder.store(sums, address, align=4)
        return context.get_dummy_value()

    return types.void(array, types.int64, values), code


@_operation
def add_table_row(typing: Any, sums: Any, table: Any, k: Any, array: Any, at: Any) -> Any:
    """Add from a table, from position ``k`` on, the row that entry ``at`` of an array names."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        byte = _address(context, builder, signature.args[3], args[3], args[4], _INT8)
        row = builder.mul(builder.zext(builder.load(byte), _INT64), _INT64(sums.count))
        place = builder.add(args[2], row)
        address = _address(context, builder, signature.args[1], args[1], place, sums.code)
        return builder.add(args[0], builder.load(address, align=sums.align))

    return sums(sums, table, types.int64, array, types.int64), code


@_operation
def add_or_decide(
    typing: Any, values: Any, h: Any, begun: Any, masks: Any, last: Any, i: Any, high: Any, low: Any
) -> Any:
    """Add row ``i`` of int32 sums (n, 32), if these are begun, to 32 lanes of int16, and keep it.

    If they are the last, set instead the 32 bits of masks[i] anew: where a sum exceeds ``high``
    (and the bit is set), or ``low`` (where it is not).
    """
    bits = ir.VectorType(ir.IntType(1), 32)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        row = builder.mul(args[5], _INT64(32))
        address = _address(context, builder, signature.args[1], args[1], row, _WIDE)
        mask = _address(context, builder, signature.args[3], args[3], args[5], bits)
        wide = cgutils.alloca_once_value(builder, builder.sext(args[0], _WIDE))
        with builder.if_then(args[2]):
            so_far = builder.load(address, align=4)
            builder.store(builder.add(builder.load(wide), so_far), wide)
        sums = builder.load(wide)
        with builder.if_else(args[4]) as (then, otherwise):
            with then:
                found = _exceed(builder, sums, builder.load(mask, align=4), *args[6:])
                builder.store(found, mask, align=4)
            with otherwise:
                builder.store(sums, address, align=4)
        return context.get_dummy_value()

    flag, count = types.boolean, types.int64
    return types.void(values, h, flag, masks, flag, count, types.int32, types.int32), code


def _exceed(builder: Any, sums: Any, mask: Any, up: Any, down: Any) -> Any:
    """Compare 32 sums with one number where a bit is set, else with another."""
    bound = builder.select(mask, _everywhere(builder, up, 32), _everywhere(builder, down, 32))
    return builder.icmp_signed(">", sums, bound)


@_operation
def exceeding(typing: Any, h: Any, i: Any, bits: Any, high: Any, low: Any) -> Any:
    """Return where row ``i`` of sums (n, 32) exceeds ``high`` (its bit is set) or ``low``."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        row = builder.mul(args[1], _INT64(32))
        sums = builder.load(_address(context, builder, h, args[0], row, _WIDE), align=4)
        mask = builder.bitcast(args[2], ir.VectorType(ir.IntType(1), 32))
        return builder.bitcast(_exceed(builder, sums, mask, *args[3:]), _INT32)

    return types.uint32(h, types.int64, types.uint32, types.int32, types.int32), code


@_operation
def add_absolute(typing: Any, sums: Any, values: Any) -> Any:
    """Add the sizes of lanes to others."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        minus = builder.neg(args[1])
        larger = builder.icmp_signed(">", args[1], minus)
        return builder.add(args[0], builder.select(larger, args[1], minus))

    return sums(sums, values), code


@_operation
def largest_lane(typing: Any, values: Any) -> Any:
    """Return the largest of the lanes as an int64."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        item = values.code.element
        kind, name = ir.FunctionType(item, [values.code]), f"v{values.count}i{item.width}"
        reduce = cgutils.get_or_insert_function(
            builder.module, kind, f"llvm.vector.reduce.smax.{name}"
        )
        return builder.sext(builder.call(reduce, args), _INT64)

    return types.int64(values), code


@_operation
def transpose_bits(typing: Any, array: Any, k: Any) -> Any:
    """Transpose 32 x 32 bits of an array of uint32, from position ``k`` on."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[0], args[1], _WIDE)
        rows = builder.load(address, align=4)
        for step in (16, 8, 4, 2, 1):  # halves change places, then halves of those
            low = sum(1 << c for c in range(32) if not c & step)
            first = [not r & step for r in range(32)]
            order = ir.Constant(_WIDE, [r ^ step for r in range(32)])
            by = ir.Constant(_WIDE, [step] * 32)
            kept = ir.Constant(_WIDE, [low if f else low << step for f in first])
            left = ir.Constant(_WIDE, [low << step if f else 0 for f in first])
            right = ir.Constant(_WIDE, [0 if f else low for f in first])
            other = builder.shuffle_vector(rows, rows, order)
            raised = builder.and_(builder.shl(other, by), left)
            lowered = builder.and_(builder.lshr(other, by), right)
            rows = builder.or_(builder.and_(rows, kept), builder.or_(raised, lowered))
        builder.store(rows, address, align=4)
        return context.get_dummy_value()

    return types.void(array, types.int64), code


@_operation
def bits_above(typing: Any, array: Any, k: Any, bound: Any) -> Any:
    """Return 64 bits, set where the int8 of an array from position ``k`` on exceed a bound."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(_INT8, 64)
        address = _address(context, builder, signature.args[0], args[0], args[1], kind)
        least = _everywhere(builder, builder.trunc(args[2], _INT8), 64)
        more = builder.icmp_signed(">", builder.load(address, align=1), least)
        return builder.bitcast(more, _INT64)

    return types.uint64(array, types.int64, types.int64), code


@_operation
def add_squares(typing: Any, sums: Any, array: Any, k: Any) -> Any:
    """Add to 8 lanes the squares of the int32 of an array from position ``k`` on."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(_INT32, 8)
        address = _address(context, builder, signature.args[1], args[1], args[2], kind)
        wide = builder.sext(builder.load(address, align=4), words.code)
        return builder.add(args[0], builder.mul(wide, wide))

    return sums(sums, array, types.int64), code


@_operation
def put_signs(typing: Any, array: Any, k: Any, bits: Any) -> Any:
    """Write 64 int8 into an array from position ``k`` on: 1 where a bit is set, else -1."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(_INT8, 64)
        address = _address(context, builder, signature.args[0], args[0], args[1], kind)
        chosen = builder.bitcast(args[2], ir.VectorType(ir.IntType(1), 64))
        ones = (ir.Constant(kind, [sign] * 64) for sign in (1, -1))
        builder.store(builder.select(chosen, *ones), address, align=1)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.uint64), code


@_operation
def get(typing: Any, array: Any, k: Any) -> Any:
    """Return entry ``k`` of an array of unsigned integers."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = context.get_data_type(array.dtype)
        address = _address(context, builder, signature.args[0], args[0], args[1], kind)
        value = builder.load(address)
        return value if value.type == _INT64 else builder.zext(value, _INT64)

    return types.int64(array, types.int64), code


@_operation
def gather_pairs(typing: Any, array: Any, places: Any) -> Any:
    """Return the entries of an array at 16 places, each with the next one, as two vectors of 16."""
    kind = _PAIRS[array.dtype]

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        width, full = kind.code.element.width // 8, ir.VectorType(ir.IntType(1), 8)
        to = ir.VectorType(_INT64.as_pointer(), 8)
        function = ir.FunctionType(words.code, [to, _INT32, full, words.code])
        name = "llvm.masked.gather.v8i64.v8p0"
        gather = cgutils.get_or_insert_function(builder.module, function, name)
        start = _address(context, builder, signature.args[0], args[0], _INT64(0), _INT64)
        start = _everywhere(builder, builder.ptrtoint(start, _INT64), 8)
        size = ir.Constant(words.code, [width] * 8)

        def entries(at: Any) -> Any:
            rest = _INT32(width), ir.Constant(full, [1] * 8), ir.Constant(words.code, None)
            return builder.call(gather, [builder.inttoptr(at, to), *rest])

        found = []
        for first in (0, 8):
            part = ir.Constant(ir.VectorType(_INT32, 8), [*range(first, first + 8)])
            at = builder.zext(builder.shuffle_vector(args[1], args[1], part), words.code)
            at = builder.add(start, builder.mul(at, size))
            if kind is lanes:  # both in one go
                found.append(builder.bitcast(entries(at), kind.code))
            else:
                turns = ir.Constant(_LANES, [x for k in range(8) for x in (k, k + 8)])
                two = entries(at), entries(builder.add(at, size))
                found.append(builder.shuffle_vector(*two, turns))
        return context.make_tuple(builder, signature.return_type, found)

    return types.UniTuple(kind, 2)(array, places), code


@_operation
def deinterleave(typing: Any, a: Any, b: Any) -> Any:
    """Return every other lane of two vectors of 16, from the first on and from the second on."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found = [
            builder.shuffle_vector(*args, ir.Constant(_LANES, [*range(first, 2 * COUNT, 2)]))
            for first in (0, 1)
        ]
        return context.make_tuple(builder, signature.return_type, found)

    return types.UniTuple(a, 2)(a, b), code


@_operation
def masked_add(typing: Any, sums: Any, masks: Any, k: Any, values: Any) -> Any:
    """Add lanes where the bits of masks, from masks[k] on, are set."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        mask = _mask(context, builder, signature.args[1], args[1], args[2], sums.count)
        return builder.select(mask, builder.add(args[0], args[3]), args[0])

    return sums(sums, masks, types.int64, values), code


@_operation
def masked_select_add(typing: Any, sums: Any, masks: Any, k: Any, high: Any, low: Any) -> Any:
    """Add lanes of ``high`` where the bits of masks, from masks[k] on, are set, else of ``low``."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        mask = _mask(context, builder, signature.args[1], args[1], args[2], sums.count)
        return builder.add(args[0], builder.select(mask, args[3], args[4]))

    return sums(sums, masks, types.int64, high, low), code


@_operation
def add_pairs(typing: Any, sums: Any, values: Any) -> Any:
    """Add 32 int16 lanes to 16 of int32, two to each."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pairs, half = builder.bitcast(args[1], lanes.code), ir.Constant(lanes.code, [16] * COUNT)
        low = builder.ashr(builder.shl(pairs, half), half)
        return builder.add(args[0], builder.add(low, builder.ashr(pairs, half)))

    return lanes(sums, values), code


@_operation
def store_four_sums(typing: Any, out: Any, k: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Write the sums of four vectors of int32 into an array of int64, from position ``k`` on.

    Only sums of four lanes need fit in int32.
    """

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        def both(x: Any, y: Any, *picks: Any) -> Any:
            """Add two ways to pick from each part of 4 lanes of x (0 to 3) and y (4 to 7)."""
            kinds = [
                [4 * part + p % 4 + COUNT * (p // 4) for part in range(4) for p in pick]
                for pick in picks
            ]
            return builder.add(
                *(builder.shuffle_vector(x, y, ir.Constant(_LANES, kind)) for kind in kinds)
            )

        low, high = (0, 4, 1, 5), (2, 6, 3, 7)
        four = both(
            both(args[2], args[3], low, high),
            both(args[4], args[5], low, high),
            (0, 1, 4, 5),
            (2, 3, 6, 7),
        )
        wide = builder.sext(four, ir.VectorType(_INT64, COUNT))
        while wide.type.count > 4:
            half = wide.type.count // 2
            wide = builder.add(
                *(
                    builder.shuffle_vector(
                        wide, wide, ir.Constant(ir.VectorType(_INT32, half), part)
                    )
                    for part in ([*range(half)], [*range(half, 2 * half)])
                )
            )
        address = _address(context, builder, signature.args[0], args[0], args[1], wide.type)
        builder.store(wide, address, align=8)
        return context.get_dummy_value()

    return types.void(out, types.int64, a, b, c, d), code


@_operation
def sum_lanes(typing: Any, values: Any) -> Any:
    """Return the sum of the lanes as an int64."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        wide = ir.VectorType(_INT64, values.count)
        name = f"llvm.vector.reduce.add.v{values.count}i64"
        kind = ir.FunctionType(_INT64, [wide])
        reduce = cgutils.get_or_insert_function(builder.module, kind, name)
        whole = args[0] if values.code == wide else builder.sext(args[0], wide)
        return builder.call(reduce, [whole])

    return types.int64(values), code


@_operation
def prefetch(typing: Any, array: Any, k: Any, count: Any) -> Any:
    """Ask for the lines of cache of entries ``k`` to ``k + count`` of an array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = signature.args[0]
        function = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [_INT8.as_pointer()] + [_INT32] * 3),
            "llvm.prefetch.p0",
        )
        with cgutils.for_range_slice(
            builder, _INT64(0), args[2], _INT64(512 // kind.dtype.bitwidth), _INT64
        ) as (ahead, _):
            address = _address(context, builder, kind, args[0], builder.add(args[1], ahead), _INT8)
            builder.call(function, [address, _INT32(0), _INT32(3), _INT32(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64), code


@_operation
def store_with_transpose(
    typing: Any, m: Any, at: Any, width: Any, out: Any, k: Any, mirror: Any, n: Any
) -> Any:
    """Write 16 x 16 entries of ``m``, a matrix of int32, into one of floats, and their transpose.

    Rows of the two matrices are ``width`` and ``n`` entries long. What is written, at whole lines
    of cache, passes the caches by.
    """
    item = {types.float32: ir.FloatType(), types.float64: ir.DoubleType()}[out.dtype]

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(item, COUNT)
        past = builder.module.add_metadata([_INT32(1)])

        def row(which: int, start: Any, step: Any, r: int, kind: Any) -> Any:
            place = builder.add(start, builder.mul(step, _INT64(r)))
            return _address(context, builder, signature.args[which], args[which], place, kind)

        def write(start: Any, rows: Any) -> None:
            for r, values in enumerate(rows):
                address = row(3, start, args[6], r, kind)
                done = builder.store(builder.sitofp(values, kind), address, align=64)
                done.set_metadata("nontemporal", past)

        rows = [builder.load(row(0, args[1], args[2], r, _LANES), align=4) for r in range(COUNT)]
        write(args[4], rows)
        for _ in range(4):  # riffled four times, 16 rows are turned into columns
            rows = [
                builder.shuffle_vector(rows[r], rows[r + 8], ir.Constant(_LANES, riffle))
                for r in range(8)
                for riffle in (_RIFFLE[:COUNT], _RIFFLE[COUNT:])
            ]
        write(args[5], rows)
        return context.get_dummy_value()

    position = types.int64
    return types.void(m, position, position, out, position, position, position), code
