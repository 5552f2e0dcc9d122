"""The command line: exit codes, words instead of stack traces, and nothing imported that is not needed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from bot.cli import main

CONFIG = """\
database: sqlite:///{folder}/liaison.db
platforms: {{sandbox: {{enabled: true}}}}
org:
  people: [{{id: limin, name: 李敏, sandbox: limin}}]
  departments: [{{id: market, name: 市场部, head: limin, liaisons: [limin], home: {{platform: sandbox, chat: market}}}}]
  leadership: {{chair: limin}}
admins: [limin]
"""
HEAVY = {
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "aiohttp",
    "jinja2",
    "babel",
    "holidays",
    "structlog",
    "ruamel",
    "apscheduler",
}
SDKS = {"slack_bolt", "slack_sdk", "lark_oapi", "dingtalk_stream"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a config file."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("LIAISON_")]:
        monkeypatch.delenv(name)
    (tmp_path / "config.yaml").write_text(CONFIG.format(folder=tmp_path), encoding="utf-8")
    return tmp_path


def liaison(*words: str, env: dict[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Runs the bot as people do, in a process of its own."""
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8", **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def modules_after(statement: str) -> set[str]:
    """The top-level packages that a fresh Python has imported after a statement."""
    code = f"import sys\ntry:\n    {statement}\nexcept SystemExit: pass\nprint(*{{m.split('.')[0] for m in sys.modules}}, file=sys.stderr)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


# --- what is imported ----------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["--help", "--version", "when --help", "run --help"])
def test_help_imports_nothing_but_the_standard_library(words: str) -> None:
    assert not modules_after(f"from bot.cli import main; main({words.split()!r})") & (HEAVY | SDKS)


def test_reading_the_config_imports_no_sdk_and_no_database() -> None:
    loaded = modules_after("from bot import config; config.load(config.example(), {})")
    assert not loaded & (SDKS | (HEAVY - {"pydantic", "ruamel"}))


# --- exit codes ----------------------------------------------------------------------------------


def test_the_version_and_the_help_are_fine() -> None:
    assert liaison("--version").stdout == f"liaison {__version__}\n"
    shown = liaison("--help")
    assert shown.returncode == 0
    for command in ("run", "init", "doctor", "db", "org", "audit", "when"):
        assert command in shown.stdout


@pytest.mark.parametrize("words", [[], ["nonsense"], ["db"], ["when", "--nonsense"], ["db", "backup"]])
def test_a_call_that_makes_no_sense_is_2(words: list[str]) -> None:
    done = liaison(*words)
    assert done.returncode == 2
    assert "usage: liaison" in done.stderr


def test_a_wrong_config_is_2_with_its_place_and_nothing_is_started(folder: Path) -> None:
    (folder / "config.yaml").write_text("platforms: {sandbox: {}}\nhttp: {port: x}\n")
    for words in (["run"], ["db", "upgrade"], ["doctor"], ["when", "明天"]):
        done = liaison(*words)
        assert done.returncode == 2
        assert done.stderr.startswith('config.yaml:2:14: http.port: "x" is not a whole number; allowed: ')
    assert [path.name for path in folder.iterdir()] == ["config.yaml"]


def test_the_config_can_be_named_by_flag_and_by_environment(folder: Path) -> None:
    wrong = folder / "other.yaml"
    wrong.write_text("x: 1\n")
    for words, env in ((["--config", str(wrong)], {}), ([], {"LIAISON_CONFIG": str(wrong)})):
        done = liaison("db", "upgrade", *words, env=env)
        assert (done.returncode, "other.yaml:1:1: x: unknown key" in done.stderr) == (2, True)


def test_a_database_that_cannot_be_used_is_1_without_a_stack_trace(folder: Path) -> None:
    (folder / "liaison.db").write_bytes(b"not a database" * 1000)
    done = liaison("db", "upgrade")
    assert done.returncode == 1
    assert done.stderr.startswith("liaison: ") and "Traceback" not in done.stderr


# --- database, organisation, trace ---------------------------------------------------------------


