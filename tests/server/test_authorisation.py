"""The authorisation matrix: every address, every kind of caller, and the answer people expect.

What is expected stands in tests/data/authorisation.toml, for people to read and to change. An
address that is not in it fails the build.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from tests.access.recorded import records
from tests.server.asking import Answer
from tests.server.callers_known import ROLES, Cast, cast_in, run

DATA: Final = Path(__file__).parents[1] / "data" / "authorisation.toml"
BROKEN: Final = frozenset({500, 501, 502, 504})
Entry = Literal["in", "sign in", "forbidden"]


@dataclass(frozen=True)
class Rule:
    """Who is let in to some addresses."""

    name: str
    says: str
    strangers: bool
    roles: frozenset[str]
    everybody: bool
    anywhere: bool
    here: frozenset[str]
    programs: bool
    people: bool
    routes: tuple[str, ...]

    def concerns(self, caller: str) -> bool:
        """Tell whether to ask as this caller: who is refused everywhere is so on one system."""
        role, _, where = caller.partition(" ")
        return where not in {"here", "elsewhere"} or role in self.roles | self.here

    def expects(self, caller: str) -> bool:
        """Tell whether a caller of this kind is let in."""
        if self.strangers:
            return True
        if caller in {"stranger", "expired"}:
            return False
        program = caller.startswith(("key of", "service"))
        if not (self.programs if program else self.people):
            return False
        role, _, where = caller.removeprefix("key of ").partition(" ")
        role = {"service": "builder", "nobody": ""}.get(role, role)
        if self.everybody:
            return True
        if where in {"here", "elsewhere"} and not self.anywhere:
            return where == "here" and role in self.here
        return role in self.roles


def rules() -> tuple[Rule, ...]:
    """Read the table."""
    table = _table()["rule"]
    return tuple(
        Rule(
            name=each["name"],
            says=each["says"],
            strangers=each.get("strangers", False),
            roles=frozenset(each.get("roles", ())),
            everybody=each.get("everybody", False),
            anywhere=each.get("anywhere", False),
            here=frozenset(each.get("here", ())),
            programs=each.get("programs", True),
            people=each.get("people", True),
            routes=tuple(each["routes"]),
        )
        for each in table
    )


def examples() -> Mapping[str, Any]:
    """Read what is sent along with some addresses."""
    found: Mapping[str, Any] = _table().get("body", {})
    return found


@cache
def _table() -> Mapping[str, Any]:
    """Read the file once; it is asked for with each request."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def addresses(app: Starlette) -> set[str]:
    """List every address of the application, with its method."""
    return set(_addresses(app.routes, ""))


def _addresses(routes: list[BaseRoute], prefix: str) -> Iterator[str]:
    for each in routes:
        if isinstance(each, Mount):
            inner = each.app
            if isinstance(inner, FastAPI):
                for path, operations in inner.openapi()["paths"].items():
                    yield from (
                        f"{method.upper()} {prefix}{each.path}{path}" for method in operations
                    )
            yield from _addresses(list(each.routes), prefix + each.path)
        elif isinstance(each, Route) and not isinstance(each, APIRoute):
            path = prefix + each.path
            if not path.startswith("/api/v1"):
                yield from (f"{m} {path}" for m in sorted((each.methods or set()) - {"HEAD"}))


def entry_of(answer: Answer) -> Entry:
    """Say whether a caller was let in, sent to sign in, or refused for who they are."""
    if answer.status == 401:
        return "sign in"
    place = answer.headers.get("location", "")
    if answer.status == 303 and place.startswith("/console/sign-in"):
        return "sign in"
    return "forbidden" if answer.status == 403 else "in"


def _request(
    cast: Cast, rule: Rule, route: str, caller: str
) -> tuple[str, str, Mapping[str, str], bytes]:
    method, _, pattern = route.partition(" ")
    path = pattern.replace("{path:path}", "{path}").format(**cast.ids)
    sent = examples().get(route, {})
    headers = dict(cast.headers[caller])
    if not rule.expects(caller):
        headers["accept"] = "application/json"  # a refusal is drawn as a page elsewhere
    if method == "GET":
        return method, path + (f"?{urlencode(sent)}" if sent else ""), headers, b""
    if path.startswith(("/api/", "/scim/")):
        headers |= {"content-type": "application/json", "if-match": '"1"'}
        return method, path, headers, _json(sent, cast)
    headers["content-type"] = "application/x-www-form-urlencoded"
    return method, path, headers, urlencode(_named(sent, cast)).encode()


