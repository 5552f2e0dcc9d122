"""The town of the stories, living in a Slack workspace."""

from __future__ import annotations

from support import town
from support.town import PLACES, Settled

from .fake import FakeSlack


async def settle(slack: FakeSlack) -> Settled:
    """Everybody has an account, every department and the project a channel with the bot in it."""
    people = {name: await slack.create_user(name) for name in town.names()}
    return Settled(people, {name: await slack.create_channel(name, list(people)) for name in PLACES})


def config(slack: FakeSlack, settled: Settled, *, manual_clock: bool = True) -> str:
    """The town's config, as `town.config`."""
    tokens = f"bot_token: {slack.bot_token}, app_token: {slack.app_token}, signing_secret: {slack.signing_secret}"
    section = f"{tokens}, mode: {slack.mode}, base_url: {slack.base_url!r}"
    return town.config("slack", section, settled, manual_clock=manual_clock)
