"""The HTTP surface of the contract, over a real server."""

import asyncio
import io
import json

import pytest

from adapters.base import Target
from commands.chat import Answer, Button, Card, Click, Fact, Form, Image, Say, Span, SpanKind, Submit, Tone
from tests.adapters.sandbox import town

URGENT = "/request 紧急 @研发部 客户现场停机"


def code(answer):
    status, body = answer
    assert set(body) == {"error"}
    assert body["error"]["message"]
    return status, body["error"]["code"]


async def raised(served):
    """李敏 has raised R-1; gives its card in the group."""
    await served.says("limin", URGENT)
    return next(m for m in await served.reads("limin", "newx") if m["card"] and m["card"]["title"].startswith("R-1"))


# --- state and messages ---


async def test_state_tells_who_and_what_there_is(served):
    status, state = await served.get("/api/state")
    assert status == 200
    assert state["now"] == "2026-09-23T10:30:00+08:00"
    limin = next(person for person in state["people"] if person["id"] == "limin")
    assert {"id", "name", "department", "roles"} <= set(limin)
    assert (limin["name"], limin["department"], limin["roles"]) == ("李敏", "市场部", ["接口人"])
    chats = {chat["id"]: chat for chat in state["chats"]}
    assert chats["newx"] == {
        "id": "newx",
        "name": "新品X",
        "kind": "group",
        "members": ["limin", "zhangwei", "chenjing", "wanglei", "heping"],
    }
    assert chats["dm:limin"] == {"id": "dm:limin", "name": "李敏", "kind": "direct", "members": ["limin"]}


async def test_a_message_has_the_shape_of_the_contract(served):
    card = Card(
        "标题",
        Tone.DANGER,
        body=((Span("请 "), town.at("zhangwei", "张伟")), (Span("第二行"),)),
        facts=(Fact("牵头", (Span("研发部"),)),),
        buttons=(Button("b", "受理", style="primary", twin="/request accept R-1"),),
        image=Image("dot", "一个点"),
    )
    await served.adapter.post(Target(chat="newx"), card, key="k")
    (message,) = await served.reads("limin", "newx")
    shape = {"id", "seq", "chat", "author", "text", "card", "visible_to", "mentions", "posted_at", "edited_at"}
    assert shape <= set(message)
    assert (message["id"], message["seq"], message["author"], message["edited_at"]) == ("m-1", 1, "bot", None)
    assert message["posted_at"] == "2026-09-23T10:30:00+08:00"
    assert message["mentions"] == ["zhangwei"]
    assert message["text"] == "标题\n请 @张伟\n第二行\n牵头：研发部\n[一个点]\n· 受理：/request accept R-1"
    shown = message["card"]
    assert (shown["title"], shown["tone"], shown["body"]) == ("标题", "danger", "请 @张伟\n第二行")
    assert shown["fields"] == [{"label": "牵头", "value": "研发部"}]
    (button,) = shown["buttons"]
    assert {"id": "b", "label": "受理", "style": "primary", "enabled": True}.items() <= button.items()
    assert shown["image"] == {"url": "/api/pictures/dot", "alt": "一个点"}


async def test_after_leaves_out_what_was_read(served):
    for text in ("一", "二", "三"):
        await served.says("limin", text)
    for after in ("2", "m-2"):
        _, answer = await served.get("/api/messages", chat="newx", after=after)
        assert [message["text"] for message in answer["messages"]] == ["三"]


async def test_without_a_person_everything_is_shown_and_with_one_only_theirs(served):
    await served.says("limin", "/request")
    _, everything = await served.get("/api/messages", chat="newx")
    assert [message["visible_to"] for message in everything["messages"]] == [None, ["limin"]]
    assert len(await served.reads("limin", "newx")) == 2
    assert len(await served.reads("zhangwei", "newx")) == 1
    _, anywhere = await served.get("/api/messages")
    assert len(anywhere["messages"]) == 2
    _, of_sunzong = await served.get("/api/messages", person="sunzong")
    assert of_sunzong["messages"] == []


