"""Feishu and Lark: the long connection or signed webhooks in, cards in JSON 2.0 out."""
