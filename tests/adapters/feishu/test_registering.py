"""An app by a QR code: the SDK's device flow, against a stand-in for Feishu's accounts."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.feishu.registering import FEISHU, LARK, NotRegistered, Registered, read, register, wishes
from adapters.feishu.scopes import CALLBACKS, EVENTS, NEEDED
from bot import feishuanswers

MADE = {"client_id": "cli_new", "client_secret": "s3cret", "user_info": {"tenant_brand": "feishu"}}
PENDING = {"error": "authorization_pending"}


@asynccontextmanager
async def accounts(*polls):
    """Answers each poll in turn."""
    said = iter(polls)
    answers = {
        "init": lambda: {"supported_auth_methods": ["client_secret"]},
        "begin": lambda: {
            "device_code": "d",
            "interval": 0,
            "expires_in": 60,
            "verification_uri_complete": "https://accounts.example/verify?code=abc",
        },
        "poll": lambda: next(said),
    }

    async def answer(request):
        return web.json_response(answers[(await request.post())["action"]]())

    app = web.Application()
    app.router.add_post("/oauth/v1/app/registration", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


async def made_by(*polls):
    shown = []
    async with accounts(*polls) as origin:
        made = await asyncio.to_thread(register, shown.append, name="接口人", about="协作", accounts=origin)
    return made, parse_qs(urlsplit(shown[0]).query)


async def test_whoever_scans_it_gets_an_app_with_all_it_needs():
    made, shown = await made_by(PENDING, MADE)
    assert made == Registered("cli_new", "s3cret", FEISHU)
    assert "s3cret" not in repr(made)
    assert (shown["name"], shown["desc"], shown["createOnly"]) == (["接口人"], ["协作"], ["true"])
    packed = shown["addons"][0]
    asked = json.loads(gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))))
    assert asked == wishes()
    assert set(NEEDED) <= set(asked["scopes"]["tenant"])
    assert (asked["events"]["items"]["tenant"], asked["callbacks"]["items"]) == (list(EVENTS), list(CALLBACKS))


@pytest.mark.parametrize("error", ["access_denied", "expired_token", "something_new"])
async def test_a_no_is_told_in_its_words(error):
    with pytest.raises(NotRegistered, match=error):
        await made_by({"error": error, "error_description": "no"})


async def test_what_is_no_answer_of_feishu_is_no_app():
    async with TestServer(web.Application()) as server:
        origin = str(server.make_url("")).rstrip("/")
        with pytest.raises(NotRegistered, match="JSON"):
            await asyncio.to_thread(register, print, name="x", about="y", accounts=origin)


BRANDS = [({"tenant_brand": "lark"}, LARK), ({"tenant_brand": "feishu"}, FEISHU), ({}, FEISHU), (None, FEISHU)]


@pytest.mark.parametrize(("user", "domain"), BRANDS)
def test_the_organisation_of_whoever_agreed_says_which_platform_it_is(user, domain):
    assert read({**MADE, "user_info": user}).domain == domain


@pytest.mark.parametrize("made", [None, {}, {"client_id": "cli_1"}, "cli_1"])
def test_half_an_app_is_none(made):
    with pytest.raises(NotRegistered):
        read(made)


# --- in the wizard -------------------------------------------------------------------------------


async def test_the_wizard_takes_over_what_feishu_told(capsys):
    answers = {"language": "zh-CN", "feishu-app-id": "qr"}
    async with accounts({**MADE, "user_info": {"tenant_brand": "lark"}}, MADE) as origin:
        assert await asyncio.to_thread(feishuanswers.create, answers, origin)
    assert (answers["feishu-app-id"], answers["feishu-app-secret"]) == ("cli_new", "s3cret")
    said = capsys.readouterr().out
    assert "https://accounts.example/verify?" in said and "█" in said
    assert "s3cret" not in said


async def test_a_failure_says_how_to_go_on_and_leaves_the_answers(capsys):
    answers = {"language": "en", "feishu-app-id": "qr"}
    async with accounts({"error": "access_denied"}) as origin:
        assert not await asyncio.to_thread(feishuanswers.create, answers, origin)
    assert answers == {"language": "en", "feishu-app-id": "qr"}
    assert "docs/feishu.md" in capsys.readouterr().out
