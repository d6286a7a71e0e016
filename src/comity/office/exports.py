"""The public register as files: CSV, GeoJSON (RFC 7946), GeoParquet, with field descriptions, licence and the log.

Only what is named in ``FIELDS`` leaves the office; an award's record, its applicant's account and its contact data
are not even read. ``log/`` is the whole log at the moment of the export, so that ``comity register verify`` can check
the tables against it.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import struct
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from comity.errors import ComityError
from comity.office.cases.database import one_moment
from comity.office.cases.models import Award
from comity.office.ledger.models import Entry
from comity.office.ledger.services import signer
from comity.register.log import Log

Progress = Callable[[int, int], None]
LICENCE = "CC-BY-4.0"

#: Column, where it comes from, and what it means.
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("number", "case__number", "case number in the register"),
    ("programme", "programme", "programme: spectrum, cities, talent"),
    ("regime", "regime", "rule pack under which it was decided"),
    ("status", "status", "in_force or ended"),
    ("holder", "holder", "holder as published; private individuals are not named"),
    ("place", "place", "name of the site or place"),
    ("latitude", "latitude", "latitude of the site's centre, WGS 84 [deg]"),
    ("longitude", "longitude", "longitude of the site's centre, WGS 84 [deg]"),
    ("band_low_mhz", "band_low_mhz", "lower channel edge [MHz]"),
    ("band_high_mhz", "band_high_mhz", "upper channel edge [MHz]"),
    ("starts", "starts", "first day"),
    ("ends", "ends", "last day; empty: continuing"),
    ("decision", "decision__identity", "SHA-256 of the decision's canonical JSON"),
)
_BATCH = 5_000


def export(folder: Path, progress: Progress | None = None) -> list[Path]:
    """Write every format into ``folder``; returns the paths.

    Raises
    ------
    ComityError
        If the disk refuses; files of an earlier export are then still whole.
    """
    writers = {"register.csv": _csv, "register.geojson": _geojson, "register.parquet": _geoparquet}
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with one_moment():
            for number, (name, write) in enumerate(writers.items()):
                temporary = folder / f".{name}.part"
                write(temporary)
                paths.append(temporary.replace(folder / name))
                if progress:
                    progress(number + 1, len(writers) + 1)
            paths.append(_log(folder))
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


def _rows() -> Iterator[tuple[Any, ...]]:
    public = Award.objects.exclude(status=Award.Status.PENDING).order_by("case__number")
    yield from public.values_list(*(source for _, source, _ in FIELDS)).iterator(_BATCH)


def _log(folder: Path) -> Path:
    """Write the log anew from the entries of this moment, signed; an earlier export's log is replaced at the end."""
    temporary, target = folder / ".log.part", folder / "log"
    shutil.rmtree(temporary, ignore_errors=True)
    copy = Log(temporary, signer())
    copy.create()
    entries = Entry.objects.order_by("index").values_list("data", flat=True).iterator(_BATCH)
    while part := [bytes(data) for data in islice(entries, _BATCH)]:
        copy.append(part)
    (temporary / ".lock").unlink()
    shutil.rmtree(target, ignore_errors=True)
    return temporary.replace(target)


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
