"""The nouns of detection: what is looked for, what was found and why, and what a scan covered.

No noun here carries a found value. A finding points at characters of the text that was handed in,
so it can be stored, recorded and shown without carrying what it found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct

from muniment.core.digest import Digest, digest_value
from muniment.core.errors import InvalidError

TYPE_SHAPE: Final = re.compile(r"[A-Z][A-Z0-9_]{1,63}\Z")
LANGUAGES: Final = ("en", "de", "fr", "es", "pt", "it", "nl")


class Family(StrEnum):
    """What kind of harm a value can do, which is what most policies are written about."""

    PII = "pii"
    PHI = "phi"
    FINANCIAL = "financial"
    SECRETS = "secrets"
    NAMES = "names"
    NETWORK = "network"
    OWN = "own"
    SAFETY = "safety"


class Validation(StrEnum):
    """What a check digit or a structural rule said about a value."""

    PASSED = "passed"
    NO_RULE = "no_rule"


class Verdict(StrEnum):
    """The answer for a whole text; what was not inspected is never clean."""

    CLEAN = "clean"
    FOUND = "found"
    NOT_INSPECTED = "not_inspected"


class TermKind(StrEnum):
    """What an organisation's own term is for."""

    EXACT = "exact"
    PATTERN = "pattern"
    BANNED = "banned"
    CANARY = "canary"


@dataclass(frozen=True, slots=True)
class Why:
    """The reason for a finding: its pattern, the words near it that spoke for it, and each step."""

    pattern: str
    context: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    def __str__(self) -> str:
        near = f"near {', '.join(repr(word) for word in self.context)}" if self.context else ""
        return "; ".join(part for part in (self.pattern, *self.steps, near) if part)


class Finding(Struct, frozen=True, gc=False):
    """Something found: its type, and where it begins and ends in the original text."""

    type: str
    family: Family
    start: int
    end: int
    score: float
    why: Why
    validation: Validation = Validation.NO_RULE
    detector: str = "patterns"

    def overlaps(self, other: Finding) -> bool:
        """Tell whether both cover at least one character."""
        return self.start < other.end and other.start < self.end

    def moved(self, by: int) -> Finding:
        """Give the same finding for a text in which this one begins `by` characters later."""
        return self.at(self.start + by, self.end + by) if by else self

    def behind(self, at: int) -> Finding:
        """Give the part of the finding that lies behind a place."""
        return self if self.start >= at else self.at(at, self.end)

    def at(self, start: int, end: int) -> Finding:
        """Give the same finding at another place."""
        told = (self.score, self.why, self.validation, self.detector)
        return Finding(self.type, self.family, start, end, *told)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that looked like a type and was not reported, with the reason."""

    type: str
    family: Family
    start: int
    end: int
    pattern: str
    reason: str


class Coverage(Struct, frozen=True, gc=False):
    """How much of a text was looked at, by which layers, and what could not be."""

    characters: int
    inspected: int
    layers: tuple[str, ...]
    gaps: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every layer that was asked for saw every character."""
        return bool(self.layers) and self.inspected >= self.characters and not self.gaps


class Scan(Struct, frozen=True, gc=False):
    """The findings of a text with what they cover and which build of the detector gave them."""

    findings: tuple[Finding, ...]
    coverage: Coverage
    build: str

    @property
    def verdict(self) -> Verdict:
        """The answer: found, clean, or not inspected."""
        if self.findings:
            return Verdict.FOUND
        return Verdict.CLEAN if self.coverage.whole else Verdict.NOT_INSPECTED


