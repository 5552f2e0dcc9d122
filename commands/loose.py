"""What has no key: fields found by their words, by what kind of thing a piece is, and prose for the rest."""

from __future__ import annotations

import re

from commands.errors import Refused
from commands.filling import LONGEST_RUN, MOST_TRIES, Filling
from commands.inputs import Kind
from commands.lexicon import closest, fold, starts_with_word
from commands.line import LONGEST_WORD
from commands.names import Target
from commands.route import fits
from commands.tokens import Token, TokenKind
from commands.values import DATED, LONGEST_TEXT, MANY, PROSE

_PLAIN = frozenset({Kind.PERSON, Kind.DEPARTMENT, Kind.DAYS, Kind.MOMENT})
"""Kinds that are recognised without any mark, even beside prose."""

_SAYS_BY = re.compile(r"(?:之前|以前|前|为止)$|^(?:by|before|due|until|截止)\b", re.IGNORECASE)
"""A deadline, and not a day that is only talked about."""

_LONGEST_CHOICE = 4

LOOKED_AT = 400
"""Pieces among which a field's word without a colon is looked for: a long text behind them is prose."""


def read_loose(f: Filling) -> Refused | None:
    """Fills what keys have left open. Refuses words that have no place anywhere."""
    _named(f)
    _choices(f)
    _mentions(f)
    _references(f)
    _placed_by_kind(f)
    _numbers(f)
    _closing_date(f)
    return _prose(f)


def _named(f: Filling) -> None:
    """A field's word without a colon, if a value of its kind follows: `期望 下周三之前`, `by 30 Sep`."""
    at = 0
    while at < min(len(f.line), LOOKED_AT) and f.tries < MOST_TRIES:
        if f.line.kind(at) is TokenKind.WORD and not _spelled_out(f, at):
            _grown_together(f, at)
        at += 1


def _spelled_out(f: Filling, at: int) -> bool:
    for count in (3, 2, 1):
        name = f.words.get(f.line.phrase(at, count))
        if name is None or f.ask(name).kind in PROSE or not f.is_open(name):
            continue
        start = at + count
        end = f.longest(name, start) or (f.wrong(name, start) if f.ask(name).kind in DATED else 0)
        if end:
            f.line.take(at, start)
            f.give(name, start, end)
            return True
    return False


def _grown_together(f: Filling, at: int) -> None:
    """`期望下周三之前`, in one word."""
    token = f.line.tokens[at]
    if token.text[:1].isascii():
        return
    word = starts_with_word(fold(token.text[:LONGEST_WORD]), f.words)
    if not word or word.isascii() or len(token.text) <= len(word):
        return
    name = f.words[word]
    if f.ask(name).kind in PROSE or not f.is_open(name):
        return
    cut = token.start + len(word)
    rest = Token(TokenKind.WORD, f.line.text[cut : token.end], cut, token.end)
    f.line.replace(at, Token(TokenKind.WORD, word, token.start, cut, token.glued), rest)
    if end := f.longest(name, at + 1):
        f.line.take(at, at + 1)
        f.give(name, at + 1, end)
    else:
        f.line.tokens[at : at + 2] = [token]
        f.line.used[at : at + 2] = [False]


def _choices(f: Filling) -> None:
    bare = [name for name, asked in f.verb.asks.items() if asked.bare]
    for at in f.line.free():
        for name in bare:
            if f.is_open(name) and (end := _choice_at(f, name, at)):
                f.put(name, f.line.word(at) if end == at + 1 else f.said(at, end))
                f.line.take(at, end)
                break


def _choice_at(f: Filling, name: str, at: int) -> int:
    """Where a choice that begins here ends; 0 if none does. One that names a department may be two words, and the
    reason may follow it with a colon: `支持 市场部：合同在先`."""
    word, openings = f.line.word(at), f.setting.lexicon.openings.get((f.verb.id, name))
    if f.line.kind(at) is not TokenKind.WORD and not (openings and f.line.kind(at) is TokenKind.KEY):
        return 0
    if openings and starts_with_word(word, openings):
        return f.longest(name, at, most=_LONGEST_CHOICE)
    return at + 1 if f.setting.lexicon.choice(f.verb.id, name, word) else 0


