"""What must hold after every story and every accident (RELIABILITY.md §3, I1–I4), asked of any Store.

I1 each open record has something that will move it, or waits for people only · I2 no message without its change ·
I3 each business key is shown once · I4 the trace explains every state.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from commands.domain.checkin import Checkin, CheckinState
from commands.domain.clocks import Clock, ClockKind, ClockState
from commands.domain.escalation import Escalation, EscalationState
from commands.domain.minutes import Minutes, MinutesState
from commands.domain.proposal import Proposal, ProposalState
from commands.domain.request import Request, RequestState
from commands.domain.task import ACTIVE_STATES, Task
from storage.store import Store
from storage.trail import verify
from storage.unit_of_work import UnitOfWork

RECORDS = {"R": Request, "T": Task, "E": Escalation, "M": Minutes}
ENOUGH = 1_000_000
KEPT_ALIVE_BY = {
    RequestState.RAISED: ClockKind.RESPONSE,
    RequestState.REOPENED: ClockKind.RESPONSE,
    RequestState.NEEDS_INFO: ClockKind.INFO,
    RequestState.DECLINED: ClockKind.DECLINED,
    RequestState.DELIVERED: ClockKind.ACCEPTANCE,
    RequestState.REWORK: ClockKind.REWORK,
    RequestState.VERIFIED: ClockKind.RATING,
    EscalationState.OPEN: ClockKind.DISPUTE,
    EscalationState.TO_LEADERSHIP: ClockKind.RULING,
    EscalationState.SENT_BACK: ClockKind.SUPPLEMENT,
    EscalationState.RULED: ClockKind.EXECUTION,
    MinutesState.DUE: ClockKind.MINUTES,
    MinutesState.DRAFTED: ClockKind.MINUTES,
    CheckinState.ASKED: ClockKind.CHECKIN,
}


def check(store: Store, *, history: Path | None = None, settled: bool = True) -> None:
    """Fails with everything that does not hold. `history` is the sandbox's file; `settled` says that nothing may be
    owed any more that could go out now."""
    with store.read() as uow:
        problems = list(broken(uow))
        if settled:
            problems += _half_sent(uow)
        if history:
            problems += _shown(uow, history)
    assert not problems, "\n".join(problems)


def check_database(url: str, *, history: Path | None = None, settled: bool = True) -> None:
    """The same for a database that another process may be using."""
    store = Store(url, check=False)
    try:
        check(store, history=history, settled=settled)
    finally:
        store.close()


def broken(uow: UnitOfWork) -> Iterator[str]:
    """I1, I2 and I4, in words."""
    yield from _unmoved(uow)
    yield from _clocks_and_timers(uow)
    yield from _failed(uow)
    yield from _owed_without_change(uow)
    yield from _unexplained(uow)
    yield from verify(uow.link).problems


# --- I1: something will move it -------------------------------------------------------------------


def _unmoved(uow: UnitOfWork) -> Iterator[str]:
    alive = {(c.kind, c.item) for c in uow.find(Clock, state=(ClockState.RUNNING, ClockState.PAUSED))}
    for kind in (Request, Escalation, Minutes, Checkin):
        for record in uow.find(kind):
            wanted = KEPT_ALIVE_BY.get(record.state)
            if wanted and (wanted, record.id) not in alive:
                yield f"I1: {record.id} is {record.state}, and no {wanted} runs"
    timed = _timed_subjects(uow)
    for request in uow.find(Request, state=RequestState.ON_HOLD):
        if request.id not in timed:
            yield f"I1: {request.id} is on hold, and nothing resumes it"
    for request in uow.find(Request, state=RequestState.DRAFT):
        if request.id not in timed:
            yield f"I1: {request.id} is a draft, and nothing ends it"
    for minutes in uow.find(Minutes, state=MinutesState.PUBLISHED):
        if not any(kind is ClockKind.CONFIRMATION and item.startswith(f"{minutes.id}/") for kind, item in alive):
            yield f"I1: {minutes.id} is published, and nobody is waited for"
    for proposal in uow.find(Proposal, state=ProposalState.OPEN):
        if (ClockKind.REPLY, proposal.id) not in alive:
            yield f"I1: {proposal.id} waits for a reply, and no clock runs"
    for task in uow.find(Task, state=tuple(ACTIVE_STATES)):
        if task.due and not task.paused_at and task.id not in timed:
            yield f"I1: {task.id} is {task.state} and due {task.due}, and no timer is set"
    for request in uow.find(Request, state=RequestState.COUNTERED):
        if not uow.find(Proposal, item=request.id, state=ProposalState.OPEN):
            yield f"I1: {request.id} is countered, and no proposal is open"


def _clocks_and_timers(uow: UnitOfWork) -> Iterator[str]:
    """One timer per clock that runs, unless it is through with its steps; none for one that rests or is over."""
    clocks = {clock.id: clock for clock in uow.find(Clock)}
    per_clock = Counter(row[0] for row in uow.link.query(
        "SELECT subject FROM timer WHERE state = 'open' AND job = 'clock'", ()
    ))  # fmt: skip
    for subject, count in per_clock.items():
        clock = clocks.get(subject)
        if clock is None or clock.state is not ClockState.RUNNING:
            yield f"I1: a timer is open for {subject}, which is {clock.state if clock else 'nowhere'}"
        if count > 1:
            yield f"I1: {subject} has {count} timers"
    for clock in clocks.values():
        if clock.state is ClockState.RUNNING and not clock.breached_at and clock.id not in per_clock:
            yield f"I1: {clock.id} runs without a timer"


def _failed(uow: UnitOfWork) -> Iterator[str]:
    for key, error in uow.link.query("SELECT key, last_error FROM timer WHERE last_error <> ''", ()):
        yield f"due action {key} failed: {error}"
    told = {event.after.get("key") for event in uow.audited(limit=ENOUGH) if event.what == "message.failed"}
    for key, error in uow.link.query("SELECT key, error FROM outbox WHERE state = 'dead'", ()):
        if key not in told:
            yield f"message {key} died in silence: {error}"


def _timed_subjects(uow: UnitOfWork) -> set[str]:
    return {row[0] for row in uow.link.query("SELECT subject FROM timer WHERE state = 'open'", ())}


# --- I2: no message without its change -------------------------------------------------------------


def _owed_without_change(uow: UnitOfWork) -> Iterator[str]:
    traced = {row[0] for row in uow.link.query("SELECT DISTINCT item FROM audit", ())}
    for item, view in uow.link.query("SELECT DISTINCT item, view FROM outbox", ()):
        kind = RECORDS.get(item[:1]) if item[1:2] == "-" else None
        if kind and not uow.find(kind, id=item):
            yield f"I2: {view} of {item} is owed, and there is no {item}"
        if kind and item not in traced:
            yield f"I2: {view} of {item} is owed, and nothing is on record about it"


def _half_sent(uow: UnitOfWork) -> list[str]:
    rows = uow.link.query("SELECT key FROM outbox WHERE state = 'sending'", ())
    return [f"I2: {row[0]} is still being sent" for row in rows]


# --- I3: each business key is shown once -----------------------------------------------------------


def _shown(uow: UnitOfWork, history: Path) -> Iterator[str]:
    """Every public message of the bot belongs to one owed message, and what was sent is there."""
    owed = uow.link.query("SELECT key, kind, platform_message FROM outbox WHERE state = 'sent'", ())
    with closing(sqlite3.connect(history)) as world:
        keys = dict(world.execute("SELECT 'm-' || seq, key FROM send_key WHERE key NOT LIKE 'answer:%'").fetchall())
        bot = [row[0] for row in world.execute("SELECT 'm-' || seq FROM message WHERE author = 'bot' AND NOT deleted")]
    said = {message for message in bot if message in keys}
    known = {message for _, _, message in owed}
    for message in sorted(known - set(bot)):
        yield f"I3: {message} was sent and is not there"
    for message in sorted(said - known):
        yield f"I3: {message} ({keys[message]}) is shown, and no owed message says so"
    cards = Counter((item, view, to) for item, view, to in uow.link.query('SELECT item, view, "to" FROM posted', ()))
    for place, count in cards.items():
        if count > 1:
            yield f"I3: {place} is posted {count} times"


# --- I4: the trace explains it ---------------------------------------------------------------------


def _unexplained(uow: UnitOfWork) -> Iterator[str]:
    told: dict[str, dict] = {}
    for event in uow.audited(limit=ENOUGH):
        if event.result == "done":
            told.setdefault(event.item, {}).update(event.after)
    for kind in RECORDS.values():
        for record in uow.find(kind):
            said = told.get(record.id, {}).get("state")
            if said != str(record.state):
                yield f"I4: {record.id} is {record.state}, and the trace says {said}"


def counts(store: Store) -> dict[str, int]:
    """How many rows there are of everything that a refused command must not add to."""
    with store.read() as uow:
        return {
            table: uow.link.query(f'SELECT count(*) FROM "{table}"', ())[0][0]
            for table in ("request", "task", "proposal", "escalation", "decision", "minutes", "confirmation", "clock",
                          "timer", "outbox", "posted", "checkin", "leave", "binding")
        }  # fmt: skip
