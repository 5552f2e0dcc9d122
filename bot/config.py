"""Finds the config file, reads it together with the environment, and tells everything that is wrong at once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from pydantic import ValidationError

from bot import crosschecks, environment, explain
from bot.orgfile import Org
from bot.schema import spot
from bot.settings import Settings
from bot.yamlfile import Document, Place, Problem, read, walk

EXAMPLE = "config.example.yaml"


class ConfigError(Exception):
    """The config cannot be used; each problem says where it is, what is wrong and what is allowed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.place.line == 0, p.place, p.text)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, the file they came from, and what the operator should know although the bot can start."""

    settings: Settings
    file: Path
    warnings: tuple[str, ...] = ()


def load(file: Path | None = None, env: Mapping[str, str] | None = None, *, unfinished: bool = False) -> Loaded:
    """Reads the settings. Without a file: the one that LIAISON_CONFIG names, else ./config.yaml, else the example
    that comes with the bot. `unfinished`: the secrets of a platform may still be missing. Raises `ConfigError`."""
    env = os.environ if env is None else env
    file = find(file, env)
    document = _read(file)
    warnings = environment.apply(env, document)
    settings = _validate(document, unfinished=unfinished)
    return Loaded(_with_folder(settings, file), file, (*warnings, *_warnings(settings, document, file)))


def find(file: Path | None, env: Mapping[str, str]) -> Path:
    """The config file to use."""
    if file is not None:
        return file
    if env.get("LIAISON_CONFIG"):
        return Path(env["LIAISON_CONFIG"])
    return Path("config.yaml") if Path("config.yaml").exists() else example()


def example() -> Path:
    """The example that comes with the bot: beside this module when installed, in the root of a checkout."""
    packaged = files("bot").joinpath(EXAMPLE)
    with as_file(packaged) as path:
        return path if path.exists() else Path(__file__).parent.parent / EXAMPLE


def load_org(file: Path, settings: Settings) -> Org:
    """Reads an organisation from a file of its own: the section `org`, with or without the word `org:` around it.

    Its calendars are those of the settings. Raises `ConfigError`.
    """
    document = _read(file)
    if "org" not in document.tree:
        document = _under_org(document)
    document.tree["calendars"] = {name: {} for name in settings.calendars}
    found = list(document.problems)
    org = _validated_org(document, found)
    found += crosschecks.problems_of_organisation(document)
    if found or org is None:
        raise ConfigError(found)
    return org


def _read(file: Path) -> Document:
    try:
        document = read(file.read_bytes(), str(file))
    except OSError as error:
        raise ConfigError([Problem(Place(str(file)), (), f"cannot be read: {error.strerror}")]) from None
    if any(not problem.path for problem in document.problems):
        raise ConfigError(document.problems)  # no tree to look at: anything more would be a guess
    return document


def _validate(document: Document, *, unfinished: bool) -> Settings:
    found = list(document.problems)
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(document.tree)
    except ValidationError as error:
        found += explain.problems(error, document)
    told = {problem.path for problem in found}
    crossed = crosschecks.problems(document, unfinished=unfinished)
    found += [problem for problem in crossed if problem.path not in told]
    if found or settings is None:
        raise ConfigError(found)
    return settings


def _validated_org(document: Document, found: list[Problem]) -> Org | None:
    tree = {key: value for key, value in document.tree.items() if key != "calendars"}
    try:
        return Settings.model_validate(tree).org
    except ValidationError as error:
        found += explain.problems(error, document)
        return None


def _under_org(document: Document) -> Document:
    moved = Document(document.source, {"org": document.tree})
    moved.keys = {("org", *path): place for path, place in document.keys.items()}
    moved.values = {("org", *path): place for path, place in document.values.items()}
    moved.problems = [Problem(p.place, ("org", *p.path), p.text) for p in document.problems]
    return moved


def _with_folder(settings: Settings, file: Path) -> Settings:
    """The folder of the operator's templates is meant relative to the config file, wherever the bot is started."""
    folder = settings.templates.folder
    if folder is None:
        return settings
    placed = settings.templates.model_copy(update={"folder": file.parent / folder})
    return settings.model_copy(update={"templates": placed})


def _warnings(settings: Settings, document: Document, file: Path) -> list[str]:
    found = []
    if _holds_secrets(document) and _is_readable_by_all(file):
        found.append(f"{file} holds secrets and every user of this machine can read it; run: chmod 600 {file}")
    sandbox = settings.platforms.sandbox
    if sandbox and sandbox.enabled and sandbox.clock == "manual" and len(settings.platforms.enabled) > 1:
        place = document.place_of(("platforms", "sandbox", "clock"))
        found.append(f"{place}: platforms.sandbox.clock: a manual clock stands still on the other platforms as well")
    if settings.mail is not None:
        found.append(
            f"{document.place_of(('mail',))}: mail: this version sends no mail yet; the section is kept for later"
        )
    return found


def _holds_secrets(document: Document) -> bool:
    """Whether a secret stands in the file itself, and not in the environment."""
    for path, value in walk(document.tree).items():
        here = spot(path)
        if here is None or not here.is_secret or document.place_of(path).source != document.source:
            continue
        if path != ("database",) or "@" in value:
            return True
    return False


def _is_readable_by_all(file: Path) -> bool:
    return bool(file.stat().st_mode & 0o004)
