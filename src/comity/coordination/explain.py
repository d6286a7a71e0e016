"""From arrays of levels to assessments that a person can read and check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.coordination._decibel import NOTHING, centi_level, decibel
from comity.coordination.assessment import Assessment, Channel, ChannelResult, PathEnds, Term
from comity.coordination.budget import Budgets
from comity.coordination.ends import KINDS, POLARISATIONS, TERMINAL
from comity.coordination.network import Network
from comity.coordination.pathloss import MODELS, P1812, location_spread_db
from comity.coordination.policy import Policy
from comity.coordination.screening import group_of
from comity.coordination.verdicts import Verdicts
from comity.rules.text import Text

Int = NDArray[np.int64]

#: Assessments that a channel's result carries, and contributors that an aggregate names.
LISTED = 8
_FAR = 10**9


@dataclass(frozen=True)
class Explainer:
    """All verdicts on one candidate.

    Parameters
    ----------
    candidate, channels : who, and where
    verdicts : one block a criterion and direction
    phases : by network: synchronised with the candidate, and why
    policy : settings
    """

    candidate: Network
    channels: tuple[Channel, ...]
    verdicts: tuple[Verdicts, ...]
    phases: Mapping[str, tuple[bool, Text]]
    policy: Policy

    @cached_property
    def _counting(self) -> tuple[NDArray[np.bool_], ...]:
        """Return for every block which of its tests can fail the candidate."""
        return tuple(self._counts(block) for block in self.verdicts)

    def _counts(self, block: Verdicts) -> NDArray[np.bool_]:
        if block.direction == "incumbent_to_candidate":
            return np.full(block.receiver.size, self.policy.inward == "refuse")
        ends = block.budgets.receivers
        agreed = [self.candidate.agreed_by(ends.owner[r], ends.holder[r]) for r in block.receiver]
        return ~np.array(agreed, dtype=bool)

    def result(self, channel: int, screened: int) -> ChannelResult:
        """Return the result of one channel; ``screened`` tests had already been passed by a bound."""
        margin, fixed, headroom, tests = _FAR, _FAR, np.inf, 0
        for block, counts in zip(self.verdicts, self._counting, strict=True):
            heard, margins = block.heard(channel), block.margin(channel)
            counted = heard & counts
            tests += int(heard.sum())
            margin = min(margin, int(margins[counted].min(initial=_FAR)))
            fixed = min(fixed, int(margins[counted & block.settled].min(initial=_FAR)))
            if block.direction == "candidate_to_incumbent":
                headroom = min(headroom, float(block.headroom_db[channel, counted].min(initial=np.inf)))
        return ChannelResult(
            channel=self.channels[channel],
            passes=margin >= 0,
            margin_db=_margin(margin),
            power_margin_db=float(np.floor(headroom * 100.0 + 1e-6) / 100.0),
            fixed_margin_db=_margin(fixed),
            tested=tests,
            screened=screened,
            worst=tuple(self._assessment(b, channel, t) for b, t in self._tightest(channel, LISTED)),
        )

    def assessments(self, channel: Channel, exceeded: bool) -> tuple[Assessment, ...]:
        """Return every assessment of one channel, or those alone whose limit is exceeded, smallest margin first."""
        index = self.channels.index(channel)
        found = self._tightest(index, None, exceeded=exceeded)
        return tuple(self._assessment(b, index, t) for b, t in found)

    def _tightest(self, channel: int, count: int | None, *, exceeded: bool = False) -> list[tuple[int, int]]:
        """Return block and test of the smallest margins; tests that count go before those that do not."""
        columns: list[tuple[Int, Int, Int, Int]] = []
        for b, (block, counts) in enumerate(zip(self.verdicts, self._counting, strict=True)):
            margin = block.margin(channel)
            t = np.flatnonzero(block.heard(channel) & (margin < 0) if exceeded else block.heard(channel))
            columns.append((np.full(t.size, b), t, margin[t], (~counts[t]).astype(np.int64)))
        if not columns:
            return []
        blocks, tests, margins, idle = (np.concatenate(c) for c in zip(*columns, strict=True))
        if count is not None and margins.size > count:
            near = margins <= np.partition(margins, count - 1)[count - 1]
            blocks, tests, margins, idle = blocks[near], tests[near], margins[near], idle[near]
        # A failing test that does not count still stands before one that passes.
        order = np.lexsort((tests, blocks, idle, margins))[:count]
        return [(int(blocks[i]), int(tests[i])) for i in order]

    def _assessment(self, b: int, channel: int, test: int) -> Assessment:
        block = self.verdicts[b]
        source, receiver = block.budgets, int(block.receiver[test])
        links = np.flatnonzero(source.links.receiver == receiver)
        if block.group[test] >= 0:
            links = links[group_of(source.emitters)[source.links.emitter[links]] == block.group[test]]
        strongest = int(links[np.argmax(block.links[channel, links])])
        total, limit = int(block.level[channel, test]), int(block.limit[test])
        terms = source.terms(block.criterion, self.policy, channel, strongest)
        rest = total - int(block.links[channel, strongest])
        if rest:
            name = "other_interferers" if block.criterion.aggregate else "other_stations"
            terms += (Term(name, decibel(rest)),)
        return Assessment(
            **self._parties(block, receiver, int(source.links.emitter[strongest])),
            **self._path(source, source.worst(block.criterion, self.policy, strongest)),
            criterion=block.criterion.id,
            aggregate=block.criterion.aggregate,
            channel=self.channels[channel],
            time_percent=block.criterion.time_percent,
            terms=terms,
            interference_dbm_per_mhz=decibel(total),
            limit_dbm_per_mhz=decibel(limit),
            margin_db=decibel(limit - total),
            contributors=self._contributors(block, channel, test),
            negligible_dbm_per_mhz=_bound(block, test),
            facts=block.criterion.facts,
        )

    def _parties(self, block: Verdicts, receiver: int, emitter: int) -> dict[str, Any]:
        """Return the fields of an assessment that say who harms whom."""
        sending, hearing = block.budgets.emitters, block.budgets.receivers
        outward = block.direction == "candidate_to_incumbent"
        incumbent = hearing.owner[receiver] if outward else sending.owner[emitter]
        phase = self.phases.get(incumbent)
        kinds = KINDS[int(sending.kind[emitter])], KINDS[int(hearing.kind[receiver])]
        return {
            "victim": hearing.id[receiver],
            "victim_kind": kinds[1],
            "victim_holder": hearing.holder[receiver],
            "interferer": sending.id[emitter],
            "interferer_holder": sending.holder[emitter],
            "direction": block.direction,
            "pair": "-".join(kinds),
            "consented": outward and self.candidate.agreed_by(incumbent, hearing.holder[receiver]),
            "synchronised": phase[0] if phase else None,
            "synchronisation_reason": phase[1] if phase else None,
            "source": hearing.source[receiver] if outward else sending.source[emitter],
        }

    def _path(self, source: Budgets, link: int) -> dict[str, Any]:
        """Return the fields of an assessment that say over which path, a row of ``source.tried``."""
        model = MODELS[int(source.found.model[link])]
        return {
            "model": model,
            "location_spread_db": location_spread_db(model, self.policy),
            "location_percent": self.policy.location_percent if model == MODELS[P1812] else None,
            "distance_km": round(float(source.tried.distance_km[link]), 3),
            "path": _path(source, link, self.policy),
        }

    def _contributors(self, block: Verdicts, channel: int, test: int) -> tuple[tuple[str, float], ...]:
        """Return the strongest networks in an aggregate and their part of it [dBm/MHz]."""
        if block.parts is None:
            return ()
        column = block.parts[min(channel, len(block.parts) - 1), :, test]
        first = np.argsort(-column, kind="stable")[:LISTED]
        parts = [(block.owners[i], int(column[i])) for i in first if column[i] > NOTHING]
        if block.own is not None:
            parts.append((self.candidate.id, int(block.own[channel, test])))
        parts.sort(key=lambda part: (-part[1], part[0]))
        return tuple((owner, decibel(value)) for owner, value in parts[:LISTED])


def _margin(centi: int) -> float:
    return np.inf if centi >= _FAR else decibel(centi)


def _bound(block: Verdicts, test: int) -> float | None:
    value = centi_level(block.negligible[test])
    return decibel(int(value)) if int(value) > NOTHING else None


def _path(source: Budgets, link: int, policy: Policy) -> PathEnds:
    links = source.tried
    row = source.emitters if source.emitters.kind[links.emitter[link]] != TERMINAL else source.receivers
    index = links.emitter[link] if row is source.emitters else links.receiver[link]
    return PathEnds(
        tx_latitude_deg=float(links.tx_latitude_deg[link]),
        tx_longitude_deg=float(links.tx_longitude_deg[link]),
        tx_height_m=float(links.tx_height_m[link]),
        rx_latitude_deg=float(links.rx_latitude_deg[link]),
        rx_longitude_deg=float(links.rx_longitude_deg[link]),
        rx_height_m=float(links.rx_height_m[link]),
        frequency_mhz=policy.frequency_mhz,
        polarisation=POLARISATIONS[int(row.polarisation[index])],  # type: ignore[arg-type]
    )
