"""From an application to the network that coordination works on."""

from __future__ import annotations

from datetime import date
from typing import Any

from comity.coordination.network import Area, Network, Receiver, TddFrame, Terminals, Transmitter
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.site import Site
from comity.programmes.spectrum.station import Station
from comity.terrain.geodesy import distance_km

#: Channel edges ``(low_mhz, high_mhz)``.
Channel = tuple[float, float]


def network_of(
    application: SpectrumApplication,
    channel: Channel,
    terminal_height_m: float,
    rank: tuple[date, int],
    *,
    sync_group: str | None = None,
    service_radius_min_m: float = 0.0,
) -> Network:
    """Return the candidate on ``channel``.

    Parameters
    ----------
    application : what is applied for
    channel : edges [MHz]
    terminal_height_m : antenna height of terminals above ground [m]
    rank : day and order of receipt, by which earlier applications are told from later ones
    sync_group : networks that the regime takes as synchronised with one another, ``None``: with nobody
    service_radius_min_m : terminals may be at least so far from the centre of the site [m]
    """
    site, party = application.site, application.party
    building = site.building if site.indoor else None
    return Network(
        id=application.reference,
        holder=party.name.en or party.name.zh,
        status="applied",
        low_mhz=channel[0],
        high_mhz=channel[1],
        transmitters=tuple(_transmitter(s, site) for s in application.stations),
        receivers=tuple(_receiver(s, site) for s in application.stations),
        terminals=Terminals(height_m=terminal_height_m, indoor=site.indoor, building=building),
        tdd=_frame(application),
        area=_service_area(site, service_radius_min_m),
        priority_date=rank[0],
        priority_order=rank[1],
        consents=filed_consents(application),
        sync_group=sync_group,
    )


def filed_consents(application: SpectrumApplication) -> frozenset[tuple[str, str]]:
    """Return the consents whose paper is among the documents filed: register number and holder."""
    return frozenset(
        (c.subject, c.holder) for c in application.consents if c.document in application.documents
    )


def _service_area(site: Site, least_m: float) -> Area:
    area = area_of(site)
    return area if area.radius_m >= least_m else Area(area.latitude_deg, area.longitude_deg, least_m)


def area_of(site: Site) -> Area:
    """Return the site as a circle, with its polygon where it has one."""
    if site.centre is not None and site.radius_m is not None:
        return Area(*site.centre, radius_m=site.radius_m)
    corners = site.polygon or ()
    latitudes, longitudes = zip(*corners, strict=True)
    latitude = (min(latitudes) + max(latitudes)) / 2
    longitude = (min(longitudes) + max(longitudes)) / 2
    radius_km = distance_km(latitude, longitude, latitudes, longitudes).max()
    return Area(latitude, longitude, radius_m=round(float(radius_km) * 1000.0, 3), polygon=corners)


def _transmitter(station: Station, site: Site) -> Transmitter:
    return Transmitter(eirp_dbm=station.eirp_dbm, **_mounted(station, site))


def _receiver(station: Station, site: Site) -> Receiver:
    return Receiver(**_mounted(station, site))


def _mounted(station: Station, site: Site) -> dict[str, Any]:
    """Return what sending and receiving at a station share: place, antenna and the wall around it."""
    return {
        "id": station.id,
        "latitude_deg": station.latitude,
        "longitude_deg": station.longitude,
        "height_m": station.height_m,
        "azimuth_deg": station.azimuth_deg,
        "tilt_deg": station.tilt_deg,
        "indoor": station.indoor,
        "building": site.building if station.indoor else None,
        "antenna": station.antenna,
        "polarisation": station.polarisation,
    }


def _frame(application: SpectrumApplication) -> TddFrame | None:
    tdd, spacing = application.radio.tdd, application.radio.subcarrier_spacing_khz
    if tdd is None or spacing is None:
        return None
    return TddFrame(
        pattern=tdd.pattern,
        subcarrier_spacing_khz=spacing,
        special_slot=tdd.special_slot,
        clock=tdd.clock,
        frame_offset_us=tdd.frame_offset_us,
    )
