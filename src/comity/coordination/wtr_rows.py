"""One row of the Wireless Telegraphy Register: columns by header names old and new, values checked in one pass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from comity.coordination.register_file import repeated
from comity.coordination.register_rows import HIGHEST_M, LOWEST_M
from comity.coordination.wtr_values import decimal_degrees, megahertz, normalised, number, within
from comity.errors import ComityError, Problem

#: What we need, by our name: the header's spellings, newest first.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "licence": ("Licence Number",),
    "company": ("Licencee Company", "Licensee Company"),
    "station_type": ("Station Type",),
    "frequency": ("Frequency (Hz)", "Frequency"),
    "frequency_unit": ("Frequency Type",),
    "width": ("Channel Width (Hz)", "Channel Width"),
    "width_unit": ("Channel Width type",),
    "latitude": ("Latitude(Deg)",),
    "longitude": ("Longitude(Deg)",),
    "lat_side": ("SID_LAT_N_S",),
    "lat_deg": ("SID_LAT_DEG",),
    "lat_min": ("SID_LAT_MIN",),
    "lat_sec": ("SID_LAT_SEC",),
    "lon_side": ("SID_LONG_E_W",),
    "lon_deg": ("SID_LONG_DEG",),
    "lon_min": ("SID_LONG_MIN",),
    "lon_sec": ("SID_LONG_SEC",),
    "height": ("Antenna Height",),
    "power": ("Antenna ERP",),
    "power_unit": ("Antenna ERP Unit",),
    "power_type": ("Antenna ERP Type",),
    "gain": ("Antenna Gain",),
    "azimuth": ("Antenna AZIMUTH", "Antenna Direction"),
    "elevation": ("Antenna Elevation",),
    "location": ("Antenna Location",),
    "polarisation": ("Antenna Polarisation",),
    "feeder": ("Feeding Loss",),
    "status": ("Status",),
    "code": ("Product Description 31", "Product Code"),
    "product": ("Product Description",),
    # No column of the official file: whoever knows the group of a licence may add it.
    "sync_group": ("sync_group",),
}
_NEEDED = ("licence", "station_type", "frequency", "width", "lat_deg", "lon_deg", "product")

FIXED_LINKS = ("301010",)
EARTH_STATIONS = ("306040", "551020")
#: Antenna height above ground where the register gives none [m]: an assumption, noted row by row.
ASSUMED_HEIGHT_M = 10.0
_EARTH_WORDS = re.compile(r"earth station|\broes\b|receive only", re.I)
_LINK_WORDS = re.compile(r"fixed link", re.I)
_SHARED_WORDS = re.compile(r"shared access", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """One emission, with its numbers turned into units."""

    line: int
    licence: str
    holder: str
    product: str
    sends: bool
    centre_mhz: float
    width_mhz: float
    latitude_deg: float
    longitude_deg: float
    height_m: float
    values: Mapping[str, str]

    @property
    def low_mhz(self) -> float:
        """Lower edge of the emission [MHz]."""
        return self.centre_mhz - self.width_mhz / 2.0

    @property
    def high_mhz(self) -> float:
        """Upper edge of the emission [MHz]."""
        return self.centre_mhz + self.width_mhz / 2.0

    @property
    def key(self) -> tuple[str, float]:
        """Licence and frequency: rows that agree in both belong together."""
        return self.licence, self.centre_mhz


def resolve(name: str, header: list[str]) -> dict[str, str]:
    """Return the header's spelling of each column of ours that it has; a needed one that it lacks is an error."""
    known = {normalised(cell): cell for cell in reversed(header)}
    column = {}
    for ours, spellings in HEADERS.items():
        hits = [known[normalised(s)] for s in spellings if normalised(s) in known]
        if hits:
            column[ours] = hits[0]
    problems = [
        Problem(f"{name}, row 1", f"there is no column for {m}", " or ".join(HEADERS[m]))
        for m in _NEEDED
        if m not in column
    ]
    twice = repeated([normalised(cell) for cell in header])
    problems += [
        Problem(f"{name}, row 1, {theirs}", "this column is given more than once", "each column once")
        for theirs in column.values()
        if normalised(theirs) in twice
    ]
    if problems:
        raise ComityError(f"{name} is not a Wireless Telegraphy Register", problems)
    return column


