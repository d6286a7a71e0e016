"""An officer works cases at the command line, from receipt to register."""

from __future__ import annotations

import json
from datetime import date, timedelta

from test_cases import AT
from verbs import LETTER, contents, state, step

from comity.casework.workflow import WORKFLOW, State


def test_a_case_goes_from_receipt_to_the_register_and_who_did_what_is_kept(comity, filed) -> None:
    from comity.office.cases.models import Award, StepTaken
    from comity.office.ledger.models import Entry

    number = filed()
    assert step(comity, number, "decide")[0] == 0
    assert step(comity, number, "grant", "--yes", by="chen")[0] == 0
    assert Award.objects.get().status == "in_force"
    assert list(Entry.objects.order_by("index").values_list("kind", flat=True)) == [
        "submitted", "decided", "granted",
    ]  # fmt: skip
    taken = StepTaken.objects.values_list("action", "role", "actor")
    assert list(taken) == [
        ("submit", "applicant", "firm-1"), ("take", "officer", "lin"),
        ("decide", "officer", "lin"), ("grant", "officer", "chen"),
    ]  # fmt: skip
    assert StepTaken.objects.get(action="submit").through == "lin"
    code, out, _ = comity("case", "show", number)
    assert code == 0
    assert "in force; waits for: nobody" in out
    assert "firm-1, entered by lin" in out


def test_an_application_sent_twice_is_one_case(comity, papers) -> None:
    from comity.office.cases.models import Case

    file = papers()
    for _ in range(2):
        assert comity("case", "submit", file, "--applicant", "firm-1", "--by", "lin")[0] == 0
    assert Case.objects.count() == 1
    code, _, err = comity("case", "submit", papers(slot="B1"), "--applicant", "firm-1", "--by", "lin")
    assert (code, "was used for another application" in err) == (2, True)


def test_one_officer_alone_grants_nothing_and_is_told_what_is_accepted(comity, filed) -> None:
    number = filed()
    code, _, err = step(comity, number, "grant", "--yes", by="chen")
    assert code == 1
    assert "cannot be changed by 'grant'" in err
    assert "decide (officer)" in err
    step(comity, number, "decide")
    code, _, err = step(comity, number, "grant", "--yes")
    assert (code, "second officer" in err) == (1, True)
    assert state(number) == "decided"


def test_what_no_other_step_takes_back_is_not_taken_unasked(comity, filed) -> None:
    number = filed()
    step(comity, number, "decide")
    before = contents()
    assert "accepted" in step(comity, number, "grant", by="chen")[2]
    code, out, err = comity("case", "step", number, "grant", "--by", "chen")
    assert code == 2
    assert "decided, to be countersigned -> in force" in out
    assert "--yes" in err and "--dry-run" in err
    assert contents() == before


def test_everything_that_a_step_lacks_is_named_at_once(comity, filed) -> None:
    number = filed(unknown=True)
    code, _, err = step(comity, number, "settle")
    assert code == 2
    assert "--reason" in err and "--set" in err
    step(comity, number, "ask", *LETTER)
    code, _, err = step(comity, number, "answer", "--set", "case.known=true")
    assert code == 2
    assert all(option in err for option in ("--reason", "--application", "--set"))


def test_what_nobody_enters_says_how_it_comes_about(comity, filed) -> None:
    number = filed()
    code, _, err = step(comity, number, "refer")
    assert (code, "happens by 'decide'" in err) == (1, True)
    step(comity, number, "decide")
    step(comity, number, "grant", "--yes", by="chen")
    for action, how in (("vary", "--varies"), ("expire", "comity office clock")):
        code, _, err = step(comity, number, action)
        assert (code, how in err) == (1, True)


def test_a_referred_case_is_settled_or_answered_and_then_decided(comity, filed, papers) -> None:
    number = filed(unknown=True)
    assert step(comity, number, "decide")[0] == 4
    code, _, err = step(comity, number, "settle", "--set", "case.lucky=true", *LETTER)
    assert (code, "accepted is case.known" in err) == (2, True)
    assert step(comity, number, "settle", "--set", "case.known=true", *LETTER)[0] == 0
    assert step(comity, number, "decide", "--dry-run")[0] == 0
    assert state(number) == "in_review"
    assert step(comity, number, "ask", *LETTER)[0] == 0
    assert step(comity, number, "answer", "--application", papers("X-1", "B1"), *LETTER)[0] == 0
    assert step(comity, number, "decide")[0] == 0
    assert state(number) == "decided"


def test_a_paper_of_the_applicant_is_the_applicants_step_entered_by_an_officer(comity, filed) -> None:
    from comity.office.cases.models import StepTaken
    from comity.office.ledger.models import Entry
    from comity.office.ledger.services import opened
    from comity.register.event import Event

    number = filed()
    assert step(comity, number, "withdraw", "--yes")[0] == 2  # no paper named
    assert step(comity, number, "withdraw", "--yes", *LETTER)[0] == 0
    taken = StepTaken.objects.get(action="withdraw")
    assert (taken.role, taken.actor, taken.through, taken.reason) == (
        "applicant", "firm-1", "lin", "letter of 2 March",
    )  # fmt: skip
    entry = Event.decode(bytes(Entry.objects.order_by("-index")[0].data))
    assert json.loads(opened(entry.record))["through"] == "lin"
    assert "lin" not in json.dumps(entry.public)


