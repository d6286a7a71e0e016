"""What the instructions of PTX that move and compute values mean, as LLVM IR without any relaxation.

Reference: NVIDIA, Parallel Thread Execution ISA, chapter 9.7 (instructions). Rounding is to nearest even, subnormal
numbers are kept; instructions that flush, approximate or round otherwise are not in the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

from llvmlite import ir
from ptx_text import Instruction, PtxError, width

BIT, I32, I64 = ir.IntType(1), ir.IntType(32), ir.IntType(64)
_FLOATS = {"f32": ir.FloatType(), "f64": ir.DoubleType()}


class Operands(Protocol):
    """How an instruction reaches its operands, and where its code goes."""

    builder: Any
    contractions: int

    def read(self, operand: str, kind: str) -> Any: ...
    def write(self, operand: str, value: Any, kind: str) -> None: ...


Emit = Callable[..., None]
RULES: list[tuple[re.Pattern[str], Emit]] = []


def rule(pattern: str) -> Callable[[Emit], Emit]:
    """Enter a function as the meaning of all opcodes that match; it gets the pattern's groups."""

    def enter(function: Emit) -> Emit:
        RULES.append((re.compile(pattern), function))
        return function

    return enter


def llvm_type(kind: str) -> Any:
    """Return the LLVM type of a PTX type."""
    return _FLOATS.get(kind) or ir.IntType(width(kind))


def intrinsic(builder: Any, name: str, result: Any, *arguments: Any) -> Any:
    """Call an LLVM intrinsic."""
    kind = ir.FunctionType(result, [a.type for a in arguments])
    function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    return builder.call(function, arguments)


def _suffixed(builder: Any, name: str, *arguments: Any) -> Any:
    value = arguments[0].type
    suffix = (
        f"i{value.width}" if isinstance(value, ir.IntType) else "f64" if value == _FLOATS["f64"] else "f32"
    )
    return intrinsic(builder, f"llvm.{name}.{suffix}", value, *arguments)


def _is_signed(kind: str) -> bool:
    return kind.startswith("s")


# --- floating point ------------------------------------------------------------------------------------------


@rule(r"(add|sub|mul)(\.rn)?\.(f32|f64)|(div)(\.rn)\.(f32|f64)")
def _float(m: Operands, at: Instruction, *groups: str) -> None:
    name, rounding, kind = (group for group in (groups[:3] if groups[0] else groups[3:]))
    m.contractions += rounding is None
    a, b = (m.read(operand, kind) for operand in at.operands[1:])
    m.write(at.operands[0], getattr(m.builder, f"f{name}")(a, b), kind)


@rule(r"fma\.rn\.(f32|f64)")
def _fma(m: Operands, at: Instruction, kind: str) -> None:
    m.contractions += 1
    m.write(at.operands[0], _suffixed(m.builder, "fma", *(m.read(o, kind) for o in at.operands[1:])), kind)


@rule(r"(sqrt|rcp)\.rn\.(f32|f64)")
def _root(m: Operands, at: Instruction, name: str, kind: str) -> None:
    a = m.read(at.operands[1], kind)
    value = _suffixed(m.builder, "sqrt", a) if name == "sqrt" else m.builder.fdiv(a.type(1.0), a)
    m.write(at.operands[0], value, kind)


@rule(r"(neg|abs|copysign)\.(f32|f64)")
def _sign(m: Operands, at: Instruction, name: str, kind: str) -> None:
    a = m.read(at.operands[1], kind)
    if name == "copysign":  # the sign of the first, the magnitude of the second
        value = _suffixed(m.builder, "copysign", m.read(at.operands[2], kind), a)
    else:
        value = m.builder.fneg(a) if name == "neg" else _suffixed(m.builder, "fabs", a)
    m.write(at.operands[0], value, kind)


@rule(r"(min|max)\.(f32|f64)")
def _extreme(m: Operands, at: Instruction, name: str, kind: str) -> None:
    """A number wins over NaN, and +0 counts as larger than -0."""
    b, bits = m.builder, f"b{width(kind)}"
    x, y = (m.read(operand, kind) for operand in at.operands[1:])
    xi, yi = (m.read(operand, bits) for operand in at.operands[1:])
    zeros = b.bitcast(b.and_(xi, yi) if name == "max" else b.or_(xi, yi), x.type)
    chosen = b.select(b.fcmp_ordered(">" if name == "max" else "<", x, y), x, y)
    chosen = b.select(b.fcmp_ordered("==", x, y), zeros, chosen)
    chosen = b.select(b.fcmp_unordered("uno", y, y), x, chosen)
    m.write(at.operands[0], b.select(b.fcmp_unordered("uno", x, x), y, chosen), kind)


