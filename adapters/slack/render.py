"""A card as Block Kit: title, words, facts, picture, buttons. Pure.

A message that is too long for Slack ends visibly, with a button for the whole of it (`more`); a private answer comes
in several messages; a modal shows the whole page by page (`page:<n>`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from adapters.plain import card_text, one_line
from adapters.saying import NOTHING, body_lines, fact_lines, heading, typed_lines, unavailable
from adapters.slack.blocks import Block, Payload, View, context, header, image, plain_text, rows
from adapters.slack.buttons import offer, press
from adapters.slack.flow import FLOW, portions, rich_text
from adapters.slack.limits import HEADER, HOME_ROOM, ROOM, TEXT, VIEW_TITLE
from adapters.slack.text import escape_short, length
from commands.chat import Card, Image, RichText, Span

Words = Callable[[str], str]
"""The reader's words for a key of the catalogue `platform`."""

Group = list[RichText]
"""Lines that stand together."""


def message(card: Card, words: Words, *, picture: str | None = None) -> Payload:
    """The card in one message. `picture`: the file id of its image."""
    whole = pages(card, words, picture=picture)
    if len(whole) == 1:
        return whole[0]
    offered = offer(card.buttons)
    said = _flow(_within(_said(card, picture), typed_lines(offered.typed, words("platform.typed")), ROOM))
    pressed = rows(offered.elements) + rows([press("more", words("platform.more"))])
    return {
        "text": _text(card),
        "blocks": [_title(card), *said, *_picture(card, picture), *_notes(card, words), *pressed],
    }


def pages(card: Card, words: Words, *, picture: str | None = None) -> list[Payload]:
    """All of the card in as many messages as it takes, the buttons on the last."""
    offered = offer(card.buttons)
    flows = list(_pages([*_said(card, picture), typed_lines(offered.typed, words("platform.typed"))]))
    parts = [[_title(card), *flows[0]], *([_place(n, len(flows), words), *flows[n]] for n in range(1, len(flows)))]
    parts[-1] += [*_picture(card, picture), *_notes(card, words), *rows(offered.elements)]
    texts = [_text(card), *(escape_short(heading(card), TEXT) for _ in parts[1:])]
    return [{"text": text, "blocks": part} for text, part in zip(texts, parts, strict=True)]


def home(card: Card, words: Words) -> View:
    """The home tab: one view, however much there is."""
    offered = offer(card.buttons)
    said, typed = _said(card, None), typed_lines(offered.typed, words("platform.typed"))
    shown = _within(said, typed, HOME_ROOM)
    more = [] if shown == [*said, typed] else [context(words("platform.home_cut"))]
    pressed = rows(offered.elements)
    return {"type": "home", "blocks": [_title(card), *_flow(shown), *more, *_notes(card, words), *pressed]}


def reading(card: Card, words: Words, page: int) -> View:
    """A page of the whole card, from 0; a page that is not there is the nearest one. Buttons are shown as commands."""
    active = [button for button in card.buttons if button.enabled]
    flows = list(_pages([*_said(card, None), typed_lines(active, words("platform.commands"))]))
    last = len(flows) - 1
    page = min(max(page, 0), last)
    turns = [_place(page, len(flows), words), *rows(list(_turns(page, last, words)))] if last else []
    notes = _notes(card, words) if page == last else []
    return {
        "type": "modal",
        "title": plain_text(card.title, VIEW_TITLE),
        "close": plain_text(words("platform.close"), VIEW_TITLE),
        "blocks": [_title(card), *flows[page], *notes, *turns],
    }


# --- what it says --------------------------------------------------------------------------------


def _title(card: Card) -> Block:
    return header(heading(card))


def _text(card: Card) -> str:
    """For notifications and screen readers."""
    return escape_short(card_text(card), TEXT).strip() or NOTHING


def _said(card: Card, picture: str | None) -> list[Group]:
    """Title, if the header cannot hold it, and words; facts; the words of a picture that is not there."""
    is_long = length(heading(card)) > HEADER
    title = [(Span(one_line(card.title)),)] if is_long else []
    instead = [] if picture or not card.image else [_words_of(card.image)]
    return [[*title, *body_lines(card.body)], fact_lines(card.facts), instead]


def _words_of(image: Image) -> RichText:
    return (Span(f"[{one_line(image.alt)}]"),)


def _within(said: Sequence[Group], typed: Group, room: int) -> list[Group]:
    """Shortened. Facts and commands keep their place before the words: they are what a card is for."""
    body, *others = said
    others = [FLOW.shortened(group, room // 4) for group in (*others, typed)]
    return [FLOW.shortened(body, room - sum(map(FLOW.weight, others))), *others]


def _pages(groups: Sequence[Group]) -> Iterator[list[Block]]:
    """Blocks for as many messages as it takes; at least one."""
    page: list[Block] = []
    room = ROOM
    for portion in (portion for group in groups for portion in portions(group)):
        heavy = FLOW.weight(portion)
        if page and heavy > room:
            yield page
            page, room = [], ROOM
        page.append(rich_text(portion))
        room -= heavy
    yield page


def _flow(groups: Sequence[Group]) -> list[Block]:
    return [rich_text(portion) for group in groups for portion in portions(group)]


# --- what stands around it -----------------------------------------------------------------------


def _picture(card: Card, file: str | None) -> list[Block]:
    return [image(file, card.image.alt)] if card.image and file else []


def _notes(card: Card, words: Words) -> list[Block]:
    names = unavailable(card.buttons)
    return [context(words("platform.unavailable").replace("{buttons}", names))] if names else []


def _place(page: int, pages: int, words: Words) -> Block:
    return context(words("platform.page").replace("{n}", str(page + 1)).replace("{total}", str(pages)))


def _turns(page: int, last: int, words: Words) -> Iterator[Block]:
    if page > 0:
        yield press(f"page:{page - 1}", words("platform.previous"))
    if page < last:
        yield press(f"page:{page + 1}", words("platform.next"))
