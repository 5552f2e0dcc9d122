"""How facts read: moments in the reader's zone, spans, lists, people, plurals, and lines with nothing to say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import language
from bot.language import LONGEST_FACT, Reader, Voice, read_po, text_of
from commands.chat import SpanKind, plain
from commands.domain.duration import parse_duration
from commands.domain.escalation import EscalationState
from commands.words import Dept, Who, words
from support.samples import NOW, World

THURSDAY = datetime(2026, 9, 24, 2, 30, tzinfo=UTC)


@pytest.fixture
def voice():
    def voice(tag="zh-CN", zone="Asia/Shanghai", now=NOW):
        return Voice(Reader(tag, zone, "sandbox", World(tag).shelf.directory), now)

    return voice


@pytest.fixture
def texts(monkeypatch):
    """A catalogue of this test alone."""

    def texts(**by_language):
        known = {tag.replace("_", "-"): entries for tag, entries in by_language.items()}
        monkeypatch.setattr(language, "catalogues", lambda: known)
        language._missing.cache_clear()

    return texts


# --- moments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "zone", "shown", "short"),
    [
        ("zh-CN", "Asia/Shanghai", "9月24日 10:30（周四）", "9月24日 10:30"),
        ("en", "Asia/Shanghai", "24 Sep 10:30 (Thu)", "24 Sep 10:30"),
        ("en", "America/New_York", "23 Sep 22:30 (Wed)", "23 Sep 22:30"),
        ("zh-CN", "Pacific/Kiritimati", "9月24日 16:30（周四）", "9月24日 16:30"),
    ],
)
def test_a_moment_is_read_in_the_readers_zone(voice, tag, zone, shown, short):
    assert voice(tag, zone).moment(THURSDAY) == shown
    assert voice(tag, zone).short_moment(THURSDAY) == short


def test_another_year_is_named(voice):
    later = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
    assert voice().moment(later) == "2027年1月4日 09:00（周一）"
    assert voice("en").moment(later) == "4 Jan 2027 09:00 (Mon)"


def test_the_year_turns_with_the_readers_clock(voice):
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # 00:30 on 1 January in Shanghai
    assert voice(now=new_year).day(date(2027, 1, 1)) == "1月1日（周五）"
    assert voice("en", "Europe/London", new_year).day(date(2027, 1, 1)) == "1 Jan 2027 (Fri)"


def test_an_hour_that_comes_twice_is_told_apart_by_its_moment(voice):
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert voice("en", "Europe/Berlin").short_moment(first) == "25 Oct 02:30"
    assert voice("en", "Europe/Berlin").short_moment(second) == "25 Oct 02:30"


@given(days=st.integers(-10_000, 30_000), minutes=st.integers(0, 1439))
def test_any_moment_can_be_said(days, minutes):
    at = NOW + timedelta(days=days, minutes=minutes)
    for tag in ("zh-CN", "en"):
        assert Voice(Reader(tag, "Asia/Shanghai", "", World().shelf.directory), NOW).moment(at)


def test_a_sentence_may_leave_the_weekday_out(voice, texts):
    texts(zh_CN={"a": "请于 {due!s} 前答复", "b": "{due}"}, en={})
    assert voice().text(words("a", due=THURSDAY)) == "请于 9月24日 10:30 前答复"
    assert voice().text(words("b", due=THURSDAY)) == "9月24日 10:30（周四）"
    assert voice().text(words("a", due="下周")) == "请于 下周 前答复"


def test_no_blank_follows_a_wide_bracket(voice, texts):
    texts(zh_CN={"a": "{due} 前"}, en={"a": "{due} sharp"})
    assert voice().text(words("a", due=THURSDAY)) == "9月24日 10:30（周四）前"
    assert voice("en").text(words("a", due=THURSDAY)) == "24 Sep 10:30 (Thu) sharp"


# --- spans and limits ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (timedelta(minutes=50), "50 分钟", "50 min"),
        (timedelta(hours=2), "2 小时", "2 h"),
        (timedelta(hours=26, minutes=5), "26 小时 5 分钟", "26 h 5 min"),
        (timedelta(0), "0 分钟", "0 min"),
        (-timedelta(minutes=5), "5 分钟", "5 min"),
        (parse_duration("1wd"), "1 个工作日", "1 working day"),
        (parse_duration("2wd"), "2 个工作日", "2 working days"),
        (parse_duration("1.5wd"), "1.5 个工作日", "1.5 working days"),
        (parse_duration("60m"), "1 小时", "1 h"),
    ],
)
def test_a_span_is_said_in_hours_and_a_limit_in_working_time(voice, value, chinese, english):
    assert plain(voice().fact(value)) == chinese
    assert plain(voice("en").fact(value)) == english


# --- lists, people, states -----------------------------------------------------------------------


def test_a_list_is_joined_as_the_language_does(voice):
    assert plain(voice().fact((Who("limin"), Who("zhangwei"), "x"))) == "李敏、张伟、x"
    assert plain(voice("en").fact((Dept("rd"), Dept("market")))) == "R&D, Marketing"
    assert plain(voice().fact(())) == "—"


def test_a_person_is_shown_by_name_with_whom_they_stand_in_for(voice):
    (span,) = voice().fact(Who("chenjing", ping=True, acting_for="zhangwei"))
    assert (span.text, span.kind, span.person, span.ping) == ("陈静（代 张伟）", SpanKind.PERSON, "u-chenjing", True)
    assert plain(voice("en").fact(Who("chenjing", acting_for="zhangwei"))) == "Chen Jing (for Zhang Wei)"


def test_somebody_unknown_is_shown_by_id_and_mentions_nobody(voice):
    (span,) = voice().fact(Who("nobody", ping=True))
    assert (span.text, span.person) == ("nobody", None)


def test_states_dashes_and_booleans(voice):
    assert plain(voice().fact(EscalationState.TO_LEADERSHIP)) == "待裁决"
    assert plain(voice("en").fact(True)) == "yes"
    assert plain(voice().fact(None)) == "—"
    assert plain(voice().fact("")) == ""
    assert plain(voice().fact(3)) == "3"


def test_a_long_text_is_cut_visibly(voice):
    assert plain(voice().fact("长" * LONGEST_FACT)) == "长" * LONGEST_FACT
    cut = plain(voice().fact("长" * 100_000))
    assert len(cut) == LONGEST_FACT and cut.endswith("…")


# --- sentences -----------------------------------------------------------------------------------


def test_one_and_many(voice, texts):
    texts(zh_CN={"a": "{n} 项"}, en={"a.one": "{n} thing", "a.other": "{n} things"})
    assert [voice("en").text(words("a", n=n)) for n in (0, 1, 2)] == ["0 things", "1 thing", "2 things"]
    assert voice().text(words("a", n=1)) == "1 项"


def test_text_of_a_fact_is_never_a_sentence(voice, texts):
    texts(zh_CN={"a": "{x}·{y}"}, en={})
    assert voice().text(words("a", x="{y}{x}", y="%s{0}")) == "{y}{x}·%s{0}"


def test_a_line_whose_facts_are_all_missing_is_left_out(voice, texts):
    texts(zh_CN={"a": "甲\n乙：{x}\n丙：{y}、{z}\n{u}", "b": "只有 {x}"}, en={})
    assert voice().text(words("a", x=None, y="", z="有", u=())) == "甲\n丙：、有"
    assert voice().text(words("b", x=None)) == "只有 —"


def test_another_language_stands_in_for_a_missing_text(voice, texts):
    texts(zh_CN={}, en={"a": "hello"})
    assert voice().text(words("a")) == "hello"
    assert voice().text(words("no.such.key")) == "no.such.key"
    assert text_of("zh-CN", "no.such.key") is None


def test_words_within_words(voice, texts):
    texts(zh_CN={"a": "（{b}）", "b": "{who}"}, en={})
    spans = voice().words(words("a", b=words("b", who=Who("limin"))))
    assert [s.kind for s in spans] == [SpanKind.TEXT, SpanKind.PERSON, SpanKind.TEXT]


def test_a_catalogue_is_read_with_continued_and_escaped_lines():
    text = (
        'msgid ""\nmsgstr "head"\n\n# note\nmsgid "a"\nmsgstr ""\n"one\\n"\n"\\"two\\"\\\\"\n\nmsgid "b"\nmsgstr "x"\n'
    )
    assert dict(read_po(text)) == {"a": 'one\n"two"\\', "b": "x"}
