"""The life of a partnership as one table: expression of interest to review, with its instruments, by whom and when.

Every step needs the decisions of both places on paper. What is not in the table cannot happen. Instruments (intent,
memorandum, roadmap) have parties, signatories, terms and texts in both languages; alerts say which of them end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from comity.casework.machine import Answer, Machine, Step, StepRefused
from comity.rules.clocks import shift
from comity.rules.pack import RulePack
from comity.rules.text import Text


class Stage(StrEnum):
    """Where a partnership stands."""

    INTEREST = "expression_of_interest"
    SHORTLISTED = "shortlisted"
    FEASIBLE = "feasible"
    INTENT = "statement_of_intent"
    MEMORANDUM = "memorandum"
    ROADMAP = "roadmap"
    PROJECTS = "projects"
    REVIEW = "review"
    CLOSED = "closed"


STAGE_NAMES: Mapping[StrEnum, Text] = {
    Stage.INTEREST: Text("Expression of interest", "表達意願"),
    Stage.SHORTLISTED: Text("Shortlisted", "入選"),
    Stage.FEASIBLE: Text("Feasibility shown", "通過可行性審查"),
    Stage.INTENT: Text("Statement of intent", "簽署意向書"),
    Stage.MEMORANDUM: Text("Memorandum", "簽署合作備忘錄"),
    Stage.ROADMAP: Text("Roadmap", "簽署路線圖"),
    Stage.PROJECTS: Text("Projects", "執行計畫"),
    Stage.REVIEW: Text("Review", "檢討"),
    Stage.CLOSED: Text("Closed", "結束"),
}


class Side(StrEnum):
    """Who acts."""

    FIRST = "first"
    SECOND = "second"
    PROGRAMME = "programme"


class InstrumentKind(StrEnum):
    """What can be signed."""

    INTENT = "statement_of_intent"
    MEMORANDUM = "memorandum"
    ROADMAP = "roadmap"


#: An instrument has its text in all of these.
LANGUAGES = ("en", "zh-Hant")
#: The fact of the rule pack with the usual term of an instrument, and its unit; a roadmap names its own.
TERMS: Mapping[InstrumentKind, tuple[str, str]] = {
    InstrumentKind.INTENT: ("intent.months", "month"),
    InstrumentKind.MEMORANDUM: ("memorandum.years", "year"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: the party, the office that signed (never a person's name) and the day."""

    party: str
    office: Text
    day: date


