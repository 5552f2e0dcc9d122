"""The ways in which something does not work at Feishu."""

from __future__ import annotations

from typing import Any

PARSE = "parse card json err, please check whether the card json is correct"


class Refusal(Exception):
    """Feishu refuses a call of the bot: `{"code": …, "msg": …}`, with an HTTP status and headers."""

    def __init__(
        self, code: int, msg: str, *, http: int = 400, headers: dict[str, str] | None = None, **error: Any
    ) -> None:
        super().__init__(f"{code}: {msg}")
        self.code, self.msg, self.http, self.headers = code, msg, http, headers or {}
        self.error = error

    def body(self) -> dict[str, Any]:
        """The answer as the open platform gives it (open.feishu.cn/document/server-docs/api-call-guide/generic-error-code)."""
        return {"code": self.code, "msg": self.msg, "error": {"log_id": "fake", **self.error}}


class BadCard(Exception):
    """A card that Feishu does not take; `code` is the one that stands inside the message of 230099."""

    def __init__(self, code: int, text: str, value: str = "") -> None:
        super().__init__(f"{code}: {text} {value}".rstrip())
        self.code, self.text, self.value = code, text, value

    def refusal(self) -> Refusal:
        about = f"ErrCode: {self.code}; ErrMsg: {self.text}; ErrorValue: {self.value}; "
        return Refusal(230099, f"Failed to create card content, ext={about}")


class Impossible(Exception):
    """A person cannot do that: Feishu's client offers no such button, field, option or chat."""


def malformed(text: str, at: str) -> BadCard:
    """A property that is unknown, missing or of the wrong kind."""
    return BadCard(200621, f"{PARSE}, {text}, path: {at}")
