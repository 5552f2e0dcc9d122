"""The commented example with a platform's section alive, and in it what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_LINE = re.compile(r"  #   (?P<key>\w+): \S+\s*(?P<comment>.*)")


def switched_on(example: str, platform: str, values: Mapping[str, str]) -> str:
    """The text with `platforms.<platform>` no comment any more. `values` are YAML, by key; the other keys stay
    comments, within the section."""
    block = re.compile(rf"^  # {platform}:.*\n(?:  #   .*\n)+", re.MULTILINE)
    return block.sub(lambda found: "".join(_alive(found[0].splitlines(), platform, values)), example, count=1)


def _alive(block: Sequence[str], platform: str, values: Mapping[str, str]) -> Iterator[str]:
    """A line whose key has a value loses its sign; the others stay."""
    yield f"{block[0].replace(f'# {platform}:', f'{platform}:  ', 1)}\n"
    for line in block[1:]:
        found = _LINE.match(line)
        if found and found["key"] in values:
            shown = f"    {found['key']}: {values[found['key']]}"
            yield f"{shown:<35} {found['comment']}".rstrip() + "\n"
        else:
            yield f"    # {line.removeprefix('  #').lstrip(' #')}\n"
