"""What can be wrong with an installation on Feishu, in words, and what to do about it: no asking, only saying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from adapters.base import Check
from adapters.feishu.config import FeishuConfig
from adapters.feishu.scopes import CALLBACKS, EVENTS, USEFUL

LATER = ".later"
"""How the id ends of what could not be found out now."""
WAITING = frozenset({99991400, 2200, 1000004, 1000005, 1, 1000040343})
"""Feishu's own trouble: worth another look, nothing to mend."""
PUBLISH = (
    "Version Management & Release (版本管理与发布) → Create a version, publish it, and let an administrator approve it"
)

NO_APP = {
    10003: ("Feishu does not know this app id", "copy the App ID (cli_…) into platforms.feishu.app_id"),
    10014: ("Feishu does not know this app, or the secret is wrong", "copy App ID and App Secret anew"),
    10012: ("the app is not one for this", "use an app that was created in your own organisation (企业自建应用)"),
    99991543: ("the app id or the secret is wrong", "copy App ID and App Secret anew"),
    99991662: ("the app is switched off", "let an administrator enable it in the admin console"),
    99991673: ("the app is not available", "let an administrator enable it in the admin console"),
}
"""Codes of the token (https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code)."""
STATUS = {
    0: ("the app is not installed in the organisation yet", PUBLISH),
    1: ("an administrator switched the app off", "let an administrator enable it in the admin console"),
    3: ("the app is installed and not enabled yet", "let an administrator enable it in the admin console"),
    4: ("a new version of the app waits to be enabled", "let an administrator approve it in the admin console"),
    5: ("the app's licence ran out", "ask an administrator of the organisation"),
    6: ("the organisation's Lark plan ran out or was reduced", "ask an administrator of the organisation"),
}
"""`activate_status` of the bot (https://open.feishu.cn/document/ukTMukTMukTM/uAjMxEjLwITMx4CMyETM)."""
NO_BOT = 11205


# --- the line ------------------------------------------------------------------------------------


def unreachable(domain: str, why: Exception) -> Check:
    fix = "look at the network, platforms.feishu.domain, and the proxy (platforms.feishu.proxy, HTTPS_PROXY, NO_PROXY)"
    return Check("red", "feishu.unreachable", f"Feishu cannot be reached at {domain}: {why}", fix)


def too_slow(seconds: float) -> Check:
    message = f"Feishu was too slow: not everything could be looked at within {seconds:g} s"
    return Check("yellow", "feishu.slow", message, "run it again; if that does not help, look at the network")


def clock(skew: int, *, look: int, broken: int) -> Check:
    """`skew`: seconds that our clock is ahead of Feishu's."""
    if abs(skew) <= look:
        return Check("green", "feishu.clock", "the clock agrees with Feishu's")
    way = "ahead of" if skew > 0 else "behind"
    message = f"the clock of this machine is {abs(skew)} s {way} Feishu's; at 300 s signed requests are refused"
    fix = "set the clock of this machine, best by NTP"
    return Check("red" if abs(skew) > broken else "yellow", "feishu.clock", message, fix)


# --- the app -------------------------------------------------------------------------------------


def console(config: FeishuConfig) -> str:
    """The app's page in the developer console."""
    return f"{config.domain}/app/{config.app_id}"


def app(config: FeishuConfig, code: int, error: str) -> Check:
    if code in WAITING:
        return later("feishu.app", "the token", error)
    message, fix = NO_APP.get(code, ("Feishu refuses the app", "look at the app in the developer console"))
    where = f"{fix}: {console(config)} → Credentials & Basic Info (凭证与基础信息)"
    return Check("red", "feishu.app", f"{message} ({error})", f"{where}; for Lark, set platforms.feishu.domain")


def bot(config: FeishuConfig, code: int, error: str, told: Mapping[str, Any]) -> Check:
    """Any: the bot, as Feishu describes it."""
    at = console(config)
    if code in WAITING:
        return later("feishu.bot", "bot/v3/info", error)
    if code == NO_BOT:
        fix = f"{at} → Add Features (添加应用能力) → Bot (机器人), then {PUBLISH}"
        return Check("red", "feishu.bot", "the app has no bot: that ability is switched off, or not published", fix)
    if code:
        return Check("red", "feishu.bot", f"Feishu does not show the bot ({error})", f"look at {at}")
    status = told.get("activate_status")
    if status in STATUS:
        message, fix = STATUS[status]
        return Check("red", "feishu.bot", message, f"{at} → {fix}" if fix is PUBLISH else fix)
    return Check(
        "green", "feishu.bot", f"Feishu knows the bot {str(told.get('app_name') or '')[:60]!r}, and it is enabled"
    )


