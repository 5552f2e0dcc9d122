"""A figure beside its floor and its aim, and the table of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

HEADS = ("what", "p50", "p99", "floor", "ratio", "aim", "moonshot", "")


@dataclass(frozen=True)
class Figure:
    """Seconds, unless `unit` says otherwise. `ratio` is to the floor of the same run; where it has an aim, that is
    the aim of the figure, else the p50 (or `judged`) has it."""

    what: str
    p50: float | None = None
    p99: float | None = None
    floor: float | None = None
    aim: float | None = None
    moonshot: float | None = None
    judged: str = "p50"  # which column the aim is about: p50 | p99 | ratio; `least`: the p50, and more is better
    unit: str = "s"

    @property
    def ratio(self) -> float | None:
        return self.p50 / self.floor if self.p50 is not None and self.floor else None

    @property
    def verdict(self) -> str:
        value = self.p50 if self.judged == "least" else getattr(self, self.judged)
        if self.aim is None or value is None:
            return ""
        if self.judged == "least":
            return "met" if value >= self.aim else "MISSED"
        if self.moonshot is not None and value <= self.moonshot:
            return "moonshot"
        return "met" if value <= self.aim else "MISSED"

    def cells(self) -> tuple[str, ...]:
        goal = _times if self.judged == "ratio" else self._shown
        return (
            self.what,
            self._shown(self.p50),
            self._shown(self.p99),
            self._shown(self.floor),
            _times(self.ratio),
            goal(self.aim),
            goal(self.moonshot),
            self.verdict,
        )

    def _shown(self, value: float | None) -> str:
        if value is None:
            return ""
        if self.unit != "s":
            return f"{value:.3g} {self.unit}"
        if value < 0.01:
            return f"{value * 1e6:,.0f} µs"
        return f"{value * 1e3:,.0f} ms" if value < 10 else f"{value:,.0f} s"


def of(what: str, seconds: Iterable[float], floor: Iterable[float] = (), **more: object) -> Figure:
    """The figure of many measurements."""
    mine, bare = sorted(seconds), sorted(floor)
    p99 = mine[len(mine) * 99 // 100]
    return Figure(what, median(mine), p99, median(bare) if bare else None, **more)  # type: ignore[arg-type]


def timed(work: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return found


def in_turn(times: int, *works: Callable[[], object], rounds: int = 8) -> list[list[float]]:
    """Each work `times` times, in short rounds one after the other: what disturbs one disturbs all."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for mine, work in zip(found, works, strict=True):
            mine += timed(work, times // rounds)
    return found


def table(title: str, figures: Iterable[Figure]) -> str:
    rows = [HEADS, *(figure.cells() for figure in figures)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [
        "  ".join(_padded(cell, width, n) for n, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]
    return "\n".join((f"\n{title}", *(f"  {line}" for line in lines)))


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} ×"


def _padded(cell: str, width: int, column: int) -> str:
    blanks = " " * (width - _width(cell))
    return cell + blanks if column in (0, len(HEADS) - 1) else blanks + cell


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
