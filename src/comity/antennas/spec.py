"""From a specification in TOML or JSON to a radiation pattern."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from comity.antennas.f1336 import Omnidirectional, Sector, Statistic
from comity.antennas.msi import Measured, read_msi
from comity.antennas.pattern import Isotropic, Pattern
from comity.antennas.reflector import F699, F1245, S465
from comity.antennas.tr37840 import Array, ArrayEnvelope, Element
from comity.errors import ComityError, Problem

Values = dict[str, Any]

#: Keys of a specification whose names differ from the pattern's own fields.
_RENAMED = {"gain_dbi": "max_gain_dbi"}
_ELEMENT_FIELDS = {field.name for field in dataclasses.fields(Element)}


def from_spec(
    spec: Mapping[str, Any],
    statistic: Statistic = "peak",
    *,
    frequency_mhz: float | None = None,
    folder: Path | None = None,
) -> Pattern:
    """Build a pattern from a mapping such as ``{"pattern": "f1336-sector", "gain_dbi": 15, "beamwidth_deg": 65}``.

    Parameters
    ----------
    spec : ``pattern`` (a key of :data:`PATTERNS`) and the fields of that pattern; ``gain_dbi`` is its maximum gain
    statistic : ``peak`` for a single entry, ``average`` for one of many in an aggregate; chooses the side lobes of
        F.1336, and F.699 or F.1245 for a fixed link; the other patterns have one form
    frequency_mhz : frequency [MHz] where the specification has none
    folder : folder from which the ``file`` of an MSI pattern is counted

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
    if name == "msi":
        return _measured(values, folder)
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
        elif not isinstance(value, int | float) or isinstance(value, bool) or value != value:
            problems.append(Problem(place, f"{value!r} is not a number", "a number"))
    missing = [key for key, needed in fields.items() if needed and key not in values]
    problems += [Problem(f"antenna.{shown.get(key, key)}", "missing", "a number") for key in missing]
    if problems:
        raise ComityError(f"antenna specification, pattern {name}", problems)


def _measured(values: Values, folder: Path | None) -> Measured:
    file = values.get("file")
    if not isinstance(file, str) or len(values) != 1:
        raise ComityError(
            "antenna specification, pattern msi",
            [
                Problem(
                    "antenna.file", f"{sorted(values)}", "one field: file, the path of a .msi or .pln file"
                )
            ],
        )
    return read_msi((folder or Path()) / file)


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

#: Pattern name -> (builder, {field: must be given}). ``msi`` takes one field, ``file``.
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
