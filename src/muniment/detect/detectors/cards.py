"""Payment cards: brand, length, grouping and the Luhn digit must all fit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import luhn
from muniment.detect.rules.shapes import windows

_WORDS: Final = Words(
    en="card|credit card|debit card|card number|cc|ccn|visa|mastercard|amex|american express"
    "|discover|diners|jcb|maestro|unionpay|pan|cvv|cvc|expires|expiry|charged|payment card",
    de="kreditkarte|kreditkartennummer|karte|kartennummer|kartennr|girokarte|abgebucht",
    fr="carte|carte bancaire|carte de credit|numero de carte|cb|carte bleue",
    es="tarjeta|tarjeta de credito|tarjeta de debito|numero de tarjeta",
    pt="cartao|cartao de credito|cartao de debito|numero do cartao",
    it="carta|carta di credito|numero carta|carta di debito",
    nl="kaart|creditcard|creditcardnummer|kaartnummer|pinpas|betaalkaart",
)

# Brand, lengths, and the ranges of leading digits, each as (first, last) of the same length.
_BRANDS: Final = (
    ("Visa", (13, 16, 19), ((4, 4),)),
    ("Mastercard", (16,), ((51, 55), (2221, 2720))),
    ("American Express", (15,), ((34, 34), (37, 37))),
    ("Diners Club", (14, 16), ((300, 305), (309, 309), (36, 36), (38, 39))),
    ("Discover", (16, 19), ((6011, 6011), (644, 649), (65, 65), (622126, 622925))),
    ("JCB", (16, 19), ((3528, 3589),)),
    ("UnionPay", (16, 17, 18, 19), ((62, 62), (81, 81))),
    ("Mir", (16, 19), ((2200, 2204),)),
    ("Troy", (16,), ((9792, 9792),)),
    ("RuPay", (16,), ((60, 60), (82, 82), (508, 508), (353, 353), (356, 356))),
    ("Elo", (16,), ((506699, 506778), (509000, 509999), (636368, 636368), (438935, 438935))),
    ("Hipercard", (16,), ((606282, 606282), (3841, 3841))),
    ("Maestro", (12, 13, 14, 15, 16, 17, 18, 19), ((5018, 5018), (5020, 5020), (5038, 5038),
        (5893, 5893), (6304, 6304), (6759, 6759), (6761, 6763), (6759, 6759), (56, 58), (67, 67))),
)  # fmt: skip
_SHORT: Final = 14
_MOST_LEADING: Final = 6
_DIGITS: Final = re.compile(r"\d+").findall
_GROUPINGS: Final = frozenset({(4, 6, 5), (4, 6, 4), (4, 5, 6), (6, 10), (4, 12), (6, 13), (12, 4)})


def brand_of(number: str) -> str:
    """Name the brand whose ranges and lengths a number fits, or nothing."""
    return _brand(number[:_MOST_LEADING], len(number))


@lru_cache(maxsize=8192)
def _brand(first: str, length: int) -> str:
    for name, lengths, ranges in _BRANDS:
        if length in lengths:
            for low, high in ranges:
                if low <= int(first[: len(str(low))]) <= high:
                    return name
    return ""


def _is_grouped(sizes: tuple[int, ...]) -> bool:
    """Tell whether digits are split as people split a card's: evenly, or as brands print them.

    Pairs are not: they are the days of a calendar or the numbers of a draw.
    """
    if len(sizes) == 1 or sizes in _GROUPINGS:
        return True
    if sizes[0] == 2:
        return False
    return len(set(sizes[:-1])) == 1 and sizes[0] <= 8 and sizes[-1] <= sizes[0]


_FIRST: Final = sorted(
    {(len(str(low)), low, high) for _, _, ranges in _BRANDS for low, high in ranges}
)


@lru_cache(maxsize=4096)
def _may_begin(first: str) -> bool:
    """Tell whether the first six digits are those of some brand."""
    return any(low <= int(first[:size]) <= high for size, low, high in _FIRST)


def card(value: str) -> Checked:
    """Find the card number inside a run of digits."""
    step = "no brand begins so"
    if not _may_begin("".join(_DIGITS(value, 0, _SHORT))[:_MOST_LEADING]):
        return Checked(False, step)
    for start, end, number, sizes in windows(value, 19):
        if len(number) < 12 or len(set(number)) < 2 or not _is_grouped(sizes):
            continue
        brand = brand_of(number)
        if brand and not luhn(number):
            step = "the Luhn digit is wrong"
        elif brand:
            short = len(number) < _SHORT or (brand == "Maestro" and len(number) != 16)
            return Checked(
                True, f"{brand}, Luhn digit right", (start, end), 0.45 if short else None
            )
    return Checked(False, step)


PATTERNS: Final = (
    Pattern(
        id="card",
        type="CREDIT_CARD",
        family=Family.FINANCIAL,
        trigger=r"\b\d(?:[ .\-\n]?\d){11}",
        regex=r"\d(?:[ .\-\n]{0,2}\d){11,30}",
        score=1.0,
        context=_WORDS,
        context_score=1.0,
        validator=card,
        firm=True,
    ),
)
SHEETS: Final = (
    Sheet(
        type="CREDIT_CARD",
        family=Family.FINANCIAL,
        title="Payment card numbers",
        finds="Numbers of 12 to 19 digits of thirteen brands whose Luhn digit is right, together"
        " or split into groups by spaces, dots, hyphens or line ends.",
        limits="One in ten random numbers of a brand's range passes the Luhn digit. Cards shorter"
        " than 14 digits need a word such as *card* nearby.",
        examples=("4111 1111 1111 1111", "3782-822463-10005"),
        near_misses=("4111 1111 1111 1112", "1234567812345670"),
    ),
)
