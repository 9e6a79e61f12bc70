"""Numbers of people in the Netherlands and in Portugal."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import ALPHABET, weighted
from muniment.detect.rules.shapes import checked

_BSN: Final = Words(
    en="bsn|dutch id|citizen service number",
    nl="bsn|burgerservicenummer|sofinummer|burger service nummer|bsn nummer|sofi|bsnnummer",
)
_NL_PASSPORT: Final = Words(
    en="dutch passport", nl="paspoort|paspoortnummer|identiteitskaart|documentnummer"
)
_NL_LICENCE: Final = Words(nl="rijbewijs|rijbewijsnummer")
_NIF: Final = Words(
    en="portuguese tax|nif|tax number",
    pt="nif|contribuinte|numero de contribuinte|identificacao fiscal|numero fiscal|nipc",
)
_CARD: Final = Words(
    en="citizen card", pt="cartao de cidadao|cartao do cidadao|bilhete de identidade|cc|cidadao"
)
_pii = partial(Pattern, family=Family.PII)


def _is_bsn(number: str) -> bool:
    plain = number.zfill(9)
    total = weighted(plain, (9, 8, 7, 6, 5, 4, 3, 2, -1))
    return len(set(plain)) > 1 and total > 0 and total % 11 == 0


def _is_nif(number: str) -> bool:
    rest = 11 - weighted(number[:8], range(9, 1, -1)) % 11
    return number[0] in "12356789" and (0 if rest > 9 else rest) == int(number[8])


def _is_card(value: str) -> bool:
    total = 0
    for place, letter in enumerate(value):
        number = ALPHABET.index(letter)
        doubled = number * 2 if place % 2 == 0 else number
        total += doubled - 9 if place % 2 == 0 and doubled > 9 else doubled
    return total % 10 == 0


PATTERNS: Final = (
    _pii(
        id="nl-bsn",
        type="NL_BSN",
        regex=r"\b\d{3,4}[ .\-\n]?\d{2,3}[ .\-\n]?\d{3}\b",
        score=0.3,
        context=_BSN,
        context_score=1.0,
        validator=checked(lambda number: len(number) in {8, 9} and _is_bsn(number), "eleven test"),
    ),
    _pii(
        id="nl-passport",
        type="NL_PASSPORT",
        regex=r"\b[A-NP-Z]{2}[A-NP-Z0-9]{6}\d\b",
        score=0.05,
        context=_NL_PASSPORT,
        context_score=0.87,
        validator=checked(lambda value: sum(x.isdigit() for x in value) > 2, "digits in it"),
    ),
    _pii(
        id="nl-licence",
        type="NL_DRIVER_LICENSE",
        regex=r"\b\d{10}\b",
        score=0.05,
        context=_NL_LICENCE,
        context_score=0.95,
    ),
    _pii(
        id="pt-nif",
        type="PT_NIF",
        family=Family.FINANCIAL,
        regex=r"\b(?:PT ?)?\d{3}[ .\-\n]?\d{3}[ .\-\n]?\d{3}\b",
        score=0.3,
        context=_NIF,
        context_score=0.99,
        validator=checked(lambda value: _is_nif(value.removeprefix("PT")), "check digit right"),
    ),
    _pii(
        id="pt-card",
        type="PT_CITIZEN_CARD",
        regex=r"\b\d{8}[ \-]?\d[ \-]?[A-Z0-9]{2}\d\b",
        score=0.3,
        context=_CARD,
        context_score=0.99,
        validator=checked(_is_card, "check digit right"),
    ),
)
SHEETS: Final = (
    Sheet(
        type="NL_BSN",
        family=Family.PII,
        title="Dutch citizen service numbers (BSN)",
        finds="Eight or nine digits that pass the eleven test beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("BSN 111222333",),
        near_misses=("BSN 111222334",),
    ),
    Sheet(
        type="NL_PASSPORT",
        family=Family.PII,
        title="Dutch passports and identity cards",
        finds="Nine places beside a word such as *paspoort*.",
        limits="The number has no check digit.",
        examples=("paspoort SPECI2014",),
        near_misses=("artikel SPECI2014",),
    ),
    Sheet(
        type="NL_DRIVER_LICENSE",
        family=Family.PII,
        title="Dutch driving licences",
        finds="Ten digits beside *rijbewijs*.",
        limits="The word decides.",
        examples=("rijbewijs 1234567890",),
        near_misses=("factuur 1234567890",),
    ),
    Sheet(
        type="PT_NIF",
        family=Family.FINANCIAL,
        title="Portuguese tax numbers (NIF)",
        finds="Nine digits with a right check digit beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("NIF 123456789",),
        near_misses=("NIF 123456780",),
    ),
    Sheet(
        type="PT_CITIZEN_CARD",
        family=Family.PII,
        title="Portuguese citizen cards",
        finds="Twelve places with a right check digit beside words for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("cartão de cidadão 00000000 0 ZZ4",),
        near_misses=("cartão de cidadão 00000000 0 ZZ5",),
    ),
)
