"""The fake Feishu refuses what Feishu refuses, and the real lark-oapi gets along with it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from support.feishu import BadCard, FakeFeishu, Impossible
from support.feishu.cards import MOST_ELEMENTS, check_card
from support.feishu.frames import DATA, Frame


def plain(text: str = "x") -> dict:
    return {"tag": "plain_text", "content": text}


def div(text: str = "x") -> dict:
    return {"tag": "div", "text": plain(text)}


def button(label: str = "受理", value: dict | None = None, **more: Any) -> dict:
    callback = [{"type": "callback", "value": value or {"do": "act"}}]
    return {"tag": "button", "text": plain(label), "behaviors": callback, **more}


def option(value: str) -> dict:
    return {"text": plain(value), "value": value}


def form(*fields: dict) -> dict:
    send = button("提交", {"do": "form"}, name="send", form_action_type="submit")
    return {"tag": "form", "name": "form", "elements": [*fields, send]}


def named(tag: str, name: str = "x", **more: Any) -> dict:
    return {"tag": tag, "name": name, **more}


def card(*elements: dict, **more: Any) -> dict:
    config = {"update_multi": True, "enable_forward": False}
    return {"schema": "2.0", "config": config, "body": {"elements": list(elements)}, **more}


# --- cards ------------------------------------------------------------------------------------------

KNOWN = "ou_known"
SELECT = named("select_static", options=[option("a"), option("b")])
FIELDS = [
    named("input", "text", max_length=1000, input_type="multiline_text", required=True, label=plain()),
    {**SELECT, "name": "one", "initial_option": "b"},
    named("multi_select_static", "many", options=[option("a"), option("b")], selected_values=["a"]),
    named("select_person", "who", options=[{"value": KNOWN}]),
    named("picker_datetime", "due", initial_datetime="2026-09-30 18:00"),
]
GOOD = {
    "text, markdown and a line": card(
        div("长" * 3000), {"tag": "markdown", "content": "**粗** &#60;at&#62;"}, {"tag": "hr"}
    ),
    "header": card(
        header={"title": plain(), "template": "red", "text_tag_list": [{"tag": "text_tag", "text": plain()}]}
    ),
    "both languages": card({"tag": "div", "text": {**plain("好"), "i18n_content": {"en_us": "good"}}}),
    "buttons in columns": card(
        {"tag": "column_set", "columns": [{"tag": "column", "elements": [button()], "weight": 1}]}
    ),
    "confirm": card(button(confirm={"title": plain(), "text": plain()}, type="danger", disabled=True)),
    "form": card(form(*FIELDS)),
    "mention": card({"tag": "markdown", "content": f"<at id={KNOWN}></at><at id=all></at>"}),
    "picture": card({"tag": "img", "img_key": "img_known", "alt": plain()}),
    "as many elements as fit": card(*[div()] * (MOST_ELEMENTS // 2)),
}
BAD = {
    "unknown property": (card(div() | {"colour": "red"}), 200621),
    "unknown property of the card": (card(elements=[]), 200621),
    "old element": (card({"tag": "action", "actions": []}), 200861),
    "unknown element": (card({"tag": "textarea"}), 200621),
    "old schema": (card() | {"schema": "1.0"}, 200621),
    "colour in hex": (card({"tag": "div", "text": plain() | {"text_color": "#ff0000"}}), 200621),
    "value that is a string": (card(button() | {"behaviors": [{"type": "callback", "value": "a"}]}), 200621),
    "text that is none": (card({"tag": "div", "text": "x"}), 200621),
    "form in a container": (card({"tag": "column_set", "columns": [{"tag": "column", "elements": [form()]}]}), 200621),
    "form that cannot be sent": (card(named("form", elements=[])), 200621),
    "field without a name": (card(form({"tag": "input"})), 200530),
    "button of a form without a name": (card(form(button())), 200530),
    "two fields of one name": (card(form(SELECT, SELECT)), 200530),
    "required outside of a form": (card(named("input", required=True)), 200621),
    "no options": (card(named("select_static", options=[])), 200621),
    "an option twice": (card(named("select_static", options=[option("a")] * 2)), 200621),
    "an option without a value": (card(named("select_static", options=[option("")])), 200621),
    "selected, not offered": (card(SELECT | {"initial_option": "c"}), 200621),
    "long input": (card(named("input", max_length=1001)), 200621),
    "moment with a zone": (card(named("picker_datetime", initial_datetime="2026-09-30 18:00 +0800")), 200621),
    "stranger mentioned": (card({"tag": "markdown", "content": "<at id=ou_other></at>"}), 100290),
    "stranger offered": (card(named("select_person", options=[{"value": "ou_other"}])), 100290),
    "unknown picture": (card({"tag": "img", "img_key": "img_other", "alt": plain()}), 200570),
    "too many elements": (card(*[div()] * (MOST_ELEMENTS // 2), {"tag": "hr"}), 11310),
    "element_id twice": (card(*[div() | {"element_id": "a"}] * 2), 300301),
}  # fmt: skip


def checked(of: dict) -> None:
    check_card(of, person=KNOWN.__eq__, image="img_known".__eq__)


@pytest.mark.parametrize("good", GOOD.values(), ids=GOOD)
def test_a_card_is_taken(good):
    checked(good)


@pytest.mark.parametrize(("bad", "code"), BAD.values(), ids=BAD)
def test_a_card_is_refused(bad, code):
    with pytest.raises(BadCard) as found:
        checked(bad)
    assert found.value.code == code


def test_containers_nest_five_deep():
    inner = div()
    for _ in range(5):
        inner = {"tag": "interactive_container", "elements": [inner]}
    checked(card(inner))
    with pytest.raises(BadCard):
        checked(card({"tag": "interactive_container", "elements": [inner]}))


def test_a_frame_is_read_as_it_was_written():
    frame = Frame(DATA, {"type": "event", "空": "值"}, b"\x00\xff" * 300, service=33554678, sequence=1, log=2**40)
    assert Frame.decoded(frame.encoded()) == frame
    with pytest.raises(ValueError, match="too early"):
        Frame.decoded(frame.encoded()[:-1])


# --- the API, with the SDK's client -----------------------------------------------------------------


@dataclass
class App:
    """lark-oapi, and what it got over the long connection. Its answer to callbacks is `answer`."""

    feishu: FakeFeishu
    ann: str
    bob: str
    room: str
    client: Any
    events: list[dict] = field(default_factory=list)
    answer: Any = None

    async def call(self, method: str, path: str, body: dict | None = None, **query: str) -> SimpleNamespace:
        """Code, HTTP status, headers and answer."""
        import lark_oapi as lark

        made = lark.BaseRequest.builder().http_method(lark.HttpMethod[method]).uri(f"/open-apis/{path}")
        made = made.token_types({lark.AccessTokenType.TENANT}).queries(list(query.items()))
        response = await asyncio.to_thread(self.client.request, (made.body(body) if body else made).build())
        answer = json.loads(response.raw.content)
        return SimpleNamespace(status=response.raw.status_code, headers=response.raw.headers, **answer)

    async def send(self, content: dict | str, to: str = "", uuid: str = "u", **more: Any) -> SimpleNamespace:
        to = to or self.room
        kind = "chat_id" if to.startswith("oc_") else "open_id"
        text = content if isinstance(content, str) else json.dumps(content)
        body = {"receive_id": to, "msg_type": "interactive", "content": text, "uuid": uuid, **more}
        return await self.call("POST", "im/v1/messages", body, receive_id_type=kind)

    async def posted(self, *elements: dict, to: str = "") -> str:
        uuid = f"u{len(self.feishu.organisation.messages)}"
        return (await self.send(card(*elements), to, uuid)).data["message_id"]

    async def patch(self, id: str, *elements: dict) -> SimpleNamespace:
        return await self.call("PATCH", f"im/v1/messages/{id}", {"content": json.dumps(card(*elements))})

    def _do_without_validation(self, payload: bytes) -> Any:
        """What the SDK calls with an event, in the thread of its connection."""
        self.events.append(json.loads(payload))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncio.AbstractEventLoop]:
        """The SDK's client of the long connection as it is: in a thread, with a loop of its own."""
        import lark_oapi.ws.client as ws

        before, ws.loop = ws.loop, asyncio.new_event_loop()

        def run() -> None:
            asyncio.set_event_loop(ws.loop)
            feishu = self.feishu
            connection = ws.Client(
                feishu.app_id, feishu.app_secret, event_handler=self, domain=feishu.domain, auto_reconnect=False
            )
            with suppress(RuntimeError):  # the loop was stopped
                connection.start()
            ws.loop.run_until_complete(connection._disconnect())
            for task in asyncio.all_tasks(ws.loop):
                task.cancel()
            ws.loop.run_until_complete(asyncio.sleep(0))
            ws.loop.close()

        thread = asyncio.create_task(asyncio.to_thread(run))
        await self.feishu.wait_connections()
        try:
            yield ws.loop
        finally:
            ws.loop.call_soon_threadsafe(ws.loop.stop)
            await thread
            ws.loop = before


