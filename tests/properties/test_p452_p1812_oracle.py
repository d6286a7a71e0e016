"""P.452-18 and P.1812-8 against a slow, plain reading of both Recommendations, where official cases are blind.

The oracle below is written equation by equation with the standard library, one link at a time, and shares nothing
with the kernels. It goes beyond 70 degrees of latitude, across the antimeridian, over three-point profiles, all-sea
paths, every zone, and percentages at their limits.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.propagation import p452, p676, p1812
from comity.propagation.paths import SEA, Paths


@dataclass
class Link:
    d: list[float]
    h: list[float]
    cover: list[float]
    zone: list[int]
    f: float
    p: float
    htg: float
    hrg: float
    vertical: bool
    dn: float
    n0: float
    gains: tuple[float, float]
    coasts: tuple[float, float]  # negative: not given
    ends: tuple[float, float, float, float]


def normal(x: float) -> float:
    t = math.sqrt(-2 * math.log(max(x, 1e-6)))
    return ((0.010328 * t + 0.802853) * t + 2.515516698) / (
        ((0.001308 * t + 0.189269) * t + 1.432788) * t + 1
    ) - t


def sections(link: Link, kinds: set[int]) -> list[float]:
    """Length of each unbroken section of the given zones, by every pair of neighbours' half gaps."""
    d, lengths, current = link.d, [], 0.0
    for i, zone in enumerate(link.zone):
        if zone in kinds:
            left = (d[i] - d[i - 1]) / 2 if i else 0.0
            right = (d[i + 1] - d[i]) / 2 if i + 1 < len(d) else 0.0
            current += left + right
        else:
            lengths.append(current)
            current = 0.0
    return [*lengths, current]


def from_the_sea(link: Link) -> tuple[float, float]:
    """Distances over land from either end to the nearest edge of a sea section."""
    d, sea = link.d, [i for i, zone in enumerate(link.zone) if zone == SEA]
    if not sea:
        return 500.0, 500.0
    tx = (d[sea[0]] + d[sea[0] - 1]) / 2 if sea[0] else 0.0
    rx = d[-1] - (d[sea[-1]] + d[sea[-1] + 1]) / 2 if sea[-1] + 1 < len(d) else 0.0
    return tx, rx


def centre_latitude(link: Link) -> float:
    """Latitude half the path's length from the transmitter, by rotating its position vector."""
    lat_t, lon_t, lat_r, lon_r = (math.radians(v) for v in link.ends)
    at = np.array([math.cos(lat_t) * math.cos(lon_t), math.cos(lat_t) * math.sin(lon_t), math.sin(lat_t)])
    to = np.array([math.cos(lat_r) * math.cos(lon_r), math.cos(lat_r) * math.sin(lon_r), math.sin(lat_r)])
    ahead = to - at * (at @ to)
    angle = link.d[-1] / 2 / 6371
    there = at * math.cos(angle) + ahead / np.linalg.norm(ahead) * math.sin(angle)
    return math.degrees(math.asin(there[2]))


def ducting_incidence(phi: float, dtm: float, dlm: float) -> tuple[float, float]:
    tau = 1 - math.exp(-4.12e-4 * dlm**2.41)
    mu1 = min(1.0, (10 ** (-dtm / (16 - 6.6 * tau)) + 10 ** (-5 * (0.496 + 0.354 * tau))) ** 0.2)
    if abs(phi) <= 70:
        return tau, 10 ** (-0.015 * abs(phi) + 1.67) * mu1 * mu1 ** (-0.935 + 0.0176 * abs(phi))
    return tau, 4.17 * mu1 * mu1**0.3


def knife_edge(nu: float) -> float:
    return 6.9 + 20 * math.log10(math.sqrt((nu - 0.1) ** 2 + 1) + nu - 0.1) if nu > -0.78 else 0.0