def _kind(values: Mapping[str, str]) -> str:
    code, text = values.get("code", ""), values.get("product", "")
    if code in FIXED_LINKS or _LINK_WORDS.search(text):
        return "fixed_link"
    if code in EARTH_STATIONS or _EARTH_WORDS.search(text):
        return "earth_station"
    return "network" if _SHARED_WORDS.search(text) else ""


def read_row(
    name: str,
    line: int,
    values: Mapping[str, str],
    problems: list[Problem],
    assumed: list[Problem],
    low_mhz: float,
    high_mhz: float,
) -> Row | None:
    """Return one row if it is of a product and in the band; what of it cannot be read is a problem."""
    product = _kind(values)
    centre = megahertz(values.get("frequency", ""), values.get("frequency_unit"))
    width = megahertz(values.get("width", ""), values.get("width_unit")) or 0.0
    known = centre is not None and centre > 0.0
    if not product or (known and not _meets(centre or 0.0, width, low_mhz, high_mhz)):
        return None
    latitude, longitude = _degrees(values, "lat", 90.0), _degrees(values, "lon", 180.0)
    kind = values["station_type"].strip().upper()
    wanted = (
        ("Frequency", known, "a frequency above 0 with its unit: Hz, kHz, MHz or GHz"),
        ("latitude", latitude is not None, "-90 to 90 deg"),
        ("longitude", longitude is not None, "-180 to 180 deg"),
        ("Channel Width", width > 0.0, "a width above 0 with its unit: Hz, kHz, MHz or GHz"),
        ("Station Type", kind in ("T", "R"), "T or R"),
    )
    wrong = [
        Problem(f"{name}, row {line}, {label}", "missing or unusable: the row is left out", accepted)
        for label, usable, accepted in wanted
        if not usable
    ]
    problems += wrong
    if wrong or centre is None or latitude is None or longitude is None:
        return None
    return Row(
        line=line,
        licence=values["licence"].strip(),
        holder=_holder(values.get("company", "")),
        product=product,
        sends=kind == "T",
        centre_mhz=centre,
        width_mhz=width,
        latitude_deg=latitude,
        longitude_deg=longitude,
        height_m=_height_m(name, line, values, assumed),
        values=values,
    )


def _meets(centre_mhz: float, width_mhz: float, low_mhz: float, high_mhz: float) -> bool:
    half = abs(width_mhz) / 2.0
    return centre_mhz + half > low_mhz and centre_mhz - half < high_mhz


def _degrees(values: Mapping[str, str], axis: str, most: float) -> float | None:
    """Return a latitude or longitude: the decimal column's, where it is empty that of degrees and minutes."""
    decimal = values.get("latitude" if axis == "lat" else "longitude", "").strip()
    if decimal not in ("", "-"):
        return within(decimal, -most, most)
    found = decimal_degrees(*(values.get(f"{axis}_{part}") for part in _PARTS))
    return found if found is not None and abs(found) <= most else None


def _height_m(name: str, line: int, values: Mapping[str, str], problems: list[Problem]) -> float:
    """Return the antenna height; where it is missing or off the models' range, an assumed one, noted."""
    height = number(values.get("height"))
    if height is not None and LOWEST_M <= height <= HIGHEST_M:
        return height
    low = height is not None and 0.0 < height < LOWEST_M
    assumed = LOWEST_M if low else ASSUMED_HEIGHT_M
    given = "missing" if height is None else f"{height:g} m"
    problems.append(
        Problem(
            f"{name}, row {line}, Antenna Height",
            f"{given}: {assumed:g} m is assumed",
            f"{LOWEST_M:g} to {HIGHEST_M:g} m above ground",
        )
    )
    return assumed


def bounded(
    name: str, row: Row, ours: str, bounds: tuple[float, float], problems: list[Problem]
) -> float | None:
    """Return a number of a row, ``None`` where it has none; one that is out of range is noted and taken as none."""
    text = row.values.get(ours, "").strip()
    value = within(text, *bounds)
    if value is None and text not in ("", "-"):
        accepted = f"{bounds[0]:g} to {bounds[1]:g}"
        place = f"{name}, row {row.line}, {HEADERS[ours][0]}"
        problems.append(Problem(place, f"{text!r} is out of range: taken as not given", accepted))
    return value


_PARTS = ("deg", "min", "sec", "side")


def _holder(company: str) -> str:
    return company.strip() if company.strip() not in ("", "-") else "a person"
