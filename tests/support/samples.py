"""A small company in which everything has happened once: every card and notice in every state, in both languages.

`World(language, twist)` puts every text that people write, names included, through `twist`: the property tests make
them hostile, the golden files leave them as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.language import Reader
from bot.render import Renderer
from commands.cards.notices import NOTICES, Notice
from commands.catalogue import CARDS, VERBS
from commands.codes import typed_twin
from commands.domain.checkin import Checkin, CheckinState
from commands.domain.clocks import Clock, ClockKind
from commands.domain.clocks import start as start_clock
from commands.domain.escalation import (
    Acknowledgement,
    Decision,
    Escalation,
    EscalationKind,
    EscalationState,
    Supplement,
    Vote,
)
from commands.domain.minutes import (
    Confirmation,
    ConfirmationState,
    ItemKind,
    Minutes,
    MinutesItem,
    MinutesState,
    Objection,
)
from commands.domain.people import ChatBinding, Department, Directory, Leadership, Person, Project
from commands.domain.policy import Policy
from commands.domain.proposal import Proposal, ProposalKind, ProposalState
from commands.domain.request import Delivery, Request, RequestState, Urgency
from commands.domain.task import Task, TaskState
from commands.domain.worktime import WorkCalendar
from commands.facts import encode
from commands.help import help_view
from commands.lexicon import Lexicon
from commands.ports import AuditEvent
from commands.registry import Action, Actor, Calendars, Context, View
from commands.status.absence import span
from commands.typed import Help
from commands.words import Dept, Shown, Who, words
from support.verbs import CATALOGUES

NOW = datetime(2026, 9, 23, 2, 30, tzinfo=UTC)
"""Wednesday 10:30 in Shanghai."""
ZONE = "Asia/Shanghai"
PLATFORM = "sandbox"
GROUP = "sandbox:launch"
LANGUAGES = ("zh-CN", "en")
CALENDAR = WorkCalendar(
    "default",
    ZONE,
    off=frozenset({date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}),
    work=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    known_years=frozenset({2026}),
    names={date(2026, 9, 25): "中秋节"} | {date(2026, 10, day): "国庆节" for day in range(1, 8)},
)

_R, _T, _E, _P, _C = RequestState, TaskState, EscalationState, ProposalState, CheckinState
_M, _A = MinutesState, ConfirmationState


def at(day: int, hour: int = 18, minute: int = 0, month: int = 9) -> datetime:
    """A moment on the wall in Shanghai."""
    return datetime(2026, month, day, hour, minute, tzinfo=CALENDAR.tz).astimezone(UTC)


# --- storage -------------------------------------------------------------------------------------


class Shelf:
    """Keeps records in memory, as far as views ask for them."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.records: dict[tuple[type[Any], str], Any] = {}
        self.events: list[AuditEvent] = []
        self.shown: set[str] = set()

    def put(self, *records: Any) -> None:
        for record in records:
            self.records[type(record), record.id] = record

    def get(self, kind: type[Any], id: str) -> Any:
        return self.records.get((kind, id))

    def find(self, kind: type[Any], /, **where: Any) -> list[Any]:
        def fits(record: Any) -> bool:
            return all(
                getattr(record, name) in value if isinstance(value, tuple) else getattr(record, name) == value
                for name, value in where.items()
            )

        return [record for (of, _), record in self.records.items() if of is kind and fits(record)]

    def posted(self, item: str, view: str | None = None) -> list[str]:
        """Not empty for what stands in `shown`."""
        return [item] if item in self.shown else []

    def audited(
        self, item: str | tuple[str, ...] | None = None, since: datetime | None = None, limit: int = 500
    ) -> list[AuditEvent]:
        items = (item,) if isinstance(item, str) else item
        return [e for e in self.events if items is None or e.item in items][:limit]


# --- the company ---------------------------------------------------------------------------------


