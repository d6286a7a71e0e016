"""What a programme declares so that casework can decide its applications.

A programme (spectrum, cities, talent) is one object that satisfies :class:`Programme`. It never decides: it
assesses one application in one world and proposes candidates; :func:`comity.casework.decide.decide` turns
that into an outcome, decides every candidate the same way and keeps those that pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import JsonValue

from comity.casework.application import Application
from comity.casework.decision import Assumption, Option, Provenance
from comity.casework.world import World
from comity.rules.finding import Finding
from comity.rules.text import Text

A = TypeVar("A", bound=Application)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a programme found out about one application.

    Parameters
    ----------
    findings : the answers. A ``fail`` refuses, unless its evidence is an assumption: then it refers to a
        person, as an ``unknown`` does. A ``warn`` stops nothing.
        What is merely not known yet and does not stand in the way (an unpublished fee) belongs into the
        award, not here.
    award : what would be given (``None`` when nothing can be)
    provenance : revisions and editions that this assessment used
    conditions : conditions of this very grant, beyond what the law says to everybody; any makes it conditional
    considered : the options within the application, in the order in which they were tried
    reasons : sentences of the programme's own, after every no and every unknown
    assumptions : unconfirmed facts that were used
    """

    findings: tuple[Finding, ...]
    award: Mapping[str, JsonValue] | None
    provenance: Provenance
    conditions: tuple[Text, ...] = ()
    considered: tuple[Option, ...] = ()
    reasons: tuple[Text, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A changed application that might pass: ``changes`` holds new values by dotted field path."""

    title: Text
    changes: Mapping[str, JsonValue]


class Programme(Protocol[A]):
    """One declaration: schema, checks, allocator, provenance.

    Every method is a pure function of its arguments.
    """

    @property
    def id(self) -> str:
        """Name of the programme, the same as ``application.programme``."""

    @property
    def schema(self) -> type[A]:
        """The one schema that file, web form and API share."""

    @property
    def unrecorded_fields(self) -> tuple[str, ...]:
        """Top-level fields that no check reads and no decision records: contact data, file names."""

    def assess(self, application: A, world: World) -> Assessment:
        """Run every check and the allocator on ``application`` as it stands."""

    def candidates(self, application: A, world: World, assessment: Assessment) -> Iterable[Candidate]:
        """Yield changed applications worth deciding, best first; read lazily, so yield cheap ones early."""

    def recorded_world(self, world: World, provenance: Mapping[str, JsonValue]) -> World:
        """Return ``world`` with the packs and data editions that ``provenance`` names, as a replay needs it.

        Raises
        ------
        comity.errors.MissingError
            where a data edition is not in reach; a pack's revision that is not here is left as it is, and
            the replay sees the difference
        """
