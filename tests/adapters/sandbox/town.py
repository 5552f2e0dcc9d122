"""A small town: people, groups, a clock moved by hand, and a scripted core that stands in for the real one.

The script: `/request …` raises R-n in the group and tells 张伟; two hours later nobody has answered and the
leadership group is told; accept and decline ask by form; a ruling ends it. Enough to drive the page by.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.base import Target
from adapters.sandbox import Chat, Person, Roster, SandboxAdapter, World
from commands.chat import (
    Answer,
    Button,
    Card,
    Click,
    Confirm,
    Fact,
    FieldKind,
    Form,
    FormField,
    Option,
    Say,
    Span,
    SpanKind,
    Submit,
    Tone,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 9, 23, 10, 30, tzinfo=SHANGHAI)

ROSTER = Roster(
    people=(
        Person("limin", "李敏", "市场部", ("接口人",)),
        Person("zhouqiang", "周强", "市场部", ("负责人", "领导小组副组长")),
        Person("zhangwei", "张伟", "研发部", ("接口人",)),
        Person("chenjing", "陈静", "研发部", ("副接口人",), language="en"),
        Person("wanglei", "王磊", "设计部", ("接口人",)),
        Person("sunzong", "孙总", "总经办", ("领导小组组长",)),
        Person("heping", "何平", "项目部", ("项目经理",)),
    ),
    chats=(
        Chat("newx", "新品X", members=("limin", "zhangwei", "chenjing", "wanglei", "heping")),
        Chat("leadership", "领导小组", members=("sunzong", "zhouqiang")),
        Chat("rd", "研发部", members=("zhangwei", "chenjing")),
    ),
)


def words(text):
    return (Span(text),)


def at(person, name, ping=True):
    return Span(f"@{name}", SpanKind.PERSON, person=person, ping=ping)


@dataclass
class Clock:
    """Moves only by hand; `due` are moments with what happens then."""

    moment: datetime = START
    manual: bool = True
    due: list = field(default_factory=list)

    def now(self):
        return self.moment

    async def next_due(self):
        return min((when for when, _ in self.due), default=None)

    async def move_to(self, moment):
        posted = 0
        while (when := await self.next_due()) is not None and when <= moment:
            entry = min(self.due, key=lambda one: one[0])
            self.due.remove(entry)
            self.moment = when
            posted += await entry[1]()
        self.moment = moment
        return posted


@dataclass
class Request:
    id: str
    text: str
    chat: str
    urgent: bool
    due: datetime
    state: str = "raised"
    note: str = ""
    where: dict = field(default_factory=dict)  # target → message id


class Core:
    """Records every event once; `reply` may be replaced by a test to script a single answer."""

    def __init__(self, clock):
        self.clock = clock
        self.events = []
        self.seen = set()
        self.settled = 0
        self.requests = {}
        self.reply = None
        self.adapter = None

    async def receive(self, event):
        if event.key in self.seen:
            return Answer()
        self.seen.add(event.key)
        self.events.append(event)
        if self.reply:
            return self.reply(event)
        return await getattr(self, f"on_{type(event).__name__.lower()}")(event)

    async def settle(self):
        self.settled += 1

    # --- the script ---

    async def on_say(self, event: Say):
        verb, _, rest = event.text.partition(" ")
        if verb != "/request" or not rest:
            return Answer(toast="可以这样说：/request 紧急 @研发部 客户现场停机")
        if rest == "new":
            return Answer(form=NEW)
        await self.raise_request(event.chat, rest)
        return Answer(card=Card("已发起", Tone.SUCCESS, body=(words("研发部接口人已收到通知。"),)))

    async def raise_request(self, chat, text):
        urgent = "紧急" in text
        id = f"R-{len(self.requests) + 1}"
        due = self.clock.now() + (timedelta(hours=2) if urgent else timedelta(days=1))
        request = Request(id, text, chat, urgent, due)
        self.requests[id] = request
        for target in (Target(chat=chat), Target(user="zhangwei")):
            request.where[target] = await self.adapter.post(target, request_card(request), key=f"{id}:{target}")
        if urgent:
            self.clock.due.append((due, lambda: self.escalate(request)))

    async def escalate(self, request):
        if request.state != "raised":
            return 0
        target = Target(chat="leadership")
        request.where[target] = await self.adapter.post(target, breach_card(request), key=f"esc:{request.id}")
        return 1

    async def on_click(self, event: Click):
        verb, _, id = event.button.partition(":")
        request = self.requests[id]
        if verb == "accept":
            return Answer(form=accept_form(request))
        if verb == "decline":
            return Answer(form=decline_form(request))
        if verb == "rule":
            return Answer(form=rule_form(request))
        if verb == "ack":
            request.note = f"孙总 {self.clock.now():%H:%M} 知悉"
            await self.show(request)
            return Answer(toast="已记录：知悉")
        return Answer(ok=False, card=Card("现在不行", Tone.WARNING, body=(words("仅研发部接口人可答复。"),)))

    async def on_submit(self, event: Submit):
        verb, _, id = event.form.partition(":")
        if verb == "new":
            await self.raise_request(event.chat, str(event.values.get("content", "")))
            return Answer(toast="已发起")
        if verb == "decline" and len(event.values.get("reason", "")) < 10:
            return Answer(ok=False, errors={"reason": "请至少写 10 个字"})
        request = self.requests[id]
        request.state = {"accept": "accepted", "decline": "declined", "rule": "ruled"}[verb]
        request.note = {"accept": "张伟 已受理", "decline": "张伟 不受理", "rule": "孙总 裁决：立即处理"}[verb]
        await self.show(request)
        return Answer(toast="已保存")

    async def show(self, request):
        for target, message in request.where.items():
            card = breach_card(request) if target.chat == "leadership" else request_card(request)
            await self.adapter.edit(target, message, card)


def request_card(request):
    is_open = request.state == "raised"
    body = [(Span("市场部 李敏 请 "), Span("研发部", SpanKind.BOLD), Span(" 协助："), Span(request.text))]
    if is_open:
        body.append((at("zhangwei", "张伟"), Span(f" 请于 {request.due:%m月%d日 %H:%M} 前答复")))
    else:
        body.append(words(request.note))
    tone = {"raised": Tone.DANGER if request.urgent else Tone.INFO, "accepted": Tone.SUCCESS}
    return Card(
        title=f"{request.id} 协作需求" + ("（紧急）" if request.urgent else ""),
        tone=tone.get(request.state, Tone.WARNING),
        body=tuple(body),
        facts=(
            Fact("牵头部门", words("研发部")),
            Fact("配合部门", words("设计部")),
            Fact("期望完成", words("9月30日 周三 18:00")),
            Fact("交付标准", words("三款样机的功耗与温升数据，CSV 与图表各一份")),
        ),
        buttons=tuple(
            Button(
                f"{verb}:{request.id}",
                label,
                style=style,
                enabled=is_open,
                twin=f"/request {verb} {request.id}",
                description=f"{label} {request.id}",
                confirm=confirm,
            )
            for verb, label, style, confirm in (
                ("accept", "受理", "primary", None),
                ("decline", "不受理", "danger", None),
                ("counter", "替代方案", "default", None),
                ("ask", "需补充", "default", Confirm("要求补充？", "补充期间计时暂停。", "要求补充", "再想想")),
            )
        ),
        item=request.id,
    )


def breach_card(request):
    ruled = request.state == "ruled"
    return Card(
        title=f"E-1 未按时答复：{request.id}",
        tone=Tone.SUCCESS if ruled else Tone.DANGER,
        body=(
            (Span("研发部在 2 小时内没有答复市场部的紧急需求。 "), at("sunzong", "孙总")),
            words(request.note or "提醒过：张伟 11:30、12:00，刘洋 12:00"),
        ),
        facts=(Fact("需求", words(request.text)), Fact("应于", words(f"{request.due:%m月%d日 %H:%M}"))),
        buttons=(
            Button(
                f"ack:{request.id}",
                "知悉",
                enabled=not request.note,
                twin="/escalate ack E-1",
                description="知悉 E-1",
            ),
            Button(
                f"rule:{request.id}",
                "裁决",
                style="primary",
                enabled=not ruled,
                twin="/escalate rule E-1",
                description="裁决 E-1",
            ),
        ),
        item="E-1",
    )


DEPARTMENTS = (Option("rd", "研发部"), Option("design", "设计部"), Option("market", "市场部"))

NEW = Form(
    id="new:",
    title="发起协作需求",
    fields=(
        FormField("lead", "牵头部门", FieldKind.DEPARTMENT, required=True, options=DEPARTMENTS, value="rd"),
        FormField("support", "配合部门", FieldKind.MULTISELECT, options=DEPARTMENTS, value=("design",)),
        FormField("content", "需求内容", FieldKind.MULTILINE, required=True, hint="要什么，用来做什么"),
        FormField(
            "urgency",
            "紧急程度",
            FieldKind.SELECT,
            required=True,
            options=(Option("normal", "一般（1 个工作日内答复）"), Option("urgent", "紧急（2 小时内答复）")),
            value="normal",
        ),
        FormField("due", "期望完成", FieldKind.DATETIME, hint="例如 下周三之前、9月30日 18:00"),
        FormField("budget", "预算（万元）", FieldKind.NUMBER),
    ),
    submit="发起",
)


def accept_form(request):
    return Form(
        f"accept:{request.id}",
        f"受理 {request.id}",
        (
            FormField("due", "完成时间", FieldKind.DATETIME, required=True, value="2026-09-30 18:00"),
            FormField("note", "说明", FieldKind.MULTILINE),
        ),
        "受理",
    )


def decline_form(request):
    reason = FormField("reason", "原因", FieldKind.MULTILINE, required=True, hint="至少 10 个字，会转给李敏")
    return Form(f"decline:{request.id}", f"不受理 {request.id}", (reason,), "不受理")


def rule_form(request):
    options = (Option("now", "立即处理"), Option("assign", "指派 陈静"), Option("back", "退回补充"))
    fields = (
        FormField("choice", "裁决", FieldKind.SELECT, required=True, options=options),
        FormField("reason", "理由", FieldKind.MULTILINE, required=True),
    )
    return Form(f"rule:{request.id}", "裁决 E-1", fields, "裁决")


HINTS = (
    {"insert": "/request 紧急 @研发部 ", "label": "/request 紧急", "help": "两小时内必须答复"},
    {"insert": "/request new", "label": "/request new 发起", "help": "用表单发起协作需求"},
    {"insert": "/status me", "label": "/status me 我的", "help": "我手上的事"},
    {"insert": "/escalate ", "label": "/escalate 升级", "help": "提交争议"},
)


def build(path=":memory:", clock=None, manual=True, pictures=None):
    """An adapter on a world with the scripted core behind it."""
    clock = clock or Clock(manual=manual)
    core, world = Core(clock), World(path)
    extra = {"pictures": pictures} if pictures else {}
    adapter = SandboxAdapter(
        world,
        now=lambda: clock.now().astimezone(UTC),
        roster=lambda: ROSTER,
        clock=clock,
        settle=core.settle,
        hints=lambda person: HINTS,
        **extra,
    )
    core.adapter = adapter
    return adapter, core, world