@dataclass
class World:
    """Texts are given in Chinese and in English; `twist` changes what people wrote."""

    language: str = "zh-CN"
    twist: Callable[[str], str] = lambda text: text
    now: datetime = NOW
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self._directory())

    def say(self, chinese: str, english: str) -> str:
        return self.twist(chinese if self.language == "zh-CN" else english)

    def _directory(self) -> Directory:
        people = {
            id: Person(id, self.say(*names), identities={PLATFORM: f"u-{id}"})
            for id, names in {
                "limin": ("李敏", "Li Min"),
                "zhaolei": ("赵磊", "Zhao Lei"),
                "zhangwei": ("张伟", "Zhang Wei"),
                "chenjing": ("陈静", "Chen Jing"),
                "wangqiang": ("王强", "Wang Qiang"),
                "liuyang": ("刘洋", "Liu Yang"),
                "sunzong": ("孙总", "Director Sun"),
                "zhouzong": ("周总", "Director Zhou"),
                "hefang": ("何芳", "He Fang"),
            }.items()
        }
        departments = {
            "market": Department("market", self.say("市场部", "Marketing"), "zhaolei", ("limin",)),
            "rd": Department("rd", self.say("研发部", "R&D"), "wangqiang", ("zhangwei", "chenjing"), home="sandbox:rd"),
            "design": Department("design", self.say("设计部", "Design"), None, ("liuyang",)),
        }
        leadership = Leadership(
            self.say("领导小组", "Leadership group"), "sunzong", (), ("zhouzong",), "majority", "sandbox:leadership"
        )
        project = Project(
            "launch", self.say("新品X上市", "Launch of X"), "hefang", ("market", "rd", "design"), (GROUP,)
        )
        bindings = {
            GROUP: ChatBinding(GROUP, "project", "launch"),
            "sandbox:rd": ChatBinding("sandbox:rd", "department", "rd"),
            "sandbox:leadership": ChatBinding("sandbox:leadership", "leadership", "leadership"),
        }
        return Directory(
            people, departments, leadership, {"launch": project}, ("hefang",), ("hefang",), bindings=bindings
        )

    def lost(self, address: str, why: str = "the channel is archived") -> None:
        """Nothing can be posted in a chat any more."""
        bindings = self.shelf.directory.bindings
        marked = {**bindings, address: replace(bindings[address], lost=why)}
        self.shelf.directory = replace(self.shelf.directory, bindings=marked)

    def context(self, me: str | None = None, *, chat: str = "", now: datetime | None = None) -> Context:
        calendars = Calendars({"default": CALENDAR}, self.shelf.directory)
        actor = Actor(me, PLATFORM, chat.partition(":")[2], direct=not chat)
        now = now or self.now
        uow: Any = self.shelf
        return Context(now, actor, uow, Policy(), calendars, now, self.language)

    def reader(self, language: str | None = None) -> Reader:
        return Reader(language or self.language, ZONE, PLATFORM, self.shelf.directory)

    # --- records ---

    def request(self, state: RequestState = _R.RAISED, **more: Any) -> Request:
        """A request of Marketing to R&D, with what belongs to its state."""
        known: dict[str, Any] = {
            "id": "R-1",
            "title": self.say("新品X性能数据", "Performance data of product X"),
            "requester": "limin",
            "department": "market",
            "lead": "rd",
            "supports": ("design",),
            "content": self.say(
                "用于发布会主视觉，含功耗和跑分", "For the launch keynote: power and benchmark figures"
            ),
            "standard": self.say("三轮实测的平均值", "Mean of three measured rounds"),
            "wanted": at(30),
            "project": "launch",
            "chat": GROUP,
            "state": state,
            "created_at": at(22, 15),
            "raised_at": at(22, 15),
        }
        made = Request(**{**known, **self._of_state(state), **more})
        self.shelf.put(made)
        self._start_clock(made)
        return made

    def _of_state(self, state: RequestState) -> dict[str, Any]:
        answered = {"answered_by": "zhangwei", "answered_at": at(23, 9, 40)}
        agreed = {**answered, "owner": "zhangwei", "due": at(28), "first_due": at(28)}
        handed = {**agreed, "deliveries": (self.delivery(),)}
        reason = self.say("样机要到十月中旬才能到位", "The prototypes only arrive in mid-October")
        match state:
            case _R.DRAFT:
                return {"raised_at": None}
            case _R.NEEDS_INFO:
                return {"question": self.say("需要哪个批次的样机？", "Which batch of prototypes?")}
            case _R.COUNTERED:
                alternative = self.say("先给两轮数据，第三轮十月补", "Two rounds now, the third in October")
                return {
                    **answered,
                    "reason": reason,
                    "alternative": alternative,
                    "alternative_due": at(29),
                    "alternative_department": "design",
                }
            case _R.DECLINED:
                return {**answered, "reason": reason}
            case _R.ACCEPTED | _R.IN_PROGRESS:
                return agreed
            case _R.ON_HOLD:
                return {**agreed, "reason": reason, "held_from": at(23, 9), "resume_at": at(29, 9)}
            case _R.DELIVERED | _R.VERIFIED:
                return handed
            case _R.REWORK:
                return {**agreed, "deliveries": (self.delivery(failed=True),)}
            case _R.REOPENED:
                return {"reason": self.say("数据缺一轮", "One round is missing"), "reopened": 1}
            case _R.CLOSED:
                note = self.say("配合很好", "Well done")
                return {**handed, "outcome": "verified", "rating": 5, "rating_note": note}
            case _R.CANCELLED:
                return {"reason": self.say("发布会取消", "The launch was cancelled")}
            case _:
                return {}

    def delivery(self, *, failed: bool = False) -> Delivery:
        link = self.say("https://files.example.com/x/report.pdf", "https://files.example.com/x/report.pdf")
        note = self.say("含原始记录", "With the raw records")
        handed = Delivery(1, link, "zhangwei", at(23, 9, 50), note)
        if not failed:
            return handed
        missing = self.say("缺第三轮数据", "The third round is missing")
        return replace(handed, outcome="failed", failed=missing, judged_by="limin", judged_at=at(23, 10))

    def _start_clock(self, made: Request) -> None:
        kinds = {
            _R.RAISED: (ClockKind.RESPONSE, "1wd", "rd"),
            _R.REOPENED: (ClockKind.RESPONSE, "1wd", "rd"),
            _R.NEEDS_INFO: (ClockKind.INFO, "1wd", "market"),
            _R.DECLINED: (ClockKind.DECLINED, "2wd", "market"),
            _R.DELIVERED: (ClockKind.ACCEPTANCE, "3wd", "market"),
            _R.REWORK: (ClockKind.REWORK, "3wd", "rd"),
        }
        if made.state in kinds:
            kind, limit, side = kinds[made.state]
            limit = "2h" if made.urgency is Urgency.URGENT else limit
            self.clock(kind, made.id, limit, side, since=at(23, 10) if made.urgency is Urgency.URGENT else None)

    def clock(self, kind: ClockKind, item: str, limit: str, side: str = "", since: datetime | None = None) -> Clock:
        since = since or at(23, 9, 30)
        made = start_clock(kind, item, 1, since, side=side, calendar="default", limit=_duration(limit))
        self.shelf.put(made)
        return made

    def proposal(self, kind: ProposalKind, state: ProposalState = _P.OPEN, **more: Any) -> Proposal:
        known: dict[str, Any] = {
            "id": "P-1",
            "kind": kind,
            "item": "R-1",
            "by": "zhangwei",
            "department": "rd",
            "reason": self.say("测试设备被占用", "The test bench is taken"),
            "alternative": self.say("先交两轮数据", "Two rounds first") if kind is not ProposalKind.CANCEL else "",
            "due": at(30) if kind is not ProposalKind.CANCEL else None,
            "old_due": at(28) if kind is ProposalKind.DELAY else None,
            "asked": ("limin",),
            "asked_department": "market",
            "state": state,
            "asked_at": at(23, 9, 30),
        }
        if state in (_P.AGREED, _P.REFUSED):
            known |= {"answered_by": "limin", "answered_at": at(23, 10)}
        if state is _P.REFUSED:
            known |= {"answer": self.say("发布会日期不能动", "The launch date is fixed")}
        made = Proposal(**{**known, **more})
        self.shelf.put(made)
        if state is _P.OPEN:
            self.clock(ClockKind.REPLY, made.id, "1wd", "market")
        return made

    def task(self, state: TaskState = _T.IN_PROGRESS, **more: Any) -> Task:
        known: dict[str, Any] = {
            "id": "T-1",
            "title": self.say("跑分测试", "Benchmarks"),
            "department": "rd",
            "owner": "chenjing",
            "source": "R-1",
            "project": "launch",
            "standard": self.say("三轮实测", "Three measured rounds"),
            "due": at(28),
            "first_due": at(28),
            "state": state,
            "created_by": "zhangwei",
            "created_at": at(22, 16),
        }
        if state in (_T.SUBMITTED, _T.DONE):
            known["deliveries"] = (self.delivery(),)
        if state is _T.REWORK:
            known["deliveries"] = (self.delivery(failed=True),)
        made = Task(**{**known, **more})
        self.shelf.put(made)
        return made

    def escalation(self, kind: EscalationKind, state: EscalationState, **more: Any) -> Escalation:
        clock = {
            _E.OPEN: ClockKind.DISPUTE,
            _E.TO_LEADERSHIP: ClockKind.RULING,
            _E.SENT_BACK: ClockKind.SUPPLEMENT,
            _E.RULED: ClockKind.EXECUTION,
        }
        known: dict[str, Any] = {
            "id": "E-1",
            "kind": kind,
            "item": "R-1",
            "reason": self.say("数据缺一轮，影响发布会", "A round is missing, which endangers the launch"),
            "raised_by": "limin",
            "parties": ("market", "rd"),
            "project": "launch",
            "mediator": "hefang",
            "state": state,
            "positions": {"market": self.say("必须三轮", "Three rounds are a must")},
            "raised_at": at(22, 16),
            "handed_in_at": None if state is _E.OPEN else at(23, 9),
        }
        if kind is EscalationKind.BREACH:
            known |= {"raised_by": None, "reason": "unanswered", "mediator": None, "positions": {}}
        made = Escalation(**{**known, **self._of_matter(state), **more})
        self.shelf.put(made)
        if state in clock:
            self.clock(clock[state], made.id, "1wd")
        return made

    def _of_matter(self, state: EscalationState) -> dict[str, Any]:
        noted = (Acknowledgement("sunzong", at(23, 9, 30)),)
        match state:
            case _E.TO_LEADERSHIP:
                why = self.say("数据要完整", "The data have to be complete")
                return {"acknowledged": noted, "votes": (Vote("zhouzong", "support_raiser", why, at(23, 10)),)}
            case _E.SENT_BACK:
                return {
                    "question": self.say("两轮数据的误差是多少？", "How large is the error of two rounds?"),
                    "sent_back": 1,
                    "sent_back_at": at(23, 9, 40),
                    "supplements": (
                        Supplement("market", "limin", self.say("误差 3%", "Three per cent"), at(23, 10, 5)),
                    ),
                }
            case _E.RULED:
                done = (Acknowledgement("limin", at(23, 10, 10)),)
                return {"decision": "D-1", "executors": ("limin", "zhangwei"), "executed": done}
            case _E.EXECUTED:
                done = (Acknowledgement("limin", at(23, 10, 10)), Acknowledgement("zhangwei", at(23, 10, 20)))
                return {"decision": "D-1", "executors": ("limin", "zhangwei"), "executed": done}
            case _E.SETTLED:
                return {"conclusion": self.say("两轮先用，第三轮十月补", "Two rounds now, the third in October")}
            case _E.CLOSED:
                return {"conclusion": "cancelled", "acknowledged": noted}
            case _:
                return {}

    def decision(self, **more: Any) -> Decision:
        known: dict[str, Any] = {
            "id": "D-1",
            "source": "E-1",
            "text": self.say("新品X性能数据", "Performance data of product X"),
            "option": "support_raiser",
            "reason": self.say("数据要完整", "The data have to be complete"),
            "effects": ("accepted",),
            "due": at(28),
            "by": ("sunzong", "zhouzong"),
            "item": "R-1",
            "at": at(23, 10),
        }
        made = Decision(**{**known, **more})
        self.shelf.put(made)
        return made

    def checkin(self, state: CheckinState, **more: Any) -> Checkin:
        known: dict[str, Any] = {
            "id": "rd:2026-09-23",
            "person": "zhangwei",
            "department": "rd",
            "day": date(2026, 9, 23),
            "state": state,
            "asked_at": at(23, 17),
            "closes_at": at(23, 18),
        }
        if state in (_C.DONE, _C.LATE, _C.DEPUTY):
            by = "chenjing" if state is _C.DEPUTY else "zhangwei"
            when = at(23, 19, 5) if state is _C.LATE else at(23, 17, 20)
            known |= {"answered_by": by, "answered_at": when, "blockers": self.say("样机未到", "Prototypes missing")}
            known |= {"progress": self.say("完成A款测试", "Model A tested"), "plan": self.say("联调", "Integration")}
        made = Checkin(**{**known, **more})
        self.shelf.put(made)
        return made

    def minutes(self, state: MinutesState, **more: Any) -> Minutes:
        """A weekly meeting with two participants who have answered and one who has not."""
        edition = 0 if state in (_M.DUE, _M.DRAFTED, _M.CANCELLED) else 2
        owed = {"owner": "chenjing", "due": at(28), "standard": self.say("三轮", "Three rounds"), "ref": "T-1"}
        items = (
            MinutesItem(1, ItemKind.DECISION, self.say("发布会定在十月", "The launch is in October"), since=1),
            MinutesItem(2, ItemKind.ACTION, self.say("完成跑分测试", "Finish the benchmarks"), since=edition, **owed),
            MinutesItem(3, ItemKind.OPEN_ISSUE, self.say("样机到货时间", "When the prototypes arrive"), since=1),
        )
        wrong = self.say("日期应为10月8日", "The date should be 8 October")
        known: dict[str, Any] = {
            "id": "M-1",
            "title": self.say("新品X周例会", "Weekly of product X"),
            "starts_at": at(22, 14),
            "ends_at": at(22, 15),
            "host": "hefang",
            "recorder": "limin",
            "participants": ("limin", "zhangwei", "liuyang"),
            "absent": ("wangqiang", "zhaolei"),
            "place": self.say("三号会议室", "Room 3"),
            "agenda": self.say("发布会准备", "Preparing the launch"),
            "project": "launch",
            "chat": GROUP,
            "state": state,
            "edition": edition,
            "items": items if edition or state is _M.DRAFTED else (),
            "objections": (Objection(1, "liuyang", 1, wrong, at(23, 9)),) if edition else (),
            "created_at": at(22, 13),
        }
        made = Minutes(**{**known, **more})
        self.shelf.put(made)
        silent = {_M.PUBLISHED: _A.ASKED, _M.CLOSED_WITH_DEEMED: _A.DEEMED}.get(state, _A.CONFIRMED)
        loud = _A.OBJECTED if state in (_M.PUBLISHED, _M.CLOSED_WITH_DISSENT) else _A.CONFIRMED
        for person, answer in zip(made.participants, (_A.CONFIRMED, silent, loud), strict=True):
            asked = (2,) if answer is _A.ASKED else ()
            id = f"{made.id}/{person}"
            if edition:
                self.shelf.put(
                    Confirmation(
                        id=id,
                        minutes=made.id,
                        person=person,
                        edition=edition,
                        items=asked,
                        state=answer,
                        asked_at=at(23, 9),
                    )
                )
        if state in (_M.DUE, _M.DRAFTED):
            self.clock(ClockKind.MINUTES, made.id, "1wd", "market", since=at(22, 15))
        elif state is _M.PUBLISHED:
            self.clock(ClockKind.CONFIRMATION, f"{made.id}/{edition}", "1wd")
        return made

    def event(self, what: str, item: str, when: datetime, actor: str | None = None, **more: Any) -> None:
        self.shelf.events.append(AuditEvent(at=when, what=what, item=item, actor=actor, platform=PLATFORM, **more))

    def history(self) -> None:
        """What happened to R-1 before it climbed."""
        self.event("request.raised", "R-1", at(22, 15), "limin", after={"lead": "rd"})
        self.event("clock.warned", "R-1", at(22, 17, 30), after={"told": ["zhangwei"]})
        self.event("clock.breached", "R-1", at(23, 9, 30), planned_at=at(23, 9, 30), after={"kind": "C1", "side": "rd"})
        declined = self.say("没有样机，做不了", "No prototypes, cannot be done")
        self.event("request.declined", "R-1", at(23, 9, 40), "zhangwei", reason=declined)


