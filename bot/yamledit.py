"""Changes a YAML text where it stands: every byte that is not changed stays, comments, quotes and line ends too.

ruamel's round trip was not chosen: it rewrites what is not changed, and loses a line break where a key and a list item
have comments (0.19.1). Here the parser only says where things are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from bot.yamlfile import Path

Value = str | Sequence[str]
Entry = Mapping[str, Value]

# Letters first, and nothing that means something in a list or mapping on one line. Everything else is quoted.
_PLAIN = re.compile(r"[^\W\d_][\w@./+&-]*(?: [\w@./+&-]+)*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


class Edited:
    """A text that holds one mapping, and what is to be done to it. Positions are those of the text as it was."""

    def __init__(self, before: str) -> None:
        self.before = before
        self._root: Node = YAML(typ="safe", pure=True).compose(before)
        self._edits: list[tuple[int, int, str]] = []

    def set(self, path: Path, values: Entry) -> None:
        """Writes values into the mapping at a path that is there; other keys of it stay."""
        mapping = self._node(path)
        assert isinstance(mapping, MappingNode)
        here = {str(key.value): (key, value) for key, value in mapping.value}
        for name, value in values.items():
            if name in here:
                self._replace_value(*here[name], scalar(value))
        new = [f"{key}: {scalar(value)}" for key, value in values.items() if key not in here]
        if new and mapping.flow_style:
            self._insert_into(mapping, new)
        elif new:
            indent = " " * mapping.start_mark.column
            self._insert_below(mapping, [indent + line for line in new])

    def append(self, section: str, name: str, entries: Sequence[Entry]) -> None:
        """Adds mappings to the end of the list `section.name`; makes what is not there."""
        shown = [flow(entry) for entry in entries]
        above, found = self._find((section,)), self._find((section, name))
        if isinstance(found, SequenceNode) and found.value:
            self._append_to(found, shown)
        elif found is not None:
            key = self._key((section, name))
            self._replace(found, "")
            self._insert_below(key, _items(shown, key.start_mark.column + 2))
        elif isinstance(above, MappingNode) and above.value:
            indent = above.value[0][0].start_mark.column
            self._insert_below(above, [f"{' ' * indent}{name}:", *_items(shown, indent + 2)])
        else:
            self._make(section, name, shown)

    @property
    def after(self) -> str:
        """The text with everything done. Raises whatever the parser raises where that cannot be read any more."""
        text = self.before
        for start, end, new in sorted(self._edits, key=lambda edit: edit[0], reverse=True):
            text = text[:start] + new + text[end:]
        return text

    # --- inside ---

    def _append_to(self, found: SequenceNode, shown: Sequence[str]) -> None:
        if found.flow_style:
            self._insert_into(found, shown)
        else:
            self._insert_below(found, _items(shown, found.start_mark.column))

    def _make(self, section: str, name: str, shown: Sequence[str]) -> None:
        """The section is missing, or empty."""
        lines = [f"  {name}:", *_items(shown, 4)]
        if (found := self._find((section,))) is not None:
            self._replace(found, "")
            self._insert_below(self._key((section,)), lines)
            return
        end = len(self.before.rstrip())
        self._edits.append((end, end, self._lines([f"{section}:", *lines])))

    def _insert_into(self, collection: MappingNode | SequenceNode, parts: Sequence[str]) -> None:
        """Behind the last value, which is there: what stands between it and the bracket may be a comment."""
        last = collection.value[-1]
        at = _end(last[1] if isinstance(collection, MappingNode) else last)
        self._edits.append((at, at, "".join(f", {part}" for part in parts)))

    def _insert_below(self, node: Node, lines: Sequence[str]) -> None:
        """After the line on which the node ends."""
        end = self.before.find("\n", _end(node))
        end = len(self.before) if end < 0 else end - self.before[:end].endswith("\r")
        self._edits.append((end, end, self._lines(lines)))

    def _lines(self, lines: Sequence[str]) -> str:
        break_ = "\r\n" if "\r\n" in self.before else "\n"
        return "".join(break_ + line for line in lines)

    def _replace_value(self, key: Node, node: Node, new: str) -> None:
        """A list may begin below its key, in the same column; what takes its place stands beside the key, or, where a
        comment does, further in."""
        start, between = node.start_mark.index, self.before[key.end_mark.index : node.start_mark.index]
        if "\n" in between and between.strip() == ":":
            start, new = key.end_mark.index, f": {new}"
        elif "\n" in between:
            new = " " * max(key.start_mark.column + 2 - node.start_mark.column, 0) + new
        self._edits.append((start, _end(node), new))

    def _replace(self, node: Node, new: str) -> None:
        self._edits.append((node.start_mark.index, _end(node), new))

    def _find(self, path: Path) -> Node | None:
        try:
            return self._node(path)
        except KeyError:
            return None

    def _node(self, path: Path) -> Node:
        node = self._root
        for step in path:
            node = node.value[step] if isinstance(step, int) else self._pair(node, step)[1]
        return node

    def _key(self, path: Path) -> Node:
        return self._pair(self._node(path[:-1]), str(path[-1]))[0]

    @staticmethod
    def _pair(node: Node | None, name: str) -> tuple[Node, Node]:
        for key, value in node.value if isinstance(node, MappingNode) else ():
            if key.value == name:
                return key, value
        raise KeyError(name)


def scalar(value: Value) -> str:
    """A text, or a list of texts, as it stands on one line."""
    if not isinstance(value, str):
        return f"[{', '.join(map(scalar, value))}]"
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


def flow(entry: Entry) -> str:
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in entry.items()) + "}"


def _items(shown: Sequence[str], indent: int) -> list[str]:
    return [f"{' ' * indent}- {item}" for item in shown]


def _end(node: Node) -> int:
    """Where the last thing in it ends: the mark of a block's end is at what comes after it."""
    if not isinstance(node, MappingNode | SequenceNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(node, MappingNode) else last)
