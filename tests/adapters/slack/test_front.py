"""Everything that comes from Slack is acknowledged in time, done once, and answered to the person alone."""

from __future__ import annotations

import asyncio
import json
import time
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession

from adapters.base import Target
from commands.chat import (
    SHOW_ALL,
    Answer,
    Button,
    Card,
    Click,
    FieldKind,
    Form,
    FormField,
    Say,
    Span,
    Submit,
)
from support.slack import FakeSlack
from support.slack.deliveries import signed
from support.slack.records import Channel
from tests.adapters.slack.office import Core, Office, office, running

CARD = Card("R-1 新品X性能数据", buttons=(Button("request.accept?id=R-1", "受理"),), item="R-1")
FORM = Form(
    "request.new#slack:C1#n1",
    "发起协作请求",
    (FormField("title", "标题", FieldKind.TEXT, required=True), FormField("why", "原因", FieldKind.MULTILINE)),
    "发起",
)


def answers(core: Core, **answer) -> None:
    core.answer = lambda event: Answer(**answer)


# --- what the core gets ------------------------------------------------------------------------------


async def test_a_command_reaches_the_core_with_its_person_chat_and_words(desk):
    sent = await desk.slack.slash("ann", desk.place, "/request", f"@研发部 &lt;3 <@{desk.bob}|bob> 数据")
    assert sent.status == "acked"
    await desk.slack.wait_ephemerals(1)
    (said,) = desk.core.events
    assert (said.platform, said.user, said.chat, said.direct) == ("slack", desk.ann, desk.place, False)
    assert (said.command, said.text) == ("request", f"@研发部 <3 <@{desk.bob}> 数据")


@pytest.mark.parametrize(
    ("typed", "command"), [("/task-status", "status"), ("/liaison", ""), ("/something-else", "something-else")]
)
async def test_a_command_is_known_by_the_name_that_it_has_on_slack(socket, typed, command):
    await socket.slack.slash("ann", socket.place, typed, "mine")
    await socket.slack.wait_ephemerals(1)
    assert socket.core.events[0].command == command


async def test_a_mention_and_a_direct_message_are_the_same_way_in(desk):
    await desk.slack.say("ann", desk.place, "@bot 受理 R-1")
    await desk.slack.wait_ephemerals(1, user="ann")
    direct = await desk.slack.dm("ann")
    await desk.slack.say("ann", direct, "受理 R-2")
    await desk.slack.wait_messages(direct, 1)
    mention, message = desk.core.events
    assert (mention.text, mention.chat, mention.direct) == ("受理 R-1", desk.place, False)
    assert (message.text, message.chat, message.direct) == ("受理 R-2", direct, True)


async def test_a_mention_in_a_thread_is_answered_there(socket):
    first = await socket.slack.say("ann", socket.place, "我们怎么看？")
    await socket.slack.say("ann", socket.place, "@bot status", thread_ts=first.ts)
    (private,) = await socket.slack.wait_ephemerals(1)
    assert private.message["thread_ts"] == first.ts


async def test_our_own_messages_and_other_events_are_nothing_to_us(socket):
    await socket.slack.event({"type": "message", "channel_type": "im", "subtype": "message_changed", "channel": "D1"})
    await socket.slack.event({"type": "channel_rename", "channel": {"id": "C1"}})
    await socket.slack.event(
        {
            "type": "message",
            "channel_type": "im",
            "channel": "D1",
            "user": socket.slack.bot_user,
            "ts": "1.2",
            "text": "x",
        }
    )
    assert not socket.slack.unanswered()
    assert socket.core.events == []


# --- acknowledged in time ----------------------------------------------------------------------------


async def test_it_is_acknowledged_though_the_core_hangs_and_answered_when_it_goes_on(desk):
    desk.core.gate.clear()
    sent = await desk.slack.slash("ann", desk.place, "/request", "x")
    assert sent.status == "acked"
    assert not await desk.slack.ephemerals()
    desk.core.gate.set()
    (private,) = await desk.slack.wait_ephemerals(1)
    assert "好的" in private.words
    assert private.user == desk.ann


async def test_it_is_acknowledged_though_slacks_own_api_is_broken(desk):
    await desk.slack.add_fault("status", times=None, code=503)
    sent = await desk.slack.slash("ann", desk.place, "/request", "x")
    assert sent.status == "acked"
    await desk.slack.clear_faults()
    assert "好的" in (await desk.slack.wait_ephemerals(1))[0].words


