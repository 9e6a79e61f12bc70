"""Words of programs, days, zones and fields."""

from __future__ import annotations

import pytest

from muniment.detect.detectors.names.code_terms import Candidate, is_of_logs, is_of_programs


@pytest.mark.parametrize(
    ("before", "value", "behind", "kind", "known", "refused"),
    [
        ("the ", "conn", " is", "PERSON", True, True),
        ("met ", "Conn", " today", "PERSON", True, False),
        ("(c *", "Conn", ")", "PERSON", True, True),
        ("", "Foo Bar", "", "ORGANIZATION", True, True),
        ("the ", "Foo Fighters", " play", "ORGANIZATION", True, False),
        ("at ", "Bar", " tonight", "LOCATION", True, False),
        ("", "Thu", ", 20 Nov", "PERSON", True, True),
        ("met ", "Thu", " today", "PERSON", True, False),
        ("", "Thu Jun", " 30", "PERSON", True, True),
        ("", "America", "/Lima", "LOCATION", True, True),
        ("in ", "Europe/Dublin", "", "PERSON", True, True),
        ("", "Set-Cookie", ": a", "PERSON", True, True),
        ("<Alt-", "Key", "-x>", "ORGANIZATION", True, True),
        ("", "Max-Planck-Gesellschaft", "", "ORGANIZATION", True, False),
        ("= ", "C.SIGHUP", "", "PERSON", True, True),
        ("", "J.Smith", " says", "PERSON", True, False),
        ("type ", "Rlimit C.", "struct", "PERSON", False, True),
        ("", "Joe Q.", " Public", "PERSON", True, False),
        ("", "AES128-SHA256", "", "LOCATION", False, True),
        ("the % ", "operator", " of", "JOB_TITLE", True, True),
        ("an ", "operator", " called", "JOB_TITLE", True, False),
        ("a context ", "manager", " is", "JOB_TITLE", True, True),
        ("the ", "operator", "'s clock", "JOB_TITLE", True, False),
        ("Jack;", "Nan", ";4 Albert Avenue", "PERSON", True, False),
        ("", "sherbrooke", "-based firm", "LOCATION", True, False),
        ("our ", "manager", " is", "JOB_TITLE", True, False),
        ("it was a ", "success", "", "JOB_TITLE", True, True),
        ("was ", "broken", " by", "PERSON", True, True),
        ("met ", "Case", " today", "PERSON", True, False),
        ('platform == "', "darwin", '"', "LOCATION", True, True),
        ("fly to ", "darwin", " today", "LOCATION", True, False),
        ("pod ", "worker", "-7f9c is", "JOB_TITLE", True, True),
        ("a ", "worker", "-led firm", "JOB_TITLE", True, False),
    ],
)
def test_a_word_of_programs_is_nobodys_name(
    before: str, value: str, behind: str, kind: str, *, known: bool, refused: bool
) -> None:
    """The same letters may be somebody's where nothing of a program stands beside them."""
    start = len(before)
    each = Candidate(kind, start, start + len(value), known, " " not in value)
    assert is_of_programs(f"{before}{value}{behind}", each, value) is refused


@pytest.mark.parametrize(
    ("before", "value", "behind", "refused"),
    [
        ("UPDATE carts ", "SET", " state = 'paid'", True),
        ("listed on the ", "SET", " in Bangkok", False),
        ("DETAIL:  ", "Key", " (id)=(7) already exists.", True),
        ("sailed to ", "Key", " West", False),
        ("12:04:31 ", "UTC", " [7]", True),
        ("12:04:31.", "063 UTC", " [7]", True),
        ("logind: ", "New", " session 7", True),
        ("the isle of ", "New", " Moore", False),
        ("at ", "12 Main", " Street", False),
    ],
)
def test_a_word_with_which_programs_log_is_nobodys_name(
    before: str, value: str, behind: str, *, refused: bool
) -> None:
    """Zones of time and words of queries stand in every log; elsewhere they may be names."""
    start = len(before)
    each = Candidate("LOCATION", start, start + len(value), True, " " not in value)
    assert is_of_logs(f"{before}{value}{behind}", each, value) is refused
