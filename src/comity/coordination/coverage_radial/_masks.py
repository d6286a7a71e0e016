"""Truth of eight lanes as positions: which lane is the last that holds, all lanes but one."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types

from comity.propagation._lanes import TRUTH, WIDTH, declare, primitive

_I32, _I64, _BIT = ir.IntType(32), ir.IntType(64), ir.IntType(1)


@primitive
def last_lane(typing: Any, mask: Any) -> Any:
    """Return the number of the last lane that holds, -1 where none does."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        bits = builder.zext(builder.bitcast(args[0], ir.IntType(WIDTH)), _I32)
        kind = ir.FunctionType(_I32, [_I32, _BIT])
        zeros = builder.call(declare(builder.module, kind, "llvm.ctlz.i32"), [bits, _BIT(0)])
        return builder.sext(builder.sub(_I32(31), zeros), _I64)

    return types.int64(TRUTH), emit


@primitive
def all_but(typing: Any, lane: Any) -> Any:
    """Return the truth of "lane number is not ``lane``"; a number that is no lane's leaves all."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        wide = ir.VectorType(_I64, WIDTH)
        one = builder.insert_element(ir.Constant(wide, ir.Undefined), args[0], _I32(0))
        same = builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(_I32, WIDTH), [0] * WIDTH))
        return builder.icmp_signed("!=", ir.Constant(wide, list(range(WIDTH))), same)

    return TRUTH(types.int64), emit