def bullington(d: list[float], g: list[float], hts: float, hrs: float, ap: float, f: float) -> float:
    dtot, lam, inner = d[-1], 0.2998 / f, range(1, len(d) - 1)
    bulge = [500 / ap * x * (dtot - x) for x in d]
    stim = max((g[i] + bulge[i] - hts) / d[i] for i in inner)
    str_ = (hrs - hts) / dtot
    if stim < str_:
        nu = max(
            (g[i] + bulge[i] - (hts * (dtot - d[i]) + hrs * d[i]) / dtot)
            * math.sqrt(0.002 * dtot / (lam * d[i] * (dtot - d[i])))
            for i in inner
        )
    else:
        srim = max((g[i] + bulge[i] - hrs) / (dtot - d[i]) for i in inner)
        db = (hrs - hts + srim * dtot) / (stim + srim)
        nu = (hts + stim * db - (hts * (dtot - db) + hrs * db) / dtot) * math.sqrt(
            0.002 * dtot / (lam * db * (dtot - db))
        )
    luc = knife_edge(nu)
    return luc + (1 - math.exp(-luc / 6)) * (10 + 0.02 * dtot)


def first_term(
    d: float, hte: float, hre: float, a: float, f: float, ground: tuple[float, float], vertical: bool
):
    eps, sigma = ground
    k = 0.036 * (a * f) ** (-1 / 3) * ((eps - 1) ** 2 + (18 * sigma / f) ** 2) ** -0.25
    if vertical:
        k *= math.sqrt(eps**2 + (18 * sigma / f) ** 2)
    beta = (1 + 1.6 * k**2 + 0.67 * k**4) / (1 + 4.5 * k**2 + 1.53 * k**4)
    x = 21.88 * beta * (f / a**2) ** (1 / 3) * d
    fx = 11 + 10 * math.log10(x) - 17.6 * x if x >= 1.6 else -20 * math.log10(x) - 5.6488 * x**1.425
    gains = []
    for height in (hte, hre):
        b = beta * 0.9575 * beta * (f**2 / a) ** (1 / 3) * height
        gain = (
            17.6 * math.sqrt(b - 1.1) - 5 * math.log10(b - 1.1) - 8
            if b > 2
            else 20 * math.log10(b + 0.1 * b**3)
        )
        gains.append(max(gain, 2 + 20 * math.log10(k)))
    return -fx - sum(gains)


def spherical(d: float, hte: float, hre: float, ap: float, f: float, omega: float, vertical: bool) -> float:
    def smooth(a: float) -> float:
        land = first_term(d, hte, hre, a, f, (22, 0.003), vertical)
        sea = first_term(d, hte, hre, a, f, (80, 5), vertical)
        return omega * sea + (1 - omega) * land

    if d >= math.sqrt(2 * ap) * (math.sqrt(0.001 * hte) + math.sqrt(0.001 * hre)):
        return smooth(ap)
    c, m = (hte - hre) / (hte + hre), 250 * d * d / (ap * (hte + hre))
    inner = max(-1.0, min(1.0, 1.5 * c * math.sqrt(3 * m / (m + 1) ** 3)))
    b = 2 * math.sqrt((m + 1) / (3 * m)) * math.cos(math.pi / 3 + math.acos(inner) / 3)
    d1 = d / 2 * (1 + b)
    d2 = d - d1
    hse = ((hte - 500 * d1**2 / ap) * d2 + (hre - 500 * d2**2 / ap) * d1) / d
    hreq = 17.456 * math.sqrt(d1 * d2 * 0.2998 / f / d)
    if hse > hreq:
        return 0.0
    return (1 - hse / hreq) * max(0.0, smooth(500 * (d / (math.sqrt(hte) + math.sqrt(hre))) ** 2))


def gases(f: float, rho: float) -> float:
    found = p676.specific_attenuation(
        max(f, 1.0) * 1e3, pressure_hpa=1013.25, water_vapour_gm3=rho, temperature_k=288.15
    )
    return float(found.dry_air_db_per_km + found.water_vapour_db_per_km)


