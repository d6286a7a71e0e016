"""PTX text as data: variables of the module, and the kernel's parameters, registers and instructions.

Reference: NVIDIA, Parallel Thread Execution ISA, chapters 4 (syntax) and 5 (state spaces, types and variables).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

NAME = r"[A-Za-z_$%][\w$]*"
_WIDTH = {f"{kind}{bits}": bits for kind in "busf" for bits in (8, 16, 32, 64)} | {"pred": 1}
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_VARIABLE = re.compile(
    rf"\.(const|shared|global|local|param)\s+(?:\.align\s+(\d+)\s+)?\.(\w+)\s+({NAME})\s*(?:\[(\d+)\])?"
    r"\s*(?:=\s*(.*))?$",
    re.DOTALL,
)
_REGISTERS = re.compile(rf"\.reg\s+\.(\w+)\s+({NAME})(?:<(\d+)>)?$")


class PtxError(Exception):
    """The text holds something that is not understood; the message names it and its line."""


def width(kind: str) -> int:
    """Return the number of bits of a fundamental type such as "f64"."""
    return _WIDTH[kind]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of fixed address; ``data`` is empty unless it has an initial value."""

    space: str
    kind: str
    name: str
    align: int
    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; ``guard`` is "", "%p1" or "!%p1". An opcode of ":" is a label."""

    line: int
    opcode: str
    operands: tuple[str, ...] = ()
    guard: str = ""


@dataclass(slots=True)
class Program:
    """A module with its one kernel."""

    name: str = ""
    variables: list[Variable] = field(default_factory=list)
    parameters: list[Variable] = field(default_factory=list)
    registers: dict[str, str] = field(default_factory=dict)
    body: list[Instruction] = field(default_factory=list)
    #: targets of a ``brx.idx``, by the label of their list
    targets: dict[str, tuple[str, ...]] = field(default_factory=dict)


def number(text: str) -> int | None:
    """Return the bits that a literal stands for; None if ``text`` is no literal.

    0d and 0f give the bits of a double and of a float; a negative integer stays negative.
    """
    if found := re.fullmatch(r"0[dD]([0-9A-Fa-f]{16})|0[fF]([0-9A-Fa-f]{8})", text):
        return int(found[1] or found[2], 16)
    if found := re.fullmatch(r"(-?)(0[xX][0-9A-Fa-f]+|0[bB][01]+|0[0-7]*|[1-9]\d*)U?", text):
        digits = re.sub(r"^0(?=[0-7])", "0o", found[2])
        return int(digits, 0) * (-1 if found[1] else 1)
    return None


def parse(text: str) -> Program:
    """Return the module in ``text``, which has exactly one kernel."""
    blank = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    program = Program()
    for line, statement in _module_statements(blank):
        _read_module_statement(program, line, statement)
    if not program.name:
        raise PtxError("no .entry in the text")
    return program


def _module_statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, statement): one-line directives, variables up to their ";", functions with their body."""
    at = 0
    while found := re.compile(r"\S").search(text, at):
        start = found.start()
        line = text.count("\n", 0, start) + 1
        if re.compile(r"\.(version|target|address_size|file)\b").match(text, start):
            at = text.find("\n", start) + 1 or len(text)
        elif re.compile(r"(\.(visible|weak|extern)\s+)*\.(entry|func)\b").match(text, start):
            body = text.find("{", start)
            at = text.find(";", start) + 1
            if body >= 0 and (at == 0 or body < at):
                at = _closing(text, body) + 1
        else:
            at = text.find(";", start) + 1
        if at <= start:
            raise PtxError(f"line {line}: statement without an end")
        yield line, text[start:at]


def _closing(text: str, opening: int) -> int:
    depth = 0
    for brace in re.compile(r"[{}]").finditer(text, opening):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    raise PtxError("a brace is never closed")


