"""Numbers of people and firms in India."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import ALPHABET, verhoeff
from muniment.detect.rules.shapes import checked

_AADHAAR: Final = Words(en="aadhaar|aadhar|uidai|uid|aadhaar number|adhaar|adhar|aadhaar card")
_PAN: Final = Words(en="pan|permanent account|income tax|pan card|pan number|pan no|tax")
_VOTER: Final = Words(en="voter|epic|election|voter id|elector")
_PASSPORT: Final = Words(en="indian passport|passport|passport number|passport no")
_GST: Final = Words(en="gst|gstin|gst number|gst no")
_LICENCE: Final = Words(en="driving licence|driving license|dl|licence|license|dl no")
_pii = partial(Pattern, family=Family.PII)


def _is_aadhaar(number: str) -> bool:
    return number[0] in "23456789" and number != number[::-1] and verhoeff(number)


def _is_gst(value: str) -> bool:
    total = 0
    for place, letter in enumerate(value[:14]):
        product = ALPHABET.index(letter) * (1 + place % 2)
        total += product // 36 + product % 36
    return ALPHABET[-total % 36] == value[14]


PATTERNS: Final = (
    _pii(
        id="in-aadhaar",
        type="IN_AADHAAR",
        regex=r"\b\d{4}[ .\-\n:]?\d{4}[ .\-\n:]?\d{4}\b",
        score=0.85,
        context=_AADHAAR,
        context_score=1.0,
        validator=checked(_is_aadhaar, "Verhoeff digit right", together=0.4, gaps=2),
    ),
    _pii(
        id="in-pan",
        type="IN_PAN",
        family=Family.FINANCIAL,
        regex=r"\b[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]\b",
        score=0.7,
        context=_PAN,
        context_score=0.99,
    ),
    _pii(
        id="in-voter",
        type="IN_VOTER",
        regex=r"\b[A-Z]{3}\d{7}\b",
        score=0.1,
        context=_VOTER,
        context_score=0.95,
    ),
    _pii(
        id="in-passport",
        type="IN_PASSPORT",
        regex=r"\b[A-PR-WY][1-9]\d ?\d{4}[1-9]\b",
        score=0.1,
        context=_PASSPORT,
        context_score=0.87,
    ),
    _pii(
        id="in-gst",
        type="IN_GSTIN",
        family=Family.FINANCIAL,
        regex=r"\b[0-3]\d[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]\b",
        score=0.95,
        context=_GST,
        context_score=1.0,
        validator=checked(_is_gst, "check character right"),
    ),
    _pii(
        id="in-licence",
        type="IN_DRIVER_LICENSE",
        regex=r"\b[A-Z]{2}[ \-]?\d{2}[ \-]?(?:19|20)\d{2}[ \-]?\d{7}\b",
        score=0.6,
        context=_LICENCE,
        context_score=0.96,
    ),
)
SHEETS: Final = (
    Sheet(
        type="IN_AADHAAR",
        family=Family.PII,
        title="Indian Aadhaar numbers",
        finds="Twelve digits with a right Verhoeff digit, split or beside a word for it.",
        limits="Together without a word nearby they are not reported.",
        examples=("2345 6789 0124",),
        near_misses=("2345 6789 0123",),
    ),
    Sheet(
        type="IN_PAN",
        family=Family.FINANCIAL,
        title="Indian permanent account numbers (PAN)",
        finds="Ten places with a known kind of holder.",
        limits="The check letter's rule is not public.",
        examples=("ABCPE1234F",),
        near_misses=("ABCDE1234F",),
    ),
    Sheet(
        type="IN_VOTER",
        family=Family.PII,
        title="Indian voter cards",
        finds="Three letters and seven digits beside a word for it.",
        limits="The number has no check digit.",
        examples=("voter id ABC1234567",),
        near_misses=("order ABC1234567",),
    ),
    Sheet(
        type="IN_PASSPORT",
        family=Family.PII,
        title="Indian passports",
        finds="A letter and seven digits beside *passport*.",
        limits="The number has no check digit.",
        examples=("Indian passport J8369854",),
        near_misses=("part J8369854",),
    ),
    Sheet(
        type="IN_GSTIN",
        family=Family.FINANCIAL,
        title="Indian GST numbers",
        finds="Fifteen places with a right check character.",
        limits="Whether it is in use is not looked up.",
        examples=("27AAPFU0939F1ZV",),
        near_misses=("27AAPFU0939F1ZW",),
    ),
    Sheet(
        type="IN_DRIVER_LICENSE",
        family=Family.PII,
        title="Indian driving licences",
        finds="State, office, year and seven digits.",
        limits="Older forms are not found.",
        examples=("MH12 20110012345",),
        near_misses=("ABC12 20110012345",),
    ),
)
