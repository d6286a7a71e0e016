"""The machine that executes PTX: each instruction means what NVIDIA's ISA says."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ptx_machine import Machine
from ptx_snippets import kernel
from ptx_text import PtxError, number, parse


def bits(value: float, kind: str) -> int:
    """The 64-bit word that holds ``value`` as ``kind``."""
    if kind.startswith("f"):
        return int(np.array(value, kind).view({"f32": "u4", "f64": "u8"}[{"f4": "f32", "f8": "f64"}[kind]]))
    return int(value) % 2 ** (8 * int(kind[1:]))


PTX_KIND = {"f4": "f32", "f8": "f64", "i1": "s8", "u1": "u8", "i2": "s16", "u2": "u16", "i4": "s32", "u4": "u32",
            "i8": "s64", "u8": "u64"}  # fmt: skip


def evaluate(code: str, kinds: str, rows: list[tuple]) -> np.ndarray:
    """Run ``code``, which makes %d of %a, %b ..., once for each row; kinds are NumPy's, that of %d first."""
    result, *given_kinds = kinds.split()
    words = np.array([[bits(v, k) for v, k in zip(row, given_kinds)] for row in rows], dtype=np.uint64)
    names = "abcd"[: len(given_kinds)]
    declared = "".join(
        f".reg .b{max(16, 8 * int(kind[1:]))} %{name};\n"
        if kind[0] != "f"
        else f".reg .{PTX_KIND[kind]} %{name};\n"
        for name, kind in zip(["d_", *names], [result, *given_kinds])
    ).replace("%d_", "%z")
    loads = "".join(
        f"ld.global.{PTX_KIND[kind]} %{name}, [%rd2+{8 * i}];\n"
        for i, (name, kind) in enumerate(zip(names, given_kinds))
    )
    body = (
        f"{declared}mul.wide.u32 %rd2, %r0, {8 * len(names)};\nadd.s64 %rd2, %rd2, %rd0;\n{loads}{code}\n"
        f"add.s64 %rd3, %rd1, %rd9;\nst.global.{PTX_KIND[result]} [%rd3], %z;"
    )
    out = np.zeros(len(rows), dtype=np.uint64)
    Machine(kernel(body)).launch(1, len(rows), [words.reshape(-1), out])
    return np.ascontiguousarray(out.view(np.dtype(result)).reshape(len(rows), -1)[:, 0])


INF, NAN = math.inf, math.nan
SIGNED_MIN = -(2**31)


