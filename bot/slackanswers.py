"""What `liaison init` asks about Slack, and what it makes of the answers."""

from __future__ import annotations

import json

from bot.examplefile import switched_on

Answers = dict[str, str]
"""By the flag of their question."""

NONE = "none"
MODES = (NONE, "socket", "http")
NEEDED = {"socket": ("bot_token", "app_token"), "http": ("bot_token", "signing_secret")}
"""The secrets that a mode cannot do without."""
SECRETS = ("bot_token", "app_token", "signing_secret")


def wants_bot(answers: Answers) -> bool:
    return answers["slack-mode"] != NONE


def wants_app(answers: Answers) -> bool:
    return answers["slack-mode"] == "socket"


def wants_signing(answers: Answers) -> bool:
    return answers["slack-mode"] == "http"


def settle(answers: Answers) -> None:
    """Whoever gives a token wants Slack."""
    if answers["slack-mode"] == NONE and any(_given(answers, key) for key in SECRETS):
        answers["slack-mode"] = "socket"


def written_into(example: str, answers: Answers) -> str:
    """The commented example with the section `platforms.slack` alive, and in it what is known."""
    if answers["slack-mode"] == NONE:
        return example
    secrets = {key: json.dumps(_given(answers, key)) for key in SECRETS if _given(answers, key)}
    return switched_on(example, "slack", {"enabled": "true", "mode": answers["slack-mode"], **secrets})


def next_step(answers: Answers) -> str:
    """What has to be done about Slack before the bot can run: "" if nothing."""
    missing = [key for key in NEEDED.get(answers["slack-mode"], ()) if not _given(answers, key)]
    where = " --url https://…" if answers["slack-mode"] == "http" else ""
    return f"liaison manifest slack{where}, {' and '.join(missing)} into platforms.slack, then " if missing else ""


def _given(answers: Answers, key: str) -> str:
    return answers.get(f"slack-{key.replace('_', '-')}", "")
