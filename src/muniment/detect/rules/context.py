"""What stands near a value: whole words, nearest first, never parts of words.

A label decides what a number is, and the nearest label decides it best: in *SSN and passport:
123456789* the number is a passport's. Words are read up to BEFORE characters before a value and
AFTER characters behind it on the same line; a stream must keep that much.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from muniment.detect.models import Words
from muniment.detect.rules.quick import compiled

BEFORE: Final = 90
AFTER: Final = 36
_MAX_WORDS_BEFORE: Final = 12
_MAX_WORDS_AFTER: Final = 4
_BEHIND: Final = 4  # a word behind a value counts as if it stood this much farther away
FAR: Final = 1_000
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_CAMEL: Final = re.compile(rb"([a-z])([A-Z])")
# Each letter as a small or a capital one, so that a hump is found without reading letter by letter.
_CASES: Final = bytes(
    97 if 97 <= code <= 122 else 65 if 65 <= code <= 90 else 32 for code in range(256)
)
_HUMP: Final = b"aA"
_LABELLED: Final = re.compile(r"[:=]\s{0,4}[\"'(\[]?\Z")
# Small letters stay, capitals become small, everything else parts words.
_APART: Final = bytes(
    ord(chr(code).lower()) if code < 128 and chr(code).isalpha() else 32 for code in range(256)
)
_LABEL: Final = 8
# How far words are read: characters and words before a value, those of its label, and behind it.
REACHES: Final = (BEFORE, _LABEL, _MAX_WORDS_BEFORE, AFTER, _MAX_WORDS_AFTER)
_MOST_WORDS: Final = 3  # of a phrase
_SPELLED: Final = re.compile(r"([aou])e")

_DOUBTS: Final = Words(
    en="order|invoice|version|ver|release|build|tracking|ticket|sku|serial|model|commit|hash"
    "|checksum|sha|md5|isbn|issn|doi|batch|lot|item|product|part|article|revision|request|trace"
    "|span|session|job|bug|issue|page|chapter|section|figure|uuid|guid|transaction|shipment"
    "|parcel|po|barcode|ean|upc|timestamp|epoch|elapsed|bytes|size|port|case|meter|score",
    de="bestellung|bestellnummer|rechnung|rechnungsnummer|auftrag|artikel|artikelnummer"
    "|sendungsnummer|vorgangsnummer|aktenzeichen",
    fr="commande|facture|colis|suivi",
    es="pedido|factura|envio",
    pt="encomenda|fatura",
    it="ordine|fattura|spedizione",
    nl="bestelling|factuur|ordernummer",
)


def folded(text: str) -> str:
    """Write a text without accents, in ASCII; what has no such form becomes a space."""
    if text.isascii():
        return text
    return _NOT_ASCII.sub(lambda found: _folded(found[0]), text)


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    if letter == "ß":
        return "ss"
    plain = unicodedata.normalize("NFKD", letter)
    return "".join(x if x.isascii() else " " for x in plain if not unicodedata.combining(x))


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words that speak for a type, ready to be looked up.

    `last` are the last words of the phrases. `keys` are their longest words: where a text has none
    of them, it has none of the phrases. `ends` are the last words of phrases of several words.
    """

    whole: frozenset[str]
    last: frozenset[str]
    keys: frozenset[str]
    ends: frozenset[str]

    @classmethod
    @cache
    def of(cls, words: Words | None) -> Phrases:
        """Make a list of words ready, each also with an s at its end."""
        told = words.phrases() if words else frozenset()
        listed = {folded(each) for each in told}
        if words and words.de:  # a text folds its umlauts, and a list may spell them
            listed |= {_SPELLED.sub(r"\1", each) for each in words.de.split("|") if each}
        whole = frozenset(listed | {f"{each}s" for each in listed})
        last = frozenset(each.rpartition(" ")[2] for each in whole)
        ends = frozenset(each.rpartition(" ")[2] for each in whole if " " in each)
        return cls(whole, last, frozenset(max(each.split(), key=len) for each in whole), ends)


class Nearby(NamedTuple):
    """The words around a value: those before it in their order, and those behind it."""

    before: list[str]
    behind: list[str]

    @property
    def all(self) -> frozenset[str]:
        """Every one of them."""
        return frozenset(self.before).union(self.behind)


DOUBTFUL: Final = Phrases.of(_DOUBTS)


class Page:
    """A text whose words are read in some places, or in many: then it is made plain once."""

    __slots__ = ("_cases", "_many", "_plain", "text")

    def __init__(self, text: str, *, many: bool = False) -> None:
        self.text = text
        self._many = many
        self._plain: str | None = None
        self._cases = b""

    def words(self, start: int, end: int) -> list[str]:
        """Give the words of a part, as `words` gives them of a text of its own."""
        plain = self.plain(start, end)
        return plain.split() if plain else words(self.text[start:end])

    def plain(self, start: int, end: int) -> str:
        """Give a part with its words parted by blanks alone; empty if that takes a longer look."""
        if not self._many:
            return _made_plain(self.text[start:end])
        plain = self._plain
        if plain is None:
            plain = self._plain = self._all_plain()
        if self._cases and self._cases.find(_HUMP, start, end) >= 0:
            return ""
        return plain[start:end]

    def _all_plain(self) -> str:
        if not self.text.isascii():
            return ""
        data = self.text.encode()
        cases = data.translate(_CASES)
        self._cases = cases if _HUMP in cases else b""
        return data.translate(_APART).decode()