async def test_what_changed_after_a_revision(served):
    card = await raised(served)
    _, before = await served.get("/api/messages", chat="newx")
    served.world.delete("m-1")
    await served.adapter.edit(Target(chat="newx"), card["id"], Card("R-1 已受理"))
    _, after = await served.get("/api/messages", chat="newx", changed_after=before["revision"])
    assert [message["id"] for message in after["messages"]] == [card["id"]]
    assert after["messages"][0]["seq"] == card["seq"]
    assert after["messages"][0]["edited_at"] == "2026-09-23T10:30:00+08:00"
    assert after["deleted"] == ["m-1"]


# --- saying ---


async def test_a_command_reaches_the_core_and_its_card_the_chat(served):
    answer = await served.says("limin", URGENT)
    (event,) = served.core.events
    assert isinstance(event, Say)
    assert (event.platform, event.user, event.chat, event.direct) == ("sandbox", "limin", "newx", False)
    assert (event.text, event.command) == (URGENT, None)
    assert answer["message"]["author"] == "limin" and answer["message"]["text"] == URGENT
    assert answer["form"] is None
    assert served.core.settled == 1
    _, request, private = await served.reads("limin", "newx")
    assert request["visible_to"] is None and request["card"]["tone"] == "danger"
    assert private["visible_to"] == ["limin"] and private["card"]["title"] == "已发起"
    (direct,) = await served.reads("zhangwei", "dm:zhangwei")
    assert direct["card"] == request["card"]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/status me", "/status me"),
        ("  ／status me", "／status me"),
        ("@接口人 我的", "我的"),
        ("@接口人我的", "我的"),
        ("＠LIAISON help", "help"),
        ("请 @Bot 看一下", "请 看一下"),
        ("@bot /request @研发部 数据", "/request @研发部 数据"),
        ("@接口人", ""),
        ("大家好", None),
        ("bot 在吗", None),
        ("@bottom 见", None),
        ("mail@bot.example", None),
        ("看 /status", None),
    ],
)
async def test_what_is_meant_for_the_bot_in_a_group(served, text, heard):
    served.core.reply = lambda event: Answer()
    await served.says("limin", text)
    assert [event.text for event in served.core.events] == ([] if heard is None else [heard])
    (stored,) = await served.reads("zhangwei", "newx")
    assert stored["text"] == text.strip()


async def test_everything_in_a_one_to_one_chat_is_meant_for_the_bot(served):
    served.core.reply = lambda event: Answer(card=Card("在"))
    await served.says("limin", "你好 @bot", chat="dm:limin")
    (event,) = served.core.events
    assert (event.text, event.direct, event.chat) == ("你好", True, "dm:limin")
    _, answer = await served.reads("limin", "dm:limin")
    assert answer["visible_to"] is None and answer["author"] == "bot"


async def test_a_toast_without_a_card_is_said_privately(served):
    served.core.reply = lambda event: Answer(ok=False, toast="没听懂")
    await served.says("limin", "/x")
    _, told = await served.reads("limin", "newx")
    assert (told["text"], told["card"], told["visible_to"]) == ("没听懂", None, ["limin"])


async def test_the_same_key_says_nothing_twice(served):
    first = await served.says("limin", URGENT, key="k")
    events = list(served.core.events)
    before = await served.reads("limin", "newx")
    again = await served.says("limin", URGENT, key="k")
    assert again["message"] == first["message"]
    assert await served.reads("limin", "newx") == before
    assert served.core.events == events
    assert code(await served.post("/api/say", chat="newx", person="limin", text="别的", key="k")) == (409, "key_reused")
    other = await served.says("zhangwei", "/x", chat="newx", key="k")
    assert other["message"]["id"] != first["message"]["id"]


