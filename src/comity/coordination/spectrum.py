"""Which part of each emission each receiver hears, for every candidate channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.coordination._decibel import NOTHING, Centi
from comity.coordination.assessment import Channel
from comity.coordination.ends import BASE, EARTH_STATION, KINDS, TERMINAL, Ends
from comity.coordination.filtering import coupling, gap_mhz
from comity.coordination.mask import MaskSegment, SelectivitySegment
from comity.coordination.policy import Policy

Float = NDArray[np.float64]
Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Couplings:
    """Coupling of every emitter into every receiver on every channel, by classes that behave alike.

    Parameters
    ----------
    table : int64 (c, classes of emitters, classes of receivers), hundredths of a decibel; ``NOTHING`` where
        nothing is received, or where the policy does not test so wide a gap
    emitter_class, receiver_class : int64 (e,) and (r,)
    """

    table: Centi
    emitter_class: Int
    receiver_class: Int

    def largest(self) -> Centi:
        """Return the largest coupling over the channels (e, r)."""
        return np.asarray(self.table.max(axis=0)[self.emitter_class[:, None], self.receiver_class[None, :]])

    def of(self, emitter: Int, receiver: Int) -> Centi:
        """Return the coupling of links (c, n)."""
        return np.asarray(self.table[:, self.emitter_class[emitter], self.receiver_class[receiver]])


def outward(emitters: Ends, receivers: Ends, channels: Sequence[Channel], policy: Policy) -> Couplings:
    """Return the couplings of emitters that try every channel."""
    e_class, e_of = _classes(emitters.kind, emitters.level_dbm)
    r_class, r_of = _classes(receivers.kind, receivers.low_mhz, receivers.high_mhz, receivers.width_mhz)
    low, high = _edges(channels)
    emission = (e_class[0][:, None], e_class[1][:, None], low[:, None, None], high[:, None, None])
    return Couplings(_coupled(emission, tuple(c[None, :] for c in r_class), policy), e_of, r_of)


def inward(emitters: Ends, receivers: Ends, channels: Sequence[Channel], policy: Policy) -> Couplings:
    """Return the couplings into receivers that try every channel."""
    e_class, e_of = _classes(emitters.kind, emitters.level_dbm, emitters.low_mhz, emitters.high_mhz)
    kind, r_of = _classes(receivers.kind)
    low, high = (edge[:, None, None] for edge in _edges(channels))
    width = window_mhz(channels, policy)[:, None, None]
    reception = (kind[0][None, :], low, high, width)
    return Couplings(_coupled(tuple(c[:, None] for c in e_class), reception, policy), e_of, r_of)


def fixed(emitters: Ends, receivers: Ends, policy: Policy) -> Couplings:
    """Return the couplings between antennas whose channels are settled: one channel."""
    e_class, e_of = _classes(emitters.kind, emitters.level_dbm, emitters.low_mhz, emitters.high_mhz)
    r_class, r_of = _classes(receivers.kind, receivers.low_mhz, receivers.high_mhz, receivers.width_mhz)
    reception = tuple(c[None, :] for c in r_class)
    return Couplings(_coupled(tuple(c[:, None] for c in e_class), reception, policy)[None], e_of, r_of)


def alike(channels: int, emitters: Ends, receivers: Ends) -> Couplings:
    """Return couplings of 0 dB: everything sent is received."""
    here, there = (np.zeros(len(ends), dtype=np.int64) for ends in (emitters, receivers))
    return Couplings(np.zeros((channels, 1, 1), dtype=np.int64), here, there)


def window_mhz(channels: Sequence[Channel], policy: Policy) -> Float:
    """Return the width over which a receiver on each channel averages interference [MHz]."""
    low, high = _edges(channels)
    width = np.rint((high - low) * 1e6) / 1e6
    return width if policy.density == "victim_channel" else np.minimum(width, 1.0)


def _edges(channels: Sequence[Channel]) -> tuple[Float, Float]:
    return np.array([c[0] for c in channels], dtype=float), np.array([c[1] for c in channels], dtype=float)


def _classes(*columns: NDArray[np.generic]) -> tuple[tuple[Float, ...], Int]:
    """Return the distinct rows of columns, as columns, and the class of every row."""
    rows = np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=1)
    distinct, of = np.unique(rows, axis=0, return_inverse=True)
    return tuple(distinct.T), of.reshape(-1)


def _coupled(emission: tuple[Float, ...], reception: tuple[Float, ...], policy: Policy) -> Centi:
    """Return the coupling of broadcast columns (kind, EIRP, low, high) into (kind, low, high, width)."""
    columns = np.broadcast_arrays(*emission, *reception)
    shape = columns[0].shape
    e_kind, eirp, low, high, r_kind, r_low, r_high, width = (c.reshape(-1) for c in columns)
    gaps = gap_mhz(low, high, r_low, r_high)
    limit = np.array([policy.adjacent_limit(kind) for kind in KINDS])[r_kind.astype(np.int64)]
    out = np.full(e_kind.shape, NOTHING, dtype=np.int64)
    # A band that only touches the channel is adjacent: the limit on the gap is exclusive.
    tested = (gaps < limit) | ((gaps == 0.0) & (limit == 0.0) & (r_low < high) & (low < r_high))
    for sending in np.unique(e_kind):
        for hearing in np.unique(r_kind):
            chosen = np.flatnonzero((e_kind == sending) & (r_kind == hearing) & tested)
            out[chosen] = coupling(
                low[chosen],
                high[chosen],
                eirp[chosen],
                _mask(int(sending), policy),
                r_low[chosen],
                r_high[chosen],
                width[chosen],
                _selectivity(int(hearing), policy),
            )
    return out.reshape(shape)


def _mask(kind: int, policy: Policy) -> tuple[MaskSegment, ...]:
    if kind == BASE:
        return policy.base_mask
    return policy.terminal_mask if kind == TERMINAL else policy.link_mask


def _selectivity(kind: int, policy: Policy) -> tuple[SelectivitySegment, ...]:
    if kind == BASE:
        return policy.base_selectivity
    if kind == TERMINAL:
        return policy.terminal_selectivity
    return policy.earth_station_selectivity if kind == EARTH_STATION else policy.link_selectivity