# --- integers ------------------------------------------------------------------------------------------------


@rule(r"(add|sub)\.([us](?:16|32|64))|(and|or|xor)\.(b16|b32|b64|pred)")
def _integer(m: Operands, at: Instruction, *groups: str) -> None:
    name, kind = (group for group in groups if group)
    a, b = (m.read(operand, kind) for operand in at.operands[1:])
    m.write(at.operands[0], getattr(m.builder, name + "_" * (name in ("and", "or")))(a, b), kind)


@rule(r"(mul|mad)\.(lo|hi|wide)\.([us])(16|32|64)")
def _product(m: Operands, at: Instruction, name: str, part: str, sign: str, bits: str) -> None:
    build, kind, double = m.builder, sign + bits, ir.IntType(2 * int(bits))
    extend = build.sext if sign == "s" else build.zext
    a, b = (extend(m.read(operand, kind), double) for operand in at.operands[1:3])
    value, result = build.mul(a, b), f"{sign}{2 * int(bits)}" if part == "wide" else kind
    if part == "hi":
        value = build.lshr(value, double(int(bits)))
    if part != "wide":
        value = build.trunc(value, ir.IntType(int(bits)))
    if name == "mad":
        value = build.add(value, m.read(at.operands[3], result))
    m.write(at.operands[0], value, result)


@rule(r"(div|rem)\.([us](?:16|32|64))")
def _quotient(m: Operands, at: Instruction, name: str, kind: str) -> None:
    """Division by zero has no specified value; here it is all ones, and never a trap of the processor."""
    build, signed = m.builder, _is_signed(kind)
    a, b = (m.read(operand, kind) for operand in at.operands[1:])
    zero, ones = build.icmp_signed("==", b, b.type(0)), a.type(-1)
    safe = build.select(zero, b.type(1), b)
    if signed:  # the most negative number by -1 wraps
        minus = build.icmp_signed("==", safe, ones)
        safe = build.select(minus, b.type(1), safe)
    divide = getattr(build, ("s" if signed else "u") + name)
    value = divide(a, safe)
    if signed:
        value = build.select(minus, build.neg(a) if name == "div" else a.type(0), value)
    m.write(at.operands[0], build.select(zero, ones, value), kind)


@rule(r"(min|max)\.([us](?:16|32|64))")
def _bound(m: Operands, at: Instruction, name: str, kind: str) -> None:
    a, b = (m.read(operand, kind) for operand in at.operands[1:])
    m.write(at.operands[0], _suffixed(m.builder, ("s" if _is_signed(kind) else "u") + name, a, b), kind)


@rule(r"(neg|abs)\.(s16|s32|s64)|(not)\.(b16|b32|b64|pred)")
def _one(m: Operands, at: Instruction, *groups: str) -> None:
    name, kind = (group for group in groups if group)
    a, build = m.read(at.operands[1], kind), m.builder
    if name == "abs":
        value = build.select(build.icmp_signed("<", a, a.type(0)), build.neg(a), a)
    else:
        value = build.neg(a) if name == "neg" else build.not_(a)
    m.write(at.operands[0], value, kind)


@rule(r"(popc|clz|brev)\.(b32|b64)")
def _count(m: Operands, at: Instruction, name: str, kind: str) -> None:
    a, build = m.read(at.operands[1], kind), m.builder
    if name == "brev":
        return m.write(at.operands[0], _suffixed(build, "bitreverse", a), kind)
    value = _suffixed(build, "ctpop", a) if name == "popc" else _suffixed(build, "ctlz", a, BIT(0))
    return m.write(at.operands[0], value if value.type == I32 else build.trunc(value, I32), "u32")


@rule(r"sh([lr])\.([bus](?:16|32|64))")
def _shift(m: Operands, at: Instruction, way: str, kind: str) -> None:
    """Shift; a distance beyond the width counts as the width."""
    build, bits, signed = m.builder, width(kind), _is_signed(kind)
    a, distance = m.read(at.operands[1], kind), m.read(at.operands[2], "u32")
    far = build.icmp_unsigned(">=", distance, I32(bits))
    distance = build.select(far, I32(bits - 1 if signed else 0), distance)
    by = distance if bits == 32 else (build.trunc if bits < 32 else build.zext)(distance, a.type)
    value = build.shl(a, by) if way == "l" else (build.ashr if signed else build.lshr)(a, by)
    m.write(at.operands[0], value if signed else build.select(far, a.type(0), value), kind)


def _low_bits(build: Any, count: Any, kind: Any) -> Any:
    """Return a mask of the lowest ``count`` bits; all, if there are not so many."""
    full = build.icmp_unsigned(">=", count, kind(kind.width))
    one = build.shl(kind(1), build.select(full, kind(0), count))
    return build.select(full, kind(-1), build.sub(one, kind(1)))


