"""How card templates are compiled and run: a value can only become text, and no template runs for ever.

Three things hold by construction, for our templates and for an operator's:
- A printed value goes into a slot and never into the XML (`bot.cardxml`). Inside an attribute it is plain text,
  whatever it was; elsewhere inside a tag it does not compile (`bot.cardrules`). Mentions come from `who()` alone,
  and a template cannot put a value into a link.
- A template reads fields and calls `t`, `who`, `dept`, `range` and its own macros: nothing else.
- Every turn of a loop, every call and every sign printed costs; when the budget is spent the template fails.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, Template, Undefined, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Macro, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from bot.cardrules import Guard
from bot.cardxml import SIGNS, CardError, Slot, TooLong, read_card, sign, text_of_slot
from bot.language import Voice
from commands.chat import Card
from commands.words import Dept, Shown, Who, Words

LONGEST = 200_000
"""Signs of a card, its XML included."""
LONGEST_RANGE = 1_000
BUDGET = 4 * LONGEST
"""Signs printed, in macros and blocks too; a turn of a loop or a call counts as `STEP` of them."""
STEP = 50

_KEPT = """
    abs capitalize count d default dictsort first float int items last length list lower map max min
    reject rejectattr reverse round select selectattr sort title trim truncate unique upper
"""
FILTERS = frozenset(_KEPT.split())
"""What is left of Jinja's: nothing that makes markup (`safe`, `xmlattr`, `urlize`, `tojson`, `escape` …), nothing that
makes long text out of short (`center`, `indent`, `format`, `replace` …)."""

_RUN = "the run"
"""A name that no template can write, so that none can read what stands behind it."""


def environment(folder: Path, overrides: Path | None = None) -> ImmutableSandboxedEnvironment:
    """The templates of a folder; those of an operator's folder, if there is one, go first."""
    own = FileSystemLoader(folder)
    made = _Environment(
        loader=ChoiceLoader([FileSystemLoader(overrides), own]) if overrides else own,
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[Guard],
    )
    made.filters = {name: made.filters[name] for name in FILTERS} | _OUR_FILTERS
    made.globals = dict(_FUNCTIONS)
    return made


def card_of(template: Template, facts: Mapping[str, Any], voice: Voice) -> Card:
    """The card that a template makes of facts, without its buttons. Whatever the template does wrong is a `CardError`,
    an `ElementTree.ParseError` or a `TemplateError`."""
    run = _Run(voice)
    parts: list[str] = []
    room = LONGEST
    try:
        for part in template.root_render_func(template.new_context({**facts, _RUN: run})):
            parts.append(part)
            room -= len(part)
            if room < run.printed:
                raise TooLong(f"the card has more than {LONGEST} signs")
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise CardError(f"{type(error).__name__}: {error}") from error
    return read_card("".join(parts), run.slots)


_TOO_MUCH = "the template prints, loops or calls too much"


class _Run:
    """One rendering: whose words, the values so far, and what it has cost."""

    __slots__ = ("_left", "printed", "slots", "voice")

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.slots: list[Slot] = []
        self.printed = 0
        self._left = BUDGET

    def put(self, value: Slot) -> Markup:
        """The sign that stands for a value from now on."""
        placed = sign(len(self.slots))
        self.slots.append(value)
        length = len(value) if type(value) is str else len(text_of_slot(value))
        self.printed += length
        self._left -= length
        if self._left < 0:
            raise TooLong(_TOO_MUCH)
        return placed

    def spend(self, amount: int) -> None:
        self._left -= amount
        if self._left < 0:
            raise TooLong(_TOO_MUCH)

    def plain(self, marked: Markup) -> str:
        """The words behind markup that a template made: values for their signs, no marks, on one line."""
        text = str(marked)
        if "<" in text or "&" in text:
            text = "".join(ElementTree.fromstring(f"<x>{text}</x>").itertext())
        first = ord(sign(0))
        return " ".join(SIGNS.sub(lambda found: text_of_slot(self.slots[ord(found[0]) - first]), text).split())


# --- what templates can say ----------------------------------------------------------------------


@pass_context
def _t(context: Context, key: str, **facts: Shown) -> Markup:
    """A sentence of the catalogue: `{{ t("request.card.answer_by", due=due) }}`."""
    run: _Run = context.parent[_RUN]
    if not facts:
        return _fixed(run.voice.fixed(str(key)))
    for name, value in facts.items():
        if isinstance(value, Markup):
            facts[name] = run.plain(value)
    return run.put(run.voice.words(Words(str(key), facts)))


@lru_cache(maxsize=1024)
def _fixed(text: str) -> Markup:
    """A text of the catalogues that names no fact: a label."""
    return Markup(html.escape(text))


def _who(id: str | tuple[str, ...]) -> Shown:
    """A person by name, or a list of people."""
    return tuple(Who(one) for one in id) if isinstance(id, tuple) else Who(id)


