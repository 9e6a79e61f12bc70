"""What a part may say, and how two versions differ, so that a person can read it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from muniment.core.canonical import canonical_bytes
from muniment.core.digest import parse_digest
from muniment.core.errors import InvalidError
from muniment.registry.models import PartKind, RunSort, Verdict
from muniment.registry.rules.profiles import require_object, require_text

MAX_DOCUMENT_BYTES: Final = 256 * 1024
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_LABEL: Final = re.compile(r"([a-z]+)/([A-Za-z0-9][A-Za-z0-9._-]{0,99})\Z")
_BOUND: Final = re.compile(r"(>=|<=)\s*(-?[0-9]+(?:\.[0-9]+)?)\Z")

# What a version of each kind must say at least; of several, one will do.
_NEEDED: Final[Mapping[PartKind, tuple[tuple[str, ...], ...]]] = {
    PartKind.MODEL: (("provider", "artefacts"),),
    PartKind.PROMPT: (("text", "messages"),),
    PartKind.WORKFLOW: (("steps",),),
    PartKind.AGENT: (("instructions", "prompt"),),
    PartKind.ROUTING: (("routes",),),
    PartKind.GUARDRAIL: (("rules", "policy"),),
    PartKind.TOOLS: (("allowed",),),
    PartKind.DATASET: (("source",), ("collected_by",)),
    PartKind.TRAINING: (("datasets",), ("hyperparameters",)),
}
_TRAINED_WITH: Final = (
    "datasets",
    "preprocessing",
    "hyperparameters",
    "commit",
    "environment_lock",
    "seed",
)


def require_part_name(text: object, field: str = "name") -> str:
    """Take the name of a part."""
    if not isinstance(text, str) or not _NAME.match(text):
        raise InvalidError(
            f"{str(text)[:60]!r} is not a name of a part",
            field=field,
            remedy="Use letters, digits, dots, hyphens and underscores.",
        )
    return text


def read_label(text: str, field: str = "part") -> tuple[PartKind, str]:
    """Read a label such as prompt/greeting."""
    found = _LABEL.match(text)
    kinds = [each.value for each in PartKind]
    if found is None or found[1] not in kinds:
        raise InvalidError(
            f"{text[:60]!r} names no part",
            field=field,
            remedy=f"Write the kind, a slash and a name; kinds are {', '.join(kinds)}.",
        )
    return PartKind(found[1]), found[2]


def settled(value: object, path: str = "document") -> Any:  # noqa: ANN401 any JSON
    """Write the same content always the same way: numbers with a point become text."""
    if isinstance(value, Mapping):
        return {_member(name, path): settled(one, f"{path}.{name}") for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [settled(one, f"{path}[{number}]") for number, one in enumerate(value)]
    if isinstance(value, float):
        return _decimal(value, path)
    if value is None or isinstance(value, (str, int)):
        return value
    raise InvalidError(
        f"{type(value).__name__} is no JSON value", field=path, remedy="Write it as text."
    )


def require_document(kind: PartKind, given: object) -> dict[str, Any]:
    """Take the content of a version, if it says what its kind must say."""
    document: dict[str, Any] = settled(_object(given))
    size = len(canonical_bytes(document))
    if size > MAX_DOCUMENT_BYTES:
        raise InvalidError(
            f"the document has {size:,} bytes",
            field="document",
            remedy=f"Name the digest of large content; {MAX_DOCUMENT_BYTES:,} at most.",
        )
    for names in _NEEDED[kind]:
        if not any(document.get(name) for name in names):
            raise InvalidError(
                f"a {kind.value} says its {' or its '.join(names)}",
                field="document",
                remedy=f"Add {names[0]}.",
            )
    if kind is PartKind.MODEL:
        _require_artefacts(document)
    return document


def model_gap(document: Mapping[str, Any]) -> str:
    """Say what keeps a model's bytes from being named exactly, or nothing."""
    if document.get("artefacts"):
        return ""
    provider = document.get("provider", "its provider")
    return f"{provider} gives no digest of the model; its name and date stand for it"


def require_run(sort: RunSort, given: object) -> dict[str, Any]:
    """Take what a run says of itself."""
    document: dict[str, Any] = settled(_object(given))
    if len(canonical_bytes(document)) > MAX_DOCUMENT_BYTES:
        raise InvalidError("the document is too long", field="document", remedy="Name digests.")
    if sort is RunSort.EVALUATION:
        for name in ("metrics", "thresholds"):
            values = require_object(document.get(name, {}), name, tuple(document.get(name) or ()))
            for metric, value in values.items():
                require_text(str(value), f"{name}.{metric}", longest=40, empty=False)
        for metric, bound in dict(document.get("thresholds", {})).items():
            require_bound(bound, f"thresholds.{metric}")
    return document


