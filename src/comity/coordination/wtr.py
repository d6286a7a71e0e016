"""Import of Ofcom's Wireless Telegraphy Register (WTR.csv), by header names old and new.

The register has one row for each emission; a fixed link is a transmitting and a receiving row of one licence on
one frequency. Names of persons are not taken over: a licence without a company belongs to "a person".
Contains Ofcom information licensed under the Open Government Licence v3.0.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.coordination.incumbents import EarthStation, FixedLink, Incumbents, LinkEnd
from comity.coordination.network import Network, Provenance, Receiver, Terminals, Transmitter
from comity.coordination.register_file import read_bytes, read_rows
from comity.coordination.register_rows import LOWEST_M
from comity.coordination.wtr_values import (
    decimal_degrees,
    eirp_dbm,
    megahertz,
    normalised,
    number,
    polarisation,
)
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
class _Row:
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
        return self.centre_mhz - self.width_mhz / 2.0

    @property
    def high_mhz(self) -> float:
        return self.centre_mhz + self.width_mhz / 2.0

    @property
    def key(self) -> tuple[str, float]:
        return self.licence, self.centre_mhz


def import_wtr(
    path: str | Path,
    low_mhz: float = 3_800.0,
    high_mhz: float = 4_200.0,
    sync_group: str | None = None,
) -> tuple[Incumbents, tuple[Problem, ...]]:
    """Return what the register holds in a band, and every row of the band that could not be used.

    Parameters
    ----------
    path : ``WTR.csv`` as Ofcom publishes it
    low_mhz, high_mhz : band; fixed links, earth stations and shared access licences that meet it are taken
    sync_group : group of synchronised networks to which every shared access licence belongs whose rows name none in
        a column ``sync_group``; the official file has no such column, and without either a licence belongs to no
        group: it counts as synchronised with nobody

    Returns
    -------
    Incumbents, and problems with row and column: rows left out protect nobody, so they must be looked at. Rows
    without a usable antenna height are taken with an assumed one, and named in the register's ``assumed``
    """
    file = Path(path)
    raw = read_bytes(file)
    problems: list[Problem] = []
    assumed: list[Problem] = []
    header, body = read_rows(file.name, raw, problems)
    column = {ours: header.index(theirs) for ours, theirs in _resolve(file.name, header).items()}
    sha256 = hashlib.sha256(raw).hexdigest()
    found = []
    for line, cells in body:
        values = {ours: cells[i] if i < len(cells) else "" for ours, i in column.items()}
        row = _row(file.name, line, values, problems, assumed, low_mhz, high_mhz)
        if row is not None:
            found.append(row)
    by_product = {
        name: [row for row in found if row.product == name]
        for name in ("fixed_link", "earth_station", "network")
    }
    register = Incumbents(
        networks=tuple(_networks(file.name, by_product["network"], sha256, problems, assumed, sync_group)),
        earth_stations=tuple(_earth_stations(file.name, by_product["earth_station"], sha256)),
        fixed_links=tuple(_links(file.name, by_product["fixed_link"], sha256, problems)),
        sources=((file.name, sha256),),
        unusable=len(problems),
        assumed=tuple(assumed),
    )
    return register, tuple(problems)


def _resolve(name: str, header: list[str]) -> dict[str, str]:
    known = {normalised(cell): cell for cell in reversed(header)}
    column = {}
    for ours, spellings in HEADERS.items():
        hits = [known[normalised(s)] for s in spellings if normalised(s) in known]
        if hits:
            column[ours] = hits[0]
    missing = [ours for ours in _NEEDED if ours not in column]
    if missing:
        problems = [
            Problem(f"{name}, row 1", f"there is no column for {m}", " or ".join(HEADERS[m])) for m in missing
        ]
        raise ComityError(f"{name} is not a Wireless Telegraphy Register", problems)
    return column


def _kind(values: Mapping[str, str]) -> str:
    code, text = values.get("code", ""), values.get("product", "")
    if code in FIXED_LINKS or _LINK_WORDS.search(text):
        return "fixed_link"
    if code in EARTH_STATIONS or _EARTH_WORDS.search(text):
        return "earth_station"
    return "network" if _SHARED_WORDS.search(text) else ""


def _row(
    name: str,
    line: int,
    values: Mapping[str, str],
    problems: list[Problem],
    assumed: list[Problem],
    low_mhz: float,
    high_mhz: float,
) -> _Row | None:
    """Return one row if it is of a product and in the band; a row of the band without a place is a problem."""
    product = _kind(values)
    centre = megahertz(values.get("frequency", ""), values.get("frequency_unit"))
    width = megahertz(values.get("width", ""), values.get("width_unit")) or 0.0
    if not product or centre is None or centre + width / 2.0 <= low_mhz or centre - width / 2.0 >= high_mhz:
        return None
    latitude = number(values.get("latitude")) or decimal_degrees(*(values.get(f"lat_{p}") for p in _PARTS))
    longitude = number(values.get("longitude")) or decimal_degrees(*(values.get(f"lon_{p}") for p in _PARTS))
    for label, value in (("latitude", latitude), ("longitude", longitude), ("Channel Width", width or None)):
        if value is None:
            problems.append(
                Problem(f"{name}, row {line}, {label}", "missing: the row is left out", "a number")
            )
    if latitude is None or longitude is None or not width:
        return None
    return _Row(
        line=line,
        licence=values["licence"].strip(),
        holder=_holder(values.get("company", "")),
        product=product,
        sends=values["station_type"].strip().upper() == "T",
        centre_mhz=centre,
        width_mhz=width,
        latitude_deg=latitude,
        longitude_deg=longitude,
        height_m=_height_m(name, line, values, assumed),
        values=values,
    )


def _height_m(name: str, line: int, values: Mapping[str, str], problems: list[Problem]) -> float:
    """Return the antenna height; where it is missing or too low for the models, an assumed one, noted."""
    height = number(values.get("height"))
    if height is not None and height >= LOWEST_M:
        return height
    assumed = ASSUMED_HEIGHT_M if height is None or height <= 0.0 else LOWEST_M
    given = "missing" if height is None else f"{height:g} m"
    problems.append(
        Problem(
            f"{name}, row {line}, Antenna Height",
            f"{given}: {assumed:g} m is assumed",
            "1 m or more above ground",
        )
    )
    return assumed


_PARTS = ("deg", "min", "sec", "side")


def _holder(company: str) -> str:
    return company.strip() if company.strip() not in ("", "-") else "a person"


def _groups(rows: Iterable[_Row]) -> dict[tuple[str, float], list[_Row]]:
    groups: dict[tuple[str, float], list[_Row]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    return groups


def _name(row: _Row) -> str:
    return f"{row.licence}@{row.centre_mhz:g}"


def _networks(
    name: str,
    rows: list[_Row],
    sha256: str,
    problems: list[Problem],
    assumed: list[Problem],
    sync_group: str | None,
) -> Iterable[Network]:
    for group in _groups(row for row in rows if row.sends).values():
        stations, gains = [], []
        for i, row in enumerate(group, start=1):
            power = eirp_dbm(*(row.values.get(k, "") for k in ("power", "power_unit", "power_type")))
            if power is None:
                place = f"{name}, row {row.line}, Antenna ERP"
                problems.append(
                    Problem(place, "power or its unit is missing: the row is left out", "a power in W or dBW")
                )
                continue
            gains.append(number(row.values.get("gain")))
            stations.append(
                Transmitter(
                    id=str(i),
                    latitude_deg=row.latitude_deg,
                    longitude_deg=row.longitude_deg,
                    height_m=row.height_m,
                    eirp_dbm=power,
                    azimuth_deg=(number(row.values.get("azimuth")) or 0.0) % 360.0,
                    indoor="indoor" in row.values.get("location", "").lower(),
                )
            )
        if stations:
            first = group[0]
            yield Network(
                id=_name(first),
                holder=first.holder,
                status="in_force",
                low_mhz=first.low_mhz,
                high_mhz=first.high_mhz,
                transmitters=tuple(stations),
                receivers=tuple(_receiver(t, gain) for t, gain in zip(stations, gains, strict=True)),
                terminals=Terminals(),
                sync_group=_sync_group(name, group, assumed, sync_group),
                source=Provenance(name, first.line, sha256),
            )


def _sync_group(name: str, group: list[_Row], assumed: list[Problem], default: str | None) -> str | None:
    """Return the synchronisation group that the rows of a licence name; none where they contradict each other."""
    given = {text for row in group if (text := row.values.get("sync_group", "").strip()) not in ("", "-")}
    if len(given) > 1:
        place, named = f"{name}, row {group[0].line}, sync_group", ", ".join(sorted(given))
        message = f"the rows of one licence name {named}: synchronised with nobody is assumed"
        assumed.append(Problem(place, message, "one group a licence and frequency"))
        return None
    return given.pop() if given else default


def _receiver(station: Transmitter, gain_dbi: float | None) -> Receiver:
    """Return the receiver of a base station; without a gain in the register it has the policy's."""
    return Receiver(
        id=station.id,
        latitude_deg=station.latitude_deg,
        longitude_deg=station.longitude_deg,
        height_m=station.height_m,
        azimuth_deg=station.azimuth_deg,
        indoor=station.indoor,
        gain_dbi=gain_dbi,
    )