def _mentions(f: Filling) -> None:
    for at in f.line.free(TokenKind.MENTION):
        token = f.line.tokens[at]
        targets = _targets(f, token)
        name = _place_for(f, targets)
        if name:
            _mention(f, name, targets, token)
            f.line.take(at, at + 1)


def _targets(f: Filling, token: Token) -> tuple[Target, ...]:
    known = f.by_id(token)
    if known:
        return (known,)
    if f.setting.me and fold(token.text) in f.setting.lexicon.mine:
        return (Target("person", f.setting.me),)
    return f.setting.names.meant(token.text or token.id)


def _place_for(f: Filling, targets: tuple[Target, ...]) -> str | None:
    """The field that a mention fills: a person's first for a person, a department's for a department,
    and what is required before what is not (who comes to a meeting, before who chairs it)."""
    person, department = (Kind.PERSON, Kind.PEOPLE), (Kind.DEPARTMENT, Kind.DEPARTMENTS)
    kinds = department if any(t.kind == "department" for t in targets) else (*person, *department)
    places = [n for kind in kinds for n, a in f.verb.asks.items() if a.kind is kind and (f.is_open(n) or kind in MANY)]
    return next((name for name in places if f.ask(name).required), next(iter(places), None))


def _mention(f: Filling, name: str, targets: tuple[Target, ...], token: Token) -> None:
    said = token.text or token.id
    if len(targets) != 1:
        f.put(name, said)
        return
    wants_department = f.ask(name).kind in (Kind.DEPARTMENT, Kind.DEPARTMENTS)
    f.raw[name] = said
    try:
        same = (targets[0].kind == "department") == wants_department
        found = targets[0].id if same else f.setting.names.department_of(targets[0].id)
    except Refused as problem:
        f.problems[name] = problem
    else:
        f.set(name, (found,) if f.ask(name).kind in MANY else found)


def _references(f: Filling) -> None:
    for at in f.line.free(TokenKind.REF):
        ref = f.line.tokens[at].text
        name = next((n for n in f.open_of(Kind.REF) if fits(f.ask(n), ref)), None)
        if name:
            f.put(name, ref)
            f.line.take(at, at + 1)
    _misplaced_reference(f)


def _misplaced_reference(f: Filling) -> None:
    """A request's number where minutes are wanted is a problem of that field, not prose."""
    missing = next((name for name in f.open_of(Kind.REF) if f.needs(name)), None)
    at = next((at for at in f.line.free(TokenKind.REF) if f.line.tokens[at].sure), None)
    if missing and at is not None:
        f.put(missing, f.line.tokens[at].text)
        f.line.take(at, at + 1)


def _placed_by_kind(f: Filling) -> None:
    """`/request 改派 R-1 设计部`, `/status 请假 10月9日到10月12日`: a value that can only belong to one field. Where
    prose has a place too, only what is required is looked for, and a name only at an end of the line."""
    prose = _main(f) is not None
    for name, asked in f.verb.asks.items():
        if asked.hidden or asked.kind in (*PROSE, Kind.REF, Kind.NUMBER) or not f.is_open(name):
            continue
        if prose and not (f.needs(name) and asked.kind in _PLAIN):
            continue
        left = [at for at in f.line.free(TokenKind.WORD) if at < LOOKED_AT]
        ends = dict.fromkeys(left[:1] + left[-1:])
        for at in ends if prose and asked.kind not in DATED else left:
            if end := f.longest(name, at):
                f.give(name, at, end)
                break


