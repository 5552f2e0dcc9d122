"""The command line: what can be said, and which function does it.

This module imports nothing but the standard library, so that `--help` answers at once; each command imports what it
needs. Exit codes: 0 fine, 1 it failed or found something red, 2 the call or the config is wrong.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot import __version__
from bot.exits import FAILED, FINE, WRONG

if TYPE_CHECKING:
    from bot.config import Loaded

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

Run = Callable[[argparse.Namespace], int]

DIRECTORIES = frozenset({"feishu"})
"""The platforms whose directory `org import` reads; a file of such a name is `./feishu`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. People see sentences, never a stack trace."""
    arguments = _parser().parse_args(argv)
    run: Run = arguments.run
    try:
        return run(arguments)
    except KeyboardInterrupt:
        # Ctrl-C is how a running bot is meant to end; anything else was cut short.
        return FINE if run is _run else FAILED
    except BrokenPipeError:
        # `liaison when --stdin | head`: nobody reads on. Without this Python complains while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return _tell(error)


def _tell(error: Exception) -> int:
    from bot.config import ConfigError
    from bot.redact import Redactor

    if isinstance(error, ConfigError):
        _say(str(error))
        return WRONG
    clean = Redactor().text
    if isinstance(error, OSError) or _is_of_storage(error):
        _say(clean(f"liaison: {error}"))
        return FAILED
    _say(clean(f"liaison: this should not have happened: {type(error).__name__}: {error}"))
    if os.environ.get("LIAISON_LOG__LEVEL", "").lower() == "debug":
        _say(clean("".join(traceback.format_exception(error))))
    else:
        _say("With LIAISON_LOG__LEVEL=debug it says where.")
    return FAILED


def _is_of_storage(error: Exception) -> bool:
    """Asked without importing the database for an error that has nothing to do with it."""
    module = sys.modules.get("storage.errors")
    return module is not None and isinstance(error, module.StorageError)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


# --- what can be said ----------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="liaison", description="Liaison (接口人): a chat-ops bot for work between departments."
    )
    parser.add_argument("--version", action="version", version=f"liaison {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _command(commands, "run", _run, "start the bot")
    _add_init(commands)
    doctor = _command(commands, "doctor", _doctor, "look everything over; exit code 1 if anything is red")
    doctor.add_argument("--json", action="store_true", help="for machines")
    doctor.add_argument("--offline", action="store_true", help="do not ask the platforms")
    _add_db(commands)
    _add_org(commands)
    _add_manifest(commands)
    audit = _group(commands, "audit", "the trace")
    _command(audit, "verify", _audit_verify, "check that no line of the trace was changed or removed")
    _add_when(commands)
    return parser


def _add_init(commands: Commands) -> None:
    init = commands.add_parser("init", help="write a config file, by questions or by flags")
    init.set_defaults(run=_init)
    init.add_argument("--file", type=Path, default=Path("config.yaml"), help="what to write (config.yaml)")
    init.add_argument("--force", action="store_true", help="replace a file that is there")
    init.add_argument("--yes", action="store_true", help="ask nothing: what no flag says keeps its default")
    init.add_argument("--language", help="zh-CN or en")
    init.add_argument("--timezone", help="such as Asia/Shanghai")
    init.add_argument("--country", help="whose public holidays: two letters, such as CN, or none")
    init.add_argument("--hours", help="working time: 09:00-18:00, or 09:00-12:00,13:30-18:00")
    init.add_argument("--database", help="sqlite:///liaison.db or postgresql://user@host/name")
    init.add_argument("--port", help="of the HTTP server: 8080")
    init.add_argument("--clock", help="of the sandbox: real or manual")
    init.add_argument("--slack-mode", help="none, socket or http; a token alone means socket")
    init.add_argument("--slack-bot-token", help="xoxb-…; may come later, also from LIAISON_…_FILE")
    init.add_argument("--slack-app-token", help="xapp-…, for mode socket")
    init.add_argument("--slack-signing-secret", help="for mode http")
    init.add_argument("--feishu-mode", help="none, websocket or webhook; an app id alone means websocket")
    init.add_argument("--feishu-domain", help="https://open.feishu.cn, https://open.larksuite.com, or your own")
    init.add_argument("--feishu-app-id", help="cli_…; or qr: create the app by a QR code, on a terminal")
    init.add_argument("--feishu-app-secret", help="may come later, also from LIAISON_…_FILE")
    init.add_argument("--feishu-encrypt-key", help="for mode webhook")
    init.add_argument(
        "--departments", help="id=name,…: market=市场部,rd=研发部; or example for the example organisation"
    )
    init.add_argument("--me", help="id=name of yourself: administrator, and stand-in wherever nobody is named yet")


def _add_db(commands: Commands) -> None:
    db = _group(commands, "db", "the database")
    _command(db, "upgrade", _db_upgrade, "create the tables, or bring them up to date")
    backup = _command(db, "backup", _db_backup, "copy the database to a file while the bot runs (.zip: portable)")
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = _command(db, "restore", _db_restore, "put a copy in the place of the database")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--force", action="store_true", help="replace a database that holds something")


def _add_org(commands: Commands) -> None:
    org = _group(commands, "org", "the organisation")
    imports = _command(org, "import", _org_import, "make the organisation what a file, or a platform's directory, says")
    imports.add_argument(
        "source",
        metavar="FILE|feishu",
        help="the section org of a config file, alone or within it; or feishu: its directory goes into the config file",
    )
    imports.add_argument("--dry-run", action="store_true", help="only say what would change")
    imports.add_argument(
        "--departments", default="", help="of a directory: only these, by name or id there; rd=研发部 gives the id here"
    )


def _add_manifest(commands: Commands) -> None:
    manifest = _group(commands, "manifest", "what a platform has to be told about the bot")
    slack = _command(manifest, "slack", _manifest_slack, "print an app manifest for Slack, as YAML")
    slack.add_argument("--url", metavar="URL", help="for mode http: where Slack reaches the bot, https://…")


def _add_when(commands: Commands) -> None:
    when = _command(commands, "when", _when, "say how the bot reads a due date")
    when.add_argument("expression", nargs="*", metavar="EXPRESSION", help="such as 下周三之前, or next wednesday 3pm")
    when.add_argument("--now", metavar="ISO", help="read it as at this moment: 2026-09-23T10:30:00+08:00")
    when.add_argument("--timezone", metavar="TZ", help="such as Asia/Shanghai")
    when.add_argument("--stdin", action="store_true", help="one expression a line; one answer or - a line")


def _command(commands: Commands, name: str, run: Run, help: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help, description=help)
    parser.set_defaults(run=run)
    parser.add_argument("--config", type=Path, metavar="FILE", help="else LIAISON_CONFIG, ./config.yaml, the example")
    return parser


def _group(commands: Commands, name: str, help: str) -> Commands:
    parser = commands.add_parser(name, help=help, description=help)
    return parser.add_subparsers(dest="subcommand", metavar="COMMAND", required=True)


# --- what it does --------------------------------------------------------------------------------


def _load(arguments: argparse.Namespace, *, unfinished: bool = False) -> Loaded:
    from bot.config import load

    loaded = load(arguments.config, unfinished=unfinished)
    for warning in loaded.warnings:
        _say(f"warning: {warning}")
    return loaded


def _run(arguments: argparse.Namespace) -> int:
    settings = _load(arguments).settings  # first: a wrong config is told before anything heavy is imported

    gc.disable()  # what is imported stays: looking for garbage in it is a fifth of the start
    from adapters import load
    from bot import log, wiring
    from bot.doctor import packages
    from bot.finding import is_fine

    for platform in settings.platforms.enabled:
        load(platform)  # with its SDK
    gc.freeze()
    gc.enable()
    if not is_fine(found := packages()):
        _say("\n".join(f"liaison: {finding.message}; {finding.fix}" for finding in found))
        return FAILED
    log.configure(settings.log, secrets=settings.secrets())
    wiring.run(settings)
    return FINE


def _init(arguments: argparse.Namespace) -> int:
    from bot.wizard import run

    return run(arguments)


def _doctor(arguments: argparse.Namespace) -> int:
    from bot.config import load

    loaded = load(arguments.config)

    from bot.consultation import consult

    return FAILED if consult(loaded, as_json=arguments.json, offline=arguments.offline) else FINE


def _db_upgrade(arguments: argparse.Namespace) -> int:
    from storage.migrate import Schema, upgrade

    settings = _load(arguments).settings
    before = upgrade(settings.database_url)
    done = "is up to date already" if before is Schema.AT_HEAD else f"was {before} and is up to date now"
    print(f"{settings.database_shown} {done}")
    return FINE


def _db_backup(arguments: argparse.Namespace) -> int:
    from storage.backup import backup

    rows = backup(_load(arguments).settings.database_url, arguments.file)
    print(f"{arguments.file}: {rows} rows")
    return FINE


def _db_restore(arguments: argparse.Namespace) -> int:
    from bot.clock import SystemClock
    from storage.backup import after_restore, restore
    from storage.store import Store

    url = _load(arguments).settings.database_url
    rows = restore(url, arguments.file, force=arguments.force)
    store = Store(url)
    late = store.transact(after_restore, SystemClock().now())
    store.close()
    print(f"{rows} rows restored; {late} messages were too old to be sent and are marked so")
    return FINE


def _org_import(arguments: argparse.Namespace) -> int:
    if arguments.source in DIRECTORIES:
        return _org_import_from_directory(arguments)
    from bot.config import load_org
    from bot.org import import_org

    settings = _load(arguments).settings
    org = load_org(Path(arguments.source), settings)
    for line in import_org(settings, org, dry_run=arguments.dry_run):
        print(line)
    return FINE


def _org_import_from_directory(arguments: argparse.Namespace) -> int:
    loaded = _load(arguments, unfinished=True)

    from bot.orgimport import run

    return run(arguments.source, loaded, departments=arguments.departments, dry_run=arguments.dry_run)


def _manifest_slack(arguments: argparse.Namespace) -> int:
    settings = _load(arguments, unfinished=True).settings

    from bot.slackmanifest import run

    return run(arguments, settings)


def _audit_verify(arguments: argparse.Namespace) -> int:
    from storage.migrate import expect
    from storage.store import Store
    from storage.trail import verify

    url = _load(arguments).settings.database_url
    expect(url)
    store = Store(url)
    with store.read() as uow:
        verdict = verify(uow.link)
    store.close()
    for problem in verdict.problems:
        _say(problem)
    print(f"{verdict.lines} lines, fingerprint {verdict.fingerprint}")
    return FAILED if verdict.problems else FINE


def _when(arguments: argparse.Namespace) -> int:
    settings = _load(arguments).settings

    from bot.when import answer

    return answer(arguments, settings)
