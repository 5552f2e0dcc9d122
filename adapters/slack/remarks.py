"""Short messages of the adapter's own: a sentence, and the button that repeats an act with a fresh trigger."""

from __future__ import annotations

from collections.abc import Callable

from adapters.plain import clean, cut
from adapters.slack.posting import Payload
from adapters.slack.text import escape

LONGEST = 3_000
LONGEST_FALLBACK = 3_500


def plain(text: str) -> Payload:
    """A sentence as it is: nothing in it is read as markup."""
    shown = cut(clean(text), LONGEST)
    return {
        "text": escape(cut(shown, LONGEST_FALLBACK // 5)),
        "blocks": [{"type": "section", "text": {"type": "plain_text", "text": shown or "…", "emoji": False}}],
    }


def offer(title: str, again: str, words: Callable[[str], str]) -> Payload:
    """A form that could not be opened by itself, behind a button; an act that is too long for a button has to be
    typed once more."""
    if not again:
        return plain(f"{title}\n{words('platform.form_again')}")
    said = plain(f"{title}\n{words('platform.form_ready')}")
    button = {
        "type": "button",
        "action_id": "again",
        "style": "primary",
        "text": {"type": "plain_text", "text": cut(words("platform.open_form"), 75), "emoji": False},
        "value": again,
    }
    return {**said, "blocks": [*said["blocks"], {"type": "actions", "elements": [button]}]}
