"""The declaration of the spectrum programme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import JsonValue

from comity.casework.programme import Assessment, Candidate
from comity.casework.world import World
from comity.programmes.spectrum.application import SpectrumApplication


class Spectrum:
    """Dedicated (private) 5G spectrum, decided site by site."""

    id = "spectrum"
    schema = SpectrumApplication
    unrecorded_fields = ("contact", "register_file")

    def assess(self, application: SpectrumApplication, world: World) -> Assessment:
        """Run rules, coordination and the ground checks on ``application``."""
        from comity.programmes.spectrum.assess import assess

        return assess(application, world)

    def candidates(
        self, application: SpectrumApplication, world: World, assessment: Assessment
    ) -> Iterable[Candidate]:
        """Yield changed applications that might pass: other channel, less power, less bandwidth, other antenna."""
        from comity.programmes.spectrum.candidates import candidates

        return candidates(application, world, assessment)

    def recorded_world(self, world: World, provenance: Mapping[str, JsonValue]) -> World:
        """Return ``world`` with the pack revisions and ground editions that ``provenance`` names."""
        from comity.rules.load import load_pack

        packs, data = provenance.get("packs"), provenance.get("data")
        chosen = dict(world.packs)
        for regime, recorded in packs.items() if isinstance(packs, dict) else ():
            chosen[regime] = _revision(load_pack, regime, recorded) or chosen.get(regime)
        editions = [str(sha256) for sha256 in data.values()] if isinstance(data, dict) else []
        return replace(world, packs=chosen, ground=world.ground.restricted(editions))


def _revision(load: Any, regime: str, recorded: JsonValue) -> Any:
    """Return the recorded revision of a pack, ``None`` where it is not among those that ship."""
    from comity.errors import MissingError

    revision = recorded.get("revision") if isinstance(recorded, dict) else None
    try:
        return load(regime, int(str(revision)))
    except (MissingError, ValueError):
        return None


PROGRAMME = Spectrum()