def forget_token() -> None:
    """The SDK keeps its token for the whole process, and goes by the computer's clock."""
    from lark_oapi.core.token import TokenManager

    TokenManager.cache.cache.clear()


@pytest.fixture
async def moment() -> list[float]:
    """The moment at Feishu, in seconds since 1970; to be moved."""
    return [1_790_000_000.0]


@pytest.fixture
async def app(moment) -> AsyncIterator[App]:
    import lark_oapi as lark

    forget_token()
    async with FakeFeishu(ack_timeout=0.3, pauses=(0.05,) * 4, wall=lambda: moment[0]) as feishu:
        ann, bob = feishu.create_user("ann", email="ann@example.com"), feishu.create_user("bob")
        client = lark.Client.builder().app_id(feishu.app_id).app_secret(feishu.app_secret).domain(feishu.domain)
        client = client.timeout(2).log_level(lark.LogLevel.ERROR).build()
        yield App(feishu, ann, bob, feishu.create_group("room", [ann, bob]), client)


async def test_a_card_is_posted_edited_and_read(app):
    sent = await app.send(
        card(div("一"), {"tag": "markdown", "content": f"**二** &#60;三&#62; <at id={app.ann}></at>"})
    )
    assert (sent.status, sent.code) == (200, 0)
    (message,) = app.feishu.messages("room")
    assert message.words == f"一\n二 <三> @{app.ann}"
    assert message.mentions == [app.ann] and not message.at_all
    assert (await app.patch(message.id, div("二"))).code == 0
    assert message.words == "二" and message.edited
    assert app.feishu.violations == []


