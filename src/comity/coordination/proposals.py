"""What might be granted when the wish is not: less power, another channel, a narrower one, another antenna setting.

Proposals come in order of preference and are arithmetic, not decisions: casework decides each before it is
offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from comity.coordination._decibel import level
from comity.coordination.assessment import Channel, ChannelResult, Coordination
from comity.coordination.level import Proposal
from comity.coordination.network import Network
from comity.coordination.policy import Policy


def proposals(candidate: Network, coordination: Coordination, policy: Policy) -> Iterator[Proposal]:
    """Yield what might be granted, best first: the wish alone if it passes.

    Parameters
    ----------
    candidate : the wish
    coordination : its coordination over its own channel and every other channel that may be proposed
    policy : search space

    Notes
    -----
    The reduced power follows from the headroom of every test, to 0.01 dB; it is exact while leakage outside the
    channel falls with the power, that is above the absolute caps of the mask.
    """
    wish = (candidate.low_mhz, candidate.high_mhz)
    result = coordination.result(wish)
    if result.passes:
        yield Proposal("wish", candidate, wish, 0.0, result.margin_db)
        return
    yield from islice(_ways(candidate, coordination, policy, result), policy.proposals.max_candidates)


def _ways(
    candidate: Network, coordination: Coordination, policy: Policy, result: ChannelResult
) -> Iterator[Proposal]:
    yield from _less_power(candidate, result, policy)
    others = [r for r in coordination.channels if r.channel != result.channel]
    for other in others:
        if other.passes:
            yield Proposal("channel", _moved(candidate, other.channel), other.channel, 0.0, other.margin_db)
    weakened = [
        p for r in others if not r.passes for p in _less_power(_moved(candidate, r.channel), r, policy)
    ]
    yield from sorted(weakened, key=lambda p: -p.eirp_change_db)[:1]
    yield from _narrower(candidate, policy)
    yield from _turned(candidate, policy)


def powered(network: Network, change_db: float) -> Network:
    """Return a network with the power of every base station changed [dB]."""
    stations = tuple(replace(t, eirp_dbm=round(t.eirp_dbm + change_db, 2)) for t in network.transmitters)
    return replace(network, transmitters=stations)


def _moved(network: Network, channel: Channel) -> Network:
    return replace(network, low_mhz=channel[0], high_mhz=channel[1])


def _less_power(candidate: Network, result: ChannelResult, policy: Policy) -> Iterator[Proposal]:
    """Yield the highest power that passes, where power can mend what fails."""
    if result.fixed_margin_db < 0.0 or result.power_margin_db >= 0.0:
        return
    rule = policy.proposals
    steps = -result.power_margin_db / rule.power_step_db
    change = -round(rule.power_step_db * float(int(steps) + (steps - int(steps) > 1e-6)), 2)
    network = powered(candidate, change)
    if min((t.eirp_dbm for t in network.transmitters), default=0.0) >= rule.min_eirp_dbm:
        margin = round(min(result.power_margin_db - change, result.fixed_margin_db), 2)
        yield Proposal("power", network, result.channel, change, margin)


def _narrower(candidate: Network, policy: Policy) -> Iterator[Proposal]:
    """Yield narrower channels of the same power density, those inside the wish first."""
    rule = policy.proposals
    for width in sorted((b for b in rule.bandwidths_mhz if b < candidate.bandwidth_mhz), reverse=True):
        change = round(float(level(width / candidate.bandwidth_mhz)), 2)
        network = powered(candidate, change)
        if min((t.eirp_dbm for t in network.transmitters), default=0.0) < rule.min_eirp_dbm:
            continue
        channels = rule.channels.get(width, ())
        within = [c for c in channels if c[0] >= candidate.low_mhz and c[1] <= candidate.high_mhz]
        for channel in (*within, *(c for c in channels if c not in within)):
            yield Proposal("bandwidth", _moved(network, channel), channel, change)


def _turned(candidate: Network, policy: Policy) -> Iterator[Proposal]:
    """Yield more down-tilt, then other azimuths, for stations whose antenna has a direction."""
    channel = (candidate.low_mhz, candidate.high_mhz)
    if all(t.antenna is None for t in candidate.transmitters):
        return
    for extra in policy.proposals.extra_tilts_deg:
        turned = tuple(replace(t, tilt_deg=min(t.tilt_deg + extra, 90.0)) for t in candidate.transmitters)
        yield Proposal("antenna", replace(candidate, transmitters=turned), channel)
    for turn in policy.proposals.azimuth_turns_deg:
        turned = tuple(replace(t, azimuth_deg=(t.azimuth_deg + turn) % 360.0) for t in candidate.transmitters)
        yield Proposal("antenna", replace(candidate, transmitters=turned), channel)
