"""From a schema's refusals to sentences that name place, value and accepted form."""

from __future__ import annotations

import difflib
import json
import types
import typing
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from comity.casework.lines import Lines, line_of
from comity.errors import Problem

#: Classes of characters that turn the direction of what stands beside them.
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_LOWER = {"ge": "at least", "gt": "more than"}
_UPPER = {"le": "at most", "lt": "less than"}
_WORDS: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    date: "a day as 2026-03-02",
}


def problems_of(
    error: ValidationError, schema: type[BaseModel], document: Mapping[str, Any], place: str, lines: Lines
) -> list[Problem]:
    """Return one problem per refusal of ``schema``, in the order of the file."""
    problems = []
    for detail in _without_echoes(error.errors(include_url=False)):
        path = tuple(detail["loc"])
        number = line_of(lines, path)
        where = f"{place}:{number}" if number else place
        field = _field(schema, path)
        problems.append(
            (
                number or 0,
                Problem(
                    place=f"{where}: {'.'.join(map(str, path))}" if path else where,
                    message=_message(detail, _model(schema, path[:-1])),
                    accepted=_accepted(detail, field, schema, path),
                ),
            )
        )
    return [problem for _, problem in sorted(problems, key=lambda p: p[0])]


def hidden_in(document: Mapping[str, Any], place: str, lines: Lines) -> list[Problem]:
    """Return one problem per text that holds characters which act on whoever reads it.

    Control characters move the cursor of a terminal, marks of direction turn the writing round. Lines may end in a
    text, but not in a name.
    """
    problems = []
    for path, text in _texts(document, ()):
        found = sorted({c for c in text if _acts(c) and ("name" in path or c not in "\n\r\t")})
        if found:
            number = line_of(lines, path)
            where = f"{place}:{number}" if number else place
            named = ", ".join(f"U+{ord(c):04X}" for c in found)
            accepted = "text without control characters and marks of direction"
            problems.append(Problem(f"{where}: {'.'.join(map(str, path))}", f"holds {named}", accepted))
    return problems


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts(part, (*path, str(name)))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts(part, (*path, index))


def _acts(character: str) -> bool:
    if character.isprintable():
        return False
    turns = unicodedata.bidirectional(character) in _TURNS
    return turns or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _without_echoes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out "too short" where the list only seems short because its items were refused."""
    parents = {tuple(d["loc"][:length]) for d in details for length in range(len(d["loc"]))}
    return [d for d in details if d["type"] != "too_short" or tuple(d["loc"]) not in parents]


def _message(detail: ErrorDetails, owner: type[BaseModel] | None) -> str:
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            known = owner.model_fields if owner is not None else ()
            near = difflib.get_close_matches(str(detail["loc"][-1]), known, n=1)
            return f"is not a field; did you mean {near[0]}?" if near else "is not a field"
        case "string_pattern_mismatch":
            return f"{_shown(detail['input'])} has another form"
        case "value_error":
            return str(detail["msg"]).removeprefix("Value error, ")
    return f"{_shown(detail['input'])}: {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _accepted(
    detail: ErrorDetails, field: FieldInfo | None, schema: type[BaseModel], path: tuple[str | int, ...]
) -> str:
    if detail["type"] == "extra_forbidden":
        owner = _model(schema, path[:-1])
        return "one of " + ", ".join(owner.model_fields) if owner is not None else ""
    if field is None:
        return ""
    if detail["type"] == "value_error" or isinstance(path[-1], int):
        # The message itself says what is asked; "a list" would only say what the whole field is.
        return field.description or ""
    parts = [_kind(field.annotation), *_limits(field)]
    if field.description:
        parts.append(field.description)
    return ", ".join(part for part in parts if part)


def _limits(field: FieldInfo) -> list[str]:
    """Return a field's limits in words; Pydantic keeps them as attributes of its metadata."""
    found = {}
    for item in _metadata(field):
        for name in (*_LOWER, *_UPPER, "pattern", "min_length", "max_length"):
            value = getattr(item, name, None)
            if value is not None:
                found[name] = value
    words = [f"{word} {found[name]:g}" for name, word in (_LOWER | _UPPER).items() if name in found]
    if "min_length" in found or "max_length" in found:
        words.append(f"{found.get('min_length', 0)} to {found.get('max_length', 'any number of')} items")
    if "pattern" in found and not field.description:
        words.append(f"text that matches {found['pattern']}")
    return words


def _metadata(field: FieldInfo) -> list[Any]:
    found = list(field.metadata)
    for annotation in (field.annotation, *typing.get_args(field.annotation)):
        for item in getattr(annotation, "__metadata__", ()):
            found.extend(item.metadata if isinstance(item, FieldInfo) else [item])
    return found


def _kind(annotation: Any) -> str:
    options = [a for a in _options(annotation) if a is not type(None)]
    words = []
    for option in options:
        if typing.get_origin(option) is Literal:
            words.append("one of " + ", ".join(str(v) for v in typing.get_args(option)))
        elif option in _WORDS:
            words.append(_WORDS[option])
        elif isinstance(option, type) and issubclass(option, BaseModel):
            words.append("a table with " + ", ".join(option.model_fields))
        elif typing.get_origin(option) in (tuple, list):
            words.append("a list")
    return " or ".join(words)


def _options(annotation: Any) -> tuple[Any, ...]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return tuple(o for a in typing.get_args(annotation) for o in _options(a))
    if typing.get_origin(annotation) is typing.Annotated:
        return _options(typing.get_args(annotation)[0])
    return (annotation,)


def _field(schema: type[BaseModel], path: tuple[str | int, ...]) -> FieldInfo | None:
    """Return the field that ``path`` names; an index into a list of plain values means the list's field."""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return None
    owner = _model(schema, tuple(names[:-1]))
    return owner.model_fields.get(names[-1]) if owner is not None else None


def _model(schema: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel] | None:
    owner: type[BaseModel] | None = schema
    for step in path:
        if isinstance(step, int):
            continue
        field = owner.model_fields.get(step) if owner is not None else None
        owner = None if field is None else _record_in(field.annotation)
    return owner


def _record_in(annotation: Any) -> type[BaseModel] | None:
    for option in _options(annotation):
        if isinstance(option, type) and issubclass(option, BaseModel):
            return option
        for inner in typing.get_args(option):
            found = _record_in(inner)
            if found is not None:
                return found
    return None
