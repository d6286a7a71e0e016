"""Antenna specifications are checked before anything is computed."""

from __future__ import annotations

from comity.errors import ComityError, Problem
from comity.programmes.spectrum.application import SpectrumApplication


def check_antennas(application: SpectrumApplication) -> None:
    """Raise with every antenna specification that no pattern can be built from.

    A pattern in a file of its own is refused: a decision holds everything that it rests on.
    """
    from comity.antennas import from_spec

    problems: list[Problem] = []
    middle = application.radio.channels[0].low_mhz if application.radio.channels else 4_000.0
    for i, station in enumerate(application.stations):
        if station.antenna is None:
            continue
        place = f"stations.{i}"
        if "file" in station.antenna:
            accepted = "the parameters of a pattern, as f1336-sector with gain_dbi and beamwidth_deg"
            problems.append(Problem(f"{place}.antenna", "names a file", accepted))
            continue
        try:
            from_spec(station.antenna, frequency_mhz=middle)
        except ComityError as error:
            found = error.problems or (Problem("antenna", error.message),)
            problems += [Problem(f"{place}.{p.place}", p.message, p.accepted) for p in found]
    if problems:
        raise ComityError(f"{application.reference} cannot be used: antennas", problems)
