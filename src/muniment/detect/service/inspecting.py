"""What finds in texts, as protecting asks for it: the scanner, or what scans as it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from muniment.detect.models import Configuration, Policy, Scan, Told
from muniment.detect.rules.doubts import Calm, Survey
from muniment.detect.rules.hearing import Hearing
from muniment.detect.service.remembering import Remembering

# What scans a part of a text; of what ends at the given place or before it nothing need be told.
Inspect = Callable[[str, int], Scan]


class Ahead(Protocol):
    """What looks once at a text that came at once, and scans its parts knowing what it saw."""

    def survey(self, text: str) -> Survey | None:
        """Look at a text once; None if that tells nothing of its parts."""
        ...

    def inspect_part(self, text: str, calm: Calm, after: int) -> Scan:
        """Scan a part; what is calm in it need not be read."""
        ...


class Inspector(Protocol):
    """What finds: the scanner, or anything that scans as it does."""

    configuration: Configuration

    def inspect(self, text: str, *, context: Sequence[str] = (), after: int = 0) -> Scan:
        """Scan a text, with words that stand near it elsewhere, such as the key in JSON.

        What ends at `after` or before it need not be told.
        """
        ...

    def plain_words(self, policy: Policy) -> frozenset[str]:
        """Give plain words in which something could be found that the policy changes."""
        ...

    def quiet_words(self) -> frozenset[str] | None:
        """Give the only plain words that are no names; nothing if plain words never are."""
        ...


class Surveyor(Inspector, Protocol):
    """What finds, and can also tell at once in which parts of a text nothing is."""

    def inspect_once(self, text: str, context: str = "") -> Scan:
        """Scan a text, and know what was found when it comes again."""
        ...

    def survey(self, text: str, context: Sequence[str] = ()) -> Survey | None:
        """Look at a text once; None if that tells nothing of its parts."""
        ...

    def inspect_part(
        self, text: str, calm: Calm, *, context: Sequence[str] = (), after: int = 0
    ) -> Scan:
        """Scan a part of a text; what is calm in it need not be read."""
        ...

    def apart(self, text: str) -> Scan | None:
        """Give what is known of a text, if its parts hold just that wherever they are cut."""
        ...

    def hearing(self, policy: Policy) -> Hearing:
        """Give what tells quiet words from loud ones under a policy, kept from text to text."""
        ...

    def passed(self) -> Remembering[Told]:
        """Give what is remembered of texts that were protected, under one policy each."""
        ...


@cache
def surveys(kind: type) -> bool:
    """Tell whether a kind of inspector can also look ahead."""
    names = ("inspect_once", "survey", "inspect_part", "apart", "hearing", "passed")
    return all(callable(getattr(kind, name, None)) for name in names)


@dataclass(frozen=True, slots=True)
class AheadOf:
    """A surveyor with the words that stand near a text elsewhere."""

    surveyor: Surveyor
    near: tuple[str, ...]

    def survey(self, text: str) -> Survey | None:
        """Look at a text once."""
        return self.surveyor.survey(text, self.near)

    def inspect_part(self, text: str, calm: Calm, after: int) -> Scan:
        """Scan a part of it."""
        return self.surveyor.inspect_part(text, calm, context=self.near, after=after)
