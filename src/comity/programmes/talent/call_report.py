"""The public report of a run: figures, cut-offs, the check, the rules; nobody is named in it."""

from __future__ import annotations

from dataclasses import replace

from comity.casework.world import World
from comity.matching.cutoffs import Cutoff
from comity.matching.guarantees import Guarantee
from comity.programmes.talent.call import Call
from comity.programmes.talent.draw_report import lottery_section
from comity.programmes.talent.run import CallRun
from comity.programmes.talent.statistics import SMALLEST_GROUP, Statistics, is_handful, statistics_of
from comity.programmes.talent.words import CLAIMS, FIELDS, country_name, group_name
from comity.report.charts import Series, bar_chart, histogram, series_legend
from comity.report.elements import Child, amount, element, join
from comity.report.page import Figure, Page, Section, figure, verdict
from comity.report.tables import Column, badge, finding_table, listing, pairs, table
from comity.rules.fact import Fact
from comity.rules.finding import Finding, Outcome
from comity.rules.pack import RulePack
from comity.rules.text import Text


def call_page(run: CallRun, world: World, status: tuple[bool, Text], record: str) -> Page:
    """Return the report of a run as a page; ``record`` is the salted commitment that names the run in public."""
    figures, settings = statistics_of(run).for_public(), run.call.settings
    pack: RulePack = world.pack(settings.regime)
    return Page(
        title=settings.title.text,
        kicker=Text(f"Talent circulation · call {settings.id}", f"人才循環交流 · 徵件 {settings.id}"),
        summary=(_summary(run, figures, status),),
        sections=(
            Section("choices", Text("Who got which choice", "錄取志願分布"), _choices(figures)),
            Section("seats", Text("Seats and how they were filled", "名額與錄取情形"), _seats(figures)),
            Section("check", Text("The independent check", "獨立查核"), _check(run)),
            Section("lottery", Text("The lottery", "抽籤"), lottery_section(run)),
            Section("second", Text("Places left for the second round", "第二輪名額"), _left(run)),
            Section("cutoffs", _cutoffs_title(run), _cutoffs(run)),
            Section("rules", Text("Rules applied", "適用規定"), _rules(run, pack)),
            Section("dates", Text("Dates", "重要日期"), (_dates(run.call),)),
        ),
        footer=(_footer(record, pack),),
        notice=Text(
            "Invented example: no student, host or place in it exists.",
            "虛構範例：所列學生、單位及職缺均不存在。",
        )
        if settings.example
        else None,
    )


def _summary(run: CallRun, figures: Statistics, status: tuple[bool, Text]) -> Child:
    done, why = status
    word = Text("Confirmed", "已確認") if done else Text("Dry run", "試行")
    mechanism = run.matching.mechanism.name
    said = join(
        (
            why,
            " ",
            Text(f"Mechanism: {mechanism.en}.", f"機制：{mechanism.zh}。"),
        )
    )
    return verdict(
        Outcome.PASS if done else Outcome.WARN,
        word,
        said,
        (
            Figure(Text("Students placed", "錄取學生"), str(figures.placed), _of(figures.students)),
            Figure(
                Text("First choice", "第一志願"),
                "–" if figures.first_choice_share is None else _percent(figures.first_choice_share),
                Text("of those placed", "占錄取者"),
            ),
            Figure(Text("Seats filled", "名額錄取率"), _percent(figures.fill_rate), _of(figures.seats)),
            *_blocking(run),
            Figure(
                Text("Days to result", "公布所需日數"),
                str(figures.days_to_result),
                Text("from closing", "自截止日起"),
            ),
        ),
    )


def _choices(figures: Statistics) -> tuple[Child, ...]:
    names = [Text(k.replace("-", "–"), k.replace("-", "–")) for k in figures.by_choice]
    counts = list(figures.by_choice.values())
    left = figures.eligible - figures.placed
    caption = Text(
        f"Students by the number of the choice they got. {left} eligible students have no place; "
        f"{figures.waiting} applications wait for a person to look.",
        f"依錄取志願序之學生人數。符合資格而未獲分發者 {left} 名；待人工審酌者 {figures.waiting} 件。",
    )
    if any("-" in k for k in figures.by_choice):
        caption = Text(
            f"{caption.en} Neighbouring choices are put together where fewer than {SMALLEST_GROUP} got one.",
            f"{caption.zh}任一志願錄取未滿 {SMALLEST_GROUP} 名者，與相鄰志願合併列計。",
        )
    names.append(Text("none", "無"))
    return (figure("choices-name", histogram(names, [*counts, left], "choices-name"), caption),)


