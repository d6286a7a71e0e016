"""Measured patterns in MSI Planet files (``.msi``, ``.pln``): reader, and gain between the two measured cuts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.antennas._maths import cos_deg, log10, power
from comity.antennas.pattern import directions
from comity.errors import ComityError, MissingError, Problem

Float = NDArray[np.float64]

#: Gain of a half-wave dipole [dBi]: Planet files give their gain over a dipole unless they say dBi.
DIPOLE_DBI = 2.15
#: A gain lies within so much of the directivity of its cuts [dB].
GAIN_TOLERANCE_DB = 3.0
#: No measured antenna is credited with more than this off its beam [dB]: masts and walls scatter.
MOST_LOSS_DB = 40.0
_ZERO_DB = 0.5

_CUTS = {"HORIZONTAL": "horizontal", "VERTICAL": "vertical"}
_ROW = "two numbers: angle 0 to 359.9 [deg], loss 0 to 100 [dB]"


@dataclass(frozen=True, slots=True)
class Measured:
    """Antenna given by two measured cuts.

    Parameters
    ----------
    name : as in the file
    max_gain_dbi : gain to which the losses refer [dBi]
    frequency_mhz : frequency of the measurement [MHz]; None where the file does not say
    horizontal_loss_db : loss in the horizontal plane at 0, 1, ... 359 deg [dB], clockwise
    vertical_loss_db : loss in the vertical plane at 0, 1, ... 359 deg [dB]; 0 ahead, 90 down, 180 behind, 270 up

    Notes
    -----
    Between the cuts the loss follows horizontal projection interpolation: the horizontal cut, corrected by what
    the front half of the vertical cut adds at 0 deg and its rear half at 180 deg, in proportion to azimuth,
    ``L(phi, theta) = H(phi) - [(1 - w)(H(0) - V(theta)) + w (H(180) - V(180 - theta))]`` with ``w = |phi| / 180``.
    Both cuts are reproduced where they agree with each other ahead and behind; the gain never exceeds the maximum, nor
    lies more than :data:`MOST_LOSS_DB` below it.
    """

    name: str
    max_gain_dbi: float
    frequency_mhz: float | None
    horizontal_loss_db: tuple[float, ...]
    vertical_loss_db: tuple[float, ...]

    @property
    def peak_gain_dbi(self) -> float:
        """Greatest gain [dBi]."""
        return self.max_gain_dbi

    def gain_dbi(self, azimuth_deg: ArrayLike, elevation_deg: ArrayLike) -> Float:
        """Gain [dBi]; see :meth:`~comity.antennas.pattern.Pattern.gain_dbi`."""
        azimuth, elevation = directions(azimuth_deg, elevation_deg)
        horizontal, vertical = np.asarray(self.horizontal_loss_db), np.asarray(self.vertical_loss_db)
        share = np.abs(azimuth) / 180.0
        front = horizontal[0] - _at(vertical, -elevation)
        rear = horizontal[180] - _at(vertical, 180.0 + elevation)
        loss = _at(horizontal, azimuth) - ((1.0 - share) * front + share * rear)
        return np.asarray(self.max_gain_dbi - np.clip(loss, 0.0, MOST_LOSS_DB))

    def directivity_dbi(self) -> float:
        """Directivity of the combined pattern [dBi]: full power over its mean on the sphere, on a grid of 1 deg."""
        azimuth, elevation = np.arange(-180.0, 180.0), np.arange(-89.5, 90.0)
        relative = self.gain_dbi(azimuth[None, :], elevation[:, None]) - self.max_gain_dbi
        weight = cos_deg(elevation)
        mean = (power(10.0, relative / 10.0).sum(axis=1) * weight).sum() / (weight.sum() * azimuth.size)
        return round(-10.0 * float(log10(mean)), 2)


def implausible(antenna: Measured) -> list[Problem]:
    """Return what an antenna cannot be: cuts that never reach the maximum, a gain that its cuts do not make.

    Gain is directivity less what the antenna loses as heat: they lie within :data:`GAIN_TOLERANCE_DB`.
    """
    problems = [
        Problem(f"antenna.{name}_loss_db", f"nowhere less than {min(cut):g} dB", "0 dB where it is strongest")
        for name, cut in (
            ("horizontal", antenna.horizontal_loss_db),
            ("vertical", antenna.vertical_loss_db),
        )
        if min(cut) > _ZERO_DB
    ]
    if problems:
        return problems
    directivity = antenna.directivity_dbi()
    if abs(directivity - antenna.max_gain_dbi) > GAIN_TOLERANCE_DB:
        low, high = directivity - GAIN_TOLERANCE_DB, directivity + GAIN_TOLERANCE_DB
        message = f"{antenna.max_gain_dbi:g} dBi, and the cuts make a directivity of {directivity:.1f} dBi"
        problems.append(Problem("antenna.gain_dbi", message, f"{low:.1f} to {high:.1f} dBi, or other cuts"))
    return problems


def _at(cut: Float, angle_deg: Float) -> Float:
    """Return the loss at an angle, linear between whole degrees, periodic."""
    angle = angle_deg - 360.0 * np.floor(angle_deg / 360.0)
    below = np.floor(angle)
    share = angle - below
    index = below.astype(np.int64) % 360
    return np.asarray(cut[index] * (1.0 - share) + cut[(index + 1) % 360] * share)


def read_msi(path: Path) -> Measured:
    """Read an MSI Planet file; every error in it is listed with its line.

    Parameters
    ----------
    path : file with the lines ``NAME``, ``GAIN`` (dBd unless dBi is written), ``FREQUENCY`` [MHz] and the blocks
        ``HORIZONTAL 360`` and ``VERTICAL 360`` of ``angle loss`` rows; other lines are passed over

    Raises
    ------
    comity.errors.MissingError
        when there is no such file
    comity.errors.ComityError
        with one problem a faulty line
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise MissingError(f"cannot read antenna file {path}: {error.strerror}") from error
    return parse_msi(text, str(path))


