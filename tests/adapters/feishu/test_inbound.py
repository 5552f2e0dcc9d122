"""What Feishu sends, as events; forged and missing parts are nothing to us and no error."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from adapters.feishu import inbound, values
from adapters.feishu.inbound import Act, Arrived, Back, Dismissed, Left, Me, Puzzle
from commands.chat import SHOW_ALL, Click, Say, Submit

ME = Me("cli_a", "ou_bot", "接口人")
ANN, BOB = "ou_ann", "ou_bob"


def event(kind, event, **header):
    told = {"event_id": "e1", "event_type": kind, "app_id": "cli_a", "tenant_key": "t1", **header}
    return {"schema": "2.0", "header": told, "event": event}


def mention(number, id, name="", kind="user"):
    return {"key": f"@_user_{number}", "id": {"open_id": id}, "name": name, "mentioned_type": kind}


BOT = mention(1, "ou_bot", "接口人", "bot")


def message(text="", *, kind="text", content=None, mentions=(BOT,), direct=False, sender=None, **more):
    content = {"text": text} if content is None else content
    about = {"message_id": "om_1", "chat_id": "oc_1", "chat_type": "p2p" if direct else "group", "create_time": "1700"}
    said = {**about, "message_type": kind, "content": json.dumps(content), "mentions": list(mentions), **more}
    who = {"sender_id": {"open_id": ANN}, "sender_type": "user", "tenant_key": "t1", **(sender or {})}
    return event("im.message.receive_v1", {"sender": who, "message": said})


def said(body):
    act = inbound.read(body, ME)
    assert isinstance(act, Act)
    assert isinstance(act.event, Say)
    return act.event


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("@_user_1 /request 数据", "/request 数据"),
        ("@_user_1/request 数据", "/request 数据"),
        ("/request 数据 @_user_1", "/request 数据"),
        ("@_user_1 ／request　数据", "/request 数据"),
        ("@_user_1\u00a0/request\u200b 数据", "/request 数据"),
        ("@_all @_user_1 /status", "/status"),
        ("@_user_1 @_all /status", "/status"),
        ("@_user_1 @_user_2 受理 R-1", f"<@{BOB}> 受理 R-1"),
        ("@_user_1 问@_user_2数据", f"问<@{BOB}>数据"),
        ("@_user_1 @_user_12 好", "<@ou_twelve> 好"),
        ("@_user_1 @_user_3 好", "@助手 好"),
        ("@接口人 @_user_1 /status", "/status"),
        ("@接口人们 @_user_1 /status", "@接口人们  /status"),
        ("@_user_1 <b>&lt;x&gt;</b> *y* [z](u)", "<b>&lt;x&gt;</b> *y* [z](u)"),
        ("@_user_1 标题\r\n正文\u202e", "标题\n正文"),
        ("@_user_1", ""),
    ],
)
def test_words_are_what_was_typed_without_the_mention_of_the_bot(typed, read):
    mentions = [BOT, mention(2, BOB, "bob"), mention(12, "ou_twelve", "十二"), mention(3, "ou_other", "助手", "bot")]
    assert said(message(typed, mentions=mentions)).text == read


def test_a_post_is_read_line_by_line_with_the_same_mentions():
    lines = [
        [{"tag": "at", "user_id": "@_user_1"}, {"tag": "text", "text": " /request 数据"}],
        [{"tag": "at", "user_id": "@_user_2"}, {"tag": "a", "text": "说明", "href": "https://x.cn/a"}, {"tag": "img"}],
        [{"tag": "md", "text": "**粗**"}, "forged", {"tag": "a", "text": "https://x.cn", "href": "https://x.cn"}],
        "forged",
    ]
    mentions = [BOT, mention(2, BOB, "bob")]
    read = f"/request 数据\n<@{BOB}>说明 (https://x.cn/a)\n**粗**https://x.cn"
    for content in ({"title": "", "content": lines}, {"zh_cn": {"title": "", "content": lines}}):
        assert said(message(kind="post", content=content, mentions=mentions)).text == read


def test_a_title_is_the_first_line_of_a_post():
    content = {"title": "标题", "content": [[{"tag": "text", "text": "正文"}]]}
    assert said(message(kind="post", content=content, direct=True, mentions=())).text == "标题\n正文"


def test_in_a_group_only_what_mentions_the_bot_is_heard():
    assert inbound.read(message("大家好", mentions=()), ME) is None
    assert inbound.read(message("@_user_2 你好", mentions=[mention(2, BOB)]), ME) is None
    assert said(message("大家好", mentions=(), direct=True)).text == "大家好"


@pytest.mark.parametrize("kind", ["image", "file", "sticker", "audio"])
def test_what_has_no_words_is_heard_in_the_one_to_one_chat(kind):
    assert said(message(kind=kind, content={"image_key": "img_1"}, direct=True, mentions=())).text == ""


@pytest.mark.parametrize(
    "sender",
    [{"sender_type": "app"}, {"sender_type": "bot"}, {"sender_id": {"open_id": "ou_bot"}}, {"sender_id": None}],
)
def test_bots_are_not_heard(sender):
    assert inbound.read(message("@_user_1 x", sender=sender), ME) is None


def test_where_and_who_it_was():
    act = inbound.read(message("@_user_1 x"), ME)
    assert act.back == Back(ANN, "oc_1", False, "om_1")
    assert (act.event.platform, act.event.user, act.event.chat, act.event.direct) == ("feishu", ANN, "oc_1", False)
    assert said(message("x", direct=True)).direct


def test_the_key_is_what_was_said_whatever_ids_it_comes_with():
    first = said(message("@_user_1 x")).key
    again = message("@_user_1 x", message_id="om_2")
    again["header"]["event_id"] = "e2"
    assert said(again).key == first
    for other in (
        message("@_user_1 y"),
        message("@_user_1 x", create_time="1701"),
        message("@_user_1 x", chat_id="oc_2"),
        message("@_user_1 x", sender={"sender_id": {"open_id": BOB}}),
    ):
        assert said(other).key != first


def test_a_person_of_another_organisation_is_told_apart():
    assert inbound.read(message("@_user_1 x", sender={"tenant_key": "t2"}), ME).back.is_stranger
    assert not inbound.read(message("@_user_1 x"), ME).back.is_stranger


# --- the menu and groups -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text"), [("status", "/status"), ("request_new", "/request new"), ("/me", "/me"), ("a.b", "/a b")]
)
def test_an_entry_of_the_menu_is_what_its_key_says(key, text):
    body = event("application.bot.menu_v6", {"operator": {"operator_id": {"open_id": ANN}}, "event_key": key})
    say = said(body)
    assert say == Say(say.key, "feishu", ANN, "", True, text)


def test_groups_that_the_bot_comes_into_and_leaves():
    def about(kind, **more):
        found = inbound.read(event(kind, {"chat_id": "oc_1", "operator_id": {"open_id": ANN}, **more}), ME)
        return found and replace(found, key="")

    assert about("im.chat.member.bot.added_v1") == Arrived("", "oc_1")
    assert about("im.chat.member.bot.deleted_v1") == Left("", "oc_1", is_dissolved=False)
    assert about("im.chat.disbanded_v1") == Left("", "oc_1", is_dissolved=True)
    entered = "im.chat.access_event.bot_p2p_chat_entered_v1"
    assert about(entered) == Arrived("", "oc_1", True, ANN)
    assert about(entered, last_message_id="om_1") is None


@pytest.mark.parametrize(
    "kind", ["application.bot.menu_v6", "im.chat.member.bot.added_v1", "im.chat.member.bot.deleted_v1"]
)
def test_what_is_sent_again_under_another_id_has_the_same_key(kind):
    def key(id, moment):
        told = {"chat_id": "oc_1", "operator": {"operator_id": {"open_id": ANN}}, "event_key": "status"}
        found = inbound.read(event(kind, told, event_id=id, create_time=moment), ME)
        return found.event.key if isinstance(found, Act) else found.key

    assert key("e1", "1700") == key("e2", "1700") != key("e3", "1701")


# --- clicks and forms ----------------------------------------------------------------------------------


def pressed(value, **more):
    action = {"tag": "button", "value": value, **more}
    context = {"open_message_id": "om_1", "open_chat_id": "oc_1"}
    operator = {"open_id": ANN, "tenant_key": "t1"}
    return event("card.action.trigger", {"operator": operator, "action": action, "context": context})


FORM = values.Form("request.new#n1", "oc_9", False, ANN, "发起")


def test_a_button_is_pressed_on_a_message():
    act = inbound.read(pressed(values.act("request.accept?id=R-1")), ME)
    assert act.event == Click("click:e1", "feishu", ANN, "oc_1", False, "om_1", "request.accept?id=R-1")
    whole = inbound.read(pressed(values.whole()), ME)
    assert whole.event.button == SHOW_ALL


def test_a_form_is_sent_from_the_one_to_one_chat_for_the_chat_it_was_asked_for_in():
    act = inbound.read(pressed(values.form(FORM), form_value={"title": "数据", "why": "", "who": ["a"]}), ME)
    assert act.event == Submit("form:e1", "feishu", ANN, "oc_9", False, FORM.form, {"title": "数据", "who": ["a"]})
    assert act.back == Back(ANN, "oc_1", True, "om_1", FORM)


def test_a_form_is_dismissed():
    assert inbound.read(pressed(values.closing(FORM)), ME) == Dismissed(ANN, FORM)


FORGED = [
    None,
    "text",
    7,
    [],
    {},
    {"do": "act"},
    {"do": "act", "button": ""},
    {"do": "act", "button": 7},
    {"do": "form"},
    {"do": "form", "form": "x", "chat": None, "direct": False, "owner": ANN, "title": "x"},
    {"do": "form", "form": "x", "chat": "oc_1", "direct": "no", "owner": ANN, "title": "x"},
    {"do": "rm -rf"},
]


@pytest.mark.parametrize("value", FORGED)
def test_a_click_that_says_nothing_we_know_is_a_puzzle(value):
    assert inbound.read(pressed(value), ME) == Puzzle(ANN)


@pytest.mark.parametrize("form_value", [None, "x", 7, [], {"title": None}, {7: "x"}, {"title": {"a": 1}}])
def test_forged_values_of_a_form_are_left_out(form_value):
    assert inbound.read(pressed(values.form(FORM), form_value=form_value), ME).event.values == {}


# --- everything else ------------------------------------------------------------------------------------

PARTS = [None, 7, "x", [], {}, [None], {"open_id": 7}]


def every_damage(body, damage):
    """The body with each of its parts, one after the other, replaced."""
    for name, part in body.items():
        yield {**body, name: damage}
        if isinstance(part, dict):
            yield from ({**body, name: damaged} for damaged in every_damage(part, damage))


@pytest.mark.parametrize("damage", PARTS, ids=repr)
@pytest.mark.parametrize(
    "body",
    [message("@_user_1 x"), message(kind="post", content={"content": []}), pressed(values.form(FORM), form_value={})],
    ids=["text", "post", "form"],
)
def test_whatever_is_missing_or_forged_no_part_of_it_is_an_error(body, damage):
    for damaged in every_damage(body, damage):
        assert inbound.read(damaged, ME) is None or isinstance(inbound.read(damaged, ME), Act | Puzzle)


def test_events_that_are_nothing_to_us():
    for kind in ("im.message.message_read_v1", "im.message.recalled_v1", "im.chat.updated_v1", "", None):
        assert inbound.read(event(kind, {"chat_id": "oc_1"}), ME) is None
    assert inbound.read({}, ME) is None


def test_what_is_for_another_app_is_foreign():
    assert inbound.is_foreign(message("x", direct=True) | {"header": {"app_id": "cli_b"}}, ME)
    assert not inbound.is_foreign(message("x"), ME)
    assert not inbound.is_foreign({}, ME)
