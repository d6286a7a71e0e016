"""Assessing a spectrum application: the law, the ground, the neighbours, put together."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from pydantic import JsonValue

from comity.casework.decision import Option
from comity.casework.programme import Assessment
from comity.casework.world import World
from comity.coordination.assessment import Assessment as Path
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.award import award_of
from comity.programmes.spectrum.derived import derived_values
from comity.programmes.spectrum.findings import (
    Backing,
    backed,
    boundary_backing,
    contour_backing,
    exposure_backing,
    interference_finding,
)
from comity.programmes.spectrum.ground_checks import ground_findings
from comity.programmes.spectrum.network import Channel
from comity.programmes.spectrum.provenance import provenance_of
from comity.programmes.spectrum.study import Study, study_of
from comity.programmes.spectrum.words import channel_name, decimal
from comity.rules.evaluate import evaluate
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.pack import Rule
from comity.rules.text import Text

#: Interference paths shown for one channel: those that can fail it, and those that only warn.
PATHS_SHOWN, WARNINGS_SHOWN = 4, 2


def assess(application: SpectrumApplication, world: World) -> Assessment:
    """Return every finding on ``application`` and what could be given."""
    study = study_of(application, world)
    findings = (*ground_findings(application, study.ground), *law_findings(study), *path_findings(study))
    award = award_of(study)
    considered = options_of(study)
    named = {name for finding in findings for name in finding.assumptions}
    named |= {name for option in considered for finding in option.findings for name in finding.assumptions}
    return Assessment(
        findings=findings,
        award=award,
        provenance=provenance_of(study, world),
        conditions=(*conditions_of(findings), *building_conditions(study)),
        considered=considered,
        reasons=reasons_of(study),
        assumptions=study.book.assumptions(named),
    )


def law_findings(study: Study) -> tuple[Finding, ...]:
    """Return what the rule pack says, each engineering answer with the engine's numbers beside it."""
    book = study.book
    answers = evaluate(book.pack, study.application.model_dump(), derived_values(study), book.on)
    backings = _backings(study)
    return tuple(_with_backing(study, finding, backings) for finding in answers)


def _backings(study: Study) -> Mapping[str, Backing]:
    found: dict[str, Backing] = {}
    if study.boundary is not None:
        found["boundary_level_dbm"] = boundary_backing(study.boundary, study.book)
    contour = study.policy.contour
    for name, kind in (("coverage_touches", "site"), ("microwave_zone_hits", "zone")):
        touches = [t for t in study.touches if t.kind == kind]
        backing = contour_backing(touches, contour.facts if contour else ())
        if backing is not None:
            found[name] = backing
    if study.exposure:
        worst = max(study.exposure, key=lambda e: (e.ratio, e.station))
        found["emf_ratio"] = exposure_backing(worst)
    return found


def _with_backing(study: Study, finding: Finding, backings: Mapping[str, Backing]) -> Finding:
    read = _paths_read(study.book.pack.rule(finding.rule))
    name = next((n for n in backings if f"derived.{n}" in read), None)
    return finding if name is None else backed(finding, backings[name], study.book)


def _paths_read(rule: Rule) -> frozenset[str]:
    expressions = (rule.require, rule.measured, rule.limit)
    return frozenset().union(*(e.paths for e in expressions if e is not None))


def path_findings(study: Study) -> tuple[Finding, ...]:
    """Return the interference paths that decide: on the channel that is given, or on the best that fails."""
    if study.coordination is None:
        return ()
    channel = study.chosen or study.least_bad
    return _channel_findings(study, channel)


def _channel_findings(study: Study, channel: Channel) -> tuple[Finding, ...]:
    """Return the tightest paths of a channel, those that can fail it first."""
    paths = _tightest_paths(study, channel)
    binding = [p for p in paths if _binds(study, p)][:PATHS_SHOWN]
    suffering: dict[str, Path] = {}
    for path in paths:
        if not _binds(study, path) and path.margin_db < 0.0:
            suffering.setdefault(path.victim, path)
    warning = list(suffering.values())[:WARNINGS_SHOWN]
    return (
        *(interference_finding(path, study.book) for path in binding),
        *(interference_finding(path, study.book, binding=False) for path in warning),
    )


def _tightest_paths(study: Study, channel: Channel) -> tuple[Path, ...]:
    """Return the paths that the engine lists, or all where those listed only warn."""
    assert study.coordination is not None
    listed = study.result(channel).worst
    if any(_binds(study, p) and not p.consented for p in listed):
        return listed
    return study.coordination.assessments(channel)


def _binds(study: Study, path: Path) -> bool:
    return path.direction == "candidate_to_incumbent" or study.policy.inward == "refuse"


