"""The report of a round: verdict, map and table of pairs, how firm they are, constraints, method, data, rules."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from comity.casework.decision import Decision
from comity.casework.world import World
from comity.matching.cities.evidence import contributions
from comity.matching.cities.scores import COMPONENTS
from comity.programmes.cities import _report_parts as parts
from comity.programmes.cities._report_map import FIRM_SHARE, map_legend, pair_map
from comity.programmes.cities._report_method import method_sections
from comity.programmes.cities.graphml import graphml
from comity.programmes.cities.programme import PROGRAMME, SET_BY_ROUND, pair_id, round_of, score_of
from comity.programmes.cities.run import RoundRun, run_round
from comity.programmes.cities.sheet import pair_sheet
from comity.report.charts import Series, bar_chart
from comity.report.elements import Child, element, join
from comity.report.page import Figure, Page, Section, figure, render_page, verdict
from comity.report.tables import Column, finding_table, listing, table
from comity.rules.finding import Outcome
from comity.rules.text import Text

_WORDS = {
    "granted": (Outcome.PASS, Text("Pairs found", "配對完成")),
    "granted_with_conditions": (Outcome.PASS, Text("Pairs found", "配對完成")),
    "refused": (Outcome.FAIL, Text("No set of pairs", "無法配對")),
    "referred": (Outcome.UNKNOWN, Text("Waits for a person to look", "待人工審酌")),
}


def write_report(decision: Decision, world: World, folder: Path) -> None:
    """Write the report, a sheet for each pair, and the tables behind them into ``folder``."""
    application = PROGRAMME.schema.model_validate(decision.application)
    run = run_round(application, round_of(world), world.pack(application.regime), world.today)
    (folder / "report.html").write_text(render_page(round_page(decision, run)), encoding="utf-8")
    _write_stages(run, folder / "stages")
    if run.pairs:
        (folder / "sheets").mkdir()
        for number, pair in enumerate(run.pairs, 1):
            path = folder / "sheets" / f"{number:02d}-{pair_id(pair)}.html"
            path.write_text(render_page(pair_sheet(run, pair, number)), encoding="utf-8")
        _write_scores(run, folder / "scores.csv")
    (folder / "pairs.graphml").write_text(graphml(run), encoding="utf-8")


def round_page(decision: Decision, run: RoundRun) -> Page:
    """Return the report of a round as a page."""
    tone, word = _WORDS[decision.outcome.value]
    application = run.application
    first, second = (parts.country(c) for c in application.countries)
    body = _with_pairs(run) if run.pairs else (_conflict_section(decision, run),)
    return Page(
        title=application.title.text,
        kicker=Text(
            f"Partner cities · {first.en} and {second.en} · round {application.reference}",
            f"夥伴城市 · {first.zh}與{second.zh} · 輪次 {application.reference}",
        ),
        summary=(verdict(tone, word, _said(run), _figures(run)),),
        sections=(
            *body,
            Section("left-out", Text("Places without a partner", "未獲配對之地方"), _without_partner(run)),
            *method_sections(run),
            Section("rules", Text("Rules applied", "適用規定"), (finding_table(decision.findings),)),
        ),
        footer=(
            element("p", Text("Decision", "決定書識別碼"), " ", element("code", decision.identity)),
            element("p", Text("Data", "資料雜湊值"), " ", element("code", run.data.sha256)),
        ),
        notice=Text(
            "Invented round: places and indicators are real; that these cities take part, and what they wish, "
            "is invented.",
            "虛構輪次：地方與指標為真實資料；城市參加本輪次及其意願均屬虛構。",
        )
        if application.example
        else None,
    )


def _said(run: RoundRun) -> Text:
    policy = run.application.policy
    if not run.pairs:
        return Text("The constraints of this round contradict each other.", "本輪次之條件彼此牴觸。")
    if run.ranked is not None:
        return Text(
            "The stable set from the cities' own rankings: no two cities would rather have each other.",
            "依各城市自行排序所得之穩定配對：無兩城市彼此更屬意對方。",
        )
    return Text(
        f"The set of highest total score under the policy “{policy.title.en}” and every constraint; proved.",
        f"於政策「{policy.title.zh}」及全部條件下總分最高之組合，業經證明。",
    )


def _figures(run: RoundRun) -> tuple[Figure, ...]:
    left, right = len(run.problem.left), len(run.problem.right)
    if not run.pairs:
        return ()
    figures = [
        Figure(
            Text("Pairs", "配對"),
            str(len(run.pairs)),
            Text(f"of {left} and {right} places", f"{left} 與 {right} 個地方"),
        ),
        Figure(
            Text("Mean score", "平均分數"),
            f"{sum(score_of(run, p) for p in run.pairs) / len(run.pairs):.1f}",
            Text("of 100 points", "滿分 100 分"),
        ),
    ]
    shares = [share for p in run.pairs if (share := run.stays(p)) is not None]
    if shares:
        firm, chosen = sum(s >= FIRM_SHARE for s in shares), len(shares)
        figures.append(
            Figure(
                Text("Firm pairs", "穩固配對"),
                str(firm),
                Text(
                    f"of {chosen} that the weights chose: stay in 90 % of the draws",
                    f"依權重選出之 {chosen} 組中，於 90 % 之抽樣中留存",
                ),
            )
        )
        figures.append(
            Figure(Text("Least firm", "最不穩固"), parts.percent(min(shares)), Text("of the draws", "之抽樣"))
        )
    return tuple(figures)


def _with_pairs(run: RoundRun) -> tuple[Section, ...]:
    caption = Text(
        "Each country in its own frame and scale; numbers are those of the table below.",
        "兩國各以自身範圍及比例尺繪製；編號與下表相同。",
    )
    sections = [
        Section(
            "pairs",
            Text("The pairs", "配對結果"),
            (figure("map-name", pair_map(run, "map-name"), caption, map_legend()), _pair_table(run)),
        )
    ]
    if run.sensitivity is not None:
        sections.append(Section("firm", Text("How firm the pairs are", "配對之穩固程度"), _firmness(run)))
    sections.append(
        Section("constraints", Text("What the set had to keep", "應遵守之條件"), _constraints(run))
    )
    return tuple(sections)


def _pair_table(run: RoundRun) -> Child:
    used = [c for c in COMPONENTS if run.weights.get(c)]
    columns = [
        Column(Text("Pair", "配對")),
        Column(Text("Score", "分數"), amount=True),
        *(Column(parts.component(c), amount=True) for c in used),
        Column(Text("Stays", "留存"), amount=True),
    ]
    rows = []
    for number, pair in enumerate(run.pairs, 1):
        given = {c.component: c for c in contributions(pair, run.scores, run.weights)}
        share = run.stays(pair)
        stays = parts.NONE if share is None else parts.percent(share)
        fixed = pair in run.set_by_round
        tag = join((" ", element("small", "(", SET_BY_ROUND, ")"))) if fixed else None
        shown = [parts.points(given[c].points if given[c].value is not None else None) for c in used]
        label = join((f"{number}. ", element("strong", parts.both(run, pair)), tag))
        rows.append((label, parts.points(score_of(run, pair)), *shown, stays))
    note = Text(
        "Points of 100 by component. “Stays” is the share of the draws under other weights whose best set holds the "
        "pair; one that the round set has none. Each pair has a sheet of its own in the folder sheets.",
        "各項目為滿分 100 分中之得分。「留存」為其他權重之抽樣中，最佳組合仍含該配對之比率；由本輪次指定者不計。"
        "各配對另有佐證表，置於 sheets 資料夾。",
    )
    return join((table(columns, rows), element("p", note, class_="note")))


def _firmness(run: RoundRun) -> tuple[Child, ...]:
    assert run.sensitivity is not None
    drawn = {p: share for p in run.pairs if (share := run.stays(p)) is not None}
    names, shares = [parts.both(run, p) for p in drawn], tuple(100 * share for share in drawn.values())
    draws, spread = run.sensitivity.draws, parts.percent(run.sensitivity.spread)
    caption = Text(
        f"Share of {draws} draws whose best set holds the pair. Each weight is drawn evenly within {spread} of the "
        f"policy's own (seed {run.sensitivity.seed}).",
        f"{draws} 次抽樣中最佳組合仍含該配對之比率。各權重於政策權重上下 {spread} 內均勻抽取"
        f"（種子 {run.sensitivity.seed}）。",
    )
    columns = (
        Column(Text("Left out", "除去之指標")),
        Column(Text("Pairs that are then lost", "因而變動之配對")),
    )
    rows = [
        (
            parts.indicator_title(run, indicator),
            parts.not_compared(run, indicator)
            or (parts.listed([parts.both(run, p) for p in lost]) if lost else Text("none", "無")),
        )
        for indicator, lost in run.lost_without.items()
    ]
    chart = bar_chart(names, [Series(Text("stays", "留存"), shares)], "firm-name", "%") if drawn else None
    return (
        element("p", Text("Every pair was set by the round.", "全部配對均由本輪次指定。"))
        if chart is None
        else figure("firm-name", chart, caption),
        element("h3", Text("One indicator left out", "逐一除去指標")),
        table(columns, rows),
    )


def _constraints(run: RoundRun) -> tuple[Child, ...]:
    columns = (
        Column(Text("Constraint", "條件")),
        Column(Text("Pairs in the set", "組合中之配對數"), amount=True),
    )
    rows: list[Sequence[Child]] = []
    for constraint in run.problem.constraints():
        if constraint.limits is not None:
            continue
        rows.append((constraint.title, str(_held(run, constraint.id))))
    reasons = [
        (parts.both(run, (f.first, f.second)), f.reason)
        for f in (*run.application.fixed, *run.application.forbidden)
        if f.reason
    ]
    none = Text("Nothing but one partner for each place.", "除每地至多一夥伴外，無其他條件。")
    return (
        parts.rows_or_none(columns, rows, none),
        listing(reasons) if reasons else None,
    )


def _held(run: RoundRun, constraint_id: str) -> int:
    kind, _, rest = constraint_id.partition(":")
    if kind == "pairs":
        return len(run.pairs)
    if kind == "quota":
        quota = next(q for q in run.problem.quotas if q.id == rest.rpartition(":")[0])
        return sum(pair[0 if quota.side == "left" else 1] in quota.places for pair in run.pairs)
    return sum(f"{a}:{b}" == rest for a, b in run.pairs)


def _conflict_section(decision: Decision, run: RoundRun) -> Section:
    conflict = [(c.title, None) for c in run.conflict]
    offered = [(a.title, None) for a in decision.alternatives]
    return Section(
        "conflict",
        Text("Constraints that contradict each other", "彼此牴觸之條件"),
        (
            element("p", Text("These cannot be kept together; without any one of them the rest can.",
                              "下列條件無法同時成立；除去任一項，其餘即可成立。")),
            listing(conflict),
            element("h3", Text("What would pass, decided and checked", "可行之替代方案（業經審定）")),
            listing(offered),
        ),
    )  # fmt: skip


def _without_partner(run: RoundRun) -> tuple[Child, ...]:
    lines: list[tuple[Child, Child]] = []
    for place in run.unpaired if run.pairs else ():
        lines.append(
            (
                parts.name(run, place),
                Text("Takes part; the best set gives it no partner.", "參加；最佳組合中未獲配對。"),
            )
        )
    left_out = [
        replace(f, subject=parts.name(run, place).en)
        for place in run.left_out
        for f in run.screening[place]
        if f.outcome is not Outcome.PASS
    ]
    return (
        listing(lines),
        element("h3", Text("Not let in, or not yet", "未符合或待釐清")),
        finding_table(left_out),
    )


def _write_scores(run: RoundRun, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("first", "second", "score", *COMPONENTS, "in_set", "survival"))
        for a in run.problem.left:
            for b in run.problem.right:
                values = ["" if (v := run.scores.at(a, b, c)) is None else f"{v:.6f}" for c in COMPONENTS]
                stays = run.stays((a, b))
                share = "" if stays is None else stays
                writer.writerow((a, b, score_of(run, (a, b)), *values, int((a, b) in run.pairs), share))


def _write_stages(run: RoundRun, folder: Path) -> None:
    folder.mkdir()
    for number, stage in enumerate(run.treated.stages, 1):
        with (folder / f"{number}-{stage.name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("place", *stage.table.indicators))
            for place, row in zip(stage.table.places, stage.table.values.tolist(), strict=True):
                writer.writerow((place, *("" if v != v else f"{v:.12g}" for v in row)))
