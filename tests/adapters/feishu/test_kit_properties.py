"""Whatever a card or a form holds: Feishu takes it, nothing of it is markup, and nothing is lost."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings

from adapters.choices import MENUS
from adapters.feishu import forms, render, values
from adapters.feishu.text import escape
from adapters.plain import clean, label_before, one_line
from bot.language import text_of
from commands.chat import SpanKind
from support.feishu import markup
from support.feishu.filling import fields, initial
from tests.adapters import anything
from tests.adapters.feishu.seen import markdown, pressed, problems, said, with_tag

# To shrink a card of thousands of signs takes minutes, and shows little.
few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
OURS = re.compile(
    r"\*\*|<at id=ou_[0-9a-zA-Z]+></at>|\[|\]\(https?://[^\s()<>\[\]]+\)|<font color='(?:red|grey)'>|</font>"
)
ENTITY = re.compile(r"&#\d{2,3};")
SPECIAL = re.compile(r"[&<>*_~`\[\]()#:!\\|${}^=@+/-]|^(?: |\t)|^\s*\d+\.", re.MULTILINE)


def words(key):
    return text_of("zh-CN", key) or key


def everything(card):
    """All messages that a card can become."""
    yield render.message(card, words)
    yield render.message(card, words, picture="img_1")
    yield from render.pages(card, words, picture="img_1")
    yield render.message(replace(card, translations={"zh-CN": card, "en": card}), words)
    yield render.note(card.title, words)


def form_card(form, **more):
    return forms.form(form, words, chat="oc_1", direct=True, owner="ou_1", **more)


@few
@given(anything.text)
def test_escaped_text_has_no_sign_that_could_mean_anything(text):
    assert not SPECIAL.search(ENTITY.sub("·", escape(text)))
    assert spaceless(html.unescape(escape(text))) == spaceless(clean(text))


@few
@given(anything.card)
def test_feishu_takes_every_card(card):
    for payload in everything(card):
        assert problems(payload) == []


@few
@given(anything.card)
def test_nothing_in_a_card_is_read_as_markup(card):
    spans = [span for line in (*card.body, *(fact.value for fact in card.facts)) for span in line]
    links = {span.href for span in spans if span.kind is SpanKind.LINK and span.href}
    for payload in everything(card):
        assert not SPECIAL.search(without_ours(payload))
        assert set(markup.mentions("interactive", payload)) <= set(card.mentions)
        assert len(markup.links("interactive", payload)) <= len(links) * len(spans)
        assert all(url.startswith(("https://", "http://")) for url in markup.links("interactive", payload))
        assert set(markup.pictures(payload)) <= {"img_1"}


@few
@given(anything.card)
def test_all_that_a_card_says_can_be_read(card):
    shown = "".join(spaceless(flowing(page)) for page in render.pages(card, words))
    titles = "".join(spaceless(said(page)) for page in render.pages(card, words))
    mentioned = {id for page in render.pages(card, words) for id in markup.mentions("interactive", page)}
    assert spaceless(one_line(card.title)) in titles
    for line in (*card.body, *(fact.value for fact in card.facts)):
        assert all(is_said(span, shown, mentioned) for span in line)
    assert all(spaceless(label_before(fact.label)) in shown for fact in card.facts)
    assert card.image is None or spaceless(one_line(card.image.alt)) in shown


def without_ours(card):
    """What is interpreted, without our own marks and what was escaped."""
    return ENTITY.sub("·", OURS.sub("¶", markdown(card)))


def is_said(span, shown, mentioned):
    return spaceless(clean(span.text)) in shown or span.person in mentioned


def spaceless(text):
    """Blanks at the edges of marks and lines may move."""
    return re.sub(r"\s", "", text)


def flowing(card):
    """What goes on from page to page: no heading, and nothing in small letters."""
    body = [one for one in card["body"]["elements"] if one.get("text", {}).get("text_size") != "notation"]
    return said({"body": {"elements": body}})


@few
@given(anything.card)
def test_every_button_can_be_pressed_or_typed(card):
    message, whole = render.message(card, words), render.pages(card, words)
    buttons = [values.read(value) for value in pressed(message)]
    written = "".join(spaceless(flowing(page)) for page in whole)
    for button in card.buttons:
        if not button.enabled:
            assert values.Act(button.id) not in buttons or any(b.id == button.id and b.enabled for b in card.buttons)
        elif values.Act(button.id) not in buttons:
            named = label_before(button.label) + one_line(button.twin) if button.twin else one_line(button.label)
            assert spaceless(named) in written
    assert (values.All() in buttons) == (len(whole) > 1)


@few
@given(anything.forms())
def test_feishu_takes_every_form(form):
    for people in (True, False):
        assert problems(form_card(form, people=people)) == []
        assert not SPECIAL.search(without_ours(form_card(form, people=people)))


@few
@given(anything.forms())
def test_a_form_that_is_sent_as_it_is_says_what_it_held(form):
    card = form_card(form)
    if not with_tag(card, "form"):
        return  # too long for Feishu, and it says so
    (container,) = with_tag(card, "form")
    for unfilled in (None, "", []):
        sent = {f["name"]: initial(f) or unfilled for f in fields(container) if initial(f) or unfilled is not None}
        assert forms.filled(sent) == {field.name: value for field in form.fields if (value := held(field, container))}


def held(field, container):
    """A list says values, people say ids, a text what people would type, a calendar a moment."""
    tags = {each["name"]: each["tag"] for each in fields(container)}
    tag = tags[field.name]
    known = (field.value,) if isinstance(field.value, str) else field.value
    known = list(dict.fromkeys(value for value in known if value))
    if tag.startswith("multi"):
        return [id_of(field, value) if "person" in tag else value for value in known]
    if "select" in tag:
        return id_of(field, known[0]) if "person" in tag and known else (known or [""])[0]
    if field.kind in MENUS:
        common = Counter(option.label for option in field.options)
        names = {option.value: option.label for option in field.options if common[option.label] == 1}
        known = [names.get(value, value) for value in known]
    text = clean("\n".join(known))
    return text.replace("T", " ") if tag == "picker_datetime" else text


def id_of(field, value):
    return next(option.user for option in field.options if option.value == value)
