"""What a receiver sees behind it: maxima over a profile, found exactly without looking at every point.

Eight points are looked at together. The profile is cut into blocks whose greatest heights are known; a block is
looked into only where a bound on its points, computed for eight blocks together, beats the best found so far. The
search begins at the points just before the receiver and in the block where the last receiver of the radial found its
maximum, so that hardly another block is looked into.
"""

from __future__ import annotations

from comity.coordination.coverage_radial._compiled import inlined
from comity.coordination.coverage_radial._masks import all_but, last_lane
from comity.coordination.coverage_radial.state import (
    BLOCK,
    COVERED,
    HIGH,
    LOW,
    PER_ROOT_X,
    PER_ROOT_Y,
    PER_Y,
    PLAIN,
    SPARE,
    Radial,
    X,
)
from comity.propagation._lane_memory import first_lanes, largest, load
from comity.propagation._lanes import Real, Truth, lanes, larger, smaller, where


@inlined
def _slopes_at(
    r: Radial, i: int, shift: int, hts: float, hrs: float, slope: float, c: float, c_b: float,
    cov: Real, cov_b: Real, bare: Real, at: Real, flat: Real, above: Real,
) -> tuple[Real, Real, Real, Real, Real, Real]:  # fmt: skip
    """Take points ``i`` to ``i + 7`` into the maxima."""
    x, per_y = load(r.tables, X * r.row + SPARE + i), load(r.tables, PER_Y * r.row + SPARE + i + shift)
    h, g = load(r.ground, PLAIN * r.row + SPARE + i), load(r.ground, COVERED * r.row + SPARE + i)
    bent, own, own_covered = c * x, (h - hrs) * per_y, (g - hrs) * per_y
    seen = own + bent
    return (
        larger(own_covered + bent, cov), larger(own_covered + c_b * x, cov_b), larger(seen, bare),
        where((seen > bare) | ((seen == bare) & (x > at)), x, at), larger(own, flat),
        larger(h - (hts + slope * x), above),
    )  # fmt: skip


@inlined
def _may_obstruct(
    r: Radial, group: int, d: float, hts: float, hrs: float, slope: float, c: float, c_b: float,
    best: float, best_b: float, best_bare: float, best_flat: float, best_above: float,
) -> Truth:  # fmt: skip
    """Whether eight blocks may hold a point that beats one of the maxima."""
    left, right = load(r.edges, group), load(r.edges, r.blocks + group)
    top, far, near = load(r.tops, PLAIN * r.blocks + group), 1.0 / (d - left), 1.0 / (d - right)
    rise, rise_cov = top - hrs, load(r.tops, COVERED * r.blocks + group) - hrs
    own, own_cov = larger(rise * far, rise * near), larger(rise_cov * far, rise_cov * near)
    bent = c * right
    may = (own_cov + bent > best) | (own_cov + c_b * right > best_b) | (own + bent > best_bare)
    return may | (own > best_flat) | (top - (hts + smaller(slope * left, slope * right)) > best_above)


