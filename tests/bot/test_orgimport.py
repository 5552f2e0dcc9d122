"""An organisation from a platform's directory: what differs is told, and written without taking anything away."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.roster import Member, Roster, Unit
from bot import config
from bot.config import ConfigError
from bot.orgchange import Change, Kind
from bot.orgfile import DepartmentEntry, Org, PersonEntry
from bot.orgimport import read_wishes
from bot.orgplan import NotThere, plan
from bot.orgwrite import write, written

NOW = datetime(2026, 9, 23, 4, 5, 6, tzinfo=UTC)
LIMIN = Member("ou_1", "李敏", "Li.Min@example.com")
ZHANG = Member("ou_2", "张伟", "zhang.wei@example.com")
RD = Unit("od-rd", "研发部", head="ou_2", members=("ou_2",))


def org(people: tuple[dict[str, str], ...] = (), departments: tuple[dict[str, object], ...] = ()) -> Org:
    return Org(
        people=tuple(PersonEntry.model_validate(entry) for entry in people),
        departments=tuple(DepartmentEntry.model_validate(entry) for entry in departments),
    )


def roster(*people: Member, units: tuple[Unit, ...] = ()) -> Roster:
    return Roster("feishu", people, units)


def only(changes: list[Change]) -> Change:
    (change,) = changes
    return change


# --- people --------------------------------------------------------------------------------------


def test_somebody_new_gets_an_id_that_people_can_read() -> None:
    change = only(plan(org(), roster(LIMIN)))
    assert (change.kind, change.section) == (Kind.ADDED, "people")
    assert change.values == {"id": "li.min", "name": "李敏", "email": "Li.Min@example.com", "feishu": "ou_1"}


IDS = [
    (Member("ou_1", "李敏", "Li.Min+test@example.com"), "li.mintest"),
    (Member("ou_1", "李敏"), "李敏"),
    (Member("ou_1", "Anna O'Neil"), "Anna-O-Neil"),
    (Member("ou_1", "", "@"), "ou_1"),
    (Member("ou_1", "🦊"), "ou_1"),
]


@pytest.mark.parametrize(("member", "id"), IDS, ids=[id for _, id in IDS])
def test_an_id_comes_from_the_address_or_the_name(member: Member, id: str) -> None:
    assert only(plan(org(), roster(member))).id == id


def test_two_of_one_name_get_two_ids() -> None:
    changes = plan(org(({"id": "张伟", "name": "别人"},)), roster(Member("ou_1", "张伟"), Member("ou_2", "张伟")))
    assert [change.id for change in changes] == ["张伟2", "张伟3"]


KNOWN = [
    ({"feishu": "ou_1"}, {"email": "Li.Min@example.com"}, ""),
    ({"email": "LI.MIN@example.com"}, {"feishu": "ou_1"}, "found by e-mail"),
    ({"email": "li.min@example.com", "feishu": "ou_other_app"}, {"feishu": "ou_1"}, "found by e-mail"),
    ({}, {"feishu": "ou_1", "email": "Li.Min@example.com"}, "found by name alone: make sure"),
]


@pytest.mark.parametrize(("entry", "values", "note"), KNOWN, ids=str)
def test_somebody_known_is_recognised(entry: dict[str, str], values: dict[str, str], note: str) -> None:
    change = only(plan(org(({"id": "limin", "name": "李敏", **entry},)), roster(LIMIN)))
    assert (change.kind, change.id, change.place) == (Kind.CHANGED, "limin", 0)
    assert (change.values, change.note) == (values, note)


STRANGERS = [
    ({"name": "李敏", "email": "other@example.com"}, (LIMIN,), "another address"),
    ({"name": "李敏", "feishu": "ou_9"}, (LIMIN,), "another id"),
    ({"name": "李敏"}, (LIMIN, Member("ou_3", "李敏")), "two of the name there"),
]


@pytest.mark.parametrize(("entry", "people", "why"), STRANGERS, ids=[why for *_, why in STRANGERS])
def test_a_name_alone_is_not_enough_where_it_may_be_somebody_else(
    entry: dict[str, str], people: tuple[Member, ...], why: str
) -> None:
    changes = plan(org(({"id": "limin", **entry},)), roster(*people))
    assert {change.kind for change in changes} <= {Kind.ADDED, Kind.GONE}
    assert sum(change.kind is Kind.ADDED for change in changes) == len(people)


def test_two_accounts_of_one_address_are_nobodys() -> None:
    double = Member("ou_3", "李敏二", "li.min@example.com")
    changes = plan(org(({"id": "limin", "name": "李敏", "email": "li.min@example.com"},)), roster(LIMIN, double))
    assert [change.kind for change in changes] == [Kind.ADDED, Kind.ADDED]


def test_who_is_there_unchanged_is_not_told() -> None:
    entry = {"id": "limin", "name": "李敏", "email": "li.min@example.com", "feishu": "ou_1"}
    assert plan(org((entry,)), roster(LIMIN)) == []


def test_who_is_gone_is_told_and_those_without_an_id_there_are_not() -> None:
    people = ({"id": "left", "name": "离职", "feishu": "ou_9"}, {"id": "sandboxed", "name": "沙盒", "sandbox": "s"})
    change = only(plan(org(people), roster(LIMIN))[1:])
    assert (change.kind, change.id) == (Kind.GONE, "left")


# --- departments ---------------------------------------------------------------------------------


def test_a_new_department_is_headed_and_its_head_answers_until_a_liaison_is_named() -> None:
    change = plan(org(), roster(ZHANG, units=(RD,)))[0]
    assert change.values == {
        "id": "研发部", "name": "研发部", "head": "zhang.wei", "liaisons": ["zhang.wei"], "feishu": "od-rd",
    }  # fmt: skip


NAMES = [
    (Unit("od-1", "研发部", called="R&D Center"), "r-d-center"),
    (Unit("od-1", "研发 / 平台"), "研发-平台"),
    (Unit("od-1", "🦊"), "od-1"),
]


@pytest.mark.parametrize(("unit", "id"), NAMES, ids=[id for _, id in NAMES])
def test_a_departments_id_is_readable(unit: Unit, id: str) -> None:
    assert only(plan(org(), roster(units=(unit,)))).id == id


DEPARTMENTS = [
    ({"name": "研发部"}, {"feishu": "od-rd"}),
    ({"name": "R&D", "aliases": ["研发部"]}, {"feishu": "od-rd"}),
    ({"name": "研发部", "feishu": "od-rd"}, {}),
    ({"name": "技术部", "feishu": "od-rd"}, {"name": "研发部", "aliases": ["技术部"]}),
    ({"name": "研发部", "feishu": "od-rd", "head": "old", "liaisons": ["chen"]}, {"head": "zhang.wei"}),
    (
        {"name": "研发部", "feishu": "od-rd", "head": "old", "liaisons": ["old"]},
        {"head": "zhang.wei", "liaisons": ["zhang.wei"]},
    ),
]


@pytest.mark.parametrize(("entry", "values"), DEPARTMENTS, ids=str)
def test_a_known_department_is_recognised_by_id_or_name(entry: dict[str, object], values: dict[str, object]) -> None:
    there = ({"head": "zhang.wei", "liaisons": ["chen"]} | {"id": "rd", **entry},)
    changes = [change for change in plan(org((), there), roster(ZHANG, units=(RD,))) if change.section != "people"]
    assert [change.values for change in changes] == ([values] if values else [])


def test_a_department_that_is_gone_is_told() -> None:
    change = only(plan(org((), ({"id": "rd", "name": "研发部", "feishu": "od-9"},)), roster(units=())))
    assert (change.kind, change.id) == (Kind.GONE, "rd")


TREE = (
    Unit("od-1", "市场部", members=("ou_1",)),
    Unit("od-2", "研发部", head="ou_2"),
    Unit("od-3", "平台组", parent="od-2", members=("ou_3",)),
    Unit("od-4", "销售", parent="od-1"),
    Unit("od-5", "销售", parent="od-2"),
)
PEOPLE = (LIMIN, ZHANG, Member("ou_3", "陈静"))


def found(departments: str, entries: tuple[dict[str, object], ...] = ()) -> list[str]:
    return [change.id for change in plan(org((), entries), roster(*PEOPLE, units=TREE), read_wishes(departments))]


def test_without_a_wish_the_departments_at_the_top_and_everybody_are_taken() -> None:
    assert found("") == ["市场部", "研发部", "li.min", "zhang.wei", "陈静"]


def test_a_wish_takes_one_department_with_those_below_it_and_their_people() -> None:
    assert found("rd=研发部") == ["rd", "zhang.wei", "陈静"]
    assert found("od-3") == ["平台组", "陈静"]


def test_a_wish_may_say_which_department_of_the_file_it_is() -> None:
    changes = plan(org((), ({"id": "tech", "name": "技术"},)), roster(units=TREE), read_wishes("tech=研发部"))
    assert changes[0].kind is Kind.CHANGED and changes[0].id == "tech"


def test_departments_of_one_name_are_told_apart() -> None:
    with pytest.raises(NotThere, match=re.escape("市场部/销售 (od-4), 研发部/销售 (od-5)")):
        found("销售")
    changes = plan(org(), roster(units=TREE), read_wishes("市场部/销售,od-5"))
    assert [change.values["name"] for change in changes] == ["市场部/销售", "研发部/销售"]
    assert [change.id for change in changes] == ["销售", "销售2"]


def test_a_wish_for_what_is_not_there_is_refused() -> None:
    with pytest.raises(NotThere, match="财务部"):
        found("财务部")


def test_a_wish_for_a_few_does_not_say_that_all_others_are_gone() -> None:
    people = ({"id": "left", "name": "离职", "feishu": "ou_9"},)
    changes = plan(org(people), roster(*PEOPLE, units=TREE), read_wishes("市场部"))
    assert [change.kind for change in changes] == [Kind.ADDED, Kind.ADDED]


# --- the file ------------------------------------------------------------------------------------

FILE = """\
# ours
platforms:
  sandbox: {enabled: true}