def _position(m: Operands, operand: str, kind: Any) -> Any:
    byte = m.builder.and_(m.read(operand, "u32"), I32(255))
    return byte if kind == I32 else m.builder.zext(byte, kind)


@rule(r"bfi\.(b32|b64)")
def _insert(m: Operands, at: Instruction, kind: str) -> None:
    build = m.builder
    a, b = (m.read(operand, kind) for operand in at.operands[1:3])
    position, count = (_position(m, operand, a.type) for operand in at.operands[3:])
    outside = build.icmp_unsigned(">=", position, a.type(a.type.width))
    by = build.select(outside, a.type(0), position)
    mask = build.select(outside, a.type(0), build.shl(_low_bits(build, count, a.type), by))
    value = build.or_(build.and_(build.shl(a, by), mask), build.and_(b, build.not_(mask)))
    m.write(at.operands[0], value, kind)


@rule(r"bfe\.([us](?:32|64))")
def _extract(m: Operands, at: Instruction, kind: str) -> None:
    """Extract a field; beyond the top, and above the field of a signed number, is the field's highest bit."""
    build, a = m.builder, m.read(at.operands[1], kind)
    top, zero = a.type(a.type.width - 1), a.type(0)
    position, count = (_position(m, operand, a.type) for operand in at.operands[2:])
    field = _low_bits(build, count, a.type)
    inside = build.icmp_unsigned("<=", position, top)
    moved = build.select(inside, build.lshr(a, build.select(inside, position, zero)), zero)
    if not _is_signed(kind):
        return m.write(at.operands[0], build.and_(moved, field), kind)
    last = build.sub(build.add(position, count), a.type(1))
    last = build.select(build.icmp_unsigned("<", last, top), last, top)
    sign = build.and_(
        build.lshr(a, last), build.select(build.icmp_signed("==", count, zero), zero, a.type(1))
    )
    fill = build.neg(sign)
    room = _low_bits(build, build.sub(a.type(a.type.width), build.select(inside, position, top)), a.type)
    room = build.select(inside, room, zero)
    own = build.and_(field, room)
    value = build.or_(build.and_(moved, own), build.and_(fill, build.not_(own)))
    return m.write(at.operands[0], value, kind)


@rule(r"prmt\.b32")
def _permute(m: Operands, at: Instruction) -> None:
    build = m.builder
    a, b, chosen = (m.read(operand, "u32") for operand in at.operands[1:])
    pool = build.or_(build.shl(build.zext(b, I64), I64(32)), build.zext(a, I64))
    value = I32(0)
    for i in range(4):
        which = build.zext(build.and_(build.lshr(chosen, I32(4 * i)), I32(15)), I64)
        byte = build.trunc(build.lshr(pool, build.shl(build.and_(which, I64(7)), I64(3))), ir.IntType(8))
        signs = build.icmp_unsigned(">", which, I64(7))
        byte = build.select(signs, build.ashr(byte, byte.type(7)), byte)
        value = build.or_(value, build.shl(build.zext(byte, I32), I32(8 * i)))
    m.write(at.operands[0], value, "u32")


# --- predicates and moves ------------------------------------------------------------------------------------

_ORDER = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
          "lo": "<", "ls": "<=", "hi": ">", "hs": ">="}  # fmt: skip


def _compare(build: Any, test: str, kind: str, a: Any, b: Any) -> Any:
    if kind.startswith("f"):
        if test in ("num", "nan"):
            return build.fcmp_ordered("ord", a, b) if test == "num" else build.fcmp_unordered("uno", a, b)
        if test.endswith("u"):
            return build.fcmp_unordered(_ORDER[test[:2]], a, b)
        return build.fcmp_ordered(_ORDER[test], a, b)
    return (build.icmp_signed if _is_signed(kind) else build.icmp_unsigned)(_ORDER[test], a, b)


@rule(
    r"setp\.(?:(eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan)(\.and|\.or|\.xor)?\.(f32|f64)"
    r"|(eq|ne)(\.and|\.or|\.xor)?\.(b16|b32|b64)|(eq|ne|lt|le|gt|ge)(\.and|\.or|\.xor)?\.([su](?:16|32|64))"
    r"|(lo|ls|hi|hs)(\.and|\.or|\.xor)?\.(u16|u32|u64))"
)
def _set_predicate(m: Operands, at: Instruction, *groups: str) -> None:
    form = next(i for i in range(0, len(groups), 3) if groups[i])
    test, combine, kind = groups[form : form + 3]
    a, b = (m.read(operand, kind) for operand in at.operands[1:3])
    truth = _compare(m.builder, test, kind, a, b)
    both = (truth, m.builder.not_(truth))
    if combine:
        other = m.read(at.operands[3], "pred")
        joined = getattr(m.builder, {".and": "and_", ".or": "or_", ".xor": "xor"}[combine])
        both = (joined(both[0], other), joined(both[1], other))
    for predicate, value in zip(at.operands[0].split("|"), both):
        m.write(predicate, value, "pred")


