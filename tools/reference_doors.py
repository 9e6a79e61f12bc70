"""Draws the pages about commands, HTTP and errors."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from muniment.cli import EXIT_CODES, make_cli
from muniment.core.errors import MunimentError
from muniment.main import build_house
from muniment.server.app import make_app
from muniment.server.errors import status_of
from muniment.settings import load
from tools.reference_text import code, first_sentence, page, said, table

METHODS = ("get", "post", "put", "patch", "delete")


def commands_page() -> str:
    """Draw every command with its arguments and options."""
    root = typer.main.get_command(make_cli())
    parts = [_command_part(name, command) for name, command in commands(root, "muniment")]
    says = (
        "Every command prints errors as one line on standard error and leaves with a code from "
        "[errors.md](errors.md); 0 is success, 70 an error nobody foresaw, 130 an interruption."
    )
    return page("Commands", says, parts)


def http_page() -> str:
    """Draw every address the server answers, and what it tells Prometheus."""
    with application() as app:
        found = list(routes(app.routes))
        operations = list(_operations(_api_of(app).openapi()))
        measured = list(app.metrics.registry.collect())  # type: ignore[attr-defined]
    plain = [
        (code(f"{method} {path}"), what)
        for method, path, what in found
        if not path.startswith("/api/")
    ]
    told = [(code(each.name), each.type, each.documentation) for each in measured]
    parts = [
        "## Pages and signs of life\n\n" + table(("Address", "What it answers"), plain),
        "## The API\n\n`/api/openapi.json` describes it for programs, and so does "
        "[openapi.json](openapi.json).\n\n"
        + table(("Operation", "What it does", "Answers"), operations),
        "## Metrics\n\n`/metrics` answers in Prometheus' text form.\n\n"
        + table(("Metric", "Type", "What it counts"), told),
    ]
    says = "What the server answers; errors have one shape ([errors.md](errors.md))."
    return page("HTTP", says, parts)


def openapi_file() -> str:
    """Draw the description of the API, as programs read it, without the product's version."""
    with application() as app:
        told = _api_of(app).openapi()
    told["info"]["version"] = "0"  # it would make the file stale at each release
    return json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def errors_page() -> str:
    """Draw the family of errors with their codes at each door."""
    rows = [
        (code(each.code), said(each), str(_status(each)), str(_exit_code(each)), stop)
        for each in sorted(family(), key=lambda each: (each.code, each.__name__))
        for stop in ["stop" if each.fatal else ""]
    ]
    columns = ("Code", "What it means", "HTTP status", "Exit code", "")
    says = (
        "Every error says what happened, to which subject, and what to do next. Over HTTP it is "
        "an `application/problem+json` with `type`, `title`, `status`, `code`, `detail`, "
        "`instance`, and where they apply `subject`, `field`, `remedy`, `reasons`. What nobody "
        "foresaw is answered as `internal` with an `error_id` under which it stands in the log. "
        "*Stop* marks errors after which retrying is wrong."
    )
    return page("Errors", says, [table(columns, rows)])


def family() -> set[type[MunimentError]]:
    """List the errors that may reach a person."""

    def below(kind: type[MunimentError]) -> Iterator[type[MunimentError]]:
        for each in kind.__subclasses__():
            if each.__module__.startswith("muniment."):
                yield each
            yield from below(each)

    return set(below(MunimentError))


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 click's own types
    """List every command below one, by its full name."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for each in inner:
        yield from commands(inner[each], f"{name} {each}")


def routes(among: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """List every address: its method, its path and what it says of itself."""
    for each in among:
        if isinstance(each, Mount):
            yield from routes(list(each.routes), prefix + each.path)
        elif isinstance(each, Route):
            for method in sorted((each.methods or set()) - {"HEAD"}):
                yield method, prefix + each.path, first_sentence(each.endpoint)


@contextmanager
def application() -> Iterator[Starlette]:
    """Build the application over an empty installation, without starting it."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"data.dir": Path(folder) / "data"}
        house = build_house(load(environment={}, overrides=given), role="serve", create=True)
        try:
            yield make_app(house)
        finally:
            house.close()


def _api_of(app: Starlette) -> FastAPI:
    mounted = (each.app for each in app.routes if isinstance(each, Mount))
    return next(each for each in mounted if isinstance(each, FastAPI))


def _operations(openapi: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for path, operations in sorted(openapi["paths"].items()):
        for method in METHODS:
            if method in operations:
                told = operations[method]
                answers = ", ".join(sorted(told.get("responses", {})))
                yield code(f"{method.upper()} /api{path}"), str(told.get("summary", "")), answers


def _command_part(name: str, command: Any) -> str:  # noqa: ANN401 click's own type
    lines = [f"## {name}", " ".join(str(command.help or "").split())]
    rows = [_parameter(each) for each in command.params if each.name != "help"]
    if rows:
        lines.append(table(("Argument or option", "What it does", "Default"), rows))
    return "\n\n".join(lines)


def _parameter(each: Any) -> tuple[str, str, str]:  # noqa: ANN401 click's own type
    if each.param_type_name == "argument":
        return code(str(each.name).upper()), str(getattr(each, "help", "") or ""), ""
    words = "/".join([*each.opts, *each.secondary_opts])
    shown = "" if each.default in (None, False) or callable(each.default) else str(each.default)
    return code(words), str(each.help or ""), code(shown)


def _status(kind: type[MunimentError]) -> int:
    return status_of(kind())


def _exit_code(kind: type[MunimentError]) -> int:
    return next((EXIT_CODES[each] for each in kind.__mro__ if each in EXIT_CODES), 1)