org:
  people:   # everybody
    - {id: limin, name: 李敏, sandbox: limin}   # the lead
    - id: boss
      name: "007"
  departments:
    - {id: market, name: 市场部, head: limin, liaisons: [limin]}
  leadership: {chair: boss}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "config.yaml"
    made.write_text(FILE, encoding="utf-8")
    made.chmod(0o600)
    return made


def changes_for(file: Path, *people: Member, units: tuple[Unit, ...] = ()) -> list[Change]:
    return plan(config.load(file, {}).settings.org, roster(*people, units=units))


def test_comments_and_everything_else_stay(file: Path) -> None:
    text = written(FILE, changes_for(file, LIMIN, ZHANG, units=(RD,)))
    assert [line for line in FILE.splitlines() if line not in text.splitlines()] == [
        "    - {id: limin, name: 李敏, sandbox: limin}   # the lead"
    ]
    assert [line for line in text.splitlines() if line not in FILE.splitlines()] == [
        "    - {id: limin, name: 李敏, sandbox: limin, feishu: ou_1, email: Li.Min@example.com}   # the lead",
        "    - {id: zhang.wei, name: 张伟, email: zhang.wei@example.com, feishu: ou_2}",
        "    - {id: 研发部, name: 研发部, head: zhang.wei, liaisons: [zhang.wei], feishu: od-rd}",
    ]


