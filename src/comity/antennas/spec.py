"""From a specification in TOML or JSON to a radiation pattern."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeGuard

from comity.antennas.f1336 import Omnidirectional, Sector, Statistic
from comity.antennas.msi import Measured, implausible, read_msi
from comity.antennas.pattern import Isotropic, Pattern
from comity.antennas.reflector import F699, F1245, S465
from comity.antennas.tr37840 import Array, ArrayEnvelope, Element
from comity.errors import ComityError, Problem

Values = dict[str, Any]
Use = Literal["base_station"]

#: Patterns of dishes: not for base stations.
REFLECTORS = ("fixed-link", "f699", "f1245", "s465")

#: Keys of a specification whose names differ from the pattern's own fields.
_RENAMED = {"gain_dbi": "max_gain_dbi"}
_ELEMENT_FIELDS = {field.name for field in dataclasses.fields(Element)}


def from_spec(
    spec: Mapping[str, Any],
    statistic: Statistic = "peak",
    *,
    frequency_mhz: float | None = None,
    folder: Path | None = None,
    use: Use | None = None,
) -> Pattern:
    """Build a pattern from a mapping such as ``{"pattern": "f1336-sector", "gain_dbi": 15, "beamwidth_deg": 65}``.

    Parameters
    ----------
    spec : ``pattern`` (a key of :data:`PATTERNS`) and the fields of that pattern; ``gain_dbi`` is its maximum gain
    statistic : ``peak`` for a single entry, ``average`` for one of many in an aggregate; chooses the side lobes of
        F.1336, and F.699 or F.1245 for a fixed link; the other patterns have one form
    frequency_mhz : frequency [MHz] where the specification has none
    folder : folder in which the ``file`` of an MSI pattern lies; without it no file is read, and the pattern must
        come with its cuts, as :func:`with_cuts` puts them in
    use : ``base_station`` refuses the reflector patterns of point-to-point and earth station antennas, whose side
        lobes no antenna that covers a site has

    Raises
    ------
    comity.errors.ComityError
        with all unknown, missing and ill-typed fields at once
    comity.errors.ValidityError
        when a value lies outside the range of the pattern
    """
    values = {_RENAMED.get(str(key), str(key)): value for key, value in spec.items()}
    name = values.pop("pattern", None)
    if name not in PATTERNS:
        raise ComityError(
            "antenna specification", [Problem("antenna.pattern", f"{name!r}", _known(str(name)))]
        )
    if use == "base_station" and name in REFLECTORS:
        accepted = ", ".join(other for other in PATTERNS if other not in REFLECTORS)
        problem = Problem("antenna.pattern", f"{name} is no pattern of a base station", accepted)
        raise ComityError("antenna specification", [problem])
    if name == "msi":
        return _measured(values) if "horizontal_loss_db" in values else _from_file(values, folder)
    pattern, fields = PATTERNS[name]
    if frequency_mhz is not None and "frequency_mhz" in fields:
        values.setdefault("frequency_mhz", frequency_mhz)
    _check_fields(name, values, fields)
    built: Pattern = pattern(values, statistic)
    return built


def _known(name: str) -> str:
    near = difflib.get_close_matches(name, PATTERNS, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"one of {', '.join(PATTERNS)}{hint}"


def _check_fields(name: str, values: Values, fields: dict[str, bool]) -> None:
    """Raise with every field that is unknown, missing or not of its type."""
    problems = []
    shown = {own: given for given, own in _RENAMED.items()}
    for key, value in values.items():
        place = f"antenna.{shown.get(key, key)}"
        if key not in fields:
            accepted = ", ".join(shown.get(field, field) for field in fields)
            problems.append(Problem(place, f"pattern {name} has no such field", accepted or "no fields"))
        elif key == "side_lobes":
            if value not in ("typical", "improved"):
                problems.append(Problem(place, f"{value!r}", "typical, improved"))
        elif key in ("rows", "columns"):
            if not isinstance(value, int) or isinstance(value, bool):
                problems.append(Problem(place, f"{value!r} is not a whole number", "8"))
        elif not _is_number(value):
            problems.append(Problem(place, f"{value!r} is not a number", "a number"))
    missing = [key for key, needed in fields.items() if needed and key not in values]
    problems += [Problem(f"antenna.{shown.get(key, key)}", "missing", "a number") for key in missing]
    if problems:
        raise ComityError(f"antenna specification, pattern {name}", problems)


def with_cuts(spec: Mapping[str, Any], folder: Path) -> Values:
    """Return a specification whose MSI file, if it names one, is replaced by the cuts in it.

    Such a specification says all by itself: what is decided on it does not hang on a file that may change.

    Parameters
    ----------
    spec : specification as :func:`from_spec` takes it
    folder : folder in which its ``file`` lies
    """
    if spec.get("pattern") != "msi" or "file" not in spec:
        return dict(spec)
    antenna = _from_file({key: value for key, value in spec.items() if key != "pattern"}, folder)
    return {
        "pattern": "msi",
        "name": antenna.name,
        "gain_dbi": antenna.max_gain_dbi,
        "horizontal_loss_db": list(antenna.horizontal_loss_db),
        "vertical_loss_db": list(antenna.vertical_loss_db),
    }


def _from_file(values: Values, folder: Path | None) -> Measured:
    """Read the file of an MSI specification, which must lie in the folder."""
    file = values.get("file")
    place, accepted = (
        "antenna.file",
        "one field: file, the name of a .msi or .pln file beside the application",
    )
    if not isinstance(file, str) or len(values) != 1:
        found = ", ".join(sorted(values)) or "no field"
        raise ComityError("antenna specification, pattern msi", [Problem(place, found, accepted)])
    if folder is None or not (folder / file).resolve().is_relative_to(folder.resolve()):
        message = f"{file!r} is not a file that may be read here"
        raise ComityError("antenna specification, pattern msi", [Problem(place, message, accepted)])
    return read_msi(folder / file)


def _measured(values: Values) -> Measured:
    """Build a measured antenna from cuts that stand in its specification."""
    problems = []
    for key in ("horizontal_loss_db", "vertical_loss_db"):
        cut = values.get(key)
        if not isinstance(cut, list | tuple) or len(cut) != 360 or not all(map(_is_loss, cut)):
            problems.append(
                Problem(f"antenna.{key}", "not a cut", "360 losses, 0 to 100 dB, one a degree from 0")
            )
    gain = values.get("max_gain_dbi")
    if not _is_number(gain) or not -100.0 <= gain <= 100.0:
        problems.append(Problem("antenna.gain_dbi", repr(gain), "a number, -100 to 100 dBi"))
    unknown = values.keys() - {"name", "max_gain_dbi", "horizontal_loss_db", "vertical_loss_db"}
    accepted = "name, gain_dbi, horizontal_loss_db, vertical_loss_db"
    problems += [
        Problem(f"antenna.{key}", "pattern msi has no such field", accepted) for key in sorted(unknown)
    ]
    if problems:
        raise ComityError("antenna specification, pattern msi", problems)
    cuts = (tuple(map(float, values[key])) for key in ("horizontal_loss_db", "vertical_loss_db"))
    antenna = Measured(str(values.get("name", "")), float(values["max_gain_dbi"]), None, *cuts)
    problems = implausible(antenna)
    if problems:
        raise ComityError("antenna specification, pattern msi", problems)
    return antenna


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _is_loss(value: object) -> bool:
    return _is_number(value) and 0.0 <= value <= 100.0


def _plain(pattern: Callable[..., Pattern]) -> Callable[[Values, Statistic], Pattern]:
    return lambda values, statistic: pattern(**values)


def _with_statistic(pattern: Callable[..., Pattern]) -> Callable[[Values, Statistic], Pattern]:
    return lambda values, statistic: pattern(**values, statistic=statistic)


def _isotropic(values: Values, statistic: Statistic) -> Pattern:
    return Isotropic(values.get("max_gain_dbi", 0.0))


def _fixed_link(values: Values, statistic: Statistic) -> Pattern:
    return F699(**values) if statistic == "peak" else F1245(**values)


def _array(values: Values, statistic: Statistic) -> Array:
    element = Element(**{key: value for key, value in values.items() if key in _ELEMENT_FIELDS})
    return Array(element, **{key: value for key, value in values.items() if key not in _ELEMENT_FIELDS})


def _envelope(values: Values, statistic: Statistic) -> ArrayEnvelope:
    own = {field.name for field in dataclasses.fields(ArrayEnvelope)}
    array = _array({key: value for key, value in values.items() if key not in own}, statistic)
    return ArrayEnvelope(array, **{key: value for key, value in values.items() if key in own})


def _fields(*patterns: type, without: tuple[str, ...] = ()) -> dict[str, bool]:
    """Return the fields of pattern classes and whether each must be given."""
    return {
        field.name: field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        for pattern in patterns
        for field in dataclasses.fields(pattern)
        if field.name not in without
    }


_STEERING = ("steer_azimuth_deg", "steer_elevation_deg")

#: Pattern name -> (builder, {field: must be given}). ``msi`` takes ``file``, or the cuts.
PATTERNS: dict[str, tuple[Callable[[Values, Statistic], Pattern], dict[str, bool]]] = {
    "isotropic": (_isotropic, {"max_gain_dbi": False}),
    "f1336-omni": (_with_statistic(Omnidirectional), _fields(Omnidirectional, without=("statistic",))),
    "f1336-sector": (_with_statistic(Sector), _fields(Sector, without=("statistic",))),
    "fixed-link": (_fixed_link, _fields(F699)),
    "f699": (_plain(F699), _fields(F699)),
    "f1245": (_plain(F1245), _fields(F1245)),
    "s465": (_plain(S465), _fields(S465)),
    "3gpp-element": (_plain(Element), _fields(Element)),
    "3gpp-array": (_array, _fields(Element, Array, without=("element",))),
    "3gpp-array-envelope": (
        _envelope,
        _fields(Element, Array, ArrayEnvelope, without=("element", "array", *_STEERING)),
    ),
    "msi": (_plain(Measured), {"file": True}),
}
