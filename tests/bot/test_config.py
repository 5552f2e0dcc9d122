"""The config file: where errors are, what they say, what wins over what, and that secrets stay secret."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from textwrap import dedent

import pytest

from bot import config
from bot.config import ConfigError
from bot.schema import ROOT, keys, spot
from bot.settings import Settings
from commands.domain.policy import Policy

CANARY = "xoxb-canary-3141592653"
SANDBOX = "platforms: {sandbox: {enabled: true}}\n"


def load(folder: Path, text: str | bytes, env: dict[str, str] | None = None) -> config.Loaded:
    file = folder / "config.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(0o600)
    return config.load(file, env or {})


def errors(folder: Path, text: str | bytes, env: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, env)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


ONE_ERROR = {
    "yaml syntax": ("http: [1\nport: 2\n", "config.yaml:2:5: is not YAML: expected ',' or ']', but got ':'"),
    "tab": ("http:\n\tport: 2\n", "config.yaml:2:1: is not YAML: found character '\\t' that cannot start any token"),
    "control character": (
        b"http:\n  host: a\x00b\n",
        "config.yaml:2:1: is not YAML: this line holds a control character",
    ),
    "not utf-8": (b"language: en\norg: \xff\n", "config.yaml:2:6: is not UTF-8; save the file as UTF-8"),
    "not a mapping": ("- a\n", "config.yaml:1:1: must be a mapping of sections (name: …)"),
    "two documents": ("a: 1\n---\nb: 1\n", "config.yaml:2:1: is not YAML: but found another document"),
    "nested too deeply": ("[" * 5_000, "config.yaml:1:1: is nested too deeply"),
    "too large": ("#" * 1_000_001, "config.yaml:1:1: is larger than 1,000,000 bytes; that is no config file"),
    "python tag": (
        SANDBOX + "language: !!python/object/apply:os.system [ls]\n",
        "config.yaml:2:11: language: has the tag 'python/object/apply:os.system'; tags are not allowed, write a plain value",
    ),
    "billion laughs": (
        SANDBOX + "admins: &a []\nlog: *a\n",
        "config.yaml:3:1: log: uses an alias (*name); write the value out",
    ),
    "duplicate key": (
        SANDBOX + "http:\n  port: 1\n  port: 2\n",
        "config.yaml:4:3: http.port: is written twice; the first is in line 3. Keep one",
    ),
    "merge key": (
        SANDBOX + "http:\n  <<: {port: 1}\n",
        "config.yaml:3:3: http: this key is not a plain name (merge keys and lists are not allowed here)",
    ),
    "unknown key": (
        SANDBOX + "htpp: {port: 1}\n",
        'config.yaml:2:1: htpp: unknown key; did you mean "http"?; known here: database, language, timezone, http, log, '
        "platforms, mail, calendars, sla, due, checkin, weekly_report, noise, templates, org, admins",
    ),
    "whole number": (
        SANDBOX + "http: {port: eighty}\n",
        'config.yaml:2:14: http.port: "eighty" is not a whole number; allowed: 0 to 65535 (0: any free port)',
    ),
    "range": (
        SANDBOX + "http: {port: 99999}\n",
        'config.yaml:2:14: http.port: "99999" is not allowed; allowed: 0 to 65535 (0: any free port)',
    ),
    "choice": (SANDBOX + "language: fr\n", "config.yaml:2:11: language: \"fr\" is not one of 'zh-CN' or 'en'"),
    "mapping wanted": (SANDBOX + "http: 8080\n", "config.yaml:2:7: http: must be a mapping (key: value)"),
    "list wanted": (
        SANDBOX + "admins: zhaoying\n",
        "config.yaml:2:9: admins: must be a list ([a, b] or lines that begin with '-')",
    ),
    "zone": (
        SANDBOX + "timezone: Asia/Shangai\n",
        'config.yaml:2:11: timezone: "Asia/Shangai" is not a time zone of the IANA list, such as Asia/Shanghai; '
        "did you mean Asia/Shanghai?",
    ),
    "duration": (
        SANDBOX + "sla: {counter: soon}\n",
        "config.yaml:2:16: sla.counter: 'soon' is not a duration. Write for example 90s, 30m, 2h or 3d (wall time), "
        "2bh (working hours) or 1wd (working days).",
    ),
    "working days": (
        SANDBOX + "due: {notice_before: 48h}\n",
        'config.yaml:2:22: due.notice_before: "48h" must be whole working days, such as 2wd',
    ),
    "shares in order": (
        SANDBOX + "sla: {warn_at: [75%, 50%]}\n",
        "config.yaml:2:6: sla: warn_at: each share is larger than the one before it, such as [50%, 75%]",
    ),
    "no share": (
        SANDBOX + "sla: {warn_at: []}\n",
        "config.yaml:2:16: sla.warn_at: must not be empty; allowed: one share or more, such as [50%, 75%]",
    ),
    "share": (
        SANDBOX + "sla: {warn_at: [50%, 0.75]}\n",
        'config.yaml:2:22: sla.warn_at[1]: "0.75" is not a share; write it with its sign, such as 75%',
    ),
    "hours": (
        SANDBOX + 'calendars: {default: {hours: ["09:00-25:00"]}}\n',
        'config.yaml:2:31: calendars.default.hours[0]: "09:00-25:00" is not a time of day; write hours and minutes, '
        "such as 09:30",
    ),
    "hours overlap": (
        SANDBOX + 'calendars: {default: {hours: ["09:00-12:00", "11:30-18:00"]}}\n',
        "config.yaml:2:22: calendars.default: hours: the working time from 11:30 begins before the one ahead of it ends",
    ),
    "country": (
        SANDBOX + "calendars: {default: {country: XQ}}\n",
        'config.yaml:2:32: calendars.default.country: "XQ" is no country whose holidays are known',
    ),
    "day off and worked": (
        SANDBOX + "calendars:\n  default:\n    overrides: {off: [2026-10-01..2026-10-07], work: [2026-10-03]}\n",
        "config.yaml:4:16: calendars.default.overrides: 2026-10-03 is both a day off and a day worked",
    ),
    "database": (
        SANDBOX + "database: mysql://root:hunter2@db/x\n",
        "config.yaml:2:11: database: is not a database this bot can use; write sqlite:///liaison.db or "
        "postgresql://user@host/name",
    ),
    "no platform": (
        "language: en\n",
        "config.yaml:1:1: platforms: no platform is switched on; the sandbox needs no account: sandbox: {enabled: true}",
    ),
    "platform to come": (
        SANDBOX.replace("}}", "}, dingtalk: {client_id: a, client_secret: b}}"),
        "config.yaml:1:49: platforms.dingtalk: this version has no DingTalk adapter yet; set enabled: false",
    ),
    "start of a real clock": (
        "platforms: {sandbox: {start: 2026-09-23T10:30:00+08:00}}\n",
        "config.yaml:1:30: platforms.sandbox.start: a start needs clock: manual",
    ),
    "open to the world": (
        SANDBOX + "http: {host: 0.0.0.0}\n",
        'config.yaml:2:14: http.host: "0.0.0.0" can be reached from other machines, and the sandbox page lets everybody '
        "act as anybody; use 127.0.0.1, or set http.allow_remote: true if that is meant",
    ),
}


@pytest.mark.parametrize("text, expected", ONE_ERROR.values(), ids=ONE_ERROR)
def test_an_error_says_where_what_and_what_is_allowed(tmp_path: Path, text: str, expected: str) -> None:
    assert errors(tmp_path, text) == [expected]


ORG = SANDBOX + dedent("""\
    org:
      people:
        - {id: a, name: A, sandbox: one}
        - {id: b, name: B, sandbox: one}
        - {id: a, name: C}
      departments:
        - {id: rd, name: 研发部, head: aa, liaisons: [a, nobody], calendar: night, home: {platform: sandbox, chat: x}}
        - {id: market, name: 市场部, aliases: [ＲＤ], home: {platform: sandbox, chat: x}}
      leadership: {chair: boss}
      pmo: [b]
      projects:
        - {id: p, name: P, manager: b, departments: [rd, sales]}
    admins: [root]
    """)


def test_what_does_not_fit_together_is_told_all_at_once_and_in_order(tmp_path: Path) -> None:
    assert errors(tmp_path, ORG) == [
        f'config.yaml:5:33: org.people[1].sandbox: "one" is already taken, at {tmp_path}/config.yaml:4:33',
        f'config.yaml:6:12: org.people[2].id: "a" is already taken, at {tmp_path}/config.yaml:4:12',
        'config.yaml:8:33: org.departments[0].head: "aa" is not in org.people; did you mean "a"?',
        'config.yaml:8:51: org.departments[0].liaisons[1]: "nobody" is not in org.people',
        'config.yaml:8:70: org.departments[0].calendar: "night" is not in calendars',
        f'config.yaml:9:41: org.departments[1].aliases[0]: "ＲＤ" is already taken, at {tmp_path}/config.yaml:8:12',
        f'config.yaml:9:52: org.departments[1].home: "sandbox:x" is already taken, at {tmp_path}/config.yaml:8:83',
        'config.yaml:10:23: org.leadership.chair: "boss" is not in org.people',
        'config.yaml:13:54: org.projects[0].departments[1]: "sales" is not in org.departments',
        'config.yaml:14:10: admins[0]: "root" is not in org.people',
    ]


def test_errors_of_values_and_of_references_come_together(tmp_path: Path) -> None:
    found = errors(tmp_path, SANDBOX + "http: {port: x}\nadmins: [root]\norg: {departments: [{id: rd}]}\n")
    assert [line.split(": ")[1] for line in found] == ["http.port", "admins[0]", "org", "org.departments[0].name"]


def test_a_department_without_leadership_is_refused_as_nobody_could_rule(tmp_path: Path) -> None:
    assert errors(tmp_path, SANDBOX + "org:\n  departments: [{id: rd, name: 研发部}]\n") == [
        "config.yaml:3:3: org: leadership is missing: somebody has to rule when two departments do not agree"
    ]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.yaml: cannot be read: No such file or directory"):
        config.load(tmp_path / "absent.yaml", {})


# --- environment ---------------------------------------------------------------------------------


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    env = {
        "LIAISON_HTTP__PORT": "9000",
        "LIAISON_LANGUAGE": "en",
        "LIAISON_CALENDARS__DEFAULT__HOURS": '["09:00-12:00", "13:00-18:00"]',
        "LIAISON_SLA__RESPONSE__URGENT": "1h",
        "LIAISON_SLA__WARN_AT": "60%, 90%",
        "LIAISON_PLATFORMS__SANDBOX__CLOCK": "manual",
        "LIAISON_ORG__PEOPLE__0__NAME": "李敏敏",
    }
    text = SANDBOX + "http: {port: 1}\norg: {people: [{id: limin, name: 李敏}]}\n"
    settings = load(tmp_path, text, env).settings
    assert (settings.http.port, settings.language) == (9000, "en")
    assert settings.calendars["default"].hours == ((time(9), time(12)), (time(13), time(18)))
    assert (str(settings.policy().response_urgent), settings.sla.warn_at) == ("1h", (60, 90))
    assert settings.platforms.sandbox and settings.platforms.sandbox.clock == "manual"
    assert settings.org.people[0].name == "李敏敏"


def test_errors_of_the_environment_name_the_variable(tmp_path: Path) -> None:
    env = {
        "LIAISON_HTTP__PORT": "x",
        "LIAISON_HTTP__PROT": "1",
        "LIAISON_HTTP__HOST__NAME": "1",
        "LIAISON_ADMINS": "root",
        "LIAISON_PLATFORMS__SANDBOX__CLOCK_FILE": "/dev/null",
        "LIAISON_ORG__PEOPLE__7__NAME": "x",
    }
    assert errors(tmp_path, SANDBOX, env) == [
        'LIAISON_ADMINS: admins[0]: "root" is not in org.people',
        "LIAISON_HTTP__HOST__NAME: is no setting; LIAISON_HTTP__HOST is one value",
        'LIAISON_HTTP__PORT: http.port: "x" is not a whole number; allowed: 0 to 65535 (0: any free port)',
        "LIAISON_HTTP__PROT: is no setting; did you mean LIAISON_HTTP__PORT?",
        "LIAISON_ORG__PEOPLE__7__NAME: org.people[7].name: there is nothing at this place to change",
        "LIAISON_PLATFORMS__SANDBOX__CLOCK_FILE: platforms.sandbox.clock: only secrets can be read from a file",
    ]


@pytest.mark.parametrize("number", ["²", "9" * 5_000, "-1", "0x0", "١"])
def test_a_place_in_a_list_that_is_no_number_is_an_error(tmp_path: Path, number: str) -> None:
    text = SANDBOX + "org: {people: [{id: limin, name: 李敏}]}\n"
    assert errors(tmp_path, text, {f"LIAISON_ORG__PEOPLE__{number}__NAME": "x"})


def test_a_variable_that_only_begins_alike_is_left_alone(tmp_path: Path) -> None:
    loaded = load(tmp_path, SANDBOX, {"LIAISON_SERVICE_HOST": "10.0.0.1", "LIAISON_DATABSE": "x"})
    assert loaded.warnings == ("LIAISON_DATABSE is no setting and was ignored; did you mean LIAISON_DATABASE?",)


SLACK = SANDBOX.replace("}}", "}, slack: {enabled: false, bot_token: %s}}")


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(f"{CANARY}\n")
    env = {"LIAISON_PLATFORMS__SLACK__BOT_TOKEN_FILE": str(secret)}
    slack = load(tmp_path, SLACK % "''", env).settings.platforms.slack
    assert slack and slack.bot_token.get_secret_value() == CANARY


def test_a_secret_file_that_cannot_be_read_or_is_set_twice_is_an_error(tmp_path: Path) -> None:
    name = "LIAISON_PLATFORMS__SLACK__BOT_TOKEN"
    assert errors(tmp_path, SLACK % "a", {f"{name}_FILE": "/nowhere/x"}) == [
        f"{name}_FILE: platforms.slack.bot_token: the file '/nowhere/x' cannot be read: No such file or directory"
    ]
    endless = errors(tmp_path, SLACK % "a", {f"{name}_FILE": "/dev/zero"})
    assert endless == [
        f"{name}_FILE: platforms.slack.bot_token: the file '/dev/zero' cannot be read: larger than 65536 bytes"
    ]
    assert errors(tmp_path, SLACK % "a", {f"{name}_FILE": "/nowhere/x", name: "b"}) == [
        f"{name}_FILE: platforms.slack.bot_token: is set by this and by {name}; keep one"
    ]


def test_a_missing_secret_says_how_to_give_it(tmp_path: Path) -> None:
    assert errors(tmp_path, SANDBOX.replace("}}", "}, dingtalk: {enabled: false, client_id: ding1}}")) == [
        "config.yaml:1:49: platforms.dingtalk.client_secret: is missing; write it here, or set "
        "LIAISON_PLATFORMS__DINGTALK__CLIENT_SECRET or LIAISON_PLATFORMS__DINGTALK__CLIENT_SECRET_FILE"
    ]


# --- secrets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        SLACK % f"[{CANARY}]",
        SANDBOX.replace("}}", "}, slack: %s}}") % CANARY,
        SLACK.replace("bot_token", "bot_tokne") % CANARY,
        SANDBOX + f"database: mysql://root:{CANARY}@db/x\n",
        SANDBOX + f'mail: {{password: "{CANARY}\n',
        SANDBOX + f"mail: {{password: !!binary {CANARY}}}\n",
    ],
)
def test_no_error_shows_a_secret(tmp_path: Path, text: str) -> None:
    assert CANARY not in "\n".join(errors(tmp_path, text))


def test_no_repr_shows_a_secret(tmp_path: Path) -> None:
    text = SLACK % f"'{CANARY} '" + f"database: postgresql://bot:{CANARY}@db/liaison\n"
    settings = load(tmp_path, text).settings
    assert CANARY not in f"{settings!r} {settings} {settings.model_dump_json()} {settings.database_shown}"
    assert settings.secrets() == {CANARY}
    assert settings.database_url == f"postgresql://bot:{CANARY}@db/liaison"


def test_a_file_with_secrets_that_all_may_read_brings_a_warning(tmp_path: Path) -> None:
    loaded = load(tmp_path, SLACK % CANARY)
    assert not loaded.warnings
    loaded.file.chmod(0o644)
    assert "chmod 600" in config.load(loaded.file, {}).warnings[0]


# --- values --------------------------------------------------------------------------------------


def test_values_stay_what_was_written(tmp_path: Path) -> None:
    text = SANDBOX + dedent("""\
        weekly_report: {at: 10:30}
        calendars:
          default: {country: NO, hours: ["00:00-24:00"], overrides: {off: [2026-12-30..2027-01-01]}}
        checkin: {summary_at: end}
        org:
          people: [{id: "007", name: 0123, dingtalk: 0042, slack: true}]
        templates: {folder: cards}
        mail:
        """)
    settings = load(tmp_path, text).settings
    assert settings.weekly_report.at == time(10, 30)
    assert settings.calendars["default"].country == "NO"
    assert settings.calendars["default"].hours == ((time(0), time(0)),)
    assert settings.calendars["default"].overrides.days_off == {date(2026, 12, d) for d in (30, 31)} | {
        date(2027, 1, 1)
    }
    assert settings.checkin.summary_at is None
    assert settings.org.people[0].id == "007"
    assert settings.org.people[0].identities == {"slack": "true", "dingtalk": "0042"}
    assert settings.templates.folder == tmp_path / "cards"
    assert settings.mail is None


def test_the_defaults_are_those_of_the_rules(tmp_path: Path) -> None:
    assert load(tmp_path, SANDBOX).settings.policy() == Policy()


@pytest.mark.parametrize(
    "database, history",
    [
        ("sqlite:///liaison.db", "liaison.chat.db"),
        ("sqlite:////var/lib/x/liaison.db", "/var/lib/x/liaison.chat.db"),
        ("sqlite://", ":memory:"),
        ("postgresql://db/liaison", "liaison.chat.db"),
    ],
)
def test_the_sandbox_keeps_its_chat_beside_the_database(tmp_path: Path, database: str, history: str) -> None:
    assert load(tmp_path, SANDBOX + f"database: {database}\n").settings.sandbox_history == history


# --- which file ----------------------------------------------------------------------------------


def test_the_file_named_first_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    named = Path("named.yaml")
    assert config.find(named, {"LIAISON_CONFIG": "env.yaml"}) == named
    assert config.find(None, {"LIAISON_CONFIG": "env.yaml"}) == Path("env.yaml")
    assert config.find(None, {}).name == "config.example.yaml"
    Path("config.yaml").touch()
    assert config.find(None, {}) == Path("config.yaml")


def test_the_example_is_valid_and_starts_without_an_account() -> None:
    loaded = config.load(config.example(), {})
    assert not loaded.warnings
    assert list(loaded.settings.platforms.enabled) == ["sandbox"]
    assert loaded.settings.policy() == Policy()
    assert [d.id for d in loaded.settings.org.departments] == ["market", "rd", "design", "finance"]


def test_the_example_mentions_every_key() -> None:
    text = config.example().read_text(encoding="utf-8")
    missing = [path for path in every_key() if f"{path[-1]}:" not in text]
    assert not missing


def every_key() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    todo: list[tuple[str | int, ...]] = [()]
    while todo:
        path = todo.pop()
        here = spot(path) if path else ROOT
        assert here is not None
        if here.is_list or here.is_mapping:
            todo.append((*path, 0 if here.is_list else "default"))
        elif here.section is not None:
            todo += [(*path, key) for key in keys(here.section)]
            found += [(*(str(p) for p in path), key) for key in keys(here.section)]
    return found


def test_every_key_was_found_by_the_walk() -> None:
    assert len(every_key()) > 100
    assert ("database",) in every_key() and set(Settings.model_fields) <= {path[0] for path in every_key()}


# --- an organisation of its own ------------------------------------------------------------------


@pytest.mark.parametrize("indent", ["", "org:\n  "])
def test_an_organisation_can_stand_in_a_file_of_its_own(tmp_path: Path, indent: str) -> None:
    settings = load(tmp_path, SANDBOX).settings
    file = tmp_path / "org.yaml"
    file.write_text(indent + "people: [{id: a, name: A}, {id: a, name: B}]\n")
    with pytest.raises(ConfigError, match=r"org\.people\[1\]\.id: .a. is already taken"):
        config.load_org(file, settings)
    file.write_text(indent + "people: [{id: a, name: A}]\n")
    assert config.load_org(file, settings).people[0].name == "A"
