"""The path profile, link budgets and margins of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from comity.coordination.assessment import Assessment as Path
from comity.coordination.assessment import Term
from comity.programmes.spectrum._report_case import Case, holder_of, incumbent_of, outward
from comity.programmes.spectrum.findings import lobes_of
from comity.programmes.spectrum.words import MODELS, VICTIMS, decimal
from comity.propagation.paths import SEA
from comity.report.budget import Budget, BudgetTerm, budget_chart
from comity.report.elements import Markup
from comity.report.margins import MOST_BARS, Margin, margin_chart
from comity.report.page import figure
from comity.report.profile import Profile, bulge_m, fresnel_radius_m, profile_chart, profile_legend
from comity.rules.finding import Outcome
from comity.rules.text import Text

_EARTH_RADIUS_KM = 6371.0
#: The first Fresnel zone is clear enough where 60 % of its radius is free.
_CLEAR_SHARE = 0.6
TERMS = {
    "eirp": Text("EIRP over the whole channel", "全頻道 EIRP"),
    "simultaneous_terminals": Text("Terminals sending at once", "同時發射之終端數"),
    "tx_antenna_discrimination": Text("Transmitting antenna, off axis", "發射天線偏軸鑑別度"),
    "tx_building_entry_loss": Text("Building exit loss (P.2109)", "發射端建物損失（P.2109）"),
    "tx_clutter_loss": Text("Clutter at the transmitter (P.2108)", "發射端地物損失（P.2108）"),
    "basic_transmission_loss": Text("Basic transmission loss", "基本傳輸損失"),
    "rx_clutter_loss": Text("Clutter at the receiver (P.2108)", "接收端地物損失（P.2108）"),
    "rx_building_entry_loss": Text("Building entry loss (P.2109)", "接收端建物損失（P.2109）"),
    "rx_antenna_gain": Text("Receiving antenna, peak gain", "接收天線最大增益"),
    "rx_antenna_discrimination": Text("Receiving antenna, off axis", "接收天線偏軸鑑別度"),
    "net_filter_discrimination": Text("Net filter discrimination", "淨濾波鑑別度"),
    "reference_bandwidth": Text("Into the reference bandwidth", "換算至參考頻寬"),
    "other_interferers": Text("Other interferers together", "其他干擾源合計"),
    "other_stations": Text("Other stations together", "其他基地臺合計"),
}


def path_figures(case: Case) -> tuple[Markup, ...]:
    """Return profile and link budget of the tightest path; nothing where nobody was near enough to be tested."""
    path = case.worst
    if path is None:
        return ()
    km, model = decimal(path.distance_km, 2), MODELS[path.model]
    ends = Text(f"{path.interferer} to {path.victim}", f"{path.interferer} 至 {path.victim}")
    radius = effective_radius_km(case.study.policy.dn)
    caption = Text(
        f"{ends.en}, {km} km, {model.en}, {path.time_percent:g} % of time; over an earth of "
        f"{radius:,.0f} km effective radius, so that the line of sight is straight.",
        f"{ends.zh}，{km} km，{model.zh}，{path.time_percent:g} % 時間；"
        f"以等效地球半徑 {radius:,.0f} km 繪製，視線為直線。",
    )
    if path.aggregate:
        caption = Text(
            f"{caption.en} It is the strongest part in a sum over all interferers.",
            f"{caption.zh}此為全部干擾源合計中最強者。",
        )
    shape = profile_of(case, path)
    drawn = profile_chart(shape, "path-caption")
    return figure("path-caption", drawn, caption, profile_legend(shape)), _budget_figure(case, path)


def boundary_figure(case: Case) -> Markup | None:
    """Return the link budget of the strongest station at the worst point of the boundary."""
    level = case.study.boundary
    if level is None:
        return None
    outcome = Outcome.PASS if level.passes else Outcome.FAIL
    total = round(sum(term.value for term in level.terms), 2)
    rest = Term("other_stations", round(level.worst.level_dbm - total, 2))
    budget = replace(
        _budget((*level.terms, rest), level.limit_dbm, level.worst.level_dbm, "dBm", outcome, level.model),
        result_name=Text("Level at the boundary", "邊界位準"),
    )
    place = f"{level.worst.latitude_deg:.5f}, {level.worst.longitude_deg:.5f}"
    metres = decimal(1000.0 * level.distance_km, 0)
    caption = Text(
        f"The strongest point of the site boundary, {place}: {level.strongest}, {metres} m away, "
        f"{MODELS[level.model].en}.",
        f"場域邊界位準最高點（{place}）：{level.strongest}，距離 {metres} m，{MODELS[level.model].zh}。",
    )
    return figure("boundary-caption", budget_chart(budget, "boundary-caption"), caption)


def margin_figure(case: Case) -> Markup | None:
    """Return the margin of everybody tested, and of the boundary."""
    rows = margins_of(case)
    if not rows:
        return None
    words = Text(
        "Distance to each limit, the smallest on top; below zero the limit is not kept. ",
        "各項限值之餘裕，由小至大排列；小於零即超出限值。",
    )
    if len(rows) > MOST_BARS:
        count = Text(
            f"The {MOST_BARS} smallest of {len(rows)} margins are drawn. ",
            f"圖示為 {len(rows)} 項餘裕中最小之 {MOST_BARS} 項。",
        )
        words = Text(words.en + count.en, words.zh + count.zh)
    if any(row.location_spread_db for row in rows):
        more = Text(
            "Whiskers: location spread (P.1812 4.7), one standard deviation between places of one 50 m square; "
            "the Recommendation states no error of prediction.",
            "橫線為地點變異（P.1812 4.7），即 50 m 方格內各地點之一個標準差；該建議書未載預測誤差。",
        )
        words = Text(words.en + more.en, words.zh + more.zh)
    return figure("margin-caption", margin_chart(rows, "margin-caption"), words)


def margins_of(case: Case) -> list[Margin]:
    """Return one margin for the boundary and one for each incumbent."""
    rows = [_margin(case, path) for path in case.tightest.values()]
    level = case.study.boundary
    if level is not None:
        outcome = Outcome.PASS if level.passes else Outcome.FAIL
        rows.append(
            Margin(Text("Site boundary", "場域邊界"), level.margin_db, outcome, level.location_spread_db)
        )
    return rows


def profile_of(case: Case, path: Path) -> Profile:
    """Return the terrain under ``path`` as its model saw it."""
    policy, ends = case.study.policy, path.path
    found = case.study.ground.paths(
        [ends.tx_latitude_deg],
        [ends.tx_longitude_deg],
        [ends.rx_latitude_deg],
        [ends.rx_longitude_deg],
        spacing_m=policy.profile_spacing_m,
        cover="degurba" if policy.clutter == "profile" else "none",
    )
    cover_m = found.cover_m.copy()
    # Both models leave the cover away where the antennas stand.
    cover_m[[0, -1]] = 0.0
    shape = Profile(
        distance_km=found.distance_km,
        height_m=found.height_m,
        cover_m=cover_m,
        sea=found.zone == SEA,
        tx_height_m=ends.tx_height_m,
        rx_height_m=ends.rx_height_m,
        frequency_mhz=ends.frequency_mhz,
        effective_radius_km=effective_radius_km(policy.dn),
        tx_name=path.interferer,
        rx_name=path.victim,
    )
    return _with_edge(shape)


def effective_radius_km(dn: float) -> float:
    """Return the median effective earth radius ae [km] of P.452-18, eq. (5) and (6a), and P.1812-8."""
    return _EARTH_RADIUS_KM * 157.0 / (157.0 - dn)


def _with_edge(profile: Profile) -> Profile:
    """Mark the point that reaches deepest into the first Fresnel zone, if it reaches into its core."""
    d_km = profile.distance_km
    start = profile.height_m[0] + profile.tx_height_m
    stop = profile.height_m[-1] + profile.rx_height_m
    sight = start + (stop - start) * d_km / d_km[-1]
    top = profile.height_m + profile.cover_m + bulge_m(d_km, profile.effective_radius_km)
    radius = fresnel_radius_m(d_km, profile.frequency_mhz)
    depth = (top - sight)[1:-1] / radius[1:-1]
    if not depth.size or float(depth.max()) <= -_CLEAR_SHARE:
        return profile
    return replace(profile, edge=1 + int(np.argmax(depth)))


def _budget_figure(case: Case, path: Path) -> Markup:
    budget = _budget(
        path.terms,
        path.limit_dbm_per_mhz,
        path.interference_dbm_per_mhz,
        "dBm/MHz",
        case.outcome(path),
        path.model,
        lobes_of(path),
    )
    kind = VICTIMS[path.victim_kind]
    caption = Text(
        f"How the level at the {kind.en} comes about, and its limit ({path.criterion}).",
        f"{kind.zh}接收位準之計算過程及其限值（{path.criterion}）。",
    )
    return figure("budget-caption", budget_chart(budget, "budget-caption"), caption)


def _budget(
    terms: Sequence[Term],
    limit: float,
    result: float,
    unit: str,
    outcome: Outcome,
    model: str,
    lobes: Text | None = None,
) -> Budget:
    first, *others = terms
    spread = next((term.value for term in others if term.name == "reference_bandwidth"), 0.0)
    if unit == "dBm/MHz" and spread:
        # The axis is in dBm/MHz: the chart begins with what is radiated in one megahertz.
        whole = decimal(first.value, 1)
        others = [term for term in others if term.name != "reference_bandwidth"]
        start = Text(f"EIRP per MHz ({whole} dBm in all)", f"每 MHz EIRP（合計 {whole} dBm）")
        first_level = first.value + spread
    else:
        start, first_level = _term_name(first.name, model), first.value
    named = tuple(
        BudgetTerm(_term_name(term.name, model, lobes), term.value) for term in others if term.value
    )
    return Budget(start, first_level, named, limit, unit, result, outcome)


def _term_name(name: str, model: str, lobes: Text | None = None) -> Text:
    words = TERMS.get(name, Text(name, name))
    if name == "rx_antenna_discrimination" and lobes is not None:
        return Text(f"{words.en}, {lobes.en}", f"{words.zh}（{lobes.zh}）")
    if name != "basic_transmission_loss":
        return words
    short = MODELS[model]
    en, zh = short.en.removeprefix("ITU-R "), short.zh.removeprefix("ITU-R ")
    return Text(f"{words.en}, {en}", f"{words.zh}（{zh}）")


def _margin(case: Case, path: Path) -> Margin:
    other, holder = incumbent_of(path), holder_of(path)
    who = f"{other} ({holder})" if holder else other
    if outward(path):
        name = Text(who, who)
    else:
        name = Text(f"from {who} into this network", f"{who} 對本網路")
    return Margin(name, path.margin_db, case.outcome(path), path.location_spread_db)
