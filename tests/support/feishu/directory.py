"""contact/v3 and im/v1/chats: people, departments, groups (open.feishu.cn/document/server-docs/contact-v3/resources)."""

from __future__ import annotations

from .errors import Refusal
from .markup import Json
from .methods import Asked, method, page
from .organisation import Organisation
from .records import Chat, Department, User

BASE = "contact:contact.base:readonly contact:contact:readonly_as_app"
CHATS = "im:chat:readonly im:chat im:chat:read"
_ROOT = "0"


# --- people ---


@method("GET contact/v3/users/batch", scopes=BASE, takes="user_ids user_id_type department_id_type")
def users(feishu: Organisation, asked: Asked) -> Json:
    ids = asked.all("user_ids")
    _at_most_fifty("user_ids", ids)
    found = [feishu.users[id] for id in ids if id in feishu.users and feishu.users[id].available]
    return {"items": [_user(feishu, user) for user in found]}


@method("POST contact/v3/users/batch_get_id", scopes="contact:user.id:readonly", takes="user_id_type emails mobiles include_resigned")  # fmt: skip
def ids_of(feishu: Organisation, asked: Asked) -> Json:
    emails, mobiles = asked.body.get("emails") or [], asked.body.get("mobiles") or []
    _at_most_fifty("emails", emails)
    _at_most_fifty("mobiles", mobiles)
    rows = []
    for key, wanted in [*(("email", one) for one in emails), *(("mobile", one) for one in mobiles)]:
        there = [user for user in feishu.users.values() if getattr(user, key).lower() == wanted.lower()]
        visible = [user.id for user in there if user.available and not user.resigned]
        rows.append({key: wanted} | ({"user_id": visible[0]} if visible else {}))
    return {"user_list": rows}


@method("GET contact/v3/users/find_by_department", scopes=BASE, takes="department_id department_id_type user_id_type page_size page_token")  # fmt: skip
def members_of_department(feishu: Organisation, asked: Asked) -> Json:
    department = _department_id(feishu, asked, asked.get("department_id"))
    found = [user for user in feishu.users.values() if department in (user.departments or [_ROOT])]
    return page([_user(feishu, user) for user in found if user.available and not user.resigned], asked, most=50)


@method("GET contact/v3/users/:id", scopes=BASE, takes="user_id_type department_id_type")
def user(feishu: Organisation, asked: Asked) -> Json:
    asked.one_of("user_id_type", "open_id", default="open_id")
    found = feishu.users.get(asked.ids[0])
    if found is None:
        raise Refusal(99992351, f"these open ids not existed: [{asked.ids[0]}]")
    if not found.available:
        raise Refusal(41050, "no user authority error", http=403)
    return {"user": _user(feishu, found)}


def _user(feishu: Organisation, user: User) -> Json:
    """Fields whose scope is missing are left out, without a word."""
    about: Json = {"open_id": user.id, "union_id": user.union_id}
    if "contact:user.base:readonly" in feishu.scopes:
        about |= {"name": user.name, "en_name": ""}
    if "contact:user.employee_id:readonly" in feishu.scopes:
        about |= {"user_id": user.user_id}
    if "contact:user.email:readonly" in feishu.scopes:
        about |= {"email": user.email}
    if "contact:user.department:readonly" in feishu.scopes:
        about |= {"department_ids": user.departments or [_ROOT], "leader_user_id": user.leader}
    state = {"is_frozen": False, "is_resigned": user.resigned, "is_activated": True, "is_exited": False}
    return about | {"status": state | {"is_unjoin": False}}


# --- departments ---


@method("GET contact/v3/departments/:id/children", scopes=BASE, takes="department_id_type user_id_type fetch_child page_size page_token")  # fmt: skip
def children(feishu: Organisation, asked: Asked) -> Json:
    above = _department_id(feishu, asked, asked.ids[0])
    if above == _ROOT and not feishu.sees_root:
        raise Refusal(40004, "no dept authority error", http=403)
    below = [one for one in feishu.departments.values() if one.parent == above]
    if asked.get("fetch_child").lower() == "true":
        for one in below:
            below += [inner for inner in feishu.departments.values() if inner.parent == one.id]
    return page([_department(feishu, one) for one in below], asked, default=10, most=50)