def _seats(figures: Statistics) -> tuple[Child, ...]:
    seats, filled = Text("seats", "名額"), Text("filled", "已錄取")

    def drawing(table: list[tuple[Text, tuple[int, int]]], name: str, caption: Text) -> Child:
        series = [
            Series(seats, tuple(float(a) for _, (a, _) in table)),
            Series(filled, tuple(float(b) for _, (_, b) in table)),
        ]
        chart = bar_chart([label for label, _ in table], series, name)
        return figure(name, chart, caption, series_legend([seats, filled]))

    fields = [(FIELDS.get(k, Text(k, k)), v) for k, v in figures.by_field.items()]
    countries = [(country_name(k), v) for k, v in figures.by_country.items()]
    return (
        drawing(fields, "fields-name", Text("Seats by skill category", "依技能類別之名額")),
        drawing(countries, "countries-name", Text("Seats by receiving country", "依接待國之名額")),
        _groups(figures),
    )


def _groups(figures: Statistics) -> Child:
    if not figures.by_group:
        return None
    columns = (
        Column(Text("Group", "群體")),
        Column(Text("Applied", "申請"), amount=True),
        Column(Text("Placed", "錄取"), amount=True),
    )
    rows = [
        (group_name(k), str(v.applied), "–" if v.placed is None else str(v.placed))
        for k, v in figures.by_group.items()
    ]
    title = Text("Declared groups of five and more", "自陳群體（五人以上）")
    return join((element("h3", title), table(columns, rows)))


#: Only where ``Mechanism.decided_by_cutoffs``.
_OWN_RESULT = Text(
    "Your letter gives your place in the ranking of each position you listed. Leave aside what it calls left out. Your "
    "result is the first position of your list whose last admitted place is not before yours, or that ranked you and "
    "has a seat left.",
    "通知書載有您在所填各職缺之排序名次。未列入媒合之職缺不計，您的結果應為志願序中第一個「最後錄取名次不前於您之名次」，"
    "或已將您列入排序且尚有名額之職缺。",
)
_NOT_BY_CUTOFFS = Text(
    "With this mechanism the last admitted place alone does not decide: somebody ranked before it may have no place "
    "there. Your letter says why for each position you listed.",
    "本機制並非僅依最後錄取名次決定：排序在其之前者，亦可能未獲該職缺錄取。通知書就您所填各職缺逐一說明理由。",
)


def _cutoffs_title(run: CallRun) -> Text:
    if run.matching.mechanism.decided_by_cutoffs:
        return Text("Cut-offs: check your own result", "錄取門檻：自行查核結果")
    return Text("Last admitted", "最後錄取名次")


def _cutoffs(run: CallRun) -> tuple[Child, ...]:
    how = _OWN_RESULT if run.matching.mechanism.decided_by_cutoffs else _NOT_BY_CUTOFFS
    columns = (
        Column(Text("Position", "職缺")),
        Column(Text("Country", "國別")),
        Column(Text("Host and title", "單位與名稱")),
        Column(Text("Seats", "名額"), amount=True),
        Column(Text("Filled", "錄取"), amount=True),
        Column(Text("Last admitted", "最後錄取名次"), amount=True),
    )
    return (
        element("p", how),
        table(columns, [_cutoff_row(run.call, p, c) for p, c in sorted(run.cutoffs.items())]),
    )


def _cutoff_row(call: Call, p: str, cut: Cutoff) -> tuple[Child, ...]:
    position = call.positions[p]
    host = call.hosts[position.host]
    label = Text(f"{host.name.en}: {position.title.en}", f"{host.name.zh}：{position.title.zh}")
    last = "–" if cut.last_place is None else str(cut.last_place)
    return p, country_name(host.country), label, str(cut.seats), str(cut.filled), last


def _check(run: CallRun) -> tuple[Child, ...]:
    words = {
        True: (Outcome.PASS, Text("holds", "成立")),
        False: (Outcome.FAIL, Text("broken", "不成立")),
        None: (Outcome.WARN, Text("not visible in one result", "無法由單一結果看出")),
    }
    columns = (
        Column(Text("Guarantee", "保證")),
        Column(Text("Checked", "查核結果")),
        Column(Text("What it means, and what was found", "意義與查核說明")),
    )
    rows = []
    for c in run.verdict.checks:
        name, meaning = CLAIMS[c.claim]
        rows.append((name, badge(*words[c.holds]), join((meaning, element("span", c.text, class_="cite")))))
    note = Text(
        "Checked by separate code that shares no procedure with the engine. Nothing is claimed that is not in this "
        "table.",
        "由與媒合引擎不共用演算程序之獨立程式查核。本表所列以外，不作任何主張。",
    )
    return (element("p", note), table(columns, rows), element("p", run.matching.mechanism.advice))


