"""Changed applications that might pass, best first; casework decides each before anybody sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil, floor, inf

from pydantic import JsonValue

from comity.casework.programme import Assessment, Candidate
from comity.casework.world import World
from comity.coordination._decibel import level
from comity.coordination.proposals import proposals
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.channels import bandwidths, channels_of
from comity.programmes.spectrum.consistency import is_nr_channel, nr_spacings_khz
from comity.programmes.spectrum.network import Channel
from comity.programmes.spectrum.study import Study, study_of
from comity.programmes.spectrum.words import channel_name, decimal
from comity.rules.fees import eirp_limit_dbm
from comity.rules.finding import Outcome
from comity.rules.text import Text

Changes = dict[str, JsonValue]
#: Reduced powers are offered on this grid, rounded down [dB].
EIRP_STEP_DB = 0.1
#: A station that may send no more than this is not worth offering [dBm].
LEAST_EIRP_DBM = 0.0
#: A limit that must be kept strictly is undercut by this much [dB].
_HAIR_DB = 0.01
#: Other channels offered: those nearest to the one asked for.
_OTHER_CHANNELS = 2
#: Kinds of rules that a change of the radio plan can satisfy.
_TECHNICAL = ("radio", "siting", "coordination")


def candidates(application: SpectrumApplication, world: World, assessment: Assessment) -> Iterator[Candidate]:
    """Yield other channels at full power, then less power, other antenna settings, narrower channels.

    Nothing is yielded where something stands against the application that no radio plan can mend; whether it does
    is not known while the plan itself leaves open whose consent is needed.
    """
    study = study_of(application, world)
    against = [f for f in assessment.findings if f.outcome in (Outcome.FAIL, Outcome.UNKNOWN)]
    if study.touches is not None and any(f.details.get("kind") not in _TECHNICAL for f in against):
        return
    width = _offered_width(study)
    if width is None:
        return
    if width != application.radio.bandwidth_mhz:
        yield from _narrower(study, world, width)
        return
    spacings = _nr_spacings_khz(study)
    if spacings is not None:
        yield from _other_spacings(study, spacings)
        return
    less_db = reduction_db(study)
    if study.chosen is None:
        yield from _other_channels(study, less_db)
    yield from _same_channel(study, less_db)
    if study.chosen is None:
        yield from _other_antennas(study)
        for narrower in reversed([b for b in bandwidths(study.book, _band(study)) if b < width]):
            yield from _narrower(study, world, narrower)


def _decibels(ratio: float) -> float:
    """Return a power ratio in dB, with the same bits on every machine."""
    return float(level(ratio))


def _band(study: Study) -> str:
    return study.application.radio.band


def _offered_width(study: Study) -> float | None:
    """Return the widest bandwidth of the band that is no wider than the one asked for."""
    asked = study.application.radio.bandwidth_mhz
    return max((b for b in bandwidths(study.book, _band(study)) if b <= asked), default=None)


def reduction_db(study: Study) -> float:
    """Return by how much every station must go down for what does not hang on the channel [dB]."""
    needed = [0.0]
    if study.boundary is not None and not study.boundary.passes:
        needed.append(_HAIR_DB - study.boundary.margin_db)
    needed += [_HAIR_DB - t.margin_db for t in study.touches or () if t.touches and not t.consented]
    needed += [_decibels(e.ratio) for e in study.exposure if not e.passes]
    return max(needed)


def _nr_spacings_khz(study: Study) -> tuple[int, ...] | None:
    """Return the spacings at which NR has the width asked for; ``None`` where the one asked for is among them."""
    if is_nr_channel(study.application, study.book) is not False:
        return None
    return nr_spacings_khz(study.application, study.book)


def _other_spacings(study: Study, spacings_khz: Iterable[int]) -> Iterator[Candidate]:
    """Yield the wish with another subcarrier spacing: no other change mends a channel that NR does not have."""
    for spacing in spacings_khz:
        title = Text(
            f"the same radio plan with subcarriers of {spacing} kHz.",
            f"無線電規劃不變，次載波間隔改為 {spacing} kHz。",
        )
        yield Candidate(title, {"radio.subcarrier_spacing_khz": spacing})


def _other_channels(study: Study, less_db: float) -> Iterator[Candidate]:
    wish = study.asked[0]
    passing = [c for c in study.offered if c not in study.asked and study.result(c).passes]
    for channel in sorted(passing, key=lambda c: (abs(c[0] - wish[0]), c))[:_OTHER_CHANNELS]:
        yield from _candidate(study, _on(channel), less_db, channel, study.application.radio.bandwidth_mhz)


def _same_channel(study: Study, less_db: float) -> Iterator[Candidate]:
    """Yield the channel that passes, or the one that needs the smallest cut, at the power that is left."""
    if study.coordination is None:
        return
    channel = study.chosen or max(study.asked, key=lambda c: (study.result(c).power_margin_db, -c[0]))
    headroom_db = study.result(channel).power_margin_db
    cut_db = max(less_db, 0.0 if headroom_db == inf else -headroom_db)
    pinned = _on(channel) if study.application.radio.channels else {}
    yield from _candidate(study, pinned, cut_db, channel, study.application.radio.bandwidth_mhz)


def _other_antennas(study: Study) -> Iterator[Candidate]:
    """Yield other tilts and azimuths on the channel asked for, at full power."""
    if study.coordination is None:
        return
    for proposal in proposals(study.candidate, study.coordination, study.policy):
        if proposal.kind == "antenna":
            changes: Changes = {"radio.channels": _channels(proposal.channel)}
            for i, (old, new) in enumerate(
                zip(study.candidate.transmitters, proposal.network.transmitters, strict=True)
            ):
                if new.tilt_deg != old.tilt_deg:
                    changes[f"stations.{i}.tilt_deg"] = new.tilt_deg
                if new.azimuth_deg != old.azimuth_deg:
                    changes[f"stations.{i}.azimuth_deg"] = new.azimuth_deg
            first = proposal.network.transmitters[0]
            azimuth, tilt = decimal(first.azimuth_deg, 1), decimal(first.tilt_deg, 1)
            name = channel_name(proposal.channel)
            yield Candidate(
                Text(
                    f"channel {name} at the power asked for, {first.id} turned to {azimuth}° and tilted {tilt}°.",
                    f"頻道 {name}，維持所請功率，{first.id} 方位角調為 {azimuth}°、下傾角 {tilt}°。",
                ),
                changes,
            )


def _narrower(study: Study, world: World, width_mhz: float) -> Iterator[Candidate]:
    """Yield the passing channel of another width that lies nearest to the wish, at the same power density."""
    density_db = _decibels(width_mhz / study.application.radio.bandwidth_mhz)
    less_db = max(0.0, reduction_db(study)) - density_db
    changes: Changes = {"radio.bandwidth_mhz": width_mhz, "radio.channels": []}
    changed = study.application.model_copy(
        update={
            "radio": study.application.radio.model_copy(update={"bandwidth_mhz": width_mhz, "channels": ()}),
            "stations": tuple(
                s.model_copy(update={"eirp_dbm": eirp})
                for s, eirp in zip(
                    study.application.stations, _powers(study, less_db, width_mhz), strict=True
                )
            ),
        }
    )
    tried = study_of(changed, world)
    wish_mhz = study.asked[0][0] if study.asked else 0.0
    passing = [c for c in channels_of(study.book, _band(study), width_mhz) if tried.result(c).passes]
    for channel in sorted(passing, key=lambda c: (abs(c[0] - wish_mhz), c))[:1]:
        yield from _candidate(study, changes | _on(channel), less_db, channel, width_mhz)


def _candidate(
    study: Study, changes: Mapping[str, JsonValue], less_db: float, channel: Channel, width_mhz: float
) -> Iterator[Candidate]:
    """Yield one candidate with its powers, unless it would be the application as it is, or too weak."""
    stations = study.application.stations
    powers = _powers(study, less_db, width_mhz)
    if min(powers) < LEAST_EIRP_DBM:
        return
    power_changes: Changes = {
        f"stations.{i}.eirp_dbm": power
        for i, (station, power) in enumerate(zip(stations, powers, strict=True))
        if power != station.eirp_dbm
    }
    if changes or power_changes:
        title = _title(study, channel, powers)
        yield Candidate(title, {**changes, **power_changes})


def _powers(study: Study, less_db: float, width_mhz: float) -> list[float]:
    """Return each station's EIRP after the cut and under the regime's cap [dBm]; one that need not fall stays."""
    application = study.application
    cap = eirp_limit_dbm(study.book.pack, _band(study), application.product, width_mhz, study.book.on)
    cap_dbm = float(cap.value) if cap is not None and isinstance(cap.value, int | float) else inf
    return [_on_grid(s.eirp_dbm, min(s.eirp_dbm - less_db, cap_dbm)) for s in application.stations]


def _on_grid(now_dbm: float, most_dbm: float) -> float:
    if most_dbm >= now_dbm:
        return now_dbm
    steps = floor(round(most_dbm / EIRP_STEP_DB, 6))
    return round(steps * EIRP_STEP_DB, 2)


def _on(channel: Channel) -> Changes:
    return {"radio.channels": _channels(channel)}


def _channels(channel: Channel) -> JsonValue:
    return [{"low_mhz": channel[0], "high_mhz": channel[1]}]


def _title(study: Study, channel: Channel, powers: list[float]) -> Text:
    name = channel_name(channel)
    weakest, strongest = decimal(min(powers), 1), decimal(max(powers), 1)
    power = strongest if weakest == strongest else f"{weakest}-{strongest}"
    cut = max(s.eirp_dbm - p for s, p in zip(study.application.stations, powers, strict=True))
    if cut <= 0.0:
        return Text(
            f"channel {name} at the power asked for ({power} dBm EIRP).",
            f"頻道 {name}，維持所請功率（EIRP {power} dBm）。",
        )
    less = decimal(ceil(cut * 100 - 1e-6) / 100)
    return Text(
        f"channel {name} at {power} dBm EIRP, {less} dB less than asked for.",
        f"頻道 {name}，EIRP {power} dBm，較所請降低 {less} dB。",
    )