async def test_a_core_that_fails_leaves_the_envelope_acknowledged(desk):
    def fails(event):
        raise RuntimeError("no")

    desk.core.answer = fails
    assert (await desk.slack.slash("ann", desk.place, "/request", "x")).status == "acked"


# --- done once ---------------------------------------------------------------------------------------


async def test_an_envelope_that_comes_twice_is_acknowledged_twice_and_done_once(desk):
    await desk.slack.duplicate_next()
    await desk.slack.slash("ann", desk.place, "/request", "x")
    await desk.slack.wait_ephemerals(1)
    assert len(desk.core.events) == 1
    assert len(await desk.slack.ephemerals()) == 1
    assert not desk.slack.unanswered()


async def test_an_event_that_slack_repeats_is_done_once(desk):
    said = await desk.slack.say("ann", desk.place, "@bot 受理 R-1")
    again = await desk.slack.redeliver(said.deliveries[0].envelope_id)
    assert again.status == "acked"
    await desk.slack.wait_ephemerals(1)
    assert len(desk.core.events) == 1


async def test_a_repetition_after_a_restart_is_done_once_and_answered_once(tmp_path):
    async with office("socket", tmp_path / "events") as first:
        said = await first.slack.say("ann", first.place, "@bot 受理 R-1")
        await first.slack.wait_ephemerals(1)
        core = first.core
    async with office("socket", tmp_path / "events") as second:
        second.core.seen = core.seen
        await second.slack.send("events_api", said.deliveries[0].payload)
        await second.slack.slash("ann", second.place, "/request", "something later")
        await second.slack.wait_ephemerals(1)
        assert len(await second.slack.ephemerals()) == 1
        assert [event.text for event in second.core.events] == ["something later"]


async def test_what_was_acknowledged_and_not_done_is_done_after_the_next_start(tmp_path):
    async with FakeSlack() as slack:
        await slack.create_user("ann")
        place = await slack.create_channel("newx", ["ann"])
        deaf = Core()
        deaf.gate.clear()
        async with running(slack, deaf, tmp_path / "events"):
            assert (await slack.slash("ann", place, "/request", "x")).status == "acked"
            await deaf.came.wait()
        assert deaf.events == []
        awake = Core()
        async with running(slack, awake, tmp_path / "events"):
            (private,) = await slack.wait_ephemerals(1)
        assert "好的" in private.words
        assert [event.text for event in awake.events] == ["x"]


# --- answers -----------------------------------------------------------------------------------------


async def test_a_card_is_shown_to_the_person_alone(desk):
    answers(desk.core, card=CARD)
    await desk.slack.slash("ann", desk.place, "/request", "show R-1")
    (private,) = await desk.slack.wait_ephemerals(1)
    assert "R-1 新品X性能数据" in private.words
    assert private.buttons == ["受理"]
    assert await desk.slack.messages(desk.place) == []


async def test_an_answer_reaches_a_channel_where_the_bot_is_no_member(desk):
    hidden = await desk.slack.create_channel("hidden", ["ann"], private=True, bot=False)
    await desk.slack.slash("ann", hidden, "/request", "x")
    (private,) = await desk.slack.wait_ephemerals(1)
    assert (private.channel, private.user) == (hidden, desk.ann)
    assert "/invite" in private.words, "the way in is told"


async def test_where_every_other_way_is_closed_the_answer_comes_as_a_direct_message_that_says_why(socket):
    hidden = await socket.slack.create_channel("hidden", ["ann"], private=True, bot=False)
    await socket.slack.add_fault("status", "response_url", times=None, code=404)
    await socket.slack.slash("ann", hidden, "/request", "x")
    (message,) = await socket.slack.wait_messages(await socket.slack.dm("ann"), 1)
    assert "好的" in message.words
    assert "/invite" in message.words


async def test_a_limit_on_answers_is_waited_out(socket):
    await socket.slack.add_fault("ratelimit", "response_url", times=2, retry_after=0)
    await socket.slack.slash("ann", socket.place, "/request", "x")
    (private,) = await socket.slack.wait_ephemerals(1)
    assert "好的" in private.words


@pytest.mark.parametrize("method", ["response_url", "chat.postEphemeral"])
@pytest.mark.parametrize(
    "fault", [{"kind": "cut"}, {"kind": "status", "code": 502}, {"kind": "error", "code": "fatal_error"}]
)
async def test_an_answer_whose_fate_is_unknown_is_said_once_more_and_says_so(socket, method, fault):
    await socket.slack.add_fault(**fault, method=method, times=None, when="after")
    if method == "response_url":
        await socket.slack.slash("ann", socket.place, "/request", "x")
    else:
        await socket.slack.say("ann", socket.place, "@bot x")
    (second,) = await socket.slack.wait_messages(await socket.slack.dm("ann"), 1)
    (first,) = await socket.slack.ephemerals()
    assert "好的" in first.words and "好的" in second.words
    assert "重复" not in first.words and "重复" in second.words