def _read_module_statement(program: Program, line: int, statement: str) -> None:
    if re.match(r"\.(version|target|address_size|file)\b", statement):
        return
    plain = re.sub(r"^(\.(visible|weak|common)\s+)+", "", statement)
    entry = re.match(rf"\.entry\s+({NAME})\s*(?:\(([^)]*)\))?[^{{]*\{{(.*)\}}$", plain, re.DOTALL)
    if entry:
        if program.name:
            raise PtxError(f"line {line}: a second kernel, {entry[1]}")
        program.name = entry[1]
        for part in filter(str.strip, (entry[2] or "").split(",")):
            program.parameters.append(_variable(line, part.strip()))
        first = line + statement[: statement.index("{")].count("\n")
        _Body(program).read(entry[3], first)
    elif plain.startswith((".entry", ".func", ".extern")):
        raise PtxError(f"line {line}: only one kernel without calls is understood: {plain[:60]!r}")
    else:
        program.variables.append(_variable(line, plain.rstrip("; \n\t")))


def _variable(line: int, text: str) -> Variable:
    found = _VARIABLE.match(text)
    if not found or found[3] not in _WIDTH:
        raise PtxError(f"line {line}: not a variable that is understood: {text[:60]!r}")
    space, align, kind, name, count, initial = found.groups()
    each = width(kind) // 8
    data = b"".join(
        _bytes(line, item.strip(), each) for item in (initial or "").strip("{} \n").split(",") if item
    )
    return Variable(space, kind, name, int(align or each), each * int(count or 1), data)


def _bytes(line: int, literal: str, size: int) -> bytes:
    bits = number(literal)
    if bits is None:
        raise PtxError(f"line {line}: initial value {literal!r}")
    return struct.pack("<Q", bits % 2**64)[:size]


class _Body:
    """Reads the statements of a kernel; registers of an inner block get names of their own."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.scopes: list[dict[str, str]] = [{}]
        self.blocks = 0

    def read(self, text: str, first_line: int) -> None:
        token = re.compile(rf"\s+|([{{}}])|({NAME})\s*:|([^;]*);")
        at, line = 0, first_line
        while at < len(text):
            found = token.match(text, at)
            if not found:
                raise PtxError(f"line {line}: statement without an end")
            if found[1] == "{":
                self.scopes.append({})
                self.blocks += 1
            elif found[1]:
                self.scopes.pop()
            elif found[2]:
                self.program.body.append(Instruction(line, ":", (found[2],)))
            elif found[3] is not None:
                self._statement(line, " ".join(found[3].split()))
            line += found[0].count("\n")
            at = found.end()

    def _statement(self, line: int, text: str) -> None:
        if text.startswith(".reg "):
            return self._declare(line, text)
        if text.startswith(".branchtargets"):
            label = self.program.body.pop().operands[0]
            self.program.targets[label] = tuple(re.findall(NAME, text.removeprefix(".branchtargets")))
            return None
        if re.match(r"\.(loc|pragma)\b", text):
            return None
        if text.startswith("."):
            self.program.variables.append(_variable(line, text))
            return None
        for inner in self.scopes[1:]:
            for name, own in inner.items():
                text = re.sub(rf"{re.escape(name)}(?![\w$])", own, text)
        found = re.match(r"(?:@(!?%[\w$]+)\s+)?([\w.:]+)\s*(.*)$", text)
        if not found:
            raise PtxError(f"line {line}: not an instruction: {text[:60]!r}")
        operands = re.findall(r"(?:\{[^}]*\}|\[[^\]]*\]|[^,{\[])+", found[3])
        self.program.body.append(
            Instruction(line, found[2], tuple(part.strip() for part in operands), found[1] or "")
        )
        return None

    def _declare(self, line: int, text: str) -> None:
        for part in text.removeprefix(".reg ").split(None, 1)[1].split(","):
            found = _REGISTERS.match(f".reg {text.split()[1]} {part.strip()}")
            if not found or found[1] not in _WIDTH:
                raise PtxError(f"line {line}: registers {text!r}")
            kind, name, count = found.groups()
            names = [f"{name}{i}" for i in range(int(count))] if count else [name]
            if len(self.scopes) > 1:
                own = {inner: f"{inner}@{self.blocks}" for inner in names}
                self.scopes[-1] |= own
                names = list(own.values())
            self.program.registers |= dict.fromkeys(names, kind)
