"""How an issuer is described in words (TOML), read exactly and written back the same."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from muniment.access.models import Description, GroupRole, Issuer, IssuerUse, Scope, Trust
from muniment.core.errors import InvalidError

_GROUP_KEYS: Final = frozenset({"group", "role", "scope"})
_MOST_CHARS: Final = 100_000
_FIRST: Final = ("name", "url", "use", "client_id")


def read_description(text: str) -> Description:
    """Read what is said of an issuer; a word we do not know is refused, not overlooked."""
    told = _read(text)
    plain = Trust()
    known = {*_FIRST, *plain.as_json()}
    for name in sorted(told.keys() - known):
        raise InvalidError(
            f"{name[:60]!r} is not known", field="file", remedy=f"Use {', '.join(sorted(known))}."
        )
    groups = told.pop("group_roles", [])
    if not isinstance(groups, list):
        raise _wrong_group()
    try:
        use = IssuerUse(told.pop("use", "people"))
    except ValueError as error:
        raise InvalidError("use is people or workloads", field="use") from error
    name, url, client_id = (_text(told, each) for each in ("name", "url", "client_id"))
    for key, value in told.items():
        _require_same(key, value, plain.as_json()[key])
    trust = Trust.read({**plain.as_json(), **told, "group_roles": []})
    trust = replace(trust, group_roles=tuple(map(_group_role, groups)))
    return Description(name or url, url, use, client_id, trust)


def write_description(issuer: Issuer) -> str:
    """Write what is believed of an issuer, as it is read."""
    trust, plain = issuer.trust.as_json(), Trust().as_json()
    first = {
        "name": issuer.name,
        "url": issuer.url,
        "use": issuer.use.value,
        "client_id": issuer.client_id,
    }
    own = {name: value for name, value in trust.items() if value != plain[name]}
    groups = own.pop("group_roles", [])
    lines = [f"{name} = {_written(value)}" for name, value in {**first, **own}.items()]
    if groups:
        lines += ["group_roles = [", *(f"  {_written_group(*each)}," for each in groups), "]"]
    return "\n".join(lines) + "\n"


def _read(text: str) -> dict[str, Any]:
    if len(text) > _MOST_CHARS:
        raise InvalidError("the description is too long", field="file")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidError(f"this is not TOML: {error}", field="file") from error


def _text(told: dict[str, Any], name: str) -> str:
    value = told.pop(name, "")
    if not isinstance(value, str) or len(value) > 2_000 or not (value.isprintable() or not value):
        raise InvalidError(f"{name} is not a text", field=name)
    return value


def _require_same(key: str, value: object, like: object) -> None:
    fits = type(value) is type(like)
    if isinstance(value, list):
        fits = fits and all(isinstance(each, str) for each in value)
    if not fits:
        raise InvalidError(f"{key} is not a {type(like).__name__}", field=key)


def _group_role(told: object) -> GroupRole:
    if not isinstance(told, dict) or not {"group", "role"} <= told.keys() <= _GROUP_KEYS:
        raise _wrong_group()
    places = told.get("scope", {})
    if not isinstance(places, dict):
        raise _wrong_group()
    named = {str(kind): str(place) for kind, place in places.items()}
    return GroupRole(str(told["group"]), str(told["role"]), Scope.read(named))


def _wrong_group() -> InvalidError:
    return InvalidError(
        "a group is written wrong",
        field="group_roles",
        remedy='Write { group = "…", role = "…", scope = { system = "…" } }.',
    )


def _written(value: object) -> str:
    """Write a value; TOML's texts, lists and numbers are JSON's, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _written_group(group: str, role: str, scope: Mapping[str, str]) -> str:
    places = ", ".join(f"{kind} = {_written(named)}" for kind, named in scope.items())
    more = f", scope = {{ {places} }}" if places else ""
    return f"{{ group = {_written(group)}, role = {_written(role)}{more} }}"