def _named(sent: Mapping[str, Any], cast: Cast) -> dict[str, Any]:
    """Put the ids of the cast into a form."""
    return {
        name: cast.ids.get(str(value).strip("<>"), value) if str(value).startswith("<") else value
        for name, value in sent.items()
    }


def _json(sent: Mapping[str, Any], cast: Cast) -> bytes:
    text = json.dumps(sent)
    for name, value in cast.ids.items():
        text = text.replace(f"<{name}>", value)
    return text.encode()


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """An installation with every kind of caller."""
    with cast_in(tmp_path_factory.mktemp("matrix")) as made:
        yield made


@pytest.mark.requirement("ACC-01", "ACC-20")
def test_every_address_is_in_the_matrix(cast: Cast) -> None:
    """An address nobody decided about fails the build and says what to add; so does one gone."""
    app = cast.app
    assert isinstance(app, Starlette)
    there = addresses(app)
    listed = [route for rule in rules() for route in rule.routes]
    missing = sorted(there - set(listed))
    assert not missing, (
        f"add to {DATA.name}, under the rule that says who may, or under a new one:\n"
        + "\n".join(f'  "{each}",' for each in missing)
    )
    assert sorted(set(listed) - there) == [], "these addresses are gone; take them out"
    assert len(listed) == len(set(listed)), "an address stands in one rule only"


def test_every_role_is_a_real_one() -> None:
    """The table speaks of roles that exist, and says of each rule in a sentence what it means."""
    for rule in rules():
        assert rule.roles | rule.here <= set(ROLES), rule.name
        assert rule.says.endswith("."), rule.name


@pytest.mark.slow
@pytest.mark.requirement("ACC-01", "ACC-04", "ACC-05", "ACC-13", "ACC-19")
@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_everybody_is_let_in_where_they_may_and_nowhere_else(cast: Cast, rule: Rule) -> None:
    """Each caller, at each address of a rule, is let in exactly if the table says so."""
    pairs = [
        (route, caller)
        for route in rule.routes
        # those who are refused come first, for those who are let in may change things
        for caller in sorted(filter(rule.concerns, cast.headers), key=rule.expects)
    ]
    answers = run(cast.app, [_request(cast, rule, route, caller) for route, caller in pairs])
    wrong = []
    for (route, caller), answer in zip(pairs, answers, strict=True):
        entry = entry_of(answer)
        wanted = rule.expects(caller)
        if rule.strangers and answer.status in {303, 403}:
            entry = "in"  # the pages by which people come in lead to each other, and refuse
        if (entry == "in") != wanted or answer.status in BROKEN:
            wrong.append(f"{caller} at {route}: {entry} ({answer.status}), expected in: {wanted}")
        if not wanted and caller in {"stranger", "expired"} and entry != "sign in":
            wrong.append(f"{caller} at {route}: {entry} ({answer.status}), not sent to sign in")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.requirement("ACC-02", "ACC-20")
def test_whatever_an_auditor_looks_at_is_recorded(tmp_path: Path) -> None:
    """Each page and each answer an auditor is shown is recorded before, but for what is their own.

    So it is at every address of the application that reads something, and in the auditor's areas as
    on the system they audit.
    """
    unseen, looked = [], 0
    with cast_in(tmp_path) as cast:
        for rule, route, caller in _looks():
            before = views(cast)
            (answer,) = run(cast.app, [_request(cast, rule, route, caller)])
            if answer.status == 200:
                looked += 1
                unseen += [f"{caller} at {route}"] if views(cast) == before else []
    assert looked > 60, "the auditor hardly saw anything"
    assert not unseen, "\n".join(unseen)


def _looks() -> Iterator[tuple[Rule, str, str]]:
    """List what auditors may look at that is not open to everybody anyhow."""
    for rule in rules():
        if not (rule.everybody or rule.strangers):
            for route in rule.routes:
                for caller in filter(rule.expects, ("auditor", "auditor here")):
                    yield rule, route, caller


def views(cast: Cast) -> int:
    """Count how often anybody's look at something was recorded, and not sealed yet."""
    found = records(cast.house.database)
    return sum(each["kind"] == "access.viewed" for each in found)
