"""Who may do what. One table; a refusal can name who could."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from commands.domain.people import Directory
from commands.errors import Refused


class Role(StrEnum):
    """What a person is to a record."""

    REQUESTER = "requester"  # who raised it, and that department's liaisons
    REQUESTER_HEAD = "requester_head"
    LEAD = "lead"  # the lead department's liaisons and deputies, and the owner
    LEAD_HEAD = "lead_head"
    SUPPORT = "support"
    SUPPORT_HEAD = "support_head"
    MANAGER = "manager"  # of the project
    CHAIR = "chair"
    LEADERSHIP = "leadership"
    PMO = "pmo"
    ADMIN = "admin"
    HOST = "host"
    RECORDER = "recorder"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True)
class Sides:
    """Who stands where around a record: ids of people and departments."""

    requester: str | None = None
    department: str | None = None
    lead: str | None = None
    owner: str | None = None
    supports: tuple[str, ...] = ()
    project: str | None = None
    host: str | None = None
    recorder: str | None = None
    participants: tuple[str, ...] = ()


MOST_NAMED = 6
"""People that a refusal names."""

_R = Role
_REQUESTING = frozenset({_R.REQUESTER, _R.REQUESTER_HEAD, _R.MANAGER})
_LEADING = frozenset({_R.LEAD, _R.LEAD_HEAD, _R.MANAGER})
_WORKING = frozenset({_R.LEAD, _R.LEAD_HEAD, _R.SUPPORT, _R.SUPPORT_HEAD, _R.MANAGER})
_PARTIES = frozenset({_R.REQUESTER, _R.REQUESTER_HEAD, *_WORKING})
_RULING = frozenset({_R.CHAIR, _R.LEADERSHIP})

RIGHTS: Mapping[str, frozenset[Role]] = {
    "request.audience": _PARTIES | _RULING | {_R.PMO, _R.ADMIN},
    "request.new": _REQUESTING | _RULING,
    "request.cancel": _REQUESTING | _RULING,
    "request.edit": _REQUESTING | _RULING,
    "request.ask_to_cancel": _LEADING | {_R.PMO},
    "request.accept": _LEADING,
    "request.decline": _LEADING,
    "request.counter": _LEADING,
    "request.ask": _LEADING,
    "request.answer": _REQUESTING,
    "request.reroute": _LEADING,
    "request.reroute_again": frozenset({_R.PMO}),
    "request.reroute_declined": _REQUESTING,
    "request.task": _WORKING,
    "request.delay": _PARTIES,
    "request.hold": _PARTIES | _RULING,
    "request.resume": _PARTIES | _RULING,
    "request.deliver": _WORKING,
    "request.verify": _REQUESTING,
    "request.rework": _REQUESTING,
    "request.close": _REQUESTING,
    "request.reopen": _REQUESTING,
    "request.handover": _PARTIES,
    "task.verify": _LEADING,
    "task.waive": _LEADING,
    "escalate.dispute": _PARTIES | _RULING | {_R.PMO},
    "escalate.settle": _PARTIES,
    "escalate.up": _PARTIES | {_R.PMO},
    "escalate.position": _PARTIES,
    "escalate.ack": _RULING,
    "escalate.remind": _RULING | {_R.MANAGER, _R.PMO},
    "escalate.rule": _RULING,
    "escalate.amend": frozenset({_R.CHAIR}),
    "escalate.execute": _PARTIES,
    "minutes.publish": frozenset({_R.RECORDER, _R.HOST}),
    "minutes.confirm": frozenset({_R.PARTICIPANT}),
    "minutes.object": frozenset({_R.PARTICIPANT}),
    "minutes.remind": frozenset({_R.RECORDER, _R.HOST, _R.MANAGER, _R.PMO}),
    "minutes.cancel": frozenset({_R.RECORDER, _R.HOST}),
    "ack": _WORKING | _RULING,
    "bind": frozenset({_R.PMO, _R.ADMIN, _R.MANAGER}),
    "calendar": frozenset({_R.PMO, _R.ADMIN}),
    "audit": _PARTIES | _RULING | {_R.PMO, _R.HOST, _R.RECORDER, _R.PARTICIPANT},
    "doctor": frozenset({_R.PMO, _R.ADMIN}),
}


def roles(directory: Directory, person: str, sides: Sides, day: date) -> frozenset[Role]:
    """Everything the person is to a record on a day, stand-ins during leave included."""
    held = {role for role, holders in _holders(directory, sides, day).items() if person in holders}
    return frozenset(held)


def may(action: str, held: frozenset[Role]) -> bool:
    return bool(RIGHTS[action] & held)


def require(action: str, directory: Directory, person: str, sides: Sides, day: date) -> frozenset[Role]:
    """The person's roles, or a refusal that names who could do it."""
    held = roles(directory, person, sides, day)
    if not may(action, held):
        raise Refused("not_allowed", action=action, who=who_could(action, directory, sides, day))
    return held


