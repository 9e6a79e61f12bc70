"""Numbers of people and firms in Australia."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import weighted
from muniment.detect.rules.shapes import checked, digits

_TFN: Final = Words(en="tfn|tax file|tax file number|ato|tax|australian tax")
_ABN: Final = Words(
    en="abn|business number|australian business|business|company|australian business number"
)
_ACN: Final = Words(en="acn|company number|australian company|company|australian company number")
_MEDICARE: Final = Words(en="medicare|medicare card|medicare number|irn|medicare no")
_PASSPORT: Final = Words(
    en="australian passport|australian passport number|australian passport no|passport au|passport"
)
_LICENCE: Final = Words(
    en="nsw licence|victorian licence|queensland licence|australian licence|australian driver"
    "|australian driver licence|nsw driver licence|vic driver licence|qld driver licence"
)
_pii = partial(Pattern, family=Family.PII)


def _is_tfn(number: str) -> bool:
    return len(set(number)) > 1 and weighted(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def _is_abn(number: str) -> bool:
    weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
    return number[0] != "0" and (weighted(number, weights) - 10) % 89 == 0


def _is_acn(number: str) -> bool:
    return len(set(number)) > 1 and -weighted(number[:8], range(8, 0, -1)) % 10 == int(number[8])


def _is_medicare(number: str) -> bool:
    return number[0] in "23456" and weighted(number[:8], (1, 3, 7, 9) * 2) % 10 == int(number[8])


PATTERNS: Final = (
    _pii(
        id="au-tfn",
        type="AU_TFN",
        family=Family.FINANCIAL,
        regex=digits(3, 3, 3),
        score=0.3,
        context=_TFN,
        context_score=1.0,
        validator=checked(_is_tfn, "check digit right modulo 11", together=0.2, gaps=2),
    ),
    _pii(
        id="au-abn",
        type="AU_ABN",
        family=Family.FINANCIAL,
        regex=digits(2, 3, 3, 3),
        score=0.86,
        context=_ABN,
        context_score=1.0,
        validator=checked(_is_abn, "check digits right modulo 89", together=0.45, gaps=3),
    ),
    _pii(
        id="au-acn",
        type="AU_ACN",
        family=Family.FINANCIAL,
        regex=digits(3, 3, 3),
        score=0.25,
        context=_ACN,
        context_score=0.99,
        validator=checked(_is_acn, "check digit right modulo 10", together=0.2, gaps=2),
    ),
    _pii(
        id="au-medicare",
        type="AU_MEDICARE",
        family=Family.PHI,
        regex=r"\b\d{4}[ .\-\n]?\d{5}[ .\-\n]?\d(?:[ /\-]?[1-9])?\b",
        score=0.8,
        context=_MEDICARE,
        context_score=1.0,
        validator=checked(_is_medicare, "check digit right", together=0.3),
    ),
    _pii(
        id="au-passport",
        type="AU_PASSPORT",
        regex=r"\b(?:[A-Z]\d{7}|P[A-Z]\d{7})\b",
        score=0.05,
        context=_PASSPORT,
        context_score=0.86,
    ),
    _pii(
        id="au-licence",
        type="AU_DRIVER_LICENSE",
        regex=r"\b(?:\d{8,9}|\d{4,5}[A-Z]{2}|[A-Z]\d{5})\b",
        score=0.05,
        context=_LICENCE,
        context_score=0.9,
    ),
)
SHEETS: Final = (
    Sheet(
        type="AU_TFN",
        family=Family.FINANCIAL,
        title="Australian tax file numbers",
        finds="Nine digits with a right check digit beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("TFN 123 456 782",),
        near_misses=("TFN 123 456 783",),
    ),
    Sheet(
        type="AU_ABN",
        family=Family.FINANCIAL,
        title="Australian business numbers",
        finds="Eleven digits with right check digits, split or beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("ABN 51 824 753 556",),
        near_misses=("ABN 51 824 753 557",),
    ),
    Sheet(
        type="AU_ACN",
        family=Family.FINANCIAL,
        title="Australian company numbers",
        finds="Nine digits with a right check digit beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("ACN 004 085 616",),
        near_misses=("ACN 004 085 617",),
    ),
    Sheet(
        type="AU_MEDICARE",
        family=Family.PHI,
        title="Australian Medicare numbers",
        finds="Ten or eleven digits with a right check digit.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("Medicare 2123 45670 1",),
        near_misses=("Medicare 2123 45671 1",),
    ),
    Sheet(
        type="AU_PASSPORT",
        family=Family.PII,
        title="Australian passports",
        finds="One or two letters and seven digits beside words for it.",
        limits="The number has no check digit.",
        examples=("Australian passport N1234567",),
        near_misses=("part N1234567",),
    ),
    Sheet(
        type="AU_DRIVER_LICENSE",
        family=Family.PII,
        title="Australian driving licences",
        finds="The states' forms beside words such as *NSW licence*.",
        limits="The words decide.",
        examples=("NSW licence 12345678",),
        near_misses=("serial 12345678",),
    ),
)
