"""In which forms a disputed text may have been sent, and the stop that a record asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from muniment.exchanges.models import RULE, StopKind

_LONGEST_NAME = 120
_LONGEST_REASON = 500


def forms_of(content: bytes) -> tuple[tuple[str, bytes], ...]:
    """List the forms of a text, the exact one first.

    Editors add and turn ends of lines, and people write JSON with blanks that a gateway leaves out.
    """
    told = [
        ("exactly as given", content),
        ("without the last end of a line", content.removesuffix(b"\n").removesuffix(b"\r")),
        ("with plain ends of lines", content.replace(b"\r\n", b"\n")),
        ("with plain ends of lines, without the last", _plain(content).removesuffix(b"\n")),
        *((("as the same JSON without blanks", each),) if (each := _compact(content)) else ()),
    ]
    seen: dict[bytes, str] = {}
    for says, form in told:
        seen.setdefault(form, says)
    return tuple((says, form) for form, says in seen.items())


def asked_stop(kind: str, body: Mapping[str, Any]) -> tuple[StopKind, str, str, str] | None:
    """Read the stop that a record asks for: what, its name, who says so, and why; or none.

    A stop that names nothing we know stops the system it speaks of: too much rather than nothing.
    """
    wanted = str(body.get("stop", ""))
    if not wanted:
        return None
    system = str(body.get("system_id", ""))
    name = str(body.get("stop_name", ""))
    what = StopKind(wanted) if wanted in {each.value for each in StopKind} else None
    if what is StopKind.EVERYTHING:
        name = ""
    elif what is None or not _sound(name):
        what, name = (StopKind.SYSTEM, system) if _sound(system) else (StopKind.EVERYTHING, "")
    rule = str(body.get("rule", "")) or kind
    by = f"{RULE}{rule}"[:_LONGEST_NAME]
    about = str(body.get("alarm_id") or body.get("incident_id") or "")
    why = str(body.get("reason", "")) or "the rule gave no reason"
    return what, name, by, f"{why} ({kind} {about})"[:_LONGEST_REASON]


def _compact(content: bytes) -> bytes:
    """Write a JSON object or list without blanks, its members in their order; else nothing."""
    try:
        value = json.loads(content)
        if not isinstance(value, dict | list):
            return b""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except (ValueError, RecursionError):  # no JSON, or no text that can be written again
        return b""


def _plain(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _sound(name: str) -> bool:
    return 0 < len(name) <= _LONGEST_NAME and name.isprintable()