def test_an_erased_case_is_shown_without_the_applicant_and_takes_no_step(comity, filed) -> None:
    from comity.office.cases.services.erase import erase_case

    number = filed()
    step(comity, number, "withdraw", "--yes", *LETTER)
    erase_case(number, policy="TEST-RETENTION", at=AT)
    code, out, _ = comity("case", "show", number, "--json")
    assert code == 0
    assert "firm-1" not in out and "letter" not in out
    assert json.loads(out)["possible"] == []
    assert step(comity, number, "withdraw", "--yes", *LETTER)[0] == 1


def test_a_refusal_is_appealed_in_time_and_heard_by_a_panel(comity, filed) -> None:
    filed()
    number = filed("X-2", "A1", "firm-2")
    assert step(comity, number, "decide")[0] == 1
    assert step(comity, number, "refuse", "--yes", by="chen")[0] == 0
    assert step(comity, number, "appeal", *LETTER)[0] == 0
    _, out, _ = comity("inbox", "--for", "panel", "--json")
    assert [row["case"] for row in json.loads(out)] == [number]
    assert json.loads(out)[0]["steps"] == ["uphold", "remit"]
    assert step(comity, number, "remit", *LETTER, by="panel-1")[0] == 0
    assert state(number) == "in_review"


def test_a_variation_replaces_what_it_varies_and_the_look_says_so(comity, filed) -> None:
    held = filed(load=0.9)
    step(comity, held, "decide")
    step(comity, held, "grant", "--yes", by="chen")
    changed = filed("X-2", "A1", "firm-1", "--varies", held)
    step(comity, changed, "decide")
    code, out, _ = step(comity, changed, "grant", "--dry-run", by="chen")
    assert code == 0
    assert json.loads(out)["register"] == [
        {"case": held, "kind": "varied"}, {"case": changed, "kind": "granted"},
    ]  # fmt: skip
    assert state(held) == "in_force"
    step(comity, changed, "grant", "--yes", by="chen")
    assert state(held) == "varied"


def test_two_officers_revoke_and_the_inbox_offers_it_to_the_second_only(comity, filed) -> None:
    number = filed()
    step(comity, number, "decide")
    step(comity, number, "grant", "--yes", by="chen")
    step(comity, number, "propose_revocation", *LETTER)
    for by, expected in (("lin", []), ("chen", [["revoke"]])):
        assert [row["steps"] for row in json.loads(comity("inbox", "--by", by, "--json")[1])] == expected
    assert step(comity, number, "revoke", "--yes", *LETTER)[0] == 1
    assert step(comity, number, "revoke", "--yes", *LETTER, by="chen")[0] == 0


def test_the_inbox_puts_what_is_due_first_at_the_top_and_shows_what_is_overdue(comity, filed) -> None:
    from datetime import timedelta

    from comity.office.cases.models import Deadline

    first, second, third = filed(), filed("X-2", "B1"), filed("X-3", "C1")
    row = Deadline.objects.get(case__number=third, met_at=None)
    Deadline.objects.filter(pk=row.pk).update(due=row.due - timedelta(days=70))
    Deadline.objects.filter(case__number=first).delete()
    rows = json.loads(comity("inbox", "--json")[1])
    assert [r["case"] for r in rows] == [third, second, first]
    assert [r["deadline"] and r["deadline"]["days_left"] for r in rows] == [-10, 60, None]
    assert "10 days overdue" in comity("inbox")[1]
    assert json.loads(comity("inbox", "--for", "applicant", "--json")[1]) == []


def test_whoever_decided_does_not_find_the_countersigning_in_her_inbox(comity, filed) -> None:
    number = filed()
    step(comity, number, "decide")
    assert json.loads(comity("inbox", "--by", "chen", "--json")[1])[0]["steps"] == ["reopen", "grant"]
    assert json.loads(comity("inbox", "--by", "lin", "--json")[1])[0]["steps"] == ["reopen"]
    assert json.loads(comity("inbox", "--by", "firm-1", "--json")[1]) == []
    assert number in comity("case", "list", "--state", "decided")[1]
    assert comity("case", "list", "--state", "lost")[0] == 2


