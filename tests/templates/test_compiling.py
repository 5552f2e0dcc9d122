"""What a card template can do, what it cannot, and what happens to an operator's own that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import TemplateError, TemplateSyntaxError
from structlog.testing import capture_logs

from bot.cardtemplates import LONGEST, card_of, environment
from bot.cardxml import CardError, TooLong
from bot.language import Voice
from commands.chat import SpanKind, Tone, plain
from commands.registry import View
from commands.words import Dept, Who, words
from support.samples import NOW, World, renderer, samples

FOLDER = Path(__file__).parents[2] / "templates"
OURS = sorted((FOLDER / "cards").glob("*.xml.j2"))


@pytest.fixture(scope="module")
def make():
    """A card from the source of a template."""
    made = environment(FOLDER)
    voice = Voice(World().reader(), NOW)

    def make(source, **facts):
        return card_of(made.from_string(source), facts, voice)

    return make


def card(inside="", title="x"):
    return f"<card><title>{title}</title>{inside}</card>"


def line(make, inside, **facts):
    return make(card(f"<p>{inside}</p>"), **facts).body[0]


# --- what a template says ------------------------------------------------------------------------


def test_a_card_is_read(make):
    made = make(
        '<card tone="danger"><title>R-1</title><p>a <b>b</b></p><field label="l">v</field>'
        '<image src="chart-1" alt="a chart"/></card>'
    )
    assert (made.title, made.tone, made.image.src, made.image.alt) == ("R-1", Tone.DANGER, "chart-1", "a chart")
    assert [(s.text, s.kind) for s in made.body[0]] == [("a ", SpanKind.TEXT), ("b", SpanKind.BOLD)]
    assert [(f.label, plain(f.value)) for f in made.facts] == [("l", "v")]


def test_a_person_is_mentioned_and_pinged_only_when_said(make):
    assert line(make, "{{ w }}", w=Who("limin"))[0].ping is False
    made = make(card("<p>{{ w }}</p>"), w=Who("limin", ping=True))
    assert made.mentions == ("u-limin",)


def test_a_list_of_departments_is_joined_as_the_language_does(make):
    assert plain(line(make, '{{ dept(("rd", "design")) }}')) == "研发部、设计部"
    assert plain(line(make, '{{ who("limin") }}')) == "李敏"


def test_empty_lines_are_left_out(make):
    assert make(card("<p>{% if no %}x{% endif %} </p><p>y</p>"), no=False).body[0][0].text == "y"


def test_macros_give_markup(make):
    made = make("{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}" + card("<p>{{ m('<i>') }}</p>"))
    assert made.body[0][0].text == "<i>" and made.body[0][0].kind is SpanKind.BOLD


@pytest.mark.parametrize("joined", ["m('b') ~ x", "x ~ m('b')", "m('b') + x", "[m('b'), x] | join", "m(x) ~ x"])
def test_text_beside_markup_stays_text(make, joined):
    """The sign of another value, written by somebody, does not bring that value a second time."""
    macro = "{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}"
    attack = "\ue000</p><at id='all'>&amp;"
    made = line(make, macro + "{{ w }}{{ " + joined + " }}", w=Who("limin", ping=True), x=attack)
    assert [s.person for s in made if s.person] == ["u-limin"]
    assert attack in [s.text for s in made]


def test_a_sentence_may_name_a_sentence(make):
    inner = '{{ t("card.by", due=t("card.state")) }}'
    assert "状态" in plain(line(make, inner))


# --- labels --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [Who("limin", ping=True), Dept("market"), "a\n\n b", '"\'<b>&">', words("card.state")]
)
def test_a_label_is_text_on_one_line_whatever_it_is(make, value):
    made = make(card('<field label="{{ v }}">x</field>'), v=value)
    assert made.facts[0].label in ("李敏", "市场部", "a b", '"\'<b>&">', "状态")
    assert len(made.facts) == 1 and made.mentions == ()


def test_a_label_may_mix_words_and_values(make):
    made = make(card('<field label="a {{ v }} {% if v %}{{ t("card.state") }}{% endif %}!">x</field>'), v=Who("limin"))
    assert made.facts[0].label == "a 李敏 状态!"


def test_a_macro_in_a_label_leaves_only_its_words(make):
    macro = "{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}"
    made = make(macro + card('<field label="{{ m(v) }}">x</field>'), v="<at id='all'>")
    assert made.facts[0].label == "<at id='all'>"


# --- what does not compile, or is not a card ------------------------------------------------------


@pytest.mark.parametrize(
    "inside",
    [
        *(f"<p>{{{{ x | {name} }}}}</p>" for name in (
            "safe", "xmlattr", "urlize", "tojson", "striptags", "forceescape", "pprint", "escape", "e", "attr",
            "format", "replace", "center", "indent", "wordwrap", "filesizeformat", "random", "batch", "slice",
        )),
        "{% autoescape false %}<p>{{ x }}</p>{% endautoescape %}",
        '{% include "cards/request.xml.j2" %}',
        '{% import "cards/request.xml.j2" as r %}',
        '{% from "cards/request.xml.j2" import x %}',
        '{% extends "cards/request.xml.j2" %}',
        "{% block a %}{% endblock %}",
        "{% filter upper %}{{ x }}{% endfilter %}",
        "{% call x() %}{% endcall %}",
        "<p {{ x }}>a</p>",
        "<{{ x }}>a</p>",
        "<p label={{ x }}>a</p>",
        '<p><a href="{{ x }}">a</a></p>',
        "<p><a href='https://x/{{ x }}'>a</a></p>",
        '<p><at id="{{ x }}">a</at></p>',
        '<p><at id="U1" ping="yes">a</at></p>',
        "<p><![CDATA[{{ x }}]]></p>",
        "<p><!-- {{ x }} --></p>",
        "<p>\ue000</p>",
        "<!DOCTYPE card [<!ENTITY a 'b'>]>",
        "<?xml-stylesheet href='x'?>",
        "<p>{{ x }</p>",
        "{% if x %}<p>a</p>",
    ],
)  # fmt: skip
def test_it_does_not_compile(make, inside):
    with pytest.raises(TemplateSyntaxError):
        make(card(inside), x="x")


@pytest.mark.parametrize(
    "source",
    [
        "<p>a</p>",
        card("<q>a</q>"),
        card("<p><i>a</i></p>"),
        card("<p>a"),
        card("<p>a & b</p>"),
        card("<field>a</field>"),
        card("<image src='a'/>"),
        card("<p><a>b</a></p>"),
        '<card tone="loud"><title>x</title></card>',
        card("<p>{{ mispelt }}</p>"),
        card("<p>{{ x.mispelt }}</p>"),
        card('<field label="{{ mispelt }}">x</field>'),
        card("{% for y in mispelt %}{% endfor %}"),
        card("<p>{{ 1 // 0 }}</p>"),
        card("<p>{{ x + 1 }}</p>"),
    ],
)
def test_it_is_not_a_card(make, source):
    with pytest.raises((CardError, TemplateError, SyntaxError)):
        make(source, x="x")


@pytest.mark.parametrize("file", OURS, ids=lambda f: f.name)
def test_our_templates_keep_the_rules(file):
    source = file.read_text("utf-8")
    assert "autoescape" not in source and "|safe" not in source.replace(" ", "")
    environment(FOLDER).get_template(f"cards/{file.name}")


def test_every_template_is_shown_by_a_sample():
    used = {s.build()[0].template for s in samples()}
    assert used == {file.name.removesuffix(".xml.j2") for file in OURS}


# --- an operator's own ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__",
        "''.__class__.__mro__[1].__subclasses__()",
        "v.__init__",
        "v['__class__']",
        "t.__globals__",
        "who.__code__",
        "self.__init__",
        "voice",
        "context",
        "config",
        "lipsum()",
        "cycler('a')",
        "namespace(a=1)",
        "dict(a=1)",
        "'a'.upper()",
        "'{}'.format(v)",
        "v.encode()",
        "(v, v).count(v)",
        "who('limin').id.join(v)",
        "['a'] | map('upper') | map(attribute='__class__') | first",
    ],
)
def test_a_template_reads_fields_and_calls_nothing_else(make, expression):
    with pytest.raises((TemplateError, CardError)):
        make(card(f"<p>{{{{ {expression} }}}}</p>"), v="text")


@pytest.mark.parametrize(
    "inside",
    [
        "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ range(10 ** 9) }}",
        "{% for a in range(1001) %}x{% endfor %}",
        "{{ 'x' * 10000000 }}",
        "{{ [1] * 10000000 }}",
        "{{ 9 ** 9 }}",
        "{{ '%9999999d' % 1 }}",
        "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{% macro m(s) %}{{ m(s ~ s) }}{% endmacro %}{{ m('x' ~ 'y') }}",
        "{% macro m(s) %}{{ m(s + s) }}{% endmacro %}{{ m('xy') }}",
        "{% macro m(s) %}{% set d %}{{ s }}{{ s }}{% endset %}{{ m(d) }}{% endmacro %}{{ m('xy') }}",
        "{% macro m(s) %}{{ m([s, s] | join) }}{% endmacro %}{{ m('xy') }}",
        "{% for a in [1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
        "{% for a in range(900) %}<p>" + "x" * 900 + "</p>{% endfor %}",
    ],
)
def test_no_template_runs_for_ever_or_grows_without_end(make, inside):
    with pytest.raises((TemplateError, CardError)):
        make(card(inside))


def test_a_long_card_says_that_it_is_too_long(make):
    with pytest.raises(TooLong):
        make(card("<p>" + "{{ x }}" * 11 + "</p>"), x="&" * 20_000)
    assert LONGEST == 200_000


@pytest.fixture
def override(tmp_path):
    """A renderer with one template of an operator."""

    def override(name, source):
        (tmp_path / "cards").mkdir(exist_ok=True)
        content = source if isinstance(source, bytes) else source.encode()
        (tmp_path / "cards" / f"{name}.xml.j2").write_bytes(content)
        return renderer(overrides=tmp_path)

    return override


NOTICE = View("notice", {"title": words("refused.title"), "lines": (words("form.cancel"),), "facts": ()})


def test_an_operators_template_goes_first(override):
    made = override("notice", card("<p>ours</p>", "{{ title }}!")).render(NOTICE, World().reader(), NOW)
    assert (made.title, plain(made.body[0])) == ("未执行!", "ours")


@pytest.mark.parametrize(
    "source",
    [
        "<card>",
        card("<p>{{ x }}</p>"),
        card("{% if %}"),
        card("<p>{{ 9 ** 9 }}</p>"),
        "hello",
        "<card/>".encode("utf-16"),
    ],
)
def test_a_broken_one_gives_way_to_ours_and_says_so(override, source):
    with capture_logs() as logs:
        made = override("notice", source).render(NOTICE, World().reader(), NOW)
    assert (made.title, plain(made.body[0])) == ("未执行", "取消")
    assert [(entry["event"], entry["template"], entry["log_level"]) for entry in logs] == [
        ("template_override_broken", "notice", "error")
    ]


def test_the_other_templates_stay_ours(override):
    broken = override("notice", "<card>")
    for sample in samples():
        if sample.name == "request.raised":
            view, world = sample.build()
            assert broken.render(view, world.reader(), NOW).title == "R-1 新品X性能数据"
