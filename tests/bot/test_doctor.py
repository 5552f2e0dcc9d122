"""What the doctor finds: healthy, worth a look, broken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import config, doctor
from bot.finding import Finding, Level
from bot.orgfile import directory
from bot.settings import Settings
from commands.domain.people import Directory, Leave
from commands.domain.worktime import WorkCalendar
from storage.migrate import upgrade

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
TODAY = date(2026, 9, 23)
SANDBOX = frozenset({"sandbox"})
CALENDAR = WorkCalendar("default", "Asia/Shanghai", known_years=frozenset({2026}))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The example organisation, with a database of its own."""
    loaded = config.load(config.example(), {"LIAISON_DATABASE": f"sqlite:///{tmp_path}/liaison.db"})
    return loaded.settings


@pytest.fixture
def people(settings: Settings) -> Directory:
    return directory(settings.org, settings.admins)


def codes(findings: Iterable[Finding]) -> list[str]:
    """What is not green, worst first."""
    return [
        f"{f.level} {f.code}" for f in sorted(findings, key=lambda f: f.level != Level.RED) if f.level != Level.GREEN
    ]


def test_the_example_is_healthy_once_the_database_is_made(settings: Settings) -> None:
    upgrade(settings.database_url)
    found = doctor.examine(settings, now=NOW, calendars={"default": CALENDAR}, templates=lambda: [])
    assert codes(found) == []
    assert {"config", "packages", "database", "clock", "calendar", "departments", "leadership", "admins", "disk"} <= {
        finding.code for finding in found
    }


def test_a_database_that_is_not_made_yet_is_no_reason_for_alarm(settings: Settings) -> None:
    assert codes(doctor.database(settings)) == ["yellow database.behind"]


def test_a_database_that_cannot_be_used_is_red_and_its_password_unseen(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all" * 1000)
    found = doctor.database(Settings.model_validate({"database": f"sqlite:///{broken}"}))
    assert codes(found) == ["red database.unusable"]


@pytest.mark.parametrize(
    "today, expected",
    [
        (date(2026, 11, 16), []),
        (date(2026, 11, 17), ["yellow calendar.unknown"]),
        (date(2027, 1, 4), ["yellow calendar.unknown"]),
    ],
)
def test_the_end_of_the_known_holidays_is_told_45_days_before(today: date, expected: list[str]) -> None:
    assert codes(doctor.calendar_data({"default": CALENDAR}, today)) == expected


def test_a_department_whose_liaisons_are_away_or_nowhere_is_red(people: Directory) -> None:
    away = tuple(Leave(p, p, TODAY, TODAY) for p in ("zhangwei", "chenjing"))
    assert codes(doctor.departments(replace(people, leaves=away), SANDBOX, TODAY)) == ["red department.liaison"]
    elsewhere = doctor.departments(people, frozenset({"dingtalk"}), TODAY)
    assert codes(elsewhere).count("red department.liaison") == len(people.departments)
    deputised = (replace(away[0], deputy="liuyang"), away[1])
    assert codes(doctor.departments(replace(people, leaves=deputised), SANDBOX, TODAY)) == []


@pytest.mark.parametrize("platform", ["slack", "feishu"])
def test_where_people_are_found_by_it_an_e_mail_address_is_enough(people: Directory, platform: str) -> None:
    """One liaison of the example has one."""
    found = doctor.departments(people, frozenset({platform}), TODAY)
    assert codes(found).count("red department.liaison") == len(people.departments) - 1


def test_a_dispute_that_nobody_could_rule_is_foreseen(people: Directory) -> None:
    parties_only = replace(people, leadership=replace(people.leadership, chair="zhouqiang", members=()))
    found = doctor.leadership(parties_only, SANDBOX, TODAY)
    assert codes(found) == ["yellow leadership.parties"]
    assert found[0].facts == {"departments": "市场部 – 研发部"}


def test_a_chair_on_leave_without_deputy_is_red(people: Directory) -> None:
    away = replace(people, leaves=(Leave("1", "sunzong", TODAY, TODAY),))
    assert codes(doctor.leadership(away, SANDBOX, TODAY)) == ["red leadership.chair"]


def test_alarms_need_an_administrator_who_can_be_reached(people: Directory) -> None:
    assert codes(doctor.administrators(replace(people, admins=()), SANDBOX)) == ["yellow admins.none"]


def test_a_chat_in_which_the_bot_cannot_speak_is_red_while_it_is_bound(people: Directory) -> None:
    home = people.bindings["sandbox:rd"]
    lost = replace(people, bindings={**people.bindings, home.address: replace(home, lost="is_archived")})
    (found,) = doctor.chats(lost)
    assert codes([found]) == ["red chat.lost"]
    assert "is_archived" in found.message and found.fix
    unbound = {**people.bindings, home.address: replace(home, lost="is_archived", active=False)}
    assert codes(doctor.chats(replace(people, bindings=unbound))) == []


def test_a_clock_before_this_program_was_written_is_wrong() -> None:
    assert codes(doctor.clock(datetime(1970, 1, 1, tzinfo=UTC))) == ["red clock"]


def test_a_folder_that_is_not_there_and_templates_that_do_not_compile_are_red(tmp_path: Path) -> None:
    nowhere = Settings.model_validate({"database": f"sqlite:///{tmp_path}/no/where.db"})
    assert codes(doctor.disk(nowhere)) == ["red disk.folder"]
    assert codes(doctor.compiled_templates(["request.xml.j2:3: unclosed"])) == ["red templates.broken"]


def test_warnings_of_the_config_are_worth_a_look() -> None:
    assert codes(doctor.configuration(["readable by all"])) == ["yellow config.warning"]