def _duration(text: str) -> Any:
    from commands.domain.duration import parse_duration

    return parse_duration(text)


# --- what is shown -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """A card in a state. `view` builds it in a world."""

    name: str
    view: Callable[[World], View | None]
    now: datetime = NOW

    def build(self, language: str = "zh-CN", twist: Callable[[str], str] = lambda text: text) -> tuple[View, World]:
        world = World(language, twist, self.now)
        view = self.view(world)
        assert view is not None, f"{self.name}: nothing to show"
        return view, world


CARD = {card.name: card for card in CARDS}


def samples() -> Iterator[Sample]:
    """Every card in every state, every notice, every page that only an answer shows."""
    yield from _requests()
    yield from _tasks()
    yield from _matters()
    yield from _notices()
    yield from _meetings()
    yield from _evenings()
    yield from _people()
    yield from _pages()


def _card(
    name: str,
    make: Callable[[World], Any],
    item: str,
    reader: str | None = None,
    now: datetime = NOW,
    facts: Mapping[str, Any] | None = None,
    of: str | None = None,
) -> Sample:
    def view(world: World) -> View | None:
        make(world)
        return CARD[of or name.partition(".")[0]].view(world.context(now=now), item, reader, facts or {})

    return Sample(name, view, now)


def _requests() -> Iterator[Sample]:
    for state in RequestState:

        def make(w: World, state: RequestState = state) -> None:
            w.request(state)
            if state is _R.COUNTERED:
                w.proposal(ProposalKind.COUNTER)

        yield _card(f"request.{state}", make, "R-1")

    def urgent(w: World) -> None:
        w.request(urgency=Urgency.URGENT, department="", supports=(), content="", standard="")

    yield _card("request.raised.urgent", urgent, "R-1", "zhangwei")
    yield _card("request.raised.overdue", lambda w: w.request(), "R-1", now=at(28, 10))
    yield _card("request.raised.requester", lambda w: w.request(), "R-1", "limin")
    yield _card(
        "request.raised.answered",
        lambda w: w.request(question=w.say("哪个批次？", "Which batch?"), answer=w.say("第二批", "The second")),
        "R-1",
    )

    def climbing(w: World) -> None:
        w.request()
        w.escalation(EscalationKind.BREACH, _E.TO_LEADERSHIP)

    yield _card("request.raised.escalated", climbing, "R-1")
    for kind in (ProposalKind.DELAY, ProposalKind.HOLD, ProposalKind.CANCEL):

        def pending(w: World, kind: ProposalKind = kind) -> None:
            w.request(_R.IN_PROGRESS)
            w.proposal(kind)

        yield _card(f"request.in_progress.{kind}", pending, "R-1")

    def moved(w: World) -> None:
        resources = w.say("两台样机", "Two prototypes")
        w.request(_R.IN_PROGRESS, due=at(30), resources=resources)
        w.task(_T.DONE)
        w.task(_T.NOT_STARTED, id="T-2", department="design", owner="liuyang", title=w.say("海报", "Poster"))

    yield _card("request.in_progress.tasks", moved, "R-1")
    for outcome in ("declined", "withdrawn", "ruled"):

        def closed(w: World, outcome: str = outcome) -> None:
            reason = w.say("没有样机", "No prototypes") if outcome == "declined" else ""
            w.request(_R.CLOSED, outcome=outcome, reason=reason, rating=None, rating_note="", deliveries=())

        yield _card(f"request.closed.{outcome}", closed, "R-1")
    yield _card("request.closed.unrated", lambda w: w.request(_R.CLOSED, rating=None, rating_note=""), "R-1")
    yield _card("request.closed.rated", lambda w: w.request(_R.CLOSED, rating=4, rating_note=""), "R-1")


