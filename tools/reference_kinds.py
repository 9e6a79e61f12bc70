"""Draws the page of record kinds, and keeps the list of them that must stay readable.

Adding a kind or a field with a default is free. Changing or removing one is refused, because
entries written years ago must still read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from msgspec import Struct

import muniment.worker  # noqa: F401 with it every kind is declared
from muniment.ledger.kinds import Kind, all_kinds
from tools.reference_text import code, page, said, table

Shape = dict[str, Any]


def product_kinds() -> dict[str, Kind]:
    """List the kinds the product declares, and not those a test in this process made up."""
    return {
        name: kind
        for name, kind in all_kinds().items()
        if kind.holder.__module__.startswith("muniment.")
    }


def records_page() -> str:
    """Draw everything that can be recorded, room by room."""
    rooms: dict[str, list[Kind]] = {}
    for name, kind in product_kinds().items():
        rooms.setdefault(name.partition(".")[0], []).append(kind)
    parts = [
        f"## {room}\n\n" + "\n\n".join(_kind_part(kind) for kind in kinds)
        for room, kinds in sorted(rooms.items())
    ]
    says = (
        "Each entry of the ledger is of one of these kinds. Bodies hold ids, digests and short "
        "words, never prompts, answers or personal data. A kind, once released, is never changed "
        "or removed; it may gain fields that can be left out."
    )
    return page("Records", says, parts)


def known(kinds: Iterable[Kind] | None = None) -> dict[str, Shape]:
    """Give the shape of every kind the code declares."""
    declared = product_kinds().values() if kinds is None else kinds
    return {kind.name: _shape(kind) for kind in declared}


def kept(file: Path) -> dict[str, Shape]:
    """Read the kinds that were promised."""
    found: dict[str, Shape] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def keep(file: Path) -> None:
    """Write down the kinds there are, as a promise."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(known(), indent=2, sort_keys=True, ensure_ascii=False)
    file.write_text(f"{text}\n", encoding="utf-8")


def broken_promises(before: Mapping[str, Shape], now: Mapping[str, Shape]) -> list[str]:
    """Tell which kinds of the past would no longer read."""
    found = []
    for name, old in sorted(before.items()):
        if name not in now:
            found.append(f"{name} was removed; entries of this kind exist, so keep it")
            continue
        new = now[name]
        if old["subject"] != new["subject"]:
            found.append(f"{name} is about something else now; declare a new kind instead")
        for field, shape in sorted(old["fields"].items()):
            if field not in new["fields"]:
                found.append(f"{name}.{field} was removed; keep it, or declare a new kind")
            elif new["fields"][field]["type"] != shape["type"]:
                found.append(f"{name}.{field} changed its type; declare a new kind instead")
            elif shape["optional"] and not new["fields"][field]["optional"]:
                found.append(f"{name}.{field} must stay optional; old entries lack it")
        found.extend(
            f"{name}.{field} needs a default; old entries lack it"
            for field in sorted(set(new["fields"]) - set(old["fields"]))
            if not new["fields"][field]["optional"]
        )
    return found


def _shape(kind: Kind) -> Shape:
    return {
        "subject": [kind.subject_kind, kind.subject_field],
        "fields": {
            name: {"type": told, "optional": optional} for name, told, optional in _fields(kind)
        },
    }


def _fields(kind: Kind) -> list[tuple[str, str, bool]]:
    """Give each field with its type as it is written, and whether it may be left out."""
    holder = cast("type[Struct]", kind.holder)
    names = holder.__struct_fields__
    needed = len(names) - len(holder.__struct_defaults__)
    return [
        (name, str(holder.__annotations__[name]), place >= needed)
        for place, name in enumerate(names)
    ]


def _kind_part(kind: Kind) -> str:
    lines = [said(kind.holder)]
    if kind.subject_field:
        lines.append(f"About: the {kind.subject_kind} in `{kind.subject_field}`.")
    if kind.covers:
        covered = ", ".join(code(name) for name in sorted(kind.covers))
        lines.append(f"Covers changes of: {covered}.")
    rows = [
        (code(name), code(told), "may be left out" if optional else "")
        for name, told, optional in _fields(kind)
    ]
    if rows:
        lines.append(table(("Field", "Type", ""), rows))
    return f"### {kind.name}\n\n" + "\n\n".join(lines)
