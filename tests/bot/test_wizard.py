"""`liaison init`, unattended: what is written can be used, and nothing is overwritten."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bot import config
from bot.cli import main
from bot.questions import QUESTIONS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def test_without_flags_it_writes_the_example(file: Path) -> None:
    assert main(["init", "--yes", "--file", str(file)]) == 0
    written, example = (config.load(f, {}).settings for f in (file, config.example()))
    assert written.org == example.org
    assert written.platforms.sandbox and written.platforms.sandbox.clock == "real"
    assert file.stat().st_mode & 0o077 == 0
    assert "首次答复" in file.read_text(encoding="utf-8")


def test_every_question_has_a_flag(file: Path) -> None:
    flags = {
        "language": "en",
        "timezone": "Europe/Berlin",
        "country": "DE",
        "hours": "08:00-12:00,13:00-17:00",
        "database": "postgresql://liaison@db/liaison",
        "port": "9000",
        "clock": "manual",
        "slack-mode": "http",
        "slack-bot-token": "xoxb-1",
        "slack-app-token": "xapp-1",
        "slack-signing-secret": "5ec4e7",
        "feishu-mode": "webhook",
        "feishu-domain": "https://open.larksuite.com",
        "feishu-app-id": "cli_1",
        "feishu-app-secret": "s3cret",
        "feishu-encrypt-key": "k3y",
        "departments": "market=Marketing, rd=R & D",
        "me": "ann=Ann",
    }
    assert set(flags) == {question.flag for question in QUESTIONS}
    arguments = [word for flag, value in flags.items() for word in (f"--{flag}", value)]
    assert main(["init", "--file", str(file), *arguments]) == 0
    settings = config.load(file, {}).settings
    assert (settings.language, settings.timezone.key, settings.http.port) == ("en", "Europe/Berlin", 9000)
    assert settings.database_url == "postgresql://liaison@db/liaison"
    assert settings.calendars["default"].country == "DE"
    assert len(settings.calendars["default"].hours) == 2
    assert [(d.id, d.name, d.head, d.liaisons) for d in settings.org.departments] == [
        ("market", "Marketing", "ann", ("ann",)),
        ("rd", "R & D", "ann", ("ann",)),
    ]
    assert settings.admins == ("ann",)
    slack = settings.platforms.slack
    assert slack and slack.bot_token and slack.app_token and slack.signing_secret
    assert (slack.mode, slack.bot_token.get_secret_value()) == ("http", "xoxb-1")
    feishu = settings.platforms.feishu
    assert feishu and feishu.app_secret and feishu.encrypt_key
    assert (feishu.mode, feishu.domain, feishu.app_id) == ("webhook", "https://open.larksuite.com", "cli_1")
    assert feishu.app_secret.get_secret_value() == "s3cret"


def test_every_flag_of_a_question_is_tested() -> None:
    assert {question.flag for question in QUESTIONS} >= {"slack-mode", "slack-bot-token"}
    for question in QUESTIONS:
        with pytest.raises(SystemExit, match="0"):
            main(["init", f"--{question.flag}", "x", "--help"])


@pytest.mark.parametrize(
    ("flags", "homes"),
    [([], ["market", "leadership"]), (["--feishu-mode", "websocket"], []), (["--slack-mode", "socket"], [])],
)
def test_groups_of_the_sandbox_are_home_only_where_nobody_talks_elsewhere(
    file: Path, flags: list[str], homes: list[str]
) -> None:
    assert main(["init", "--yes", "--file", str(file), "--departments", "market=市场部", *flags]) == 0
    org = config.load(file, {}, unfinished=True).settings.org
    assert [home.chat for home in (org.departments[0].home, org.leadership.home) if home] == homes


# --- Slack ---------------------------------------------------------------------------------------


def test_without_slack_its_section_stays_a_comment(file: Path) -> None:
    assert main(["init", "--yes", "--file", str(file)]) == 0
    assert config.load(file, {}).settings.platforms.slack is None


def test_a_token_alone_means_slack_over_a_socket(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tokens = ["--slack-bot-token", "xoxb-1", "--slack-app-token", "xapp-1"]
    assert main(["init", "--yes", "--file", str(file), *tokens]) == 0
    slack = config.load(file, {}).settings.platforms.slack
    assert slack and slack.enabled and slack.mode == "socket"
    assert "manifest" not in capsys.readouterr().out
    written = file.read_text(encoding="utf-8")
    assert "    # commands: {request: /request" in written
    assert "\n  # feishu: " in written


def test_secrets_that_come_later_are_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They may come from the environment, so the file is whole without them."""
    assert main(["init", "--yes", "--file", str(file), "--slack-mode", "socket"]) == 0
    said = capsys.readouterr().out
    assert "liaison manifest slack" in said
    assert "bot_token and app_token" in said
    names = [f"LIAISON_PLATFORMS__SLACK__{key}" for key in ("BOT_TOKEN", "APP_TOKEN")]
    assert config.load(file, dict(zip(names, ("xoxb-1", "xapp-1"), strict=True))).settings.platforms.slack


