"""What the engines found, as findings: each with its measured value, limit, margin and citation."""

from __future__ import annotations

from collections.abc import Iterable

from comity.coordination.assessment import Assessment as Path
from comity.coordination.level import BoundaryLevel, ContourTouch, ExposureResult
from comity.programmes.spectrum.facts import FactBook
from comity.programmes.spectrum.words import INTERPRETATIONS, MODELS, VICTIMS, channel_name, decimal
from comity.rules.finding import Finding, Outcome, Scalar
from comity.rules.text import Text


def interference_finding(path: Path, book: FactBook, *, binding: bool = True) -> Finding:
    """Return one interference path held against its criterion.

    Parameters
    ----------
    path : assessed path
    book : facts that citation and evidence come from
    binding : whether a miss refuses; where it does not (the candidate itself would suffer) it warns
    """
    kept = path.margin_db >= 0.0
    outcome = Outcome.PASS if path.passes else (Outcome.FAIL if binding else Outcome.WARN)
    names = (*path.facts, *book.ids_of_path(path.model))
    return Finding(
        rule=f"C-{path.criterion}",
        outcome=outcome,
        text=_interference_text(path, kept),
        citation=book.citation(path.facts),
        evidence=book.evidence(names),
        subject=path.victim,
        measured=path.interference_dbm_per_mhz,
        limit=path.limit_dbm_per_mhz,
        unit="dBm/MHz",
        margin=path.margin_db,
        uncertainty_db=path.uncertainty_db,
        assumptions=book.doubtful(names),
        details=_interference_details(path),
    )


def _interference_text(path: Path, kept: bool) -> Text:
    kind, model, channel = VICTIMS[path.victim_kind], MODELS[path.model], channel_name(path.channel)
    level, limit = decimal(path.interference_dbm_per_mhz), decimal(path.limit_dbm_per_mhz)
    margin, km, time = decimal(abs(path.margin_db)), decimal(path.distance_km, 3), f"{path.time_percent:g}"
    side = Text("below", "低於") if kept else Text("above", "高於")
    how = Text("all interferers together", "全部干擾源合計") if path.aggregate else Text("", "")
    source = how.en or f"from {path.interferer}"
    origin = how.zh or f"來自 {path.interferer}"
    consent = Text("; its holder agreed", "；權利人已同意") if path.consented and not kept else Text("", "")
    return Text(
        en=(
            f"{channel}: {kind.en} {path.victim} ({path.victim_holder}) receives {level} dBm/MHz {source}, "
            f"{margin} dB {side.en} the limit of {limit} dBm/MHz "
            f"({km} km, {model.en}, {time} % of time){consent.en}."
        ),
        zh=(
            f"{channel}：{kind.zh} {path.victim}（{path.victim_holder}）接收{origin}之位準為 {level} dBm/MHz，"
            f"{side.zh}限值 {limit} dBm/MHz 達 {margin} dB"
            f"（{km} km，{model.zh}，{time} % 時間）{consent.zh}。"
        ),
    )


def _interference_details(path: Path) -> dict[str, Scalar]:
    return {
        "kind": "coordination",
        "channel": channel_name(path.channel),
        "direction": path.direction,
        "pair": path.pair,
        "victim_kind": path.victim_kind,
        "victim_holder": path.victim_holder,
        "interferer": path.interferer,
        "aggregate": path.aggregate,
        "distance_km": path.distance_km,
        "time_percent": path.time_percent,
        "location_percent": path.location_percent,
        "model": path.model,
        "consented": path.consented,
        "tx_latitude": path.path.tx_latitude_deg,
        "tx_longitude": path.path.tx_longitude_deg,
        "tx_height_m": path.path.tx_height_m,
        "rx_latitude": path.path.rx_latitude_deg,
        "rx_longitude": path.path.rx_longitude_deg,
        "rx_height_m": path.path.rx_height_m,
        "frequency_mhz": path.path.frequency_mhz,
        **{f"term_{term.name}": term.value for term in path.terms},
    }


