"""The town of the stories, living in an organisation on Feishu."""

from __future__ import annotations

from support import town
from support.town import PLACES, Settled

from .fake import FakeFeishu


def settle(feishu: FakeFeishu) -> Settled:
    """Everybody has an account, every department and the project a group with the bot in it."""
    people = {name: feishu.create_user(name) for name in town.names()}
    return Settled(people, {name: feishu.create_group(name, list(people)) for name in PLACES})


def config(feishu: FakeFeishu, settled: Settled, *, manual_clock: bool = True) -> str:
    """The town's config, as `town.config`."""
    section = f"app_id: {feishu.app_id}, app_secret: {feishu.app_secret}, mode: {feishu.mode}"
    if feishu.mode == "webhook":
        section += f", encrypt_key: {feishu.encrypt_key}, verification_token: {feishu.verification_token}"
    section += f", domain: {feishu.domain!r}"
    return town.config("feishu", section, settled, manual_clock=manual_clock)
