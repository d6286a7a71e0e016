"""A kernel of PTX as one LLVM function that runs a thread until it waits for others, and takes it up again later.

``i64 resume(record, at)`` runs the thread whose record is given from synchronisation ``at`` on (0: the beginning). It
returns the number of the next synchronisation, where the thread now waits, or one of the codes below. All that must
outlive a wait stands in the record: see :class:`Slot`, then the registers. All state spaces are flat: the address of
a shared or constant variable is its address in the memory of the process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from llvmlite import ir
from ptx_arithmetic import I32, I64, RULES, llvm_type
from ptx_text import Instruction, Program, PtxError, number, width

ENDED, TRAPPED, FAULT = -1, -2, -3
#: State spaces, as a memory access names them; 0 is generic.
SPACES = {"": 0, "global": 1, "shared": 2, "const": 3, "local": 4, "param": 5}


class Slot(IntEnum):
    """What the first words of a thread's record hold."""

    MASK = 0
    VALUE = 1
    LANE = 2
    CLAMP = 3
    RESULT = 4
    TRUTH = 5
    ADDRESS = 6
    LINE = 7
    TID = 8
    CTAID = 9
    NTID = 10
    NCTAID = 11
    LANEID = 12
    LOCAL = 13
    FLAW = 14
    FIRST_REGISTER = 16


class Sync(IntEnum):
    """Kinds of synchronisation: what the threads that wait exchange."""

    BLOCK = 0
    WARP = 1
    ANY = 2
    ALL = 3
    UNI = 4
    BALLOT = 5
    BFLY = 6
    UP = 7
    DOWN = 8
    IDX = 9


@dataclass(frozen=True, slots=True)
class Wait:
    """A synchronisation instruction, numbered from 1 in the order of the text."""

    kind: Sync
    line: int


_NO_RESULT = {":", "st", "bar", "barrier", "bra", "brx", "ret", "exit", "trap", "membar", "fence"}
_SYNC = re.compile(
    r"bar\.(warp)\.sync|(bar|barrier)\.(?:cta\.)?sync(?:\.aligned)?|vote\.sync\.(any|all|uni)\.pred"
    r"|vote\.sync\.(ballot)\.b32|shfl\.sync\.(bfly|up|down|idx)\.b32"
)
_MEMORY = re.compile(
    r"(ld|st)(?:\.(?:volatile|weak|nc|ca|cg|cs|lu|cv|wb|wt))*(?:\.(global|shared|const|local|param))?"
    r"(?:\.(?:nc|ca|cg|cs|lu|cv|wb|wt))*(?:\.(v2|v4))?\.([busf](?:8|16|32|64))"
)
_ADDRESS = re.compile(r"\[\s*([^+\]\s]+)\s*(?:\+\s*(-?\w+)\s*)?\]")
_SPECIAL = {"%tid.x": Slot.TID, "%ctaid.x": Slot.CTAID, "%ntid.x": Slot.NTID, "%nctaid.x": Slot.NCTAID,
            "%laneid": Slot.LANEID}  # fmt: skip
_FIXED = {"WARP_SZ": 32} | {f"%{name}.{axis}": name.startswith("n") * 1
                            for name in ("tid", "ctaid", "ntid", "nctaid") for axis in "yz"}  # fmt: skip


def pieces(program: Program) -> list[int]:
    """Return for each instruction its piece of straight code; only a slot carries a value from one to another."""
    found, piece = [], 0
    for at in program.body:
        piece += at.opcode == ":"
        found.append(piece)
        piece += bool(at.guard) or at.opcode.partition(".")[0] in ("bra", "brx", "ret", "exit", "trap")
        piece += bool(_SYNC.fullmatch(at.opcode))
    return found


