"""The settings as frozen values: every key of the config file, its type and its default.

A field's description says what is allowed; the error messages of `bot.config` quote it. The numbers of the rules
have their defaults in `commands.domain.policy`, and only there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, SecretStr, model_validator

from bot.feishufields import AppId, Domain
from bot.fieldtypes import (
    ClockTime,
    DatabaseUrl,
    Days,
    Hours,
    Limit,
    Moment,
    Percent,
    Secret,
    SummaryTime,
    WorkingDays,
    Zone,
    read_clock_time,
    read_hours,
)
from bot.orgfile import Org
from bot.section import WEEKDAYS, Email, Id, Language, Port, Section, WebUrl, Weekday
from bot.slackfields import ApiUrl, AppToken, BotToken, Proxy, SigningSecret, SlashCommand
from commands.domain.policy import Policy

_RULES = Policy()


class Http(Section):
    host: str = Field("127.0.0.1", min_length=1, description="the address to listen on")
    port: Port = 8080
    allow_remote: bool = False
    """The sandbox page lets everybody act as anybody: with it, other hosts than loopback need this."""


# --- platforms -----------------------------------------------------------------------------------


class Platform(Section):
    enabled: bool = True


class SandboxPlatform(Platform):
    clock: Literal["real", "manual"] = "real"
    start: Moment | None = None
    """Where a manual clock begins; None: now, or the next time at which people work."""
    history: str | None = Field(None, min_length=1, description="a file, or :memory:")
    """Where the chat is kept; None: beside the database."""


class SlackCommands(Section):
    request: SlashCommand = "/request"
    status: SlashCommand = "/task-status"
    escalate: SlashCommand = "/escalate"
    minutes: SlashCommand = "/minutes"
    all: SlashCommand = "/liaison"


class SlackPlatform(Platform):
    """Which of the secrets are needed says the mode (`bot.slackchecks`); a manifest needs none."""

    bot_token: BotToken | None = None
    app_token: AppToken | None = None
    signing_secret: SigningSecret | None = None
    mode: Literal["socket", "http"] = "socket"
    base_url: ApiUrl = "https://slack.com/api/"
    proxy: Proxy | None = None
    """None: what HTTPS_PROXY and NO_PROXY say."""
    commands: SlackCommands = SlackCommands()


class FeishuPlatform(Platform):
    """Which of the secrets are needed says the mode (`bot.feishuchecks`)."""

    app_id: AppId | None = None
    app_secret: Secret | None = None
    mode: Literal["websocket", "webhook"] = "websocket"
    domain: Domain = "https://open.feishu.cn"
    encrypt_key: Secret | None = None
    verification_token: Secret | None = None
    proxy: Proxy | None = None
    """None: what HTTPS_PROXY and NO_PROXY say."""


class DingTalkPlatform(Platform):
    client_id: str = Field(min_length=1, description="the app's AppKey")
    client_secret: Secret
    robot_code: str | None = Field(None, min_length=1)
    """None: the same as the client id, as it is for new apps."""
    openapi_endpoint: WebUrl = "https://api.dingtalk.com"
    oapi_endpoint: WebUrl = "https://oapi.dingtalk.com"


class Platforms(Section):
    sandbox: SandboxPlatform | None = None
    slack: SlackPlatform | None = None
    feishu: FeishuPlatform | None = None
    dingtalk: DingTalkPlatform | None = None

    @property
    def enabled(self) -> dict[str, Platform]:
        """The platforms that are switched on, by name."""
        found: dict[str, Platform | None] = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: platform for name, platform in found.items() if platform is not None and platform.enabled}


class Mail(Section):
    host: str = Field(min_length=1)
    port: Port = 587
    user: str | None = None
    password: Secret | None = None
    sender: Email = Field(alias="from")


# --- calendars -----------------------------------------------------------------------------------


class Overrides(Section):
    off: tuple[Days, ...] = ()
    work: tuple[Days, ...] = ()

    @property
    def days_off(self) -> frozenset[date]:
        return frozenset(day for days in self.off for day in days)

    @property
    def days_worked(self) -> frozenset[date]:
        return frozenset(day for days in self.work for day in days)

    @model_validator(mode="after")
    def _no_day_is_both(self) -> Self:
        if both := sorted(self.days_off & self.days_worked):
            raise ValueError(f"{both[0]} is both a day off and a day worked")
        return self


class Calendar(Section):
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="two capital letters, such as CN")] | None = None
    """Whose public holidays; None: none."""
    hours: tuple[Hours, ...] = Field((read_hours("09:00-18:00"),), min_length=1, description="one working time or more")
    workdays: tuple[Weekday, ...] = Field(WEEKDAYS[:5], min_length=1, description="days of mon … sun")
    timezone: Zone | None = None
    overrides: Overrides = Overrides()

    @model_validator(mode="after")
    def _hours_are_in_order(self) -> Self:
        for (_, closes), (opens, _) in zip(self.hours, self.hours[1:], strict=False):
            # Midnight at the end is 00:00: nothing of the same day comes after it.
            if closes == time(0) or opens < closes:
                raise ValueError(f"hours: the working time from {opens:%H:%M} begins before the one ahead of it ends")
        return self


# --- rules ---------------------------------------------------------------------------------------


class ResponseLimits(Section):
    urgent: Limit = _RULES.response_urgent
    normal: Limit = _RULES.response_normal


class RulingLimits(Section):
    urgent: Limit = _RULES.ruling_urgent
    normal: Limit = _RULES.ruling_normal


class SupplementLimits(Section):
    urgent: Limit = _RULES.supplement_urgent
    normal: Limit = _RULES.supplement_normal


class Reping(Section):
    every: Limit = _RULES.ruling_reping_every
    times: int = Field(_RULES.ruling_repings, ge=0, le=20, description="0 to 20")


class Reminder(Section):
    every: Limit = _RULES.reminder_every
    times: int = Field(_RULES.reminders, ge=0, le=20, description="0 to 20")


class Sla(Section):
    response: ResponseLimits = ResponseLimits()
    head_to_leadership: Limit = _RULES.to_leadership_after_head
    info: Limit = _RULES.info
    counter: Limit = _RULES.counter
    counter_lapse: Limit = _RULES.counter_lapse
    decline_lapse: Limit = _RULES.decline_lapse
    draft_lapse: Limit = _RULES.draft_lapse
    dispute: Limit = _RULES.dispute
    ruling: RulingLimits = RulingLimits()
    supplement: SupplementLimits = SupplementLimits()
    reping: Reping = Reping()
    reminder: Reminder = Reminder()
    execution: Limit = _RULES.execution
    minutes: Limit = _RULES.minutes
    confirmation: Limit = _RULES.confirmation
    confirmation_silence: Literal["deemed", "open"] = "deemed"
    acceptance: Limit = _RULES.acceptance
    acceptance_warn: Percent = _RULES.acceptance_warn_at[0]
    rework: Limit = _RULES.rework
    rating: Limit = _RULES.rating
    reopen_within: WorkingDays = _RULES.reopen_within_days
    warn_at: tuple[Percent, ...] = Field(
        _RULES.warn_at, min_length=1, description="one share or more, such as [50%, 75%]"
    )

    @model_validator(mode="after")
    def _warnings_are_in_order(self) -> Self:
        if any(after <= before for before, after in pairwise(self.warn_at)):
            raise ValueError("warn_at: each share is larger than the one before it, such as [50%, 75%]")
        return self


class Due(Section):
    warn_before: Limit = _RULES.due_warn_before
    notice_before: WorkingDays = _RULES.notice_before_days
    to_head_after: WorkingDays = _RULES.overdue_to_head_days
    to_leadership_after: WorkingDays = _RULES.overdue_to_leadership_days
    digest_at: ClockTime = read_clock_time(_RULES.digest_at)


class Checkin(Section):
    prompt_before_end: Limit = _RULES.checkin_before_end
    remind_at: Percent = _RULES.checkin_remind_at
    summary_at: SummaryTime = None
    """None, written `end`: at the end of work."""
    misses_to_head: int = Field(_RULES.checkin_misses_to_head, ge=1, le=30, description="1 to 30")


class WeeklyReport(Section):
    day: Weekday = "fri"
    at: ClockTime = read_clock_time("16:00")


class Noise(Section):
    bundle_within: Limit = _RULES.bundle_within
    direct_per_hour: int = Field(_RULES.direct_per_hour, ge=1, le=1000, description="1 to 1000")


# --- the whole -----------------------------------------------------------------------------------


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "console"] = "auto"
    """auto: lines for people on a terminal, JSON elsewhere."""


class Templates(Section):
    folder: Path | None = None
    """An operator's own card templates, looked at before the built-in ones; relative to the config file."""


