"""What `liaison init` asks, each with its flag, its default, and how an answer is checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot import feishuanswers, slackanswers
from bot.feishufields import read_domain
from bot.fieldtypes import read_database, read_hours, read_secret, read_zone
from bot.slackanswers import Answers
from bot.slackfields import read_app_token, read_bot_token, read_signing_secret

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
        pairs(answer)


def pairs(answer: str) -> list[tuple[str, str]]:
    """Ids with names: `market=市场部,rd=研发部`."""
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
    Question("me", "管理员 Yourself (id=姓名)?", "admin=管理员", pairs),
)
