"""How card templates are compiled and run: a value can only become text, and no template runs for ever.

Three things hold by construction, for our templates and for an operator's:
- A printed value is escaped. Inside an attribute it is plain text, whatever it was; elsewhere inside a tag it does
  not compile. Mentions come from `who()` alone, and a template cannot put a value into a link.
- A template reads fields and calls `t`, `who`, `dept`, `range` and its own macros: nothing else.
- Every turn of a loop, every call and every sign printed costs; when the budget is spent the template fails.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, Template, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context, LoopContext, Macro, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from adapters.plain import clean
from bot.language import Voice, harmless
from commands.chat import RichText, Span, SpanKind
from commands.words import Dept, Shown, Who, Words

LONGEST = 200_000
"""Signs of a card's XML."""
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
STATEMENTS = frozenset({"for", "if", "elif", "else", "endfor", "endif", "set", "endset", "macro", "endmacro"})
"""A template is one file that escapes always: no `include`, no `extends`, no switch for escaping."""
ATTRIBUTES = frozenset({"label", "alt", "src", "tone"})
"""Where a value may be printed. Not in `href`: user text cannot become a link."""

# Names that no template can write, so that none can read what stands behind them.
_VOICE, _SPENT = "the voice", "the budget"


class CardError(Exception):
    """A template gave something that is not a card."""


class TooLong(CardError):
    """The card, or the way to it."""


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
        extensions=[_Guard],
    )
    made.filters = {name: made.filters[name] for name in FILTERS} | _OUR_FILTERS
    made.globals = dict(_FUNCTIONS)
    return made


def fill(template: Template, facts: Mapping[str, Any], voice: Voice) -> str:
    """The XML of a card. Whatever the template does wrong is a `CardError` or a `TemplateError`."""
    parts: list[str] = []
    length = 0
    try:
        for part in template.generate({**facts, _VOICE: voice, _SPENT: _Spent()}):
            parts.append(part)
            length += len(part)
            if length > LONGEST:
                raise TooLong(f"the card has more than {LONGEST} signs")
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise CardError(f"{type(error).__name__}: {error}") from error
    return harmless("".join(parts))


class _Spent:
    """What a rendering has cost so far."""

    def __init__(self) -> None:
        self._left = BUDGET

    def spend(self, amount: int) -> None:
        self._left -= amount
        if self._left < 0:
            raise TooLong("the template prints, loops or calls too much")


# --- what templates can say ----------------------------------------------------------------------


@pass_context
def _t(context: Context, key: str, **facts: Shown) -> Markup:
    """A sentence of the catalogue: `{{ t("request.card.answer_by", due=due) }}`."""
    voice: Voice = context.parent[_VOICE]
    return _markup(voice.words(Words(str(key), facts))) if facts else _fixed(voice.fixed(str(key)))


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


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > LONGEST_RANGE:
        raise TooLong(f"a range of {len(found)}")
    return found


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {"t": _t, "who": _who, "dept": _dept, "range": _range}


@pass_context
def _finalize(context: Context, value: Any) -> Any:  # Any: whatever a template prints
    """Every value that a template prints: a fact in the reader's language, escaped. Markup stays as it is."""
    if isinstance(value, Undefined):
        return value
    given = context.parent
    if type(value) is str:
        text = Markup(html.escape(given[_VOICE].literal(value)))
    else:
        text = value if isinstance(value, Markup) else _markup(given[_VOICE].fact(value))
    given[_SPENT].spend(len(text))
    return text


def _markup(spans: RichText) -> Markup:
    return Markup("".join([_element(span) for span in spans]))


def _element(span: Span) -> str:
    """The one place where a text becomes XML. Of `html`, because each `Markup` operation costs a microsecond."""
    text = html.escape(span.text)
    if span.kind is SpanKind.TEXT:
        return text
    if span.kind is SpanKind.PERSON:
        ping = ' ping="yes"' if span.ping else ""
        return f'<at id="{html.escape(span.person or "")}"{ping}>{text}</at>'
    return f"<b>{text}</b>" if span.kind is SpanKind.BOLD else text


# --- what the compiler puts in -------------------------------------------------------------------


