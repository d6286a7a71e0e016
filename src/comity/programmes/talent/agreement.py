"""The learning agreement: three signatures, one open proposal of change at a time.

Fields are those of Erasmus Without Paper's outgoing-mobility learning agreements (EWP specs, omobility-las 1.x):
components studied and recognised, ISCED-F, EQF level, language skill, three signatures with time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from comity.errors import ComityError, Problem

SIGNERS = ("student", "sending", "receiving")


@dataclass(frozen=True, slots=True)
class Institution:
    """Sending or receiving side; ``hei_id`` is a SCHAC domain (``uio.no``), for a company its code in the call."""

    hei_id: str
    unit: str = ""
    contact_given: str = ""
    contact_family: str = ""
    contact_email: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the stay: what is done at the host, or what the sending side recognises for it."""

    title: str
    credits: str = ""
    scheme: str = "ects"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed and when; ``signed_at`` carries its time zone."""

    name: str
    signed_at: datetime
    position: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One state of the content, with the signatures it has."""

    studied: tuple[Component, ...]
    recognised: tuple[Component, ...]
    signatures: dict[str, Signature] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether all three have signed."""
        return all(s in self.signatures for s in SIGNERS)


@dataclass(frozen=True, slots=True)
class LearningAgreement:
    """One agreement.

    Parameters
    ----------
    mobility_id : the placement (``"<call>/<student>"``)
    sending, receiving : the two sides
    academic_year : receiving academic year, ``"2026/2027"``
    starts, ends : first and last day
    eqf_level : level of study at departure
    isced_f : field of study
    language, cefr : language of the placement and the student's level at departure
    given_names, family_name, student_email : personal; left out of every public export
    first : first version; binding once all three have signed
    changes : approved changes, all three signed
    proposal : the one change under discussion
    """

    mobility_id: str
    sending: Institution
    receiving: Institution
    academic_year: str
    starts: date
    ends: date
    eqf_level: int
    isced_f: str
    language: str
    cefr: str
    first: Version
    changes: Version | None = None
    proposal: Version | None = None
    given_names: str = ""
    family_name: str = ""
    student_email: str = ""

    @property
    def signed_by(self) -> frozenset[str]:
        """Sides that have signed the first version."""
        return frozenset(self.first.signatures)

    @property
    def binding(self) -> Version | None:
        """The content in force: the approved changes, else the first version once signed by all."""
        return self.changes or (self.first if self.first.complete else None)


def sign(agreement: LearningAgreement, side: str, signature: Signature) -> LearningAgreement:
    """Return the agreement with one signature: on the open proposal, else on the first version.

    A proposal that all three have signed becomes the approved changes.
    """
    if side not in SIGNERS:
        raise ComityError("nobody of that name signs", [Problem("side", repr(side), ", ".join(SIGNERS))])
    if signature.signed_at.tzinfo is None:
        raise ComityError(
            "a signature needs a time zone", [Problem("signed_at", str(signature.signed_at), "+08:00")]
        )
    target = agreement.proposal or agreement.first
    if side in target.signatures:
        raise ComityError("this side has signed already", [Problem(side, target.signatures[side].name)])
    signed = replace(target, signatures={**target.signatures, side: signature})
    if agreement.proposal is None:
        return replace(agreement, first=signed)
    if signed.complete:
        return replace(agreement, changes=signed, proposal=None)
    return replace(agreement, proposal=signed)


def propose(
    agreement: LearningAgreement, studied: tuple[Component, ...], recognised: tuple[Component, ...]
) -> LearningAgreement:
    """Return the agreement with a proposal of change; one at a time, and only after the first version is signed."""
    if not agreement.first.complete:
        raise ComityError(
            "the first version is not signed by all three", [Problem("first", "change it directly")]
        )
    if agreement.proposal is not None:
        raise ComityError("another proposal is open", [Problem("proposal", "sign it or withdraw it first")])
    return replace(agreement, proposal=Version(studied, recognised))


def withdraw_proposal(agreement: LearningAgreement) -> LearningAgreement:
    """Return the agreement without its open proposal; what was in force stays in force."""
    return replace(agreement, proposal=None)
