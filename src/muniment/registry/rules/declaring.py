"""What a repository's declaration wants of the registry, and how that differs from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from muniment.core.errors import InvalidError
from muniment.registry.models import Desired, PartKind, VersionSet, part_label
from muniment.registry.rules.parts import read_label, require_part_name
from muniment.registry.rules.profiles import require_key

_AUTONOMY: Final[Mapping[str, str]] = {
    "assists": "suggests",
    "acts_with_approval": "acts_after_a_yes",
    "acts": "acts_alone",
}
_SAME: Final = (
    *("name", "owner", "purpose", "data_classes", "regions", "alert_reviewer"),
    *("change_approver", "users_affected", "data_sources", "role", "commitments"),
    *("decision_logic", "refresh", "eu_class", "environments", "components", "flows"),
)
_NOT_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
MAIN: Final = "main"


def files_of(declared: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the files of the repository whose text a declaration needs."""
    prompts = [each["file"] for each in declared["prompts"]]
    return (*prompts, *(each["file"] for each in declared["parts"] if each["file"]))


def desired_of(declared: Mapping[str, Any], texts: Mapping[str, str]) -> Desired:
    """Say what a declaration wants; `texts` are the files it names."""
    system = declared["system"]
    parts: dict[str, Mapping[str, Any]] = {}
    for label, document in _parts(declared, texts):
        if label in parts:
            raise InvalidError(
                f"{label} is declared twice", field="parts", remedy="Give each part its own name."
            )
        parts[label] = document
    lists = {
        PartKind.MODEL: declared["models"],
        PartKind.PROMPT: declared["prompts"],
        PartKind.TOOLS: declared["tools"],
    }
    return Desired(
        key=require_key(system["id"], "system.id"),
        stated=_stated(system),
        parts=parts,
        lists=frozenset(kind for kind, given in lists.items() if given),
    )


def wanted_set(
    system_id: str, serving: Mapping[str, str], desired: Desired, digests: Mapping[str, str]
) -> VersionSet | None:
    """Say which versions shall serve together; what the file does not speak of stays."""
    if not desired.parts:
        return None
    kept = {
        label: digest
        for label, digest in serving.items()
        if read_label(label)[0] not in desired.lists
    }
    return VersionSet(system_id, dict(sorted({**kept, **digests}.items())))


def set_lines(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Tell how what would serve differs from what serves, a line for each part."""
    lines = []
    for label in sorted({*before, *after}):
        old, new = before.get(label), after.get(label)
        if old != new:
            lines.append(f"{label}: {_short(old)} → {_short(new)}")
    return tuple(lines)


def stated_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Tell how what is stated would differ, a line for each field."""
    names = [name for name in after if before.get(name) != after[name]]
    return tuple(f"{name}: {_told(before.get(name))} → {_told(after[name])}" for name in names)


def _stated(system: Mapping[str, Any]) -> dict[str, Any]:
    stated = {name: system[name] for name in _SAME if system[name]}
    if system["tier"]:
        stated["declared_tier"] = system["tier"]
    if system["autonomy"]:
        stated["autonomy"] = _AUTONOMY[system["autonomy"]]
    if system["canary_percent"] is not None:
        stated["canary_percent"] = system["canary_percent"]
    return stated


def _parts(
    declared: Mapping[str, Any], texts: Mapping[str, str]
) -> Iterable[tuple[str, Mapping[str, Any]]]:
    models = declared["models"]
    for model in models:
        name = model["part"] or (MAIN if len(models) == 1 else _name_from(model["name"]))
        yield _label(PartKind.MODEL, name, "models"), _without_empty(model, "part")
    prompts = declared["prompts"]
    for prompt in prompts:
        stem = prompt["file"].rpartition("/")[2].rpartition(".")[0] or prompt["file"]
        name = prompt["part"] or (MAIN if len(prompts) == 1 else _name_from(stem))
        yield _label(PartKind.PROMPT, name, "prompts"), {"text": texts[prompt["file"]]}
    if declared["tools"]:
        yield part_label(PartKind.TOOLS, MAIN), {"allowed": _in_order(declared["tools"])}
    for part in declared["parts"]:
        kind, name = read_label(part["part"], "parts.part")
        yield part_label(kind, name), _document(part, texts)


def _document(part: Mapping[str, Any], texts: Mapping[str, str]) -> Mapping[str, Any]:
    if bool(part["file"]) == bool(part["document"]):
        raise InvalidError(
            f"{part['part']} has to have one of them",
            field="parts.file",
            remedy="Give its file or its document.",
        )
    if part["document"]:
        given: Mapping[str, Any] = part["document"]
        return given
    text = texts[part["file"]]
    if not part["file"].endswith(".json"):
        return {"text": text}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidError(
            f"{part['file']} cannot be read as JSON", field="parts.file", remedy="Mend the file."
        ) from error
    if not isinstance(found, dict):
        raise InvalidError(
            f"{part['file']} holds no object", field="parts.file", remedy="Write {…}."
        )
    return found


def _label(kind: PartKind, name: str, field: str) -> str:
    return part_label(kind, require_part_name(name, f"{field}.part"))


def _name_from(text: str) -> str:
    return _NOT_NAME.sub("-", text).strip("-._")[:100]


def _without_empty(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value and name not in names}


def _in_order(tools: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(tools, key=lambda each: str(each["name"]))


def _short(digest: str | None) -> str:
    return digest.removeprefix("sha256:")[:12] if digest else "nothing"


def _told(value: object) -> str:
    if value in (None, "", [], (), {}):
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str) if _is_many(value) else str(value)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _is_many(value: object) -> bool:
    return isinstance(value, (list, tuple, dict))
