"""files.*: the three steps of an upload (docs.slack.dev/messaging/working-with-files)."""

from __future__ import annotations

from typing import Any

from .errors import Refusal
from .methods import method, parsed
from .records import File, Json
from .workspace import Workspace


@method(
    "files.getUploadURLExternal", scopes="files:write", needs="filename length", takes="alt_txt snippet_type", tier=4
)
def upload_url(slack: Workspace, arguments: Json) -> Json:
    length = str(arguments["length"])
    if not length.isdigit() or int(length) == 0:
        raise Refusal("invalid_arguments", "length must be a number above 0")
    id = slack.id("F")
    slack.files[id] = File(id, arguments["filename"], int(length), alt=arguments.get("alt_txt", ""))
    return {"file_id": id, "upload_url": f"{slack.base}/upload/{id}"}


@method("files.completeUploadExternal", scopes="files:write", needs="files", tier=4, writes=True)
def complete(slack: Workspace, arguments: Json) -> Json:
    """Without a channel: the file is only shown by the blocks that name it."""
    named: Any = parsed(arguments, "files", "invalid_arguments")
    if not isinstance(named, list) or not named or not all(isinstance(one, dict) and "id" in one for one in named):
        raise Refusal("invalid_arguments", "files must be a list of {id, title}")
    for one in named:
        file = slack.files.get(one["id"])
        if file is None or file.data is None:
            raise Refusal("file_not_found")
        file.complete, file.title = True, one.get("title", file.name)
    return {"files": [{"id": one["id"], "title": slack.files[one["id"]].title} for one in named]}


def take(slack: Workspace, id: str, data: bytes) -> bool:
    """The second step. False when the length is not the one that was announced."""
    file = slack.files[id]
    if len(data) != file.length:
        slack.violate("upload_length", f"{file.name}: {file.length} announced, {len(data)} sent")
        return False
    file.data = data
    return True