@rule(r"selp\.([busf](?:16|32|64))")
def _select(m: Operands, at: Instruction, kind: str) -> None:
    a, b = (m.read(operand, kind) for operand in at.operands[1:3])
    m.write(at.operands[0], m.builder.select(m.read(at.operands[3], "pred"), a, b), kind)


@rule(r"mov\.(pred|[busf](?:16|32|64))")
def _move(m: Operands, at: Instruction, kind: str) -> None:
    to, source = at.operands
    parts = re.findall(r"[^{},\s]+", source if "{" in source else to)
    if "{" not in to + source:
        return m.write(to, m.read(source, kind), kind)
    each, build = f"b{width(kind) // len(parts)}", m.builder
    whole = f"b{width(kind)}"
    if "{" in to:
        value = m.read(source, whole)
        for i, part in enumerate(parts):
            moved = build.lshr(value, value.type(i * width(each)))
            m.write(part, build.trunc(moved, llvm_type(each)), each)
        return None
    value = llvm_type(whole)(0)
    for i, part in enumerate(parts):
        piece = build.zext(m.read(part, each), value.type)
        value = build.or_(value, build.shl(piece, value.type(i * width(each))))
    return m.write(to, value, whole)


# --- conversions ---------------------------------------------------------------------------------------------

_WHOLE = {"rni": "rint", "rzi": "trunc", "rmi": "floor", "rpi": "ceil"}


@rule(r"cvt(?:\.(rn|rni|rzi|rmi|rpi))?(\.sat)?\.([usf]\d+)\.([usf]\d+)")
def _convert(
    m: Operands, at: Instruction, rounding: str | None, sat: str | None, to: str, source: str
) -> None:
    a, build = m.read(at.operands[1], source), m.builder
    floats = (to[0] == "f", source[0] == "f")
    if "16" in (to[1:] * floats[0], source[1:] * floats[1]) or (sat and any(floats)):
        raise PtxError(f"line {at.line}: unknown instruction {at.opcode}")
    if floats[1] and rounding in _WHOLE:
        a = _suffixed(build, _WHOLE[rounding], a)
    narrower = floats == (True, True) and width(to) < width(source)
    needed = "rn" if narrower or floats == (True, False) else None
    if (rounding if rounding not in _WHOLE else None) != needed or (floats == (False, True) and not rounding):
        raise PtxError(f"line {at.line}: rounding of {at.opcode}")
    if all(floats):
        value = a if to == source else (build.fptrunc if narrower else build.fpext)(a, llvm_type(to))
    elif floats[0]:
        value = (build.sitofp if _is_signed(source) else build.uitofp)(a, llvm_type(to))
    elif floats[1]:
        value = _to_integer(build, a, source, to)
    else:
        value = _resize(build, _clamp(build, a, source, to) if sat else a, source, to)
    m.write(at.operands[0], value, to)


def _to_integer(build: Any, a: Any, source: str, to: str) -> Any:
    """Beyond the range is the nearest integer of the range; NaN is the top bit alone, or 0."""
    target = llvm_type(to)
    name = f"llvm.fpto{'s' if _is_signed(to) else 'u'}i.sat.i{target.width}.{source}"
    value = intrinsic(build, name, target, a)
    unknown = target(-(1 << (target.width - 1))) if source == "f64" or target.width == 64 else target(0)
    return build.select(build.fcmp_unordered("uno", a, a), unknown, value)


def _resize(build: Any, a: Any, source: str, to: str) -> Any:
    if width(to) <= width(source):
        return a if width(to) == width(source) else build.trunc(a, llvm_type(to))
    return (build.sext if _is_signed(source) else build.zext)(a, llvm_type(to))


def _clamp(build: Any, a: Any, source: str, to: str) -> Any:
    """Bring ``a`` into the range of ``to``; what an unsigned number cannot exceed is not asked."""
    bits, before = width(to), width(source)
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if _is_signed(to) else (0, (1 << bits) - 1)
    least, most = (
        (-(1 << (before - 1)), (1 << (before - 1)) - 1) if _is_signed(source) else (0, (1 << before) - 1)
    )
    name = "s" if _is_signed(source) else "u"
    if low > least:
        a = _suffixed(build, f"{name}max", a, a.type(low))
    return _suffixed(build, f"{name}min", a, a.type(high)) if high < most else a
