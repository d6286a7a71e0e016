"""The sections of a round's report on its method: policy, treatment stage by stage, indicators and their gaps."""

from __future__ import annotations

import math

from comity.programmes.cities import _report_parts as parts
from comity.programmes.cities.run import RoundRun
from comity.report.charts import stacked_bar
from comity.report.elements import Child, element
from comity.report.page import Section, figure
from comity.report.tables import Column, pairs, table
from comity.rules.text import Text

_STAGES = {
    "raw": Text("As read", "原始值"),
    "denominated": Text("Divided", "除以分母"),
    "imputed": Text("Imputed", "插補"),
    "treated": Text("Outliers treated", "離群值處理"),
    "normalised": Text("Normalised", "標準化"),
    "aggregated": Text("Aggregated", "彙整"),
}
_CHOICES = {
    "none": Text("none: what is missing stays missing", "不插補，缺漏仍為缺漏"),
    "mean": Text("mean", "平均數"),
    "median": Text("median", "中位數"),
    "group_mean": Text("mean of the country", "國家平均數"),
    "group_median": Text("median of the country", "國家中位數"),
    "zscore": Text("mean 0, deviation 1", "平均 0、標準差 1"),
    "minmax": Text("0 to 100", "0 至 100"),
    "rank": Text("ranks", "名次"),
}


def method_sections(run: RoundRun) -> tuple[Section, ...]:
    """Return policy, treatment and indicators."""
    return (
        Section("policy", Text("Policy: the weights", "政策：權重"), _policy(run)),
        Section("treatment", Text("Treatment, stage by stage", "資料處理各階段"), _treatment(run)),
        Section("indicators", Text("Indicators, sources and gaps", "指標、來源與缺口"), (_indicators(run),)),
    )


def _policy(run: RoundRun) -> tuple[Child, ...]:
    policy = run.application.policy
    used = [(parts.component(c), w) for c, w in run.weights.items() if w > 0]
    caption = Text(
        f"“{policy.title.en}”, policy {policy.id} of {policy.dated}.",
        f"「{policy.title.zh}」，{policy.dated} 公布（{policy.id}）。",
    )
    meaning = (
        (
            parts.component("similarity"),
            Text(
                "1 less the distance over the indicators that both have, as a share of the farthest pair's.",
                "以雙方共有指標計算距離，除以最遠一對之距離，再由 1 減去。",
            ),
        ),
        (
            parts.component("complementarity"),
            Text(
                "What each asks for and the other offers; a field near what the place knows counts up to double.",
                "一方需求而他方可提供者；與該地既有專長相近之領域，至多計為兩倍。",
            ),
        ),
        (
            parts.component("challenges"),
            Text(
                "How alike the stated challenges are, compared by machine in both languages.",
                "所載課題之相似程度，由程式以兩種語言比對。",
            ),
        ),
        (
            parts.component("feasibility"),
            Text(
                "Distance, common working hours, ties that exist already.",
                "距離、共同上班時間及既有往來。",
            ),
        ),
    )
    return figure("policy-name", stacked_bar(used, "policy-name"), caption), pairs(meaning)


def _treatment(run: RoundRun) -> tuple[Child, ...]:
    method = run.treated.method
    most = parts.percent(method.winsorise_most)
    log = (
        Text(", then a logarithm if that is not enough", "，仍不足時取對數")
        if method.transform == "log"
        else Text("", "")
    )
    how = pairs(
        (
            (Text("Missing values", "缺漏值"), _CHOICES[method.impute]),
            (
                Text("Outliers", "離群值"),
                Text(
                    f"where skewness is beyond {method.skew_limit:g} and kurtosis beyond {method.kurtosis_limit:g}: at "
                    f"most {most} of the places pulled in to the next value{log.en}",
                    f"偏態逾 {method.skew_limit:g} 且峰度逾 {method.kurtosis_limit:g} 者："
                    f"至多 {most} 之地方縮至相鄰值{log.zh}",
                ),
            ),
            (Text("Scale", "尺度"), _CHOICES[method.normalise]),
        )
    )
    columns = (
        Column(Text("Stage", "階段")),
        Column(Text("Values", "數值數"), amount=True),
        Column(Text("Missing", "缺漏"), amount=True),
        Column(Text("What it changed", "變動內容")),
    )
    rows: list[tuple[Child, ...]] = []
    for stage in run.treated.stages:
        changes = [
            Text(
                f"{_title(run, n.indicator).en}{', ' + parts.name(run, n.place).en if n.place else ''}: "
                f"{parts.WHAT_WAS_DONE[n.what].en}",
                f"{_title(run, n.indicator).zh}{'、' + parts.name(run, n.place).zh if n.place else ''}："
                f"{parts.WHAT_WAS_DONE[n.what].zh}",
            )
            for n in stage.notes
        ]
        said = (
            Text("; ".join(c.en for c in changes), "；".join(c.zh for c in changes))
            if changes
            else parts.NONE
        )
        cells = stage.table.values.size
        missing = len(stage.table.missing)
        rows.append((_STAGES[stage.name], str(cells - missing), str(missing), said))
    note = Text(
        "The whole table after each stage is in the folder stages.", "各階段之完整表格置於 stages 資料夾。"
    )
    return how, table(columns, rows), element("p", note, class_="note")


def _indicators(run: RoundRun) -> Child:
    columns = (
        Column(Text("Indicator", "指標")),
        Column(Text("Unit", "單位")),
        Column(Text("Years", "年份")),
        *(
            Column(Text(f"Known, {parts.country(c).en}", f"已知，{parts.country(c).zh}"), amount=True)
            for c in run.application.countries
        ),
        Column(Text("Source and licence", "來源與授權")),
    )
    rows: list[tuple[Child, ...]] = []
    for code in run.data.table.indicators:
        indicator = run.data.framework[code]
        years = sorted({y for (_, i), y in run.data.years.items() if i == code})
        shown = parts.NONE if not years else str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
        known = [_known(run, code, side) for side in (run.problem.left, run.problem.right)]
        source = element("small", f"{indicator.source} · {indicator.licence}")
        rows.append((indicator.title, indicator.unit, shown, *known, source))
    return table(columns, rows)


def _known(run: RoundRun, code: str, side: tuple[str, ...]) -> str:
    column = run.data.table.rows(side).column(code).tolist()
    return f"{sum(not math.isnan(v) for v in column)}/{len(side)}"


def _title(run: RoundRun, code: str) -> Text:
    return run.data.framework[code].title