async def test_an_answer_that_slack_refuses_in_its_own_words_goes_another_way(socket):
    await socket.slack.add_fault("error", "response_url", code="expired_url")
    await socket.slack.slash("ann", socket.place, "/request", "x")
    (private,) = await socket.slack.wait_ephemerals(1)
    assert "好的" in private.words
    assert len(await socket.slack.calls("chat.postEphemeral")) == 1


async def test_a_toast_that_follows_a_click_does_not_replace_the_card(desk):
    await desk.adapter.post(target(desk.place), CARD, key="k")
    (message,) = await desk.slack.messages(desk.place)
    answers(desk.core, toast="张伟 已受理")
    await desk.slack.click("ann", desk.place, message.ts, label="受理")
    (private,) = await desk.slack.wait_ephemerals(1)
    assert "张伟 已受理" in private.words
    assert "R-1" in (await desk.slack.messages(desk.place))[0].words
    (click,) = desk.core.events
    assert isinstance(click, Click)
    assert (click.button, click.message) == ("request.accept?id=R-1", f"{desk.place}:{message.ts}")


async def test_words_stay_words(desk):
    answers(desk.core, toast="<!channel> *x* <@U1> &lt; :smile:")
    await desk.slack.slash("ann", desk.place, "/request", "x")
    (private,) = await desk.slack.wait_ephemerals(1)
    assert private.mentions == []
    assert "<!channel>" in json.dumps(private.message["blocks"])


# --- forms -------------------------------------------------------------------------------------------


async def test_a_form_is_opened_and_sent(desk):
    answers(desk.core, form=FORM)
    await desk.slack.slash("ann", desk.place, "/request", "x")
    screen = await desk.slack.wait_view("ann")
    answers(desk.core, toast="R-1 已发起")
    sent = await desk.slack.submit("ann", {"field:title": "新品X性能数据", "field:why": "客户在问"}, screen.view["id"])
    assert sent.outcome["result"] in ("closed", "cleared")
    (private,) = await desk.slack.wait_ephemerals(1)
    assert "R-1 已发起" in private.words
    submit = desk.core.events[-1]
    assert isinstance(submit, Submit)
    assert (submit.form, submit.chat) == (FORM.id, desk.place)
    assert dict(submit.values) == {"title": "新品X性能数据", "why": "客户在问"}


async def test_what_is_wrong_stands_beside_its_field_and_the_form_stays(desk):
    answers(desk.core, form=FORM)
    await desk.slack.slash("ann", desk.place, "/request", "x")
    await desk.slack.wait_view("ann")
    answers(desk.core, ok=False, toast="标题太长", errors={"title": "标题太长"})
    sent = await desk.slack.submit("ann", {"field:title": "x"})
    assert sent.ack_payload == {"response_action": "errors", "errors": {"field:title": "标题太长"}}


async def test_what_is_wrong_with_the_whole_form_is_shown_on_top_of_it(desk):
    answers(desk.core, form=FORM)
    await desk.slack.slash("ann", desk.place, "/request", "x")
    await desk.slack.wait_view("ann")
    answers(desk.core, ok=False, toast="这条请求已撤回")
    sent = await desk.slack.submit("ann", {"field:title": "x"})
    assert sent.outcome["result"] == "pushed"
    top = (await desk.slack.views("ann"))[-1]
    assert "这条请求已撤回" in json.dumps(top.view, ensure_ascii=False)


async def test_a_form_that_takes_longer_says_so_and_tells_the_end_in_the_same_place(socket):
    answers(socket.core, form=FORM)
    await socket.slack.slash("ann", socket.place, "/request", "x")
    await socket.slack.wait_view("ann")
    answers(socket.core, toast="R-1 已发起")
    socket.core.gate.clear()
    sent = await socket.slack.submit("ann", {"field:title": "x"})
    assert (sent.status, sent.outcome["result"]) == ("acked", "pushed")
    socket.core.gate.set()

    def told():
        screens = [screen for screen in socket.slack.workspace.screens.values() if screen.user == socket.ann]
        return any("R-1 已发起" in json.dumps(screen.view, ensure_ascii=False) for screen in screens)

    await socket.slack.wait_for(told, 5, "the end")