def test_the_database_is_made_copied_and_put_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade"]) == 0
    assert "was empty and is up to date now" in capsys.readouterr().out
    assert main(["db", "upgrade"]) == 0
    assert "is up to date already" in capsys.readouterr().out
    assert main(["org", "import", "config.yaml"]) == 0
    assert main(["db", "backup", "copy.db"]) == 0
    assert main(["db", "backup", "copy.db"]) == 1, "an earlier copy is never overwritten"
    assert main(["db", "restore", "copy.db"]) == 1, "a database that holds something is replaced by --force only"
    assert main(["db", "restore", "copy.db", "--force"]) == 0


def test_an_organisation_is_shown_before_it_is_imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["org", "import", "--dry-run", "config.yaml"]) == 0
    planned = capsys.readouterr().out
    assert "person limin" in planned
    assert main(["org", "import", "config.yaml"]) == 0
    assert capsys.readouterr().out == planned
    assert main(["org", "import", "config.yaml"]) == 0
    assert capsys.readouterr().out == ""


def test_an_untouched_trace_verifies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade"]) == 0
    assert main(["audit", "verify"]) == 0
    assert "0 lines" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("audit", "verify"), ("db", "backup", "copy.db")])
def test_an_empty_database_has_nothing_to_verify_or_keep(folder: Path, words: tuple[str, ...]) -> None:
    done = liaison(*words)
    assert done.returncode == 1
    assert "the database is empty" in done.stderr and "liaison db upgrade" in done.stderr
    assert not list(folder.glob("copy.db*"))


# --- doctor --------------------------------------------------------------------------------------


def test_the_doctor_finds_a_fresh_bot_in_order(folder: Path) -> None:
    assert main(["db", "upgrade"]) == 0
    done = liaison("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 red" in done.stdout


def test_the_doctor_says_for_machines_what_is_red_and_exits_1(folder: Path) -> None:
    (folder / "liaison.db").write_bytes(b"not a database" * 1000)
    done = liaison("doctor", "--json")
    body = json.loads(done.stdout)
    assert (done.returncode, body["ok"], body["version"]) == (1, False, __version__)
    red = [finding for finding in body["findings"] if finding["level"] == "red"]
    assert [finding["code"] for finding in red] == ["database.unusable"]
    assert all(finding["message"] and finding["fix"] for finding in red)


# --- when ----------------------------------------------------------------------------------------

NOW = ["--now", "2026-09-23T10:30:00+08:00"]


def test_when_prints_the_moment(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["when", "明天下午3点", *NOW]) == 0
    assert capsys.readouterr().out == "2026-09-24T15:00:00+08:00\n"
    assert main(["when", "tomorrow", "3pm", *NOW, "--timezone", "Europe/Berlin"]) == 0
    assert capsys.readouterr().out == "2026-09-24T15:00:00+02:00\n"


def test_when_refuses_what_it_cannot_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["when", "哪天", *NOW]) == 1
    shown = capsys.readouterr()
    assert (shown.out, bool(shown.err)) == ("", True)


@pytest.mark.parametrize(
    "words",
    [["when"], ["when", "明天", "--stdin"], ["when", "明天", "--now", "soon"], ["when", "明天", "--timezone", "Mars"]],
)
def test_when_asked_wrongly_is_2(folder: Path, words: list[str]) -> None:
    assert main(words) == 2


def test_when_answers_line_by_line(folder: Path) -> None:
    done = liaison("when", *NOW, "--stdin", stdin="明天下午3点\n哪天\n\n2026-09-30 12:00\n")
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["2026-09-24T15:00:00+08:00", "-", "-", "2026-09-30T12:00:00+08:00"]


# --- run -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_running_bot_ends_cleanly_when_it_is_told_to(folder: Path, stop: signal.Signals) -> None:
    root = Path(__file__).parents[2]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "LIAISON_HTTP__PORT": "0"}
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            assert "http://127.0.0.1:" in running.stdout.readline()
            running.send_signal(stop)
            _, errors = running.communicate(timeout=20)
        finally:
            running.kill()
    assert (running.returncode, "Traceback" in errors) == (0, False)


def test_a_port_that_is_taken_is_1_in_words(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = liaison("run", env={"LIAISON_HTTP__PORT": port})
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "LIAISON_HTTP__PORT" in done.stderr
    assert "Traceback" not in done.stderr
