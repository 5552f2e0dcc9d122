"""The organisation as Feishu's directory has it, as far as the app's scopes and its contact range (通讯录权限范围) go.

Departments: https://open.feishu.cn/document/server-docs/contact-v3/department/children, people of each:
https://open.feishu.cn/document/server-docs/contact-v3/user/find_by_department. A field whose scope is missing is left
out of an answer without a word; what was left out everywhere is told in the notes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from adapters.base import Busy, Forbidden
from adapters.feishu.api import Api
from adapters.feishu.config import PLATFORM
from adapters.feishu.errors import Refused
from adapters.feishu.people import address_of, has_left
from adapters.roster import DirectoryClosed, Member, Roster, Unit, tidy

ROOT = "0"
PAGE = "50"
"""Departments, or people, in one answer: the most that Feishu gives."""
AT_ONCE = 5
"""Questions at a time."""
PATIENCE = 5
"""How often one question is asked while Feishu is busy."""
RANGE = "let the app's contact range (通讯录权限范围, in the developer console or the admin console) contain them"
IDS = {"department_id_type": "open_department_id", "user_id_type": "open_id"}

Json = Mapping[str, Any]  # Any: JSON from outside
Sleep = Callable[[float], Awaitable[None]]


class Directory:
    """Reads it with the calls of `api`. `sleep` waits so many seconds."""

    def __init__(self, api: Api, *, sleep: Sleep = asyncio.sleep) -> None:
        self._api = api
        self._sleep = sleep
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def roster(self) -> Roster:
        """Everything the app may see. Raises `DirectoryClosed` where that is nothing, else a `SendError`."""
        try:
            departments = await self._departments()
            ids = [str(one["open_department_id"]) for one in departments]
            staffs = await asyncio.gather(*(self._people_in(id) for id in (*ids, ROOT)))
        except Forbidden as error:
            raise DirectoryClosed(str(error), error.fix) from error
        people = {str(user["open_id"]): user for staff in staffs for user in staff if not has_left(user)}
        if not departments and not people:
            raise DirectoryClosed("Feishu shows the app nobody and no department", RANGE)
        units = tuple(_unit(one, staff) for one, staff in zip(departments, staffs, strict=False))
        return Roster(PLATFORM, tuple(map(_member, people.values())), units, tuple(_notes(departments, people)))

    async def _departments(self) -> list[Json]:
        """All below the root; where the app may not see that, all in its contact range."""
        try:
            return await self._below(ROOT)
        except Refused:
            found = [one for id in await self._in_range() for one in (await self._itself(id), *await self._below(id))]
            return list({str(one["open_department_id"]): one for one in found}.values())

    async def _below(self, id: str) -> list[Json]:
        path = f"/open-apis/contact/v3/departments/{id}/children"
        return [one async for one in self._all(path, "items", {**IDS, "fetch_child": "true"}) if not _is_gone(one)]

    async def _in_range(self) -> list[str]:
        """https://open.feishu.cn/document/server-docs/contact-v3/scope/list"""
        return [str(id) async for id in self._all("/open-apis/contact/v3/scopes", "department_ids", IDS)]

    async def _itself(self, id: str) -> Json:
        found = await self._asked(f"/open-apis/contact/v3/departments/{id}", IDS)
        department: Json = found["data"]["department"]
        return department

    async def _people_in(self, department: str) -> list[Json]:
        """Who is in the department itself; nobody where the app sees some people of it only by their groups."""
        path = "/open-apis/contact/v3/users/find_by_department"
        try:
            return [user async for user in self._all(path, "items", {**IDS, "department_id": department})]
        except Refused:
            if department == ROOT:
                return []
            raise

    async def _all(self, path: str, name: str, query: Mapping[str, str]) -> AsyncIterator[Any]:
        """Every page of a listing (https://open.feishu.cn/document/server-docs/api-call-guide/list-resources)."""
        token = ""
        while True:
            found = await self._asked(path, {**query, "page_size": PAGE, **({"page_token": token} if token else {})})
            data = found.get("data") or {}
            for each in data.get(name) or ():
                yield each
            token = str(data.get("page_token") or "")
            if not data.get("has_more") or not token:
                return

    async def _asked(self, path: str, query: Mapping[str, str]) -> Json:
        for _ in range(PATIENCE):
            try:
                async with self._turns:
                    return await self._api.call("GET", path, query=query)
            except Busy as error:
                busy = error
                await self._sleep(min(busy.after, 60.0))
        raise busy


def _unit(one: Json, staff: Sequence[Json]) -> Unit:
    i18n = one.get("i18n_name") or {}
    return Unit(
        id=str(one["open_department_id"]),
        name=tidy(one.get("name")),
        parent=str(one.get("parent_department_id") or "") or None,
        head=str(one.get("leader_user_id") or "") or None,
        members=tuple(str(user["open_id"]) for user in staff if not has_left(user)),
        called=tidy(i18n.get("en_us")),
    )


def _member(user: Json) -> Member:
    return Member(str(user["open_id"]), tidy(user.get("name")), address_of(user))


def _is_gone(department: Json) -> bool:
    return bool((department.get("status") or {}).get("is_deleted"))


def _notes(departments: Sequence[Json], people: Mapping[str, Json]) -> list[str]:
    """What is missing in every answer, with the scope that gives it."""
    told = (
        (departments, "name", "names of departments", "contact:department.base:readonly"),
        (departments, "leader_user_id", "heads of departments", "contact:department.organize:readonly"),
        (people.values(), "name", "names of people", "contact:user.base:readonly"),
        (people.values(), "email", "e-mail addresses", "contact:user.email:readonly"),
    )
    return [
        f"no {what} are shown; if there are any, grant the scope {scope}"
        for found, field, what, scope in told
        if found and not any(field in one for one in found)
    ]
