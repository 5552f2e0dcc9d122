"""The fake Slack refuses what Slack refuses, and slack-bolt and slack-sdk get along with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web as http
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from support.slack import FakeSlack, Impossible

LONG = "长"
DIVIDER = {"type": "divider"}


def words(text: str, **more: object) -> dict:
    return {"type": "plain_text", "text": text, **more}


def button(text: str = "受理", **more: object) -> dict:
    return {"type": "button", "text": words(text), "action_id": "act:1", **more}


def actions(*elements: dict, **more: object) -> dict:
    return {"type": "actions", "elements": list(elements), **more}


def section(text: object = None, **more: object) -> dict:
    return {"type": "section", "text": text or words("x"), **more}


def asked(element: dict, **more: object) -> dict:
    return {"type": "input", "block_id": "field:x", "label": words("x"), "element": element, **more}


def text_input(**more: object) -> dict:
    return {"type": "plain_text_input", "action_id": "value", **more}


def option(value: str, text: str = "x") -> dict:
    return {"text": words(text), "value": value}


def select(**more: object) -> dict:
    return {"type": "static_select", "action_id": "value", **more}


def rich(*elements: dict) -> dict:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def modal(*blocks: dict, **more: object) -> dict:
    return {"type": "modal", "title": words("表单"), "submit": words("发送"), "blocks": list(blocks), **more}


FORM = modal(asked(text_input()))
CARD = [actions(button(value="req:accept:R-1"), block_id="buttons")]


@dataclass
class Room:
    """A workspace with two people in a channel, and the SDK's client."""

    slack: FakeSlack
    web: AsyncWebClient
    ann: str
    bob: str
    id: str


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with FakeSlack(ack_timeout=0.2) as slack, aiohttp.ClientSession() as session:
        ann = await slack.create_user("ann")
        bob = await slack.create_user("bob", locale="en-US")
        web = AsyncWebClient(slack.bot_token, base_url=slack.base_url, session=session, retry_handlers=[])
        yield Room(slack, web, ann, bob, await slack.create_channel("room", [ann, bob]))


async def refused(room: Room, method: str, **arguments: object) -> str:
    """The error that Slack answers with; a chat.* call goes to the room unless said otherwise."""
    if method.startswith("chat."):
        arguments = {"channel": room.id, **arguments}
    with pytest.raises(SlackApiError) as error:
        await room.web.api_call(method, json=arguments)
    return error.value.response["error"]


# --- Block Kit --------------------------------------------------------------------------------------

GOOD_BLOCKS = [
    section(words("长" * 3000), fields=[words("x" * 2000)]),
    section({"type": "mrkdwn", "text": "*x*"}, fields=[words("x" * 1000)] * 10),
    {"type": "header", "text": words("长" * 150, emoji=False)},
    actions(*(button(action_id=f"act:{n}", value="v" * 2000) for n in range(25))),
    actions(button(style="danger", accessibility_label="受理 R-1", confirm={key: words("x") for key in ("title", "text", "confirm", "deny")})),
    rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "user", "user_id": "U0ABC"}),
    {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [rich()["elements"][0]]}]},
    {"type": "context", "elements": [words("x"), {"type": "mrkdwn", "text": "x"}]},
]  # fmt: skip

