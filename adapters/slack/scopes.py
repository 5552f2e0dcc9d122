"""What the bot may do in a workspace, and what for: the manifest asks for it, the doctor looks for it.

All of them: https://docs.slack.dev/reference/scopes/.
"""

from __future__ import annotations

from collections.abc import Mapping

BOT: Mapping[str, str] = {
    "commands": "slash commands",
    "chat:write": "posts and edits cards, answers privately",
    "app_mentions:read": "reads what is said to it by name: @ the bot, in channels and threads",
    "channels:read": "knows whether it is in a public channel",
    "groups:read": "knows whether it is in a private channel",
    "im:read": "knows its one-to-one chats",
    "mpim:read": "knows whether it is in a group message",
    "im:write": "opens a one-to-one chat, to remind somebody",
    "im:history": "reads what is written to it one-to-one, and finds its own message there after a broken line",
    "channels:history": "finds its own message in a public channel after a broken line, so that it is not posted twice",
    "groups:history": "finds its own message in a private channel after a broken line",
    "mpim:history": "finds its own message in a group message after a broken line",
    "users:read": "a person's language, and whether an account still exists",
    "users:read.email": "finds people of the organisation by e-mail address, so that nobody has to type Slack ids",
    "files:write": "uploads the pictures of cards",
}
"""Scope → what the bot needs it for."""

EVENTS: Mapping[str, str] = {
    "app_mention": "@ the bot, in channels and threads",
    "message.im": "what is written to it one-to-one",
    "app_home_opened": "fills the home tab when somebody opens it",
}
"""Event → what the bot needs it for (https://docs.slack.dev/reference/events/)."""

APP = "connections:write"
"""The one scope of the app-level token, for Socket Mode (https://docs.slack.dev/apis/events-api/using-socket-mode/)."""