@inlined
def slopes(
    r: Radial, k: int, d: float, hts: float, hrs: float, c: float, c_b: float, covered: bool, covered_b: bool,
    bare_ground: bool, flat_earth: bool, seed: int,
) -> tuple[float, float, float, float, float, float]:  # fmt: skip
    """Return what a receiver one step beyond point ``k`` sees as its horizon.

    Parameters
    ----------
    hts, hrs : heights of the antennas; c, c_b : curvatures of the median and the beta_0 Earth
    covered, covered_b, bare_ground, flat_earth : which of the results are wanted; the others are of no meaning
    seed : block to begin with, -1 for none

    Returns
    -------
    greatest slopes: covered ground over either Earth, bare ground over the median Earth and the distance where it lies
    (the last of equals), bare ground over a flat Earth; and the greatest height of bare ground above the straight line
    """
    slope, shift = (hrs - hts) / d, r.points - 1 - k
    cov = cov_b = bare = at = flat = above = lanes(LOW)
    whole = (k + 1) // BLOCK
    for i in range(k + 1 - BLOCK, k + 1, 8):  # the part of a block before the receiver, and a bit more
        cov, cov_b, bare, at, flat, above = _slopes_at(
            r, i, shift, hts, hrs, slope, c, c_b, cov, cov_b, bare, at, flat, above
        )
    if 0 <= seed < whole:
        for i in range(seed * BLOCK, seed * BLOCK + BLOCK, 8):
            cov, cov_b, bare, at, flat, above = _slopes_at(
                r, i, shift, hts, hrs, slope, c, c_b, cov, cov_b, bare, at, flat, above
            )
    group, fresh = (whole - 1) // 8 * 8, True
    best = best_b = best_bare = best_flat = best_above = HIGH
    while group >= 0:
        if fresh:
            best, best_b = largest(cov) if covered else HIGH, largest(cov_b) if covered_b else HIGH
            best_bare = largest(bare) if bare_ground else HIGH
            best_flat = largest(flat) if flat_earth else HIGH
            best_above = largest(above) if flat_earth else HIGH
        may = _may_obstruct(
            r, group, d, hts, hrs, slope, c, c_b, best, best_b, best_bare, best_flat, best_above
        )
        may = may & first_lanes(whole - group) & all_but(seed - group)
        lane = last_lane(may)
        fresh = lane >= 0
        while lane >= 0:
            for i in range((group + lane) * BLOCK, (group + lane) * BLOCK + BLOCK, 8):
                cov, cov_b, bare, at, flat, above = _slopes_at(
                    r, i, shift, hts, hrs, slope, c, c_b, cov, cov_b, bare, at, flat, above
                )
            may = may & first_lanes(lane)
            lane = last_lane(may)
        group -= 8
    seen = largest(bare)
    return (
        largest(cov), largest(cov_b), seen, largest(where(bare == seen, at, LOW)), largest(flat), largest(above),
    )  # fmt: skip


@inlined
def _clearances_at(
    r: Radial, i: int, shift: int, d: float, hts: float, slope: float, c: float, c_b: float,
    cov: Real, cov_b: Real, bare: Real, at: Real,
) -> tuple[Real, Real, Real, Real]:  # fmt: skip
    """Take points ``i`` to ``i + 7`` into the maxima."""
    x = load(r.tables, X * r.row + SPARE + i)
    scale = load(r.tables, PER_ROOT_X * r.row + SPARE + i) * load(
        r.tables, PER_ROOT_Y * r.row + SPARE + i + shift
    )
    h, g = load(r.ground, PLAIN * r.row + SPARE + i), load(r.ground, COVERED * r.row + SPARE + i)
    xy, line = x * (d - x), hts + slope * x
    bulge = c * xy - line
    own = (h + bulge) * scale
    return (
        larger((g + bulge) * scale, cov), larger((g + (c_b * xy - line)) * scale, cov_b), larger(own, bare),
        where((own > bare) | ((own == bare) & (x > at)), x, at),
    )  # fmt: skip


@inlined
def _may_clear(gap: Real, best: float, reach: Real) -> Truth:
    """Whether a clearance parameter may beat ``best`` (negative) where the line of sight has this gap at least."""
    return (gap <= 0.0) | (gap * gap < best * best * reach)


@inlined
def _lowest(left: Real, right: Real, d: float, hts: float, slope: float, c: float) -> Real:
    """Return the least height of the line of sight above the curved Earth, a convex parabola, between two places."""
    at = larger(smaller(0.5 * (d - slope / c), right), left)
    return hts + slope * at - c * at * (d - at)


@inlined
def _may_be_clearest(
    r: Radial, group: int, d: float, hts: float, slope: float, c: float, c_b: float, best: float, best_b: float,
    best_bare: float, no_cov: float, no_cov_b: float, no_bare: float,
) -> Truth:  # fmt: skip
    """Whether eight blocks may hold a point that beats one of the maxima."""
    left, right = load(r.edges, group), load(r.edges, r.blocks + group)
    top, top_cov = load(r.tops, PLAIN * r.blocks + group), load(r.tops, COVERED * r.blocks + group)
    middle = larger(smaller(lanes(0.5 * d), right), left)
    reach = middle * (d - middle)
    line = _lowest(left, right, d, hts, slope, c)
    may = _may_clear(line - top + no_bare, best_bare, reach)
    may = may | _may_clear(line - top_cov + no_cov, best, reach)
    line = _lowest(left, right, d, hts, slope, c_b)
    return may | _may_clear(line - top_cov + no_cov_b, best_b, reach)


