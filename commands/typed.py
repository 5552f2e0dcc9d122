"""What reading needs to know, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commands.domain.people import Directory
from commands.domain.worktime import WorkCalendar
from commands.errors import Refused
from commands.lexicon import Lexicon
from commands.names import Names, names_of
from commands.registry import Verb


@dataclass(frozen=True, slots=True)
class Setting:
    """The words, names and days that a text is read with. `calendar` is that of whoever wrote it; `me` is their
    id, None when nobody knows them; `platform` is where platform ids in mentions come from."""

    lexicon: Lexicon
    directory: Directory
    now: datetime
    calendar: WorkCalendar
    verbs: Mapping[str, Verb]
    me: str | None = None
    platform: str = ""

    @property
    def names(self) -> Names:
        return names_of(self.directory)


@dataclass(frozen=True, slots=True)
class Call:
    """A verb with what was given for it. A field has a value, or a problem, or was not given; `raw` keeps the
    words of every field that was given. `warnings` are keys of the catalogues, said beside the answer."""

    verb: Verb
    values: Mapping[str, Any] = field(default_factory=dict)  # Any: typed as the field's kind says
    problems: Mapping[str, Refused] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """Help is wanted: on everything (""), a command ("request") or a verb ("request.accept"). `unknown`: what was
    typed and not understood, if that is why help is shown."""

    topic: str = ""
    unknown: str = ""
