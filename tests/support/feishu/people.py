"""What people do in Feishu's client, and what the client would not let them do (`Impossible`)."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from . import markup
from .cards import check_card, size_of
from .deliveries import CALLBACK, Delivery, Post
from .errors import BadCard, Impossible
from .filling import form_value
from .markup import Json
from .messages import CARD_LIFE
from .organisation import Organisation
from .records import Chat, Message, User

HEARS_ALL = {"im:message.group_msg", "im:message.group_msg:readonly"}
_TOASTS = {"info", "success", "error", "warning"}


@dataclass
class Said:
    """A message somebody wrote, and the event it made; none where the app does not hear it."""

    message: Message
    delivery: Delivery | None


class People:
    """`unfilled` is how the client reports empty fields (`filling.UNFILLED`)."""

    def __init__(self, feishu: Organisation, post: Post) -> None:
        self._feishu, self._post = feishu, post
        self.unfilled = "missing"

    # --- writing ---

    def say(self, user: str, chat: str, text: str, *, rich: bool = False, reply_to: str = "") -> Said:
        """`@bot`, `@all` and `<@open_id>` are mentions; `rich`: a post, each line a paragraph."""
        person, place = self._in(user, chat)
        words, mentions = self._mentions(text)
        content: Json = {"text": words}
        if rich:
            content = {"title": "", "content": [_paragraph(line, mentions) for line in words.split("\n")]}
        kind = "post" if rich else "text"
        message = self._feishu.post(place, kind, content, author=person.id, parent=reply_to)
        called = self._feishu.bot in [mention["id"]["open_id"] for mention in mentions]
        if not place.bot or not (place.direct or called or HEARS_ALL & self._feishu.scopes):
            return Said(message, None)
        event = {"sender": self._sender(person), "message": _as_event(message, place, markup.dumped(content), mentions)}
        return Said(message, self._post.event("im.message.receive_v1", event, message))

    def _mentions(self, text: str) -> tuple[str, list[Json]]:
        """The text with placeholders, and who they stand for. `@_all` stands for nobody."""
        found: list[Json] = []

        def placeholder(match: re.Match[str]) -> str:
            who = match[0].strip("<@>")
            if who == "all":
                return "@_all"
            bot = who == "bot"
            ids = {"open_id": self._feishu.bot, "union_id": "on_bot"} if bot else self._ids(self._feishu.person(who))
            kind, name = ("bot", self._feishu.bot_name) if bot else ("user", self._feishu.person(who).name)
            key = f"@_user_{len(found) + 1}"
            found.append(
                {"key": key, "id": ids, "name": name, "mentioned_type": kind, "tenant_key": self._feishu.tenant}
            )
            return key

        return re.sub(r"@bot\b|@all\b|<@[^>]+>", placeholder, text), found

    def _ids(self, person: User) -> Json:
        """Without the user_id unless the app may know it."""
        known = "contact:user.employee_id:readonly" in self._feishu.scopes
        return {key: id for key, id in person.ids().items() if known or key != "user_id"}

    def _sender(self, person: User) -> Json:
        return {"sender_id": self._ids(person), "sender_type": "user", "tenant_key": self._feishu.tenant}

    # --- clicking ---

    def click(
        self,
        user: str,
        message: str,
        *,
        label: str | None = None,
        name: str | None = None,
        value: Json | None = None,
        values: Json | None = None,
    ) -> Delivery:
        """Presses the one button with this label, name, or part of its callback value. Of a form's button that sends
        it, `values` are filled in before."""
        person, posted = self._sees(user, message)
        button, form = _button(posted, label, name, value)
        action: Json = {"tag": "button", "name": button.get("name"), "timezone": "Asia/Shanghai"}
        callbacks = [one["value"] for one in button.get("behaviors", []) if one["type"] == "callback"]
        if callbacks:
            action["value"] = deepcopy(callbacks[0])
        if button.get("form_action_type") == "submit":
            assert form is not None
            action["form_value"] = form_value(self._feishu, form, values or {}, unfilled=self.unfilled)
        elif values:
            raise Impossible(f"{label or name} does not send a form")
        elif not callbacks:
            raise Impossible(f"{label or name} does nothing here")
        operator = {"tenant_key": self._feishu.tenant, **self._ids(person)}
        context = {"open_message_id": posted.id, "open_chat_id": posted.chat}
        event = {"operator": operator, "token": self._feishu.id("c-"), "action": action, "host": "im_message"}
        return self._post.event(CALLBACK, {**event, "context": context}, posted)

    def submit(self, user: str, message: str, values: Json) -> Delivery:
        """Fills in the form of a card and sends it."""
        _, posted = self._sees(user, message)
        senders = [one for one in markup.buttons(posted.content) if one.get("form_action_type") == "submit"]
        if not senders:
            raise Impossible(f"there is no form in {posted.words!r}")
        return self.click(user, message, name=senders[0]["name"], values=values)

    async def deliver_callback(self, delivery: Delivery) -> None:
        """The card is locked until the app has answered; then the person sees toast and card, or an error."""
        message = delivery.message
        assert message is not None
        message.waiting += 1
        self._feishu.changed()
        try:
            await self._post.deliver(delivery)
        finally:
            message.waiting -= 1
        if delivery.status == "acked":
            self._follow(delivery, message)
        self._feishu.changed()

    def _follow(self, delivery: Delivery, message: Message) -> None:
        """open.feishu.cn/document/feishu-cards/card-callback-communication, "Response"."""
        answer = delivery.answer or {}
        toast, card = (answer.get("toast"), answer.get("card")) if isinstance(answer, dict) else (None, None)
        if not isinstance(answer, dict) or answer.keys() - {"toast", "card"} or not _is_toast(toast):
            return self._bad_answer(delivery, "200672", answer)
        if card is not None:
            try:
                if not isinstance(card, dict) or card.keys() != {"type", "data"} or card["type"] != "raw":
                    raise BadCard(200673, "card must be {type: raw, data}")
                if size_of(markup.dumped(card["data"])) > 30 * 1024:
                    raise BadCard(200673, "the card is too large")
                check_card(card["data"], person=self._feishu.known, image=self._feishu.images.__contains__)
            except BadCard as bad:
                return self._bad_answer(delivery, "200673", str(bad))
            self._feishu.rewrite(message, deepcopy(card["data"]))
            delivery.replaced = True
        delivery.toast = toast

    def _bad_answer(self, delivery: Delivery, error: str, why: object) -> None:
        delivery.error = error
        self._feishu.violate("bad_answer", f"{error}: {why}")

    # --- everything else that is heard ---

    def menu(self, user: str, key: str) -> Delivery:
        """An entry of the bot's menu."""
        person = self._feishu.person(user)
        operator = {"operator_name": person.name, "operator_id": self._ids(person)}
        event = {"operator": operator, "event_key": key, "timestamp": int(self._feishu.wall())}
        return self._post.event("application.bot.menu_v6", event)

    def enter(self, user: str) -> Delivery:
        """Opens the one-to-one chat."""
        person = self._feishu.person(user)
        event = {"chat_id": self._feishu.direct(person.id).id, "operator_id": self._ids(person)}
        return self._post.event("im.chat.access_event.bot_p2p_chat_entered_v1", event)

    def about_chat(self, kind: str, chat: str, user: str) -> Delivery:
        """Somebody adds or removes the bot, or dissolves the group."""
        place, person = self._feishu.place(chat), self._feishu.person(user)
        about = {"chat_id": place.id, "operator_id": self._ids(person), "external": False, "name": place.name}
        return self._post.event(kind, {**about, "operator_tenant_key": self._feishu.tenant})

    # --- what the client knows ---

    def _in(self, user: str, chat: str) -> tuple[User, Chat]:
        person, place = self._feishu.person(user), self._feishu.place(chat)
        if person.id not in place.members:
            raise Impossible(f"{person.name} is not in {place.name}")
        if place.dissolved:
            raise Impossible(f"{place.name} was dissolved")
        return person, place

    def _sees(self, user: str, message: str) -> tuple[User, Message]:
        posted = self._feishu.messages.get(message)
        if posted is None or posted.gone or posted.card is None:
            raise Impossible("there is no such card")
        if self._feishu.wall() - posted.at / 1000 > CARD_LIFE:
            raise Impossible("the card is older than 14 days")
        return self._in(user, posted.chat)[0], posted


