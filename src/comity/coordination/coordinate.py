"""Coordination of one candidate against a register: both directions, every channel, one and all interferers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from comity.coordination import revision, spectrum
from comity.coordination.assessment import Channel, Coordination
from comity.coordination.budget import Budgets, budgets
from comity.coordination.cache import PathLosses, context_key
from comity.coordination.ends import FIXED_LINK, KINDS, Ends, emitters, receivers, take
from comity.coordination.explain import Explainer
from comity.coordination.ground import Ground, ground_key
from comity.coordination.incumbents import Incumbents
from comity.coordination.network import Network, Timing
from comity.coordination.others import others
from comity.coordination.policy import Criterion, Policy, VictimKind
from comity.coordination.screening import Screen
from comity.coordination.spectrum import Couplings
from comity.coordination.tdd import synchronised
from comity.coordination.untested import beyond, uncovered
from comity.coordination.verdicts import Others, Verdicts, inward_aggregate, outward_aggregate, singles

Float = NDArray[np.float64]
Mask = NDArray[np.bool_]
Untested = tuple[tuple[tuple[str, VictimKind, str], ...], tuple[tuple[str, VictimKind, float], ...]]


@dataclass(frozen=True)
class _Case:
    """Everything that stays the same while one candidate is coordinated."""

    candidate: Network
    register: Incumbents
    channels: tuple[Channel, ...]
    frames: Mapping[str, Timing]
    ground: Ground
    policy: Policy
    cache: PathLosses

    @cached_property
    def everybody(self) -> Ends:
        """Every transmitter of the register: networks first, then fixed links."""
        return emitters(self.register.networks, self.policy, self.register, self.ground)

    @cached_property
    def networks(self) -> Ends:
        """Every transmitter of the register's networks."""
        return take(self.everybody, np.flatnonzero(self.everybody.kind != FIXED_LINK))

    def budgets(
        self, sending: Ends, hearing: Ends, chosen: Mask, coupling: Couplings, widths: Float, tried: Mask
    ) -> Budgets:
        """Return the budgets of chosen links under this case's settings."""
        criteria = self.policy.criteria
        return budgets(
            sending, hearing, chosen, coupling, widths, criteria, self.ground, self.policy, self.cache, tried
        )


def coordinate(
    candidate: Network,
    incumbents: Incumbents,
    ground: Ground,
    policy: Policy,
    *,
    channels: Sequence[Channel] | None = None,
    cache: PathLosses | None = None,
) -> Coordination:
    """Test a candidate against everybody who is there before it.

    Parameters
    ----------
    candidate : the network asked for; its stations' EIRP is over the whole channel
    incumbents : the register; applications that come later than the candidate are passed over
    ground : terrain, as :func:`comity.terrain.ground.open_ground` opens it
    policy : criteria and settings
    channels : candidate channels ``(low_mhz, high_mhz)``; the candidate's own by default
    cache : path losses known from earlier calls; they are added to

    Returns
    -------
    Coordination
        one result a channel, with the tightest assessments; the result does not depend on the order of rows in
        the register, nor on what the cache held
    """
    register = incumbents.before(candidate).ordered()
    case = _Case(
        candidate=candidate,
        register=register,
        channels=tuple(channels) if channels else ((candidate.low_mhz, candidate.high_mhz),),
        frames={n.id: n.timing for n in (*register.networks, candidate)},
        ground=ground,
        policy=policy,
        cache=cache if cache is not None else PathLosses(),
    )
    verdicts, screened, untested = _outward(case)
    if policy.inward != "ignore":
        more, left = _inward(case)
        verdicts, screened = verdicts + more, screened + left
    phases = {
        n.id: synchronised(candidate.tdd, n.tdd, policy, (candidate.sync_group, n.sync_group))
        for n in register.networks
    }
    explainer = Explainer(candidate, case.channels, tuple(verdicts), phases, policy)
    return Coordination(
        candidate=candidate.id,
        channels=tuple(explainer.result(i, screened) for i in range(len(case.channels))),
        synchronisation=phases,
        provenance=_provenance(case),
        _assessments=explainer.assessments,
        uncovered=untested[0],
        beyond=untested[1],
    )


