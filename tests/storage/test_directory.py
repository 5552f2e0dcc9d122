"""The directory is one value, new in every process as soon as somebody changed it."""

from datetime import date

import pytest

from commands.domain.people import ChatBinding, Department, Directory, Leadership, Leave, Person, Project
from commands.ports import CalendarDay
from storage.seed import seed

TODAY = date(2026, 9, 23)
FILE = Directory(
    people={
        "zhangwei": Person("zhangwei", "张伟", language="zh-CN", identities={"slack": "U1", "feishu": "ou_1"}),
        "limin": Person("limin", "李敏", email="li@example.com", timezone="Europe/Berlin"),
    },
    departments={"rd": Department("rd", "研发部", head="limin", liaisons=("zhangwei", "limin"), aliases=("R&D",))},
    leadership=Leadership("领导小组", chair="limin", deputies=("zhangwei",), quorum="majority"),
    projects={"newx": Project("newx", "新品X", manager="limin", departments=("rd",), chats=("slack:C1",))},
    pmo=("limin",),
    admins=("zhangwei", "limin"),
    bindings={"slack:C1": ChatBinding("slack:C1", "project", "newx")},
)


@pytest.fixture
def seeded(store):
    with store.begin() as uow:
        assert seed(uow, FILE)
    return store


def directory(store):
    with store.read() as uow:
        return uow.directory


def without_version(found):
    from dataclasses import replace

    return replace(found, version=0)


def test_the_file_comes_back_as_it_was(seeded):
    assert without_version(directory(seeded)) == FILE
    assert directory(seeded).person_at("slack", "U1").name == "张伟"


def test_the_same_file_again_changes_nothing(seeded):
    with seeded.begin() as uow:
        assert seed(uow, FILE) == []


def test_unchanged_it_is_the_same_object(seeded, other):
    assert directory(other) is directory(other)
    with other.begin() as uow:
        assert uow.directory is directory_of(uow)


def directory_of(uow):
    return uow.directory


def test_a_change_in_one_process_is_seen_in_the_other(seeded, other):
    before = directory(other)
    with seeded.begin() as uow:
        uow.add_leave(Leave("L-1", "zhangwei", TODAY, TODAY, deputy="limin"))
        assert uow.directory.is_away("zhangwei", TODAY)
    assert directory(other) is not before
    assert directory(other).stands_for("zhangwei", TODAY) == "limin"
    with other.begin() as uow:
        uow.end_leave("L-1", date(2026, 9, 22))
    assert not directory(seeded).is_away("zhangwei", TODAY)


def test_a_change_that_was_rolled_back_was_never_seen(seeded, other):
    with pytest.raises(RuntimeError), seeded.begin() as uow:
        uow.bind(ChatBinding("slack:C2", "department", "rd"))
        assert "slack:C2" in uow.directory.bindings
        raise RuntimeError
    assert "slack:C2" not in directory(seeded).bindings
    with other.begin() as uow:  # gets the version number that was rolled back
        uow.bind(ChatBinding("slack:C3", "department", "rd"))
    assert set(directory(seeded).bindings) == {"slack:C1", "slack:C3"}


def test_what_was_changed_in_chat_wins_over_the_file_until_told_otherwise(seeded):
    with seeded.begin() as uow:
        uow.bind(ChatBinding("slack:C1", "department", "rd", language="en"))
        seed(uow, FILE)
        assert uow.directory.bindings["slack:C1"].kind == "department"
        assert seed(uow, FILE, overwrite=True) == ["binding slack:C1"]
        assert uow.directory.bindings["slack:C1"].kind == "project"


def test_an_unbound_chat_is_not_bound_again_by_the_file(seeded):
    with seeded.begin() as uow:
        uow.unbind("slack:C1")
        seed(uow, FILE)
        assert not uow.directory.bindings["slack:C1"].active


def test_what_is_lost_stays_lost_whatever_the_file_says(seeded, other):
    with seeded.begin() as uow:
        uow.mark_lost("slack:C1", "is_archived")
        assert uow.directory.bindings["slack:C1"].lost == "is_archived"
    for overwrite in (False, True):
        with seeded.begin() as uow:
            assert seed(uow, FILE, overwrite=overwrite) == []
    assert directory(other).bindings["slack:C1"].lost == "is_archived"
    with other.begin() as uow:
        uow.mark_lost("slack:C1", None)
    assert without_version(directory(seeded)) == FILE


def test_who_vanished_from_the_file_is_deactivated_not_deleted(seeded):
    from dataclasses import replace

    smaller = replace(FILE, people={"limin": FILE.people["limin"]}, projects={}, admins=("limin",), bindings={})
    with seeded.begin() as uow:
        changed = seed(uow, smaller)
        found = uow.directory
    assert "person zhangwei ended" in changed
    assert (found.people["zhangwei"].active, found.people["zhangwei"].identities) == (False, {})
    assert (found.projects, found.admins) == ({}, ("limin",))
    with seeded.begin() as uow:
        seed(uow, FILE)
    assert without_version(directory(seeded)) == FILE


def test_two_people_cannot_be_the_same_user(store):
    from storage.errors import Taken

    twins = {n: Person(n, n, identities={"slack": "U1"}) for n in ("a", "b")}
    with pytest.raises(Taken), store.begin() as uow:
        seed(uow, Directory(people=twins, departments={}))


def test_declared_days(store):
    with store.begin() as uow:
        uow.declare_day(CalendarDay(calendar="default", day=TODAY, works=False, note="年会"))
        uow.declare_day(CalendarDay(calendar="default", day=TODAY, works=True))
        before = uow.directory.version
        uow.declare_day(CalendarDay(calendar="berlin", day=TODAY, works=False))
        assert uow.directory.version > before
    with store.read() as uow:
        assert uow.declared_days() == [
            CalendarDay(calendar="berlin", day=TODAY, works=False),
            CalendarDay(calendar="default", day=TODAY, works=True),
        ]
