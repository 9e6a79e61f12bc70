"""Refuses numbers that only seem an address: of norms, rows, sizes, registers and arguments."""

from __future__ import annotations

import re
from typing import Final

from muniment.detect.detectors.names.code_statements import in_statement, line_of
from muniment.detect.detectors.names.code_terms import CLOCK

_POSTAL: Final = re.compile(
    r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}[- ]?\d{4,5}"
    r"|\d{4,5}(?:-\d{3,4})?|\d{4} ?[A-Z]{2}|[A-Z]{2},? \d{5}(?:-\d{4})?|\d{3} \d{2,3}|\d{6})",
    re.IGNORECASE,
)
_OF_STREET: Final = re.compile(
    r"(?<![^\s,(\"'])[^\W\d_]{3,}(?![\w(])|[^\W\d_]\.|\d(?:st|nd|rd|th)\b|[\u00ba\u00aa]"
    r"|\b(?:BP|CP|Le|La) "
)
_SIZE: Final = re.compile(r"\d+ (?:[KMGT]i?B|bits?|bytes?|[KMG]?Hz|FIFOs|pixels?|chars?)")
_TERMS: Final = re.compile(r"[A-Za-z_]+\d*,? [A-Za-z_]+\d+|[A-Za-z_]+, \d{1,3}")
"""Two arguments, as in `parse(str, 10)` and `EVT VT2`."""

_NORM: Final = re.compile(
    r"(?:ISO|IEC|RFC|IEEE|IETF|DIN|EN|ANSI|TR|IS|PEP|FIPS|NIST|CVE|IR|SP|BCP|STD|ISBN)"
    r"(?:[/ -]\w+)?[ /-]\Z|(?<!\w)[-+]\Z|[.\\#]\Z|\b(?:[Ii]ssue|[Bb]ug) \Z|\d[ep][-+]?\Z"
    r"|\w [+*<>] \Z|(?<![pPeEzZ\W])=\Z"
)
_LISTED: Final = re.compile(r"(?:\d|\)|\]), ?\Z")
_MORE: Final = re.compile(r" (?:[*+/=<>%]|bytes|bits|lines|files|items|rows|words|pixels|times)")
_RECORD: Final = re.compile(r"\t+(?![^\n]*(?:[Zz]ip|[Pp]ost|PLZ|plz))\w+: +\Z")
_BEFORE_TERMS, _BEHIND_TERMS = frozenset("([ <,"), frozenset(")]>")
_BEHIND_LISTED: Final = frozenset(",)]")


def is_no_address(text: str, value: str, start: int, end: int) -> bool:
    """Tell whether numbers are of a norm, a row of numbers, a clock, or of no address at all."""
    if _SIZE.fullmatch(value) is not None or CLOCK.fullmatch(value) is not None:
        return True
    if _OF_STREET.search(value) is not None:
        return _TERMS.fullmatch(value) is not None and _are_arguments(text, start, end)
    if _POSTAL.fullmatch(value) is None:
        return True
    before, behind = text[max(0, start - 16) : start], text[end : end + 2]
    return _NORM.search(before) is not None or (
        value.isdigit()
        and (
            (behind[:1] == "-" and behind[1:].isalpha())
            or (behind[:1] == "]" and before[-1:] == "[")
            or (behind[:1] in _BEHIND_LISTED and _LISTED.search(before) is not None)
            or _MORE.match(text, end) is not None
            or _RECORD.match(text, line_of(text, start), start) is not None
            or in_statement(text[line_of(text, start) : end + 2])
        )
    )


def _are_arguments(text: str, start: int, end: int) -> bool:
    """Tell whether two words stand among the arguments of a function."""
    return text[start - 1 : start] in _BEFORE_TERMS and (
        text[end : end + 1] in _BEHIND_TERMS or in_statement(text[line_of(text, start) : end + 2])
    )
