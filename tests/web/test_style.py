"""The style page: every part is there, in order, and works without a script."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from muniment.web import style
from muniment.web import style_samples as samples
from muniment.web.parts import Sorting
from muniment.web.style import SECTIONS, sorted_systems
from tests.web.asking import Asking

MACRO: Final = re.compile(r"\{%-? macro (\w+)")


class Reader(HTMLParser):
    """Collect the ids and the headings of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.described: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        for reference in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            self.described += str(named.get(reference) or "").split()


@pytest.fixture
def page(pages: Asking) -> str:
    """Draw the style page."""
    answer = pages.get("/console/style")
    assert answer.status_code == 200
    return answer.text


def test_every_section_has_its_anchor(page: str) -> None:
    """The list of parts at the top leads to each of them."""
    for anchor, _title in SECTIONS:
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page


@pytest.mark.parametrize(
    "path", ["/console/style", "/console/style/error", "/console/style/stop", "/console/find"]
)
def test_ids_are_unique_and_references_lead_somewhere(pages: Asking, path: str) -> None:
    """Labels, hints and errors belong to exactly one thing."""
    reader = Reader(pages.get(path).text)
    assert [name for name, times in Counter(reader.ids).items() if times > 1] == []
    assert set(reader.described) <= set(reader.ids)


def test_headings_never_skip_a_level(page: str) -> None:
    """A page can be read by its headings alone."""
    levels = Reader(page).levels
    assert levels.count(1) == 1
    steps = pairwise(levels)
    assert all(after <= before + 1 for before, after in steps)


def test_samples_say_that_they_are_samples(page: str) -> None:
    """Nobody takes a made-up figure for a record."""
    assert "samples only" in page
    assert "Brightwater Credit does not exist" in page


def test_a_sort_link_sorts_the_table(pages: Asking) -> None:
    """Following a link sorts, and the column says how."""
    html = pages.get("/console/style", params={"sort": "-calls"}).text
    assert 'aria-sort="descending"' in html
    rows = [system.name for system in samples.SYSTEMS]
    shown = sorted(rows, key=lambda name: html.index(f'<a href="#table">{name}</a>'))
    assert shown[0] == "support-agent"
    assert shown[-1] == "claims-triage"


def test_a_wrong_sort_is_an_error_page_with_a_remedy(pages: Asking) -> None:
    """Bad input says which field, why, and what is possible."""
    answer = pages.get("/console/style", params={"sort": "colour"})
    assert answer.status_code == 400
    assert "Sort by name, owner, drift, calls" in answer.text


def test_what_nobody_could_tell_stands_last_either_way() -> None:
    """Unknown is neither the least nor the most."""
    for descending in (False, True):
        assert sorted_systems(Sorting("drift", descending))[-1].drift is None


def test_an_error_stands_beside_its_field_and_keeps_the_value(page: str) -> None:
    """The reader sees what they wrote and what to write instead, and so does a screen reader."""
    field = re.search(r'<input id="budget"[^>]*>', page)
    assert field
    assert 'value="0"' in field[0]
    assert 'aria-describedby="budget-hint budget-error"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert 'id="budget-error">0 is too little. Write 1 or more.' in page


def test_a_secret_is_never_sent_back(page: str) -> None:
    """A password field has no value to steal."""
    field = re.search(r'<input id="secret"[^>]*>', page)
    assert field
    assert "value=" not in field[0]


def test_every_plot_has_its_numbers_behind_it(page: str) -> None:
    """What a drawing says can be read without seeing it."""
    plots = page.count('<figure class="plot">')
    assert plots >= 3
    assert page.count("The numbers behind it") == plots


def test_the_error_page_says_what_happened_to_what_and_what_next(pages: Asking) -> None:
    """An error page leaves nobody guessing."""
    answer = pages.get("/console/style/error")
    assert answer.status_code == 409
    for words in ("decided by somebody else", "change-01JD8ZK4", "What to do", "req-01JD8ZM2Q7"):
        assert words in answer.text


def test_a_confirmation_is_a_page_without_a_script(pages: Asking, page: str) -> None:
    """The button of the dialog is a link to the same question."""
    assert 'href="/console/style/stop" data-dialog="stop-dialog"' in page
    assert "When you confirm:" in pages.get("/console/style/stop").text


def test_every_part_there_is_stands_on_the_page() -> None:
    """Whoever adds a macro to the partials shows it here, or nobody finds it to copy."""
    folder = Path(style.__file__).parent / "templates"
    shown = "".join(each.read_text() for each in (folder / "style").glob("*.html"))
    used_inside = {"behind", "sparkline", "label", "inner", "draw", "words", "pick"}
    chrome = set(MACRO.findall((folder / "partials" / "chrome.html").read_text()))
    without_a_look = {"csrf", "hidden"}
    named = {
        name
        for path in [*(folder / "partials").glob("*.html"), folder / "pages" / "cell.html"]
        for name in MACRO.findall(path.read_text())
    }
    missing = [
        name
        for name in sorted(named - used_inside - without_a_look - (chrome - {"key_list"}))
        if not re.search(rf"\b{name}\(|call (?:\w+\.)?{name}\b", shown)
    ]
    assert missing == []
