"""Eight float64 numbers as one value inside compiled code: the unit of work of every batch kernel.

A kernel that handles eight links (or eight profile points) at a time is written once, with ordinary operators,
and LLVM lowers it to one AVX-512, two AVX2 or four SSE2 registers. On a GPU the eight lanes are eight neighbouring
threads: a value of lanes is one float64 in each (see :mod:`comity.propagation.cuda`). Each lane is plain IEEE
arithmetic in a fixed order, without contraction or reassociation, so the bits do not depend on the processor. Nothing
is left to the auto-vectoriser.

The functions below accept :data:`LANES` or float64, so a formula written with them serves both.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils, imputils
from numba.core.extending import intrinsic, models, register_model
from numba.core.typing import templates

WIDTH = 8

# numba's extension interface carries no types
infer_global: Any = templates.infer_global
signature: Any = templates.signature
lower_builtin: Any = imputils.lower_builtin
declare: Any = cgutils.get_or_insert_function
primitive_model: Any = models.PrimitiveModel

#: Annotation of an argument that is eight lanes or one float64 in compiled code.
Real = Any
#: Annotation of a truth value per lane.
Truth = Any


def primitive(definition: Callable[..., Any]) -> Callable[..., Any]:
    """Define a function by the LLVM instructions it stands for."""
    return cast(Callable[..., Any], intrinsic(definition))


class _LanesType(types.Type):
    """Numba type of eight float64 (``truth`` False) or eight truth values."""

    def __init__(self, truth: bool) -> None:
        self.truth = truth
        super().__init__(name="comity_truth8" if truth else "comity_lanes8")


LANES, TRUTH = _LanesType(False), _LanesType(True)
_SCALARS = (types.float64, types.float32, types.int64)
_DOUBLE, _I64, _BIT, _I32 = ir.DoubleType(), ir.IntType(64), ir.IntType(1), ir.IntType(32)


def _wide(element: Any) -> Any:
    return ir.VectorType(element, WIDTH)


@register_model(_LanesType)
class _LanesModel(primitive_model):  # type: ignore[misc]
    def __init__(self, manager: Any, numba_type: _LanesType) -> None:
        super().__init__(manager, numba_type, _wide(_BIT if numba_type.truth else _DOUBLE))


# --- building blocks of the lowering -------------------------------------------------------------------------


def lanes_are_threads(context: Any) -> bool:
    """Whether code is made for a target where each lane is a thread of its own."""
    return not isinstance(context.get_value_type(LANES), ir.VectorType)


def _splat(builder: Any, value: Any, width: int = WIDTH) -> Any:
    vector = ir.VectorType(value.type, width)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, _I32(0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(_I32, width), [0] * width))


def _constant(like: Any, value: int | float) -> Any:
    """Return an LLVM constant of ``like``'s shape: integer for int, double for float."""
    element = _DOUBLE if isinstance(value, float) else _I64
    if isinstance(like, ir.VectorType):
        return ir.Constant(_wide(element), [value] * WIDTH)
    return ir.Constant(element, value)


def _like(like: Any, element: Any) -> Any:
    return _wide(element) if isinstance(like, ir.VectorType) else element


def _widest(*args: Any) -> Any:
    return LANES if any(a in (LANES, TRUTH) for a in args) else types.float64


def _as(builder: Any, context: Any, value: Any, from_type: Any, to_type: Any) -> Any:
    """Convert an argument to float64 or lanes as the result asks."""
    if from_type in (LANES, TRUTH):
        return value
    if from_type != types.boolean:
        value = context.cast(builder, value, from_type, types.float64)
    return _splat(builder, value) if to_type in (LANES, TRUTH) and not lanes_are_threads(context) else value


# --- operators -----------------------------------------------------------------------------------------------


def _is_operand(a: Any, b: Any) -> bool:
    return LANES in (a, b) and all(
        x == LANES or x in _SCALARS or isinstance(x, types.Literal) for x in (a, b)
    )


