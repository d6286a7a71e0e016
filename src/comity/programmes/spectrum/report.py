"""The report of a spectrum decision: one HTML file in two languages, and its coverage as GeoTIFF and picture."""

from __future__ import annotations

from pathlib import Path

from comity.casework.decision import Decision, DecisionOutcome
from comity.casework.files import write_whole
from comity.casework.world import World
from comity.programmes.spectrum._report_case import Case, case_of
from comity.programmes.spectrum._report_map import Survey, map_figure, site_figure, survey_of
from comity.programmes.spectrum._report_paths import (
    boundary_figure,
    margin_figure,
    margins_of,
    path_figures,
)
from comity.programmes.spectrum._report_tables import (
    alternatives,
    assumptions,
    award_table,
    channels,
    data_credits,
    findings,
    provenance,
    reasons,
)
from comity.programmes.spectrum.coverage_files import coverage_geotiff, coverage_picture
from comity.programmes.spectrum.view import award_rows
from comity.programmes.spectrum.words import channel_name
from comity.report.elements import Child, amount, element
from comity.report.page import Figure, Page, Section, render_page, verdict
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

OUTCOMES = {
    DecisionOutcome.GRANTED: (Outcome.PASS, Text("Granted", "核准")),
    DecisionOutcome.GRANTED_WITH_CONDITIONS: (Outcome.WARN, Text("Granted with conditions", "附條件核准")),
    DecisionOutcome.REFUSED: (Outcome.FAIL, Text("Refused", "不予核准")),
    DecisionOutcome.REFERRED: (Outcome.UNKNOWN, Text("Referred to an officer", "移請承辦人員審酌")),
}
_EXAMPLE = Text(
    "Example: the parties are invented; terrain, rules and models are real.",
    "範例：當事人均屬虛構；地形、規定與模型為真實資料。",
)


def write_report(decision: Decision, world: World, directory: Path) -> list[Path]:
    """Write ``report.html``, ``coverage.tif`` and ``coverage.png`` into ``directory``.

    Parameters
    ----------
    decision : a spectrum decision
    world : the world that it was decided in; coverage and profiles are computed again from it
    directory : where to write; files of the same names are replaced whole

    Returns
    -------
    list of Path
        the files, the report first
    """
    case = case_of(decision, world)
    survey = survey_of(case)
    contents = {
        "report.html": render_page(report_page(case, survey)).encode("utf-8"),
        "coverage.tif": coverage_geotiff(survey.coverage, decision.identity),
        "coverage.png": coverage_picture(survey.coverage),
    }
    for name, content in contents.items():
        write_whole(directory / name, content)
    return [directory / name for name in contents]


def report_page(case: Case, survey: Survey) -> Page:
    """Return the page of one case."""
    decision, application = case.decision, case.application
    tone, word = OUTCOMES[decision.outcome]
    name, party = application.site.name, application.party.name
    who = Text(party.en or party.zh, party.zh or party.en)
    regime = case.study.book.pack.title
    return Page(
        title=_titled(name, who),
        kicker=Text(
            f"Decision {decision.reference} · {regime.en} · {decision.decided_on.isoformat()}",
            f"決定 {decision.reference} · {regime.zh} · {decision.decided_on.isoformat()}",
        ),
        summary=(verdict(tone, word, _said(decision), _key_figures(case)),),
        sections=_sections(case, survey),
        footer=(_identity(decision), element("p", data_credits(case))),
        notice=_EXAMPLE if application.example else None,
    )


def _said(decision: Decision) -> Text:
    """Return the sentence under the outcome: what is given, or what stands in the way first."""
    if decision.outcome.is_grant:
        channel, power, term = (value for _, value in award_rows(decision)[:3])
        return Text(f"{channel.en}; {power.en}; {term.en}.", f"{channel.zh}；{power.zh}；{term.zh}。")
    kinds = (Outcome.FAIL, Outcome.UNKNOWN)
    stopped = [finding for kind in kinds for finding in decision.findings if finding.outcome is kind]
    if stopped:
        return _foremost(stopped)
    return next(iter(decision.reasons[1:] or decision.reasons), Text("", ""))


