"""Whoever no platform reaches any more: what they did not get is on record, and the administrators hear of it."""

from bot.config import load
from bot.org import import_org
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


def test_the_cards_of_somebody_who_left_are_left_alone_without_an_alarm(tmp_path):
    with Town(tmp_path) as town:
        assert town.says("limin", "/request @研发部 报告 期望 9月30日 交付标准：完整报告").ok
        town.advance(minutes=1)
        file = tmp_path / "town-0.yaml"
        left = file.read_text("utf-8").replace("    - {id: zhangwei, name: 张伟, sandbox: zhangwei}\n", "")
        file.write_text(left.replace("[zhangwei, chenjing]", "[chenjing]"), "utf-8")
        settings = load(file).settings
        import_org(settings, settings.org)
        assert town.says("chenjing", "/request 受理 R-1 9月30日").ok
        town.advance(minutes=1)
        with town.store.read() as uow:
            assert [e.what for e in uow.audited("R-1") if e.what == "message.failed"] == []
            assert not uow.link.query("SELECT 1 FROM outbox WHERE view = 'undeliverable'", ())
        check(town.store, history=town.history)