async def sent_slowly(office, **answer):
    """A form that the core has in hand for longer than Slack waits; then it answers."""
    answers(office.core, form=FORM)
    await office.slack.slash("ann", office.place, "/request", "x")
    await office.slack.wait_view("ann")
    answers(office.core, **answer)
    office.core.gate.clear()
    sent = await office.slack.submit("ann", {"field:title": "x"})
    assert sent.outcome["result"] == "pushed"
    office.core.gate.set()


async def shown_on_top(slack, words):
    """The person's newest modal, once it says so."""

    def top():
        screens = list(slack.workspace.screens.values())
        return screens and words in json.dumps(screens[-1].view, ensure_ascii=False) and screens[-1].view

    return await slack.wait_for(top, 5, words)


async def test_a_form_that_takes_longer_and_is_answered_by_a_card_ends_its_waiting(socket):
    await sent_slowly(socket, card=CARD)
    (private,) = await socket.slack.wait_ephemerals(1)
    assert "R-1" in private.words
    assert (await shown_on_top(socket.slack, "答复见聊天"))["clear_on_close"]


async def test_a_form_that_takes_longer_and_is_refused_keeps_what_was_filled_in(socket):
    await sent_slowly(socket, ok=False, toast="这条请求已撤回")
    assert not (await shown_on_top(socket.slack, "这条请求已撤回"))["clear_on_close"]


async def test_a_modal_that_slack_shows_late_is_ended_all_the_same(socket):
    await socket.slack.add_fault("error", "views.update", code="not_found")
    await sent_slowly(socket, toast="R-1 已发起")
    await shown_on_top(socket.slack, "R-1 已发起")
    assert not await socket.slack.ephemerals()


async def test_a_form_that_was_in_hand_at_a_stop_ends_its_waiting_after_the_next_start(tmp_path):
    async with FakeSlack() as slack:
        ann = await slack.create_user("ann")
        place = await slack.create_channel("newx", [ann])
        core = Core()
        async with running(slack, core, tmp_path / "events") as adapter:
            office = Office(slack, adapter, core, ann, ann, place)
            answers(core, form=FORM)
            await slack.slash("ann", place, "/request", "x")
            await slack.wait_view("ann")
            core.gate.clear()
            await slack.submit("ann", {"field:title": "x"})
        async with running(slack, Core(answer=lambda event: Answer(toast="R-1 已发起")), tmp_path / "events"):
            await shown_on_top(office.slack, "R-1 已发起")


async def test_a_form_that_comes_twice_is_answered_once(desk):
    answers(desk.core, form=FORM)
    await desk.slack.slash("ann", desk.place, "/request", "x")
    await desk.slack.wait_view("ann")
    answers(desk.core, toast="R-1 已发起")
    await desk.slack.duplicate_next()
    await desk.slack.submit("ann", {"field:title": "x"})
    await desk.slack.wait_answered()
    await desk.slack.slash("bob", desk.place, "/request", "y")
    await desk.slack.wait_ephemerals(1, user=desk.bob)
    assert len(await desk.slack.ephemerals(user=desk.ann)) == 1


async def test_an_act_whose_answer_cannot_be_shown_is_not_done_again_at_the_next_start(tmp_path):
    journal = tmp_path / "events"
    async with office("socket", journal) as first:
        answers(first.core, card=Card("R-1", image=object()))
        await first.slack.slash("ann", first.place, "/request", "x")
        await first.slack.slash("bob", first.place, "/request", "y")
    async with office("socket", journal) as second:
        await second.slack.slash("ann", second.place, "/request", "z")
        await second.slack.wait_ephemerals(1)
        assert [event.text for event in second.core.events] == ["z"]


@pytest.mark.slow
async def test_a_direct_answer_whose_fate_stays_unknown_for_a_while_is_there_once(socket):
    direct = await socket.slack.dm("ann")
    await socket.slack.add_fault("cut", "chat.postMessage", when="after")
    await socket.slack.add_fault("ratelimit", "conversations.history", retry_after=0)
    await socket.slack.say("ann", direct, "x")
    await socket.slack.wait_calls("conversations.history", 2, timeout=15)
    await socket.slack.say("ann", direct, "y")
    await socket.slack.wait_messages(direct, 2)
    assert ["好的" in message.words for message in await socket.slack.messages(direct)] == [True, True]


