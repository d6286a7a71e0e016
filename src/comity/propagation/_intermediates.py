"""Every intermediate of the models by its symbol, kept when the caller asks for them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.propagation import _work as w
from comity.propagation._combination import Losses, Mechanisms
from comity.propagation._compiled import inlined
from comity.propagation._diffraction import Diffraction, Spheres
from comity.propagation._lane_memory import store
from comity.propagation._lanes import Real
from comity.propagation._path_geometry import Climate, Geometry

Float = NDArray[np.float64]


class PathTerms(NamedTuple):
    """Intermediates that hold for every time percentage, besides geometry and diffraction; fields are symbols."""

    ae: Real
    phi: Real
    b0: Real
    omega: Real
    dtm: Real
    dlm: Real
    hm: Real
    Fj: Real
    Fk: Real
    Lbfs: Real
    Lb0b: Real
    Ldsph50: Real
    Ldsphb: Real


PATH_SYMBOLS = (
    *Geometry._fields,
    *("Lbulla50", "Lbullab", "Lbulls50", "Lbullsb", "Ld50", "Ldb"),
    *PathTerms._fields,
)
TIME_SYMBOLS = ("Lbc", *Losses._fields[1:])


@inlined
def path_terms(work: Float, ae: Real, air: Climate, m: Mechanisms, sphere: Spheres) -> PathTerms:
    """Gather them."""
    profile = (w.row(work, w.DTM), w.row(work, w.DLM), w.row(work, w.HM))
    factors = (m.fj, m.fk, m.lb_free, m.lb0b)
    return PathTerms(ae, air.phi, air.b0, m.omega, *profile, *factors, sphere.median, sphere.beta)


@inlined
def keep_path(detail: Float, first: int, g: Geometry, loss: Diffraction, terms: PathTerms) -> None:
    """Keep the intermediates of eight paths, in the order of ``PATH_SYMBOLS``."""
    columns, at = detail.shape[1], first
    for i in range(len(g)):
        store(detail, at, g[i])
        at += columns
    for i in range(len(loss)):
        store(detail, at, loss[i])
        at += columns
    for i in range(len(terms)):
        store(detail, at, terms[i])
        at += columns


@inlined
def keep_time(detail: Float, j: int, first: int, losses: Losses) -> None:
    """Keep the intermediates of eight paths at percentage ``j``, in the order of ``TIME_SYMBOLS``."""
    columns = detail.shape[1]
    for i in range(len(losses)):
        store(detail, (j * len(losses) + i) * columns + first, losses[i])
