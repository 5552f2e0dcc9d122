"""How long and how many: what Slack takes, and the smaller numbers that we keep to.

Pages are of https://docs.slack.dev/reference; lengths are characters, counted as `text.length` does.
"""

from __future__ import annotations

# --- block-kit/blocks ------------------------------------------------------------------------------

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
HEADER = 150  # header-block
SECTION = 3_000  # section-block: `text`
CONTEXT = 600  # context-block: 3,000 to Slack (composition-objects/text-object), too much for a line in small letters
ALT = 2_000  # image-block
LABEL = 2_000  # input-block: label, and hint

# --- block-kit/block-elements and composition-objects ----------------------------------------------

BUTTON = 75  # button-element: text, and accessibility_label
BUTTON_VALUE = 2_000
CONFIRM_TITLE = 100  # confirmation-dialog-object
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
INPUT = 3_000  # plain-text-input-element: max_length, and so the longest value to begin with
PLACEHOLDER = 150
OPTIONS = 100  # select-menu-element, and of each group; as many groups
OPTION = 75  # option-object: text, and description; a group's label too
OPTION_VALUE = 150  # option-object

# --- views -----------------------------------------------------------------------------------------

VIEW_TITLE = 24  # views/modal-views: title, submit, close
VIEW_BYTES = 250 * 1024  # methods/views.open: view_too_large

# --- what we keep to -------------------------------------------------------------------------------

TEXT = 3_000
"""The text beside the blocks. Slack shortens posts over 40,000 and refuses edits over 4,000
(methods/chat.postMessage, methods/chat.update)."""

ROOM = 7_000
"""Rich text in a message. `msg_blocks_too_long` is not documented; it was seen near 13,200 characters of all blocks
(https://github.com/slackapi/bolt-js/issues/2509)."""

HOME_ROOM = 12_000
PORTION = 3_000
"""Rich text in one block: no limit is documented, a section's is this."""

NOTE = 15_000
"""A note in a modal: far more than any sentence of ours, and far less than `VIEW_BYTES`."""

HREF = 2_000
"""An address that is shown as a link. Slack takes 3,000, but it has to fit into a portion."""

BUTTONS = 50
BUTTONS_ROOM = 3_000
"""All words of a message's buttons, with their questions: they count as text of the message."""

ROW = 5
"""Buttons in a row: an actions block takes 25, which no phone shows well."""

LISTS_BYTES = 120_000
"""All lists of options of a form; a longer list gives way to typing. `json.dumps` writes six bytes for a Chinese sign,
and what is filled in has to fit beside them."""
