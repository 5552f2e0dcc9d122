"""What can be wrong with an installation, in words, and what to do about it: no asking, only saying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.base import Check
from adapters.slack.people import SLACKBOT

SETTINGS = "https://api.slack.com/apps"
"""Where the settings of an app are; GovSlack has its own (https://docs.slack.dev/govslack/)."""
REINSTALL = f"at {SETTINGS} → your app → OAuth & Permissions"
BOT_TOKEN = f"copy the Bot User OAuth Token (xoxb-…) {REINSTALL} into platforms.slack.bot_token"
LATER = ".later"
"""How the id ends of what could not be found out now."""
WAITING = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack's own trouble: worth another look, nothing to mend."""

TOKEN = {
    "invalid_auth": ("Slack does not know the bot token", f"{BOT_TOKEN}; on GovSlack, set platforms.slack.base_url"),
    "not_authed": ("the bot token is empty", BOT_TOKEN),
    "token_revoked": ("the bot token was revoked", f"install the app again {REINSTALL}, then {BOT_TOKEN}"),
    "account_inactive": ("the app was removed from the workspace", f"install it again {REINSTALL}, then {BOT_TOKEN}"),
    "token_expired": ("the bot token ran out", f"switch token rotation off and install again {REINSTALL}"),
    "not_allowed_token_type": ("the token is of the wrong kind", BOT_TOKEN),
    "org_login_required": ("the workspace is being moved to an organisation", "wait until that is done"),
    "ekm_access_denied": ("the workspace's key management forbids it", "ask an administrator of the workspace"),
    "team_access_not_granted": ("the app may not act in this workspace", "ask an administrator of the organisation"),
}
"""Errors of auth.test (https://docs.slack.dev/reference/methods/auth.test/#errors)."""
APP_TOKEN_FIX = (
    f"at {SETTINGS} → your app → Basic Information → App-Level Tokens, generate one with the scope connections:write, "
    "and copy it (xapp-…) into platforms.slack.app_token"
)
APP_TOKEN = {
    "invalid_auth": "Slack does not know the app token",
    "not_authed": "the app token is empty",
    "token_revoked": "the app token was revoked",
    "not_allowed_token_type": "the app token is of the wrong kind",
    "missing_scope": "the app token lacks the scope connections:write",
}
"""Errors of apps.connections.open (https://docs.slack.dev/reference/methods/apps.connections.open/#errors)."""


# --- the line ------------------------------------------------------------------------------------


def unreachable(base_url: str, why: Exception, *, by_proxy: bool) -> Check:
    way = " through the proxy" if by_proxy else ""
    fix = "look at the network, platforms.slack.base_url, and the proxy (platforms.slack.proxy, HTTPS_PROXY, NO_PROXY)"
    return Check("red", "slack.unreachable", f"Slack cannot be reached at {base_url}{way}: {why}", fix)


def too_slow(seconds: float) -> Check:
    message = f"Slack was too slow: not everything could be looked at within {seconds:g} s"
    return Check("yellow", "slack.slow", message, "run it again; if that does not help, look at the network")


def clock(skew: int, *, look: int, broken: int) -> Check:
    """`skew`: seconds that our clock is ahead of Slack's."""
    if abs(skew) <= look:
        return Check("green", "slack.clock", "the clock agrees with Slack's")
    way = "ahead of" if skew > 0 else "behind"
    message = f"the clock of this machine is {abs(skew)} s {way} Slack's; at 300 s Slack's requests are refused"
    fix = "set the clock of this machine, best by NTP"
    return Check("red" if abs(skew) > broken else "yellow", "slack.clock", message, fix)


# --- the app -------------------------------------------------------------------------------------


def token(error: str) -> Check:
    if error in WAITING:
        return _later("slack.token", "auth.test", error)
    message, fix = TOKEN.get(error, ("Slack refuses the bot token", BOT_TOKEN))
    return Check("red", "slack.token", f"{message} ({error})", fix)


def scope(name: str, what_for: str) -> Check:
    fix = f"add {name} {REINSTALL} → Scopes → Bot Token Scopes, then Reinstall to Workspace on the same page"
    return Check("red", f"slack.scope.{name}", f"the app lacks the scope {name}: {what_for}", fix)


def app_token(error: str) -> Check:
    if error in WAITING:
        return _later("slack.app_token", "apps.connections.open", error)
    said = APP_TOKEN.get(error, "Slack lets the bot not connect")
    fix = APP_TOKEN_FIX if error in APP_TOKEN else f"switch Socket Mode on, at {SETTINGS} → your app → Socket Mode"
    return Check("red", "slack.app_token", f"{said} ({error})", fix)


def requests() -> Check:
    message = (
        "mode http: whether Slack's requests arrive cannot be seen from here; the Request URL must be Verified at "
        f"{SETTINGS} → your app → Event Subscriptions"
    )
    return Check("green", "slack.requests", message)


def names(commands: Mapping[str, str]) -> Check:
    message = (
        f"whether the commands {' '.join(commands)} are there cannot be asked: type one of them with help behind it; "
        "if Slack does not know it, or another app answers, compare liaison manifest slack"
    )
    return Check("green", "slack.commands", message)


# --- places and people ---------------------------------------------------------------------------


def all_well(code: str, n: int, *, of: int) -> Check:
    shown = f"{n} of {of}, as many as Slack lets one ask about at once" if n < of else f"{n}"
    said = {
        "slack.chats": f"channels: {shown}; the bot is in each",
        "slack.people": f"people with a Slack id: {shown}; each is there",
        "slack.emails": f"people without a Slack id: {shown}; each is found by e-mail",
    }
    return Check("green", code, said[code])


def no_channel_id(name: str, id: str) -> Check:
    fix = "write the channel's id: it begins with C and is at the end of the channel's details"
    return Check("red", "slack.chat.id", f"{name}: {id} is no id of a channel", fix)


def chat(name: str, id: str, error: str, bot: str) -> Check | None:
    if error == "missing_scope":
        return None  # told with the scopes
    if error in WAITING:
        return _later("slack.chat", name, error)
    if error == "channel_not_found":
        message = f"{name}: there is no channel {id}, or it is private and the bot is not in it"
        return Check(
            "red", "slack.chat.gone", message, f"in that channel, type /invite @{bot}; {_elsewhere(name, bot)}"
        )
    message = f"{name}: Slack does not show the channel {id} ({error})"
    return Check("red", "slack.chat.refused", message, _elsewhere(name, bot))


def archived(name: str, id: str, bot: str) -> Check:
    fix = f"unarchive it; {_elsewhere(name, bot)}"
    return Check("red", "slack.chat.archived", f"{name}: the channel {id} is archived", fix)


def _elsewhere(name: str, bot: str) -> str:
    return f"or, in the channel that is right, write: @{bot} status bind {name}"


def outside(name: str, id: str, bot: str) -> Check:
    message = f"{name}: the bot is not in the channel {id}"
    return Check("red", "slack.chat.outside", message, f"in that channel, type /invite @{bot}")


def person(name: str, id: str, error: str, user: Mapping[str, Any], team: str) -> Check | None:
    """Any: a user object, as Slack sends it."""
    if error == "missing_scope":
        return None
    if error in WAITING:
        return _later("slack.person", name, error)
    fix = "write their member ID (profile → ⋮ → Copy member ID), or leave it out and give their e-mail address"
    if error:
        return Check("red", "slack.person.unknown", f"{name}: there is no user {id} in the workspace ({error})", fix)
    if user.get("is_bot") or id == SLACKBOT:
        return Check("red", "slack.person.bot", f"{name}: {id} is a bot", fix)
    teams = {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())}
    if team not in teams:
        return Check("red", "slack.person.foreign", f"{name}: {id} belongs to another workspace", fix)
    if user.get("deleted"):
        gone = "take them out of org.people, or let somebody stand in (status leave)"
        return Check("yellow", "slack.person.left", f"{name}: the account {id} is deactivated", gone)
    return None


def address(name: str, email: str, error: str) -> Check | None:
    if error == "missing_scope":
        return None
    if error in WAITING:
        return _later("slack.email", name, error)
    message = f"{name}: nobody in the workspace has the address {email}"
    fix = "correct email in org.people, or write their member ID: slack: U…"
    return Check("yellow", "slack.email.unknown", message, fix)


def _later(code: str, what: str, error: str) -> Check:
    return Check("yellow", f"{code}{LATER}", f"{what}: Slack gave no answer ({error})", "run it again in a minute")