def _foremost(stopped: list[Finding]) -> Text:
    """Return the first of the findings in the way, and how many others there are.

    Of missed limits in decibels it is the one that is missed by most.
    """
    first = stopped[0]
    if first.margin is not None and first.unit.startswith("dB"):
        limits = [f for f in stopped if f.outcome is first.outcome and f.margin is not None]
        alike = [f for f in limits if f.unit.startswith("dB")]
        first = min(alike, key=lambda f: f.margin or 0.0)
    if len(stopped) == 1:
        return first.text
    rest = len(stopped) - 1
    return Text(f"{first.text.en} ({rest} more below.)", f"{first.text.zh}（另有 {rest} 項，詳如下。）")


def _titled(name: str, who: Text) -> Text:
    """Return the page's title; a name in the other script is left out where the party has one that fits."""
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in name)
    en = "" if chinese else f"{name}: "
    zh = f"{name}：" if chinese else ""
    return Text(f"{en}dedicated 5G spectrum for {who.en}", f"{zh}{who.zh}之專用 5G 頻率申請")


def _key_figures(case: Case) -> list[Figure]:
    radio, study = case.application.radio, case.study
    powers = sorted({station.eirp_dbm for station in case.application.stations})
    power = " – ".join(amount(p, 1) for p in dict.fromkeys((powers[0], powers[-1])))
    count = len(case.application.stations)
    plural = "" if count == 1 else "s"
    figures = [
        Figure(
            Text("Applied for", "申請"),
            f"{radio.bandwidth_mhz:g} MHz",
            Text(f"{count} station{plural}, {power} dBm EIRP", f"基地臺 {count} 座，EIRP {power} dBm"),
        )
    ]
    if study.chosen is not None and case.decision.award is not None:
        words = Text("Channel", "頻道") if case.decision.outcome.is_grant else Text("Proposed", "擬核給")
        figures.append(Figure(words, channel_name(study.chosen).replace("-", "–"), ""))
    rows = margins_of(case)
    if rows:
        least = min(rows, key=lambda row: row.margin_db)
        value = f"{amount(least.margin_db, 1, sign=True)} dB"
        figures.append(Figure(Text("Smallest margin", "最小餘裕"), value, least.name))
    figures.append(Figure(Text("Decided on", "決定日期"), case.decision.decided_on.isoformat()))
    return figures


def _sections(case: Case, survey: Survey) -> tuple[Section, ...]:
    decision = case.decision
    proposed = Text("What would be granted once the open points are cleared", "待釐清事項解決後可核准之內容")
    given = Text("What is granted", "核准內容") if decision.outcome.is_grant else proposed
    parts: list[tuple[str, Text, tuple[Child, ...]]] = [
        ("reasons", Text("Reasons", "理由"), (reasons(case),)),
        ("award", given, (award_table(case),) if decision.award is not None else ()),
        ("alternatives", Text("What would pass instead", "可行之替代方案"), alternatives(case)),
        ("map", Text("Where it is and whom it reaches", "位置與影響範圍"), (map_figure(case, survey),)),
        ("margins", Text("Margins", "餘裕"), _present(margin_figure(case))),
        ("path", Text("The tightest path", "餘裕最小之路徑"), path_figures(case)),
        (
            "boundary",
            Text("At the site boundary", "場域邊界"),
            (*_present(site_figure(case)), *_present(boundary_figure(case))),
        ),
        ("channels", Text("Channels", "頻道"), channels(case)),
        ("rules", Text("Rules", "規定"), findings(case)),
        ("assumptions", Text("Assumptions and open values", "假設及待確認數值"), (assumptions(case),)),
        ("provenance", Text("What this was computed with", "計算依據"), (provenance(case),)),
    ]
    return tuple(Section(id_, title, body) for id_, title, body in parts if body)


def _present(figure: Child) -> tuple[Child, ...]:
    return () if figure is None else (figure,)


def _identity(decision: Decision) -> Child:
    words = Text(
        "Identity of this decision, the SHA-256 of its canonical JSON: ",
        "本決定之識別碼（正規 JSON 之 SHA-256）：",
    )
    return element("p", words, element("span", decision.identity, class_="hash"))
