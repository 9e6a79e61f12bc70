"""Every number of the overview leads to exactly the records it counts, and to a file of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from tests.demo.asking import Shown

_LINK: Final = re.compile(r'<a [^>]*?href="(/console[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_SAVED: Final = re.compile(r'href="([^"]*/export\.csv[^"]*)"')
_FIGURE: Final = re.compile(
    r'<a href="(/console[^"]*)" class="figure">.*?class="figure-value"><span>([\d,]+)', re.DOTALL
)
_TAG: Final = re.compile(r"<[^>]+>")
_NUMBER: Final = re.compile(r"([\d,]+)(?: (?!(?:access )?review)|$)")


def figures(page: str) -> Iterator[tuple[int, str]]:
    """Give each number that is a link, or begins one, or stands large in one, and its address."""
    for href, number in _FIGURE.findall(page):
        yield int(number.replace(",", "")), unescape(href)
    for href, inner in _LINK.findall(page):
        words = " ".join(_TAG.sub(" ", inner).split())
        if found := _NUMBER.match(words):
            yield int(found[1].replace(",", "")), unescape(href)


def saved(shown: Shown, address: str) -> list[dict[str, str]]:
    """Give the rows of the file that a list is saved as; the foot says how many there are."""
    page = shown.page(address)
    (link, *_) = _SAVED.findall(page.text)
    lines = list(csv.reader(io.StringIO(shown.page(unescape(link)).text)))
    head, *rows = [each for each in lines if each and not each[0].startswith("#")]
    foot = {each[0]: each[1:] for each in lines if each and each[0].startswith("# ")}
    assert foot["# rows"] == [str(len(rows))]
    return [dict(zip(head, each, strict=True)) for each in rows]


def test_every_figure_is_recomputed_from_its_export(shown: Shown) -> None:
    """As many rows as the number says; of findings, as many as their column adds up to."""
    told = list(figures(shown.page("/console/overview").text))
    assert len(told) > 12
    wrong = []
    for number, address in told:
        rows = saved(shown, address)
        found = sum(int(each.get("Found", "0")) for each in rows if each.get("Found", "").isdigit())
        if number not in {len(rows), found}:
            wrong.append((number, len(rows), found, address))
    assert not wrong
