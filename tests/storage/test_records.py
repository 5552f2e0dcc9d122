"""Records come back as they were shelved, the newest state wins, and nothing is half written."""

import threading
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import count
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.domain.clocks import Clock, Segment
from commands.domain.request import Request, RequestState, Urgency
from commands.errors import Conflict
from storage.records import RECORDS
from storage.tables.every import METADATA

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
MOMENTS = st.integers(0, 2**52).map(lambda n: datetime(1980, 1, 1, tzinfo=UTC) + timedelta(microseconds=n))
PLAIN = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(0, 2**31 - 2),
    datetime: MOMENTS,
    date: st.dates(date(1980, 1, 1), date(2200, 1, 1)),
    NoneType: st.none(),
}


def values(hint):
    """Any value of a type."""
    parts = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*map(values, parts))
    if get_origin(hint) is tuple:
        return st.lists(values(parts[0]), max_size=3).map(tuple) if ... in parts else st.tuples(*map(values, parts))
    if get_origin(hint) is Mapping:
        return st.dictionaries(*map(values, parts), max_size=3)
    if hint in PLAIN:
        return PLAIN[hint]
    return st.sampled_from(hint) if issubclass(hint, Enum) else records(hint)


def records(cls):
    hints = get_type_hints(cls)
    return st.builds(cls, **{f.name: values(hints[f.name]) for f in fields(cls)})


def a_request(id="R-1", **given):
    return Request(
        **{
            "id": id,
            "title": "性能数据",
            "requester": "limin",
            "department": "market",
            "lead": "rd",
            "created_at": NOW,
            **given,
        }
    )


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
def test_tables_have_the_fields_of_the_records(cls):
    assert set(RECORDS[cls].c.keys()) - {"seq"} == {f.name for f in fields(cls)}


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
def test_every_record_comes_back_as_it_was(store, cls):
    numbers = count()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(records(cls))
    def check(record):
        record = replace(record, id=f"{cls.__name__}-{next(numbers)}")
        with store.begin() as uow:
            uow.add(record)
        with store.begin() as uow:
            assert uow.get(cls, record.id) == record
            saved = uow.save(record)
        with store.read() as uow:
            assert uow.get(cls, record.id) == saved == replace(record, version=record.version + 1)

    check()


def test_a_record_without_a_zone_in_its_moment_is_refused(store):
    with pytest.raises(ValueError, match="without a zone"), store.begin() as uow:
        uow.add(a_request(created_at=datetime(2026, 9, 23)))  # noqa: DTZ001
    with store.read() as uow:
        assert uow.find(Request) == []


def test_the_same_record_read_twice_is_the_one_that_was_saved(store):
    with store.begin() as uow:
        uow.add(a_request())
        first = uow.save(replace(uow.get(Request, "R-1"), title="neu"))
        assert uow.get(Request, "R-1") is first
        assert uow.find(Request, title="neu") == [first]
        assert first.version == 1


def test_a_stale_record_is_a_conflict(store, other):
    with store.begin() as uow:
        uow.add(a_request())
    with store.read() as uow:
        stale = uow.get(Request, "R-1")
    with other.begin() as uow:
        uow.save(uow.get(Request, "R-1"))
    with pytest.raises(Conflict), store.begin() as uow:
        uow.save(stale)


def test_of_two_who_change_a_record_at_once_both_changes_count(store, other, together):
    with store.begin() as uow:
        uow.add(a_request(reroutes=0))
    start = threading.Barrier(2)

    def reroute(uow):
        request = uow.get(Request, "R-1")
        uow.save(replace(request, reroutes=request.reroutes + 1))

    def many(of):
        start.wait()
        for _ in range(30):
            of.transact(reroute)

    together(lambda: many(store), lambda: many(other))
    with store.read() as uow:
        assert uow.get(Request, "R-1").reroutes == 60


def test_questions_by_value_by_several_values_and_by_nothing(store):
    with store.begin() as uow:
        uow.add(a_request("R-1", state=RequestState.RAISED, urgency=Urgency.URGENT))
        uow.add(a_request("R-2", state=RequestState.CLOSED, owner="he"))
        uow.add(a_request("R-3", state=RequestState.RAISED))

        def ids(**where):
            return [r.id for r in uow.find(Request, **where)]

        assert ids() == ["R-1", "R-2", "R-3"]
        assert ids(state=RequestState.RAISED) == ["R-1", "R-3"]
        assert ids(state=(RequestState.RAISED, RequestState.CLOSED)) == ["R-1", "R-2", "R-3"]
        assert ids(state=()) == []
        assert ids(owner=None) == ["R-1", "R-3"]
        assert ids(owner=("he", None), urgency=Urgency.NORMAL) == ["R-2", "R-3"]
        assert ids(created_at=NOW, title="nichts") == []
        with pytest.raises(TypeError, match="no field"):
            uow.find(Request, colour="red")


def test_oldest_first_counts_the_second_before_the_tenth(store):
    with store.begin() as uow:
        for _ in range(11):
            uow.add(a_request(uow.next_id("R")))
        assert [r.id for r in uow.find(Request)] == [f"R-{n}" for n in range(1, 12)]


def test_a_failed_transaction_leaves_nothing_and_gives_its_number_back(store):
    with pytest.raises(RuntimeError), store.begin() as uow:
        uow.add(a_request(uow.next_id("R")))
        raise RuntimeError
    with store.begin() as uow:
        assert uow.find(Request) == []
        assert uow.next_id("R") == "R-1"
        assert uow.next_id("T") == "T-1"


def test_numbers_have_no_gaps_however_many_ask(store, other, together):
    def take(of):
        for n in range(20):
            try:
                with of.begin() as uow:
                    uow.add(a_request(uow.next_id("R")))
                    if n % 3 == 0:
                        raise RuntimeError
            except RuntimeError:
                pass

    together(lambda: take(store), lambda: take(other))
    with store.read() as uow:
        found = [r.id for r in uow.find(Request)]
    assert found == [f"R-{n}" for n in range(1, len(found) + 1)]
    assert len(found) == 26


def test_nested_values_keep_their_types(store):
    clock = Clock(
        id="C1:R-1:1", kind="C1", item="R-1", side="rd", calendar="default", limit="2h", started_at=NOW,
        ran=(Segment(NOW, None, "rd"), Segment(NOW, NOW, "")), done=("warn50",),
    )  # fmt: skip
    with store.begin() as uow:
        uow.add(clock)
    with store.read() as uow:
        found = uow.get(Clock, "C1:R-1:1")
    assert found == clock and found.kind.name == "RESPONSE" and type(found.ran[0]) is Segment


def test_hostile_text_is_data(store):
    text = "'; DROP TABLE request; -- %s :now {lock} ? \\ 🚨 \u202e %(x)s"
    with store.begin() as uow:
        uow.add(a_request(title=text))
    with store.begin() as uow:
        assert uow.find(Request, title=text)[0].title == text
        assert uow.save(uow.get(Request, "R-1")).title == text


def test_tables_name_all_their_constraints():
    assert all(c.name for table in METADATA.tables.values() for c in table.constraints)
