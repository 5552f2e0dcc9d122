"""An event in: one transaction with its key, what it changed and what is owed, then the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from adapters.plain import card_text, clean
from bot.clock import monotonic
from bot.core import Core
from bot.crash import crash_point
from bot.language import Reader
from bot.metrics import Metrics
from bot.whole import whole_message
from commands import lostchats, tell, trace
from commands.chat import SHOW_ALL, Answer, Click, Event, Form, Submit
from commands.codes import decode_action, decode_form
from commands.errors import Conflict, Invalid, Refused
from commands.refusal import as_words, facts_said
from commands.registry import Actor, Context, Reply, View
from commands.words import Words
from storage.errors import AlreadySeen, CommitUnknown, DatabaseAway, StorageError, Unsynced
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("receive")


class Receiver:
    """Takes events from every platform. An answer means: committed. Whatever goes wrong has a friendly answer."""

    def __init__(self, core: Core, *, metrics: Metrics, owed: Callable[[], None]) -> None:
        self._core = core
        self._metrics = metrics
        self._owed = owed

    async def __call__(self, event: Event) -> Answer:
        """Handles the event once, however often it comes; a repetition gets the answer of the first time."""
        started = monotonic()
        try:
            answer, result = await self._core.store.call(self._handle, event)
        except Unsynced:
            answer, result = self._failed(event), "storage"
        self._metrics.handled(type(event).__name__.lower(), result, monotonic() - started, event.platform)
        self._owed()
        return answer

    def _handle(self, event: Event) -> tuple[Answer, str]:
        key = f"{event.platform}:{event.key}"
        try:
            return self._tried(event, key)
        except Exception:
            return self._failed(event), "failed"

    def _failed(self, event: Event) -> Answer:
        """What a person is told of an error that is being handled: a number, under which the log has it."""
        number = self._core.ids.fresh()[:8]
        log.exception("failed", number=number, event_key=f"{event.platform}:{event.key}")
        return self._say(event, "refused.failed", id=number)

    def _tried(self, event: Event, key: str) -> tuple[Answer, str]:
        try:
            done = self._core.store.transact_confirmed(lambda uow: uow.seen(key) is not None, self._work, event, key)
            crash_point("event_after_commit")
            return done
        except AlreadySeen:
            return self._again(event, key), "repeated"
        except (Refused, Invalid) as no:
            return self._refuse(event, key, no)
        except (Conflict, CommitUnknown):
            return self._say(event, "refused.again"), "conflict"
        except StorageError as error:
            log.error("storage", error=str(error), event_key=key)
            return self._without_storage(event, error), "storage"

    def _work(self, uow: UnitOfWork, event: Event, key: str) -> tuple[Answer, str]:
        sent = _form_key(event)
        before = _answered(uow, event, key)
        if before is not None:
            return _unpack(before), "repeated"
        ctx = self._context(uow, event, key)
        if isinstance(event, Click) and event.button == SHOW_ALL:
            return Answer(card=whole_message(self._core, uow, ctx, event)), "done"
        lostchats.found(ctx, _address(event))
        reply = self._core.dispatcher.handle(event, ctx)
        answer = self._core.renderer.answer(reply, self._reader(ctx, event), ctx.now, chat=_address(event))
        if uow.has_written:
            for each in (key, sent) if sent else (key,):
                uow.remember(each, _pack(answer), ctx.now)
        crash_point("event_before_commit")
        return answer, "done"

    def _refuse(self, event: Event, key: str, no: Refused | Invalid) -> tuple[Answer, str]:
        """The refusal is part of the trace; the card that was clicked is shown anew, since it misled."""
        try:
            return self._core.store.transact(self._record_refusal, event, key, no)
        except AlreadySeen:
            return self._again(event, key), "repeated"
        except StorageError as error:
            log.error("storage", error=str(error), event_key=key)
            return self._without_storage(event, error), "storage"

    def _record_refusal(self, uow: UnitOfWork, event: Event, key: str, no: Refused | Invalid) -> tuple[Answer, str]:
        person = uow.directory.person_at(event.platform, event.user)
        ctx = self._core.context(uow, _actor(event, key, person.id if person else None), self._core.clock.now())
        item = _item(event, no)
        ctx.command = _command(event)
        lostchats.found(ctx, _address(event))
        said = {"said": facts_said(no)} if isinstance(no, Refused) else {}
        trace.record(ctx, "refused", item, result="refused", why=str(no), reason=_given(event), **said)
        if isinstance(event, Click) and item:
            tell.refresh_all(ctx, item)
        answer = self._refusal_answer(ctx, event, no)
        uow.remember(key, _pack(answer), ctx.now)
        return answer, "refused"

    def _refusal_answer(self, ctx: Context, event: Event, no: Refused | Invalid) -> Answer:
        reader = self._reader(ctx, event)
        if isinstance(event, Submit):
            return self._refused_form(ctx, event, no, reader)
        if isinstance(no, Invalid):
            reply = Reply(question=self._core.dispatcher.question(event, ctx, no.problems))
            return self._core.renderer.answer(reply, reader, ctx.now, chat=_address(event))
        text = reader_text(self._core, as_words(no), reader)
        if isinstance(event, Click):
            return Answer(ok=False, toast=text)
        card = self._core.renderer.render(View("refused", {"lines": (as_words(no),)}), reader, ctx.now)
        return Answer(ok=False, card=card)

    def _refused_form(self, ctx: Context, submit: Submit, no: Refused | Invalid, reader: Reader) -> Answer:
        """Beside the fields of an open form, and the form itself for who does not keep it open."""
        problems = _problems(no)
        texts = {name: reader_text(self._core, as_words(problem), reader) for name, problem in problems.items()}
        toast = reader_text(self._core, as_words(no), reader) if isinstance(no, Refused) else " ".join(texts.values())
        again = self._form_again(ctx, submit, problems, reader)
        return Answer(ok=False, toast=toast, errors=texts, again=again)

    def _form_again(self, ctx: Context, submit: Submit, problems: Mapping[str, Refused], reader: Reader) -> Form | None:
        """None where there is nothing to fill in any more, as the record is gone."""
        try:
            question = self._core.dispatcher.again(submit, ctx, problems)
        except Refused:
            return None
        return self._core.renderer.form(question, reader, ctx.now, chat=_address(submit))

    def _again(self, event: Event, key: str) -> Answer:
        with self._core.store.read() as uow:
            return _unpack(_answered(uow, event, key) or {})

    def _without_storage(self, event: Event, error: StorageError) -> Answer:
        """Nothing can be stored. Questions still get their answer; everything else is told that nothing was done."""
        try:
            with self._core.store.read() as uow:
                ctx = self._context(uow, event, event.key)
                reply = self._core.dispatcher.handle(event, ctx)
                return self._core.renderer.answer(reply, self._reader(ctx, event), ctx.now, chat=_address(event))
        except Exception:
            log.info("refused_without_storage", error=str(error))
            answer = self._say(event, "refused.busy" if error.temporary else "refused.storage")
            return replace(answer, busy=error.temporary or isinstance(error, DatabaseAway))

    def _say(self, event: Event, key: str, **facts: str) -> Answer:
        """A sentence that needs no database: the person's language is the one that was known last."""
        known = self._core.directory.person_at(event.platform, event.user)
        language = (known.language if known else None) or self._core.language
        return Answer(ok=False, toast=self._core.renderer.text_without_reader(Words(key, facts), language))

    def _context(self, uow: UnitOfWork, event: Event, key: str) -> Context:
        person = uow.directory.person_at(event.platform, event.user)
        if person is None or not person.active:
            account = f"{event.platform}: {event.user}"
            raise Refused("unknown_person", account=clean(account[:200]), people=uow.directory.admins)
        return self._core.context(uow, _actor(event, key, person.id), self._core.clock.now())

    def _reader(self, ctx: Context, event: Event) -> Reader:
        return self._core.reader(ctx.directory, event.platform, person=ctx.actor.person)


