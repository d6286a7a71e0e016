"""Lanes as threads: what a group of eight neighbouring threads of a GPU needs to act as one value of eight lanes.

The eight threads of a group take the same branches, since every branch of a kernel hangs on a number that all lanes
share. Instructions that need all eight name them by a mask, so that groups of one warp may go different ways.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]

from comity.propagation._lanes import _BIT, _I32, _I64, WIDTH, declare

_PREFIX = "llvm.nvvm."
#: "From the thread whose number differs in these bits", and no clamp: the mode and last argument of a shuffle.
_BUTTERFLY, _WHOLE_WARP = 3, 0x1F


def _special(builder: Any, name: str) -> Any:
    kind = ir.FunctionType(_I32, [])
    return builder.call(declare(builder.module, kind, f"{_PREFIX}read.ptx.sreg.{name}"), [])


def lane_number(builder: Any) -> Any:
    """Return the thread's lane, 0 to 7 (i32)."""
    return builder.and_(_special(builder, "laneid"), _I32(WIDTH - 1))


def _group(builder: Any) -> Any:
    """Return the mask of the eight threads of this thread's group within its warp."""
    first = builder.and_(_special(builder, "laneid"), _I32(32 - WIDTH))
    return builder.shl(_I32(2**WIDTH - 1), first)


def wait_for_group(builder: Any) -> None:
    """Wait for the eight threads; what each wrote before, all see after."""
    kind = ir.FunctionType(ir.VoidType(), [_I32])
    builder.call(declare(builder.module, kind, f"{_PREFIX}bar.warp.sync"), [_group(builder)])


def any_of_group(builder: Any, truth: Any) -> Any:
    """Return whether the truth value of any of the eight threads holds."""
    kind = ir.FunctionType(_BIT, [_I32, _BIT])
    return builder.call(declare(builder.module, kind, f"{_PREFIX}vote.any.sync"), [_group(builder), truth])


def partner(builder: Any, value: Any, distance: int) -> Any:
    """Return the float64 of the thread whose lane differs by ``distance``, a power of two."""
    kind = ir.FunctionType(ir.LiteralStructType((_I32, _BIT)), [_I32] * 5)
    shuffle = declare(builder.module, kind, f"{_PREFIX}shfl.sync.i32")
    whole = builder.bitcast(value, _I64)
    halves = [builder.trunc(whole, _I32), builder.trunc(builder.lshr(whole, _I64(32)), _I32)]
    mask = _group(builder)
    low, high = (
        builder.zext(
            builder.extract_value(
                builder.call(shuffle, [mask, _I32(_BUTTERFLY), half, _I32(distance), _I32(_WHOLE_WARP)]), 0
            ),
            _I64,
        )
        for half in halves
    )
    return builder.bitcast(builder.or_(builder.shl(high, _I64(32)), low), value.type)


def tree(builder: Any, value: Any, combine: Any) -> Any:
    """Combine the lanes of a group in the order in which a processor combines those of a vector.

    Each step hands both partners the same two numbers, the one of the lower lane first, so all end with one result.
    """
    distance = WIDTH // 2
    while distance:
        other = partner(builder, value, distance)
        is_upper = builder.icmp_unsigned("!=", builder.and_(lane_number(builder), _I32(distance)), _I32(0))
        low, high = builder.select(is_upper, other, value), builder.select(is_upper, value, other)
        value, distance = combine(builder, low, high), distance // 2
    return value
