"""Dates that exist: with a word for birth nearby a date of birth, else a date.

Timestamps of logs (a date joined to a time of day by T, or a time with seconds) are left alone;
they are in every line and say nothing about anybody.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet, Validator, Words
from muniment.detect.rules.shapes import is_date

_BIRTH: Final = Words(
    en="born|birth|dob|date of birth|birthday|birthdate|d o b|b day|born on|birth date",
    de="geboren|geburtsdatum|geburtstag|geb|geb am|geburt|gebdatum",
    fr="ne le|nee le|naissance|date de naissance|ne|nee|anniversaire",
    es="nacido|nacida|nacimiento|fecha de nacimiento|nacio|cumpleanos",
    pt="nascido|nascida|nascimento|data de nascimento|nasceu|aniversario",
    it="nato|nata|nascita|data di nascita|compleanno",
    nl="geboren|geboortedatum|geboorte|verjaardag|geb",
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier janv enero ene janeiro gennaio gen januari jaenner",
            "february feb februar fevrier fevr febrero fevereiro fev febbraio februari",
            "march mar maerz marz mars marzo marco maart mrt mrz",
            "april apr avril avr abril abr aprile",
            "may mai mayo maio maggio mag mei",
            "june jun juni juin junio junho giugno giu",
            "july jul juli juillet juil julio julho luglio lug",
            "august aug aout agosto ago augustus",
            "september sep sept septembre septiembre setembro set settembre",
            "october oct oktober okt octobre octubre outubro out ottobre ott",
            "november nov novembre noviembre novembro",
            "december dec dezember dez decembre diciembre dic dezembro dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_SHORT_MONTH: Final = 4
_CAPITALS: Final = (
    "May Mai Mei June July Juni Juli Juin Jan Feb Apr Jun Jul Aug Sep Sept Oct Okt Nov Dec Dez"
    " März Mars Mayo Maio"
)
_CAPITAL_MONTHS: Final = frozenset(_CAPITALS.split())
_WORD: Final = re.compile(r"[^\W\d_]+")
_NUMBER: Final = re.compile(r"\d+")
_ACCENTS: Final = str.maketrans("äéûç", "aeuc")
_date = partial(Pattern, family=Family.PII, joins="-./:_")
_LETTER: Final = r"[A-Za-z\x80-\xff]"
_MONTH_START: Final = (
    r"(?:jan|feb|f..?v|mar|m..?r|apr|avr|abr|ma[yigj]|mei|jun|jui|gi|jul|lu|aug|ao|ag|se"
    r"|sept|oc|ok|ou|ot|no|de|di|en|ge|mrt)"
)


def numeric(value: str) -> Checked:
    """Day, month and year in one of the three orders, with the day in the calendar."""
    parts = [int(part) for part in _NUMBER.findall(value)]
    texts = _NUMBER.findall(value)
    if len(parts) != 3:
        return Checked(False, "not three parts")
    if len(texts[0]) == 4:
        orders = [(parts[0], parts[1], parts[2])]
    else:
        year = parts[2] if len(texts[2]) == 4 else 1900 + parts[2]
        orders = [(year, parts[1], parts[0]), (year, parts[0], parts[1])]
    if any(is_date(*each) for each in orders):
        return Checked(True, "the day is in the calendar")
    return Checked(False, "no such day")


def written(value: str) -> Checked:
    """The month's name is one of a known language and the day is in it."""
    names = _WORD.findall(value.lower().translate(_ACCENTS))
    months = [_MONTHS[name] for name in names if name in _MONTHS]
    numbers = [int(part) for part in _NUMBER.findall(value)]
    if len(months) != 1 or not numbers:
        return Checked(False, "no month's name")
    year = next((n for n in numbers if n > 31), 2000)
    day = next((n for n in numbers if n <= 31), 1)
    return Checked(is_date(year, months[0], day), "the day is in the calendar")


