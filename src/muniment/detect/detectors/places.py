"""Coordinates and post codes."""

from __future__ import annotations

import re
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet, Words

_GEO: Final = Words(
    en="lat|latitude|lon|lng|long|longitude|coordinates|coordinate|coords|gps|location|geo|position"
    "|located at|geolocation|located|pinned",
    de="koordinaten|breitengrad|laengengrad|standort|position",
    fr="coordonnees|latitude|position|localisation",
    es="coordenadas|latitud|longitud|ubicacion",
    pt="coordenadas|localizacao|latitude",
    it="coordinate|latitudine|longitudine|posizione",
    nl="coordinaten|breedtegraad|locatie",
)
_POST: Final = Words(
    en="postcode|post code|postal code|postal|zip|address|live at|lives at|zip code|delivery"
    "|street|road|avenue|lane|london|st|rd|ave",
)
_SECONDS: Final = r"(?:\\?\"|\u2033|\u201d|'')"
_DEGREES: Final = (
    (r"\d{1,3} ?\u00b0 ?\d{1,2} ?['\u2032\u2019] ?(?:\d{1,2}(?:\.\d{1,6})? ?")
    + _SECONDS
    + r" ?)?[NSEWO]"
)
_NUMBER: Final = re.compile(r"[+\-]?\d+(?:\.\d+)?")


def coordinates(value: str) -> Checked:
    """The first number is within 90 degrees and the second within 180."""
    numbers = [float(each) for each in _NUMBER.findall(value)]
    ok = len(numbers) >= 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180
    large = any(abs(each) >= 10 for each in numbers[:2])
    digits = min(len(each.partition(".")[2]) for each in _NUMBER.findall(value)[:2])
    return Checked(ok, "within 90 and 180 degrees", score=None if digits >= 5 and large else 0.35)


def degrees(value: str) -> Checked:
    """Degrees within 180 and minutes below 60."""
    numbers = [float(each) for each in re.findall(r"\d+(?:\.\d+)?", value)]
    return Checked(numbers[0] <= 180 and numbers[1] < 60, "degrees and minutes are possible")


PATTERNS: Final = (
    Pattern(
        id="geo-decimal",
        type="GEO_COORDINATES",
        family=Family.PII,
        trigger=r"\b\d{1,2}\.\d{3,8}(?:°| ?°)? ?[NS]?[,;/ ] ?",
        reach=2,
        regex=(
            r"[+\-]?\b\d{1,2}\.\d{3,10}(?: ?°)? ?[NS]?[,;/ ] ?[+\-]?\d{1,3}\.\d{3,10}(?: "
            r"?°)?(?: ?[EWO]\b)?"
        ),
        score=0.7,
        context=_GEO,
        context_score=0.95,
        validator=coordinates,
        joins=".",
    ),
    Pattern(
        id="geo-labelled",
        type="GEO_COORDINATES",
        family=Family.PII,
        trigger=r"\b(?:lat|latitude)\b",
        regex=(
            r"lat(?:itude)?[\"' ]{0,3}[:=][\"' ]{0,3}(-?\d{1,2}\.\d{2,12}[\"']?,?;?\s{1,8}[\"']?"
            r"(?:lon|lng|long|longitude)[\"' ]{0,3}[:=][\"' ]{0,3}-?\d{1,3}\.\d{2,12})"
        ),
        group=1,
        score=0.95,
        joins=".",
        ignore_case=True,
        firm=True,
    ),
    Pattern(
        id="geo-degrees",
        type="GEO_COORDINATES",
        family=Family.PII,
        trigger=r"\b\d{1,3} ?\xc2?\xb0 ?\d",
        regex=_DEGREES + rf"(?:[ ,]{{0,2}}{_DEGREES})?",
        score=0.95,
        validator=degrees,
        joins="",
        firm=True,
    ),
    Pattern(
        id="uk-postcode",
        type="UK_POSTCODE",
        family=Family.PII,
        regex=(
            r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]"
            r"|[0-9][A-HJKPS-UW])) [0-9][ABD-HJLNP-UW-Z]{2}\b"
        ),
        score=0.6,
        context=_POST,
        context_score=0.9,
    ),
    Pattern(
        id="uk-postcode-together",
        type="UK_POSTCODE",
        family=Family.PII,
        regex=(
            r"\b[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]"
            r"|[0-9][A-HJKPS-UW])[0-9][ABD-HJLNP-UW-Z]{2}\b"
        ),
        score=0.1,
        context=Words(en="postcode|post code|postal code"),
        context_score=0.9,
    ),
    Pattern(
        id="ca-postal-code",
        type="CA_POSTAL_CODE",
        family=Family.PII,
        regex=r"\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ \-]\d[ABCEGHJ-NPRSTV-Z]\d\b",
        score=0.6,
        context=_POST,
        context_score=0.9,
    ),
)
SHEETS: Final = (
    Sheet(
        type="GEO_COORDINATES",
        family=Family.PII,
        title="Geographical coordinates",
        finds="Pairs of latitude and longitude as decimals or as degrees and minutes.",
        limits="Decimals with fewer than five places need a word such as *coordinates* nearby.",
        examples=("52.520008, 13.404954", "40° 42' 46\" N, 74° 0' 22\" W"),
        near_misses=("1.234, 5.678",),
    ),
    Sheet(
        type="UK_POSTCODE",
        family=Family.PII,
        title="UK post codes",
        finds="Codes with a space, by the forms of the scheme.",
        limits="Whether a code is in use is not looked up.",
        examples=("SW1A 1AA",),
        near_misses=("S3 bucket",),
    ),
    Sheet(
        type="CA_POSTAL_CODE",
        family=Family.PII,
        title="Canadian postal codes",
        finds="Codes with a space or a hyphen.",
        limits="Whether a code is in use is not looked up.",
        examples=("K1A 0B1",),
        near_misses=("D1D 2D2",),
    ),
)
