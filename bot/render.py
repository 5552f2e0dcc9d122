"""From what the core wants to show to a `Card`, an `Answer` or a `Form` in the reader's language.

Cards are Jinja2 templates that give a small XML. User text only ever arrives as escaped element content, so it
cannot become markup here, and on a platform it is a span of text that the platform's renderer escapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from xml.etree import ElementTree

import structlog
from jinja2 import Template, TemplateError, TemplateSyntaxError

from adapters.plain import clean
from bot.bundle import bundled
from bot.cardtemplates import card_of, environment
from bot.cardxml import CardError, TooLong
from bot.forms import FormMaker
from bot.language import LONGEST_FACT, Reader, Voice, pieces, text_of
from commands.chat import (
    Answer,
    Button,
    Card,
    Confirm,
    Form,
    Tone,
)
from commands.codes import encode_action
from commands.registry import Action, Question, Reply, Verb, View
from commands.words import Words

log = structlog.get_logger("render")

_REFERENCE = re.compile(r"[A-Z]-\d+")
SHORTER = (LONGEST_FACT, 1_000, 100)
"""How long each text may be in a card; the next one is tried when all of them together are too long."""
Twin = Callable[[Action, str], str]
"""What to type instead of pressing: an action and a language."""


class Renderer:
    """Renders everything that people see. `overrides` is an operator's own folder of card templates."""

    def __init__(
        self, *, verbs: Mapping[str, Verb], twin: Twin, fresh_id: Callable[[], str], overrides: Path | None = None
    ) -> None:
        self._twin = twin
        self._verbs = verbs
        self._forms = FormMaker(verbs, fresh_id)
        with as_file(files("templates")) as folder:
            self._own = environment(folder)
            self._environment = environment(folder, overrides) if overrides else self._own
        self._compiled: dict[str, Template] = {}

    # --- cards ---

    def render(self, view: View, reader: Reader, now: datetime) -> Card:
        """The card of a view. A broken template of the operator's gives way to the built-in one."""
        voice = Voice(reader, now)
        try:
            card = self._card(self._template(view.template), view, voice)
        except (TemplateError, ElementTree.ParseError, CardError, OSError, UnicodeError) as error:
            if self._environment is self._own:
                raise
            log.error("template_override_broken", template=view.template, error=str(error))
            own = self._own.get_template(f"cards/{view.template}.xml.j2")
            if isinstance(error, TemplateSyntaxError):
                self._compiled[view.template] = own
            card = self._card(own, view, voice)
        buttons = tuple(self._button(action, view.item, voice) for action in view.actions)
        tone = view.tone if card.tone is Tone.INFO else card.tone
        return replace(card, buttons=buttons, tone=tone, item=view.item, is_question=view.is_question)

    def bundle(self, cards: Sequence[Card], reader: Reader, now: datetime) -> Card:
        """Several notices in one message."""
        return bundled(cards, Voice(reader, now))

    def text(self, said: Words, reader: Reader, now: datetime) -> str:
        return Voice(reader, now).text(said)

    def text_without_reader(self, said: Words, language: str) -> str:
        """A sentence whose facts are plain texts, when there is no directory to ask."""
        text = text_of(language, said.key) or said.key
        return clean("".join(literal + str(said.facts.get(name, "")) for literal, name in pieces(text)))

    # --- answers and forms ---

    def answer(self, reply: Reply, reader: Reader, now: datetime, *, chat: str) -> Answer:
        """What the person who acted gets at once."""
        said = self.text(reply.say, reader, now) if reply.say else None
        card = self.render(reply.view, reader, now) if reply.view else None
        form = self.form(reply.question, reader, now, chat=chat) if reply.question else None
        return Answer(toast=said, card=card, form=form)

    def form(self, question: Question, reader: Reader, now: datetime, *, chat: str) -> Form:
        """The form of a question: its fields follow from the verb's input."""
        return self._forms.form(question, Voice(reader, now), chat=chat)

    # --- inside ---

    def _template(self, name: str) -> Template:
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = self._environment.get_template(f"cards/{name}.xml.j2")
        return found

    def _card(self, template: Template, view: View, voice: Voice) -> Card:
        facts = {**view.facts, "item": view.item}
        for longest in SHORTER[:-1]:
            try:
                return card_of(template, facts, replace(voice, longest=longest))
            except TooLong:
                continue
        return card_of(template, facts, replace(voice, longest=SHORTER[-1]))

    def _button(self, action: Action, item: str | None, voice: Voice) -> Button:
        language = voice.reader.language
        label = " ".join(voice.text(action.label).split()) if action.label else button_label(action.verb, language)
        about = next((id for id in (action.args.get("id"), item) if id and _REFERENCE.fullmatch(id)), "")
        spoken = tuple(voice.text(said) for said in action.spoken.values())
        typed = replace(action, args={n: value for n, value in action.args.items() if n not in action.spoken})
        return Button(
            id=encode_action(action.verb, action.args),
            label=label,
            style=action.style,
            enabled=action.enabled,
            twin=voice.reader.commands.typed(
                " ".join((self._twin(self._by_name(typed, voice.reader), language), *spoken))
            ),
            description=f"{label} {about}".strip(),
            confirm=self._confirm(action, label, voice),
        )

    def _by_name(self, action: Action, reader: Reader) -> Action:
        """What somebody would type has names where the button has ids."""
        verb = self._verbs.get(action.verb)
        asks = verb.asks if verb else {}
        named = {
            name: reader.name_of(asks[name].kind, value) if name in asks else value
            for name, value in action.args.items()
        }
        return action if named == action.args else replace(action, args=named)

    def _confirm(self, action: Action, label: str, voice: Voice) -> Confirm | None:
        if action.confirm is None:
            return None
        return Confirm(label, voice.text(action.confirm), label, voice.text(Words("form.cancel")))


def button_label(verb: str, language: str) -> str:
    return text_of(language, f"verb.{verb}.button") or text_of(language, f"verb.{verb}.label") or verb


__all__ = ["CardError", "Renderer", "button_label"]
