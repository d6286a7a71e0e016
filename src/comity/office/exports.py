"""The public register as files: CSV, GeoJSON (RFC 7946), GeoParquet, with field descriptions, licence and the log.

Only what is named in ``FIELDS`` leaves the office; an award's record, its applicant's account and its contact data
are not even read. ``log/`` is the published log, copied with its cosignatures at the moment of the export, so that
``comity register verify`` can check the tables against it. Nothing is signed here: what cannot be published, because
the database is not the one that the log came from, cannot be exported either.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from comity.errors import ComityError
from comity.office.cases.database import one_moment
from comity.office.cases.models import Award
from comity.office.ledger.models import Head
from comity.office.ledger.services import log, publish

Progress = Callable[[int, int], None]
LICENCE = "CC-BY-4.0"

#: Column, where it comes from, and what it means.
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("number", "case__number", "case number in the register"),
    ("programme", "programme", "programme: spectrum, cities, talent"),
    ("regime", "regime", "rule pack under which it was decided"),
    ("status", "status", "in_force or ended"),
    ("holder", "holder", "holder as published; private individuals are not named"),
    ("place", "place", "name of the site or place; empty for private individuals"),
    ("latitude", "latitude", "latitude of the site's centre, WGS 84 [deg]"),
    ("longitude", "longitude", "longitude of the site's centre, WGS 84 [deg]"),
    ("band_low_mhz", "band_low_mhz", "lower channel edge [MHz]"),
    ("band_high_mhz", "band_high_mhz", "upper channel edge [MHz]"),
    ("starts", "starts", "first day"),
    ("ends", "ends", "last day; empty: continuing"),
    (
        "decision",
        "decision__identity",
        "SHA-256 of the decision's canonical JSON; empty for private individuals",
    ),
)
_BATCH = 5_000
#: How often an export begins again because somebody published between its tables and its log.
_PATIENCE = 10


def export(folder: Path, progress: Progress | None = None) -> list[Path]:
    """Write every format into ``folder``; returns the paths.

    Raises
    ------
    ComityError
        If the disk refuses, or the register cannot be published; files of an earlier export are then still whole.
    """
    writers = {"register.csv": _csv, "register.geojson": _geojson, "register.parquet": _geoparquet}
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _moment_of_the_log(folder / ".log.part"):
            for number, (name, write) in enumerate(writers.items()):
                temporary = folder / f".{name}.part"
                write(temporary)
                paths.append(temporary.replace(folder / name))
                if progress:
                    progress(number + 1, len(writers) + 1)
            paths.append(_put_log(folder))
        if progress:
            progress(len(writers) + 1, len(writers) + 1)
        fields = [{"name": name, "description": text} for name, _, text in FIELDS]
        schema = {"licence": LICENCE, "fields": fields, "files": list(writers)}
        paths.append(folder / "fields.json")
        paths[-1].write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ComityError(f"the export to {folder} could not be written: {reason}") from error
    return paths


@contextmanager
def _moment_of_the_log(copy: Path) -> Iterator[None]:
    """Publish, copy the log to ``copy``, and show the block the database as that log says it is."""
    for _ in range(_PATIENCE):
        publish()
        with one_moment():
            if _copied(copy):
                yield
                return
    raise ComityError("the register was published again and again during the export; nothing was exported")


def _copied(copy: Path) -> bool:
    """Copy the log; returns whether it holds exactly the entries of this moment."""
    size = sum(Head.objects.values_list("size", flat=True))
    published = log()
    if published.checkpoint().size < size:
        publish()
    shutil.rmtree(copy, ignore_errors=True)
    return published.copy_to(copy).size == size


def _put_log(folder: Path) -> Path:
    """Put the copied log in its place; the log of an earlier export goes only when the new one is there."""
    target, old = folder / "log", folder / ".log.old"
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.replace(old)
    (folder / ".log.part").replace(target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def _rows() -> Iterator[tuple[Any, ...]]:
    """Yield the public columns; the plain hash of a private individual's decision is none of them."""
    public = Award.objects.exclude(status=Award.Status.PENDING).order_by("case__number")
    names = [name for name, _, _ in FIELDS]
    sources = [source for _, source, _ in FIELDS]
    for *row, private in public.values_list(*sources, "private").iterator(_BATCH):
        if private:
            row[names.index("decision")] = None
        yield tuple(row)


def _csv(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow([name for name, _, _ in FIELDS])
        for row in _rows():
            writer.writerow([_harmless(value) for value in row])


def _harmless(value: Any) -> Any:
    """Keep a spreadsheet from reading text as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _geojson(path: Path) -> None:
    with path.open("w", encoding="utf-8") as handle:
        handle.write('{"type": "FeatureCollection", "features": [')
        for index, row in enumerate(_rows()):
            data = dict(zip([name for name, _, _ in FIELDS], row, strict=True))
            latitude, longitude = data.pop("latitude"), data.pop("longitude")
            placed = latitude is not None and longitude is not None
            geometry = {"type": "Point", "coordinates": [longitude, latitude]} if placed else None
            feature = {"type": "Feature", "id": data["number"], "geometry": geometry, "properties": data}
            handle.write((",\n" if index else "\n") + json.dumps(feature, ensure_ascii=False, default=str))
        handle.write("\n]}\n")


def _geoparquet(path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {"latitude": pa.float64(), "longitude": pa.float64(), "starts": pa.date32(), "ends": pa.date32()}
    kinds |= {"band_low_mhz": pa.float64(), "band_high_mhz": pa.float64()}
    columns = [
        pa.field(name, kinds.get(name, pa.string()), metadata={"description": text})
        for name, _, text in FIELDS
    ]
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
    }
    metadata = {"geo": json.dumps(geo), "licence": LICENCE}
    schema = pa.schema([*columns, pa.field("geometry", pa.binary())], metadata=metadata)
    names = [name for name, _, _ in FIELDS]
    latitude, longitude = names.index("latitude"), names.index("longitude")
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        batch: list[tuple[Any, ...]] = []
        for row in _rows():
            batch.append((*row, _point(row[longitude], row[latitude])))
            if len(batch) == _BATCH:
                writer.write_table(_table(batch, schema))
                batch = []
        writer.write_table(_table(batch, schema))


def _table(batch: list[tuple[Any, ...]], schema: Any) -> Any:
    import pyarrow as pa

    columns = list(zip(*batch, strict=True)) if batch else [()] * len(schema.names)
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _point(longitude: float | None, latitude: float | None) -> bytes | None:
    """Return a point as well-known binary, little-endian."""
    if longitude is None or latitude is None:
        return None
    return struct.pack("<BIdd", 1, 1, longitude, latitude)