@pytest.mark.parametrize(
    ("code", "kinds", "cases"),  # each case: what is given, and at last what comes of it
    [
        ("add.rn.f64 %z, %a, %b;", "f8 f8 f8", [(1.0, 2.0**-53, 1.0), (1.0, 3 * 2.0**-54, 1.0 + 2.0**-52)]),
        ("mul.rn.f64 %z, %a, %b;", "f8 f8 f8", [(5e-324, 1.0, 5e-324), (2.0**-1000, 2.0**-60, 2.0**-1060)]),
        ("div.rn.f64 %z, %a, %b;", "f8 f8 f8", [(1.0, 3.0, 1 / 3), (1.0, -0.0, -INF), (-1.0, INF, -0.0)]),
        ("sqrt.rn.f64 %z, %a;", "f8 f8", [(2.0, math.sqrt(2)), (-0.0, -0.0), (-1.0, NAN)]),
        ("rcp.rn.f64 %z, %a;", "f8 f8", [(3.0, 1 / 3), (-0.0, -INF)]),
        ("add.rn.f32 %z, %a, %b;", "f4 f4 f4", [(1.0, 2.0**-24, 1.0), (2.0**-149, 0.0, 2.0**-149)]),
        ("max.f64 %z, %a, %b;", "f8 f8 f8",
         [(NAN, 1.0, 1.0), (1.0, NAN, 1.0), (-0.0, 0.0, 0.0), (0.0, -0.0, 0.0), (-0.0, -0.0, -0.0),
          (NAN, NAN, NAN), (-INF, -3.0, -3.0)]),
        ("min.f64 %z, %a, %b;", "f8 f8 f8",
         [(NAN, 1.0, 1.0), (1.0, NAN, 1.0), (-0.0, 0.0, -0.0), (0.0, -0.0, -0.0), (0.0, 0.0, 0.0), (2.0, -3.0, -3.0)]),
        ("neg.f64 %z, %a;", "f8 f8", [(0.0, -0.0), (1.5, -1.5)]),
        ("abs.f64 %z, %a;", "f8 f8", [(-0.0, 0.0), (-1.5, 1.5), (-INF, INF)]),
        ("copysign.f64 %z, %a, %b;", "f8 f8 f8", [(-1.0, 7.0, -7.0), (1.0, -7.0, 7.0), (-0.0, INF, -INF)]),
        ("mul.hi.s32 %z, %a, %b;", "i4 i4 i4", [(-1, 1, -1), (2**30, 8, 2)]),
        ("mul.wide.s32 %z, %a, %b;", "i8 i4 i4", [(-5, 2**30, -5 * 2**30)]),
        ("mul.wide.u32 %z, %a, %b;", "i8 u4 u4", [(2**32 - 1, 2, 2**33 - 2)]),
        ("mad.lo.s32 %z, %a, %b, %c;", "i4 i4 i4 i4", [(3, -4, 5, -7)]),
        ("div.s32 %z, %a, %b;", "i4 i4 i4", [(-7, 2, -3), (7, -2, -3), (SIGNED_MIN, -1, SIGNED_MIN)]),
        ("rem.s32 %z, %a, %b;", "i4 i4 i4", [(-7, 2, -1), (7, -2, 1), (SIGNED_MIN, -1, 0)]),
        ("div.u64 %z, %a, %b;", "u8 u8 u8", [(2**64 - 1, 2, 2**63 - 1)]),
        ("min.s64 %z, %a, %b;", "i8 i8 i8", [(-1, 1, -1)]),
        ("min.u64 %z, %a, %b;", "u8 u8 u8", [(2**64 - 1, 1, 1)]),
        ("shl.b32 %z, %a, %b;", "u4 u4 u4", [(1, 31, 2**31), (1, 32, 0), (1, 2**32 - 1, 0)]),
        ("shr.u64 %z, %a, %b;", "u8 u8 u4", [(2**63, 63, 1), (2**63, 64, 0), (2**63, 300, 0)]),
        ("shr.s64 %z, %a, %b;", "i8 i8 u4", [(-8, 1, -4), (-8, 64, -1), (8, 99, 0)]),
        ("shr.s16 %z, %a, %b;", "i2 i2 u4", [(-8, 1, -4), (-8, 2**16, -1)]),
        ("popc.b64 %z, %a;", "u4 u8", [(2**64 - 1, 64), (5, 2)]),
        ("clz.b32 %z, %a;", "u4 u4", [(0, 32), (1, 31)]),
        ("brev.b32 %z, %a;", "u4 u4", [(1, 2**31), (6, 6 << 28)]),
        ("prmt.b32 %z, %a, %b, 0x7604;", "u4 u4 u4", [(0x33221100, 0x77665544, 0x77660044)]),
        ("prmt.b32 %z, %a, %b, 0x9810;", "u4 u4 u4", [(0x00008033, 0, 0xFF008033)]),
        ("not.b32 %z, %a;", "u4 u4", [(0, 2**32 - 1)]),
        ("cvt.rni.s32.f64 %z, %a;", "i4 f8", [(2.5, 2), (3.5, 4), (-2.5, -2),
                                             (1e300, 2**31 - 1), (-INF, SIGNED_MIN), (NAN, SIGNED_MIN)]),
        ("cvt.rzi.u32.f64 %z, %a;", "u4 f8", [(-3.0, 0), (7.9, 7), (1e10, 2**32 - 1), (NAN, 2**31)]),
        ("cvt.rzi.s32.f32 %z, %a;", "i4 f4", [(-3.9, -3), (NAN, 0), (INF, 2**31 - 1)]),
        ("cvt.rzi.s64.f32 %z, %a;", "i8 f4", [(NAN, -(2**63)), (-1e30, -(2**63))]),
        ("cvt.rmi.s64.f64 %z, %a;", "i8 f8", [(-0.5, -1), (2.9, 2)]),
        ("cvt.rpi.s64.f64 %z, %a;", "i8 f8", [(-0.5, 0), (2.1, 3)]),
        ("cvt.rmi.f64.f64 %z, %a;", "f8 f8", [(-0.5, -1.0), (-0.0, -0.0), (2.5, 2.0)]),
        ("cvt.rni.f64.f64 %z, %a;", "f8 f8", [(2.5, 2.0), (-0.5, -0.0)]),
        ("cvt.rn.f32.f64 %z, %a;", "f4 f8", [(1 + 2.0**-24, 1.0), (1e300, INF), (2.0**-149, 2.0**-149)]),
        ("cvt.f64.f32 %z, %a;", "f8 f4", [(2.0**-149, 2.0**-149)]),
        ("cvt.rn.f64.s64 %z, %a;", "f8 i8", [(2**53 + 1, 2.0**53), (2**53 + 3, 2.0**53 + 4)]),
        ("cvt.rn.f64.u32 %z, %a;", "f8 u4", [(2**32 - 1, 2.0**32 - 1)]),
        ("cvt.s64.s8 %z, %a;", "i8 u8", [(0x1FF, -1), (0x7F, 127)]),
        ("cvt.u64.u16 %z, %a;", "u8 u2", [(0xFFFF, 0xFFFF)]),
        ("cvt.u32.u64 %z, %a;", "u4 u8", [(2**32 + 5, 5)]),
        ("cvt.sat.u8.s32 %z, %a;", "u2 i4", [(-5, 0), (300, 255), (7, 7)]),
        ("mov.b64 {%r1, %r2}, %a;\nmov.b64 %z, {%r2, %r1};", "u8 u8", [(0x1122334455667788, 0x5566778811223344)]),
    ],
)  # fmt: skip
def test_an_instruction_gives_what_the_isa_says(code: str, kinds: str, cases: list[tuple]) -> None:
    found = evaluate(code, kinds, [given[:-1] for given in cases])
    expected = np.array([given[-1] for given in cases], dtype=found.dtype)
    np.testing.assert_array_equal(found, expected)
    if found.dtype.kind == "f":
        known = ~np.isnan(expected)
        np.testing.assert_array_equal(np.signbit(found)[known], np.signbit(expected)[known])


