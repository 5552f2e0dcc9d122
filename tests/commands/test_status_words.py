"""Every sentence that /status builds a key for stands in both catalogues."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bot.language import LANGUAGES, catalogues
from commands.domain.checkin import CheckinState
from commands.domain.escalation import EscalationState
from commands.domain.minutes import MinutesState
from commands.domain.proposal import ProposalKind
from commands.domain.request import RequestState
from commands.domain.task import TaskState
from commands.status import steps, traced

ROOT = Path(__file__).resolve().parents[2]
CODE = [*(ROOT / "commands/status").glob("*.py"), ROOT / "commands/cards/checkin.py", ROOT / "commands/cards/status.py"]
TEMPLATES = [
    p for n in ("status_*", "audit", "checkin", "summary") for p in (ROOT / "templates/cards").glob(f"{n}.xml.j2")
]

BY_STATE = {
    "status.request": RequestState,
    "status.task": TaskState,
    "status.escalation": EscalationState,
    "status.minutes": MinutesState,
    "status.proposal": ProposalKind,
    "checkin.status": CheckinState,
}


def built_keys() -> set[str]:
    """Keys that are put together from a state, a step or a finding."""
    found = {f"{prefix}.{state}" for prefix, states in BY_STATE.items() for state in states}
    found |= {f"status.dept.checkin_{state}" for state in CheckinState}
    found |= {f"step.{what}" for what in steps.STEPS if what not in ("clock.stopped", "clock.breached")}
    found |= {f"step.{what}.plain" for what in steps.WITHOUT_FACTS if what != "clock.breached"}
    found |= {f"step.clock.breached.{kind}.plain" for kind in steps.CLOCKS_SHOWN}
    found |= {f"audit.event.{what}" for what in traced.EVENTS}
    found |= {f"audit.change.{name}" for name in ("state", "due", "owner", "lead")}
    found |= {
        f"step.clock.{how}.{kind}" for kind in steps.CLOCKS_SHOWN for how in ("stopped.met", "stopped.late", "breached")
    }
    found |= {f"audit.result.{result}" for result in ("done", "refused", "dropped", "failed")}
    found |= {f"rules.title.{kind}" for kind in ("project", "department", "leadership")}
    return found


def written_keys() -> set[str]:
    """Keys that stand in the code and in the templates as they are."""
    found: set[str] = set()
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'words\(\s*"([\w.]+)"', text))
        found |= {f"refused.{code}" for code in re.findall(r'Refused\(\s*"([\w.]+)"', text)}
        found |= {f"finding.{code}" for code in re.findall(r'yield _(?:red|yellow)\("(\w+)"', text)}
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        found |= {
            key for call in re.findall(r't\(("[^,)~]*)[,)]', text) for key in re.findall(r'"([\w.]+\.\w+)"', call)
        }
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing(language: str):
    known = catalogues()[language]
    assert sorted((built_keys() | written_keys()) - set(known)) == []


def test_enough_was_looked_at():
    assert len(written_keys()) > 100
    assert len(TEMPLATES) == 8


NOT_ABOUT_A_RECORD = ("checkin.", "calendar.", "chat.", "leave.", "person.", "database.", "due_action.")
"""Events of people, chats and calendars: no reference leads to them."""


def recorded() -> set[str]:
    """Every event that code writes to the trace; `*` stands for what is only known when it happens."""
    found = set()
    for folder in ("bot", "commands"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for code in re.findall(r'trace\.record\(\s*ctx,\s*f?"([^"]+)"', text):
                found.add(re.sub(r"\{[^}]*\}", "*", code))
    return {code for code in found if not code.startswith(NOT_ABOUT_A_RECORD)}


def test_every_event_of_a_record_has_words_in_its_trace():
    known = {*steps.STEPS, *traced.EVENTS, *traced.MACHINERY, "message.sent", "refused"}
    assert {code for code in recorded() if not any(fnmatch(k, code) for k in known)} == set()
