"""SCIM over HTTP: reads a request, asks access one thing in one transaction, writes the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access
from muniment.access import Visitor
from muniment.api.scim.filters import Asks, read_filter
from muniment.api.scim.patches import patched
from muniment.api.scim.resources import group_json, read_group, read_user, user_json
from muniment.api.scim.schemas import (
    ERROR,
    LIST,
    MOST_RESULTS,
    Json,
    provider_config,
    resource_types,
    schemas,
)
from muniment.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    MunimentError,
    NotFoundError,
    UnavailableError,
)
from muniment.db import Database, Work

PREFIX: Final = "/scim/v2"
_TYPE: Final = "application/scim+json"
_ASKED_TYPES: Final = frozenset(
    {"invalidFilter", "invalidPath", "invalidSyntax", "noTarget", "mutability"}
)
_VERSION: Final = "version"
_UNIQUE: Final = frozenset({"userName", "emails", "email", "name", "displayName"})
_ALWAYS: Final = frozenset({"schemas", "id", "meta"})


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of resource is listed, found, added, changed and removed."""

    every: Callable[[Work, str], Sequence[Json]]
    one: Callable[[Work, str, str], Json]
    add: Callable[[Work, Mapping[str, Any], str], Json]
    put: Callable[[Work, str, Mapping[str, Any], str], Json]
    remove: Callable[[Work, str], None]


