"""What coordination answers for each channel, as findings and options."""

from __future__ import annotations

from math import inf

from pydantic import JsonValue

from comity.casework.decision import Option
from comity.coordination.assessment import Assessment as Path
from comity.programmes.spectrum.findings import interference_finding
from comity.programmes.spectrum.network import Channel
from comity.programmes.spectrum.study import Study
from comity.programmes.spectrum.words import channel_name
from comity.rules.finding import Finding

#: Interference paths shown for one channel: those that can fail it, and those that only warn.
PATHS_SHOWN, WARNINGS_SHOWN = 4, 2


def path_findings(study: Study) -> tuple[Finding, ...]:
    """Return the interference paths that decide: on the channel that is given, or on the best that fails."""
    if study.coordination is None:
        return ()
    channel = study.chosen or study.least_bad
    return _channel_findings(study, channel)


def _channel_findings(study: Study, channel: Channel) -> tuple[Finding, ...]:
    """Return the tightest paths of a channel, those that can fail it first."""
    paths = _tightest_paths(study, channel)
    # What fails without consent comes first: it must never fall off the end of the list.
    binding = sorted((p for p in paths if binds(study, p)), key=lambda p: (p.passes, p.margin_db))[
        :PATHS_SHOWN
    ]
    suffering: dict[str, Path] = {}
    for path in paths:
        if not binds(study, path) and path.margin_db < 0.0:
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
    if any(binds(study, p) and not p.consented for p in listed):
        return listed
    return study.coordination.assessments(channel)


def binds(study: Study, path: Path) -> bool:
    """Return whether a path can fail the channel, rather than only warn the applicant."""
    return path.direction == "candidate_to_incumbent" or study.policy.inward == "refuse"


def options_of(study: Study) -> tuple[Option, ...]:
    """Return the channels asked for, in that order, then the others of the band."""
    if study.coordination is None:
        return ()
    named = study.application.radio.channels
    order = dict.fromkeys((*study.asked, *study.offered))
    return tuple(_option(study, c, bool(named) and c in study.asked) for c in order)


def binding_paths(study: Study, channel: Channel) -> list[Path]:
    """Return the paths that can fail a channel, smallest margin first."""
    return [p for p in _tightest_paths(study, channel) if binds(study, p) and not p.consented]


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
