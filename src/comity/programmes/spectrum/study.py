"""The engineering of one application: everything the engines say about it, computed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from comity.casework.world import World
from comity.coordination.assessment import ChannelResult, Coordination
from comity.coordination.boundary import boundary_level
from comity.coordination.cache import PathLosses
from comity.coordination.contour import coverage_touches
from comity.coordination.coordinate import coordinate
from comity.coordination.exposure import public_exposure
from comity.coordination.field import divides
from comity.coordination.incumbents import Incumbents
from comity.coordination.level import BoundaryLevel, ContourTouch, ExposureResult
from comity.coordination.limits import ProposalPolicy
from comity.coordination.network import Network
from comity.coordination.policy import Policy
from comity.coordination.ring import outline
from comity.programmes.spectrum.antenna_check import check_antennas
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.case import OWN_AWARDS_ONLY, Case, case_of, readings_of
from comity.programmes.spectrum.channels import asked_channels, band_edges, bandwidths, channels_of
from comity.programmes.spectrum.facts import FactBook
from comity.programmes.spectrum.geometry import inside_m
from comity.programmes.spectrum.memory import path_losses
from comity.programmes.spectrum.network import Channel, network_of
from comity.programmes.spectrum.policy import policy_of, sync_group
from comity.rules.pack import RulePack, switch
from comity.terrain.ground import Ground


@dataclass(frozen=True)
class Study:
    """What the engines found.

    Parameters
    ----------
    application, case, ground, incumbents : what was studied, what the authority adds, on what, beside whom
    register_given : whether anybody said who is there; without a register nobody is known
    book : the rule pack, its readings switched, on the day of the decision
    policy : what was asked of the engines
    offered : every channel of that width in the band, lowest first; ``asked``: those applied for, in order
    candidate : the network on the channel that is granted, or else on the first one asked for
    coordination : results of every channel asked for or offered; ``None`` where the band is unknown
    chosen : the first channel asked for that passes, ``None`` where none does
    boundary, touches, exposure : further limits; ``None`` and empty where the regime has none, both ``None`` where
        the level that they limit is not defined: per resource element of a channel that NR does not have
    boundary_if_traditional : the boundary level if the building were of P.2109's traditional class, where the
        application counts on the other one
    """

    application: SpectrumApplication
    case: Case
    ground: Ground
    register_given: bool
    incumbents: Incumbents
    book: FactBook
    policy: Policy
    offered: tuple[Channel, ...]
    asked: tuple[Channel, ...]
    candidate: Network
    coordination: Coordination | None
    chosen: Channel | None
    boundary: BoundaryLevel | None
    touches: tuple[ContourTouch, ...] | None
    exposure: tuple[ExposureResult, ...]
    boundary_if_traditional: BoundaryLevel | None

    @property
    def own_awards_only(self) -> bool:
        """Whether the register holds the authority's own awards and says of nobody else."""
        return self.register_given and self.case.flags.get(OWN_AWARDS_ONLY, False)

    @property
    def least_bad(self) -> Channel:
        """The channel asked for with the largest margin; the first of equals."""
        return max(self.asked, key=lambda c: (self.result(c).margin_db, -self.asked.index(c)))

    def result(self, channel: Channel) -> ChannelResult:
        """Return the coordination result of one channel."""
        assert self.coordination is not None
        return self.coordination.result(channel)


def study_of(application: SpectrumApplication, world: World) -> Study:
    """Run the engines on ``application`` in ``world``; the last study is kept for who asks again."""
    inputs = (application, world.today, dict(world.settings), world.pack(application.regime).sha256)
    known = world.memory.get("study")
    if known and known[0] == inputs and known[1] is world.ground and known[2] is world.register:
        return cast(Study, known[3])
    study = _run(application, world)
    world.memory["study"] = (inputs, world.ground, world.register, study)
    return study