async def test_a_mention_has_no_trigger_so_the_form_is_behind_a_button(desk):
    answers(desk.core, form=FORM)
    await desk.slack.say("ann", desk.place, "@bot request @研发部 数据")
    (private,) = await desk.slack.wait_ephemerals(1)
    await desk.slack.click("ann", desk.place, private.ts, action_id="again")
    await desk.slack.wait_view("ann")
    first, second = desk.core.events
    assert isinstance(second, Say)
    assert (second.text, second.command, second.user) == (first.text, first.command, desk.ann)


async def test_an_expired_trigger_leaves_a_button_that_opens_the_form(socket):
    answers(socket.core, form=FORM)
    await socket.slack.add_fault("error", "views.open", code="expired_trigger_id")
    await socket.slack.slash("ann", socket.place, "/request", "@研发部 数据")
    (private,) = await socket.slack.wait_ephemerals(1)
    assert FORM.title in private.words
    await socket.slack.click("ann", socket.place, private.ts, action_id="again")
    await socket.slack.wait_view("ann")


async def test_an_act_that_goes_on_in_a_direct_message_is_still_about_the_place_where_it_began(socket):
    answers(socket.core, form=FORM)
    await socket.slack.add_fault("error", "views.open", code="expired_trigger_id")
    await socket.slack.add_fault("status", "response_url", code=404)
    await socket.slack.add_fault("error", "chat.postEphemeral", code="user_not_in_channel")
    await socket.slack.slash("ann", socket.place, "/request", "@研发部 数据")
    direct = await socket.slack.dm("ann")
    (offer,) = await socket.slack.wait_messages(direct, 1)
    await socket.slack.click("ann", direct, offer.ts, action_id="again")
    screen = await socket.slack.wait_view("ann")
    first, second = socket.core.events
    assert (second.chat, second.direct, second.text) == (first.chat, False, first.text)
    assert json.loads(screen.view["private_metadata"])["chat"] == socket.place


async def test_an_answer_does_not_wait_to_learn_where_the_bot_is(socket):
    await socket.slack.add_fault("latency", "conversations.info", ms=30_000)
    await socket.slack.slash("ann", socket.place, "/request", "x")
    (private,) = await socket.slack.wait_ephemerals(1)
    assert "/invite" not in private.words


async def test_an_unclear_modal_is_not_opened_twice(socket):
    answers(socket.core, form=FORM)
    await socket.slack.add_fault("cut", "views.open", when="after")
    await socket.slack.slash("ann", socket.place, "/request", "x")
    await socket.slack.wait_for(lambda: len([c for c in socket.slack.api.calls if c.method == "views.open"]) == 2)
    assert len(await socket.slack.views("ann")) == 1
    assert not await socket.slack.ephemerals()


# --- home and long cards -----------------------------------------------------------------------------


async def test_the_home_tab_shows_what_the_core_says_of_me(desk):
    answers(desk.core, card=CARD)
    await desk.slack.open_home("ann")
    await desk.slack.wait_for(lambda: desk.slack.homes.get(desk.ann), 5, "the home tab")
    assert "R-1 新品X性能数据" in json.dumps(desk.slack.homes[desk.ann], ensure_ascii=False)
    (asked,) = desk.core.events
    assert (asked.command, asked.direct, asked.chat) == ("status", True, await desk.slack.dm("ann"))


async def test_a_click_in_the_home_tab_happens_in_the_one_to_one_chat(desk):
    answers(desk.core, card=CARD)
    await desk.slack.open_home("ann")
    await desk.slack.wait_for(lambda: desk.slack.homes.get(desk.ann), 5, "the home tab")
    answers(desk.core, toast="已受理")
    view = desk.slack.homes[desk.ann]
    await desk.slack.click("ann", view_id=view["id"], label="受理")
    await desk.slack.wait_view("ann")
    click = desk.core.events[-1]
    assert (click.chat, click.direct) == (await desk.slack.dm("ann"), True)


async def test_a_long_card_is_whole_behind_its_button(desk):
    long = Card("R-1", body=tuple((Span(f"第{n}段 " + "很长的说明。" * 60),) for n in range(60)), item="R-1")
    await desk.adapter.post(target(desk.place), long, key="k")
    (message,) = await desk.slack.messages(desk.place)
    answers(desk.core, card=long)
    await desk.slack.click("ann", desk.place, message.ts, action_id="more")
    screen = await desk.slack.wait_view("ann")
    assert desk.core.events[-1].button == SHOW_ALL
    assert "第0段" in json.dumps(screen.view, ensure_ascii=False)


# --- what is refused ---------------------------------------------------------------------------------


