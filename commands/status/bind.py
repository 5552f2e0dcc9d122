"""`/status bind`: what a group is for, so that its project's or department's cards come here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands import tell, trace
from commands.domain import permissions
from commands.domain.people import ChatBinding, Directory
from commands.domain.permissions import Sides
from commands.errors import Refused
from commands.inputs import Kind, ask
from commands.registry import Context, Reply
from commands.words import Shown, words

KIND_WORDS = {
    "project": ("project", "项目", "项目组"),
    "department": ("department", "dept", "部门"),
    "leadership": ("leadership", "领导小组", "领导"),
}
LANGUAGES = ("zh-CN", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    target: str = ask(Kind.TEXT, required=True, main=True)
    language: str = ask(Kind.CHOICE, choices=LANGUAGES, bare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbind:
    pass


@dataclass(frozen=True, slots=True)
class Target:
    kind: str
    id: str


def bind(ctx: Context, given: Bind) -> Reply:
    """Binds this group, and posts what can be typed in it. A department or the leadership group has one home: a
    new one replaces the old."""
    _in_a_group(ctx)
    target = read_target(ctx.directory, given.target)
    _may(ctx, target)
    now = _bound(ctx)
    if now and (now.kind, now.target) != (target.kind, target.id):
        raise Refused("bind.taken", target=_name(ctx, Target(now.kind, now.target)))
    if now and (not given.language or given.language == now.language):
        raise Refused("bind.already", target=_name(ctx, target))
    left = _leave_old_home(ctx, target)
    kept = now.language if now else None
    binding = ChatBinding(ctx.actor.address, target.kind, target.id, given.language or kept)
    ctx.uow.bind(binding)
    trace.record(ctx, "chat.bound", binding.address, kind=target.kind, target=target.id, language=binding.language)
    tell.post(ctx, "rules", binding.address, (binding.address,), step=f"{target.kind}:{target.id}:{ctx.fresh_id()}")
    said = "bind.said.moved" if left else "bind.said.bound"
    return Reply(say=words(said, target=_name(ctx, target)))


def unbind(ctx: Context, given: Unbind) -> Reply:
    """This group belongs to nothing any more."""
    _in_a_group(ctx)
    now = _bound(ctx)
    if now is None:
        raise Refused("bind.not_bound")
    target = Target(now.kind, now.target)
    _may(ctx, target)
    ctx.uow.unbind(now.address)
    trace.record(ctx, "chat.unbound", now.address, kind=now.kind, target=now.target)
    return Reply(say=words("bind.said.unbound", target=_name(ctx, target)))


def set_language(ctx: Context, language: str) -> Reply:
    """The language of this group's cards."""
    now = _bound(ctx)
    if now is None:
        raise Refused("bind.not_bound")
    _may(ctx, Target(now.kind, now.target))
    ctx.uow.bind(replace(now, language=language))
    trace.record(ctx, "chat.language", now.address, language=language)
    return Reply(say=words("language.said.chat", language=words(f"choice.language.{language}.label")))


# --- what is meant -------------------------------------------------------------------------------


def read_target(directory: Directory, text: str) -> Target:
    """项目 newx, 部门 研发部, 领导小组, or a name alone if it means one thing."""
    said = text.replace("@", " ").replace("：", " ").replace(":", " ").strip()
    kind, name = _split_kind(said)
    if kind == "leadership" or (not kind and name and name == directory.leadership.name):
        return Target("leadership", "leadership")
    found = [t for t in _targets(directory, name) if not kind or t.kind == kind]
    if len(found) != 1:
        raise Refused("bind.unknown" if not found else "bind.ambiguous", field="target", word=text)
    return found[0]


def _split_kind(said: str) -> tuple[str, str]:
    low = said.casefold()
    for kind, known in KIND_WORDS.items():
        for word in sorted(known, key=len, reverse=True):
            rest = said[len(word) :]
            if low.startswith(word) and (not rest or rest[0].isspace() or not word.isascii()):
                return kind, rest.strip()
    return "", said


def _targets(directory: Directory, name: str) -> list[Target]:
    wanted = name.casefold()
    departments = [
        Target("department", d.id)
        for d in directory.departments.values()
        if wanted in {n.casefold() for n in (d.id, d.name, *d.aliases)}
    ]
    projects = [
        Target("project", p.id) for p in directory.projects.values() if wanted in (p.id.casefold(), p.name.casefold())
    ]
    return [*projects, *departments]


def _name(ctx: Context, target: Target) -> Shown:
    match target.kind:
        case "project":
            known = ctx.directory.projects.get(target.id)
            return known.name if known else target.id
        case "department":
            department = ctx.directory.departments.get(target.id)
            return department.name if department else target.id
        case _:
            return ctx.directory.leadership.name or words("bind.leadership")


# --- rights and places ---------------------------------------------------------------------------


def _in_a_group(ctx: Context) -> None:
    if ctx.actor.direct:
        raise Refused("bind.direct")


def _may(ctx: Context, target: Target) -> None:
    """PMO, administrators, and a project's manager for that project."""
    sides = Sides(project=target.id if target.kind == "project" else None)
    day = ctx.calendar.local(ctx.now).date()
    held = permissions.roles(ctx.directory, ctx.me, sides, day)
    if not permissions.may("bind", held):
        could = permissions.who_could("bind", ctx.directory, sides, day)
        raise Refused("bind.not_yours", who=could[:4])


def _bound(ctx: Context) -> ChatBinding | None:
    binding = ctx.directory.bindings.get(ctx.actor.address)
    return binding if binding and binding.active else None


def _leave_old_home(ctx: Context, target: Target) -> bool:
    """Unbinds where the department or the leadership group was at home until now."""
    if target.kind == "project":
        return False
    bindings = [
        b for b in ctx.directory.bindings.values() if b.active and (b.kind, b.target) == (target.kind, target.id)
    ]
    others = [b for b in bindings if b.address != ctx.actor.address]
    for old in others:
        ctx.uow.unbind(old.address)
        trace.record(ctx, "chat.unbound", old.address, kind=old.kind, target=old.target, why="moved")
    return bool(others)
