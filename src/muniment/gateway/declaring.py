"""A file that declares what the gateway serves: systems, models, keys and rules, without a click.

It is a proposal. On an empty installation it is bootstrapped, and recorded as that; later it is
compared with what serves, and what differs becomes a change request that people approve.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from muniment.core.errors import InvalidError

TABLES: Final = ("owner", "systems", "models", "keys", "policies")
_Word = Annotated[str, Meta(min_length=1, max_length=200)]
_Key = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
_Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class DeclaredOwner(Struct, forbid_unknown_fields=True, frozen=True):
    """Who answers for what is declared; they become the first admin."""

    name: _Word = "Operator"
    email: _Word = "operator@example.org"


class DeclaredSystem(Struct, forbid_unknown_fields=True, frozen=True):
    """A system that calls models."""

    key: _Key
    name: str = ""
    purpose: str = "Declared by a file."
    environment: _Key = "production"
    regions: tuple[_Word, ...] = ()
    data_classes: tuple[_Word, ...] = ()
    approved: str = ""
    tier: Literal["", "low", "limited", "high", "critical"] = ""
    eu_class: Literal["", "minimal", "limited", "high", "prohibited"] = ""
    autonomy: Literal["assists", "acts_with_approval", "acts"] = "assists"
    keep_content_percent: Annotated[int, Meta(ge=0, le=100)] = 0
    tools: tuple[dict[str, Any], ...] = ()


class DeclaredModel(Struct, forbid_unknown_fields=True, frozen=True):
    """A model under the name by which it is asked for."""

    name: _Name
    provider: _Word
    model: str = ""
    system: str = ""
    base_url: str = ""
    credential: str = ""
    region: str = ""
    restricted: bool = False
    training_allowed: bool = False
    price: dict[str, str] = {}
    data_classes: tuple[_Word, ...] | None = None
    script: tuple[dict[str, Any], ...] = ()
    say: str = ""
    previous: bool = False
    shadow: dict[str, Any] = {}
    fallback: tuple[_Name, ...] = ()


class DeclaredKey(Struct, forbid_unknown_fields=True, frozen=True):
    """An application that gets a key for one system; rules tell agents and pipelines apart."""

    name: _Word
    system: _Key
    kind: Literal["application", "agent", "pipeline"] = "application"


class DeclaredPolicies(Struct, forbid_unknown_fields=True, frozen=True):
    """The rules: starter packs by name, or the text of rules of one's own."""

    packs: tuple[_Word, ...] = ()
    rules: str = ""


class Declared(Struct, forbid_unknown_fields=True, frozen=True):
    """Everything a file declares."""

    systems: Annotated[tuple[DeclaredSystem, ...], Meta(min_length=1, max_length=1_000)]
    models: Annotated[tuple[DeclaredModel, ...], Meta(min_length=1, max_length=10_000)]
    owner: DeclaredOwner = DeclaredOwner()
    keys: tuple[DeclaredKey, ...] = ()
    policies: DeclaredPolicies = DeclaredPolicies()


def read_declared(tables: Mapping[str, Any]) -> Declared | None:
    """Read what a settings file declares besides settings; nothing where it declares nothing."""
    given = {name: tables[name] for name in TABLES if name in tables}
    if not given:
        return None
    try:
        found = msgspec.convert(given, Declared)
    except msgspec.ValidationError as error:
        says, _, path = str(error).partition(" - at ")
        raise InvalidError(
            says[:200],
            field=path.strip("`").removeprefix("$.") or "systems",
            remedy="See docs/gateway.md for what a file may declare.",
        ) from error
    _require_sound(found)
    return found


def parts_of(declared: Declared, system: DeclaredSystem) -> dict[str, dict[str, Any]]:
    """Give the parts of one system: its models, their routing, its guardrail and tools."""
    parts: dict[str, dict[str, Any]] = {}
    for model in declared.models:
        if model.system not in ("", system.key):
            continue
        document = msgspec.to_builtins(model)
        for name in ("name", "system", "fallback", "previous", "shadow"):
            document.pop(name)
        told = {name: value for name, value in document.items() if value not in ("", {}, [], None)}
        if model.data_classes is not None:
            told["data_classes"] = list(model.data_classes)
        told["model"] = model.model or model.name
        told["script"] = [dict(line) for line in model.script]
        if not model.script:
            told.pop("script")
        parts[f"model/{model.name}"] = told
        if model.fallback or model.shadow:
            parts[f"routing/{model.name}"] = _routing(declared, model)
    if system.keep_content_percent:
        keep = {"keep": True, "percent": system.keep_content_percent}
        parts["guardrail/content"] = {"rules": ["keep what is said"], "content": keep}
    if system.tools:
        parts["tools/allowed"] = {"allowed": [dict(each) for each in system.tools]}
    return parts


def _routing(declared: Declared, model: DeclaredModel) -> dict[str, Any]:
    """Say where a model's calls go when it fails, and where they go for comparison."""
    earlier = {each.name for each in declared.models if each.previous}
    routes = [
        {"model": each, **({"previous": True} if each in earlier else {})}
        for each in (model.name, *model.fallback)
    ]
    return {"routes": routes, **({"shadow": dict(model.shadow)} if model.shadow else {})}


def _require_sound(found: Declared) -> None:
    keys = [each.key for each in found.systems]
    if len(set(keys)) != len(keys):
        raise InvalidError("two systems have one key", field="systems", remedy="Rename one.")
    for number, model in enumerate(found.models):
        if model.system and model.system not in keys:
            raise InvalidError(
                f"{model.system[:60]!r} is no system of this file",
                field=f"models[{number}].system",
                remedy=f"Name one of {', '.join(keys)}, or none for all of them.",
            )
    for number, key in enumerate(found.keys):
        if key.system not in keys:
            raise InvalidError(
                f"{key.system[:60]!r} is no system of this file",
                field=f"keys[{number}].system",
                remedy=f"Name one of {', '.join(keys)}.",
            )
    for system in found.systems:
        if not parts_of(found, system):
            raise InvalidError(
                f"the system {system.key} has no model",
                field="models",
                remedy="Declare one for it, or one without a system.",
            )
