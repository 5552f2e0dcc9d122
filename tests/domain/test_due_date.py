"""Due dates as people write them. The answers in due_dates.tsv were thought out by hand, never taken from the code."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commands.domain.due_date import Due, NotADate, read_date, read_date_range, read_due
from commands.domain.worktime import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAMES = {
    date(2026, 9, 25): "中秋节",
    **{date(2026, 10, day): "国庆节" for day in (1, 2, 3)},
    date(2027, 1, 1): "元旦",
}
OFF = {date(2026, 9, 26), date(2026, 9, 27), *(date(2026, 10, day) for day in range(4, 8)), *NAMES}
CHINA = WorkCalendar(
    "china",
    "Asia/Shanghai",
    off=frozenset(OFF),
    work=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    known_years=frozenset({2026}),
    names=NAMES,
)
WEDNESDAY = datetime(2026, 9, 23, 10, 30, tzinfo=SHANGHAI)
CODES = {"unreadable", "past", "ambiguous", "no_such_day"}


def table():
    """A case per line: now, text, answer."""
    lines = (Path(__file__).parent / "due_dates.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if not line.startswith("#"):
            now, text, answer = line.split("\t")
            yield pytest.param(now, text, answer, id=f"{now[:10]} {text}")


@pytest.mark.parametrize(("now", "text", "answer"), list(table()))
def test_a_due_date_means_what_people_mean(now, text, answer):
    seen_from = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    if answer.startswith("-"):
        with pytest.raises(NotADate) as refusal:
            read_due(text, seen_from, CHINA)
        assert answer in ("-", f"- {refusal.value.code}")
        return
    due = read_due(text, seen_from, CHINA)
    wanted, _, off = answer.partition(" off")
    wanted = wanted if len(wanted) > len("09-30 18:00") else f"{now[:4]}-{wanted}"
    assert CHINA.local(due.moment).strftime("%Y-%m-%d %H:%M") == wanted
    assert due.on_day_off is answer.endswith("off"), off


def test_the_table_is_large_and_mostly_chinese():
    texts = [case.values[1] for case in table()]
    assert len(texts) > 600
    assert sum(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in texts) > len(texts) / 2


def test_a_due_date_keeps_the_words_and_is_in_utc():
    assert read_due(" 下周三之前 ", WEDNESDAY, CHINA) == Due(datetime(2026, 9, 30, 10, tzinfo=UTC), "下周三之前")


def test_a_due_date_on_a_day_off_names_the_next_time_people_work():
    due = read_due("后天", WEDNESDAY, CHINA)
    assert due.on_day_off
    assert due.next_open == datetime(2026, 9, 28, 9, tzinfo=SHANGHAI)
    assert read_due("明天", WEDNESDAY, CHINA).next_open is None


def test_a_day_ends_when_its_department_stops_working():
    early = WorkCalendar("early", "Europe/London", segments=((time(8), time(16)),))
    now = datetime(2026, 10, 23, 12, tzinfo=UTC)
    assert read_due("Monday", now, early).moment == datetime(2026, 10, 26, 16, tzinfo=UTC)  # the clocks went back
    assert read_due("Friday", now, early).moment == datetime(2026, 10, 23, 15, tzinfo=UTC)


def test_now_is_seen_in_the_zone_of_the_calendar():
    late_in_london = datetime(2026, 9, 23, 20, tzinfo=UTC)  # 24 September, 04:00 in Shanghai
    assert CHINA.local(read_due("今天", late_in_london, CHINA).moment).date() == date(2026, 9, 24)


def test_a_refusal_names_its_reason_and_the_text():
    with pytest.raises(NotADate, match="'2月30日' is not a day that exists") as refusal:
        read_due("2月30日", WEDNESDAY, CHINA)
    assert (refusal.value.code, refusal.value.text) == ("no_such_day", "2月30日")


VOCABULARY = (
    "今天 明天 后天 大后天 今晚 明早 下 本 这 上 周 周五 星期 礼拜 天 日 号 月 年 月底 年底 前 后 内 之前 以内 工作日 个 小时 分钟 半 点 刻 "
    "上午 下午 晚上 中午 凌晨 下班前 国庆 节 第一个 一 二 三 十 十二 两 0 1 2 3 9 12 24 30 31 99 2026 9999 / - : . , T Z + by before until "
    "next this in within at on of the end day days week weeks month working business hours noon eod friday fri sep 30th am pm "
    "ago ( ) 。 ： ～ ２ é \u0000 \u200b 🙂"
)
WORDS = st.sampled_from(VOCABULARY.split())
SOUP = st.lists(WORDS, max_size=7).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda joint: joint.join(parts))
)
MOMENTS = st.integers(0, 800 * 24 * 60).map(
    lambda minutes: datetime(2025, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@settings(deadline=None, max_examples=600)
@given(st.one_of(SOUP, st.text(max_size=40)), MOMENTS)
@example("9月" * 60, WEDNESDAY)
@example("9999-12-31", WEDNESDAY)
@example("9999-12-31T23:59:59-23:59", WEDNESDAY)
@example("0001-01-01T00:00:00+23:59", WEDNESDAY)
@example("99999个工作日内", WEDNESDAY)
@example("9999个月内", WEDNESDAY)
@example("9999年12月31日24点", WEDNESDAY)
def test_any_text_is_a_future_moment_or_a_refusal(text, now):
    try:
        due = read_due(text, now, CHINA)
    except NotADate as refusal:
        assert refusal.code in CODES
        assert str(refusal)
    else:
        assert due.moment > now
        assert due.moment.tzinfo is not None
        assert due.moment.utcoffset() == timedelta(0)


@settings(deadline=None, max_examples=300)
@given(st.one_of(SOUP, st.text(max_size=40)))
def test_any_text_is_days_or_a_refusal(text):
    for read in (read_date, read_date_range):
        try:
            read(text, WEDNESDAY, CHINA)
        except NotADate as refusal:
            assert refusal.code in CODES


@settings(deadline=None)
@given(MOMENTS, st.integers(0, 400))
def test_a_moment_as_this_bot_shows_it_is_read_back(now, days):
    moment = CHINA.at(CHINA.local(now).date() + timedelta(days=days + 1), CHINA.segments[0][0])
    local = CHINA.local(moment)
    weekday = "一二三四五六日"[local.weekday()]
    for shown in (
        f"{local:%Y-%m-%d %H:%M}",
        local.isoformat(),
        f"{local.year}年{local.month}月{local.day}日 周{weekday} {local:%H:%M}",
        f"{local:%a %-d %b %Y, %H:%M}",
        f"{local.year}年{local.month}月{local.day}日上午9点",
    ):
        assert read_due(shown, now, CHINA).moment == moment


@settings(deadline=None)
@given(MOMENTS, st.integers(1, 30))
def test_working_days_are_never_due_on_a_day_off(now, count):
    due = read_due(f"{count}个工作日内", now, CHINA)
    assert not due.on_day_off
    assert due.moment == read_due(f"in {count} business days", now, CHINA).moment


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("明天", "2026-09-24"),
        ("今天", "2026-09-23"),
        ("下周一", "2026-09-28"),
        ("10月9日", "2026-10-09"),
        ("9 Oct", "2026-10-09"),
        ("2026-10-09", "2026-10-09"),
        ("3个工作日后", "2026-09-29"),
    ],
)
def test_a_day_is_read(text, day):
    assert read_date(text, WEDNESDAY, CHINA) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("9月28日-9月30日", "2026-09-28", "2026-09-30"),
        ("9月28日到30日", "2026-09-28", "2026-09-30"),
        ("9月28日至9月30日", "2026-09-28", "2026-09-30"),
        ("9月28日～9月30日", "2026-09-28", "2026-09-30"),
        ("10月9日到10月12日", "2026-10-09", "2026-10-12"),
        ("从10月9日到10月12日", "2026-10-09", "2026-10-12"),
        ("下周一到下周三", "2026-09-28", "2026-09-30"),
        ("下周一至周三", "2026-09-28", "2026-09-30"),
        ("周五到周一", "2026-09-25", "2026-09-28"),
        ("明天到后天", "2026-09-24", "2026-09-25"),
        ("明天到下周一", "2026-09-24", "2026-09-28"),
        ("今天", "2026-09-23", "2026-09-23"),
        ("明天", "2026-09-24", "2026-09-24"),
        ("28 Sep..30 Sep", "2026-09-28", "2026-09-30"),
        ("28-30 Sep", "2026-09-28", "2026-09-30"),
        ("28 Sep - 30 Sep", "2026-09-28", "2026-09-30"),
        ("28 Sep to 30 Sep", "2026-09-28", "2026-09-30"),
        ("Sep 28 - Sep 30", "2026-09-28", "2026-09-30"),
        ("9 Oct to 12 Oct", "2026-10-09", "2026-10-12"),
        ("from 9 Oct to 12 Oct", "2026-10-09", "2026-10-12"),
        ("tomorrow to Friday", "2026-09-24", "2026-09-25"),
        ("9/28-9/30", "2026-09-28", "2026-09-30"),
        ("2026-09-28..2026-09-30", "2026-09-28", "2026-09-30"),
        ("2026-09-28 - 2026-09-30", "2026-09-28", "2026-09-30"),
        ("12月30日到1月3日", "2026-12-30", "2027-01-03"),
        ("30 Dec - 3 Jan", "2026-12-30", "2027-01-03"),
        ("9月30日到5日", "2026-09-30", "2026-10-05"),
    ],
)
def test_a_range_of_days_is_read(text, first, last):
    assert read_date_range(text, WEDNESDAY, CHINA) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "到",
        "9月30日到9月28日x",
        "2月30日到3月2日",
        "9月28日到31日",
        "昨天",
        "下周三到下周一",
        "soon",
        "9月28日 9月30日 10月1日",
        "-",
    ],
)
def test_what_is_no_range_of_days_is_refused(text):
    with pytest.raises(NotADate):
        read_date_range(text, WEDNESDAY, CHINA)
