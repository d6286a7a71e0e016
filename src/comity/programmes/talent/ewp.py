"""Learning agreements as XML in the form of Erasmus Without Paper, out and in.

The form is that of the ``get`` response of the outgoing-mobility learning agreements API (namespace below, MIT). It was
made for universities: a host company has no SCHAC id, so its code in the call stands there, and the file is meant
for exchange between offices, not for a node of the EWP network without a look at that field.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime
from xml.etree import ElementTree

from comity.errors import ComityError, Problem
from comity.programmes.talent.agreement import (
    SIGNERS,
    Component,
    Institution,
    LearningAgreement,
    Signature,
    Version,
)

NAMESPACE = "https://github.com/erasmus-without-paper/ewp-specs-api-omobility-las/blob/stable-v1/endpoints/get-response.xsd"
_N = f"{{{NAMESPACE}}}"
_SIGNATURE_TAGS = {
    "student": "student-signature",
    "sending": "sending-hei-signature",
    "receiving": "receiving-hei-signature",
}
_MOST_BYTES = 1024 * 1024


def to_xml(agreements: Iterable[LearningAgreement], *, personal: bool = True) -> bytes:
    """Return agreements as one XML document; ``personal=False`` leaves the student's name and address out."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(f"{_N}omobility-las-get-response")
    for agreement in agreements:
        _write(root, agreement, personal)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _write(root: ElementTree.Element, a: LearningAgreement, personal: bool) -> None:
    la = _add(root, "la")
    _add(la, "omobility-id", a.mobility_id)
    _institution(_add(la, "sending-hei"), a.sending)
    _institution(_add(la, "receiving-hei"), a.receiving)
    _add(la, "receiving-academic-year-id", a.academic_year)
    student = _add(la, "student")
    if personal:
        for tag, value in (
            ("given-names", a.given_names),
            ("family-name", a.family_name),
            ("email", a.student_email),
        ):
            if value:
                _add(student, tag, value)
    _add(la, "start-date", a.starts.isoformat())
    _add(la, "end-date", a.ends.isoformat())
    _add(la, "eqf-level-studied-at-departure", str(a.eqf_level))
    _add(la, "isced-f-code", a.isced_f)
    skill = _add(la, "student-language-skill")
    _add(skill, "language", a.language)
    _add(skill, "cefr-level", a.cefr)
    for tag, version in (
        ("first-version", a.first if a.first.complete else None),
        ("approved-changes", a.changes),
    ):
        if version is not None:
            _version(_add(la, tag), version)
    open_version = a.proposal or (None if a.first.complete else a.first)
    if open_version is not None:
        proposal = _add(la, "changes-proposal")
        _version(proposal, open_version)
        proposal.set("id", hashlib.sha256(ElementTree.tostring(proposal)).hexdigest())


def _institution(element: ElementTree.Element, side: Institution) -> None:
    _add(element, "hei-id", side.hei_id)
    if side.unit:
        _add(element, "ounit-name", side.unit)
    contact = _add(element, "contact-person")
    _add(contact, "given-names", side.contact_given)
    _add(contact, "family-name", side.contact_family)
    _add(contact, "email", side.contact_email)


def _version(element: ElementTree.Element, version: Version) -> None:
    for tag, components in (
        ("components-studied", version.studied),
        ("components-recognized", version.recognised),
    ):
        table = _add(element, tag)
        for component in components:
            entry = _add(table, "component")
            _add(entry, "title", component.title)
            if component.credits:
                credit = _add(entry, "credit")
                _add(credit, "scheme", component.scheme)
                _add(credit, "value", component.credits)
    for side in SIGNERS:
        signature = version.signatures.get(side)
        if signature is not None:
            signed = _add(element, _SIGNATURE_TAGS[side])
            for tag, value in (
                ("signer-name", signature.name),
                ("signer-position", signature.position),
                ("signer-email", signature.email),
                ("timestamp", signature.signed_at.isoformat()),
            ):
                if value:
                    _add(signed, tag, value)


