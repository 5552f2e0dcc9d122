"""What becomes of a form's card when it is sent: the same with what is wrong beside its fields, or what came of it.

A form's card stands in the one-to-one chat, and its owner alone can see it. Feishu sends back what was filled in, not
what was asked; so the forms shown last are remembered here, for a refusal to show one again as it was filled in.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from adapters.feishu import forms, render
from adapters.feishu.inbound import Act
from adapters.feishu.posting import Payload
from adapters.feishu.values import Form as About
from commands.chat import Answer, Form, FormField, Submit, Tone

Words = Callable[[str], str]

REMEMBERED = 1_000


class FormCards:
    """Belongs to one process: after a restart a refusal is a toast, and the form stays as it is."""

    def __init__(self) -> None:
        self._forms: OrderedDict[str, Form] = OrderedDict()

    def new(self, act: Act, form: Form, words: Words, *, people: bool) -> Payload:
        """A form that an act asks for. `people`: chosen by their pictures, else typed or chosen by name."""
        self._remember(form)
        chat, direct, owner = act.event.chat, act.event.direct, act.back.user
        return forms.form(form, words, chat=chat, direct=direct, owner=owner, people=people)

    def after(self, about: About, sent: Submit, answer: Answer, words: Words) -> tuple[Payload | None, Answer | None]:
        """The card in its place, and what of the answer that does not hold. None: it stays as it is."""
        if again := answer.form or self._as_filled_in(sent, answer):
            return self._again(about, again, words), None
        if not answer.ok:
            return None, answer
        if answer.card is not None:
            first, *others = render.pages(answer.card, words)
            if not (others or answer.card.image):
                return first, None
            return _closed(about, words("platform.answer_in_chat"), words), answer
        return _closed(about, words_of(answer) or words("platform.answer_in_chat"), words), None

    def _again(self, about: About, form: Form, words: Words) -> Payload:
        self._remember(form)
        attempt = about.attempt + 1
        return forms.form(form, words, chat=about.chat, direct=about.direct, owner=about.owner, attempt=attempt)

    def _as_filled_in(self, sent: Submit, answer: Answer) -> Form | None:
        """None when it was not refused, or is not known any more."""
        form = self._forms.get(sent.form)
        if answer.ok or form is None:
            return None

        def filled_in(field: FormField) -> FormField:
            value = sent.values.get(field.name, "")
            value = value if isinstance(value, str) else tuple(value)
            return replace(field, value=value, error=answer.errors.get(field.name, ""))

        return replace(form, fields=tuple(map(filled_in, form.fields)))

    def _remember(self, form: Form) -> None:
        self._forms[form.id] = form
        self._forms.move_to_end(form.id)
        while len(self._forms) > REMEMBERED:
            self._forms.popitem(last=False)


def words_of(answer: Answer) -> str:
    """Everything that an answer says in words."""
    wrong = [field.error for field in answer.form.fields if field.error] if answer.form else []
    return answer.toast or " ".join([*answer.errors.values(), *wrong])


def _closed(about: About, text: str, words: Words) -> Payload:
    return render.closed(about.title or words("platform.answer"), text, words, tone=Tone.SUCCESS)
