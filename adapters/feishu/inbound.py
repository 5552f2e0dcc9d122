"""What Feishu sends, as events for the core. Pure: a body in, an act out; forged and missing parts give None.

Messages: https://open.feishu.cn/document/server-docs/im-v1/message/events/receive. Clicks and forms:
https://open.feishu.cn/document/feishu-cards/card-callback-communication. The menu:
https://open.feishu.cn/document/client-docs/bot-v3/events/menu. Groups:
https://open.feishu.cn/document/server-docs/group/chat-member/event/added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from adapters.feishu import values
from adapters.feishu.config import PLATFORM
from adapters.feishu.forms import filled
from adapters.feishu.typed import is_mentioned, typed
from commands.chat import SHOW_ALL, Click, Event, Say, Submit

Body = Mapping[str, Any]
"""An event or callback, or its answer, as JSON has it."""
Take = Callable[[Body], AbstractAsyncContextManager[Body]]
"""Gives an event to the bot. The acknowledgement, with the answer, is sent within."""

CALLBACK = "card.action.trigger"


@dataclass(frozen=True, slots=True)
class Me:
    """Who we are: the app, its bot's open_id, and the bot's name."""

    app: str
    bot: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    """The way back to the person who acted, and `message`, what they wrote or pressed. `form`: the form they sent;
    `question`: the title of the card, if it asks one. `is_stranger`: they belong to another organisation, and share a
    group with ours."""

    user: str
    chat: str = ""
    direct: bool = False
    message: str = ""
    form: values.Form | None = None
    question: str = ""
    is_stranger: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did: the event for the core, and where its answer goes."""

    event: Event
    back: Back


