"""How minutes end: when everybody has answered, or when the limit has; and how somebody reached late is still heard."""

from __future__ import annotations

from commands import clockwork, trace
from commands.domain import minutes as rules
from commands.domain.clocks import ClockKind
from commands.domain.minutes import Confirmation, ConfirmationState, Minutes, MinutesState
from commands.minutes import record
from commands.registry import Context


def end_round(ctx: Context, minutes: Minutes, item: str) -> Minutes:
    """The limit of a round has passed: silence counts as no objection, except of those who were away or never
    reached. Where silence counts for nothing, they stay asked, and their clock stays open."""
    for answer in asked_in(ctx, minutes, item):
        _settle(ctx, minutes, answer)
    if not asked_in(ctx, minutes, item):
        clockwork.stop(ctx, ClockKind.CONFIRMATION, item)
    return finish_if_done(ctx, minutes)


def asked_in(ctx: Context, minutes: Minutes, item: str) -> list[Confirmation]:
    """Those who are silent in a round: a whole one, or the one of a single person."""
    _, edition, *person = item.split("/")
    own = set(record.rounds(ctx, minutes))
    silent = [a for a in record.answers(ctx, minutes) if a.state is ConfirmationState.ASKED]
    if person:
        return [a for a in silent if a.person == person[0]]
    return [a for a in silent if a.edition == int(edition) and record.own_round_item(a) not in own]


def finish_if_done(ctx: Context, minutes: Minutes) -> Minutes:
    """Once nobody is asked any more it is closed, saying how. While a round runs, an objection may still lead to a
    new edition, and who was never reached may still be."""
    answers = record.answers(ctx, minutes)
    state = rules.outcome(minutes, answers)
    if state is None or minutes.state is not MinutesState.PUBLISHED:
        return minutes
    running = record.rounds(ctx, minutes)
    unheard = any(a.state is ConfirmationState.UNDELIVERED for a in answers)
    if running and (unheard or state is MinutesState.CLOSED_WITH_DISSENT):
        return minutes
    closed = ctx.uow.save(rules.close(minutes, state, ctx.now))
    trace.record(ctx, "minutes.closed", closed, was=minutes, state=state)
    for item in running:
        clockwork.stop(ctx, ClockKind.CONFIRMATION, item)
    ctx.uow.forgive(closed.id, "minutes_waiting")
    return closed


def ask_late(ctx: Context, minutes: Minutes, answer: Confirmation) -> Minutes:
    """Somebody is reached after all: a full limit of their own, even where the others' has ended the matter."""
    clockwork.start(ctx, ClockKind.CONFIRMATION, record.own_round_item(answer), ctx.policy.confirmation)
    if minutes.state is MinutesState.PUBLISHED:
        return minutes
    again = ctx.uow.save(rules.reopen(minutes))
    trace.record(ctx, "minutes.reopened", again, was=minutes, person=answer.person)
    return again


def _settle(ctx: Context, minutes: Minutes, answer: Confirmation) -> None:
    if ctx.directory.is_away(answer.person, ctx.calendars.of_person(answer.person).local(ctx.now).date()):
        settled = rules.excuse(answer)
    elif not _was_reached(ctx, answer):
        settled = rules.reached(answer, "direct", False, ctx.now)
    elif ctx.policy.silence_is == "deemed":
        settled = rules.deem(answer, minutes, ctx.now)
    else:
        return
    ctx.uow.save(settled)
    trace.record(ctx, f"minutes.{settled.state}", minutes, person=answer.person, edition=minutes.edition)


def _was_reached(ctx: Context, answer: Confirmation) -> bool:
    """By a message of their own that arrived: the group alone does not count."""
    if dict(answer.channels).get("direct") == "sent":
        return True
    return any(p.to == f"person:{answer.person}" for p in ctx.uow.posted(answer.minutes, "minutes"))
