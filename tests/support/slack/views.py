"""views.*: modals and the home tab (docs.slack.dev/reference/methods/views.open, .push, .update, .publish)."""

from __future__ import annotations

from typing import Any

from .blocks import VIEW_BYTES, problems_of_view, size_of_view
from .chat import need_files
from .errors import Refusal
from .methods import method, parsed
from .records import Json, Screen, Trigger
from .workspace import Workspace

TRIGGER_LIFE = 3.0  # seconds; docs.slack.dev/interactivity/handling-user-interaction
STACK = 3


@method("views.open", needs="trigger_id view", takes="interactivity_pointer", tier=4, writes=True)
def open_view(slack: Workspace, arguments: Json) -> Json:
    view, trigger = _view(slack, arguments), _use(slack, arguments)
    return {"view": slack.show(trigger.user, view).view}


@method("views.push", needs="trigger_id view", takes="interactivity_pointer", tier=4, writes=True)
def push(slack: Workspace, arguments: Json) -> Json:
    view, trigger = _view(slack, arguments), _use(slack, arguments)
    below = slack.screens.get(trigger.view or "")
    if below is None:
        raise Refusal("not_found")
    return {"view": pushed(slack, below, view).view}


@method("views.update", needs="view", takes="view_id external_id hash", tier=4, writes=True)
def update(slack: Workspace, arguments: Json) -> Json:
    view, screen = _view(slack, arguments), _screen(slack, arguments)
    if arguments.get("hash", screen.view["hash"]) != screen.view["hash"]:
        raise Refusal("hash_conflict")
    slack.replace(screen, view)
    return {"view": screen.view}


@method("views.publish", needs="user_id view", takes="hash", tier=4, writes=True)
def publish(slack: Workspace, arguments: Json) -> Json:
    view, user = _view(slack, arguments, "home"), arguments["user_id"]
    if user not in slack.users:
        raise Refusal("user_not_found")
    if arguments.get("hash") and arguments["hash"] != slack.homes.get(user, {}).get("hash"):
        raise Refusal("hash_conflict")
    slack.homes[user] = slack.made(view)
    slack.changed()
    return {"view": slack.homes[user]}


def checked(slack: Workspace, view: Any, kind: str = "modal") -> Json:
    """A view that Slack would show. Raises `Refusal`."""
    if found := problems_of_view(view, kind):
        raise Refusal("invalid_arguments", *found)
    if size_of_view(view) > VIEW_BYTES:
        raise Refusal("view_too_large")
    need_files(slack, view["blocks"])
    return dict(view)


def pushed(slack: Workspace, below: Screen, view: Json) -> Screen:
    """Lays a modal upon another one, at most three high. Raises `Refusal`."""
    root = below.view["root_view_id"]
    if sum(screen.view["root_view_id"] == root for screen in slack.screens.values()) >= STACK:
        raise Refusal("push_limit_reached")
    return slack.show(below.user, view, root=root, previous=below.view["id"])


def _view(slack: Workspace, arguments: Json, kind: str = "modal") -> Json:
    return checked(slack, parsed(arguments, "view", "invalid_arguments"), kind)


def _use(slack: Workspace, arguments: Json) -> Trigger:
    trigger = slack.triggers.get(str(arguments["trigger_id"]))
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if slack.now() - trigger.began > TRIGGER_LIFE:
        raise Refusal("expired_trigger_id")
    trigger.used = True
    return trigger


def _screen(slack: Workspace, arguments: Json) -> Screen:
    if "view_id" not in arguments and "external_id" not in arguments:
        raise Refusal("invalid_arguments", "missing required field: view_id")
    for id, screen in slack.screens.items():
        if arguments.get("view_id") == id or arguments.get("external_id", 0) == screen.view["external_id"]:
            return screen
    raise Refusal("not_found")
