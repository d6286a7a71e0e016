"""Ours and the peers as contenders: each computes links and says how many and in how much processor time."""

from __future__ import annotations

import math
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import numpy as np

from benchmarks.links import Float, Links, select, write_for_peer
from comity.propagation import itm, p452, p1812

SLOW = 300  # links that a slow peer computes in one round


@dataclass(frozen=True, slots=True)
class Contender:
    """``run`` returns seconds of processor time and losses [dB] of the first ``count`` links."""

    name: str
    model: str
    count: int
    run: Callable[[], tuple[float, Float]]


def first(links: Links, count: int) -> Links:
    """Return the first ``count`` links."""
    fields = {name: getattr(links, name)[:count] for name in Links.__slots__ if name != "paths"}
    return Links(paths=select(links.paths, np.arange(count)), **fields)


def timed(call: Callable[[], Float]) -> tuple[float, Float]:
    """Run once and return processor time and result."""
    begun = time.process_time()
    losses = call()
    return time.process_time() - begun, losses


def one_by_one(loss_of: Callable[[int], float]) -> tuple[float, Float]:
    """Run a peer that takes one link a call."""
    return timed(lambda: np.array([loss_of(i) for i in range(SLOW)]))


def ours(links: Links) -> list[Contender]:
    """Our models over all links, through the public functions, checks and conversions included."""

    def path_model(model: ModuleType, percent: Float) -> Callable[[], Float]:
        return lambda: model.basic_transmission_loss(
            links.paths, links.frequency_mhz, percent, **links.site()
        )

    def terrain_model() -> Float:
        radio = {"tx_height_m": links.tx_height_m, "rx_height_m": links.rx_height_m, "n0": links.n0}
        return itm.point_to_point(links.paths, links.frequency_mhz, **radio).loss_db

    n = len(links.paths)
    each = [
        (f"comity {m.MODEL.split()[-1]}", m.MODEL, path_model(m, links.time_percent)) for m in (p452, p1812)
    ]
    many = np.array([[0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0]])
    each += [("comity P.452-18, 8 percentages", "ITU-R P.452-18, 8 percentages", path_model(p452, many))]
    each += [("comity ITM", "ITM 1.4", terrain_model)]
    return [Contender(name, model, n, lambda call=call: timed(call)) for name, model, call in each]


def external(name: str, command: str, links: Links) -> list[Contender]:
    """A peer that is a program: ``command FOLDER p452|p1812`` prints the number of links and processor seconds.

    The folder holds the arrays of :func:`benchmarks.links.write_for_peer`; losses come back in
    ``losses_p452.bin`` or ``losses_p1812.bin``, float64.
    """
    folder = Path(tempfile.mkdtemp(prefix="comity-benchmark-"))
    write_for_peer(links, folder)

    def run(model: str) -> tuple[float, Float]:
        out = subprocess.run(
            [*shlex.split(command), str(folder), model], check=True, capture_output=True, text=True
        )
        _, seconds = out.stdout.split()
        return float(seconds), np.fromfile(folder / f"losses_{model}.bin")

    n = len(links.paths)
    return [
        Contender(f"{name} P.452", p452.MODEL, n, lambda: run("p452")),
        Contender(f"{name} P.1812", p1812.MODEL, n, lambda: run("p1812")),
    ]


def pycraf(links: Links) -> list[Contender]:
    """pycraf's P.452-16, one link a call, with the profile, zones and climate given; it takes no clutter profile."""
    if find_spec("pycraf") is None:
        return []
    import astropy.units as u
    from pycraf import pathprof

    some, points = first(links, SLOW), links.paths.offsets
    _, found = p452.basic_transmission_loss(
        some.paths, some.frequency_mhz, some.time_percent, intermediates=True, **some.site()
    )

    def one(i: int) -> float:
        along, paths = slice(points[i], points[i + 1]), links.paths
        prop = pathprof.PathProp(
            links.frequency_mhz[i] * 1e-3 * u.GHz,
            288.15 * u.K,
            1013.25 * u.hPa,
            *(paths.tx_longitude_deg[i] * u.deg, paths.tx_latitude_deg[i] * u.deg),
            *(paths.rx_longitude_deg[i] * u.deg, paths.rx_latitude_deg[i] * u.deg),
            *(links.tx_height_m[i] * u.m, links.rx_height_m[i] * u.m, 50.0 * u.m),
            links.time_percent[i] * u.percent,
            omega=found["omega"][i] * 100.0 * u.percent,
            d_tm=found["dtm"][i] * u.km,
            d_lm=found["dlm"][i] * u.km,
            polarization=int(links.polarisation[i] == 2),
            version=16,
            delta_N=links.dn[i] / u.km,
            N0=links.n0[i] * u.dimensionless_unscaled,
            hprof_dists=paths.distance_km[along] * u.km,
            hprof_heights=paths.height_m[along] * u.m,
            hprof_bearing=0.0 * u.deg,
            hprof_backbearing=0.0 * u.deg,
        )
        return float(pathprof.loss_complete(prop)[4].value)

    return [Contender("pycraf P.452-16", p452.MODEL, SLOW, lambda: one_by_one(one))]


def itmlogic(links: Links) -> list[Contender]:
    """itmlogic's ITM, one link a call, medians."""
    if find_spec("itmlogic") is None:
        return []
    from itmlogic.preparatory_subroutines.qlrpfl import qlrpfl
    from itmlogic.preparatory_subroutines.qlrps import qlrps
    from itmlogic.statistics.avar import avar

    def one(i: int) -> float:
        along = slice(links.paths.offsets[i], links.paths.offsets[i + 1])
        heights, d = links.paths.height_m[along].tolist(), links.paths.distance_km[along]
        prop = {
            "eps": 15.0,
            "sgm": 0.005,
            "klim": 5,
            "klimx": 5,
            "kwx": 0,
            "lvar": 5,
            "mdvar": 0,
            "mdvarx": 13,
            "mdp": -1,
        }
        prop |= {"hg": [links.tx_height_m[i], links.rx_height_m[i]], "fmhz": links.frequency_mhz[i]}
        prop["pfl"] = [len(heights) - 1, 1e3 * (d[1] - d[0]), *heights]
        inner = heights[len(heights) // 10 : -len(heights) // 10]
        ground = qlrps(prop["fmhz"], sum(inner) / len(inner), links.n0[i], 1, prop["eps"], prop["sgm"])
        prop |= dict(zip(("wn", "gme", "ens", "zgnd"), ground, strict=True))
        prop = qlrpfl(prop)
        excess, _ = avar(0.0, 0.0, 0.0, prop)
        return 32.45 + 20.0 * math.log10(prop["fmhz"] * prop["dist"] * 1e-3) + float(excess)

    return [Contender("itmlogic ITM", "ITM 1.4", SLOW, lambda: one_by_one(one))]