def _tasks() -> Iterator[Sample]:
    for state in TaskState:
        yield _card(f"task.{state}", lambda w, s=state: (w.request(_R.IN_PROGRESS), w.task(s)), "T-1")
    yield _card("task.in_progress.late", lambda w: w.task(first_due=at(24)), "T-1", now=at(29, 10))
    yield _card("task.not_started.bare", lambda w: w.task(_T.NOT_STARTED, source="M-3", due=None, standard=""), "T-1")


def _matters() -> Iterator[Sample]:
    for state in EscalationState:

        def make(w: World, state: EscalationState = state) -> None:
            w.request(_R.DECLINED)
            w.history()
            w.escalation(EscalationKind.DISPUTE, state)

        yield _card(f"escalation.{state}", make, "E-1")

    def breach(w: World, **more: Any) -> None:
        w.request()
        w.history()
        w.escalation(EscalationKind.BREACH, more.pop("state", _E.TO_LEADERSHIP), votes=(), **more)

    yield _card("escalation.breach", breach, "E-1")
    yield _card("escalation.breach.urgent", lambda w: breach(w, urgent=True, acknowledged=()), "E-1", "sunzong")

    def answered(w: World) -> None:
        breach(w, state=_E.CLOSED, conclusion="answered")
        w.event("escalation.closed", "E-1", at(23, 10), after={"answered_by": "zhangwei", "late_minutes": 25})

    yield _card("escalation.breach.answered", answered, "E-1")
    yield _card("escalation.breach.obsolete", lambda w: breach(w, state=_E.CLOSED, conclusion="cancelled"), "E-1")
    yield _card(
        "escalation.task",
        lambda w: (
            w.request(_R.IN_PROGRESS),
            w.task(),
            w.escalation(EscalationKind.BREACH, _E.TO_LEADERSHIP, item="T-1", reason="overdue", votes=()),
        ),
        "E-1",
    )
    yield _card("decision.accepted", lambda w: (w.request(_R.ACCEPTED), w.decision()), "D-1")
    for effect in ("due_moved", "closed", "held", "resumed"):
        yield _card(
            f"decision.{effect}",
            lambda w, e=effect: (w.request(_R.ACCEPTED), w.decision(effects=(e,), option="support_other")),
            "D-1",
        )
    yield _card(
        "decision.compromise",
        lambda w: (w.request(_R.ACCEPTED), w.decision(option="compromise", effects=(), amends="D-0")),
        "D-1",
    )


