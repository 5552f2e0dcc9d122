# mypy: ignore-errors

"""stub"""

import json
from dataclasses import dataclass
from typing import Any


def _t(s):
    return {"type": "plain_text", "text": s[:24]}


@dataclass
class Opened:
    form: str
    chat: str
    direct: bool


def modal(form: Any, words: Any, *, chat: str, direct: bool) -> dict[str, Any]:
    blocks = []
    for f in form.fields:
        blocks.append(
            {
                "type": "input",
                "block_id": f"field:{f.name}",
                "optional": not f.required,
                "label": _t(f.label),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "value",
                    **({"initial_value": f.value} if isinstance(f.value, str) and f.value else {}),
                },
            }
        )
    return {
        "type": "modal",
        "title": _t(form.title),
        "submit": _t(form.submit),
        "close": _t("x"),
        "blocks": blocks,
        "private_metadata": json.dumps({"form": form.id, "chat": chat, "direct": direct}),
    }


def note(title: str, text: str, words: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": _t(title),
        "blocks": [{"type": "section", "text": {"type": "plain_text", "text": text[:2900]}}],
    }


def working(words: Any) -> dict[str, Any]:
    return note("...", "working", words)


def errors(view: Any, problems: Any) -> dict[str, str]:
    ids = {b.get("block_id") for b in view.get("blocks", [])}
    return {f"field:{n}": t for n, t in problems.items() if f"field:{n}" in ids}


def opened(view: Any) -> Any:
    try:
        d = json.loads(view.get("private_metadata") or "null")
        return Opened(d["form"], d["chat"], d["direct"])
    except Exception:
        return None


def values(view: Any) -> dict[str, Any]:
    out = {}
    for bid, els in ((view.get("state") or {}).get("values") or {}).items():
        for e in els.values():
            out[bid.removeprefix("field:")] = e.get("value") or ""
    return out
