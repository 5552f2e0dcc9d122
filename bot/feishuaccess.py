"""The section `platforms.feishu` as the adapter wants it. No SDK: the doctor and `liaison org import` ask too."""

from __future__ import annotations

from pydantic import SecretStr

from adapters.feishu.config import PLATFORM, FeishuConfig
from bot.settings import FeishuPlatform

__all__ = ["PLATFORM", "config"]


def config(feishu: FeishuPlatform) -> FeishuConfig:
    return FeishuConfig(
        app_id=feishu.app_id or "",
        app_secret=_secret(feishu.app_secret),
        mode=feishu.mode,
        domain=feishu.domain,
        encrypt_key=_secret(feishu.encrypt_key),
        verification_token=_secret(feishu.verification_token),
        proxy=_secret(feishu.proxy) or None,
    )


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