def _dept(id: str | tuple[str, ...]) -> Shown:
    """A department by name, or a list of departments."""
    return tuple(Dept(one) for one in id) if isinstance(id, tuple) else Dept(id)


@pass_context
def _period(context: Context, start: datetime, end: datetime) -> Markup:
    """From one moment to another."""
    run: _Run = context.parent[_RUN]
    return run.put(run.voice.period(start, end))


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > LONGEST_RANGE:
        raise TooLong(f"a range of {len(found)}")
    return found


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {"t": _t, "who": _who, "dept": _dept, "period": _period, "range": _range}


@pass_context
def _finalize(context: Context, value: Any) -> str:  # Any: whatever a template prints
    """Every value that a template prints: a fact in the reader's language, in a slot. Markup stays as it is."""
    run: _Run = context.parent[_RUN]
    if type(value) is str:
        return run.put(run.voice.literal(value))
    if isinstance(value, Markup):
        run.spend(len(value))
        return value
    if isinstance(value, Undefined):
        return str(value)  # which raises
    return run.put(run.voice.shown(value))


_NOT_PLAIN = re.compile("[<&\"'\t\n\ue000-\uf8ff]|  ")


# --- what the compiler puts in -------------------------------------------------------------------


@pass_context
def _plain_text(context: Context, value: Any) -> str:  # Any: whatever a template prints
    """A value inside an attribute: its words on one line, without mentions and marks."""
    run: _Run = context.parent[_RUN]
    if isinstance(value, Markup):
        return run.put(run.plain(value)) if _NOT_PLAIN.search(value) else value
    if isinstance(value, Undefined):
        return str(value)
    return run.put(" ".join(text_of_slot(run.voice.shown(value)).split()))


@pass_context
def _counted(context: Context, values: Iterable[Any]) -> tuple[Any, ...]:  # Any: what is looped over
    found = tuple(values)
    context.parent[_RUN].spend(STEP * len(found))
    return found


@pass_context
def _concatenated(context: Context, values: list[Any]) -> str:  # Any: the parts of `a ~ b`
    context.parent[_RUN].spend(sum(len(str(value)) for value in values))
    return markup_join(_beside_markup(context, values))


def _beside_markup(context: Context, values: list[Any]) -> list[Any]:  # Any: the same
    """Values that are joined with markup become signs: in the XML they would be words of the template."""
    return [_finalize(context, v) for v in values] if any(isinstance(v, Markup) for v in values) else values


@pass_context
def _join(context: Context, values: Iterable[Any], between: str = "") -> Markup:  # Any: facts
    return Markup(escape(between)).join(_finalize(context, value) for value in _counted(context, values))


_OUR_FILTERS: dict[str, Callable[..., Any]] = {
    "plain_text": _plain_text,
    "counted": _counted,
    "concatenated": _concatenated,
    "join": _join,
}


class _OpenFields(dict[type, frozenset[str]]):
    """The fields that a template may read of a fact of each type without further questions."""

    def __missing__(self, of: type) -> frozenset[str]:
        names = (field.name for field in fields(of)) if is_dataclass(of) else ()
        found = self[of] = frozenset(name for name in names if not name.startswith("_"))
        return found


_OPEN = _OpenFields()


class _Priced(NodeTransformer):
    """Loops and concatenations go through the budget."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "counted", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "concatenated", [], [], None, None, lineno=node.lineno)


class _Code(CodeGenerator):
    """What `_finalize` gives needs no escaping: it is a sign, or markup."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(finalize.src or "")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(")" if finalize.src else "")


class _Environment(ImmutableSandboxedEnvironment):
    """Calls nothing but our functions, macros and loops; makes no long text out of short."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})
    code_generator_class = _Code

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed: nodes.Template = _Priced().visit(super()._parse(source, name, filename))
        parsed.set_environment(self)
        return parsed

    def is_safe_callable(self, obj: Any) -> bool:  # Any: whatever a template tries to call
        known = obj in _FUNCTIONS.values() if callable(obj) else False
        return known or isinstance(obj, Macro | LoopContext) or isinstance(getattr(obj, "__self__", None), LoopContext)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a fact is only a value; everything else goes the sandbox's way, which costs three times that."""
        return getattr(obj, attribute) if attribute in _OPEN[type(obj)] else super().getattr(obj, attribute)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        context.parent[_RUN].spend(STEP)
        if obj is _t or obj is _who or obj is _dept:  # the sandbox's way takes longer than the sentence
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return _t(context, *args, **kwargs) if obj is _t else obj(*args, **kwargs)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "+":
            found = super().call_binop(context, operator, *_beside_markup(context, [left, right]))
            context[_RUN].spend(len(found) if hasattr(found, "__len__") else 1)
            return found
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise SecurityError(f"'{operator}' is for numbers that stay small")
        return super().call_binop(context, operator, left, right)