def parse_msi(text: str, place: str = "antenna file") -> Measured:
    """Parse the text of an MSI Planet file; see :func:`read_msi`."""
    reader = _Reader(place)
    for number, line in enumerate(text.splitlines(), start=1):
        reader.take(number, line.strip())
    return reader.result()


class _Reader:
    """State of one pass over a file: header values, the two cuts and what is wrong."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._problems: list[Problem] = []
        self._header: dict[str, tuple[int, str]] = {}
        self._cuts: dict[str, dict[float, float]] = {}
        self._announced: dict[str, tuple[int, int]] = {}
        self._open: str | None = None

    def take(self, number: int, line: str) -> None:
        """Take the next line."""
        if not line:
            return
        word, _, rest = line.partition(" ") if " " in line else line.partition("\t")
        if word.upper() in _CUTS:
            self._start(number, _CUTS[word.upper()], rest.strip())
        elif self._open and self._is_row_due(line):
            self._row(number, line)
        else:
            self._header.setdefault(word.upper(), (number, rest.strip()))

    def _start(self, number: int, cut: str, count: str) -> None:
        if cut in self._cuts:
            self._problem(number, f"a second {cut.upper()} block", "one block of each kind")
        self._open, self._cuts[cut] = cut, {}
        if not count.isdigit() or int(count) < 2:
            self._problem(number, f"{cut.upper()} {count or '(no count)'}", f"{cut.upper()} 360")
        self._announced[cut] = (number, int(count) if count.isdigit() else 0)

    def _is_row_due(self, line: str) -> bool:
        """Whether the open block still lacks rows, or the line looks like one."""
        assert self._open
        return len(self._cuts[self._open]) < self._announced[self._open][1] or not line[0].isalpha()

    def _row(self, number: int, line: str) -> None:
        assert self._open
        cells = line.replace(",", " ").split()
        try:
            angle, loss = (float(cell) for cell in cells)
        except ValueError:
            self._problem(number, f"{line!r} is not a row of {self._open.upper()}", _ROW)
            return
        if not (0.0 <= angle <= 360.0 and 0.0 <= loss <= 100.0):
            self._problem(number, f"{line!r} is out of range", _ROW)
        elif angle % 360.0 in self._cuts[self._open] and angle != 360.0:
            self._problem(
                number, f"angle {angle:g} a second time in {self._open.upper()}", "every angle once"
            )
        else:
            self._cuts[self._open].setdefault(angle % 360.0, loss)

    def result(self) -> Measured:
        """Return the antenna, or raise with everything that was wrong."""
        gain = self._gain_dbi()
        frequency = self._number("FREQUENCY", "FREQUENCY 3900", needed=False)
        cuts = {cut: self._degrees(cut) for cut in _CUTS.values()}
        if self._problems:
            raise ComityError(f"{self._place} is not a usable MSI Planet file", self._problems)
        name = self._header.get("NAME", (0, ""))[1] or Path(self._place).stem
        return Measured(name, gain, frequency or None, cuts["horizontal"], cuts["vertical"])

    def _gain_dbi(self) -> float:
        value = self._number("GAIN", "GAIN 15.0 dBi, or GAIN 12.85 dBd", needed=True)
        unit = self._header.get("GAIN", (0, ""))[1].lower()
        return value if unit.endswith("dbi") else round(value + DIPOLE_DBI, 9)

    def _number(self, key: str, accepted: str, *, needed: bool) -> float:
        if key not in self._header:
            if needed:
                self._problems.append(Problem(self._place, f"no line {key}", accepted))
            return 0.0
        number, text = self._header[key]
        try:
            value = float(text.split()[0])
        except (ValueError, IndexError):
            value = math.nan
        if not -100.0 <= value <= 1e6:
            self._problem(number, f"{key} {text}", accepted)
        return value

    def _degrees(self, cut: str) -> tuple[float, ...]:
        """Return the cut at whole degrees."""
        rows = self._cuts.get(cut)
        if rows is None:
            self._problems.append(
                Problem(self._place, f"no block {cut.upper()}", f"{cut.upper()} 360 and its rows")
            )
            return ()
        number, announced = self._announced[cut]
        if len(rows) != announced:
            self._problem(
                number, f"{cut.upper()} announces {announced} rows, {len(rows)} are usable", "as many rows"
            )
        if len(rows) < 2:
            return ()
        angles = sorted(rows)
        losses = [rows[angle] for angle in angles]
        return tuple(float(x) for x in np.interp(np.arange(360.0), angles, losses, period=360.0))

    def _problem(self, number: int, message: str, accepted: str) -> None:
        self._problems.append(Problem(f"{self._place}, line {number}", message, accepted))