def boundary_finding(level: BoundaryLevel, rule: str, book: FactBook) -> Finding:
    """Return the level along the boundary of the site held against its limit."""
    what, model = INTERPRETATIONS[level.interpretation], MODELS[level.model]
    measured, limit = decimal(level.worst.level_dbm), decimal(level.limit_dbm)
    margin, place = decimal(abs(level.margin_db)), _place(level.worst.latitude_deg, level.worst.longitude_deg)
    side = Text("below", "低於") if level.passes else Text("not below", "未低於")
    names = (*level.facts, *book.ids_of_path(level.model))
    return Finding(
        rule=rule,
        outcome=Outcome.PASS if level.passes else Outcome.FAIL,
        text=Text(
            en=(
                f"Highest level at the site boundary, {what.en}: {measured} dBm at {place}, {side.en} {limit} dBm "
                f"(difference {margin} dB, strongest {level.strongest}, "
                f"{decimal(level.distance_km, 3)} km, {model.en})."
            ),
            zh=(
                f"場域邊界最高位準（{what.zh}）：於 {place} 為 {measured} dBm，{side.zh} {limit} dBm"
                f"（差 {margin} dB，最強發射源 {level.strongest}，"
                f"{decimal(level.distance_km, 3)} km，{model.zh}）。"
            ),
        ),
        citation=book.citation(level.facts),
        evidence=book.evidence(names),
        subject=level.strongest,
        measured=level.worst.level_dbm,
        limit=level.limit_dbm,
        unit="dBm",
        margin=level.margin_db,
        uncertainty_db=level.uncertainty_db,
        assumptions=book.doubtful(names),
        details={
            "kind": "radio",
            "interpretation": level.interpretation,
            "latitude": level.worst.latitude_deg,
            "longitude": level.worst.longitude_deg,
            "distance_km": level.distance_km,
            "model": level.model,
            **{f"term_{term.name}": term.value for term in level.terms},
        },
    )


def contour_finding(touch: ContourTouch, rule: str, facts: Iterable[str], book: FactBook) -> Finding:
    """Return a neighbour that the coverage adjoins or overlaps: without consent it goes to a person."""
    names = tuple(facts)
    kept = not touch.touches or touch.consented
    level, contour = decimal(touch.level_dbm), decimal(touch.contour_dbm)
    if not touch.touches:
        result = Text("the coverage does not reach it", "涵蓋未及該處")
    elif touch.consented:
        result = Text("the coverage reaches it and its holder agreed", "涵蓋及於該處，權利人已同意")
    else:
        result = Text(
            "the coverage adjoins or overlaps it: the consent of its holder is needed",
            "涵蓋鄰接或重疊該處，應取得其權利人同意",
        )
    thing = {
        "site": Text("site of network", "網路場域"),
        "zone": Text("protection zone of", "干擾保護協調區"),
    }[touch.kind]
    return Finding(
        rule=rule,
        outcome=Outcome.PASS if kept else Outcome.UNKNOWN,
        text=Text(
            en=f"{thing.en} {touch.neighbour} ({touch.holder}): level {level} dBm, contour {contour} dBm; {result.en}.",
            zh=f"{thing.zh} {touch.neighbour}（{touch.holder}）：位準 {level} dBm，等位線 {contour} dBm；{result.zh}。",
        ),
        citation=book.citation(names),
        evidence=book.evidence(names),
        subject=touch.neighbour,
        measured=touch.level_dbm,
        limit=touch.contour_dbm,
        unit="dBm",
        margin=touch.margin_db,
        assumptions=book.doubtful(names),
        details={
            "kind": "coordination",
            "holder": touch.holder,
            "neighbour": touch.kind,
            "distance_km": touch.distance_km,
            "latitude": touch.latitude_deg,
            "longitude": touch.longitude_deg,
            "consented": touch.consented,
        },
    )


def exposure_finding(result: ExposureResult, rule: str, book: FactBook) -> Finding:
    """Return the public exposure near one station held against the reference level."""
    density, limit = decimal(result.power_density_w_per_m2, 3), decimal(result.limit_w_per_m2)
    nearest, distance = decimal(result.nearest_m), decimal(result.compliance_distance_m)
    return Finding(
        rule=rule,
        outcome=Outcome.PASS if result.passes else Outcome.FAIL,
        text=Text(
            en=(
                f"{result.station}: {density} W/m² where a person can come nearest ({nearest} m), reference level "
                f"{limit} W/m²; in the main beam it is kept beyond {distance} m."
            ),
            zh=(
                f"{result.station}：人員可及最近處（{nearest} m）為 {density} W/m²，參考位準 {limit} W/m²；"
                f"主波束方向 {distance} m 以外均符合。"
            ),
        ),
        citation=book.citation(result.facts),
        evidence=book.evidence(result.facts),
        subject=result.station,
        measured=result.power_density_w_per_m2,
        limit=result.limit_w_per_m2,
        unit="W/m2",
        margin=round(result.limit_w_per_m2 - result.power_density_w_per_m2, 6),
        assumptions=book.doubtful(result.facts),
        details={
            "kind": "radio",
            "ratio": result.ratio,
            "compliance_distance_m": result.compliance_distance_m,
        },
    )


def _place(latitude_deg: float, longitude_deg: float) -> str:
    north = "N" if latitude_deg >= 0 else "S"
    east = "E" if longitude_deg >= 0 else "W"
    return f"{abs(latitude_deg):.5f} {north}, {abs(longitude_deg):.5f} {east}"
