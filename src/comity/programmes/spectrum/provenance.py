"""Under which revisions and editions a study was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.casework.canonical import sha256_of
from comity.casework.decision import Provenance
from comity.casework.world import World
from comity.coordination.incumbents import Incumbents
from comity.programmes.spectrum.register import register_rows
from comity.programmes.spectrum.study import Study


def provenance_of(study: Study, world: World) -> Provenance:
    """Return the revisions and editions that a study used."""
    pack = study.book.pack
    places = study.candidate.transmitters
    engine: Mapping[str, str] = study.coordination.provenance if study.coordination is not None else {}
    models = {k.removeprefix("model."): v for k, v in engine.items() if k.startswith(("model.", "engine."))}
    used: Any = study.ground.editions_used(
        [p.latitude_deg for p in places], [p.longitude_deg for p in places]
    )
    return Provenance(
        packs={pack.id: {"revision": str(pack.revision), "sha256": pack.sha256}},
        models=models,
        data={edition.id: edition.sha256 for edition in used},
        register=_register_hash(study.incumbents, world),
    )


def _register_hash(incumbents: Incumbents, world: World) -> str:
    known = world.memory.get("register hash")
    if known is None or known[0] is not incumbents:
        known = (incumbents, sha256_of(register_rows(incumbents)))
        world.memory["register hash"] = known
    return str(known[1])