# --- notices -------------------------------------------------------------------------------------

STATES: Mapping[str, Any] = {
    "request_accepted": _R.ACCEPTED,
    "request_rerouted": _R.RAISED,
    "request_resumed": _R.IN_PROGRESS,
    "request_verified": _R.VERIFIED,
    "request_rate": _R.VERIFIED,
    "request_closed": _R.CLOSED,
    "request_lapsed": _R.CLOSED,
    "request_reopened": _R.REOPENED,
    "request_edited": _R.RAISED,
    "request_cancelled": _R.CANCELLED,
    "request_waiting": _R.RAISED,
    "request_unanswered_head": _R.RAISED,
    "request_replied": _R.RAISED,
    "request_came_back": _R.RAISED,
    "proposal_answered": _P.AGREED,
    "task_submitted": _T.SUBMITTED,
    "task_accepted": _T.DONE,
    "task_rework": _T.REWORK,
    "escalation_settled": _E.SETTLED,
    "escalation_withdrawn": _E.WITHDRAWN,
    "escalation_copied": _E.TO_LEADERSHIP,
    "escalation_unanswered": _E.TO_LEADERSHIP,
    "escalation_nudge": _E.TO_LEADERSHIP,
    "escalation_assigned": _E.TO_LEADERSHIP,
    "escalation_no_judge": _E.TO_LEADERSHIP,
    "dispute_handed_in": _E.TO_LEADERSHIP,
    "ruling_given": _E.RULED,
}
"""The state a notice is sent in, where the notice itself does not say."""

TO_REQUESTER = frozenset(
    [
        "request_accepted",
        "request_declined",
        "request_question",
        "request_delivered",
        "acceptance_waiting",
        "acceptance_overdue",
        "info_waiting",
        "request_draft",
        "request_draft_lapsed",
        "info_overdue",
        "request_verified",
        "request_rate",
        "request_rerouted",
        "request_lapsed",
    ]
)


