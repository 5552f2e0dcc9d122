"""What leadership may say about a matter as it stands, in the words of its parties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.domain import escalation as rules
from commands.domain.escalation import AMENDABLE, Escalation, EscalationKind, EscalationState
from commands.errors import Refused
from commands.escalate import effects
from commands.escalate import record as escalations
from commands.registry import Context, Shape
from commands.words import Dept, Words, words

SUPPORT = "support"
"""How an option begins that names a department: `support:market`, typed as 支持市场部."""
_ONE_STEP = frozenset({"nudge", "assign", "reroute", "send_back"})
_NOT_A_VERDICT = frozenset({"due", "effect"})
_TARGETS = frozenset({"person", "department"})
_NEEDED: Mapping[str, frozenset[str]] = {"assign": frozenset({"person"}), "reroute": frozenset({"department"})}


def label(escalation: Escalation | None, option: str) -> Words:
    """The option's name, with the department that it supports."""
    if escalation and option in ("support_raiser", "support_other") and len(escalation.parties) > 1:
        return words("escalation.support.button", department=Dept(supported(escalation, option)))
    return words(f"choice.option.{option}.label")


def supported(escalation: Escalation, option: str) -> str:
    return escalation.parties[0 if option == "support_raiser" else 1]


def possible(escalation: Escalation) -> tuple[str, ...]:
    """The options of its kind that are left: it is sent back only once, and a ruling is changed only into another."""
    if escalation.kind is EscalationKind.BREACH:
        every = rules.OPTIONS_OF_BREACH
        gone = {"reroute"} if escalation.item.startswith("T-") else set()
    else:
        every = rules.OPTIONS_OF_DISPUTE
        gone = {"support_other"} if len(escalation.parties) < 2 else set()
    if escalation.sent_back or escalation.state in AMENDABLE or escalation.state is EscalationState.SENT_BACK:
        gone.add("send_back")
    return tuple(o for o in every if o not in gone)


def chosen(escalation: Escalation, option: str, *, person: str | None, department: str | None) -> str:
    """The option meant. Refuses one that this matter does not have, and one without what it needs."""
    found = _by_department(escalation, option) if option.startswith(f"{SUPPORT}:") else option
    if found == "send_back" and escalation.sent_back:
        raise Refused("escalation.sent_back_before", id=escalation.id)
    if found not in possible(escalation):
        raise _wrong(escalation)
    if found == "assign" and not person:
        raise Refused("escalation.needs_person", field="person", id=escalation.id)
    if found == "reroute" and not department:
        raise Refused("escalation.needs_department", field="department", id=escalation.id)
    return found


def shape(ctx: Context, values: Mapping[str, Any]) -> Shape:
    """The ruling form of this matter: its own options, the effects possible now, and only the fields that matter."""
    was = escalations.found(ctx, str(values.get("id") or ""))
    if was is None:
        return Shape()
    option = str(values.get("option") or "")
    choices = {"option": tuple((o, label(was, o)) for o in _offered(was, option))}
    if option in _ONE_STEP or was.kind is EscalationKind.BREACH:
        needed = _NEEDED.get(option, frozenset() if option else _TARGETS)
        labels = {"reason": words("field.question.label")} if option == "send_back" else {}
        return Shape(choices, _NOT_A_VERDICT | (_TARGETS - needed), needed if option else frozenset(), labels)
    allowed = effects.possible(ctx, was)
    if allowed == ("none",):
        return Shape(choices, _TARGETS | {"effect"})
    choices["effect"] = tuple((e, words(f"choice.effect.{e}.label")) for e in allowed)
    return Shape(choices, _TARGETS, frozenset({"effect"} if option else ()))


def prefill(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the chosen option means for the record, as a proposal that can be changed."""
    was = escalations.found(ctx, str(values.get("id") or ""))
    option = str(values.get("option") or "")
    if was is None or was.kind is EscalationKind.BREACH or option in _ONE_STEP:
        return {}
    effect = effects.proposed(ctx, was, option)
    due = effects.proposed_due(ctx, was) if effect == "accept" else None
    return {"effect": effect, **({"due": due} if due else {})}


def _offered(escalation: Escalation, option: str) -> tuple[str, ...]:
    """All of them; where a button has chosen already, what the same form can say as well."""
    if option in _ONE_STEP:
        return (option,)
    return tuple(o for o in possible(escalation) if not option or o not in _ONE_STEP)


def _by_department(escalation: Escalation, option: str) -> str:
    department = option.partition(":")[2]
    if department not in escalation.parties:
        raise _wrong(escalation)
    return ("support_raiser", "support_other")[escalation.parties.index(department)]


def _wrong(escalation: Escalation) -> Refused:
    labels = tuple(label(escalation, o) for o in possible(escalation))
    return Refused("escalation.wrong_option", field="option", id=escalation.id, options=labels)
