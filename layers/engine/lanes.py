"""Sixteen travel times side by side: the three vector steps that the sweeps are made of.

A "lane" array is a flat int32 array with 16 values for each node, `lanes[16 * node + lane]`. LLVM turns each step
into vector instructions of the machine at hand; plain loops in Numba stay scalar here.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16
_INT = ir.IntType(32)
_VECTOR = ir.VectorType(_INT, LANES)
_NONE = ir.Constant(_VECTOR, ir.Undefined)
_FIRST = ir.Constant(_VECTOR, [0] * LANES)
_FAR = ir.Constant(_VECTOR, [2**30 - 1] * LANES)


def _data(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    return context.make_array(kind)(context, builder, array).data


def _lanes(builder: Any, data: Any, index: Any) -> Any:
    start = builder.gep(data, [builder.mul(index, ir.Constant(index.type, LANES))])
    return builder.bitcast(start, _VECTOR.as_pointer())


def _splat(builder: Any, value: Any) -> Any:
    return builder.shuffle_vector(builder.insert_element(_NONE, value, ir.Constant(_INT, 0)), _NONE, _FIRST)


def _least(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.icmp_signed("<", a, b), a, b)


@intrinsic
def relax(typing: Any, to: Any, i: Any, source: Any, j: Any, ms: Any) -> Any:
    """to[i] = min(to[i], source[j] + ms), lane by lane."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        into = _lanes(builder, _data(context, builder, to, args[0]), args[1])
        value = builder.load(_lanes(builder, _data(context, builder, source, args[2]), args[3]), align=4)
        value = builder.add(value, _splat(builder, args[4]))
        builder.store(_least(builder, value, builder.load(into, align=4)), into, align=4)
        return context.get_dummy_value()

    return types.void(to, types.intp, source, types.intp, types.int32), generate


@intrinsic
def settle(typing: Any, to: Any, i: Any, source: Any, head: Any, ms: Any, low: Any, high: Any, fresh: Any) -> Any:
    """to[i] = min over low ≤ j < high of source[head[j]] + ms[j], and of to[i] itself unless it is `fresh`."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        arrays = (0, 2, 3, 4)
        into, values, heads, times = (_data(context, builder, signature.args[k], args[k]) for k in arrays)
        into, index = _lanes(builder, into, args[1]), args[1].type
        kept = cgutils.alloca_once_value(builder, _FAR)
        with builder.if_then(builder.not_(args[7])):
            builder.store(builder.load(into, align=4), kept)
        step = ir.Constant(index, 1)
        with cgutils.for_range_slice(builder, args[5], args[6], step, index, inc=True) as (j, _):
            node = builder.sext(builder.load(builder.gep(heads, [j])), index)
            value = builder.load(_lanes(builder, values, node), align=4)
            value = builder.add(value, _splat(builder, builder.load(builder.gep(times, [j]))))
            builder.store(_least(builder, value, builder.load(kept)), kept)
        builder.store(builder.load(kept), into, align=4)
        return context.get_dummy_value()

    kinds = (to, types.intp, source, head, ms, types.intp, types.intp, types.boolean)
    return types.void(*kinds), generate


@intrinsic
def within(typing: Any, lanes: Any, i: Any, limit: Any) -> Any:
    """The lanes of node i that are ≤ limit, as the bits of a uint16."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value = builder.load(_lanes(builder, _data(context, builder, lanes, args[0]), args[1]), align=4)
        inside = builder.icmp_signed("<=", value, _splat(builder, args[2]))
        return builder.bitcast(inside, ir.IntType(16))

    return types.uint16(lanes, types.intp, types.int32), generate
