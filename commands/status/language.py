"""`/status language`: the language one is spoken to in; in a group, with 本群, the group's."""

from __future__ import annotations

from dataclasses import dataclass

from commands import trace
from commands.inputs import Kind, ask
from commands.registry import Context, Reply
from commands.status import bind
from commands.words import words

CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    language: str = ask(Kind.CHOICE, required=True, choices=bind.LANGUAGES, bare=True)
    whose: str = ask(Kind.CHOICE, choices=("me", CHAT), bare=True)


def language(ctx: Context, given: Language) -> Reply:
    """One's own language, wherever it is typed; a group's only by those who may bind it."""
    if given.whose == CHAT:
        return bind.set_language(ctx, given.language)
    ctx.uow.set_language(ctx.me, given.language)
    trace.record(ctx, "person.language", ctx.me, language=given.language)
    return Reply(say=words("language.said.own", language=words(f"choice.language.{given.language}.label")))
