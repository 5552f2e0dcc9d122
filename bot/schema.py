"""What the settings allow at a path: which keys, which kind of value, and whether it is secret."""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings
from bot.yamlfile import Path


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the settings. `section` is set for a mapping with fixed keys; `allowed` is for messages."""

    annotation: Any  # a type, in any form that typing can write it
    allowed: str = ""

    @property
    def section(self) -> type[BaseModel] | None:
        kind = _bare(self.annotation)
        return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None

    @property
    def is_list(self) -> bool:
        return get_origin(_bare(self.annotation)) is tuple and get_args(_bare(self.annotation))[-1] is Ellipsis

    @property
    def is_mapping(self) -> bool:
        return get_origin(_bare(self.annotation)) is dict

    @property
    def is_value(self) -> bool:
        return self.section is None and not self.is_list and not self.is_mapping

    @property
    def is_secret(self) -> bool:
        return _bare(self.annotation) is SecretStr


ROOT = Spot(Settings)


def spot(path: Path) -> Spot | None:
    """What the settings allow at a path; None when there is no such place."""
    here: Spot | None = ROOT
    for step in path:
        here = _inside(here, step) if here is not None else None
    return here


def keys(section: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys of a section as they are written in the file."""
    return {info.alias or name: info for name, info in section.model_fields.items()}


def _inside(here: Spot, step: str | int) -> Spot | None:
    if here.section is not None:
        info = keys(here.section).get(str(step))
        return Spot(info.annotation, _allowed(info.annotation, info.description)) if info else None
    if here.is_list or here.is_mapping:
        inner = get_args(_bare(here.annotation))[0 if here.is_list else 1]
        return Spot(inner, _allowed(inner, None))
    return None


def _allowed(annotation: Any, description: str | None) -> str:
    if description:
        return description
    if get_origin(annotation) is Annotated:
        notes = (note.description for note in annotation.__metadata__ if isinstance(note, FieldInfo))
        return next((note for note in notes if note), "")
    for arm in _arms(annotation):
        if arm is not annotation and (found := _allowed(arm, None)):
            return found
    return ""


def _bare(annotation: Any) -> Any:
    """A type without `Annotated` around it and without `| None` beside it."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    arms = _arms(annotation)
    return annotation if arms == (annotation,) else _bare(arms[0])


def _arms(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return tuple(arm for arm in get_args(annotation) if arm is not NoneType)
    return (annotation,)
