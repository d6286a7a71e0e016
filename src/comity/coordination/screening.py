"""Leaving out what cannot matter, by bounds that never understate interference.

The bound of a link is its free-space budget over the straight-line distance, with peak gains on both sides, no
terrain, no clutter, and an allowance for the enhancement that the path models know. What is left out of an
aggregate is counted there at its bound.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from comity.coordination._angles import chord_km, earth_centred_km
from comity.coordination._decibel import NOTHING, Centi, centi, level, power
from comity.coordination.aside import looks_past_db
from comity.coordination.ends import EARTH_STATION, KINDS, Ends
from comity.coordination.links import tested
from comity.coordination.network import Timing
from comity.coordination.pathloss import entry_db, free_space_db
from comity.coordination.patterns import peaks
from comity.coordination.policy import Criterion, Policy

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: Rounding of terms, and the third of a percent by which a great circle may be shorter than the ellipsoid's way.
_SLACK_DB = 0.1
_DEGREES = 57.29577951308232
#: No path has a beta_0 below this (P.452-18 equation (2), P.1812-8 equation (5)) [%].
_SMALLEST_BETA_0 = 0.3


def enhancement_db(percent: float) -> float:
    """Return by how much a loss exceeded for all but ``percent`` of time can lie below free space [dB].

    P.452-18 equation (10) and P.1812-8 equation (9): multipath and focusing correct free space by at most
    2.6 log(p/50), taken at the smaller of p and beta_0. Every further mechanism adds loss.
    """
    share = min(percent, _SMALLEST_BETA_0)
    return 2.6 * float(level(50.0 / share)) / 10.0


def upper_bounds(emitters: Ends, receivers: Ends, coupling: Centi, percent: float, policy: Policy) -> Float:
    """Return bounds (e, r) on interference density [dBm/MHz]; ``NOTHING / 100`` where nothing is coupled.

    Parameters
    ----------
    emitters, receivers : antennas
    coupling : int64 (e, r), the largest coupling of the channels considered, hundredths of a decibel
    percent : time percentage [%]
    policy : settings
    """
    here = earth_centred_km(emitters.latitude_deg, emitters.longitude_deg)
    there = earth_centred_km(receivers.latitude_deg, receivers.longitude_deg)
    reach = emitters.radius_km[:, None] + receivers.radius_km[None, :]
    distance = np.maximum(chord_km(here, there) - reach, policy.minimum_distance_m / 1000.0)
    sent = emitters.level_dbm + level(emitters.simultaneous)
    sent = sent - entry_db(emitters.building, np.zeros(len(emitters)), policy)
    heard = peaks(receivers) - level(receivers.width_mhz)
    heard = heard - entry_db(receivers.building, np.zeros(len(receivers)), policy)
    bound = sent[:, None] + heard[None, :] - free_space_db(distance, policy)
    bound += enhancement_db(percent) + _SLACK_DB
    return np.where(coupling <= NOTHING, NOTHING / 100.0, bound + coupling / 100.0)


def in_reach(emitters: Ends, receivers: Ends, policy: Policy) -> Mask:
    """Return which pairs (e, r) are within the distance limits of the policy."""
    limit = np.array([policy.distance_limit(kind) for kind in KINDS])
    limits = np.minimum(
        limit[receivers.kind][None, :],
        np.where(emitters.kind >= EARTH_STATION, limit[emitters.kind], np.inf)[:, None],
    )
    if np.isinf(limits).all():
        return np.ones(limits.shape, dtype=bool)
    here = earth_centred_km(emitters.latitude_deg, emitters.longitude_deg)
    there = earth_centred_km(receivers.latitude_deg, receivers.longitude_deg)
    reach = emitters.radius_km[:, None] + receivers.radius_km[None, :]
    return np.asarray(chord_km(here, there) - reach <= limits)


def limits_of(criterion: Criterion, receivers: Ends) -> Centi:
    """Return the limit at every receiver (r,), hundredths of dBm/MHz."""
    if criterion.limit_dbm_per_mhz is not None:
        return np.full(len(receivers), int(centi(criterion.limit_dbm_per_mhz)), dtype=np.int64)
    assert criterion.i_over_n_db is not None
    return centi(receivers.level_dbm + criterion.i_over_n_db)


def group_starts(emitters: Ends) -> Int:
    """Return the first row of every run of emitters of one owner and kind: one interferer, one phase."""
    owner, kind = emitters.owner_index, emitters.kind
    changes = (np.diff(owner) != 0) | (np.diff(kind) != 0)
    return np.flatnonzero(np.r_[True, changes]) if owner.size else np.zeros(0, dtype=np.int64)


def group_of(emitters: Ends) -> Int:
    """Return the number of the run (see :func:`group_starts`) of every emitter."""
    out = np.zeros(len(emitters), dtype=np.int64)
    out[group_starts(emitters)[1:]] = 1
    return np.cumsum(out)


def looking_past_db(emitters: Ends, receivers: Ends, emitter: Int, receiver: Int) -> Float:
    """Return what of its gain an antenna loses towards an area at least, on links (m,) [dB]."""
    from comity.terrain.geodesy import bearing_deg, distance_km

    here = emitters.latitude_deg[emitter], emitters.longitude_deg[emitter]
    there = receivers.latitude_deg[receiver], receivers.longitude_deg[receiver]
    distance = distance_km(*here, *there)
    out = np.zeros(emitter.size)
    for ends, rows, radius, places in (
        (emitters, emitter, receivers.radius_km[receiver], (here, there)),
        (receivers, receiver, emitters.radius_km[emitter], (there, here)),
    ):
        apart = np.flatnonzero((ends.radius_km[rows] == 0.0) & (radius < 0.7 * distance))
        bearing = bearing_deg(*(column[apart] for place in places for column in place))
        # An arc is at most 1.25 of its sine up to 45 degrees.
        half = radius[apart] / distance[apart] * _DEGREES * 1.25
        out[apart] += looks_past_db(ends, rows[apart], bearing, half)
    return out


class Screen:
    """Bounds of every pair of emitter and receiver, and what they allow to leave out.

    Parameters
    ----------
    emitters, receivers : antennas
    frames : frame and group by network
    coupling : int64 (e, r), the largest coupling of the channels considered
    policy : criteria and settings
    """

    def __init__(
        self,
        emitters: Ends,
        receivers: Ends,
        frames: Mapping[str, Timing],
        coupling: Centi,
        policy: Policy,
    ) -> None:
        self._emitters, self._receivers, self._policy = emitters, receivers, policy
        self._starts = group_starts(emitters)
        self._sizes = np.diff(np.r_[self._starts, len(emitters)])
        allowed = tested(emitters, receivers, frames, policy) & in_reach(emitters, receivers, policy)
        heard = np.where(allowed, coupling, NOTHING)
        self.audible: Mask = heard > NOTHING
        self._bounds = {
            percent: power(centi(upper_bounds(emitters, receivers, heard, percent, policy)))
            for percent in {c.time_percent for c in policy.criteria}
        }
        present = {KINDS[kind] for kind in receivers.kind}
        self.single = tuple(c for c in policy.criteria if c.victim in present and not c.aggregate)
        self.aggregate = tuple(c for c in policy.criteria if c.victim in present and c.aggregate)

    def _rows(self, criterion: Criterion) -> Mask:
        return np.asarray(self._receivers.kind == KINDS.index(criterion.victim))

    def kept_for_singles(self) -> Mask:
        """Return which emitters (e, r) need the path model for single-entry limits.

        All stations of one interferer are kept or left out together. An interferer is left out when the sum of
        its bounds lies the policy's ``negligible_db`` below every limit.
        """
        kept = np.zeros((self._starts.size, len(self._receivers)), dtype=bool)
        for criterion in self.single:
            sums = np.add.reduceat(self._bounds[criterion.time_percent], self._starts, axis=0)
            floor = limits_of(criterion, self._receivers) / 100.0 - self._policy.negligible_db
            kept |= self._rows(criterion) & (level(sums) > floor)
        return np.repeat(kept, self._sizes, axis=0) & self.audible

    def tried(self, kept: Mask, aggregates: Mask) -> Mask:
        """Return the links (e, r) whose terminals are tried at many places of their area.

        Those of single entries are left at the nearest point where free space, towards every place of the area,
        keeps a station below its share of the limit. ``kept`` are the links of single entries, ``aggregates``
        those of sums.
        """
        moving = (self._emitters.radius_km > 0.0)[:, None] | (self._receivers.radius_km > 0.0)[None, :]
        out = aggregates & moving
        emitter, receiver = np.nonzero(kept & moving & ~out)
        aside = power(centi(-looking_past_db(self._emitters, self._receivers, emitter, receiver)))
        stations = np.repeat(self._sizes, self._sizes)[emitter]
        for criterion in self.single:
            limit = power(limits_of(criterion, self._receivers))[receiver]
            bound = self._bounds[criterion.time_percent][emitter, receiver] * aside
            mine = self._rows(criterion)[receiver] & (bound * stations > limit)
            out[emitter[mine], receiver[mine]] = True
        return out

    def screened(self, kept: Mask) -> int:
        """Return how many single-entry tests a bound has already passed."""
        first = np.add.reduceat(self.audible, self._starts, axis=0) > 0
        left = first & (np.add.reduceat(kept, self._starts, axis=0) == 0)
        return sum(int(left[:, self._rows(criterion)].sum()) for criterion in self.single)

    def concerned(self, criterion: Criterion) -> Int:
        """Return the receivers (t,) where the emitters together are not negligible against the limit."""
        sums = np.cumsum(self._bounds[criterion.time_percent], axis=0)[-1]
        floor = limits_of(criterion, self._receivers) / 100.0 - self._policy.negligible_db
        return np.flatnonzero(self._rows(criterion) & (level(sums) > floor))

    def kept_for_aggregate(self, criterion: Criterion) -> Mask:
        """Return which emitters (e, r) an aggregate needs.

        The weakest are left out first, as long as their bounds together would raise an aggregate at the limit by
        no more than the policy's ``screening_error_db``.
        """
        powers = self._bounds[criterion.time_percent]
        share = float(power(centi(self._policy.screening_error_db))) - 1.0
        allowance = power(limits_of(criterion, self._receivers)) * share
        order = np.argsort(powers, axis=0, kind="stable")
        running = np.cumsum(np.take_along_axis(powers, order, axis=0), axis=0)
        out = np.zeros(powers.shape, dtype=bool)
        np.put_along_axis(out, order, running <= allowance[None, :], axis=0)
        return ~out & self.audible & self._rows(criterion)[None, :]

    def rest(self, criterion: Criterion, computed: Mask) -> Float:
        """Return the sum of bounds (r,) of what was not computed [mW/MHz]; it is added to the aggregate."""
        powers = np.where(computed, 0.0, self._bounds[criterion.time_percent])
        return np.cumsum(powers, axis=0)[-1] if len(powers) else np.zeros(powers.shape[1])
