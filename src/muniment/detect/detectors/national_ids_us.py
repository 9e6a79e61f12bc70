"""Numbers of people in the United States: social security, tax, passport, driving licence."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.shapes import checked, digits

_SSN: Final = Words(
    en="ssn|social security|social security number|social|soc sec|ss number|ssns|social sec|ss no"
    "|taxpayer|tin|social security no",
    es="seguro social|numero de seguro social|nss",
)
_ITIN: Final = Words(
    en="itin|individual taxpayer|taxpayer|tax id|taxpayer identification|tin|tax identification"
)
_EIN: Final = Words(
    en="ein|employer identification|employer id|fein|federal tax|tax id|federal ein|irs|employer"
    "|federal tax id|employer identification number"
)
_PASSPORT: Final = Words(
    en="passport|passport number|passport no|us passport|passport book|travel document",
    es="pasaporte",
)
_LICENCE: Final = Words(
    en="driver license|drivers license|driver s license|driving license|driving licence|dl"
    "|license number|licence number|dl number|driver license number|driver licence|license no|dln"
    "|operator license|state id|driver lic|permit|drivers licence|driver s licence|driver id|cdl",
    es="licencia de conducir",
)
_ADVERTISED: Final = frozenset({"078051120", "219099999", "123456789", "987654321"})
_pii = partial(Pattern, family=Family.PII)


def _is_ssn(number: str) -> bool:
    area, group, serial = number[:3], number[3:5], number[5:]
    return (
        area not in {"000", "666"}
        and area[0] != "9"
        and group != "00"
        and serial != "0000"
        and len(set(number)) > 1
        and number not in _ADVERTISED
    )


def _is_itin(number: str) -> bool:
    group = int(number[3:5])
    return (
        number[0] == "9"
        and (50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 99)
        and (group not in {89, 93})
    )


def _is_ein(number: str) -> bool:
    return number[:2] not in {
        *("00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79"),
        *("89", "96", "97"),
    }


PATTERNS: Final = (
    _pii(
        id="us-ssn",
        type="US_SSN",
        regex=digits(3, 2, 4),
        score=0.85,
        context=_SSN,
        context_score=0.99,
        validator=checked(_is_ssn, "area, group and serial are possible", together=0.2, gaps=2),
    ),
    _pii(
        id="us-itin",
        type="US_ITIN",
        regex=digits(3, 2, 4),
        score=0.85,
        context=_ITIN,
        context_score=0.99,
        validator=checked(_is_itin, "begins with 9, group is possible", together=0.2, gaps=2),
    ),
    _pii(
        id="us-ein",
        type="US_EIN",
        family=Family.FINANCIAL,
        regex=r"\b\d{2}-\d{7}\b",
        score=0.4,
        context=_EIN,
        context_score=0.97,
        validator=checked(_is_ein, "prefix of a campus"),
    ),
    _pii(
        id="us-passport",
        type="US_PASSPORT",
        regex=r"\b[A-Z]?\d{8,9}\b",
        score=0.05,
        context=_PASSPORT,
        context_score=0.84,
        validator=checked(lambda value: len(value) == 9, "nine places"),
    ),
    _pii(
        id="us-licence",
        type="US_DRIVER_LICENSE",
        regex=(
            r"\b(?:[A-Z]\d{3}-?\d{3,4}-?\d{2,4}-?\d{0,3}(?:-\d)?|[A-Z]\d{4,14}"
            r"|[A-Z]{2}\d{3,7}[A-Z]?|\d{3}[A-Z]{2}\d{4}|\d{7,12}[A-Z]?"
            r"|[A-Z]{1,7}\*{0,4}\d{3}[A-Z0-9]{2}|\d{3}-\d{3}-\d{3}|\d{2}-\d{3}-\d{4}"
            r"|\d{2}[A-Z]{3}\d{5}|\d{3} \d{3} \d{3}|[A-Z]\d{2}-\d{2}-\d{4})\b"
        ),
        score=0.05,
        context=_LICENCE,
        context_score=0.83,
    ),
)
SHEETS: Final = (
    Sheet(
        type="US_SSN",
        family=Family.PII,
        title="US social security numbers",
        finds="Nine digits in groups of 3, 2 and 4 that can have been issued; together only beside"
        " a word such as *SSN*.",
        limits="The scheme has no check digit. Numbers that were printed in advertisements are"
        " left out.",
        examples=("536-90-4399", "SSN 536904399"),
        near_misses=("666-12-3456", "000-12-3456", "order 536904399"),
    ),
    Sheet(
        type="US_ITIN",
        family=Family.PII,
        title="US individual taxpayer numbers",
        finds="Nine digits that begin with 9, with a group of the scheme.",
        limits="Together only beside a word such as *ITIN*.",
        examples=("912-70-1234",),
        near_misses=("912-20-1234",),
    ),
    Sheet(
        type="US_EIN",
        family=Family.FINANCIAL,
        title="US employer numbers",
        finds="Two and seven digits with a hyphen beside a word such as *EIN*.",
        limits="The scheme has no check digit.",
        examples=("EIN 12-3456789",),
        near_misses=("part 12-3456789",),
    ),
    Sheet(
        type="US_PASSPORT",
        family=Family.PII,
        title="US passports",
        finds="Nine digits, or a letter and eight digits, beside a word such as *passport*.",
        limits="The number has no check digit.",
        examples=("passport number 482910475",),
        near_misses=("invoice 482910475",),
    ),
    Sheet(
        type="US_DRIVER_LICENSE",
        family=Family.PII,
        title="US driving licences",
        finds="The forms of the states beside whole words such as *driver's license*.",
        limits="Letters with digits alone are never taken for a licence, and *lic* inside another"
        " word does not count.",
        examples=("driver's license D1234567",),
        near_misses=("public key D1234567",),
    ),
)