def require_bound(bound: object, field: str) -> str:
    """Take a threshold such as '>= 0.9'."""
    if not _BOUND.match(str(bound)):
        raise InvalidError(
            f"{str(bound)[:40]!r} is no threshold",
            field=field,
            remedy="Write >= or <= and a number, as '>= 0.9'.",
        )
    return str(bound)


def judge_run(sort: RunSort, document: Mapping[str, Any]) -> tuple[Verdict, str]:
    """Judge a run: did it reach what it had to, or is it told completely?"""
    if sort is RunSort.TRAINING:
        missing = [name for name in _TRAINED_WITH if document.get(name) in (None, "", [], {})]
        if missing:
            return "not_met", f"The training does not tell its {', '.join(missing)}."
        if document.get("asserted") is True:
            return "could_not_tell", "The training was brought in from elsewhere, as asserted."
        return (
            "met",
            "The training can be repeated: data, settings, commit, lock and seed are told.",
        )
    return _judge_evaluation(document)


def _judge_evaluation(document: Mapping[str, Any]) -> tuple[Verdict, str]:
    metrics, bounds = document.get("metrics", {}), document.get("thresholds", {})
    if not bounds:
        return "could_not_tell", "No thresholds were given."
    unknown = sorted(name for name in bounds if _number(metrics.get(name)) is None)
    if unknown:
        return "could_not_tell", f"Not measured: {', '.join(unknown)}."
    missed = sorted(name for name in bounds if not _reaches(metrics[name], str(bounds[name])))
    if missed:
        told = ", ".join(f"{name} is {metrics[name]}, not {bounds[name]}" for name in missed)
        return "not_met", f"{told[:400]}."
    return "met", f"{len(bounds)} of {len(bounds)} thresholds are reached."


def _reaches(measured: object, bound: str) -> bool:
    found = _BOUND.match(bound)
    value = _number(measured)
    if found is None or value is None:
        return False
    wanted = Decimal(found[2])
    return value >= wanted if found[1] == ">=" else value <= wanted


def _number(value: object) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def document_lines(document: Mapping[str, Any]) -> list[str]:
    """Write a document as lines that a person reads; texts keep their own lines."""
    return list(_lines(document, ""))


def readable_diff(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[str, ...]:
    """Tell what one version changes in another, line by line, with a little around it."""
    old = document_lines(before) if before is not None else []
    found = difflib.unified_diff(old, document_lines(after), lineterm="", n=2)
    return tuple(line for line in found if not line.startswith(("---", "+++")))


def _lines(value: object, path: str) -> Iterable[str]:
    if isinstance(value, Mapping) and value:
        for name in sorted(value):
            yield from _lines(value[name], f"{path}.{name}" if path else str(name))
    elif isinstance(value, (list, tuple)) and value:
        for number, inner in enumerate(value):
            yield from _lines(inner, f"{path}[{number}]")
    elif isinstance(value, str) and "\n" in value:
        yield f"{path}:"
        yield from (f"  {line}" for line in value.split("\n"))
    else:
        yield f"{path}: {_written(value)}"


def _written(value: object) -> str:
    """Write one value as the document has it: a truth as JSON does, nothing as nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else f"{value}"


def _object(given: object) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise InvalidError("is not an object", field="document", remedy="Write {…}.")
    return given


def _member(name: object, path: str) -> str:
    if not isinstance(name, str) or not name.isascii() or not name.isprintable():
        raise InvalidError(
            f"{str(name)[:40]!r} is no name of a member", field=path, remedy="Use ASCII letters."
        )
    return name


def _decimal(value: float, path: str) -> str:
    found = Decimal(repr(value))
    if not found.is_finite():
        raise InvalidError("is no number", field=path, remedy="Give a finite number.")
    return format(found, "f")


def _require_artefacts(document: Mapping[str, Any]) -> None:
    artefacts: Any = document.get("artefacts", [])
    if not isinstance(artefacts, Sequence) or isinstance(artefacts, str):
        raise InvalidError("is not a list", field="document.artefacts", remedy="Write a list.")
    for number, each in enumerate(artefacts):
        where = f"document.artefacts[{number}]"
        if not isinstance(each, Mapping):
            raise InvalidError("is not an object", field=where, remedy="Give name and digest.")
        require_text(each.get("name", ""), f"{where}.name", longest=200, empty=False)
        parse_digest(str(each.get("digest", "")), field=f"{where}.digest")
