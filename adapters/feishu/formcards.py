"""What becomes of a form's card when it is sent: the same with what is wrong beside its fields, or what came of it.

A form's card stands in the one-to-one chat, where its owner alone sees it. Feishu's clients do not keep what was filled
in, so a refused form is shown again whole.
"""

from __future__ import annotations

from collections.abc import Callable

from adapters.feishu import forms, render
from adapters.feishu.posting import Payload
from adapters.feishu.values import Form as About
from adapters.plain import label_before
from commands.chat import Answer, Form, Tone

Words = Callable[[str], str]


def after(about: About, answer: Answer, words: Words, *, people: bool) -> tuple[Payload | None, Answer | None]:
    """The card that takes its place, and what of the answer that does not hold. None: it stays as it is, since nothing
    was done (`busy`), or this is said a second time."""
    form = answer.again or answer.form
    if form is not None:
        beside = any(field.error for field in form.fields)
        wrong = "" if answer.ok or beside else answer.toast or ""
        return _form(form, about, words, wrong, people=people), None
    if not answer.ok:
        return None, answer
    if answer.card is not None:
        first, *others = render.pages(answer.card, words)
        if not (others or answer.card.image):
            return first, None
        return _closed(about.title, words("platform.answer_in_chat"), words), answer
    return answered(about.title, answer, words), None


def _form(form: Form, about: About, words: Words, wrong: str, *, people: bool) -> Payload:
    return forms.form(
        form,
        words,
        chat=about.chat,
        direct=about.direct,
        owner=about.owner,
        wrong=wrong,
        people=people,
    )


def answered(title: str, answer: Answer, words: Words) -> Payload:
    """What a form or a question becomes: what it was, and what came of it."""
    return _closed(title, words_of(answer) or words("platform.answer_in_chat"), words)


def words_of(answer: Answer) -> str:
    """Everything that an answer says in words; of what is wrong in a form also where."""
    form = answer.again or answer.form
    wrong = [label_before(field.label) + field.error for field in form.fields if field.error] if form else []
    return " ".join(wrong) or answer.toast or " ".join(answer.errors.values())


def _closed(title: str, text: str, words: Words) -> Payload:
    return render.closed(title or words("platform.answer"), text, words, tone=Tone.SUCCESS)