async def test_a_person_reads_their_own_language(app):
    await app.send(card({"tag": "div", "text": {**plain("好"), "i18n_content": {"en_us": "good"}}}))
    (message,) = app.feishu.messages("room")
    assert (message.words, message.read("en_us")) == ("好", "good")


async def test_what_is_sent_twice_with_one_uuid_is_there_once_within_an_hour(app, moment):
    first = await app.send(card(div("一")), uuid="same")
    again = await app.send(card(div("二")), uuid="same")
    assert again.data["message_id"] == first.data["message_id"]
    moment[0] += 3601
    assert (await app.send(card(div("三")), uuid="same")).data["message_id"] != first.data["message_id"]
    assert [one.words for one in app.feishu.messages("room")] == ["一", "三"]


async def test_a_person_is_written_to_in_the_chat_they_talk_in(app):
    await app.send(card(div("一")), app.ann)
    delivery = await app.feishu.say("ann", app.feishu.direct("ann"), "hi", wait=False)
    assert delivery.event["message"]["chat_type"] == "p2p"
    assert [one.chat for one in app.feishu.messages("ann", bot_only=False)] == [app.feishu.direct("ann")] * 2


REFUSED = {
    230034: {"to": "oc_unknown"},
    99992351: {"to": "ou_unknown"},
    99992402: {"uuid": "u" * 51},
    230001: {"content": "no json"},
    230099: {"content": card(div() | {"colour": "red"})},
    230025: {"content": card(div("长" * 11_000))},
}


@pytest.mark.parametrize(("code", "wrong"), REFUSED.items(), ids=map(str, REFUSED))
async def test_a_message_is_refused(app, code, wrong):
    refused = await app.send(**{"content": card(), **wrong})
    assert (refused.status, refused.code) == (400, code)
    assert app.feishu.organisation.messages == {}


NO_WAY = {
    230002: lambda app: app.feishu.set_chat("room", bot=False),
    232009: lambda app: app.feishu.set_chat("room", dissolved=True),
    230035: lambda app: app.feishu.set_chat("room", silenced=True),
    99991672: lambda app: app.feishu.set_scopes([]),
}
NOBODY = {230013: "available", 230029: "resigned", 230053: "blocked"}


