"""What a card remembers for its callbacks: built and read here alone, opaque to Feishu.

Whoever forges one gets what typing the same would get: the core checks the rights of the one who acted.
https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-callback-communication: `action.value`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Value = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Act:
    """A button of the core's was pressed. `question`: the title of a card that asks one, "" of any other."""

    button: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class All:
    """The whole of a card that was cut is wanted."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form's card: the core's id of the form, the chat that it was asked for in, and whose it is."""

    form: str
    chat: str
    direct: bool
    owner: str
    title: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The form is not wanted any more."""

    form: Form


Pressed = Act | All | Form | Closing


def act(button: str, *, question: str = "") -> Value:
    return {"do": "act", "button": button} | ({"question": question} if question else {})


def whole() -> Value:
    return {"do": "all"}


def form(form: Form) -> Value:
    return {"do": "form", **_form(form)}


def closing(form: Form) -> Value:
    return {"do": "close", **_form(form)}


def read(value: object) -> Pressed | None:
    """What was pressed; None when it is nothing of ours."""
    match value:
        case {"do": "act", "button": str(button), "question": str(question)}:
            return Act(button, question)
        case {"do": "act", "button": str(button)}:
            return Act(button)
        case {"do": "all"}:
            return All()
        case {"do": "form" | "close" as do}:
            found = _read_form(value)
            return found and (found if do == "form" else Closing(found))
    return None


def _form(form: Form) -> Value:
    return {
        "form": form.form,
        "chat": form.chat,
        "direct": form.direct,
        "owner": form.owner,
        "title": form.title,
    }


def _read_form(value: object) -> Form | None:
    match value:
        case {
            "form": str(form),
            "chat": str(chat),
            "direct": bool(direct),
            "owner": str(owner),
            "title": str(title),
        }:
            return Form(form, chat, direct, owner, title)
    return None
