"""`liaison init`: writes a config file from a few answers. Every question has a flag, so it also runs unattended.

The file is the commented example with the answers put in, so that whoever opens it later finds every key explained.
"""

from __future__ import annotations

import argparse
import os
import sys
from getpass import getpass
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from bot import config, feishuanswers, slackanswers
from bot.exits import FINE, WRONG
from bot.questions import QUESTIONS, Question, pairs
from bot.slackanswers import Answers
from bot.yamlfile import Tree


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
    """Until people are named, whoever set the bot up stands for everybody, so that nothing goes unanswered.

    Where people talk elsewhere, no group of the sandbox is anybody's home: cards would go where nobody looks.
    """
    (me, my_name), *_ = pairs(answers["me"])
    org = tree["org"]
    org["people"] = [{"id": me, "name": my_name, "sandbox": me}]
    org["departments"] = [
        {"id": id, "name": name, "head": me, "liaisons": [me], **_home(answers, id)}
        for id, name in pairs(answers["departments"])
    ]
    org["leadership"] = {
        "name": org["leadership"]["name"],
        "chair": me,
        "quorum": "any",
        **_home(answers, "leadership"),
    }
    org["pmo"] = [me]
    org["projects"] = []
    tree["admins"] = [me]


def _home(answers: Answers, chat: str) -> Tree:
    talks_elsewhere = answers["slack-mode"] != slackanswers.NONE or answers["feishu-mode"] != feishuanswers.NONE
    return {} if talks_elsewhere else {"home": {"platform": "sandbox", "chat": chat}}


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