def _left(run: CallRun) -> tuple[Child, ...]:
    left = [(p, c) for p, c in sorted(run.cutoffs.items()) if c.filled < c.seats]
    if not left:
        return (element("p", Text("Every seat is filled.", "名額全數錄取。")),)
    columns = (
        Column(Text("Position", "職缺")),
        Column(Text("Country", "國別")),
        Column(Text("Host and title", "單位與名稱")),
        Column(Text("Seats left", "剩餘名額"), amount=True),
    )
    rows = [(*_cutoff_row(run.call, p, c)[:3], str(c.seats - c.filled)) for p, c in left]
    note = Text(
        "These places are offered in timed rounds down each position's own list of new applicants.",
        "下列名額將依各職缺對新申請者之排序，分輪限時錄取。",
    )
    return element("p", note), table(columns, rows)


def _rules(run: CallRun, pack: RulePack) -> tuple[Child, ...]:
    counts: dict[str, list[int]] = {}
    every = [
        *run.screening.students.values(),
        *run.screening.places.values(),
        *run.screening.positions.values(),
    ]
    for finding in (f for findings in every for f in findings):
        entry = counts.setdefault(finding.rule, [0, 0])
        entry[0] += 1
        entry[1] += finding.outcome is not Outcome.PASS
    columns = (
        Column(Text("Rule", "規定")),
        Column(Text("What it asks", "內容")),
        Column(Text("Applied", "適用次數"), amount=True),
        Column(Text("Not met", "未符合"), amount=True),
    )
    rows = [
        (rule.id, rule.title, amount(counts[rule.id][0], 0), _few(counts[rule.id][1]))
        for rule in pack.rules
        if rule.id in counts
    ]
    assumed = [
        (_parameter(f), f.note or f.citation)
        for series in pack.facts.values()
        for f in series
        if f.evidence.is_doubtful and f.holds_on(run.on)
    ]
    return (
        table(columns, rows),
        element("h3", Text("Parameters that the real programme has not published", "實際計畫未公布之參數")),
        listing(assumed),
        element("h3", Text("Positions with a remark", "附註職缺")),
        finding_table(_remarks(run)),
    )


def _remarks(run: CallRun) -> list[Finding]:
    return [
        replace(f, subject=p)
        for p, findings in sorted(run.screening.positions.items())
        for f in findings
        if f.outcome is not Outcome.PASS
    ][:20]


def _dates(call: Call) -> Child:
    dates = call.settings.dates
    entries = (
        (Text("Applications open", "開放申請"), dates.opens),
        (Text("Applications close", "申請截止"), dates.closes),
        (Text("Rankings due", "單位排序截止"), dates.rankings_due),
        (Text("Results", "公布結果"), dates.results),
        (Text("Answers due", "回覆截止"), dates.answers_due),
        (Text("Second round", "第二輪"), dates.second_round),
        (Text("Appeals until", "申訴截止"), dates.appeals_until),
    )
    return pairs([(name, day.isoformat()) for name, day in entries if day is not None])


def _few(count: int) -> Child:
    """Return a count of cases of one rule; a handful is not told apart."""
    return f"< {SMALLEST_GROUP}" if is_handful(count) else amount(count, 0)


def _footer(record: str, pack: RulePack) -> Child:
    said = Text("Run and lists, salted SHA-256", "執行結果與志願排序（加鹽 SHA-256）")
    return join(
        (
            element("p", said, " ", element("code", record)),
            element(
                "p", Text("Rules", "規則版本"), f" {pack.id} {pack.revision} ", element("code", pack.sha256)
            ),
        )
    )


#: What blocks under each claim that a result is stable, or as near to it as can be.
_BLOCKS = {
    Guarantee.STABLE: Text("Blocking pairs", "阻擋配對"),
    Guarantee.WEAKLY_STABLE: Text("Blocking pairs", "阻擋配對"),
    Guarantee.STABLE_UNDER_CHOICE: Text("Blocking pairs", "阻擋配對"),
    Guarantee.FEWEST_BLOCKING: Text("Blocking choices", "阻擋組合"),
}


def _blocking(run: CallRun) -> tuple[Figure, ...]:
    """Return the figure of what blocks; none where the mechanism says nothing about it and nobody looked."""
    found = Text("found by the check", "經查核")
    return tuple(
        Figure(_BLOCKS[c.claim], str(len(c.witnesses)), found)
        for c in run.verdict.checks
        if c.claim in _BLOCKS
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _of(whole: int) -> Text:
    return Text(f"of {whole}", f"共 {whole}")


def _parameter(fact: Fact) -> Text:
    unit = {"day": Text(" days", " 日"), "year": Text(" years", " 年")}.get(fact.unit, Text("", ""))
    return Text(f"{fact.title.en}: {fact.value}{unit.en}", f"{fact.title.zh}：{fact.value}{unit.zh}")
