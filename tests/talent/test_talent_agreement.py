"""Learning agreements: three signatures, one proposal at a time, out to EWP's XML and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.programmes.talent.agreement import (
    SIGNERS,
    Component,
    Institution,
    LearningAgreement,
    Signature,
    Version,
    propose,
    sign,
    withdraw_proposal,
)
from comity.programmes.talent.ewp import from_xml, to_xml

AT = datetime(2026, 6, 1, 10, tzinfo=UTC)
AGREEMENT = LearningAgreement(
    "test-2026/S2",
    Institution("example.edu.tw", "Electrical Engineering", "Mei", "Example", "mei@example.edu.tw"),
    Institution("HA"),
    "2026/2027",
    date(2026, 7, 1),
    date(2026, 8, 31),
    7,
    "0613",
    "en",
    "C1",
    Version((Component("Language models", "10"),), (Component("Internship", "10"),)),
    given_names="Ann",
    family_name="Example",
)


def signed_by_all(agreement: LearningAgreement) -> LearningAgreement:
    for side in SIGNERS:
        agreement = sign(agreement, side, Signature(f"{side} person", AT))
    return agreement


def test_it_binds_once_all_three_have_signed() -> None:
    two = sign(sign(AGREEMENT, "student", Signature("a", AT)), "sending", Signature("b", AT))
    assert two.binding is None
    assert sign(two, "receiving", Signature("c", AT)).binding is not None
    with pytest.raises(ComityError, match="signed already"):
        sign(two, "student", Signature("a", AT))
    with pytest.raises(ComityError, match="time zone"):
        sign(two, "receiving", Signature("c", datetime(2026, 6, 1)))


def test_a_change_needs_all_three_again_and_leaves_the_first_version_until_then() -> None:
    agreed = signed_by_all(AGREEMENT)
    changed = propose(agreed, (Component("Other work", "10"),), ())
    assert changed.binding == agreed.first
    with pytest.raises(ComityError, match="another proposal"):
        propose(changed, (), ())
    assert withdraw_proposal(changed).proposal is None
    done = signed_by_all(changed)
    assert done.binding is not None
    assert done.binding.studied == (Component("Other work", "10"),)
    assert done.proposal is None
    with pytest.raises(ComityError, match="not signed by all"):
        propose(AGREEMENT, (), ())


@pytest.mark.parametrize(
    "agreement",
    [
        AGREEMENT,
        sign(AGREEMENT, "student", Signature("a", AT, "student", "a@example.org")),
        signed_by_all(AGREEMENT),
        propose(signed_by_all(AGREEMENT), (Component("Other", "5"),), ()),
        signed_by_all(propose(signed_by_all(AGREEMENT), (Component("Other", "5"),), ())),
    ],
    ids=["draft", "one signature", "signed", "proposal", "changed"],
)
def test_xml_and_back_is_the_same_agreement(agreement: LearningAgreement) -> None:
    assert from_xml(to_xml([agreement])) == (agreement,)


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=30
)


@given(_TEXT.map(str.strip).filter(bool), _TEXT.map(str.strip).filter(bool))
def test_any_title_and_name_survive_the_round_trip(title: str, name: str) -> None:
    agreement = replace(AGREEMENT, first=Version((Component(title),), ()), given_names=name)
    assert from_xml(to_xml([agreement])) == (agreement,)


def test_a_file_without_persons_holds_no_name() -> None:
    assert b"Ann" not in to_xml([AGREEMENT], personal=False)


# Shape of the example in the EWP specification (ewp-specs-api-omobility-las, MIT): year and month instead of days.
EWP = b"""<omobility-las-get-response
 xmlns="https://github.com/erasmus-without-paper/ewp-specs-api-omobility-las/blob/stable-v1/endpoints/get-response.xsd">
<la><omobility-id>1</omobility-id>
<sending-hei><hei-id>uio.no</hei-id><contact-person><given-names>A</given-names><family-name>B</family-name>
<email>a@example.com</email></contact-person></sending-hei>
<receiving-hei><hei-id>uw.edu.pl</hei-id></receiving-hei>
<receiving-academic-year-id>2018/2019</receiving-academic-year-id><student/>
<start-year-month>2019-02</start-year-month><end-year-month>2019-12</end-year-month>
<eqf-level-studied-at-departure>8</eqf-level-studied-at-departure><isced-f-code>0541</isced-f-code>
<student-language-skill><language>en</language><cefr-level>B2</cefr-level></student-language-skill>
<first-version><components-studied><component><title>Introductory calculus</title>
<credit><scheme>ects</scheme><value>9</value></credit></component></components-studied>
<student-signature><timestamp>2018-11-12T13:13:45+02:00</timestamp></student-signature>
</first-version></la></omobility-las-get-response>"""


def test_a_file_of_a_university_is_read() -> None:
    (agreement,) = from_xml(EWP)
    assert (agreement.starts, agreement.ends) == (date(2019, 2, 1), date(2019, 12, 31))
    assert agreement.first.studied == (Component("Introductory calculus", "9"),)
    assert agreement.signed_by == {"student"}


def test_everything_wrong_in_a_file_is_said_at_once() -> None:
    broken = EWP.replace(b"uio.no", b"").replace(b"2019-02", b"soon").replace(b"departure>8", b"departure>9")
    broken = broken.replace(b"13:13:45+02:00", b"noon")
    with pytest.raises(ComityError) as error:
        from_xml(broken, "la.xml")
    assert len(error.value.problems) == 4


@pytest.mark.parametrize(
    "content",
    [b"", b"<a", b"<a/>", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', b"<!doctype a><a/>"],
)
def test_what_is_no_learning_agreement_is_refused(content: bytes) -> None:
    with pytest.raises(ComityError):
        from_xml(content)
