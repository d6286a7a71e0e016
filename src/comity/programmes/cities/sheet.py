"""The evidence sheet of one pair, in both languages: why, what is missing, the runner-up, what would change it."""

from __future__ import annotations

from comity.matching.cities.evidence import Evidence, evidence_of
from comity.matching.cities.problem import Pair
from comity.programmes.cities import _report_parts as parts
from comity.programmes.cities._report_map import FIRM_SHARE
from comity.programmes.cities.programme import pair_reason
from comity.programmes.cities.run import RoundRun
from comity.report.charts import Series, bar_chart, radar_chart, series_legend
from comity.report.elements import Child, element
from comity.report.page import Figure, Page, Section, figure, verdict
from comity.report.tables import Column, badge, listing, table
from comity.rules.finding import Outcome
from comity.rules.text import Text


def pair_sheet(run: RoundRun, pair: Pair, number: int) -> Page:
    """Return the evidence sheet of a pair as a page; ``number`` is that of the report's table."""
    evidence = evidence_of(pair, run.problem, run.scores, run.weights, run.side("left"), run.side("right"))
    round_ = run.application
    return Page(
        title=parts.both(run, pair),
        kicker=Text(
            f"Evidence sheet · pair {number} of {len(run.pairs)} · round {round_.reference}",
            f"佐證表 · 第 {number} 組，共 {len(run.pairs)} 組 · 輪次 {round_.reference}",
        ),
        summary=(_summary(run, evidence),),
        sections=(
            Section("why", Text("Why this pair", "配對理由"), _why(run, evidence)),
            Section("side", Text("Side by side", "並列比較"), _side_by_side(run, pair)),
            Section(
                "wishes", Text("Offers, asks and challenges", "可提供、所需求與共同課題"), _wishes(run, pair)
            ),
            Section("gaps", Text("What is missing", "資料缺口"), (_gaps(run, evidence),)),
            Section(
                "else",
                Text("Runner-up, and what would change it", "次佳方案與變動條件"),
                _otherwise(run, evidence),
            ),
        ),
        footer=(element("p", Text("Data", "資料雜湊值"), " ", element("code", run.data.sha256)),),
        notice=Text(
            "Invented round: the cities named here take part in no such round.",
            "虛構輪次：所列城市並未參加本輪次。",
        )
        if round_.example
        else None,
    )


def _summary(run: RoundRun, evidence: Evidence) -> Child:
    pair = evidence.pair
    figures = [Figure(Text("Score", "分數"), f"{evidence.score:.1f}", Text("of 100 points", "滿分 100 分"))]
    tone = Outcome.PASS
    if run.sensitivity is not None:
        share = run.stays(pair)
        draws = run.sensitivity.draws
        if share is not None:
            tone = Outcome.PASS if share >= FIRM_SHARE else Outcome.WARN
            figures.append(
                Figure(
                    Text("Stays under other weights", "其他權重下留存"),
                    parts.percent(share),
                    Text(f"of {draws} draws", f"共 {draws} 次抽樣"),
                )
            )
        ranks = run.sensitivity.ranks[pair]
        figures.append(
            Figure(
                Text("Rank in the first city's list", "於前者名單之名次"),
                str(ranks.middle) if ranks.low == ranks.high else f"{ranks.low}–{ranks.high}",
                Text(
                    f"of {len(run.problem.right)}, 90 % of the draws",
                    f"共 {len(run.problem.right)}，90 % 之抽樣",
                ),
            )
        )
    if evidence.runner_up is not None and run.ranked is None:
        figures.append(
            Figure(
                Text("Cost of doing without it", "捨棄此配對之代價"),
                f"{evidence.runner_up.cost:.1f}",
                Text("points of the whole set", "全體總分"),
            )
        )
    word = Text("Firm", "穩固") if tone is Outcome.PASS else Text("Hangs on the weights", "取決於權重")
    if pair in run.set_by_round:
        word = Text("Set by the round", "由本輪次指定")
    return verdict(tone, word, pair_reason(run, pair), figures)


