"""What Slack sends, as events for the core. Pure: a payload in, an `Act` out; forged and missing parts give None.

Commands: https://docs.slack.dev/interactivity/implementing-slash-commands/. Clicks and forms:
https://docs.slack.dev/reference/interaction-payloads/. Messages: https://docs.slack.dev/reference/events/.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from adapters.slack import views
from adapters.slack.text import read
from commands.chat import SHOW_ALL, Click, Event, Say, Submit

PLATFORM = "slack"

Body = Mapping[str, Any]
"""A payload, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Who we are there, and what our slash commands are called: `/task-status` → `status`, `/liaison` → ``."""

    team: str
    bot_user: str
    commands: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Back:
    """The ways back to the person who acted. `trigger` opens a modal within 3 seconds, once; `response_url` takes 5
    answers within 30 minutes (https://docs.slack.dev/interactivity/handling-user-interaction/)."""

    user: str
    channel: str = ""
    direct: bool = False
    trigger: str = ""
    response_url: str = ""
    thread: str = ""
    view: str = ""
    external: str = ""  # of the modal that says "working on it"
    is_home: bool = False
    page: int = 0
    was_told: bool = False  # an earlier process died while it answered


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did: the event for the core, and where its answer goes. `again` repeats the act from a
    button, for an answer that needs a fresh trigger; "" where that cannot be."""

    event: Event
    back: Back
    again: str = ""


@dataclass(frozen=True, slots=True)
class HomeOpened:
    user: str
    key: str


def slim(body: Body) -> Body:
    """What is needed to handle it later: without the message and the form that Slack sends along with a click."""
    return {name: part for name, part in body.items() if name not in ("message", "state")}


def is_foreign(body: Body, workspace: Workspace) -> bool:
    """Whether it comes from a workspace that this bot was not installed in."""
    team = body.get("team_id") or _dict(body, "team").get("id")
    return bool(workspace.team and team and team != workspace.team)


def read_act(body: Body, workspace: Workspace) -> Act | HomeOpened | None:
    """None for what is nothing to us: other events, our own messages, what we cannot make sense of."""
    if isinstance(body.get("command"), str):
        return _command(body, workspace)
    match body.get("type"):
        case "block_actions":
            return _click(body)
        case "view_submission":
            return _submit(body)
        case "event_callback":
            return _event(_dict(body, "event"), _text(body, "event_id"), workspace)
        case _:
            return None


# --- commands and messages -------------------------------------------------------------------------


def _command(body: Body, workspace: Workspace) -> Act | None:
    name, user, channel = _text(body, "command"), _text(body, "user_id"), _text(body, "channel_id")
    trigger = _text(body, "trigger_id")
    if not (user and channel and trigger):
        return None
    command = workspace.commands.get(name, name.removeprefix("/"))
    text = read(_text(body, "text"), workspace.bot_user)
    back = Back(user, channel, _is_direct(channel), trigger, _text(body, "response_url"))
    event = Say(f"command:{trigger}", PLATFORM, user, channel, back.direct, text, command)
    return Act(event, back, _say_again(text, command, channel))


def _event(event: Body, id: str, workspace: Workspace) -> Act | HomeOpened | None:
    match event.get("type"):
        case "app_mention":
            return _message(event, workspace)
        case "message" if event.get("channel_type") == "im" and event.get("subtype") in (None, "file_share"):
            return _message(event, workspace)
        case "app_home_opened" if event.get("tab") == "home" and (user := _text(event, "user")):
            return HomeOpened(user, f"home:{id}")
        case _:
            return None


def _message(event: Body, workspace: Workspace) -> Act | None:
    """The key is the message, not the event: a mention in a one-to-one chat may come as two events."""
    user, channel, moment = _text(event, "user"), _text(event, "channel"), _text(event, "ts")
    if not (user and channel and moment) or event.get("bot_id") or user == workspace.bot_user:
        return None
    text = read(_text(event, "text"), workspace.bot_user)
    back = Back(user, channel, _is_direct(channel), thread=_text(event, "thread_ts"))
    said = Say(f"message:{channel}:{moment}", PLATFORM, user, channel, back.direct, text)
    return Act(said, back, _say_again(text, None, channel))


# --- clicks and forms ------------------------------------------------------------------------------


def _click(body: Body) -> Act | None:
    user, trigger = _text(_dict(body, "user"), "id"), _text(body, "trigger_id")
    action = next((a for a in body.get("actions") or () if isinstance(a, Mapping)), None)
    if not (user and trigger and action is not None):
        return None
    container, view = _dict(body, "container"), _dict(body, "view")
    channel = _text(_dict(body, "channel"), "id") or _text(container, "channel_id")
    message = f"{channel}:{_text(container, 'message_ts')}" if channel else ""
    back = Back(
        user,
        channel,
        _is_direct(channel),
        trigger,
        _text(body, "response_url"),
        _text(container, "thread_ts"),
        _text(view, "id"),
        is_home=view.get("type") == "home",
    )
    return _pressed(_text(action, "action_id"), _text(action, "value"), f"click:{trigger}", message, back, view)


def _pressed(action: str, value: str, key: str, message: str, back: Back, view: Body) -> Act | None:
    kind, _, number = action.partition(":")

    def click(message: str, button: str, back: Back) -> Act:
        event = Click(key, PLATFORM, back.user, back.channel, back.direct, message, button)
        return Act(event, back, _click_again(button, message, back.channel))

    match kind:
        case "act" if value:
            return click(message, value, back)
        case "more" if message:
            return click(message, SHOW_ALL, back)
        case "page" if (shown := _shown(view)) and number.isdecimal():
            channel = shown.partition(":")[0]
            place = Back(back.user, channel, _is_direct(channel), back.trigger, view=back.view, page=int(number))
            return click(shown, SHOW_ALL, place)
        case "again":
            return _repeated(value, key, back)
        case _:
            return None


def _submit(body: Body) -> Act | None:
    user, view, trigger = _text(_dict(body, "user"), "id"), _dict(body, "view"), _text(body, "trigger_id")
    opened = views.opened(view)
    id = _text(view, "id")
    if opened is None or not (user and id):
        return None
    back = Back(user, opened.chat, opened.direct, trigger, view=id)
    # Sent twice, a form keeps its view's id and its hash; opened anew after an error it has another hash.
    key = f"view:{id}:{_text(view, 'hash')}:{trigger}"
    return Act(Submit(key, PLATFORM, user, opened.chat, opened.direct, opened.form, views.values(view)), back)


# --- an act that is repeated from a button ----------------------------------------------------------

LONGEST_AGAIN = 2_000
"""Characters of a button's value (https://docs.slack.dev/reference/block-kit/block-elements/button-element/)."""


def _say_again(text: str, command: str | None, channel: str) -> str:
    return _short(json.dumps({"say": text, "command": command, "in": channel}, ensure_ascii=False))


def _click_again(button: str, message: str, channel: str) -> str:
    return _short(json.dumps({"click": button, "message": message, "in": channel}, ensure_ascii=False))


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_AGAIN else ""


def _repeated(value: str, key: str, back: Back) -> Act | None:
    """The act as it was, in the place where it began, though the button may stand in the one-to-one chat. Whoever
    forges the value gets what typing or pressing the same there would get: rights do not come from places."""
    with suppress(ValueError, RecursionError):
        match json.loads(value):
            case {"say": str(text), "command": str() | None as command, "in": str(channel)}:
                event = Say(key, PLATFORM, back.user, channel, _is_direct(channel), text, command)
                return Act(event, back, _say_again(text, command, channel))
            case {"click": str(button), "message": str(message), "in": str(channel)}:
                pressed = Click(key, PLATFORM, back.user, channel, _is_direct(channel), message, button)
                return Act(pressed, back, _click_again(button, message, channel))
    return None


# --- parts of payloads ------------------------------------------------------------------------------


def _shown(view: Body) -> str:
    """The message that a modal shows at length; only our own modals say so."""
    with suppress(ValueError):
        match json.loads(_text(view, "private_metadata") or "null"):
            case {"message": str(message)}:
                return message
    return ""


def _is_direct(channel: str) -> bool:
    return channel.startswith("D")


def _dict(body: Body, name: str) -> Body:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(body: Body, name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""