@inlined
def clearances(
    r: Radial, k: int, d: float, hts: float, hrs: float, c: float, c_b: float, covered: bool, covered_b: bool,
    bare_ground: bool, floor: float, seed: int,
) -> tuple[float, float, float]:  # fmt: skip
    """Return the greatest clearance parameters of a path in line of sight to one step beyond point ``k``.

    Parameters
    ----------
    hts, hrs : heights of the antennas; c, c_b : curvatures of the median and the beta_0 Earth
    covered, covered_b, bare_ground : which of the results are wanted, the path being in line of sight there
    floor : covered ground counts where its parameter is greater than this
    seed : block to begin with, -1 for none

    Returns
    -------
    covered ground over either Earth, and the distance where bare ground has its greatest over the median Earth
    """
    slope, shift = (hrs - hts) / d, r.points - 1 - k
    cov = cov_b = lanes(floor)
    bare = at = lanes(LOW)
    no_cov, no_cov_b, no_bare = (
        0.0 if covered else HIGH,
        0.0 if covered_b else HIGH,
        0.0 if bare_ground else HIGH,
    )
    whole = (k + 1) // BLOCK
    for i in range(k + 1 - BLOCK, k + 1, 8):  # the part of a block before the receiver, and a bit more
        cov, cov_b, bare, at = _clearances_at(r, i, shift, d, hts, slope, c, c_b, cov, cov_b, bare, at)
    if 0 <= seed < whole:
        for i in range(seed * BLOCK, seed * BLOCK + BLOCK, 8):
            cov, cov_b, bare, at = _clearances_at(r, i, shift, d, hts, slope, c, c_b, cov, cov_b, bare, at)
    group, fresh = (whole - 1) // 8 * 8, True
    best = best_b = best_bare = 0.0
    while group >= 0:
        if fresh:
            best, best_b, best_bare = largest(cov), largest(cov_b), largest(bare)
        may = _may_be_clearest(
            r, group, d, hts, slope, c, c_b, best, best_b, best_bare, no_cov, no_cov_b, no_bare
        )
        may = may & first_lanes(whole - group) & all_but(seed - group)
        lane = last_lane(may)
        fresh = lane >= 0
        while lane >= 0:
            for i in range((group + lane) * BLOCK, (group + lane) * BLOCK + BLOCK, 8):
                cov, cov_b, bare, at = _clearances_at(
                    r, i, shift, d, hts, slope, c, c_b, cov, cov_b, bare, at
                )
            may = may & first_lanes(lane)
            lane = last_lane(may)
        group -= 8
    greatest = largest(bare)
    return largest(cov), largest(cov_b), largest(where(bare == greatest, at, LOW))


@inlined
def highest_above_line(r: Radial, first: int, last: int, start: float, slope: float, least: float) -> float:
    """Return the greatest height of bare ground - (start + slope x) of points ``first`` to ``last``, or ``least``."""
    plain, x_row = PLAIN * r.row + SPARE, X * r.row + SPARE
    from_km, to_km = r.tables[x_row + first], r.tables[x_row + last]
    best: float = max(least, r.ground[plain + first] - (start + slope * from_km))
    best = max(best, r.ground[plain + last] - (start + slope * to_km))
    for group in range(first // BLOCK // 8 * 8, last // BLOCK + 1, 8):
        left, right = load(r.edges, group), load(r.edges, r.blocks + group)
        top = load(r.tops, PLAIN * r.blocks + group)
        bound = top - (start + smaller(slope * left, slope * right))
        met = (right >= from_km) & (left <= to_km)
        lane = last_lane((bound > best) & met)
        while lane >= 0:
            found = lanes(best)
            for i in range((group + lane) * BLOCK, (group + lane) * BLOCK + BLOCK, 8):
                x, h = load(r.tables, x_row + i), load(r.ground, plain + i)
                found = larger(where((x >= from_km) & (x <= to_km), h - (start + slope * x), LOW), found)
            best = largest(found)
            lane = last_lane((bound > best) & met & first_lanes(lane))
    return best
