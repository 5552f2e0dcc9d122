"""What buttons and forms carry: readable, short, and refused unless it is exactly what we wrote.

A code is not a permission. Whoever forges a well-formed one gets what typing the same would get: the rules decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from commands.errors import Refused
from commands.lexicon import Lexicon
from commands.registry import Action

LONGEST = 1_000
"""Bytes. Slack allows a button's value 2,000 characters, DingTalk less: this fits everywhere."""

_VERB = re.compile(r"[a-z]{1,40}\.[a-z_]{1,40}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_RESERVED = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029%&=?#\"'<>\\]")
_REFERENCE = re.compile(r"[A-Z]-[0-9]+")
_NEEDS_QUOTES = re.compile(r"[\s:：=,，、;；\"“”「」『』'‘’«»<>@＠—–]|^-|^#")


@dataclass(frozen=True, slots=True)
class FormCode:
    """Which verb a form is for, what it knows already, the chat it came from, and what makes it one of a kind."""

    verb: str
    values: Mapping[str, str]
    chat: str
    nonce: str


def encode_action(verb: str, args: Mapping[str, str]) -> str:
    """A `Button.id`: `request.accept?id=R-1`. ValueError if it would be too long or cannot be read back."""
    if not _is_verb(verb) or not all(map(_NAME.fullmatch, args)):
        raise ValueError(f"'{verb}' with {sorted(args)} is no action.")
    query = "&".join(f"{name}={_escape(value)}" for name, value in args.items())
    return _short_enough(f"{verb}?{query}" if query else verb)


@lru_cache(maxsize=1024)
def _is_verb(text: str) -> bool:
    return _VERB.fullmatch(text) is not None


def decode_action(code: str) -> tuple[str, dict[str, str]]:
    """The verb's id and its arguments. Refuses everything that `encode_action` would not write."""
    verb, mark, query = code.partition("?")
    args = dict(_pair(part) for part in query.split("&")) if mark else {}
    if not _VERB.fullmatch(verb) or _written(lambda: encode_action(verb, args)) != code:
        raise Refused("stale_button")
    return verb, args


def encode_form(verb: str, values: Mapping[str, str], chat: str, nonce: str) -> str:
    """A `Form.id`: an action, then the chat's address and the nonce."""
    return _short_enough(f"{encode_action(verb, values)}#{_escape(chat)}#{_escape(nonce)}")


def decode_form(code: str) -> FormCode:
    """What the form carries. Refuses everything that `encode_form` would not write."""
    action, _, rest = code.partition("#")
    chat, mark, nonce = rest.partition("#")
    if not mark:
        raise Refused("stale_button")
    verb, values = decode_action(action)
    form = FormCode(verb, values, _unescape(chat), _unescape(nonce))
    if _written(lambda: encode_form(verb, values, form.chat, form.nonce)) != code:
        raise Refused("stale_button")
    return form


def typed_twin(action: Action, lexicon: Lexicon, language: str) -> str:
    """What to type instead of pressing the button: `/request 受理 R-1`, `/request accept R-1`."""
    command, _, name = action.verb.partition(".")
    word = lexicon.first(language, f"verb.{action.verb}.words") or name
    given = [_typed(action.verb, field, value, lexicon, language) for field, value in action.args.items() if value]
    return " ".join((f"/{command}", word, *given))


def _typed(verb: str, field: str, value: str, lexicon: Lexicon, language: str) -> str:
    if _REFERENCE.fullmatch(value):
        return value
    chosen = f"choice.{field}.{value}.words"
    value = lexicon.first(language, f"choice.{verb}.{field}.{value}.words", chosen) or value
    if _NEEDS_QUOTES.search(value):
        value = f'"{value}"' if '"' not in value else f"「{value}」"
    key = lexicon.first(language, f"field.{verb}.{field}.words", f"field.{field}.words")
    if not key:
        return f"--{field} {value}"
    return f"{key}: {value}" if key.isascii() else f"{key}：{value}"


# --- signs ---------------------------------------------------------------------------------------


def _escape(text: str) -> str:
    if _RESERVED.search(text) is None:
        return text
    return _RESERVED.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), text)


def _unescape(text: str) -> str:
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeError:
        raise Refused("stale_button") from None


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, _unescape(value)


def _short_enough(code: str) -> str:
    if code.isascii() and len(code) <= LONGEST:
        return code
    try:
        size = len(code.encode())
    except UnicodeEncodeError:
        raise ValueError("Half a character cannot be sent.") from None
    if size > LONGEST:
        raise ValueError(f"A code of {size} bytes is too long: {code[:60]}…")
    return code


def _written(write: Callable[[], str]) -> str | None:
    """What would have been written; None if nothing could."""
    try:
        return write()
    except ValueError:
        return None
