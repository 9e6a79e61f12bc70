"""What this server publishes of itself: its two kinds of resources and what it can do."""

from __future__ import annotations

from typing import Any, Final

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"
PATCH: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_SCHEMA: Final = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_TYPE: Final = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_CONFIG: Final = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
MOST_RESULTS: Final = 200

Json = dict[str, Any]


def _plain(name: str, says: str, kind: str = "string", **more: Any) -> Json:  # noqa: ANN401 any JSON
    made: Json = {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": says,
        "required": False,
        "mutability": "readWrite",
        "returned": "default",
    }
    if kind == "string":
        made |= {"caseExact": False, "uniqueness": "none"}
    return made | more


def _parts(name: str, says: str, parts: list[Json], **more: Any) -> Json:  # noqa: ANN401 any JSON
    return _plain(name, says, "complex", subAttributes=parts, **more)


_FIXED: Final = {"mutability": "readOnly"}
_USER_ATTRIBUTES: Final = [
    _plain("userName", "The name the person signs in with.", required=True, uniqueness="server"),
    _parts(
        "name",
        "The parts of the person's name.",
        [
            _plain("formatted", "The whole name."),
            _plain("familyName", "The family name."),
            _plain("givenName", "The given name."),
        ],
    ),
    _plain("displayName", "The name that is shown."),
    _plain("title", "What the person does."),
    _plain("active", "Whether the person may sign in.", "boolean"),
    _parts(
        "emails",
        "Addresses that reach the person.",
        [
            _plain("value", "The address."),
            _plain("type", "What it is for.", canonicalValues=["work", "home", "other"]),
            _plain("primary", "Whether it is the one to use.", "boolean"),
        ],
        multiValued=True,
    ),
    _parts(
        "groups",
        "The groups the person is in.",
        [
            _plain("value", "The group's id.", **_FIXED),
            _plain("$ref", "Its address.", "reference", referenceTypes=["Group"], **_FIXED),
            _plain("display", "Its name.", **_FIXED),
            _plain("type", "How it came about.", canonicalValues=["direct"], **_FIXED),
        ],
        multiValued=True,
        **_FIXED,
    ),
]
_ONCE: Final = {"mutability": "immutable"}
_GROUP_ATTRIBUTES: Final = [
    _plain("displayName", "The group's name.", required=True, uniqueness="server"),
    _parts(
        "members",
        "Who is in the group.",
        [
            _plain("value", "The member's id.", **_ONCE),
            _plain("$ref", "Its address.", "reference", referenceTypes=["User"], **_ONCE),
            _plain("type", "What it is.", canonicalValues=["User"], **_ONCE),
        ],
        multiValued=True,
    ),
]


def schemas(base: str) -> list[Json]:
    """Describe the two kinds of resources, attribute by attribute."""
    told = (
        (USER, "User", "A person.", _USER_ATTRIBUTES),
        (GROUP, "Group", "A team.", _GROUP_ATTRIBUTES),
    )
    return [
        {
            "schemas": [_SCHEMA],
            "id": urn,
            "name": name,
            "description": says,
            "attributes": attributes,
            "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{urn}"},
        }
        for urn, name, says, attributes in told
    ]


def resource_types(base: str) -> list[Json]:
    """Say where the two kinds of resources are."""
    return [
        {
            "schemas": [_TYPE],
            "id": name,
            "name": name,
            "endpoint": f"/{name}s",
            "description": says,
            "schema": urn,
            "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/{name}"},
        }
        for urn, name, says in ((USER, "User", "A person."), (GROUP, "Group", "A team."))
    ]


def provider_config(base: str) -> Json:
    """Say what this server can do."""
    return {
        "schemas": [_CONFIG],
        "documentationUri": "https://datatracker.ietf.org/doc/html/rfc7644",
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST_RESULTS},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "API key",
                "description": "A key of this installation that may manage people and teams.",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{base}/ServiceProviderConfig",
        },
    }
