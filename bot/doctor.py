"""Looks the bot over and says what it finds. Checks take values and return findings: no printing, no clock of their
own, so that the command line, /readyz and `/status doctor` share them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

from bot.finding import Finding, green, red, yellow
from bot.orgfile import directory as directory_of
from bot.settings import Settings
from commands.domain.people import Directory
from commands.domain.policy import Policy
from commands.domain.worktime import WorkCalendar

PACKAGES = ("bot", "adapters", "commands", "storage", "templates")
WRITTEN = date(2026, 1, 1)
"""No working clock shows an earlier day than the one this program was written on."""
FIND_BY_EMAIL = frozenset({"slack", "feishu"})
"""The platforms that look people up by their e-mail address."""
TIGHT, FULL = 1_000_000_000, 100_000_000
"""Bytes left on the disk of the database: below the first somebody should look, below the second it will stop."""


def examine(
    settings: Settings,
    *,
    now: datetime,
    warnings: Iterable[str] = (),
    calendars: Mapping[str, WorkCalendar],
    directory: Directory | None = None,
    templates: Callable[[], Iterable[str]] | None = None,
) -> list[Finding]:
    """Everything that can be looked at without sending a message. The directory is the one in the database where
    there is one, else what the config file says."""
    people = directory if directory is not None else directory_of(settings.org, settings.admins)
    platforms = frozenset(settings.platforms.enabled)
    today = now.astimezone(settings.timezone).date()
    return [
        *configuration(warnings),
        *packages(),
        *database(settings),
        *clock(now),
        *calendar_data(calendars, today),
        *departments(people, platforms, today),
        *leadership(people, platforms, today),
        *chats(people),
        *administrators(people, platforms),
        *disk(settings),
        *(compiled_templates(templates()) if templates is not None else ()),
    ]


def configuration(warnings: Iterable[str]) -> list[Finding]:
    found = [yellow("config.warning", text, "if that is not meant, change it", text=text) for text in warnings]
    return found or [green("config", "the config file is valid")]


def packages() -> list[Finding]:
    """Our five packages have common names: another distribution may have put its own over one of them."""
    homes = {name: _home_of(name) for name in PACKAGES}
    strangers = sorted(name for name, home in homes.items() if home != homes["bot"])
    if not strangers:
        return [green("packages", "all five packages come from one place")]
    names = ", ".join(strangers)
    fix = "install the bot into an environment of its own"
    return [red("packages.strange", f"another distribution has taken the place of: {names}", fix, names=names)]


def database(settings: Settings) -> list[Finding]:
    from storage.errors import StorageError
    from storage.migrate import Schema, check

    try:
        state = check(settings.database_url)
    except StorageError as error:
        return [red("database.unusable", f"{settings.database_shown}: {error}", "see the message", reason=str(error))]
    if state is Schema.AT_HEAD:
        return [green("database", f"{settings.database_shown} is up to date")]
    if state is Schema.UNKNOWN:
        fix = "use the version of the bot that made it, or restore a backup: liaison db restore FILE"
        return [red("database.unknown", f"{settings.database_shown} is newer than this bot, or not its own", fix)]
    fix = "it is brought up to date at the next start, or by: liaison db upgrade"
    return [yellow("database.behind", f"{settings.database_shown} is {state}", fix, state=str(state))]


def clock(now: datetime) -> list[Finding]:
    if now.date() < WRITTEN:
        fix = "set the clock of this machine, best by NTP"
        return [red("clock", f"this machine believes it is {now:%Y-%m-%d}", fix, day=f"{now:%Y-%m-%d}")]
    return [green("clock", f"the clock shows {now:%Y-%m-%d %H:%M} UTC")]


def calendar_data(calendars: Mapping[str, WorkCalendar], today: date) -> list[Finding]:
    """Holidays are published year by year; the end of what is known is told some weeks ahead, for it always
    comes as a surprise in January."""
    soon = today + timedelta(days=Policy().calendar_warn_days)
    return [
        _calendar(name, calendar, next((year for year in (today.year, soon.year) if not calendar.is_known(year)), None))
        for name, calendar in calendars.items()
    ]


def departments(people: Directory, platforms: frozenset[str], today: date) -> list[Finding]:
    """Who answers for each department today, and where it can be reached."""
    found = [finding for id in people.departments for finding in _department(people, id, platforms, today)]
    if not people.departments:
        return [yellow("department.none", "there is no department yet", "add departments to org in the config file")]
    return found or [green("departments", "every department has a liaison, a head and a home chat that can be reached")]


def leadership(people: Directory, platforms: frozenset[str], today: date) -> list[Finding]:
    """Whether somebody can rule in every dispute that may come."""
    if not people.departments:
        return []
    found = [*_chair(people, platforms, today), *_disputes_without_judge(people, platforms)]
    if people.leadership_chat() is None:
        fix = "give org.leadership a home, or /status bind in its chat"
        found.append(yellow("leadership.chat", "the leadership group has no chat", fix))
    return found or [green("leadership", "the leadership group is complete")]


def chats(people: Directory) -> list[Finding]:
    """Where the bot was heard before and cannot speak any more."""
    lost = [binding for binding in people.bindings.values() if binding.active and binding.lost]
    fix = "invite the bot again, or /status bind in another chat; it is tried again by itself"
    found = [
        red("chat.lost", f"{b.address} ({b.kind} {b.target}): {b.lost}", fix, chat=b.address, reason=b.lost or "")
        for b in lost
    ]
    return found or [green("chats", "no chat is known to be lost")]


def administrators(people: Directory, platforms: frozenset[str]) -> list[Finding]:
    if any(_is_reachable(people, person, platforms) for person in people.admins):
        return [green("admins", "an administrator can be reached")]
    fix = "name somebody in admins who has an id on a platform"
    return [yellow("admins.none", "no administrator can be reached: alarms would go nowhere", fix)]


def disk(settings: Settings) -> list[Finding]:
    """The room beside a SQLite database; a server looks after its own."""
    path = settings.database_url.removeprefix("sqlite:///")
    if path == settings.database_url or path in ("", ":memory:"):
        return []
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        return [red("disk.folder", f"the folder {folder} does not exist", f"mkdir -p {folder}", folder=str(folder))]
    free = shutil.disk_usage(folder).free
    message = f"{free / 1e9:.1f} GB are free in {folder}"
    if free >= TIGHT:
        return [green("disk", message)]
    level = red if free < FULL else yellow
    return [level("disk.tight", message, "make room, or move the database", free=f"{free / 1e9:.1f} GB")]


def compiled_templates(problems: Iterable[str]) -> list[Finding]:
    found = [red("templates.broken", text, "mend the template in templates.folder", text=text) for text in problems]
    return found or [green("templates", "all card templates compile")]


def _home_of(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent.parent if spec is not None and spec.origin else None


def _calendar(name: str, calendar: WorkCalendar, unknown: int | None) -> Finding:
    if unknown is None:
        return green("calendar", f"calendar {name}: the days off are known", calendar=name)
    message = f"calendar {name}: the days off of {unknown} are not published here; weekdays are taken as worked"
    fix = f"update the package holidays, or write the days to calendars.{name}.overrides"
    return yellow("calendar.unknown", message, fix, calendar=name, year=str(unknown))


def _department(people: Directory, id: str, platforms: frozenset[str], today: date) -> Iterator[Finding]:
    name = people.departments[id].name
    facts = {"department": name}
    if not any(_is_reachable(people, person, platforms) for person in people.liaisons(id, today)):
        fix = (
            "name a liaison with an id on a platform (or an e-mail address that Slack or Feishu knows), or end a leave"
        )
        yield red("department.liaison", f"{name}: no liaison can be reached today", fix, **facts)
    head = people.head(id, today)
    if head is None or not _is_reachable(people, head, platforms):
        fix = "name a head with an id on a platform; overdue work climbs to the head"
        yield yellow("department.head", f"{name}: the head cannot be reached", fix, **facts)
    home = people.home_of(id)
    if home is None or home.partition(":")[0] not in platforms:
        fix = "give it a home on a platform that is switched on, or /status bind in its chat"
        yield yellow("department.home", f"{name}: no home chat that can be reached", fix, **facts)


def _chair(people: Directory, platforms: frozenset[str], today: date) -> Iterator[Finding]:
    chair = people.leadership.chair
    stand_in = people.stands_for(chair, today) if chair else None
    if stand_in is None or not _is_reachable(people, stand_in, platforms):
        fix = "name a chair with an id on a platform in org.leadership"
        yield red("leadership.chair", "the chair of the leadership group cannot be reached", fix)


def _disputes_without_judge(people: Directory, platforms: frozenset[str]) -> Iterator[Finding]:
    """Parties abstain: of two departments at odds, a member must belong to neither."""
    judges = [person for person in people.leadership.everyone if _is_reachable(people, person, platforms)]
    for one, other in combinations(people.departments, 2):
        if all({one, other} & set(people.departments_of(judge)) for judge in judges):
            names = f"{people.departments[one].name} – {people.departments[other].name}"
            fix = "add a member of a third department, or of none, to org.leadership"
            yield yellow(
                "leadership.parties", f"{names}: every member of leadership is a party", fix, departments=names
            )


def _is_reachable(people: Directory, person: str, platforms: frozenset[str]) -> bool:
    """Here, or as soon as a platform that finds people by e-mail has looked."""
    known = people.people.get(person)
    if known is None or not known.active:
        return False
    return bool(platforms & set(known.identities)) or (known.email is not None and bool(platforms & FIND_BY_EMAIL))
