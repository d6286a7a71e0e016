"""Lanes and memory: loads, stores, masks at the end of a profile, and reductions over the eight lanes.

Each is defined twice: for lanes in one vector, and for lanes that are threads (see :mod:`._lane_threads`).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types

from comity.propagation import _lane_threads as threads
from comity.propagation._lanes import (
    _DOUBLE,
    _I32,
    _I64,
    LANES,
    TRUTH,
    WIDTH,
    _splat,
    _wide,
    declare,
    lanes_are_threads,
    primitive,
)


def _address(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Return a pointer to eight doubles at ``args[1]`` of the contiguous array ``args[0]``, or to the thread's own."""
    array = context.make_array(sig.args[0])(context, builder, args[0])
    index = context.cast(builder, args[1], sig.args[1], types.intp)
    if lanes_are_threads(context):
        own = builder.add(index, builder.zext(threads.lane_number(builder), index.type))
        return builder.gep(array.data, [own])
    return builder.bitcast(builder.gep(array.data, [index]), _wide(_DOUBLE).as_pointer())


@primitive
def load(typing: Any, array: Any, index: Any) -> Any:
    """Read eight neighbours ``array[index : index + 8]``."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        value = builder.load(_address(context, builder, sig, args))
        value.align = 8
        return value

    return LANES(array, index), emit


@primitive
def load_first(typing: Any, array: Any, index: Any, mask: Any, otherwise: Any) -> Any:
    """Read the lanes where ``mask`` holds, ``otherwise`` (a float64) in the others; nothing beyond is touched."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector = _wide(_DOUBLE)
        pointer = _address(context, builder, sig, args)
        if lanes_are_threads(context):
            before = builder.block
            with builder.if_then(args[2]):
                value, loaded = builder.load(pointer), builder.block
            either = builder.phi(_DOUBLE)
            either.add_incoming(args[3], before)
            either.add_incoming(value, loaded)
            return either
        kind = ir.FunctionType(vector, [pointer.type, _I32, args[2].type, vector])
        function = declare(builder.module, kind, "llvm.masked.load.v8f64.p0")
        return builder.call(function, [pointer, _I32(8), args[2], _splat(builder, args[3])])

    return LANES(array, index, TRUTH, types.float64), emit


@primitive
def store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Write eight neighbours ``array[index : index + 8]``; every lane may then read what another wrote."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        written = builder.store(args[2], _address(context, builder, sig, args))
        written.align = 8
        if lanes_are_threads(context):
            threads.wait_for_group(builder)
        return context.get_dummy_value()

    return types.void(array, index, LANES), emit


@primitive
def store_first(typing: Any, array: Any, index: Any, mask: Any, value: Any) -> Any:
    """Write the lanes where ``mask`` holds; nothing beyond is touched, and no other lane may read them at once."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = _address(context, builder, sig, args)
        if lanes_are_threads(context):
            with builder.if_then(args[2]):
                builder.store(args[3], pointer)
            return context.get_dummy_value()
        kind = ir.FunctionType(ir.VoidType(), [args[3].type, pointer.type, _I32, args[2].type])
        function = declare(builder.module, kind, "llvm.masked.store.v8f64.p0")
        builder.call(function, [args[3], pointer, _I32(8), args[2]])
        return context.get_dummy_value()

    return types.void(array, index, TRUTH, LANES), emit


@primitive
def lane_numbers(typing: Any) -> Any:
    """Return 0 to 7, each in its lane."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if lanes_are_threads(context):
            return builder.uitofp(threads.lane_number(builder), _DOUBLE)
        return ir.Constant(_wide(_DOUBLE), [float(lane) for lane in range(WIDTH)])

    return LANES(), emit


@primitive
def first_lanes(typing: Any, count: Any) -> Any:
    """Return the truth of "lane number < count"."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        limit = context.cast(builder, args[0], sig.args[0], types.intp)
        if lanes_are_threads(context):
            own = builder.zext(threads.lane_number(builder), _I64)
            return builder.icmp_signed("<", own, limit)
        numbers = ir.Constant(_wide(_I64), list(range(WIDTH)))
        return builder.icmp_signed("<", numbers, _splat(builder, limit))

    return TRUTH(count), emit


def _tree(combine: Any) -> Any:
    """Combine lanes 0-3 with 4-7, then 0-1 with 2-3, then 0 with 1: one fixed order on every processor."""

    def typed(typing: Any, value: Any) -> Any:
        def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            if lanes_are_threads(context):
                return threads.tree(builder, args[0], combine)
            vector, width = args[0], WIDTH
            while width > 1:
                half = width // 2
                picks = ir.VectorType(_I32, half)
                low = builder.shuffle_vector(vector, vector, ir.Constant(picks, list(range(half))))
                high = builder.shuffle_vector(vector, vector, ir.Constant(picks, list(range(half, width))))
                vector, width = combine(builder, low, high), half
            return builder.extract_element(vector, _I32(0))

        return types.float64(LANES), emit

    return typed


largest = primitive(_tree(lambda b, x, y: b.select(b.fcmp_ordered(">", x, y), x, y)))
smallest = primitive(_tree(lambda b, x, y: b.select(b.fcmp_ordered("<", x, y), x, y)))
total = primitive(_tree(lambda b, x, y: b.fadd(x, y)))


@primitive
def any_lane(typing: Any, mask: Any) -> Any:
    """Return whether any lane holds; for one truth value, that value."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if sig.args[0] != TRUTH:
            return args[0]
        if lanes_are_threads(context):
            return threads.any_of_group(builder, args[0])
        bits = builder.bitcast(args[0], ir.IntType(WIDTH))
        return builder.icmp_unsigned("!=", bits, ir.IntType(WIDTH)(0))

    return types.boolean(mask), emit


@primitive
def together(typing: Any) -> Any:
    """Wait where lanes are threads, so that all have read what one of them is about to change."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if lanes_are_threads(context):
            threads.wait_for_group(builder)
        return context.get_dummy_value()

    return types.void(), emit


@primitive
def load_word(typing: Any, array: Any, index: Any) -> Any:
    """Read eight neighbouring bytes of an int8 array as one integer."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        data = context.make_array(sig.args[0])(context, builder, args[0]).data
        position = builder.gep(data, [context.cast(builder, args[1], sig.args[1], types.intp)])
        word = builder.load(builder.bitcast(position, _I64.as_pointer()))
        word.align = 1
        return word

    return types.int64(array, index), emit


@primitive
def prefetch(typing: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of ``array[index]``; beyond the end this does nothing, nor where lanes are threads."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if lanes_are_threads(context):
            return context.get_dummy_value()
        data = context.make_array(sig.args[0])(context, builder, args[0]).data
        position = builder.gep(data, [context.cast(builder, args[1], sig.args[1], types.intp)])
        pointer = builder.bitcast(position, ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, _I32, _I32, _I32])
        builder.call(declare(builder.module, kind, "llvm.prefetch.p0"), [pointer, _I32(0), _I32(3), _I32(1)])
        return context.get_dummy_value()

    return types.void(array, index), emit
