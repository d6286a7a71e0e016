"""What an answer may change of a spectrum application, and what of the case stays settled when it does.

A case keeps its place in the queue when its applicant corrects it. Another applicant, place or band would take that
place from those who have waited for it: they are a new application.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from comity.errors import ComityError, Problem

if TYPE_CHECKING:
    from pydantic import JsonValue

    from comity.programmes.spectrum.application import Party, SpectrumApplication
    from comity.programmes.spectrum.site import Site

#: When an application came does not depend on what stands in it.
_OF_RECEIPT = ("case.received_on", "case.received_order")
#: What officers settle is said of these; where one of them changes, it is settled anew.
_SAID_OF = {"party", "site", "stations", "radio", "use", "consents"}


def check_same_matter(first: SpectrumApplication, asked: SpectrumApplication) -> None:
    """Raise where ``asked`` has another applicant, stands elsewhere or wants another band than ``first``."""
    problems = []
    if not _same_party(first.party, asked.party):
        problems.append(
            Problem("party", "another applicant", f"{first.party.name.en or first.party.name.zh}")
        )
    before = {(s.latitude, s.longitude) for s in first.stations}
    problems += [
        Problem(f"stations {s.id}", "stands elsewhere", "a place within the site first applied for")
        for s in asked.stations
        if (s.latitude, s.longitude) not in before and not _stands_in(first.site, s.latitude, s.longitude)
    ]
    if asked.radio.band != first.radio.band:
        problems.append(Problem("radio.band", asked.radio.band, first.radio.band))
    if problems:
        raise ComityError("this is no correction but another matter: file a new application", problems)


def still_settled(
    settled: Mapping[str, JsonValue], held: SpectrumApplication, asked: SpectrumApplication
) -> dict[str, JsonValue]:
    """Return what officers settled of ``held`` and what holds of ``asked`` as well."""
    if held.model_dump(include=_SAID_OF) == asked.model_dump(include=_SAID_OF):
        return dict(settled)
    return {name: value for name, value in settled.items() if name in _OF_RECEIPT}


def _same_party(first: Party, asked: Party) -> bool:
    """Return whether both are one party: by its number where both give one, else by its name in either language."""
    if first.registration_number and asked.registration_number:
        return first.registration_number == asked.registration_number
    pairs = ((first.name.en, asked.name.en), (first.name.zh, asked.name.zh))
    return any(one and one.casefold() == other.casefold() for one, other in pairs)


def _stands_in(site: Site, latitude: float, longitude: float) -> bool:
    from comity.programmes.spectrum.geometry import outside_m

    return outside_m(site, (latitude, longitude)) == 0.0
