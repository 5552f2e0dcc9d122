"""Several notices in one message: nothing is lost, each button says which record it is about, and it ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.plain import card_text
from bot.bundle import LONGEST, TITLES, WHOLE
from commands.chat import Card, Image, Span, SpanKind, Tone, plain
from support.samples import LANGUAGES, NOW, World, renderer, samples

MADE = renderer()
NOTICES = [s for s in samples() if s.name.startswith("notice.")]
ATTACKS = (
    "{{7*7}}{n}",
    '<at id="all">@所有人</at> <!channel>',
    "]]></title><button id='x'>&amp;",
    "\x00\u202e\ud800\n\n",
)
IN_A_BUNDLE = st.lists(st.sampled_from(NOTICES), min_size=1, max_size=6)


def cards(chosen, language="zh-CN", twist=lambda text: text) -> list[Card]:
    made = []
    for sample in chosen:
        view, world = sample.build(language, twist)
        made.append(MADE.render(view, world.reader(), sample.now))
    return made


def bundle(given_cards, language="zh-CN") -> Card:
    return MADE.bundle(given_cards, World(language).reader(), NOW)


@settings(deadline=None, max_examples=60)
@given(chosen=IN_A_BUNDLE, language=st.sampled_from(LANGUAGES))
def test_every_title_line_fact_mention_and_button_is_there(chosen, language):
    apart = cards(chosen, language)
    joined = bundle(apart, language)
    text = card_text(joined)
    for card in apart:
        assert (card.title, SpanKind.BOLD) in [(line[0].text, line[0].kind) for line in joined.body if line]
        assert all(plain(line) in text for line in card.body)
        assert all(fact.label in text and plain(fact.value) in text for fact in card.facts)
        assert set(card.mentions) <= set(joined.mentions)
    assert {b.id: b.twin for b in joined.buttons} == {b.id: b.twin for card in apart for b in card.buttons}
    assert len({b.id for b in joined.buttons}) == len(joined.buttons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_names_its_record(language):
    for sample in NOTICES:
        (card,) = cards([sample], language)
        for apart, joined in zip(card.buttons, bundle([card, card], language).buttons, strict=False):
            assert joined.label == apart.description
            assert card.item is None or card.item in joined.label or apart.id.partition("=")[2] in joined.label


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_many_the_newest_are_whole_and_the_older_ones_keep_their_title(language):
    apart = [replace(card, title=f"<{n}>") for n, card in enumerate(cards(NOTICES[:1] * 60, language))]
    joined = bundle(apart, language)
    titles = [line[0].text for line in joined.body if line[0].kind is SpanKind.BOLD]
    assert titles[-TITLES - WHOLE :] == [f"<{n}>" for n in range(60 - TITLES - WHOLE, 60)]
    assert joined.title.startswith("60")
    assert "50" in plain(joined.body[0])
    assert "/status" in plain(joined.body[0])


def test_a_long_one_sends_the_others_to_their_titles_and_is_whole_itself():
    short, long = cards(NOTICES[:2])
    long = replace(long, body=((Span("x" * LONGEST),),))
    assert len(card_text(bundle([long] * 12))) < 2 * LONGEST
    assert long.body[0] in bundle([short, long]).body
    assert short.body[0] not in bundle([short, long]).body
    assert bundle([short, long]).buttons == bundle([long]).buttons


def test_the_first_picture_stays_and_the_others_are_said():
    one, other = (replace(card, image=Image(f"p{n}", f"picture {n}")) for n, card in enumerate(cards(NOTICES[:2])))
    joined = bundle([one, other])
    assert joined.image == Image("p0", "picture 0")
    assert "picture 1" in card_text(joined)


def test_the_title_counts():
    two = cards(NOTICES[:2])
    assert bundle(two).title == "2 项提醒"
    assert bundle(two, "en").title == "2 reminders"


def test_the_gravest_tone_is_kept():
    first, second = cards(NOTICES[:2])
    for one, other, kept in [
        (Tone.INFO, Tone.DANGER, Tone.DANGER),
        (Tone.WARNING, Tone.SUCCESS, Tone.WARNING),
        (Tone.INFO, Tone.SUCCESS, Tone.SUCCESS),
    ]:
        assert bundle([replace(first, tone=one), replace(second, tone=other)]).tone is kept


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_people_wrote_stays_text(attack):
    def shape(card):
        kinds = [[(s.kind, s.person, s.ping, s.href) for s in line] for line in card.body]
        return kinds, [b.id for b in card.buttons], card.mentions, card.tone

    harmless = bundle(cards(NOTICES, twist=lambda text: "a〔〕z"))
    attacked = bundle(cards(NOTICES, twist=lambda text: f"a{attack}z"))
    assert shape(attacked) == shape(harmless)
    card_text(attacked).encode()
