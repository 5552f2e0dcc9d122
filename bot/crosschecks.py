"""What one part of the config file says about another: references, double claims, platforms that are not there.

The checks read the tree as it was written, not the typed settings, so that they speak up together with the errors
of single values: everything wrong is told at once.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Iterator

from bot import feishuchecks, slackchecks
from bot.explain import did_you_mean, quoted
from bot.yamlfile import Document, Path, Problem, Tree

REFERENCES = (
    ("org.departments.*.head", "people"),
    ("org.departments.*.liaisons.*", "people"),
    ("org.leadership.chair", "people"),
    ("org.leadership.deputies.*", "people"),
    ("org.leadership.members.*", "people"),
    ("org.pmo.*", "people"),
    ("org.projects.*.manager", "people"),
    ("admins.*", "people"),
    ("org.projects.*.departments.*", "departments"),
    ("org.departments.*.calendar", "calendars"),
)
UNIQUE = (
    "org.people.*.id",
    "org.people.*.sandbox",
    "org.people.*.slack",
    "org.people.*.feishu",
    "org.people.*.dingtalk",
    "org.departments.*.id",
    "org.departments.*.feishu",
    "org.projects.*.id",
)
CHATS = ("org.departments.*.home", "org.leadership.home", "org.projects.*.chats.*")
TO_COME = {"dingtalk": "DingTalk"}
"""Platforms whose keys are there and whose adapter is not."""
TYPED_NAMES = ("org.departments.*.id", "org.departments.*.name", "org.departments.*.aliases.*")

Finding = tuple[Path, str]


def problems(document: Document, *, unfinished: bool = False) -> Iterator[Problem]:
    """Everything that does not fit together in a whole config file. `unfinished`: what a platform will give only when
    the bot was made known to it may be missing."""
    tree = document.tree
    secrets = (*_slack(tree, unfinished=unfinished), *_feishu(tree, unfinished=unfinished))
    found = (*_organisation(document), *_platforms(tree), *secrets, *_server(tree))
    for path, text in found:
        yield Problem(document.place_of(path), path, text)


def problems_of_organisation(document: Document) -> Iterator[Problem]:
    """The same for a file that holds an organisation only."""
    for path, text in _organisation(document):
        yield Problem(document.place_of(path), path, text)


def each(tree: Tree, pattern: str) -> Iterator[tuple[Path, Tree]]:
    """Every value at a pattern such as `org.departments.*.head`, with its path; wrong shapes are passed over."""
    return _each(tree, tuple(pattern.split(".")), ())


def _each(tree: Tree, steps: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Tree]]:
    if not steps:
        yield path, tree
    elif steps[0] == "*" and isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from _each(item, steps[1:], (*path, index))
    elif steps[0] == "*" and isinstance(tree, dict):
        for key, item in tree.items():
            yield from _each(item, steps[1:], (*path, key))
    elif isinstance(tree, dict) and steps[0] in tree:
        yield from _each(tree[steps[0]], steps[1:], (*path, steps[0]))


def _texts(tree: Tree, pattern: str) -> Iterator[tuple[Path, str]]:
    return ((path, value) for path, value in each(tree, pattern) if isinstance(value, str))


def _organisation(document: Document) -> Iterator[Finding]:
    tree = document.tree
    yield from _dangling(tree)
    for pattern in UNIQUE:
        yield from _claimed_twice(((path, value, ()) for path, value in _texts(tree, pattern)), document)
    yield from _claimed_twice(_names_of_departments(tree), document)
    yield from _claimed_twice(_chats(tree), document)
    yield from _nobody_rules(tree)
    yield from _unknown_countries(tree)


def _dangling(tree: Tree) -> Iterator[Finding]:
    known = {
        "people": [value for _, value in _texts(tree, "org.people.*.id")],
        "departments": [value for _, value in _texts(tree, "org.departments.*.id")],
        "calendars": [str(path[-1]) for path, _ in each(tree, "calendars.*")] or ["default"],
    }
    homes = {"people": "org.people", "departments": "org.departments", "calendars": "calendars"}
    for pattern, kind in REFERENCES:
        for path, value in _texts(tree, pattern):
            if value not in known[kind]:
                yield path, f"{quoted(value)} is not in {homes[kind]}{did_you_mean(value, known[kind])}"


def _claimed_twice(claims: Iterator[tuple[Path, str, Path]], document: Document) -> Iterator[Finding]:
    """Claims are path, what is claimed, and who claims it: the same claimant may claim a thing twice."""
    first: dict[str, tuple[Path, Path]] = {}
    for path, value, owner in claims:
        earlier, by = first.setdefault(_folded(value), (path, owner))
        if earlier != path and (by != owner or not owner):
            yield path, f"{quoted(value)} is already taken, at {document.place_of(earlier)}"


def _names_of_departments(tree: Tree) -> Iterator[tuple[Path, str, Path]]:
    """Whatever people may type for a department must mean one department only."""
    found = [(path, value, path[:3]) for pattern in TYPED_NAMES[1:] for path, value in _texts(tree, pattern)]
    ids = {value: path[:3] for path, value in _texts(tree, TYPED_NAMES[0])}
    yield from ((("org", "departments", i[2], "id"), value, i) for value, i in ids.items())
    yield from found


def _chats(tree: Tree) -> Iterator[tuple[Path, str, Path]]:
    """A chat stands for one department, one project or the leadership group: cards and `(here)` depend on it."""
    for pattern in CHATS:
        for path, home in each(tree, pattern):
            if isinstance(home, dict) and isinstance(home.get("chat"), str):
                yield path, f"{home.get('platform')}:{home['chat']}", ()


def _nobody_rules(tree: Tree) -> Iterator[Finding]:
    departments = list(each(tree, "org.departments.*"))
    if departments and not list(each(tree, "org.leadership")):
        yield ("org",), "leadership is missing: somebody has to rule when two departments do not agree"


def _unknown_countries(tree: Tree) -> Iterator[Finding]:
    asked = [(path, code) for path, code in _texts(tree, "calendars.*.country") if code != "CN"]
    if not asked:
        return
    from holidays.registry import COUNTRIES  # a quarter of a second, and most files name China

    known = sorted(names[1] for names in COUNTRIES.values())
    for path, code in asked:
        if len(code) == 2 and code.isupper() and code not in known:
            yield path, f"{quoted(code)} is no country whose holidays are known"


def _platforms(tree: Tree) -> Iterator[Finding]:
    enabled = [str(path[-1]) for path, section in each(tree, "platforms.*") if _is_enabled(section)]
    for name in enabled:
        if name in TO_COME:
            yield ("platforms", name), f"this version has no {TO_COME[name]} adapter yet; set enabled: false"
    if not enabled:
        yield ("platforms",), "no platform is switched on; the sandbox needs no account: sandbox: {enabled: true}"
    sandbox = dict(each(tree, "platforms.sandbox")).get(("platforms", "sandbox"))
    if isinstance(sandbox, dict) and "start" in sandbox and sandbox.get("clock") != "manual":
        yield ("platforms", "sandbox", "start"), "a start needs clock: manual"


def _slack(tree: Tree, *, unfinished: bool) -> Iterator[Finding]:
    section = dict(each(tree, "platforms.slack")).get(slackchecks.SECTION)
    if isinstance(section, dict):
        yield from slackchecks.names(section)
        if _is_enabled(section) and not unfinished:
            yield from slackchecks.missing_secrets(section)


def _feishu(tree: Tree, *, unfinished: bool) -> Iterator[Finding]:
    section = dict(each(tree, "platforms.feishu")).get(feishuchecks.SECTION)
    if isinstance(section, dict) and _is_enabled(section) and not unfinished:
        yield from feishuchecks.missing_secrets(section)


def _server(tree: Tree) -> Iterator[Finding]:
    http = tree.get("http")
    sandbox = [section for path, section in each(tree, "platforms.*") if path[-1] == "sandbox"]
    if not isinstance(http, dict) or not sandbox or not _is_enabled(sandbox[0]):
        return
    if not is_loopback(str(http.get("host", "localhost"))) and not is_true(http.get("allow_remote")):
        yield (
            ("http", "host"),
            f"{quoted(http['host'])} can be reached from other machines, and the sandbox page lets everybody act as "
            "anybody; use 127.0.0.1, or set http.allow_remote: true if that is meant",
        )


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_true(value: Tree) -> bool:
    return isinstance(value, str) and value.lower() in {"true", "yes", "on", "1", "t", "y"}


def _is_enabled(section: Tree) -> bool:
    return isinstance(section, dict) and is_true(section.get("enabled", "true"))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()
