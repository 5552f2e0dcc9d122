"""Whether Feishu takes a card: shape first, then what holds for the card as a whole.

Source: open.feishu.cn/document/feishu-cards/card-json-v2-structure and …/card-json-v2-components/containers/form-container.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from . import markup
from .elements import COLOUR, CONTAINERS, EITHER, FIELDS, ICON, LANGUAGES, LAYOUT, SPACE, element
from .errors import BadCard, Refusal, malformed
from .records import Json
from .shapes import an_object, anything, flag, many, mapping, one_of, record, string

MOST_ELEMENTS, MOST_DEPTH, MOST_BYTES = 200, 5, 30 * 1024

_TEMPLATES = "blue wathet turquoise green yellow orange red carmine violet purple indigo grey default"
_TAG = record({"tag": one_of("text_tag"), "text": EITHER}, {"color": COLOUR, "element_id": string})
_SUMMARY = record({"content": string}, {"i18n_content": mapping(string, LANGUAGES)})
_CARD = record(
    {"schema": one_of("2.0"), "body": record({"elements": many(element)}, LAYOUT)},
    {
        "config": record(
            {},
            {"update_multi": flag, "enable_forward": flag, "enable_forward_interaction": flag, "streaming_mode": flag}
            | {"width_mode": one_of("default", "compact", "fill"), "summary": _SUMMARY, "style": an_object}
            | {"locales": many(LANGUAGES), "use_custom_translation": flag},
        ),
        "header": record(
            {"title": EITHER},
            {"subtitle": EITHER, "template": one_of(*_TEMPLATES.split()), "text_tag_list": many(_TAG)}
            | {"icon": ICON, "padding": SPACE},
        ),
        "card_link": anything,
    },
)
Known = Callable[[str], bool]


def check_card(card: Any, *, person: Known, image: Known) -> None:
    """Raises `BadCard`. `person` and `image`: whether an id may stand in a card of this app."""
    _CARD(card, "ROOT")
    if card.get("config", {}).get("update_multi") is False:
        raise malformed("update_multi only supports true in schema 2.0", "ROOT -> config")
    _names_are_unique(card)
    for one, above in markup.elements(card):
        _stands_where_it_may(one, above)
    for id in markup.people(card):
        if id != "all" and not person(id):
            raise BadCard(100290, "There is an invalid user resource(at/person) in your card", id)
    for key in markup.pictures(card):
        if not image(key):
            raise BadCard(200570, "card contains invalid image keys", key)
    if sum(1 for _ in _tagged(card)) > MOST_ELEMENTS:
        raise BadCard(11310, "element exceeds the limit")


def size_of(content: str) -> int:
    """What a card's content counts, in bytes; 30 KB are too many."""
    return len(content.encode())


def taken(content: object, *, person: Known, image: Known) -> Json:
    """The card in a message's `content`. Raises `Refusal`."""
    if not isinstance(content, str):
        raise Refusal(9499, "Bad Request: content must be a string")
    if size_of(content) > MOST_BYTES:
        raise Refusal(230025, "The length of the message content reaches its limit.")
    try:
        card = json.loads(content)
        check_card(card, person=person, image=image)
    except ValueError:
        raise Refusal(230001, "invalid request parameter, ext=content is not a string in json format") from None
    except BadCard as bad:
        raise bad.refusal() from None
    return dict(card)


def _names_are_unique(card: Json) -> None:
    names, ids = set[str](), set[str]()
    for one, above in markup.elements(card):
        name, id = one.get("name"), one.get("element_id")
        in_form = any(outer["tag"] == "form" for outer in above)
        if (one["tag"] == "form" or (in_form and one["tag"] in {*FIELDS, "button"})) and not name:
            raise BadCard(200530, "the name of form or its component is empty", one["tag"])
        if name is not None and name in names:
            raise BadCard(200530, "the name of a component is duplicated in the card", name)
        if id is not None and id in ids:
            raise BadCard(300301, "Duplicate element_id in card component", id)
        names |= {name} - {None}
        ids |= {id} - {None}


def _stands_where_it_may(one: Json, above: list[Json]) -> None:
    at = " -> ".join(["ROOT", "body", *(outer["tag"] for outer in above), one["tag"]])
    in_form = any(outer["tag"] == "form" for outer in above)
    if one["tag"] == "form":
        if above:
            raise malformed("type of element is not supported tag: form", at)
        if not any(inner.get("form_action_type") == "submit" for inner, _ in markup.within([one], [])):
            raise malformed("form without a submit button", at)
    for only in {"required", "form_action_type"} & one.keys():
        if not in_form:
            raise malformed(f"{only} only works in a form", at)
    if sum(outer["tag"] in CONTAINERS for outer in [*above, one]) > MOST_DEPTH:
        raise malformed("nesting of containers exceeds 5", at)


def _tagged(value: Any) -> Iterator[Json]:
    """Everything that counts as an element: whatever has a tag, texts too."""
    if isinstance(value, dict):
        if "tag" in value:
            yield value
        for key, one in value.items():
            if key not in {"value", "i18n_content"}:
                yield from _tagged(one)
    elif isinstance(value, list):
        for one in value:
            yield from _tagged(one)
