"""What is written like a name and is of code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.detectors.names.code_words import is_of_code, is_technical, is_titled
from muniment.detect.detectors.names.labels import TYPES


@pytest.mark.parametrize(
    ("value", "kind", "known", "of_code"),
    [
        ("FormatParagraph", "LOCATION", False, True),
        ("testInsertBefore", "PERSON", False, True),
        ("NetworkX", "ORGANIZATION", False, False),
        ("McDonald", "PERSON", False, False),
        ("LaToya", "PERSON", False, False),
        ("Zorvan", "PERSON", False, False),
        ("Maria Lopez", "PERSON", True, False),
        ("Maria  Lopez", "PERSON", True, False),
        ("J        BININT", "PERSON", False, True),
        ("K   BININT1    255", "STREET_ADDRESS", True, True),
        ("A1, A2", "STREET_ADDRESS", False, True),
        ("Oak Street 4, Flat 2", "STREET_ADDRESS", False, False),
        ("0x86, 0xF7", "STREET_ADDRESS", False, True),
        ("A-Za-z", "ORGANIZATION", False, True),
        ("zA-Z0-9", "LOCATION", False, True),
        ("SIGCHLD", "LOCATION", False, True),
        ("north", "LOCATION", True, True),
        ("LEEDS", "LOCATION", True, False),
        ("SIGCHLD", "PERSON", False, False),
        ("subprocess.PIPE", "PERSON", False, True),
        ("J.Smith", "PERSON", False, False),
        ('Franck", "Albert', "PERSON", True, True),
        ("sys import", "PERSON", False, True),
        ("str", "NRP", False, True),
        ("Portuguese", "NRP", True, False),
        ("var levenshtein", "LOCATION", True, True),
        ("chan float64", "PERSON", True, True),
        ("Jackie Chan", "PERSON", True, False),
        ("jackie chan", "PERSON", True, False),
        ("Elif Shafak", "PERSON", True, False),
        ("Nan", "PERSON", True, False),
        ("J.McDonald", "PERSON", False, False),
        ("14 Oak St apt4", "STREET_ADDRESS", False, False),
        ("eBay", "ORGANIZATION", False, False),
        ("AbstractAttribute &AA", "ORGANIZATION", False, True),
        ("Marks & Spencer", "ORGANIZATION", True, False),
        ("case '-r", "PERSON", True, True),
        ("S','S", "ORGANIZATION", False, True),
        ("Src2Ty", "LOCATION", False, True),
        ("SW1A 2AA", "STREET_ADDRESS", False, False),
        ("5th Avenue 12b", "STREET_ADDRESS", False, False),
        ("6A5F 5E30", "STREET_ADDRESS", False, True),
        ("GNU C Library", "ORGANIZATION", True, True),
        ("Free Software Foundation", "ORGANIZATION", True, False),
        ("Strict-Transport-Security", "ORGANIZATION", False, True),
        ("Smith-Barney", "ORGANIZATION", False, False),
        ("globalTop", "ORGANIZATION", False, True),
        ("AAMapKeyTy", "ORGANIZATION", False, True),
        ("OpenSynergy", "ORGANIZATION", False, False),
        ("TLS", "ORGANIZATION", True, True),
        ("GLenum", "ORGANIZATION", False, True),
        ("EGLDisplay dpy", "ORGANIZATION", False, True),
        ("IDEX", "ORGANIZATION", False, False),
        ("Standard C++ Library", "ORGANIZATION", True, True),
        ("Gil", "PERSON", True, False),
        ("Fortran", "PERSON", False, True),
        ("N-1", "PERSON", False, True),
        ("M, N", "PERSON", False, True),
    ],
)
def test_code_is_told_by_how_a_value_is_written(
    value: str, kind: str, *, known: bool, of_code: bool
) -> None:
    """Humps, ranges of letters, columns and dotted words are of code; people stay people."""
    assert is_of_code(value, kind, 0.7, known=known) is of_code


def test_a_sure_place_may_stand_however_it_is_written() -> None:
    """Forms are filled in with capitals and chats without any, and the tagger is sure of it."""
    assert not is_of_code("leeds", "LOCATION", 0.9, known=True)
    assert not is_of_code("KLEINDORF", "LOCATION", 0.9, known=False)


_WORDS = st.sampled_from(
    (
        *("Anna", "Unicode", "Gnu", "General", "Public", "License", "Lesser", "Library", "A", "Él"),
        *("中", "Import", "Reimport", "Var", "Http", "Oauth", "Ǆ", "ß", "STR", "eE", "Nan", "Int"),
    )
) | st.text(max_size=6)


@given(
    words=st.lists(_WORDS, min_size=1, max_size=4),
    between=st.sampled_from((" ", "  ", "")),
    kind=st.sampled_from(TYPES),
    score=st.sampled_from((0.5, 0.79, 0.9)),
    known=st.booleans(),
)
def test_titled_values_are_told_soon(
    words: list[str], between: str, kind: str, score: float, *, known: bool
) -> None:
    """Where every word has one capital, what few signs are left say the same as all of them."""
    for value in (between.join(words), between.join(words).title()):
        if is_titled(value):
            assert is_technical(value, kind, known=known) is is_of_code(
                value, kind, score, known=known
            )