async def test_a_redelivered_event_has_the_same_key(served):
    keys = []

    def reply(event):
        keys.append(event.key)
        served.core.seen.clear()
        return Answer(card=Card("一次"))

    served.core.reply = reply
    for _ in range(2):
        await served.says("limin", "/x", key="k")
    await served.says("limin", "/x")
    assert keys[0] == keys[1] != keys[2]
    assert [message["text"] for message in await served.reads("limin", "newx")] == ["/x", "一次", "/x", "一次"]


async def test_text_that_cannot_be_stored_is_made_harmless(served):
    body = b'{"chat": "newx", "person": "limin", "text": "a\\u0000\\ud83d\\u202eb"}'
    async with served.http.post(served.url + "/api/say", data=body, headers={"Content-Type": "application/json"}) as r:
        assert (await r.json())["message"]["text"] == "a\ufffd\ufffdb"


# --- clicking ---


async def test_a_click_opens_a_form_and_the_form_changes_the_card_in_place(served):
    card = await raised(served)
    status, answer = await served.post("/api/click", message=card["id"], person="zhangwei", button="accept:R-1")
    assert status == 200 and (answer["ok"], answer["toast"]) == (True, None)
    form = answer["form"]
    assert {"id", "title", "fields", "submit"} == set(form)
    assert {"name", "label", "kind", "required", "options", "value", "hint"} <= set(form["fields"][0])
    click = served.core.events[-1]
    assert isinstance(click, Click)
    assert (click.message, click.button, click.chat) == (card["id"], "accept:R-1", "newx")
    status, answer = await served.post(
        "/api/submit", form=form["id"], person="zhangwei", values={"due": "9月30日", "note": ""}
    )
    assert {"ok": True, "errors": {}, "toast": "已保存"}.items() <= answer.items()
    submit = served.core.events[-1]
    assert isinstance(submit, Submit)
    assert (submit.chat, submit.direct, dict(submit.values)) == ("newx", False, {"due": "9月30日", "note": ""})
    now = next(m for m in await served.reads("limin", "newx") if m["id"] == card["id"])
    assert now["seq"] == card["seq"] and "张伟 已受理" in now["text"] and now["edited_at"]


async def test_errors_of_a_form_name_the_field_and_nothing_happens(served):
    card = await raised(served)
    _, answer = await served.post("/api/click", message=card["id"], person="zhangwei", button="decline:R-1")
    _, answer = await served.post("/api/submit", form=answer["form"]["id"], person="zhangwei", values={"reason": "忙"})
    assert answer["ok"] is False and answer["errors"] == {"reason": "请至少写 10 个字"}


async def test_a_refused_click_is_told_privately_and_is_no_error(served):
    card = await raised(served)
    status, answer = await served.post("/api/click", message=card["id"], person="wanglei", button="counter:R-1")
    assert status == 200 and answer["ok"] is False
    assert (await served.reads("wanglei", "newx"))[-1]["visible_to"] == ["wanglei"]
    assert (await served.reads("zhangwei", "newx"))[-1]["card"]["title"] != "现在不行"


async def test_errors_of_a_click_are_in_its_toast(served):
    card = await raised(served)
    served.core.reply = lambda event: Answer(errors={"due": "已过期"})
    _, answer = await served.post("/api/click", message=card["id"], person="zhangwei", button="accept:R-1")
    assert (answer["ok"], answer["toast"]) == (False, "已过期")


async def test_a_click_with_a_key_is_the_same_event(served):
    card = await raised(served)
    for key in ("k", "k", None, None):
        await served.post("/api/click", message=card["id"], person="wanglei", button="counter:R-1", key=key)
    clicks = [event for event in served.core.events if isinstance(event, Click)]
    assert len(clicks) == 3


async def test_a_button_of_an_old_screen_reaches_the_core_which_says_what_is_the_matter(served):
    card = await raised(served)
    served.core.requests["R-1"].state = "accepted"
    await served.core.show(served.core.requests["R-1"])
    status, _ = await served.post("/api/click", message=card["id"], person="zhangwei", button="accept:R-1")
    assert status == 200
    assert served.core.events[-1].button == "accept:R-1"