def sent_facts(name: str, w: World) -> dict[str, Shown]:
    """What is said with a notice when it is owed (`tell.notify`)."""
    by = {"by": Who("zhangwei")}
    mine = {"by": Who("limin")}
    order = w.say("今天下班前答复", "Answer before the end of today")
    table: dict[str, dict[str, Shown]] = {
        "request_draft": {"until": at(24)},
        "request_question": {**by, "answer_by": at(24, 10)},
        "request_replied": {"answer_by": at(24, 10)},
        "request_accepted": by,
        "request_declined": by,
        "request_rerouted": {**by, "to": Dept("design"), "why": w.say("归设计部管理", "Design is in charge of it")},
        "request_came_back": {"why": w.say("归研发部管理", "R&D is in charge of it"), "answer_by": at(24, 10)},
        "request_delivered": {**by, "answer_by": at(28, 10)},
        "request_rework": {**mine, "round": 1, "failed": w.say("缺第三轮数据", "Round three"), "answer_by": at(28, 10)},
        "request_verified": mine,
        "request_rate": {"answer_by": at(28, 18)},
        "request_reopened": {**mine, "answer_by": at(24, 10)},
        "request_edited": {
            **mine,
            "changed": (words("field.urgency.label"), words("field.standard.label")),
            "answer_by": at(24, 10),
        },
        "request_cancelled": mine,
        "proposal_asked": {"answer_by": at(24, 10)},
        "task_due_soon": {"change_by": at(24)},
        "task_overdue": {"days": 2},
        "task_overdue_head": {"days": 2, "climbs_at": at(28, 9, 30)},
        "task_submitted": {"by": Who("chenjing")},
        "task_accepted": by,
        "task_rework": {**by, "failed": w.say("缺第三轮数据", "Round three is missing"), "answer_by": at(28, 10)},
        "dispute_mediate": {"answer_by": at(24, 10)},
        "dispute_position": {"answer_by": at(24, 10)},
        "escalation_settled": {"by": Who("hefang")},
        "escalation_withdrawn": {**mine, "why": w.say("已当面谈妥", "Settled in person")},
        "escalation_nudge": {"by": Who("sunzong"), "reason": order, "answer_by": at(24, 10)},
        "escalation_assigned": {"by": Who("sunzong"), "reason": order, "answer_by": at(24, 10)},
        "escalation_question": {"by": Who("sunzong")},
        "escalation_answered": {"answered": (Dept("market"), Dept("rd")), "silent": None},
        "escalation_unanswered": {"answered": (Dept("market"),), "silent": (Dept("rd"),)},
        "minutes_due": {"due": at(23, 15)},
        "minutes_overdue": {"due": at(23, 10)},
        "minutes_waiting": {"due": at(24, 10)},
        "minutes_changed": {"due": at(24, 10)},
        "minutes_objected": {"by": Who("liuyang"), "number": 1, "reason": w.say("日期应为10月8日", "It is 8 October")},
        "handed_over": {**by, "reason": w.say("休假两周", "Away for two weeks")},
        "handed_over_to": {**by, "person": Who("chenjing"), "reason": w.say("休假两周", "Away for two weeks")},
        "handed_over_asking": {**by, "person": Who("zhouqiang"), "reason": w.say("休假两周", "Away for two weeks")},
        "nobody_left": {"department": Dept("rd")},
    }
    return table.get(name, {})


def _notices() -> Iterator[Sample]:
    for notice in NOTICES:
        yield Sample(f"notice.{notice.name}", lambda w, n=notice: _notice(w, n))
    yield Sample("notice.request_waiting.late", lambda w: _notice(w, _named("request_waiting"), planned_at=at(22, 17)))
    yield Sample("notice.proposal_asked.bare", lambda w: _notice(w, _named("proposal_asked"), ProposalKind.CANCEL))
    yield Sample("notice.proposal_asked.late_notice", lambda w: _notice(w, _named("proposal_asked"), late_notice=True))
    yield Sample(
        "notice.proposal_answered.refused", lambda w: _notice(w, _named("proposal_answered"), state=_P.REFUSED)
    )
    yield Sample("notice.request_closed.unrated", lambda w: _notice(w, _named("request_closed"), rating=None))
    yield Sample(
        "notice.nobody_left.head",
        lambda w: (
            w.request(_R.ACCEPTED)
            and CARD["nobody_left"].view(w.context(), "R-1", "hefang", {"department": Dept("rd"), "head_only": True})
        ),
    )
    yield Sample("notice.due_line", _due_line)
    yield Sample("notice.due_line.soon", lambda w: _due_line(w, over=False))
    for name in ("handed_over", "handed_over_to", "handed_over_asking", "nobody_left"):
        yield Sample(
            f"notice.{name}",
            lambda w, n=name: w.request(_R.ACCEPTED) and CARD[n].view(w.context(), "R-1", "hefang", sent_facts(n, w)),
        )


def _due_line(w: World, *, over: bool = True) -> View | None:
    for day in (*((18, 21, 22) if over else ()), 23, 26):
        w.task(_T.IN_PROGRESS, due=at(day), project="launch", id=f"T-{day}")
    return CARD["due_line"].view(w.context(), "launch", None, {"day": NOW.date()})


def _named(name: str) -> Notice:
    return next(n for n in NOTICES if n.name == name)


def _notice(
    w: World, notice: Notice, kind: ProposalKind = ProposalKind.DELAY, planned_at: datetime | None = None, **more: Any
) -> View | None:
    allowed = notice.while_in or frozenset()
    state = more.pop("state", STATES.get(notice.name) or next(iter(sorted(allowed)), None))
    reader = "limin" if notice.name in TO_REQUESTER else "zhangwei"
    if notice.name == "request_replied":
        more["answer"] = w.say("第二批", "The second")
    if notice.of is Minutes:
        reader = "zhangwei" if notice.name in ("minutes_waiting", "minutes_changed") else "limin"
        item = w.minutes(_M.DUE if notice.name in ("minutes_due", "minutes_overdue") else _M.PUBLISHED).id
    elif notice.of is Request:
        item = w.request(state, **more).id
    elif notice.of is Task:
        w.request(_R.IN_PROGRESS)
        state = _T.IN_PROGRESS if notice.name.startswith(("task_due", "task_overdue", "due")) else state
        due = at(21) if "overdue" in notice.name else at(23) if "today" in notice.name else at(28)
        item = w.task(state, due=due, **more).id
    elif notice.of is Proposal:
        w.request(_R.IN_PROGRESS)
        reader = "limin"
        item = w.proposal(kind, state, **more).id
    else:
        kinds = ("escalation_copied", "escalation_nudge", "escalation_assigned", "escalation_no_judge")
        w.request()
        of = EscalationKind.BREACH if notice.name in kinds else EscalationKind.DISPUTE
        reader = "sunzong" if notice.name.startswith(("ruling_w", "escalation_answered")) else reader
        item = w.escalation(of, state, **more).id
    late = {"planned_at": planned_at} if planned_at else {}
    return CARD[notice.name].view(w.context(), item, reader, {**sent_facts(notice.name, w), **late})