def oracle(link: Link, *, terrestrial: bool) -> float:
    """Basic transmission loss of P.1812-8 (``terrestrial``) or P.452-18."""
    d, h, f, p = link.d, link.h, link.f, link.p
    n, dtot = len(d) - 1, d[-1]
    hts, hrs = h[0] + link.htg, h[-1] + link.hrg
    clear = 0.0 if terrestrial else 0.05
    g = [
        a + (c if 0 < i < n and clear <= x <= dtot - clear else 0)
        for i, (x, a, c) in enumerate(zip(d, h, link.cover))
    ]
    ae, ab = 6371 * 157 / (157 - link.dn), 3 * 6371.0
    dtm, dlm = max(sections(link, {1, 2})), max(sections(link, {2}))
    omega = sum(sections(link, {SEA})) / dtot
    tau, b0 = ducting_incidence(centre_latitude(link), dtm, dlm)

    # Attachment: smooth Earth, horizons
    v1 = sum((d[i] - d[i - 1]) * (h[i] + h[i - 1]) for i in range(1, n + 1))
    v2 = sum(
        (d[i] - d[i - 1]) * (h[i] * (2 * d[i] + d[i - 1]) + h[i - 1] * (d[i] + 2 * d[i - 1]))
        for i in range(1, n + 1)
    )
    hst, hsr = (2 * v1 * dtot - v2) / dtot**2, (v2 - v1 * dtot) / dtot**2
    rise = {i: h[i] - (hts * (dtot - d[i]) + hrs * d[i]) / dtot for i in range(1, n)}
    hobs = max(rise.values())
    obt, obr = max(v / d[i] for i, v in rise.items()), max(v / (dtot - d[i]) for i, v in rise.items())
    lower = max(hobs, 0.0)
    hstd = min(h[0], hst - lower * obt / (obt + obr))
    hsrd = min(h[-1], hsr - lower * obr / (obt + obr))
    up = {i: (h[i] - hts) / d[i] - 500 * d[i] / ae for i in range(1, n)}
    back = {i: (h[i] - hrs) / (dtot - d[i]) - 500 * (dtot - d[i]) / ae for i in range(1, n)}
    direct = (hrs - hts) / dtot - 500 * dtot / ae
    direct_back = (hts - hrs) / dtot - 500 * dtot / ae
    if max(up.values()) > direct:
        at_t, at_r = max(up, key=up.__getitem__), max(reversed(back), key=back.__getitem__)
        theta_t, theta_r = 1000 * math.atan(up[at_t] / 1000), 1000 * math.atan(back[at_r] / 1000)
    else:
        nu = {i: (rise[i] + 500 / ae * d[i] * (dtot - d[i])) / math.sqrt(d[i] * (dtot - d[i])) for i in rise}
        at_t = at_r = max(reversed(nu), key=nu.__getitem__)
        theta_t, theta_r = 1000 * math.atan(direct / 1000), 1000 * math.atan(direct_back / 1000)
    dlt, dlr = d[at_t], dtot - d[at_r]
    theta = 1000 * dtot / ae + theta_t + theta_r
    hst, hsr = min(hst, h[0]), min(hsr, h[-1])
    hte, hre = hts - hst, hrs - hsr
    hm = max(h[i] - (hst + (hsr - hst) / dtot * d[i]) for i in range(at_t, at_r + 1))

    def delta_bullington(ap: float) -> float:
        actual = bullington(d, g, hts, hrs, ap, f)
        smooth = bullington(d, [0.0] * len(d), hts - hstd, hrs - hsrd, ap, f)
        return actual + max(spherical(dtot, hts - hstd, hrs - hsrd, ap, f, omega, link.vertical) - smooth, 0)

    ld50, ldb = delta_bullington(ae), delta_bullington(ab)
    d3 = math.hypot(dtot, (hts - hrs) / 1000)
    moist = 0.0 if terrestrial else gases(f, 7.5 + 2.5 * omega)
    lbfs = 92.4 + 20 * math.log10(f) + 20 * math.log10(d3) + moist * d3
    focus = 2.6 * (1 - math.exp(-0.1 * (dlt + dlr)))
    lb0p, lb0b = lbfs + focus * math.log10(p / 50), lbfs + focus * math.log10(b0 / 50)
    fi = normal(p / 100) / normal(b0 / 100) if p > b0 else 1.0
    ldp = ld50 if p == 50 else ld50 + fi * (ldb - ld50)
    lbd50, lbd = lbfs + ld50, lb0p + ldp
    lmin = lb0p + (1 - omega) * ldp
    if p >= b0:
        lmin = lbd50 + (lb0b + (1 - omega) * ldp - lbd50) * fi

    # ducting
    def shield(angle: float, horizon: float) -> float:
        over = angle - 0.1 * horizon
        return (
            20 * math.log10(1 + 0.361 * over * math.sqrt(f * horizon)) + 0.264 * over * f ** (1 / 3)
            if over > 0
            else 0
        )

    def couple(coast: float, horizon: float, height: float) -> float:
        if coast <= 5 and coast <= horizon and omega >= 0.75:
            return -3 * math.exp(-0.25 * coast**2) * (1 + math.tanh(0.07 * (50 - height)))
        return 0.0

    coasts = link.coasts if link.coasts[0] >= 0 else from_the_sea(link)
    af = 102.45 + 20 * math.log10(f) + 20 * math.log10(dlt + dlr)
    af += (45.375 - 137 * f + 92.5 * f * f if f < 0.5 else 0) + shield(theta_t, dlt) + shield(theta_r, dlr)
    af += couple(coasts[0], dlt, hts) + couple(coasts[1], dlr, hrs)
    mu3 = math.exp(-4.6e-5 * (hm - 10) * (43 + 6 * min(dtot - dlt - dlr, 40))) if hm > 10 else 1.0
    alpha = max(-3.4, -0.6 - 3.5e-9 * dtot**3.1 * tau)
    mu2 = min(1.0, (500 / ae * dtot**2 / (math.sqrt(hte) + math.sqrt(hre)) ** 2) ** alpha)
    log_beta = math.log10(b0 * mu2 * mu3)
    gamma = 1.076 / (2.0058 - log_beta) ** 1.012
    gamma *= math.exp(-(9.51 - 4.8 * log_beta + 0.198 * log_beta**2) * 1e-6 * dtot**1.13)
    ratio = p / 10**log_beta
    ap_ = -12 + (1.2 + 3.7e-3 * dtot) * math.log10(ratio) + 12 * ratio**gamma
    bend = 1000 * dtot / ae + min(theta_t, 0.1 * dlt) + min(theta_r, 0.1 * dlr)
    lba = af + 5e-5 * ae * f ** (1 / 3) * bend + ap_ + moist * dtot

    # combination
    lminbap = max(lba, lb0p) + 2.5 * math.log1p(math.exp(-abs(lba - lb0p) / 2.5))
    fk = 1 - 0.5 * (1 + math.tanh(1.5 * (dtot - 20) / 20))
    if terrestrial:
        fj = 1 - 0.5 * (1 + math.tanh(2.4 * (theta - 0.3) / 0.3))
    else:
        stim = max((h[i] + 500 / ae * d[i] * (dtot - d[i]) - hts) / d[i] for i in range(1, n))
        fj = 1 - 0.5 * (1 + math.tanh(2.4 * (stim - (hrs - hts) / dtot) / 0.3))
    lbda = lminbap + (lbd - lminbap) * fk if lminbap <= lbd else lbd
    lbam = lbda + (lmin - lbda) * fj
    lbs = (
        25 * math.log10(f)
        - 2.5 * math.log10(f / 2) ** 2
        + 20 * math.log10(dtot)
        + 0.573 * theta
        - 0.15 * link.n0
    )
    spread = max(0.0, math.log10(50 / p)) ** 0.7
    if terrestrial:
        lbs += 190.1 - 10.125 * spread
    else:
        lbs += 190 - 10.1 * spread + 0.051 * math.exp(0.055 * sum(link.gains)) + gases(f, 3) * dtot
    lbc = min(lbs, lbam) - 5 * math.log10(1 + 10 ** (-0.2 * abs(lbs - lbam)))
    return max(lb0p, lbc) if terrestrial else lbc


