"""What the section `platforms.feishu` says about itself: which secrets its mode needs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.environment import variable
from bot.feishufields import CREDENTIALS, ENCRYPTION
from bot.yamlfile import Path, Tree

SECTION: Path = ("platforms", "feishu")

Finding = tuple[Path, str]


def missing_secrets(section: Tree) -> Iterator[Finding]:
    """What the bot cannot start without, in this mode."""
    yield from _wanted(section, "app_id", f"it begins with cli_ and is in {CREDENTIALS}")
    yield from _wanted(section, "app_secret", f"it is in {CREDENTIALS}")
    if section.get("mode") == "webhook" and not section.get("verification_token"):
        why = f"mode webhook needs it, or at least verification_token; both are in {ENCRYPTION}"
        yield from _wanted(section, "encrypt_key", why)


def _wanted(section: Tree, key: str, why: str) -> Iterator[Finding]:
    path = (*SECTION, key)
    if not section.get(key):
        yield path, f"is missing: {why}; write it here, or set {variable(path)} or {variable(path)}_FILE"
