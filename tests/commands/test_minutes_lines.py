"""How lines of minutes are read, and how they keep their numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from commands.domain.minutes import ItemKind, Minutes, MinutesItem
from commands.domain.people import Directory
from commands.errors import Refused
from commands.minutes import numbering, written
from commands.minutes.numbering import Line
from support.verbs import CALENDAR, DIRECTORY, NOW, PEOPLE

CTX = SimpleNamespace(directory=DIRECTORY, now=NOW, calendar=CALENDAR)


def meeting(*items: MinutesItem, **more) -> Minutes:
    known = {
        "id": "M-7",
        "title": "周会",
        "starts_at": NOW,
        "ends_at": NOW,
        "host": "limin",
        "recorder": "limin",
        "participants": ("zhangwei",),
        "created_at": NOW,
        "items": items,
        "edition": 1 if items else 0,
        "editions": (items,) if items else (),
    }
    return Minutes(**known | more)


def read(text: str, minutes: Minutes | None = None) -> Line:
    (line,) = written.actions_of(CTX, text, minutes or meeting())
    return line


def local(line: Line) -> str:
    return CALENDAR.local(line.due).strftime("%m-%d %H:%M") if line.due else ""


# --- reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "text", "owner", "due", "standard"),
    [
        ("整理价格表 @李敏 10月12日；标准：含税", "整理价格表", "limin", "10-12 18:00", "含税"),
        ("1. 整理价格表 @李敏 10月12日前", "整理价格表", "limin", "10-12 18:00", ""),
        ("- 整理价格表@李敏10月12日之前", "整理价格表", "limin", "10-12 18:00", ""),
        ("李敏：整理价格表，10月12日 15:00", "整理价格表", "limin", "10-12 15:00", ""),
        ("整理价格表（李敏，10月12日）", "整理价格表", "limin", "10-12 18:00", ""),
        ("整理价格表 负责人：李敏 截止：10月12日", "整理价格表", "limin", "10-12 18:00", ""),
        ("整理价格表 | 李敏 | 2026-10-12", "整理价格表", "limin", "10-12 18:00", ""),
        ("李敏10月12日前提交价格表 @张伟", "李敏 前提交价格表", "zhangwei", "10-12 18:00", ""),
        ("准备下周评审 @张伟 9月25日", "准备下周评审", "zhangwei", "09-25 18:00", ""),
        ("Price list @anna 12 Oct 15:00; standard: with tax", "Price list", "anna", "10-12 15:00", "with tax"),
        ("Price list @Anna Berg by 12 Oct", "Price list", "anna", "10-12 18:00", ""),
        ("和 @张伟 一起整理 @李敏 10月12日", "和 一起整理 @李敏", "zhangwei", "10-12 18:00", ""),
    ],
)
def test_an_action_is_read_kindly(raw, text, owner, due, standard):
    line = read(raw)
    assert (line.text, line.owner, local(line), line.standard) == (text, owner, due, standard)
    assert line.lacks == ()


@pytest.mark.parametrize(
    ("raw", "lacks"),
    [
        ("整理价格表 10月12日", ("owner",)),
        ("整理价格表 @李敏", ("due",)),
        ("整理价格表", ("owner", "due")),
        ("整理价格表 @李敏 2026-09-01", ("past",)),
        ("整理价格表 @王芳 10月12日", ("one_owner",)),
        ("@李敏 10月12日", ("text",)),
    ],
)
def test_what_an_action_lacks_is_said_with_the_line(raw, lacks):
    line = read(raw)
    assert line.lacks == lacks
    with pytest.raises(Refused) as refused:
        written.require_complete([line])
    assert (refused.value.params["field"], refused.value.params["line"]) == ("actions", raw)


def test_of_two_with_one_name_the_one_at_the_meeting_is_meant():
    assert read("整理 @王芳 10月12日", meeting(participants=("wangfang2",))).owner == "wangfang2"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("1. 先做A", "先做A"),
        ("（2）先做A", "先做A"),
        ("• 先做A", "先做A"),
        ("3：先做A", "先做A"),
        ("10:30 前发布", "10:30 前发布"),
        ("2.5版发布", "2.5版发布"),
        ("-5℃ 测试", "-5℃ 测试"),
    ],
)
def test_numbering_that_people_typed_is_dropped_and_nothing_else(raw, text):
    (line,) = written.lines_of(ItemKind.DECISION, raw)
    assert line.text == text


def test_what_is_typed_again_is_the_same_even_when_its_date_is_over():
    past = datetime(2026, 9, 1, 10, tzinfo=UTC)
    known = meeting(MinutesItem(1, ItemKind.ACTION, "整理 价格表", "wangfang1", past, "含税", 1, "T-1"))
    typed = written.as_text(known, ItemKind.ACTION, CTX)
    again = read(typed, known)
    assert (again.text, again.owner, again.due, again.standard, again.lacks) == (
        "整理 价格表",
        "wangfang1",
        past,
        "含税",
        (),
    )
    assert read(typed.replace("价格表", "价目表"), known).due == past


def test_who_left_is_nobody():
    gone = Directory({p.id: p for p in PEOPLE if p.id != "limin"}, DIRECTORY.departments)
    (line,) = written.actions_of(
        SimpleNamespace(directory=gone, now=NOW, calendar=CALENDAR), "整理 @李敏 10月12日", meeting()
    )
    assert line.lacks == ("owner",)


# --- numbering ---------------------------------------------------------------------------------------


def decisions(*texts: str) -> list[Line]:
    return [Line(ItemKind.DECISION, text) for text in texts]


FIRST = meeting(*numbering.first(decisions("先做A款", "B款顺延一周", "发布会定在十月")))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ("先做A款", "B款顺延一周", "发布会定在十月"),
            {1: ("先做A款", 1), 2: ("B款顺延一周", 1), 3: ("发布会定在十月", 1)},
        ),
        (
            ("先做A款", "B款顺延三天", "发布会定在十月"),
            {1: ("先做A款", 1), 2: ("B款顺延三天", 2), 3: ("发布会定在十月", 1)},
        ),
        (("B款顺延三天", "发布会定在十月"), {2: ("B款顺延三天", 2), 3: ("发布会定在十月", 1)}),
        (("发布会定在十月", "先做A款"), {1: ("先做A款", 1), 3: ("发布会定在十月", 1)}),
        (("先做A款", "完全不同", "发布会定在十月"), {1: ("先做A款", 1), 2: ("完全不同", 2), 3: ("发布会定在十月", 1)}),
        (
            ("先做A款", "B款顺延一周", "预算加一成", "发布会定在十月"),
            {1: ("先做A款", 1), 2: ("B款顺延一周", 1), 3: ("发布会定在十月", 1), 4: ("预算加一成", 2)},
        ),
    ],
)
def test_an_item_keeps_its_number_as_far_as_its_line_stays(texts, expected):
    items = numbering.next_edition(decisions(*texts), FIRST)
    assert {i.number: (i.text, i.since) for i in items} == expected


def test_a_number_is_never_given_twice():
    second = numbering.next_edition(decisions("先做A款", "B款顺延一周"), FIRST)
    shorter = meeting(*second, edition=2, editions=(FIRST.items, second))
    third = numbering.next_edition(decisions("先做A款", "B款顺延一周", "预算加一成"), shorter)
    assert [i.number for i in third] == [1, 2, 4]


def test_a_new_owner_or_date_is_a_change_of_the_item():
    known = meeting(*numbering.first([Line(ItemKind.ACTION, "整理价格表", "limin", NOW)]))
    (item,) = numbering.next_edition([Line(ItemKind.ACTION, "整理价格表", "zhangwei", NOW)], known)
    assert (item.number, item.since) == (1, 2)
