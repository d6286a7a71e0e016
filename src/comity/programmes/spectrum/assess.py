"""Assessing a spectrum application: the law, the ground, the neighbours, put together."""

from __future__ import annotations

from collections.abc import Mapping

from comity.casework.programme import Assessment
from comity.casework.world import World
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.award import award_of
from comity.programmes.spectrum.channel_answers import options_of, path_findings
from comity.programmes.spectrum.derived import derived_values
from comity.programmes.spectrum.findings import (
    Backing,
    backed,
    boundary_backing,
    contour_backing,
    exposure_backing,
)
from comity.programmes.spectrum.ground_checks import ground_findings
from comity.programmes.spectrum.provenance import provenance_of
from comity.programmes.spectrum.register_checks import register_findings
from comity.programmes.spectrum.sentences import (
    building_conditions,
    conditions_of,
    fence_conditions,
    reasons_of,
)
from comity.programmes.spectrum.study import Study, study_of
from comity.rules.evaluate import evaluate
from comity.rules.finding import Finding
from comity.rules.pack import Rule


def assess(application: SpectrumApplication, world: World) -> Assessment:
    """Return every finding on ``application`` and what could be given."""
    study = study_of(application, world)
    findings = (
        *ground_findings(application, study.ground),
        *law_findings(study),
        *register_findings(study),
        *path_findings(study),
    )
    award = award_of(study)
    considered = options_of(study)
    named = {name for finding in findings for name in finding.assumptions}
    named |= {name for option in considered for finding in option.findings for name in finding.assumptions}
    return Assessment(
        findings=findings,
        award=award,
        provenance=provenance_of(study, world),
        conditions=(*conditions_of(findings), *building_conditions(study), *fence_conditions(study)),
        considered=considered,
        reasons=reasons_of(study),
        assumptions=study.book.assumptions(named),
    )


def law_findings(study: Study) -> tuple[Finding, ...]:
    """Return what the rule pack says, each engineering answer with the engine's numbers beside it."""
    book = study.book
    answers = evaluate(book.pack, study.case.document(study.application), derived_values(study), book.on)
    backings = _backings(study)
    return tuple(_with_backing(study, finding, backings) for finding in answers)


def _backings(study: Study) -> Mapping[str, Backing]:
    found: dict[str, Backing] = {}
    if study.boundary is not None:
        found["boundary_level_dbm"] = boundary_backing(study.boundary, study.book)
    contour = study.policy.contour
    for name, kind in (("coverage_touches", "site"), ("microwave_zone_hits", "zone")):
        touches = [t for t in study.touches or () if t.kind == kind]
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
