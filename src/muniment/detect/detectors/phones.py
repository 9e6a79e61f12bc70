"""Telephone numbers: the international form by country code, national forms by their grouping.

A national number without a plus sign is a phone number if it is grouped as its country groups
them, or if a word nearby says so. Ten bare digits alone are not taken for one.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet, Words

_WORDS: Final = Words(
    en="phone|telephone|tel|mobile|cell|cellphone|call|called|calling|fax|whatsapp|sms|text|dial"
    "|ring|contact|reach|hotline|ext|extension|number is|phone number|mobile number|callback"
    "|helpline|landline|voicemail|msisdn|ph|mob|telegram|signal",
    de="telefon|telefonnummer|handy|handynummer|mobil|mobilnummer|anrufen|ruf|rufen"
    "|rufnummer|faxnummer"
    "|erreichbar|durchwahl|telefonisch|anruf|kontakt|mobiltelefon|festnetz|rueckruf|rueckfragen"
    "|bei fragen",
    fr="telephone|portable|appeler|appelez|appelle|numero|joindre|joignable|fixe|telecopie|gsm",
    es="telefono|movil|celular|llamar|llame|llamame|llamada|contacto|fijo|tfno|numero de telefono",
    pt="telefone|telemovel|celular|ligar|ligue|liga|contato|contacto|fone|fixo",
    it=(
        "telefono|cellulare|cell|chiamare|chiama|chiamami|chiamate|recapito|numero di "
        "telefono|fisso"
    ),
    nl="telefoon|telefoonnummer|mobiel|mobieltje|bellen|bel|gebeld|bereikbaar|nummer|belt|gsm",
)
# Bare digits need a word that is about telephones and nothing else.
_NOUNS: Final = Words(
    en="phone|telephone|tel|mobile|cell|cellphone|fax|whatsapp|sms|hotline|phone number"
    "|mobile number|callback|helpline|landline|voicemail|msisdn|call me|call us|text me|call him"
    "|call her|reach me|reach us|reached at|ring me|contact number|phone no|mob|cell number",
    de="telefon|telefonnummer|handy|handynummer|mobil|mobilnummer|rufnummer|faxnummer|durchwahl"
    "|mobiltelefon|festnetz|festnetznummer",
    fr="telephone|portable|fixe|telecopie|gsm|numero de telephone|mobile",
    es="telefono|movil|celular|tfno|numero de telefono|fijo",
    pt="telefone|telemovel|celular|fone|numero de telefone",
    it="telefono|cellulare|numero di telefono|fisso",
    nl="telefoon|telefoonnummer|mobiel|mobieltje|gsm",
)
# Country calling codes with the fewest and most digits that follow them.
_PLANS: Final = {
    "1": (10, 10), "7": (10, 10), "20": (8, 10), "27": (9, 9), "30": (10, 10), "31": (9, 9),
    "32": (8, 9), "33": (9, 9), "34": (9, 9), "36": (8, 9), "39": (6, 11), "40": (9, 9),
    "41": (9, 9), "43": (5, 13), "44": (9, 10), "45": (8, 8), "46": (7, 10), "47": (8, 8),
    "48": (9, 9), "49": (5, 12), "51": (8, 9), "52": (10, 11), "53": (6, 8), "54": (10, 11),
    "55": (10, 11), "56": (8, 9), "57": (8, 10), "58": (10, 10), "60": (7, 10), "61": (9, 9),
    "62": (7, 12), "63": (8, 10), "64": (8, 10), "65": (8, 8), "66": (8, 9), "81": (9, 10),
    "82": (8, 10), "84": (8, 10), "86": (9, 11), "90": (10, 10), "91": (10, 10), "92": (9, 10),
    "93": (9, 9), "94": (9, 9), "95": (7, 10), "98": (10, 10),
}  # fmt: skip
_STEPS: Final = {code: f"calling code +{code}" for code in _PLANS}
_LONG_CODES: Final = re.compile(
    r"2(?:1[1-368]|[2-6]\d|9[0-17-9])|3(?:5\d|7[0-8]|8[0-9])|42[0-3]|5(?:0\d|9\d)"
    r"|6(?:7[02-9]|8\d|9[0-2])|8(?:0[08]|5[02356]|7[08]|8[0-368])|9(?:6\d|7[0-79]|9[2-68])"
)
_EXTENSION: Final = re.compile(
    r"[ ,;]*(?:x|ext\.?|extension|#|Durchwahl|poste|int\.?)[ :.]*\d{1,6}\Z"
)
_DIGITS: Final = re.compile(r"\d+")
# What a number without an extension is written with beside its digits.
_SIGNS: Final = b" +-./()\n"
_PAGE, _NEAR, _BOUNDS = 1 << 16, 8, (1 << 31, 1 << 32)
_CALENDAR: Final = re.compile(
    r"(?:19|20)\d\d[ \-/](?:19|20)\d\d\Z"
    r"|(?:19|20)\d\d([\-./])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)"
)
_ROUND: Final = re.compile(r"(?:\d+00[ \-])*\d+00|\d+00?0[ \-]\d+|\d+[ \-]\d*999")
_phone = partial(
    Pattern,
    type="PHONE_NUMBER",
    family=Family.PII,
    context=_WORDS,
    context_score=0.95,
    joins="-./_",
)
_EXT: Final = r"(?:[ ,]{0,2}(?:x|ext\.?|extension|#)[ :.]?\d{1,6}\b)?"


def _plain(value: str) -> str:
    """Give the digits of a number, without those of an extension."""
    if value.isascii():
        digits = value.encode().translate(None, _SIGNS)
        if digits.isdigit():
            return digits.decode()
    value = _EXTENSION.sub("", value)
    return "".join(_DIGITS.findall(value))


def international(value: str) -> Checked:
    """The number begins with a calling code and is as long as its country's numbers are.

    What stands behind it may look like one more group: groups are left off until the length fits.
    """
    end = len(value)
    step = "not as long as a phone number"
    while end:
        plain = value[:end].rstrip(" .-/\n")
        if plain[-1:] == ")" and plain.count("(") < plain.count(")"):
            plain = plain[:-1]
        if plain[-2:-1] == " " and plain[-1].isdigit():
            step = "one digit alone at its end"
        else:
            fits, step = _calling_code(plain)
            if fits:
                return Checked(True, step, (0, len(plain)))
        end = max(0, *(plain.rfind(sign) for sign in " .-/\n("))
    return Checked(False, step)


def _calling_code(value: str) -> tuple[bool, str]:
    """Say which calling code a number has, or why it is none."""
    digits = _plain(value).removeprefix("00")
    if ("(" in value or ")" in value) and value.count("(") != value.count(")"):
        return False, "a bracket is missing"
    if not 7 <= len(digits) <= 15 or len(set(digits)) < 3:
        return False, "not as long as a phone number"
    code = digits[0] if digits[0] in "17" else digits[:2]
    plan = _PLANS.get(code)
    if plan is not None:
        size = len(code)
        length = len(digits) - size - ("(0)" in value)
        most = plan[1] + (digits[size : size + 1] == "0")
        if plan[0] <= length <= most:
            return True, _STEPS[code]
        return False, "too long or short for its country"
    if _LONG_CODES.match(digits) and 6 <= len(digits) - 3 <= 12:
        return True, f"calling code +{digits[:3]}"
    return False, "no such calling code"


def north_american(value: str) -> Checked:
    """Area and exchange begin with 2 to 9."""
    digits = _plain(value)
    digits = digits.removeprefix("1") if len(digits) == 11 else digits
    if len(digits) != 10 or _is_of_machines(value):
        return Checked(False, "not ten digits, or a number of machines")
    area, exchange = digits[:3], digits[3:6]
    ok = area[0] > "1" and exchange[0] > "1"
    return Checked(ok and len(set(digits)) > 2, "area and exchange are possible")


def _is_of_machines(value: str) -> bool:
    """Tell whether these are equal groups, or a bound or a mask of whole numbers."""
    if not value.isdigit():
        groups = _DIGITS.findall(value)
        return len(groups) > 1 and len(set(groups)) == 1
    number = int(value)
    return number % _PAGE == 0 or any(abs(number - each) <= _NEAR for each in _BOUNDS)


def national(value: str) -> Checked:
    """Seven to twelve digits, no run of one digit, and neither years, a day nor round numbers."""
    digits = _plain(value)
    if _CALENDAR.match(value) or _ROUND.fullmatch(value) or _is_of_machines(value):
        return Checked(False, "years, a day, a range, or a number of machines")
    return Checked(7 <= len(digits) <= 12 and len(set(digits)) > 2, "as long as a phone number")


def british(value: str) -> Checked:
    """Ten or eleven digits with the zero, which the British plan knows."""
    digits = _plain(value)
    return Checked(len(digits) in {10, 11} and digits[1] in "123578", "a British number")


PATTERNS: Final = (
    _phone(
        id="phone-international",
        trigger=r"\+ ?\(?\d",
        regex=r"\+ ?\(?\d{1,3}\)?(?:[ .\-/\n]{0,2}\(?\d{1,5}\)?){1,7}" + _EXT,
        score=0.95,
        context_score=1.0,
        validator=international,
        joins="-.",
        firm=True,
    ),
    _phone(
        id="phone-double-zero",
        trigger=r"\b00[1-9]\d",
        regex=r"00[1-9]\d{0,2}(?:[ .\-/]{1,2}\(?\d{2,8}\)?){1,6}|00[1-9]\d{9,12}\b",
        score=0.6,
        validator=international,
    ),
    _phone(
        id="phone-us-brackets",
        trigger=r"\([2-9]\d\d\)",
        regex=r"\([2-9]\d\d\)[ .\-\n]{0,2}[2-9]\d\d[ .\-\n]{1,2}\d{4}" + _EXT,
        score=0.95,
        context_score=1.0,
        validator=north_american,
        firm=True,
    ),
    _phone(
        id="phone-us-hyphens",
        trigger=r"\b[2-9]\d\d[\-.][2-9]\d\d[\-.]\d",
        regex=r"[2-9]\d\d([\-.])[2-9]\d\d\1\d{4}\b" + _EXT,
        score=0.8,
        validator=north_american,
    ),
    _phone(
        id="phone-us-one",
        trigger=r"\b1[ \-.][2-9(]",
        regex=r"1([ \-.])\(?[2-9]\d\d\)?[ \-.][2-9]\d\d[ \-.]\d{4}\b" + _EXT,
        score=0.85,
        validator=north_american,
    ),
    _phone(
        id="phone-us-spaces",
        joins="-./_ ",
        trigger=r"\b[2-9]\d\d[ \n/][2-9]\d\d[ \-\n]\d\d\d\d\b",
        regex=r"[2-9]\d\d[ \n/][2-9]\d\d[ \-\n]\d{4}" + _EXT,
        score=0.55,
        validator=north_american,
    ),
    _phone(
        id="phone-us-local",
        trigger=r"\b[2-9]\d\d-\d\d\d\d\b",
        regex=r"[2-9]\d\d-\d{4}" + _EXT,
        score=0.25,
        context_score=0.8,
        validator=national,
    ),
    _phone(
        id="phone-fr-pairs",
        trigger=r"\b0[1-9][ .\-]\d\d[ .\-]\d\d",
        regex=r"0[1-9]([ .\-])\d\d\1\d\d\1\d\d\1\d\d\b",
        score=0.85,
        validator=national,
    ),
    _phone(
        id="phone-uk-mobile",
        trigger=r"\b07\d\d\d[ \-]\d\d\d",
        regex=r"07\d{3}[ \-]\d{3}[ \-]?\d{3}\b",
        score=0.8,
        validator=british,
    ),
    _phone(
        id="phone-uk-land",
        trigger=r"(?:\b0[123]\d{2,3}[ \-]|\(0[123]\d{2,3}\) ?)\d\d",
        regex=r"(?:0[12][0-9]{1,2}[ \-]\d{4}[ \-]\d{4}|0[123]\d{2}[ \-]\d{3}[ \-]\d{4}"
        r"|0[12]\d{3}[ \-]\d{6}|0[12]\d{3}[ \-]\d{3}[ \-]\d{3}|\(0[12]\d{2,3}\) ?\d{3,4}[ "
        r"\-]?\d{3,4})\b",
        score=0.75,
        validator=british,
    ),
    _phone(
        id="phone-uk-london",
        trigger=r"(?:\b02\d[ \-]|\(02\d\) ?)\d\d\d\d[ \-]\d\d\d\d\b",
        regex=r"\(?02\d\)?[ \-]?\d{4}[ \-]\d{4}\b",
        score=0.85,
        validator=british,
    ),
    _phone(
        id="phone-trunk-grouped",
        trigger=r"(?:\b0[1-9]\d{0,4}[ /\-]|\(0[1-9]\d{0,4}\) ?)\d",
        regex=r"\(?0[1-9]\d{0,4}\)?[ /\-]{0,3}\d{2,8}(?:[ \-/]{1,2}\d{2,5}){0,4}\b",
        score=0.4,
        validator=national,
    ),
    _phone(
        id="phone-de-slash",
        trigger=r"\b0[1-9]\d{1,4} ?/ ?\d",
        regex=r"0[1-9]\d{1,4} ?/ ?\d{3,8}(?:[ \-]\d{1,5}){0,3}\b",
        score=0.75,
        validator=national,
    ),
    _phone(
        id="phone-de-mobile",
        trigger=r"\b01[567]\d[ \-]?\d{6}",
        regex=r"01[567]\d[ \-]?\d{7,8}\b",
        score=0.55,
        validator=national,
    ),
    _phone(
        id="phone-au",
        trigger=(
            r"(?:\(0[2378]\) ?\d{4}[ \-]|\b0[2378][ \-]\d{4}[ \-]|\b04\d\d[ \-]\d\d\d[ "
            r"\-])\d\d\d"
        ),
        regex=r"(?:\(0[2378]\) ?|0[2378][ \-])\d{4}[ \-]\d{4}\b|04\d\d[ \-]\d{3}[ \-]\d{3}\b",
        score=0.85,
        validator=national,
    ),
    _phone(
        id="phone-br",
        trigger=r"\([1-9]\d\) ?9?\d{4}[ \-.]\d{4}\b",
        regex=r"\([1-9]\d\) ?9?\d{4}[ \-.]\d{4}",
        score=0.9,
        validator=national,
        firm=True,
    ),
    _phone(
        id="phone-br-mobile",
        trigger=r"\b[1-9]\d[ \-]9\d{4}[ \-]\d{4}\b",
        regex=r"[1-9]\d[ \-]9\d{4}[ \-]\d{4}",
        score=0.75,
        validator=national,
    ),
    _phone(
        id="phone-nl-mobile",
        trigger=r"\b06[ \-]\d",
        regex=(
            r"06[ \-](?:\d{8}|\d{4}[ \-]\d{4}|\d{2}(?:[ \-]\d{2}){3}|\d{3}[ \-]\d{3}[ "
            r"\-]\d{2})\b"
        ),
        score=0.8,
        validator=national,
    ),
    _phone(
        id="phone-it-mobile",
        joins="-./_ ",
        trigger=r"\b3[2-9]\d[ \-.]\d",
        regex=r"3[2-9]\d[ \-.](?:\d{7}|\d{3}[ \-.]?\d{4}|\d{2}[ \-.]\d{2}[ \-.]\d{3})\b",
        score=0.55,
        validator=national,
    ),
    _phone(
        id="phone-in-mobile",
        joins="-./_ ",
        trigger=r"\b[6-9]\d{4}[ \-]\d{5}\b",
        regex=r"[6-9]\d{4}[ \-]\d{5}",
        score=0.65,
        validator=national,
    ),
    _phone(
        id="phone-es-groups",
        joins="-./_ ",
        trigger=r"\b[6789]\d\d[ .\-]\d\d",
        regex=r"[6789]\d\d(?:([ .\-])\d{3}\1\d{3}|([ .\-])\d{2}\2\d{2}\2\d{2})\b",
        score=0.55,
        validator=national,
    ),
    _phone(
        id="phone-eight",
        joins="-./_ ",
        trigger=r"\b[2-9]\d{3}[ \-]\d{4}\b",
        regex=r"[2-9]\d{3}[ \-]\d{4}",
        score=0.3,
        context_score=0.85,
        validator=national,
    ),
    _phone(
        id="phone-bare",
        regex=r"\b\d{8,12}\b",
        score=0.1,
        context=_NOUNS,
        context_score=0.8,
        validator=national,
    ),
    _phone(
        id="phone-us-bare",
        regex=r"\b[2-9]\d{2}[2-9]\d{6}\b",
        score=0.1,
        context_score=0.85,
        validator=north_american,
    ),
    _phone(
        id="phone-spaced",
        joins="-./_ ",
        trigger=r"\b\d{2,4}[ .\-]\d{2,4}[ .\-]\d{2,4}\b",
        regex=r"\d{2,4}(?:[ .\-]\d{2,4}){2,4}\b",
        score=0.1,
        context_score=0.75,
        validator=national,
    ),
)
SHEETS: Final = (
    Sheet(
        type="PHONE_NUMBER",
        family=Family.PII,
        title="Telephone numbers",
        finds="Numbers with a plus sign and a calling code; national numbers of North America, the"
        " United Kingdom, Germany, France, Spain, Italy, the Netherlands, Brazil, Australia and"
        " India as they are written there; other groups of digits beside a word such as *call*.",
        limits="Bare digits without a word nearby are not taken for a phone number.",
        examples=("+49 30 901820", "(415) 555-2671", "06 12 34 56 78"),
        near_misses=("order 415-555-2671", "2024-05-12"),
    ),
)
