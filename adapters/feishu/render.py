"""A card in JSON 2.0: title, words, facts, picture, buttons. Pure.

A message that is too long for Feishu ends visibly, with a button for the whole of it; the whole comes in several
messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from adapters.feishu import values
from adapters.feishu.buttons import Offer, offer
from adapters.feishu.elements import Element, Payload, button, image, prose, row, small
from adapters.feishu.elements import card as frame
from adapters.feishu.flow import FLOW, elements
from adapters.feishu.languages import merged
from adapters.feishu.limits import HEADER, NOTE, ROOM, TITLE
from adapters.plain import cut, one_line
from adapters.saying import body_lines, fact_lines, heading, typed_lines, unavailable
from commands.chat import Card, Image, RichText, Span, Tone, plain

Words = Callable[[str], str]
"""The reader's words for a key of the catalogue `platform`."""

Group = list[RichText]
"""Lines that stand together."""


def message(
    card: Card, words: Words, *, picture: str | None = None, words_in: Callable[[str], Words] | None = None
) -> Payload:
    """The card in one message, with its translations if it has any. `picture`: the key of its image. `words_in`: the
    words of a language, by its tag."""
    shown = _message(card, words, picture)
    others = {
        tag: _message(other, words_in(tag) if words_in else words, picture) for tag, other in card.translations.items()
    }
    return merged(shown, others)


def _message(card: Card, words: Words, picture: str | None) -> Payload:
    whole = pages(card, words, picture=picture)
    if len(whole) == 1:
        return whole[0]
    buttons = _offered(card)
    typed = typed_lines(buttons.typed, words("platform.typed"))
    more = button(words("platform.more"), values.whole())
    said = _flow(_within(_said(card, picture), typed, ROOM))
    return _frame(card, [*said, *_end(card, words, picture), *row([*buttons.elements, more])])


def pages(card: Card, words: Words, *, picture: str | None = None) -> list[Payload]:
    """All of the card in as many messages as it takes, the buttons on the last."""
    buttons = _offered(card)
    typed = typed_lines(buttons.typed, words("platform.typed"))
    flows = list(_pages([*_said(card, picture), typed]))
    last = [*_end(card, words, picture), *row(buttons.elements)]
    if len(flows) == 1:
        return [_frame(card, [*flows[0], *last])]
    placed = [[*flow, _place(n, len(flows), words)] for n, flow in enumerate(flows, 1)]
    return [_frame(card, part) for part in (*placed[:-1], [*placed[-1], *last])]


def note(text: str, words: Words) -> Payload:
    """A sentence and nothing else: as it would stand in a chat."""
    return frame("", [_note(text)], summary=text)


def closed(title: str, text: str, words: Words, *, tone: Tone = Tone.INFO) -> Payload:
    """What a form becomes when it is done or refused: what it was, and what came of it."""
    return frame(heading(Card(title, tone)), [_note(text)], tone=tone, summary=f"{title} · {text}")


def _offered(card: Card) -> Offer:
    return offer(card.buttons, question=cut(one_line(card.title), TITLE) if card.is_question else "")


# --- what it says --------------------------------------------------------------------------------


def _note(text: str) -> Element:
    return prose(text, NOTE)


def _frame(card: Card, parts: Sequence[Element]) -> Payload:
    title = heading(card)
    said = next((one_line(plain(line)) for line in card.body if plain(line).strip()), "")
    return frame(title, parts, tone=card.tone, summary=f"{title} · {said}" if said else title)


def _said(card: Card, picture: str | None) -> list[Group]:
    """Title, if the header cannot hold it, and words; facts; the words of a picture that is not there."""
    title = [(Span(one_line(card.title)),)] if len(heading(card)) > HEADER else []
    instead = [] if picture or not card.image else [_words_of(card.image)]
    return [[*title, *body_lines(card.body)], fact_lines(card.facts), instead]


def _words_of(image: Image) -> RichText:
    return (Span(f"[{one_line(image.alt)}]"),)


def _within(said: Sequence[Group], typed: Group, room: int) -> list[Group]:
    """Shortened. Facts and commands keep their place before the words: they are what a card is for."""
    body, *others = said
    others = [FLOW.shortened(group, room // 4) for group in (*others, typed)]
    return [FLOW.shortened(body, room - sum(map(FLOW.weight, others))), *others]


def _pages(groups: Sequence[Group]) -> Iterator[list[Element]]:
    """Elements for as many messages as it takes; at least one."""
    page: list[Group] = []
    room = ROOM
    for portion in (portion for group in groups for portion in FLOW.portions(group, ROOM)):
        heavy = FLOW.weight(portion)
        if page and heavy > room:
            yield _flow(page)
            page, room = [], ROOM
        page.append(portion)
        room -= heavy
    yield _flow(page)


def _flow(groups: Sequence[Group]) -> list[Element]:
    shown = [group for group in groups if group]
    return [element for at, group in enumerate(shown) for element in elements(group, apart=at > 0)]


# --- what stands around it -----------------------------------------------------------------------


def _end(card: Card, words: Words, picture: str | None) -> list[Element]:
    shown = [image(picture, card.image.alt)] if card.image and picture else []
    names = unavailable(card.buttons)
    return shown + ([small(words("platform.unavailable").replace("{buttons}", names))] if names else [])


def _place(page: int, total: int, words: Words) -> Element:
    return small(words("platform.page").replace("{n}", str(page)).replace("{total}", str(total)))
