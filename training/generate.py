"""Writes sentences with names in them, from templates and lists; the same seed, the same text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from training import invent, lists, making

Span = tuple[int, int, str]
_SLOT = re.compile(r"\{([A-Za-z0-9]+)\}")
_FOREIGN = 0.4
_INVENTED = 0.18
_RARE = 0.4
_COMPOSED = 0.45
"""How many English titles of jobs are put together from parts."""

CULTURES = {
    "en": ("en",),
    "de": ("de",),
    "fr": ("fr",),
    "es": ("es",),
    "pt": ("pt",),
    "it": ("it",),
    "nl": ("nl",),
    "code": ("en",),
}
WORLD = (
    *("en", "en", "de", "fr", "es", "es", "pt", "it", "nl", "nordic", "slavic", "slavic", "indian"),
    *("indian", "chinese", "chinese", "japanese", "korean", "arabic", "arabic", "turkish"),
    *("vietnamese", "african", "african", "other", "other"),
)
FAMILY_FIRST = frozenset({"chinese", "korean", "vietnamese"})
STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM"
    " NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC ON BC QC AB NSW VIC QLD"
).split()
TITLES = ("The Last Summer", "A Quiet House", "Deep Water", "Night Train", "The Art of Waiting")
LANGUAGE_NAMES = ("English", "German", "French", "Spanish", "Portuguese", "Italian", "Dutch")
HONORIFICS = ("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Mr", "Mrs", "Ms", "Dr", "Miss", "Professor")
ADDRESSED = {
    "en": (
        *HONORIFICS,
        *HONORIFICS,
        "Sen.",
        "Rep.",
        "Gov.",
        "President",
        "Sir",
        "Lord",
        "Lady",
        "Captain",
        "Capt.",
        "Sgt.",
        "Lt.",
        "Judge",
        "Sister",
        "Brother",
        "Father",
        "Uncle",
        "Aunt",
        "Coach",
        "Chancellor",
        "Officer",
        "Detective",
        "Nurse",
        "Rabbi",
        "Imam",
        "Rev.",
        "Hon.",
        "Madam",
        "King",
        "Queen",
        "Prince",
        "Princess",
        "Minister",
        "Senator",
        "Mayor",
        *"Governor Pope Sheriff Constable Justice Ambassador Bishop Cardinal Sergeant".split(),
        *"Lieutenant Colonel Col. General Gen. Major Corporal Admiral Commander Dame".split(),
        *"Baron Duke Sheikh Archbishop Chairman Congressman Congresswoman Councillor".split(),
    ),
    "de": (
        "Herr",
        "Frau",
        "Herrn",
        "Dr.",
        "Prof.",
        "Prof. Dr.",
        "Herr Dr.",
        "Frau Dr.",
        "Familie",
        "Onkel",
        "Tante",
        "Kollege",
        "Kollegin",
        "Bürgermeister",
        "Präsident",
        "Pfarrer",
    ),
    "fr": (
        "M.",
        "Mme",
        "Mlle",
        "Monsieur",
        "Madame",
        "Dr",
        "Docteur",
        "Maître",
        "Me",
        "Pr",
        "Président",
        "Oncle",
        "Tante",
        "Professeur",
    ),
    "es": (
        "Sr.",
        "Sra.",
        "Srta.",
        "Señor",
        "Señora",
        "Don",
        "Doña",
        "D.",
        "Dña.",
        "Dr.",
        "Dra.",
        "Lic.",
        "Ing.",
        "Presidente",
        "Tío",
        "Tía",
    ),
    "pt": (
        "Sr.",
        "Sra.",
        "Dr.",
        "Dra.",
        "Dom",
        "Dona",
        "Senhor",
        "Senhora",
        "Eng.",
        "Prof.",
        "Presidente",
        "Tio",
        "Tia",
    ),
    "it": (
        "Sig.",
        "Sig.ra",
        "Signor",
        "Signora",
        "Dott.",
        "Dott.ssa",
        "Avv.",
        "Ing.",
        "Prof.",
        "Prof.ssa",
        "Don",
        "Presidente",
        "Zio",
        "Zia",
    ),
    "nl": (
        "Dhr.",
        "Mevr.",
        "Mw.",
        "meneer",
        "mevrouw",
        "de heer",
        "Dr.",
        "dr.",
        "prof.",
        "mr.",
        "ir.",
        "Dokter",
        "Oom",
        "Tante",
        "Meester",
    ),
}
_SHAKEN = re.compile(r"(?<![\w'\u2019@/.<-])[^\W\d_]{3,}(?![\w'\u2019@/>-])")
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",  # noqa: E501
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",  # noqa: E501
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
}


@dataclass(slots=True)
class Text:
    """A text that grows, with the spans of its names."""

    text: str = ""
    spans: list[Span] | None = None

    def add(self, text: str, kind: str = "") -> None:
        """Append text; with a kind it is a name."""
        if self.spans is None:
            self.spans = []
        if kind and text:
            self.spans.append((len(self.text), len(self.text) + len(text), kind))
        self.text += text


class Writer:
    """Fills templates; `which` says whether all entries are used, or only a part of them."""

    def __init__(self, seed: int, which: str = "all") -> None:
        self.chance = random.Random(seed)
        self.given = lists.parts(lists.sections("given"), which)
        self.family = lists.parts(lists.sections("family"), which)
        self.cities = lists.parts(lists.sections("cities"), which)
        self.more = {
            name: lists.parts(lists.sections(f"{name}_more"), which)
            for name in ("given", "family", "cities")
        }
        self.regions = lists.parts(lists.sections("regions"), which)
        self.countries = lists.parts(lists.sections("countries"), which)
        self.firms = lists.sections("organisations")
        self.firms["known"] = lists.part(self.firms["known"], which)
        self.jobs = lists.sections("jobs")
        self.groups = lists.sections("nrp")
        self.streets = lists.sections("streets")
        self.templates = {
            name: lists.part(lists.templates(name), "learning" if which == "all" else which)
            for language in (*lists.LANGUAGES, "code")
            for name in (language, f"{language}_none")
        }
        self.inventors = {
            (culture, kind): invent.Inventor(table[culture])
            for kind, table in (("given", self.given), ("family", self.family))
            for culture in table
        }
        self.inventors["all", "city"] = invent.Inventor(
            [city for entries in self.cities.values() for city in entries if " " not in city]
        )
        known = [firm for firm in (*self.firms["known"], *self.firms["stem"]) if firm.isalpha()]
        self.inventors["all", "firm"] = invent.Inventor(known)
        self.roles = making.Roles()
        self.salad = {
            language: lists.harmless(entries)
            for language, entries in lists.sections("words").items()
        }
        self.shaking = 0.0
        self._slots: dict[str, Callable[[Text, str], None]] = {
            "pf": self._full, "p": self._person, "f": self._given_slot, "l": self._family_slot,
            "pl": self._listed, "o": self._firm_slot, "c": self._city_slot, "k": self._country_slot,
            "r": self._region_slot, "g": self._place_slot, "a": self._street_slot,
            "z": self._code_slot, "st": self._state_slot, "j": self._job_slot, "n": self._group_slot,  # noqa: E501
            "street": self._street_name, "lk": self._landmark_slot,
        }  # fmt: skip

    def pick(self, entries: list[str]) -> str:
        """Choose one of the entries."""
        return entries[int(self.chance.random() * len(entries))]

    def document(self) -> Text:
        """Write one to four passages of one language, some without any name."""
        language = self.chance.choices(
            ("en", "de", "fr", "es", "pt", "it", "nl", "code"), (40, 10, 9, 9, 8, 8, 8, 8)
        )[0]
        text = Text("", [])
        between = self.pick([" ", " ", "\n", "\n\n"]) if language != "code" else "\n"
        self.shaking = self.chance.choice((0.0, 0.0, 0.15, 0.3, 0.6))
        for number in range(self.chance.choice((1, 1, 2, 3, 4))):
            if number:
                text.add(between)
            if self.chance.random() < 0.13:
                self._nonsense(text, language)
                continue
            nameless = self.chance.random() < (0.85 if language == "code" else 0.33)
            name = f"{language}_none" if nameless else language
            self.fill(text, self.pick(self.templates[name]), language)
        return self._dressed(text)

    def fill(self, text: Text, template: str, language: str) -> None:
        """Fill one template into a text."""
        at = 0
        for match in _SLOT.finditer(template):
            text.add(self._shaken(template[at : match.start()], language))
            self.slot(text, match[1], language)
            at = match.end()
        text.add(self._shaken(template[at:], language))

    def _shaken(self, text: str, language: str) -> str:
        """Put other ordinary words in the place of some; no sentence is learned by heart."""
        if not self.shaking or language == "code":
            return text
        return _SHAKEN.sub(lambda match: self._other_word(match[0], language), text)

    def _other_word(self, word: str, language: str) -> str:
        if self.chance.random() >= self.shaking or word.isupper():
            return word
        other = self.pick(self.salad[language])
        return other.capitalize() if word[0].isupper() else other

    def _nonsense(self, text: Text, language: str) -> None:
        """Add ordinary words in no order, as a sentence, a heading or a list; or around a name."""
        count, way = self.chance.randint(2, 12), self.chance.random()
        words = [self.pick(self.salad.get(language, self.salad["en"])) for _ in range(count)]
        if way < 0.25:
            text.add(" ".join(word.capitalize() for word in words[:6]))
        elif way < 0.35:
            text.add(", ".join(word.capitalize() for word in words[:6]))
        else:
            if language == "de":
                words = [
                    each.capitalize() if self.chance.random() < 0.4 else each for each in words
                ]
            cut = self.chance.randint(0, count) if way < 0.7 else count
            text.add(" ".join(words[:cut]).capitalize())
            if way < 0.7:
                text.add(" " if cut else "")
                self.slot(
                    text, self.pick(["pf", "pf", "f", "f", "c", "c", "c", "k", "o"]), language
                )
                text.add(" " if cut < count else "")
                text.add(" ".join(words[cut:]))
            text.add(self.pick([".", ".", "?", "!", ":", ";", ","]))

    def slot(self, text: Text, name: str, language: str) -> None:
        """Fill one slot."""
        filler = self._slots.get(name)
        if filler is not None:
            filler(text, language)
        else:
            text.add(self._plain(name, language))

    def culture(self, language: str) -> str:
        """Choose where a person comes from: mostly where the language is spoken."""
        if self.chance.random() < _FOREIGN:
            return self.pick(list(WORLD))
        return self.pick(list(CULTURES[language]))

    def given_name(self, culture: str) -> str:
        """Give a first name, now and then one that nobody has."""
        if self.chance.random() < _INVENTED:
            return self.inventors[culture, "given"].word(self.chance)
        return self._listed_name("given", self.given, culture)

    def family_name(self, culture: str) -> str:
        """Give a last name, now and then one that nobody has."""
        if self.chance.random() < _INVENTED:
            return self.inventors[culture, "family"].word(self.chance)
        name = self._listed_name("family", self.family, culture)
        if self.chance.random() < 0.03 and " " not in name and culture != "chinese":
            return f"{name}-{self.pick(self.family[culture])}"
        return name

    def _listed_name(self, kind: str, table: dict[str, list[str]], culture: str) -> str:
        more = self.more[kind].get(culture)
        return self.pick(more if more and self.chance.random() < _RARE else table[culture])

    def full_name(self, culture: str) -> str:
        """Give a whole name in one of the ways people write it."""
        first, last, way = self.given_name(culture), self.family_name(culture), self.chance.random()
        if culture in FAMILY_FIRST and way < 0.6:
            return f"{last} {first}"
        if culture in {"es", "pt"} and way < 0.4:
            link = self.pick([" ", " ", " de ", " da ", " dos "]) if culture == "pt" else " "
            return f"{first} {last}{link}{self.family_name(culture)}"
        if culture in {"vietnamese", "arabic", "indian"} and way < 0.25:
            return self._with_middle(culture, first, last)
        initial = self.pick(list("ABCDEFGHJKLMNPRSTW"))
        ways = (
            (0.62, f"{first} {last}"),
            (0.70, f"{first} {initial}. {last}"),
            (0.76, f"{initial}. {last}"),
            (0.79, f"{initial}.{self.pick(list('ABCDEJKLMRS'))}. {last}"),
            (0.86, f"{first} {self.given_name(culture)} {last}"),
            (0.89, f"{first}-{self.given_name(culture)} {last}"),
            (0.91, f"{first} {last.upper()}"),
            (0.92, f"{first.upper()} {last.upper()}"),
            (0.94, f'{first} "{self.given_name(culture)}" {last}'),
        )
        return next((name for limit, name in ways if way < limit), f"{first} {last}")

    def _with_middle(self, culture: str, first: str, last: str) -> str:
        """Give a name with the word in its middle that its culture uses."""
        if culture == "vietnamese":
            return f"{last} {self.pick(['Thị', 'Văn', 'Thi', 'Van', 'Minh', 'Hữu'])} {first}"
        if culture == "arabic":
            return f"{first} {self.pick(['bin ', 'ibn ', 'bint ', 'al-', 'Al ', 'El-'])}{last}"
        return f"{first} {self.pick(['Kumar', 'Singh', 'Devi', 'Kaur', 'Lal', 'Prasad'])} {last}"

    def firm(self, language: str) -> str:
        """Give an organisation: a known one, or one made of parts."""
        if self.chance.random() < 0.32:
            return self.pick(self.firms["known"])
        pattern = self.pick(self.firms.get(f"pattern.{language}", self.firms["pattern.en"]))
        if self.chance.random() < 0.15:
            pattern = self.pick(self.firms["pattern.en"])
        fields: dict[str, Callable[[], str]] = {
            "city": lambda: self.city(language),
            "region": lambda: self.pick(self.regions.get(language, self.regions["en"])),
            "first": lambda: self.pick(self.given[CULTURES[language][0]]),
            "last": lambda: self.family_name(self.culture(language)),
            "stem": lambda: self.pick(self.firms["stem"]),
            "suffix": lambda: self.pick(self.firms["suffix"]),
            "field": lambda: self.pick(self.firms["field.en"]),
            "matter": lambda: self.pick(self.firms.get(f"matter.{language}", self.firms["matter"])),
            "nrp": lambda: self.pick(self.groups["en"][:40]),
            "form": lambda: self.pick(self.firms.get(f"form.{language}", self.firms["form.en"])),
            "acronym": lambda: "".join(
                self.chance.choices("ABCDEFGHIKLMNOPRSTVW", k=self.pick2(2, 3, 3, 4))
            ),
            "inv": lambda: self.inventors["all", "firm"].word(self.chance),
            **{
                name: lambda name=name: self.pick(self.firms[name])  # type: ignore[misc]
                for name in ("adj", "thing", "thing.fr", "thing.es")
            },
        }
        return making.filled(pattern, fields)

    def city(self, language: str) -> str:
        """Give a city, mostly of the language's countries."""
        if self.chance.random() < 0.1:
            return self.inventors["all", "city"].word(self.chance)
        own = "en" if language == "code" else language
        where = own if self.chance.random() < 0.7 else self.pick([*lists.LANGUAGES, "other"])
        return self._listed_name("cities", self.cities, where)

    def street(self, language: str) -> str:
        """Give a street with its number."""
        own = language if language in self.streets else "en"
        pattern = self.pick(self.streets[own])
        fields: dict[str, Callable[[], str]] = {
            "n": lambda: str(self.chance.randint(1, self.pick2(40, 300, 9999))),
            "last": lambda: self.pick(self.family[own]),
            "first": lambda: self.pick(self.given[own]),
            "city": lambda: self.pick(self.cities[own]),
            "wood": lambda: self.pick(self.streets[f"wood.{own}"]),
            "dir": lambda: self.pick(["North", "South", "East", "West", "N", "S", "E", "W", "NW"]),
            "ord": lambda: self.pick(["1st", "2nd", "3rd", "4th", "5th", "42nd", "Fifth", "9th"]),
            "L": lambda: self.pick(list("ABCDEF")),
            "l": lambda: self.pick(list("abcd")),
        }
        return _SLOT.sub(lambda match: fields[match[1]](), pattern)

    def pick2(self, *numbers: int) -> int:
        """Choose one of a few numbers."""
        return numbers[int(self.chance.random() * len(numbers))]

    def _full(self, text: Text, language: str) -> None:
        if self.chance.random() < 0.1 and (not text.text or text.text[-1] in " \n"):
            text.add(self.pick(list(ADDRESSED.get(language, HONORIFICS))) + " ")
        text.add(self.full_name(self.culture(language)), "PERSON")

    def _person(self, text: Text, language: str) -> None:
        way = self.chance.random()
        if way < 0.5:
            self._full(text, language)
        elif way < 0.8:
            self._given_slot(text, language)
        else:
            text.add(self.pick(list(ADDRESSED.get(language, HONORIFICS))) + " ")
            self._family_slot(text, language)

    def _given_slot(self, text: Text, language: str) -> None:
        text.add(self.given_name(self.culture(language)), "PERSON")

    def _family_slot(self, text: Text, language: str) -> None:
        text.add(self.family_name(self.culture(language)), "PERSON")

    def _listed(self, text: Text, language: str) -> None:
        culture = self.culture(language)
        text.add(f"{self.family_name(culture)}, {self.given_name(culture)}", "PERSON")

    def _firm_slot(self, text: Text, language: str) -> None:
        text.add(self.firm(language).removeprefix("The "), "ORGANIZATION")

    def _city_slot(self, text: Text, language: str) -> None:
        text.add(self.city(language), "LOCATION")

    def _country_slot(self, text: Text, language: str) -> None:
        own = language if language in self.countries else "en"
        text.add(self.pick(self.countries[own]), "LOCATION")

    def _region_slot(self, text: Text, language: str) -> None:
        own = language if language in self.regions else "en"
        text.add(self.pick(self.regions[own]), "LOCATION")

    def _place_slot(self, text: Text, language: str) -> None:
        way = self.chance.random()
        if way < 0.1:
            self._landmark_slot(text, language)
        elif way < 0.4:
            self._city_slot(text, language)
        elif way < 0.7:
            self._country_slot(text, language)
        else:
            self._region_slot(text, language)

    def _street_slot(self, text: Text, language: str) -> None:
        text.add(self.street(language), "STREET_ADDRESS")

    def _street_name(self, text: Text, _language: str) -> None:
        name = re.sub(r"^(?:Flat|Apartment)?[\d, A-F-]*(?=[A-Z])|,.*$", "", self.street("en"))
        text.add(name, "STREET_ADDRESS" if re.search(r"[A-Z]", name) else "")

    def _landmark_slot(self, text: Text, language: str) -> None:
        own = language if language in lists.LANGUAGES else "en"
        makers = {
            "last": lambda: self.family_name(own),
            "first": lambda: self.pick(self.given[own]),
            "city": lambda: self.city(own),
        }
        text.add(making.landmark(self.chance, own, makers), "LOCATION")

    def _code_slot(self, text: Text, language: str) -> None:
        text.add(making.postal_code(self.chance, language), "STREET_ADDRESS")

    def _state_slot(self, text: Text, _language: str) -> None:
        long = self.chance.random() < 0.25
        text.add(self.pick(self.regions["en"][:48] if long else list(STATES)), "LOCATION")

    def _job_slot(self, text: Text, language: str) -> None:
        job = self.pick(self.jobs.get(language, self.jobs["en"]))
        if language in {"en", "code"} and self.chance.random() < _COMPOSED:
            job = self.roles.title(self.chance)
        if language != "de" and self.chance.random() < 0.25:
            job = job.title() if self.chance.random() < 0.7 else job.capitalize()
        text.add(job, "JOB_TITLE")

    def _group_slot(self, text: Text, language: str) -> None:
        text.add(self.pick(self.groups.get(language, self.groups["en"])), "NRP")

    def _plain(self, name: str, language: str) -> str:
        chance, own = self.chance, language if language in MONTHS else "en"
        number = str(chance.randint(1, self.pick2(9, 99, 9999)))
        month, year = self.pick(MONTHS[own].split()), str(chance.randint(1940, 2030))
        day, ident = str(chance.randint(1, 28)), self._identifier()
        dates = (
            f"{day} {month} {year}", f"{month} {day}, {year}", f"{day}.{number[0]}.{year}",
            f"{year}-0{number[0]}-{day.zfill(2)}", f"{day}/{number[0]}/{year}", f"{month} {day}",
        )  # fmt: skip
        fillers = {
            "num": number, "year": year, "mon": month, "day": self.pick(DAYS[own].split()),
            "date": self.pick(list(dates)), "time": f"{chance.randint(0, 23)}:{chance.randint(10, 59)}",  # noqa: E501
            "money": self.pick([f"${number}", f"{number} EUR", f"€{number}.00", f"£{number}"]),
            "id": self.pick([f"#{number}{number}", f"AB-{number}", f"{number}{day}{year}"]),
            "mail": f"{ident}@{self._identifier()}.{self.pick(['com', 'org', 'de', 'fr', 'net'])}",
            "phone": self.pick([f"+49 30 {number}{year}", f"({day}5) 555-{year}", f"0{year} {year}{day}"]),  # noqa: E501
            "url": f"www.{ident}.com", "handle": ident, "ident": ident,
            "Camel": "".join(part.capitalize() for part in ident.split("_")) + self._camel(),
            "UPPER": ident.upper(), "mon3": month[:3], "title": self.pick(list(TITLES)),
            "lang": self.pick(list(LANGUAGE_NAMES)), "h": self.pick(list(HONORIFICS)),
            "prod": self.pick(["iPhone", "Windows", "Excel", "Photoshop"]),
        }  # fmt: skip
        return fillers.get(name, "{" + name + "}")

    def _identifier(self) -> str:
        parts = (
            "user order item data value name config cache client server request response handler"
            " parser token session event queue worker thread file path buffer stream index node tree"  # noqa: E501
            " list map key result error test case model view field record table query engine proxy"
            " socket header body message email account payment invoice report job task schema lock"
        ).split()
        return "_".join(self.chance.sample(parts, self.chance.choice((1, 1, 2, 2, 3))))

    def _camel(self) -> str:
        return self.pick(
            ["", "", "Manager", "Factory", "Error", "Handler", "Service", "Base", "Test"]
        )

    def _dressed(self, text: Text) -> Text:
        """Now and then write the whole text in small or capital letters, or without accents."""
        way = self.chance.random()
        changed = text.text
        if way < 0.07:
            changed = "".join(_same_length(letter, letter.lower()) for letter in changed)
        elif way < 0.10:
            changed = "".join(_same_length(letter, letter.upper()) for letter in changed)
        elif way < 0.14:
            changed = changed.translate(_PLAIN)
        elif way < 0.16:
            changed = changed.replace("\n", " ")
        return Text(changed, text.spans)


def _same_length(old: str, new: str) -> str:
    return new if len(new) == 1 else old


_PLAIN = str.maketrans("áàâäãåéèêëíìîïóòôöõúùûüñçşğıłńśźż", "aaaaaaeeeeiiiiooooouuuuncsgilnszz")
