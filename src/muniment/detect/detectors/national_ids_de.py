"""Numbers of people in Germany: tax, pension, health, identity card, passport, licence."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import ALPHABET, icao9303, iso7064_mod11_10
from muniment.detect.rules.shapes import checked, is_short_date

_TAX: Final = Words(
    en="tax id|german tax|tax identification|tin",
    de="steuer id|steuerid|steueridentifikationsnummer|steuer identifikationsnummer|idnr|steuer"
    "|identifikationsnummer|steuerliche|tin|steuer idnr|steuernummer",
)
_TAX_NUMBER: Final = Words(de="steuernummer|steuernr|steuer nr|st nr|finanzamt|stnr")
_PENSION: Final = Words(
    en="german pension|social security|pension insurance",
    de="rentenversicherungsnummer|sozialversicherungsnummer|versicherungsnummer|rvnr|sv nummer"
    "|rentenversicherung|svnr|sozialversicherung|sv nr|rv nummer",
)
_HEALTH: Final = Words(
    en="health insurance",
    de="krankenversichertennummer|kvnr|versichertennummer|krankenkasse|gesundheitskarte"
    "|krankenversicherung|versichertennr|egk",
)
_CARD: Final = Words(
    en="id card|identity card|german id|id number",
    de="personalausweis|personalausweisnummer|ausweis|ausweisnummer|ausweisnr|perso",
)
_PASSPORT: Final = Words(
    en="german passport|passport|passport number",
    de="reisepass|reisepassnummer|pass|passnummer|passnr|pass nr",
)
_LICENCE: Final = Words(
    en="german driving licence|driving licence",
    de="fuehrerschein|fuhrerschein|fuehrerscheinnummer|fuhrerscheinnummer|fahrerlaubnis",
)
_VAT: Final = Words(en="vat|vat id", de="ust|ust idnr|umsatzsteuer|ustid|ust id|mwst")
_pii = partial(Pattern, family=Family.PII)
_PENSION_WEIGHTS: Final = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
_DOCUMENT: Final = r"\b[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}\d?\b"


def _is_tax_id(number: str) -> bool:
    counts = sorted(Counter(number[:10]).values(), reverse=True)
    return number[0] != "0" and counts[0] in {2, 3} and counts[1] == 1 and iso7064_mod11_10(number)


def _is_pension(value: str) -> bool:
    number = value[:8] + f"{ALPHABET.index(value[8]) - 9:02d}" + value[9:]
    products = (int(d) * w for d, w in zip(number[:12], _PENSION_WEIGHTS, strict=True))
    day = int(value[2:4])
    fits = is_short_date(value[4:6], f"{day - 50 if day > 50 else day:02d}")
    return fits and sum(p // 10 + p % 10 for p in products) % 10 == int(number[12])


def _is_health(value: str) -> bool:
    number = f"{ALPHABET.index(value[0]) - 9:02d}" + value[1:]
    products = (int(d) * (1 + place % 2) for place, d in enumerate(number[:10]))
    return sum(p // 10 + p % 10 for p in products) % 10 == int(number[10])


def _is_document(value: str) -> bool:
    digit_count = sum(letter.isdigit() for letter in value)
    if digit_count < 2:
        return False
    return len(value) == 9 or icao9303(value[:9]) == int(value[9])


def _is_vat(value: str) -> bool:
    return iso7064_mod11_10(value[2:])


PATTERNS: Final = (
    _pii(
        id="de-tax-id",
        type="DE_TAX_ID",
        family=Family.FINANCIAL,
        regex=r"\b\d{2}[ .\-\n]?\d{3}[ .\-\n]?\d{3}[ .\-\n]?\d{3}\b",
        score=0.85,
        context=_TAX,
        context_score=0.99,
        validator=checked(_is_tax_id, "repeats and check digit right", together=0.55, gaps=3),
    ),
    _pii(
        id="de-tax-number",
        type="DE_TAX_NUMBER",
        family=Family.FINANCIAL,
        regex=r"\b(?:\d{2,3}/\d{3,4}/\d{4,5}|\d{2,3} \d{3,4} \d{4,5}|\d{10,13})\b",
        score=0.1,
        context=_TAX_NUMBER,
        context_score=0.9,
    ),
    _pii(
        id="de-pension",
        type="DE_SOCIAL_SECURITY",
        regex=r"\b\d{2}[ \-]?[0-7]\d[01]\d{3}[ \-]?[A-Z][ \-]?\d{3}\b",
        score=0.9,
        context=_PENSION,
        context_score=0.99,
        validator=checked(_is_pension, "birth date and check digit right"),
    ),
    _pii(
        id="de-health",
        type="DE_HEALTH_INSURANCE",
        family=Family.PHI,
        regex=r"\b[A-Z]\d{9}\b",
        score=0.45,
        context=_HEALTH,
        context_score=0.99,
        validator=checked(_is_health, "check digit right"),
    ),
    _pii(
        id="de-id-card",
        type="DE_ID_CARD",
        regex=_DOCUMENT,
        score=0.1,
        context=_CARD,
        context_score=0.97,
        validator=checked(_is_document, "letters of the scheme"),
    ),
    _pii(
        id="de-passport",
        type="DE_PASSPORT",
        regex=_DOCUMENT,
        score=0.1,
        context=_PASSPORT,
        context_score=0.93,
        validator=checked(_is_document, "letters of the scheme"),
    ),
    _pii(
        id="de-licence",
        type="DE_FUEHRERSCHEIN",
        regex=r"\b[A-Z0-9]\d{2}[A-Z0-9]{6}\d[A-Z0-9]\b",
        score=0.05,
        context=_LICENCE,
        context_score=0.95,
    ),
    _pii(
        id="de-vat",
        type="DE_VAT_ID",
        family=Family.FINANCIAL,
        regex=r"\bDE ?\d{3} ?\d{3} ?\d{3}\b",
        score=0.9,
        context=_VAT,
        context_score=0.99,
        validator=checked(_is_vat, "check digit right"),
    ),
)
SHEETS: Final = (
    Sheet(
        type="DE_TAX_ID",
        family=Family.FINANCIAL,
        title="German tax identification numbers",
        finds="Eleven digits with the scheme's repeats and a right check digit.",
        limits="Together without a word nearby one in some hundred random numbers passes.",
        examples=("Steuer-ID 86 095 742 719",),
        near_misses=("86 095 742 718",),
    ),
    Sheet(
        type="DE_TAX_NUMBER",
        family=Family.FINANCIAL,
        title="German tax numbers",
        finds="The forms of the states beside a word such as *Steuernummer*.",
        limits="The states' check digits are not computed.",
        examples=("Steuernummer 181/815/08155",),
        near_misses=("181/815/08155",),
    ),
    Sheet(
        type="DE_SOCIAL_SECURITY",
        family=Family.PII,
        title="German pension insurance numbers",
        finds="Twelve places with a day of birth and a right check digit.",
        limits="None known beyond chance: fewer than one in a thousand random values passes.",
        examples=("15070649C103",),
        near_misses=("15070649C104",),
    ),
    Sheet(
        type="DE_HEALTH_INSURANCE",
        family=Family.PHI,
        title="German health insurance numbers",
        finds="A letter and nine digits with a right check digit beside a word for it.",
        limits="Without a word nearby they look like many other codes.",
        examples=("KVNR A123456780",),
        near_misses=("KVNR A123456781",),
    ),
    Sheet(
        type="DE_ID_CARD",
        family=Family.PII,
        title="German identity cards",
        finds="Nine places of the scheme, also with the check digit, beside *Personalausweis*.",
        limits="Without a word nearby they look like many other codes.",
        examples=("Personalausweis L01X00T471",),
        near_misses=("Personalausweis L01X00T472",),
    ),
    Sheet(
        type="DE_PASSPORT",
        family=Family.PII,
        title="German passports",
        finds="Nine places of the scheme, also with the check digit, beside *Reisepass*.",
        limits="Without a word nearby they look like many other codes.",
        examples=("Reisepass C01X00T47",),
        near_misses=("Modell C01X00T47",),
    ),
    Sheet(
        type="DE_FUEHRERSCHEIN",
        family=Family.PII,
        title="German driving licences",
        finds="Eleven places beside a word such as *Führerschein*.",
        limits="The word decides.",
        examples=("Führerschein B072RRE2I55",),
        near_misses=("Teil B072RRE2I55",),
    ),
    Sheet(
        type="DE_VAT_ID",
        family=Family.FINANCIAL,
        title="German VAT numbers",
        finds="DE and nine digits with a right check digit.",
        limits="Whether it is in use is not looked up.",
        examples=("DE136695976",),
        near_misses=("DE136695977",),
    ),
)
