"""The sandbox's HTTP surface, as the contract fixes it, and the page in front of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from aiohttp import web

from adapters.sandbox import acts
from adapters.sandbox.desk import Desk
from adapters.sandbox.guard import Refusal, guarded, json_body, optional_text, text_field
from adapters.sandbox.stream import stream_revisions
from adapters.sandbox.unread import unread
from adapters.sandbox.wire import chat_json, iso, message_json, person_json
from adapters.sandbox.world import Json, Message

PAGE = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_PICTURES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"<svg": "image/svg+xml",
    b"<?xml": "image/svg+xml",
}
_FARTHEST = timedelta(days=366)
"""How far the clock may be moved at once: everything on the way really happens, and that takes its time."""

Answers = Callable[[Desk, web.Request], Awaitable[web.StreamResponse]]


def routes(desk: Desk) -> Sequence[web.AbstractRouteDef]:
    """Every route of the sandbox, each behind the guard."""
    table: Mapping[tuple[str, str], Answers] = {
        ("GET", "/"): get_page,
        ("GET", "/page/{name}"): get_page,
        ("GET", "/api/state"): get_state,
        ("GET", "/api/messages"): get_messages,
        ("POST", "/api/say"): post_say,
        ("POST", "/api/click"): post_click,
        ("POST", "/api/submit"): post_submit,
        ("GET", "/api/clock"): get_clock,
        ("POST", "/api/clock"): post_clock,
        ("GET", "/api/events"): stream_revisions,
        ("GET", "/api/hints"): get_hints,
        ("GET", "/api/pictures/{name}"): get_picture,
        ("POST", "/api/people/{person}"): post_person,
        ("POST", "/api/read"): post_read,
    }
    known = [web.route(method, path, guarded(partial(answer, desk))) for (method, path), answer in table.items()]
    return [*known, web.route("*", "/api/{rest:.*}", guarded(partial(nothing_there, frozenset(table))))]


async def nothing_there(known: frozenset[tuple[str, str]], request: web.Request) -> web.Response:
    """A call that does not exist is refused in the same shape as every other."""
    methods = sorted(method for method, path in known if _is_at(request.path, path))
    if methods:
        raise Refusal(405, "method_not_allowed", f"{request.path} takes {', '.join(methods)}")
    raise Refusal(404, "not_found", f"there is no {request.path}")


def _is_at(asked: str, path: str) -> bool:
    """Whether the path has the shape of the route, `{name}` standing for any one part."""
    parts, route = asked.split("/"), path.split("/")
    return len(parts) == len(route) and all(r.startswith("{") or r == p for p, r in zip(parts, route, strict=True))


async def get_state(desk: Desk, request: web.Request) -> web.Response:
    """Who and what there is, and what each person has not read."""
    world, roster = desk.world, desk.roster()
    revision, blocked = world.revision, world.blocked()
    return _json(
        {
            "now": iso(desk.now(), desk.zone),
            "people": [person_json(person, blocked=person.id in blocked) for person in roster.people],
            "chats": [chat_json(chat) for chat in roster.all_chats()],
            "unread": unread(roster, world.messages(), world.marks()),
            "revision": revision,
        }
    )


async def get_messages(desk: Desk, request: web.Request) -> web.Response:
    """What stands in a chat, in order. Without `chat`: in all; with `person`: what this person can see."""
    chat, person = request.query.get("chat"), request.query.get("person")
    if chat:
        acts.open_chat(desk, chat, person) if person else acts.known_chat(desk, chat)
    changed_after = _whole_number(request, "changed_after")
    revision = desk.world.revision
    found = desk.world.messages(chat or None, after=_after(desk, request), changed_after=changed_after)
    return _json(
        {
            "messages": [message_json(message, desk.zone) for message in _seen_by(desk, person, found)],
            "deleted": desk.world.deleted(changed_after=changed_after),
            "revision": revision,
        }
    )


async def post_say(desk: Desk, request: web.Request) -> web.Response:
    body = await json_body(request)
    chat, person, text = (text_field(body, name) for name in ("chat", "person", "text"))
    return _json(await acts.say(desk, chat=chat, person=person, text=text, key=optional_text(body, "key")))


async def post_click(desk: Desk, request: web.Request) -> web.Response:
    body = await json_body(request)
    message, person, button = (text_field(body, name) for name in ("message", "person", "button"))
    key = optional_text(body, "key")
    return _json(await acts.click(desk, message=message, person=person, button=button, key=key))


async def post_submit(desk: Desk, request: web.Request) -> web.Response:
    body = await json_body(request)
    form, person = text_field(body, "form"), text_field(body, "person")
    values = body.get("values")
    if not isinstance(values, dict):
        raise Refusal(400, "wrong_type", "'values' must be an object")
    key = optional_text(body, "key")
    return _json(await acts.submit(desk, form=form, person=person, values=values, key=key))


async def get_clock(desk: Desk, request: web.Request) -> web.Response:
    return _json(await _clock(desk, posted=0))


async def post_clock(desk: Desk, request: web.Request) -> web.Response:
    """Moves time; one move at a time, the next one starts from where the one before it ended."""
    body = await json_body(request)
    if not desk.clock.manual:
        raise Refusal(409, "clock_not_manual", "this clock shows the real time; start with clock: manual")
    async with desk.moving:
        posted = await desk.clock.move_to(_destination(desk, body))
    return _json(await _clock(desk, posted=posted))


async def get_hints(desk: Desk, request: web.Request) -> web.Response:
    person = acts.known_person(desk, request.query.get("person", ""))
    return _json({"hints": [dict(hint) for hint in desk.hints(person)]})


async def get_picture(desk: Desk, request: web.Request) -> web.Response:
    content = await desk.pictures(request.match_info["name"])
    if content is None:
        raise Refusal(404, "unknown_picture", "there is no such picture")
    kind = next((kind for start, kind in _PICTURES.items() if content.lstrip().startswith(start)), None)
    return web.Response(body=content, content_type=kind or "application/octet-stream")


async def post_person(desk: Desk, request: web.Request) -> web.Response:
    """Blocks the bot, or allows it again, in this person's one-to-one chat."""
    person = acts.known_person(desk, request.match_info["person"])
    blocked = (await json_body(request)).get("blocked")
    if not isinstance(blocked, bool):
        raise Refusal(400, "wrong_type", "'blocked' must be true or false")
    desk.world.set_blocked(person, blocked)
    return _json({"id": person, "blocked": blocked})


