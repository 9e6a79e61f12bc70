"""Draws the pages about settings, sockets and the schema."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table

import muniment.worker  # noqa: F401 with it every table is declared
from muniment.db import metadata
from muniment.db.guards import Guard, declared_guards
from muniment.db.tables import exempt_reason
from muniment.plugins.sockets import GROUPS
from muniment.settings import Knob, Secret, areas, knobs
from tools.reference_text import code, page, said, table


def settings_page() -> str:
    """Draw every setting."""
    parts = []
    for area, holder in areas().items():
        rows = [
            (code(each.key), each.says, _type(each), code(_default(each)), code(each.variable))
            for each in knobs()
            if each.area == area
        ]
        columns = ("Setting", "What it does", "Values", "Default", "Environment variable")
        parts.append(f"## {area}\n\n{said(holder)}\n\n{table(columns, rows)}")
    says = (
        "Settings are read once, at the start: defaults, then the file (`--config`, else "
        "`MUNIMENT_CONFIG`, else `./muniment.toml`), then the environment, then the command line. "
        "An unknown name or a bad value stops the start with one message that names them all. "
        "`muniment settings` shows what is in force and where it came from; "
        "[muniment.toml](muniment.toml) holds every setting with its default."
    )
    return page("Settings", says, parts)


def sample_file() -> str:
    """Draw a settings file with every setting at its default, each switched off by a #."""
    lines = [
        "# Every setting of Muniment with its default. Take the # away to change one.",
        "# Written by `make docs-reference` from the code.",
    ]
    for area, holder in areas().items():
        lines += ["", f"# {said(holder)}", f"[{area}]"]
        for each in knobs():
            if each.area == area:
                lines.append(f"# {each.says} {_sample_values(each)}".rstrip())
                lines.append(f"# {each.name} = {_toml(each.default)}")
    return "\n".join(lines) + "\n"


def sockets_page() -> str:
    """Draw what a plug-in of each kind promises."""
    parts = []
    for group, socket in sorted(GROUPS.items()):
        rows = [(code(name), what) for name, what in _methods(socket)]
        promise = table(("It gives", "Promise"), rows)
        parts.append(
            f"## {socket.__name__}\n\nEntry points: `{group}`\n\n{said(socket)}\n\n{promise}"
        )
    says = (
        "A plug-in is a class or a function that an installed distribution names under an "
        "entry-point group. It is loaded only if the settings name it and `plugins.allow` lists "
        "its distribution; one that cannot be loaded stops the start. `muniment.testing` holds "
        "the suites by which a plug-in is tried."
    )
    return page("Sockets", says, parts)


def schema_page() -> str:
    """Draw every table, why it may change without a record, and what guards it."""
    guards = declared_guards()
    parts = [_table_part(each, guards.get(each.name)) for each in metadata.sorted_tables]
    says = (
        "The same tables stand in SQLite and PostgreSQL. A recorded table changes only together "
        "with a ledger record that covers it; an exempt one says why it may change alone. "
        "A guard is a trigger by which the database itself refuses."
    )
    return page("Schema", says, sorted(parts))


def _table_part(each: Table, guard: Guard | None) -> str:
    reason = exempt_reason(each)
    lines = [f"Exempt: {reason}." if reason else "Recorded: every change has its ledger record."]
    if guard is not None:
        lines.append(_guard(guard))
    rows = [
        (code(column.name), str(column.type), "may be empty" if column.nullable else "", keys)
        for column in each.columns
        for keys in ["key" if column.primary_key else _points_to(column.foreign_keys)]
    ]
    columns = ("Column", "Type", "", "Key")
    return f"## {each.name}\n\n" + "\n\n".join(lines) + "\n\n" + table(columns, rows)


def _points_to(keys: Any) -> str:  # noqa: ANN401 SQLAlchemy's own set
    return ", ".join(sorted(f"→ {key.target_fullname}" for key in keys))


def _guard(guard: Guard) -> str:
    update = f"only when `{guard.update_when}`" if guard.update_when else "never"
    delete = f"only when `{guard.delete_when}`" if guard.delete_when else "never"
    return f"Guarded: rows change {update}, are deleted {delete}, and the table is not truncated."


def _methods(socket: type) -> Iterator[tuple[str, str]]:
    for name, member in vars(socket).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield name, said(member)
        elif inspect.isfunction(member):
            given = [str(each) for each in inspect.signature(member).parameters.values()][1:]
            answer = inspect.signature(member).return_annotation
            yield f"{name}({', '.join(given)}) -> {answer}", said(member)


def _type(each: Knob) -> str:
    if each.one_of:
        return " or ".join(code(value) for value in each.one_of)
    if each.least is not None or each.most is not None:
        return f"{each.least} to {each.most}"
    names: dict[Any, str] = {
        bool: "true or false",
        str: "text",
        Secret: "secret text",
        Path: "path",
        int: "whole number",
    }
    return names.get(each.type, "texts" if "tuple" in str(each.type) else "path, or nothing")


def _default(each: Knob) -> str:
    return "" if each.default in (None, "", ()) else _toml(each.default).strip('"')


def _sample_values(each: Knob) -> str:
    return f"({_type(each).replace('`', '')})" if each.least is not None or each.one_of else ""


def _toml(value: object) -> str:
    if isinstance(value, Secret):
        return json.dumps(value.reveal())
    if isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, tuple):
        return json.dumps(list(value))
    return json.dumps("" if value is None else str(value))
