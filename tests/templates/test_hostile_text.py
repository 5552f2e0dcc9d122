"""What people write cannot become markup, a mention, a link, a button or a template, in any field of any card."""

from __future__ import annotations

import re
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.plain import card_text, clean
from bot.language import Voice, catalogues
from commands.chat import Card, SpanKind
from commands.errors import Refused
from commands.refusal import as_words
from commands.words import words
from support.samples import LANGUAGES, NOW, World, renderer, samples

SAMPLES = {s.name: s for s in samples()}
CUTS = re.compile(r"status_(here|me|dept|show|audit)")
"""Boards shorten titles: there the shape is compared, not the letters."""
ATTACKS = (
    "{{7*7}}",
    "{% for x in range(10) %}{{ x }}{% endfor %}{# #}",
    "{{ ''.__class__.__mro__ }} {{ request }} {{ voice }}",
    '<at id="all"></at><at id=all>@所有人</at> <!channel> <!here> <@U1> <@everyone> @channel',
    '</title><button id="x" style="danger">OK</button><field label="x">y</field>',
    '</p></field></card><card tone="danger"><title>',
    '"><at id="u-sunzong" ping="yes">孙总</at>',
    "' onclick='x' label='",
    "]]> <![CDATA[ <?xml version='1.0'?> <!DOCTYPE x [<!ENTITY a 'b'>]> &a; &amp; &#64; &lt;",
    "[看这里](https://evil.example) <https://evil.example|文件> https://evil.example/?a=1&b=2",
    "# 标题\n> 引用\n---\n```\ncode\n```\n**粗** _斜_ ~删~ `码` | 表 |",
    "多\n\n\n行\r\n和\r回车\t制表",
    "\x00\x01\x1b[31m\x7f\x85\x9f\ufffe\uffff",
    "\u202e倒过来\u202d \u2066隔\u2069 \u200b \u200d \ufeff",
    "\ud800 \udfff",
    "%s %(a)s {0} {n} {due!s} {title} ${x} \\n \\",
    "'; drop table requests; -- =cmd|' /C calc'!A0",
    "\ue000 \ue001 \uf8ff",
    "👩‍👩‍👧‍👦 e" + "\u0301" * 50,
)
anything = st.text(st.characters(exclude_categories=()), max_size=80)
hostile = st.lists(st.one_of(anything, st.sampled_from(ATTACKS)), min_size=1, max_size=3).map("".join)


@pytest.fixture(scope="module")
def plain_renderer():
    return renderer()


def shown(renderer, sample, language, text) -> tuple[Card, list[str]]:
    """The card with `text(n)` for the n-th text that somebody wrote, and all those texts."""
    numbers, said = count(), []

    def twist(_):
        said.append(text(next(numbers)))
        return said[-1]

    view, world = sample.build(language, twist)
    return renderer.render(view, world.reader(), sample.now), said


def shape(card):
    """Everything of a card that text must not change."""
    return (
        [(b.id, b.style, b.enabled, bool(b.twin), b.confirm is None) for b in card.buttons],
        [[(s.kind, s.person, s.ping, s.href) for s in line] for line in card.body],
        [[(s.kind, s.person, s.ping, s.href) for s in fact.value] for fact in card.facts],
        card.mentions,
        card.tone,
        card.image,
        card.item,
    )


def words_of(card):
    """Every text of a card, on one line each."""
    texts = [card.title, *(f.label for f in card.facts), *(b.label for b in card.buttons)]
    spans = [s for line in card.body for s in line] + [s for f in card.facts for s in f.value]
    return [" ".join(text.split()) for text in (*texts, *(s.text for s in spans))]


def put_in(text, tokens, attacks):
    for token, attack in zip(tokens, attacks, strict=True):
        text = text.replace(token, " ".join(clean(attack).split()))
    return text


def assert_is_text(renderer, sample, language, attack):
    harmless, tokens = shown(renderer, sample, language, lambda n: f"a〔{n}〕z")
    attacked, attacks = shown(renderer, sample, language, lambda n: f"a{attack}z")
    assert shape(attacked) == shape(harmless)
    if not CUTS.match(sample.name):
        assert words_of(attacked) == [put_in(text, tokens, attacks) for text in words_of(harmless)]
    card_text(attacked).encode()


@pytest.mark.parametrize("name", SAMPLES)
def test_known_attacks_are_text(plain_renderer, name):
    for attack in ATTACKS:
        assert_is_text(plain_renderer, SAMPLES[name], "zh-CN", attack)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attack=hostile, name=st.sampled_from(sorted(SAMPLES)), language=st.sampled_from(LANGUAGES))
def test_any_text_is_text(plain_renderer, attack, name, language):
    assert_is_text(plain_renderer, SAMPLES[name], language, attack)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("sign", ["长", "&"])
def test_a_hundred_thousand_signs_change_no_shape(plain_renderer, name, sign):
    harmless, _ = shown(plain_renderer, SAMPLES[name], "zh-CN", lambda n: f"a〔{n}〕z")
    long, _ = shown(plain_renderer, SAMPLES[name], "zh-CN", lambda n: f"a{sign * 100_000}z")
    assert shape(long) == shape(harmless)
    assert sum(map(len, words_of(long))) < 200_000


@pytest.mark.parametrize("name", SAMPLES)
def test_no_button_carries_what_people_wrote(plain_renderer, name):
    card, _ = shown(plain_renderer, SAMPLES[name], "zh-CN", lambda n: "秘密")
    assert not any("秘密" in b.id for b in card.buttons)


def test_only_the_bot_links(plain_renderer):
    for sample in SAMPLES.values():
        view, world = sample.build("zh-CN", lambda text: "https://evil.example")
        card = plain_renderer.render(view, world.reader(), sample.now)
        spans = [s for line in card.body for s in line] + [s for f in card.facts for s in f.value]
        assert not [s for s in spans if s.kind is SpanKind.LINK]


# --- refusals and what is said at once ------------------------------------------------------------

PLACES = {
    key: sorted(set(re.findall(r"\{(\w+)(?:!s)?\}", text)))
    for key, text in catalogues()["zh-CN"].items()
    if key.startswith("refused.")
}


@settings(max_examples=300, deadline=None)
@given(attack=hostile, key=st.sampled_from(sorted(PLACES)), language=st.sampled_from(LANGUAGES))
def test_a_refusal_repeats_text_as_text(attack, key, language):
    attack = f"a{attack}z"
    reader = World(language).reader()
    refused = Refused(key.removeprefix("refused."), **{name: attack for name in PLACES[key] if name != "action"})
    spans = Voice(reader, NOW).words(as_words(refused))
    assert not any(s.ping or s.href or s.person or s.kind in (SpanKind.LINK, SpanKind.BOLD) for s in spans)
    if set(PLACES[key]) - {"action", "kind"}:
        assert clean(attack) in "".join(s.text for s in spans)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attack=hostile)
def test_a_sentence_without_a_reader_fills_each_place_once(plain_renderer, attack):
    text = plain_renderer.text_without_reader(words("refused.unknown_reference", id=f"a{attack}{{id}}z"), "zh-CN")
    assert clean(f"a{attack}{{id}}z") in text
