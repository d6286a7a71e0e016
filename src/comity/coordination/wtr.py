"""Import of Ofcom's Wireless Telegraphy Register (WTR.csv), by header names old and new.

The register has one row for each emission; a fixed link is a transmitting and a receiving row of one licence on
one frequency. Names of persons are not taken over: a licence without a company belongs to "a person".
Contains Ofcom information licensed under the Open Government Licence v3.0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from comity.coordination.incumbents import EarthStation, FixedLink, Incumbents, LinkEnd
from comity.coordination.network import Network, Provenance, Receiver, Terminals, Transmitter
from comity.coordination.register_file import read_bytes, read_rows
from comity.coordination.register_rows import DISH_GAIN_DBI, LINK_EIRP_DBM, STATION_EIRP_DBM
from comity.coordination.wtr_rows import Row, bounded, read_row, resolve
from comity.coordination.wtr_values import eirp_dbm, number, polarisation
from comity.errors import Problem

#: Ranges of the gain of a base station's antenna [dBi] and of the loss of a feeder [dB].
_STATION_GAIN_DBI, _FEEDER_DB = (-20.0, 60.0), (0.0, 50.0)
_POWER = "a power in W or dBW that a station can have"


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
    column = {ours: header.index(theirs) for ours, theirs in resolve(file.name, header).items()}
    sha256 = hashlib.sha256(raw).hexdigest()
    found = []
    for line, cells in body:
        values = {ours: cells[i] if i < len(cells) else "" for ours, i in column.items()}
        row = read_row(file.name, line, values, problems, assumed, low_mhz, high_mhz)
        if row is not None:
            found.append(row)
    by_product = {
        name: [row for row in found if row.product == name]
        for name in ("fixed_link", "earth_station", "network")
    }
    register = Incumbents(
        networks=tuple(_networks(file.name, by_product["network"], sha256, problems, assumed, sync_group)),
        earth_stations=tuple(_earth_stations(file.name, by_product["earth_station"], sha256, assumed)),
        fixed_links=tuple(_links(file.name, by_product["fixed_link"], sha256, problems, assumed)),
        sources=((file.name, sha256),),
        unusable=len(problems),
        assumed=tuple(assumed),
    )
    return register, tuple(problems)


def _groups(rows: Iterable[Row]) -> dict[tuple[str, float], list[Row]]:
    groups: dict[tuple[str, float], list[Row]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    return groups


def _name(row: Row) -> str:
    return f"{row.licence}@{row.centre_mhz:g}"


def _networks(
    name: str,
    rows: list[Row],
    sha256: str,
    problems: list[Problem],
    assumed: list[Problem],
    sync_group: str | None,
) -> Iterable[Network]:
    for group in _groups(row for row in rows if row.sends).values():
        stations, gains = [], []
        for i, row in enumerate(group, start=1):
            power = eirp_dbm(*(row.values.get(k, "") for k in ("power", "power_unit", "power_type")))
            if power is None or not STATION_EIRP_DBM[0] <= power <= STATION_EIRP_DBM[1]:
                place = f"{name}, row {row.line}, Antenna ERP"
                said = "missing, without a unit" if power is None else f"{power:g} dBm is out of range"
                problems.append(Problem(place, f"{said}: the row is left out", _POWER))
                continue
            gains.append(bounded(name, row, "gain", _STATION_GAIN_DBI, assumed))
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


def _sync_group(name: str, group: list[Row], assumed: list[Problem], default: str | None) -> str | None:
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


def _earth_stations(
    name: str, rows: list[Row], sha256: str, assumed: list[Problem]
) -> Iterable[EarthStation]:
    for group in _groups(row for row in rows if not row.sends).values():
        for i, row in enumerate(group):
            yield EarthStation(
                id=_name(row) + (f"#{i + 1}" if i else ""),
                holder=row.holder,
                latitude_deg=row.latitude_deg,
                longitude_deg=row.longitude_deg,
                height_m=row.height_m,
                low_mhz=row.low_mhz,
                high_mhz=row.high_mhz,
                azimuth_deg=bounded(name, row, "azimuth", (0.0, 360.0), assumed),
                elevation_deg=bounded(name, row, "elevation", (0.0, 90.0), assumed),
                gain_dbi=bounded(name, row, "gain", DISH_GAIN_DBI, assumed),
                bandwidth_mhz=min(row.width_mhz, 1.0),
                feeder_loss_db=bounded(name, row, "feeder", _FEEDER_DB, assumed) or 0.0,
                polarisation=polarisation(row.values.get("polarisation", "")),
                source=Provenance(name, row.line, sha256),
            )


def _links(
    name: str, rows: list[Row], sha256: str, problems: list[Problem], assumed: list[Problem]
) -> Iterable[FixedLink]:
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
        power = eirp_dbm(*(sender.values.get(k, "") for k in ("power", "power_unit", "power_type")))
        if power is not None and not LINK_EIRP_DBM[0] <= power <= LINK_EIRP_DBM[1]:
            place = f"{name}, row {sender.line}, Antenna ERP"
            assumed.append(Problem(place, f"{power:g} dBm is out of range: taken as not given", _POWER))
            power = None
        yield FixedLink(
            id=_name(first),
            holder=first.holder,
            transmitter=_end(name, sender, assumed),
            receiver=_end(name, hearer, assumed),
            low_mhz=hearer.low_mhz,
            high_mhz=hearer.high_mhz,
            eirp_dbm=power,
            polarisation=polarisation(hearer.values.get("polarisation", "")),
            source=Provenance(name, hearer.line, sha256),
        )


def _end(name: str, row: Row, assumed: list[Problem]) -> LinkEnd:
    gain = bounded(name, row, "gain", DISH_GAIN_DBI, assumed) or 0.0
    feeder = bounded(name, row, "feeder", _FEEDER_DB, assumed) or 0.0
    return LinkEnd(row.latitude_deg, row.longitude_deg, row.height_m, gain, feeder)
