"""From rows of a register file to networks, earth stations and fixed links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from comity.coordination.incumbents import EarthStation, FixedLink, LinkEnd
from comity.coordination.network import Area, Network, Polygon, Provenance, TddFrame, Terminals, Transmitter
from comity.coordination.reading import Reading
from comity.errors import ComityError, Problem

if TYPE_CHECKING:
    from comity.antennas.spec import Use

STATION = (
    *("station", "latitude", "longitude", "height_m", "eirp_dbm", "azimuth_deg", "tilt_deg", "indoor"),
    *("building", "antenna", "polarisation"),
)
NETWORK = (
    *("kind", "id", "holder", "status", "priority_date", "priority_order", "low_mhz", "high_mhz"),
    *("tdd_pattern", "special_slot", "subcarrier_spacing_khz", "clock", "frame_offset_us", "sync_group"),
    *("site_latitude", "site_longitude", "site_radius_m", "site_polygon"),
    *("terminals", "terminal_eirp_dbm", "terminal_height_m", "terminals_indoor", "simultaneous_terminals"),
)
EARTH_STATION = (
    *("kind", "id", "holder", "latitude", "longitude", "height_m", "low_mhz", "high_mhz", "azimuth_deg"),
    *("elevation_deg", "antenna", "gain_dbi", "noise_temperature_k", "bandwidth_mhz", "feeder_loss_db"),
    "polarisation",
)
FIXED_LINK = (
    *("kind", "id", "holder", "latitude", "longitude", "height_m", "gain_dbi", "eirp_dbm", "low_mhz"),
    *("high_mhz", "rx_latitude", "rx_longitude", "rx_height_m", "rx_gain_dbi", "antenna", "noise_figure_db"),
    *("feeder_loss_db", "polarisation", "zone"),
)
#: The path models take no antenna lower than this above ground [m] (P.1812-8, table 1).
LOWEST_M = 1.0
HIGHEST_M = 1_000.0
#: Range of the EIRP of a station and of a fixed link [dBm], and of the gain of a dish [dBi].
STATION_EIRP_DBM, LINK_EIRP_DBM, DISH_GAIN_DBI = (-60.0, 80.0), (-60.0, 110.0), (0.0, 80.0)
_POLARISATIONS = ("vertical", "horizontal", "slant")
_BUILDINGS = ("traditional", "thermally_efficient")
_SPACINGS = ("15", "30", "60", "120")


def network(head: Reading, stations: list[Reading], source: Provenance) -> Network:
    """Return a network from its own row and one row a station (the same row in a CSV file)."""
    low, high = _band(head)
    radius = head.optional("site_radius_m", 0.1, 100_000.0, "m")
    ring = head.corners("site_polygon")
    found = tuple(_station(reading, i, (low + high) / 2.0) for i, reading in enumerate(stations))
    status, day = head.choice("status", ("in_force", "pending"), "in_force"), head.day("priority_date")
    if status == "pending" and not head.has("priority_date"):
        head.wrong("priority_date", "missing: a pending application ranks by its date", "YYYY-MM-DD")
    return Network(
        id=head.text("id", required=True),
        holder=head.text("holder"),
        status=status,
        low_mhz=low,
        high_mhz=high,
        transmitters=found,
        terminals=_terminals(head),
        tdd=_frame(head),
        area=_area(head, found, radius, ring),
        priority_date=day,
        priority_order=int(head.optional("priority_order", 0, 10**9, "") or 0),
        sync_group=head.text("sync_group") or None,
        source=source,
    )


def earth_station(row: Reading, source: Provenance) -> EarthStation:
    """Return an earth station."""
    low, high = _band(row)
    return EarthStation(
        id=row.text("id", required=True),
        holder=row.text("holder"),
        latitude_deg=row.number("latitude", -90.0, 90.0, "deg"),
        longitude_deg=row.number("longitude", -180.0, 180.0, "deg"),
        height_m=row.number("height_m", LOWEST_M, HIGHEST_M, "m"),
        low_mhz=low,
        high_mhz=high,
        azimuth_deg=row.optional("azimuth_deg", 0.0, 360.0, "deg"),
        elevation_deg=row.optional("elevation_deg", 0.0, 90.0, "deg"),
        antenna=_antenna(row, (low + high) / 2.0),
        gain_dbi=row.optional("gain_dbi", *DISH_GAIN_DBI, "dBi"),
        noise_temperature_k=row.optional("noise_temperature_k", 1.0, 10_000.0, "K"),
        bandwidth_mhz=row.optional("bandwidth_mhz", 0.001, 10_000.0, "MHz") or 1.0,
        feeder_loss_db=row.optional("feeder_loss_db", 0.0, 50.0, "dB") or 0.0,
        polarisation=row.choice("polarisation", _POLARISATIONS, "slant"),
        source=source,
    )


def fixed_link(row: Reading, source: Provenance) -> FixedLink:
    """Return one direction of a fixed link; its transmitting end is ``latitude``, ``longitude``, ``height_m``."""
    low, high = _band(row)
    loss = row.optional("feeder_loss_db", 0.0, 50.0, "dB") or 0.0
    gain = row.number("gain_dbi", *DISH_GAIN_DBI, "dBi")
    rx_gain = row.optional("rx_gain_dbi", *DISH_GAIN_DBI, "dBi")
    return FixedLink(
        id=row.text("id", required=True),
        holder=row.text("holder"),
        transmitter=LinkEnd(
            row.number("latitude", -90.0, 90.0, "deg"),
            row.number("longitude", -180.0, 180.0, "deg"),
            row.number("height_m", LOWEST_M, HIGHEST_M, "m"),
            gain,
            loss,
        ),
        receiver=LinkEnd(
            row.number("rx_latitude", -90.0, 90.0, "deg"),
            row.number("rx_longitude", -180.0, 180.0, "deg"),
            row.number("rx_height_m", LOWEST_M, HIGHEST_M, "m"),
            gain if rx_gain is None else rx_gain,
            loss,
        ),
        low_mhz=low,
        high_mhz=high,
        eirp_dbm=row.optional("eirp_dbm", *LINK_EIRP_DBM, "dBm"),
        antenna=_antenna(row, (low + high) / 2.0),
        noise_figure_db=row.optional("noise_figure_db", 0.0, 50.0, "dB"),
        polarisation=row.choice("polarisation", _POLARISATIONS, "vertical"),
        zone=row.corners("zone"),
        source=source,
    )


def _band(row: Reading) -> tuple[float, float]:
    low = row.number("low_mhz", 100.0, 100_000.0, "MHz")
    high = row.number("high_mhz", 100.0, 100_000.0, "MHz")
    if row.has("low_mhz") and row.has("high_mhz") and high <= low:
        row.wrong("high_mhz", f"{high:g} MHz does not lie above low_mhz", f"more than {low:g} MHz")
    return low, max(high, low + 1e-6)


def _station(row: Reading, index: int, frequency_mhz: float) -> Transmitter:
    building = row.choice("building", ("", *_BUILDINGS), "")
    return Transmitter(
        id=row.text("station") or str(index + 1),
        latitude_deg=row.number("latitude", -90.0, 90.0, "deg"),
        longitude_deg=row.number("longitude", -180.0, 180.0, "deg"),
        height_m=row.number("height_m", LOWEST_M, HIGHEST_M, "m"),
        eirp_dbm=row.number("eirp_dbm", *STATION_EIRP_DBM, "dBm"),
        azimuth_deg=row.optional("azimuth_deg", 0.0, 360.0, "deg") or 0.0,
        tilt_deg=row.optional("tilt_deg", -90.0, 90.0, "deg") or 0.0,
        indoor=row.flag("indoor"),
        building=building or None,
        antenna=_antenna(row, frequency_mhz, use="base_station"),
        polarisation=row.choice("polarisation", _POLARISATIONS, "slant"),
    )


def _antenna(row: Reading, frequency_mhz: float, use: Use | None = None) -> Mapping[str, Any] | None:
    """Return an antenna specification that :func:`comity.antennas.from_spec` accepts."""
    from comity.antennas import from_spec

    spec = row.mapping("antenna")
    if spec is None:
        return None
    try:
        from_spec(spec, frequency_mhz=frequency_mhz, use=use)
    except ComityError as error:
        row.problems += [
            Problem(f"{row.place}, {p.place}", p.message, p.accepted) for p in error.problems
        ] or [Problem(f"{row.place}, antenna", error.message)]
        return None
    return spec


def _frame(head: Reading) -> TddFrame | None:
    pattern = head.text("tdd_pattern")
    special, offset = head.text("special_slot"), head.optional("frame_offset_us", -1e6, 1e6, "us")
    clock = head.choice("clock", ("", "gnss", "ptp", "network", "free_running"), "")
    spacing = head.choice("subcarrier_spacing_khz", _SPACINGS, "30")
    if not pattern:
        return None
    if set(pattern) - set("DSUF") or len(pattern) > 40:
        head.wrong("tdd_pattern", f"{pattern!r}", "up to 40 of the letters D, S, U, F, as in DDDSU")
        return None
    parts = special.split(":")
    if special and not (len(parts) == 3 and all(p.isdigit() for p in parts) and sum(map(int, parts)) == 14):
        head.wrong("special_slot", f"{special!r}", "down:guard:up symbols, 14 in all, as in 10:2:2")
        return None
    return TddFrame(pattern, int(spacing), special or None, clock or None, offset or 0.0)


def _terminals(head: Reading) -> Terminals | None:
    """Return the terminals: a mobile network has some unless its row says ``terminals = false``."""
    eirp = head.optional("terminal_eirp_dbm", -60.0, 60.0, "dBm")
    height = head.optional("terminal_height_m", LOWEST_M, HIGHEST_M, "m")
    count = head.optional("simultaneous_terminals", 1, 10_000, "")
    indoor, none = head.flag("terminals_indoor"), head.has("terminals") and not head.flag("terminals")
    if none and eirp is None and height is None and count is None:
        return None
    return Terminals(eirp, 1.5 if height is None else height, indoor=indoor, simultaneous=int(count or 1))


def _area(
    head: Reading, stations: tuple[Transmitter, ...], radius: float | None, ring: Polygon
) -> Area | None:
    """Return the site: a circle around the given centre (else the first station), or around the polygon."""
    lat = head.optional("site_latitude", -90.0, 90.0, "deg")
    lon = head.optional("site_longitude", -180.0, 180.0, "deg")
    if ring:
        return enclosing(ring)
    if radius is None or not stations:
        return None
    first = stations[0]
    return Area(
        first.latitude_deg if lat is None else lat, first.longitude_deg if lon is None else lon, radius
    )


def enclosing(ring: Polygon) -> Area:
    """Return the area of a polygon, inside a circle around the mean of its corners."""
    from comity.terrain.geodesy import distance_km

    lat = sum(corner[0] for corner in ring) / len(ring)
    first = ring[0][1]
    lon = first + sum((corner[1] - first + 180.0) % 360.0 - 180.0 for corner in ring) / len(ring)
    far = max(float(distance_km(lat, lon, *corner)) for corner in ring)
    return Area(lat, lon, far * 1000.0, ring)