def _made_plain(text: str) -> str:
    if not text.isascii():
        return ""
    data = text.encode()
    return "" if _HUMP in data.translate(_CASES) else data.translate(_APART).decode()


def near(text: str, start: int, end: int, hints: tuple[str, ...] = ()) -> Nearby:
    """Read the words around a place; `hints` are labels that stand elsewhere, such as a column."""
    page = Page(text)
    ahead = before(page, start)
    ahead += (word for hint in hints for word in words(hint))
    return Nearby(ahead, behind(page, end))


def before(page: Page, start: int) -> list[str]:
    """Read the words before a place, in their order."""
    found = None
    if compiled is not None:
        found = compiled.before(page.text, start, BEFORE, _LABEL, _MAX_WORDS_BEFORE)
    return read_before(page, start) if found is None else found


def behind(page: Page, end: int) -> list[str]:
    """Read the words behind a place, in their order, on the same line."""
    found = None
    if compiled is not None:
        found = compiled.behind(page.text, end, AFTER, _MAX_WORDS_AFTER)
    return read_behind(page, end) if found is None else found


def at_once(text: str, start: int, end: int) -> tuple[list[str], list[str]] | None:
    """Read the words before a place and behind another; None where that takes a longer look."""
    if compiled is None:
        return None
    found: tuple[list[str], list[str]] | None = compiled.near(text, start, end, REACHES)
    return found


def read_before(page: Page, start: int) -> list[str]:
    """Read them whatever the letters are, and whatever stands right before the place."""
    text = page.text
    at = start - BEFORE if start > BEFORE else 0
    tail = text[start - _LABEL if start > _LABEL else 0 : start]
    if (":" in tail or "=" in tail) and _LABELLED.search(tail):
        return page.words(_last_line(text, at, start), start)[-_MAX_WORDS_BEFORE:]
    plain = page.plain(at, start)
    if not plain:
        if at and text[at].isalpha() and text[at - 1].isalpha():
            at = start - len(text[at:start].lstrip(_LETTERS))  # the rest of a word is none
        return page.words(at, start)[-_MAX_WORDS_BEFORE:]
    found = plain.split()
    if len(found) > _MAX_WORDS_BEFORE:
        return found[-_MAX_WORDS_BEFORE:]
    if at and plain[0] != " " and text[at - 1].isalpha():
        del found[0]
    return found


def read_behind(page: Page, end: int) -> list[str]:
    """Read them whatever the letters are."""
    line = page.text.find("\n", end, end + AFTER)
    last = line if line >= 0 else end + AFTER
    plain = page.plain(end, last)
    found = plain.split(None, _MAX_WORDS_AFTER) if plain else words(page.text[end:last])
    return found[:_MAX_WORDS_AFTER]


def all_words(text: str, hints: tuple[str, ...] = ()) -> frozenset[str]:
    """Give every word of a text, and of the hints."""
    return frozenset(words(text)).union(*(words(hint) for hint in hints))


def words(text: str) -> list[str]:
    """Give the words of a text in small letters without accents, camel case taken apart."""
    found = None if compiled is None else compiled.words(text)
    return read_words(text) if found is None else found


def read_words(text: str) -> list[str]:
    """Read them whatever the letters are."""
    plain = text.encode() if text.isascii() else folded(text).encode()
    if _HUMP in plain.translate(_CASES):
        plain = _CAMEL.sub(rb"\1 \2", plain)
    return plain.translate(_APART).decode().split()


def distance(nearby: tuple[list[str], list[str]], phrases: Phrases) -> tuple[int, str]:
    """Give how near the nearest of some phrases stands, and which it is."""
    last, (ahead, after) = phrases.last, nearby
    if not last.isdisjoint(ahead):
        for place in range(len(ahead) - 1, -1, -1):
            if ahead[place] in last and (found := _ending_at(ahead, place, phrases)):
                return len(ahead) - 1 - place, found
    if not last.isdisjoint(after):
        for place, word in enumerate(after):
            if word in last and (found := _ending_at(after, place, phrases)):
                return place + _BEHIND, found
    return FAR, ""


def doubted(nearby: tuple[list[str], list[str]], own: int) -> bool:
    """Tell whether a word such as *order* stands nearer than the word that speaks for a value."""
    before, whole = nearby[0], DOUBTFUL.whole
    if not before:
        return False
    if before[-1] in whole:
        return own > 0
    if len(before) == 1:
        return False
    if before[-2] in whole:
        return own > 1
    return own > 0 and f"{before[-2]} {before[-1]}" in whole


def _ending_at(words: list[str], place: int, phrases: Phrases) -> str:
    """Give the longest phrase that ends with this word."""
    word = words[place]
    if word in phrases.ends:
        for size in range(min(_MOST_WORDS, place + 1), 1, -1):
            phrase = " ".join(words[place - size + 1 : place + 1])
            if phrase in phrases.whole:
                return phrase
    return word if word in phrases.whole else ""


def _last_line(text: str, at: int, start: int) -> int:
    """Say where the line a label stands in begins, or all if nothing but its end stands there."""
    line = max(at, text.rfind("\n", at, start) + 1)
    return line if any(letter.isalpha() for letter in text[line:start]) else at