def who_could(action: str, directory: Directory, sides: Sides, day: date) -> tuple[str, ...]:
    """The people who may, in the order one would ask them."""
    allowed = RIGHTS[action]
    found = _holders(directory, sides, day)
    return tuple(dict.fromkeys(p for role in Role if role in allowed for p in found.get(role, ())))


def may_raise(directory: Directory, person: str) -> bool:
    """Everybody who works for a department may ask another one for something. The PMO and the administrators only
    watch, unless they also speak for a department, manage a project or belong to the leadership group."""
    if person not in (*directory.pmo, *directory.admins):
        return True
    manages = any(p.manager == person for p in directory.projects.values())
    return bool(directory.departments_of(person)) or manages or person in directory.leadership.everyone


def who_may_raise(directory: Directory, lead: str | None, project: str | None, day: date) -> tuple[str, ...]:
    """Whom a watcher would ask to raise it: those who speak for the project's departments, or for any other, but not
    for the lead."""
    known = directory.projects.get(project or "")
    asking = (d for d in (known.departments if known else directory.departments) if d != lead)
    found = (who_could("request.new", directory, Sides(department=d, project=project), day)[:2] for d in asking)
    return tuple(dict.fromkeys(p for people in found for p in people))[:MOST_NAMED]


def barred(directory: Directory, sides: Sides, department: str | None) -> frozenset[str]:
    """Who may not stand in for a department's people in this matter: whoever belongs to the other party. Nobody
    answers their own request as somebody's deputy."""
    if not directory.leaves or not department or department not in (sides.lead, sides.department):
        return frozenset()
    leading = department == sides.lead
    other, own = (sides.department, sides.requester) if leading else (sides.lead, sides.owner)
    people = frozenset((*directory.speakers(other), *((own,) if own else ())))
    return people - frozenset(directory.speakers(department))


def acting_for(directory: Directory, person: str, department: str | None) -> str | None:
    """For whom a deputy acts: the department's first liaison, if the person is not that one."""
    known = directory.departments.get(department or "")
    if not known or not known.liaisons or person in (known.liaisons[0], known.head):
        return None
    return known.liaisons[0]


_SPEAKING = (_R.REQUESTER, _R.REQUESTER_HEAD, _R.LEAD, _R.LEAD_HEAD, _R.SUPPORT, _R.SUPPORT_HEAD)


def _holders(directory: Directory, sides: Sides, day: date) -> dict[Role, tuple[str, ...]]:
    """Who holds each role. A member of the leadership group who speaks for a side is only that: parties abstain."""
    project = directory.projects.get(sides.project or "")
    group = directory.leadership
    leading, asking = barred(directory, sides, sides.lead), barred(directory, sides, sides.department)
    found = {
        _R.REQUESTER: _some(sides.requester, *_liaisons(directory, sides.department, day, asking)),
        _R.REQUESTER_HEAD: _heads(directory, sides.department, day, asking),
        _R.LEAD: _some(*_liaisons(directory, sides.lead, day, leading), sides.owner),
        _R.LEAD_HEAD: _heads(directory, sides.lead, day, leading),
        _R.SUPPORT: _some(*(p for d in sides.supports for p in _liaisons(directory, d, day))),
        _R.SUPPORT_HEAD: _some(*(p for d in sides.supports for p in _heads(directory, d, day))),
        _R.MANAGER: _some(project.manager if project else None),
        _R.PMO: directory.pmo,
        _R.ADMIN: directory.admins,
        _R.HOST: _some(sides.host),
        _R.RECORDER: _some(sides.recorder),
        _R.PARTICIPANT: sides.participants,
    }
    parties = frozenset(p for role in _SPEAKING for p in found[role])
    found[_R.CHAIR] = _some(group.chair if group.chair not in parties else None)
    found[_R.LEADERSHIP] = tuple(m for m in group.everyone if m not in parties)
    return found


def _some(*people: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p for p in people if p))


def _liaisons(
    directory: Directory, department: str | None, day: date, barred: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    known = directory.departments.get(department or "")
    own = known.liaisons if known else ()
    return _some(*own, *directory.liaisons(department or "", day, barred))


def _heads(
    directory: Directory, department: str | None, day: date, barred: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    known = directory.departments.get(department or "")
    own = known.head if known else None
    return _some(own, directory.head(department or "", day, barred))
