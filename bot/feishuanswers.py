"""What `liaison init` asks about Feishu, and what it makes of the answers."""

from __future__ import annotations

import json
import re
import sys

from adapters.plain import one_line
from bot.examplefile import switched_on
from bot.feishufields import CREDENTIALS
from bot.language import catalogues
from bot.slackanswers import Answers

NONE = "none"
MODES = (NONE, "websocket", "webhook")
NEEDED = {"websocket": ("app_id", "app_secret"), "webhook": ("app_id", "app_secret", "encrypt_key")}
"""What a mode cannot do without."""
QR = "qr"
"""Instead of an app id: the app is to be created by a QR code."""
KEYS = ("app_id", "app_secret", "encrypt_key")


def wants_app(answers: Answers) -> bool:
    return answers["feishu-mode"] != NONE


def wants_secret(answers: Answers) -> bool:
    return wants_app(answers) and bool(_given(answers, "app_id"))


def wants_key(answers: Answers) -> bool:
    return answers["feishu-mode"] == "webhook"


def read_app_id(answer: str) -> None:
    """An app id, the wish for a QR code, or nothing yet."""
    if answer and answer != QR and not re.fullmatch(r"cli_\w{1,60}", answer):
        raise ValueError(f"is no app id; it begins with cli_ and is in {CREDENTIALS}; or write {QR}")


def settle(answers: Answers) -> None:
    """Whoever gives an app wants Feishu."""
    if answers["feishu-mode"] == NONE and any(_given(answers, key) for key in KEYS):
        answers["feishu-mode"] = "websocket"


def written_into(example: str, answers: Answers) -> str:
    """The commented example with the section `platforms.feishu` alive, and in it what is known."""
    if answers["feishu-mode"] == NONE:
        return example
    known = {key: json.dumps(_given(answers, key)) for key in KEYS if _given(answers, key)}
    values = {"enabled": "true", "mode": answers["feishu-mode"], "domain": answers["feishu-domain"], **known}
    return switched_on(example, "feishu", values)


def next_step(answers: Answers) -> str:
    """What has to be done about Feishu before the bot can run: "" if nothing."""
    if answers["feishu-mode"] == NONE:
        return ""
    missing = [key for key in NEEDED[answers["feishu-mode"]] if not _given(answers, key)]
    given = f"{' and '.join(missing)} into platforms.feishu, " if missing else ""
    return f"docs/feishu.md (docs/feishu.zh-CN.md) from step 2 on, {given}then "


# --- by a QR code --------------------------------------------------------------------------------


def create(answers: Answers, accounts: str = "") -> bool:
    """Lets somebody create the app by a QR code, and puts it among the answers. Whether that succeeded; why it did not
    is printed. `accounts` is another origin than that of Feishu's accounts."""
    from adapters.feishu.registering import NotRegistered, register

    texts = catalogues()[answers["language"]]
    name, about = texts["command.all.name"], texts["command.all.about"]
    print("  …")
    try:
        made = register(show, name=name, about=about, accounts=accounts)
    except NotRegistered as error:
        print(f"  {one_line(str(error))}")
        print("  Create it by hand (docs/feishu.md, step 2) and type its id. 请手动创建应用后填入 App ID。")
        return False
    answers |= {"feishu-app-id": made.app_id, "feishu-app-secret": made.app_secret, "feishu-domain": made.domain}
    print(f"  {made.app_id}")
    return True


def show(address: str) -> None:
    """The address as a code to scan, and as it is."""
    import segno

    print("  用飞书扫码，或在浏览器中打开： Scan it with Feishu, or open it in a browser:")
    segno.make(address, error="l").terminal(out=sys.stdout, compact=True)
    print(f"  {one_line(address)}", flush=True)


def _given(answers: Answers, key: str) -> str:
    return answers.get(f"feishu-{key.replace('_', '-')}", "")
