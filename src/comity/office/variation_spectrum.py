"""What a variation of a spectrum award changes, in the words of the regime's change matrix.

Which field of an application belongs to which item of the matrix is a reading of comity's own. Items without a field
(plans that are papers) cannot be seen here; the officer adds what the papers change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from comity.casework.canonical import normalise
from comity.casework.decide import application_document
from comity.casework.replay import differences_between
from comity.office.desks import Changes

if TYPE_CHECKING:
    from comity.programmes.spectrum.application import SpectrumApplication
    from comity.rules.pack import RulePack

#: Item of the matrix by the beginning of a field's path; the longest beginning counts.
ITEMS: Mapping[str, str] = {
    "site": "site_scope",
    "stations": "base_station_plan",
    "radio": "frequency_plan",
    "radio.plmn_id": "identifiers",
    "radio.nid": "identifiers",
    "use.network_class": "purpose_class_scenario",
    "use.purpose": "purpose_class_scenario",
    "use.scenario": "purpose_class_scenario",
    "use.interconnected_with_other_networks": "architecture",
    "use.connected_to_public_network": "architecture",
    "use.foreign_core": "architecture",
    "use.core": "architecture",
    "use.cloud": "cloud",
}
_EQUIPMENT = {
    "core": "core_equipment",
    "controller": "core_equipment",
    "base_station": "outdoor_station_equipment",
}
#: Fields that name the request, not the network.
_NO_CHANGE = ("reference", "example", "received_on", "documents", "plan_fields", "equipment")


def changes_of(
    pack: RulePack, held: Mapping[str, Any], award: Mapping[str, Any], asked: SpectrumApplication, on: date
) -> Changes:
    """Return items, needs and what the matrix of ``pack`` does not speak of."""
    from comity.programmes.spectrum.programme import PROGRAMME
    from comity.rules.changes import change_items, needed_for

    new: Mapping[str, Any] = application_document(asked, PROGRAMME)
    known = change_items(pack, on)
    items: set[str] = set()
    beside: set[str] = set()
    for path in (d.path for d in differences_between(normalise(held), dict(new))):
        if path.split(".")[0] in _NO_CHANGE:
            continue
        item = _item(path)
        if item in known:
            items.add(item)
        else:
            beside.add(path.split(".")[0])
    items |= {i for i in _equipment_items(held, new) if i in known}
    needs = None
    if known:
        needs = needed_for(
            pack,
            sorted(items),
            on,
            outdoor_stations_touched=_outdoor_touched(held["stations"], new["stations"]),
            within_certificate=_within(award, new["stations"], "frequency_plan" not in items),
        )
    return Changes(tuple(sorted(items)), needs, tuple(sorted(beside)))


def _item(path: str) -> str | None:
    fitting = [start for start in ITEMS if path.startswith(start)]
    return ITEMS[max(fitting, key=len)] if fitting else None


def _equipment_items(held: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """Return the items of every kind of equipment whose list changed."""
    return {
        item
        for kind, item in _EQUIPMENT.items()
        if [e for e in held["equipment"] if e["kind"] == kind]
        != [e for e in new["equipment"] if e["kind"] == kind]
    }


def _outdoor_touched(held: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> bool:
    """Whether any outdoor station is added, changed or taken away."""
    before, after = {s["id"]: s for s in held}, {s["id"]: s for s in new}
    touched = [i for i in before.keys() | after.keys() if before.get(i) != after.get(i)]
    return any(not s["indoor"] for i in touched for s in (before.get(i), after.get(i)) if s is not None)


def _within(award: Mapping[str, Any], new: Sequence[Mapping[str, Any]], same_frequencies: bool) -> bool:
    """Whether frequency, bandwidth and power stay within what was awarded: no station above the strongest given."""
    most_dbm = max(s["eirp_dbm"] for s in award["stations"])
    return same_frequencies and all(s["eirp_dbm"] <= most_dbm for s in new)
