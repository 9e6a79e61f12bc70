"""Model cards as Hugging Face writes them: front matter in YAML, then Markdown.

What a version has a word for goes into that word: licence, datasets, task, and so on. The rest of
the front matter stays under `card_other`, and the text under `card`, so that what was read can be
written again.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import yaml

from muniment.core.errors import InvalidError
from muniment.core.yaml_text import Written, YamlError, read_yaml

MAX_BYTES: Final = 200_000
_FENCE: Final = "---"
# What the card calls it, and what a version calls it.
_WORDS: Final = {
    "license": "licence",
    "datasets": "datasets",
    "tags": "tags",
    "language": "languages",
    "base_model": "base_model",
    "library_name": "library",
    "pipeline_tag": "task",
}
_LISTS: Final = ("datasets", "tags", "language")
_TEXTS: Final = ("license", "library_name", "pipeline_tag")
_OWN: Final = ("card", "card_other", *_WORDS.values())


def read_card(text: str) -> dict[str, Any]:
    """Read a card into the words of a version's document."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise InvalidError(
            f"the card is larger than {MAX_BYTES:,} bytes", field="card", remedy="Make it shorter."
        )
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    if not lines or lines[0].rstrip() != _FENCE:
        return {"card": text.strip("\n")} if text.strip() else {}
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == _FENCE), 0)
    if not end:
        raise _wrong("the front matter does not end with ---", 1)
    matter = _matter("".join(lines[1:end]))
    body = "".join(lines[end + 1 :]).strip("\n")
    return {**matter, **({"card": body} if body else {})}


def write_card(document: Mapping[str, Any]) -> str:
    """Write a card from a version's document; reading it again gives the same words."""
    other = document.get("card_other")
    matter = dict(other) if isinstance(other, Mapping) else {}
    for theirs, ours in _WORDS.items():
        if document.get(ours) not in (None, "", [], {}):
            matter[theirs] = document[ours]
    body = document.get("card")
    text = body if isinstance(body, str) else ""
    if not matter and not text.startswith(_FENCE):
        return f"{text}\n"
    written = yaml.safe_dump(_numbered(matter), allow_unicode=True, sort_keys=True, width=1_000)
    return f"{_FENCE}\n{written if matter else ''}{_FENCE}\n\n{text}\n"


def merged(document: Mapping[str, Any], card: Mapping[str, Any]) -> dict[str, Any]:
    """Put what a card says in place of what a version said of the same."""
    kept = {name: value for name, value in document.items() if name not in _OWN}
    return {**kept, **card}


def _matter(text: str) -> dict[str, Any]:
    try:
        written = read_yaml(text, fractions=True)
    except YamlError as error:
        raise _wrong(error.says, error.line + 1) from error
    if written.value is None:
        return {}
    if not isinstance(written.value, dict):
        raise _wrong("the front matter is a list of names with values", 2)
    _require_words(written)
    found: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for name, value in written.value.items():
        if name not in _WORDS:
            other[name] = value
        elif value not in (None, "", []):
            found[_WORDS[name]] = [value] if name in _LISTS and isinstance(value, str) else value
    return {**found, **({"card_other": other} if other else {})}


def _require_words(written: Written) -> None:
    for name, value in written.value.items():
        line = written.place((name,))[0] + 1
        if not name.isascii() or not name.isprintable():
            raise _wrong(f"{name[:40]!r} is no name in ASCII", line)
        is_text = isinstance(value, str)
        is_list = isinstance(value, list) and all(isinstance(each, str) for each in value)
        if name in _TEXTS and not is_text and value is not None:
            raise _wrong(f"{name} is a text", line)
        if name in _LISTS and not (is_text or is_list or value is None):
            raise _wrong(f"{name} is a list of texts", line)


def _numbered(value: Any, *, is_metric: bool = False) -> Any:  # noqa: ANN401 any plain value
    """Write the values of metrics as numbers again, which a version keeps as text."""
    if isinstance(value, Mapping):
        return {
            name: _numbered(each, is_metric=name == "value" or (is_metric and name == "metrics"))
            for name, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_numbered(each) for each in value]
    if is_metric and isinstance(value, str):
        return _number(value)
    return value


def _number(text: str) -> str | float:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return text
    number = float(found)
    same = found.is_finite() and format(Decimal(repr(number)), "f") == text
    return number if same else text


def _wrong(says: str, line: int) -> InvalidError:
    return InvalidError(
        f"line {line}: {says}", field="card", remedy="Mend the front matter between the lines ---."
    )