def _button(posted: Message, label: str | None, name: str | None, value: Json | None) -> tuple[Json, Json | None]:
    """The first button that is meant, and the form that it stands in."""
    for one, above in markup.elements(posted.content):
        if one["tag"] != "button":
            continue
        labels = {None, *markup.labels(one)}
        callbacks = [each["value"] for each in one.get("behaviors", []) if each["type"] == "callback"]
        meant = value is None or any(value.items() <= each.items() for each in callbacks)
        if label in labels and name in {None, one.get("name")} and meant:
            if one.get("disabled"):
                raise Impossible(f"{markup.label(one)} is greyed out")
            return one, next((outer for outer in above if outer["tag"] == "form"), None)
    raise Impossible(f"no such button: {label=} {name=} {value=}; there are {posted.buttons} in {posted.words!r}")


def _paragraph(line: str, mentions: list[Json]) -> list[Json]:
    """A line of a post: text, and placeholders for those who are mentioned."""
    names = {mention["key"]: mention["name"] for mention in mentions}
    parts = [part for part in re.split(r"(@_user_\d+|@_all)", line) if part]
    return [
        {"tag": "at", "user_id": part, "user_name": names.get(part, "所有人"), "style": []}
        if part.startswith("@_")
        else {"tag": "text", "text": part, "style": []}
        for part in parts
    ]


def _as_event(message: Message, place: Chat, content: str, mentions: list[Json]) -> Json:
    about = {"message_id": message.id, "chat_id": place.id, "chat_type": "p2p" if place.direct else "group"}
    times = {"create_time": str(message.at), "update_time": str(message.at)}
    above = {"root_id": message.root, "parent_id": message.parent} if message.parent else {}
    called: Json = {"mentions": mentions} if mentions else {}
    return {**about, **times, **above, **called, "message_type": message.kind, "content": content}


def _is_toast(toast: Any) -> bool:
    if toast is None:
        return True
    known = isinstance(toast, dict) and not toast.keys() - {"type", "content", "i18n"}
    return known and toast.get("type", "info") in _TOASTS and isinstance(toast.get("content"), str)
