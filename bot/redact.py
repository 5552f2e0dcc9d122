"""Takes secrets out of whatever is about to be written: logs, tracebacks, messages to an operator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

HIDDEN = "***"
SHORTEST = 4
"""Shorter secrets are not searched for: blanking every `a` would hide the log and not the secret."""

_KEY = re.compile(r"token|secret|passw|webhook|authorization|cookie|api_?key|encrypt_?key|signature|ticket", re.I)
# Every repetition is bounded: these run over whatever anybody types, and must take a time that grows with its length.
_NAMED = r"(?:token|secret|passw(?:or)?d|authorization|encrypt_?key|api_?key|signature|ticket)[\w-]{0,40}"
_WRITTEN = (
    rf"({_NAMED}"
    r"""\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(?:bearer\s{1,3}|basic\s{1,3})?)"""
    r"""[^\s"'\\,;&}\])]+"""
)
_PATTERNS = (
    # Written as key and value: token=…, "app_secret": "…", Authorization: Bearer …
    (re.compile(_WRITTEN, re.I), r"\1" + HIDDEN),
    (re.compile(r"\b(bearer\s{1,3})[\w.~+/=-]{8,}", re.I), r"\1" + HIDDEN),
    # Slack's tokens, wherever they stand.
    (re.compile(r"\bx(?:ox[a-z]|app)-[\w-]{6,}"), HIDDEN),
    # The password of a URL.
    (re.compile(r"(\b[a-z][\w+.-]{1,20}://[^\s/:@]{0,100}):[^\s/@]{1,200}@", re.I), rf"\1:{HIDDEN}@"),
    # Whoever has a webhook's address may post with it; a socket's address carries its ticket in the query.
    (re.compile(r"(https?://hooks\.slack\.com/)[^\s\"'\\]+", re.I), r"\1" + HIDDEN),
    (re.compile(r"(/open-apis/bot/v2/hook/)[\w-]+", re.I), r"\1" + HIDDEN),
    (re.compile(r"(\bwss?://[^\s\"'?\\]{1,300}\?)[^\s\"'\\]+", re.I), r"\1" + HIDDEN),
)


class Redactor:
    """Knows the secret values of this process."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._values = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """The text without secret values, and without what looks like one."""
        if self._values is not None:
            text = self._values.sub(HIDDEN, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def mapping(self, values: Mapping[str, Any]) -> dict[str, Any]:  # Any: whatever somebody logs
        """A mapping whose secret keys, at any depth, have lost their values."""
        return {key: HIDDEN if _KEY.search(str(key)) and value else self._value(value) for key, value in values.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self.mapping(value)
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(item) for item in value]
        return value


def _forms(secret: str) -> set[str]:
    """A secret as it may be written: as it is, inside of JSON or of a repr, inside of a URL."""
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        quote(secret, safe=""),
    }
