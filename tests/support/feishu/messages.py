"""im/v1/messages: creating, replying, replacing, urging (open.feishu.cn/document/server-docs/im-v1/message/create)."""

from __future__ import annotations

import json
from typing import Any

from . import markup
from .errors import Refusal
from .markup import Json
from .methods import Asked, method, page
from .organisation import Organisation
from .records import Chat, Message, User

SEND = "im:message im:message:send_as_bot"
UUID_LIFE, CARD_LIFE, MOST_UUID, MOST_TEXT = 3600.0, 14 * 86400.0, 50, 150 * 1024


@method("POST im/v1/messages", scopes=SEND, takes="receive_id_type receive_id msg_type content uuid")
def create(feishu: Organisation, asked: Asked) -> Json:
    asked.needs("receive_id", "msg_type", "content")
    kind = asked.one_of("receive_id_type", "open_id", "union_id", "user_id", "email", "chat_id")
    to = str(asked.body["receive_id"])
    chat = _chat(feishu, to) if kind == "chat_id" else _direct(feishu, kind, to)
    return _sent(feishu, chat, asked)


@method("POST im/v1/messages/:id/reply", scopes=SEND, takes="msg_type content uuid reply_in_thread")
def reply(feishu: Organisation, asked: Asked) -> Json:
    asked.needs("msg_type", "content")
    message = there(feishu, asked.ids[0])
    return _sent(feishu, _chat(feishu, message.chat), asked, parent=message.id)


@method("PATCH im/v1/messages/:id", scopes=SEND, takes="content")
def patch(feishu: Organisation, asked: Asked) -> Json:
    """Replaces a card: one's own, within 14 days, and not while a click on it waits for its answer."""
    asked.needs("content")
    message = _own(feishu, asked.ids[0])
    if message.kind != "interactive":
        raise Refusal(230054, "This operation is not supported for this message type.")
    if feishu.wall() - message.at / 1000 > CARD_LIFE:
        raise Refusal(230031, "Message can only be modified within 14 days after sending.")
    if feishu.chats[message.chat].dissolved:
        raise Refusal(232009, "Your request specifies a chat which has already been dissolved.")
    card = feishu.card(asked.body["content"])
    if message.waiting:
        about = "ErrCode: 11310; ErrMsg: card action is lock; ErrorValue: ; "
        raise Refusal(230099, f"Failed to create card content, ext={about}")
    feishu.rewrite(message, card)
    return {}


