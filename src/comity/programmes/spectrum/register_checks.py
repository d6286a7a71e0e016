"""What the register leaves open: none given, rows that protect nobody, receivers that no criterion covers, consents."""

from __future__ import annotations

from collections.abc import Iterator

from comity.coordination.incumbents import EarthStation, FixedLink
from comity.coordination.network import Network
from comity.programmes.spectrum.network import filed_consents
from comity.programmes.spectrum.study import Study
from comity.programmes.spectrum.words import VICTIMS, decimal
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.text import Text
from comity.terrain.geodesy import distance_km

_CITATION = "Register of what is already there"
#: The fact that says of a case without a register what was taken instead.
NO_REGISTER_FACT = "coordination.without_register"
_SHORT_TERM = "earth_station_short_term"
_NAMED = 10


def register_findings(study: Study) -> tuple[Finding, ...]:
    """Return what the register cannot answer for this application, and which consents count."""
    return (
        *_completeness(study),
        *_uncovered(study),
        *_beyond(study),
        *_short_term(study),
        *_consents(study),
    )


def _completeness(study: Study) -> Iterator[Finding]:
    if study.own_awards_only:
        text = Text(
            "No register of others was given: beside this office's own awards neighbours are not known and nobody "
            "was tested. Before anything is issued the application is decided again beside the register.",
            "未提供其他使用者之登記資料：除本機關自行核准者外，鄰近使用情形不明，未進行測試；"
            "核發前應依登記資料重新審定。",
        )
        yield _unknown_neighbours(study, text)
    if not study.register_given:
        text = Text(
            "No register was given: neighbours are not known and nobody was tested. Before anything is issued the "
            "application is decided again beside the register.",
            "未提供登記資料：鄰近使用情形不明，未對任何使用者進行測試；核發前應依登記資料重新審定。",
        )
        yield _unknown_neighbours(study, text)
    rows = study.incumbents.unusable
    if rows:
        text = Text(
            f"{rows} rows of the register could not be used and protect nobody; an officer looks at them.",
            f"登記資料有 {rows} 列無法使用，未受保護；應由承辦人員檢視。",
        )
        yield _finding("REG-2", Outcome.WARN, text, Evidence.COMPUTED)


def _unknown_neighbours(study: Study, text: Text) -> Finding:
    listed = study.book.doubtful((NO_REGISTER_FACT,))
    return _finding("REG-1", Outcome.WARN, text, Evidence.ASSUMPTION, listed)


def _uncovered(study: Study) -> Iterator[Finding]:
    """Name every receiver near the candidate that the regime has no criterion for: nobody can say that it is safe."""
    if study.coordination is None:
        return
    for victim, kind, _reason in study.coordination.uncovered:
        name = VICTIMS[kind]
        text = Text(
            f"{name.en.capitalize()} {victim} hears the candidate and the regime states no criterion for it; "
            "an officer answers.",
            f"{name.zh} {victim} 可接收本案信號，本制度無適用之準則；應由承辦人員判斷。",
        )
        listed = study.book.doubtful(("coordination.criteria",))
        yield _finding("REG-3", Outcome.UNKNOWN, text, Evidence.PENDING, listed, victim)


def _beyond(study: Study) -> Iterator[Finding]:
    if study.coordination is None or not study.coordination.beyond:
        return
    beyond = study.coordination.beyond
    names = ", ".join(f"{victim} ({decimal(km, 0)} km)" for victim, _, km in beyond[:_NAMED])
    more = Text("", "")
    if len(beyond) > _NAMED:
        rest = len(beyond) - _NAMED
        more = Text(f" and {rest} more", f"等，另 {rest} 項")
    fact = "coordination.max_distance_km"
    text = Text(
        f"Not tested, beyond the coordination distance of {study.book.number(fact, 0.0):g} km: {names}{more.en}.",
        f"逾協調距離 {study.book.number(fact, 0.0):g} km 而未測試：{names}{more.zh}。",
    )
    yield _finding("REG-4", Outcome.PASS, text, study.book.evidence((fact,)), study.book.doubtful((fact,)))


def _short_term(study: Study) -> Iterator[Finding]:
    """List the short-term test of earth stations, which is not computable until its threshold is obtained."""
    fact = study.book.find(f"coordination.{_SHORT_TERM}.i_over_n_db")
    if fact is None or fact.value is not None or study.coordination is None:
        return
    near = sorted(e.id for e in study.incumbents.earth_stations if _concerned(study, e))
    if near:
        names = ", ".join(near[:_NAMED])
        text = Text(
            f"Short-term interference into {names} is not computable yet: the criterion is not obtained.",
            f"對 {names} 之短期干擾尚無法計算：準則尚未取得。",
        )
        yield _finding("REG-5", Outcome.WARN, text, Evidence.PENDING, (fact.id,))


def _concerned(study: Study, station: EarthStation) -> bool:
    """Whether an earth station receives in the channel and stands within the coordination distance."""
    here = study.candidate
    if station.low_mhz >= here.high_mhz or here.low_mhz >= station.high_mhz:
        return False
    places = [(t.latitude_deg, t.longitude_deg) for t in here.transmitters]
    nearest = min(float(distance_km(*p, station.latitude_deg, station.longitude_deg)) for p in places)
    return nearest <= study.policy.distance_limit("earth_station")


def _consents(study: Study) -> Iterator[Finding]:
    """Say of every consent whether it counts; one that counts is verified by an officer."""
    register = study.incumbents
    entries: tuple[Network | EarthStation | FixedLink, ...] = (
        *register.networks,
        *register.earth_stations,
        *register.fixed_links,
    )
    known = {(entry.id, entry.holder) for entry in entries}
    filed, verified = filed_consents(study.application), study.case.flags.get("consents_verified", False)
    for consent in study.application.consents:
        pair = consent.subject, consent.holder
        if pair not in filed:
            text = Text(
                f"The consent of {consent.holder} for {consent.subject} does not count: its paper "
                f"{consent.document} is not among the documents.",
                f"{consent.holder} 就 {consent.subject} 之同意不予採認：文件 {consent.document} 未檢附。",
            )
        elif pair not in known:
            text = Text(
                f"The consent of {consent.holder} for {consent.subject} does not count: the register names no "
                "such holder of it.",
                f"{consent.holder} 就 {consent.subject} 之同意不予採認：登記資料之權利人不符。",
            )
        elif not verified:
            text = Text(
                f"Before anything is issued an officer verifies the consent of {consent.holder} for "
                f"{consent.subject}, paper {consent.document}.",
                f"核發前應由承辦人員查驗 {consent.holder} 就 {consent.subject} 之同意文件 {consent.document}。",
            )
        else:
            continue
        yield _finding("REG-6", Outcome.WARN, text, Evidence.COMPUTED, subject=consent.subject)


def _finding(
    rule: str,
    outcome: Outcome,
    text: Text,
    evidence: Evidence,
    assumptions: tuple[str, ...] = (),
    subject: str = "",
) -> Finding:
    return Finding(
        rule,
        outcome,
        text,
        _CITATION,
        evidence,
        subject,
        assumptions=assumptions,
        details={"kind": "register"},
    )
