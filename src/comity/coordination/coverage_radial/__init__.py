"""Coverage by walking outward along radials: one profile serves all the receivers of a radial.

All that P.1812-8 reads from a profile is had exactly; with d the distance of a receiver:

- as a running maximum or sum: the transmitter's horizon, the least-squares smooth Earth, the obstruction seen from the
  transmitter, longest land and inland sections, share of sea, distances to the sea;
- by looking at eight points at a time where a bound on a block of points says that it may matter: the receiver's
  horizon over either effective Earth, the greatest obstruction and the one seen from the receiver, the roughness
  between the horizons, the greatest clearance parameter of a path in line of sight and the point where it lies;
- in closed form or by bisection: the smooth path's extremes.

What differs from ``exact`` is the profile. It runs along the nearest of the radials, one to a pixel at the rim, instead
of through the pixel's centre; its points lie at whole steps from the transmitter, and the receiver takes the place of
the nearest of them, with the terrain height of its pixel. So the last obstacle is always one step away, as in
``exact``: with ground cover a loss hangs on that distance. Free-space loss is corrected to the pixel's own distance. On
the radial's profile a loss is that of the point function to 1e-5 dB, with distances to a millimetre: its formulas are
those of :mod:`comity.propagation`, its elementary functions are shorter.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from comity.compute.executors import Executor, Serial, Threads
from comity.coordination.coverage import Plan, Transmitter

if TYPE_CHECKING:
    from comity.compute.grid import Progress
    from comity.coordination.coverage_radial.share import Share
    from comity.terrain.frame import Frame
    from comity.terrain.ground import Ground

Float = NDArray[np.float64]

#: Profile points of a task: some fifty milliseconds of work on a thread, a second or two elsewhere.
_THREAD_POINTS, _TASK_POINTS = 250_000, 6_000_000


def radial_losses_db(
    ground: Ground,
    frame: Frame,
    transmitters: Sequence[Transmitter],
    plan: Plan,
    executor: Executor | None = None,
    progress: Progress | None = None,
    relief: tuple[Float, NDArray[np.int8]] | None = None,
) -> Iterator[Float]:
    """Yield the losses of each transmitter on a frame [dB], NaN beyond the radius and behind land without data.

    Parameters
    ----------
    ground, frame : terrain and raster
    transmitters : anywhere near the frame's centre
    plan : what is computed; the model must be P.1812, the radius counts from the frame's centre
    executor : where radials are walked; the values do not depend on it
    progress : called with radials done and radials in all
    relief : heights and zones of the frame's pixels, if they are at hand
    """
    from comity.coordination.coverage_radial.share import Walk

    executor, relief = executor or Serial(), relief or ground.frame_heights_and_zones(frame)
    grain = _THREAD_POINTS if isinstance(executor, Threads) else _TASK_POINTS
    waiting: deque[tuple[Float, Share, bool]] = deque()

    def shares() -> Iterator[Share]:
        for transmitter in transmitters:
            loss, cut = _sorted(ground, frame, transmitter, plan, relief, grain)
            for i, share in enumerate(cut):
                waiting.append((loss, share, i == len(cut) - 1))
                yield share

    total = sum(_shape(frame, one, plan)[0] for one in transmitters)
    done = 0
    for part in executor.map(Walk(ground, frame, plan), shares()):
        loss, share, last = waiting.popleft()
        loss[share.pixels] = part
        done += share.starts.size - 1
        if progress:
            progress(done, total)
        if last:
            yield loss.reshape(frame.side, frame.side)


def _shape(frame: Frame, transmitter: Transmitter, plan: Plan) -> tuple[int, int]:
    """Return the number of radials, one to a pixel at the farthest rim, and of points on each."""
    from comity.terrain.geodesy import distance_km

    here, centre = (
        (transmitter.latitude_deg, transmitter.longitude_deg),
        (frame.latitude_deg, frame.longitude_deg),
    )
    reach_km = plan.radius_km + (0.0 if here == centre else float(distance_km(*centre, *here)))
    radials = max(8, math.ceil(2.0 * math.pi * reach_km * 1e3 / plan.pixel_m))
    return radials, math.ceil(reach_km * 1e3 / plan.step_m - 1e-9) + 1


def _sorted(
    ground: Ground,
    frame: Frame,
    transmitter: Transmitter,
    plan: Plan,
    relief: tuple[Float, NDArray[np.int8]],
    grain: int,
) -> tuple[Float, list[Share]]:
    """Return the losses of what needs no walk, NaN elsewhere, and the rest cut into shares of ``grain`` points."""
    from comity.coordination.coverage_exact import pixel_loss_db
    from comity.coordination.coverage_radial import sorting
    from comity.coordination.coverage_radial.share import Share

    radials, points = _shape(frame, transmitter, plan)
    east_km, north_km = sorting.nodes_around(frame, transmitter.latitude_deg, transmitter.longitude_deg)
    radial_of, last_points = (np.empty(frame.side**2, dtype=np.int32) for _ in range(2))
    sorting.place_pixels(
        frame.half, frame.pixel_m / 1e3, plan.radius_km + 1e-9, east_km, north_km, plan.free_space_below_km,
        plan.step_m / 1e3, radials, radial_of, last_points,
    )  # fmt: skip
    starts = np.zeros(radials + 1, dtype=np.int64)
    order = np.empty(int((radial_of >= 0).sum()), dtype=np.int32)
    sorting.sort_pixels(radial_of, last_points, radials, points, starts, order)
    # One pixel of the walk is asked of the point function as well, which refuses what the model is not valid for.
    near = np.append(np.flatnonzero(radial_of == -2), order[:1]).astype(np.int64)
    far_km = np.hypot(*(sorting.offsets(near, frame.side, nodes) for nodes in (east_km, north_km)))
    loss = np.full(frame.side**2, np.nan)
    loss[near] = pixel_loss_db(
        ground,
        transmitter,
        plan,
        *frame.places(*np.divmod(near, frame.side)),
        np.asarray(np.round(far_km, 6), np.float64),
    )
    shares = []
    per_share = max(1, grain // points)
    for first in range(0, radials, per_share):
        cut = starts[first : first + per_share + 1]
        pixels = order[cut[0] : cut[-1]]
        shares.append(
            Share(
                transmitter, radials, points, first, cut - cut[0], pixels, last_points[pixels],
                relief[0][pixels], relief[1][pixels], east_km, north_km,
            )
        )  # fmt: skip
    return loss, shares
