"""Text on its way to Slack and back: measured, shortened, escaped; and what people typed, decoded.

https://docs.slack.dev/messaging/formatting-message-text/: `&`, `<` and `>` are escaped, and nothing else; mentions and
links arrive between angle brackets, so an angle bracket that somebody typed cannot be taken for one.
"""

from __future__ import annotations

import re

from adapters.plain import clean, cut

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARK = re.compile(r"<([@#][A-Z0-9]+|![^<>|]+|[A-Za-z][A-Za-z0-9+.-]*:[^<>|\s]+)(?:\|([^<>]*))?>")
_BLANKS = re.compile("[\u00a0\u2007\u202f]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)

# --- out -----------------------------------------------------------------------------------------


def length(text: str) -> int:
    """Characters, most emoji as two: Slack's clients count in UTF-16, its documents do not say."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def upto(text: str, room: int) -> str:
    """As much of the beginning as has room, ending with a whole letter or emoji."""
    if length(text) <= room:
        return text
    fits = len(text.encode("utf-16-le", "surrogatepass")[: 2 * room].decode("utf-16-le", "ignore"))
    return cut(f"{text}…", fits + 1)[:-1]


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the last of them "…" where something is missing."""
    return text if length(text) <= limit else f"{upto(text, limit - 1).rstrip()}…"


def escape(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or entity comes of it."""
    return re.sub("[&<>]", lambda sign: _ENTITIES[sign[0]], clean(text))


def escape_short(text: str, limit: int) -> str:
    """`escape`, at most `limit` characters: shortened before, so that no entity is cut."""
    text = clean(text)
    room = limit
    while length(escaped := escape(shorten(text, room))) > limit:
        room -= max(1, (length(escaped) - limit) // 5)  # an entity is five characters at most
    return escaped


# --- in ------------------------------------------------------------------------------------------


def read(text: str, bot_user: str) -> str:
    """What a person typed: without the bot's own mention, people as `<@id>`, everything else in plain words."""
    text = _MARK.sub(lambda mark: _typed(mark[1], mark[2] or "", bot_user), text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return clean(_INVISIBLE.sub("", _BLANKS.sub(" ", text))).strip()


def _typed(target: str, label: str, bot_user: str) -> str:
    match target[0]:
        case "@":
            return "" if target[1:] == bot_user else f"<{target}>"
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return _special(target[1:], label)
        case _:
            return _link(target, label)


def _special(target: str, label: str) -> str:
    """`<!here>`, `<!subteam^S1|@leads>`, `<!date^…^…|29 Sep>`."""
    kind, _, rest = target.partition("^")
    if kind == "date":
        return label
    name = label or (rest if kind == "subteam" else kind)
    return name if name.startswith("@") else f"@{name}"


def _link(url: str, label: str) -> str:
    """As it was typed: Slack itself turns `x.com` into `<http://x.com|x.com>`."""
    if not label or _bare(label) == _bare(url):
        return label or url
    return f"{label} ({url})"


def _bare(url: str) -> str:
    return _SCHEME.sub("", url, count=1).rstrip("/")
