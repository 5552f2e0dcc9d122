"""The section `platforms.feishu`: a missing secret, a domain that is none, a mode that needs more."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import config
from bot.config import ConfigError
from bot.settings import FeishuPlatform

APP = "app_id: cli_1, app_secret: s3cret"


def load(folder: Path, section: str, env: dict[str, str] | None = None, **how: bool) -> FeishuPlatform:
    file = folder / "config.yaml"
    file.write_text(f"platforms:\n  feishu: {{{section}}}\n", encoding="utf-8")
    found = config.load(file, env or {}, **how).settings.platforms.feishu
    assert found
    return found


def errors(folder: Path, section: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, section)
    return [str(problem).removeprefix(f"{folder}/config.yaml:") for problem in caught.value.problems]


def test_an_app_is_enough_for_the_long_connection(tmp_path: Path) -> None:
    feishu = load(tmp_path, APP)
    assert (feishu.mode, feishu.domain, feishu.proxy) == ("websocket", "https://open.feishu.cn", None)


WRONG = [
    ("app_secret: x", "app_id: is missing: it begins with cli_ and is in Credentials"),
    ("app_id: cli_1", "app_secret: is missing: it is in Credentials & Basic Info"),
    ("app_id: ou_1, app_secret: x", 'app_id: "ou_1" is not allowed; allowed: the App ID, cli_…'),
    (f"{APP}, mode: http", "mode: \"http\" is not one of 'websocket' or 'webhook'"),
    (f"{APP}, mode: webhook", "encrypt_key: is missing: mode webhook needs it, or at least verification_token"),
    (f"{APP}, domain: open.feishu.cn", 'domain: "open.feishu.cn" is no origin; write https://open.feishu.cn'),
    (f"{APP}, domain: https://open.feishu.cn/open-apis", "domain: "),
    (f"{APP}, domain: http://feishu.example.com", "domain: "),
    (f"{APP}, domain: https://www.feishu.cn", "domain: "),
    (f"{APP}, proxy: socks5://p:1080", "proxy: is not a proxy this bot can use"),
]


@pytest.mark.parametrize(("section", "said"), WRONG, ids=[section for section, _ in WRONG])
def test_a_mistake_is_named_with_its_place_and_the_way_out(tmp_path: Path, section: str, said: str) -> None:
    (found,) = errors(tmp_path, section)
    place, _, text = found.partition(": ")
    assert place.startswith("2:")
    assert text.startswith(f"platforms.feishu.{said}")


def test_everything_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    assert len(errors(tmp_path, "mode: webhook")) == 3


RIGHT = [
    f"{APP}, mode: webhook, encrypt_key: k",
    f"{APP}, mode: webhook, verification_token: t",
    f"{APP}, domain: https://open.larksuite.com/",
    f"{APP}, domain: https://feishu.example.com:8443",
    f"{APP}, domain: http://127.0.0.1:8790",
    f"{APP}, proxy: http://me:hunter2@proxy:3128",
]


@pytest.mark.parametrize("section", RIGHT)
def test_what_fits_is_taken(tmp_path: Path, section: str) -> None:
    feishu = load(tmp_path, section)
    assert not feishu.domain.endswith("/")


def test_secrets_come_from_files_as_everywhere(tmp_path: Path) -> None:
    env = {}
    for key, value in {"APP_SECRET": "s3cret\n", "ENCRYPT_KEY": "k", "PROXY": "http://p:1"}.items():
        (tmp_path / key).write_text(value)
        env[f"LIAISON_PLATFORMS__FEISHU__{key}_FILE"] = str(tmp_path / key)
    feishu = load(tmp_path, "app_id: cli_1, mode: webhook", env)
    assert feishu.app_secret and feishu.app_secret.get_secret_value() == "s3cret"
    assert feishu.proxy and feishu.proxy.get_secret_value() == "http://p:1"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    feishu = load(tmp_path, f"{APP}, encrypt_key: k3y, proxy: 'http://me:hunter2@proxy:3128'")
    assert not any(secret in f"{feishu!r} {feishu.model_dump_json()}" for secret in ("s3cret", "k3y", "hunter2"))


def test_a_platform_that_is_switched_off_needs_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("platforms: {sandbox: {}, feishu: {enabled: false}}\n")
    assert config.load(file, {}).settings.platforms.feishu


def test_an_unfinished_one_needs_none_but_what_is_there_must_be_right(tmp_path: Path) -> None:
    assert load(tmp_path, "mode: webhook", unfinished=True).mode == "webhook"
    with pytest.raises(ConfigError, match="cli_"):
        load(tmp_path, "app_id: x", unfinished=True)
