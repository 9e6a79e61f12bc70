"""Firms that their own names give away: by a legal form at the end, or by the word for a trade.

The tagger knows nine words and may miss a firm that nobody has heard of, or take it for a person;
`Ltd` behind it leaves no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from muniment.detect.detectors.names.tokens import Word, mark_kind
from muniment.detect.models import Family, Finding, Why

# It begins with a blank, for which alone a text is searched, and then with one of few letters.
_FORM = re.compile(
    r" (?=[ABCGIKLNOPSUegmp])(?<=[\w.)'\u2019,] )"
    r"(?:(?:Pty |Pvt )?(?:Ltd\b\.?|Limited\b)|Inc\b\.?|LLC\b|LLP\b|PLC\b|plc\b"
    r"|Corp\b\.?|g?GmbH\b(?: & Co\. KG)?|mbH\b|UG\b|AG\b|KGaA\b|KG\b|OHG\b|GbR\b|e\. ?V\."
    r"|SARL\b|SAS\b|S\.A\.(?:S\.|R\.L\.)?|S\.L\.(?:U\.)?|S\.p\.A\.|SpA\b|S\.r\.l\.|Srl\b|B\.V\."
    r"|BV\b|N\.V\.|NV\b|A/S\b|ASA?\b|ApS\b|Oyj?\b|AB\b|Lda\b\.?|Ltda\b\.?|K\.K\.)(?!\w)"
)
FORM_WORDS = frozenset(
    (
        *(
            "Ltd",
            "Limited",
            "Inc",
            "LLC",
            "LLP",
            "PLC",
            "plc",
            "Corp",
            "GmbH",
            "gGmbH",
            "mbH",
            "UG",
        ),
        *("AG", "KGaA", "KG", "OHG", "GbR", "SARL", "SAS", "SpA", "Srl", "BV", "NV", "AS", "ASA"),
        *("ApS", "Oy", "Oyj", "AB", "Lda", "Ltda"),
    )
)
LAST_LETTERS = frozenset("AKLSVSlr")
END_OF_FIRMS = FORM_WORDS | LAST_LETTERS
"""Every word with which a legal form may end."""

_DOT, _SLASH = mark_kind("."), mark_kind("/")


def ends_firm(word: Word) -> bool:
    """Tell whether a word may be the end of a legal form, so that a text is read for one."""
    if word.text in FORM_WORDS:
        return True
    return word.text in LAST_LETTERS and word.before in {_DOT, _SLASH}


_LOOKS_BACK = 90
_WORD = r"[A-Z\u00c0-\u00de0-9][\w&'\u2019.\-]{0,30}"
# A number alone begins no firm: a stream gives numbers away before it knows what follows them.
_BEGIN = r"(?=[0-9]{0,3}[A-Z\u00c0-\u00de])" + _WORD
_BEFORE = re.compile(
    rf"(?<![\w.'\u2019@/-]){_BEGIN}(?: (?:{_WORD}|[&+]|(?:of|de|del|der|du|des|di|da|do|van|for"
    rf"|f\u00fcr|and|und|et|y|e) {_WORD})){{0,5}},?\Z"
)
_SEVERAL = re.compile(
    r" (?:and|und|et|y|e) (?!Sons?\b|Partners?\b|Co\b|Company\b|Associates\b|Brothers\b|Daughters\b"
    r"|S\u00f6hne\b|Partner\b|Fils\b|Associ\u00e9s\b|Hijos\b|Hermanos\b|Filhos\b|Figli\b)"
)
# A stream gives words away that have none with a capital beside them.
_GIVEN_AWAY = re.compile(r"(?: [^ A-Z\u00c0-\u00de]+){3} ")
_NO_FIRM = frozenset(
    (
        *("annex", "appendix", "section", "group", "type", "class", "part", "exhibit", "schedule"),
        *("figure", "table", "zone", "unit", "block", "page", "chapter", "item", "room", "gate"),
        *("seat", "level", "grade", "article", "clause", "paragraph", "version", "model"),
    )
)
_FIRST = re.compile(
    r"(?:(?:The|A|An|When|If|As|And|But|From|To|At|In|For|By|With|Our|Your|This|That|Dear|Hi|Hello"
    r"|Vendor|Seller|Buyer|Client|Customer|Supplier|Attn|Bill|Firma|Kunde|Die|Der|Das|Dem|Den|Bei"
    r"|Von|An|Soci\u00e9t\u00e9|La|Le|Les|El|Los|Il|Lo|O|Os|As|Het|Een|De|Ditta|Empresa"
    r"|Copyright(?: [12]\d{3}(?:[-,][12]?\d{1,3})*,?)?) )+"
)
_TRADES_TEXT = """
Bank Insurance Holding Holdings Group Partners Logistics Catering Joinery Libraries Residential
Lettings Waste Recycling Turbines Precision Facilities Timber Architects Consulting Solutions
Systems Technologies Software Analytics Robotics Pharma Biotech Dental Solicitors Accountants
Plumbing Roofing Builders Bakery Brewery Foods Motors Airlines Airways Energy Electric Telecom Media
Publishing Properties Realty Capital Ventures Investments Foundation Institute University College
Academy Hospital Clinic Infirmary Versicherung Verlag Immobilien Ziekenhuis Makelaars Groep
Advocaten
"""
_TRADES = frozenset(
    (
        *_TRADES_TEXT.split(),
        *("Building Society", "Housing Association", "Medical Center", "Medical Centre"),
        *("Primary School", "High School", "Grammar School", "Food Bank", "Care Home"),
        "Veterinary Clinic",
    )
)
TRADE_BEHIND = re.compile(rf" (?:{_WORD} )?(?:{'|'.join(sorted(_TRADES))})(?!\w)")
_CAPITAL_BEFORE = re.compile(r"(?<![\w.'\u2019@/-])[A-Z\u00c0-\u00de][^\W\d_]{2,} \Z")
_TRADES_FIRST_TEXT = """
Autohaus Bäckerei Metzgerei Brauerei Kanzlei Praxis Spedition Tischlerei Hausverwaltung Holzbau
Malerbetrieb Assurances Boulangerie Cabinet Clinique Garage Transportes Clínica Farmacia Ferretería
Mercería Taller Talleres Padaria Oficina Construtora Farmácia Officina Ceramiche Termoidraulica
Idraulica Trattoria Bakkerij Slagerij Tandartspraktijk Stichting
"""
_TRADES_FIRST = frozenset(_TRADES_FIRST_TEXT.split())
_WHY = Why("names", steps=("the name of a firm by its form",))
_SCORE = 0.95
_MAY_BE_FIRMS = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"})


def by_form(text: str) -> list[Finding]:
    """Give the firms whose legal form stands behind their name."""
    found: list[Finding] = []
    for form in _FORM.finditer(text):
        end = form.start()
        least = max(0, end - _LOOKS_BACK, found[-1].end if found else 0)
        before = _BEFORE.search(text, least, end)
        if before is None or _GIVEN_AWAY.search(text, before.start(), form.start() + 1):
            continue
        start = before.start()
        for several in _SEVERAL.finditer(text, start, end):
            start = several.end()
        first = _FIRST.match(text, start, end + 1)
        start = first.end() if first is not None else start
        if start < end and text[start:end].lower() not in _NO_FIRM:
            found.append(_firm(start, form.end()))
    return found


def places(text: str) -> list[tuple[int, int]]:
    """Give every place where a firm might be told by its form, in any part of the text."""
    return [(form.start() - _LOOKS_BACK, form.end()) for form in _FORM.finditer(text)]


def widened(text: str, found: Sequence[Finding]) -> list[Finding]:
    """Take the word for a trade into the name of a firm, which another name may seem to be."""
    result: list[Finding] = []
    for each in found:
        wide = _widened(text, each)
        if result and wide.start < result[-1].end:
            if wide.type == "ORGANIZATION" and wide.end > result[-1].end:
                result[-1] = replace(wide, start=min(wide.start, result[-1].start))
            continue
        result.append(wide)
    return result


def with_firms(found: list[Finding], firms: Sequence[Finding]) -> list[Finding]:
    """Put firms in the place of the names that seemed to be in them."""
    if not firms:
        return found
    kept = [each for each in found if not any(each.overlaps(firm) for firm in firms)]
    return sorted((*kept, *firms), key=lambda each: each.start)


def _firm(start: int, end: int) -> Finding:
    return Finding("ORGANIZATION", Family.NAMES, start, end, _SCORE, _WHY, detector="names")


def _widened(text: str, each: Finding) -> Finding:
    """Say of one name whether it is the name of a firm, and how far it goes."""
    kind = each.type
    if kind not in _MAY_BE_FIRMS:
        return each
    start, end = each.start, each.end
    value = text[start:end]
    several = " " in value
    if several and value.partition(" ")[0] in _TRADES_FIRST:
        return _firm(start, end)
    if kind == "STREET_ADDRESS":
        return each
    if kind == "ORGANIZATION" and value in _TRADES:
        before = _CAPITAL_BEFORE.search(text, max(0, start - 32), start)
        return _firm(before.start(), end) if before is not None else each
    if text[end : end + 1] == " " and not text[end + 1 : end + 2].islower():
        behind = TRADE_BEHIND.match(text, end)
        if behind is not None:
            return _firm(start, behind.end())
    ends = several and kind != "ORGANIZATION" and value.rpartition(" ")[2] in _TRADES
    return _firm(start, end) if ends else each
