"""What a change during the life of a network needs, by the change matrix of the pack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from comity.errors import Problem, ValidityError
from comity.rules.pack import RulePack

_PREFIX = "changes."
_OUTDOOR_ONLY = "outdoor_station_and_network_inspection"
_WITHIN = "changes.base_station_plan_within_certificate"


def change_items(pack: RulePack, on: date) -> tuple[str, ...]:
    """Return the items of the pack's change matrix, in its order."""
    held = (name for name in pack.facts if name.startswith(_PREFIX) and pack.find_fact(name, on) is not None)
    return tuple(name.removeprefix(_PREFIX) for name in held)


def needed_for(
    pack: RulePack,
    changed: Sequence[str],
    on: date,
    *,
    outdoor_stations_touched: bool,
    within_certificate: bool = False,
) -> tuple[str, ...]:
    """Return what a change of ``changed`` items needs, each once, sorted.

    Parameters
    ----------
    changed : items of :func:`change_items`, as ``("frequency_plan", "base_station_plan")``
    outdoor_stations_touched : whether outdoor base stations are added or changed
    within_certificate : whether frequency, bandwidth and power stay within the frequency use certificate
    """
    known = change_items(pack, on)
    unknown = [item for item in changed if item not in known]
    if unknown:
        problems = [Problem("changed", f"{item!r} is no item", ", ".join(known)) for item in unknown]
        raise ValidityError(f"{pack.id} does not know these changes", problems)
    needed: set[str] = set()
    for item in changed:
        eased = within_certificate and item == "base_station_plan"
        value = pack.value(_WITHIN if eased else f"{_PREFIX}{item}", on=on)
        needed.update(str(part) for part in (value if isinstance(value, tuple) else (value,)))
    if not outdoor_stations_touched:
        needed.discard(_OUTDOOR_ONLY)
    return tuple(sorted(needed))