async def test_who_blocked_the_bot_hears_no_answer(served):
    status, _ = await served.post("/api/people/limin", blocked=True)
    assert status == 200
    await served.says("limin", "/request", chat="dm:limin")
    assert len(await served.reads("limin", "dm:limin")) == 1
    _, state = await served.get("/api/state")
    assert next(person for person in state["people"] if person["id"] == "limin")["blocked"] is True


# --- what the API refuses ---


@pytest.mark.parametrize(
    ("method", "path", "refusal"),
    [
        ("GET", "/api/nothing", (404, "not_found")),
        ("POST", "/api/nothing/at/all", (404, "not_found")),
        ("GET", "/api/say", (405, "method_not_allowed")),
        ("DELETE", "/api/clock", (405, "method_not_allowed")),
        ("POST", "/api/pictures/x", (405, "method_not_allowed")),
    ],
)
async def test_a_call_that_does_not_exist_is_refused_like_every_other(served, method, path, refusal):
    async with served.http.request(method, served.url + path) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == refusal


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        ("say", {"chat": "nowhere", "person": "limin", "text": "x"}, (404, "unknown_chat")),
        ("say", {"chat": "newx", "person": "nobody", "text": "x"}, (404, "unknown_person")),
        ("say", {"chat": "dm:limin", "person": "zhangwei", "text": "x"}, (403, "not_in_chat")),
        ("say", {"chat": "newx", "person": "limin", "text": " \n\u3000"}, (400, "empty_text")),
        ("say", {"chat": "newx", "person": "limin"}, (400, "wrong_type")),
        ("say", {"chat": "newx", "person": "limin", "text": 1}, (400, "wrong_type")),
        ("say", {"chat": "newx", "person": "limin", "text": "x", "key": 1}, (400, "wrong_type")),
        ("click", {"message": "m-99", "person": "limin", "button": "x"}, (404, "unknown_message")),
        ("click", {"message": "'; --", "person": "limin", "button": "x"}, (404, "unknown_message")),
        ("click", {"message": "m-1", "person": "limin", "button": "x"}, (404, "unknown_button")),
        ("click", {"message": "m-4", "person": "wanglei", "button": "x"}, (403, "not_visible")),
        ("submit", {"form": "f", "person": "limin", "values": {}}, (404, "unknown_form")),
        ("submit", {"form": "accept:R-1", "person": "limin", "values": {}}, (404, "unknown_form")),
        ("submit", {"form": "accept:R-1", "person": "zhangwei", "values": []}, (400, "wrong_type")),
        ("submit", {"form": "accept:R-1", "person": "zhangwei", "values": {"due": ["x"]}}, (400, "wrong_type")),
        ("submit", {"form": "accept:R-1", "person": "zhangwei", "values": {"no": "x"}}, (400, "unknown_field")),
        ("people/nobody", {"blocked": True}, (404, "unknown_person")),
        ("people/limin", {"blocked": "yes"}, (400, "wrong_type")),
        ("clock", {}, (400, "wrong_type")),
        ("clock", {"advance": "1h", "to": "2026-09-24T16:00:00+08:00"}, (400, "wrong_type")),
        ("clock", {"advance": 90}, (400, "wrong_type")),
        ("clock", {"advance": "soon"}, (400, "bad_advance")),
        ("clock", {"advance": "999999999d"}, (400, "bad_advance")),
        ("clock", {"advance": "400d"}, (400, "clock_too_far")),
        ("clock", {"to": "tomorrow"}, (400, "bad_moment")),
        ("clock", {"to": "2026-09-24T16:00:00"}, (400, "bad_moment")),
        ("clock", {"to": "2026-09-23T10:29:59+08:00"}, (400, "clock_backwards")),
    ],
)
async def test_a_wrong_call_is_refused_and_reaches_nobody(served, path, body, refusal):
    card = await raised(served)
    await served.post("/api/click", message=card["id"], person="zhangwei", button="accept:R-1")
    heard, revision = len(served.core.events), served.world.revision
    assert code(await served.post(f"/api/{path}", **body)) == refusal
    assert len(served.core.events) == heard
    assert served.world.revision == revision
    assert served.clock.moment == town.START


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ({"chat": "nowhere"}, (404, "unknown_chat")),
        ({"chat": "newx", "person": "nobody"}, (404, "unknown_person")),
        ({"chat": "newx", "after": "x"}, (400, "wrong_type")),
        ({"chat": "newx", "after": "-1"}, (400, "wrong_type")),
        ({"chat": "newx", "after": "m-9"}, (404, "unknown_message")),
    ],
)
async def test_a_wrong_question_is_refused(served, query, refusal):
    assert code(await served.get("/api/messages", **query)) == refusal


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"{", (400, "malformed_json")),
        (b"\xff\xfe", (400, "malformed_json")),
        (b"[1]", (400, "malformed_json")),
        (b"null", (400, "malformed_json")),
        (b"[" * 100_000, (400, "malformed_json")),
        (b"", (400, "malformed_json")),
        (b'{"text": "' + b"x" * 1024 * 1024 + b'"}', (413, "too_large")),
    ],
)
async def test_a_broken_body_is_refused(served, data, refusal):
    headers = {"Content-Type": "application/json"}
    async with served.http.post(served.url + "/api/say", data=io.BytesIO(data), headers=headers) as response:
        assert code((response.status, await response.json())) == refusal


