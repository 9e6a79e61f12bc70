"""Walking through the console: every page of the sidebar, and of each kind of thing one or two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from typing import Final

import httpx

_ID: Final = re.compile(r"(_[0-9a-z]{26}|/versions/\d+|[0-9a-f]{64}|/\d+)")
_HREF: Final = re.compile(r'href="(/console[^"]*)"')
_LEFT_OUT: Final = ("/console/style", "/console/sign-in", "/console/set-up")


def shape_of(path: str) -> str:
    """Name the kind of page an address is of: the same for all things of one sort."""
    return _ID.sub("_X", path.partition("?")[0])


def walk(
    ask: Callable[[str], httpx.Response], begin: list[str], *, of_each: int = 1
) -> Iterator[tuple[str, httpx.Response]]:
    """Ask for pages by the links in them, so many of each kind."""
    left, taken, seen = list(begin), Counter[str](), set[str]()
    while left:
        path = left.pop(0)
        if path in seen or taken[shape_of(path)] >= of_each or path.startswith(_LEFT_OUT):
            continue
        seen.add(path)
        taken[shape_of(path)] += 1
        answer = ask(path)
        yield path, answer
        if "text/html" in answer.headers.get("content-type", ""):
            found = (unescape(each).partition("#")[0] for each in _HREF.findall(answer.text))
            left += dict.fromkeys(found)