COMPARED = [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0), (NAN, 1.0), (1.0, NAN), (NAN, NAN), (-0.0, 0.0)]


@pytest.mark.parametrize(
    ("test", "truths"),
    [("eq", "0010001"), ("ne", "1100000"), ("lt", "1000000"), ("le", "1010001"), ("gt", "0100000"), ("ge", "0110001"),
     ("equ", "0011111"), ("neu", "1101110"), ("ltu", "1001110"), ("leu", "1011111"), ("gtu", "0101110"),
     ("geu", "0111111"), ("num", "1110001"), ("nan", "0001110")],
)  # fmt: skip
def test_comparisons_know_what_nan_is(test: str, truths: str) -> None:
    code = f"setp.{test}.f64 %p1|%p2, %a, %b;\nselp.u32 %z, 1, 0, %p1;\n@%p2 add.u32 %z, %z, 10;"
    found = evaluate(code, "u4 f8 f8", COMPARED)
    assert found.tolist() == [1 if truth == "1" else 10 for truth in truths]


def test_a_comparison_is_joined_with_a_predicate() -> None:
    code = (
        "setp.ne.s32 %p3, %c, 0;\nsetp.lt.and.s32 %p1|%p2, %a, %b, !%p3;\n"
        "selp.u32 %z, 1, 0, %p1;\nselp.u32 %r1, 2, 0, %p2;\nor.b32 %z, %z, %r1;"
    )
    assert evaluate(code, "u4 i4 i4 i4", [(1, 2, 0), (1, 2, 1), (2, 1, 0), (2, 1, 1)]).tolist() == [
        1,
        0,
        2,
        0,
    ]
    signs = (
        "setp.lt.s32 %p1, %a, %b;\nsetp.lo.u32 %p2, %a, %b;\nselp.u32 %z, 1, 0, %p1;\n@%p2 add.u32 %z, %z, 2;"
    )
    assert evaluate(signs, "u4 i4 i4", [(-1, 1), (1, -1), (1, 2)]).tolist() == [1, 2, 3]


