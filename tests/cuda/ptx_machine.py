"""A machine that executes a kernel of PTX on the CPU: what a GPU would compute, and an error where it need not.

Every thread of a warp is run on its own, in an order of choice, from one synchronisation to the next. In `checked`
mode each access to memory must lie in an array that was given, at an aligned place, and must not race.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import ptx_warps
from numpy.typing import NDArray
from ptx_memory import Flaw, Word, check
from ptx_text import Program, Variable, parse, width
from ptx_translate import SPACES, TRAPPED, Slot, Translation
from ptx_warps import Stop

llvm.initialize_native_target()
llvm.initialize_native_asmprinter()

#: What uninitialised registers and memory hold: a quiet NaN that no computation makes.
POISON = 0x7FF8DEADDEADDEAD
_ALIGNMENT = 256
_WHY = {
    Stop.GONE: "waits for a thread that has ended or does not exist",
    Stop.ELSEWHERE: "waits for a thread that waits for it at another instruction or with another mask",
    Stop.OUTSIDE_MASK: "names a mask without itself",
    Stop.DEADLOCK: "all threads wait, and none can go on",
    Stop.BYSTANDER: "reads from a thread that its mask does not name",
}
_FLAWS = {
    Flaw.OUTSIDE: "lies in no array of this state space",
    Flaw.MISALIGNED: "is not aligned to its size",
    Flaw.CONSTANT: "writes a constant",
    Flaw.READ_UNORDERED: "reads what another thread wrote, with no barrier between",
    Flaw.WRITE_UNORDERED: "changes what another thread wrote or read, with no barrier between",
}


class ExecutionError(Exception):
    """The kernel did what a GPU does not allow or does not define."""


def _aligned(size: int) -> NDArray[np.uint8]:
    """Return memory as a GPU would hand out."""
    whole = np.zeros(size + _ALIGNMENT, dtype=np.uint8)
    start = -whole.ctypes.data % _ALIGNMENT
    return whole[start : start + size]


class _Space:
    """The variables of one state space, side by side."""

    def __init__(self, variables: list[Variable]) -> None:
        self.offsets: dict[str, int] = {}
        end = 0
        for variable in variables:
            start = -(-end // variable.align) * variable.align
            self.offsets[variable.name], end = start, start + variable.size
        self.memory = _aligned(end)
        for variable in variables:
            start = self.offsets[variable.name]
            self.memory[start : start + len(variable.data)] = np.frombuffer(variable.data, np.uint8)

    @property
    def addresses(self) -> dict[str, int]:
        base = self.memory.ctypes.data
        return {name: base + offset for name, offset in self.offsets.items()}


class Machine:
    """A kernel of PTX, ready to be launched."""

    def __init__(self, ptx: str, *, checked: bool = True) -> None:
        self.program: Program = parse(ptx)
        self._checked = checked
        self._spaces = {
            space: _Space([v for v in self.program.variables if v.space == space])
            for space in ("const", "shared", "global", "local")
        }
        self._parameters = _Space(self.program.parameters)
        self._context = np.zeros(len(Word), dtype=np.int64)
        addresses = self._parameters.addresses
        for space in ("const", "shared", "global"):
            addresses |= self._spaces[space].addresses
        guard = (check.address, self._context.ctypes.data) if checked else None
        translation = Translation(self.program, addresses, self._spaces["local"].offsets, guard)
        #: how many instructions round once where the source rounds twice, or may
        self.contractions = translation.contractions
        self.waits = translation.waits
        self._kinds = np.array([wait.kind for wait in self.waits], dtype=np.int64)
        self._words = Slot.FIRST_REGISTER + len(translation.slots)
        self._compile(str(translation.module))

    def _compile(self, code: str) -> None:
        module = llvm.parse_assembly(code)
        module.verify()
        target = llvm.Target.from_default_triple().create_target_machine(opt=1, jit=True)
        self._engine = llvm.create_mcjit_compiler(module, target)
        self._engine.finalize_object()
        self._function = self._engine.get_function_address("resume")

    # --- launching -------------------------------------------------------------------------------------------

    def launch(
        self,
        blocks: int,
        threads: int,
        arguments: Sequence[int | float | NDArray[Any]],
        *,
        order: str | int = "ascending",
    ) -> None:
        """Run a grid of ``blocks`` blocks.

        Parameters
        ----------
        arguments : numbers and C-contiguous arrays, flattened to parameters as Numba does
        order : "ascending", "descending", or the seed of a shuffled order of the threads, new at every turn
        """
        arrays = [a for a in arguments if isinstance(a, np.ndarray)]
        self._fill_parameters(arguments)
        turn = {"ascending": ptx_warps.ASCENDING, "descending": ptx_warps.DESCENDING}.get(
            str(order), ptx_warps.SHUFFLED
        )
        if turn == ptx_warps.SHUFFLED:
            ptx_warps.seed(int(order))
        local = -(-self._spaces["local"].memory.size // 16) * 16
        stacks = _aligned(threads * local)
        records = np.empty((threads, self._words), dtype=np.int64)
        known = self._guard(arrays, threads)
        for block in range(blocks)[:: -1 if turn == ptx_warps.DESCENDING else 1]:
            self._clear(records, known, stacks)
            records[:, Slot.TID] = np.arange(threads)
            records[:, Slot.LANEID] = np.arange(threads) % 32
            records[:, Slot.LOCAL] = stacks.ctypes.data + local * np.arange(threads)
            for slot, value in ((Slot.CTAID, block), (Slot.NTID, threads), (Slot.NCTAID, blocks)):
                records[:, slot] = value
            place = np.zeros(2, dtype=np.int64)
            stop = ptx_warps.run_block(self._function, records, self._kinds, known, turn, place)
            if stop:
                raise ExecutionError(self._explain(Stop(stop), block, *place.tolist(), records))

    def _clear(self, records: NDArray[np.int64], known: NDArray[np.int32], stacks: NDArray[np.uint8]) -> None:
        """Leave nothing of the block before."""
        poison = np.frombuffer(POISON.to_bytes(8, "little"), np.uint8)
        for memory in (self._spaces["shared"].memory, stacks):
            memory[:] = np.resize(poison, memory.size)
        records[:] = POISON
        if self._checked:
            known[:] = np.eye(known.shape[0], dtype=np.int32)
            shared = -(-self._spaces["shared"].memory.size // self._grain)
            for cells in self._shadows:
                cells[:shared] = 0

    def _fill_parameters(self, arguments: Sequence[Any]) -> None:
        flat: list[Any] = []
        for argument in arguments:
            if not isinstance(argument, np.ndarray):
                flat.append(argument)
                continue
            if not argument.flags.c_contiguous:
                raise ValueError("an array must be C-contiguous")
            data = argument.ctypes.data
            flat += [0, 0, argument.size, argument.itemsize, data, *argument.shape, *argument.strides]
        expected = self.program.parameters
        if len(flat) != len(expected):
            raise ValueError(f"{len(flat)} parameters given, the kernel takes {len(expected)}")
        for parameter, value in zip(expected, flat, strict=True):
            if parameter.size != width(parameter.kind) // 8:
                raise ValueError(f"parameter {parameter.name} is no number")
            kind = np.dtype(
                {"b": "i", "s": "i"}.get(parameter.kind[0], parameter.kind[0])
                + str(width(parameter.kind) // 8)
            )
            start = self._parameters.offsets[parameter.name]
            held = np.array([value]).astype(kind).view(np.uint8)
            self._parameters.memory[start : start + parameter.size] = held

    def _guard(self, arrays: list[NDArray[Any]], threads: int) -> NDArray[np.int32]:
        """Lay out what the checks need: ranges of addresses, and a shadow of every place that may be written."""
        if not self._checked:
            return np.empty((0, 0), dtype=np.int32)
        sizes = [
            width(at.opcode.rpartition(".")[2]) // 8
            for at in self.program.body
            if at.opcode.startswith(("ld", "st")) and ".shared." in at.opcode
        ]
        self._grain = min(sizes, default=1)
        spaces = [("shared", self._spaces["shared"].memory, self._grain)]
        spaces += [("global", self._spaces["global"].memory, 1)]
        spaces += [("global", array, array.itemsize) for array in arrays]
        rows, cells = [], 0
        for space, memory, grain in spaces:
            start = memory.ctypes.data
            rows.append((start, start + memory.nbytes, SPACES[space], grain, cells))
            cells += -(-memory.nbytes // grain)
        constants = self._spaces["const"].memory
        start = constants.ctypes.data
        rows.append((start, start + constants.nbytes, SPACES["const"], 1, -1))
        self._ranges = np.array(rows, dtype=np.int64)
        written, read = (np.zeros((cells, threads), dtype=np.int32) for _ in range(2))
        self._shadows = (written, read, np.zeros((cells, 2), dtype=np.int32))
        known = np.eye(threads, dtype=np.int32)
        at = [array.ctypes.data for array in (known, *self._shadows)]
        local = self._spaces["local"].memory.size
        self._context[:] = [len(rows), self._ranges.ctypes.data, threads, *at, cells, local]
        return known

    def _explain(self, stop: Stop, block: int, thread: int, at: int, records: NDArray[np.int64]) -> str:
        who = f"block {block}, thread {thread}"
        if stop != Stop.THREAD:
            return f"{who}, line {self.waits[at].line}: {_WHY[stop]}"
        record = records[thread]
        if at == TRAPPED:
            return f"{who}, line {record[Slot.LINE]}: trap"
        return f"{who}, line {record[Slot.LINE]}: access to {record[Slot.ADDRESS]:#x} {_FLAWS[Flaw(record[Slot.FLAW])]}"
