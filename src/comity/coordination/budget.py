"""Link budgets of many links at once, every term in whole hundredths of a decibel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.coordination._decibel import NOTHING, Centi, centi, decibel, level
from comity.coordination.assessment import Term
from comity.coordination.cache import PathLosses
from comity.coordination.ends import KINDS, Ends
from comity.coordination.ground import Ground
from comity.coordination.links import Geometry, at_places, geometry
from comity.coordination.pathloss import Losses, every_percent, losses
from comity.coordination.patterns import Statistic, discriminations, peaks
from comity.coordination.policy import Criterion, Policy
from comity.coordination.spectrum import Couplings

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: Terms in the order in which they are summed and printed.
TERMS = (
    "eirp",
    "simultaneous_terminals",
    "tx_antenna_discrimination",
    "tx_building_entry_loss",
    "tx_clutter_loss",
    "basic_transmission_loss",
    "rx_clutter_loss",
    "rx_building_entry_loss",
    "rx_antenna_gain",
    "rx_antenna_discrimination",
    "net_filter_discrimination",
    "reference_bandwidth",
)
_ALWAYS = {
    "eirp",
    "basic_transmission_loss",
    "rx_antenna_gain",
    "net_filter_discrimination",
    "reference_bandwidth",
}


@dataclass(frozen=True, slots=True)
class Budgets:
    """Terms of ``n`` links for ``c`` channels.

    Parameters
    ----------
    emitters, receivers : antennas
    links : the links, terminals at the point nearest to the other end
    tried, found, of : the links again with terminals at ``m`` places of their area, what lies between, and to
        which link each belongs, rising; the worst of them counts
    percents : time percentages, in the order of ``found.loss_db``
    same : terms that are alike for all criteria (m,)
    discrimination : by statistic, loss of the transmitting and of the receiving antenna (m,)
    coupling : net filter discrimination (c, n); ``NOTHING`` where nothing is received
    bandwidth : reference bandwidth term (c, n)
    """

    emitters: Ends
    receivers: Ends
    links: Geometry
    tried: Geometry
    found: Losses
    of: Int
    percents: tuple[float, ...]
    same: dict[str, Centi]
    discrimination: dict[Statistic, tuple[Centi, Centi]]
    coupling: Centi
    bandwidth: Centi

    def levels(self, criterion: Criterion, policy: Policy) -> Centi:
        """Return interference density (c, n) for a criterion, hundredths of dBm/MHz."""
        static = self._static(criterion, policy, slice(None))
        if self.of.size:
            static = np.maximum.reduceat(static, np.searchsorted(self.of, np.arange(len(self.links))))
        total = static[None, :] + self.coupling + self.bandwidth
        return np.where(self.coupling <= NOTHING, NOTHING, total)

    def worst(self, criterion: Criterion, policy: Policy, link: int) -> int:
        """Return the place, a row of ``tried``, at which a link is worst for a criterion (the first of equals)."""
        first, last = np.searchsorted(self.of, [link, link + 1])
        return int(first + np.argmax(self._static(criterion, policy, slice(first, last))))

    def terms(self, criterion: Criterion, policy: Policy, channel: int, link: int) -> tuple[Term, ...]:
        """Return the terms of one link in one channel, in order; zero terms that say nothing are left out."""
        here, there = self.discrimination[policy.antenna_statistic(criterion)]
        at = self.worst(criterion, policy, link)
        values = {name: int(column[at]) for name, column in self.same.items()}
        values["tx_antenna_discrimination"] = int(here[at])
        values["rx_antenna_discrimination"] = int(there[at])
        values["basic_transmission_loss"] = -int(self._loss(criterion, slice(at, at + 1))[0])
        values["net_filter_discrimination"] = int(self.coupling[channel, link])
        values["reference_bandwidth"] = int(self.bandwidth[channel, link])
        return tuple(
            Term(name, decibel(values[name]), "dBm" if name == "eirp" else "dB")
            for name in TERMS
            if values[name] != 0 or name in _ALWAYS
        )

    def _static(self, criterion: Criterion, policy: Policy, rows: slice) -> Centi:
        """Return what does not hang on the channel, at some rows of ``tried``."""
        here, there = self.discrimination[policy.antenna_statistic(criterion)]
        start = here[rows] + there[rows] - self._loss(criterion, rows)
        return sum((column[rows] for column in self.same.values()), start=start)

    def _loss(self, criterion: Criterion, rows: slice) -> Centi:
        return centi(self.found.loss_db[self.percents.index(criterion.time_percent), rows])


def budgets(
    emitters: Ends,
    receivers: Ends,
    chosen: Mask,
    coupling: Couplings,
    width_mhz: Float,
    criteria: Sequence[Criterion],
    ground: Ground,
    policy: Policy,
    cache: PathLosses,
    sampled: Mask | None = None,
) -> Budgets:
    """Return the budgets of the ``chosen`` links (e, r).

    Parameters
    ----------
    emitters, receivers, chosen : which links
    coupling : what of each emission each receiver hears
    width_mhz : float64 (c, r), bandwidth over which each receiver averages [MHz]
    criteria : those that will be asked for: they give time percentages and antenna statistics
    ground, policy, cache : terrain, settings, known path losses
    sampled : bool (e, r), links whose terminals are tried at many places of their area; all by default
    """
    emitter, receiver = np.nonzero(chosen)
    links = geometry(emitters, receivers, emitter, receiver, policy)
    many = np.ones(emitter.size, dtype=bool) if sampled is None else sampled[emitter, receiver]
    tried, of = _tried(emitters, receivers, links, many, policy)
    percents = {
        kind: tuple(sorted({c.time_percent for c in criteria if c.victim == name}))
        for kind, name in enumerate(KINDS)
    }
    found = losses(emitters, receivers, tried, percents, ground, policy, cache)
    same = {
        "eirp": centi(emitters.level_dbm)[tried.emitter],
        "simultaneous_terminals": centi(level(emitters.simultaneous))[tried.emitter],
        "tx_building_entry_loss": -centi(found.tx_entry_db),
        "tx_clutter_loss": -centi(found.tx_clutter_db),
        "rx_clutter_loss": -centi(found.rx_clutter_db),
        "rx_building_entry_loss": -centi(found.rx_entry_db),
        "rx_antenna_gain": centi(peaks(receivers))[tried.receiver],
    }
    return Budgets(
        emitters=emitters,
        receivers=receivers,
        links=links,
        tried=tried,
        found=found,
        of=of,
        percents=every_percent(percents),
        same=same,
        discrimination={
            statistic: _discrimination(emitters, receivers, tried, found, statistic)
            for statistic in sorted({policy.antenna_statistic(c) for c in criteria})
        },
        coupling=coupling.of(emitter, receiver),
        bandwidth=-centi(level(width_mhz))[:, receiver],
    )


def _tried(
    emitters: Ends, receivers: Ends, links: Geometry, many: Mask, policy: Policy
) -> tuple[Geometry, Int]:
    """Return the links at the nearest points and, right behind each, at the further places of its terminals."""
    own = np.arange(len(links))
    further, link = at_places(emitters, receivers, links, many, policy)
    if not link.size:
        return links, own
    of = np.r_[own, link]
    order = np.argsort(of, kind="stable")
    joined = {
        name: np.concatenate([getattr(links, name), getattr(further, name)])[order]
        for name in Geometry.__slots__
    }
    return Geometry(**joined), of[order]


def _discrimination(
    emitters: Ends, receivers: Ends, links: Geometry, found: Losses, statistic: Statistic
) -> tuple[Centi, Centi]:
    """Return the losses of both antennas, of the straight line and the horizon whichever meets the stronger lobe."""
    here = discriminations(
        emitters,
        links.emitter,
        links.tx_azimuth_deg,
        (found.tx_elevation_deg, found.tx_horizon_deg),
        links.tx_anywhere,
        statistic,
    )
    there = discriminations(
        receivers,
        links.receiver,
        links.rx_azimuth_deg,
        (found.rx_elevation_deg, found.rx_horizon_deg),
        links.rx_anywhere,
        statistic,
    )
    return -centi(here), -centi(there)