def _add(parent: ElementTree.Element, tag: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{_N}{tag}")
    child.text = text
    return child


def from_xml(content: bytes, place: str = "agreement") -> tuple[LearningAgreement, ...]:
    """Return the agreements in an XML document; what is missing in any of them is reported at once."""
    # entity declarations are how a small file becomes a large one; the form needs none
    if len(content) > _MOST_BYTES or re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise ComityError(
            "this XML is refused", [Problem(place, "too large, or declares a document type", "plain XML")]
        )
    try:
        root = ElementTree.fromstring(content)  # noqa: S314
    except ElementTree.ParseError as error:
        raise ComityError(
            "this is not XML", [Problem(place, str(error), "an EWP learning agreement")]
        ) from None
    if root.tag != f"{_N}omobility-las-get-response":
        problem = Problem(place, f"root element {root.tag}", f"omobility-las-get-response of {NAMESPACE}")
        raise ComityError("this is not a learning agreement", [problem])
    problems: list[Problem] = []
    found = [_read(la, f"{place}: la {i}", problems) for i, la in enumerate(root.findall(f"{_N}la"), 1)]
    if problems:
        raise ComityError("these learning agreements cannot be read", problems)
    return tuple(a for a in found if a is not None)


class _Reader:
    """Reads texts of one agreement and notes what is missing or has another form."""

    def __init__(self, la: ElementTree.Element, place: str, problems: list[Problem]) -> None:
        self.la, self.place, self.problems = la, place, problems

    def text(self, path: str, *, needed: bool = True) -> str:
        """Return the text at ``a/b``, ``""`` where there is none."""
        element = self.la.find("/".join(f"{_N}{part}" for part in path.split("/")))
        value = (element.text or "").strip() if element is not None else ""
        if needed and not value:
            self.problems.append(Problem(f"{self.place}, {path}", "is missing"))
        return value

    def day(self, name: str, *, last: bool) -> date:
        """Return ``name-date``, or the first or last day of ``name-year-month``."""
        exact, month = self.text(f"{name}-date", needed=False), self.text(f"{name}-year-month", needed=False)
        try:
            if exact:
                return date.fromisoformat(exact)
            year, number = (int(part) for part in month.split("-"))
            following = date(year + number // 12, number % 12 + 1, 1)
            return date.fromordinal(following.toordinal() - 1) if last else date(year, number, 1)
        except ValueError:
            self.problems.append(
                Problem(f"{self.place}, {name}-date", repr(exact or month), "2026-07-01 or 2026-07")
            )
            return date.min


def _read(la: ElementTree.Element, place: str, problems: list[Problem]) -> LearningAgreement | None:
    before = len(problems)
    reader = _Reader(la, place, problems)
    level = reader.text("eqf-level-studied-at-departure")
    if not re.fullmatch("[5-8]", level):
        problems.append(Problem(f"{place}, eqf-level-studied-at-departure", repr(level), "5, 6, 7 or 8"))
        level = "6"
    first = _read_version(la.find(f"{_N}first-version"), place, problems)
    proposal = _read_version(la.find(f"{_N}changes-proposal"), place, problems)
    if first is None:  # not signed by all yet: the proposal is the first version
        first, proposal = proposal or Version((), ()), None
    agreement = LearningAgreement(
        mobility_id=reader.text("omobility-id"),
        sending=_read_institution(reader, "sending-hei"),
        receiving=_read_institution(reader, "receiving-hei"),
        academic_year=reader.text("receiving-academic-year-id"),
        starts=reader.day("start", last=False),
        ends=reader.day("end", last=True),
        eqf_level=int(level),
        isced_f=reader.text("isced-f-code"),
        language=reader.text("student-language-skill/language"),
        cefr=reader.text("student-language-skill/cefr-level"),
        first=first,
        changes=_read_version(la.find(f"{_N}approved-changes"), place, problems),
        proposal=proposal,
        given_names=reader.text("student/given-names", needed=False),
        family_name=reader.text("student/family-name", needed=False),
        student_email=reader.text("student/email", needed=False),
    )
    return agreement if len(problems) == before else None


def _read_institution(reader: _Reader, tag: str) -> Institution:
    return Institution(
        reader.text(f"{tag}/hei-id"),
        reader.text(f"{tag}/ounit-name", needed=False),
        reader.text(f"{tag}/contact-person/given-names", needed=False),
        reader.text(f"{tag}/contact-person/family-name", needed=False),
        reader.text(f"{tag}/contact-person/email", needed=False),
    )


def _read_version(element: ElementTree.Element | None, place: str, problems: list[Problem]) -> Version | None:
    if element is None:
        return None
    signatures: dict[str, Signature] = {}
    for side, tag in _SIGNATURE_TAGS.items():
        signed = element.find(f"{_N}{tag}")
        if signed is None:
            continue
        reader = _Reader(signed, f"{place}, {tag}", problems)
        at = reader.text("timestamp")
        try:
            when = datetime.fromisoformat(at)
        except ValueError:
            problems.append(Problem(f"{place}, {tag}, timestamp", repr(at), "2026-06-01T10:00:00+08:00"))
            continue
        name, position, email = (
            reader.text(f"signer-{x}", needed=False) for x in ("name", "position", "email")
        )
        signatures[side] = Signature(name, when, position, email)
    return Version(
        _components(element, "components-studied"), _components(element, "components-recognized"), signatures
    )


def _components(element: ElementTree.Element, tag: str) -> tuple[Component, ...]:
    return tuple(
        Component(
            (c.findtext(f"{_N}title") or "").strip(),
            (c.findtext(f"{_N}credit/{_N}value") or "").strip(),
            (c.findtext(f"{_N}credit/{_N}scheme") or "ects").strip(),
        )
        for c in element.findall(f"{_N}{tag}/{_N}component")
    )
