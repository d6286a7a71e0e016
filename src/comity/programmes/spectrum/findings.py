"""What the engines found, as findings: each with its measured value, limit, margin and citation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from comity.coordination.assessment import Assessment as Path
from comity.coordination.level import BoundaryLevel, ContourTouch, ExposureResult
from comity.programmes.spectrum.facts import FactBook
from comity.programmes.spectrum.words import MODELS, VICTIMS, channel_name, decimal
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
    names = (*path.facts, *_ids_of_ends(path), *book.ids_of_path(path.model))
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
        location_spread_db=path.location_spread_db,
        assumptions=book.doubtful(names),
        details=_interference_details(path),
    )


def _ids_of_ends(path: Path) -> tuple[str, ...]:
    """Return the ids of the facts about terminals and filters that a path rests on."""
    ids = ["coordination.density"]
    if path.victim_kind in ("earth_station", "fixed_link"):
        ids.append("coordination.protected_filters")
    if path.victim_kind == "base":
        ids.append("coordination.default_receive_gain_dbi")
    if "terminal" in path.pair:
        ids += ["coordination.terminal_height_m", "coordination.terminal_eirp_dbm"]
    if any(term.name == "net_filter_discrimination" and term.value != 0.0 for term in path.terms):
        by_terminal = path.pair.startswith("terminal")
        ids.append("coordination.terminal_mask" if by_terminal else "coordination.base_mask")
        ids.append(f"coordination.{path.victim_kind}_acs_db")
    return tuple(ids)


def _interference_text(path: Path, kept: bool) -> Text:
    kind, model, channel = VICTIMS[path.victim_kind], MODELS[path.model], channel_name(path.channel)
    level, limit = decimal(path.interference_dbm_per_mhz), decimal(path.limit_dbm_per_mhz)
    margin, km, time = decimal(abs(path.margin_db)), decimal(path.distance_km, 3), f"{path.time_percent:g}"
    side = Text("below", "低於") if kept else Text("above", "高於")
    how = Text("all interferers together", "全部干擾源合計") if path.aggregate else Text("", "")
    source = how.en or f"from {path.interferer}"
    origin = how.zh or f"來自 {path.interferer} "
    lobes = lobes_of(path)
    antenna = Text("", "") if lobes is None else Text(f", {lobes.en} side lobes", f"，天線旁波瓣採{lobes.zh}")
    consent = Text("; its holder agreed", "；權利人已同意") if path.consented and not kept else Text("", "")
    return Text(
        en=(
            f"{channel}: {kind.en} {path.victim} ({path.victim_holder}) receives {level} dBm/MHz {source}, "
            f"{margin} dB {side.en} the limit of {limit} dBm/MHz "
            f"({km} km, {model.en}, {time} % of time{antenna.en}){consent.en}."
        ),
        zh=(
            f"{channel}：{kind.zh} {path.victim}（{path.victim_holder}）接收{origin}之位準為 {level} dBm/MHz，"
            f"{side.zh}限值 {limit} dBm/MHz 達 {margin} dB"
            f"（{km} km，{model.zh}，{time} % 時間{antenna.zh}）{consent.zh}。"
        ),
    )


def lobes_of(path: Path) -> Text | None:
    """Return which side lobes a fixed link was taken to have: the same link hears less in an aggregate.

    A lone interferer meets the peak envelope (ITU-R F.699), many together the average pattern (ITU-R F.1245).
    """
    if path.victim_kind != "fixed_link":
        return None
    if path.aggregate:
        return Text("average", "平均場型")
    return Text("peak", "峰值包絡")


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


#: What a level at the boundary rests on beside its limit and its reading.
_BOUNDARY = (
    "interpretation.boundary_receiver_height_m",
    "interpretation.boundary_receiver_gain_dbi",
    "interpretation.boundary_time_percent",
    "interpretation.boundary_location_percent",
    "interpretation.boundary_indoor_exit_percent",
    "interpretation.boundary_spacing_m",
    "coordination.resource_blocks",
)


@dataclass(frozen=True, slots=True)
class Backing:
    """What an engine adds to the finding of a rule that reads one of its derived values.

    Parameters
    ----------
    measured, limit, unit, margin : taken over where the rule itself compares no numbers
    facts : ids of the facts that the engine's value rests on
    location_spread_db : location spread, one standard deviation (P.1812 4.7) [dB], if stated
    details : further values for tables and pictures
    """

    facts: tuple[str, ...]
    details: Mapping[str, Scalar]
    measured: float | None = None
    limit: float | None = None
    unit: str = ""
    margin: float | None = None
    location_spread_db: float | None = None


def boundary_backing(level: BoundaryLevel, book: FactBook) -> Backing:
    """Return where on the boundary the level is highest, and the link budget of its strongest part."""
    return Backing(
        facts=(*level.facts, *_BOUNDARY, *book.ids_of_path(level.model)),
        location_spread_db=level.location_spread_db,
        details={
            "interpretation": level.interpretation,
            "latitude": level.worst.latitude_deg,
            "longitude": level.worst.longitude_deg,
            "strongest": level.strongest,
            "distance_km": level.distance_km,
            "model": level.model,
            **{f"term_{term.name}": term.value for term in level.terms},
        },
    )


def contour_backing(touches: Sequence[ContourTouch], facts: tuple[str, ...]) -> Backing | None:
    """Return the neighbour that the coverage comes nearest to, or overlaps most."""
    if not touches:
        return None
    worst = min(touches, key=lambda t: (t.consented, t.margin_db, t.neighbour))
    return Backing(
        facts=facts,
        measured=worst.level_dbm,
        limit=worst.contour_dbm,
        unit="dBm",
        margin=worst.margin_db,
        details={
            "neighbour": worst.neighbour,
            "holder": worst.holder,
            "distance_km": worst.distance_km,
            "latitude": worst.latitude_deg,
            "longitude": worst.longitude_deg,
            "consented": worst.consented,
        },
    )


def exposure_backing(worst: ExposureResult) -> Backing:
    """Return the station whose surroundings are most exposed."""
    return Backing(
        facts=worst.facts,
        details={
            "station": worst.station,
            "power_density_w_per_m2": worst.power_density_w_per_m2,
            "limit_w_per_m2": worst.limit_w_per_m2,
            "compliance_distance_m": worst.compliance_distance_m,
            "nearest_m": worst.nearest_m,
        },
    )


def backed(finding: Finding, backing: Backing, book: FactBook) -> Finding:
    """Return ``finding`` with the engine's numbers beside it and all that they rest on."""
    numbers: dict[str, Any] = {}
    if finding.measured is None and backing.measured is not None:
        numbers = {
            "measured": backing.measured,
            "limit": backing.limit,
            "unit": backing.unit,
            "margin": backing.margin,
        }
    grades = (finding.evidence, book.evidence(backing.facts)) if backing.facts else (finding.evidence,)
    return replace(
        finding,
        evidence=max(grades, key=lambda grade: grade.rank),
        assumptions=tuple(sorted({*finding.assumptions, *book.doubtful(backing.facts)})),
        location_spread_db=backing.location_spread_db,
        details={**finding.details, **backing.details},
        **numbers,
    )
