"""Links: ours and the peers as contenders, each with what it computes and how it is called."""

from __future__ import annotations

import math
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import numpy as np

from benchmarks import machine
from benchmarks.links import Float, Links, write_for_peer
from benchmarks.race import Contender, Outcome, timed, timed_by_the_clock
from comity.propagation import itm, p452, p1812
from comity.propagation.paths import select

_NOT_INSTALLED = "not installed (`pip install {}`)"
SLOW = 300  # links that a slow peer computes in one round
P452, P1812, P452_EIGHT, ITM = (
    "comity P.452-18",
    "comity P.1812-8",
    "comity P.452-18, 8 percentages",
    "comity ITM",
)


def first(links: Links, count: int) -> Links:
    """Return the first ``count`` links."""
    fields = {name: getattr(links, name)[:count] for name in Links.__slots__ if name != "paths"}
    return Links(paths=select(links.paths, np.arange(count)), **fields)


def one_by_one(loss_of: Callable[[int], float]) -> Outcome:
    """Run a peer that takes one link a call."""
    return timed(SLOW, lambda: np.array([loss_of(i) for i in range(SLOW)]))


def ours(links: Links) -> list[Contender]:
    """Our models over all links, through the public functions, checks and conversions included."""

    def path_model(model: ModuleType, percent: Float) -> Callable[[], Float]:
        return lambda: model.basic_transmission_loss(
            links.paths, links.frequency_mhz, percent, **links.site()
        )

    def terrain_model() -> Float:
        radio = {"tx_height_m": links.tx_height_m, "rx_height_m": links.rx_height_m, "n0": links.n0}
        return itm.point_to_point(links.paths, links.frequency_mhz, **radio).loss_db

    n, many = len(links.paths), np.array([[0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0]])
    calls = {
        P452: path_model(p452, links.time_percent),
        P1812: path_model(p1812, links.time_percent),
        P452_EIGHT: path_model(p452, many),
        ITM: terrain_model,
    }
    on_cpu = [Contender(name, lambda call=call: timed(n, call)) for name, call in calls.items()]
    return on_cpu + [_on_gpu(name, model, links) for name, model in ((P452, p452), (P1812, p1812))]


def _on_gpu(name: str, model: ModuleType, links: Links) -> Contender:
    """One of our models on a GPU, by the clock, transfers included."""
    gpu, label = machine.gpu(), f"{name}, GPU by the clock"
    if isinstance(gpu, str):
        return Contender(label, absent=gpu)

    def call() -> Float:
        return model.basic_transmission_loss(
            links.paths, links.frequency_mhz, links.time_percent, device=gpu, **links.site()
        )

    return Contender(label, lambda: timed_by_the_clock(len(links.paths), call))


def external(name: str, command: str, links: Links) -> list[Contender]:
    """A peer that is a program: ``command FOLDER p452|p1812`` prints the number of links and processor seconds.

    The folder holds the arrays of :func:`benchmarks.links.write_for_peer`; losses come back in
    ``losses_p452.bin`` or ``losses_p1812.bin``, float64.
    """
    folder = Path(tempfile.mkdtemp(prefix="comity-benchmark-"))
    write_for_peer(links, folder)

    def run(model: str) -> Outcome:
        out = subprocess.run(
            [*shlex.split(command), str(folder), model], check=True, capture_output=True, text=True
        )
        count, seconds = out.stdout.split()
        return Outcome(float(seconds), int(count), np.fromfile(folder / f"losses_{model}.bin"))

    return [
        Contender(f"{name} P.452", lambda: run("p452"), (P452,)),
        Contender(f"{name} P.1812", lambda: run("p1812"), (P1812,)),
    ]


def pycraf(links: Links) -> Contender:
    """pycraf's P.452-16, one link a call, with the profile, zones and climate given; it takes no clutter profile."""
    if find_spec("pycraf") is None:
        return Contender("pycraf P.452-16", None, (P452,), absent=_NOT_INSTALLED.format("pycraf"))
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

    return Contender("pycraf P.452-16", lambda: one_by_one(one), (P452,))


def itmlogic(links: Links) -> Contender:
    """itmlogic's ITM, one link a call, medians."""
    if find_spec("itmlogic") is None:
        return Contender("itmlogic ITM", None, (ITM,), absent=_NOT_INSTALLED.format("itmlogic"))
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

    return Contender("itmlogic ITM", lambda: one_by_one(one), (ITM,))
