# mypy: ignore-errors
"""stub"""


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read(text: str, bot_user: str) -> str:
    text = text.replace(f"<@{bot_user}>", "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
