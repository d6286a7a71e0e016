"""From public arguments to the kernel's tables and back: broadcasting, validity, threads."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.errors import Problem, ValidityError
from comity.propagation import _gases, _intermediates, _links, _mechanisms, _work
from comity.propagation._lanes import WIDTH
from comity.propagation._validity import Validity
from comity.propagation.cuda.device import Device, open_device
from comity.propagation.cuda.paths import PathsOnDevice
from comity.propagation.paths import Paths, select

Float = NDArray[np.float64]

#: Every intermediate by its symbol: (n,), or (n, k) where it depends on the time percentage.
Intermediates = dict[str, Float]

_POLARISATION = {"horizontal": 1.0, "vertical": 2.0}

#: What the walk over a profile can find wrong, by bit of the link's status.
_FLAWS = (
    ("distances do not begin at 0", "distance_km 0 at each link's first point"),
    ("distances do not increase", "distance_km strictly increasing along each link"),
    ("a distance or height is not finite", "finite distance_km and height_m"),
    ("a cover height is negative or not finite", "cover_m >= 0 m"),
    ("a zone is not a radio-climatic zone", "zone 1 (coastal land), 2 (inland) or 3 (sea)"),
)


@dataclass(frozen=True, slots=True)
class Range:
    """An argument of one value a link: its row in the kernel's table and where it is valid."""

    name: str
    row: int
    low: float
    high: float
    unit: str
    open_ends: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """A Recommendation: its name, its kernel's flag, its validity."""

    name: str
    p1812: bool
    path_km: tuple[float, float]
    time_percent: tuple[float, float]
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """One call, ready for the kernel: ``table`` (input rows, columns) and ``percent`` (k, columns).

    There are eight columns a block; those past the last link hold nothing of meaning.
    """

    paths: Paths | PathsOnDevice
    count: int
    table: Float
    percent: Float
    squeeze: bool

    def of_links(self, links: NDArray[np.int64]) -> Batch:
        """Return the call for some of the links."""
        columns = np.resize(links, -(-links.size // WIDTH) * WIDTH)
        table, percent = (np.ascontiguousarray(rows[:, columns]) for rows in (self.table, self.percent))
        assert isinstance(self.paths, Paths)
        return Batch(select(self.paths, links), links.size, table, percent, self.squeeze)

    def set_row(self, row: int, values: ArrayLike) -> None:
        """Fill one row of the table with a number, or one a link."""
        self.table[row, : self.count] = values


def gather(
    model: Model,
    paths: Paths | PathsOnDevice,
    time_percent: ArrayLike,
    given: Mapping[str, ArrayLike | None],
    check: Validity,
) -> Batch:
    """Check all arguments, raise with everything that is wrong, and lay them out; None leaves a row NaN."""
    if not isinstance(paths, PathsOnDevice):
        _check_record(Validity(model.name), paths)
    for end in ("tx", "rx"):
        check.within(f"{end}_latitude_deg", getattr(paths, f"{end}_latitude_deg"), -90.0, 90.0, "deg")
        check.within(f"{end}_longitude_deg", getattr(paths, f"{end}_longitude_deg"), -360.0, 360.0, "deg")
    check.within("path length", paths.length_km, *model.path_km, "km")
    check.within("time_percent", time_percent, *model.time_percent, "%")
    n = len(paths)
    table = np.full((_mechanisms.INPUT_ROWS, -(-n // WIDTH) * WIDTH), np.nan)
    batch = Batch(paths, n, table, *_percentages(check, paths, time_percent))
    for r in model.ranges:
        values = given[r.name]
        if values is None:
            continue
        check.within(r.name, values, r.low, r.high, r.unit, open_ends=r.open_ends)
        shape = () if isinstance(values, float) else np.shape(values)
        if shape in ((), (1,), (n,)):
            batch.set_row(r.row, values)
        else:
            check.note(r.name, f"shape {shape}", f"a number, or one a link: shape ({n},)")
    check.raise_problems()
    for row, ends in zip(_mechanisms.ENDS, _ends(paths), strict=True):
        batch.set_row(row, ends.reshape(-1))
    return batch


def polarisation_codes(check: Validity, polarisation: str | ArrayLike) -> float | Float:
    """Return 1 for horizontal and 2 for vertical; note what is neither."""
    if isinstance(polarisation, str):
        if polarisation not in _POLARISATION:
            check.note("polarisation", repr(polarisation), "horizontal, vertical, or codes 1 and 2")
        return _POLARISATION.get(polarisation, 1.0)
    codes = np.asarray(polarisation, dtype=np.float64)
    check.one_of("polarisation", codes, range(1, 3))
    return codes


def _percentages(
    check: Validity, paths: Paths | PathsOnDevice, time_percent: ArrayLike
) -> tuple[Float, bool]:
    """Return percentages as (k, columns), and whether the result has no axis for them."""
    n, percent = len(paths), np.asarray(time_percent, dtype=np.float64)
    if percent.ndim > 2 or (percent.ndim and percent.shape[0] not in (1, n)):
        accepted = f"a number, or shape ({n},), (1, k) or ({n}, k)"
        check.note("time_percent", f"shape {percent.shape}", accepted)
        return np.empty((0, 0)), True
    by_time = percent.T if percent.ndim == 2 else percent.reshape(1, -1)
    filled = np.zeros((by_time.shape[0], -(-n // WIDTH) * WIDTH))
    filled[:, :n] = by_time
    return filled, percent.ndim < 2


def _ends(paths: Paths | PathsOnDevice) -> tuple[Float, Float, Float, Float]:
    return paths.tx_latitude_deg, paths.tx_longitude_deg, paths.rx_latitude_deg, paths.rx_longitude_deg


def _check_record(check: Validity, paths: object) -> None:
    """Raise when the record of paths does not hold together: nothing else can be said of it then."""
    if not isinstance(paths, Paths):
        accepted = "Paths, as Ground.paths() of comity.terrain returns"
        check.note("paths", f"is {type(paths).__name__}", accepted)
        return check.raise_problems()
    n, m = len(paths), paths.distance_km.size
    counts = np.diff(paths.offsets)
    if paths.offsets[0] != 0 or paths.offsets[-1] != m or (counts < 0).any():
        check.note(
            "paths.offsets", "does not divide the points", f"rising from 0 to {m}, the number of points"
        )
    points = (paths.height_m, paths.cover_m, paths.zone)
    if any(values.shape != (m,) for values in points) or any(values.size != n for values in _ends(paths)):
        check.note(
            "paths",
            "arrays of different lengths",
            f"{m} points and {n} links, as distance_km and offsets say",
        )
    elif (counts < 3).any():
        link = int(np.argmax(counts < 3))
        check.note(f"paths[{link}]", f"{counts[link]} points", "at least 3 points a link")
    check.raise_problems()


def run(
    model: Model, batch: Batch, *, threads: int, intermediates: bool, device: str | Device
) -> tuple[Float, Intermediates]:
    """Run the kernel over all blocks, ``threads`` shares of them at once; the bytes do not depend on the shares.

    Profiles that lie on a GPU are computed there, and who brought them there compares a sample. Intermediates are for
    reading, so they are always computed here.
    """
    if isinstance(batch.paths, PathsOnDevice):
        if intermediates:
            problem = Problem(
                "intermediates", "are the CPU's, and the profiles lie on a GPU", "profiles of Ground.paths"
            )
            raise ValidityError(model.name, [problem])
        return _where_they_lie(model, batch, batch.paths), {}
    gpu = None if intermediates else open_device(device)
    if gpu is not None:
        return _on_gpu(model, batch, gpu), {}
    return _on_cpu(model, batch, threads, intermediates)


def _on_cpu(model: Model, batch: Batch, threads: int, intermediates: bool) -> tuple[Float, Intermediates]:
    assert isinstance(batch.paths, Paths)
    n, columns = batch.count, batch.table.shape[1]
    k = batch.percent.shape[0]
    loss, status = np.empty((k, columns)), np.zeros(columns, dtype=np.int64)
    kept = columns if intermediates else 0
    path_detail = np.empty((len(_intermediates.PATH_SYMBOLS), kept))
    time_detail = np.empty((k * len(_intermediates.TIME_SYMBOLS), kept))
    edges = [columns // WIDTH * i // max(1, threads) for i in range(max(1, threads) + 1)]
    flat = _contiguous(batch.paths)

    def share(i: int) -> None:
        results = (loss, status, path_detail, time_detail)
        scratch = (_work.allocate(), _gases.allocate())
        blocks = (model.p1812, intermediates, edges[i], edges[i + 1], *flat, batch.table, batch.percent)
        arguments: list[Any] = [*blocks, *results, *scratch]
        _links.run_blocks(*arguments)

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(share, range(threads)))
    else:
        share(0)
    _raise_flaws(model.name, status[:n])
    return _shape(batch, loss), _named(batch, path_detail, time_detail) if intermediates else {}


def _where_they_lie(model: Model, batch: Batch, paths: PathsOnDevice) -> Float:
    from comity.propagation.cuda import point_batch

    loss, status = point_batch.launch(paths.device, model.p1812, paths.points, batch.table, batch.percent)
    _raise_flaws(model.name, status[: batch.count])
    return _shape(batch, loss)


def _on_gpu(model: Model, batch: Batch, gpu: Device) -> Float:
    from comity.propagation.cuda import point_batch, trust

    assert isinstance(batch.paths, Paths)
    loss, status = point_batch.losses(gpu, model.p1812, _contiguous(batch.paths), batch.table, batch.percent)
    _raise_flaws(model.name, status[: batch.count])
    found = _shape(batch, loss)
    chosen = trust.sample(batch.count)
    own = _on_cpu(model, batch.of_links(chosen), 1, False)[0]
    trust.compare(gpu.name, found[chosen], own)
    return found


def _contiguous(paths: Paths) -> tuple[NDArray[np.int64] | Float | NDArray[np.int8], ...]:
    return (
        np.ascontiguousarray(paths.offsets, dtype=np.int64),
        np.ascontiguousarray(paths.distance_km, dtype=np.float64),
        np.ascontiguousarray(paths.height_m, dtype=np.float64),
        np.ascontiguousarray(paths.cover_m, dtype=np.float64),
        np.ascontiguousarray(paths.zone, dtype=np.int8),
    )


def _raise_flaws(model: str, status: NDArray[np.int64]) -> None:
    if not status.any():
        return
    check = Validity(model)
    for bit, (message, accepted) in enumerate(_FLAWS):
        flawed = np.flatnonzero(status & (1 << bit))
        if flawed.size:
            more = f" ({flawed.size} of {status.size} links)" if flawed.size > 1 else ""
            check.note(f"paths[{flawed[0]}]", message + more, accepted)
    check.raise_problems()


def _shape(batch: Batch, values: Float) -> Float:
    """Return (n,) or (n, k) as the caller gave the time percentages."""
    cut = values[:, : batch.count]
    return cut[0].copy() if batch.squeeze else np.ascontiguousarray(cut.T)


def _named(batch: Batch, path_detail: Float, time_detail: Float) -> Intermediates:
    n = batch.count
    named = {symbol: path_detail[i, :n].copy() for i, symbol in enumerate(_intermediates.PATH_SYMBOLS)}
    count = len(_intermediates.TIME_SYMBOLS)
    for i, symbol in enumerate(_intermediates.TIME_SYMBOLS):
        named[symbol] = _shape(batch, time_detail[i::count])
    return named