_KINDS: Final = {
    "Users": Kind(
        every=lambda work, base: [user_json(each, base) for each in access.known_people(work)],
        one=lambda work, one, base: user_json(access.known_person(work, one), base),
        add=lambda work, given, base: user_json(
            access.add_known_person(work, read_user(given)), base
        ),
        put=lambda work, one, given, base: user_json(
            access.set_known_person(work, one, read_user(given)), base
        ),
        remove=access.remove_known_person,
    ),
    "Groups": Kind(
        every=lambda work, base: [group_json(each, base) for each in access.known_teams(work)],
        one=lambda work, one, base: group_json(access.known_team(work, one), base),
        add=lambda work, given, base: group_json(
            access.add_known_team(work, read_group(given)), base
        ),
        put=lambda work, one, given, base: group_json(
            access.set_known_team(work, one, read_group(given)), base
        ),
        remove=access.remove_known_team,
    ),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request, read."""

    method: str
    kind: str
    one: str
    base: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


def scim_routes(database: Database) -> list[Route]:
    """Serve SCIM over one installation's database."""

    async def about(request: Request) -> Response:
        """Say what this server is and can do."""
        return _published(str(request.path_params["what"]), "", _base(request))

    async def about_one(request: Request) -> Response:
        """Say what one kind of resource is."""
        params = request.path_params
        return _published(str(params["what"]), str(params["one"]), _base(request))

    async def resources(request: Request) -> Response:
        """List, find, add, change or remove people and teams."""
        visitor = _require_key(request)
        params = request.path_params
        asked = _Asked(
            request.method,
            request.url.path.removeprefix(f"{PREFIX}/").partition("/")[0],
            str(params.get("one", "")),
            _base(request),
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
        )
        return await to_thread.run_sync(_answer, database, visitor, asked)

    async def search(request: Request) -> Response:
        """Search as a list is read, with what is asked in the body."""
        visitor = _require_key(request)
        kind = request.url.path.removeprefix(f"{PREFIX}/").partition("/")[0]
        body = await request.body()
        return await to_thread.run_sync(_searched, database, visitor, kind, _base(request), body)

    many, single = ["GET", "POST"], ["GET", "PUT", "PATCH", "DELETE"]
    here = [(f"{PREFIX}/{kind}", kind) for kind in _KINDS]
    return [
        Route(f"{PREFIX}/.search", search, methods=["POST"], name="scim-search"),
        *(
            Route(f"{path}/.search", search, methods=["POST"], name=f"scim-{kind}-search")
            for path, kind in here
        ),
        *(Route(path, resources, methods=many, name=f"scim-{kind}") for path, kind in here),
        *(
            Route(f"{path}/{{one}}", resources, methods=single, name=f"scim-{kind}-one")
            for path, kind in here
        ),
        Route(f"{PREFIX}/{{what}}", about, methods=["GET"], name="scim-about"),
        Route(f"{PREFIX}/{{what}}/{{one}}", about_one, methods=["GET"], name="scim-about-one"),
    ]


def _published(what: str, one: str, base: str) -> Response:
    if what == "ServiceProviderConfig" and not one:
        return _json(provider_config(base))
    lists = {"Schemas": schemas(base), "ResourceTypes": resource_types(base)}
    if what not in lists:
        return _problem(404, "there is no such thing here")
    if not one:
        return _json(_listed(lists[what], len(lists[what]), 1))
    found = [each for each in lists[what] if each["id"] == one]
    return _json(found[0]) if found else _problem(404, "there is no such thing here")


def _answer(database: Database, visitor: Visitor, asked: _Asked) -> Response:
    try:
        if asked.method == "GET":
            with database.look(visitor.actor) as work:
                return _one(work, asked) if asked.one else _list(work, asked)
        with database.work(visitor.actor) as work:
            return _changed(work, asked)
    except MunimentError as error:
        return _problem(*_told(error))


def _searched(database: Database, visitor: Visitor, kind: str, base: str, body: bytes) -> Response:
    """Carry out a search over one kind of resource, or over all (RFC 7644, section 3.4.3)."""
    try:
        told = {name: _written(value) for name, value in _object(body).items()}
        asked = _Asked("POST", kind if kind in _KINDS else "", "", base, told, {}, b"")
        with database.look(visitor.actor) as work:
            return _list(work, asked)
    except MunimentError as error:
        return _problem(*_told(error))


def _written(value: object) -> str:
    """Write what a search asks as a list's address would."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _changed(work: Work, asked: _Asked) -> Response:
    kind = _KINDS[asked.kind]
    if not asked.one:
        made = kind.add(work, _object(asked.body), asked.base)
        return _json(made, 201, {"location": str(made["meta"]["location"])})
    before = kind.one(work, asked.one, asked.base)
    _require_version(asked, before)
    if asked.method == "DELETE":
        kind.remove(work, asked.one)
        return Response(status_code=204)
    given = _object(asked.body)
    if asked.method == "PATCH":
        changes = {str(key).lower(): value for key, value in given.items()}
        given = patched(before, changes.get("operations"))
    return _json(kind.put(work, asked.one, given, asked.base))


def _one(work: Work, asked: _Asked) -> Response:
    found = _KINDS[asked.kind].one(work, asked.one, asked.base)
    version = found["meta"]["version"]
    if asked.headers.get("if-none-match") in (version, "*"):
        return Response(status_code=304, headers={"etag": version})
    return _json(_projected(found, asked.query), headers={"etag": version})


def _list(work: Work, asked: _Asked) -> Response:
    asks: Asks = read_filter(asked.query["filter"]) if asked.query.get("filter") else _everything
    start = max(_number(asked.query.get("startIndex"), 1), 1)
    count = min(max(_number(asked.query.get("count"), MOST_RESULTS), 0), MOST_RESULTS)
    kinds = [_KINDS[asked.kind]] if asked.kind else list(_KINDS.values())
    found = [each for kind in kinds for each in kind.every(work, asked.base) if asks(each)]
    page = found[start - 1 : start - 1 + count]
    return _json(_listed([_projected(each, asked.query) for each in page], len(found), start))


def _everything(_resource: Mapping[str, Any]) -> bool:
    return True


def _listed(page: Sequence[Json], total: int, start: int) -> Json:
    return {
        "schemas": [LIST],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(page),
        "Resources": list(page),
    }


def _projected(resource: Json, query: Mapping[str, str]) -> Json:
    """Leave out what was not asked for (RFC 7644, section 3.9)."""
    wanted = _names(query.get("attributes", ""))
    unwanted = _names(query.get("excludedAttributes", ""))
    if wanted:
        return _kept(resource, wanted)
    if not unwanted:
        return resource
    return {
        name: value
        for name, value in resource.items()
        if name in _ALWAYS or name.lower() not in unwanted
    }


def _kept(resource: Json, wanted: frozenset[str]) -> Json:
    made: Json = {}
    for name, value in resource.items():
        inner = {each.partition(".")[2] for each in wanted if each.startswith(f"{name.lower()}.")}
        if name in _ALWAYS or name.lower() in wanted:
            made[name] = value
        elif inner and isinstance(value, dict):
            made[name] = {key: held for key, held in value.items() if key.lower() in inner}
        elif inner and isinstance(value, list):
            made[name] = [
                {key: held for key, held in each.items() if key.lower() in inner} for each in value
            ]
    return made


def _names(text: str) -> frozenset[str]:
    return frozenset(
        each.strip().rpartition(":")[2].lower() for each in text.split(",") if each.strip()
    )


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    digits = text.lstrip("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise InvalidError("this is not a number", field="invalidSyntax")
    return int(text)


def _require_version(asked: _Asked, resource: Json) -> None:
    wanted = asked.headers.get("if-match")
    if wanted not in (None, "*", resource["meta"]["version"]):
        raise ConflictError("it was changed meanwhile; read it again", field=_VERSION)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidError("the body is not JSON", field="invalidSyntax") from error
    if not isinstance(given, dict):
        raise InvalidError("the body is not a JSON object", field="invalidSyntax")
    return given


def _told(error: MunimentError) -> tuple[int, str, str]:
    says = f"{error.message}. {error.remedy}".strip()
    if isinstance(error, ConflictError) and error.field == _VERSION:
        return 412, says, ""
    if isinstance(error, InvalidError):
        return 400, says, error.field if error.field in _ASKED_TYPES else "invalidValue"
    if isinstance(error, ConflictError):
        return 409, says, "uniqueness" if error.field in _UNIQUE else ""
    known = {NotFoundError: 404, ForbiddenError: 403, UnavailableError: 503}
    return known.get(type(error), 500), says, ""


def _require_key(request: Request) -> Visitor:
    """A directory comes with a key; a browser's session is not led here by another page."""
    visitor = request.scope.get("state", {}).get("visitor")
    if not isinstance(visitor, Visitor) or visitor.session is not None:
        raise ForbiddenError("a directory comes with a key", remedy="Send it as a bearer token.")
    return visitor


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{PREFIX}"


def _json(told: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    more = dict(headers or {})
    if "version" in told.get("meta", {}):
        more["etag"] = str(told["meta"]["version"])
    body = json.dumps(told, ensure_ascii=False)
    return Response(body, status, more, media_type=_TYPE)


def _problem(status: int, says: str, kind: str = "") -> Response:
    told: Json = {"schemas": [ERROR], "status": str(status), "detail": says}
    return _json({**told, "scimType": kind} if kind else told, status)
