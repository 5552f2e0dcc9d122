"""Whether a form is worth opening: who may not, or not now, hears it before filling anything in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from commands.domain import permissions
from commands.domain import request as rules
from commands.domain.request import RequestState
from commands.domain.task import Task
from commands.registry import Context
from commands.request import record

Check = Callable[[Context, Mapping[str, Any]], None]  # Any: typed values by field name


def on_request(action: str) -> Check:
    """The person has the right and the state allows it."""

    def check(ctx: Context, values: Mapping[str, Any]) -> None:
        found = record.look_up(ctx, str(values.get("id", "")))
        if found is None:
            return  # a task, or a reference that the verb itself refuses
        record.require(ctx, f"request.{action}", record.sides(found))
        rules.expect(found, action)

    return check


def cancelling(ctx: Context, values: Mapping[str, Any]) -> None:
    """The requester's side takes it back, the lead and the PMO may ask for it; others hear who takes it back."""
    found = record.look_up(ctx, str(values.get("id", "")))
    if found is None:
        return
    if not permissions.may("request.ask_to_cancel", record.roles(ctx, record.sides(found))):
        record.require(ctx, "request.cancel", record.sides(found))
    rules.expect(found, "cancel")


def rerouting(ctx: Context, values: Mapping[str, Any]) -> None:
    """A declined request is the requester's to reroute, an open one the lead's."""
    found = record.look_up(ctx, str(values.get("id", "")))
    if found is None:
        return
    rules.expect(found, "reroute")
    declined = found.state is RequestState.DECLINED
    again = "request.reroute_again" if found.reroutes or record.lead_liaison(ctx, found) is None else "request.reroute"
    record.require(ctx, "request.reroute_declined" if declined else again, record.sides(found))


def delaying(ctx: Context, values: Mapping[str, Any]) -> None:
    """Both a request and a task can be late."""
    id = str(values.get("id", ""))
    task = ctx.uow.get(Task, id) if id.startswith("T-") else None
    if task and ctx.me != task.owner:
        record.require(ctx, "request.delay", record.sides_of_task(ctx, task))
    on_request("delay")(ctx, values)