async def test_another_workspace_is_not_served_and_told_so(desk):
    sent = await desk.slack.send(
        "slash_commands",
        {"command": "/request", "text": "x", "team_id": "T9", "user_id": "U9", "channel_id": "C9", "trigger_id": "1.2"},
    )
    assert desk.core.events == []
    assert "没有安装" in sent.ack_payload["text"]
    assert sent.ack_payload["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions"},
        {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t", "actions": []},
        {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t", "actions": ["x", 3, None]},
        {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t", "actions": 5},
        {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t", "actions": [{"action_id": "again", "value": "[" * 2000}]},
        {"type": "view_submission", "user": {"id": "U1"}, "view": {"id": "V1", "private_metadata": "[" * 2900}},
        {"type": "block_actions", "user": "U1", "trigger_id": 7, "actions": [{"action_id": "act:0", "value": "x"}]},
        {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t", "actions": [{"action_id": "act:0"}]},
        {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t", "actions": [{"action_id": "again", "value": "{"}]},
        {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t", "actions": [{"action_id": "again", "value": '{"say": 3}'}]},
        {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t", "actions": [{"action_id": "page:x", "value": "1"}]},
        {"type": "view_submission", "user": {"id": "U1"}, "view": {"id": "V1", "private_metadata": "}{"}},
        {"type": "view_submission", "user": {"id": "U1"}, "view": {"id": "V1", "private_metadata": "[]"}},
        {"type": "shortcut", "user": {"id": "U1"}},
        {},
    ],
)  # fmt: skip
async def test_a_forged_payload_is_acknowledged_and_does_nothing(socket, payload):
    sent = await socket.slack.send("interactive", payload)
    assert sent.status == "acked"
    assert socket.core.events == []


@pytest.mark.parametrize(
    ("secret", "age", "status"),
    [
        ("right", 0, 200),
        ("right", 240, 200),
        ("right", 360, 401),
        ("right", -360, 401),
        ("wrong", 0, 401),
        ("", 0, 401),
    ],
)
async def test_a_request_counts_only_if_slack_signed_it_a_moment_ago(secret, age, status):
    async with FakeSlack(mode="http", signing_secret="right") as slack:
        core = Core()
        async with running(slack, core), ClientSession() as session:
            form = {"command": "/request", "text": "x", "user_id": "U1", "channel_id": "C1", "trigger_id": "1.2"}
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= signed(secret, urlencode(form), at=time.time() - age)
            async with session.post(slack.request_url, data=urlencode(form), headers=headers) as response:
                assert response.status == status
            if status == 200:
                await core.came.wait()
        assert len(core.events) == (status == 200)


def target(chat: str) -> Target:
    return Target(chat=chat)


async def test_two_people_at_once_are_both_answered(desk):
    await asyncio.gather(
        desk.slack.slash("ann", desk.place, "/request", "a"), desk.slack.slash("bob", desk.place, "/request", "b")
    )
    await desk.slack.wait_ephemerals(2)
    assert {e.text for e in desk.core.events} == {"a", "b"}


async def test_while_the_database_is_away_an_acknowledged_act_is_tried_again(socket):
    answered = iter([Answer(ok=False, toast="数据库忙", busy=True), Answer(toast="R-1 已发起")])
    socket.core.answer = lambda event: next(answered)
    await socket.slack.slash("ann", socket.place, "/request", "x")
    (private,) = await socket.slack.wait_ephemerals(1)
    assert "R-1 已发起" in private.words


async def test_after_a_click_the_home_tab_is_as_it_is_now(desk):
    answers(desk.core, card=CARD)
    await desk.slack.open_home("ann")
    await desk.slack.wait_for(lambda: desk.slack.homes.get(desk.ann), 5, "the home tab")
    view = desk.slack.homes[desk.ann]
    answers(desk.core, card=Card("R-1 已受理", item="R-1"))
    await desk.slack.click("ann", view_id=view["id"], label="受理")
    await desk.slack.wait_for(lambda: "已受理" in json.dumps(desk.slack.homes[desk.ann], ensure_ascii=False), 5, "news")


async def test_a_command_typed_to_a_colleague_is_answered_there(socket):
    between = socket.slack.workspace.id("D")
    socket.slack.workspace.channels[between] = Channel(between, "directmessage", [socket.ann, socket.bob], private=True)
    await socket.slack.slash("ann", between, "/request", "x")
    (private,) = await socket.slack.wait_ephemerals(1)
    assert (private.channel, private.user) == (between, socket.ann)
