"""What ``comity coverage`` takes its stations from, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.errors import ComityError, Problem

if TYPE_CHECKING:
    from comity.antennas.pattern import Pattern
    from comity.compute.executors import Executor
    from comity.coordination.coverage import Plan
    from comity.coordination.coverage import Transmitter as Single
    from comity.coordination.coverage_page import Antenna
    from comity.coordination.network import Transmitter
    from comity.coordination.policy import Policy
    from comity.terrain import Ground
    from comity.terrain.edition import Edition
    from comity.terrain.frame import Frame


#: Refractivity where no regime gives it: lapse rate [N-units/km], and at sea level [N-units].
_DN, _N0 = 45.0, 325.0


@dataclass(frozen=True, slots=True)
class Stations:
    """The stations of an application, and the policy under which it would be decided."""

    reference: str
    transmitters: tuple[Transmitter, ...]
    policy: Policy
    centre: tuple[float, float]


def stations_of(file: Path) -> Stations:
    """Read an application as ``comity decide`` does, and return what of it radiates."""
    from datetime import date

    from comity.casework.intake import read_document, validated
    from comity.casework.world import World
    from comity.cli._options import day
    from comity.coordination.limits import ProposalPolicy
    from comity.programmes.spectrum.antenna_check import check_antennas
    from comity.programmes.spectrum.application import SpectrumApplication
    from comity.programmes.spectrum.channels import band_edges
    from comity.programmes.spectrum.facts import FactBook
    from comity.programmes.spectrum.network import area_of, network_of
    from comity.programmes.spectrum.policy import policy_of
    from comity.programmes.spectrum.study import read_pack
    from comity.programmes.spectrum.world import open_world

    document, lines = read_document(file)
    if (programme := str(document.get("programme", "spectrum"))) != "spectrum":
        problem = Problem(f"{file}, programme", repr(programme), "spectrum: only it has stations")
        raise ComityError("this application has no coverage", [problem])
    application = validated(document, SpectrumApplication, str(file), lines)
    check_antennas(application)
    today: date = day(None)
    world: World = open_world(application.regime, today=today)
    book = FactBook(read_pack(application, world), today)
    edges = band_edges(book, application.radio.band)
    if edges is None:
        problem = Problem(f"{file}, radio.band", repr(application.radio.band), "a band of the regime")
        raise ComityError("the regime has no such band", [problem])
    policy = policy_of(book, (edges[0] + edges[1]) / 2, ProposalPolicy(), application.radio.band)
    network = network_of(application, edges, book.number("coordination.terminal_height_m", 1.5), (today, 0))
    area = area_of(application.site)
    return Stations(
        application.reference, network.transmitters, policy, (area.latitude_deg, area.longitude_deg)
    )


def one_source(application: Path | None, own: Mapping[str, object], mode: str) -> None:
    """Refuse a transmitter beside an application, and neither of them; and a mode that there is not.

    Parameters
    ----------
    application : file, if any
    own : options that describe a single transmitter, ``None`` where not given
    mode : of the computation
    """
    chosen("--mode", mode, ("exact", "radial"))
    given = [name for name, value in own.items() if value is not None]
    if application is not None and given:
        hint = "either the application or a transmitter"
        raise ComityError(
            "an application brings its own stations",
            [Problem(name, f"given beside {application}", hint) for name in given],
        )
    missing = [name for name in ("--latitude", "--longitude") if own[name] is None]
    if application is None and missing:
        hint = "the place of a transmitter in degrees, or an application file"
        raise ComityError("nothing to compute", [Problem(name, "is missing", hint) for name in missing])


def transmitter_of(own: Mapping[str, Any]) -> Single:
    """Return the transmitter that the options describe."""
    from comity.coordination.coverage import Transmitter

    defaults = {"--height": 30.0, "--frequency": 3500.0, "--eirp": 60.0, "--azimuth": 0.0, "--tilt": 0.0}
    value = {**defaults, "--polarisation": "vertical", **{k: v for k, v in own.items() if v is not None}}
    return Transmitter(
        value["--latitude"],
        value["--longitude"],
        value["--height"],
        value["--frequency"],
        value["--eirp"],
        mounted(own["--antenna"], value["--azimuth"], value["--tilt"], value["--frequency"]),
        chosen("--polarisation", value["--polarisation"], ("vertical", "horizontal")),
    )


def plan_of(
    source: Stations | Single,
    radius_km: float,
    pixel_m: float,
    rx_height_m: float,
    model: str | None,
    time_percent: float,
    location_percent: float,
    dn: float | None,
    n0: float | None,
    cover: str,
) -> Plan:
    """Return what is computed: what the options leave open is the policy's, and without one the engine's."""
    from comity.coordination.coverage import Plan

    usual: tuple[str, float, float] = ("p1812", _DN, _N0)
    if isinstance(source, Stations):
        usual = (source.policy.model_between_networks, source.policy.dn, source.policy.n0)
    return Plan(
        radius_km,
        pixel_m,
        rx_height_m,
        chosen("--model", model or usual[0], ("p1812", "p452")),
        time_percent,
        location_percent,
        usual[1] if dn is None else dn,
        usual[2] if n0 is None else n0,
        cover=chosen("--cover", cover, ("degurba", "none")),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A coverage ready to be written: its bands by name, where they lie, and the record."""

    frame: Frame
    bands: Mapping[str, Any]
    record: dict[str, Any]
    editions: tuple[Edition, ...]
    antennas: tuple[Antenna, ...]


