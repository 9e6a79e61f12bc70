"""Numbers of people and firms in Canada and Singapore."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import luhn, weighted
from muniment.detect.rules.shapes import checked, digits

_SIN: Final = Words(
    en="sin|social insurance|social insurance number|sin number|canadian sin",
    fr="nas|assurance sociale|numero d assurance",
)
_CA_PASSPORT: Final = Words(en="canadian passport|passport", fr="passeport|passeport canadien")
_CA_LICENCE: Final = Words(
    en="ontario licence|driver licence|driver license|drivers licence|driver s licence|licence",
    fr="permis",
)
_OHIP: Final = Words(en="ohip|health card|health card number|health number|ontario health")
_NRIC: Final = Words(en="nric|fin|identity card|ic|nric number|singapore|ic number|nric no")
_UEN: Final = Words(en="uen|entity number|unique entity|business registration|acra")
_SG_PASSPORT: Final = Words(en="singapore passport|singaporean passport|passport")
_pii = partial(Pattern, family=Family.PII)


def _is_sin(number: str) -> bool:
    return number[0] != "8" and len(set(number)) > 1 and luhn(number)


def _is_nric(value: str) -> bool:
    offset = {"S": 0, "F": 0, "T": 4, "G": 4, "M": 3}[value[0]]
    rest = (weighted(value[1:8], (2, 7, 6, 5, 4, 3, 2)) + offset) % 11
    letters = {"M": "XWUTRQPNJLK"}.get(
        value[0], "JZIHGFEDCBA" if value[0] in "ST" else "XWUTRQPNMLK"
    )
    return letters[rest] == value[8]


PATTERNS: Final = (
    _pii(
        id="ca-sin",
        type="CA_SIN",
        regex=digits(3, 3, 3),
        score=0.54,
        context=_SIN,
        context_score=1.0,
        validator=checked(_is_sin, "Luhn digit right", together=0.2, gaps=2),
    ),
    _pii(
        id="ca-passport",
        type="CA_PASSPORT",
        regex=r"\b[A-Z]{2}\d{6}\b",
        score=0.05,
        context=_CA_PASSPORT,
        context_score=0.85,
    ),
    _pii(
        id="ca-licence",
        type="CA_DRIVER_LICENSE",
        regex=r"\b[A-Z]\d{4}[ \-]\d{5}[ \-]\d{5}\b",
        score=0.8,
        context=_CA_LICENCE,
        context_score=0.96,
    ),
    _pii(
        id="ca-health",
        type="CA_HEALTH_CARD",
        family=Family.PHI,
        regex=r"\b\d{4}[ \-]?\d{3}[ \-]?\d{3}(?:[ \-]?[A-Z]{2})?\b",
        score=0.1,
        context=_OHIP,
        context_score=0.96,
        validator=checked(lambda value: luhn(value[:10]), "Luhn digit right"),
    ),
    _pii(
        id="sg-nric",
        type="SG_NRIC_FIN",
        regex=r"\b[STFGM]\d{7}[A-Z]\b",
        score=0.97,
        context=_NRIC,
        context_score=1.0,
        validator=checked(_is_nric, "check letter right"),
        ignore_case=True,
    ),
    _pii(
        id="sg-uen",
        type="SG_UEN",
        family=Family.FINANCIAL,
        regex=r"\b(?:\d{8,9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z])\b",
        score=0.2,
        context=_UEN,
        context_score=0.97,
    ),
    _pii(
        id="sg-passport",
        type="SG_PASSPORT",
        regex=r"\b[EK]\d{7}[A-Z]\b",
        score=0.3,
        context=_SG_PASSPORT,
        context_score=0.95,
    ),
)
SHEETS: Final = (
    Sheet(
        type="CA_SIN",
        family=Family.PII,
        title="Canadian social insurance numbers",
        finds="Nine digits with a right Luhn digit, split or beside a word for it.",
        limits="Three groups of three digits occur elsewhere; one in ten passes.",
        examples=("130 692 544",),
        near_misses=("130 692 545",),
    ),
    Sheet(
        type="CA_PASSPORT",
        family=Family.PII,
        title="Canadian passports",
        finds="Two letters and six digits beside *passport*.",
        limits="The number has no check digit.",
        examples=("Canadian passport AB123456",),
        near_misses=("flight AB123456",),
    ),
    Sheet(
        type="CA_DRIVER_LICENSE",
        family=Family.PII,
        title="Canadian driving licences",
        finds="The form of Ontario.",
        limits="Other provinces' numbers have no form of their own.",
        examples=("A1234-56789-01234",),
        near_misses=("AB1234-56789-01234",),
    ),
    Sheet(
        type="CA_HEALTH_CARD",
        family=Family.PHI,
        title="Canadian health cards",
        finds="Ten digits with a right Luhn digit beside words for it.",
        limits="The form of Ontario.",
        examples=("health card 9876-543-217-AB",),
        near_misses=("invoice 9876-543-217",),
    ),
    Sheet(
        type="SG_NRIC_FIN",
        family=Family.PII,
        title="Singapore identity numbers (NRIC, FIN)",
        finds="A letter, seven digits and a check letter that fits.",
        limits="One in eleven random values passes.",
        examples=("S1234567D",),
        near_misses=("S1234567A",),
    ),
    Sheet(
        type="SG_UEN",
        family=Family.FINANCIAL,
        title="Singapore entity numbers (UEN)",
        finds="The three forms beside a word for it.",
        limits="The check letter is not computed.",
        examples=("UEN 200312345A",),
        near_misses=("lot 200312345A",),
    ),
    Sheet(
        type="SG_PASSPORT",
        family=Family.PII,
        title="Singapore passports",
        finds="E or K, seven digits and a letter beside *passport*.",
        limits="The check letter is not computed.",
        examples=("Singapore passport E1234567A",),
        near_misses=("part E1234567A",),
    ),
)
