"""The certificate of a completed placement, as a page in both languages."""

from __future__ import annotations

from comity.errors import ComityError, Problem
from comity.programmes.talent.call import Call
from comity.programmes.talent.placement import Placement, Stage
from comity.programmes.talent.words import FIELDS, country_name
from comity.report.elements import element
from comity.report.page import Page, Section
from comity.report.tables import pairs
from comity.rules.text import Text


def certificate_page(call: Call, placement: Placement, student_name: str) -> Page:
    """Return the certificate of a certified placement; ``student_name`` comes from the contact data, not the call."""
    if placement.stage is not Stage.CERTIFIED:
        raise ComityError("no certificate yet", [Problem("placement", f"is {placement.stage}", "certified")])
    position = call.positions[placement.position]
    host = call.hosts[position.host]
    days = (placement.ends - placement.starts).days + 1
    said = Text(
        f"{student_name} completed a placement of {days} days at {host.name.en}.",
        f"{student_name} 於{host.name.zh}完成實習，共 {days} 日。",
    )
    rows = (
        (Text("Placement", "職缺"), position.title.text),
        (Text("Field", "領域"), FIELDS.get(position.field, Text(position.field, position.field))),
        (Text("Country", "國別"), country_name(host.country)),
        (
            Text("From, to", "期間"),
            Text(f"{placement.starts} to {placement.ends}", f"{placement.starts} 至 {placement.ends}"),
        ),
        (Text("Number", "編號"), f"{call.settings.id}/{placement.student}"),
    )
    return Page(
        title=Text("Certificate of placement", "實習證明書"),
        kicker=call.settings.title.text,
        summary=(element("p", said, class_="lead"),),
        sections=(Section("details", Text("Details", "實習內容"), (pairs(rows),)),),
        notice=Text("Invented example.", "虛構範例。") if call.settings.example else None,
    )
