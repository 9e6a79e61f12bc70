"""Changes of SCIM (RFC 7644, section 3.5.2) carried out on a resource, which is given back anew.

Directories write the same change in several ways: without a path, with `Replace` for `replace`,
with `"False"` for false, with the attribute's whole name. All of these are read.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

from muniment.api.scim.filters import Path, read_path
from muniment.core.errors import InvalidError

_MOST_CHANGES: Final = 1_000
_READ_ONLY: Final = frozenset({"id", "schemas", "meta", "groups"})


def patched(resource: Mapping[str, Any], changes: object) -> dict[str, Any]:
    """Give the resource as it is after the changes."""
    if not isinstance(changes, list) or not 0 < len(changes) <= _MOST_CHANGES:
        raise _wrong("there is no list of changes")
    made: dict[str, Any] = copy.deepcopy(dict(resource))
    for each in changes:
        if not isinstance(each, Mapping):
            raise _wrong("a change is not an object")
        _carry_out(made, {key.lower(): value for key, value in each.items()})
    return made


def _carry_out(resource: dict[str, Any], change: Mapping[str, Any]) -> None:
    verb = str(change.get("op", "")).lower()
    if verb not in ("add", "replace", "remove"):
        raise _wrong(f"{verb[:20]!r} is not a change")
    text = change.get("path")
    if text:
        path = read_path(str(text))
        _require_writable(path.attribute)
        _at_path(resource, verb, path, change.get("value"))
        return
    values = change.get("value")
    if verb == "remove":
        raise InvalidError("what to remove is not said", field="noTarget")
    if not isinstance(values, Mapping):
        raise _wrong("a change without a path carries an object")
    for name, value in values.items():
        path = read_path(str(name))
        if path.attribute.lower() not in _READ_ONLY:
            _at_path(resource, verb, path, value)


def _at_path(resource: dict[str, Any], verb: str, path: Path, value: Any) -> None:  # noqa: ANN401 any JSON
    key = _key(resource, path.attribute)
    if path.chosen is not None:
        _at_chosen(resource, key, verb, path, value)
    elif path.part:
        inner = resource.get(key)
        if inner is None:
            inner = {}
        if not isinstance(inner, dict):
            raise InvalidError("this attribute has no parts", field="invalidPath")
        resource[key] = inner
        _set(inner, _key(inner, path.part), verb, value)
    else:
        _set(resource, key, verb, value)


def _at_chosen(
    resource: dict[str, Any],
    key: str,
    verb: str,
    path: Path,
    value: Any,  # noqa: ANN401 any JSON
) -> None:
    values = resource.get(key) or []
    if not isinstance(values, list) or path.chosen is None:
        raise InvalidError("this attribute has one value only", field="invalidPath")
    meant = [each for each in values if isinstance(each, dict) and path.chosen(each)]
    if verb == "remove" and not path.part:
        resource[key] = [each for each in values if not any(each is one for one in meant)]
        return
    if not meant and verb == "replace":
        raise InvalidError("no value is meant by the path", field="noTarget")
    if not meant:
        meant = [{}]
        values.append(meant[0])
        resource[key] = values
    for each in meant:
        if path.part:
            _set(each, _key(each, path.part), verb, value)
        elif isinstance(value, Mapping):
            each.update(value)
        else:
            raise _wrong("a value of this attribute is an object")


def _set(into: dict[str, Any], key: str, verb: str, value: Any) -> None:  # noqa: ANN401 any JSON
    if verb == "remove":
        _take_out(into, key, value)
        return
    before = into.get(key)
    if verb == "add" and isinstance(before, list):
        more: Sequence[Any] = value if isinstance(value, list) else [value]
        into[key] = before + [each for each in more if each not in before]
    elif isinstance(before, dict) and isinstance(value, Mapping):
        into[key] = {**before, **value}
    else:
        into[key] = value


def _take_out(into: dict[str, Any], key: str, value: Any) -> None:  # noqa: ANN401 any JSON
    """Remove an attribute; with values given (as one directory sends), only those."""
    before = into.get(key)
    if value and isinstance(before, list):
        gone = {_name(each) for each in (value if isinstance(value, list) else [value])}
        into[key] = [each for each in before if _name(each) not in gone]
        return
    into.pop(key, None)


def _name(value: object) -> str:
    return str(value.get("value", value)) if isinstance(value, Mapping) else str(value)


def _key(into: Mapping[str, Any], name: str) -> str:
    """Find how an attribute is written here."""
    return next((key for key in into if key.lower() == name.lower()), name)


def _require_writable(name: str) -> None:
    if name.lower() in _READ_ONLY:
        raise InvalidError(f"{name} is not changed from outside", field="mutability")


def _wrong(says: str) -> InvalidError:
    return InvalidError(says, field="invalidSyntax")
