"""Whatever a card or a form holds: Slack takes it, nothing of it is markup, and nothing is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.plain import clean, label_before, one_line
from adapters.slack import render, views
from bot.language import text_of
from commands.chat import FieldKind, SpanKind
from support.slack.filling import state_of
from tests.adapters import anything
from tests.adapters.slack.seen import buttons, of_type, parts, problems, rich

few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = {"plain_text", "text", "link"}
MENUS = {FieldKind.SELECT, FieldKind.MULTISELECT, FieldKind.PERSON, FieldKind.DEPARTMENT}


def words(key):
    return text_of("zh-CN", key) or key


def everything(card):
    """All payloads that a card can become."""
    yield render.message(card, words)
    yield render.message(card, words, picture="F1")
    yield from render.pages(card, words, picture="F1")
    yield render.home(card, words)
    yield from read_through(card)


def read_through(card):
    """The modal, page by page, as somebody turns them."""
    page = 0
    while True:
        shown = render.reading(card, words, page)
        yield shown
        if f"page:{page + 1}" not in buttons(shown):
            return
        page += 1


@few
@given(anything.card)
def test_slack_takes_every_card(card):
    for payload in everything(card):
        assert problems(payload) == []


@few
@given(anything.card)
def test_nothing_in_a_card_is_read_as_markup(card):
    spans = [span for line in (*card.body, *(fact.value for fact in card.facts)) for span in line]
    links = {span.href for span in spans if span.kind is SpanKind.LINK}
    for payload in everything(card):
        assert {
            part["type"] for part in parts(payload) if isinstance(part.get("text"), str) and "type" in part
        } <= TEXTS
        assert not any(part.get("emoji", False) for part in parts(payload))
        assert {part["user_id"] for part in of_type(payload, "user")} <= set(card.mentions)
        assert {part["url"] for part in of_type(payload, "link")} <= links
        assert all(part["url"].startswith(("https://", "http://", "mailto:")) for part in of_type(payload, "link"))


@few
@given(anything.card)
def test_all_that_a_card_says_can_be_read(card):
    shown = list(read_through(card))
    said = "".join(map(rich, shown)).replace("\u2003", "")
    titles = {payload["blocks"][0]["text"]["text"] for payload in shown}
    mentioned = {part["user_id"] for payload in shown for part in of_type(payload, "user")}
    assert one_line(card.title) in said + "".join(titles)
    for line in card.body:
        if any(span.text.strip() for span in line):
            assert all(is_said(span, said, mentioned) for span in line)
    for fact in card.facts:
        assert label_before(fact.label) in said
        assert all(is_said(span, said, mentioned) for span in fact.value)
    assert card.image is None or one_line(card.image.alt) in said


def is_said(span, said, mentioned):
    return clean(span.text).replace("\u2003", "") in said or span.person in mentioned


@few
@given(anything.card)
def test_every_button_can_be_pressed_or_typed(card):
    message, whole = render.message(card, words), render.pages(card, words)
    pressed = {button.get("value") for button in buttons(message).values()}
    written = "".join(map(rich, whole))
    for button in card.buttons:
        if not button.enabled:
            assert button.id not in pressed or any(b.id == button.id and b.enabled for b in card.buttons)
        elif button.id not in pressed:
            assert (
                label_before(button.label) + one_line(button.twin) in written
                if button.twin
                else one_line(button.label) in written
            )
    assert ("more" in buttons(message)) == (len(whole) > 1)


@few
@given(anything.forms())
def test_slack_takes_every_form(form):
    assert problems(views.modal(form, words, chat="C0000", direct=False)) == []


@few
@given(anything.forms())
def test_a_form_that_is_sent_as_it_is_says_what_it_held(form):
    view = views.modal(form, words, chat="C0000", direct=True)
    if "submit" not in view:
        return  # too long for Slack, and it says so
    assert views.opened(view) == views.Opened(form.id, "C0000", True)
    sent = views.values({"state": {"values": state_of(view["blocks"], {}, complete=False)}})
    menus = {block["block_id"] for block in view["blocks"] if "select" in block.get("element", {}).get("type", "")}
    assert sent == {field.name: held(field, f"field:{field.name}" in menus) for field in form.fields}


def held(field, is_menu):
    """A menu says values, a text what people would type."""
    values = (field.value,) if isinstance(field.value, str) else field.value
    values = list(dict.fromkeys(value for value in values if value))
    if is_menu and field.kind is FieldKind.MULTISELECT:
        return values
    if is_menu:
        return values[0] if values else ""
    common = Counter(option.label for option in field.options)
    names = {option.value: option.label for option in field.options if common[option.label] == 1}
    return clean("\n".join(names.get(v, v) if field.kind in MENUS else v for v in values))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_platforms_own_words_fit_where_they_stand(language):
    def said(key):
        return text_of(language, f"platform.{key}")

    assert all(len(said(key)) <= 24 for key in ("close", "cancel", "working", "answer", "not_done"))
    assert all(len(said(key)) <= 30 for key in ("more", "previous", "next", "open_form"))
