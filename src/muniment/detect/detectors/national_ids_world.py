"""Numbers of people in Asia, Africa and Latin America, and passports of any country."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import luhn, weighted
from muniment.detect.rules.shapes import checked, is_date, is_short_date

_KOREAN: Final = Words(en="rrn|resident registration|korean id|resident number|jumin")
_THAI: Final = Words(en="thai id|tnin|thai national|citizen id|national id")
_CHINESE: Final = Words(en="resident identity|chinese id|id number|id card|shenfenzheng")
_SOUTH_AFRICAN: Final = Words(en="south african id|id number|sa id|identity number|rsa id")
_CURP: Final = Words(es="curp|clave unica", en="curp")
_RFC: Final = Words(es="rfc|registro federal|contribuyente", en="rfc")
_CHILEAN: Final = Words(es="rut|run|rol unico|cedula", en="rut|chilean id")
_ARGENTINE: Final = Words(es="cuit|cuil|clave unica", en="cuit")
_JAPANESE: Final = Words(en="my number|individual number|mynumber|japanese id|kojin bango")
_ISRAELI: Final = Words(en="teudat zehut|israeli id|id number|tz|israel id")
_NIGERIAN: Final = Words(en="nin|national identification|nigerian id|nimc")
_HONG_KONG: Final = Words(en="hkid|hong kong id|hong kong identity|identity card")
_PASSPORT: Final = Words(
    en="passport|passport number|passport no|travel document",
    de="reisepass|passnummer|reisepassnummer",
    fr="passeport",
    es="pasaporte",
    pt="passaporte",
    it="passaporto",
    nl="paspoort",
)
_NATIONAL: Final = Words(
    en="national id|national identity|identity number|national identification|id card number"
    "|identification number|national id number",
    de="ausweisnummer",
    fr="numero d identite",
    es="cedula|numero de identidad|documento de identidad",
    pt="numero de identidade",
    it="numero di identita",
    nl="identiteitsnummer",
)
_pii = partial(Pattern, family=Family.PII)


def _is_korean(number: str) -> bool:
    check = (11 - weighted(number[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10
    fits = is_short_date(number[2:4], number[4:6]) and number[6] in "123456789"
    # Since October 2020 the last digits are random: the date and the century must do.
    return fits and (check == int(number[12]) or int(number[:2]) >= 20 or number[6] in "3478")


def _is_thai(number: str) -> bool:
    check = (11 - weighted(number[:12], range(13, 1, -1)) % 11) % 10
    return number[0] in "12345678" and check == int(number[12])


def _is_chinese(value: str) -> bool:
    total = weighted(value[:17], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11
    fits = is_date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    return fits and "10X98765432"[total] == value[17]


def _is_south_african(number: str) -> bool:
    return is_short_date(number[2:4], number[4:6]) and number[10] in "012" and luhn(number)


def _is_chilean(value: str) -> bool:
    body = value[:-1]
    total = sum(int(d) * (2 + place % 6) for place, d in enumerate(reversed(body)))
    return "0123456789K0"[11 - total % 11 if total % 11 else 0] == value[-1]


def _is_argentine(number: str) -> bool:
    rest = 11 - weighted(number[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    known = number[:2] in {"20", "23", "24", "25", "26", "27", "30", "33", "34"}
    return known and {11: 0, 10: 9}.get(rest, rest) == int(number[10])


def _is_japanese(number: str) -> bool:
    rest = weighted(number[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if rest <= 1 else 11 - rest) == int(number[11])


def _is_hong_kong(value: str) -> bool:
    letters = value[:-7]
    plain = [36] if len(letters) == 1 else []
    plain += [ord(x) - 55 for x in letters] + [int(x) for x in value[-7:-1]]
    rest = -sum(x * w for x, w in zip(plain, range(9, 1, -1), strict=True)) % 11
    return ("A" if rest == 10 else str(rest)) == value[-1]


def _is_curp(value: str) -> bool:
    letters = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
    total = sum(letters.index(x) * (18 - place) for place, x in enumerate(value[:17]))
    return is_short_date(value[6:8], value[8:10]) and str(-total % 10) == value[17]


def _is_mixed(value: str) -> bool:
    return sum(x.isdigit() for x in value) >= 5


PATTERNS: Final = (
    _pii(
        id="kr-rrn",
        type="KR_RRN",
        regex=r"\b\d{6}-?[1-9]\d{6}\b",
        score=0.85,
        context=_KOREAN,
        context_score=1.0,
        validator=checked(_is_korean, "birth date and century possible", together=0.2),
    ),
    _pii(
        id="th-tnin",
        type="TH_TNIN",
        regex=r"\b\d[ \-]?\d{4}[ \-]?\d{5}[ \-]?\d{2}[ \-]?\d\b",
        score=0.9,
        context=_THAI,
        context_score=1.0,
        validator=checked(_is_thai, "check digit right", together=0.3),
    ),
    _pii(
        id="cn-resident",
        type="CN_RESIDENT_ID",
        regex=r"\b[1-9]\d{16}[0-9Xx]\b",
        score=0.97,
        context=_CHINESE,
        context_score=1.0,
        validator=checked(_is_chinese, "birth date and check character right"),
    ),
    _pii(
        id="za-id",
        type="ZA_ID_NUMBER",
        regex=r"\b\d{6} ?\d{4} ?\d{3}\b",
        score=0.6,
        context=_SOUTH_AFRICAN,
        context_score=1.0,
        validator=checked(_is_south_african, "birth date and Luhn digit right"),
    ),
    _pii(
        id="mx-curp",
        type="MX_CURP",
        regex=r"\b[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d\b",
        score=1.0,
        context=_CURP,
        context_score=1.0,
        validator=checked(_is_curp, "birth date and check digit right"),
    ),
    _pii(
        id="mx-rfc",
        type="MX_RFC",
        family=Family.FINANCIAL,
        regex=r"\b[A-Z&]{3,4}\d{6}[A-Z0-9]{3}\b",
        score=0.3,
        context=_RFC,
        context_score=0.97,
    ),
    _pii(
        id="cl-rut",
        type="CL_RUT",
        regex=r"\b\d{1,2}\.?\d{3}\.?\d{3}-[0-9Kk]\b",
        score=0.6,
        context=_CHILEAN,
        context_score=1.0,
        validator=checked(_is_chilean, "check character right"),
    ),
    _pii(
        id="ar-cuit",
        type="AR_CUIT",
        family=Family.FINANCIAL,
        regex=r"\b\d{2}-?\d{8}-?\d\b",
        score=0.85,
        context=_ARGENTINE,
        context_score=1.0,
        validator=checked(_is_argentine, "check digit right", together=0.3),
    ),
    _pii(
        id="jp-my-number",
        type="JP_MY_NUMBER",
        regex=r"\b\d{4}[ \-]?\d{4}[ \-]?\d{4}\b",
        score=0.2,
        context=_JAPANESE,
        context_score=0.99,
        validator=checked(_is_japanese, "check digit right"),
    ),
    _pii(
        id="il-id",
        type="IL_ID",
        regex=r"\b\d{9}\b",
        score=0.1,
        context=_ISRAELI,
        context_score=0.9,
        validator=checked(luhn, "Luhn digit right"),
    ),
    _pii(
        id="hk-id",
        type="HK_ID",
        regex=r"\b[A-Z]{1,2}\d{6}\([0-9A]\)",
        score=0.95,
        context=_HONG_KONG,
        context_score=1.0,
        validator=checked(_is_hong_kong, "check character right"),
    ),
    _pii(
        id="ng-nin",
        type="NG_NIN",
        regex=r"\b\d{11}\b",
        score=0.05,
        context=_NIGERIAN,
        context_score=0.9,
    ),
    _pii(
        id="passport",
        type="PASSPORT",
        regex=r"\b[A-Z0-9]{2}\d{5,7}\b",
        score=0.05,
        context=_PASSPORT,
        context_score=0.66,
        validator=checked(_is_mixed, "digits in it"),
    ),
    _pii(
        id="national-id",
        type="NATIONAL_ID",
        regex=r"\b[A-Z]{0,3}\d{6,14}[A-Z]?\b",
        score=0.05,
        context=_NATIONAL,
        context_score=0.64,
    ),
)
SHEETS: Final = (
    Sheet(
        type="KR_RRN",
        family=Family.PII,
        title="Korean resident numbers",
        finds="A birth date, a century and six digits, split by a hyphen.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("820701-2409184",),
        near_misses=("821301-2409184",),
    ),
    Sheet(
        type="TH_TNIN",
        family=Family.PII,
        title="Thai identity numbers",
        finds="Thirteen digits with a right check digit.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("1-2345-67890-12-1",),
        near_misses=("1-2345-67890-12-2",),
    ),
    Sheet(
        type="CN_RESIDENT_ID",
        family=Family.PII,
        title="Chinese resident identity numbers",
        finds="Eighteen places with a birth date and a right check character.",
        limits="None known beyond chance.",
        examples=("11010519491231002X",),
        near_misses=("110105194912310021",),
    ),
    Sheet(
        type="ZA_ID_NUMBER",
        family=Family.PII,
        title="South African identity numbers",
        finds="Thirteen digits with a birth date and a right Luhn digit.",
        limits="One in a hundred random numbers passes.",
        examples=("8001015009087",),
        near_misses=("8001015009088",),
    ),
    Sheet(
        type="MX_CURP",
        family=Family.PII,
        title="Mexican CURP",
        finds="Eighteen places with a birth date and a right check digit.",
        limits="None known beyond chance.",
        examples=("HEGG560427MVZRRL04",),
        near_misses=("HEGG560427MVZRRL05",),
    ),
    Sheet(
        type="MX_RFC",
        family=Family.FINANCIAL,
        title="Mexican RFC",
        finds="The form of the scheme beside *RFC*.",
        limits="The check character is not computed.",
        examples=("RFC GODE561231GR8",),
        near_misses=("lote GODE561231GR8",),
    ),
    Sheet(
        type="CL_RUT",
        family=Family.PII,
        title="Chilean RUT",
        finds="Eight or nine places with a right check character.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("12.345.678-5",),
        near_misses=("12.345.678-6",),
    ),
    Sheet(
        type="AR_CUIT",
        family=Family.FINANCIAL,
        title="Argentine CUIT",
        finds="Eleven digits with a right check digit.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("20-12345678-6",),
        near_misses=("20-12345678-7",),
    ),
    Sheet(
        type="JP_MY_NUMBER",
        family=Family.PII,
        title="Japanese individual numbers",
        finds="Twelve digits with a right check digit beside *My Number*.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("My Number 123456789018",),
        near_misses=("My Number 123456789019",),
    ),
    Sheet(
        type="IL_ID",
        family=Family.PII,
        title="Israeli identity numbers",
        finds="Nine digits with a right Luhn digit beside words for it.",
        limits="Without a word nearby, or separators, the number alone is not taken for one.",
        examples=("teudat zehut 123456782",),
        near_misses=("teudat zehut 123456783",),
    ),
    Sheet(
        type="HK_ID",
        family=Family.PII,
        title="Hong Kong identity cards",
        finds="One or two letters, six digits and a check character in brackets.",
        limits="Without the brackets it is not found.",
        examples=("A123456(3)",),
        near_misses=("A123456(4)",),
    ),
    Sheet(
        type="NG_NIN",
        family=Family.PII,
        title="Nigerian identity numbers",
        finds="Eleven digits beside *NIN*.",
        limits="The word decides.",
        examples=("NIN 12345678901",),
        near_misses=("order 12345678901",),
    ),
    Sheet(
        type="PASSPORT",
        family=Family.PII,
        title="Passports of other countries",
        finds=(
            "Seven to nine places beside a word for a passport, where no country's own type fits."
        ),
        limits="The word decides.",
        examples=("passport AB12345",),
        near_misses=("part AB12345",),
    ),
    Sheet(
        type="NATIONAL_ID",
        family=Family.PII,
        title="Identity numbers of other countries",
        finds="Six to fourteen digits beside words for an identity number.",
        limits="The words decide.",
        examples=("national id 123456789012",),
        near_misses=("item 123456789012",),
    ),
)