def options_of(study: Study) -> tuple[Option, ...]:
    """Return the channels asked for, in that order, then the others of the band."""
    if study.coordination is None:
        return ()
    named = study.application.radio.channels
    order = dict.fromkeys((*study.asked, *study.offered))
    return tuple(_option(study, c, bool(named) and c in study.asked) for c in order)


def _binding_paths(study: Study, channel: Channel) -> list[Path]:
    """Return the paths that can fail a channel, smallest margin first."""
    return [p for p in _tightest_paths(study, channel) if _binds(study, p) and not p.consented]


def _option(study: Study, channel: Channel, asked: bool) -> Option:
    result = study.result(channel)
    chosen = channel == study.chosen
    # The channel that is given has its findings among the decision's own.
    findings = _channel_findings(study, channel) if asked and not chosen else ()
    details: dict[str, JsonValue] = {
        "low_mhz": channel[0],
        "high_mhz": channel[1],
        "asked": asked,
        "margin_db": None if result.margin_db == inf else result.margin_db,
        "paths_computed": result.tested,
        "paths_screened": result.screened,
    }
    return Option(channel_name(channel), result.passes, chosen, findings, details)


def conditions_of(findings: tuple[Finding, ...]) -> tuple[Text, ...]:
    """Return one condition for every warning that asks something of the holder.

    A warning that data is not obtained yet, or that a matter is left to the officer's judgement, asks nothing.
    """
    return tuple(_condition(finding) for finding in findings if _asks_something(finding))


def _asks_something(finding: Finding) -> bool:
    judgement = finding.details.get("kind") == "review"
    return finding.outcome is Outcome.WARN and finding.evidence is not Evidence.PENDING and not judgement


def _condition(finding: Finding) -> Text:
    own = Text("", "")
    if finding.details.get("direction") == "incumbent_to_candidate":
        own = Text(
            "No protection is claimed where the network itself suffers: ",
            "本網路自身受下列干擾時不得主張保護：",
        )
    return Text(
        f"{own.en}{finding.text.en} [{finding.rule}; {finding.citation}]",
        f"{own.zh}{finding.text.zh}〔{finding.rule}；{finding.citation}〕",
    )


def building_conditions(study: Study) -> tuple[Text, ...]:
    """Return the condition that a boundary level is measured where it hangs on the class of the building."""
    level, plain = study.boundary, study.boundary_if_traditional
    if level is None or plain is None or plain.passes or not level.passes:
        return ()
    miss, limit = decimal(abs(plain.margin_db)), decimal(level.limit_dbm)
    place = f"{level.worst.latitude_deg:.5f}, {level.worst.longitude_deg:.5f}"
    return (
        Text(
            f"Before the network is used, the level along the site boundary is measured and lies below {limit} dBm, "
            f"at {place} among other points: the answer rests on the building being thermally efficient "
            f"(ITU-R P.2109-2); were it of the traditional class, the limit would be missed by {miss} dB.",
            f"啟用前應量測場域邊界電平並低於 {limit} dBm，量測點包括 {place}："
            f"本結果以建物屬 ITU-R P.2109-2 熱效率型為前提；若屬傳統型，將逾限值 {miss} dB。",
        ),
    )


def reasons_of(study: Study) -> tuple[Text, ...]:
    """Return which channel is given, what was passed over on the way, and the tightest margin."""
    if study.coordination is None or study.chosen is None:
        return ()
    passed_over = study.asked[: study.asked.index(study.chosen)] if study.application.radio.channels else ()
    reasons = [_passed_over(study, channel) for channel in passed_over]
    name, binding = channel_name(study.chosen), _binding_paths(study, study.chosen)
    if not binding:
        nobody = Text(
            f"Channel {name}: no protected receiver is near enough to be tested.",
            f"頻道 {name}：附近無需測試之受保護接收機。",
        )
        return (*reasons, nobody)
    margin = decimal(binding[0].margin_db)
    tightest = Text(
        f"Channel {name} passes; the smallest margin is {margin} dB, at {binding[0].victim}.",
        f"頻道 {name} 符合規定；最小餘裕為 {margin} dB（{binding[0].victim}）。",
    )
    return (*reasons, tightest)


def _passed_over(study: Study, channel: Channel) -> Text:
    finding = interference_finding(_binding_paths(study, channel)[0], study.book)
    return Text(
        f"Asked for first and not given: {finding.text.en} [{finding.rule}; {finding.citation}]",
        f"優先申請但未能核給：{finding.text.zh}〔{finding.rule}；{finding.citation}〕",
    )
