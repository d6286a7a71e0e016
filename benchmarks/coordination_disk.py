"""``comity decide`` in processes of their own, with and without path losses kept on disk.

    python -m benchmarks.coordination --disk

The register is invented: networks, earth stations and fixed links within about 15 km on the Isle of Skye, on the
50 m terrain that ships; the application is that of ``examples/uk-skye-distillery-low.toml`` and the same 400 m on.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

EXAMPLE = Path(__file__).parents[1] / "examples" / "uk-skye-distillery-low.toml"
SECTOR = '{"pattern": "f1336-sector", "gain_dbi": 15.0, "beamwidth_deg": 65.0}'
COLUMNS = (
    *("kind", "id", "holder", "status", "station", "latitude", "longitude", "height_m", "eirp_dbm"),
    *("azimuth_deg", "tilt_deg", "indoor", "antenna", "low_mhz", "high_mhz", "tdd_pattern", "special_slot"),
    *("subcarrier_spacing_khz", "clock", "site_radius_m", "terminals", "gain_dbi", "elevation_deg"),
    *("rx_latitude", "rx_longitude", "rx_height_m", "rx_gain_dbi"),
)


def rows(licences: int, protected: int) -> list[dict[str, object]]:
    """Return the rows of an invented register."""
    rng = np.random.default_rng(1)

    def place(prefix: str = "") -> dict[str, object]:
        latitude, longitude = 57.2 + 0.2 * rng.random(), -6.55 + 0.35 * rng.random()
        return {f"{prefix}latitude": round(latitude, 6), f"{prefix}longitude": round(longitude, 6)}

    found: list[dict[str, object]] = []
    for i in range(licences):
        width = int(rng.choice([10, 20, 40, 100]))
        low = 3800 + 10 * int(rng.integers(0, (400 - width) // 10 + 1))
        row = {"kind": "network", "id": f"L{i:04d}", "holder": "invented", "status": "in_force", **place()}
        row |= {"height_m": int(rng.integers(3, 25)), "eirp_dbm": float(rng.choice([24.0, 30.0, 42.0]))}
        row |= {"azimuth_deg": int(rng.integers(0, 360)), "indoor": str(bool(rng.random() < 0.4)).lower()}
        row |= {"antenna": SECTOR if rng.random() < 0.7 else "", "low_mhz": low, "high_mhz": low + width}
        row |= {"tdd_pattern": "DDDSU" if rng.random() < 0.7 else "DDSUU", "special_slot": "10:2:2"}
        row |= {"subcarrier_spacing_khz": 30, "clock": "gnss", "site_radius_m": 50, "terminals": "true"}
        found.append(row)
    for i in range(protected // 2):
        row = {"kind": "earth_station", "id": f"E{i}", "holder": "invented", **place(), "height_m": 5}
        row |= {"low_mhz": 3800, "high_mhz": 4200, "azimuth_deg": int(rng.integers(120, 240))}
        found.append(row | {"elevation_deg": 30, "gain_dbi": 40})
    for i in range(protected - protected // 2):
        low = 3900 + 30 * (i % 9)
        row = {"kind": "fixed_link", "id": f"F{i}", "holder": "invented", **place(), "height_m": 30}
        row |= {"gain_dbi": 38, "eirp_dbm": 60, "low_mhz": low, "high_mhz": low + 30}
        found.append(row | place("rx_") | {"rx_height_m": 30, "rx_gain_dbi": 38})
    return found


def write_case(folder: Path, licences: int, protected: int) -> tuple[Path, Path]:
    """Write register and applications; return the application and the next one."""
    with (folder / "register.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows(licences, protected))
    text = EXAMPLE.read_text(encoding="utf-8").replace("uk-skye-register.csv", "register.csv")
    first, after = folder / "first.toml", folder / "next.toml"
    first.write_text(text, encoding="utf-8")
    for here, there in (("57.3012", "57.3052"), ("57.30145", "57.30545"), ("57.30095", "57.30495")):
        text = text.replace(f"{here},", f"{there},").replace(f"latitude = {here}", f"latitude = {there}")
    after.write_text(text, encoding="utf-8")
    return first, after


def decided(application: Path, *options: str) -> tuple[float, bytes]:
    """Return the processor time of one ``comity decide`` [s], and the decision."""
    command = [sys.executable, "-c", "from comity.cli import main; main()", "decide", str(application)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(
        [*command, "--on", "2026-03-02", "--json", *options], stdout=subprocess.PIPE, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, run.stdout


def measure(licences: int, protected: int) -> None:
    """Measure and print a table; the decisions with and without must be the same bytes."""
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {"COMITY_CACHE": name, "COMITY_CACHE_MIB": "1024"}
        first, after = write_case(Path(name), licences, protected)
        decided(first, "--no-cache")  # compiles what is not compiled yet, unpacks the ground
        plain, plain_after = decided(first, "--no-cache"), decided(after, "--no-cache")
        cold, again, following = decided(first), decided(first), decided(after)
        kept = sum(path.stat().st_size for path in (Path(name) / "path-losses").iterdir())
    same = plain[1] == cold[1] == again[1] and plain_after[1] == following[1]
    print(
        f"{licences} licences, {protected} protected receivers; comity decide, each in a process of its own"
    )
    print(f"{'':44}{'CPU s':>10}")
    for label, seconds in (
        ("without kept path losses", plain[0]),
        ("without kept path losses, the next one", plain_after[0]),
        ("first application, writing them", cold[0]),
        ("the same application again", again[0]),
        ("the next application", following[0]),
    ):
        print(f"{label:44}{seconds:10.2f}")
    print(f"kept on disk: {kept / 2**20:.0f} MiB; decisions {'are the same bytes' if same else 'DIFFER'}")
