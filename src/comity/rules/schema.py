"""Dotted names of an application schema, so that the lint can check what rules read."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel


def field_paths(model: type[BaseModel]) -> frozenset[str]:
    """Return every dotted field name of a schema; fields of list items as ``stations[].height_m``."""
    return frozenset(_fields(model, ""))


def _fields(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield f"{prefix}{name}"
        yield from _nested(info.annotation, f"{prefix}{name}")


def _nested(annotation: Any, path: str) -> Iterator[str]:
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _fields(annotation, f"{path}.")
        return
    item = "[]" if typing.get_origin(annotation) in (tuple, list) else ""
    for part in typing.get_args(annotation):
        yield from _nested(part, f"{path}{item}")
