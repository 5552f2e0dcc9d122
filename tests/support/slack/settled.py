"""The town of the stories, living in a Slack workspace."""

from __future__ import annotations

import re
from dataclasses import dataclass

from support.process import TOWN

from .fake import FakeSlack

PLACES = ("market", "rd", "design", "leadership", "newx")


@dataclass(frozen=True)
class Settled:
    """Slack ids by the names of the stories."""

    people: dict[str, str]
    places: dict[str, str]


async def settle(slack: FakeSlack) -> Settled:
    """Everybody has an account, every department and the project a channel with the bot in it."""
    town = TOWN.read_text(encoding="utf-8")
    people = {name: await slack.create_user(name) for name in re.findall(r"sandbox: (\w+)}", town)}
    return Settled(people, {name: await slack.create_channel(name, list(people)) for name in PLACES})


def config(slack: FakeSlack, settled: Settled, *, manual_clock: bool = True) -> str:
    """The town's config. With a manual clock the sandbox is switched on beside Slack, to move it."""
    ours = (
        f"  slack: {{bot_token: {slack.bot_token}, app_token: {slack.app_token}, signing_secret: {slack.signing_secret}"
    )
    ours += f", mode: {slack.mode}, base_url: {slack.base_url!r}}}\n"
    town = TOWN.read_text(encoding="utf-8")
    town = re.sub(r"(  sandbox: \{enabled.*\n)", rf"\g<1>{ours}" if manual_clock else ours, town)
    for name, id in settled.people.items():
        town = town.replace(f"sandbox: {name}}}", f"slack: {id}}}")
    for name, id in settled.places.items():
        town = town.replace(f"platform: sandbox, chat: {name}}}", f"platform: slack, chat: {id}}}")
    return town
