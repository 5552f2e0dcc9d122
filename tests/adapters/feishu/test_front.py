"""Everything that comes from Feishu is acknowledged in time, done once, and answered to the person alone."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from adapters.base import Target
from adapters.feishu import values
from adapters.journal import Journal
from commands.chat import (
    SHOW_ALL,
    Answer,
    Button,
    Card,
    Click,
    FieldKind,
    Form,
    FormField,
    Image,
    Option,
    Say,
    Span,
    Submit,
)
from support.feishu import FakeFeishu
from tests.adapters.feishu.office import Core, office, running

CARD = Card("R-1 新品X性能数据", buttons=(Button("request.accept?id=R-1", "受理"),), item="R-1")
FORM = Form(
    "request.new#feishu:oc_1#n1",
    "发起协作请求",
    (FormField("title", "标题", FieldKind.TEXT, required=True), FormField("why", "原因", FieldKind.MULTILINE)),
    "发起",
)


def answers(core: Core, **answer) -> None:
    core.answer = lambda event: Answer(**answer)


async def posted(office, card=CARD):
    """The card in the group."""
    return await office.adapter.post(Target(chat=office.place), card, key="k")


async def asked(office, form=FORM):
    """The card of a form that ann asked for in the group."""
    answers(office.core, form=form)
    await office.feishu.say(office.ann, office.place, "@bot /request")
    (card,) = await office.feishu.wait_messages("ann", 1, contains=form.title)
    return card.id


# --- what the core gets ------------------------------------------------------------------------------


async def test_a_mention_reaches_the_core_with_its_person_chat_and_words(desk):
    said = await desk.feishu.say(desk.ann, desk.place, f"@bot /request @研发部 <@{desk.bob}> 数据")
    assert said.status == "acked"
    await desk.feishu.wait_messages("ann", 1, contains="好的")
    (event,) = desk.core.events
    assert (event.platform, event.user, event.chat, event.direct) == ("feishu", desk.ann, desk.place, False)
    assert event.text == f"/request @研发部 <@{desk.bob}> 数据"


async def test_in_the_one_to_one_chat_no_mention_is_needed(desk):
    await desk.feishu.say(desk.ann, "ann", "受理 R-2")
    await desk.feishu.wait_messages("ann", 1, contains="好的")
    (event,) = desk.core.events
    assert (event.text, event.chat, event.direct) == ("受理 R-2", desk.feishu.direct("ann"), True)


async def test_an_entry_of_the_menu_is_a_command_in_the_one_to_one_chat(desk):
    assert (await desk.feishu.menu(desk.ann, "status")).status == "acked"
    await desk.feishu.wait_messages("ann", 1, contains="好的")
    (event,) = desk.core.events
    assert (event.text, event.direct) == ("/status", True)


async def test_a_large_post_in_parts_is_one_message(socket):
    socket.feishu.sockets.parts = 3
    await socket.feishu.say(socket.ann, socket.place, "@bot /request " + "数据" * 500, rich=True)
    await socket.feishu.wait_messages("ann", 1)
    assert socket.core.events[0].text == "/request " + "数据" * 500


@pytest.mark.parametrize("group", [True, False])
async def test_a_click_knows_whether_its_chat_is_one_to_one(webhook, group):
    target = Target(chat=webhook.place) if group else Target(user=webhook.ann)
    message = await webhook.adapter.post(target, CARD, key="k")
    await webhook.feishu.click(webhook.ann, message, label="受理")
    (click,) = webhook.core.events
    assert isinstance(click, Click)
    assert (click.button, click.message, click.direct) == ("request.accept?id=R-1", message, not group)


async def test_many_who_click_at_once_cost_one_question_about_the_chat(webhook):
    message = await posted(webhook)
    clicks = (webhook.feishu.click(webhook.ann, message, label="受理") for _ in range(20))
    assert {click.status for click in await asyncio.gather(*clicks)} == {"acked"}
    assert len(webhook.feishu.calls("GET im/v1/chats/:id")) == 1


async def test_about_a_chat_in_which_we_wrote_to_a_person_nobody_is_asked(webhook):
    message = await webhook.adapter.post(Target(user=webhook.ann), CARD, key="k")
    await webhook.feishu.click(webhook.ann, message, label="受理")
    assert [click.direct for click in webhook.core.events] == [True]
    assert not webhook.feishu.calls("GET im/v1/chats/:id")


async def test_a_chat_that_nobody_tells_about_in_time_is_taken_for_a_group(webhook):
    webhook.feishu.add_fault("error", "GET im/v1/chats/:id", code=232006)
    context = {"open_message_id": "om_of_long_ago", "open_chat_id": webhook.feishu.direct(webhook.ann)}
    told = {"operator": {"open_id": webhook.ann}, "action": {"value": values.act("x")}, "context": context}
    for _ in range(2):
        await webhook.feishu.event("card.action.trigger", told)
    assert [click.direct for click in webhook.core.events] == [False, True]


# --- acknowledged in time ----------------------------------------------------------------------------


async def test_it_is_acknowledged_though_the_core_hangs_and_answered_when_it_goes_on(desk):
    desk.core.gate.clear()
    said = await desk.feishu.say(desk.ann, desk.place, "@bot x")
    assert said.status == "acked"
    assert not desk.feishu.messages("ann")
    desk.core.gate.set()
    await desk.feishu.wait_messages("ann", 1, contains="好的")


async def test_it_is_acknowledged_though_feishus_own_api_is_broken(webhook):
    webhook.feishu.add_fault("ratelimit", times=None)
    assert (await webhook.feishu.say(webhook.ann, webhook.place, "@bot x")).status == "acked"
    await webhook.feishu.wait_calls("POST im/v1/messages*", ok=False)
    webhook.feishu.clear_faults()
    await webhook.feishu.wait_messages("ann", 1, contains="好的")


async def test_a_core_that_fails_leaves_nothing_unanswered(desk):
    message = await posted(desk)

    def fails(event):
        raise RuntimeError("no")

    desk.core.answer = fails
    assert (await desk.feishu.say(desk.ann, desk.place, "@bot x")).status == "acked"
    click = await desk.feishu.click(desk.ann, message, label="受理")
    assert (click.status, click.toast) == ("acked", {"type": "error", "content": "未完成"})


# --- done once ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fresh", [False, True])
async def test_a_message_that_comes_twice_is_acknowledged_twice_and_done_once(desk, fresh):
    desk.feishu.duplicate_next(fresh=fresh)
    await desk.feishu.say(desk.ann, desk.place, "@bot x")
    await desk.feishu.say(desk.ann, desk.place, "@bot y")
    await desk.feishu.wait_messages("ann", 2)
    assert [event.text for event in desk.core.events] == ["x", "y"]
    await desk.feishu.wait_answered()
    assert not desk.feishu.unanswered()


async def test_a_message_whose_acknowledgement_was_lost_is_done_once(webhook):
    webhook.feishu.drop_acks(1)
    async with office("webhook", ack_timeout=0.1) as second:
        second.feishu.drop_acks(1)
        said = await second.feishu.say(second.ann, second.place, "@bot x")
        assert (said.status, said.attempts) == ("acked", 1)
        await second.feishu.wait_messages("ann", 1)
        assert len(second.core.events) == 1


async def test_a_repetition_after_a_restart_is_done_once_and_answered_once(tmp_path):
    async with FakeFeishu(mode="webhook") as feishu:
        ann = feishu.create_user("ann")
        core = Core()
        async with running(feishu, core, tmp_path / "events"):
            said = await feishu.say(ann, "ann", "x")
            await feishu.wait_messages("ann", 1)
        async with running(feishu, core, tmp_path / "events"):
            assert (await feishu.redeliver(said, fresh=True)).status == "acked"
            await feishu.say(ann, "ann", "y")
            await feishu.wait_messages("ann", 2)
        assert [event.text for event in core.events] == ["x", "y"]


async def test_what_was_acknowledged_and_not_done_is_done_after_the_next_start(tmp_path):
    async with FakeFeishu(mode="webhook") as feishu:
        ann = feishu.create_user("ann")
        deaf, awake = Core(), Core()
        deaf.gate.clear()
        async with running(feishu, deaf, tmp_path / "events"):
            assert (await feishu.say(ann, "ann", "x")).status == "acked"
            await deaf.came.wait()
        async with running(feishu, awake, tmp_path / "events"):
            await feishu.wait_messages("ann", 1, contains="好的")
        assert (deaf.events, [event.text for event in awake.events]) == ([], ["x"])


# --- answers in words ----------------------------------------------------------------------------------


async def test_an_answer_is_for_the_person_alone_and_the_group_sees_a_sign(webhook):
    answers(webhook.core, card=CARD)
    said = await webhook.feishu.say(webhook.ann, webhook.place, "@bot show R-1")
    (private,) = await webhook.feishu.wait_messages("ann", 1)
    assert "R-1 新品X性能数据" in private.words
    assert private.buttons == ["受理"]
    assert not webhook.feishu.messages(webhook.place)
    await webhook.feishu.wait_for(lambda: said.message.reactions == ["DONE"])


async def test_a_refusal_gets_another_sign(webhook):
    answers(webhook.core, ok=False, toast="这条请求已撤回")
    said = await webhook.feishu.say(webhook.ann, webhook.place, "@bot x")
    await webhook.feishu.wait_messages("ann", 1, contains="这条请求已撤回")
    await webhook.feishu.wait_for(lambda: said.message.reactions == ["Get"])


async def test_words_stay_words(webhook):
    answers(webhook.core, toast="<at id=all></at> **x** [y](https://evil.cn)")
    await webhook.feishu.say(webhook.ann, "ann", "x")
    (private,) = await webhook.feishu.wait_messages("ann", 1)
    assert "<at id=all></at> **x** [y](https://evil.cn)" in private.words
    assert (private.at_all, private.mentions, private.links) == (False, [], [])


@pytest.mark.parametrize("state", [{"available": False}, {"blocked": True}, {"resigned": True}])
async def test_who_cannot_be_written_to_reads_in_the_group_that_there_is_an_answer_and_nothing_of_it(webhook, state):
    answers(webhook.core, card=CARD)
    webhook.feishu.set_user("ann", **state)
    said = await webhook.feishu.say(webhook.ann, webhook.place, "@bot show R-1")
    (reply,) = await webhook.feishu.wait_messages(webhook.place, 1)
    assert reply.parent == said.message.id
    assert "单聊" in reply.words
    assert "R-1" not in reply.words


async def test_a_person_of_another_organisation_is_told_so_and_nothing_is_done(webhook):
    """As in a group that two organisations share."""
    message = await posted(webhook)
    mention = {"key": "@_user_1", "id": {"open_id": webhook.feishu.bot}}
    said = {"message_id": "om_x", "chat_id": webhook.place, "chat_type": "group", "create_time": "1", "content": "{}"}
    sender = {"sender_id": {"open_id": webhook.bob}, "sender_type": "user", "tenant_key": "t_other"}
    await webhook.feishu.event("im.message.receive_v1", {"sender": sender, "message": said | {"mentions": [mention]}})
    await webhook.feishu.wait_messages("bob", 1, contains="另一个组织")
    context = {"open_message_id": message, "open_chat_id": webhook.place}
    told = {"operator": {"open_id": webhook.bob, "tenant_key": "t_other"}, "context": context}
    pressed = {"action": {"value": values.act("request.accept?id=R-1")}, **told}
    click = await webhook.feishu.event("card.action.trigger", pressed, message=message)
    assert "另一个组织" in click.toast["content"]
    assert webhook.core.events == []


# --- clicks ------------------------------------------------------------------------------------------


async def test_a_click_is_answered_by_a_toast(desk):
    message = await posted(desk)
    answers(desk.core, toast="张伟 已受理")
    click = await desk.feishu.click(desk.ann, message, label="受理")
    assert click.toast == {"type": "success", "content": "张伟 已受理"}
    answers(desk.core, ok=False, toast="只有牵头部门可以受理")
    click = await desk.feishu.click(desk.bob, message, label="受理")
    assert click.toast == {"type": "error", "content": "只有牵头部门可以受理"}
    assert not desk.feishu.messages("ann") and not desk.feishu.messages("bob")


async def test_what_is_longer_than_a_toast_is_said_in_the_chat_as_well(webhook):
    message = await posted(webhook)
    answers(webhook.core, ok=False, toast="很长的话" * 50)
    click = await webhook.feishu.click(webhook.ann, message, label="受理")
    assert "很长的话" in click.toast["content"] and "单聊" in click.toast["content"]
    await webhook.feishu.wait_messages("ann", 1, contains="很长的话" * 50)


async def test_a_card_that_follows_a_click_in_a_group_is_in_the_one_to_one_chat_and_the_toast_says_so(webhook):
    message = await posted(webhook)
    answers(webhook.core, card=replace(CARD, title="全部内容"))
    click = await webhook.feishu.click(webhook.ann, message, label="受理")
    assert "单聊" in click.toast["content"]
    await webhook.feishu.wait_messages("ann", 1, contains="全部内容")
    assert len(webhook.feishu.messages(webhook.place)) == 1


async def test_a_click_that_takes_longer_says_so_and_is_answered_in_the_chat(impatient):
    message = await posted(impatient)
    impatient.core.gate.clear()
    click = await impatient.feishu.click(impatient.ann, message, label="受理")
    assert (click.status, click.toast["type"]) == ("acked", "info")
    impatient.core.gate.set()
    await impatient.feishu.wait_messages("ann", 1, contains="好的")


async def test_a_click_is_acknowledged_in_time_though_the_disk_is_slow(impatient):
    message = await posted(impatient)
    with ThreadPoolExecutor(1) as threads:  # what is written waits for the only thread
        asyncio.get_running_loop().set_default_executor(threads)
        free = threading.Event()
        threads.submit(free.wait)
        try:
            click = await impatient.feishu.click(impatient.ann, message, label="受理")
        finally:
            free.set()
        assert (click.status, click.toast["type"]) == ("acked", "info")
        await impatient.feishu.wait_messages("ann", 1, contains="好的")


async def test_an_answer_whose_acknowledgement_was_lost_is_told_in_the_chat(socket):
    message = await posted(socket)
    socket.core.gate.clear()
    click = asyncio.ensure_future(socket.feishu.click(socket.ann, message, label="受理"))
    await socket.core.came.wait()
    socket.feishu.drop_sockets()
    await socket.feishu.wait_for(lambda: not socket.feishu.sockets.connections or None)
    socket.core.gate.set()
    (private,) = await socket.feishu.wait_messages("ann", 1)
    assert "好的" in private.words
    assert (await click).status == "timeout"
    assert len(socket.core.events) == 1


async def test_a_slow_click_is_tried_again_while_the_database_is_busy(impatient):
    message = await posted(impatient)
    impatient.core.gate.clear()
    await impatient.feishu.click(impatient.ann, message, label="受理")
    said = iter([Answer(ok=False, toast="数据库忙", busy=True), Answer(toast="张伟 已受理")])
    impatient.core.answer = lambda event: next(said)
    impatient.core.gate.set()
    (private,) = await impatient.feishu.wait_messages("ann", 1)
    assert "张伟 已受理" in private.words


async def test_a_quick_no_because_the_database_is_busy_is_told_at_once_and_not_done_later(webhook):
    message = await posted(webhook)
    answers(webhook.core, ok=False, toast="数据库忙", busy=True)
    click = await webhook.feishu.click(webhook.ann, message, label="受理")
    assert click.toast == {"type": "error", "content": "数据库忙"}
    assert len(webhook.core.events) == 1


async def test_the_card_is_changed_after_the_click_is_answered(webhook):
    """Feishu refuses to change a card while a click on it waits."""
    message = await posted(webhook)
    webhook.core.gate.clear()
    click = asyncio.ensure_future(webhook.feishu.click(webhook.ann, message, label="受理"))
    await webhook.core.came.wait()
    edit = asyncio.ensure_future(
        webhook.adapter.edit(Target(chat=webhook.place), message, replace(CARD, title="已受理"))
    )
    webhook.core.gate.set()
    assert (await click).status == "acked"
    await edit
    assert "已受理" in webhook.feishu.messages(webhook.place)[0].words
    assert not webhook.feishu.calls("PATCH im/v1/messages*", ok=False)


async def test_two_clicks_are_two_events(webhook):
    message = await posted(webhook)
    for _ in range(2):
        await webhook.feishu.click(webhook.ann, message, label="受理")
    first, second = webhook.core.events
    assert first.key != second.key


@pytest.mark.parametrize("value", [None, "x", 7, {}, {"do": "act"}, {"do": "form", "form": 7}, {"do": "what"}])
async def test_a_forged_click_is_answered_and_nothing_is_done(desk, value):
    message = await posted(desk)
    action = {"tag": "button"} if value is None else {"tag": "button", "value": value}
    context = {"open_message_id": message, "open_chat_id": desk.place}
    told = {"operator": {"open_id": desk.ann}, "action": action, "context": context}
    click = await desk.feishu.event("card.action.trigger", told, message=message)
    assert (click.status, click.toast["type"]) == ("acked", "error")
    assert desk.core.events == []


@pytest.mark.parametrize("event", [{}, {"operator": 7, "action": "x", "context": []}, {"operator": {"open_id": None}}])
async def test_a_callback_without_person_or_message_is_answered_all_the_same(desk, event):
    click = await desk.feishu.event("card.action.trigger", event)
    assert click.status == "acked"
    assert desk.core.events == []


async def test_a_click_on_a_message_that_nobody_knows_reaches_the_core_which_knows_what_to_say(webhook):
    told = {"operator": {"open_id": webhook.ann}, "action": {"tag": "button", "value": values.whole()}}
    context = {"open_message_id": "om_nothing", "open_chat_id": "oc_nothing"}
    answers(webhook.core, ok=False, toast="没有这条消息")
    click = await webhook.feishu.event("card.action.trigger", {**told, "context": context})
    assert click.answer["toast"] == {"type": "error", "content": "没有这条消息"}
    assert webhook.core.events[0].button == SHOW_ALL


# --- forms -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unfilled", ["missing", "blank", "typed"])
async def test_a_form_is_filled_in_in_the_one_to_one_chat_and_becomes_the_answer(desk, unfilled):
    desk.feishu.people.unfilled = unfilled
    form = await asked(desk)
    answers(desk.core, card=CARD, toast="R-1 已发起")
    sent = await desk.feishu.submit(desk.ann, form, {"title": "新品X性能数据"})
    assert sent.toast == {"type": "success", "content": "R-1 已发起"}
    (card,) = desk.feishu.messages("ann")
    assert "R-1 新品X性能数据" in card.words
    assert card.buttons == ["受理"]
    submit = desk.core.events[-1]
    assert isinstance(submit, Submit)
    assert (submit.form, submit.chat, submit.direct) == (FORM.id, desk.place, False)
    assert dict(submit.values) == {"title": "新品X性能数据"}


async def test_a_form_that_follows_a_click_is_in_the_one_to_one_chat_and_the_toast_says_so(webhook):
    message = await posted(webhook)
    answers(webhook.core, form=FORM)
    click = await webhook.feishu.click(webhook.ann, message, label="受理")
    assert "表单" in click.toast["content"]
    (form,) = await webhook.feishu.wait_messages("ann", 1, contains="发起协作请求")
    await webhook.feishu.submit(webhook.ann, form.id, {"title": "x"})
    assert webhook.core.events[-1].chat == webhook.place


async def test_an_accepted_form_without_a_card_says_what_came_of_it(webhook):
    form = await asked(webhook)
    answers(webhook.core, toast="R-1 已发起")
    await webhook.feishu.submit(webhook.ann, form, {"title": "x"})
    (card,) = webhook.feishu.messages("ann")
    assert "发起协作请求" in card.words and "R-1 已发起" in card.words
    assert card.buttons == []


async def test_an_answer_of_several_messages_follows_its_form(webhook):
    form = await asked(webhook)
    long = Card("全部", body=tuple((Span("很长的一行" * 40),) for _ in range(60)))
    answers(webhook.core, card=long)
    await webhook.feishu.submit(webhook.ann, form, {"title": "x"})
    pages = await webhook.feishu.wait_messages("ann", 3)
    assert all("全部" in page.words for page in pages[1:])
    assert "发起协作请求" in pages[0].words


async def test_a_picture_follows_its_form(webhook):
    form = await asked(webhook)
    png = "data:image/png;base64,iVBORw0KGgo="
    answers(webhook.core, card=replace(CARD, image=Image(png, "甘特图")))
    await webhook.feishu.submit(webhook.ann, form, {"title": "x"})
    await webhook.feishu.wait_messages("ann", 2, contains="")
    assert len(webhook.feishu.organisation.images) == 1


async def test_a_refused_form_is_there_again_with_what_is_wrong_and_what_was_filled_in(webhook):
    form = await asked(webhook)
    title, why = FORM.fields
    again = replace(FORM, fields=(replace(title, value="x", error="标题太短"), replace(why, value="客户在问")))
    answers(webhook.core, ok=False, toast="标题太短", errors={"title": "标题太短"}, again=again)
    sent = await webhook.feishu.submit(webhook.ann, form, {"title": "x", "why": "客户在问"})
    assert sent.toast == {"type": "error", "content": "标题：标题太短"}
    (card,) = webhook.feishu.messages("ann")
    assert "标题太短" in card.words
    answers(webhook.core, toast="R-1 已发起")
    await webhook.feishu.submit(webhook.ann, form, {"title": "新品X性能数据", "why": "客户在问"})
    assert "R-1 已发起" in webhook.feishu.messages("ann")[0].words
    assert webhook.core.events[-1].key != webhook.core.events[-2].key


async def test_what_a_rule_refuses_stands_in_the_form_until_it_is_sent_again(webhook):
    form = await asked(webhook)
    answers(webhook.core, ok=False, toast="R-1 已由 陈静 受理", again=FORM)
    sent = await webhook.feishu.submit(webhook.ann, form, {"title": "x"})
    assert sent.toast == {"type": "error", "content": "R-1 已由 陈静 受理"}
    assert "R-1 已由 陈静 受理" in webhook.feishu.messages("ann")[0].words


async def test_a_refusal_of_the_whole_leaves_the_form_as_it_is(webhook):
    form = await asked(webhook)
    answers(webhook.core, ok=False, toast="数据库忙", busy=True)
    sent = await webhook.feishu.submit(webhook.ann, form, {"title": "x"})
    assert (sent.toast["content"], sent.replaced) == ("数据库忙", False)


async def test_a_form_that_takes_longer_says_so_and_tells_the_end_in_its_place(impatient):
    form = await asked(impatient)
    answers(impatient.core, toast="R-1 已发起")
    impatient.core.gate.clear()
    sent = await impatient.feishu.submit(impatient.ann, form, {"title": "x"})
    assert (sent.status, sent.toast["type"]) == ("acked", "info")
    impatient.core.gate.set()
    card = await impatient.feishu.wait_edit(form)
    assert "R-1 已发起" in card.words
    assert len(impatient.feishu.messages("ann")) == 1


async def test_a_form_whose_acknowledgement_was_lost_tells_in_its_place_what_came_of_it(socket):
    card = await asked(socket)
    answers(socket.core, toast="R-1 已发起")
    socket.core.came.clear()
    socket.core.gate.clear()
    sent = asyncio.ensure_future(socket.feishu.submit(socket.ann, card, {"title": "新品X"}))
    await socket.core.came.wait()
    socket.feishu.drop_sockets()
    await socket.feishu.wait_for(lambda: not socket.feishu.sockets.connections or None)
    socket.core.gate.set()
    await socket.feishu.wait_messages("ann", 1, contains="R-1 已发起")
    assert (await sent).status == "timeout"
    assert len(socket.feishu.messages("ann")) == 1


async def test_what_feishu_would_not_show_at_all_is_not_shown_after_the_next_start(tmp_path):
    async with office("webhook", tmp_path / "events") as desk:
        message = await posted(desk)
        answers(desk.core, form=FORM)
        desk.feishu.add_fault("error", "POST im/v1/messages", code=230099, times=2)
        await desk.feishu.click(desk.ann, message, label="受理")
        await desk.feishu.wait_calls("POST im/v1/messages", 2, ok=False)
        await desk.feishu.say(desk.ann, desk.ann, "/status")
        await desk.feishu.wait_messages("ann", 1)
    journal = Journal(tmp_path / "events")
    left = journal.open()
    journal.close()
    assert not left


async def test_a_form_of_a_process_that_died_is_done_by_the_next_one(tmp_path):
    async with FakeFeishu(mode="webhook") as feishu:
        ann = feishu.create_user("ann")
        first, second = Core(lambda event: Answer(form=FORM)), Core(lambda event: Answer(toast="R-1 已发起"))
        async with running(feishu, first, tmp_path / "events", answer_within=0.2):
            await feishu.say(ann, "ann", "/request")
            (form,) = await feishu.wait_messages("ann", 1)
            first.gate.clear()
            assert (await feishu.submit(ann, form.id, {"title": "x"})).status == "acked"
        async with running(feishu, second, tmp_path / "events"):
            card = await feishu.wait_edit(form.id)
        assert "R-1 已发起" in card.words
        assert [type(event) for event in second.events] == [Submit]


async def test_a_form_sent_twice_at_once_is_answered_twice(webhook):
    form = await asked(webhook)
    answers(webhook.core, toast="R-1 已发起")
    both = await asyncio.gather(*(webhook.feishu.submit(webhook.ann, form, {"title": "x"}) for _ in range(2)))
    assert [sent.toast["content"] for sent in both] == ["R-1 已发起"] * 2


async def test_a_form_is_sent_and_closed_by_its_owner_alone(webhook):
    answers(webhook.core, form=FORM)
    await webhook.feishu.say(webhook.ann, webhook.place, "@bot /request")
    (form,) = await webhook.feishu.wait_messages("ann", 1)
    about = values.Form(FORM.id, webhook.place, False, webhook.bob, FORM.title)
    for value in (values.form(about), values.closing(about)):
        context = {"open_message_id": form.id, "open_chat_id": form.chat}
        told = {"operator": {"open_id": webhook.ann}, "action": {"value": value}, "context": context}
        sent = await webhook.feishu.event("card.action.trigger", told, message=form.id)
        assert sent.toast["type"] == "error"
        assert not sent.replaced
    assert len(webhook.core.events) == 1


async def test_a_form_that_is_not_wanted_closes(webhook):
    form = await asked(webhook)
    sent = await webhook.feishu.click(webhook.ann, form, label="暂不填写")
    assert sent.toast["type"] == "info"
    assert webhook.feishu.messages("ann")[0].buttons == []
    assert len(webhook.core.events) == 1


# --- questions ---------------------------------------------------------------------------------------

QUESTION = replace(CARD, title="R-1：是否紧急", is_question=True)


async def questioned(webhook, card=QUESTION):
    """The card that ann got when she typed something in the group."""
    answers(webhook.core, card=card)
    await webhook.feishu.say(webhook.ann, webhook.place, "@bot /request")
    (found,) = await webhook.feishu.wait_messages("ann", 1, contains=card.title)
    return found.id


async def test_a_question_that_is_answered_has_no_buttons_any_more(webhook):
    asked = await questioned(webhook)
    answers(webhook.core, toast="已发起 R-1。")
    sent = await webhook.feishu.click(webhook.ann, asked, label="受理")
    (message,) = webhook.feishu.messages("ann")
    assert (sent.toast["type"], message.buttons) == ("success", [])
    assert "R-1：是否紧急" in message.words and "已发起 R-1。" in message.words


@pytest.mark.parametrize("answer", [{"ok": False, "toast": "您不能操作。"}, {"form": FORM}])
async def test_a_question_that_is_not_answered_stays(webhook, answer):
    asked = await questioned(webhook)
    answers(webhook.core, **answer)
    await webhook.feishu.click(webhook.ann, asked, label="受理")
    assert webhook.feishu.messages("ann")[0].buttons != []


async def test_a_card_that_asks_nothing_stays_when_something_on_it_is_done(webhook):
    shown = await questioned(webhook, CARD)
    answers(webhook.core, toast="已知悉。")
    await webhook.feishu.click(webhook.ann, shown, label="受理")
    assert webhook.feishu.messages("ann")[0].buttons != []


# --- forms that are not sent -------------------------------------------------------------------------


async def test_a_form_with_a_person_whom_feishu_does_not_know_offers_names(webhook):
    options = (Option("ann", "安", user=webhook.ann), Option("old", "旧", user="ou_" + "f" * 32))
    person = FormField("who", "谁", FieldKind.PERSON, options=options)
    form = await asked(webhook, replace(FORM, fields=(person,)))
    answers(webhook.core, toast="好的")
    await webhook.feishu.submit(webhook.ann, form, {"who": "old"})
    assert webhook.core.events[-1].values == {"who": "old"}


async def test_a_form_that_feishu_does_not_take_for_another_reason_leaves_the_others_as_they_are(webhook):
    person = FormField("who", "谁", FieldKind.PERSON, options=(Option("ann", "安", user=webhook.ann),))
    webhook.feishu.add_fault("error", "POST im/v1/messages", code=230022, times=2)
    answers(webhook.core, form=replace(FORM, fields=(person,)))
    await webhook.feishu.say(webhook.ann, webhook.ann, "x")
    await webhook.feishu.wait_calls("POST im/v1/messages", 2, ok=False)
    form = await asked(webhook, replace(FORM, fields=(person,)))
    answers(webhook.core, toast="好的")
    await webhook.feishu.submit(webhook.ann, form, {"who": webhook.ann})
    assert webhook.core.events[-1].values == {"who": webhook.ann}


@pytest.mark.parametrize(
    ("answer", "refusals", "instead"),
    [
        ({"toast": "敏感词"}, 1, "拒绝显示"),
        ({"card": CARD}, 1, "新品X性能数据"),  # in plain words
        ({"card": CARD}, 2, "拒绝显示"),
        ({"form": FORM}, 2, "再输入一次"),
    ],
    ids=["words", "card", "card and its words", "form"],
)
async def test_an_answer_that_feishu_refuses_for_its_words_leaves_nobody_without_one(
    webhook, answer, refusals, instead
):
    webhook.feishu.add_fault("error", "POST im/v1/messages", times=refusals, code=230022)
    answers(webhook.core, **answer)
    await webhook.feishu.say(webhook.ann, "ann", "/request")
    (told,) = await webhook.feishu.wait_messages("ann", 1)
    assert instead in told.words


# --- groups ------------------------------------------------------------------------------------------


async def test_a_group_that_the_bot_comes_into_is_greeted_and_the_core_is_told(desk):
    group = desk.feishu.create_group("later", [desk.ann])
    assert (await desk.feishu.add_bot(group, desk.ann)).status == "acked"
    (welcome,) = await desk.feishu.wait_messages(group, 1)
    assert "@接口人 /request" in welcome.words
    assert "I keep requests between departments on track" in str(welcome.content)
    assert desk.groups.told == [("entered", group)]


async def test_a_person_who_opens_the_chat_for_the_first_time_is_greeted(webhook):
    await webhook.feishu.enter(webhook.ann)
    await webhook.feishu.wait_messages("ann", 1, contains="/help")


@pytest.mark.parametrize("way", ["remove_bot", "dissolve"])
async def test_the_core_is_told_of_a_group_that_the_bot_has_to_leave(webhook, way):
    assert (await getattr(webhook.feishu, way)(webhook.place, webhook.ann)).status == "acked"
    await webhook.feishu.wait_for(lambda: webhook.groups.told)
    ((what, chat, _),) = webhook.groups.told
    assert (what, chat) == ("left", webhook.place)


async def test_what_is_for_another_app_is_acknowledged_and_nothing_else(desk):
    desk.feishu.post.app_id = "cli_other"
    with capture_logs() as logs:
        assert (await desk.feishu.say(desk.ann, desk.place, "@bot x")).status == "acked"
    assert "foreign_app" in [one["event"] for one in logs]
    assert desk.core.events == []


async def test_no_token_is_kept_or_logged(tmp_path):
    token = "t0ken"
    header = {"event_id": "ev_1", "token": token, "event_type": "im.message.receive_v1", "app_id": "cli_other"}
    async with office("websocket", tmp_path / "events") as desk:
        message = await posted(desk)
        with capture_logs() as logs:
            async with desk.adapter._take({"schema": "2.0", "header": header, "event": {}}):
                pass
        told = {
            "operator": {"open_id": desk.ann},
            "token": token,
            "action": {"tag": "button", "value": values.act("x")},
            "context": {"open_message_id": message, "open_chat_id": desk.place},
        }
        await desk.feishu.event("card.action.trigger", told, message=message)
        assert [entry["event"] for entry in logs] == ["foreign_app"]
        assert token not in str(logs)
        kept = (tmp_path / "events").read_text()
    assert "card.action.trigger" in kept and token not in kept


async def test_other_events_are_acknowledged(desk):
    for kind in ("im.message.message_read_v1", "im.chat.updated_v1"):
        assert (await desk.feishu.event(kind, {"chat_id": desk.place})).status == "acked"
    assert desk.core.events == []


async def test_what_somebody_says_is_not_in_the_log(desk):
    with capture_logs() as logs:
        await desk.feishu.say(desk.ann, desk.place, "@bot 秘密的话")
        await desk.feishu.wait_messages("ann", 1)
    assert "秘密的话" not in str(logs)
    assert isinstance(desk.core.events[0], Say)
