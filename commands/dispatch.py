"""From an event to a reply: what was meant, whether anything is missing, then the verb itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from commands.chat import Click, Event, Say, Submit, Tone
from commands.codes import decode_action, decode_form
from commands.domain.escalation import Decision, Escalation
from commands.domain.minutes import Minutes
from commands.domain.request import Request
from commands.domain.task import Task
from commands.errors import Invalid, Refused
from commands.forms import ask_again, ask_for, complete, read_args, read_submit
from commands.help import help_view
from commands.inputs import Kind
from commands.lexicon import Lexicon
from commands.parse import read
from commands.registry import Context, Question, Reply, Verb
from commands.typed import Call, Help, Setting


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """The verbs and the words for them. `handle` raises `Refused` or `Invalid`; whatever it changed is then undone."""

    verbs: Mapping[str, Verb]
    lexicon: Lexicon

    def handle(self, event: Event, ctx: Context) -> Reply:
        """Runs the verb that the event means, or asks for what it still needs."""
        match event:
            case Say():
                return self._said(event, ctx)
            case Click():
                return self._clicked(event, ctx)
            case Submit():
                return self._submitted(event, ctx)

    def _said(self, say: Say, ctx: Context) -> Reply:
        meant = read(say, self._setting(ctx))
        if isinstance(meant, Refused):
            raise meant
        if isinstance(meant, Help):
            return Reply(view=help_view(meant, self.lexicon, self.verbs, ctx.language), tone=Tone.INFO)
        return self._run(meant, ctx)

    def _clicked(self, click: Click, ctx: Context) -> Reply:
        verb, args = decode_action(click.button)
        return self._run(read_args(self._verb(verb), args, self._setting(ctx)), ctx)

    def _submitted(self, submit: Submit, ctx: Context) -> Reply:
        code = decode_form(submit.form)
        verb = self._verb(code.verb)
        call = read_submit(verb, {**submit.values, **code.values}, self._setting(ctx))
        ctx.command = verb.id
        if call.problems:
            raise Invalid(dict(call.problems))
        given = complete(call, ctx)
        assert not isinstance(given, Question)  # nothing is missing and nothing is wrong
        return verb.run(ctx, given)

    def _run(self, call: Call, ctx: Context) -> Reply:
        ctx.command = call.verb.id
        wants_form = call.verb.form_first and set(call.values) <= {"id"}
        given = ask_for(call, ctx) if wants_form else complete(call, ctx)
        if isinstance(given, Question):
            _refuse_unknown(call, ctx)
            return Reply(question=_checked(call, ctx, given))
        try:
            return call.verb.run(ctx, given)
        except Refused as refused:
            if refused.params.get("field") not in call.verb.asks:
                raise
            # What is wrong is one field: the form says so beside it, with everything else kept.
            raise Invalid({refused.params["field"]: refused}) from refused

    def question(self, event: Say | Click, ctx: Context, problems: Mapping[str, Refused]) -> Question:
        """The form of a call whose values are wrong, with what is wrong in it."""
        asked = ask_for(self._call(event, ctx), ctx)
        return replace(asked, problems={**asked.problems, **problems})

    def again(self, submit: Submit, ctx: Context, problems: Mapping[str, Refused]) -> Question:
        """A form that was refused, with everything that was filled in, right or wrong."""
        code = decode_form(submit.form)
        call = read_submit(self._verb(code.verb), {**submit.values, **code.values}, self._setting(ctx))
        return ask_again(call, ctx, problems)

    def _call(self, event: Say | Click, ctx: Context) -> Call:
        if isinstance(event, Click):
            verb, args = decode_action(event.button)
            return read_args(self._verb(verb), args, self._setting(ctx))
        meant = read(event, self._setting(ctx))
        assert isinstance(meant, Call)  # nothing else has values
        return meant

    def _verb(self, id: str) -> Verb:
        found = self.verbs.get(id)
        if found is None:
            raise Refused("stale_button")
        return found

    def _setting(self, ctx: Context) -> Setting:
        return Setting(
            lexicon=self.lexicon,
            directory=ctx.directory,
            now=ctx.now,
            calendar=ctx.calendar,
            verbs=self.verbs,
            me=ctx.actor.person,
            platform=ctx.actor.platform,
        )


_RECORDS: Mapping[str, type[Any]] = {  # Any: records have nothing in common but `id` and `version`
    "R": Request,
    "T": Task,
    "E": Escalation,
    "D": Decision,
    "M": Minutes,
}


def _checked(call: Call, ctx: Context, asked: Question) -> Question:
    """The form, with what the verb's check finds wrong in one of its fields; anything else refuses the form."""
    if call.verb.check is None:
        return asked
    try:
        call.verb.check(ctx, call.values)
    except Refused as refused:
        field = refused.params.get("field")
        if not isinstance(field, str) or field not in call.verb.asks:
            raise
        return replace(asked, problems={**asked.problems, field: refused})
    return asked


def _refuse_unknown(call: Call, ctx: Context) -> None:
    """A form about something that does not exist is not worth filling in."""
    for name, asked in call.verb.asks.items():
        id = str(call.values.get(name, "")) if asked.kind is Kind.REF else ""
        kind = _RECORDS.get(id[:1])
        if kind and ctx.uow.get(kind, id) is None:
            raise Refused("unknown_reference", id=id)
