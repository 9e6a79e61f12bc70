"""Numbers of people in the United Kingdom and Ireland."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import weighted
from muniment.detect.rules.shapes import bare, checked

_NINO: Final = Words(en="national insurance|nino|ni number|ni no|insurance number|ni")
_PASSPORT: Final = Words(en="passport|passport number|passport no|uk passport|british passport")
_LICENCE: Final = Words(
    en="driving licence|driver licence|licence|licence number|dvla|driving license|driver number"
    "|driver s licence|drivers licence|driver s license"
)
_UTR: Final = Words(
    en="utr|unique taxpayer|taxpayer reference|hmrc|self assessment|tax reference|tax"
)
_PPS: Final = Words(en="pps|ppsn|pps number|personal public service|revenue|rsi")
_NINO_SHAPE: Final = re.compile(
    r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"
)
_LICENCE_SHAPE: Final = re.compile(
    r"[A-Z9]{5}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}[A-Z0-9]{3}"
)
_PPS_LETTERS: Final = "WABCDEFGHIJKLMNOPQRSTUV"
_pii = partial(Pattern, family=Family.PII)


def nino(value: str) -> Checked:
    """Prefix and suffix are possible; in small letters a word nearby must say what it is."""
    if _NINO_SHAPE.fullmatch(bare(value)) is None:
        return Checked(False, "no such prefix or suffix")
    small = any(letter.islower() for letter in value)
    return Checked(True, "prefix and suffix are possible", score=0.3 if small else None)


def _is_licence(value: str) -> bool:
    return _LICENCE_SHAPE.match(value) is not None


def _is_utr(number: str) -> bool:
    rest = weighted(number[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11
    return number[0] == "21987654321"[rest]


def _is_pps(value: str) -> bool:
    second = value[8:9]
    extra = 9 * (ord(second) - 64) if second and second != "W" else 0
    return _PPS_LETTERS[(weighted(value[:7], range(8, 1, -1)) + extra) % 23] == value[7]


PATTERNS: Final = (
    _pii(
        id="uk-nino",
        type="UK_NINO",
        regex=r"\b[A-Z]{2}[ \-.]?\d{2}[ \-.]?\d{2}[ \-.]?\d{2}[ \-.]?[A-D]\b",
        score=0.85,
        context=_NINO,
        context_score=0.99,
        validator=nino,
        ignore_case=True,
    ),
    _pii(
        id="uk-passport",
        type="UK_PASSPORT",
        regex=r"\b(?:\d{9}|[A-Z]{2}\d{7})\b",
        score=0.05,
        context=Words(en="uk passport|british passport|passport uk|gbr passport|hm passport"),
        context_score=0.9,
    ),
    _pii(
        id="passport-letters",
        type="UK_PASSPORT",
        regex=r"\b[A-Z]{2}\d{7}\b",
        score=0.05,
        context=_PASSPORT,
        context_score=0.7,
    ),
    _pii(
        id="uk-licence",
        type="UK_DRIVING_LICENCE",
        regex=r"\b[A-Z9]{5} ?\d{6} ?[A-Z9]{2} ?[A-Z0-9]{3}(?: ?\d{2})?\b",
        score=0.9,
        context=_LICENCE,
        context_score=0.99,
        validator=checked(_is_licence, "the date of birth in it exists"),
    ),
    _pii(
        id="uk-utr",
        type="UK_UTR",
        family=Family.FINANCIAL,
        regex=r"\b\d{5} ?\d{5}\b",
        score=0.2,
        context=_UTR,
        context_score=0.95,
        validator=checked(_is_utr, "check digit right"),
    ),
    _pii(
        id="ie-pps",
        type="IE_PPS",
        regex=r"\b\d{7}[A-W][A-IW]?\b",
        score=0.55,
        context=_PPS,
        context_score=0.99,
        validator=checked(_is_pps, "check letter right"),
    ),
)
SHEETS: Final = (
    Sheet(
        type="UK_NINO",
        family=Family.PII,
        title="UK national insurance numbers",
        finds="Two letters, six digits and a letter of the scheme, together or split.",
        limits="The scheme has no check digit.",
        examples=("AB 12 34 56 C",),
        near_misses=("GB 12 34 56 C", "AB 12 34 56 E"),
    ),
    Sheet(
        type="UK_PASSPORT",
        family=Family.PII,
        title="UK passports",
        finds="Nine digits, or two letters and seven digits, beside words for a passport.",
        limits="Nine digits beside *passport* alone are reported as a US passport.",
        examples=("UK passport 925665416",),
        near_misses=("order 925665416",),
    ),
    Sheet(
        type="UK_DRIVING_LICENCE",
        family=Family.PII,
        title="UK driving licences",
        finds="Sixteen places with a date of birth in them that exists.",
        limits="Northern Irish licences of eight digits are not found.",
        examples=("MORGA657054SM9IJ",),
        near_misses=("MORGA697054SM9IJ",),
    ),
    Sheet(
        type="UK_UTR",
        family=Family.FINANCIAL,
        title="UK taxpayer references",
        finds="Ten digits with a right check digit beside a word such as *UTR*.",
        limits="Without a word nearby ten digits are not taken for one.",
        examples=("UTR 1123456789",),
        near_misses=("UTR 2123456789",),
    ),
    Sheet(
        type="IE_PPS",
        family=Family.PII,
        title="Irish personal public service numbers",
        finds="Seven digits and one or two letters with a right check letter.",
        limits="One in 23 random values passes.",
        examples=("PPS 1234567T",),
        near_misses=("1234567A",),
    ),
)