WORDS, BYTES = st.integers(0, 2**64 - 1), st.one_of(st.integers(0, 70), st.integers(0, 2**32 - 1))


@settings(max_examples=30)
@given(st.lists(st.tuples(WORDS, WORDS, BYTES, BYTES), min_size=1, max_size=30), st.sampled_from([32, 64]))
def test_fields_are_inserted_bit_by_bit(rows: list[tuple], width: int) -> None:
    def inserted(a: int, b: int, position: int, length: int) -> int:
        position, length = position & 0xFF, length & 0xFF
        for i in range(width):
            if i < length and position + i < width:
                b = b & ~(1 << (position + i)) | (a >> i & 1) << (position + i)
        return b

    n = width // 8
    rows = [(a % 2**width, b % 2**width, c, d) for a, b, c, d in rows]
    found = evaluate(f"bfi.b{width} %z, %a, %b, %c, %d;", f"u{n} u{n} u{n} u4 u4", rows)
    assert found.tolist() == [inserted(*row) for row in rows]


@settings(max_examples=30)
@given(
    st.lists(st.tuples(WORDS, BYTES, BYTES), min_size=1, max_size=30),
    st.sampled_from([32, 64]),
    st.booleans(),
)
def test_fields_are_extracted_bit_by_bit(rows: list[tuple], width: int, signed: bool) -> None:
    def extracted(a: int, position: int, length: int) -> int:
        position, length, top = position & 0xFF, length & 0xFF, width - 1
        sign = a >> min(position + length - 1, top) & 1 if signed and length else 0
        return sum(
            (a >> (position + i) & 1 if i < length and position + i <= top else sign) << i
            for i in range(width)
        )

    n = width // 8
    rows = [(a % 2**width, b, c) for a, b, c in rows]
    kind = f"{'s' if signed else 'u'}{width}"
    assert evaluate(f"bfe.{kind} %z, %a, %b, %c;", f"u{n} u{n} u4 u4", rows).tolist() == [
        extracted(*row) for row in rows
    ]


def test_literals_are_read_as_the_language_writes_them() -> None:
    texts = ["0d3FF0000000000000", "0f3F800000", "0x1F", "-8", "017", "0b101", "5U", "%r1", "abc", "08"]
    assert [number(text) for text in texts] == [0x3FF << 52, 0x3F800000, 31, -8, 15, 5, 5, None, None, None]


def test_products_and_sums_that_may_be_contracted_are_counted() -> None:
    one = kernel(
        "fma.rn.f64 %fd1, %fd2, %fd3, %fd4;\nmul.f64 %fd1, %fd1, %fd2;\nadd.rn.f64 %fd1, %fd1, %fd1;"
    )
    assert Machine(one).contractions == 2


@pytest.mark.parametrize(
    "code", ["sqrt.approx.f64 %fd1, %fd1;", "add.rn.ftz.f32 %r1, %r1, %r1;", "add.rz.f64 %fd1, %fd1, %fd1;",
             "cvt.rn.s32.f64 %r1, %fd1;", "cvt.f32.f64 %r1, %fd1;", "activemask.b32 %r1;", "call foo;"],
)  # fmt: skip
def test_an_unknown_instruction_is_named_with_its_line(code: str) -> None:
    text = kernel("mov.f64 %fd1, 0d0000000000000000;\n" + code)
    line = text.split("\n").index(code) + 1
    with pytest.raises(PtxError, match=rf"line {line}: .*{code.split()[0]}"):
        Machine(text)


def test_registers_of_an_inner_block_are_its_own() -> None:
    code = "mov.u32 %r1, %a;\n{\n.reg .b32 %r1;\nmov.u32 %r1, 77;\n}\nadd.u32 %z, %r1, 1;"
    assert evaluate(code, "u4 u4", [(4,)]).tolist() == [5]


def test_a_type_that_does_not_fit_its_register_is_refused() -> None:
    with pytest.raises(PtxError, match="used as"):
        Machine(kernel("mov.u32 %r1, 1;\nadd.s64 %rd2, %r1, %r1;"))
    assert parse(kernel("")).name == "k"
