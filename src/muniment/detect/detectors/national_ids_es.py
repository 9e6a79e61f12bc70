"""Numbers of people and firms in Spain."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.shapes import checked

_NIF: Final = Words(
    en="dni|nif|spanish id|tax id",
    es="dni|nif|documento nacional|identidad|documento de identidad|d n i|identificacion fiscal",
)
_NIE: Final = Words(en="nie", es="nie|extranjero|numero de extranjero|extranjeria|residencia")
_CIF: Final = Words(en="cif", es="cif|empresa|sociedad|nif empresa|identificacion fiscal")
_PASSPORT: Final = Words(en="spanish passport", es="pasaporte|numero de pasaporte")
_SOCIAL: Final = Words(es="seguridad social|nuss|naf|afiliacion|numero de afiliacion")
_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_pii = partial(Pattern, family=Family.PII)


def _is_nif(value: str) -> bool:
    return _LETTERS[int(value[:-1]) % 23] == value[-1]


def _is_nie(value: str) -> bool:
    return _LETTERS[int(str("XYZ".index(value[0])) + value[1:8]) % 23] == value[8]


def _is_cif(value: str) -> bool:
    digits = [int(each) for each in value[1:8]]
    doubled = sum(sum(divmod(2 * each, 10)) for each in digits[::2])
    check = -(doubled + sum(digits[1::2])) % 10
    return value[8] in {str(check), "JABCDEFGHI"[check]}


def _is_social(number: str) -> bool:
    return int(number[:10]) % 97 == int(number[10:])


PATTERNS: Final = (
    _pii(
        id="es-nif",
        type="ES_NIF",
        regex=r"\b\d{1,2}\.?\d{3}\.?\d{3}[ \-]?[A-HJ-NP-TV-Za-hj-np-tv-z]\b",
        score=0.8,
        context=_NIF,
        context_score=1.0,
        validator=checked(_is_nif, "letter right"),
    ),
    _pii(
        id="es-nie",
        type="ES_NIE",
        regex=r"\b[XYZxyz][ \-]?\d{7}[ \-]?[A-HJ-NP-TV-Za-hj-np-tv-z]\b",
        score=0.95,
        context=_NIE,
        context_score=1.0,
        validator=checked(_is_nie, "letter right"),
    ),
    _pii(
        id="es-cif",
        type="ES_CIF",
        family=Family.FINANCIAL,
        regex=r"\b[A-HJNP-SUVW][ \-]?\d{7}[ \-]?[0-9A-J]\b",
        score=0.4,
        context=_CIF,
        context_score=0.98,
        validator=checked(_is_cif, "control right"),
    ),
    _pii(
        id="es-passport",
        type="ES_PASSPORT",
        regex=r"\b[A-Z]{2,3}\d{6}\b",
        score=0.1,
        context=_PASSPORT,
        context_score=0.93,
    ),
    _pii(
        id="es-social",
        type="ES_SOCIAL_SECURITY",
        regex=r"\b\d{2}[ /\-]?\d{8}[ /\-]?\d{2}\b",
        score=0.4,
        context=_SOCIAL,
        context_score=0.99,
        validator=checked(_is_social, "control right modulo 97", together=0.2),
    ),
)
SHEETS: Final = (
    Sheet(
        type="ES_NIF",
        family=Family.PII,
        title="Spanish identity numbers (DNI, NIF)",
        finds="Up to eight digits and a letter that fits them.",
        limits="One in 23 random values passes.",
        examples=("12345678Z",),
        near_misses=("12345678A",),
    ),
    Sheet(
        type="ES_NIE",
        family=Family.PII,
        title="Spanish numbers of foreigners (NIE)",
        finds="X, Y or Z, seven digits and a letter that fits.",
        limits="One in 23 random values passes.",
        examples=("X1234567L",),
        near_misses=("X1234567A",),
    ),
    Sheet(
        type="ES_CIF",
        family=Family.FINANCIAL,
        title="Spanish firms (CIF)",
        finds="A letter, seven digits and a control that fits beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("CIF A58818501",),
        near_misses=("CIF A58818502",),
    ),
    Sheet(
        type="ES_PASSPORT",
        family=Family.PII,
        title="Spanish passports",
        finds="Two or three letters and six digits beside *pasaporte*.",
        limits="The number has no check digit.",
        examples=("pasaporte AAA123456",),
        near_misses=("pedido AAA123456",),
    ),
    Sheet(
        type="ES_SOCIAL_SECURITY",
        family=Family.PII,
        title="Spanish social security numbers",
        finds="Twelve digits with a right control beside words for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("seguridad social 28/12345678/40",),
        near_misses=("seguridad social 28/12345678/41",),
    ),
)
