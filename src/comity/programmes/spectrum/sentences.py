"""Conditions and reasons of a spectrum decision, in both languages."""

from __future__ import annotations

from comity.coordination.assessment import Assessment as Path
from comity.programmes.spectrum.channel_answers import binding_paths, binds
from comity.programmes.spectrum.findings import interference_finding
from comity.programmes.spectrum.network import Channel
from comity.programmes.spectrum.study import Study, fences_m
from comity.programmes.spectrum.words import channel_name, decimal, register_number
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text

#: Either says that affected users may agree among themselves.
_CONSENT_FACTS = ("coordination.user_led_consent", "coordination.consent_before_filing")


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


def fence_conditions(study: Study) -> tuple[Text, ...]:
    """Return the condition that holds people as far from each station as the exposure check took them to be."""
    if not study.exposure:
        return ()
    fences = sorted((name, metres) for name, metres in fences_m(study.application).items() if metres > 0.0)
    if not fences:
        return ()
    named = ", ".join(f"{name} {decimal(metres, 1)} m" for name, metres in fences)
    return (
        Text(
            f"Nobody of the public can come nearer to a station than the exposure check took: {named}.",
            f"民眾不得進入電磁波暴露審查所採之距離以內：{named}。",
        ),
    )


def reasons_of(study: Study) -> tuple[Text, ...]:
    """Return which channel is given, what was passed over on the way, and the tightest margin."""
    if study.coordination is None:
        return ()
    if study.chosen is None:
        return consents_needed(study)
    passed_over = study.asked[: study.asked.index(study.chosen)] if study.application.radio.channels else ()
    reasons = [_passed_over(study, channel) for channel in passed_over]
    name, binding = channel_name(study.chosen), binding_paths(study, study.chosen)
    if not binding:
        return (*reasons, _nobody(study, name))
    return (*reasons, _passes(study, name, binding[0]))


def _nobody(study: Study, name: str) -> Text:
    """Return why nothing decides on a channel: nobody was known, everybody agreed, or nobody is near."""
    assert study.coordination is not None
    assert study.chosen is not None
    if not study.register_given:
        return Text(
            f"Channel {name}: no register was given, so no receiver was tested.",
            f"頻道 {name}：未提供登記資料，未對任何接收機進行測試。",
        )
    if any(binds(study, path) for path in study.coordination.assessments(study.chosen)):
        return Text(
            f"Channel {name}: every protected receiver that was tested belongs to a holder who agreed.",
            f"頻道 {name}：受測之受保護接收機，其權利人均已同意。",
        )
    if study.own_awards_only:
        return Text(
            f"Channel {name}: of this office's own awards none is near enough to be tested; others are not known.",
            f"頻道 {name}：本機關自行核准者均距離較遠而無需測試；其他使用者不明。",
        )
    return Text(
        f"Channel {name}: no protected receiver is near enough to be tested.",
        f"頻道 {name}：附近無需測試之受保護接收機。",
    )


def _passes(study: Study, name: str, tightest: Path) -> Text:
    """Return the smallest margin of the paths, after that of the site boundary where it is the smaller."""
    margin, level = decimal(tightest.margin_db), study.boundary
    outward = tightest.direction == "candidate_to_incumbent"
    side = (
        Text("towards a neighbour", "對鄰近使用者")
        if outward
        else Text("from a neighbour", "受鄰近使用者干擾")
    )
    first = Text("", "")
    if level is not None and level.passes and level.margin_db < tightest.margin_db:
        kept = decimal(level.margin_db)
        first = Text(
            f"the tightest limit is that at the site boundary, kept by {kept} dB; ",
            f"餘裕最小者為場域邊界限值（{kept} dB）；",
        )
    return Text(
        f"Channel {name} passes; {first.en}the smallest margin {side.en} is {margin} dB, at {tightest.victim}.",
        f"頻道 {name} 符合規定；{first.zh}{side.zh}之最小餘裕為 {margin} dB（{tightest.victim}）。",
    )


def consents_needed(study: Study) -> tuple[Text, ...]:
    """Return whose consent would clear the channel that comes nearest, where the regime lets users agree."""
    assert study.coordination is not None
    if not any(study.book.value(fact) is True for fact in _CONSENT_FACTS):
        return ()
    channel = study.least_bad
    paths = study.coordination.assessments(channel, exceeded=True)
    against = [p for p in paths if binds(study, p) and not p.passes]
    if not against:
        return ()
    holders = dict.fromkeys(
        f"{register_number(p.victim, p.victim_kind)} ({p.victim_holder})" for p in against
    )
    name = channel_name(channel)
    return (
        Text(
            f"Channel {name} would pass with the written consent of {', '.join(holders)}.",
            f"如取得 {'、'.join(holders)} 之書面同意，頻道 {name} 即可通過。",
        ),
    )


def _passed_over(study: Study, channel: Channel) -> Text:
    finding = interference_finding(binding_paths(study, channel)[0], study.book)
    return Text(
        f"Asked for first and not given: {finding.text.en} [{finding.rule}; {finding.citation}]",
        f"優先申請但未能核給：{finding.text.zh}〔{finding.rule}；{finding.citation}〕",
    )