def _earth_stations(name: str, rows: list[_Row], sha256: str) -> Iterable[EarthStation]:
    for group in _groups(row for row in rows if not row.sends).values():
        for i, row in enumerate(group):
            azimuth, elevation = number(row.values.get("azimuth")), number(row.values.get("elevation"))
            yield EarthStation(
                id=_name(row) + (f"#{i + 1}" if i else ""),
                holder=row.holder,
                latitude_deg=row.latitude_deg,
                longitude_deg=row.longitude_deg,
                height_m=row.height_m,
                low_mhz=row.low_mhz,
                high_mhz=row.high_mhz,
                azimuth_deg=azimuth,
                elevation_deg=elevation,
                gain_dbi=number(row.values.get("gain")),
                bandwidth_mhz=min(row.width_mhz, 1.0),
                feeder_loss_db=number(row.values.get("feeder")) or 0.0,
                polarisation=polarisation(row.values.get("polarisation", "")),
                source=Provenance(name, row.line, sha256),
            )


def _links(name: str, rows: list[_Row], sha256: str, problems: list[Problem]) -> Iterable[FixedLink]:
    for group in _groups(rows).values():
        senders, hearers = [r for r in group if r.sends], [r for r in group if not r.sends]
        first = group[0]
        if len(senders) != 1 or len(hearers) != 1:
            message = f"licence {first.licence} has {len(senders)} sending and {len(hearers)} receiving ends: left out"
            problems.append(
                Problem(f"{name}, row {first.line}, Station Type", message, "one T row and one R row")
            )
            continue
        sender, hearer = senders[0], hearers[0]
        yield FixedLink(
            id=_name(first),
            holder=first.holder,
            transmitter=_end(sender),
            receiver=_end(hearer),
            low_mhz=hearer.low_mhz,
            high_mhz=hearer.high_mhz,
            eirp_dbm=eirp_dbm(*(sender.values.get(k, "") for k in ("power", "power_unit", "power_type"))),
            polarisation=polarisation(hearer.values.get("polarisation", "")),
            source=Provenance(name, hearer.line, sha256),
        )


def _end(row: _Row) -> LinkEnd:
    gain = number(row.values.get("gain")) or 0.0
    return LinkEnd(
        row.latitude_deg, row.longitude_deg, row.height_m, gain, number(row.values.get("feeder")) or 0.0
    )