def slots(program: Program) -> dict[str, int]:
    """Give a slot to each register that is used in more than one piece, or read before it is written in its piece."""
    first: dict[str, int] = {}
    kept: dict[str, int] = {}
    for at, piece in zip(program.body, pieces(program)):
        named = [re.findall(r"%[\w$@]+", operand) for operand in at.operands]
        has_result = at.opcode.partition(".")[0] not in _NO_RESULT
        is_sync = bool(_SYNC.fullmatch(at.opcode))
        for i, names in enumerate([*named[1:], named[0] if named else []] if has_result else named):
            writes = has_result and i == len(named) - 1 and "[" not in at.operands[0]
            for name in names:
                used = piece + (writes and is_sync)
                if name in program.registers and (
                    at.guard or first.setdefault(name, used if writes else -1) != used
                ):
                    kept.setdefault(name, Slot.FIRST_REGISTER + len(kept))
        if at.guard:
            kept.setdefault(at.guard.lstrip("!"), Slot.FIRST_REGISTER + len(kept))
    return kept


class Translation:
    """The function ``resume`` of one kernel.

    ``addresses`` says where each variable and parameter lies, ``local`` where in a thread's own memory; ``check`` is
    the address of the function that judges accesses, and of its context.
    """

    def __init__(
        self,
        program: Program,
        addresses: dict[str, int],
        local: dict[str, int],
        check: tuple[int, int] | None,
    ) -> None:
        self.program, self.addresses, self.local, self.check = program, addresses, local, check
        self.contractions, self.waits = 0, [Wait(Sync.BLOCK, 0)]
        self.slots = slots(program)
        self.module = ir.Module("ptx")
        kind = ir.FunctionType(I64, [I64.as_pointer(), I64])
        self.function = ir.Function(self.module, kind, "resume")
        self.record = self.function.args[0]
        self.record.add_attribute("noalias")
        self.values: dict[str, Any] = {}
        self.labels = {
            at.operands[0]: self.function.append_basic_block("label")
            for at in program.body
            if at.opcode == ":"
        }
        entry = self.function.append_basic_block("entry")
        self.function.blocks.remove(entry)
        self.function.blocks.insert(0, entry)
        self.builder: Any = ir.IRBuilder(self.function.append_basic_block("begin"))
        never = self.function.append_basic_block("never")
        ir.IRBuilder(never).ret(I64(FAULT))
        self.entrance = ir.IRBuilder(entry).switch(self.function.args[1], never)
        self.entrance.add_case(I64(0), self.builder.block)
        for at in program.body:
            self._instruction(at)
        if not self.builder.block.is_terminated:
            self.builder.ret(I64(ENDED))

    # --- registers -------------------------------------------------------------------------------------------

    def slot(self, index: int, kind: Any = I64) -> Any:
        """Return a pointer to a word of the record."""
        word = self.builder.gep(self.record, [I32(index)])
        return word if kind == I64 else self.builder.bitcast(word, kind.as_pointer())

    def read(self, operand: str, kind: str, *, narrow: bool = False) -> Any:
        """Return the value of a register, special register, symbol or literal as ``kind``."""
        if operand.startswith("!"):
            return self.builder.not_(self.read(operand[1:].strip(), kind))
        if operand not in self.program.registers:
            return self._constant(operand, kind)
        own = self.program.registers[operand]
        if operand not in self.values:
            if operand not in self.slots:
                raise PtxError(f"register {operand} is read before it is written")
            self.values[operand] = self.builder.load(self.slot(self.slots[operand], llvm_type(own)))
        return self._as(self.values[operand], own, kind, narrow)

    def _as(self, value: Any, own: str, kind: str, narrow: bool) -> Any:
        target = llvm_type(kind)
        if width(own) != width(kind):
            if width(own) < width(kind) or not narrow:
                raise PtxError(f"a register of type {own} is used as {kind}")
            if own.startswith("f"):
                value = self.builder.bitcast(value, llvm_type(f"b{width(own)}"))
            value = self.builder.trunc(value, llvm_type(f"b{width(kind)}"))
        return value if value.type == target else self.builder.bitcast(value, target)

    def _constant(self, operand: str, kind: str) -> Any:
        bits = number(operand)
        if operand in _SPECIAL or operand in self.local:
            word = self.builder.load(self.slot(_SPECIAL.get(operand, Slot.LOCAL)))
            word = self.builder.add(word, I64(self.local.get(operand, 0)))
            return word if width(kind) == 64 else self.builder.trunc(word, llvm_type(kind))
        if bits is None:
            name, _, offset = operand.partition("+")
            bits = _FIXED.get(name, self.addresses.get(name))
            if bits is None:
                raise PtxError(f"unknown operand {operand!r}")
            bits += number(offset) or 0 if offset else 0
        value = ir.IntType(width(kind))(bits)
        return self.builder.bitcast(value, llvm_type(kind)) if kind.startswith("f") else value

    def write(self, operand: str, value: Any, kind: str) -> None:
        """Set a register; a narrower value is extended by its sign."""
        if operand == "_":
            return
        own = self.program.registers.get(operand)
        if own is None or width(own) < width(kind):
            raise PtxError(f"cannot write {kind} to {operand}")
        target = llvm_type(own)
        if width(own) > width(kind):
            extend = self.builder.sext if kind.startswith("s") else self.builder.zext
            value = extend(self._as(value, kind, f"b{width(kind)}", False), llvm_type(f"b{width(own)}"))
        value = value if value.type == target else self.builder.bitcast(value, target)
        self.values[operand] = value
        if operand in self.slots:
            self.builder.store(value, self.slot(self.slots[operand], target))

    # --- control ---------------------------------------------------------------------------------------------

    def _go(self, block: Any) -> None:
        self.builder.position_at_end(block)
        self.values.clear()

    def _instruction(self, at: Instruction) -> None:
        try:
            if at.opcode == ":":
                if not self.builder.block.is_terminated:
                    self.builder.branch(self.labels[at.operands[0]])
                return self._go(self.labels[at.operands[0]])
            if not at.guard:
                return self._plain(at)
            truth = self.read(at.guard.lstrip("!"), "pred")
            truth = self.builder.not_(truth) if at.guard.startswith("!") else truth
            then, after = self.function.append_basic_block("then"), self.function.append_basic_block("after")
            self.builder.cbranch(truth, then, after)
            self._go(then)
            self._plain(at)
            if not self.builder.block.is_terminated:
                self.builder.branch(after)
            return self._go(after)
        except PtxError as problem:
            place = "" if str(problem).startswith("line ") else f"line {at.line}: {at.opcode}: "
            raise PtxError(f"{place}{problem}") from None

    def _plain(self, at: Instruction) -> None:
        if found := _SYNC.fullmatch(at.opcode):
            return self._wait(at, next(filter(None, found.groups())))
        if found := _MEMORY.fullmatch(at.opcode):
            return self._access(at, *found.groups())
        if re.fullmatch(r"bra(\.uni)?|brx\.idx(\.uni)?|ret(\.uni)?|exit|trap", at.opcode):
            return self._leave(at)
        if re.fullmatch(r"membar\.(cta|gl|sys)|fence\.[\w.]+", at.opcode):
            return None
        if re.fullmatch(r"cvta(\.to)?\.(global|shared|const|local)\.u64", at.opcode):
            return self.write(at.operands[0], self.read(at.operands[1], "u64"), "u64")
        for pattern, emit in RULES:
            if found := pattern.fullmatch(at.opcode):
                narrow = at.opcode.startswith("cvt.")
                return emit(_Narrowing(self) if narrow else self, at, *found.groups())
        raise PtxError(f"line {at.line}: unknown instruction {at.opcode}")

    def _leave(self, at: Instruction) -> None:
        name = at.opcode.partition(".")[0]
        if name in ("ret", "exit", "trap"):
            if name == "trap":
                self.builder.store(I64(at.line), self.slot(Slot.LINE))
            self.builder.ret(I64(TRAPPED if name == "trap" else ENDED))
        elif name == "bra":
            self.builder.branch(self.labels[at.operands[0]])
        else:
            targets = [self.labels[label] for label in self.program.targets[at.operands[1]]]
            chosen = self.builder.switch(self.read(at.operands[0], "u32"), targets[-1])
            for i, target in enumerate(targets[:-1]):
                chosen.add_case(I32(i), target)
        self._go(self.function.append_basic_block("past"))

    def _wait(self, at: Instruction, name: str) -> None:
        """Leave with all that the others need in the record; begin again here with what they gave."""
        kind = Sync["BLOCK" if name.startswith("bar") else name.upper()]
        operands = list(at.operands)
        result = None if kind <= Sync.WARP else operands.pop(0)
        words = {Sync.BLOCK: [], Sync.WARP: [Slot.MASK]}.get(
            kind,
            [Slot.VALUE, Slot.MASK] if kind < Sync.BFLY else [Slot.VALUE, Slot.LANE, Slot.CLAMP, Slot.MASK],
        )
        if kind == Sync.BLOCK and operands != ["0"]:
            raise PtxError("only barrier 0 of all threads is understood")
        for word, operand in zip(words, operands, strict=kind != Sync.BLOCK):
            is_truth = word == Slot.VALUE and kind < Sync.BFLY
            value = self.read(operand, "pred" if is_truth else "u32")
            self.builder.store(self.builder.zext(value, I64), self.slot(word))
        self.waits.append(Wait(kind, at.line))
        self.builder.ret(I64(len(self.waits) - 1))
        resumed = self.function.append_basic_block("resumed")
        self.entrance.add_case(I64(len(self.waits) - 1), resumed)
        self._go(resumed)
        if result is None:
            return
        value, _, truth = result.partition("|")
        if kind in (Sync.ANY, Sync.ALL, Sync.UNI):
            value, truth = "_", value
        self.write(value, self.builder.trunc(self.builder.load(self.slot(Slot.RESULT)), I32), "b32")
        self.write(
            truth or "_", self.builder.trunc(self.builder.load(self.slot(Slot.TRUTH)), ir.IntType(1)), "pred"
        )

    # --- memory ----------------------------------------------------------------------------------------------

    def _access(self, at: Instruction, verb: str, space: str | None, vector: str | None, kind: str) -> None:
        place, named = (at.operands[1], at.operands[0]) if verb == "ld" else at.operands[:2]
        registers = re.findall(r"[^{},\s]+", named)
        found = _ADDRESS.fullmatch(place)
        if not found or len(registers) != int((vector or "v1")[1:]):
            raise PtxError(f"operands {at.operands}")
        address = self.read(found[1], "u64")
        if offset := number(found[2] or "0"):
            address = self.builder.add(address, I64(offset))
        size = width(kind) // 8
        how = SPACES[space or ""] + 256 * (verb == "st")
        for i, register in enumerate(registers):
            shape = size + 256 * (size if i else size * len(registers))
            where = self.builder.add(address, I64(i * size))
            value = None if verb == "ld" else self.read(register, kind, narrow=True)
            self._check(at, where, shape, how, value)
            pointer = self.builder.inttoptr(where, llvm_type(kind).as_pointer())
            if value is None:
                self.write(register, self.builder.load(pointer, align=1), kind)
            else:
                self.builder.store(value, pointer, align=1)

    def _check(self, at: Instruction, address: Any, shape: int, how: int, value: Any) -> None:
        if self.check is None or how & 255 == SPACES["param"]:
            return
        build = self.builder
        bits = I64(0) if value is None else build.bitcast(value, ir.IntType(8 * (shape & 255)))
        bits = bits if bits.type == I64 else build.zext(bits, I64)
        function, context = self.check
        kind = ir.FunctionType(I64, [I64.as_pointer()] + [I64] * 5)
        judge = build.inttoptr(I64(function), kind.as_pointer())
        flaw = build.call(judge, [self.record, I64(context), address, I64(shape), I64(how), bits])
        bad, good = self.function.append_basic_block("bad"), self.function.append_basic_block("good")
        build.cbranch(build.icmp_signed("!=", flaw, I64(0)), bad, good)
        build.position_at_end(bad)
        for word, held in ((Slot.ADDRESS, address), (Slot.LINE, I64(at.line)), (Slot.FLAW, flaw)):
            build.store(held, self.slot(word))
        build.ret(I64(FAULT))
        build.position_at_end(good)


class _Narrowing:
    """Operands of a conversion: they may be wider than the type that is converted."""

    def __init__(self, own: Translation) -> None:
        self.builder, self.write, self.contractions = own.builder, own.write, 0
        self._read = own.read

    def read(self, operand: str, kind: str) -> Any:
        return self._read(operand, kind, narrow=True)
