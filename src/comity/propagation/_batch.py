"""From public arguments to the kernel's tables and back: broadcasting, validity, threads."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.propagation import _gases, _links, _mechanisms, _work
from comity.propagation._lanes import WIDTH
from comity.propagation._validity import Validity
from comity.propagation.paths import Paths

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
class Batch:
    """One call, ready for the kernel: ``table`` (input rows, columns) and ``percent`` (k, columns)."""

    paths: Paths
    table: Float
    percent: Float
    squeeze: bool


def polarisation_codes(check: Validity, polarisation: str | ArrayLike) -> float | Float:
    """Return 1 for horizontal and 2 for vertical; note what is neither."""
    if isinstance(polarisation, str) and polarisation in _POLARISATION:
        return _POLARISATION[polarisation]
    codes = np.asarray(0.0 if isinstance(polarisation, str) else polarisation, dtype=np.float64)
    check.one_of("polarisation", codes, range(1, 3))
    return codes


def coast(check: Validity, name: str, distance_km: ArrayLike | None) -> ArrayLike:
    """Return the distances to the sea, NaN where the profile shall tell."""
    if distance_km is None:
        return np.nan
    check.within(name, distance_km, 0.0, np.inf, "km")
    return distance_km


def prepare(paths: Paths, time_percent: ArrayLike, rows: Mapping[int, ArrayLike]) -> Batch:
    """Broadcast every per-link argument to whole blocks of eight; spare columns repeat the last link."""
    n = len(paths)
    columns = -(-n // WIDTH) * WIDTH
    table = np.zeros((_mechanisms.INPUT_ROWS, columns))
    for row, values in rows.items():
        table[row, :n] = values
    percent = np.asarray(time_percent, dtype=np.float64)
    squeeze = percent.ndim < 2
    by_time = percent[None, :] if percent.ndim == 1 else percent.reshape(1, 1) if squeeze else percent.T
    filled = np.empty((by_time.shape[0], columns))
    filled[:, :n] = by_time
    if n:
        table[:, n:] = table[:, n - 1 : n]
        filled[:, n:] = filled[:, n - 1 : n]
    return Batch(paths, table, filled, squeeze)


def path_lengths(paths: Paths) -> Float:
    """Great-circle length of each link [km]."""
    return paths.distance_km[paths.offsets[1:] - 1]


def check_common(check: Validity, paths: Paths, points: int = 3) -> None:
    """Note what is wrong with the record of paths as a whole."""
    counts = np.diff(paths.offsets)
    if (counts < points).any():
        link = int(np.argmax(counts < points))
        check.note(f"paths[{link}]", f"{counts[link]} points", f"at least {points} points a link")
    for name in ("tx_latitude_deg", "rx_latitude_deg"):
        check.within(name, getattr(paths, name), -90.0, 90.0, "deg")
    for name in ("tx_longitude_deg", "rx_longitude_deg"):
        check.within(name, getattr(paths, name), -360.0, 360.0, "deg")


def run(
    model: str, batch: Batch, *, p1812: bool, threads: int, intermediates: bool
) -> tuple[Float, Intermediates]:
    """Run the kernel over all blocks, ``threads`` shares of them at once; the bytes do not depend on the shares."""
    n, columns = len(batch.paths), batch.table.shape[1]
    k = batch.percent.shape[0]
    loss, status = np.empty((k, columns)), np.zeros(columns, dtype=np.int64)
    kept = columns if intermediates else 0
    path_detail = np.empty((len(_mechanisms.PATH_SYMBOLS), kept))
    time_detail = np.empty((k * len(_mechanisms.TIME_SYMBOLS), kept))
    edges = [columns // WIDTH * i // max(1, threads) for i in range(max(1, threads) + 1)]
    flat = _contiguous(batch.paths)

    def share(i: int) -> None:
        results = (loss, status, path_detail, time_detail)
        scratch = (_work.allocate(), _gases.allocate())
        blocks = (p1812, edges[i], edges[i + 1], *flat, batch.table, batch.percent)
        arguments: list[Any] = [*blocks, *results, *scratch]
        _links.run_blocks(*arguments)

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(share, range(threads)))
    else:
        share(0)
    _raise_flaws(model, status[:n])
    return _shape(batch, loss), _named(batch, path_detail, time_detail) if intermediates else {}


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
    cut = values[:, : len(batch.paths)]
    return cut[0].copy() if batch.squeeze else np.ascontiguousarray(cut.T)


def _named(batch: Batch, path_detail: Float, time_detail: Float) -> Intermediates:
    n = len(batch.paths)
    named = {symbol: path_detail[i, :n].copy() for i, symbol in enumerate(_mechanisms.PATH_SYMBOLS)}
    count = len(_mechanisms.TIME_SYMBOLS)
    for i, symbol in enumerate(_mechanisms.TIME_SYMBOLS):
        named[symbol] = _shape(batch, time_detail[i::count])
    return named
