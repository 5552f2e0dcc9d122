"""What the calls of the open platform make of its answers."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import RequestInfo, web
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.test_utils import TestServer
from multidict import CIMultiDict
from yarl import URL

from adapters.base import Busy, Forbidden, Gone
from adapters.feishu.api import Api, broken
from adapters.feishu.config import FeishuConfig
from adapters.feishu.errors import Refused, Unclear, Unscoped, refusal, seconds
from support.feishu import FakeFeishu

INFO = ("GET", "/open-apis/bot/v3/info")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
async def feishu():
    async with FakeFeishu() as feishu:
        yield feishu


@pytest.fixture
async def api(feishu):
    api = Api(config(feishu))
    yield api
    await api.close()


def config(feishu, **more):
    told = {"app_id": feishu.app_id, "app_secret": feishu.app_secret, "domain": feishu.domain}
    return FeishuConfig(**{**told, **more})


async def failed(api, *call):
    with pytest.raises(Exception) as raised:
        await api.call(*(call or INFO))
    return raised.value


def what(error):
    """Kind, and for what is tried again: whether it was surely not sent, and whether everything waits."""
    more = (error.unsent, error.everywhere) if isinstance(error, Busy) else ()
    return type(error), *more


NOT_NOW, NOT_HERE, NOT_US = (Busy, True, True), (Busy, True, False), (Busy, True, True)
MAYBE = (Unclear, False, False)
CODES = {
    99991400: NOT_NOW, 11232: NOT_NOW, 11233: NOT_NOW, 230020: NOT_HERE,
    10003: NOT_US, 10014: NOT_US, 99991662: NOT_US, 230006: NOT_US, 99991663: NOT_US, 99991668: NOT_US,
    2200: MAYBE, 230049: MAYBE,
    230011: (Gone,), 230012: (Gone,), 230029: (Gone,), 230031: (Gone,), 230034: (Gone,), 230110: (Gone,),
    232009: (Gone,), 99992351: (Gone,),
    230002: (Forbidden,), 230013: (Forbidden,), 230018: (Forbidden,), 230027: (Unscoped,), 230028: (Forbidden,),
    230035: (Forbidden,), 230053: (Forbidden,), 99991672: (Unscoped,),
    230001: (Refused,), 230022: (Refused,), 230025: (Refused,), 230099: (Refused,), 9499: (Refused,),
    99992402: (Refused,), 123456: (Refused,),
}  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), CODES.items(), ids=str)
async def test_each_refusal_is_tried_again_given_up_or_told(feishu, api, code, expected):
    feishu.add_fault("error", "GET bot/v3/info", times=2, code=code)
    error = await failed(api)
    assert what(error) == expected
    assert str(code) in str(error)
    assert not isinstance(error, Forbidden) or error.fix
    assert not isinstance(error, Refused) or error.code == code


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Your request contains an invalid request parameter, ext=invalid receive_id", (Gone,)),
        ("Your request contains an invalid request parameter, ext=invalid message_id", (Gone,)),
        ("Your request contains an invalid request parameter, ext=invalid msg_type", (Refused,)),
    ],
)
def test_a_parameter_that_names_what_is_not_there_is_gone(said, expected):
    assert what(refusal("x", 400, {}, {"code": 230001, "msg": said})) == expected


def test_a_card_whose_click_waits_for_its_answer_can_be_changed_in_a_moment():
    said = "Failed to create card content, ext=ErrCode: 11310; ErrMsg: card action is lock; ErrorValue: ; "
    error = refusal("x", 400, {}, {"code": 230099, "msg": said})
    assert (what(error), error.after) == (NOT_HERE, 1.0)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "ratelimit"}, NOT_NOW),
        ({"kind": "chatlimit"}, NOT_HERE),
        ({"kind": "status", "code": 500}, MAYBE),
        ({"kind": "html"}, MAYBE),
        ({"kind": "html", "code": 200}, MAYBE),
        ({"kind": "html", "code": 429}, NOT_NOW),
        ({"kind": "html", "code": 403}, MAYBE),
        ({"kind": "cut"}, MAYBE),
    ],
    ids=lambda value: " ".join(map(str, value.values())) if isinstance(value, dict) else "",
)
async def test_what_goes_wrong_on_the_way_is_never_a_yes(feishu, api, fault, expected):
    feishu.add_fault(method="POST im/v1/messages/*", **fault)
    assert what(await failed(api, "POST", "/open-apis/im/v1/messages/om_1/reply")) == expected


SOMEBODY_ELSE = [b'{"code": "BLOCKED", "error": "no"}', b'{"code": ["x"]}', b'{"error": 1}', b"[]", b"7", b"[" * 50_000]


@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize("content", SOMEBODY_ELSE, ids=lambda content: content[:20])
async def test_whoever_answers_instead_of_feishu_is_waited_out(feishu, content, status):
    async def answer(request):
        return web.Response(body=content, status=status, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        api = Api(config(feishu, domain=str(server.make_url("")).rstrip("/")))
        assert what(await failed(api)) == NOT_NOW
        await api.close()


@pytest.mark.parametrize(
    "error", [None, "no", ["no"], {"permission_violations": "no"}, {"permission_violations": ["no"]}]
)
def test_a_missing_scope_that_is_not_named_is_one_all_the_same(error):
    found = refusal("x", 400, {}, {"code": 99991672, "msg": "no", "error": error})
    assert what(found) == (Unscoped,) and "add the missing scope" in found.fix


async def test_a_method_that_is_not_there_is_a_no(api):
    error = await failed(api, "GET", "/open-apis/bot/v3/nothing")
    assert (what(error), error.code) == ((Refused,), 404)


async def test_what_cannot_be_reached_was_surely_not_sent(feishu):
    api = Api(config(feishu, domain="http://127.0.0.1:1"))
    assert what(await failed(api)) == (Busy, True, True)
    await api.close()


async def test_a_rest_that_feishu_asks_for_is_kept(feishu, api):
    feishu.add_fault("ratelimit", "GET bot/v3/info", retry_after=17)
    assert (await failed(api)).after == 17


@pytest.mark.parametrize(
    ("given", "expected"),
    [("3", 3.0), ("0", 1.0), ("", 5.0), ("soon", 5.0), ("-1", 5.0), ("²", 5.0), ("1790000000", 300.0)],
    ids=repr,
)
def test_a_rest_that_is_no_number_is_ours(given, expected):
    assert seconds({"x-ogw-ratelimit-reset": given} if given else {}) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (aiohttp.ConnectionTimeoutError(), NOT_NOW),
        (
            aiohttp.ClientConnectorDNSError(ConnectionKey("feishu", 443, True, True, None, None, None), OSError()),
            NOT_NOW,
        ),
        (aiohttp.ClientHttpProxyError(RequestInfo(URL("http://x"), "CONNECT", CIMultiDict()), (), status=407), NOT_NOW),
        (aiohttp.SocketTimeoutError(), MAYBE),
        (aiohttp.ServerDisconnectedError(), MAYBE),
        (ConnectionResetError(), MAYBE),
        (TimeoutError(), MAYBE),
    ],
    ids=lambda value: type(value).__name__,
)
def test_without_a_connection_nothing_was_sent_else_nobody_knows(error, expected):
    assert what(broken("x", error)) == expected


# --- scopes ---------------------------------------------------------------------------------------


async def test_a_missing_scope_is_named_with_where_to_add_it(feishu, api):
    feishu.set_scopes([])
    error = await failed(api, "POST", "/open-apis/im/v1/messages/om_1/reply")
    assert what(error) == (Unscoped,)
    assert "im:message" in error.fix and "publish a version" in error.fix


# --- the token ------------------------------------------------------------------------------------

TOKENS = "POST auth/v3/tenant_access_token/internal"


async def test_one_token_does_for_all_calls_also_at_once(feishu, api):
    await asyncio.gather(*(api.call(*INFO) for _ in range(20)))
    assert len(feishu.calls(TOKENS)) == 1


async def test_a_revoked_token_is_replaced_and_the_call_made_once_more(feishu, api):
    await api.call(*INFO)
    feishu.revoke_tokens()
    answers = await asyncio.gather(*(api.call(*INFO) for _ in range(20)))
    assert {answer["bot"]["open_id"] for answer in answers} == {feishu.bot}
    assert len(feishu.calls(TOKENS)) == 2


@pytest.mark.parametrize(
    ("wrong", "code"), [({"app_secret": "no"}, "10014"), ({"app_id": "cli_no"}, "10003")], ids=["secret", "id"]
)
async def test_an_app_that_feishu_refuses_waits_for_somebody_to_mend_it(feishu, wrong, code):
    api = Api(config(feishu, **wrong))
    assert what(await failed(api)) == NOT_US
    assert api.refused_because.startswith(code)
    await api.close()


async def test_once_mended_nothing_is_refused_any_more(feishu, api):
    feishu.add_fault("token", "GET bot/v3/info", times=2)
    assert what(await failed(api)) == NOT_US
    assert api.refused_because.startswith("99991663")
    await api.call(*INFO)
    assert api.refused_because == ""


@pytest.mark.parametrize("fault", ["html", "cut", "ratelimit"])
async def test_a_token_that_cannot_be_had_now_is_had_later_and_nothing_was_sent(feishu, api, fault):
    feishu.add_fault(fault, TOKENS)
    assert what(await failed(api)) == NOT_NOW
    assert (await api.call(*INFO))["code"] == 0


@pytest.mark.parametrize("code", [99991543, 99991673, 123456])
async def test_no_message_is_given_up_for_a_token_that_is_refused(feishu, api, code):
    feishu.add_fault("error", TOKENS, code=code)
    assert what(await failed(api)) == NOT_US
    assert str(code) in api.refused_because
    await api.call(*INFO)
    assert api.refused_because == ""


async def test_all_who_wait_for_a_token_hear_at_once_that_there_is_none(feishu, api):
    feishu.add_fault("html", TOKENS)
    errors = await asyncio.gather(*(api.call(*INFO) for _ in range(20)), return_exceptions=True)
    assert [what(error) for error in errors] == [NOT_NOW] * 20
    assert len(feishu.calls(TOKENS)) == 1


async def test_whoever_gives_up_leaves_the_token_to_the_others(feishu, api):
    calls = [asyncio.create_task(api.call(*INFO)) for _ in range(3)]
    await feishu.wait_calls(TOKENS)
    calls[0].cancel()
    assert [answer["code"] for answer in await asyncio.gather(*calls[1:])] == [0, 0]


# --- secrets --------------------------------------------------------------------------------------


async def test_no_error_says_a_secret(feishu):
    for wrong in ({"app_secret": "hush"}, {"proxy": "http://me:hush@127.0.0.1:1"}, {"domain": "http://127.0.0.1:1"}):
        api = Api(config(feishu, **wrong))
        error = await failed(api)
        assert "hush" not in f"{error!r} {error.__cause__ if not isinstance(error, Busy) else ''} {api.refused_because}"
        await api.close()


async def test_a_proxy_is_asked_to_carry_the_call(feishu):
    asked = []

    async def carry(request):
        asked.append(request.url.host)
        return web.json_response({"code": 0, "tenant_access_token": "t", "expire": 7200})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", carry)
    async with TestServer(app) as proxy:
        api = Api(config(feishu, domain="http://feishu.invalid", proxy=str(proxy.make_url("/"))))
        assert (await api.call(*INFO))["code"] == 0
        await api.close()
    assert asked == ["feishu.invalid"] * 2


# --- pictures -------------------------------------------------------------------------------------


async def test_a_picture_is_uploaded_also_with_a_token_that_was_revoked(feishu, api):
    await api.call(*INFO)
    feishu.revoke_tokens()
    assert (await api.upload_image(PNG)).startswith("img_")


async def test_a_picture_that_feishu_does_not_take_is_refused(feishu, api):
    feishu.add_fault("error", "POST im/v1/images", code=234011)
    with pytest.raises(Refused):
        await api.upload_image(PNG)