@pytest.mark.parametrize(("code", "change"), NO_WAY.items(), ids=map(str, NO_WAY))
async def test_there_is_no_way_into_a_chat(app, code, change):
    change(app)
    assert (await app.send(card())).code == code


@pytest.mark.parametrize(("code", "state"), NOBODY.items(), ids=map(str, NOBODY))
async def test_there_is_no_way_to_a_person(app, code, state):
    app.feishu.set_user("ann", **{state: state != "available"})
    assert (await app.send(card(), app.ann)).code == code


async def test_a_message_is_edited_for_fourteen_days_by_its_author_while_it_is_there(app, moment):
    mine = await app.posted(button())
    await app.feishu.say("ann", "room", "hi", wait=False)
    (theirs,) = [one.id for one in app.feishu.messages("room", bot_only=False) if one.author]
    assert (await app.patch(theirs, div())).code == 230012
    moment[0] += 14 * 86400
    forget_token()
    assert (await app.patch(mine, div())).code == 0
    moment[0] += 1
    assert (await app.patch(mine, div())).code == 230031
    app.feishu.delete_message(mine)
    assert (await app.patch(mine, div())).code == 230011


async def test_a_token_ends_after_two_hours_or_when_it_is_revoked(app, moment):
    assert (await app.send(card(), uuid="1")).code == 0
    moment[0] += 7200
    assert (await app.send(card(), uuid="2")).code == 99991663
    forget_token()
    assert (await app.send(card(), uuid="3")).code == 0
    app.feishu.revoke_tokens()
    assert (await app.send(card(), uuid="4")).code == 99991663


async def test_limits_hold_for_a_chat_a_message_and_an_api(app):
    app.feishu.limits(per_second=8)
    posts = [(await app.send(card(), uuid=f"{n}")) for n in range(6)]
    assert [one.code for one in posts] == [0] * 5 + [230020]
    edits = [(await app.patch(posts[0].data["message_id"], div())).code for n in range(6)]
    assert edits == [0] * 5 + [230020]
    more = [(await app.send(card(), app.ann, uuid=f"a{n}")) for n in range(3)]
    assert [one.code for one in more] == [0, 0, 99991400]
    assert more[-1].status == 429 and more[-1].headers["x-ogw-ratelimit-reset"] == "1"


async def test_faults_strike_as_ordered_before_or_after_the_work(app):
    import requests

    app.feishu.add_fault("ratelimit", "POST im/v1/messages", retry_after=3)
    assert (await app.send(card(), uuid="1")).headers["x-ogw-ratelimit-reset"] == "3"
    app.feishu.add_fault("error", "POST im/v1/messages", code=230020)
    assert (await app.send(card(), uuid="1")).code == 230020
    assert app.feishu.messages("room") == []
    for kind, error in {"html": json.JSONDecodeError, "cut": requests.ConnectionError}.items():
        app.feishu.add_fault(kind, "POST im/v1/messages", when="after")
        with pytest.raises(error):
            await app.send(card(), uuid=kind)
    assert len(app.feishu.messages("room")) == 2


async def test_what_would_hurt_somebody_is_a_violation(app):
    await app.send({"text": "hi"}, msg_type="text", uuid="1")
    await app.send(card(), uuid="", surprise=True)
    await app.send({**card(), "config": {}}, uuid="2")
    kinds = {one.kind for one in app.feishu.violations}
    assert kinds == {"text_message", "no_uuid", "unknown_argument", "no_update_multi", "may_be_forwarded"}