BAD_BLOCKS = [
    ({"type": "poll"}, "unsupported type"),
    ({"type": "divider", "colour": "red"}, "additional property"),
    ({"type": "section"}, "missing required field: text"),
    (section(words("")), "more than 0 characters"),
    (section(words(LONG * 3001)), "less than 3001"),
    (section(words("x", bold=True)), "additional property"),
    (section({"type": "markdown", "text": "x"}), "unsupported type"),
    (section(fields=[words("x")] * 11), "no more than 10"),
    (section(fields=[words("x" * 2001)]), "less than 2001"),
    ({"type": "header", "text": words("x" * 151)}, "less than 151"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "enum"),
    (actions(), "no fewer than 1"),
    (actions(*(button(action_id=f"a{n}") for n in range(26))), "no more than 25"),
    (actions(button(), button()), "already exists"),
    (actions(button("x" * 76)), "less than 76"),
    (actions(button(value="x" * 2001)), "less than 2001"),
    (actions(button(style="default")), "enum"),
    (actions(button(accessibility_label="x" * 76)), "less than 76"),
    (actions(button(confirm={"title": words("x"), "text": words("x"), "confirm": words("x")})), "missing"),
    (actions(button(confirm={key: words("x" * 31) for key in ("title", "text", "confirm", "deny")})), "less than 31"),
    (actions(button(action_id="x" * 256)), "less than 256"),
    (actions(text_input()), "unsupported type"),
    (actions(select()), "exactly one of options"),
    (actions(select(options=[])), "no fewer than 1"),
    (actions(select(options=[option(str(n)) for n in range(101)])), "no more than 100"),
    (actions(select(options=[option("1"), option("1")])), "unique"),
    (actions(select(options=[option("1", "x" * 76)])), "less than 76"),
    (actions(select(options=[option("x" * 151)])), "less than 151"),
    (actions(select(options=[option("1")], initial_option=option("2"))), "initial option"),
    (actions(select(option_groups=[{"label": words("x"), "options": []}])), "no fewer than 1"),
    ({"type": "context", "elements": [words("x")] * 11}, "no more than 10"),
    ({"type": "image", "alt_text": "x"}, "exactly one of image_url"),
    ({"type": "image", "image_url": "https://x.example/x.png"}, "missing required field: alt_text"),
    ({"type": "image", "slack_file": {"id": "F0"}, "alt_text": "x"}, "invalid slack file"),
    (rich({"type": "text", "text": ""}), "more than 0 characters"),
    (rich({"type": "text", "text": "x", "style": {"colour": True}}), "additional property"),
    (rich({"type": "mention", "user_id": "U0"}), "unsupported type"),
    (rich({"type": "user", "user_id": "limin"}), "does not match"),
    ({"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}, "unsupported type"),
    (asked({"type": "number_input", "action_id": "value"}), "is_decimal_allowed"),
    (asked({"type": "number_input", "is_decimal_allowed": False, "initial_value": "much"}), "does not match"),
    (asked({"type": "datetimepicker", "initial_date_time": "2026-09-23"}), "must be a number"),
    (asked(text_input(initial_value="x" * 11, max_length=10)), "initial_value"),
    (asked(text_input(max_length=3001)), "from 1 to 3000"),
    (asked(button()), "unsupported type"),
]


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=lambda block: block["type"])
async def test_a_block_within_the_limits_is_shown(room: Room, block: dict) -> None:
    posted = await room.web.chat_postMessage(channel=room.id, text="x", blocks=[block])
    assert posted["message"]["blocks"][0]["type"] == block["type"]


async def test_a_block_beyond_them_is_refused_with_the_reason(room: Room) -> None:
    for block, reason in BAD_BLOCKS:
        with pytest.raises(SlackApiError) as error:
            await room.web.chat_postMessage(channel=room.id, text="x", blocks=[block])
        assert error.value.response["error"] == "invalid_blocks", block
        assert reason in str(error.value.response["errors"]), (block, error.value.response["errors"])
    assert await room.slack.messages(room.id) == []


# --- messages ---------------------------------------------------------------------------------------

BAD_CALLS = [
    ("chat.postMessage", {}, "no_text"),
    ("chat.postMessage", {"text": "x" * 40_001}, "msg_too_long"),
    ("chat.postMessage", {"text": "x", "blocks": [DIVIDER] * 51}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [{"type": "divider", "block_id": "b"}] * 2}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": "[{]"}, "invalid_blocks_format"),
    ("chat.postMessage", {"text": "x", "blocks": [section(words(LONG * 2900))] * 5}, "msg_blocks_too_long"),
    ("chat.postMessage", {"text": "x", "metadata": {"event_type": "liaison"}}, "invalid_metadata_format"),
    ("chat.postMessage", {"text": "x", "metadata": {"event_type": "x", "event_payload": {"k": "x" * 8000}}}, "metadata_too_large"),
    ("chat.postMessage", {"text": "x", "channel": "C0NONE"}, "channel_not_found"),
    ("chat.postMessage", {"text": "x", "channel": "room"}, "channel_not_found"),
    ("chat.postMessage", {"text": "x", "thread_ts": "now"}, "invalid_thread_ts"),
    ("chat.postMessage", {"text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
    ("chat.postEphemeral", {"text": "x", "user": "U0NONE"}, "user_not_found"),
    ("chat.update", {"text": "x", "ts": "1.000000"}, "message_not_found"),
    ("chat.sing", {"text": "x"}, "unknown_method"),
    ("users.info", {"user": "U0NONE"}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2", "view": FORM}, "invalid_trigger_id"),
    ("views.open", {"view": FORM}, "invalid_arguments"),
    ("views.update", {"view_id": "V0NONE", "view": FORM}, "not_found"),
    ("views.publish", {"user_id": "U0NONE", "view": {"type": "home", "blocks": []}}, "user_not_found"),
    ("conversations.open", {"users": "U0NONE"}, "user_not_found"),
    ("files.completeUploadExternal", {"files": [{"id": "F0NONE"}]}, "file_not_found"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
]  # fmt: skip


async def test_a_bad_call_gets_its_error(room: Room) -> None:
    for method, arguments, error in BAD_CALLS:
        assert await refused(room, method, **arguments) == error, (method, arguments)


async def test_a_channel_is_written_to_by_those_who_are_in_it(room: Room) -> None:
    slack = room.slack
    public, hidden, old = [
        await slack.create_channel("public", [room.ann], bot=False),
        await slack.create_channel("hidden", [room.ann], bot=False, private=True),
        await slack.create_channel("old", [room.ann], archived=True),
    ]
    assert await refused(room, "chat.postMessage", channel=public, text="x") == "not_in_channel"
    assert await refused(room, "chat.postMessage", channel=hidden, text="x") == "channel_not_found"
    assert await refused(room, "chat.postMessage", channel=old, text="x") == "is_archived"
    assert await refused(room, "chat.postEphemeral", channel=old, text="x", user=room.ann) == "is_archived"
    await slack.set_membership(hidden, slack.bot_user)
    await room.web.chat_postMessage(channel=hidden, text="x")
    assert await refused(room, "chat.postEphemeral", channel=hidden, text="x", user=room.bob) == "user_not_in_channel"


async def test_a_persons_id_opens_the_direct_message_and_an_edit_needs_its_channel(room: Room) -> None:
    posted = await room.web.chat_postMessage(channel=room.ann, text="x")
    assert posted["channel"] == await room.slack.dm(room.ann)
    assert await refused(room, "chat.update", channel=room.ann, ts=posted["ts"], text="y") == "channel_not_found"
    await room.web.chat_update(channel=posted["channel"], ts=posted["ts"], text="y")
    assert [message.text for message in await room.slack.messages(posted["channel"])] == ["y"]


async def test_only_an_own_message_is_edited_within_four_thousand_characters(room: Room) -> None:
    foreign = await room.slack.say(room.ann, room.id, "x")
    own = await room.web.chat_postMessage(channel=room.id, text="x", blocks=CARD, metadata={"event_type": "liaison", "event_payload": {"key": "1"}})  # fmt: skip
    assert await refused(room, "chat.update", ts=foreign.ts, text="y") == "cant_update_message"
    assert await refused(room, "chat.update", ts=own["ts"], text="x" * 4001) == "msg_too_long"
    await room.web.chat_update(channel=room.id, ts=own["ts"], text="y")
    (message,) = await room.slack.messages(room.id)
    assert "blocks" not in message.message and message.message["metadata"]["event_payload"] == {"key": "1"}
    assert [old["text"] for old in message.history] == ["x"]
    await room.slack.archive(room.id)
    assert await refused(room, "chat.update", ts=own["ts"], text="z") == "is_inactive"


async def test_history_is_paged_from_the_newest_and_shows_metadata_when_asked(room: Room) -> None:
    for n in range(3):
        last = await room.web.chat_postMessage(channel=room.id, text=str(n), metadata={"event_type": "liaison", "event_payload": {"key": str(n)}})  # fmt: skip
    first = await room.web.conversations_history(channel=room.id, limit=2, include_all_metadata=True)
    rest = await room.web.conversations_history(channel=room.id, cursor=first["response_metadata"]["next_cursor"])
    assert [message["metadata"]["event_payload"]["key"] for message in first["messages"]] == ["2", "1"]
    assert [message["text"] for message in rest["messages"]] == ["0"] and "metadata" not in rest["messages"][0]
    newer = await room.web.conversations_history(channel=room.id, oldest=last["ts"])
    assert newer["messages"] == [] and not newer["has_more"]


async def test_tokens_have_their_kinds_and_methods_their_scopes(room: Room) -> None:
    room.web.token = room.slack.app_token
    assert await refused(room, "auth.test") == "not_allowed_token_type"
    room.web.token = "xoxb-somebody-else"
    assert await refused(room, "auth.test") == "invalid_auth"
    room.web.token = room.slack.bot_token
    answer = await room.web.auth_test()
    assert "chat:write" in answer.headers["x-oauth-scopes"] and answer.headers["Date"]
    await room.slack.set_scopes({"users:read"})
    assert await refused(room, "chat.postMessage", text="x") == "missing_scope"
    person = await room.web.users_info(user=room.bob, include_locale=True)
    assert person["user"]["locale"] == "en-US" and "email" not in person["user"]["profile"]


async def test_an_upload_has_three_steps(room: Room) -> None:
    data = b"\x89PNG"
    ticket = await room.web.files_getUploadURLExternal(filename="curve.png", length=len(data), alt_txt="curve")
    picture = {"type": "image", "slack_file": {"id": ticket["file_id"]}, "alt_text": "curve"}
    assert await refused(room, "chat.postMessage", text="x", blocks=[picture]) == "invalid_blocks"
    async with aiohttp.ClientSession() as session, session.post(ticket["upload_url"], data=data) as answer:
        assert answer.status == 200
    await room.web.files_completeUploadExternal(files=[{"id": ticket["file_id"], "title": "curve"}])
    await room.web.chat_postMessage(channel=room.id, text="x", blocks=[picture])


# --- modals -----------------------------------------------------------------------------------------

BAD_VIEWS = [
    modal(),
    modal(*[DIVIDER] * 101),
    modal(DIVIDER, title=words("长" * 25)),
    modal(DIVIDER, submit=words("长" * 25)),
    modal(DIVIDER, private_metadata="x" * 3001),
    modal(DIVIDER, callback_id="x" * 256),
    modal(DIVIDER, width="wide"),
    {key: value for key, value in FORM.items() if key != "submit"},
    {"type": "home", "blocks": [DIVIDER]},
]


async def test_a_view_beyond_the_limits_leaves_the_trigger_for_a_better_one(room: Room) -> None:
    trigger = room.slack.workspace.trigger(room.ann)
    for view in BAD_VIEWS:
        assert await refused(room, "views.open", trigger_id=trigger, view=view) == "invalid_arguments", view
    large = modal(*(asked(select(options=[option(f"{'x' * 140}{n}", LONG * 75) for n in range(100)]), block_id=f"f{n}") for n in range(5)))  # fmt: skip
    assert await refused(room, "views.open", trigger_id=trigger, view=large) == "view_too_large"
    await room.web.views_open(trigger_id=trigger, view=FORM)
    assert await refused(room, "views.open", trigger_id=trigger, view=FORM) == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(room: Room) -> None:
    trigger = room.slack.workspace.trigger(room.ann)
    room.slack.workspace.triggers[trigger].began -= 3.1
    assert await refused(room, "views.open", trigger_id=trigger, view=FORM) == "expired_trigger_id"


async def test_modals_are_stacked_three_high_and_updated_by_hash(room: Room) -> None:
    opened = await room.web.views_open(trigger_id=room.slack.workspace.trigger(room.ann), view=FORM)
    top = opened["view"]["id"]
    for _ in range(2):
        pushed = await room.web.views_push(trigger_id=room.slack.workspace.trigger(room.ann, top), view=FORM)
        top = pushed["view"]["id"]
    trigger = room.slack.workspace.trigger(room.ann, top)
    assert await refused(room, "views.push", trigger_id=trigger, view=FORM) == "push_limit_reached"
    await room.web.views_update(view_id=top, hash=pushed["view"]["hash"], view=FORM)
    assert await refused(room, "views.update", view_id=top, hash=pushed["view"]["hash"], view=FORM) == "hash_conflict"


# --- what people cannot do --------------------------------------------------------------------------


async def test_people_press_only_what_they_see(room: Room) -> None:
    slack = room.slack
    stranger = await slack.create_user("stranger")
    card = await room.web.chat_postMessage(channel=room.id, text="x", blocks=CARD)
    whisper = await room.web.chat_postEphemeral(channel=room.id, user=room.ann, text="x", blocks=CARD)
    for user, ts, label in [
        (room.ann, card["ts"], "拒绝"),
        (room.ann, "1.000000", "受理"),
        (room.bob, whisper["message_ts"], "受理"),
        (stranger, card["ts"], "受理"),
    ]:
        with pytest.raises(Impossible):
            await slack.click(user, room.id, ts, label=label)
    with pytest.raises(Impossible):
        await slack.slash(stranger, room.id, "/request")
    with pytest.raises(Impossible):
        await slack.slash(room.ann, room.id, "/status")
    assert slack.deliveries == []


async def test_people_send_only_forms_that_are_complete_and_theirs(room: Room) -> None:
    slack = room.slack
    number = {"type": "number_input", "action_id": "value", "is_decimal_allowed": False, "min_value": "1"}
    form = modal(
        asked(text_input(max_length=5), block_id="title"),
        asked(select(options=[option("rd")], initial_option=option("rd")), block_id="department"),
        asked(number, block_id="hours", optional=True),
    )
    await room.web.views_open(trigger_id=slack.workspace.trigger(room.ann), view=form)
    for user, values in [
        (room.ann, {}),
        (room.ann, {"title": "toolong"}),
        (room.ann, {"title": "x", "department": "market"}),
        (room.ann, {"title": "x", "hours": "0"}),
        (room.ann, {"title": "x", "colour": "red"}),
        (room.bob, {"title": "x"}),
    ]:
        with pytest.raises(Impossible):
            await slack.submit(user, values)
    sent = await slack.submit(room.ann, {"title": "x"})
    assert sent.status == "no_connection" and sent.error == "dispatch_failed"
    assert sent.payload["view"]["state"]["values"]["title"]["value"]["value"] == "x"
    assert sent.payload["view"]["state"]["values"]["department"]["value"]["selected_option"] == option("rd")


# --- bolt over Socket Mode --------------------------------------------------------------------------


@dataclass
class Bot:
    """The smallest bolt app: acknowledges everything, and answers a command or click at its response_url."""

    room: Room
    app: AsyncApp
    heard: list[dict]
    ack: dict | None = None

    async def take(self, body: dict) -> BoltResponse:
        self.heard.append(body)
        return BoltResponse(status=200, body=self.ack or "")


def make_bot(room: Room) -> Bot:
    async def authorize() -> AuthorizeResult:
        known = {"team_id": room.slack.team_id, "bot_token": room.slack.bot_token, "enterprise_id": None}
        return AuthorizeResult(**known, bot_id=room.slack.workspace.bot_id, bot_user_id=room.slack.bot_user)

    client = AsyncWebClient(base_url=room.slack.base_url, retry_handlers=[])
    bot = Bot(room, AsyncApp(client=client, authorize=authorize, signing_secret=room.slack.signing_secret), [])

    @bot.app.middleware
    async def everything(body):
        return await bot.take(body)

    return bot


@pytest.fixture
async def bot(room: Room) -> AsyncIterator[Bot]:
    bot = make_bot(room)
    handler = AsyncSocketModeHandler(bot.app, room.slack.app_token, ping_interval=1)
    await handler.connect_async()
    await room.slack.wait_connections()
    yield bot
    await handler.close_async()


async def test_bolt_connects_gets_an_envelope_and_acknowledges_it(bot: Bot) -> None:
    slack, room = bot.room.slack, bot.room
    card = await room.web.chat_postMessage(channel=room.id, text="x", blocks=CARD)
    acts = [
        await slack.slash(room.ann, room.id, "/request", "客户现场停机"),
        await slack.click(room.ann, room.id, card["ts"], label="受理"),
        *(await slack.say(room.ann, room.id, "@bot status")).deliveries,
        *(await slack.say(room.ann, await slack.dm(room.ann), "status")).deliveries,
        await slack.open_home(room.ann),
    ]
    assert [act.status for act in acts] == ["acked"] * 5
    assert [body.get("command") or body["type"] for body in bot.heard] == [
        "/request",
        "block_actions",
        "event_callback",
        "event_callback",
        "event_callback",
    ]
    assert bot.heard[1]["actions"][0]["value"] == "req:accept:R-1"
    assert slack.violations == [] and slack.unanswered() == []


async def test_a_modal_follows_the_ack(bot: Bot) -> None:
    slack, room = bot.room.slack, bot.room
    screen = (await room.web.views_open(trigger_id=slack.workspace.trigger(room.ann), view=FORM))["view"]["id"]
    for ack, result in [
        ({"response_action": "errors", "errors": {"field:x": "更短"}}, "errors"),
        ({"response_action": "errors", "errors": {"field:y": "更短"}}, "kept"),
        ({"response_action": "update", "view": modal()}, "kept"),
        ({"response_action": "update", "view": FORM}, "updated"),
        ({"response_action": "push", "view": FORM}, "pushed"),
        (None, "closed"),
        ({"response_action": "clear"}, "cleared"),
    ]:
        bot.ack = ack
        sent = await slack.submit(room.ann, {"field:x": "1"})
        assert sent.outcome["result"] == result, ack
    assert await slack.views(room.ann) == []
    assert [violation.kind for violation in slack.violations] == ["bad_ack_payload"] * 2
    assert screen


async def test_a_response_url_serves_five_times(room: Room) -> None:
    delivery = await room.slack.slash(room.ann, room.id, "/request")
    async with aiohttp.ClientSession() as session:
        statuses = [
            (
                await session.post(delivery.payload["response_url"], json={"text": str(n), "replace_original": False})
            ).status
            for n in range(6)
        ]
    assert statuses == [200] * 5 + [404]
    assert [one.text for one in await room.slack.ephemerals(room.ann)] == ["0", "1", "2", "3", "4"]
    assert await room.slack.ephemerals(room.bob) == []


async def test_an_envelope_without_an_ack_is_an_error_on_the_persons_screen(bot: Bot) -> None:
    slack, room = bot.room.slack, bot.room
    await slack.drop_acks(1)
    assert (await slack.slash(room.ann, room.id, "/request")).error == "operation_timeout"
    await slack.silence()
    assert (await slack.slash(room.ann, room.id, "/request")).error == "operation_timeout"
    await slack.clear_faults()
    assert (await slack.slash(room.ann, room.id, "/request")).status == "acked"
    assert len(bot.heard) == 2


async def test_an_event_without_an_ack_comes_again_under_its_id(bot: Bot) -> None:
    await bot.room.slack.drop_acks(1)
    said = await bot.room.slack.say(bot.room.ann, bot.room.id, "@bot status")
    assert [one.status for one in said.deliveries] == ["acked"]
    assert len(bot.heard) == 2 and bot.heard[0]["event_id"] == bot.heard[1]["event_id"]


async def test_an_envelope_may_come_twice(bot: Bot) -> None:
    slack, room = bot.room.slack, bot.room
    await slack.duplicate_next(1)
    delivery = await slack.slash(room.ann, room.id, "/request")
    await slack.redeliver(delivery.envelope_id)
    await slack.wait_for(lambda: len(bot.heard) == 3 and delivery.acks == 2)
    assert {body["trigger_id"] for body in bot.heard} == {delivery.trigger_id} and slack.violations == []


async def test_bolt_comes_back_after_a_goodbye_and_after_a_cut(bot: Bot) -> None:
    slack, room = bot.room.slack, bot.room
    for interrupt in (slack.disconnect, slack.drop_sockets):
        await interrupt()
        await slack.wait_connections()
        assert (await slack.slash(room.ann, room.id, "/request")).status == "acked"


async def test_an_eleventh_connection_is_sent_away(room: Room) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            ticket = await room.web.apps_connections_open(app_token=room.slack.app_token)
            sockets.append(await session.ws_connect(ticket["url"]))
        greetings = [(await socket.receive_json())["type"] for socket in sockets]
    assert greetings == ["hello"] * 10 + ["disconnect"]


# --- faults -----------------------------------------------------------------------------------------


async def test_a_cut_after_the_commit_leaves_the_message(room: Room) -> None:
    for when, there in (("before", 0), ("after", 1)):
        await room.slack.add_fault("cut", "chat.postMessage", when=when)
        with pytest.raises(aiohttp.ClientError):
            await room.web.chat_postMessage(channel=room.id, text=when)
        assert len(await room.slack.messages(room.id)) == there, when
    await room.web.chat_postMessage(channel=room.id, text="x")


async def test_a_fault_hits_its_method_as_often_as_ordered(room: Room) -> None:
    slack = room.slack
    await slack.add_fault("ratelimit", "chat.*", times=2, retry_after=7)
    await slack.add_fault("status", "users.info", code=503)
    await slack.add_fault("error", "views.*", times=None, code="fatal_error")
    for _ in range(2):
        with pytest.raises(SlackApiError) as limited:
            await room.web.chat_postMessage(channel=room.id, text="x")
        assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "7")
    with pytest.raises(SlackApiError) as broken:
        await room.web.users_info(user=room.ann)
    assert broken.value.response.status_code == 503
    for _ in range(3):
        assert await refused(room, "views.open", trigger_id="1", view=FORM) == "fatal_error"
    await slack.clear_faults()
    await room.web.chat_postMessage(channel=room.id, text="x")
    await room.web.users_info(user=room.ann)
    assert [one.status for one in await slack.calls("chat.*")] == [429, 429, 200]


async def test_slacks_own_limit_counts_each_channel(room: Room) -> None:
    await room.slack.limits(rate=1, burst=1)
    await room.web.chat_postMessage(channel=room.id, text="x")
    assert await refused(room, "chat.postMessage", text="y") == "ratelimited"
    await room.web.chat_postMessage(channel=room.ann, text="x")


async def test_what_slack_lets_pass_is_noted(bot: Bot) -> None:
    slack, room = bot.room.slack, bot.room
    parent = await room.web.api_call("chat.postMessage", json={"channel": room.id, "blocks": CARD})
    reply = await room.web.chat_postMessage(channel=room.id, text="x", thread_ts=parent["ts"], colour="red")
    await room.web.chat_postMessage(channel=room.id, text="x", thread_ts=reply["ts"], link_names=True)
    bot.ack = {"text": "x"}
    await slack.click(room.ann, room.id, parent["ts"], label="受理")
    assert [violation.kind for violation in slack.violations] == [
        "blocks_without_text",
        "unknown_argument",
        "loud_argument",
        "thread_of_a_reply",
        "click_acked_with_payload",
    ]


async def test_who_is_pinged_is_read_from_text_and_blocks(room: Room) -> None:
    blocks = [
        rich({"type": "user", "user_id": room.ann}, {"type": "text", "text": "<!channel>"}),
        section(words(f"<@{room.bob}>")),
    ]
    await room.web.chat_postMessage(channel=room.id, text="&lt;!here&gt;", blocks=blocks)
    await room.web.chat_postMessage(channel=room.id, text=f"<!here|here> <@{room.bob}|bob>")
    quiet, loud = await room.slack.messages(room.id)
    assert quiet.mentions == [f"@{room.ann}"] and loud.mentions == ["!here", f"@{room.bob}"]


# --- signed HTTP ------------------------------------------------------------------------------------


async def test_bolt_gets_signed_requests(room: Room) -> None:
    bot = make_bot(room)
    runner = http.AppRunner(bot.app.server(path="/slack/events").web_app)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    async with FakeSlack(mode="http", request_url=url, signing_secret=room.slack.signing_secret) as slack:
        ann = await slack.create_user("ann")
        place = await slack.create_channel("room", [ann])
        assert (await slack.slash(ann, place, "/request", "一 二 & 三")).status == "acked"
        assert [one.status for one in (await slack.say(ann, place, "@bot x")).deliveries] == ["acked"]
        slack.signing_secret = "another"
        assert (await slack.slash(ann, place, "/request")).error == "http_401"
    await runner.cleanup()
    assert bot.heard[0]["text"] == "一 二 & 三" and len(bot.heard) == 2
