"""Whether all card templates compile: ours, and those of an operator's folder. Each problem says file and line."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from jinja2 import TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.cardtemplates import environment

SUFFIX = ".xml.j2"


def problems(overrides: Path | None = None) -> Iterator[str]:
    """`file:line: what is wrong`; a file of the operator's that no card would ever use is one too."""
    with as_file(files("templates")) as folder:
        yield from _uncompiled(environment(folder), folder)
        if overrides is not None:
            yield from _uncompiled(environment(overrides), overrides)
            yield from _unused(overrides, {file.name for file in _cards(folder)})


def _uncompiled(made: ImmutableSandboxedEnvironment, folder: Path) -> Iterator[str]:
    for file in _cards(folder):
        try:
            made.get_template(f"cards/{file.name}")
        except TemplateSyntaxError as error:
            yield f"{file}:{error.lineno}: {error.message}"
        except (TemplateError, UnicodeDecodeError, OSError) as error:
            yield f"{file}:1: {error}"


def _unused(overrides: Path, known: set[str]) -> Iterator[str]:
    if not overrides.is_dir():
        yield f"{overrides}: there is no such folder"
    for file in sorted(overrides.rglob(f"*{SUFFIX}")):
        if file.parent != overrides / "cards":
            yield f"{file}: not used, it belongs into {overrides / 'cards'}"
        elif file.name not in known:
            yield f"{file}: not used, no card is called {file.name.removesuffix(SUFFIX)}"


def _cards(folder: Path) -> list[Path]:
    return sorted((folder / "cards").glob(f"*{SUFFIX}"))