@pass_context
def _plain_text(context: Context, value: Any) -> Any:  # Any: whatever a template prints
    """A value inside an attribute: its words on one line, without mentions and marks."""
    if isinstance(value, Undefined):
        return value
    marked = value if isinstance(value, Markup) else _markup(context.parent[_VOICE].fact(value))
    if "<" not in marked:
        return " ".join((marked.unescape() if "&" in marked else str(marked)).split())
    return " ".join("".join(ElementTree.fromstring(clean(f"<x>{marked}</x>")).itertext()).split())


@pass_context
def _counted(context: Context, values: Iterable[Any]) -> tuple[Any, ...]:  # Any: what is looped over
    found = tuple(values)
    context.parent[_SPENT].spend(STEP * len(found))
    return found


@pass_context
def _concatenated(context: Context, values: list[Any]) -> str:  # Any: the parts of `a ~ b`
    context.parent[_SPENT].spend(sum(len(str(value)) for value in values))
    return markup_join(values)


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


class _Environment(ImmutableSandboxedEnvironment):
    """Calls nothing but our functions, macros and loops; makes no long text out of short."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

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
        context.parent[_SPENT].spend(STEP)
        if obj is _t or obj is _who or obj is _dept:  # the sandbox's way takes longer than the sentence
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return _t(context, *args, **kwargs) if obj is _t else obj(*args, **kwargs)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "+":
            found = super().call_binop(context, operator, left, right)
            context[_SPENT].spend(len(found) if hasattr(found, "__len__") else 1)
            return found
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise SecurityError(f"'{operator}' is for numbers that stay small")
        return super().call_binop(context, operator, left, right)


# --- what does not compile -----------------------------------------------------------------------

_NAME = re.compile(r"[\w:-]+")
_LAST_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*$")


class _Guard(Extension):
    """Follows the XML while Jinja reads the template, and knows for each printed value where it stands."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        place = _Place(stream)
        for token in stream:
            if token.type == "data":
                place.read(token)
            elif token.type == "block_begin":
                place.check_statement(stream.current)
            elif token.type == "variable_begin" and place.needs_plain_text(token):
                yield token
                yield Token(token.lineno, "lparen", "(")
                continue
            elif token.type == "variable_end" and place.quote:
                for kind, sign in (("rparen", ")"), ("pipe", "|"), ("name", "plain_text")):
                    yield Token(token.lineno, kind, sign)
            yield token


class _Place:
    """Where in the XML the reading stands: between tags, in a tag, or in a quoted attribute of it."""

    def __init__(self, stream: TokenStream) -> None:
        self._stream = stream
        self._tag: str | None = None
        self.quote = ""

    def read(self, token: Token) -> None:
        for sign in token.value:
            if self._tag is None:
                self._tag = "" if sign == "<" else None
            elif self.quote:
                self.quote = "" if sign == self.quote else self.quote
            elif sign == ">":
                self._check_tag(token)
                self._tag = None
            else:
                self.quote = sign if sign in "\"'" else ""
                self._tag += sign
                if self._tag[0] in "!?":
                    self._fail(token, "comments, declarations and CDATA have no place in a card")

    def needs_plain_text(self, token: Token) -> bool:
        """Whether the value that begins here stands in an attribute. Refuses it where no value may stand."""
        if self._tag is None:
            return False
        if not self.quote:
            self._fail(token, "a value stands in an element or in a quoted attribute")
        attribute = _LAST_ATTRIBUTE.search(self._tag[:-1])
        if attribute is None or attribute[1] not in ATTRIBUTES:
            self._fail(token, f"a value may only be printed in {', '.join(sorted(ATTRIBUTES))}")
        return True

    def check_statement(self, token: Token) -> None:
        if token.value not in STATEMENTS:
            self._fail(token, f"'{token.value}' is not for card templates")

    def _check_tag(self, token: Token) -> None:
        name = _NAME.match(self._tag or "")
        if name and name[0] == "at":
            self._fail(token, "people are mentioned with who()")

    def _fail(self, token: Token, message: str) -> None:
        raise TemplateSyntaxError(message, token.lineno, self._stream.name, self._stream.filename)
