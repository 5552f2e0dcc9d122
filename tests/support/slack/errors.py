"""The two ways in which something does not work at Slack."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Slack refuses a call of the bot: `{"ok": false, "error": code}`, with details for a developer."""

    def __init__(self, code: str, *messages: str, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.retry_after = retry_after
        self.more = more

    def body(self) -> dict[str, Any]:
        """The answer as the Web API gives it."""
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            answer["errors"] = self.messages
            answer["response_metadata"] = {"messages": [f"[ERROR] {text}" for text in self.messages]}
        return answer


class Impossible(Exception):
    """A person cannot do that: Slack's client offers no such button, field, option, command or channel."""
