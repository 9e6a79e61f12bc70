"""People and teams as SCIM writes them, and back; what is not understood is kept out, not kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from muniment.access import KnownPerson, KnownTeam, PersonState, ToldPerson, ToldTeam
from muniment.api.scim.schemas import GROUP, USER, Json
from muniment.core.clock import stamp
from muniment.core.digest import digest_value
from muniment.core.errors import InvalidError

_MOST_EMAILS: Final = 20
_MOST_MEMBERS: Final = 10_000
_MOST_CHARS: Final = 300
_NAME_PARTS: Final = ("formatted", "familyName", "givenName")


def user_json(known: KnownPerson, base: str) -> Json:
    """Write a person."""
    extra = known.entry.extra
    emails = list(extra.get("emails", ()))
    if not emails and known.person.email:
        emails = [{"value": known.person.email, "primary": True}]
    told = known.entry.changed_at is not None
    active = known.person.state in (PersonState.ACTIVE, PersonState.INVITED)
    made: Json = {
        "schemas": [USER],
        "id": known.person.id,
        "externalId": known.entry.external_id or None,
        "userName": known.entry.user_name,
        "name": extra.get("name"),
        "displayName": extra.get("displayName") if told else known.person.name,
        "title": extra.get("title"),
        "active": None if active and told and "active" not in extra else active,
        "emails": emails or None,
        "groups": [
            {"value": team, "display": name, "type": "direct", "$ref": f"{base}/Groups/{team}"}
            for team, name in known.teams
        ]
        or None,
    }
    changed = known.entry.changed_at or known.person.created_at
    return _finished(made, "User", base, stamp(known.person.created_at), stamp(changed))


def group_json(known: KnownTeam, base: str) -> Json:
    """Write a team."""
    made: Json = {
        "schemas": [GROUP],
        "id": known.team.id,
        "externalId": known.entry.external_id or None,
        "displayName": known.team.name,
        "members": [
            {"value": person, "type": "User", "$ref": f"{base}/Users/{person}"}
            for person, _ in known.members
        ]
        or None,
    }
    changed = known.entry.changed_at or known.team.created_at
    return _finished(made, "Group", base, stamp(known.team.created_at), stamp(changed))


def read_user(given: Mapping[str, Any]) -> ToldPerson:
    """Read a person as a directory wants them to be."""
    told = {str(key).lower(): value for key, value in given.items()}
    user_name = _text(told.get("username"), "userName")
    if not user_name:
        raise InvalidError("a user has a userName", field="userName")
    name = _name(told.get("name"))
    emails = _emails(told.get("emails"))
    display = _text(told.get("displayname"), "displayName")
    extra: Json = {"name": name, "emails": emails, "displayName": display}
    extra |= {"title": _text(told.get("title"), "title"), "active": "active" in told}
    return ToldPerson(
        user_name=user_name,
        name=display or _spelled(name) or user_name,
        email=_primary(emails) or (user_name if "@" in user_name else ""),
        active=_boolean(told.get("active", True)),
        external_id=_text(told.get("externalid"), "externalId"),
        extra={key: value for key, value in extra.items() if value},
    )


def read_group(given: Mapping[str, Any]) -> ToldTeam:
    """Read a team as a directory wants it to be."""
    told = {str(key).lower(): value for key, value in given.items()}
    name = _text(told.get("displayname"), "displayName")
    if not name:
        raise InvalidError("a group has a displayName", field="displayName")
    members = told.get("members") or []
    if not isinstance(members, list) or len(members) > _MOST_MEMBERS:
        raise InvalidError("members are a list", field="members")
    return ToldTeam(
        name=name,
        external_id=_text(told.get("externalid"), "externalId"),
        members=frozenset(_member(each) for each in members),
    )


def _finished(made: Json, kind: str, base: str, created: str, changed: str) -> Json:
    whole = {name: value for name, value in made.items() if value is not None}
    version = digest_value(whole).removeprefix("sha256:")[:16]
    whole["meta"] = {
        "resourceType": kind,
        "created": created,
        "lastModified": changed,
        "location": f"{base}/{kind}s/{whole['id']}",
        "version": f'W/"{version}"',
    }
    return whole


def _text(value: object, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _MOST_CHARS or not value.isprintable():
        raise InvalidError(f"{field} is a short text on one line", field=field)
    return value.strip()


def _boolean(value: object) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise InvalidError("active is true or false", field="active")
    return value


def _name(value: object) -> Json:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidError("name is an object", field="name")
    parts = {part: _text(value.get(part), f"name.{part}") for part in _NAME_PARTS}
    return {part: text for part, text in parts.items() if text}


def _spelled(name: Mapping[str, str]) -> str:
    both = f"{name.get('givenName', '')} {name.get('familyName', '')}".strip()
    return name.get("formatted", "") or both


def _emails(value: object) -> list[Json]:
    if value is None:
        return []
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, list) or len(value) > _MOST_EMAILS:
        raise InvalidError("emails are a list", field="emails")
    return [_email(each) for each in value]


def _email(value: object) -> Json:
    if not isinstance(value, Mapping):
        raise InvalidError("an e-mail address is an object with a value", field="emails")
    made: Json = {part: _text(value.get(part), f"emails.{part}") for part in ("value", "type")}
    if value.get("primary") is not None:
        made["primary"] = _boolean(value.get("primary"))
    return {part: held for part, held in made.items() if held != ""}


def _primary(emails: list[Json]) -> str:
    """Give the address to use: the one that says so, or the first."""
    found = sorted(emails, key=lambda each: not each.get("primary", False))
    return next((str(each["value"]) for each in found if "@" in each.get("value", "")), "")


def _member(value: object) -> str:
    if not isinstance(value, Mapping) or not isinstance(value.get("value"), str):
        raise InvalidError("a member is an object with a value", field="members")
    if value.get("type") not in (None, "User"):
        raise InvalidError("members are users", field="members")
    return str(value["value"])