def _why(run: RoundRun, evidence: Evidence) -> tuple[Child, ...]:
    names = [parts.component(c.component) for c in evidence.contributions]
    given = Series(
        Text("points given", "得分"),
        tuple(None if c.value is None else c.points for c in evidence.contributions),
    )
    whole = sum(c.weight for c in evidence.contributions if c.value is not None) or 1.0
    most = Series(
        Text("most possible", "滿分"),
        tuple(None if c.value is None else 100 * c.weight / whole for c in evidence.contributions),
    )
    chart = bar_chart(names, [given, most], "parts-name")
    policy = run.application.policy
    caption = Text(
        f"Points by component under the policy “{policy.title.en}” of {policy.dated}.",
        f"依 {policy.dated} 公布之政策「{policy.title.zh}」計算之各項得分。",
    )
    alike = [parts.indicator_title(run, i.indicator) for i in evidence.alike[:3]]
    apart = [parts.indicator_title(run, i.indicator) for i in evidence.apart[:2]]
    a, b = parts.listed(alike), parts.listed(apart)
    said = Text(f"Most alike in: {a.en}. Furthest apart in: {b.en}.", f"最相近：{a.zh}。差異最大：{b.zh}。")
    return (
        figure("parts-name", chart, caption, series_legend([given.name, most.name])),
        element("p", said) if alike else None,
    )


def _side_by_side(run: RoundRun, pair: Pair) -> tuple[Child, ...]:
    drawn: list[Child] = []
    axes = parts.shared_indicators(run, pair)
    if len(axes) >= 3:
        series = [Series(parts.name(run, p), tuple(parts.standing(run, p, i) for i in axes)) for p in pair]
        # The number leads from a name that was cut for want of room to the table below.
        chart = radar_chart([_numbered(run, i) for i in axes], series, "radar-name")
        caption = Text(
            "Standing among all places of the round: at the rim no other stands above it. More is further out; for the "
            "coast, nearer is more.",
            "於本輪次全部地方中之相對位置：達外緣者，無其他地方高於其上。數值愈大愈靠外；與海岸距離則愈近愈靠外。",
        )
        drawn.append(figure("radar-name", chart, caption, series_legend([s.name for s in series])))
    columns = (
        Column(Text("Indicator", "指標")),
        *(Column(parts.name(run, p), amount=True) for p in pair),
        Column(Text("Year", "年")),
        Column(Text("Source and licence", "來源與授權")),
    )
    drawn.append(table(columns, [_row(run, pair, i) for i in run.data.table.indicators]))
    return tuple(drawn)


def _numbered(run: RoundRun, code: str) -> Text:
    number, title = run.data.table.indicators.index(code) + 1, parts.indicator_title(run, code)
    return Text(f"{number}. {title.en}", f"{number}. {title.zh}")


def _row(run: RoundRun, pair: Pair, code: str) -> tuple[Child, ...]:
    indicator = run.data.framework[code]
    raw = run.data.table
    values = [parts.value(float(raw.column(code)[raw.places.index(p)]), indicator) for p in pair]
    years = sorted({run.data.years[p, code] for p in pair if (p, code) in run.data.years})
    source = element("small", f"{indicator.source} · {indicator.licence}")
    return _numbered(run, code), *values, ", ".join(map(str, years)) or parts.NONE, source


def _wishes(run: RoundRun, pair: Pair) -> tuple[Child, ...]:
    columns = (
        Column(Text("Field", "領域")),
        *(Column(parts.name(run, p)) for p in pair),
        Column(Text("Answered", "相互滿足")),
    )
    fields: dict[str, Text] = {}
    for p in pair:
        for wish in (*run.data.offers.get(p, ()), *run.data.asks.get(p, ())):
            fields.setdefault(wish.field, wish.text)
    rows = []
    for field, said in fields.items():
        stated = [_stated(run, p, field) for p in pair]
        met = {"offers", "asks"} <= {kind for kinds in stated for kind in kinds} and stated[0] != stated[1]
        shown = [parts.listed([_KINDS[k] for k in kinds]) if kinds else parts.NONE for kinds in stated]
        answer = badge(Outcome.PASS, Text("yes", "是")) if met else None
        rows.append((not met, (said, *shown, answer)))
    rows.sort(key=lambda r: r[0])
    shared = run.texts.best.get(pair)
    method = {"keywords": Text("keywords", "關鍵詞"), "semantic": Text("by meaning", "語意")}[
        run.texts.method
    ]
    challenge: Child = element("p", Text("One of the two states no challenge.", "其中一方未載明課題。"))
    if shared is not None and shared.likeness < LIKE:
        challenge = element("p", Text("No challenges alike were found.", "未發現相近之課題。"))
    elif shared is not None:
        a, b = (parts.name(run, p) for p in pair)
        like = f"{shared.likeness:.2f}"
        challenge = listing(
            [
                (Text(f"{a.en}: {shared.left.en}", f"{a.zh}：{shared.left.zh}"), None),
                (
                    Text(f"{b.en}: {shared.right.en}", f"{b.zh}：{shared.right.zh}"),
                    Text(f"Likeness {like} of 1, {method.en}. Read both: a machine compared them.",
                         f"相似度 {like}（滿分 1，{method.zh}）。係由程式比對，請自行審閱原文。"),
                ),
            ]
        )  # fmt: skip
    none = Text("Neither states an offer or an ask.", "雙方均未載明可提供或所需求。")
    return (
        parts.rows_or_none(columns, [r for _, r in rows], none),
        element("h3", Text("Challenges", "課題")),
        challenge,
    )


