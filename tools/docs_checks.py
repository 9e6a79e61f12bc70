"""What must hold of a built site: links, anchors, the parts a forge draws, no other host."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

# What a browser asks for by itself when it opens a page.
FETCHED: Final = {"img": "src", "link": "href", "script": "src", "iframe": "src", "source": "src"}
# The parts that both must draw, or a list has become a paragraph.
PARTS: Final = ("li", "table", "tr", "pre", "h1", "h2", "h3", "img")


@dataclass
class Read(HTMLParser):
    """What stands on one page of the site."""

    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    parts: Counter[str] = field(default_factory=Counter)
    _depth: int = 0

    def __post_init__(self) -> None:
        """Begin."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag leads to, fetches, is called, or is."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if given.get(FETCHED.get(tag, "")):
            self.fetched.append(given[FETCHED[tag]])
        if tag == "article":
            self._depth = 1
        elif self._depth:
            self.parts[tag] += 1
            self._depth += tag == "article"

    def handle_endtag(self, tag: str) -> None:
        """Notice where the text of the page ends."""
        self._depth -= tag == "article" and self._depth > 0


def problems(pages: Path, site: Path) -> list[str]:
    """Name everything that does not hold."""
    read = {path: _read(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}
    found = [each for path in read for each in _lost(path, site, read)]
    found += [
        f"{path.relative_to(site)}: asks {url} for something"
        for path, page in read.items()
        for url in page.fetched
        if urlsplit(url).netloc
    ]
    for source in sorted(pages.rglob("*.md")):
        name = source.relative_to(pages).with_suffix(".html")
        text = source.read_text(encoding="utf-8")
        found += [f"{name}: {each}" for each in differing(text, read[site / name].parts)]
    return found


def differing(text: str, drawn: Counter[str]) -> list[str]:
    """Say which parts of a page a forge draws and the site does not, or the other way round."""
    forge = Read()
    forge.feed(f"<article>{MarkdownIt('gfm-like', {'linkify': False}).render(text)}</article>")
    return [
        f"a forge draws {forge.parts[part]} <{part}>, the site {drawn[part]}"
        for part in PARTS
        if forge.parts[part] != drawn[part]
    ]


def _read(path: Path) -> Read:
    page = Read()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _lost(path: Path, site: Path, read: dict[Path, Read]) -> Iterator[str]:
    for link in read[path].links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        there = there / "index.html" if there.is_dir() else there
        anchor = unquote(parts.fragment)
        if not there.is_file():
            yield f"{path.relative_to(site)}: ({link}) leads nowhere"
        elif anchor and there in read and anchor not in read[there].anchors:
            yield f"{path.relative_to(site)}: ({link}) has no such anchor"
