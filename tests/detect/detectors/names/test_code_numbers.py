"""Numbers of code, and numbers of an address."""

from __future__ import annotations

import pytest

from muniment.detect.detectors.names.code_numbers import is_no_address


@pytest.mark.parametrize(
    ("before", "value", "behind", "refused"),
    [
        ("\tavx | ", "evexW0, evexN32", " | zero,", True),
        ("\t/*55*/ uint16(xCond), ", "5600", ", 5614,", True),
        ("      ", "0230FFE8 4A0000F8", " 310004E0", True),
        ("ISO/IEC TR ", "24733", "  3.2.5", True),
        ("DATA = x * 16  # ", "160 KiB", "", True),
        ("parseInt(", "str, 10", ")", True),
        ("('", "2025", "-W01-4T12',", True),
        ("// See Issue ", "15908", ".", True),
        ("\tUid:      ", "73025", ",", True),
        ("of tables: 55KB (", "55977", " bytes)", True),
        ("{0x3.8p-", "1074", ", 3}", True),
        ("F0=", "4160", " F1=4161", True),
        ("Send it to ", "12 Oak Street", "", False),
        ("Via Roma 94, I-", "81660", " Rez\u00e9", False),
        ("Tacoma ", "58429", "-7995", False),
        ("- ", "10115", " Berlin", False),
        ("* ", "10115", " Berlin", False),
        ("am ", "Hauptstr. 5", " in Wien", False),
        ("at ", "SW1A 1AA", " in London", False),
        ('{"zip": "', "10115", '"}', False),
        ("zip=", "10115", " city=Berlin", False),
        ("\tzip:   ", "10115", ",", False),
        ("12:04:31.", "063 UTC", " [7]", True),
        ("sshd[", "60167", "]: Accepted", True),
        ("Berlin [", "10115", " Mitte]", False),
    ],
)
def test_what_code_counts_is_no_address(
    before: str, value: str, behind: str, *, refused: bool
) -> None:
    """Rows, norms, sizes, registers and arguments are none; postal codes and streets are."""
    start = len(before)
    text = f"{before}{value}{behind}"
    assert is_no_address(text, value, start, start + len(value)) is refused