#: Challenges less alike than this are not shown as shared.
LIKE = 0.2
_KINDS = {"offers": Text("offers", "可提供"), "asks": Text("asks", "需求")}


def _stated(run: RoundRun, place: str, field: str) -> tuple[str, ...]:
    kinds = (("offers", run.data.offers), ("asks", run.data.asks))
    return tuple(kind for kind, wishes in kinds if any(w.field == field for w in wishes.get(place, ())))


def _gaps(run: RoundRun, evidence: Evidence) -> Child:
    columns = (
        Column(Text("Indicator", "指標")),
        *(Column(parts.name(run, p)) for p in evidence.pair),
        Column(Text("What follows", "影響")),
    )
    words: dict[bool, Child] = {
        True: Text("known", "有"),
        False: badge(Outcome.UNKNOWN, Text("missing", "缺漏")),
    }
    rows: list[tuple[Child, ...]] = [
        (
            parts.indicator_title(run, i),
            words[has_left],
            words[has_right],
            Text("not compared; the rest counts more", "不予比較；其餘指標比重提高"),
        )
        for i, has_left, has_right in evidence.gaps
    ]
    return parts.rows_or_none(columns, rows, Text("Nothing is missing.", "無缺漏。"))


_STABLE = Text(
    "The cities ranked each other. In a stable set no place is passed over by one that would rather have it than its "
    "own partner; scores decide nothing here.",
    "本輪次由城市相互排序。穩定配對中，無任何一方為更屬意該方之城市所捨；分數不影響結果。",
)


def _otherwise(run: RoundRun, evidence: Evidence) -> tuple[Child, ...]:
    entries: list[tuple[Child, Child]] = []
    a, b = (parts.name(run, p) for p in evidence.pair)
    other = evidence.runner_up
    if run.ranked is not None:
        return (element("p", _STABLE),)
    if other is None:
        said = Text(
            "No set of pairs keeps every constraint without this pair.",
            "若無此配對，即無符合全部條件之組合。",
        )
        entries.append((said, None))
    else:
        nobody = Text("nobody", "無配對")
        left = parts.name(run, other.left) if other.left else nobody
        right = parts.name(run, other.right) if other.right else nobody
        entries.append(
            (
                Text(
                    f"Without it the best set gives {a.en} {left.en}, and {b.en} {right.en}.",
                    f"若無此配對，最佳組合中{a.zh}之夥伴為{left.zh}，{b.zh}之夥伴為{right.zh}。",
                ),
                Text(f"The whole set loses {other.cost:.2f} points.", f"全體總分減少 {other.cost:.2f} 分。"),
            )
        )
    turn = evidence.turning
    if turn is not None:
        what, rival = parts.component(turn.component), parts.name(run, turn.rival)
        entries.append(
            (
                Text(
                    f"{rival.en} would score as high for {a.en} if the weight of {what.en.lower()} went from "
                    f"{turn.weight:g} to {turn.to_weight:.1f}.",
                    f"若{what.zh}之權重由 {turn.weight:g} 調整為 {turn.to_weight:.1f}，"
                    f"{rival.zh}對{a.zh}之分數即與之相同。",
                ),
                Text("One weight changed, the others as they are.", "僅變動單一權重，其餘不變。"),
            )
        )
    lost = [parts.indicator_title(run, i) for i, pairs in run.lost_without.items() if evidence.pair in pairs]
    if lost:
        which = parts.listed(lost)
        entries.append(
            (
                Text(
                    f"The set would not hold this pair if one of these were left out: {which.en}.",
                    f"若除去下列任一指標，此配對即不在組合中：{which.zh}。",
                ),
                None,
            )
        )
    if run.sensitivity is not None:
        rivals = run.sensitivity.challengers(evidence.pair[0], evidence.pair)[:3]
        if rivals:
            en = ", ".join(f"{parts.name(run, p[1]).en} {parts.percent(s)}" for p, s in rivals)
            zh = "、".join(f"{parts.name(run, p[1]).zh} {parts.percent(s)}" for p, s in rivals)
            entries.append(
                (
                    Text(
                        f"Under other weights {a.en} is also paired with: {en}.",
                        f"於其他權重下，{a.zh}亦曾配對：{zh}。",
                    ),
                    None,
                )
            )
    return (listing(entries),)
