"""Bank codes and account numbers without a check of their own: the words nearby decide."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import weighted
from muniment.detect.rules.shapes import checked

_CODES: Final = (
    "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW"
    " BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER"
    " ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR"
    " HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI"
    " LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MQ MR MT MU MV MW MX MY MZ NA NC"
    " NE NG NI NL NO NP NR NZ OM PA PE PF PG PH PK PL PR PS PT PW PY QA RE RO RS RU RW SA SB"
    " SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW"
    " TZ UA UG US UY UZ VA VC VE VG VI VN VU WS XK YE ZA ZM ZW"
)
_COUNTRIES: Final = frozenset(_CODES.split())
_BIC: Final = Words(
    en="bic|swift|swift code|bic code|bank identifier|swift bic|iban",
    de="bankleitzahl|bic code",
    fr="code swift|code bic",
    es="codigo swift|codigo bic",
    pt="codigo swift",
    it="codice swift|codice bic",
    nl="swift code",
)
_ROUTING: Final = Words(
    en="routing|routing number|aba|rtn|routing transit|transit number|bank routing|ach|wire"
)
_ACCOUNT: Final = Words(
    en="account|account number|bank account|acct|acct number|checking|savings|account no|a c"
    "|direct deposit|checking account|savings account",
    de="konto|kontonummer|kontonr|girokonto",
    fr="compte|numero de compte|compte bancaire",
    es="cuenta|numero de cuenta|cuenta bancaria",
    pt="conta|numero da conta|conta corrente",
    it="conto|numero di conto|conto corrente",
    nl="rekening|rekeningnummer|bankrekening",
)
_ACCOUNT_NUMBER: Final = Words(
    en="account number|bank account|acct number|account no|checking account|savings account"
    "|direct deposit",
    de="kontonummer|kontonr|girokonto",
    fr="numero de compte|compte bancaire",
    es="numero de cuenta|cuenta bancaria",
    pt="numero da conta|conta corrente",
    it="numero di conto|conto corrente",
    nl="rekeningnummer|bankrekening",
)
_SORT: Final = Words(en="sort code|sort|sortcode|bank sort code")
_financial = partial(Pattern, family=Family.FINANCIAL)


def bic(value: str) -> Checked:
    """A bank's code names a country in its fifth and sixth letters."""
    if value[4:6] in _COUNTRIES:
        return Checked(True, f"country {value[4:6]}")
    return Checked(False, "no country in the fifth and sixth letters")


def _is_routing(digits: str) -> bool:
    district = int(digits[:2])
    known = district <= 12 or 21 <= district <= 32 or 61 <= district <= 72 or district == 80
    return (
        known and digits != "000000000" and weighted(digits, (3, 7, 1, 3, 7, 1, 3, 7, 1)) % 10 == 0
    )


PATTERNS: Final = (
    _financial(
        id="bic",
        type="BIC_CODE",
        regex=r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b",
        score=0.2,
        context=_BIC,
        context_score=0.95,
        validator=bic,
    ),
    _financial(
        id="us-routing",
        type="ABA_ROUTING_NUMBER",
        regex=r"\b\d{4}-?\d{4}-?\d\b",
        score=0.2,
        context=_ROUTING,
        context_score=0.97,
        validator=checked(_is_routing, "routing check digit right"),
    ),
    _financial(
        id="us-account",
        type="US_BANK_NUMBER",
        regex=r"\b\d{8,17}\b",
        score=0.05,
        context=_ACCOUNT,
        context_score=0.66,
    ),
    _financial(
        id="us-account-short",
        type="US_BANK_NUMBER",
        regex=r"\b\d{6,7}\b",
        score=0.05,
        context=_ACCOUNT_NUMBER,
        context_score=0.66,
    ),
    _financial(
        id="uk-sort-code",
        type="UK_SORT_CODE",
        regex=r"\b\d{2}[ \-]\d{2}[ \-]\d{2}\b",
        score=0.05,
        context=_SORT,
        context_score=0.9,
    ),
)
SHEETS: Final = (
    Sheet(
        type="BIC_CODE",
        family=Family.FINANCIAL,
        title="Bank identifier codes (BIC, SWIFT)",
        finds="Codes of 8 or 11 capitals and digits with a country in them, beside a word such as"
        " *BIC* or *SWIFT*.",
        limits="Without such a word an eight-letter word in capitals cannot be told from a code.",
        examples=("SWIFT: DEUTDEFF500",),
        near_misses=("DOCUMENT", "BIC: PASSWORD"),
    ),
    Sheet(
        type="ABA_ROUTING_NUMBER",
        family=Family.FINANCIAL,
        title="US routing numbers",
        finds="Nine digits with a right check digit beside a word such as *routing*.",
        limits="Without such a word a nine-digit number is not taken for one.",
        examples=("routing number 021000021",),
        near_misses=("routing number 021000022",),
    ),
    Sheet(
        type="US_BANK_NUMBER",
        family=Family.FINANCIAL,
        title="Bank account numbers",
        finds="Six to seventeen digits beside a word such as *account*.",
        limits="The number itself has no check; the word decides alone.",
        examples=("checking account 000123456789",),
        near_misses=("order 000123456789",),
    ),
    Sheet(
        type="UK_SORT_CODE",
        family=Family.FINANCIAL,
        title="UK sort codes",
        finds="Three pairs of digits beside *sort code*.",
        limits="Six digits without separators are not taken for one.",
        examples=("sort code 20-00-00",),
        near_misses=("20-11-24",),
    ),
)
