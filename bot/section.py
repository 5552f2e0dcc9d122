"""What the sections of the config file have in common: the words of their fields, and how strict they are."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[\w.-]{1,64}$", description="letters, digits, '.', '_' and '-', at most 64")]
Name = Annotated[str, Field(min_length=1, max_length=80, description="1 to 80 characters")]
ChatId = Annotated[str, Field(min_length=1, max_length=200, description="the platform's own id, 1 to 200 characters")]
WebUrl = Annotated[str, Field(pattern=r"^https?://[^\s/]", description="an address with https:// (or http://)")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", description="an e-mail address")]
Port = Annotated[int, Field(ge=0, le=65535, description="0 to 65535 (0: any free port)")]
Language = Literal["zh-CN", "en"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PlatformName = Literal["sandbox", "slack", "feishu", "dingtalk"]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Section(BaseModel):
    """A mapping of the file: unknown keys are errors, and nothing changes after loading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True, validate_by_name=False
    )
