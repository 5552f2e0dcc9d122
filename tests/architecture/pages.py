"""The pages of docs/ that follow from the code: every verb with its words, every clock with its steps, every notice.

What code cannot say (when a clock starts, who is told) stands here, in one table; a kind of clock that is missing in
it is an error.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.language import catalogues
from commands.cards.notices import NOTICES
from commands.catalogue import VERBS
from commands.domain.clocks import Clock, ClockKind, plan
from commands.domain.policy import Policy
from commands.lexicon import split_words
from commands.registry import Verb

ROOT = Path(__file__).parents[2]
REWRITE = "LIAISON_REWRITE_GOLDEN"
NOTE = (
    f"<!-- Written by tests/architecture/pages.py; `{REWRITE}=1 make test ARGS=tests/architecture` writes it anew. -->"
)
TEXTS = catalogues()
POLICY = Policy()
MOMENT = datetime(2026, 9, 23, tzinfo=UTC)

# kind: name, limit, its key in the config, starts, stops, who is warned, what its end does
_C = ClockKind
CLOCKS: dict[ClockKind, tuple[str, str, str, str, str, str, str]] = {
    _C.RESPONSE: (
        "first response 首次答复",
        f"urgent {POLICY.response_urgent}, normal {POLICY.response_normal}",
        "sla.response",
        "raised, reopened; paused while the lead has asked back",
        "accepted, declined, countered, settled by a ruling",
        "the lead's liaison and deputies; at the last warning its head too",
        "urgent: an escalation to the leadership group; normal: the lead's head",
    ),
    _C.INFO: (
        "information asked for 补充说明",
        str(POLICY.info),
        "sla.info, sla.reminder",
        "the lead asks back; the first response rests meanwhile, at the requester's cost",
        "answered; or accepted, declined, countered without it",
        "the requester",
        "the requester and their head; later also the project's manager (without a project: the PMO)",
    ),
    _C.REPLY: (
        "reply to a proposal 对提议的答复",
        str(POLICY.counter),
        "sla.counter, sla.counter_lapse, sla.reminder",
        "an alternative, a delay, a pause or a cancellation is proposed",
        "agreed, refused, withdrawn; rests while it is disputed",
        "those who were asked",
        "the project's manager, else the requesting department's head, decides",
    ),
    _C.DISPUTE: (
        "dispute 争议协商",
        str(POLICY.dispute),
        "sla.dispute",
        "a dispute is opened (a `major` one goes to leadership at once)",
        "settled, withdrawn, handed in",
        "the mediator and both liaisons",
        "handed in to the leadership group by itself",
    ),
    _C.RULING: (
        "ruling 裁决",
        f"urgent {POLICY.ruling_urgent}, normal {POLICY.ruling_normal}",
        "sla.ruling, sla.reping",
        "the leadership group is told; paused while it has sent the dispute back with a question",
        "ruled, answered after all, withdrawn",
        "the chair, unless they took note",
        "the chair and the deputies who may rule (everybody who may, where no deputy may); in the end the PMO. "
        "The bot never rules",
    ),
    _C.SUPPLEMENT: (
        "an answer to leadership's question 退回补充",
        f"urgent {POLICY.supplement_urgent}, normal {POLICY.supplement_normal}",
        "sla.supplement",
        "leadership sends the dispute back with a question; the ruling rests meanwhile",
        "each party has answered; ruled, withdrawn",
        "the parties that have not answered",
        "leadership goes on with what it has",
    ),
    _C.MINUTES: (
        "minutes 会议纪要",
        str(POLICY.minutes),
        "sla.minutes",
        "the meeting ends",
        "published, the meeting is cancelled",
        "the recorder",
        "recorder, host and the project's manager; the minutes count as late",
    ),
    _C.CONFIRMATION: (
        "confirmation 纪要确认",
        str(POLICY.confirmation),
        "sla.confirmation, sla.confirmation_silence",
        "an edition is published",
        "everybody asked has answered",
        "the silent",
        "silence is deemed no objection, shown apart from a confirmation (or stays open)",
    ),
    _C.ACCEPTANCE: (
        "acceptance 验收",
        str(POLICY.acceptance),
        "sla.acceptance, sla.acceptance_warn, sla.reminder",
        "delivered",
        "verified, sent back",
        "the requester",
        "the requester and their head; nothing is ever accepted by itself",
    ),
    _C.REWORK: (
        "rectification 整改",
        f"until the acceptor's date (proposed: {POLICY.rework})",
        "sla.rework, sla.reminder",
        "sent back",
        "delivered again",
        "the lead's liaison",
        "the lead's liaison, its head and the requester",
    ),
    _C.CHECKIN: (
        "check-in 日报",
        f"from {POLICY.checkin_before_end} before the end of work to the end of work",
        "checkin",
        "the evening prompt",
        "handed in",
        "the liaison, or whoever stands in",
        f"missed; the {POLICY.checkin_misses_to_head}nd miss in a row goes to the head, in private",
    ),
    _C.EXECUTION: (
        "carrying out a ruling 知悉并执行",
        str(POLICY.execution),
        "sla.execution, sla.reping",
        "a ruling is given",
        "everybody concerned has taken note",
        "",
        "those missing, again each time, then the PMO",
    ),
    _C.DECLINED: (
        "a declined request 不受理后",
        str(POLICY.decline_lapse),
        "sla.decline_lapse",
        "declined",
        "rerouted, cancelled; rests while it is disputed",
        "",
        "closed; both sides hear of it",
    ),
    _C.RATING: (
        "a score 评价",
        str(POLICY.rating),
        "sla.rating",
        "verified",
        "rated and closed, reopened",
        "",
        "closed without a score",
    ),
}


def commands_page() -> str:
    """docs/commands.md"""
    lines = [
        "# What can be typed",
        "",
        NOTE,
        "",
        "Four commands, each with verbs in Chinese and in English; both may be typed by anybody, in any case and width.",
        "A command with a reference and no verb shows it, or opens a dispute in the case of `/escalate`. What is",
        "required and missing (bold below) is asked for in a form. `/request help` says the same in the chat.",
        "",
        "References: `R-12` request · `T-40` task · `E-3` escalation · `D-1` decision · `M-7` minutes.",
    ]
    for command in dict.fromkeys(verb.command for verb in VERBS):
        words = ", ".join(_words(f"command.{command}.words", language) for language in TEXTS)
        lines += ["", f"## /{command}", "", f"{TEXTS['zh-CN'][f'command.{command}.help']} · ", f"also: {words}", ""]
        lines[-3] += TEXTS["en"][f"command.{command}.help"]
        lines += ["| verb | 中文 | English | takes | example |", "|---|---|---|---|---|"]
        lines += [_verb(verb) for verb in VERBS if verb.command == command]
    return "\n".join([*lines, ""])


def _verb(verb: Verb) -> str:
    key = f"verb.{verb.id}"
    takes = ", ".join(
        f"**{name}**" if asked.required else name for name, asked in verb.asks.items() if not asked.hidden
    )
    chinese, english = (f"{_words(f'{key}.words', tag)}<br>{TEXTS[tag][f'{key}.help']}" for tag in ("zh-CN", "en"))
    example = "<br>".join(f"`{TEXTS[tag][f'{key}.example']}`" for tag in ("zh-CN", "en"))
    return _row(f"`{verb.name}`", chinese, english, takes or "–", example)


def _words(key: str, language: str) -> str:
    return " ".join(f"`{word}`" for word in split_words(TEXTS[language].get(key, "")))


def clocks_page() -> str:
    """docs/clocks.md"""
    header = ("clock", "limit", "starts", "stops", "warns at", "who is warned", "at the end", "after it")
    lines = [
        "# Clocks, and who is told",
        "",
        NOTE,
        "",
        "`2h` is wall time, `2bh` working hours, `1wd` one working day of the department that is waited for: its working",
        "minutes, so that a normal request of 16:00 is due at 16:00 on the next working day. Every number can be changed",
        "(`config.example.yaml`). A clock is a list of the stretches in which it ran; a pause is booked to the side that",
        "is waited for, and what a stopped clock has used is never computed again.",
        "",
        _row(*header),
        _row(*("---",) * len(header)),
        *(_clock(kind) for kind in ClockKind),
        "",
        f"C11, the notice of a change, is a date and no clock: a delay announced less than {POLICY.notice_before_days} working days",
        "ahead is accepted and marked late. C13, high risks, will come with risks.",
        "",
        "An urgent request raised outside the lead's working time is a draft until it is confirmed: offered once more when",
        f"the lead's work starts, gone {POLICY.draft_lapse} later (`sla.draft_lapse`), with its text told to the requester.",
        "",
        "## Due dates of tasks",
        "",
        _row("step", "when", "who is told"),
        _row("---", "---", "---"),
        _row(
            "warning",
            f"{POLICY.due_warn_before} before, at {POLICY.digest_at}; on a day off: the working day before it",
            "the owner, the liaisons of all departments of the task, the requester; the project's line",
        ),
        _row("today", f"on the day, at {POLICY.digest_at}", "the owner; the project's line"),
        _row("overdue", f"each working day at {POLICY.digest_at}", "the owner; the project's line"),
        _row("head", f"{POLICY.overdue_to_head_days} working days over", "the department's head as well"),
        _row(
            "leadership",
            f"{POLICY.overdue_to_leadership_days} working days over",
            "an escalation opens by itself; the project's manager gets a copy",
        ),
        "",
        "The project's line is one message per project and working day: it names every task that is over (and for how",
        "many working days), ends today, or ends soon. What one person gets that morning is one message as well.",
        "",
        "## What a person is spared",
        "",
        "- Outside working time and on leave a message waits for the next working minute; an urgent one does not.",
        f"- Reminders to one person within {POLICY.bundle_within} become one message. After {POLICY.direct_per_hour} messages in an hour, whatever is not",
        "  urgent joins the last of them, which is edited: nothing is lost, and nobody is pinged again.",
        "- One message per record, kind, step and person: the key is unique in the database.",
        "- Who is on leave is not told; whoever stands in is. Nobody left: the administrators and the PMO hear of it.",
        "- Whoever took note is not reminded during half of the time that is left; the clock runs on.",
        "- A message whose reason is gone when it could be sent is dropped, and the trace says so.",
        "",
        "## Every notice",
        "",
        _row("notice", "中文", "English", "buttons"),
        _row("---", "---", "---", "---"),
        *(_notice(notice.name, notice.offers) for notice in NOTICES),
    ]
    return "\n".join([*lines, ""])


def _clock(kind: ClockKind) -> str:
    name, limit, key, starts, stops, warned, end = CLOCKS[kind]
    courses = [plan(_sample(kind, urgent=urgent), POLICY) for urgent in (False, True)]
    warns = ", ".join(f"{share} %" for share in courses[0].warn_at) or "–"
    after = ", ".join(f"{_step(step)} after {later}" for step, later in courses[0].after)
    if after and not courses[1].after:
        after += " (normal only)"
    label = f"**{kind}** {name}" if kind.value.startswith("C") else name
    return _row(
        label, f"{limit}<br>`{key.replace(', ', '` `')}`", starts, stops, warns, warned or "–", end, after or "–"
    )


def _step(name: str) -> str:
    return name.partition(":")[0]


def _sample(kind: ClockKind, *, urgent: bool) -> Clock:
    return Clock(id="", kind=kind, item="", side="", calendar="default", limit="1wd", urgent=urgent, started_at=MOMENT)


def _notice(name: str, offers: tuple[str, ...]) -> str:
    buttons = ", ".join(TEXTS["en"][f"verb.{verb}.label"] for verb in offers if verb != "*")
    shown = "as the record allows" if "*" in offers else buttons or "–"
    return _row(f"`{name}`", *(TEXTS[tag][f"notice.{name}.title"] for tag in ("zh-CN", "en")), shown)


def _row(*cells: str) -> str:
    """A line of a table; several sentences in one cell stay on that line."""
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


PAGES = {"docs/commands.md": commands_page, "docs/clocks.md": clocks_page}
