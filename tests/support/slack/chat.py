"""chat.*: posting, whispering and editing (docs.slack.dev/reference/methods/chat.postMessage and its neighbours)."""

from __future__ import annotations

import json
import re
from typing import Any

from .blocks import ALL_TEXT, length_of_text, problems_of_message
from .errors import Refusal
from .markup import pictures
from .methods import method, parsed, visible
from .records import Channel, Json, Posted
from .workspace import Workspace

POST_TEXT, UPDATE_TEXT, METADATA = 40_000, 4_000, 8_000
_CONTENT = "text blocks metadata attachments link_names parse as_user"
_POST = f"{_CONTENT} thread_ts unfurl_links unfurl_media mrkdwn reply_broadcast username icon_emoji icon_url"


@method("chat.postMessage", scopes="chat:write", takes=f"channel {_POST}", writes=True)
def post_message(slack: Workspace, arguments: Json) -> Json:
    channel = _writable(slack, arguments.get("channel"))
    content = content_of(slack, arguments, limit=POST_TEXT)
    posted = slack.post(channel, content | _thread(slack, channel, arguments))
    return {"channel": channel.id, "ts": posted.ts, "message": posted.message}


@method("chat.postEphemeral", scopes="chat:write", needs="user", takes=f"channel {_POST}", tier=4, writes=True)
def post_ephemeral(slack: Workspace, arguments: Json) -> Json:
    channel = _writable(slack, arguments.get("channel"))
    if arguments["user"] not in slack.users:
        raise Refusal("user_not_found")
    if arguments["user"] not in channel.members:
        raise Refusal("user_not_in_channel")
    content = content_of(slack, arguments, limit=POST_TEXT)
    return {"message_ts": slack.whisper(channel.id, arguments["user"], content | _thread(slack, channel, arguments)).ts}


@method("chat.update", scopes="chat:write", needs="channel ts", takes=_CONTENT, tier=3, writes=True)
def update(slack: Workspace, arguments: Json) -> Json:
    posted = _own(slack, arguments, "cant_update_message")
    if slack.channels[posted.channel].archived:
        raise Refusal("is_inactive")
    slack.rewrite(posted, content_of(slack, arguments, limit=UPDATE_TEXT))
    return {"channel": posted.channel, "ts": posted.ts, "text": posted.text, "message": posted.message}


@method("chat.delete", scopes="chat:write", needs="channel ts", takes="as_user", tier=3, writes=True)
def delete(slack: Workspace, arguments: Json) -> Json:
    posted = _own(slack, arguments, "cant_delete_message")
    slack.remove(posted)
    return {"channel": posted.channel, "ts": posted.ts}


@method("chat.getPermalink", needs="channel message_ts")
def permalink(slack: Workspace, arguments: Json) -> Json:
    channel = visible(slack, arguments["channel"])
    if arguments["message_ts"] not in slack.messages[channel.id]:
        raise Refusal("message_not_found")
    digits = str(arguments["message_ts"]).replace(".", "")
    return {
        "channel": channel.id,
        "permalink": f"https://{slack.team_domain}.slack.com/archives/{channel.id}/p{digits}",
    }


def content_of(slack: Workspace, arguments: Json, *, limit: int) -> Json:
    """Text, blocks and metadata of a message, checked. Raises `Refusal`."""
    text, blocks = arguments.get("text"), _blocks(slack, arguments)
    if text is not None and not isinstance(text, str):
        raise Refusal("invalid_arguments", "text must be a string")
    if not text and not blocks:
        raise Refusal("no_text")
    if not text:
        slack.violate("blocks_without_text", "notifications and screen readers get nothing to say")
    if len(text or "") > limit:
        raise Refusal("msg_too_long")
    for loud in ("link_names", "parse"):
        if arguments.get(loud):
            slack.violate("loud_argument", f"{loud} makes @channel of somebody's text ping everybody")
    if arguments.get("attachments"):
        slack.violate("attachments", "legacy, and not checked here")
    content: Json = {"text": text or ""}
    if blocks is not None:
        content["blocks"] = slack.named(blocks)
    metadata = _metadata(arguments)
    return content | ({"metadata": metadata} if metadata else {})


def _blocks(slack: Workspace, arguments: Json) -> list[Json] | None:
    blocks: Any = parsed(arguments, "blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    if found := problems_of_message(blocks):
        raise Refusal("invalid_blocks", *found)
    if length_of_text(blocks) > ALL_TEXT:
        raise Refusal("msg_blocks_too_long")
    need_files(slack, blocks)
    return blocks


def need_files(slack: Workspace, blocks: list[Json]) -> None:
    """A picture must be a file whose upload was completed."""
    for id in pictures(blocks):
        if id not in slack.files or not slack.files[id].complete:
            raise Refusal("invalid_blocks", f"invalid slack file: {id}")


def _metadata(arguments: Json) -> Json | None:
    metadata: Any = parsed(arguments, "metadata", "invalid_metadata_format")
    if not metadata:
        return None
    kinds = {"event_type": str, "event_payload": dict}
    if not isinstance(metadata, dict) or any(not isinstance(metadata.get(key), kind) for key, kind in kinds.items()):
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA:
        raise Refusal("metadata_too_large")
    return metadata


def _writable(slack: Workspace, ref: object) -> Channel:
    """Where the app may post: a channel that it is in; a person's id opens the one-to-one chat. Raises `Refusal`."""
    if ref in slack.users and ref != slack.bot_user:
        user = slack.users[str(ref)]
        if user.deleted or user.is_bot:
            raise Refusal("channel_not_found")
        return slack.direct(user.id)
    if ref not in slack.channels and any(ref in {one.name, f"#{one.name}"} for one in slack.channels.values()):
        slack.violate("channel_by_name", ref)
    channel = visible(slack, ref)
    if slack.bot_user not in channel.members and "chat:write.public" not in slack.scopes:
        raise Refusal("not_in_channel")
    if channel.archived:
        raise Refusal("is_archived")
    return channel


def _own(slack: Workspace, arguments: Json, error: str) -> Posted:
    """A message of the app's own, by channel id: a person's id will not do here. Raises `Refusal`."""
    channel = visible(slack, arguments["channel"])
    posted = slack.messages[channel.id].get(str(arguments["ts"]))
    if posted is None:
        raise Refusal("message_not_found")
    if posted.message.get("bot_id") != slack.bot_id:
        raise Refusal(error)
    return posted


def _thread(slack: Workspace, channel: Channel, arguments: Json) -> Json:
    ts = arguments.get("thread_ts")
    if not ts:
        return {}
    if not re.fullmatch(r"\d+\.\d{6}", str(ts)):
        raise Refusal("invalid_thread_ts")
    parent = slack.messages[channel.id].get(str(ts))
    if parent is None:
        raise Refusal("thread_not_found")
    if parent.message.get("thread_ts", ts) != ts:
        slack.violate("thread_of_a_reply", ts)
    return {"thread_ts": ts}
