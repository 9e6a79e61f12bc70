"""The rules that see the line."""

from __future__ import annotations

import pytest

from muniment.detect.detectors.names.guards import may_stand, mended
from muniment.detect.models import Family, Finding, Why


def _may_stand(text: str, each: Finding, *, known: bool, single: bool) -> bool:
    start, end, score = each.start, each.end, each.score
    return may_stand(text, each.type, start, end, score, known=known, single=single)


def _finding(text: str, value: str, kind: str = "PERSON", score: float = 0.95) -> Finding:
    start = text.index(value)
    return Finding(kind, Family.NAMES, start, start + len(value), score, Why("names"))


@pytest.mark.parametrize(
    "text", ["my_Anna", "Anna(", "Anna_x", "lib.Anna", "@Anna", "/Anna", "Anna.x", "Anna::x"]
)
def test_what_touches_marks_of_code_is_no_name(text: str) -> None:
    """Parts of paths, calls, handles and dotted names stay out."""
    assert not _may_stand(text, _finding(text, "Anna"), known=True, single=True)


def test_a_line_of_code_counts_only_where_it_is_asked_for() -> None:
    """What may be a name in a part of a line is told without the rest of the line."""
    text, start, end = "return Zorvan", 7, 13
    facts = text, "PERSON", start, end, 0.95
    assert not may_stand(*facts, known=False, single=True)
    assert may_stand(*facts, known=False, single=True, coded=False)


@pytest.mark.parametrize(
    ("text", "value", "known", "stands"),
    [
        ("the AUTH command", "AUTH", False, False),
        ("uses maxsize here", "maxsize", False, False),
        ("Surname: ABDELRAHIM", "ABDELRAHIM", False, True),
        ("met Zorvan today", "Zorvan", False, True),
        ("if Zorvan == 3:", "Zorvan", False, False),
        ('name = "Anna"', "Anna", True, True),
        ("Anna = 3", "Anna", True, False),
        ("Anna met Bob", "Anna", True, True),
        ("We met Anna; she left", "Anna", True, True),
        ("Logger Anna;", "Anna", True, False),
        ("return Anna;", "Anna", True, False),
        ("* Anna brings the cake", "Anna", True, True),
        (" * Anna is the base class", "Anna", True, False),
        ("# Anna", "Anna", True, False),
        ("0x41: 0x42,  #  Anna", "Anna", True, False),
        ('"""Anna is the base', "Anna", True, False),
        ("an XML-RPC call", "XML-RPC", False, False),
        ("met Zor-Van today", "Zor-Van", False, True),
        ("a StreamReader reads", "StreamReader", True, False),
        ("@channel Anna is out", "Anna", True, True),
        ("@Bean(name = Anna", "Anna", True, False),
        ("return to Anna soon", "Anna", True, True),
        ("  !version || // Anna packs", "Anna", True, False),
        ("case 'x': Anna", "Anna", True, False),
        ("from typing import Anna", "Anna", True, False),
        ("from Berlin came Anna", "Anna", True, True),
        ("\tAnna     uint16", "Anna", True, False),
        ("\tAnna     string", "Anna", True, False),
        ("Anna string", "Anna", True, True),
        ("\tAnna:   anna,", "Anna", True, False),
        ("Anna: see you", "Anna", True, True),
        ('    Anna: "see you"', "Anna", True, True),
        ("SIZE       = 0x3", "SIZE", True, False),
        ("GLAPI void APIENTRY Anna", "Anna", True, False),
        ("null and void, says Anna", "Anna", True, True),
        ("glFoo (Anna", "Anna", True, False),
        ("in Berlin (Anna", "Anna", True, True),
        ("the contract is unsigned, Anna", "Anna", True, True),
        ("unsigned int Anna", "Anna", True, False),
        ("{name: Anna", "Anna", True, True),
        ("func (p *{{.P}}Anna) x", "Anna", True, False),
        ("with Anna away", "Anna", True, True),
        ("on 12.08.1971 in Anna", "Anna", True, True),
        ("see os.path.join of Anna", "Anna", True, False),
        ("write to a.b.c@x.y.example or Anna", "Anna", True, True),
        ("see www.a.example.com or Anna", "Anna", True, True),
        ("a" * 5_000 + " Anna " + "b" * 5_000, "Anna", True, True),
    ],
)
def test_a_single_word_must_look_like_a_name(
    text: str, value: str, *, known: bool, stands: bool
) -> None:
    """A word that no list knows, written like code or in a line of code, is no name."""
    assert _may_stand(text, _finding(text, value), known=known, single=True) is stands


