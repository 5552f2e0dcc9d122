"""Whoever no platform reaches any more: what they did not get is on record, and the administrators hear of it."""

from support.core import Town
from support.invariants import check
from support.process import TOWN


def test_what_somebody_without_a_platform_did_not_get_is_on_record(tmp_path):
    lost = TOWN.read_text("utf-8").replace("name: 王磊, sandbox: wanglei", "name: 王磊, slack: U0WANGLEI")
    with Town(tmp_path, config=lost) as town:
        assert town.says("limin", "/request @设计部 海报 期望 9月30日 交付标准：三张").ok
        town.advance(minutes=1)
        with town.store.read() as uow:
            failed = [e for e in uow.audited("R-1") if e.what == "message.failed"]
            alarms = [row[0] for row in uow.link.query("SELECT \"to\" FROM outbox WHERE view = 'undeliverable'", ())]
        assert {e.after["to"] for e in failed} == {"person:wanglei"}
        assert {e.result for e in failed} == {"failed"}
        assert set(alarms) == {"person:zhaoying"}
        check(town.store, history=town.history)
