"""Vectors as Numba values: sixteen int32 lanes, and picking lanes by the bits of a mask.

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
_LANES = ir.VectorType(_INT32, COUNT)
_BITS = ir.VectorType(ir.IntType(1), COUNT)
_WIDE = ir.VectorType(_INT64, COUNT)


class _Lanes(types.Type):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(name="Lanes")


lanes = _Lanes()


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _LANES)


def _operation(function: Callable[..., Any]) -> Callable[..., Any]:
    made: Callable[..., Any] = intrinsic(function)
    return made


def _address(context: Any, builder: Any, kind: Any, array: Any, k: Any, item: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(cgutils.gep_inbounds(builder, data, k), item.as_pointer())


def _mask(context: Any, builder: Any, kind: Any, array: Any, k: Any) -> Any:
    bits = builder.load(_address(context, builder, kind, array, k, _INT16), align=2)
    return builder.bitcast(bits, _BITS)


@_operation
def load(typing: Any, array: Any, k: Any) -> Any:
    """Return the lanes of an int32 array from position ``k`` on."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[0], args[1], _LANES)
        return builder.load(address, align=4)

    return lanes(array, types.int64), code


@_operation
def store(typing: Any, array: Any, k: Any, values: Any) -> Any:
    """Write lanes into an int32 array from position ``k`` on."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[0], args[1], _LANES)
        builder.store(args[2], address, align=4)
        return context.get_dummy_value()

    return types.void(array, types.int64, values), code


@_operation
def splat(typing: Any, value: Any) -> Any:
    """Return lanes that all hold one int32."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        first = builder.insert_element(ir.Constant(_LANES, ir.Undefined), args[0], _INT32(0))
        places = ir.Constant(ir.VectorType(_INT32, COUNT), None)
        return builder.shuffle_vector(first, first, places)

    return lanes(types.int32), code


@_operation
def add(typing: Any, a: Any, b: Any) -> Any:
    """Return the sums of lanes."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.add(*args)

    return lanes(a, b), code


@_operation
def picked(typing: Any, sums: Any, masks: Any, k: Any, values: Any) -> Any:
    """Add lanes where the bits of masks[k] are set."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        mask = _mask(context, builder, signature.args[1], args[1], args[2])
        return builder.select(mask, builder.add(args[0], args[3]), args[0])

    return lanes(sums, masks, types.int64, values), code


@_operation
def chosen(typing: Any, sums: Any, masks: Any, k: Any, high: Any, low: Any) -> Any:
    """Add the lanes of ``high`` where the bits of masks[k] are set, and of ``low`` elsewhere."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        mask = _mask(context, builder, signature.args[1], args[1], args[2])
        return builder.add(args[0], builder.select(mask, args[3], args[4]))

    return lanes(sums, masks, types.int64, high, low), code


@_operation
def total(typing: Any, values: Any) -> Any:
    """Return the sum of the lanes as an int64."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(_INT64, [_WIDE])
        name = f"llvm.vector.reduce.add.v{COUNT}i64"
        reduce = cgutils.get_or_insert_function(builder.module, kind, name)
        return builder.call(reduce, [builder.sext(args[0], _WIDE)])

    return types.int64(values), code


@_operation
def prefetch(typing: Any, array: Any, k: Any, count: Any) -> Any:
    """Ask for the lines of cache of entries ``k`` to ``k + count`` of an array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = signature.args[0]
        size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
        function = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [_INT8.as_pointer()] + [_INT32] * 3),
            "llvm.prefetch.p0",
        )
        with cgutils.for_range_slice(
            builder, _INT64(0), args[2], _INT64(64 // size), _INT64
        ) as (ahead, _):
            address = _address(context, builder, kind, args[0], builder.add(args[1], ahead), _INT8)
            builder.call(function, [address, _INT32(0), _INT32(3), _INT32(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64), code
