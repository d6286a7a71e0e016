"""Read files of any accepted form into grids, all their errors in one pass."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from comity.errors import ComityError, MissingError, Problem
from comity.terrain.edition import Kind
from comity.terrain.source import Source

ACCEPTED = "GeoTIFF (.tif), Esri ASCII grid (.asc), SRTM (.hgt), a .zip of these two; a coastline as .geojson"
_LARGEST_MEMBER = 512 * 2**20
Bounds = tuple[float, float, float, float]


def read_files(
    paths: Sequence[Path],
    kind: Kind = "height",
    *,
    crs: str | None = None,
    accuracy_m: float = 3000.0,
    bounds: Bounds | None = None,
) -> list[Source]:
    """Return the grids in ``paths``; tiles that touch are joined.

    Parameters
    ----------
    paths : files
    kind : what they hold
    crs : coordinate reference system, where a file does not tell
    accuracy_m, bounds : of a coastline, see :func:`comity.terrain.coast.read_coastline`

    Raises
    ------
    ComityError : with every problem of every file
    """
    from comity.terrain.mosaic import join

    problems: list[Problem] = []
    found: list[Source] = []
    if crs is not None:
        _check_crs(crs, problems)
    missing = [p for p in paths if not p.is_file()]
    if missing:
        raise MissingError("no such file", [Problem(str(p), "is not a file", ACCEPTED) for p in missing])
    for path in paths:
        found += _read(path, kind, crs, accuracy_m, bounds, problems)
    if problems:
        raise ComityError(
            f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in the files; nothing was added",
            problems,
        )
    return join(found)


def _read(
    path: Path, kind: Kind, crs: str | None, accuracy_m: float, bounds: Bounds | None, problems: list[Problem]
) -> list[Source]:
    suffix = path.suffix.lower()
    one: Source | None = None
    if kind == "coastline":
        from comity.terrain.coast import read_coastline

        one = read_coastline(path, accuracy_m, bounds, problems)
    elif suffix == ".asc":
        one = _asc(path.name, path.read_bytes(), crs or _prj(path.with_suffix(".prj")), problems)
    elif suffix == ".hgt":
        from comity.terrain.hgt import read_hgt

        one = read_hgt(path.name, path.read_bytes(), problems)
    elif suffix == ".zip":
        return _zip(path.name, path.read_bytes(), crs, problems)
    elif suffix in (".tif", ".tiff"):
        from comity.terrain.geotiff import read_geotiff

        one = read_geotiff(path, crs, problems)
    else:
        problems.append(Problem(path.name, f"is of no known form ({suffix or 'no suffix'})", ACCEPTED))
    return [one] if one else []


def _asc(name: str, content: bytes, crs: str | None, problems: list[Problem]) -> Source | None:
    from comity.terrain.esri_ascii import read_asc

    try:
        return read_asc(name, content.decode("ascii"), crs, problems)
    except UnicodeDecodeError:
        problems.append(Problem(name, "is no text", "an Esri ASCII grid"))
        return None


def _zip(name: str, content: bytes, crs: str | None, problems: list[Problem], depth: int = 0) -> list[Source]:
    """Return the .asc and .hgt grids in a zip, and in zips inside it, as the OS Terrain 50 download has them."""
    found: list[Source] = []
    before = len(problems)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {m.filename: m for m in archive.infolist() if not m.is_dir()}
            for inner, member in members.items():
                label, suffix = f"{name}:{inner}", Path(inner).suffix.lower()
                if suffix not in (".asc", ".hgt", ".zip"):
                    continue
                if member.file_size > _LARGEST_MEMBER:
                    problems.append(
                        Problem(label, f"unpacks to {member.file_size} bytes", f"at most {_LARGEST_MEMBER}")
                    )
                    continue
                data = archive.read(member)
                one: Source | None = None
                if suffix == ".zip" and depth == 0:
                    found += _zip(label, data, crs, problems, 1)
                elif suffix == ".asc":
                    sibling = inner[:-4] + ".prj"
                    told = archive.read(sibling).decode("utf-8", "replace") if sibling in members else None
                    one = _asc(label, data, crs or _wkt(told), problems)
                elif suffix == ".hgt":
                    from comity.terrain.hgt import read_hgt

                    one = read_hgt(label, data, problems)
                if one:
                    found.append(one)
    except (zipfile.BadZipFile, RuntimeError, OSError) as error:
        problems.append(Problem(name, f"cannot be unpacked: {error}", "a zip of .asc or .hgt files"))
    if not found and len(problems) == before and depth == 0:
        problems.append(Problem(name, "holds no .asc and no .hgt", ACCEPTED))
    return found


def _prj(path: Path) -> str | None:
    return _wkt(path.read_text(encoding="utf-8", errors="replace")) if path.is_file() else None


def _wkt(text: str | None) -> str | None:
    """Return the CRS in the text of a .prj file, as ``EPSG:CODE`` where it is known; None where it cannot be read."""
    if not text:
        return None
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(text.strip())
    except CRSError:
        return None
    code = system.to_epsg()
    return f"EPSG:{code}" if code else str(system.to_wkt())


def _check_crs(crs: str, problems: list[Problem]) -> None:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS.from_user_input(crs)
    except CRSError:
        problems.append(
            Problem("--crs", f"{crs!r} is no coordinate reference system", "EPSG:CODE, WKT or a PROJ string")
        )
