"""Messages that stay: what every platform keeps, and what only Slack needs: no second copy after a lost answer."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from dataclasses import replace

import pytest

from adapters.base import Busy, Forbidden, Gone, Target
from adapters.slack.config import SlackConfig, no_pictures
from adapters.slack.lines import open_lines
from adapters.slack.web import Refused, Unclear
from commands.chat import Card, Image, Span, SpanKind
from tests.adapters.contract import CARD, LATER, AdapterContract, Platform
from tests.adapters.slack.office import office


@pytest.fixture
async def platform(socket):
    slack = socket.slack

    async def shown(target):
        channel = target.chat or await slack.dm(target.user)
        return [message.words for message in await slack.messages(channel)]

    async def delete(message):
        await slack.delete_message(*message.split(":"))

    async def refuse():
        await slack.add_fault("error", "chat.postMessage", times=None, code="restricted_action")

    return Platform(
        adapter=socket.adapter,
        group=Target(chat=socket.place),
        person=Target(user=socket.bob),
        nowhere=Target(chat="C0NOWHERE"),
        shown=shown,
        delete=delete,
        refuse=refuse,
    )


class TestContract(AdapterContract):
    pass


# --- posted once -------------------------------------------------------------------------------------


async def tried(socket, target, key="k1", again=False):
    """The id, or what was raised."""
    try:
        return await socket.adapter.post(target, CARD, key=key, again=again)
    except Busy as error:
        return error


@pytest.mark.parametrize(
    "fault", [{"kind": "cut"}, {"kind": "status", "code": 502}, {"kind": "error", "code": "fatal_error"}]
)
async def test_a_message_whose_answer_got_lost_is_found_again(socket, fault):
    target = Target(chat=socket.place)
    await socket.slack.add_fault(fault.pop("kind"), "chat.postMessage", when="after", **fault)
    assert isinstance(await tried(socket, target), Unclear)
    found = await tried(socket, target, again=True)
    (message,) = await socket.slack.messages(socket.place)
    assert found == f"{socket.place}:{message.ts}"


async def test_it_is_found_among_many_others_and_in_a_direct_chat(socket):
    target = Target(user=socket.ann)
    await socket.slack.add_fault("cut", "chat.postMessage", when="after")
    await tried(socket, target)
    direct = await socket.slack.dm("ann")
    for n in range(250):
        socket.slack.workspace.post(socket.slack.workspace.place(direct), {"text": f"{n}"}, author=socket.ann)
    await tried(socket, target, again=True)
    assert len(await socket.slack.messages(direct)) == 1


async def test_a_message_that_never_arrived_is_posted(socket):
    target = Target(chat=socket.place)
    await socket.slack.add_fault("cut", "chat.postMessage")
    assert isinstance(await tried(socket, target), Unclear)
    assert isinstance(await tried(socket, target, again=True), str)
    assert len(await socket.slack.messages(socket.place)) == 1


async def test_what_slack_refused_for_sure_is_not_looked_for(socket):
    target = Target(chat=socket.place)
    await socket.slack.add_fault("ratelimit", "chat.postMessage", retry_after=7)
    refused = await tried(socket, target)
    assert isinstance(refused, Busy) and not isinstance(refused, Unclear)
    assert refused.after == 7
    await tried(socket, target, again=True)
    assert await socket.slack.calls("conversations.history") == []
    assert len(await socket.slack.messages(socket.place)) == 1


async def test_an_attempt_of_an_earlier_process_is_looked_for(socket):
    target = Target(chat=socket.place)
    first = await tried(socket, target)
    async with office() as other:
        await other.adapter.post(Target(chat=other.place), CARD, key="k1", again=True)
        assert len(await other.slack.calls("conversations.history")) == 1
    assert await tried(socket, target, again=True) == first


async def test_without_the_scope_to_look_a_message_is_rather_said_twice_than_never(socket):
    target = Target(chat=socket.place)
    await socket.slack.set_scopes({"chat:write", "users:read"})
    await socket.slack.add_fault("cut", "chat.postMessage", when="after")
    await tried(socket, target)
    assert isinstance(await tried(socket, target, again=True), str)
    assert len(await socket.slack.messages(socket.place)) == 2


async def test_another_key_is_another_message(socket):
    target = Target(chat=socket.place)
    first = await tried(socket, target, "k1")
    assert await tried(socket, target, "k2", again=True) != first


async def test_a_direct_message_needs_no_call_of_its_own_to_open_the_chat(socket):
    for key in ("k1", "k2"):
        await tried(socket, Target(user=socket.ann), key)
    assert await socket.slack.calls("conversations.open") == []
    assert len(await socket.slack.messages(await socket.slack.dm("ann"))) == 2


async def test_only_the_key_is_in_the_metadata(socket):
    await socket.adapter.post(Target(chat=socket.place), CARD, key="esc:R-17:L2")
    (message,) = await socket.slack.messages(socket.place)
    assert message.message["metadata"] == {"event_type": "liaison", "event_payload": {"key": "esc:R-17:L2"}}


# --- what cannot be done -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        ("not_in_channel", Forbidden),
        ("channel_not_found", Gone),
        ("is_archived", Gone),
        ("missing_scope", Forbidden),
        ("restricted_action", Forbidden),
        ("something_new", Refused),
        ("token_revoked", Busy),
        ("invalid_auth", Busy),
        ("internal_error", Unclear),
        ("ratelimited", Busy),
    ],
)
async def test_each_error_is_what_it_means_for_the_message(socket, code, raised):
    await socket.slack.add_fault("error", "chat.postMessage", times=None, code=code)
    with pytest.raises(raised) as error:
        await socket.adapter.post(Target(chat=socket.place), CARD, key="k1")
    assert type(error.value) is raised
    assert code in str(error.value)


async def test_a_revoked_token_is_no_message_s_fault_and_shows_in_the_health(socket):
    await socket.slack.add_fault("error", "chat.postMessage", code="token_revoked")
    await tried(socket, Target(chat=socket.place))
    assert "token_revoked" in socket.adapter.health().detail
    await tried(socket, Target(chat=socket.place))
    assert socket.adapter.health().ok


async def test_blocks_that_slack_does_not_like_give_way_to_the_words(socket):
    await socket.slack.add_fault("error", "chat.postMessage", code="invalid_blocks")
    await socket.adapter.post(Target(chat=socket.place), CARD, key="k1")
    (message,) = await socket.slack.messages(socket.place)
    assert "/request accept R-1" in message.text
    assert not message.message.get("blocks")


async def test_a_picture_that_is_not_ready_is_left_out_and_the_buttons_stay(socket):
    card = replace(CARD, image=Image("data:image/png;base64,iVBORw0KGgo=", "三项任务"))
    await socket.slack.add_fault("error", "chat.postMessage", code="invalid_blocks")
    await socket.adapter.post(Target(chat=socket.place), card, key="k1")
    (message,) = await socket.slack.messages(socket.place)
    assert message.buttons == ["受理"]
    assert not any(block["type"] == "image" for block in message.message["blocks"])


@pytest.mark.parametrize("message", ["", "C1", ":", "C1:", ":12.3", "m-1"])
async def test_an_id_that_is_not_slacks_is_gone(socket, message):
    with pytest.raises(Gone):
        await socket.adapter.edit(Target(chat=socket.place), message, LATER)


# --- what is shown -----------------------------------------------------------------------------------


async def test_a_ping_is_a_mention_and_a_name_is_not(socket):
    body = (
        Span("请 "),
        Span("鲍勃", SpanKind.PERSON, person=socket.bob, ping=True),
        Span("安", SpanKind.PERSON, person=socket.ann),
    )
    await socket.adapter.post(Target(chat=socket.place), Card("R-1", body=(body,)), key="k1")
    (message,) = await socket.slack.messages(socket.place)
    assert message.mentions == [f"@{socket.bob}"]
    assert "鲍勃" in message.text


async def test_a_picture_is_uploaded_once_and_has_its_words(socket):
    src = "data:image/png;base64,iVBORw0KGgo="
    card = Card("R-1", image=Image(src, "三项任务，一项延期"))
    for key in ("k1", "k2"):
        await socket.adapter.post(Target(chat=socket.place), card, key=key)
    first, second = await socket.slack.messages(socket.place)
    assert len(socket.slack.workspace.files) == 1
    for message in (first, second):
        assert "三项任务，一项延期" in message.words
        assert next(iter(socket.slack.workspace.files)) in json.dumps(message.message["blocks"])


async def test_a_picture_that_cannot_be_had_leaves_its_words(socket):
    await socket.adapter.post(Target(chat=socket.place), Card("R-1", image=Image("gantt-1", "三项任务")), key="k1")
    assert "三项任务" in (await socket.slack.messages(socket.place))[0].words


async def test_at_once_to_many_places(socket):
    keys = [f"k{n}" for n in range(20)]
    await asyncio.gather(*(socket.adapter.post(Target(chat=socket.place), CARD, key=key) for key in keys))
    assert len(await socket.slack.messages(socket.place)) == 20
    assert socket.slack.violations == []


async def test_the_password_of_a_proxy_that_refuses_us_is_in_no_error():
    async def refuses(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    proxy = await asyncio.start_server(refuses, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    config = SlackConfig(
        bot_token="xoxb-secret", base_url="https://slack.test/api/", proxy=f"http://u:pw@127.0.0.1:{port}"
    )
    lines = open_lines(config, no_pictures)
    async with proxy:
        with pytest.raises(Busy) as failed:
            await lines.web.call("auth.test")
        await lines.close()
    assert failed.value.unsent
    assert "407 Proxy Authentication Required" in str(failed.value)
    for secret in ("pw", b64encode(b"u:pw").decode(), "xoxb-secret"):
        assert secret not in str(failed.value)
