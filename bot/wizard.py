"""`liaison init`: writes a config file from a few answers. Every question has a flag, so it also runs unattended.

The file is the commented example with the answers put in, so that whoever opens it later finds every key explained.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot import config, feishuanswers, slackanswers
from bot.exits import FINE, WRONG
from bot.feishufields import read_domain
from bot.fieldtypes import read_database, read_hours, read_secret, read_zone
from bot.slackanswers import Answers
from bot.slackfields import read_app_token, read_bot_token, read_signing_secret
from bot.yamlfile import Tree

ID_AND_NAME = re.compile(r"\s*(?P<id>[\w.-]{1,64})\s*=\s*(?P<name>[^=,]{1,80}?)\s*")


@dataclass(frozen=True, slots=True)
class Question:
    """`flag` names the command line's flag; `read` raises a ValueError that says what is expected."""

    flag: str
    words: str
    default: str
    read: Callable[[str], object]
    secret: bool = False
    """Typed without being shown."""
    applies: Callable[[Answers], bool] = lambda answers: True
    """Whether it makes sense after what was answered before."""

    @property
    def name(self) -> str:
        """As the parsed arguments call it."""
        return self.flag.replace("-", "_")


def run(arguments: argparse.Namespace) -> int:
    """Asks what no flag has said, if there is somebody to ask, and writes the file. Returns the exit code."""
    if arguments.file.exists() and not arguments.force:
        return _refuse(f"{arguments.file} is there already; --force replaces it")
    if not arguments.file.absolute().parent.is_dir():
        return _refuse(f"there is no folder {arguments.file.absolute().parent}")
    answers: Answers = {}
    for question in QUESTIONS:
        if question.flag in answers:
            continue  # an app that was created by a QR code has told it
        given = getattr(arguments, question.name)
        asks = given is None and _may_ask(arguments) and question.applies(answers)
        try:
            answers[question.flag] = _ask(question) if asks else _check(question, given)
            if answers.get("feishu-app-id") == feishuanswers.QR:
                _create_app(question, answers, arguments)
        except ValueError as error:
            return _refuse(f"--{question.flag}: {error}")
        except EOFError:
            return _refuse("the answers ended before the questions; nothing is written")
    slackanswers.settle(answers)
    feishuanswers.settle(answers)
    _write(arguments.file, compose(answers))
    loaded = config.load(arguments.file, {}, unfinished=True)  # what was written can be used, or we hear it now
    steps = f"{slackanswers.next_step(answers)}{feishuanswers.next_step(answers)}"
    print(f"{loaded.file} is written. Next: {steps}liaison doctor, then liaison run")
    return FINE


def _create_app(question: Question, answers: Answers, arguments: argparse.Namespace) -> None:
    """By a QR code; where that does not succeed, the app's id is asked for again."""
    if not _may_ask(arguments):
        raise ValueError(f"{feishuanswers.QR} needs a terminal, and somebody who scans it")
    while answers[question.flag] == feishuanswers.QR and not feishuanswers.create(answers):
        answers[question.flag] = _ask(question)


def compose(answers: Answers) -> str:
    """The example with the answers in it."""
    yaml = YAML()
    yaml.width = 4096
    yaml.preserve_quotes = True
    text = slackanswers.written_into(config.example().read_text(encoding="utf-8"), answers)
    tree = yaml.load(feishuanswers.written_into(text, answers))
    _fill(tree, answers)
    written = StringIO()
    yaml.dump(tree, written)
    return written.getvalue()


def _fill(tree: Tree, answers: Answers) -> None:
    tree["language"] = answers["language"]
    tree["timezone"] = answers["timezone"]
    tree["database"] = answers["database"]
    tree["http"]["port"] = int(answers["port"])
    tree["platforms"]["sandbox"]["clock"] = answers["clock"]
    calendar = tree["calendars"]["default"]
    calendar["hours"] = [part.strip() for part in answers["hours"].split(",")]
    if answers["country"] == "none":
        del calendar["country"]
    else:
        calendar["country"] = answers["country"]
    if answers["departments"] != "example":
        _fill_organisation(tree, answers)


def _fill_organisation(tree: Tree, answers: Answers) -> None:
    """Until people are named, whoever set the bot up stands for everybody, so that nothing goes unanswered."""
    (me, my_name), *_ = _pairs(answers["me"])
    org = tree["org"]
    org["people"] = [{"id": me, "name": my_name, "sandbox": me}]
    org["departments"] = [
        {"id": id, "name": name, "head": me, "liaisons": [me], "home": {"platform": "sandbox", "chat": id}}
        for id, name in _pairs(answers["departments"])
    ]
    org["leadership"] = {
        "name": org["leadership"]["name"],
        "chair": me,
        "quorum": "any",
        "home": {"platform": "sandbox", "chat": "leadership"},
    }
    org["pmo"] = [me]
    org["projects"] = []
    tree["admins"] = [me]


