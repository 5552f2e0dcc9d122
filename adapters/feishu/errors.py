"""What Feishu's refusals mean: try again, give up, or tell an administrator what to do.

Codes: https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code and the pages of the calls, above
all https://open.feishu.cn/document/server-docs/im-v1/message/create.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.base import Busy, Forbidden, Gone, SendError

Answer = Mapping[str, Any]
"""The JSON of an answer."""

PAUSE = 5.0
"""Seconds before another try when Feishu names none."""
MOMENT = 1.0
"""Seconds before another try where a second is what is limited, or a click is being answered."""
LONGEST = 300.0
"""Seconds that are believed: the windows of Feishu's limits are a minute at most, and a moment of the calendar in
place of them would be a pause without end."""
CROWDED = 60.0
"""Seconds before another try when Feishu itself has too much to send, as it has at full and half hours."""
REST = 30.0
"""Seconds before another try when the app itself is refused: somebody has to mend it first."""

RATE, CHAT_RATE, OUR_SECRET = 99991400, 230020, 10014
CROWD = frozenset({11232, 11233})
TROUBLE = frozenset({2200, 1500, 1551, 1663, 230049, 232019})
"""Feishu's own trouble, or the message is being sent (230049): whether it was done is not known."""

TOKEN = frozenset({99991661, 99991663, 99991664, 99991665, 99991668})
"""The token is missing, foreign, expired or revoked: another one may do."""
APP_REFUSED = frozenset({10003, OUR_SECRET, 10005, 10013, 99991662, 230006, *TOKEN})
"""Nothing works until somebody mends the app or its secret: messages wait for that, they are not given up."""

GONE = frozenset({230011, 230012, 230031, 230045, 230050, 230054, 230110, 230029, 230034, 99992351, 232006, 232009})
"""Recalled, deleted, not ours, or older than 14 days (230031); people who left (230029); chats that were dissolved
(232009); ids that were never there."""

AT_THE_CONSOLE = "in the developer console (开发者后台, open.feishu.cn/app) → the app"
SCOPE = (
    f"{AT_THE_CONSOLE} → Permissions & Scopes (权限管理), add the missing scope, then create and publish a version "
    "(创建并发布版本)"
)
SCOPES_MISSING = frozenset({99991672, 99991679, 230027})
ADD_THE_BOT = "in that group, add the bot: Settings (设置) → Bots (群机器人) → Add (添加机器人)"
OPEN_TO_THEM = (
    f"{AT_THE_CONSOLE} → Version Management & Release (版本管理与发布), put them into the availability range "
    "(可用范围) and publish a version (发布版本)"
)
SPEAK = "in the group's settings, let the bot speak: who can send messages (群设置 → 发言权限)"
FIXES = {
    230002: ADD_THE_BOT,
    232011: ADD_THE_BOT,
    230013: OPEN_TO_THEM,
    230018: SPEAK,
    230035: SPEAK,
    230038: "people of another organisation cannot get messages of this app; take their id out of org.people "
    "(外部组织的人收不到本应用的消息，请从 org.people 中去掉其 ID)",
    230053: "they muted the bot: ask them to open the one-to-one chat with it and to allow it again "
    "(此人屏蔽了机器人，请其打开与机器人的单聊，重新允许)",
    230028: "the organisation's audit refuses it: ask an administrator of the organisation "
    "(被组织的内容审计拦截，请联系组织管理员)",
}
"""What an administrator can do about a refusal. A card shows it to whoever speaks either language."""
ABOUT_CARDS = frozenset({230099, 230025})
"""Feishu does not take what a card says, shows or offers."""
LOCKED = "action is lock"
"""In the words of a refusal to change a card: somebody's click on it is not answered yet (https://open.feishu.cn/document/feishu-cards/card-callback-communication)."""
UNKNOWN_IDS = ("invalid receive_id", "invalid message_id", "invalid container_id")
"""What 230001 says besides about ids that are not there (https://open.feishu.cn/document/trouble-shooting/how-to-resolve-error-230001)."""


class Unclear(Busy):
    """It may have been done or not: the answer did not arrive."""


class Unscoped(Forbidden):
    """The app lacks a scope for this call: so it will be for every call of this kind, until somebody grants it."""


class Refused(SendError):
    """Feishu says no to this call; `code` is its number for it."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def refusal(call: str, status: int, headers: Mapping[str, str], answer: Answer) -> SendError:
    """The error for an answer that is a no. `answer` is empty where the body was no JSON."""
    code, said = answer.get("code") or 0, str(answer.get("msg") or "")
    detail = f"{call}: {f'{code} {said}' if code else f'HTTP {status}'}"[:300]
    if code == RATE or status == 429:
        return Busy(seconds(headers), detail, unsent=True, everywhere=True)
    if code in CROWD:
        return Busy(CROWDED, detail, unsent=True, everywhere=True)
    if code == CHAT_RATE or LOCKED in said:
        return Busy(MOMENT, detail, unsent=True)
    if code in APP_REFUSED:
        return Busy(REST, detail, unsent=True, everywhere=True)
    if code in TROUBLE or status >= 500 or (not code and status != 404):  # what says no code is not Feishu's word
        return Unclear(PAUSE, detail)
    return _final(code or status, said, detail, answer)


def _final(code: int, said: str, detail: str, answer: Answer) -> SendError:
    if code in GONE or (code == 230001 and any(each in said for each in UNKNOWN_IDS)):
        return Gone(detail)
    if code in SCOPES_MISSING:
        return Unscoped(detail, _scope_fix(answer))
    return Forbidden(detail, FIXES[code]) if code in FIXES else Refused(code, detail)


def _scope_fix(answer: Answer) -> str:
    names = missing_scopes(answer)
    return (
        SCOPE.replace("the missing scope", f"one of {', '.join(names)}" if len(names) > 1 else names[0])
        if names
        else SCOPE
    )


def missing_scopes(answer: Answer) -> list[str]:
    """Any one of them would do, says the refusal of a call."""
    error = answer.get("error")
    violations = error.get("permission_violations") if isinstance(error, Mapping) else None
    found = violations if isinstance(violations, list) else ()
    return [str(each["subject"]) for each in found if isinstance(each, Mapping) and each.get("subject")]


def seconds(headers: Mapping[str, str]) -> float:
    """How long to wait, as `x-ogw-ratelimit-reset` says (https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control)."""
    given = headers.get("x-ogw-ratelimit-reset", "")
    return min(max(float(given), MOMENT), LONGEST) if given.isascii() and given.isdecimal() else PAUSE