@method("GET contact/v3/departments/:id", scopes=BASE, takes="department_id_type user_id_type")
def department(feishu: Organisation, asked: Asked) -> Json:
    return {"department": _department(feishu, feishu.departments[_department_id(feishu, asked, asked.ids[0])])}


def _department_id(feishu: Organisation, asked: Asked, id: str) -> str:
    by = asked.one_of("department_id_type", "open_department_id", "department_id", default="open_department_id")
    field = "id" if by == "open_department_id" else by
    for one in feishu.departments.values():
        if getattr(one, field) == id:
            return one.id
    if id == _ROOT:
        return _ROOT
    raise Refusal(43009, "dept not exist")


def _department(feishu: Organisation, one: Department) -> Json:
    about: Json = {"open_department_id": one.id, "department_id": one.department_id, "parent_department_id": one.parent}
    if "contact:department.base:readonly" in feishu.scopes:
        about |= {"name": one.name, "i18n_name": {"en_us": one.called}}
    if "contact:department.organize:readonly" in feishu.scopes:
        about |= {"leader_user_id": one.leader}
    return about | {"status": {"is_deleted": False}}


@method("GET contact/v3/scopes", scopes=BASE, takes="department_id_type user_id_type page_size page_token")
def contact_range(feishu: Organisation, asked: Asked) -> Json:
    """open.feishu.cn/document/server-docs/contact-v3/scope/list: what the app may see, where that is not everything."""
    tops = [one.id for one in feishu.departments.values() if one.parent == _ROOT]
    return {"department_ids": tops, "user_ids": [], "group_ids": [], "has_more": False}


# --- groups ---


@method("GET im/v1/chats", scopes=CHATS, takes="user_id_type sort_type page_size page_token")
def chats(feishu: Organisation, asked: Asked) -> Json:
    mine = [chat for chat in feishu.chats.values() if chat.bot and not chat.direct and not chat.dissolved]
    return page([{"chat_id": chat.id, **_chat(feishu, chat)} for chat in mine], asked)


@method("GET im/v1/chats/:id", scopes=CHATS, takes="user_id_type")
def chat(feishu: Organisation, asked: Asked) -> Json:
    found = _there(feishu, asked.ids[0])
    return {**_chat(feishu, found), "chat_mode": "p2p" if found.direct else "group", "chat_type": "private"}


@method("GET im/v1/chats/:id/members", scopes=f"{CHATS} im:chat.members:read", takes="member_id_type page_size page_token")  # fmt: skip
def members(feishu: Organisation, asked: Asked) -> Json:
    found = _there(feishu, asked.ids[0])
    if not found.bot:
        raise Refusal(232011, "Operator can NOT be out of the chat.")
    people = [feishu.users[id] for id in found.members]
    rows = [{"member_id_type": "open_id", "member_id": one.id, "name": one.name} for one in people]
    return {**page(rows, asked), "member_total": len(rows)}


@method("GET im/v1/chats/:id/members/is_in_chat", scopes=CHATS)
def is_in_chat(feishu: Organisation, asked: Asked) -> Json:
    return {"is_in_chat": _there(feishu, asked.ids[0]).bot}


def _there(feishu: Organisation, id: str) -> Chat:
    chat = feishu.chats.get(id)
    if chat is None:
        raise Refusal(232006, "Your request specifies a chat_id which is invalid.")
    if chat.dissolved:
        raise Refusal(232009, "Your request specifies a chat which has already been dissolved.")
    return chat


def _chat(feishu: Organisation, chat: Chat) -> Json:
    state = {"external": False, "tenant_key": feishu.tenant, "chat_status": "normal"}
    return {"name": chat.name, "description": "", "owner_id": (chat.members or [""])[0], **state}


def _at_most_fifty(name: str, given: list[str]) -> None:
    if len(given) > 50:
        raise Refusal(99992402, f"field validation failed: {name} max length is 50")