def _run(application: SpectrumApplication, world: World) -> Study:
    check_antennas(application)
    case = case_of(world)
    unstated = any(s.indoor for s in application.stations) and application.site.building is None
    also = ("coordination.default_building",) if unstated else ()
    book = FactBook(read_pack(application, world), world.today, also)
    incumbents = world.register if world.register is not None else Incumbents()
    band, width = application.radio.band, application.radio.bandwidth_mhz
    offered = channels_of(book, band, width)
    asked = asked_channels(application, offered)
    edges = band_edges(book, band)
    centre_mhz = (edges[0] + edges[1]) / 2 if edges else book.number("coordination.frequency_mhz", 4000.0)
    policy = policy_of(book, centre_mhz, _search(book, band, width), band)

    def network_on(channel: Channel) -> Network:
        return network_in(book, application, channel, case.rank(application))

    wish = network_on(asked[0] if asked else (centre_mhz, centre_mhz + width))
    cache = path_losses(world)
    coordination = None
    if edges is not None and asked:
        channels = tuple(dict.fromkeys((*asked, *offered)))
        coordination = coordinate(wish, incumbents, world.ground, policy, channels=channels, cache=cache)
    chosen = _first_passing(coordination, asked)
    candidate = wish if chosen is None else network_on(chosen)
    boundary, touches = _edge_limits(candidate, incumbents, world.ground, policy, cache)
    if_traditional = _if_traditional(candidate, world.ground, policy, cache)
    cache.flush()
    return Study(
        application=application,
        case=case,
        ground=world.ground,
        register_given=world.register is not None,
        incumbents=incumbents,
        book=book,
        policy=policy,
        offered=offered,
        asked=asked,
        candidate=candidate,
        coordination=coordination,
        chosen=chosen,
        boundary=boundary,
        touches=touches,
        exposure=_exposure(application, candidate, policy),
        boundary_if_traditional=if_traditional,
    )


def network_in(
    book: FactBook, application: SpectrumApplication, channel: Channel, rank: tuple[date, int]
) -> Network:
    """Return what is applied for as the regime's facts have it coordinated."""
    return network_of(
        application,
        channel,
        book.number("coordination.terminal_height_m", 1.5),
        rank,
        sync_group=sync_group(book, application.radio.band),
        service_radius_min_m=book.number(f"product.{application.product}.service_radius_min_m", 0.0),
    )


def _exposure(
    application: SpectrumApplication, candidate: Network, policy: Policy
) -> tuple[ExposureResult, ...]:
    if policy.exposure is None:
        return ()
    return public_exposure(candidate, policy, fences_m(application))


def fences_m(application: SpectrumApplication) -> dict[str, float]:
    """Return by station within what distance nobody of the public can come: as stated, at most to the site's edge."""
    return {
        s.id: min(s.public_distance_m, inside_m(application.site, (s.latitude, s.longitude)))
        for s in application.stations
        if s.public_distance_m is not None
    }


def _edge_limits(
    candidate: Network, incumbents: Incumbents, ground: Ground, policy: Policy, cache: PathLosses
) -> tuple[BoundaryLevel | None, tuple[ContourTouch, ...] | None]:
    """Return the level at the site's own edge and at its neighbours', where the regime limits them."""
    touches: tuple[ContourTouch, ...] | None = ()
    if policy.contour is not None:
        defined = divides(candidate, policy.contour.interpretation)
        touches = coverage_touches(candidate, incumbents, ground, policy, cache) if defined else None
    return _boundary(candidate, ground, policy, cache), touches


def _boundary(candidate: Network, ground: Ground, policy: Policy, cache: PathLosses) -> BoundaryLevel | None:
    rule, area = policy.boundary, candidate.area
    if rule is None or area is None or not divides(candidate, rule.interpretation):
        return None
    return boundary_level(candidate, outline(area, rule.spacing_m), ground, policy, cache)


def _if_traditional(
    candidate: Network, ground: Ground, policy: Policy, cache: PathLosses
) -> BoundaryLevel | None:
    if all(t.building != "thermally_efficient" for t in candidate.transmitters):
        return None
    plain = tuple(replace(t, building="traditional" if t.building else None) for t in candidate.transmitters)
    return _boundary(replace(candidate, transmitters=plain), ground, policy, cache)


def read_pack(application: SpectrumApplication, world: World) -> RulePack:
    """Return the rule pack of the application's regime under the readings that the world sets."""
    pack: RulePack = world.pack(application.regime)
    readings = readings_of(world)
    return switch(pack, readings) if readings else pack


def _first_passing(coordination: Coordination | None, asked: tuple[Channel, ...]) -> Channel | None:
    if coordination is None:
        return None
    return next((channel for channel in asked if coordination.result(channel).passes), None)


def _search(book: FactBook, band: str, width_mhz: float) -> ProposalPolicy:
    """Return where to look for what may be granted: the widths up to the one asked for."""
    widths = tuple(b for b in bandwidths(book, band) if b <= width_mhz)
    return ProposalPolicy(bandwidths_mhz=widths, channels={b: channels_of(book, band, b) for b in widths})