@dataclass(frozen=True, slots=True)
class Dismissed:
    """Somebody does not want a form any more."""

    user: str
    form: values.Form


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A click that cannot be understood: forged, or on a card of another version."""

    user: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """The bot was added to a group, or somebody opened the one-to-one chat for the first time."""

    key: str
    chat: str
    direct: bool = False
    user: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """The bot was removed from a group, or the group was dissolved."""

    key: str
    chat: str
    is_dissolved: bool


Read = Act | Dismissed | Puzzle | Arrived | Left | None


def is_callback(body: Body) -> bool:
    """Whether somebody looks at a card and waits."""
    return _dict(body, "header").get("event_type") == CALLBACK


def message_of(body: Body) -> str:
    """The card that a callback is about."""
    return _text(_dict(_dict(body, "event"), "context"), "open_message_id")


def slim(body: Body) -> Body:
    """What is needed to handle it, now or later: without the tokens that came with it."""
    return {name: _without_token(part) if name in ("header", "event") else part for name, part in body.items()}


def is_foreign(body: Body, me: Me) -> bool:
    """Whether it is for another app."""
    app = app_of(body)
    return bool(app) and app != me.app


def app_of(body: Body) -> str:
    """The app that it is for, "" where it does not say."""
    return _text(_dict(body, "header"), "app_id")


def read(body: Body, me: Me) -> Read:
    """None for what is nothing to us: other events, other bots, what we cannot make sense of."""
    header, event = _dict(body, "header"), _dict(body, "event")
    id, tenant = _text(header, "event_id"), _text(header, "tenant_key")
    if not id:
        return None
    moment = _text(header, "create_time") or id  # an event that is sent again may have another id
    match header.get("event_type"):
        case "im.message.receive_v1":
            return _message(event, tenant, me)
        case "card.action.trigger":
            return _pressed(event, id, tenant)
        case "application.bot.menu_v6":
            return _menu(event, moment)
        case "im.chat.member.bot.added_v1" if chat := _text(event, "chat_id"):
            return Arrived(f"arrived:{_digest(chat, moment)}", chat)
        case "im.chat.access_event.bot_p2p_chat_entered_v1" if not event.get("last_message_id"):
            return _entered(event, moment)
        case "im.chat.member.bot.deleted_v1" | "im.chat.disbanded_v1" as kind if chat := _text(event, "chat_id"):
            return Left(f"left:{_digest(chat, moment)}", chat, is_dissolved="disbanded" in kind)
        case _:
            return None


# --- words ------------------------------------------------------------------------------------------


def _message(event: Body, tenant: str, me: Me) -> Act | None:
    """The key is what was said, not the event and not the message: both ids may be fresh when Feishu sends it again."""
    sender, message = _dict(event, "sender"), _dict(event, "message")
    user, chat = _text(_dict(sender, "sender_id"), "open_id"), _text(message, "chat_id")
    if not (user and chat) or sender.get("sender_type") != "user" or user == me.bot:
        return None
    direct, content = message.get("chat_type") == "p2p", _text(message, "content")
    mentions = message.get("mentions")
    mentions = mentions if isinstance(mentions, list) else []
    if not (direct or is_mentioned(me.bot, mentions)):
        return None
    text = typed(_text(message, "message_type"), content, mentions, bot=me.bot, bot_name=me.name)
    key = _digest(chat, user, str(message.get("create_time")), content)
    back = Back(user, chat, direct, _text(message, "message_id"), is_stranger=_is_stranger(sender, tenant))
    return Act(Say(f"say:{key}", PLATFORM, user, chat, direct, text), back)


def _menu(event: Body, moment: str) -> Act | None:
    """An entry of the bot's menu does what its key says when it is typed: `status`, `request_new`. Feishu does not
    say which chat it is, and it is always the one-to-one chat."""
    user, key = _text(_dict(_dict(event, "operator"), "operator_id"), "open_id"), _text(event, "event_key")
    if not (user and key):
        return None
    text = "/" + " ".join(key.replace("_", " ").replace(".", " ").split()).removeprefix("/")
    return Act(Say(f"menu:{_digest(user, key, moment)}", PLATFORM, user, "", True, text), Back(user, direct=True))


def _entered(event: Body, moment: str) -> Arrived | None:
    user, chat = _text(_dict(event, "operator_id"), "open_id"), _text(event, "chat_id")
    return Arrived(f"arrived:{_digest(chat, moment)}", chat, True, user) if user and chat else None


# --- clicks and forms --------------------------------------------------------------------------------


def _pressed(event: Body, id: str, tenant: str) -> Act | Dismissed | Puzzle:
    """Rights never come from what a card carries, only what was meant."""
    operator, action, context = _dict(event, "operator"), _dict(event, "action"), _dict(event, "context")
    user, chat, message = _text(operator, "open_id"), _text(context, "open_chat_id"), _text(context, "open_message_id")
    if not (user and chat and message):
        return Puzzle(user)
    back = Back(user, chat, message=message, is_stranger=_is_stranger(operator, tenant))
    match values.read(action.get("value")):
        case values.Act(button, question) if button:
            pressed = Click(f"click:{id}", PLATFORM, user, chat, False, message, button)
            return Act(pressed, replace(back, question=question))
        case values.All():
            return Act(Click(f"click:{id}", PLATFORM, user, chat, False, message, SHOW_ALL), back)
        case values.Form() as form:
            given = filled(action.get("form_value"))
            sent = Submit(f"form:{id}", PLATFORM, user, form.chat, form.direct, form.form, given)
            return Act(sent, replace(back, direct=True, form=form))
        case values.Closing(form):
            return Dismissed(user, form)
        case _:
            return Puzzle(user)


# --- parts ------------------------------------------------------------------------------------------


def _is_stranger(person: Body, tenant: str) -> bool:
    theirs = person.get("tenant_key")
    return bool(tenant and theirs) and theirs != tenant


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _dict(body: Body, name: str) -> Body:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _without_token(part: Any) -> Any:
    return {name: each for name, each in part.items() if name != "token"} if isinstance(part, Mapping) else part


def _text(body: Body, name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""
