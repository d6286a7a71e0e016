"""Lanes and memory in no order: reads at eight places that have nothing to do with each other.

Only :func:`whole_part` and :func:`pick` are defined for lanes that are threads; no kernel that a GPU runs has need of
the others.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types

from comity.propagation._lane_memory import _address
from comity.propagation._lanes import (
    _BIT,
    _DOUBLE,
    _I32,
    _I64,
    LANES,
    WIDTH,
    _splat,
    _wide,
    _widest,
    declare,
    primitive,
)


def _words(value: int) -> Any:
    """Return an LLVM constant of eight equal integers."""
    return ir.Constant(_wide(_I64), [value] * WIDTH)


def _whole(builder: Any, value: Any) -> Any:
    """Return lanes of whole numbers from 0 on as integers: with 2**52 added, they are the significands."""
    two_52 = ir.Constant(_wide(_DOUBLE), [float(2**52)] * WIDTH)
    return builder.and_(builder.bitcast(builder.fadd(value, two_52), _wide(_I64)), _words((1 << 52) - 1))


def _joined(builder: Any, vectors: list[Any]) -> Any:
    """Return vectors of equal width one behind the other."""
    if len(vectors) == 1:
        return vectors[0]
    half = len(vectors) // 2
    a, b = _joined(builder, vectors[:half]), _joined(builder, vectors[half:])
    width = 2 * a.type.count
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(_I32, width), list(range(width))))


@primitive
def gather(typing: Any, array: Any, index: Any) -> Any:
    """Read eight places of the contiguous array: whole numbers from 0 on, as lanes."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        data = context.make_array(sig.args[0])(context, builder, args[0]).data
        start = _splat(builder, builder.ptrtoint(data, _I64))
        place = builder.add(start, builder.shl(_whole(builder, args[1]), _words(3)))
        pointers = ir.VectorType(_DOUBLE.as_pointer(), WIDTH)
        every = ir.Constant(_wide(_BIT), [1] * WIDTH)
        kind = ir.FunctionType(_wide(_DOUBLE), [pointers, _I32, every.type, _wide(_DOUBLE)])
        function = declare(builder.module, kind, "llvm.masked.gather.v8f64.v8p0")
        nothing = ir.Constant(_wide(_DOUBLE), ir.Undefined)
        return builder.call(function, [builder.inttoptr(place, pointers), _I32(8), every, nothing])

    return LANES(array, LANES), emit


@primitive
def store_whole(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Write eight whole numbers from 0 on to ``array[index : index + 8]``, an int64 array."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address = builder.bitcast(_address(context, builder, sig, args), _wide(_I64).as_pointer())
        builder.store(_whole(builder, args[2]), address).align = 8
        return context.get_dummy_value()

    return types.void(array, index, LANES), emit


@primitive
def gather_pairs(typing: Any, array: Any, places: Any, index: Any) -> Any:
    """Read ``array`` at the eight ``places[index : index + 8]`` (int64), and each next one."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        data = context.make_array(sig.args[0])(context, builder, args[0]).data
        words = context.make_array(sig.args[1])(context, builder, args[1]).data
        index = context.cast(builder, args[2], sig.args[2], types.intp)
        pair = ir.VectorType(_DOUBLE, 2)
        pairs = []
        for lane in range(WIDTH):
            place = builder.load(builder.gep(words, [builder.add(index, _I64(lane))]))
            loaded = builder.load(builder.bitcast(builder.gep(data, [place]), pair.as_pointer()))
            loaded.align = 8
            pairs.append(loaded)
        even, odd = _joined(builder, pairs[0::2]), _joined(builder, pairs[1::2])
        picks = ir.VectorType(_I32, WIDTH)
        first = ir.Constant(picks, [0, 8, 2, 10, 4, 12, 6, 14])
        second = ir.Constant(picks, [1, 9, 3, 11, 5, 13, 7, 15])
        here = builder.shuffle_vector(even, odd, first)
        following = builder.shuffle_vector(even, odd, second)
        return context.make_tuple(builder, sig.return_type, (here, following))

    both: Any = types.UniTuple(LANES, 2)  # type: ignore[no-untyped-call]
    return both(array, places, index), emit


@primitive
def whole_part(typing: Any, x: Any) -> Any:
    """Return x, from 0 on and below 2**31, without its fraction; lanes or float64."""
    result = _widest(x)

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        integer = ir.VectorType(_I32, WIDTH) if isinstance(args[0].type, ir.VectorType) else _I32
        return builder.sitofp(builder.fptosi(args[0], integer), args[0].type)

    return result(result), emit


@primitive
def pick(typing: Any, grid: Any, index: Any) -> Any:
    """Read a cell of a contiguous grid at its number from 0 on, a whole number as lanes or float64."""
    result = _widest(index)

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        data = context.make_array(sig.args[0])(context, builder, args[0]).data

        def cell(number: Any) -> Any:
            value = builder.load(builder.gep(data, [number]))
            return context.cast(builder, value, sig.args[0].dtype, types.float64)

        if not isinstance(args[1].type, ir.VectorType):
            return cell(builder.fptosi(args[1], _I64))
        numbers, out = _whole(builder, args[1]), ir.Constant(_wide(_DOUBLE), ir.Undefined)
        for lane in range(WIDTH):
            number = builder.extract_element(numbers, _I32(lane))
            out = builder.insert_element(out, cell(number), _I32(lane))
        return out

    return result(grid, result), emit
