"""Numbers of people and firms in France."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import luhn
from muniment.detect.rules.shapes import checked

_NIR: Final = Words(
    en="french social security|insee|nir|social security",
    fr="securite sociale|numero de securite|nir|insee|secu|numero secu|num secu|carte vitale"
    "|numero de securite sociale|immatriculation",
)
_PASSPORT: Final = Words(en="french passport", fr="passeport|numero de passeport")
_CARD: Final = Words(
    en="french id|identity card|id card",
    fr="carte d identite|cni|identite|carte nationale|carte identite|piece d identite",
)
_FIRM: Final = Words(fr="siren|siret|rcs|entreprise|societe|numero siret|numero siren")
_TAX: Final = Words(fr="fiscal|numero fiscal|spi|impots|reference fiscale|avis d impot")
_pii = partial(Pattern, family=Family.PII)


def _is_nir(value: str) -> bool:
    number = int(value[:13].replace("2A", "19").replace("2B", "18"))
    return value[0] in "123478" and 97 - number % 97 == int(value[13:])


def _is_tax(number: str) -> bool:
    return number[0] in "0123" and int(number[:10]) % 511 == int(number[10:])


PATTERNS: Final = (
    _pii(
        id="fr-nir",
        type="FR_NIR",
        regex=(
            r"\b[123478][ .\-\n]?\d{2}[ .\-\n]?\d{2}[ .\-\n]?(?:\d{2}|2[AB])[ .\-\n]?\d{3}[ "
            r".\-\n]?\d{3}[ .\-\n|]?[ ]?\d{2}\b"
        ),
        score=0.97,
        context=_NIR,
        context_score=1.0,
        validator=checked(_is_nir, "key right modulo 97"),
    ),
    _pii(
        id="fr-passport",
        type="FR_PASSPORT",
        regex=r"\b\d{2}[A-Z]{2}\d{5}\b",
        score=0.3,
        context=_PASSPORT,
        context_score=0.96,
    ),
    _pii(
        id="fr-id-card",
        type="FR_ID_CARD",
        regex=r"\b(?:\d{12}|[A-Z0-9]{9})\b",
        score=0.05,
        context=_CARD,
        context_score=0.85,
        validator=checked(lambda value: sum(x.isdigit() for x in value) > 2, "digits in it"),
    ),
    _pii(
        id="fr-firm",
        type="FR_SIRET",
        family=Family.FINANCIAL,
        regex=r"\b\d{3} ?\d{3} ?\d{3}(?: ?\d{5})?\b",
        score=0.1,
        context=_FIRM,
        context_score=0.95,
        validator=checked(luhn, "Luhn digit right"),
    ),
    _pii(
        id="fr-tax",
        type="FR_TAX_ID",
        family=Family.FINANCIAL,
        regex=r"\b\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{3}\b",
        score=0.3,
        context=_TAX,
        context_score=0.97,
        validator=checked(_is_tax, "key right modulo 511"),
    ),
)
SHEETS: Final = (
    Sheet(
        type="FR_NIR",
        family=Family.PII,
        title="French social security numbers",
        finds="Fifteen places with a right key, together or split.",
        limits="Temporary numbers that begin with other digits are not found.",
        examples=("1 85 05 78 006 084 91",),
        near_misses=("1 85 05 78 006 084 92",),
    ),
    Sheet(
        type="FR_PASSPORT",
        family=Family.PII,
        title="French passports",
        finds="Two digits, two letters and five digits beside *passeport*.",
        limits="The number has no check digit.",
        examples=("passeport 12AB34567",),
        near_misses=("lot 12AB34567",),
    ),
    Sheet(
        type="FR_ID_CARD",
        family=Family.PII,
        title="French identity cards",
        finds="Twelve digits, or nine places, beside words for an identity card.",
        limits="The number has no check digit.",
        examples=("carte d'identité 880692310285",),
        near_misses=("commande 880692310285",),
    ),
    Sheet(
        type="FR_SIRET",
        family=Family.FINANCIAL,
        title="French firms (SIREN, SIRET)",
        finds="Nine or fourteen digits with a right Luhn digit beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("SIRET 732 829 320 00074",),
        near_misses=("SIRET 732 829 320 00075",),
    ),
    Sheet(
        type="FR_TAX_ID",
        family=Family.FINANCIAL,
        title="French tax numbers",
        finds="Thirteen digits with a right key beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("numéro fiscal 30 23 217 600 053",),
        near_misses=("numéro fiscal 30 23 217 600 054",),
    ),
)
