"""Reads settings once: defaults ← file ← environment ← command line, each value checked.

The only place in the house that looks at the environment. All problems are told in one message,
each with its key, the reason and the remedy.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from muniment.core.errors import InvalidError
from muniment.settings.areas import Settings, areas, knobs
from muniment.settings.knobs import ENVIRONMENT_PREFIX, Knob, Secret

_CONFIG: Final = "MUNIMENT_CONFIG"
_RESERVED: Final = ("MUNIMENT_TEST_", "MUNIMENT_BENCH_")
_SHOWN_BITS: Final = 64
_CREDENTIAL: Final = "muniment.unlock"
DEFAULT_FILE: Final = Path("muniment.toml")
# What a file may say besides settings: what the gateway serves (docs/gateway.md).
DECLARED: Final = ("owner", "systems", "models", "keys", "policies")

_SIGNED_IN: Final = re.compile(r"://[^/@\s]+@")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings with where each value came from, and the secrets that providers may be shown."""

    settings: Settings
    sources: Mapping[str, str]
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    file: Path | None = None


def load(
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Loaded:
    """Read all settings once; refuse every unknown key and bad value in one message."""
    environment = os.environ if environment is None else environment  # noqa: TID251 the one reader
    known = {each.key: each for each in knobs()}
    sources = dict.fromkeys(known, "default")
    chosen: dict[str, dict[str, object]] = {area: {} for area in areas()}
    problems: list[str] = []
    for source, values in _layers(file, environment, overrides or {}, known, problems):
        for key, raw in values.items():
            try:
                chosen[known[key].area][known[key].name] = _parse(known[key], raw)
                sources[key] = source
            except InvalidError as error:
                problems.append(f"{error} [{source}]")
    if problems:
        raise InvalidError(
            "these settings cannot be used",
            reasons=tuple(problems),
            remedy="See `muniment settings` or docs/reference/settings.md.",
        )
    settings = Settings(**{area: kind(**chosen[area]) for area, kind in areas().items()})
    return Loaded(
        settings, sources, _credentials(settings, environment), _file_of(file, environment)
    )


def _credentials(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """Take the variables that may be shown to providers, and no others."""
    names = {each.partition("@")[0] for each in settings.gateway.credentials}
    return {name: environment[name] for name in sorted(names) if name in environment}


def shown(each: Knob, settings: Settings) -> str:
    """Write a value for people, with secrets hidden."""
    value = each.value_in(settings)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else _SIGNED_IN.sub("://********@", str(value))


def _layers(
    file: Path | None,
    environment: Mapping[str, str],
    overrides: Mapping[str, object],
    known: Mapping[str, Knob],
    problems: list[str],
) -> Iterator[tuple[str, dict[str, object]]]:
    path = _file_of(file, environment)
    if path is not None:
        yield f"file {path}", _from_file(path, known, problems)
    credential = Path(environment.get("CREDENTIALS_DIRECTORY", "/nonexistent")) / _CREDENTIAL
    if credential.is_file():
        yield "systemd credential", {"unlock.file": credential}
    yield "environment", _from_environment(environment, known, problems)
    given = {key: value for key, value in overrides.items() if value is not None}
    yield "command line", {key: given[key] for key in _known_only(given, known, problems)}


def _file_of(file: Path | None, environment: Mapping[str, str]) -> Path | None:
    """Name the file that is read: the one that was asked for, else the one that lies here."""
    named = file or (Path(environment[_CONFIG]) if environment.get(_CONFIG) else None)
    return named or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)


def file_read(file: Path | None) -> Path | None:
    """Name the settings file of this process."""
    return _file_of(file, os.environ)  # noqa: TID251 the one reader


def declared_in(path: Path | None) -> Mapping[str, Any]:
    """Read what a file says besides settings."""
    if path is None:
        return {}
    tables = _tables(path)
    return {name: tables[name] for name in DECLARED if name in tables}


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors add a BOM
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidError(
            f"{path} cannot be read: {error}", field="--config", remedy="Mend or remove it."
        ) from error


def _from_file(path: Path, known: Mapping[str, Knob], problems: list[str]) -> dict[str, object]:
    tables = _tables(path)
    flat: dict[str, object] = {}
    for area, table in tables.items():
        if area in DECLARED:
            continue
        if isinstance(table, dict):
            flat.update({f"{area}.{name}": value for name, value in table.items()})
        else:
            flat[area] = table
    return {key: flat[key] for key in _known_only(flat, known, problems)}


def _from_environment(
    environment: Mapping[str, str], known: Mapping[str, Knob], problems: list[str]
) -> dict[str, object]:
    by_variable = {each.variable: key for key, each in known.items()}
    values: dict[str, object] = {}
    for variable, value in sorted(environment.items()):
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable.startswith(_RESERVED):
            continue
        if variable == _CONFIG:
            continue
        if variable in by_variable:
            values[by_variable[variable]] = value
        else:
            problems.append(_unknown(variable, by_variable))
    return values


def _known_only(
    given: Mapping[str, object], known: Mapping[str, Knob], problems: list[str]
) -> list[str]:
    problems.extend(_unknown(key, known) for key in given if key not in known)
    return [key for key in given if key in known]


def _unknown(key: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"; did you mean {near[0]}? If not, remove it." if near else ". Remove it."
    return f"{key}: there is no such setting{hint}"


def _parse(each: Knob, raw: object) -> object:
    value = _typed(each, raw)
    if isinstance(value, int) and not isinstance(value, bool):
        least, most = each.least, each.most
        if (least is not None and value < least) or (most is not None and value > most):
            raise _bad(each, raw, f"Give a number from {least} to {most}.")
    if each.one_of and value not in each.one_of:
        raise _bad(each, raw, f"Give one of {', '.join(each.one_of)}.")
    return value


def _typed(each: Knob, raw: object) -> object:  # noqa: PLR0911 one line per type reads best
    if each.type is bool:
        return _boolean(each, raw)
    if each.type is int:
        return _integer(each, raw)
    if each.type == tuple[str, ...]:
        return _words(each, raw)
    if isinstance(raw, Path) and each.type in (Path, Path | None):
        return raw
    if not isinstance(raw, str):
        raise _bad(each, raw, "Give a text in quotes.")
    _require_printable(each, raw)
    if each.type is Secret:
        return Secret(raw)
    if each.type is str:
        return raw
    return _path(each, raw)


def _require_printable(each: Knob, raw: str) -> None:
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        raise _bad(each, raw, "Give it in UTF-8.") from None
    if "\0" in raw:
        raise _bad(each, raw, "Leave the NUL character out.")


def _path(each: Knob, raw: str) -> Path | None:
    if not raw and each.type is Path:
        raise _bad(each, raw, "Give a path.")
    try:
        return Path(raw).expanduser() if raw else None
    except RuntimeError:
        raise _bad(each, raw, "There is no such user's folder; give the whole path.") from None


def _boolean(each: Knob, raw: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in words:
        return words[raw.lower()]
    raise _bad(each, raw, "Give true or false.")


def _integer(each: Knob, raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"-?[0-9]{1,18}", raw.strip()):
        return int(raw)
    raise _bad(each, raw, "Give a whole number.")


def _words(each: Knob, raw: object) -> tuple[str, ...]:
    words = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) for word in words):
        raise _bad(each, raw, "Give a list of texts.")
    for word in words:
        _require_printable(each, word)
    return tuple(word.strip() for word in words if word.strip())


def _bad(each: Knob, raw: object, remedy: str) -> InvalidError:
    huge = isinstance(raw, int) and raw.bit_length() > _SHOWN_BITS
    written = "the value" if each.secret or huge else repr(raw)[:60]
    return InvalidError(f"{written} is not possible.", field=each.key, remedy=remedy)