async def post_read(desk: Desk, request: web.Request) -> web.Response:
    """Marks a chat as read by a person, up to `seq` or to its end."""
    body = await json_body(request)
    person = text_field(body, "person")
    chat = acts.open_chat(desk, text_field(body, "chat"), person)
    seq = body.get("seq")
    if seq is not None and (not isinstance(seq, int) or isinstance(seq, bool)):
        raise Refusal(400, "wrong_type", "'seq' must be a number")
    last = max((message.seq for message in desk.world.messages(chat.id)), default=0)
    desk.world.mark_read(person, chat.id, min(last, seq) if seq is not None else last)
    return _json({"ok": True})


async def get_page(desk: Desk, request: web.Request) -> web.Response:
    """A file of the page; only what lies in its folder, by name."""
    file = PAGE / request.match_info.get("name", "index.html")
    if file.suffix not in _TYPES or file not in PAGE.iterdir():
        raise Refusal(404, "not_found", "there is no such page")
    return web.Response(body=file.read_bytes(), content_type=_TYPES[file.suffix], charset="utf-8")


async def _clock(desk: Desk, *, posted: int) -> Json:
    now = desk.now()
    due = await desk.clock.next_due() if desk.clock.manual else None
    return {
        "now": iso(now, desk.zone),
        "posted": posted,
        "manual": desk.clock.manual,
        "next": iso(due, desk.zone) if due else None,
        "work_end": iso(desk.work_end(now), desk.zone),
    }


def _destination(desk: Desk, body: Mapping[str, object]) -> datetime:
    now = desk.clock.now()
    advance, to = optional_text(body, "advance"), optional_text(body, "to")
    if (advance is None) == (to is None):
        raise Refusal(400, "wrong_type", "give either 'advance' or 'to'")
    moment = _moment(to) if to else _advanced(desk, now, advance or "")
    if moment < now:
        raise Refusal(400, "clock_backwards", f"it is {iso(now, desk.zone)} already")
    if moment - now > _FARTHEST:
        raise Refusal(400, "clock_too_far", f"at most {_FARTHEST.days} days at once")
    return moment


def _advanced(desk: Desk, now: datetime, advance: str) -> datetime:
    try:
        return now + desk.parse_advance(advance)
    except (ValueError, OverflowError) as error:
        raise Refusal(400, "bad_advance", str(error)) from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(400, "bad_moment", f"not a moment: {text!r} (write 2026-09-24T16:00:00+08:00)") from None
    if moment.tzinfo is None:
        raise Refusal(400, "bad_moment", f"without an offset {text!r} is no moment (write …+08:00)")
    return moment


def _seen_by(desk: Desk, person: str | None, messages: Sequence[Message]) -> Sequence[Message]:
    if not person:
        return messages
    acts.known_person(desk, person)
    mine = {chat.id for chat in desk.roster().all_chats() if person in chat.members}
    return [message for message in messages if message.chat in mine and message.is_visible_to(person)]


def _after(desk: Desk, request: web.Request) -> int:
    """A number, or the id of a message."""
    after = request.query.get("after", "")
    if not after.startswith("m-"):
        return _whole_number(request, "after")
    message = desk.world.find(after)
    if message is None:
        raise Refusal(404, "unknown_message", f"there is no message {after!r}")
    return message.seq


def _whole_number(request: web.Request, name: str) -> int:
    text = request.query.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refusal(400, "wrong_type", f"{name!r} must be a number")
    return int(text)


def _json(value: Json) -> web.Response:
    return web.json_response(value)