@method("GET im/v1/messages", scopes=f"{SEND} im:message:readonly", takes="container_id_type container_id start_time end_time sort_type page_size page_token")  # fmt: skip
def history(feishu: Organisation, asked: Asked) -> Json:
    asked.one_of("container_id_type", "chat", "thread")
    chat = feishu.chats.get(asked.get("container_id"))
    if chat is None:
        raise Refusal(230001, "Your request contains an invalid request parameter, ext=container_id")
    if not chat.bot:
        raise Refusal(230002, "Bot/User can NOT be out of the chat.")
    begin, end = int(asked.get("start_time") or 0), int(asked.get("end_time") or 10**12)
    found = [one for one in feishu.messages.values() if one.chat == chat.id and begin <= one.at // 1000 <= end]
    newest_first = asked.get("sort_type") == "ByCreateTimeDesc"
    return page([shown(feishu, one) for one in (reversed(found) if newest_first else found)], asked, most=50)


@method("GET im/v1/messages/:id", scopes=f"{SEND} im:message:readonly", takes="user_id_type card_msg_content_type")
def get(feishu: Organisation, asked: Asked) -> Json:
    return {"items": [shown(feishu, _message(feishu, asked.ids[0]))]}


@method("DELETE im/v1/messages/:id", scopes=SEND)
def delete(feishu: Organisation, asked: Asked) -> Json:
    _own(feishu, asked.ids[0]).gone = True
    feishu.changed()
    return {}


@method("PATCH im/v1/messages/:id/urgent_app", scopes="im:message.urgent", takes="user_id_type user_id_list")
def urge(feishu: Organisation, asked: Asked) -> Json:
    message = _own(feishu, asked.ids[0])
    asked.needs("user_id_list")
    asked.one_of("user_id_type", "open_id")
    wanted: list[str] = asked.body["user_id_list"]
    there_too = [id for id in wanted if id in feishu.chats[message.chat].members]
    if set(there_too) & set(message.urgent):
        feishu.violate("urged_twice", message.read().partition("\n")[0])
    message.urgent += there_too
    feishu.changed()
    return {"invalid_user_id_list": [id for id in wanted if id not in there_too]}


@method("POST im/v1/messages/:id/reactions", scopes="im:message im:message.reactions:write_only", takes="reaction_type")
def react(feishu: Organisation, asked: Asked) -> Json:
    emoji = (asked.body.get("reaction_type") or {}).get("emoji_type")
    if not isinstance(emoji, str) or not emoji.isidentifier():
        raise Refusal(231001, "reaction type is invalid.")
    there(feishu, asked.ids[0]).reactions.append(emoji)
    feishu.changed()
    return {"reaction_id": feishu.id("re_"), "reaction_type": {"emoji_type": emoji}}


def _sent(feishu: Organisation, chat: Chat, asked: Asked, *, parent: str = "") -> Json:
    """The new message; with a `uuid` of the last hour the one that is there already."""
    uuid = str(asked.body.get("uuid") or "")
    if len(uuid) > MOST_UUID:
        raise Refusal(99992402, f"field validation failed: uuid max length is {MOST_UUID}")
    if not uuid:
        feishu.violate("no_uuid", "tried again, it would be there twice")
    before = feishu.by_uuid.get(uuid)
    if before and before.at / 1000 > feishu.wall() - UUID_LIFE:
        return shown(feishu, before)
    kind = str(asked.body["msg_type"])
    content = _content(feishu, kind, asked.body["content"])
    return shown(feishu, feishu.post(chat, kind, content, parent=parent, uuid=uuid))


def _content(feishu: Organisation, kind: str, content: Any) -> Json:
    if kind == "interactive":
        return feishu.card(content)
    if kind not in {"text", "post", "image"}:
        raise Refusal(230001, f"Your request contains an invalid request parameter, ext=invalid msg_type {kind}")
    if not isinstance(content, str):
        raise Refusal(9499, "Bad Request: content must be a string")
    if len(content.encode()) > MOST_TEXT:
        raise Refusal(230025, "The length of the message content reaches its limit.")
    try:
        parsed: Json = dict(json.loads(content))
    except (ValueError, TypeError):
        raise Refusal(230001, "invalid request parameter, ext=content is not a string in json format") from None
    if kind == "text":
        feishu.violate("text_message", "in it markup of a person's words would be interpreted")
    for id in markup.mentions(kind, parsed) if kind != "image" else []:
        if id != "all" and not feishu.known(id):
            raise Refusal(230001, "invalid request parameter, ext=invalid at user_id")
    return parsed


def _chat(feishu: Organisation, id: str) -> Chat:
    """Where the app may write. Raises `Refusal`."""
    chat = feishu.chats.get(id)
    if chat is None:
        raise Refusal(230034, "The receive_id is invalid.")
    if chat.dissolved:
        raise Refusal(232009, "Your request specifies a chat which has already been dissolved.")
    if not chat.bot:
        raise Refusal(230002, "Bot/User can NOT be out of the chat.")
    if chat.silenced:
        raise Refusal(230035, "Send Message Permission deny.")
    if chat.user:
        _reachable(feishu.users[chat.user])
    return chat


def _direct(feishu: Organisation, kind: str, id: str) -> Chat:
    field = "id" if kind == "open_id" else kind
    user = next((user for user in feishu.users.values() if getattr(user, field) == id), None)
    if user is None:
        raise Refusal(99992351, f"these ids not existed: [{id}]")
    _reachable(user)
    return feishu.direct(user.id)


def _reachable(user: User) -> None:
    if user.resigned:
        raise Refusal(230029, "User has resigned.")
    if not user.available:
        raise Refusal(230013, "Bot has NO availability to this user.")
    if user.blocked:
        raise Refusal(230053, "The user has stopped the bot from sending messages.")


def _message(feishu: Organisation, id: str) -> Message:
    if id not in feishu.messages:
        raise Refusal(230001, "Your request contains an invalid request parameter, ext=invalid message_id")
    return feishu.messages[id]


def there(feishu: Organisation, id: str) -> Message:
    """A message that was not withdrawn. Raises `Refusal`."""
    message = _message(feishu, id)
    if message.gone:
        raise Refusal(230011, "The message is recalled.")
    return message


def _own(feishu: Organisation, id: str) -> Message:
    message = there(feishu, id)
    if message.author:
        raise Refusal(230012, "Bot is NOT the sender of the message.")
    return message


def shown(feishu: Organisation, message: Message) -> Json:
    """A message as the API gives it."""
    app = not message.author
    sender = {"id": message.author or "cli_fake", "id_type": "app_id" if app else "open_id"}
    about = {"message_id": message.id, "root_id": message.root, "parent_id": message.parent, "msg_type": message.kind}
    times = {"create_time": str(message.at), "update_time": str(message.at)}
    state = {"deleted": message.gone, "updated": message.edited, "chat_id": message.chat}
    sender |= {"sender_type": "app" if app else "user", "tenant_key": feishu.tenant}
    return {**about, **times, **state, "sender": sender, "body": {"content": json.dumps(message.content)}}