def test_a_second_import_finds_nothing(file: Path) -> None:
    write(file, changes_for(file, LIMIN, ZHANG, units=(RD,)), now=NOW)
    assert changes_for(file, LIMIN, ZHANG, units=(RD,)) == []


@pytest.mark.parametrize("name", ["NO", "null", "~", "1e3", "{x: y}", "- a", "@rd", "a: b # c", '"', "*star", "’"])
def test_a_name_is_data_whatever_it_looks_like(file: Path, name: str) -> None:
    write(file, changes_for(file, Member("ou_9", name, "x@example.com")), now=NOW)
    assert config.load(file, {}).settings.org.people[-1].name == name


def test_the_file_as_it_was_is_kept_and_is_as_private(file: Path) -> None:
    kept = write(file, changes_for(file, LIMIN), now=NOW)
    assert kept.name == "config.yaml.20260923-040506.bak"
    assert kept.read_text("utf-8") == FILE
    assert {path.stat().st_mode & 0o777 for path in (file, kept)} == {0o600}


def test_what_could_not_be_read_afterwards_is_not_written(file: Path) -> None:
    double = Change(Kind.ADDED, "people", "limin", "别人", {"id": "limin", "name": "别人"})
    with pytest.raises(ConfigError, match=r"config.yaml \(nothing is written\):9:\d+: .*config.yaml:6:"):
        write(file, [double], now=NOW)
    assert file.read_text("utf-8") == FILE
    assert sorted(path.name for path in file.parent.iterdir()) == ["config.yaml"]


def test_a_link_to_the_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    write(link, changes_for(file, LIMIN), now=NOW)
    assert link.is_symlink() and "ou_1" in file.read_text("utf-8")


def test_a_file_without_an_organisation_gets_one() -> None:
    text = written("platforms: {sandbox: {}}\n", plan(org(), roster(LIMIN)))
    assert "org:\n  people:\n" in text and "feishu: ou_1" in text