def _numbers(f: Filling) -> None:
    """A number at either end of what is left: inside it belongs to the sentence."""
    for name in f.open_of(Kind.NUMBER):
        left = list(f.line.free())
        for at in dict.fromkeys(left[:1] + left[-1:]):
            if f.line.kind(at) is TokenKind.WORD and f.problem(name, at, at + 1) is None:
                f.give(name, at, at + 1)
                break


def _closing_date(f: Filling) -> None:
    """`accept R-1 30 Sep`, `counter R-1 只交三款 9月30日`: a date may stand at the very end, if all of it is one."""
    name = next((n for n in f.open_of(Kind.DUE) if not f.ask(n).hidden), None)
    left = list(f.line.free())
    if name is None or not left:
        return
    for at in left[-LONGEST_RUN:]:
        row = range(at, left[-1] + 1)
        if all(f.line.kind(i) is TokenKind.WORD for i in row) and f.problem(name, at, row.stop) is None:
            f.give(name, at, row.stop)
            return
    _closing_date_that_is_over(f, name, left)


def _closing_date_that_is_over(f: Filling, name: str, left: list[int]) -> None:
    """`… 上周三之前`: the form says that it is over. Prose keeps the words, and its days unless they say "by"."""
    for at in left[-LONGEST_RUN:]:
        row = range(at, left[-1] + 1)
        if not all(f.line.kind(i) is TokenKind.WORD for i in row):
            continue
        problem = f.problem(name, at, row.stop)
        if problem and problem.code.endswith(".past"):
            if _main(f) is None:
                f.give(name, at, row.stop)
            elif _SAYS_BY.search(f.said(at, row.stop)):
                f.problems[name] = problem
            return


def _prose(f: Filling) -> Refused | None:
    text = f.line.rest()
    if not text:
        return None
    main = _main(f)
    if main is None and f.setting.lexicon.verb(f.verb.command, fold(text[:LONGEST_WORD])) == f.verb.id:
        return None  # `/request list 我的`: the verb again, in other words
    if main is None and (only := _only_place(f)):
        f.put(only, text)  # it cannot be read, and the field says why
        return None
    if main is None:
        near = closest(text.split()[0], f.words)
        code = "unknown_word.near" if near else "unknown_word"
        return Refused(code, word=text[:60], suggestion=near, verb=f.verb.id)
    head, rest = _divided(f, main, text)
    f.put(main, head)
    if rest:
        f.put(next(f.open_of(Kind.LINES)), rest)
    return None


def _only_place(f: Filling) -> str | None:
    """The field that the words must have been meant for: where the line holds nothing else (`/status dept Nowhere`),
    or where only the date is missing (`/status leave 9 Oct..8 Oct deputy @Li`)."""
    if f.values or f.problems:
        dates = [name for name in f.open_of(Kind.DAYS) if f.needs(name)]
        return dates[0] if len(dates) == 1 else None
    choices = [name for name in f.open_of(Kind.CHOICE) if f.needs(name)]
    open_fields = [*f.open_of(*_PLAIN, Kind.DUE), *choices]
    needed = [name for name in open_fields if f.needs(name)] or open_fields
    return needed[0] if len(needed) == 1 else None


def _main(f: Filling) -> str | None:
    """The field for prose: `main`, else the first text that is open."""
    texts = [name for name in f.open_of(*PROSE) if not f.ask(name).hidden]
    return next((name for name in texts if f.ask(name).main), next(iter(texts), None))


def _divided(f: Filling, main: str, text: str) -> tuple[str, str]:
    """A title is one line; further lines are the first longer text there is, so that nothing is lost."""
    head, _, rest = text.partition("\n")
    longer = next((name for name in f.open_of(Kind.LINES) if not f.ask(name).hidden), None)
    if f.ask(main).kind is Kind.LINES or longer is None:
        return text, ""
    if len(head) > LONGEST_TEXT and not rest:
        return text, ""
    return head.rstrip(), rest.strip()
