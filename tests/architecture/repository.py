"""The checkout as its tests see it: the files under version control, and the documents among them."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_INDENTED = re.compile(r"^    +(\S.*)$", re.MULTILINE)


@cache
def files() -> tuple[Path, ...]:
    """What is tracked, and what would be."""
    given = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    found = (ROOT / name for name in sorted(set(given.split("\0"))) if name)
    return tuple(path for path in found if path.is_file())


@cache
def text(path: Path) -> str | None:
    """None for what is no text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def documents() -> tuple[Path, ...]:
    return tuple(path for path in files() if path.suffix == ".md")


def shown_in(document: Path) -> list[str]:
    """What a document shows as code: blocks line by line, and the words between backticks."""
    content = text(document) or ""
    blocks = [line for block in _FENCE.findall(content) for line in block.splitlines()[1:-1]]
    rest = _FENCE.sub("", content)
    return [line.strip() for line in (*blocks, *_INDENTED.findall(rest), *_INLINE.findall(rest))]