def test_over_http_the_manifest_needs_an_address(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--file", str(file), "--slack-mode", "http"]) == 0
    assert "liaison manifest slack --url https://…, bot_token and signing_secret" in capsys.readouterr().out


# --- Feishu --------------------------------------------------------------------------------------


def test_without_feishu_its_section_stays_a_comment(file: Path) -> None:
    assert main(["init", "--yes", "--file", str(file), "--slack-mode", "socket"]) == 0
    assert config.load(file, {}, unfinished=True).settings.platforms.feishu is None


def test_an_app_alone_means_feishu_over_the_long_connection(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = ["--feishu-app-id", "cli_1", "--feishu-app-secret", "s3cret"]
    assert main(["init", "--yes", "--file", str(file), *app]) == 0
    feishu = config.load(file, {}).settings.platforms.feishu
    assert feishu and feishu.enabled and (feishu.mode, feishu.domain) == ("websocket", "https://open.feishu.cn")
    written = file.read_text(encoding="utf-8")
    assert "    # encrypt_key: …" in written and "\n  # dingtalk:\n" in written
    said = capsys.readouterr().out
    assert "docs/feishu.md" in said and "app_id" not in said


@pytest.mark.parametrize(
    ("mode", "said"),
    [("websocket", "app_id and app_secret into"), ("webhook", "app_id and app_secret and encrypt_key into")],
)
def test_what_of_feishu_comes_later_is_named(
    file: Path, capsys: pytest.CaptureFixture[str], mode: str, said: str
) -> None:
    assert main(["init", "--yes", "--file", str(file), "--feishu-mode", mode]) == 0
    assert f"{said} platforms.feishu" in capsys.readouterr().out


def test_a_code_needs_somebody_who_scans_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["init", "--yes", "--file", str(file), "--feishu-mode", "websocket", "--feishu-app-id", "qr"]
    assert main(arguments) == 2
    assert "needs a terminal" in capsys.readouterr().err
    assert not file.exists()


def test_answers_that_end_early_write_nothing(file: Path) -> None:
    asked, answers = pty.openpty()
    os.write(asked, b"en\n\x04")  # Ctrl-D at the second question
    try:
        init = [sys.executable, "-m", "bot", "init", "--file", str(file)]
        done = subprocess.run(init, stdin=answers, capture_output=True, text=True, timeout=30)
    finally:
        os.close(asked)
        os.close(answers)
    assert (done.returncode, file.exists()) == (2, False)
    assert "nothing is written" in done.stderr


def test_a_refused_secret_is_not_shown(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--file", str(file), "--slack-bot-token", "xapp-canary"]) == 2
    said = capsys.readouterr().err
    assert "app-level token" in said
    assert "canary" not in said


def test_a_file_that_is_there_stays_unless_forced(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("precious")
    assert main(["init", "--yes", "--file", str(file)]) == 2
    assert file.read_text() == "precious"
    assert "--force" in capsys.readouterr().err
    assert main(["init", "--yes", "--force", "--file", str(file)]) == 0


@pytest.mark.parametrize(
    "flag, value, said",
    [
        ("language", "fr", "write zh-CN or en"),
        ("timezone", "Asia/Shangai", "did you mean Asia/Shanghai?"),
        ("country", "CHN", "two capital letters"),
        ("hours", "9-5", "hours and minutes"),
        ("database", "mysql://x", "postgresql://"),
        ("port", "70000", "0 to 65535"),
        ("departments", "研发部", "id=name"),
        ("me", "a=b=c", "id=name"),
        ("slack-mode", "webhook", "write none or socket or http"),
        ("slack-bot-token", "xoxp-1", "a user token"),
        ("slack-app-token", "xoxb-1", "begins with xapp-"),
        ("slack-signing-secret", "xapp-1", "not the signing secret"),
        ("feishu-mode", "http", "write none or websocket or webhook"),
        ("feishu-domain", "open.feishu.cn", "write https://open.feishu.cn"),
        ("feishu-app-id", "ou_1", "begins with cli_"),
    ],
)
def test_a_wrong_answer_is_refused_and_nothing_is_written(
    file: Path, capsys: pytest.CaptureFixture[str], flag: str, value: str, said: str
) -> None:
    assert main(["init", "--yes", "--file", str(file), f"--{flag}", value]) == 2
    assert said in capsys.readouterr().err
    assert not file.exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--file", str(tmp_path / "no" / "config.yaml")]) == 2
    assert "there is no folder" in capsys.readouterr().err