@pytest.mark.parametrize(("text", "stands"), [("Reading is fun", False), ("in Reading", True)])
def test_a_doubtful_place_does_not_begin_a_sentence(text: str, *, stands: bool) -> None:
    """An ordinary word that is a town as well has its capital from the sentence."""
    finding = _finding(text, "Reading", "LOCATION", 0.77)
    assert _may_stand(text, finding, known=True, single=True) is stands


@pytest.mark.parametrize(
    ("value", "kind", "stands"),
    [
        ("90", "LOCATION", False),
        ("escadas", "ORGANIZATION", False),
        ("network", "JOB_TITLE", False),
        ("Customer Care", "JOB_TITLE", False),
        ("nurse", "JOB_TITLE", True),
    ],
)
def test_numbers_and_parts_of_titles_are_no_names(value: str, kind: str, *, stands: bool) -> None:
    """A place has a letter, and a word that only goes with others makes no title."""
    assert _may_stand(value, _finding(value, value, kind), known=True, single=True) is stands


@pytest.mark.parametrize(
    ("value", "stands"),
    [("10115", True), ("Point2D", False), ("14 Oak Street", True), ("str", False)],
)
def test_an_address_has_a_number_or_a_street(value: str, *, stands: bool) -> None:
    """One word alone is an address only as a postal code or a street."""
    finding = _finding(value, value, "STREET_ADDRESS")
    assert _may_stand(value, finding, known=True, single=True) is stands


@pytest.mark.parametrize(
    ("text", "value", "stands"),
    [
        ("6A5F 5680 5E30", "5680", False),
        ("in 5680 Eisenstadt", "5680", True),
        ("void f(Src2 Src1, int x)", "Src1, int", False),
        ("write to 12 Oak Street;", "12 Oak Street", True),
    ],
)
def test_a_number_of_code_is_no_address(text: str, value: str, *, stands: bool) -> None:
    """A row of hexadecimal numbers, and what has no number of its own in a line of code."""
    finding = _finding(text, value, "STREET_ADDRESS")
    assert _may_stand(text, finding, known=False, single=" " not in value) is stands


@pytest.mark.parametrize(
    ("text", "values", "kind", "mends"),
    [
        ("Jörn getroffen", ["Jörn getroffen"], "PERSON", ["Jörn"]),
        ("Khalid: nope", ["Khalid: nope"], "PERSON", ["Khalid"]),
        ("Ana von der Leyen", ["Ana"], "PERSON", ["Ana von der Leyen"]),
        ("Weza Kiluanji", ["Weza", "Kiluanji"], "PERSON", ["Weza Kiluanji"]),
        ("Weza, Kiluanji", ["Weza", "Kiluanji"], "PERSON", ["Weza, Kiluanji"]),
        ("to Weza, Kiluanji", ["Weza", "Kiluanji"], "PERSON", ["Weza", "Kiluanji"]),
        ("Sjoerd de Wit", ["Sjoerd", "Wit"], "PERSON", ["Sjoerd de Wit"]),
        ("Anna met Bob", ["Anna", "Bob"], "PERSON", ["Anna", "Bob"]),
        ("di Mestre", ["di Mestre"], "LOCATION", ["Mestre"]),
        ("1070 Wien", ["1070 Wien"], "STREET_ADDRESS", ["1070", "Wien"]),
        ("john smith", ["john smith"], "PERSON", ["john smith"]),
    ],
)
def test_ends_are_mended(text: str, values: list[str], kind: str, mends: list[str]) -> None:
    """Ordinary words go, particles come along, halves of one name are joined."""
    found = mended(text, [_finding(text, value, kind) for value in values])
    assert [text[each.start : each.end] for each in found] == mends
