"""What can be wrong with groups and people of an installation on Feishu, in words, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.base import Check
from adapters.feishu.ailments import WAITING, later

SHOWN = 10
"""How many names one line holds."""
DISSOLVED = 232009


def all_well(code: str, n: int, *, of: int) -> Check:
    shown = f"{n} of {of}" if n < of else f"{n}"
    said = {
        "feishu.chats": f"groups: {shown}; the bot is in each",
        "feishu.people": f"people with a Feishu id: {shown}; each is there",
        "feishu.emails": f"people without a Feishu id: {shown}; each is found by e-mail",
    }
    return Check("green", code, said[code])


def no_chat_id(name: str, id: str) -> Check:
    fix = f"in the right group write: @ the bot status bind {name}; or write its chat_id, oc_…"
    return Check("red", "feishu.chat.id", f"{name}: {id} is no id of a group", fix)


def chat(name: str, id: str, code: int, error: str) -> Check | None:
    if code in WAITING:
        return later("feishu.chat", name, error)
    elsewhere = f"or, in the group that is right, write: @ the bot status bind {name}"
    if code == DISSOLVED:
        return Check("red", "feishu.chat.gone", f"{name}: the group {id} was dissolved", elsewhere.removeprefix("or, "))
    message = f"{name}: Feishu does not show the group {id} ({error})"
    return Check("red", "feishu.chat.refused", message, f"add the bot to it; {elsewhere}")


def outside(name: str, id: str) -> Check:
    fix = "open the group → Settings (设置) → Bots (群机器人) → Add, and choose the bot"
    return Check("red", "feishu.chat.outside", f"{name}: the bot is not in the group {id}", fix)


def unknown_person(name: str, id: str) -> Check:
    fix = (
        "an open_id belongs to one app: write the one that this app knows, or leave it out and give an e-mail address; "
        "and let the app's contact range (通讯录权限范围) and availability (可用范围) contain the person"
    )
    return Check("red", "feishu.person.unknown", f"{name}: this app knows nobody with the id {id}", fix)


def left(name: str, id: str) -> Check:
    gone = "take them out of org.people, or let somebody stand in (status leave)"
    return Check("yellow", "feishu.person.left", f"{name}: the account {id} is closed or suspended", gone)


def address(name: str, email: str) -> Check:
    message = f"{name}: nobody whom the app may see has the address {email}"
    fix = "correct email in org.people (the one of the account, not the business mailbox), or write feishu: ou_…"
    return Check("yellow", "feishu.email.unknown", message, fix)


def strangers(names: Sequence[str]) -> Check:
    shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
    fix = "liaison org import feishu, or write feishu: ou_… or their e-mail address into org.people"
    return Check("yellow", "feishu.people.strangers", f"nothing leads to these people on Feishu: {shown}", fix)
