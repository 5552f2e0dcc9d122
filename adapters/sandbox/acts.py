"""What people do in the sandbox, as events for the core, and what the core answers, shown to them alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from adapters.base import Forbidden
from adapters.plain import clean
from adapters.sandbox.desk import Desk
from adapters.sandbox.guard import Refusal
from adapters.sandbox.roster import Chat
from adapters.sandbox.wire import form_json, message_json
from adapters.sandbox.world import Json, Message, OpenForm, is_direct
from commands.chat import Answer, Card, Click, Event, Form, Say, Submit

PLATFORM = "sandbox"

_MENTION = re.compile(
    r"(?<![0-9A-Za-z._%+-])[@＠](?:接口人|(?:liaison|bot)(?![0-9A-Za-z_-]))[ \t\u3000]*", re.IGNORECASE
)


async def say(desk: Desk, *, chat: str, person: str, text: str, key: str | None) -> Json:
    """Stores what a person says and, when it is meant for the bot, gives it to the core."""
    place = open_chat(desk, chat, person)
    words = clean(text).strip()
    if not words:
        raise Refusal(400, "empty_text", "there is nothing to say")
    said = Message(0, place.id, person, words, desk.now())
    message = desk.world.post(said, key=f"say:{person}:{key}" if key else None)
    if (message.chat, message.text) != (place.id, words):
        raise Refusal(409, "key_reused", "this key was used for another message")
    answer = await _answer_to(desk, message, key)
    return {"message": message_json(message, desk.zone), "form": _form(answer.form), "toast": answer.toast}


async def click(desk: Desk, *, message: str, person: str, button: str, key: str | None) -> Json:
    """Presses a button that stands on a message this person can see."""
    shown = _visible(desk, message, person)
    _require_card(shown, button)
    direct = is_direct(shown.chat)
    event_key = _event_key(desk, "click", person, key)
    event = Click(event_key, PLATFORM, person, shown.chat, direct, shown.id, button)
    answer = await _give(desk, event, answer_text=None)
    return {"ok": _is_ok(answer), "toast": _toast(answer), "form": _form(answer.form)}


async def submit(desk: Desk, *, form: str, person: str, values: Mapping[str, object], key: str | None) -> Json:
    """Sends a form that this person was shown."""
    known_person(desk, person)
    opened = desk.world.open_form(form, person)
    if opened is None:
        raise Refusal(404, "unknown_form", f"{person} was shown no form {form!r}")
    given = {name: _field_value(name, value, opened) for name, value in values.items()}
    filled = {**opened.values, **given}  # what nobody touched is sent as it was shown, as platforms' forms do
    event_key = _event_key(desk, "submit", person, key)
    event = Submit(event_key, PLATFORM, person, opened.chat, is_direct(opened.chat), form, filled)
    answer = await _give(desk, event, answer_text=None)
    return {
        "ok": _is_ok(answer),
        "errors": dict(answer.errors),
        "toast": answer.toast,
        "form": _form(answer.form),
    }


def known_person(desk: Desk, person: str) -> str:
    if desk.roster().person(person) is None:
        raise Refusal(404, "unknown_person", f"there is no person {person!r}")
    return person


def known_chat(desk: Desk, chat: str) -> Chat:
    found = desk.roster().chat(chat)
    if found is None:
        raise Refusal(404, "unknown_chat", f"there is no chat {chat!r}")
    return found


def open_chat(desk: Desk, chat: str, person: str) -> Chat:
    """The chat, once it is sure that this person may be there: groups are open to everybody, as in a company where
    one joins by looking in; a one-to-one chat is its person's alone. What somebody may do is the core's business."""
    found = known_chat(desk, chat)
    known_person(desk, person)
    if found.kind == "direct" and person not in found.members:
        raise Refusal(403, "not_in_chat", f"{person} is not in {chat}")
    return found


async def _answer_to(desk: Desk, message: Message, key: str | None) -> Answer:
    direct = is_direct(message.chat)
    text = for_the_bot(message.text, direct=direct)
    if text is None:
        return Answer()
    event_key = _event_key(desk, "say", message.author, key) if key else f"say:{desk.world.id}:{message.id}"
    event = Say(event_key, PLATFORM, message.author, message.chat, direct, text)
    return await _give(desk, event, answer_text="toast")


def for_the_bot(text: str, *, direct: bool) -> str | None:
    """What the core gets to read, without the mention of the bot; None for chatter between people."""
    without = _MENTION.sub("", text).strip()
    mentioned = _MENTION.search(text) is not None
    return without if direct or mentioned or without.startswith(("/", "／")) else None


async def _give(desk: Desk, event: Event, *, answer_text: str | None) -> Answer:
    """Through the core, then everything owed delivered, then the private answer shown."""
    if desk.receive is None:
        raise Refusal(503, "not_running", "the bot is not taking events yet")
    desk.last_event = desk.now()
    answer = await desk.receive(event)
    _show(desk, event, answer.card or (_words(answer) if answer_text else None))
    if answer.form:
        fields = {field.name: str(field.kind) for field in answer.form.fields}
        shown = {field.name: field.value for field in answer.form.fields if field.value}
        desk.world.remember_form(answer.form.id, event.user, OpenForm(event.chat, fields, shown))
    await desk.settle()
    return answer


def _show(desk: Desk, event: Event, said: Card | str | None) -> None:
    if not said:
        return
    with suppress(Forbidden):  # who has blocked the bot does not hear it, not even an answer
        desk.post(event.chat, said, key=f"answer:{event.key}", only=event.user)


def _words(answer: Answer) -> str | None:
    return answer.toast or "\n".join(answer.errors.values()) or None


def _toast(answer: Answer) -> str | None:
    """A click has no field to show an error beside, so the toast tells it; also why a form opens."""
    wrong = [field.error for field in answer.form.fields if field.error] if answer.form else []
    return answer.toast or " ".join([*answer.errors.values(), *wrong]) or None


def _is_ok(answer: Answer) -> bool:
    return answer.ok and not answer.errors


def _form(form: Form | None) -> Json | None:
    return form_json(form) if form else None


def _event_key(desk: Desk, act: str, person: str, key: str | None) -> str:
    """Unique per act; a key given by the caller makes the act one that can be delivered again."""
    return f"{act}:{desk.world.id}:{person}:{key}" if key else f"{act}:{desk.world.id}:{desk.world.next_act()}"


def _visible(desk: Desk, id: str, person: str) -> Message:
    known_person(desk, person)
    message = desk.world.find(id)
    if message is None:
        raise Refusal(404, "unknown_message", f"there is no message {id!r}")
    open_chat(desk, message.chat, person)
    if not message.is_visible_to(person):
        raise Refusal(403, "not_visible", f"{person} cannot see {id}")
    return message


def _require_card(message: Message, button: str) -> None:
    """A message of the bot's with a card. Whether the button is still there is not asked: a screen may be old, and
    the core tells whoever presses a stale or a made-up button what is the matter."""
    if not message.card:
        raise Refusal(404, "unknown_button", f"{message.id} has no button {button!r}")


def _field_value(name: str, value: object, form: OpenForm) -> str | list[str]:
    kind = form.fields.get(name)
    if kind is None:
        raise Refusal(400, "unknown_field", f"the form has no field {name!r}")
    if value is None:
        return [] if kind == "multiselect" else ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return [clean(value)] if kind == "multiselect" and value else clean(value)
    if kind == "multiselect" and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [clean(one) for one in value]
    raise Refusal(400, "wrong_type", f"{name!r} must be {'a list of texts' if kind == 'multiselect' else 'a text'}")