async def test_people_departments_groups_and_the_bot_are_found(app):
    head = app.feishu.create_department("研发部", leader=app.ann)
    app.feishu.set_user("ann", departments=[head])
    below = app.feishu.create_department("测试组", parent=head)
    assert (await app.call("GET", "bot/v3/info")).bot["open_id"] == app.feishu.bot
    ann = (await app.call("GET", f"contact/v3/users/{app.ann}", user_id_type="open_id")).data["user"]
    assert (ann["name"], ann["email"], ann["department_ids"]) == ("ann", "ann@example.com", [head])
    found = await app.call("POST", "contact/v3/users/batch_get_id", {"emails": ["Ann@example.com", "no@example.com"]})
    assert [one.get("user_id") for one in found.data["user_list"]] == [app.ann, None]
    inside = await app.call("GET", "contact/v3/users/find_by_department", department_id=head)
    assert [one["open_id"] for one in inside.data["items"]] == [app.ann]
    tree = await app.call("GET", "contact/v3/departments/0/children", fetch_child="true")
    assert [(one["name"], one["parent_department_id"]) for one in tree.data["items"]] == [
        ("研发部", "0"),
        ("测试组", head),
    ]
    assert below != head
    assert [one["name"] for one in (await app.call("GET", "im/v1/chats")).data["items"]] == ["room"]
    members = (await app.call("GET", f"im/v1/chats/{app.room}/members")).data["items"]
    assert [one["member_id"] for one in members] == [app.ann, app.bob]


async def test_without_a_scope_for_a_field_the_field_is_missing(app):
    app.feishu.set_scopes({"contact:contact.base:readonly"})
    user = (await app.call("GET", f"contact/v3/users/{app.ann}")).data["user"]
    assert "name" not in user and "email" not in user


# --- events -----------------------------------------------------------------------------------------


async def test_a_message_that_mentions_the_bot_is_heard_and_acknowledged(app):
    async with app.connected():
        delivery = await app.feishu.say("ann", "room", f"@bot status <@{app.bob}>\n@all")
        assert delivery.status == "acked"
        assert await app.feishu.say("ann", "room", "nobody asked the bot") is None
    ((event),) = [one["event"] for one in app.events]
    assert json.loads(event["message"]["content"]) == {"text": "@_user_1 status @_user_2\n@_all"}
    assert [one["id"]["open_id"] for one in event["message"]["mentions"]] == [app.feishu.bot, app.bob]
    assert event["sender"]["sender_id"]["open_id"] == app.ann


async def test_a_post_comes_in_paragraphs(app):
    delivery = await app.feishu.say("ann", "room", "@bot one\ntwo", rich=True, wait=False)
    first, second = json.loads(delivery.event["message"]["content"])["content"]
    assert [part["tag"] for part in first] == ["at", "text"] and second[0]["text"] == "two"


async def test_a_payload_in_pieces_is_put_together(app):
    app.feishu.sockets.parts = 3
    async with app.connected():
        assert (await app.feishu.say("ann", "room", "@bot " + "长" * 500)).status == "acked"


async def test_a_click_is_answered_with_a_toast_and_a_card(app):
    id = await app.posted(button(value={"do": "act", "button": "b1"}), to=app.ann)
    app.answer = {"toast": {"type": "success", "content": "好"}, "card": {"type": "raw", "data": card(div("已受理"))}}
    async with app.connected():
        click = await app.feishu.click("ann", id, label="受理")
    assert (click.status, click.error, click.toast["content"], click.replaced) == ("acked", "", "好", True)
    assert app.events[0]["event"]["action"]["value"] == {"do": "act", "button": "b1"}
    assert app.events[0]["event"]["context"] == {"open_message_id": id, "open_chat_id": app.feishu.direct("ann")}
    assert app.feishu.organisation.messages[id].words == "已受理"


@pytest.mark.parametrize(
    ("answer", "error"),
    [({"card": {"type": "raw", "data": {}}}, "200673"), ({"msg": "ok"}, "200672"), (ValueError("no"), "200671")],
    ids=["card", "answer", "exception"],
)
async def test_a_click_that_is_answered_badly_shows_an_error(app, answer, error):
    id, app.answer = await app.posted(button()), answer
    async with app.connected():
        click = await app.feishu.click("ann", id, label="受理")
    assert click.error == error and app.feishu.violations


async def test_a_click_without_a_connection_fails_at_once(app):
    click = await app.feishu.click("ann", await app.posted(button()), label="受理")
    assert (click.status, click.error) == ("no_connection", "200340")


async def test_a_card_cannot_be_edited_while_a_click_on_it_waits(app):
    id = await app.posted(button())
    async with app.connected():
        app.feishu.silence()
        waiting = asyncio.create_task(app.feishu.click("ann", id, label="受理"))
        await app.feishu.wait_for(lambda: app.feishu.organisation.messages[id].waiting)
        locked = await app.patch(id, div())
        assert locked.code == 230099 and "card action is lock" in locked.msg
        assert (await waiting).error == "200341"
        assert (await app.patch(id, div())).code == 0


