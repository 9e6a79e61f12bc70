"""Bank account numbers of the international form: country, length and remainder by 97."""

from __future__ import annotations

from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet
from muniment.detect.rules.check_digits import mod97

_COUNTRIES: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22"
    " DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28"
    " HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25"
    " MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29"
    " RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29"
    " VA22 VG24 XK20 YE30"
)
_LENGTHS: Final = {part[:2]: int(part[2:]) for part in _COUNTRIES.split()}


def iban(value: str) -> Checked:
    """Take as many letters and digits as the country's numbers have, and check them."""
    wanted = _LENGTHS.get(value[:2].upper())
    if wanted is None:
        return Checked(False, "no country of the scheme")
    if value[:wanted].isalnum() and len(value) >= wanted:  # nothing parts it
        return _judged(value, wanted)
    taken = 0
    for place, letter in enumerate(value):
        taken += letter.isalnum()
        if taken == wanted:
            return _judged(value, place + 1)
    return Checked(False, "too short for its country")


def _judged(value: str, end: int) -> Checked:
    if value[end : end + 1].isalnum():
        return Checked(False, "too long for its country")
    number = value[:end].upper()
    if not number.isalnum():
        number = "".join(letter for letter in number if letter.isalnum())
    if mod97(number[4:] + number[:4]) != 1:
        return Checked(False, "the check digits are wrong")
    return Checked(True, f"{number[:2]}, check digits right", (0, end))


PATTERNS: Final = (
    Pattern(
        id="iban",
        type="IBAN_CODE",
        family=Family.FINANCIAL,
        trigger=r"\b[A-Z]{2}\d{2}[ .\-\n]?[A-Z0-9]{2}",
        regex=r"[A-Z]{2}\d{2}(?:[ .\-\n]?[A-Z0-9]){11,34}(?![A-Za-z0-9])",
        score=1.0,
        validator=iban,
        joins="",
        ignore_case=True,
        firm=True,
    ),
)
SHEETS: Final = (
    Sheet(
        type="IBAN_CODE",
        family=Family.FINANCIAL,
        title="International bank account numbers (IBAN)",
        finds="Account numbers of 89 countries whose length and check digits fit, together or"
        " split, in capitals or not.",
        limits="A number with a mistyped digit is not found; that is what the check is for.",
        examples=("DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"),
        near_misses=("DE89 3704 0044 0532 0130 01",),
    ),
)