async def test_a_body_without_a_length_has_the_same_limit(served):
    async def endless():
        for _ in range(40):
            yield b" " * 64 * 1024

    headers = {"Content-Type": "application/json"}
    async with served.http.post(served.url + "/api/say", data=endless(), headers=headers) as response:
        assert code((response.status, await response.json())) == (413, "too_large")


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
async def test_a_body_that_is_not_packed_as_it_says_is_refused(served, packing):
    headers = {"Content-Type": "application/json", "Content-Encoding": packing}
    plain = served.http.post(served.url + "/api/say", data=io.BytesIO(b"{}"), headers=headers, compress=False)
    async with plain as response:
        assert response.status == 400


async def test_asking_about_the_stream_does_not_open_it(served):
    async with served.http.head(served.url + "/api/events") as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        assert await response.read() == b""


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        ({"Content-Type": "text/plain"}, (415, "content_type")),
        ({"Content-Type": "application/x-www-form-urlencoded"}, (415, "content_type")),
        ({"Content-Type": "application/json", "Host": "evil.example"}, (403, "bad_host")),
        ({"Content-Type": "application/json", "Host": "127.0.0.1.evil.example"}, (403, "bad_host")),
        ({"Content-Type": "application/json", "Origin": "http://evil.example"}, (403, "bad_origin")),
        ({"Content-Type": "application/json", "Origin": "http://localhost:1"}, (403, "bad_origin")),
        ({"Content-Type": "application/json", "Origin": "null"}, (403, "bad_origin")),
    ],
)
async def test_a_strange_caller_is_refused(served, headers, refusal):
    data = json.dumps({"chat": "newx", "person": "limin", "text": URGENT})
    async with served.http.post(served.url + "/api/say", data=data, headers=headers) as response:
        assert code((response.status, await response.json())) == refusal
    assert served.core.events == []


