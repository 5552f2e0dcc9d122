"""What a card costs, step by step, beside bare Jinja in the same run: `python -m tests.bench.render`.

Run from the root of the checkout. A busy machine doubles every figure; the ratio to the floor stays.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from jinja2.sandbox import ImmutableSandboxedEnvironment

sys.path.insert(0, str(Path(__file__).parents[1]))  # `support` is found there, as in the tests

from bot.cardtemplates import card_of
from bot.language import Voice
from support.samples import renderer, samples
from tests.bench.figures import in_turn

CARDS = ("request.accepted", "request.raised", "notice.request_waiting", "request_list", "help")
TIMES = 2_000
BARE = (
    "<card><title>{{ title }}</title>"
    "{% for label, value in rows %}<field label='{{ label }}'>{{ value }}</field>{% endfor %}</card>"
)
"""The floor: what Jinja alone takes for a card of that size, in the same kind of sandbox."""


def main() -> None:
    bare = ImmutableSandboxedEnvironment(autoescape=True).from_string(BARE)
    facts = {"title": "新品X性能数据", "rows": [("字段", "值")] * 6}
    known = {sample.name: sample for sample in samples()}
    print(f"{'µs: p50 (p10)':<26}{'floor':>12}{'template':>14}{'buttons':>14}{'whole':>14}{'ratio':>9}")
    for name in CARDS:
        steps = [lambda: bare.render(facts), *_steps(known[name])]
        print(f"{name:<26}" + _row(in_turn(TIMES, *steps)))


def _steps(sample) -> list[Callable[[], object]]:
    made = renderer()
    view, world = sample.build()
    reader, now = world.reader(), sample.now
    voice, facts = Voice(reader, now), {**view.facts, "item": view.item}
    template = made._template(view.template)
    return [
        lambda: card_of(template, facts, voice),
        lambda: [made._button(action, view.item, voice) for action in view.actions],
        lambda: made.render(view, reader, now),
    ]


def _row(found: list[list[float]]) -> str:
    cells = [f"{median(mine) * 1e6:.0f} ({sorted(mine)[len(mine) // 10] * 1e6:.0f})" for mine in found]
    ratio = median(found[1]) / median(found[0])
    return f"{cells[0]:>12}" + "".join(f"{cell:>14}" for cell in cells[1:]) + f"{ratio:>7.1f} ×"


if __name__ == "__main__":
    main()