def _write(file: Path, text: str) -> None:
    """For its owner alone from the first moment: secrets will be put into it."""
    unfinished = file.with_name(file.name + ".part")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    unfinished.replace(file)


def _may_ask(arguments: argparse.Namespace) -> bool:
    return not arguments.yes and sys.stdin.isatty()


def _ask(question: Question) -> str:
    while True:
        try:
            asked = f"{question.words} [{question.default or '以后再填 later'}] "
            return _check(question, (getpass(asked) if question.secret else input(asked)).strip() or None)
        except ValueError as error:
            print(f"  {error}")


def _check(question: Question, given: str | None) -> str:
    answer = question.default if given is None else given
    try:
        question.read(answer)
    except ValueError as error:
        raise ValueError(str(error) if question.secret else f"{answer!r} {error}") from None
    return answer


def _refuse(text: str) -> int:
    print(f"liaison init: {text}", file=sys.stderr)
    return WRONG


# --- what is asked -------------------------------------------------------------------------------


def _one_of(*allowed: str) -> Callable[[str], object]:
    def read(answer: str) -> None:
        if answer not in allowed:
            raise ValueError(f"is not allowed; write {' or '.join(allowed)}")

    return read


def _country(answer: str) -> None:
    from holidays.registry import COUNTRIES  # a quarter of a second: not before it is asked

    if answer != "none" and answer not in {names[1] for names in COUNTRIES.values()}:
        raise ValueError("is not a country whose holidays are known; write two capital letters, such as CN, or none")


def _port(answer: str) -> None:
    if not (answer.isdecimal() and int(answer) <= 65535):
        raise ValueError("is not a port; write a number from 0 to 65535")


def _hours(answer: str) -> list[Any]:
    return [read_hours(part) for part in answer.split(",")]


def _departments(answer: str) -> None:
    if answer != "example":
        _pairs(answer)


def _pairs(answer: str) -> list[tuple[str, str]]:
    found = [ID_AND_NAME.fullmatch(part) for part in answer.split(",")]
    if not all(found):
        raise ValueError("cannot be read; write id=name, separated by commas: market=市场部,rd=研发部")
    return [(match["id"], match["name"]) for match in found if match]


def _later(read: Callable[[str], object]) -> Callable[[str], object]:
    """A secret may also be given later."""
    return lambda answer: read(answer) if answer else None


QUESTIONS = (
    Question("language", "语言 Language (zh-CN, en)?", "zh-CN", _one_of("zh-CN", "en")),
    Question("timezone", "时区 Time zone?", "Asia/Shanghai", read_zone),
    Question("country", "节假日所属国家 Country of the public holidays (or none)?", "CN", _country),
    Question("hours", "工作时间 Working hours?", "09:00-18:00", _hours),
    Question("database", "数据库 Database?", "sqlite:///liaison.db", read_database),
    Question("port", "端口 Port of the HTTP server?", "8080", _port),
    Question("clock", "沙盒时钟 Clock of the sandbox (real, manual)?", "real", _one_of("real", "manual")),
    Question("slack-mode", "Slack (none, socket, http)?", slackanswers.NONE, _one_of(*slackanswers.MODES)),
    Question("slack-bot-token", "Slack Bot Token (xoxb-…)?", "", _later(read_bot_token), True, slackanswers.wants_bot),
    Question("slack-app-token", "Slack App Token (xapp-…)?", "", _later(read_app_token), True, slackanswers.wants_app),
    Question(
        "slack-signing-secret",
        "Slack Signing Secret?",
        "",
        _later(read_signing_secret),
        True,
        slackanswers.wants_signing,
    ),
    Question(
        "feishu-mode", "飞书 Feishu (none, websocket, webhook)?", feishuanswers.NONE, _one_of(*feishuanswers.MODES)
    ),
    Question(
        "feishu-domain",
        "飞书开放平台 Feishu's open platform (Lark: https://open.larksuite.com)?",
        "https://open.feishu.cn",
        read_domain,
        applies=feishuanswers.wants_app,
    ),
    Question(
        "feishu-app-id",
        "飞书 App ID (cli_…; qr: 扫码创建应用 creates the app by a QR code)?",
        "",
        feishuanswers.read_app_id,
        applies=feishuanswers.wants_app,
    ),
    Question("feishu-app-secret", "飞书 App Secret?", "", _later(read_secret), True, feishuanswers.wants_secret),
    Question("feishu-encrypt-key", "飞书 Encrypt Key?", "", _later(read_secret), True, feishuanswers.wants_key),
    Question("departments", "部门 Departments (id=名称,… / example)?", "example", _departments),
    Question("me", "管理员 Yourself (id=姓名)?", "admin=管理员", _pairs),
)