def scopes(config: FeishuConfig, needed: Sequence[str], useful: Sequence[str]) -> Iterator[Check]:
    """One line for all that are needed, and one for all that would be useful: whoever grants them does so once."""
    if needed:
        message = f"the app lacks scopes: {', '.join(needed)}"
        yield Check("red", "feishu.scopes", message, _grant(config, needed))
    else:
        yield Check("green", "feishu.scopes", "the app has the scopes that the bot needs")
    if useful:
        left_out = "; ".join(dict.fromkeys(USEFUL[scope] for scope in useful))
        message = f"without these scopes something is left out: {', '.join(useful)} ({left_out})"
        yield Check("yellow", "feishu.scopes.useful", message, f"only if you want it: {_grant(config, useful)}")


def _grant(config: FeishuConfig, wanted: Sequence[str]) -> str:
    return f"open {console(config)}/auth?q={quote(','.join(wanted), safe=':,')} and grant them, then {PUBLISH}"


def no_connection(config: FeishuConfig, code: int, error: str) -> Check:
    if code in WAITING:
        return later("feishu.connection", "the long connection", error)
    message = f"Feishu lets the bot open no long connection ({error})"
    fix = (
        f"{console(config)} → Events & Callbacks (事件与回调) → Subscription mode (订阅方式): long connection (长连接)"
    )
    return Check("red", "feishu.connection", message, f"{fix}; it can only be saved while the bot runs")


def connection() -> Check:
    return Check("green", "feishu.connection", "Feishu lets the bot open a long connection")


def requests(config: FeishuConfig) -> Check:
    if not config.encrypt_key:
        message = (
            "mode webhook without platforms.feishu.encrypt_key: Feishu's requests are neither encrypted nor signed"
        )
        fix = (
            f"{console(config)} → Events & Callbacks (事件与回调) → Encryption Strategy (加密策略): set an Encrypt Key"
        )
        return Check("yellow", "feishu.requests", message, f"{fix}, and copy it")
    message = (
        "mode webhook: whether Feishu's requests arrive cannot be seen from here; the request URL must be saved, for "
        f"events and for callbacks, at {console(config)} → Events & Callbacks (事件与回调)"
    )
    return Check("green", "feishu.requests", message)


def unseen(config: FeishuConfig, why: str) -> Check:
    message = (
        f"which events and callbacks are subscribed, and how, cannot be seen ({why}); compare with docs/feishu.md at "
        f"{console(config)} → Events & Callbacks (事件与回调): both tabs need the mode of the config file, and a "
        "published version"
    )
    return Check("green", "feishu.subscriptions", message)


def version(config: FeishuConfig, told: Mapping[str, Any]) -> Check | None:
    """Whether what the console shows is what people have. Any: the app, as Feishu describes it."""
    at = f"{console(config)} → {PUBLISH}"
    if "online_version_id" in told and not told["online_version_id"]:
        return Check("red", "feishu.version", "no version of the app is published", at)
    if told.get("unaudit_version_id"):
        fix = "let an administrator approve it in the admin console; until then scopes and events of it do not count"
        return Check("yellow", "feishu.version", "a version of the app waits for approval", fix)
    return None


def subscriptions(config: FeishuConfig, told: Mapping[str, Any]) -> Iterator[Check]:
    """Events and callbacks, as far as the answer speaks of them. Any: the app, as Feishu describes it."""
    events, callbacks = told.get("event"), told.get("callback_info") or told.get("callback")
    if not isinstance(events, Mapping) or not isinstance(callbacks, Mapping):
        yield unseen(config, "Feishu does not tell")
        return
    kinds = (
        ("events", "Event Configuration (事件配置)", events, "subscription_type", "subscribed_events", EVENTS),
        (
            "callbacks",
            "Callback Configuration (回调配置)",
            callbacks,
            "callback_type",
            "subscribed_callbacks",
            CALLBACKS,
        ),
    )
    fine = True
    for kind, tab, said, mode, items, wanted in kinds:
        where = f"{console(config)} → Events & Callbacks (事件与回调) → {tab}"
        if said.get(mode) and said[mode] != config.mode:
            message = f"{kind} go to {said[mode]}, and the bot waits for them by {config.mode}"
            fix = f"{where}: choose the subscription mode (订阅方式) of the config file; save while the bot runs"
            yield Check("red", f"feishu.{kind}.mode", message, f"{fix}; then {PUBLISH}")
            fine = False
        if absent := [each for each in wanted if each not in (said.get(items) or ())]:
            message = f"{kind} that are not subscribed: {', '.join(absent)}"
            yield Check("red", f"feishu.{kind}", message, f"{where}: add them, then {PUBLISH}")
            fine = False
    if fine:
        yield Check("green", "feishu.subscriptions", f"events and callbacks come by {config.mode}, and none is missing")


# --- what could not be found out ---------------------------------------------------------------


def not_asked(code: str, what: str, error: str) -> Check:
    return Check("yellow", code, f"{what} cannot be asked about ({error})", "look at the app and its scopes, above")


def later(code: str, what: str, error: str) -> Check:
    return Check("yellow", f"{code}{LATER}", f"{what}: Feishu gave no answer ({error})", "run it again in a minute")