class Settings(Section):
    database: DatabaseUrl = SecretStr("sqlite:///liaison.db")
    language: Language = "zh-CN"
    timezone: Zone = ZoneInfo("Asia/Shanghai")
    http: Http = Http()
    log: Log = Log()
    platforms: Platforms = Platforms()
    mail: Mail | None = None
    calendars: dict[str, Calendar] = Field({"default": Calendar(country="CN")}, min_length=1)
    sla: Sla = Sla()
    due: Due = Due()
    checkin: Checkin = Checkin()
    weekly_report: WeeklyReport = WeeklyReport()
    noise: Noise = Noise()
    templates: Templates = Templates()
    org: Org = Org()
    admins: tuple[Id, ...] = ()

    @property
    def database_url(self) -> str:
        """The URL with its password: for the driver, never for a message."""
        return self.database.get_secret_value()

    @property
    def database_shown(self) -> str:
        """The URL without its password."""
        password = urlsplit(self.database_url).password
        return self.database_url.replace(f":{password}@", ":***@") if password else self.database_url

    @property
    def sandbox_history(self) -> str:
        """The file that keeps the sandbox's chat, or `:memory:`."""
        sandbox = self.platforms.sandbox
        if sandbox is not None and sandbox.history is not None:
            return sandbox.history
        path = self.database_url.removeprefix("sqlite:///")
        if self.database_url in ("sqlite://", "sqlite:///:memory:"):
            return ":memory:"
        return str(Path(path).with_suffix(".chat.db")) if path != self.database_url else "liaison.chat.db"

    def journal(self, platform: str) -> Path | None:
        """The file that keeps a platform's events until they are done: beside the database, or in the folder where the
        bot was started when that is on a server. None: in memory, as the database is."""
        path = self.database_url.removeprefix("sqlite:///")
        if self.database_url in ("sqlite://", "sqlite:///:memory:"):
            return None
        return Path(path if path != self.database_url else "liaison.db").with_suffix(f".{platform}.events")

    def secrets(self) -> frozenset[str]:
        """Every secret value, so that logs can leave them out."""
        password = urlsplit(self.database_url).password
        inner = (secret for name in ("platforms", "mail") for secret in _secrets(getattr(self, name)))
        return frozenset(inner) | ({password} if password else set())

    def policy(self) -> Policy:
        """The numbers of the rules, as the rules want them."""
        sla, due, checkin = self.sla, self.due, self.checkin
        return Policy(
            response_urgent=sla.response.urgent,
            response_normal=sla.response.normal,
            to_leadership_after_head=sla.head_to_leadership,
            info=sla.info,
            counter=sla.counter,
            counter_lapse=sla.counter_lapse,
            decline_lapse=sla.decline_lapse,
            draft_lapse=sla.draft_lapse,
            dispute=sla.dispute,
            ruling_urgent=sla.ruling.urgent,
            ruling_normal=sla.ruling.normal,
            supplement_urgent=sla.supplement.urgent,
            supplement_normal=sla.supplement.normal,
            ruling_reping_every=sla.reping.every,
            ruling_repings=sla.reping.times,
            reminder_every=sla.reminder.every,
            reminders=sla.reminder.times,
            execution=sla.execution,
            minutes=sla.minutes,
            confirmation=sla.confirmation,
            silence_is=sla.confirmation_silence,
            acceptance=sla.acceptance,
            rework=sla.rework,
            rating=sla.rating,
            reopen_within_days=sla.reopen_within,
            warn_at=sla.warn_at,
            acceptance_warn_at=(sla.acceptance_warn,),
            due_warn_before=due.warn_before,
            notice_before_days=due.notice_before,
            overdue_to_head_days=due.to_head_after,
            overdue_to_leadership_days=due.to_leadership_after,
            digest_at=f"{due.digest_at:%H:%M}",
            checkin_before_end=checkin.prompt_before_end,
            checkin_remind_at=checkin.remind_at,
            checkin_misses_to_head=checkin.misses_to_head,
            bundle_within=self.noise.bundle_within,
            direct_per_hour=self.noise.direct_per_hour,
        )


def _secrets(value: Any) -> Iterator[str]:  # Any: walks values of every kind that a section can hold
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets(getattr(value, name))
