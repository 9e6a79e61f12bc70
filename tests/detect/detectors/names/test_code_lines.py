"""What kind of line a name stands in, and where in it."""

from __future__ import annotations

import pytest

from muniment.detect.detectors.names import Names
from muniment.detect.detectors.names.code_lines import is_of_code_line
from muniment.detect.detectors.names.code_terms import Candidate

NAMES = Names()


def _refused(text: str, kind: str, *, known: bool = False) -> bool:
    """Tell whether what stands between two arrows is refused."""
    start = text.index("\u27e6")
    end = text.index("\u27e7") - 1
    plain = text.replace("\u27e6", "").replace("\u27e7", "")
    value = plain[start:end]
    return is_of_code_line(plain, Candidate(kind, start, end, known, " " not in value))


@pytest.mark.parametrize(
    ("text", "kind", "known"),
    [
        ("\t⟦AVPSRAVD⟧\n\tAVPSRLW\n", "ORGANIZATION", False),
        ('\tXSMINCDP:       "⟦xsmincdp⟧",', "LOCATION", False),
        ("    '⟦Oslash⟧;': '\\xd8',", "LOCATION", True),
        ("typedef void (⟦APIENTRYP⟧ PFNGLUSEPROGRAM) (", "LOCATION", False),
        ("        for cls in (⟦Struct⟧, unpack):", "LOCATION", True),
        ("            SDValue Ptr, ⟦MachinePointerInfo PtrInfo⟧,", "ORGANIZATION", False),
        ("    const char *⟦Anna⟧, int", "PERSON", True),
        ("    ⟦GC⟧\t\t\t/* gc */,", "ORGANIZATION", False),
        ("extern ⟦IceConn⟧ SmcGet(", "ORGANIZATION", False),
        ("⟦FcPublic⟧ int", "ORGANIZATION", False),
        ("FcPublic const FcChar8 *\n⟦FcPublic FcBool⟧\n", "PERSON", False),
        ('"Khmer":        ⟦Khmer⟧,', "PERSON", True),
        ("\tSIGHUP    = ⟦C.SIGHUP⟧", "PERSON", True),
        ("{icon:`x`,children:(0,⟦M.jsx⟧)(kn)}", "PERSON", True),
        ("cf['⟦Foo Bar⟧']['foo']", "ORGANIZATION", True),
        ('    headers = ["⟦Set-Cookie⟧: narf"]', "PERSON", True),
        ("'<Control-⟦Key⟧-BackSpace>'", "ORGANIZATION", True),
        ('"⟦America⟧/Los_Angeles"', "LOCATION", True),
        ("⟦Thu⟧, 20 Nov 1997", "PERSON", True),
        ('{"⟦Thu Jun⟧ 30 21:00"}', "PERSON", True),
        ('raises the ⟦operator⟧ "in"', "JOB_TITLE", True),
        ("[⟦Oo⟧]n|ON", "ORGANIZATION", False),
        ('doc="⟦Push⟧ an empty list"', "LOCATION", False),
        ("     A B ⟦C D E⟧ F G", "PERSON", False),
        ("* ⟦Set⟧ the format", "PERSON", True),
        ("type ⟦Timespec⟧ C.timespec", "ORGANIZATION", False),
        ("var x = y.(T).⟦Logf⟧", "ORGANIZATION", False),
        ('{"⟦eq .Ptr .NegOne⟧"}', "PERSON", False),
        ("it is ⟦n/a⟧", "ORGANIZATION", False),
    ],
)
def test_what_code_alone_makes_a_name_is_none(text: str, kind: str, *, known: bool) -> None:
    """Types, constants, keys, members, fields, zones and days in code are refused."""
    assert _refused(text, kind, known=known)


@pytest.mark.parametrize(
    ("text", "kind", "known"),
    [
        ("We met ⟦Anna Berg⟧ in Oslo.", "PERSON", True),
        ('author = "⟦Anna⟧"', "PERSON", True),
        ('const owner = "⟦Anna Berg⟧";', "PERSON", True),
        ("int x = f(); // thanks to ⟦Anna Berg⟧", "PERSON", True),
        ('{"name": "⟦Zorvan⟧", "city": "Oslo"}', "PERSON", False),
        ('{"firm": "⟦ZORVAN⟧"}', "ORGANIZATION", False),
        ("{name: ⟦Anna Berg⟧, city: Oslo}", "PERSON", True),
        ("| ⟦Anna Berg⟧ | Oslo |", "PERSON", True),
        ("Name  : ⟦Zorvan⟧", "PERSON", False),
        ("INSERT INTO c VALUES ('⟦Anna Berg⟧', 'Oslo');", "PERSON", True),
        ("The bar ⟦Bar⟧ is open", "LOCATION", True),
        ("Dear ⟦Thu⟧, how are you", "PERSON", True),
        ("⟦Max-Planck-Gesellschaft⟧ says", "ORGANIZATION", True),
        ("a forklift ⟦operator⟧ in Oslo", "JOB_TITLE", True),
        ("Der Vertrag mit ⟦HAPR mbH⟧ endet", "ORGANIZATION", False),
        ("the ⟦America⟧ of today", "LOCATION", True),
        ("⟦Max⟧ said to Anna: come", "PERSON", True),
    ],
)
def test_names_of_people_places_and_firms_stand(text: str, kind: str, *, known: bool) -> None:
    """Prose, tables, forms, data, strings and remarks keep their names."""
    assert not _refused(text, kind, known=known)


LINES = (
    "typedef void (APIENTRYP PFNGLUSEPROGRAMPROC) (GLuint program);\n",
    '  "Telugu":                 Telugu, // Telugu is the set of characters in script Telugu.\n',
    'doc="Push an empty dict.", America/New_York, Thu Jan 1 2010, Thu said Anna Berg to Max.\n',
    "for cls in (Struct, unpack): Set the Keep-Alive of Fred A. Bear at 5600, 5614 Oak Street\n",
)


@pytest.mark.parametrize("text", LINES)
def test_what_a_stream_released_stays(text: str) -> None:
    """At every cut of a line of code, what is settled is what the whole line gives."""
    whole = NAMES.scan(text)
    for cut in range(1, len(text)):
        settled = NAMES.settled(text[:cut])
        part = [each for each in NAMES.scan(text[:cut]) if each.start < settled]
        assert part == [each for each in whole if each.start < settled]
