"""Areas: pixels a second of one core, ours beside the peers, in one run.

A peer that is a program takes part as ``COMMAND FOLDER p1812|p452|itm``: it finds the arrays of
:func:`benchmarks.area_plan.write_for_peer`, prints the number of pixels and its processor seconds, and writes
``latitude_deg.bin``, ``longitude_deg.bin`` and ``loss_db.bin``, float64, one value a pixel.
"""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks import machine
from benchmarks.area_plan import AreaTask, write_for_peer
from benchmarks.race import Contender, Float, Outcome, timed, timed_by_the_clock
from comity.coordination.coverage import Mode, coverage
from comity.coordination.coverage_exact import path_loss_db
from comity.propagation import itm
from comity.propagation.cuda.device import Device
from comity.terrain.frame import frame_around
from comity.terrain.geodesy import distance_km

RADIAL, EXACT, EXACT_P452 = "comity P.1812-8, radial", "comity P.1812-8, exact", "comity P.452-18, exact"
PROFILES_ITM, EXACT_GPU = "comity ITM", "comity P.1812-8, exact, GPU by the clock"
SAME_MODEL = {"p1812": EXACT, "p452": EXACT_P452, "itm": PROFILES_ITM}
SAMPLE = 2_000
PathModel = Literal["p1812", "p452"]
_A_PROFILE_A_PIXEL = "a profile a pixel from the terrain of 20 m, zones"


def ours(area: AreaTask) -> list[Contender]:
    """Our ways to an area."""

    def raster(model: PathModel, mode: Mode) -> Outcome:
        plan = replace(area.plan, model=model)
        outcome = timed(
            0,
            lambda: np.asarray(coverage(area.ground, area.transmitter, plan, mode=mode).loss_db, np.float64),
        )
        assert outcome.loss_db is not None
        return replace(outcome, count=int(np.isfinite(outcome.loss_db).sum()))

    def on_gpu(device: Device) -> Outcome:
        outcome = timed_by_the_clock(
            0, lambda: np.asarray(coverage(area.ground, area.transmitter, area.plan, device=device).loss_db)
        )
        assert outcome.loss_db is not None
        return replace(outcome, count=int(np.isfinite(outcome.loss_db).sum()))

    gpu = machine.gpu()
    shared = "one profile a radial for all its pixels, from the terrain of 20 m, zones, clutter heights"
    return [
        Contender(RADIAL, lambda: raster("p1812", "radial"), does=shared),
        Contender(
            EXACT, lambda: raster("p1812", "exact"), (RADIAL,), f"{_A_PROFILE_A_PIXEL}, clutter heights"
        ),
        Contender(
            EXACT_P452, lambda: raster("p452", "exact"), (RADIAL,), f"{_A_PROFILE_A_PIXEL}, clutter heights"
        ),
        Contender(
            PROFILES_ITM,
            lambda: _itm(area),
            (RADIAL,),
            f"{_A_PROFILE_A_PIXEL}: `Ground.paths`, `itm.point_to_point`; no clutter heights",
        ),
        Contender(EXACT_GPU, absent=gpu)
        if isinstance(gpu, str)
        else Contender(
            EXACT_GPU, lambda: on_gpu(gpu), (), f"{_A_PROFILE_A_PIXEL}, made on the GPU; by the clock"
        ),
    ]


def _itm(area: AreaTask) -> Outcome:
    t, plan = area.transmitter, area.plan
    frame = frame_around(t.latitude_deg, t.longitude_deg, plan.radius_km, plan.pixel_m)
    rows, columns = np.mgrid[0 : frame.side, 0 : frame.side].reshape(2, -1)
    off_m = np.hypot(*frame.offsets_m(rows, columns))
    inside = (off_m > 0.0) & (off_m <= plan.radius_km * 1e3)
    places = frame.places(rows[inside], columns[inside])

    def blocks() -> Float:
        parts = np.array_split(np.arange(places[0].size), max(1, places[0].size // 10_000))
        return np.concatenate([loss_db(area, "itm", places[0][p], places[1][p]) for p in parts])

    return timed(places[0].size, blocks)


def loss_db(area: AreaTask, model: str, latitude_deg: Float, longitude_deg: Float) -> Float:
    """Return what our point functions say of places [dB], NaN behind land without data."""
    t, plan = area.transmitter, area.plan
    paths, holes = area.ground.paths_with_holes(
        t.latitude_deg,
        t.longitude_deg,
        latitude_deg,
        longitude_deg,
        spacing_m=plan.step_m,
        cover="none" if model == "itm" else plan.cover,
    )
    if model == "itm":
        loss = itm.point_to_point(
            paths,
            t.frequency_mhz,
            tx_height_m=t.height_m,
            rx_height_m=plan.rx_height_m,
            n0=plan.n0,
            polarisation=t.polarisation,
        ).loss_db
    else:
        loss = path_loss_db(paths, t, replace(plan, model="p452" if model == "p452" else "p1812"))
    loss[np.logical_or.reduceat(holes, paths.offsets[:-1])] = np.nan
    return loss


def external(name: str, command: str, area: AreaTask) -> list[Contender]:
    """A peer that is a program, with each of the three models."""
    folder = Path(tempfile.mkdtemp(prefix="comity-benchmark-"))
    write_for_peer(area, folder)

    def run(model: str) -> Outcome:
        out = subprocess.run(
            [*shlex.split(command), str(folder), model], check=True, capture_output=True, text=True
        )
        count, seconds = out.stdout.split()
        lat, lon, loss = (
            np.fromfile(folder / f"{x}.bin") for x in ("latitude_deg", "longitude_deg", "loss_db")
        )
        return Outcome(float(seconds), int(count), loss, (lat, lon))

    return [
        Contender(f"{name} {label}", partial(run, model), (SAME_MODEL[model], RADIAL), _does(model))
        for model, label in (("p1812", "P.1812"), ("p452", "P.452"), ("itm", "ITM"))
    ]


def _does(model: str) -> str:
    cover = "no clutter heights" if model == "itm" else "clutter heights, all inland"
    return f"a profile a pixel from a raster of 20 m in memory, {cover}"


def median_difference_db(area: AreaTask, model: str, outcome: Outcome) -> float:
    """Median absolute difference from ours at some of a peer's own pixels, 250 m away and more [dB]."""
    assert outcome.places is not None
    assert outcome.loss_db is not None
    far = np.flatnonzero(distances_km(area, outcome) >= area.plan.free_space_below_km)
    some = far[np.unique(np.linspace(0, far.size - 1, SAMPLE).astype(np.int64))]
    found = loss_db(area, model, outcome.places[0][some], outcome.places[1][some])
    return float(np.nanmedian(np.abs(outcome.loss_db[some] - found)))


def distances_km(area: AreaTask, outcome: Outcome) -> Float:
    """Return how far a peer's pixels lie from the transmitter [km]."""
    assert outcome.places is not None
    return distance_km(area.transmitter.latitude_deg, area.transmitter.longitude_deg, *outcome.places)
