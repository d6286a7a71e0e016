"""Under which revisions and editions a study was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from math import cos, degrees, pi, radians
from typing import Any

from comity.casework.canonical import sha256_of
from comity.casework.decision import Provenance
from comity.casework.world import World
from comity.coordination.incumbents import Incumbents
from comity.coordination.network import Area, Network
from comity.programmes.spectrum.register import register_rows
from comity.programmes.spectrum.study import Study

Place = tuple[float, float]
_KM_PER_DEGREE = 111.195
#: What a decision says of its register where none was given: an empty one is another matter.
NO_REGISTER = "none given"


def provenance_of(study: Study, world: World) -> Provenance:
    """Return the revisions and editions that a study used."""
    pack = study.book.pack
    engine: Mapping[str, str] = study.coordination.provenance if study.coordination is not None else {}
    models = {k.removeprefix("model."): v for k, v in engine.items() if k.startswith(("model.", "engine."))}
    latitudes, longitudes = zip(*_corners(_places(study)), strict=True)
    used: Any = study.ground.editions_used(latitudes, longitudes)
    return Provenance(
        packs={pack.id: {"revision": str(pack.revision), "sha256": pack.sha256}},
        models=models,
        data={edition.id: edition.sha256 for edition in used},
        register=NO_REGISTER if world.register is None else _register_hash(study.incumbents, world),
    )


def _places(study: Study) -> list[Place]:
    """Return places between which every terrain profile of the study runs.

    Profiles lead from the candidate to all who come before it, and for aggregates between those.
    """
    register = study.incumbents.before(study.candidate)
    stations = ((e.latitude_deg, e.longitude_deg) for e in register.earth_stations)
    ends = (
        (end.latitude_deg, end.longitude_deg)
        for link in register.fixed_links
        for end in (link.transmitter, link.receiver)
    )
    zones = (corner for link in register.fixed_links for corner in link.zone)
    networks = (place for network in register.networks for place in _network_places(network))
    return [*_network_places(study.candidate), *chain(stations, ends, zones, networks)]


def _network_places(network: Network) -> Iterator[Place]:
    yield from ((t.latitude_deg, t.longitude_deg) for t in network.transmitters)
    yield from ((r.latitude_deg, r.longitude_deg) for r in network.receivers)
    if network.area is not None:
        yield from _around(network.area)


def _around(area: Area) -> Iterator[Place]:
    rise = area.radius_m / 1000.0 / _KM_PER_DEGREE
    wide = rise / max(0.01, cos(radians(min(89.0, abs(area.latitude_deg) + rise))))
    yield area.latitude_deg - rise, area.longitude_deg - wide
    yield area.latitude_deg + rise, area.longitude_deg + wide


def _corners(places: list[Place]) -> tuple[Place, Place]:
    """Return the corners of a box that holds every great circle between places.

    A great circle of longitude difference d leaves the parallel of its ends by less than d^2 / 16.
    """
    first = places[0][1]
    turned = [first + (longitude - first + 180.0) % 360.0 - 180.0 for _, longitude in places]
    west, east = min(turned), max(turned)
    bulge = degrees(min(pi / 2.0, radians(east - west) ** 2 / 16.0))
    south, north = min(p[0] for p in places), max(p[0] for p in places)
    return (max(-90.0, south - bulge), west), (min(90.0, north + bulge), east)


def _register_hash(incumbents: Incumbents, world: World) -> str:
    known = world.memory.get("register hash")
    if known is None or known[0] is not incumbents:
        known = (incumbents, sha256_of(register_rows(incumbents)))
        world.memory["register hash"] = known
    return str(known[1])
