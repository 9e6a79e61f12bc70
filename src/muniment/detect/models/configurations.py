"""Writes a configuration as plain JSON and reads it back, so that old ones can be run again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from muniment.core.errors import CorruptError, InvalidError
from muniment.detect.models.findings import Allowed, Configuration, Term, TermKind

_DERIVED: Final = "digest"
_MOST_ENTRIES: Final = 100_000


def as_value(configuration: Configuration) -> dict[str, Any]:
    """Give every field as plain JSON; numbers with a fraction are written as text."""
    value = asdict(configuration)
    del value[_DERIVED]
    return {name: _plain(each) for name, each in value.items()}


def from_value(value: object) -> Configuration:
    """Read a configuration, saying of each field what is wrong with it."""
    if not isinstance(value, Mapping):
        raise InvalidError("a configuration is a table", field="configuration", remedy=_REMEDY)
    known = {each.name for each in fields(Configuration)} - {_DERIVED}
    for name in value:
        if name not in known:
            raise InvalidError(
                f"{str(name)[:60]!r} is not a field of a configuration",
                field=str(name)[:60],
                remedy=f"The fields are {', '.join(sorted(known))}.",
            )
    return Configuration(**{name: _read(name, each) for name, each in value.items()})


def read(text: str) -> Configuration:
    """Read a configuration as people write it, in TOML or as a JSON object."""
    import tomllib  # noqa: PLC0415  (only who reads a file needs it; it costs each start)

    try:
        value = json.loads(text) if text.lstrip()[:1] == "{" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidError(
            f"the configuration cannot be read: {str(error)[:120]}",
            field="configuration",
            remedy="Write TOML, or a JSON object.",
        ) from error
    return from_value(value)


def written(configuration: Configuration) -> str:
    """Write a configuration as people do, in TOML; what is as usual is left out."""
    usual, lines = as_value(Configuration()), []
    for name, value in as_value(configuration).items():
        if value != usual[name]:
            lines.append(f"{name} = {_toml(name, value)}")
    return "".join(f"{line}\n" for line in lines)


def require_same(configuration: Configuration, digest: str) -> Configuration:
    """Refuse a stored configuration that is not the one its digest names."""
    if configuration.digest != digest:
        raise CorruptError(
            "a stored configuration is not what its digest says",
            subject=digest,
            remedy="Restore the table detect_configurations from a backup.",
        )
    return configuration


_REMEDY: Final = 'Write for example threshold = 0.6, or allowed = [{ text = "…", type = "…" }].'


def _toml(name: str, value: object) -> str:
    if name == "threshold":
        return str(value)
    if not isinstance(value, list):
        return _quoted(str(value))
    if name == "thresholds":
        return "{ " + ", ".join(f"{kind} = {score}" for kind, score in value) + " }"
    if not any(isinstance(each, Mapping) for each in value):
        return "[" + ", ".join(_quoted(each) for each in value) + "]"
    return "[\n" + "".join(f"  {_row(each.items())},\n" for each in value) + "]"


def _row(pairs: Iterable[tuple[str, object]]) -> str:
    told = (f"{name} = {_flag_or_text(each)}" for name, each in pairs if each != "")
    return "{ " + ", ".join(told) + " }"


def _flag_or_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else _quoted(str(value))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(value: object) -> object:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _read(name: str, value: object) -> Any:  # noqa: ANN401 each field has its own type
    if name == "terms":
        return tuple(_term(each) for each in _list(name, value))
    if name == "allowed":
        return tuple(_allowed(each) for each in _list(name, value))
    if name == "thresholds":
        return tuple(_threshold(each) for each in _pairs(value))
    if name == "threshold":
        return _score(name, value)
    return tuple(_word(name, each) for each in _list(name, value))


def _list(name: str, value: object) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple) or len(value) > _MOST_ENTRIES:
        raise InvalidError(f"{name} is a list", field=name, remedy=_REMEDY)
    return value


def _pairs(value: object) -> list[Any] | tuple[Any, ...]:
    if isinstance(value, Mapping):
        return [[name, each] for name, each in value.items()]
    return _list("thresholds", value)


def _threshold(value: object) -> tuple[str, float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidError(
            "a threshold names a type and a number",
            field="thresholds",
            remedy="Write thresholds = { PERSON = 0.7 }.",
        )
    return (_word("thresholds", value[0]), _score("thresholds", value[1]))


def _score(name: str, value: object) -> float:
    try:
        return float(value) if isinstance(value, str | int | float) else float("")
    except ValueError as error:
        raise InvalidError(
            f"{str(value)[:40]!r} is not a number", field=name, remedy="Give a number from 0 to 1."
        ) from error


def _term(value: object) -> Term:
    given = _table("terms", value, ("id", "kind", "text", "type", "ignore_case"))
    kind = given.get("kind", "exact")
    if kind not in {each.value for each in TermKind}:
        raise InvalidError(
            f"{str(kind)[:40]!r} is not a kind of term",
            field="terms.kind",
            remedy=f"Choose one of {', '.join(each.value for each in TermKind)}.",
        )
    return Term(
        id=_word("terms.id", given.get("id", "")),
        kind=TermKind(kind),
        text=_word("terms.text", given.get("text", "")),
        type=_word("terms.type", given.get("type", "")),
        ignore_case=bool(given.get("ignore_case", True)),
    )


def _allowed(value: object) -> Allowed:
    given = _table("allowed", value, ("text", "type"))
    text = _word("allowed.text", given.get("text", ""))
    if not text.strip():
        raise InvalidError("an allowed text cannot be empty", field="allowed.text", remedy=_REMEDY)
    return Allowed(text, _word("allowed.type", given.get("type", "")))


def _table(name: str, value: object, known: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or set(value) - set(known):
        raise InvalidError(
            f"each of {name} is a table", field=name, remedy=f"Its fields are {', '.join(known)}."
        )
    return value


def _word(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > 10_000:
        raise InvalidError("this is not a text", field=name, remedy=_REMEDY)
    return value