def make_link(seed: int, *, terrestrial: bool, given_coasts: bool = True) -> Link:
    rng = np.random.default_rng(seed)
    n = int(rng.choice([3, 4, 9, 10, 11, 40, 130]))
    length = float(np.exp(rng.uniform(np.log(0.3), np.log(1500))))
    d = np.concatenate([[0], np.sort(rng.uniform(0.01, 0.99, n - 2)), [1]]) * length
    rough = float(rng.choice([0.0, 5.0, 60.0, 400.0]))
    h = np.abs(np.cumsum(rng.normal(0, rough / math.sqrt(n), n)) + rng.uniform(0, 300))
    zone = rng.choice([[1, 2, 3], [2, 2, 2], [3, 3, 3], [1, 1, 3]][rng.integers(4)], n)
    zone = np.sort(zone) if rng.random() < 0.5 else zone
    h = np.where(zone == SEA, 0.0, h)
    cover = np.where(zone == SEA, 0.0, rng.choice([0.0, 10.0, 25.0], n))
    lat, lon = rng.uniform(-88, 88), rng.choice([rng.uniform(-180, 180), 179.99, -179.995])
    bearing, angle = rng.uniform(0, 2 * math.pi), length / 6371
    rx_lat = math.asin(
        math.sin(math.radians(lat)) * math.cos(angle)
        + math.cos(math.radians(lat)) * math.sin(angle) * math.cos(bearing)
    )
    east = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(math.radians(lat)),
        math.cos(angle) - math.sin(math.radians(lat)) * math.sin(rx_lat),
    )
    rx_lon = (lon + math.degrees(east) + 180) % 360 - 180
    low, high, floor = (0.03, 6, 1) if terrestrial else (1.0, 50, 0.001)
    p = [floor, 50.0, float(np.exp(rng.uniform(np.log(floor), np.log(50))))][rng.integers(3)]
    return Link(
        *(d.tolist(), h.tolist(), cover.tolist(), zone.tolist()),
        float(np.exp(rng.uniform(np.log(low), np.log(high)))),
        p,
        *(float(v) for v in np.exp(rng.uniform(0.1, math.log(200), 2))),
        bool(rng.random() < 0.5),
        float(rng.uniform(20, 100)),
        float(rng.uniform(290, 380)),
        (float(rng.uniform(0, 40)), float(rng.uniform(0, 40))),
        (float(rng.choice([0, 2, 30])), float(rng.choice([0, 2, 30]))) if given_coasts else (-1.0, -1.0),
        (float(lat), float(lon), math.degrees(rx_lat), rx_lon),
    )


