"""Firms that their own names give away: by a legal form at the end, or by the word for a trade.

The tagger knows nine words and may miss a firm that nobody has heard of, or take it for a person;
`Ltd` behind it leaves no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from muniment.detect.detectors.names.tokens import Word, mark_kind
from muniment.detect.models import Family, Finding, Why

_FORM = re.compile(
    r"(?<=[\w.)'\u2019,] )(?:(?:Pty |Pvt )?(?:Ltd\b\.?|Limited\b)|Inc\b\.?|LLC\b|LLP\b|PLC\b|plc\b"
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
    r"|Von|An|Soci\u00e9t\u00e9|La|Le|Les|El|Los|Il|Lo|O|Os|As|Het|Een|De|Ditta|Empresa) )+"
)
_TRADES = (
    r"(?:Bank|Insurance|Holdings?|Group|Partners|Logistics|Catering|Joinery|Libraries|Residential"
    r"|Lettings|Waste|Recycling|Turbines|Precision|Facilities|Timber|Architects|Consulting"
    r"|Solutions|Systems|Technologies|Software|Analytics|Robotics|Pharma|Biotech|Dental"
    r"|Solicitors|Accountants|Plumbing|Roofing|Builders|Bakery|Brewery|Foods|Motors|Airlines|Airways"
    r"|Energy|Electric|Telecom|Media|Publishing|Properties|Realty|Capital|Ventures|Investments"
    r"|Foundation|Institute|University|College|Academy|Hospital|Clinic|Infirmary"
    r"|Building Society|Housing Association|Medical Center|Medical Centre|Primary School"
    r"|High School|Grammar School|Food Bank|Care Home|Veterinary Clinic|Versicherung|Verlag"
    r"|Immobilien|Ziekenhuis|Makelaars|Groep|Advocaten)"
)
TRADE_BEHIND = re.compile(rf" (?:{_WORD} )?{_TRADES}(?!\w)")
_TRADE_ALONE = re.compile(rf"{_TRADES}\Z")
_CAPITAL_BEFORE = re.compile(r"(?<![\w.'\u2019@/-])[A-Z\u00c0-\u00de][^\W\d_]{2,} \Z")
_TRADE_FIRST = re.compile(
    r"(?:Autohaus|B\u00e4ckerei|Metzgerei|Brauerei|Kanzlei|Praxis|Spedition|Tischlerei|Hausverwaltung"
    r"|Holzbau|Malerbetrieb|Assurances|Boulangerie|Cabinet|Clinique|Garage|Transportes|Clínica"
    r"|Farmacia|Ferretería|Mercería|Taller(?:es)?|Padaria|Oficina|Construtora|Farmácia|Officina"
    r"|Ceramiche|Termoidraulica|Idraulica|Trattoria|Bakkerij|Slagerij|Tandartspraktijk|Stichting) "
)
_WHY = Why("names", steps=("the name of a firm by its form",))
_SCORE = 0.95
_MAY_BE_FIRMS = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"})


def by_form(text: str) -> list[Finding]:
    """Give the firms whose legal form stands behind their name."""
    found: list[Finding] = []
    for form in _FORM.finditer(text):
        end = form.start() - 1
        least = max(0, end - _LOOKS_BACK, found[-1].end if found else 0)
        before = _BEFORE.search(text, least, end)
        if before is None:
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
    return [(form.start() - _LOOKS_BACK - 1, form.end()) for form in _FORM.finditer(text)]


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
    value = text[each.start : each.end]
    if each.type in _MAY_BE_FIRMS and _TRADE_FIRST.match(value) is not None:
        return _firm(each.start, each.end)
    if each.type == "STREET_ADDRESS" or each.type not in _MAY_BE_FIRMS:
        return each
    if each.type == "ORGANIZATION" and _TRADE_ALONE.match(value) is not None:
        before = _CAPITAL_BEFORE.search(text, max(0, each.start - 32), each.start)
        return _firm(before.start(), each.end) if before is not None else each
    behind = TRADE_BEHIND.match(text, each.end)
    if behind is not None:
        return _firm(each.start, behind.end())
    ends = " " in value and _TRADE_ALONE.match(value.rpartition(" ")[2]) is not None
    return _firm(each.start, each.end) if ends and each.type != "ORGANIZATION" else each