def _meetings() -> Iterator[Sample]:
    if "minutes" not in CARD:
        return
    for state in MinutesState:
        yield _card(f"minutes.{state}", lambda w, s=state: w.minutes(s), "M-1")
    yield _card("minutes.published.asked", lambda w: w.minutes(_M.PUBLISHED), "M-1", "zhangwei")
    yield _card("minutes.published.recorder", lambda w: w.minutes(_M.PUBLISHED), "M-1", "limin")
    yield _card("minutes.due.late", lambda w: w.minutes(_M.DUE, late=True, absent=(), place=""), "M-1")
    yield _card("minutes.due.kickoff", lambda w: w.minutes(_M.DUE, kind="kickoff", agenda=""), "M-1")
    yield _card("minutes_agenda", lambda w: w.minutes(_M.DUE), "M-1", "zhangwei")
    retro = {"kind": "retro", "agenda": "", "place": ""}
    yield _card("minutes_agenda.usual", lambda w: w.minutes(_M.DUE, **retro), "M-1", "zhangwei")
    failed = {"to": "person:zhangwei", "error": "410 Gone", "fix": "check the account"}
    yield _card("undeliverable", lambda w: w.request(), "R-1", "hefang", facts=failed)
    gone = {"error": "the bot is not in the channel", "fix": "/invite @bot"}
    yield _card("chat_lost", lambda w: w.lost("sandbox:rd"), "sandbox:rd", "hefang", facts=gone)
    yield _card(
        "chat_lost.unbound",
        lambda w: None,
        "sandbox:old",
        "hefang",
        facts={"error": "the channel is archived", "fix": ""},
    )
    yield _card("late_actions", lambda w: None, "", "hefang", facts={"lag": timedelta(minutes=25)})


# --- the evening ---------------------------------------------------------------------------------


def _evenings() -> Iterator[Sample]:
    item = "checkin:zhangwei:2026-09-23"
    five, seven = at(23, 17), at(23, 19, 30)

    def day(w: World, state: CheckinState = _C.ASKED, **more: Any) -> None:
        w.request(_R.IN_PROGRESS)
        w.task()
        w.task(id="T-2", title=w.say("功耗测试", "Power test"), due=at(21))
        w.task(id="T-3", title=w.say("外观", "Looks"), due=None, source="M-1")
        plan = w.say("A款测试", "Test model A")
        w.checkin(_C.DONE, id="rd:2026-09-22", day=date(2026, 9, 22), plan=plan)
        w.checkin(state, **more)
        w.shelf.shown.add(item)

    yield _card("checkin.asked", day, item, "zhangwei", five)
    yield _card("checkin.missed", lambda w: day(w, _C.MISSED), item, "zhangwei", seven)
    for state in (_C.DONE, _C.DEPUTY, _C.LATE):
        yield _card(f"checkin.{state}", lambda w, s=state: day(w, s), item, "zhangwei", seven)
    yield _card("checkin.late.edited", lambda w: day(w, _C.LATE, edited=True), item, "zhangwei", seven)
    yield _card("checkin.over", lambda w: day(w, _C.DONE), item, "zhangwei", at(28, 10))
    yield _card("checkin.asked.deputy", day, "checkin:chenjing:2026-09-23", "chenjing", five)

    def evening(w: World) -> None:
        w.checkin(_C.DONE, edited=True)
        w.checkin(_C.MISSED, id="market:2026-09-23", department="market", person="limin")
        w.checkin(_C.EXCUSED, id="design:2026-09-23", department="design", person="liuyang")

    summary = "summary:launch:2026-09-23"
    yield _card("checkin_summary.some", evening, summary, now=seven)
    yield _card("checkin_summary.none", lambda w: w.checkin(_C.MISSED), summary, now=seven)
    yield _card("checkin_summary.open", lambda w: w.checkin(_C.ASKED), summary, now=at(23, 17, 30))
    yield _card("checkin_reminder", day, item, "zhangwei", at(23, 17, 30))
    yield _card("checkin_late", lambda w: day(w, _C.LATE), "rd:2026-09-23", now=seven)
    yield _card(
        "checkin_missed",
        lambda w: day(w, _C.MISSED),
        "rd:2026-09-23",
        "wangqiang",
        seven,
        {"department": Dept("rd"), "days": 2, "person": Who("zhangwei")},
    )
    yield _card(
        "checkin_nobody", day, "rd:2026-09-23", "hefang", five, {"department": Dept("rd"), "day": date(2026, 9, 23)}
    )


# --- people, chats, calendars --------------------------------------------------------------------


def _people() -> Iterator[Sample]:
    for name, address in (("project", GROUP), ("department", "sandbox:rd"), ("leadership", "sandbox:leadership")):
        yield _card(f"rules.{name}", lambda w: None, address)
    away: dict[str, Any] = {"person": Who("zhangwei"), "days": span(date(2026, 9, 28), date(2026, 9, 30))}
    deputy = {**away, "deputy": Who("chenjing")}
    yield _card("leave_entered.deputy", lambda w: None, "L-1", "chenjing", facts=deputy)
    yield _card("leave_entered.head", lambda w: None, "L-1", "wangqiang", facts=deputy)
    yield _card("leave_entered.alone", lambda w: None, "L-1", "wangqiang", facts={**away, "deputy": None})
    unattended = {**away, "deputy": None, "gap": away["days"]}
    yield _card("leave_entered.nobody", lambda w: None, "L-1", "wangqiang", facts=unattended)
    yield _card("leave_ended", lambda w: None, "L-1", "chenjing", facts=away)
    yield _card(
        "leave_gap", lambda w: None, "L-1", "hefang", facts={**away, "gap": away["days"], "department": Dept("rd")}
    )
    ends = {"calendars": ("default",), "last": date(2026, 12, 31)}
    yield _card("calendar_ends", lambda w: None, "calendar", "hefang", facts=ends)
    yield _card("calendar_ends.unknown", lambda w: None, "calendar", "hefang", facts={**ends, "last": None})