def drawn(
    ground: Ground,
    source: Stations | Single,
    plan: Plan,
    mode: str,
    open_pool: Callable[[], Executor],
    folder: Path | None,
    device: str,
) -> Drawn:
    """Compute a coverage; the executor is opened when everything else is known to be in order."""
    from dataclasses import asdict

    from comity.cli._progress import progress
    from comity.coordination import coverage as engine
    from comity.coordination import coverage_files as files
    from comity.coordination.coverage_network import network_coverage

    if isinstance(source, Stations):
        with progress("coverage") as report, open_pool() as running:
            network = network_coverage(
                ground, source.transmitters, source.policy, plan,
                centre=source.centre, mode="radial" if mode == "radial" else "exact", executor=running,
                folder=folder, progress=report, device=device,
            )  # fmt: skip
        record = {"application": source.reference, **files.network_record(network)}
        if network.difference is not None:
            record["difference_from_exact"] = asdict(network.difference)
        return Drawn(
            network.frame, {"level_dbm": network.level_dbm}, record, network.editions, antennas_of(source)
        )
    # A transmitter on unknown ground is an error, not a blank picture.
    ground.height_m(source.latitude_deg, source.longitude_deg)
    with progress("coverage") as report, open_pool() as running:
        found = engine.coverage(
            ground, source, plan,
            mode="radial" if mode == "radial" else "exact", executor=running, folder=folder, progress=report,
            device=device,
        )  # fmt: skip
    level = engine.level_dbm(ground, found)
    record = files.record(ground, found, level)
    if mode == "radial":
        record["difference_from_exact"] = asdict(engine.difference_from_exact(ground, found))
    bands = {"level_dbm": level, "loss_db": found.loss_db}
    return Drawn(found.frame, bands, record, found.editions, antennas_of(source))


def antennas_of(source: Stations | Single) -> tuple[Antenna, ...]:
    """Return what radiates, as the map shows it."""
    from comity.antennas import Mounted
    from comity.coordination.coverage_page import Antenna

    if isinstance(source, Stations):
        return tuple(
            Antenna(t.latitude_deg, t.longitude_deg, None if t.antenna is None else t.azimuth_deg)
            for t in source.transmitters
        )
    turn = source.antenna.azimuth_deg if isinstance(source.antenna, Mounted) else None
    return (Antenna(source.latitude_deg, source.longitude_deg, turn),)


def pool(
    executor: str | None,
    address: str | None,
    workers: int | None,
    mode: str,
    folder: Path | None,
    device: str,
) -> Executor:
    """Return the executor that the options ask for."""
    from comity.compute.executors import KINDS, open_executor

    problems = []
    if executor is not None and executor not in KINDS:
        problems.append(Problem("--executor", repr(executor), ", ".join(KINDS)))
    if address is not None and executor != "dask":
        problems.append(Problem("--address", "is that of a Dask scheduler", "with --executor dask"))
    if workers is not None and (workers < 1 or executor == "serial" or address is not None):
        hint = "1 or more, with --executor threads, or dask without --address"
        problems.append(Problem("--workers", str(workers), hint))
    if device != "cpu":
        given = {"--executor": executor, "--workers": workers, "--address": address}
        said = "a GPU works alone, from this process"
        problems += [Problem(k, said, "with --device cpu") for k, v in given.items() if v is not None]
        executor = "serial"
    if mode == "radial" and folder is not None:
        problems.append(Problem("--resume", "radial keeps no tiles", "with --mode exact"))
    if problems:
        raise ComityError("the work cannot be run so", problems)
    return open_executor(executor or "threads", workers=workers, address=address)


def chosen(option: str, value: str, accepted: tuple[str, ...]) -> Any:
    """Return a choice, or refuse it."""
    if value not in accepted:
        raise ComityError("no such choice", [Problem(option, repr(value), " or ".join(accepted))])
    return value


def mounted(path: Path | None, azimuth_deg: float, tilt_deg: float, frequency_mhz: float) -> Pattern | None:
    """Return the pattern in a file, turned and tilted."""
    if path is None:
        return None
    import tomllib

    from comity.antennas import Mounted, from_spec, read_msi
    from comity.casework.files import read_whole

    if path.suffix.lower() != ".toml":
        return Mounted(read_msi(path), azimuth_deg, tilt_deg)
    try:
        spec = tomllib.loads(read_whole(path).decode("utf-8"))
    except ValueError as error:
        raise ComityError("the antenna file is no TOML", [Problem(str(path), str(error))]) from None
    return Mounted(from_spec(spec, frequency_mhz=frequency_mhz, folder=path.parent), azimuth_deg, tilt_deg)


def words(record: dict[str, Any], out: Path) -> str:
    """Return what a person wants to know."""
    from comity.coordination.coverage_files import BLANK_SHARE

    frame = record["frame"]
    lines = [f"{record['pixels']} pixels of {frame['pixel_m']:g} m, {record['mode']}; written to {out}/"]
    if "stations" in record["inputs"]:
        count = len(record["inputs"]["stations"])
        lines.append(f"{record['application']}: {count} station{'s' * (count != 1)}, power-summed")
    if record["blank_share"] > BLANK_SHARE:
        lines.append(
            f"{record['blank_share']:.0%} of the circle is blank: terrain is missing there or before it"
        )
    lines += [
        f"  at least {edge:>5} dBm: {area:10.2f} km2" for edge, area in record["area_km2_at_or_above"].items()
    ]
    if "difference_from_exact" in record:
        d = record["difference_from_exact"]
        lines.append(
            f"radial differs from exact on {d['pixels']} sampled pixels: mean {d['mean_db']:+.2f} dB, median of the"
            f" magnitude {d['median_db']:.2f}, 90 % {d['p90_db']:.2f}, 99 % {d['p99_db']:.2f} dB"
        )
    return "\n".join([*lines, *record["attribution"]])
