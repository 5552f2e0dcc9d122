"""Ids that a platform told: beside those of the file, one a person, as long as the e-mail address holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.domain.people import Directory, Person
from storage.seed import seed

LIMIN = Person("limin", "李敏", email="li@example.com", language="zh-CN")
ZHANG = Person("zhangwei", "张伟", email="zhang@example.com", identities={"feishu": "ou_1"})


def file(*people):
    return Directory({p.id: p for p in people}, {})


@pytest.fixture
def linked(store):
    with store.begin() as uow:
        seed(uow, file(LIMIN, ZHANG))
        assert uow.identify("limin", "slack", "U1")
    return store


def ids(store):
    with store.read() as uow:
        return {p.id: dict(p.identities) for p in uow.directory.people.values()}


def seeded(store, *people, overwrite=False):
    with store.begin() as uow:
        return seed(uow, file(*people), overwrite=overwrite)


@pytest.mark.parametrize(
    ("person", "platform", "user"),
    [("limin", "slack", "U2"), ("zhangwei", "slack", "U1"), ("zhangwei", "feishu", "ou_2")],
    ids=["the person has one there", "the id is somebody's", "the file named one"],
)
def test_a_second_id_is_not_kept(linked, person, platform, user):
    before = ids(linked)
    with linked.begin() as uow:
        assert not uow.identify(person, platform, user)
    assert ids(linked) == before


def test_an_id_on_another_platform_is(linked):
    with linked.begin() as uow:
        assert uow.identify("limin", "dingtalk", "U1")
    assert ids(linked)["limin"] == {"dingtalk": "U1", "slack": "U1"}


def test_two_processes_that_find_two_ids_at_once_keep_one(store, other, together):
    seeded(store, LIMIN)

    def find(one, user):
        def work(uow):
            return uow.identify("limin", "slack", user)

        return lambda: one.transact(work)

    together(find(store, "U1"), find(other, "U2"))
    assert ids(store)["limin"]["slack"] in ("U1", "U2")
    with store.read() as uow:
        assert uow.link.query("SELECT count(*) FROM identity", ()) == [(1,)]


# --- the file afterwards -------------------------------------------------------------------------

SAME = (LIMIN, ZHANG)
NAMED = (replace(LIMIN, identities={"slack": "U1"}), ZHANG)
ANOTHER = (replace(LIMIN, identities={"slack": "U2"}), ZHANG)
SOMEBODY = (LIMIN, replace(ZHANG, identities={"slack": "U1"}))
CORRECTED = (replace(LIMIN, email="li.min@example.com"), ZHANG)
OTHER_CASE = (replace(LIMIN, email=" Li@Example.com"), ZHANG)
GONE = (ZHANG,)

CASES = [
    ("the file says nothing", SAME, "U1", "U1"),
    ("the file says the same", NAMED, "U1", "U1"),
    ("the file names another id", ANOTHER, "U1", "U2"),
    ("the file gives the id to somebody", SOMEBODY, "U1", None),
    ("the address was corrected", CORRECTED, None, None),
    ("the address is written otherwise", OTHER_CASE, "U1", "U1"),
    ("the person left", GONE, None, None),
]


@pytest.mark.parametrize(("people", "at_start", "imported"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_what_a_start_and_an_import_make_of_it(linked, people, at_start, imported):
    seeded(linked, *people)
    assert ids(linked)["limin"].get("slack") == at_start
    seeded(linked, *people, overwrite=True)
    assert ids(linked)["limin"].get("slack") == imported
    assert seeded(linked, *people) == []


def test_an_id_that_the_file_gives_to_somebody_else_is_theirs_after_an_import(linked):
    changed = seeded(linked, *SOMEBODY, overwrite=True)
    assert changed[:2] == ["identity slack/U1 ended", "identity slack/U1"]
    assert ids(linked)["zhangwei"] == {"slack": "U1"}


# --- their language ------------------------------------------------------------------------------


def language(store, person):
    with store.read() as uow:
        return uow.directory.people[person].language


def test_a_language_that_was_chosen_wins_over_the_file_until_an_import_names_one(linked):
    with linked.begin() as uow:
        uow.set_language("limin", "en")
        uow.set_language("zhangwei", "en")
    assert seeded(linked, *SAME) == []
    assert (language(linked, "limin"), language(linked, "zhangwei")) == ("en", "en")
    assert seeded(linked, *SAME, overwrite=True) == ["person limin"]
    assert (language(linked, "limin"), language(linked, "zhangwei")) == ("zh-CN", "en")


def test_who_chose_a_language_is_still_renamed_and_deactivated_by_the_file(linked):
    with linked.begin() as uow:
        uow.set_language("limin", "en")
        uow.set_language("zhangwei", "en")
    assert "person limin" in seeded(linked, replace(LIMIN, name="李敏敏"))
    with linked.read() as uow:
        assert uow.directory.people["limin"].name == "李敏敏"
        assert not uow.directory.people["zhangwei"].active
