"""Numbers of people and firms in Italy."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import luhn
from muniment.detect.rules.shapes import checked

_CODE: Final = Words(
    en="fiscal code|tax code", it="codice fiscale|cf|cod fisc|c f|tessera sanitaria"
)
_VAT: Final = Words(en="vat|vat number", it="partita iva|p iva|iva|piva")
_PASSPORT: Final = Words(en="italian passport", it="passaporto|numero passaporto")
_CARD: Final = Words(
    en="identity card|italian id|id card",
    it="carta d identita|carta identita|cie|documento|identita|carta di identita",
)
_LICENCE: Final = Words(
    en="driving licence|driver license", it="patente|patente di guida|patente n"
)
_ODD: Final = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20),
            *(11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        ),
        strict=True,
    )
)
_EVEN: Final = {
    **{str(each): each for each in range(10)},
    **{chr(65 + each): each for each in range(26)},
}
_pii = partial(Pattern, family=Family.PII)


def _is_code(value: str) -> bool:
    total = sum((_EVEN if place % 2 else _ODD)[x] for place, x in enumerate(value[:15]))
    return chr(65 + total % 26) == value[15]


PATTERNS: Final = (
    _pii(
        id="it-fiscal-code",
        type="IT_FISCAL_CODE",
        regex=(
            r"\b[A-Z]{3} ?[A-Z]{3} ?[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2} "
            r"?[A-Z][0-9LMNP-V]{3}[A-Z]\b"
        ),
        score=1.0,
        context=_CODE,
        context_score=1.0,
        validator=checked(_is_code, "check letter right"),
        ignore_case=True,
        firm=True,
    ),
    _pii(
        id="it-vat",
        type="IT_VAT_CODE",
        family=Family.FINANCIAL,
        regex=r"\b(?:IT ?)?\d{11}\b",
        score=0.2,
        context=_VAT,
        context_score=0.98,
        validator=checked(lambda value: luhn(value.removeprefix("IT")), "Luhn digit right"),
    ),
    _pii(
        id="it-passport",
        type="IT_PASSPORT",
        regex=r"\b[A-Z]{2}\d{7}\b",
        score=0.05,
        context=_PASSPORT,
        context_score=0.86,
    ),
    _pii(
        id="it-id-card",
        type="IT_IDENTITY_CARD",
        regex=r"\b(?:[A-Z]{2} ?\d{5}[A-Z]{2}|[A-Z]{2} ?\d{7}|\d{7}[A-Z]{2})\b",
        score=0.1,
        context=_CARD,
        context_score=0.92,
    ),
    _pii(
        id="it-licence",
        type="IT_DRIVER_LICENSE",
        regex=r"\b(?:[A-Z]{2}\d{7}[A-Z]|U1[A-Z0-9]{7}[A-Z])\b",
        score=0.2,
        context=_LICENCE,
        context_score=0.95,
    ),
)
SHEETS: Final = (
    Sheet(
        type="IT_FISCAL_CODE",
        family=Family.PII,
        title="Italian fiscal codes",
        finds=(
            "Sixteen places with a right check letter, also with the letters that replace digits."
        ),
        limits="None known beyond chance.",
        examples=("RSSMRA85T10A562S",),
        near_misses=("RSSMRA85T10A562T",),
    ),
    Sheet(
        type="IT_VAT_CODE",
        family=Family.FINANCIAL,
        title="Italian VAT numbers",
        finds="Eleven digits with a right Luhn digit beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("partita IVA 07643520567",),
        near_misses=("partita IVA 07643520568",),
    ),
    Sheet(
        type="IT_PASSPORT",
        family=Family.PII,
        title="Italian passports",
        finds="Two letters and seven digits beside *passaporto*.",
        limits="The number has no check digit.",
        examples=("passaporto YA1234567",),
        near_misses=("lotto YA1234567",),
    ),
    Sheet(
        type="IT_IDENTITY_CARD",
        family=Family.PII,
        title="Italian identity cards",
        finds="Paper and electronic cards beside words for them.",
        limits="The number has no check digit.",
        examples=("carta d'identità CA12345AB",),
        near_misses=("volo CA12345AB",),
    ),
    Sheet(
        type="IT_DRIVER_LICENSE",
        family=Family.PII,
        title="Italian driving licences",
        finds="The two forms beside *patente*.",
        limits="The number has no check digit.",
        examples=("patente MI1234567X",),
        near_misses=("lotto MI1234567X",),
    ),
)
