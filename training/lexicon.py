"""Makes the word list of the artefact: which words have a row of their own, and what is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from muniment.detect.detectors.names.known import KNOWN
from training import lists
from training.generate import DAYS, MONTHS

MAX_ROWS = 14_000
MIN_COUNT = 4
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(
    "of the and de la le les du des del della dei di da do dos das der die das den van von zu im am"
    " an in a y e et und en et op te for to at on with und d l s".split()
)
_STREETS = (
    "street st avenue ave road rd lane ln drive dr court ct boulevard blvd way place pl terrace"
    " circle parkway close crescent square grove gardens mews highway route box apt suite unit flat"
    " straße str weg allee platz gasse ring ufer postfach rue chemin impasse quai cours bd route"
    " place square calle avenida av avda paseo plaza carrera camino ronda travesía carretera"
    " rua travessa alameda praça largo estrada rodovia via viale piazza corso vicolo strada largo"
    " piazzale contrada straat laan plein gracht kade singel dijk hof postbus"
).split()
_HONORIFICS = (
    "mr mrs ms miss dr prof professor sir madam lord lady sen senator president judge captain sgt"
    " herr frau monsieur madame mme mlle maître docteur señor señora sr sra don doña dr dra"
    " senhor senhora dona signor signora sig dott dottoressa meneer mevrouw heer dhr mw dear hi"
    " hello hey lieber liebe hallo cher chère salut bonjour querido querida hola olá oi prezado"
    " caro cara ciao gentile beste lieve hoi geachte estimado estimada uncle aunt sister brother"
).split()
_PARTICLES = "van von de der den di da dos das del della la le el al bin ibn ben ten ter zu".split()
_TECH = (
    "s3 ec2 eks c4 api json html css sql http https url pdf csv xml python java javascript docker"
    " kubernetes linux windows macos ios android chrome firefox excel word outlook postgresql mysql"
    " redis mongodb react django flask node npm git github jira terraform helm nginx apache kafka"
    " unicode ascii utf rfc pep posix tcp udp ip dns ssh ssl tls jwt oauth sso vpn cpu gpu ram ssd"
    " gdpr hipaa iso soc nist ai llm rag gpt llama mistral claude bert pytorch tensorflow numpy"
    " kpi ceo cfo cto hr it faq roi gdp ebitda usd eur gbp mri ct cbc ekg iphone ipad"
    " bluetooth wifi"
).split()


def bits_of_lists(which: str) -> dict[str, int]:
    """Say of every listed word, in small letters, what the lists know of it."""
    found: Counter[str] = Counter()

    def note(name: str, words: Iterable[str]) -> None:
        bit = 1 << KNOWN.index(name)
        for word in words:
            found[word] |= bit

    for name in ("given", "family"):
        for table in (name, f"{name}_more"):
            note(name, _words(lists.parts(lists.sections(table), which)))
    for name, kind in (
        ("cities", "city"),
        ("cities_more", "city"),
        ("regions", "region"),
        ("countries", "country"),
    ):
        note(kind, _words(lists.parts(lists.sections(name), which)))
    note("job", _words(lists.sections("jobs")))
    note("nrp", _words(lists.sections("nrp")))
    firms = lists.sections("organisations")
    note("organisation", _words({"known": lists.part(firms["known"], which)}))
    note("form", _words({key: value for key, value in firms.items() if key.startswith("form")}))
    note("trade", _words({"field": firms["field.en"], "stem": firms["stem"]}))
    note("common", _words(lists.sections("words")))
    for name, words in (("street", _STREETS), ("honorific", _HONORIFICS), ("tech", _TECH)):
        note(name, words)
    note("particle", _PARTICLES)
    dates = " ".join((*MONTHS.values(), *DAYS.values())).lower()
    note("month", dates.split())
    note("common", _written_small())
    return dict(found)


def _words(table: Mapping[str, Iterable[str]]) -> set[str]:
    return {
        word.lower()
        for entries in table.values()
        for entry in entries
        for word in _WORD.findall(entry)
        if word.lower() not in _SMALL and len(word) > 1
    }


def _written_small() -> set[str]:
    found: set[str] = set()
    for language in lists.LANGUAGES:
        for name in (language, f"{language}_none"):
            for template in lists.part(lists.templates(name), "learning"):
                plain = re.sub(r"\{\w+\}", " ", template)
                found.update(word for word in _WORD.findall(plain) if word.islower())
    return found


def lexicon(counts: Mapping[str, int], bits: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Give each word its row (0: none of its own) and its bits; often seen words have rows."""
    seen = sorted(
        (word for word, count in counts.items() if count >= MIN_COUNT),
        key=lambda word: (-counts[word], word),
    )[: MAX_ROWS - 1]
    rows = {word: number for number, word in enumerate(seen, start=1)}
    return {
        word: (rows.get(word, 0), bits.get(word, 0)) for word in sorted(rows.keys() | bits.keys())
    }
