"""What the figures were measured on, and what else ran there meanwhile."""

from __future__ import annotations

import os
import platform
import resource
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from comity.errors import MissingError
from comity.propagation.cuda.device import Device, open_gpu

_IDLE = (3, 4)  # columns of /proc/stat: idle and waiting for a disk
_GUEST = 8  # from this column on a time is counted twice


def line() -> str:
    """Return processor, cores, Python and accelerator."""
    return (
        f"{os.cpu_count()} cores {processor()} ({instructions()}), {platform.system()}, "
        f"Python {platform.python_version()}, "
        f"{accelerator()}"
    )


def instructions() -> str:
    """Return the widest vector instructions of the processor, which our kernels are compiled for."""
    from llvmlite import binding

    has = binding.get_host_cpu_features()
    known = {"avx512f": "AVX-512", "avx2": "AVX2", "sse4.2": "SSE4.2", "neon": "NEON"}
    return next((name for feature, name in known.items() if has.get(feature)), platform.machine())


def accelerator() -> str:
    """Return which GPU took part."""
    found = gpu()
    return "no GPU used" if isinstance(found, str) else f"GPU {found.name}"


def gpu() -> Device | str:
    """Return the GPU, or why there is none."""
    try:
        return open_gpu()
    except MissingError as error:
        return error.problems[0].message


def processor() -> str:
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [x.split(":")[1].strip() for x in lines if x.startswith("model name")]
    return names[0] if names else platform.processor() or "of unknown make"


def thread_counts() -> list[int]:
    """Return 1, 2, 4 ... and the number of cores."""
    cores = os.cpu_count() or 1
    return sorted({1, cores, *(2**k for k in range(1, 8) if 2**k <= cores)})


class Others:
    """How much of the machine other programs took while a block ran."""

    def __init__(self) -> None:
        self.share: float | None = None

    def __enter__(self) -> Self:
        """Begin."""
        self._begun = _busy_seconds(), _own_seconds(), time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Find the share."""
        busy, own, clock = self._begun
        now = _busy_seconds()
        if busy is not None and now is not None:
            others = (now - busy) - (_own_seconds() - own)
            whole = (time.perf_counter() - clock) * (os.cpu_count() or 1)
            self.share = min(1.0, max(0.0, others / whole))

    def __str__(self) -> str:
        if self.share is None:
            return "what other programs took meanwhile is not known"
        return f"other programs took {self.share:.0%} of the machine's processor time meanwhile"


def _busy_seconds() -> float | None:
    stat = Path("/proc/stat")
    if not stat.exists():
        return None
    columns = [int(x) for x in stat.read_text().split("\n", 1)[0].split()[1:]]
    ticks = sum(v for i, v in enumerate(columns[:_GUEST]) if i not in _IDLE)
    return ticks / float(os.sysconf("SC_CLK_TCK"))


def _own_seconds() -> float:
    return sum(sum(resource.getrusage(w)[:2]) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