# --- pages ---------------------------------------------------------------------------------------

BY_VERB = {verb.id: verb for verb in VERBS}
LEXICON = Lexicon.build(CATALOGUES, VERBS)


def _page(name: str, verb: str, me: str, make: Callable[[World], Any], chat: str = "", **given: Any) -> Sample:
    def view(world: World) -> View | None:
        make(world)
        known = BY_VERB[verb]
        return known.run(world.context(me, chat=chat), known.input(**given)).view

    return Sample(name, view)


def _busy(w: World) -> None:
    """Something of everything."""
    w.request(due=None)
    w.request(_R.IN_PROGRESS, id="R-2", title=w.say("渠道价格表", "Price list"), due=at(22), owner="zhangwei")
    w.request(_R.NEEDS_INFO, id="R-3", title=w.say("海报三款", "Three posters"), lead="design")
    w.request(_R.ON_HOLD, id="R-4", title=w.say("展台搭建", "Booth"))
    w.task(source="M-1")
    w.escalation(EscalationKind.DISPUTE, _E.TO_LEADERSHIP)
    w.history()


def _pages() -> Iterator[Sample]:
    yield _page("request_list", "request.list", "limin", _busy)
    yield _page("request_list.empty", "request.list", "limin", lambda w: None)
    yield _page("escalate_list", "escalate.list", "sunzong", _busy)
    yield _page("escalate_list.empty", "escalate.list", "sunzong", lambda w: None)
    yield _page("status_here", "status.here", "limin", _busy, GROUP)
    yield _page("status_here.empty", "status.here", "limin", lambda w: None, GROUP)
    yield _page("status_here.unbound", "status.here", "limin", lambda w: None, "sandbox:other")
    yield _page("status_here.leadership", "status.here", "sunzong", _busy, "sandbox:leadership")
    yield _page("status_me", "status.me", "zhangwei", lambda w: (_busy(w), w.checkin(_C.ASKED)))
    yield _page("status_me.empty", "status.me", "sunzong", lambda w: None)
    yield _page("status_dept", "status.dept", "zhangwei", _busy, department="rd")
    yield _page("status_dept.counts", "status.dept", "limin", _busy_alone, department="design")
    yield _page("status_show", "status.show", "limin", _busy, id="R-1")
    yield _page("status_show.escalation", "status.show", "sunzong", _busy, id="E-1")
    yield _page("status_audit", "status.audit", "hefang", _traced, id="R-1")
    yield _page("status_calendar", "status.calendar", "hefang", lambda w: None, department="rd")
    yield _page("status_doctor", "status.doctor", "hefang", lambda w: None)
    yield _page("status_doctor.lost", "status.doctor", "hefang", lambda w: w.lost(GROUP))
    yield Sample("confirm_urgent", _confirm_urgent)
    yield Sample("help", lambda w: _help(w, Help()))
    yield Sample("help.unknown", lambda w: _help(w, Help("", w.say("/请求 发器", "/request acept"))))
    yield Sample("help.request", lambda w: _help(w, Help("request")))
    for verb in VERBS:
        yield Sample(f"help.{verb.id}", lambda w, id=verb.id: _help(w, Help(id)))
    yield Sample(
        "refused",
        lambda w: View(
            "refused",
            {
                "lines": (
                    words(
                        "refused.not_allowed",
                        action=words("verb.request.accept.label"),
                        who=(Who("zhangwei"), Who("chenjing")),
                    ),
                )
            },
        ),
    )


def _busy_alone(w: World) -> None:
    w.shelf.directory = replace(w.shelf.directory, projects={}, pmo=())
    _busy(w)


def _traced(w: World) -> None:
    _busy(w)
    said = encode({"action": words("verb.request.accept.label"), "who": (Who("zhangwei"),)})
    refused = {"command": "request.accept", "result": "refused", "why": "not_allowed {'who': ()}"}
    w.event("refused", "R-1", at(23, 10, 1), "limin", **refused, after={"said": said})
    dates = {"before": {"due": at(28).isoformat()}, "after": {"due": at(30).isoformat()}}
    w.event("request.due_moved", "R-1", at(23, 10, 2), "zhangwei", **dates)
    for to in ("person:zhangwei", "chat:sandbox:rd", "chat:sandbox:elsewhere"):
        w.event("message.sent", "R-1", at(23, 10, 2), after={"to": to})


def _help(w: World, topic: Help) -> View:
    return help_view(topic, LEXICON, BY_VERB, w.language)


def _confirm_urgent(w: World) -> View:
    facts = {
        "title": words("request.confirm_urgent.title", id="R-1"),
        "lines": (words("request.confirm_urgent.line", people=(Who("zhangwei"),), title=w.request().title),),
    }
    yes = Action(
        "request.send", {"id": "R-1", "urgency": "urgent"}, "danger", label=words("request.confirm_urgent.yes")
    )
    return View("notice", facts, (yes, Action("request.cancel", {"id": "R-1"})), "R-1")


# --- rendering -----------------------------------------------------------------------------------


def renderer(**options: Any) -> Renderer:
    return Renderer(
        verbs=BY_VERB,
        twin=lambda action, language: typed_twin(action, LEXICON, language),
        fresh_id=lambda: "n1",
        **options,
    )
