"""What people do in Slack's client, and what the client would not let them do (`Impossible`)."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

from . import markup
from .deliveries import COMMANDS, EVENTS, INTERACTIVE, Delivery, Post
from .errors import Impossible, Refusal
from .filling import action_of, state_of
from .hooks import respond
from .records import Channel, Json, Posted, Row, Screen, User
from .views import checked, pushed
from .workspace import Workspace

# Slack's own commands: an app that names one of them cannot be installed, or never hears of it.
# slack.com/help/articles/201259356; /status is proven to be refused (NousResearch/hermes-agent #17054).
_RESERVED = """me status away active dnd shrug remind msg dm feed who collapse expand leave close part join open search s
topic mute pro shortcuts invite kick remove archive unarchive rename apps prefs keys star call"""
RESERVED = frozenset(_RESERVED.split())

_KEPT: Json = {"result": "kept"}


@dataclass
class Said(Row):
    """A message somebody wrote, and the envelopes it made."""

    ts: str
    deliveries: list[Delivery]


class People:
    """`commands` are those the app has registered; `None`: all but Slack's own."""

    def __init__(self, slack: Workspace, post: Post, commands: set[str] | None) -> None:
        self._slack, self._post, self.commands = slack, post, commands

    def slash(self, user: str, channel: str, command: str, text: str) -> Delivery:
        """A command works in every conversation the person is in, also where the bot is not."""
        person, place = self._in(user, channel)
        name = command.removeprefix("/")
        if name in RESERVED or (self.commands is not None and command not in self.commands):
            raise Impossible(f"/{name} is not a command of the app")
        hook = self._hook_url("commands", person.id, place.id)
        payload = {
            "token": "verification",
            "team_id": person.team_id,
            "team_domain": self._slack.team_domain,
            "channel_id": place.id,
            "channel_name": _name(place),
            "user_id": person.id,
            "user_name": person.name,
            "command": command,
            "text": text,
            "api_app_id": self._slack.app_id,
            "is_enterprise_install": "false",
            "response_url": hook,
        }
        return self._post.envelope(COMMANDS, payload, user=person.id)

    async def deliver_command(self, delivery: Delivery) -> None:
        """An ack with a payload is an answer to the person."""
        await self._post.deliver(delivery)
        if delivery.ack_payload:
            hook = self._slack.hooks[delivery.payload["response_url"].rpartition("/")[2]]
            try:
                respond(self._slack, hook, dict(delivery.ack_payload))
            except Refusal as refusal:
                delivery.error = refusal.code
                self._slack.violate("bad_ack_payload", refusal.body())

    def click(self, user: str, channel: str, ts: str, **which: Any) -> Delivery:
        """Presses a button of a message that this person sees."""
        person, place = self._in(user, channel)
        posted = self._slack.find(place.id, ts)
        if posted is None:
            raise Impossible("there is no such message")
        if posted.user not in {None, person.id}:
            raise Impossible("only somebody else sees that message")
        payload = self._press(person, posted.message.get("blocks", []), **which)
        return self._post.envelope(INTERACTIVE, payload | self._about_message(person, place, posted), user=person.id)

    def click_in(self, user: str, view_id: str, **which: Any) -> Delivery:
        """Presses a button of an open modal, or of one's home tab."""
        person = self._slack.person(user)
        view = copy.deepcopy(self._view(person, view_id))
        view["state"] = {"values": state_of(view["blocks"], {}, complete=False)}
        container = {"container": {"type": "view", "view_id": view_id}, "view": view}
        payload = self._press(person, view["blocks"], **which) | container
        return self._post.envelope(INTERACTIVE, payload, user=person.id, view=view_id)

    def submit(self, user: str, values: Json, view_id: str | None) -> tuple[Delivery, Screen]:
        """Fills in the newest modal, or the named one, and sends it."""
        person = self._slack.person(user)
        screen = self._screen(person, view_id)
        view = copy.deepcopy(screen.view)
        if not view.get("submit"):
            raise Impossible("the modal has no button to send it")
        view["state"] = {"values": state_of(view["blocks"], values, complete=True)}
        payload = {"type": "view_submission", **self._common(person), "view": view, "response_urls": []}
        return self._post.envelope(INTERACTIVE, payload, user=person.id, view=view["id"]), screen

    async def deliver_submission(self, delivery: Delivery, screen: Screen) -> None:
        """The ack says what becomes of the modal; without one it stays, with Slack's own error on it."""
        await self._post.deliver(delivery)
        try:
            delivery.outcome = self._follow(screen, delivery.ack_payload) if delivery.status == "acked" else _KEPT
        except Refusal as refusal:
            delivery.error, delivery.outcome = refusal.code, _KEPT
            self._slack.violate("bad_ack_payload", refusal.body())
        self._slack.changed()

    def _follow(self, screen: Screen, said: Any) -> Json:
        """docs.slack.dev/surfaces/modals, "Updating modals"."""
        slack, action = self._slack, (said or {}).get("response_action")
        if not said:
            slack.screens.pop(screen.view["id"], None)
            return {"result": "closed"}
        if action == "clear":
            for id in [i for i, o in slack.screens.items() if o.view["root_view_id"] == screen.view["root_view_id"]]:
                del slack.screens[id]
            return {"result": "cleared"}
        if action == "errors":
            errors = said.get("errors") or {}
            if not errors or errors.keys() - markup.inputs(screen.view["blocks"]):
                raise Refusal("invalid_arguments", f"errors must name input blocks: {sorted(errors)}")
            return {"result": "errors", "errors": errors}
        if action == "update":
            slack.replace(screen, checked(slack, said.get("view")))
            return {"result": "updated", "view_id": screen.view["id"]}
        if action == "push":
            return {"result": "pushed", "view_id": pushed(slack, screen, checked(slack, said.get("view"))).view["id"]}
        raise Refusal("invalid_arguments", f"no answer to a modal: {str(said)[:200]}")

    def close_view(self, user: str, view_id: str | None) -> Delivery | None:
        """The cross in the corner. The app hears of it only where the view asked for that."""
        person = self._slack.person(user)
        view = self._screen(person, view_id).view
        del self._slack.screens[view["id"]]
        if not view.get("notify_on_close"):
            return None
        payload = {"type": "view_closed", **self._common(person), "view": copy.deepcopy(view), "is_cleared": False}
        return self._post.envelope(INTERACTIVE, payload)

    def say(self, user: str, channel: str, text: str, thread_ts: str | None) -> Said:
        """Writes a message, as Slack stores it: `@bot` becomes a mention, `&` must come as `&amp;`."""
        person, place = self._in(user, channel)
        if place.archived:
            raise Impossible("the channel is archived")
        text = re.sub(r"@bot\b", f"<@{self._slack.bot_user}>", text)
        first = len(self._post.deliveries)
        content = {"text": text, "client_msg_id": self._slack.id("m")} | ({"thread_ts": thread_ts} if thread_ts else {})
        posted = self._slack.post(place, content, author=person.id)
        mentioned = f"<@{self._slack.bot_user}>" in text and not place.direct
        if mentioned and "app_mention" in self._slack.events and self._slack.bot_user in place.members:
            event = posted.message | {"type": "app_mention", "channel": place.id, "event_ts": posted.ts}
            self._slack.send_event(event)
        return Said(posted.ts, self._post.deliveries[first:])

    def open_home(self, user: str) -> Json:
        """Looks at the app's home tab."""
        person = self._slack.person(user)
        event = {"type": "app_home_opened", "user": person.id, "tab": "home", "event_ts": self._slack.ts()}
        view = self._slack.homes.get(person.id)
        return event | {"channel": self._slack.direct(person.id).id} | ({"view": view} if view else {})

    def event_payload(self, event: Json) -> Json:
        """docs.slack.dev/apis/events-api, "Callback field overview"."""
        slack = self._slack
        bot: Json = {
            "team_id": slack.team_id,
            "user_id": slack.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        outer: Json = {"token": "verification", "team_id": slack.team_id, "api_app_id": slack.app_id, "event": event}
        outer |= {"type": "event_callback", "event_id": slack.id("Ev"), "event_time": int(slack.wall())}
        return outer | {"authorizations": [bot | {"enterprise_id": None}], "is_ext_shared_channel": False}

    def event(self, event: Json) -> Delivery:
        return self._post.envelope(EVENTS, self.event_payload(event))

    # --- what the client knows ---

    def _in(self, user: str, channel: str) -> tuple[User, Channel]:
        person, place = self._slack.person(user), self._slack.place(channel)
        if person.id not in place.members:
            raise Impossible(f"{person.name} is not in {place.name}")
        return person, place

    def _screen(self, person: User, view_id: str | None) -> Screen:
        theirs = [o for id, o in self._slack.screens.items() if o.user == person.id and view_id in {None, id}]
        if not theirs:
            raise Impossible(f"{person.name} has no such modal open")
        return theirs[-1]

    def _view(self, person: User, view_id: str) -> Json:
        home = self._slack.homes.get(person.id)
        return home if home and home["id"] == view_id else self._screen(person, view_id).view

    def _press(self, person: User, blocks: list[Json], **which: Any) -> Json:
        return {
            "type": "block_actions",
            **self._common(person),
            "actions": [action_of(blocks, self._slack.ts(), **which)],
        }

    def _about_message(self, person: User, place: Channel, posted: Posted) -> Json:
        """For an ephemeral message Slack does not send the message itself."""
        private = posted.user is not None
        container = {"type": "message", "message_ts": posted.ts, "channel_id": place.id, "is_ephemeral": private}
        if "thread_ts" in posted.message:
            container["thread_ts"] = posted.message["thread_ts"]
        about: Json = {
            "container": container,
            "channel": {"id": place.id, "name": _name(place)},
            "state": {"values": {}},
        }
        about["response_url"] = self._hook_url("actions", person.id, place.id, posted.ts)
        return about | ({} if private else {"message": copy.deepcopy(posted.message)})

    def _common(self, person: User) -> Json:
        who = {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id}
        team = {"id": person.team_id, "domain": self._slack.team_domain}
        app = {"api_app_id": self._slack.app_id, "token": "verification"}
        return {"user": who, "team": team, "enterprise": None, "is_enterprise_install": False, **app}

    def _hook_url(self, kind: str, user: str, channel: str, ts: str | None = None) -> str:
        return f"{self._slack.base}/hooks/{kind}/{self._slack.hook(user, channel, ts)}"


def _name(place: Channel) -> str:
    """How Slack names a channel to the app; the name of a private one stays private."""
    return "directmessage" if place.direct else "privategroup" if place.private else place.name
