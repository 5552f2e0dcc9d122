"""The environment over the file: `LIAISON_HTTP__PORT=80`, and `…_FILE` for what is kept in a secret's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from errno import EFBIG
from itertools import pairwise
from pathlib import Path as FilePath

from bot.schema import ROOT, Spot, keys, spot
from bot.settings import Settings
from bot.yamlfile import Document, Path, Place, Problem, Tree, read_value

PREFIX = "LIAISON_"
LARGEST_SECRET = 64 * 1024
"""Bytes: more is no secret, but the wrong file."""
NOT_SETTINGS = {"LIAISON_CONFIG", "LIAISON_CRASH_AT"}


_INDEX = re.compile(r"[0-9]{1,6}")


def apply(env: Mapping[str, str], document: Document) -> list[str]:
    """Writes what the environment says over the document's tree; returns warnings. Problems go to the document."""
    warnings: list[str] = []
    for name in sorted(name for name in env if name.startswith(PREFIX) and name not in NOT_SETTINGS):
        if _is_meant(name):
            _override(name, env[name], env, document)
        elif near := get_close_matches(name.removeprefix(PREFIX).lower(), Settings.model_fields, n=1):
            warnings.append(f"{name} is no setting and was ignored; did you mean {PREFIX}{near[0].upper()}?")
    return warnings


def variable(path: Path) -> str:
    """The environment variable of a key."""
    return PREFIX + "__".join(str(step).upper() for step in path)


def _is_meant(name: str) -> bool:
    """Names that merely begin alike are left alone: Kubernetes adds LIAISON_SERVICE_HOST and its like by itself."""
    rest = name.removeprefix(PREFIX).lower()
    return "__" in rest or rest.removesuffix("_file") in Settings.model_fields or rest in Settings.model_fields


def _override(name: str, value: str, env: Mapping[str, str], document: Document) -> None:
    place = Place(name)
    path, here = _find(name.removeprefix(PREFIX), document.tree)
    if here is None and name.endswith("_FILE"):
        path, here = _find(name.removeprefix(PREFIX).removesuffix("_FILE"), document.tree)
        if here is not None and here.is_secret:
            if name.removesuffix("_FILE") in env:
                text = f"is set by this and by {name.removesuffix('_FILE')}; keep one"
                document.problems.append(Problem(place, path, text))
                return
            _set_from_file(value, path, place, document)
            return
        if here is not None:
            document.problems.append(Problem(place, path, "only secrets can be read from a file"))
            return
    if here is None:
        document.problems.append(Problem(place, (), f"is no setting{_hint(name)}"))
        return
    _set(path, _read(value, here, place, document), place, document)


def _find(name: str, tree: Tree) -> tuple[Path, Spot | None]:
    """The path that a variable names; the names of calendars are matched without regard to case."""
    path: Path = ()
    here: Spot | None = ROOT
    for part in name.lower().split("__"):
        step: str | int = int(part) if _INDEX.fullmatch(part) and here is not None and here.is_list else part
        if isinstance(tree, dict):
            step = next((key for key in tree if key.lower() == part), step)
        path = (*path, step)
        here = spot(path)
        tree = _inside(tree, step)
    return path, here


def _read(value: str, here: Spot, place: Place, document: Document) -> Tree:
    if here.is_value:
        return value
    if here.is_list and not value.strip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    tree, problems = read_value(value, place.source)
    document.problems += problems
    return tree


def _set_from_file(file: str, path: Path, place: Place, document: Document) -> None:
    try:
        with FilePath(file).open("rb") as opened:
            content = opened.read(LARGEST_SECRET + 1)
        if len(content) > LARGEST_SECRET:
            raise OSError(EFBIG, f"larger than {LARGEST_SECRET} bytes")
        _set(path, content.decode("utf-8").rstrip("\r\n"), place, document)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        document.problems.append(Problem(place, path, f"the file {file!r} cannot be read: {reason}"))


def _set(path: Path, value: Tree, place: Place, document: Document) -> None:
    at: Tree = document.tree
    for step, following in pairwise(path):
        if isinstance(at, list) and isinstance(step, int) and step == len(at):
            at.append([] if isinstance(following, int) else {})
        elif isinstance(at, dict):
            at.setdefault(step, [] if isinstance(following, int) else {})
        at = _inside(at, step)
    last = path[-1]
    if isinstance(at, dict):
        at[str(last)] = value
    elif isinstance(at, list) and isinstance(last, int) and last <= len(at):
        at[last : last + 1] = [value]
    else:
        document.problems.append(Problem(place, path, "there is nothing at this place to change"))
        return
    for written in [p for p in document.values if p[: len(path)] == path]:
        del document.values[written]
    document.values[path] = document.keys[path] = place


def _inside(tree: Tree, step: str | int) -> Tree:
    if isinstance(tree, dict):
        return tree.get(step)
    if isinstance(tree, list) and isinstance(step, int) and step < len(tree):
        return tree[step]
    return None


def _hint(name: str) -> str:
    """The nearest key, where one step of the name is misspelt."""
    path: Path = ()
    for part in name.removeprefix(PREFIX).lower().split("__"):
        here = spot(path)
        if here is not None and here.is_value:
            return f"; {variable(path)} is one value"
        if here is None or here.section is None:
            path = (*path, 0 if here is not None and here.is_list else part)
            continue
        known = keys(here.section)
        near = [part] if part in known else get_close_matches(part, known, n=1)
        if not near:
            return f"; known here: {', '.join(known)}"
        path = (*path, near[0])
    return f"; did you mean {variable(path)}?"
