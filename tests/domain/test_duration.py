"""Durations: what is read, what is refused, what is written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.domain.duration import Duration, Unit, parse_duration

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("90s", 90, Unit.WALL),
        ("30m", 30 * MINUTE, Unit.WALL),
        ("2h", 2 * HOUR, Unit.WALL),
        ("1.5h", 90 * MINUTE, Unit.WALL),
        ("3d", 3 * DAY, Unit.WALL),
        ("1h30m", 90 * MINUTE, Unit.WALL),
        (" 2 H ", 2 * HOUR, Unit.WALL),
        ("２ｈ", 2 * HOUR, Unit.WALL),
        ("2bh", 2, Unit.HOURS),
        ("0.5bh", 0.5, Unit.HOURS),
        ("1wd", 1, Unit.DAYS),
        ("1.5wd", 1.5, Unit.DAYS),
        ("0m", 0, Unit.WALL),
        ("2小时", 2 * HOUR, Unit.WALL),
        ("两个小时", 2 * HOUR, Unit.WALL),
        ("半小时", 30 * MINUTE, Unit.WALL),
        ("半个小时", 30 * MINUTE, Unit.WALL),
        ("一个半小时", 90 * MINUTE, Unit.WALL),
        ("1小时30分钟", 90 * MINUTE, Unit.WALL),
        ("一刻钟", 15 * MINUTE, Unit.WALL),
        ("三天", 3 * DAY, Unit.WALL),
        ("两周", 14 * DAY, Unit.WALL),
        ("3个工作日", 3, Unit.DAYS),
        ("3 個 工作日", 3, Unit.DAYS),
        ("十二个工作日", 12, Unit.DAYS),
        ("半个工作日", 0.5, Unit.DAYS),
        ("4个工作小时", 4, Unit.HOURS),
        ("2 working days", 2, Unit.DAYS),
        ("two business days", 2, Unit.DAYS),
        ("2 business hours", 2, Unit.HOURS),
        ("half an hour", 30 * MINUTE, Unit.WALL),
        ("1 hour and 30 minutes", 90 * MINUTE, Unit.WALL),
        ("a week", 7 * DAY, Unit.WALL),
    ],
)
def test_a_duration_is_read_with_its_unit(text, amount, unit):
    assert parse_duration(text) == Duration(amount, unit)


@pytest.mark.parametrize(
    "text",
    ["", " ", "2", "h", "-2h", "2x", "2h x", "about 2h", "1e9h", "nan", "两三天", "几小时", "1h1", "soon", "2 months"],
)
def test_what_is_not_one_duration_is_refused_with_examples(text):
    with pytest.raises(ValueError, match=r"is not a duration.*2bh"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["99999d", "20000bh", "10001wd"])
def test_a_duration_beyond_reason_is_refused(text):
    with pytest.raises(ValueError, match="longer than"):
        parse_duration(text)


@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf")])
def test_a_duration_is_never_negative_nor_endless(amount):
    with pytest.raises(ValueError, match="cannot be"):
        Duration(amount, Unit.WALL)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("90s", "90s"),
        ("5400s", "90m"),
        ("1.5h", "90m"),
        ("120m", "2h"),
        ("24h", "24h"),
        ("1d", "24h"),
        ("3d", "3d"),
        ("0h", "0s"),
        ("1.5wd", "1.5wd"),
        ("2bh", "2bh"),
    ],
)
def test_the_short_form_is_the_one_people_configure(text, short):
    assert str(parse_duration(text)) == short


@given(st.integers(0, 5_000_000), st.sampled_from(Unit))
def test_the_short_form_is_read_back(thousandths, unit):
    duration = Duration(thousandths / 1000, unit)
    assert parse_duration(str(duration)) == duration


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        assert parse_duration(text).amount >= 0
    except ValueError as refusal:
        assert str(refusal)


def test_a_share_of_a_duration_keeps_its_unit():
    assert Duration(1, Unit.DAYS) * 0.75 == 0.75 * Duration(1, Unit.DAYS) == Duration(0.75, Unit.DAYS)