class Looked(Struct, frozen=True, gc=False):
    """What was found in all texts of a value, and whether all of it could be inspected."""

    findings: tuple[Finding, ...]
    inspected: bool
    build: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A scan together with everything that was looked at and not reported."""

    scan: Scan
    rejected: tuple[Rejected, ...]


class Checked(NamedTuple):
    """What a validator says: whether the value may stand, and where inside the match it lies."""

    ok: bool
    step: str = ""
    cut: tuple[int, int] | None = None
    score: float | None = None


NO: Final = Checked(False)


Validator = Callable[[str], Checked]


@dataclass(frozen=True, slots=True)
class Words:
    """Words that, near a value, speak for its type; phrases of up to three words, split by `|`."""

    en: str = ""
    de: str = ""
    fr: str = ""
    es: str = ""
    pt: str = ""
    it: str = ""
    nl: str = ""

    def phrases(self) -> frozenset[str]:
        """Give every phrase of every language."""
        texts = (self.en, self.de, self.fr, self.es, self.pt, self.it, self.nl)
        return frozenset(part.strip() for text in texts for part in text.split("|") if part.strip())


@dataclass(frozen=True, slots=True)
class Pattern:
    """One shape that is looked for, and what must be true before a match is reported.

    `regex` is a shape in the words both engines know: no look-around, no back-references, no lazy
    repeats. With a `trigger` the engine looks for that short beginning only, and `regex`, which may
    then use everything Python knows, is read there, or up to `reach` characters before. `stops` are
    characters that never stand between the beginning of the value and its trigger. `group` is the
    part of `regex` that is the value. `score` is what a match is worth alone, `context_score` what
    it is worth beside one of the words of `context`; a match worth too little is not reported.
    `joins` are the characters that make a value part of a longer one, as the hyphen does in
    `12-123-45-6789`. A `firm` match is not doubted for a word like *order* before it. A `quiet`
    pattern looks only if its type is asked for; if it `blocks`, it looks all the same and keeps
    weaker findings off what it covers, unreported.
    """

    id: str
    type: str
    family: Family
    regex: str
    score: float
    trigger: str = ""
    reach: int = 0
    stops: str = ""
    group: int = 0
    context: Words | None = None
    context_score: float = 0.0
    validator: Validator | None = None
    joins: str = "-."
    ignore_case: bool = False
    firm: bool = False
    quiet: bool = False
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A data sheet: what is found, its limits, examples, the control served, the error rates."""

    type: str
    family: Family
    title: str
    finds: str
    limits: str
    examples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    control: str = "C1.1"
    measured: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of an organisation's own list: words to find exactly, a pattern, or a canary."""

    id: str
    kind: TermKind
    text: str
    type: str = ""
    ignore_case: bool = True

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidError("a term cannot be empty", field="terms", subject=self.id)
        if self.type and not TYPE_SHAPE.match(self.type):
            raise InvalidError(
                f"{self.type[:80]!r} is not the name of a type",
                field="terms",
                remedy="Types are upper-case letters, digits and _, such as CUSTOMER_ID.",
            )


@dataclass(frozen=True, slots=True)
class Allowed:
    """A text that is known to be harmless, for one type or (with an empty type) for all."""

    text: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything that changes what a scanner finds; its digest stands in every record."""

    layers: tuple[str, ...] = ("patterns", "names")
    threshold: float = 0.5
    thresholds: tuple[tuple[str, float], ...] = ()
    types: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    digest: Digest = field(init=False)

    def __post_init__(self) -> None:
        for name, value in (("threshold", self.threshold), *self.thresholds):
            if not 0.0 <= value <= 1.0:
                raise InvalidError(
                    f"a threshold of {value} cannot be",
                    field=name,
                    remedy="Give a number from 0 to 1.",
                )
        object.__setattr__(self, "digest", digest_value(self._as_value()))

    def _as_value(self) -> dict[str, object]:
        return {
            "layers": list(self.layers),
            "threshold": repr(self.threshold),
            "thresholds": [[name, repr(value)] for name, value in sorted(self.thresholds)],
            "types": sorted(self.types),
            "without": sorted(self.without),
            "also": sorted(self.also),
            "terms": [
                [each.id, each.kind.value, each.text, each.type, str(each.ignore_case)]
                for each in self.terms
            ],
            "allowed": sorted([each.type, each.text] for each in self.allowed),
        }
