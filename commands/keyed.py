"""Fields that are named with a sign: `截止：下周五`, `due=Friday`, `--due Friday`."""

from __future__ import annotations

from commands.errors import Refused
from commands.filling import Filling
from commands.inputs import Kind
from commands.lexicon import closest, ends_with_word, fold
from commands.tokens import Token, TokenKind
from commands.values import DATED, MANY, PROSE
from commands.words import words

MOST_GUESSES = 30
"""Unknown keys of one line that are compared with what exists; a text with more colons is prose."""

_LISTING = "、,，;；"


def read_keys(f: Filling) -> Refused | None:
    """Fills the fields that are named. Refuses the whole line for a key that means nothing, so that it is never
    taken for prose silently."""
    _split_glued_keys(f)
    return _keys(f)


def _split_glued_keys(f: Filling) -> None:
    """`性能数据截止：下周五`: a date's key may end a word, if a date follows."""
    if not any(token.kind is TokenKind.KEY for token in f.line.tokens):
        return
    dated = [w for w, name in f.words.items() if f.ask(name).kind in DATED]
    at = 0
    while at < len(f.line):
        token = f.line.tokens[at]
        if f.line.kind(at) is TokenKind.KEY and not token.sure and fold(token.text) not in f.words:
            ending = ends_with_word(fold(token.text), dated)
            cut = token.start + len(token.text) - len(ending)
            if ending and cut > token.start and f.longest(f.words[ending], at + 1):
                f.line.replace(
                    at,
                    Token(TokenKind.WORD, f.line.text[token.start : cut], token.start, cut, token.glued),
                    Token(TokenKind.KEY, ending, cut, token.end),
                )
        at += 1


def _keys(f: Filling) -> Refused | None:
    for at in range(len(f.line)):
        if f.line.kind(at) is not TokenKind.KEY:
            continue
        token = f.line.tokens[at]
        start, name = _key_at(f, at)
        if name is None:
            if no := _unknown_key(f, at, token):
                return no
        elif not f.is_open(name) and f.ask(name).kind not in MANY:
            if f.ask(name).kind not in PROSE:
                f.problems[name] = Refused("field.twice", field=words(f"field.{name}.label"))
        else:
            f.line.take(start, at + 1)
            _keyed(f, name, at + 1)
    return None


def _key_at(f: Filling, at: int) -> tuple[int, str | None]:
    """The field of a key, whose name may have begun some words before (`delivery standard: …`)."""
    key = fold(f.line.tokens[at].text)
    for back in (2, 1):
        before = f.line.phrase(at - back, back) if at >= back else ""
        if before and (name := f.words.get(f"{before} {key}")):
            return at - back, name
    return at, f.words.get(key)


def _unknown_key(f: Filling, at: int, token: Token) -> Refused | None:
    word = fold(token.text)
    if token.sure and _is_choice(f, word):
        f.line.replace(at, Token(TokenKind.WORD, token.text, token.start, token.end))
        return None
    if f.guesses >= MOST_GUESSES:
        return None
    f.guesses += 1
    near = closest(word, (*f.words, *_bare_choices(f)) if token.sure else f.words)
    likely = bool(near) and (word.isascii() or near[0] == word[0]) and not token.glued
    dashed = token.sure and f.line.text[token.start] == "-"
    if dashed or likely:
        code = "unknown_key" if near else "unknown_key.alone"
        return Refused(code, word=token.text[:60], suggestion=near, verb=f.verb.id)
    return None


def _bare_choices(f: Filling) -> list[str]:
    bare = [name for name, asked in f.verb.asks.items() if asked.bare]
    return [word for name in bare for word in f.setting.lexicon.choices.get((f.verb.id, name), ())]


def _is_choice(f: Filling, word: str) -> bool:
    names = (name for name, asked in f.verb.asks.items() if asked.bare)
    return any(f.setting.lexicon.choice(f.verb.id, name, word) for name in names)


def _keyed(f: Filling, name: str, at: int) -> None:
    kind = f.ask(name).kind
    stop = _stop(f, name, at)
    if at >= stop:
        return
    if kind in PROSE:
        f.put(name, f.line.take(at, stop))
    elif kind in MANY:
        _listed(f, name, at, stop)
    else:
        end = f.longest(name, at, stop) or f.wrong(name, at, stop) or at + 1
        f.give(name, at, end)


def _stop(f: Filling, name: str, at: int) -> int:
    """Where a keyed value ends at the latest: the next key; the end of the line, unless it may have several."""
    kind = f.ask(name).kind
    quoted = f.line.kind(at) is TokenKind.QUOTED
    if quoted and not (at + 1 < len(f.line) and f.line.tokens[at + 1].glued):
        return at + 1
    for place in range(at, len(f.line)):
        found = f.line.kind(place)
        if found is None or (found is TokenKind.KEY and _starts_field(f, place)):
            return place - _words_before(f, place)
        if found is TokenKind.BREAK and kind is not Kind.LINES:
            return place
        if found is TokenKind.MENTION and kind is Kind.TEXT and _wants_mention(f, place):
            return place
        if found is TokenKind.WORD and kind in PROSE and place > at and _begins_date(f, place):
            return place
    return len(f.line)


def _starts_field(f: Filling, at: int) -> bool:
    name = _key_at(f, at)[1]
    return f.line.tokens[at].sure or (name is not None and f.is_open(name))


def _begins_date(f: Filling, at: int) -> bool:
    """`标准：三款都有数据 期望 10月9日`: another date's word, and its date, do not belong to the text before them."""
    if f.line.tokens[at].glued:
        return False
    for count in (3, 2, 1):
        name = f.words.get(f.line.phrase(at, count))
        if name and f.ask(name).kind in DATED and f.is_open(name) and f.longest(name, at + count):
            return True
    return False


def _words_before(f: Filling, at: int) -> int:
    return at - _key_at(f, at)[0] if f.line.kind(at) is TokenKind.KEY else 0


def _wants_mention(f: Filling, at: int) -> bool:
    wanted = f.open_of(Kind.PERSON, Kind.DEPARTMENT)
    return not f.line.tokens[at].glued and any(f.needs(name) for name in wanted)


def _listed(f: Filling, name: str, at: int, stop: int) -> None:
    """`参会：张伟、王磊 陈静`: as long as there are values; after a comma there must be one."""
    while at < stop:
        if end := f.longest(name, at, stop, most=3):
            f.give(name, at, end)
        elif f.is_open(name) or f.line.kind(at) is TokenKind.MENTION or _comma_before(f, at):
            f.give(name, at, end := at + 1)
        else:
            return
        at = end


def _comma_before(f: Filling, at: int) -> bool:
    between = f.line.text[f.line.tokens[at - 1].end : f.line.tokens[at].start]
    return any(sign in between for sign in _LISTING)
