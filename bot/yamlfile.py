"""A YAML text as a plain tree that knows where each value stood.

Only mappings, lists and texts come out: what a number or a date is, the settings decide, so that `10:30` stays a
time, `007` keeps its zeros and Norway stays `NO`. An empty value counts as not written. Anything that could
surprise is refused: double keys, tags, aliases (the laughs of a billion), tabs, more than one document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

LARGEST = 1_000_000
"""Bytes; a thousand people are a tenth of it."""

Tree = Any  # dict[str, Tree] | list[Tree] | str: recursive, and only ever walked
Path = tuple[str | int, ...]

_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")}
_NULL = "tag:yaml.org,2002:null"
_SHAPES = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was written: a file with line and column (from 1), or an environment variable."""

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and in words that can be shown."""

    place: Place
    path: Path
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {dotted(self.path)}: {self.text}" if self.path else f"{self.place}: {self.text}"


@dataclass(slots=True)
class Document:
    """The tree, the place of each key and of each value, and what was refused while reading."""

    source: str
    tree: dict[str, Tree] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place_of_key(self, path: Path) -> Place:
        return self.keys.get(path) or self.place_of(path)

    def place_of(self, path: Path) -> Place:
        """The place of a value, or of the nearest thing around it that was written."""
        while path and path not in self.values:
            if path in self.keys:
                return self.keys[path]
            path = path[:-1]
        return self.values.get(path, Place(self.source, 1, 1))


def dotted(path: Path) -> str:
    """`("org", "people", 0, "id")` as people write it: `org.people[0].id`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def read(text: bytes, source: str) -> Document:
    """Reads a whole file. Problems are collected, never raised; the tree holds what could be read."""
    document = Document(source)
    root = _compose(text, document)
    if root is None:
        return document
    if not isinstance(root, MappingNode):
        document.problems.append(Problem(_place(document, root), (), "must be a mapping of sections (name: …)"))
        return document
    document.tree = _Reader(document).mapping(root, ())
    return document


def read_value(text: str, source: str) -> tuple[Tree, list[Problem]]:
    """Reads a list or mapping written on one line, as in an environment variable."""
    document = read(b"value: " + text.encode("utf-8", "replace"), source)
    # A column inside of `value: …` would mean nothing to a reader.
    problems = [Problem(Place(source), p.path[1:], p.text) for p in document.problems]
    return document.tree.get("value"), problems


def _compose(text: bytes, document: Document) -> Node | None:
    refused = _refusal_of_bytes(text, document.source)
    if refused:
        document.problems.append(refused)
        return None
    try:
        # compose() builds no object of any class: it cannot run what a tag names.
        node: Node | None = YAML(typ="safe", pure=True).compose(text.decode("utf-8-sig"))
        return node
    except RecursionError:
        document.problems.append(Problem(Place(document.source, 1, 1), (), "is nested too deeply"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(document.source, mark.line + 1, mark.column + 1) if mark else Place(document.source, 1, 1)
        # Only what the parser says, never the line itself: it may hold a secret.
        document.problems.append(Problem(place, (), f"is not YAML: {error.problem or error.context}"))
    except YAMLError:
        line = next((i for i, row in enumerate(text.split(b"\n"), 1) if _has_control(row)), 1)
        place = Place(document.source, line, 1)
        document.problems.append(Problem(place, (), "is not YAML: this line holds a control character"))
    return None


def _refusal_of_bytes(text: bytes, source: str) -> Problem | None:
    if len(text) > LARGEST:
        return Problem(Place(source, 1, 1), (), f"is larger than {LARGEST:,} bytes; that is no config file")
    try:
        text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = text[: error.start]
        place = Place(source, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        return Problem(place, (), "is not UTF-8; save the file as UTF-8")
    return None


def _has_control(row: bytes) -> bool:
    return any(byte < 32 and byte not in b"\t\r" for byte in row) or b"\x7f" in row


def _place(document: Document, node: Node) -> Place:
    return Place(document.source, node.start_mark.line + 1, node.start_mark.column + 1)


class _Reader:
    """Walks the nodes once. A node met twice came through an alias."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._met: set[int] = set()

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Tree]:
        self.document.values[path] = _place(self.document, node)
        found: dict[str, Tree] = {}
        for key, value in node.value:
            name = self._key(key, path)
            if name is None:
                continue
            inner = (*path, name)
            if inner in self.document.keys:
                first = self.document.keys[inner].line
                self._refuse(key, inner, f"is written twice; the first is in line {first}. Keep one")
                continue
            self.document.keys[inner] = _place(self.document, key)
            read = self._value(value, inner)
            if read is not None:
                found[name] = read
        return found

    def _key(self, key: Node, path: Path) -> str | None:
        if isinstance(key, ScalarNode) and str(key.tag) in _PLAIN_TAGS:
            return str(key.value)
        self._refuse(key, path, "this key is not a plain name (merge keys and lists are not allowed here)")
        return None

    def _value(self, node: Node, path: Path) -> Tree | None:
        if id(node) in self._met:
            # The node says where the anchor stood; the key is nearer to the alias.
            place = self.document.place_of_key(path)
            self.document.problems.append(Problem(place, path, "uses an alias (*name); write the value out"))
            return None
        self._met.add(id(node))
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if str(node.tag) not in _SHAPES:
            self._refuse_tag(node, path)
            return None
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        self.document.values[path] = _place(self.document, node)
        read = [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        # An empty item keeps its place, so that the positions of the others stay true.
        return ["" if item is None else item for item in read]

    def _scalar(self, node: ScalarNode, path: Path) -> str | None:
        if str(node.tag) not in _PLAIN_TAGS:
            self._refuse_tag(node, path)
            return None
        if str(node.tag) == _NULL:
            return None
        self.document.values[path] = _place(self.document, node)
        return str(node.value)

    def _refuse_tag(self, node: Node, path: Path) -> None:
        tag = str(node.tag).removeprefix("tag:yaml.org,2002:")
        self._refuse(node, path, f"has the tag {tag!r}; tags are not allowed, write a plain value")

    def _refuse(self, node: Node, path: Path, text: str) -> None:
        self.document.problems.append(Problem(_place(self.document, node), path, text))


def walk(tree: Tree, path: Path = ()) -> Mapping[Path, str]:
    """Every text in a tree with its path."""
    if isinstance(tree, dict):
        parts = list(tree.items())
    elif isinstance(tree, list):
        parts = list(enumerate(tree))
    else:
        return {path: tree}
    return {p: text for key, inner in parts for p, text in walk(inner, (*path, key)).items()}
