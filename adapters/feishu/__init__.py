"""Feishu and Lark: the long connection or a webhook in, cards in JSON 2.0 out. The SDK is imported only by an adapter
that opens a long connection."""

from adapters.feishu.adapter import FeishuAdapter
from adapters.feishu.config import FeishuConfig, Surroundings

__all__ = ["FeishuAdapter", "FeishuConfig", "Surroundings"]
