"""Who is told, where, when: puts messages into the outbox, with quiet hours, stand-ins and one key per step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from commands.domain import permissions
from commands.domain.permissions import Sides
from commands.domain.request import Request
from commands.facts import encode
from commands.ports import Owed, OwedKind, Priority
from commands.registry import Context
from commands.words import Dept, Shown

LATE = timedelta(minutes=10)
"""A scheduled message that goes out this much after its planned moment says so."""


def to_person(person: str) -> str:
    return f"person:{person}"


def to_chat(address: str) -> str:
    return f"chat:{address}"


def show(
    ctx: Context,
    item: str,
    view: str,
    *,
    chats: Iterable[str | None] = (),
    people: Iterable[str | None] = (),
    urgent: bool = False,
    in_person: bool = False,
    priority: Priority = Priority.EDIT,
) -> None:
    """Owes the record's card to new places and an edit to every place that has it already. `in_person`: nobody
    stands in for people who are away."""
    places: dict[str, datetime | None] = {to_chat(c): None for c in chats if c}
    for person in _reached(ctx, people, in_person, item):
        places[to_person(person)] = None if urgent else waking(ctx, person)
    posted = {p.to for p in ctx.uow.posted(item, view)}
    for place in ctx.uow.places(item, view):
        # A card that is still on its way to somebody who sleeps goes on waiting for the morning.
        asleep = place not in posted and place.startswith("person:") and not urgent
        places.setdefault(place, waking(ctx, place.removeprefix("person:")) if asleep else None)
    ctx.uow.owe_all(
        Owed(
            key=f"card:{view}:{item}:{place}:{ctx.fresh_id()}",
            to=place,
            kind=OwedKind.CARD,
            view=view,
            item=item,
            priority=priority,
            not_before=not_before,
            urgent=urgent,
            owed_at=ctx.real_now,
        )
        for place, not_before in places.items()
    )


def refresh_all(ctx: Context, item: str) -> None:
    """Every card of a record that is posted anywhere is shown as it is now."""
    for view in dict.fromkeys(p.view for p in ctx.uow.posted(item)):
        show(ctx, item, view)


def notify(
    ctx: Context,
    view: str,
    item: str,
    people: Iterable[str | None],
    *,
    step: str,
    urgent: bool = False,
    priority: Priority = Priority.ANSWER,
    expires_at: datetime | None = None,
    even_self: bool = False,
    in_person: bool = False,
    **facts: Shown,
) -> tuple[str, ...]:
    """Owes a message of its own to each person, once per (view, item, step, person). Whoever acts is not told
    of their own act. Returns who will be told; nobody left is an admin's business, see `nobody_left`."""
    told = [p for p in _reached(ctx, people, in_person, item) if even_self or p != ctx.actor.person]
    for person in told:
        _owe_notice(
            ctx,
            view,
            item,
            to_person(person),
            f"{view}:{item}:{step}:{person}",
            urgent,
            priority,
            expires_at,
            None if urgent else waking(ctx, person),
            facts,
        )
    return tuple(told)


def post(
    ctx: Context,
    view: str,
    item: str,
    chats: Iterable[str | None],
    *,
    step: str,
    urgent: bool = False,
    priority: Priority = Priority.ANSWER,
    **facts: Shown,
) -> None:
    """Owes a message of its own to chats."""
    for address in dict.fromkeys(c for c in chats if c):
        _owe_notice(
            ctx, view, item, to_chat(address), f"{view}:{item}:{step}:{address}", urgent, priority, None, None, facts
        )


def waking(ctx: Context, person: str) -> datetime | None:
    """When a person outside working time or on leave may be disturbed again; None: now."""
    calendar = ctx.calendars.of_person(person)
    if back := _back_from_leave(ctx, person):
        return calendar.next_open(calendar.at(back, time()))
    just_before = ctx.real_now - timedelta(seconds=1)  # what is due at 18:00 sharp is still said at 18:00
    if calendar.is_open(ctx.real_now) or calendar.is_open(just_before):
        return None
    return calendar.next_open(ctx.real_now)


def _back_from_leave(ctx: Context, person: str) -> date | None:
    """The first day after the leave, or the leaves in a row, that the person is on; None when they are there."""
    day = ctx.calendars.of_person(person).local(ctx.real_now).date()
    first = day
    while leave := ctx.directory.leave_of(person, day):
        day = leave.end + timedelta(days=1)
    return day if day != first else None


def _owe_notice(
    ctx: Context,
    view: str,
    item: str,
    to: str,
    key: str,
    urgent: bool,
    priority: Priority,
    expires_at: datetime | None,
    not_before: datetime | None,
    facts: dict[str, Shown],
) -> None:
    if ctx.real_now - ctx.now > LATE:
        facts = {**facts, "planned_at": ctx.now}
    owed = Owed(
        key=key,
        to=to,
        kind=OwedKind.NOTICE,
        view=view,
        item=item,
        facts=encode(facts),
        priority=priority,
        not_before=not_before,
        expires_at=expires_at,
        urgent=urgent,
        bundle=not urgent and priority is Priority.PROMPT,
        owed_at=ctx.real_now,
    )
    ctx.uow.owe_all((owed,))


def _reached(ctx: Context, people: Iterable[str | None], in_person: bool, item: str) -> tuple[str, ...]:
    """The people, each replaced by whoever stands in today, each once; those without a stand-in are left out."""
    found: dict[str, None] = {}
    for person in people:
        if person and in_person:
            found[person] = None
        elif person:
            day = ctx.calendars.of_person(person).local(ctx.real_now).date()
            if stand_in := _stand_in(ctx, person, day, item):
                found[stand_in] = None
    return tuple(found)


def _stand_in(ctx: Context, person: str, day: date, item: str) -> str | None:
    """Who is told in the person's place. A deputy who belongs to the other party of a request is passed over for the
    next one of the person's department."""
    found = ctx.directory.stands_for(person, day)
    if found is None or found == person or not item.startswith("R-"):
        return found
    request = ctx.uow.get(Request, item)
    own = ctx.directory.departments_of(person)
    if request is None:
        return found
    sides = Sides(requester=request.requester, department=request.department, lead=request.lead, owner=request.owner)
    side = next((d for d in (request.lead, request.department) if d in own), None)
    barred = permissions.barred(ctx.directory, sides, side)
    if found not in barred or side is None:
        return found
    return ctx.directory.liaison(side, day, barred) or ctx.directory.head(side, day, barred)


def nobody_left(ctx: Context, item: str, department: str, *, head_only: bool = False) -> None:
    """An alarm to the administrators: a department has nobody who could answer, or no head who could be told."""
    notify(
        ctx,
        "nobody_left",
        item,
        (*ctx.directory.admins, *ctx.directory.pmo),
        step=f"{department}:{ctx.now.date()}",
        urgent=True,
        priority=Priority.ESCALATION,
        even_self=True,
        department=Dept(department),
        head_only=head_only,
    )