def month_year(value: str) -> Checked:
    """The month's name, written as a name, and a year of our time."""
    name = _WORD.match(value)
    known = name is not None and _MONTHS.get(name[0].lower().translate(_ACCENTS)) is not None
    if name is None or not known:
        return Checked(False, "no month's name")
    plain = len(name[0]) > _SHORT_MONTH or name[0] in _CAPITAL_MONTHS
    return Checked(plain and 1900 <= int(value[-4:]) < 2100, "a month and a year")


def _both(
    name: str, trigger: str, regex: str, check: Validator, score: float
) -> tuple[Pattern, Pattern]:
    """Look for a form twice: as a date of birth beside a word for it, and as a date."""
    shared = partial(
        _date, trigger=trigger, regex=regex, validator=check, ignore_case=check is written
    )
    return (
        shared(
            id=f"birth-{name}",
            type="DATE_OF_BIRTH",
            score=0.0,
            context=_BIRTH,
            context_score=0.97,
        ),
        shared(id=f"date-{name}", type="DATE_TIME", score=score),
    )


_NO_TIME: Final = r"(?![\dT]|[ ,]+\d{1,2}:\d\d:\d\d)"
PATTERNS: Final = (
    *_both(
        "iso",
        (r"\b[12]\d\d\d[\-/.][01]?\d[\-/.][0-3]?\d"),
        (r"[12]\d\d\d([\-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])") + _NO_TIME,
        numeric,
        0.6,
    ),
    *_both(
        "numeric",
        (r"\b[0-3]?\d[\-/.][0-3]?\d[\-/.][12]\d\d\d\b"),
        (r"[0-3]?\d([\-/.])[0-3]?\d\1[12]\d\d\d") + _NO_TIME,
        numeric,
        0.6,
    ),
    *_both(
        "short",
        (r"\b[0-3]?\d[\-/.][0-3]?\d[\-/.]\d\d\b"),
        (r"[0-3]?\d([\-/.])[0-3]?\d\1\d\d") + _NO_TIME,
        numeric,
        0.2,
    ),
    *_both("spaced", r"\b[0-3]\d [01]\d [12]\d\d\d\b", r"[0-3]\d [01]\d [12]\d\d\d", numeric, 0.2),
    *_both(
        "day-month",
        r"\b[0-3]?\d(?:st|nd|rd|th|er|\.)?(?: de| of)?[ \-]" + _MONTH_START,
        (
            r"[0-3]?\d(?:st|nd|rd|th|er|\.)?(?: de| of)?[ \-][A-Za-zÀ-ÿ]{3,10}\.?,?(?: de| of| "
            r"del)?[ \-]\d{4}\b"
        ),
        written,
        0.65,
    ),
    *_both(
        "month-day",
        r"\b" + _MONTH_START + r"[a-z]{0,7}\.? [0-3]?\d(?:st|nd|rd|th)?,? [12]\d\d\d\b",
        r"[A-Za-zÀ-ÿ]{3,9}\.? [0-3]?\d(?:st|nd|rd|th)?,? [12]\d\d\d\b",
        written,
        0.65,
    ),
    _date(
        id="date-month-year",
        type="DATE_TIME",
        trigger=r"\b" + _MONTH_START + r"[a-z]{0,7}\.?,?(?: de| del| of)? [12]\d\d\d\b",
        regex=r"[A-Za-zÀ-ÿ]{3,10}\.?,?(?: de| del| of)? [12]\d{3}\b",
        validator=month_year,
        ignore_case=True,
        score=0.55,
    ),
)
SHEETS: Final = (
    Sheet(
        type="DATE_OF_BIRTH",
        family=Family.PII,
        title="Dates of birth",
        finds="Dates in figures or with the month's name in seven languages beside a word for"
        " birth.",
        limits="A date of birth without such a word is reported as a date.",
        examples=("born on 12/03/1984", "Geburtsdatum: 3. März 1990"),
        near_misses=("born on 31/31/1984",),
    ),
    Sheet(
        type="DATE_TIME",
        family=Family.PII,
        title="Dates",
        finds="Days that exist, in figures or with the month's name, and months with their year.",
        limits="Timestamps with seconds, as in logs, and times of day are left alone.",
        examples=("5 March 2021", "2021-03-05"),
        near_misses=("2021-13-45", "2024-05-01T12:00:01Z"),
    ),
)