def _define(symbol: Callable[..., Any], result: _LanesType, emit: Callable[[Any, Any, Any], Any]) -> None:
    class Template(templates.AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            if len(args) == 2 and _is_operand(*args):
                return signature(result, *(a if a == LANES else types.float64 for a in args))
            return None

    infer_global(symbol)(Template)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return emit(
            builder, *(_as(builder, context, v, t, LANES) for v, t in zip(args, sig.args, strict=True))
        )

    for sig in ((LANES, LANES), (LANES, types.float64), (types.float64, LANES)):
        lower_builtin(symbol, *sig)(lower)


_define(operator.add, LANES, lambda b, x, y: b.fadd(x, y))
_define(operator.sub, LANES, lambda b, x, y: b.fsub(x, y))
_define(operator.mul, LANES, lambda b, x, y: b.fmul(x, y))
_define(operator.truediv, LANES, lambda b, x, y: b.fdiv(x, y))
_define(operator.lt, TRUTH, lambda b, x, y: b.fcmp_ordered("<", x, y))
_define(operator.le, TRUTH, lambda b, x, y: b.fcmp_ordered("<=", x, y))
_define(operator.gt, TRUTH, lambda b, x, y: b.fcmp_ordered(">", x, y))
_define(operator.ge, TRUTH, lambda b, x, y: b.fcmp_ordered(">=", x, y))
_define(operator.eq, TRUTH, lambda b, x, y: b.fcmp_ordered("==", x, y))


@infer_global(operator.neg)
class _Negate(templates.AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(LANES, LANES) if args == (LANES,) else None


def _lower_negate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    # not fneg, which the compiler of some GPUs is too old to know
    return builder.fsub(_constant(args[0].type, -0.0), args[0])


lower_builtin(operator.neg, LANES)(_lower_negate)


def _define_logic(symbol: Callable[..., Any], method: str) -> None:
    class Template(templates.AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            return signature(TRUTH, TRUTH, TRUTH) if args == (TRUTH, TRUTH) else None

    infer_global(symbol)(Template)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, method)(*args)

    lower_builtin(symbol, TRUTH, TRUTH)(lower)


_define_logic(operator.and_, "and_")
_define_logic(operator.or_, "or_")


# --- functions of lanes or float64 ---------------------------------------------------------------------------


@primitive
def where(typing: Any, condition: Any, if_true: Any, if_false: Any) -> Any:
    """Choose lane by lane."""
    result = _widest(condition, if_true, if_false)

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        c, a, b = (_as(builder, context, v, t, result) for v, t in zip(args, sig.args, strict=True))
        return builder.select(c, a, b)

    return result(condition, if_true, if_false), emit


def _choose(sign: str) -> Any:
    def typed(typing: Any, a: Any, b: Any) -> Any:
        result = _widest(a, b)

        def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            x, y = (_as(builder, context, v, t, result) for v, t in zip(args, sig.args, strict=True))
            return builder.select(builder.fcmp_ordered(sign, x, y), x, y)

        return result(a, b), emit

    return typed


larger = primitive(_choose(">"))
smaller = primitive(_choose("<"))


@primitive
def root(typing: Any, x: Any) -> Any:
    """Return the square root, correctly rounded."""
    result = _widest(x)

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        value = _as(builder, context, args[0], sig.args[0], result)
        name = "llvm.sqrt.v8f64" if isinstance(value.type, ir.VectorType) else "llvm.sqrt.f64"
        kind = ir.FunctionType(value.type, [value.type])
        own = "llvm.nvvm.sqrt.rn.d" if lanes_are_threads(context) else name
        return builder.call(declare(builder.module, kind, own), [value])

    return result(x), emit


@primitive
def lanes(typing: Any, value: Any) -> Any:
    """Return eight lanes of the same float64."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _as(builder, context, args[0], sig.args[0], LANES)

    return LANES(value), emit


# --- bits of a float64, for the elementary functions ---------------------------------------------------------


def _bits(emit_bits: Callable[..., Any], count: int) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        values = [_as(builder, context, v, t, sig.return_type) for v, t in zip(args, sig.args, strict=True)]
        integer = _like(values[0].type, _I64)
        whole = [builder.bitcast(v, integer) for v in values]
        return emit_bits(builder, lambda value: _constant(integer, value), values[0].type, *whole)

    if count == 1:
        return lambda typing, x: (_widest(x)(x), emit)
    return lambda typing, x, y: (_widest(x, y)(x, y), emit)


#: Bit pattern of sqrt(1/2), truncated: significands are taken from [sqrt(1/2), sqrt(2)).
_SQRT_HALF = 0x3FE6A09E667F3BCD
_FRACTION = 0x000FFFFFFFFFFFFF
_TWO_52 = 0x4330000000000000


def _emit_exponent(b: Any, const: Any, real: Any, x: Any) -> Any:
    biased = b.lshr(b.add(x, const(0x3FF0000000000000 - _SQRT_HALF)), const(52))
    return b.fsub(b.bitcast(b.or_(biased, const(_TWO_52)), real), _constant(real, float(2**52 + 1023)))


def _emit_significand(b: Any, const: Any, real: Any, x: Any) -> Any:
    shifted = b.add(x, const(0x3FF0000000000000 - _SQRT_HALF))
    return b.bitcast(b.add(b.and_(shifted, const(_FRACTION)), const(_SQRT_HALF)), real)


def _emit_power_of_two(b: Any, const: Any, real: Any, k: Any) -> Any:
    biased = b.bitcast(b.fadd(b.bitcast(k, real), _constant(real, float(2**52 + 1023))), k.type)
    return b.bitcast(b.shl(biased, const(52)), real)


def _emit_upper(b: Any, const: Any, real: Any, x: Any) -> Any:
    return b.bitcast(b.and_(x, const(-(1 << 27))), real)


def _emit_copysign(b: Any, const: Any, real: Any, x: Any, sign: Any) -> Any:
    return b.bitcast(b.or_(b.and_(x, const(2**63 - 1)), b.and_(sign, const(-(2**63)))), real)


def _emit_magnitude(b: Any, const: Any, real: Any, x: Any) -> Any:
    return b.bitcast(b.and_(x, const(2**63 - 1)), real)


#: exponent(x) and significand(x): x = significand * 2**exponent for positive normal x.
exponent = primitive(_bits(_emit_exponent, 1))
significand = primitive(_bits(_emit_significand, 1))
#: power_of_two(k): 2**k for an integral k in [-1022, 1023].
power_of_two = primitive(_bits(_emit_power_of_two, 1))
#: upper(x): x with its lower 27 bits cleared, so that products of two such numbers are exact.
upper = primitive(_bits(_emit_upper, 1))
#: magnitude(x): x without its sign.
magnitude = primitive(_bits(_emit_magnitude, 1))
#: with_sign(x, sign): magnitude of x, sign of sign.
with_sign = primitive(_bits(_emit_copysign, 2))