@pytest.mark.parametrize(
    ("unfilled", "empty"),
    [("missing", {}), ("blank", {"why": "", "who": ""}), ("typed", {"why": "", "who": []})],
    ids=["missing", "blank", "typed"],
)
async def test_a_form_is_filled_in_and_sent(app, unfilled, empty):
    app.feishu.people.unfilled = unfilled
    fields = [named("input", "why"), named("multi_select_person", "who", options=[{"value": app.bob}])]
    due = named("picker_datetime", "due", initial_datetime="2026-09-30 18:00", required=True)
    id = await app.posted(form(*fields, due, SELECT | {"name": "one"}))
    with pytest.raises(Impossible):
        await app.feishu.submit("ann", id, {"one": "c"})
    async with app.connected():
        sent = await app.feishu.submit("ann", id, {"one": "b"})
    assert sent.event["action"]["form_value"] == {**empty, "due": "2026-09-30 18:00 +0800", "one": "b"}
    assert sent.event["action"]["value"] == {"do": "form"}


async def test_nobody_presses_what_is_not_there_greyed_out_or_not_theirs(app):
    id = await app.posted(button("受理", disabled=True), form(named("input", "why", required=True)))
    stranger = app.feishu.create_user("eve")
    for who, values in [(app.ann, {"label": "受理"}), (app.ann, {"label": "否"}), (stranger, {"name": "send"})]:
        with pytest.raises(Impossible):
            app.feishu.people.click(who, id, **values)
    with pytest.raises(Impossible):
        app.feishu.people.submit(app.ann, id, {"why": ""})


async def test_what_nobody_acknowledges_comes_again_also_under_other_ids(app):
    app.feishu.drop_acks(2)
    app.feishu.post.fresh = True
    async with app.connected():
        delivery = await app.feishu.say("ann", "room", "@bot hi")
    assert delivery.status == "acked" and len(app.events) == 3
    assert len({one["event"]["message"]["message_id"] for one in app.events}) == 3
    assert len({one["event"]["message"]["create_time"] for one in app.events}) == 1


async def test_a_cut_connection_is_seen_and_the_event_waits_for_the_next(app):
    async with app.connected():
        app.feishu.drop_sockets()
        await app.feishu.wait_for(lambda: not app.feishu.sockets.connections)
        delivery = await app.feishu.say("ann", "room", "@bot hi", wait=False)
    async with app.connected():
        await delivery.done.wait()
    assert delivery.status == "acked" and app.feishu.sockets.began == 2


async def test_a_wrong_secret_gets_no_connection_and_no_token(app):
    import lark_oapi.ws.client as ws
    from lark_oapi.ws.exception import ClientException

    wrong = ws.Client(app.feishu.app_id, "wrong", domain=app.feishu.domain)
    with pytest.raises(ClientException) as found:
        await asyncio.to_thread(wrong._get_conn_url)
    assert found.value.code == 10014


async def test_a_webhook_is_encrypted_signed_and_read_by_the_sdk():
    import lark_oapi as lark

    heard: list[str] = []
    async with FakeFeishu(mode="webhook") as feishu:
        handler = lark.EventDispatcherHandler.builder(feishu.encrypt_key, feishu.verification_token)
        handler = handler.register_p2_im_message_receive_v1(
            lambda event: heard.append(event.event.message.content)
        ).build()

        async def serve(request: web.Request) -> web.Response:
            raw = lark.RawRequest()
            raw.uri, raw.body = request.path, await request.read()
            raw.headers = {key.title(): value for key, value in request.headers.items()}
            answer = handler.do(raw)
            return web.Response(status=answer.status_code, body=answer.content, content_type="application/json")

        listening = web.Application()
        listening.router.add_post("/", serve)
        async with TestServer(listening) as server:
            feishu.request_url = str(server.make_url("/"))
            assert await feishu.requests.verify(feishu.verification_token)
            ann = feishu.create_user("ann")
            assert (await feishu.say(ann, feishu.direct(ann), "hi")).status == "acked"
            assert (await feishu.requests.request({"schema": "2.0"}, key="forged"))[0] == 500
    assert heard == ['{"text": "hi"}']
