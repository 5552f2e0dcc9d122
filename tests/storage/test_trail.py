"""The trace is complete, in order, and shows when somebody changed it behind our back."""

from datetime import UTC, datetime, timedelta

import pytest

from commands.ports import AuditEvent
from storage.trail import verify

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)


def event(what, item="R-1", **given):
    return AuditEvent(**{"at": NOW, "what": what, "item": item, **given})


@pytest.fixture
def written(store, other):
    """Two strands: three lines in two transactions, and two lines of another process."""
    with store.begin() as uow:
        uow.audit(event("one", actor="zhangwei", before={"state": "raised"}, after={"due": NOW}, planned_at=NOW))
        uow.audit(event("two", at=NOW + timedelta(minutes=1)))
    with store.begin() as uow:
        uow.audit(event("three"))
    with other.begin() as uow:
        uow.audit(event("four", "R-2"))
        uow.audit(event("five"))
    return store


def verdict(store):
    with store.read() as uow:
        return verify(uow.link)


def test_lines_come_back_whole_and_oldest_first(written):
    with written.begin() as uow:
        uow.audit(event("now"))
        found = uow.audited("R-1")
        assert [e.what for e in found] == ["one", "two", "three", "five", "now"]
        assert found[0] == event(
            "one", actor="zhangwei", before={"state": "raised"}, after={"due": NOW}, planned_at=NOW
        )
        assert [e.what for e in uow.audited(limit=2)] == ["five", "now"]
        assert [e.what for e in uow.audited("R-1", since=NOW + timedelta(seconds=1))] == ["two"]


def test_an_untouched_trace_is_whole(written):
    found = verdict(written)
    assert (found.lines, found.problems) == (5, ())
    assert verdict(written).fingerprint == found.fingerprint


def test_a_rolled_back_transaction_leaves_no_gap(written):
    with pytest.raises(RuntimeError), written.begin() as uow:
        uow.audit(event("never"))
        uow.flush()
        raise RuntimeError
    with written.begin() as uow:
        uow.audit(event("after"))
    assert (verdict(written).lines, verdict(written).problems) == (6, ())


@pytest.mark.parametrize(
    ("crime", "found"),
    [
        ("UPDATE audit SET actor = 'limin' WHERE what = 'one'", "was changed"),
        ("DELETE FROM audit WHERE what = 'two'", "missing"),
        ("DELETE FROM audit WHERE what = 'three'", "3 lines were written, 2 are there"),
        ("DELETE FROM audit WHERE strand = 2", "2 lines were written, 0 are there"),
        ("DELETE FROM strand WHERE id = 2", "strand 2 is gone"),
        ("UPDATE audit SET number = CASE number WHEN 1 THEN 92 ELSE 91 END WHERE strand = 1 AND number < 3", "missing"),
        ("UPDATE audit SET strand = 7 WHERE strand = 2", "never opened"),
    ],
)
def test_what_was_done_behind_our_back_is_found(written, crime, found):
    with written.begin() as uow:
        uow.link.say(crime)
    assert any(found in problem for problem in verdict(written).problems)


def test_threads_of_one_process_write_strands_side_by_side(store, together):
    def write():
        for _ in range(20):
            with store.begin() as uow:
                uow.audit(event("x"))
                uow.audit(event("y"))

    together(write, write, write, write)
    assert (verdict(store).lines, verdict(store).problems) == (160, ())
