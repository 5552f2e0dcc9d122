"""Cards, forms and messages as the JSON of the sandbox's HTTP surface (docs: the contract's "Sandbox HTTP API").

Beyond the fixed shape the page gets `rich` (the same text as spans) and, per button, `twin`, `description` and
`confirm`. All text is cleaned here, on its way in, so that what is stored can always be shown.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from urllib.parse import quote

from adapters.plain import clean, one_line
from adapters.sandbox.roster import Chat, Person
from adapters.sandbox.world import Json, Message
from commands.chat import Button, Card, Confirm, Form, FormField, Image, RichText, Span, SpanKind, plain

_LINKS = ("https://", "http://", "mailto:")


def card_json(card: Card) -> Json:
    """A card as the contract has it, with the page's extras."""
    return {
        "title": one_line(card.title),
        "tone": str(card.tone),
        "body": "\n".join(clean(plain(line)) for line in card.body),
        "fields": [{"label": one_line(fact.label), "value": clean(plain(fact.value))} for fact in card.facts],
        "buttons": [_button(button) for button in card.buttons],
        "image": _image(card.image) if card.image else None,
        "item": card.item,
        "rich": {
            "body": [_spans(x) for x in card.body],
            "fields": [_spans(fact.value) for fact in card.facts],
        },
    }


def form_json(form: Form) -> Json:
    """A form as the contract has it; each field also carries `error`, "" when there is none."""
    return {
        "id": form.id,
        "title": one_line(form.title),
        "fields": [_field(field) for field in form.fields],
        "submit": one_line(form.submit),
    }


def message_json(message: Message, zone: tzinfo) -> Json:
    """A message as the contract has it, its times in `zone`."""
    return {
        "id": message.id,
        "seq": message.seq,
        "chat": message.chat,
        "author": message.author,
        "text": message.text,
        "card": message.card,
        "visible_to": None if message.visible_to is None else list(message.visible_to),
        "mentions": list(message.mentions),
        "posted_at": iso(message.posted_at, zone),
        "edited_at": iso(message.edited_at, zone) if message.edited_at else None,
        "revision": message.revision,
    }


def person_json(person: Person, *, blocked: bool) -> Json:
    return {
        "id": person.id,
        "name": one_line(person.name),
        "department": one_line(person.department),
        "roles": list(person.roles),
        "language": person.language,
        "blocked": blocked,
    }


def chat_json(chat: Chat) -> Json:
    return {"id": chat.id, "name": one_line(chat.name), "kind": chat.kind, "members": list(chat.members)}


def iso(moment: datetime, zone: tzinfo) -> str:
    """To the second, with the offset: the page shows the wall time that stands in it."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def _button(button: Button) -> Json:
    return {
        "id": button.id,
        "label": one_line(button.label),
        "style": button.style,
        "enabled": button.enabled,
        "twin": one_line(button.twin),
        "description": one_line(button.description),
        "confirm": _confirm(button.confirm) if button.confirm else None,
    }


def _confirm(confirm: Confirm) -> Json:
    return {
        "title": one_line(confirm.title),
        "text": clean(confirm.text),
        "yes": one_line(confirm.yes),
        "no": one_line(confirm.no),
    }


def _image(image: Image) -> Json:
    url = image.src if image.src.startswith("data:image/") else f"/api/pictures/{quote(image.src, safe='')}"
    return {"url": url, "alt": one_line(image.alt)}


def _spans(line: RichText) -> list[Json]:
    return [_span(span) for span in line]


def _span(span: Span) -> Json:
    href = span.href if span.kind is SpanKind.LINK and (span.href or "").lower().startswith(_LINKS) else None
    return {
        "text": clean(span.text),
        "kind": str(span.kind),
        "person": span.person,
        "ping": span.ping,
        "href": href,
    }


def _field(field: FormField) -> Json:
    return {
        "name": field.name,
        "label": one_line(field.label),
        "kind": str(field.kind),
        "required": field.required,
        "options": [{"value": option.value, "label": one_line(option.label)} for option in field.options],
        "value": clean(field.value) if isinstance(field.value, str) else [clean(v) for v in field.value],
        "hint": one_line(field.hint),
        "error": one_line(field.error),
    }
