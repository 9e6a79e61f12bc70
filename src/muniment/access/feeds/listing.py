"""Reads rights from any address that lists them as JSON; words say where in a row they stand.

Such as Grafana's list of users, a vector store's list of keys, or a file a warehouse exports. Where
what a row allows is a list, each of its values is a right. A missing account is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin

from muniment.core.errors import InvalidError, UnavailableError
from muniment.plugins.sockets import Ask, Right

_NEEDED: Final = frozenset({"url", "account", "what"})
_WORDS: Final = _NEEDED | {"rows", "person", "next"}
_MOST_PAGES: Final = 1_000


class ListingFeed:
    """The rights of one system that lists them as JSON."""

    def __init__(self, words: Mapping[str, str], ask: Ask) -> None:
        strange = sorted(words.keys() - _WORDS)
        missing = sorted(_NEEDED - {name for name, value in words.items() if value})
        if strange or missing:
            raise InvalidError(
                f"the feed json does not know {strange[0][:40]!r}"
                if strange
                else f"the feed json needs {' and '.join(missing)}",
                field="access.feeds",
                remedy=f"Use {', '.join(sorted(_WORDS))}.",
            )
        self._words = words
        self._ask = ask

    def rights(self) -> Iterator[Right]:
        """Tell each right of every row of every page, in the order they are listed."""
        told = (
            right
            for page in self._pages()
            for row in self._rows(page)
            for right in _rights(row, self._words)
        )
        yield from dict.fromkeys(told)

    def _pages(self) -> Iterator[Any]:
        url, seen = self._words["url"], set[str]()
        while url:
            if url in seen or len(seen) >= _MOST_PAGES:
                raise UnavailableError("the pages of the list do not end")
            seen.add(url)
            try:
                page = json.loads(self._ask(url))
            except (ValueError, RecursionError) as error:
                raise UnavailableError("what is told is not JSON") from error
            yield page
            following = _at(page, self._words.get("next", "")) if self._words.get("next") else None
            url = urljoin(url, str(following)) if following else ""

    def _rows(self, page: Any) -> list[Any]:  # noqa: ANN401 any JSON
        rows = _at(page, self._words.get("rows", ""))
        if not isinstance(rows, list):
            raise UnavailableError(
                "there is no list where the word rows points",
                field="access.feeds",
                remedy="Let rows name where the list stands, such as data.items.",
            )
        return rows


def _rights(row: Any, words: Mapping[str, str]) -> Iterator[Right]:  # noqa: ANN401 any JSON
    account = _at(row, words["account"])
    allowed = _at(row, words["what"])
    person = _at(row, words["person"]) if words.get("person") else ""
    if account is None or account == "" or isinstance(account, (dict, list)):
        raise UnavailableError("a row is told without an account")
    for each in allowed if isinstance(allowed, list) else [allowed]:
        if each is None or each == "" or isinstance(each, (dict, list)):
            raise UnavailableError("a row does not say what it allows")
        yield Right(str(account), str(each), str(person or ""))


def _at(value: Any, path: str) -> Any:  # noqa: ANN401 any JSON
    """Give what stands at a dotted path; nothing, where there is none; of a list, of each part."""
    for name in filter(None, path.split(".")):
        if isinstance(value, list):
            value = [_at(each, name) for each in value]
        elif isinstance(value, dict):
            value = value.get(name)
        else:
            return None
    return value