@dataclass(frozen=True, slots=True)
class Instrument:
    """One document between parties.

    Parameters
    ----------
    id, kind : name and kind
    parties : bodies that are bound or intend: councils, trade agencies, technoparks
    binding : whether it binds
    valid_from, valid_to : first and last day (``None``: open)
    documents : SHA-256 of the signed text by language (``en``, ``zh-Hant``)
    signatures : who signed
    renews : id of the instrument that it renews, ``""`` for none
    """

    id: str
    kind: InstrumentKind
    parties: tuple[str, ...]
    binding: bool
    valid_from: date
    valid_to: date | None
    documents: Mapping[str, str]
    signatures: tuple[Signature, ...] = ()
    renews: str = ""

    def unsigned(self, on: date) -> tuple[str, ...]:
        """Return the parties that have not signed by the end of a day."""
        signed = {s.party for s in self.signatures if s.day <= on}
        return tuple(p for p in self.parties if p not in signed)

    def may_renew(self, older: Instrument) -> Answer:
        """Return whether this may stand in for another instrument: the same kind, and nobody left out."""
        missing = ", ".join(p for p in older.parties if p not in self.parties)
        if self.kind is not older.kind:
            was, now = STAGE_NAMES[Stage(older.kind.value)], STAGE_NAMES[Stage(self.kind.value)]
            return False, Text(
                f"{now.en} {self.id} cannot renew {was.en} {older.id}",
                f"{now.zh} {self.id} 不得展延{was.zh} {older.id}",
            )
        return not missing, Text(
            f"{self.id} renews {older.id} without its party: {missing}",
            f"{self.id} 展延 {older.id}，但未列其當事人：{missing}",
        )

    def in_force(self, on: date) -> bool:
        """Whether every party has signed by that day and it lies in the term."""
        return (
            not self.unsigned(on) and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Event:
    """One step that was taken: when, what, by which side, on which decision of its own (a minute, a resolution)."""

    day: date
    action: str
    side: Side
    paper: str


@dataclass(frozen=True, slots=True)
class Partnership:
    """One pair of places over time.

    Parameters
    ----------
    first, second : codes of the places
    stage : where it stands
    agreed : sides whose own decision for the next step is on file
    instruments : what was drawn up, oldest first
    events : what happened, oldest first
    """

    first: str
    second: str
    stage: Stage = Stage.INTEREST
    agreed: frozenset[Side] = frozenset()
    instruments: tuple[Instrument, ...] = ()
    events: tuple[Event, ...] = ()

    def current(self, kind: InstrumentKind, on: date) -> Instrument | None:
        """Return the newest instrument of a kind that is in force on a day."""
        found = [i for i in self.instruments if i.kind is kind and i.in_force(on)]
        return max(found, key=lambda i: i.valid_from, default=None)


Guard = Callable[[Partnership, date], Answer]


def _both_agreed(p: Partnership, on: date) -> Answer:
    missing = ", ".join(s.value for s in (Side.FIRST, Side.SECOND) if s not in p.agreed)
    return not missing, Text(
        f"decisions of both places are needed; missing: {missing}", f"須雙方決定；尚缺：{missing}"
    )


def _has(kind: InstrumentKind) -> Guard:
    name = STAGE_NAMES[Stage(kind.value)]

    def guard(p: Partnership, on: date) -> Answer:
        said = Text(
            f"no instrument in force and signed by all: {name.en.lower()}",
            f"尚無全體簽署且有效之文件：{name.zh}",
        )
        return p.current(kind, on) is not None, said

    return guard


GUARDS: Mapping[str, Guard] = {
    "both have decided": _both_agreed,
    "intent in force": _has(InstrumentKind.INTENT),
    "memorandum in force": _has(InstrumentKind.MEMORANDUM),
    "roadmap in force": _has(InstrumentKind.ROADMAP),
}


TABLE: tuple[Step[Stage, Side], ...] = (
    Step(Stage.INTEREST, "shortlist", None, "", Stage.SHORTLISTED),
    Step(Stage.SHORTLISTED, "pass feasibility", None, "both have decided", Stage.FEASIBLE),
    Step(Stage.FEASIBLE, "sign intent", None, "intent in force", Stage.INTENT),
    Step(Stage.INTENT, "sign memorandum", None, "memorandum in force", Stage.MEMORANDUM),
    Step(Stage.MEMORANDUM, "agree roadmap", None, "roadmap in force", Stage.ROADMAP),
    Step(Stage.ROADMAP, "start projects", None, "roadmap in force", Stage.PROJECTS),
    Step(Stage.PROJECTS, "review", None, "", Stage.REVIEW),
    Step(Stage.REVIEW, "renew", None, "memorandum in force", Stage.PROJECTS),
    *(Step(stage, "close", None, "", Stage.CLOSED) for stage in Stage if stage is not Stage.CLOSED),
)


PARTNERSHIPS: Machine[Step[Stage, Side], [Partnership, date]] = Machine(
    Text("a partnership", "本合作關係"),
    TABLE,
    GUARDS,
    {
        **STAGE_NAMES,
        Side.FIRST: Text("first place", "第一方"),
        Side.SECOND: Text("second place", "第二方"),
        Side.PROGRAMME: Text("programme", "計畫辦公室"),
    },
    {"state": "stage", "action": "step", "guard": "needs", "next": "next stage"},
)


def take(partnership: Partnership, action: str, side: Side, paper: str, on: date) -> Partnership:
    """Return the partnership after one step, noted with the paper that it rests on.

    Raises
    ------
    StepRefused
        If no row fits, its guard does not allow it, or no paper is named.
    """
    step = PARTNERSHIPS.step(partnership.stage, action, side, partnership, on)
    _refuse_without(paper)
    noted = Event(on, action, side, paper)
    return replace(partnership, stage=step.next, agreed=frozenset(), events=(*partnership.events, noted))


def agree(partnership: Partnership, side: Side, paper: str, on: date) -> Partnership:
    """Return the partnership with one place's own decision for the next step on file."""
    _refuse_without(paper)
    if side is Side.PROGRAMME:
        raise StepRefused(
            Text("only the two places decide for themselves", "僅得由雙方自行決定"), (Side.FIRST, Side.SECOND)
        )
    noted = Event(on, "agree", side, paper)
    return replace(partnership, agreed=partnership.agreed | {side}, events=(*partnership.events, noted))


def sign(partnership: Partnership, instrument: Instrument, on: date) -> Partnership:
    """Return the partnership with an instrument added, or with a newer state of one that it holds.

    Raises
    ------
    StepRefused
        Where a text is not there in both languages, a stranger signed, or the term ends before it begins.
    """
    strangers = [s.party for s in instrument.signatures if s.party not in instrument.parties]
    if strangers:
        names = ", ".join(strangers)
        raise StepRefused(Text(f"signed by no party: {names}", f"非當事人簽署：{names}"), instrument.parties)
    missing = [x for x in LANGUAGES if not instrument.documents.get(x)]
    if missing:
        names = ", ".join(missing)
        raise StepRefused(Text(f"the text is missing in: {names}", f"缺少下列語言之文本：{names}"), LANGUAGES)
    if instrument.valid_to is not None and instrument.valid_to < instrument.valid_from:
        said = f"{instrument.valid_from} – {instrument.valid_to}"
        raise StepRefused(
            Text(f"the term ends before it begins: {said}", f"效期迄日早於起日：{said}"),
            (f"an end from {instrument.valid_from} on, or none",),
        )
    others = tuple(i for i in partnership.instruments if i.id != instrument.id)
    return replace(partnership, instruments=(*others, instrument))


def usual_end(kind: InstrumentKind, signed: date, pack: RulePack) -> date | None:
    """Return the last day of an instrument's usual term under a rule pack, ``None`` where none is usual."""
    if kind not in TERMS:
        return None
    fact, unit = TERMS[kind]
    return shift(signed, int(pack.number(fact, on=signed)), unit, "after", pack.counting)


@dataclass(frozen=True, slots=True)
class Alert:
    """One instrument whose term ends soon or has ended, with the days left (below 0: ended)."""

    partnership: tuple[str, str]
    instrument: str
    ends: date
    days_left: int
    text: Text


def alerts(partnerships: list[Partnership], on: date, pack: RulePack) -> list[Alert]:
    """Return what ends within the pack's notice, soonest first; what a newer instrument renews is left out."""
    notice = timedelta(days=int(pack.number("alert.days", on=on)))
    found = []
    for p in partnerships:
        signed = [i for i in p.instruments if not i.unsigned(on)]
        renewed = {i.id for i in signed for new in signed if new.renews == i.id and new.may_renew(i)[0]}
        for i in p.instruments:
            open_ended = i.valid_to is None or i not in signed or i.id in renewed or p.stage is Stage.CLOSED
            if open_ended or i.valid_to is None or i.valid_to - notice > on:
                continue
            days = (i.valid_to - on).days
            name = STAGE_NAMES[Stage(i.kind.value)]
            said = (
                Text(
                    f"{name.en} {i.id} ends on {i.valid_to}, in {days} days.",
                    f"{name.zh} {i.id} 將於 {i.valid_to} 屆期，尚餘 {days} 日。",
                )
                if days >= 0
                else Text(
                    f"{name.en} {i.id} ended on {i.valid_to}.", f"{name.zh} {i.id} 已於 {i.valid_to} 屆期。"
                )
            )
            found.append(Alert((p.first, p.second), i.id, i.valid_to, days, said))
    return sorted(found, key=lambda a: (a.ends, a.partnership, a.instrument))


def _refuse_without(paper: str) -> None:
    if not paper.strip():
        raise StepRefused(
            Text("every step names the decision it rests on", "每一步驟均須載明所依據之決定文件"),
            ("the name of a paper: a minute, a resolution",),
        )
