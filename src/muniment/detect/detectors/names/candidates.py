"""Decides which words are looked at: most words of most texts cannot be part of a name."""

from __future__ import annotations

from collections.abc import Mapping

from muniment.detect.detectors.names.artefact import Artefact
from muniment.detect.detectors.names.firms import END_OF_FIRMS, ends_firm
from muniment.detect.detectors.names.known import KNOWN
from muniment.detect.detectors.names.tokens import SHAPES, Word

LEFT, RIGHT = 5, 3
"""How many words before and after a word its label depends on."""

WINDOW = LEFT + 1 + RIGHT

NAMELIKE = sum(
    1 << KNOWN.index(name)
    for name in ("given", "family", "city", "region", "country", "job", "nrp", "street")
)
LISTED = NAMELIKE | 1 << KNOWN.index("organisation")
COMMON = 1 << KNOWN.index("common")
JOB = 1 << KNOWN.index("job") | 1 << KNOWN.index("nrp")
WRITTEN_BIG = frozenset(
    SHAPES.index(name)
    for name in (
        *("capital", "capitals", "initial", "short capitals", "inner capital", "camel"),
        "digits and capitals",
    )
)
ROADS = frozenset(
    (
        *("rue", "avenue", "boulevard", "chemin", "quai", "allée", "impasse", "calle", "avenida"),
        *("paseo", "plaza", "rua", "travessa", "praça", "via", "viale", "piazza", "corso"),
        *("vicolo", "largo", "straat", "laan", "street", "road", "lane"),
    )
)
_LOWER, _CAPITAL = SHAPES.index("lower"), SHAPES.index("capital")
SAYS_NO_MORE = ~sum(1 << KNOWN.index(name) for name in ("common", "month", "tech"))
NO_MORE = COMMON | 1 << KNOWN.index("month")
SMALL_WORDS = frozenset(
    (
        *("a", "i", "it", "he", "if", "as", "my", "most", "of", "de", "der", "general", "head"),
        *("office", "sales", "data", "team", "project", "product", "business", "service", "lead"),
        *("customer", "support", "security", "research", "account", "accounts", "network", "test"),
        *("system", "systems", "software", "web", "quality", "risk", "human", "resources"),
        *("senior", "junior", "chief", "staff", "real", "estate", "medical", "social", "personal"),
        *("financial", "legal", "technical", "marketing", "operations", "store", "shop", "site"),
        *("bank", "tax", "loan", "insurance", "school", "police", "fire", "flight", "truck", "bus"),
        *("delivery", "warehouse", "travel", "care", "machine", "learning", "public", "policy"),
    )
)
"""Words that are part of a name or a title only beside another word that counts."""
STRONG, WEAK = 2, 1
"""A word to look at, and one to look at beside another: most sentences begin with a weak one."""

COUNTS, HEAVY, FORM, ADDRESSES, TAKES_ADDRESS, PLACE, GIVEN = (1 << bit for bit in range(7))
"""What is remembered of a word: that it counts, and is strong; that it may end the name of a firm,
is a form of address, follows one, is listed as a place, is listed as a first name."""


def is_strong(word: Word, rows: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether a word alone is reason enough to look."""
    if word.shape in WRITTEN_BIG:
        return True
    if word.shape != _LOWER or len(word.text) < 3:
        return False
    if word.text in ROADS:
        return True
    known = rows.get(word.text)
    if known is None:
        return False
    bits = known[1]
    return bool(bits & JOB) or (bool(bits & NAMELIKE) and not bits & COMMON)


ADDRESSED = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "cllr", "sgt", "herr", "herrn", "frau"),
        *("mme", "mlle", "monsieur", "madame", "docteur", "señor", "señora", "srta", "sra", "dra"),
        *("sig", "signor", "signora", "dott", "avv", "meneer", "mevrouw", "mevr", "dhr", "dokter"),
        *("senhor", "senhora", "dona", "doña"),
    )
)
GEO = sum(1 << KNOWN.index(name) for name in ("city", "region", "country"))
GIVEN_NAME = 1 << KNOWN.index("given")
NOT_OF_PEOPLE = ~(GIVEN_NAME | 1 << KNOWN.index("family"))
OF_OTHERS = ~(GEO | 1 << KNOWN.index("particle"))


def addresses(word: Word) -> bool:
    """Tell whether a word says how somebody is addressed, so that a name follows."""
    return word.text.lower() in ADDRESSED


def takes_address(word: Word, rows: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether a word behind such a one is a name: it has a capital and is no ordinary word."""
    if word.shape not in WRITTEN_BIG or addresses(word):
        return False
    bits = rows.get(word.text.lower(), (0, 0))[1]
    return bool(bits & NAMELIKE) or not bits & (COMMON | 1 << KNOWN.index("honorific"))


def is_place(word: Word, rows: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether a word is listed as a place, and as nothing else."""
    bits = rows.get(word.text.lower(), (0, 0))[1]
    return word.shape == _CAPITAL and bool(bits & GEO) and not bits & OF_OTHERS


def is_given_name(word: Word, rows: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether a word is listed as a first name, or a last one too, and as nothing else."""
    bits = rows.get(word.text.lower(), (0, 0))[1]
    return word.shape == _CAPITAL and bool(bits & GIVEN_NAME) and not bits & NOT_OF_PEOPLE


def weight(word: Word, rows: Mapping[str, tuple[int, int]]) -> int:
    """Say how much a word is reason to look; an ordinary word with a capital alone is none."""
    if not is_strong(word, rows):
        return 0
    small = word.text.lower()
    if small in SMALL_WORDS:
        return WEAK
    bits = rows.get(small, (0, 0))[1] if word.shape == _CAPITAL else 0
    return WEAK if bits & NO_MORE and not bits & SAYS_NO_MORE else STRONG


_MEANT = ROADS | ADDRESSED | END_OF_FIRMS


def reasons(word: Word, rows: Mapping[str, tuple[int, int]]) -> int:
    """Put together all that is reason to look at a word, and all that is certain of it."""
    unlisted = word.shape != _LOWER or word.text not in rows
    if unlisted and word.shape not in WRITTEN_BIG and word.text not in _MEANT:
        return 0  # most new words are such: a small one of no list, a number, a mark
    heavy = weight(word, rows)
    told = COUNTS | HEAVY if heavy == STRONG else heavy
    if addresses(word):
        told |= ADDRESSES
    if ends_firm(word):
        told |= FORM
    if word.shape in WRITTEN_BIG:
        told |= TAKES_ADDRESS * takes_address(word, rows)
        told |= PLACE * is_place(word, rows) | GIVEN * is_given_name(word, rows)
    return told


def is_listed(word: Word, rows: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether a list of names, places, organisations, titles or groups has the word."""
    return bool(rows.get(word.text.lower(), (0, 0))[1] & LISTED)


def quiet_words(artefact: Artefact) -> frozenset[str]:
    """Give the known words that, in small letters, are alone no reason to look."""
    listed = artefact.words.decode().split(" ")
    known = artefact.tables["word_known"].numbers
    return frozenset(
        word
        for word, bits in zip(listed, known, strict=True)
        if not bits & JOB and (bits & COMMON or not bits & NAMELIKE)
    ).difference(ROADS)