def in_one_call(links: list[Link], *, terrestrial: bool) -> np.ndarray:
    flat = lambda field: np.concatenate([getattr(link, field) for link in links])  # noqa: E731
    column = lambda read: np.array([read(link) for link in links])  # noqa: E731
    offsets = np.concatenate([[0], np.cumsum([len(link.d) for link in links])])
    paths = Paths(
        *(offsets, flat("d"), flat("h"), flat("cover"), flat("zone").astype(np.int8)),
        *np.array([link.ends for link in links]).T,
    )
    common = {
        "tx_height_m": column(lambda k: k.htg),
        "rx_height_m": column(lambda k: k.hrg),
        "polarisation": column(lambda k: 2 if k.vertical else 1),
        "dn": column(lambda k: k.dn),
        "n0": column(lambda k: k.n0),
    }
    if links[0].coasts[0] >= 0:
        common["tx_coast_km"] = column(lambda k: k.coasts[0])
        common["rx_coast_km"] = column(lambda k: k.coasts[1])
    f, p = column(lambda k: k.f * 1e3), column(lambda k: k.p)
    if terrestrial:
        return p1812.basic_transmission_loss(paths, f, p, **common)
    gains = {"tx_gain_dbi": column(lambda k: k.gains[0]), "rx_gain_dbi": column(lambda k: k.gains[1])}
    return p452.basic_transmission_loss(paths, f, p, **common, **gains)


@pytest.mark.parametrize("terrestrial", [False, True], ids=["p452", "p1812"])
@given(first=st.integers(0, 10**9), given_coasts=st.booleans())
def test_the_kernel_is_the_recommendation_read_plainly(
    terrestrial: bool, first: int, given_coasts: bool
) -> None:
    links = [make_link(first + i, terrestrial=terrestrial, given_coasts=given_coasts) for i in range(11)]
    expected = [oracle(link, terrestrial=terrestrial) for link in links]
    np.testing.assert_allclose(in_one_call(links, terrestrial=terrestrial), expected, rtol=0, atol=1e-7)