def reader_text(core: Core, words: Words, reader: Reader) -> str:
    return core.renderer.text(words, reader, core.clock.now())


def _actor(event: Event, key: str, person: str | None) -> Actor:
    message = event.message if isinstance(event, Click) else ""
    return Actor(person, event.platform, event.chat, event.direct, key, message)


def _form_key(event: Event) -> str | None:
    """A form that was accepted once is not accepted again, whoever sends it how often; one that was refused is."""
    return f"form:{event.form}" if isinstance(event, Submit) else None


def _answered(uow: UnitOfWork, event: Event, key: str) -> Mapping[str, Any] | None:
    """What was answered when this event, or this form by another event, came before; None the first time."""
    sent = _form_key(event)
    return uow.seen(key) or (uow.seen(sent) if sent else None)


def _address(event: Event) -> str:
    return f"{event.platform}:{event.chat}"


def _command(event: Event) -> str:
    match event:
        case Click():
            return event.button.partition("?")[0]
        case Submit():
            return event.form.partition("?")[0].partition("#")[0]
        case _:
            return ""


def _item(event: Event, no: Refused | Invalid) -> str:
    """What the refused action was about, where that can be told."""
    if isinstance(no, Refused) and isinstance(no.params.get("id"), str):
        return str(no.params["id"])
    try:
        if isinstance(event, Click):
            return decode_action(event.button)[1].get("id", "")
        if isinstance(event, Submit):
            return decode_form(event.form).values.get("id", "")
    except Refused:
        return ""
    return ""


def _problems(no: Refused | Invalid) -> Mapping[str, Refused]:
    """What is wrong, by field; nothing where it is the form as a whole."""
    if isinstance(no, Invalid):
        return no.problems
    field = no.params.get("field")
    return {field: no} if isinstance(field, str) else {}


def _given(event: Event) -> str:
    """What was given, for the trace: never more than a screen, and nothing that a store cannot keep."""
    match event:
        case Click():
            return clean(event.button[:500])
        case Submit():
            return clean("; ".join(f"{name}={value}" for name, value in event.values.items())[:500])
        case _:
            return clean(event.text[:500])


def _pack(answer: Answer) -> Mapping[str, Any]:
    """What a repetition is told: the words, where the first answer was a card or a form."""
    shown = card_text(answer.card) if answer.card else None
    asked = " ".join(field.error for field in answer.form.fields if field.error) if answer.form else None
    return {"ok": answer.ok, "toast": answer.toast or shown or asked, "errors": dict(answer.errors)}


def _unpack(stored: Mapping[str, Any]) -> Answer:
    ok, errors = stored.get("ok", True), stored.get("errors", {})
    return Answer(ok=ok, toast=stored.get("toast"), errors=errors, repeated=True)
