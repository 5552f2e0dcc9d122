"""How long and how many: what Feishu takes, and the smaller numbers that we keep to.

Pages are of https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards; lengths are characters unless they say
bytes.
"""

from __future__ import annotations

ELEMENTS = 200  # card-json-v2-structure: elements and components, texts within components too
INPUT = 1_000  # card-json-v2-components/interactive-components/input: max_length

# --- what we keep to -------------------------------------------------------------------------------

CARD_BYTES = 27_000
"""A card as it travels: JSON in a JSON string. Feishu takes 30 KB of request content and counts style tags as more
(/document/server-docs/im-v1/message/create)."""

ROOM = 13_000
"""Bytes of what a card says, escaped; the frame, buttons and small print have the rest."""

BUTTONS = 20
BUTTONS_BYTES = 7_000
"""All buttons of a card, with their questions and values. Each takes five elements at most."""

HEADER = 120
"""A header shows four lines, on a phone of about thirty signs."""
SUMMARY = 100
BUTTON = 40
CONFIRM = 300
SMALL = 600
ALT = 500
HREF = 1_000
NOTE = 3_000

TITLE = 80
"""Of a form, remembered in its buttons."""
LABEL = 200
HINT = 300
PLACEHOLDER = 60
OPTION = 100
OPTION_VALUE = 200
OPTIONS = 80
"""Options of all lists of a form: each is a text, and so an element."""
PEOPLE = 200
"""People to choose from: the client searches in them."""
LISTS_BYTES = (16_000, 4_000, 0)
"""All lists of options of a form; the longest give way to typing, more of them where a form is too large."""
