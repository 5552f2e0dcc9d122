"""The town of the stories, living in an organisation on Feishu."""

from __future__ import annotations

import re
from dataclasses import dataclass

from support.process import TOWN

from .fake import FakeFeishu

PLACES = ("market", "rd", "design", "leadership", "newx")


@dataclass(frozen=True)
class Settled:
    """Feishu ids by the names of the stories."""

    people: dict[str, str]
    places: dict[str, str]


def settle(feishu: FakeFeishu) -> Settled:
    """Everybody has an account, every department and the project a group with the bot in it."""
    town = TOWN.read_text(encoding="utf-8")
    people = {name: feishu.create_user(name) for name in re.findall(r"sandbox: (\w+)}", town)}
    return Settled(people, {name: feishu.create_group(name, list(people)) for name in PLACES})


def config(feishu: FakeFeishu, settled: Settled, *, manual_clock: bool = True) -> str:
    """The town's config. With a manual clock the sandbox is switched on beside Feishu, to move it."""
    ours = f"  feishu: {{app_id: {feishu.app_id}, app_secret: {feishu.app_secret}, mode: {feishu.mode}"
    if feishu.mode == "webhook":
        ours += f", encrypt_key: {feishu.encrypt_key}, verification_token: {feishu.verification_token}"
    ours += f", domain: {feishu.domain!r}}}\n"
    town = TOWN.read_text(encoding="utf-8")
    town = re.sub(r"(  sandbox: \{enabled.*\n)", rf"\g<1>{ours}" if manual_clock else ours, town)
    for name, id in settled.people.items():
        town = town.replace(f"sandbox: {name}}}", f"feishu: {id}}}")
    for name, id in settled.places.items():
        town = town.replace(f"platform: sandbox, chat: {name}}}", f"platform: feishu, chat: {id}}}")
    return town
