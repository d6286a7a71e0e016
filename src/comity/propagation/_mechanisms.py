"""The mechanisms of eight links put together, and where P.452-18 and P.1812-8 part: gases, blending, troposcatter."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _work as w
from comity.propagation._combination import (
    Mechanisms,
    blend,
    frequency_loss,
    multipath_factor,
    normal,
)
from comity.propagation._compiled import inlined
from comity.propagation._diffraction import Diffraction, Ground, Radio, ground
from comity.propagation._ducting import Ducting
from comity.propagation._elementary import exp, log10, power
from comity.propagation._lane_memory import load
from comity.propagation._lanes import Real, lanes, root, where
from comity.propagation._path_geometry import Climate, Geometry, effective_radius

Float = NDArray[np.float64]

#: Rows of the input table, one column per link.
(F_MHZ, HTG, HRG, POLARISATION, DN, N0, GT, GR, DCT, DCR, PRESSURE, TEMPERATURE, LLOC) = range(13)
ENDS = (TX_LAT, TX_LON, RX_LAT, RX_LON) = range(13, 17)
INPUT_ROWS = 17


@inlined
def given(table: Float, number: int, first: int) -> Real:
    """Read an input of eight links."""
    return load(table, number * table.shape[1] + first)


@inlined
def given_or_found(table: Float, number: int, first: int, found: Real) -> Real:
    """Read an input of eight links; where it is NaN, what the profile says instead."""
    value = given(table, number, first)
    return where(value == value, value, found)


@inlined
def radio_terms(table: Float, first: int) -> tuple[Radio, Ground]:
    """What follows from frequency, polarisation and refractivity alone."""
    f = 1e-3 * given(table, F_MHZ, first)
    radio = Radio(f, 0.2998 / f, power(f, 1.0 / 3.0), effective_radius(given(table, DN, first)))
    return radio, ground(f, given(table, POLARISATION, first) > 1.5)


class Particular(NamedTuple):
    """What the two Recommendations compute differently."""

    lbfs: Real  # free space, with gases in P.452 [dB]
    duct_gas: Real  # [dB]
    fj: Real
    tropo: Real  # troposcatter without its time variability [dB]
    tropo_slope: Real


@inlined
def particular(work: Float, table: Float, first: int, g: Geometry, f: Real, p1812: bool) -> Particular:
    """P.452-18 (8)-(9), (45), (58); P.1812-8 (8), (45), (57)."""
    height = 0.001 * (g.hts - g.hrs)
    length_2 = g.dtot * g.dtot + height * height
    lbfs = 92.4 + 20.0 * log10(f) + 10.0 * log10(length_2)
    tropo = frequency_loss(f) + 20.0 * log10(g.dtot) + 0.573 * g.theta - 0.15 * given(table, N0, first)
    if p1812:
        fj = blend(2.4 / 0.3 * (g.theta - 0.3))
        return Particular(lbfs, lanes(0.0), fj, 190.1 + tropo, lanes(10.125))
    gamma = w.row(work, w.GAMMA_PATH)
    coupling = 0.051 * exp(0.055 * (given(table, GT, first) + given(table, GR, first)))  # (45b)
    tropo = 190.0 + tropo + coupling + w.row(work, w.GAMMA_TROPO) * g.dtot
    fj = blend(2.4 / 0.3 * g.slope_excess)
    return Particular(lbfs + gamma * root(length_2), gamma * g.dtot, fj, tropo, lanes(10.1))


@inlined
def mechanisms(
    g: Geometry, air: Climate, loss: Diffraction, duct: Ducting, own: Particular, omega: Real
) -> Mechanisms:
    """Gather what :func:`._combination.losses_at` needs."""
    multipath = multipath_factor(g.dlt, g.dlr)
    lb0b = own.lbfs + multipath * log10(air.b0 / 50.0)  # (12)
    fk = blend(1.5 / 20.0 * (g.dtot - 20.0))  # (59)
    normal_b0 = normal(0.01 * air.b0)
    return Mechanisms(
        *(own.lbfs, multipath, lb0b, loss.ld50, loss.ldb, duct, own.duct_gas, own.tropo, own.tropo_slope),
        *(omega, air.b0, normal_b0, own.fj, fk),
    )