def _provenance(case: _Case) -> dict[str, str]:
    used = {"p2109", "free_space", case.policy.model_between_networks, case.policy.protected_model}
    if case.policy.clutter == "p2108":
        used.add("p2108")
    out = {f"model.{name}": revision.REVISIONS[name] for name in sorted(used)}
    out["engine.coordination"] = str(revision.ENGINE)
    for name, sha256 in case.register.sources:
        out[f"register.{name}"] = sha256
    return out


def _outward(case: _Case) -> tuple[list[Verdicts], int, Untested]:
    """Return verdicts on the candidate's interference into the register, how many were screened, who is not tested."""
    policy = case.policy
    sending = emitters([case.candidate], policy)
    hearing = receivers(case.register.networks, policy, case.register, case.ground)
    if not len(sending) or not len(hearing):
        return [], 0, ((), ())
    coupling = spectrum.outward(sending, hearing, case.channels, policy)
    screen = Screen(sending, hearing, case.frames, coupling.largest(), policy)
    untested = (
        uncovered(hearing, screen.audible, policy),
        beyond(sending, hearing, coupling.largest(), policy),
    )
    kept = screen.kept_for_singles()
    near = {c.id: screen.concerned(c) for c in screen.aggregate}
    sums = np.zeros_like(kept)
    for rows in near.values():
        sums[:, rows] |= screen.audible[:, rows]
    wanted = kept | sums
    widths = np.broadcast_to(hearing.width_mhz, (len(case.channels), len(hearing)))
    found = case.budgets(sending, hearing, wanted, coupling, widths, screen.tried(kept, sums))
    verdicts = singles("candidate_to_incumbent", found, kept, screen.single, policy)
    for criterion in screen.aggregate:
        rows = near[criterion.id]
        if rows.size:
            before = _before(case, take(hearing, rows), criterion)
            verdicts.append(outward_aggregate(found, before, rows, criterion, policy))
    return verdicts, screen.screened(kept), untested


def _before(case: _Case, victims: Ends, criterion: Criterion) -> Others:
    """Return what the whole register does to some of its receivers."""
    context = context_key({"ground": ground_key(case.ground), "revisions": revision.REVISIONS})
    return others(
        case.networks, victims, case.frames, criterion, case.policy, case.budgets, context, case.cache
    )


def _inward(case: _Case) -> tuple[list[Verdicts], int]:
    """Return verdicts on the register's interference into the candidate, and how many were screened."""
    policy = case.policy
    sending = case.everybody
    hearing = receivers([case.candidate], policy)
    if not len(sending) or not len(hearing):
        return [], 0
    coupling = spectrum.inward(sending, hearing, case.channels, policy)
    window = spectrum.window_mhz(case.channels, policy)
    # A given power is densest in the narrowest window: a bound there holds in every channel.
    narrow = replace(hearing, width_mhz=np.full(len(hearing), window.min()))
    screen = Screen(sending, narrow, case.frames, coupling.largest(), policy)
    kept = screen.kept_for_singles()
    sums = np.zeros_like(kept)
    for criterion in screen.aggregate:
        sums |= screen.kept_for_aggregate(criterion)
    wanted = kept | sums
    widths = np.broadcast_to(window[:, None], (len(case.channels), len(hearing)))
    found = case.budgets(sending, hearing, wanted, coupling, widths, screen.tried(kept, sums))
    verdicts = singles("incumbent_to_candidate", found, kept, screen.single, policy)
    for criterion in screen.aggregate:
        rows = np.flatnonzero(hearing.kind == KINDS.index(criterion.victim))
        if rows.size:
            rest = screen.rest(criterion, wanted)[rows]
            verdicts.append(inward_aggregate(found, rows, rest, criterion, policy))
    return verdicts, screen.screened(kept)