def test_a_duty_that_was_met_leaves_the_inbox_and_the_others_run_on(comity, filed) -> None:
    from comity.office.cases.models import Deadline, StepTaken

    number = filed()
    step(comity, number, "decide")
    step(comity, number, "grant", "--yes", by="chen")
    running = Deadline.objects.get(met_at=None)
    Deadline.objects.create(case=running.case, clock="fee", due=running.due, role="due", who="applicant")
    assert [r["deadline"]["clock"] for r in duties(comity)] == ["build", "fee"]
    code, _, err = step(comity, number, "meet", "--yes")
    assert (code, "--clock" in err, "--reason" in err) == (2, True, True)
    code, _, err = step(comity, number, "meet", "--clock", "tax", "--yes", *LETTER)
    assert (code, "build, fee" in err) == (2, True)
    assert step(comity, number, "meet", "--clock", "build", "--yes", *LETTER)[0] == 0
    assert [r["deadline"]["clock"] for r in duties(comity)] == ["fee"]
    assert StepTaken.objects.get(action="meet").reason == "build: letter of 2 March"
    assert state(number) == "in_force"


def duties(comity):
    return json.loads(comity("inbox", "--ahead-days", "400", "--json")[1])


def test_a_paper_that_came_before_it_was_entered_starts_the_clocks_on_its_day(comity, papers) -> None:
    from comity.office.cases.models import Case, Deadline, StepTaken
    from comity.office.ledger.models import Entry

    file = papers()
    given = ("case", "submit", file, "--applicant", "firm-1", "--by", "lin", "--received")
    code, _, err = comity(*given, "2999-01-01")
    assert (code, f"up to {date.today()}" in err) == (2, True)
    code, _, err = comity(*given, "0001-01-01")
    assert (code, "--received: 0001-01-01" in err, "a day from" in err) == (2, True, True)
    came = date.today() - timedelta(days=30)
    assert comity(*given, came)[0] == 0
    assert Case.objects.get().received_at.date() == came
    assert Deadline.objects.get().due == came + timedelta(days=60)
    # the register, the steps and the number say when it was entered
    entry, step = Entry.objects.get(), StepTaken.objects.get()
    assert min(entry.at, step.at).date() > came
    assert f'"at":"{came}' not in bytes(entry.data).decode()
    assert comity(*given, came)[0] == comity(*given[:-1])[0] == 0  # sent again
    code, _, err = comity(*given, came - timedelta(days=1))
    assert (code, "its day of receipt stays" in err, str(came) in err) == (2, True, True)
    assert Case.objects.count() == 1


def test_a_refusal_is_said_in_the_language_that_was_asked_for(comity, filed) -> None:
    number = filed()
    code, _, err = step(comity, number, "grant", "--yes", "--language", "zh-Hant")
    assert code == 1
    assert "不得執行「grant」" in err and "流程表於此所列步驟：ask (officer)" in err


def test_at_a_terminal_the_officer_is_shown_what_is_done_and_asked(comity, filed, monkeypatch) -> None:
    import typer

    number, asked = filed(), []
    step(comity, number, "decide")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, after in ((False, "decided"), (True, "in_force")):
        monkeypatch.setattr(typer, "confirm", lambda text, answer=answer: asked.append(text) or answer)
        _, out, _ = comity("case", "step", number, "grant", "--by", "chen")
        assert "decided, to be countersigned -> in force" in out
        assert state(number) == after
    assert len(asked) == 2


def test_a_case_is_shown_in_both_languages_wherever_it_stands(comity, filed, capsys) -> None:
    from comity.cli._office_show import print_case
    from comity.office.cases.models import Case
    from comity.office.cases.services.overview import overview

    number = filed(unknown=True)
    step(comity, number, "decide")
    for here in (*State, State.IN_REVIEW):
        Case.objects.filter(number=number).update(state=here)
        for language in ("en", "zh-Hant"):
            print_case(overview(number, by="lin", at=AT), language)
            assert WORKFLOW.names[here].in_language(language) in capsys.readouterr().out
    assert "審查中" in comity("case", "show", number, "--language", "zh-Hant")[1]
    for language, word in (("en", "under review"), ("zh-Hant", "審查中")):
        assert word in comity("inbox", "--language", language)[1]


def test_a_decision_is_shown_in_words_with_where_the_case_now_stands(comity, monkeypatch) -> None:
    from django.conf import settings
    from sites import EXAMPLE

    from comity.office.desk_spectrum import SpectrumDesk
    from comity.office.desks import DESKS

    monkeypatch.setattr(settings, "REGISTER", None)
    monkeypatch.setitem(DESKS, "spectrum", SpectrumDesk())
    assert comity("case", "submit", EXAMPLE, "--applicant", "skye-1", "--by", "lin")[0] == 0
    (row,) = json.loads(comity("case", "list", "--json")[1])
    number = row["case"]
    step(comity, number, "take")
    for more, note in ((("--dry-run",), "only looked at"), ((), "COMITY_REGISTER names no file")):
        _, out, _ = comity("case", "step", number, "decide", "--by", "lin", *more)
        assert "Reasons" in out and f"{number}: " in out and note in out
    assert "COMITY_REGISTER names no file" in comity("case", "show", number)[1]


def test_a_case_that_is_not_there_and_an_unknown_role_are_said_so(comity) -> None:
    assert comity("case", "show", "slots/2026/1")[0] == 3
    code, _, err = comity("inbox", "--for", "king")
    assert (code, "applicant, officer, panel" in err) == (2, True)
    assert "nothing waits" in comity("inbox")[1]
