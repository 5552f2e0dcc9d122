"""What `liaison init` asks about Slack, and what it makes of the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

Answers = dict[str, str]
"""By the flag of their question."""

NONE = "none"
MODES = (NONE, "socket", "http")
NEEDED = {"socket": ("bot_token", "app_token"), "http": ("bot_token", "signing_secret")}
"""The secrets that a mode cannot do without."""
_BLOCK = re.compile(r"^  # slack:.*\n(?:  #   .*\n)+", re.MULTILINE)
_LINE = re.compile(r"  #   (?P<key>\w+): \S+\s*(?P<comment>.*)")
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
    values = {"enabled": "true", "mode": answers["slack-mode"], **secrets}
    return _BLOCK.sub(lambda block: "".join(_alive(block[0].splitlines(), values)), example, count=1)


def _alive(block: Sequence[str], values: Mapping[str, str]) -> Iterator[str]:
    """A line whose key has a value loses its sign; the others stay, within the section."""
    yield f"{block[0].replace('# slack:', 'slack:  ', 1)}\n"
    for line in block[1:]:
        found = _LINE.match(line)
        if found and found["key"] in values:
            shown = f"    {found['key']}: {values[found['key']]}"
            yield f"{shown:<36}{found['comment']}".rstrip() + "\n"
        else:
            yield f"    # {line.removeprefix('  #').lstrip(' #')}\n"


def next_step(answers: Answers) -> str:
    """What has to be done about Slack before the bot can run: "" if nothing."""
    missing = [key for key in NEEDED.get(answers["slack-mode"], ()) if not _given(answers, key)]
    where = " --url https://…" if answers["slack-mode"] == "http" else ""
    return f"liaison manifest slack{where}, {' and '.join(missing)} into platforms.slack, then " if missing else ""


def _given(answers: Answers, key: str) -> str:
    return answers.get(f"slack-{key.replace('_', '-')}", "")