async def test_the_own_page_may_call(served):
    headers = {"Origin": served.url}
    body = {"chat": "newx", "person": "limin", "text": "x"}
    async with served.http.post(served.url + "/api/say", json=body, headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "path", ["/", "/page/app.js", "/page/style.css", "/api/state", "/api/pictures/dot", "/api/pictures/no"]
)
async def test_every_answer_is_locked_down(served, path):
    async with served.http.get(served.url + path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
        assert "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["..%2Fapi.py", "%2e%2e%2fapi.py", "nothing.js", "README.md", "__init__.py"])
async def test_only_the_files_of_the_page_are_served(served, name):
    async with served.http.get(f"{served.url}/page/{name}") as response:
        assert response.status == 404


async def test_before_the_bot_runs_nothing_is_taken():
    adapter, _, world = town.build()
    assert adapter.health().ok is False
    world.close()


# --- time ---


async def test_the_clock_moves_and_what_was_due_has_happened(served):
    await raised(served)
    served.core.events.clear()
    _, clock = await served.get("/api/clock")
    assert clock == {
        "now": "2026-09-23T10:30:00+08:00",
        "posted": 0,
        "manual": True,
        "next": "2026-09-23T12:30:00+08:00",
        "work_end": "2026-09-23T18:00:00+08:00",
    }
    _, moved = await served.post("/api/clock", advance="1h59m")
    assert (moved["now"], moved["posted"]) == ("2026-09-23T12:29:00+08:00", 0)
    _, moved = await served.post("/api/clock", to="2026-09-23T11:00:00Z")
    assert (moved["now"], moved["posted"]) == ("2026-09-23T19:00:00+08:00", 1)
    (breach,) = await served.reads("sunzong", "leadership")
    assert breach["posted_at"] == "2026-09-23T12:30:00+08:00"
    assert moved["work_end"] == "2026-09-24T18:00:00+08:00"


async def test_moves_at_the_same_time_follow_each_other(served):
    answers = await asyncio.gather(*(served.post("/api/clock", advance="1h") for _ in range(5)))
    assert sorted(answer["now"] for _, answer in answers) == [f"2026-09-23T{11 + n}:30:00+08:00" for n in range(5)]


async def test_a_real_clock_is_not_moved(served):
    served.clock.manual = False
    assert code(await served.post("/api/clock", advance="1h")) == (409, "clock_not_manual")
    _, clock = await served.get("/api/clock")
    assert (clock["manual"], clock["next"]) == (False, None)


# --- for the page ---


async def test_reading_clears_what_was_unread(served):
    await raised(served)
    _, state = await served.get("/api/state")
    assert state["unread"]["zhangwei"]["newx"] == {"count": 2, "mentions": 1}
    assert state["unread"]["zhangwei"]["dm:zhangwei"] == {"count": 1, "mentions": 1}
    await served.post("/api/read", person="zhangwei", chat="newx")
    _, state = await served.get("/api/state")
    assert set(state["unread"]["zhangwei"]) == {"dm:zhangwei"}


async def test_hints_are_the_cores(served):
    _, answer = await served.get("/api/hints", person="limin")
    assert answer["hints"] == list(town.HINTS)
    assert code(await served.get("/api/hints")) == (404, "unknown_person")


async def test_a_picture_comes_with_its_kind(served):
    async with served.http.get(served.url + "/api/pictures/dot") as response:
        assert (response.status, response.content_type) == (200, "image/svg+xml")


async def test_the_stream_tells_each_revision_and_ends_with_the_adapter(served):
    async with served.http.get(served.url + "/api/events") as response:
        assert response.content_type == "text/event-stream"
        assert await _next_revision(response) == served.world.revision
        await served.says("limin", "大家好")
        assert await _next_revision(response) == served.world.revision
        served.adapter._desk.closing.set()
        assert await asyncio.wait_for(response.content.read(), 5) == b"\n"


async def _next_revision(response):
    while True:
        line = await asyncio.wait_for(response.content.readline(), 5)
        if line.startswith(b"data:"):
            return json.loads(line[5:])["revision"]


async def test_a_link_that_could_run_code_is_not_passed_on(served):
    span = Span("点我", kind=SpanKind.LINK, href="javascript:alert(1)")
    await served.adapter.post(Target(chat="newx"), Card("x", body=((span,),)), key="k")
    (message,) = await served.reads("limin", "newx")
    assert message["card"]["rich"]["body"][0][0]["href"] is None


async def test_a_form_can_lead_to_the_next_one(served):
    form = Form("f1", "一", (), "下一步")
    served.core.reply = lambda event: Answer(form=form)
    await served.says("limin", "/x")
    _, answer = await served.post("/api/submit", form="f1", person="limin", values={})
    assert answer["form"]["id"] == "f1"
