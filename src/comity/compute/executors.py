"""Where work runs: in this thread, on threads, or on a Dask cluster.

Every executor returns the results in the order of the tasks, and the functions it is given are pure, so that the
choice never changes a byte. A task should be at least a second of work: a cluster costs milliseconds for each.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from comity.errors import ComityError, MissingError

T = TypeVar("T")
R = TypeVar("R")

KINDS = ("serial", "threads", "dask")


class Executor(Protocol):
    """Runs a pure function over tasks."""

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Yield ``function(task)`` for every task, in order; few tasks are in flight at a time."""

    def __enter__(self) -> Self:
        """Start."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; what is still running is abandoned."""


class Serial(AbstractContextManager["Serial"]):
    """One task after another in this thread."""

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Yield results in order."""
        return map(function, tasks)

    def __exit__(self, *_: object) -> None:
        """Nothing to stop."""


class _Pooled:
    """What threads and Dask share: a window of futures over a stream of tasks, results in order."""

    window: int

    def _submit(self, function: Callable[[Any], Any], task: Any) -> Any:
        raise NotImplementedError

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Yield results in order, reading at most ``window`` tasks ahead."""
        waiting: deque[Any] = deque()
        for task in tasks:
            waiting.append(self._submit(function, task))
            if len(waiting) >= self.window:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class Threads(_Pooled, AbstractContextManager["Threads"]):
    """Threads of this process; kernels release the interpreter lock."""

    def __init__(self, workers: int | None = None) -> None:
        from concurrent.futures import ThreadPoolExecutor

        count = workers or os.cpu_count() or 1
        self.window = 2 * count
        self._pool = ThreadPoolExecutor(count)

    def _submit(self, function: Callable[[Any], Any], task: Any) -> Any:
        return self._pool.submit(function, task)

    def __exit__(self, *_: object) -> None:
        """Stop without waiting for tasks that were not begun."""
        self._pool.shutdown(cancel_futures=True)


class Dask(_Pooled, AbstractContextManager["Dask"]):
    """A Dask cluster: the one at ``address``, or one process per core on this machine."""

    def __init__(self, workers: int | None = None, address: str | None = None) -> None:
        try:
            import distributed
        except ImportError:
            raise MissingError("Dask is not installed: pip install 'comity[compute]'") from None
        count = workers or os.cpu_count() or 1
        library: Any = distributed
        self._cluster: Any = None
        if address is None:
            self._cluster = library.LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                host="127.0.0.1",
            )
        try:
            self._client: Any = library.Client(self._cluster or address, timeout=20)
        except OSError as error:
            raise ComityError(f"no Dask scheduler answers at {address}: {error}") from None
        self.window = 2 * max(count, sum(self._client.nthreads().values()))

    def _submit(self, function: Callable[[Any], Any], task: Any) -> Any:
        return self._client.submit(function, task, pure=False)

    def __exit__(self, *_: object) -> None:
        """Leave the scheduler, and end the cluster that this object started."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def open_executor(kind: str, *, workers: int | None = None, address: str | None = None) -> Executor:
    """Return an executor by name.

    Parameters
    ----------
    kind : ``"serial"``, ``"threads"`` or ``"dask"``
    workers : threads or processes; default one per core
    address : of a running Dask scheduler, as ``tcp://host:8786``
    """
    if kind == "serial":
        return Serial()
    if kind == "threads":
        return Threads(workers)
    if kind == "dask":
        return Dask(workers, address)
    raise ComityError(f"there is no executor {kind!r}; accepted: {', '.join(KINDS)}")
