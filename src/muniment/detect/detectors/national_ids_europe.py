"""Numbers of people in the other countries of Europe."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import iso7064_mod11_10, weighted
from muniment.detect.rules.shapes import checked, is_short_date

_PESEL: Final = Words(en="pesel|polish id")
_HETU: Final = Words(en="henkilotunnus|hetu|personal identity code|finnish id|ssn")
_SWEDISH: Final = Words(en="personnummer|swedish id|personal number|samordningsnummer|pnr")
_DANISH: Final = Words(en="cpr|cpr nummer|danish id|personnummer|cpr number")
_NORWEGIAN: Final = Words(en="fodselsnummer|norwegian id|personnummer|fnr|d nummer")
_SWISS: Final = Words(en="ahv|avs|social security", de="ahv|ahv nummer|sozialversicherungsnummer")
_AUSTRIAN: Final = Words(
    en="austrian social security", de="svnr|sozialversicherungsnummer|sv nummer|versicherungsnummer"
)
_BELGIAN: Final = Words(
    en="national number|belgian id|nrn",
    fr="registre national|numero national|numero de registre national|niss",
    nl="rijksregisternummer|insz|rijksregister",
)
_TURKISH: Final = Words(en="tc kimlik|kimlik|turkish id|tckn|kimlik no|tc no")
_CZECH: Final = Words(en="rodne cislo|birth number|czech id|rodne cislo")
_ROMANIAN: Final = Words(en="cnp|cod numeric personal|romanian id")
_CROATIAN: Final = Words(en="oib|croatian id")
_GREEK: Final = Words(en="afm|greek tax|amka")
_VAT: Final = Words(
    en="vat|vat number|vat id|vat no|vat reg|vat registration",
    de="ust|uid",
    fr="tva|intracommunautaire",
    es="iva",
    nl="btw",
    pt="iva",
    it="iva",
)
_pii = partial(Pattern, family=Family.PII)
_HETU_LETTERS: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def _is_pesel(number: str) -> bool:
    month = int(number[2:4]) % 20
    right = -weighted(number[:10], (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10 == int(number[10])
    return right and is_short_date(str(month), number[4:6])


def _is_hetu(value: str) -> bool:
    number = int(value[:6] + value[-4:-1])
    fits = is_short_date(value[2:4], value[:2])
    return fits and _HETU_LETTERS[number % 31] == value[-1]


def _is_swedish(number: str) -> bool:
    plain = number[-10:]
    day = int(plain[4:6])
    fits = is_short_date(plain[2:4], f"{day - 60 if day > 60 else day:02d}")
    total = sum(sum(divmod(int(d) * (2 - place % 2), 10)) for place, d in enumerate(plain))
    return fits and total % 10 == 0


def _is_danish(number: str) -> bool:
    return is_short_date(number[2:4], number[:2])


def _is_norwegian(number: str) -> bool:
    first = weighted(number[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    second = weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
    day = int(number[:2])
    fits = is_short_date(number[2:4], f"{day - 40 if day > 40 else day:02d}")
    return fits and first == 0 and second == 0


def _is_swiss(number: str) -> bool:
    return weighted(number, (1, 3) * 6 + (1,)) % 10 == 0


def _is_austrian(number: str) -> bool:
    check = weighted(number, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11
    return number[0] != "0" and check == int(number[3]) and 1 <= int(number[4:6]) <= 31


def _is_belgian(number: str) -> bool:
    key = int(number[9:])
    return key in {97 - int(number[:9]) % 97, 97 - int("2" + number[:9]) % 97}


def _is_turkish(number: str) -> bool:
    d = [int(each) for each in number]
    tenth = (sum(d[0:9:2]) * 7 - sum(d[1:8:2])) % 10
    return d[0] != 0 and d[9] == tenth and d[10] == sum(d[:10]) % 10


def _is_czech(number: str) -> bool:
    month = int(number[2:4]) % 50 % 20
    fits = is_short_date(str(month), number[4:6])
    return fits and len(number) == 10 and int(number) % 11 == 0


def _is_romanian(number: str) -> bool:
    rest = weighted(number[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    fits = is_short_date(number[3:5], number[5:7])
    return number[0] != "0" and fits and (1 if rest == 10 else rest) == int(number[12])


def _is_greek(number: str) -> bool:
    total = weighted(number[:8], (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10
    return len(set(number)) > 1 and total == int(number[8])


PATTERNS: Final = (
    _pii(
        id="pl-pesel",
        type="PL_PESEL",
        regex=r"\b\d{11}\b",
        score=0.4,
        context=_PESEL,
        context_score=1.0,
        validator=checked(_is_pesel, "birth date and check digit right"),
    ),
    _pii(
        id="fi-hetu",
        type="FI_PERSONAL_IDENTITY_CODE",
        regex=r"\b\d{6}[\-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]\b",
        score=0.95,
        context=_HETU,
        context_score=1.0,
        validator=checked(_is_hetu, "birth date and check character right"),
    ),
    _pii(
        id="se-personnummer",
        type="SE_PERSONNUMMER",
        regex=r"\b(?:19|20)?\d{6}[\-+]?\d{4}\b",
        score=0.8,
        context=_SWEDISH,
        context_score=1.0,
        validator=checked(_is_swedish, "birth date and Luhn digit right", together=0.2),
    ),
    _pii(
        id="dk-cpr",
        type="DK_CPR",
        regex=r"\b\d{6}-?\d{4}\b",
        score=0.3,
        context=_DANISH,
        context_score=0.99,
        validator=checked(_is_danish, "birth date exists"),
    ),
    _pii(
        id="no-fodselsnummer",
        type="NO_FODSELSNUMMER",
        regex=r"\b\d{6} ?\d{5}\b",
        score=0.55,
        context=_NORWEGIAN,
        context_score=1.0,
        validator=checked(_is_norwegian, "birth date and both check digits right"),
    ),
    _pii(
        id="ch-ahv",
        type="CH_AHV",
        regex=r"\b756[ .\-]?\d{4}[ .\-]?\d{4}[ .\-]?\d{2}\b",
        score=0.95,
        context=_SWISS,
        context_score=1.0,
        validator=checked(_is_swiss, "check digit right", together=0.7),
    ),
    _pii(
        id="at-svnr",
        type="AT_SVNR",
        regex=r"\b\d{4}[ \-]?\d{6}\b",
        score=0.4,
        context=_AUSTRIAN,
        context_score=0.99,
        validator=checked(_is_austrian, "check digit right", together=0.2),
    ),
    _pii(
        id="be-nrn",
        type="BE_NATIONAL_NUMBER",
        regex=r"\b\d{2}[ .]?\d{2}[ .]?\d{2}[ \-]?\d{3}[ .]?\d{2}\b",
        score=0.9,
        context=_BELGIAN,
        context_score=1.0,
        validator=checked(_is_belgian, "key right modulo 97", together=0.4),
    ),
    _pii(
        id="tr-kimlik",
        type="TR_NATIONAL_ID",
        regex=r"\b[1-9]\d{10}\b",
        score=0.5,
        context=_TURKISH,
        context_score=1.0,
        validator=checked(_is_turkish, "both check digits right"),
    ),
    _pii(
        id="cz-rodne-cislo",
        type="CZ_BIRTH_NUMBER",
        regex=r"\b\d{6}/?\d{4}\b",
        score=0.6,
        context=_CZECH,
        context_score=1.0,
        validator=checked(_is_czech, "birth date right, divides by 11", together=0.2),
    ),
    _pii(
        id="ro-cnp",
        type="RO_CNP",
        regex=r"\b[1-9]\d{12}\b",
        score=0.5,
        context=_ROMANIAN,
        context_score=1.0,
        validator=checked(_is_romanian, "birth date and check digit right"),
    ),
    _pii(
        id="hr-oib",
        type="HR_OIB",
        regex=r"\b\d{11}\b",
        score=0.2,
        context=_CROATIAN,
        context_score=0.99,
        validator=checked(iso7064_mod11_10, "check digit right"),
    ),
    _pii(
        id="gr-afm",
        type="GR_AFM",
        family=Family.FINANCIAL,
        regex=r"\b\d{9}\b",
        score=0.1,
        context=_GREEK,
        context_score=0.98,
        validator=checked(_is_greek, "check digit right"),
    ),
    _pii(
        id="eu-vat",
        type="EU_VAT_ID",
        family=Family.FINANCIAL,
        regex=(
            r"\b(?:ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DK\d{8}|EE\d{9}"
            r"|EL\d{9}|ES[A-Z0-9]\d{7}[A-Z0-9]|FI\d{8}|FR[A-HJ-NP-Z0-9]{2} ?\d{9}|GB ?\d{3} "
            r"?\d{4} ?\d{2}|HR\d{11}|HU\d{8}|IE\d[A-Z0-9]\d{5}[A-Z]{1,2}|LT\d{9,12}|LU\d{8}"
            r"|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|RO\d{6,10}|SE\d{12}|SI\d{8}|SK\d{10}"
            r"|CHE[\-]?\d{3}\.?\d{3}\.?\d{3})\b"
        ),
        score=0.45,
        context=_VAT,
        context_score=0.95,
    ),
)
SHEETS: Final = (
    Sheet(
        type="PL_PESEL",
        family=Family.PII,
        title="Polish PESEL numbers",
        finds="Eleven digits with a birth date and a right check digit beside *PESEL*.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("PESEL 44051401359",),
        near_misses=("PESEL 44051401358",),
    ),
    Sheet(
        type="FI_PERSONAL_IDENTITY_CODE",
        family=Family.PII,
        title="Finnish personal identity codes",
        finds="A birth date, a sign, three digits and a right check character.",
        limits="None known beyond chance.",
        examples=("131052-308T",),
        near_misses=("131052-308U",),
    ),
    Sheet(
        type="SE_PERSONNUMMER",
        family=Family.PII,
        title="Swedish personal numbers",
        finds="A birth date and four digits with a right Luhn digit.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("811228-9874",),
        near_misses=("811228-9875",),
    ),
    Sheet(
        type="DK_CPR",
        family=Family.PII,
        title="Danish CPR numbers",
        finds="A birth date and four digits beside *CPR*.",
        limits="The check digit is no longer used there.",
        examples=("CPR 211062-5629",),
        near_misses=("ordre 211062-5629",),
    ),
    Sheet(
        type="NO_FODSELSNUMMER",
        family=Family.PII,
        title="Norwegian birth numbers",
        finds="Eleven digits with a birth date and two right check digits.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("fødselsnummer 01010050053",),
        near_misses=("fødselsnummer 01010050054",),
    ),
    Sheet(
        type="CH_AHV",
        family=Family.PII,
        title="Swiss AHV numbers",
        finds="Thirteen digits that begin with 756 with a right check digit.",
        limits="None known beyond chance.",
        examples=("756.9217.0769.85",),
        near_misses=("756.9217.0769.86",),
    ),
    Sheet(
        type="AT_SVNR",
        family=Family.PII,
        title="Austrian social insurance numbers",
        finds="Ten digits with a right check digit beside a word for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("SVNR 1237 010180",),
        near_misses=("SVNR 1238 010180",),
    ),
    Sheet(
        type="BE_NATIONAL_NUMBER",
        family=Family.PII,
        title="Belgian national numbers",
        finds="Eleven digits with a right key.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("85.07.30-033.28",),
        near_misses=("85.07.30-033.29",),
    ),
    Sheet(
        type="TR_NATIONAL_ID",
        family=Family.PII,
        title="Turkish identity numbers",
        finds="Eleven digits with two right check digits.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("TC kimlik 10000000146",),
        near_misses=("TC kimlik 10000000147",),
    ),
    Sheet(
        type="CZ_BIRTH_NUMBER",
        family=Family.PII,
        title="Czech and Slovak birth numbers",
        finds="Ten digits with a birth date that divide by 11.",
        limits="Numbers of nine digits, from before 1954, are not found.",
        examples=("710319/2745",),
        near_misses=("710319/2746",),
    ),
    Sheet(
        type="RO_CNP",
        family=Family.PII,
        title="Romanian CNP numbers",
        finds="Thirteen digits with a birth date and a right check digit.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("CNP 1630615123457",),
        near_misses=("CNP 1630615123458",),
    ),
    Sheet(
        type="HR_OIB",
        family=Family.PII,
        title="Croatian OIB numbers",
        finds="Eleven digits with a right check digit beside *OIB*.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("OIB 33392005961",),
        near_misses=("OIB 33392005962",),
    ),
    Sheet(
        type="GR_AFM",
        family=Family.FINANCIAL,
        title="Greek tax numbers",
        finds="Nine digits with a right check digit beside *AFM*.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("AFM 094259216",),
        near_misses=("AFM 094259217",),
    ),
    Sheet(
        type="EU_VAT_ID",
        family=Family.FINANCIAL,
        title="European VAT numbers",
        finds="The countries' forms beside a word such as *VAT*.",
        limits=(
            "Check digits are computed for Germany and Italy only, which have types of their own."
        ),
        examples=("VAT ATU12345678",),
        near_misses=("part ATU12345678",),
    ),
)
