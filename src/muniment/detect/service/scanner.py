"""Looks for everything a configuration asks for in a text, layer by layer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, Unpack

from muniment import __version__
from muniment.core.errors import InvalidError
from muniment.detect.detectors import emails
from muniment.detect.models import (
    Configuration,
    Coverage,
    Finding,
    Policy,
    Protected,
    Scan,
    Sheet,
    Why,
)
from muniment.detect.service.protect import Given, Protector
from muniment.detect.service.stream import Stream


class Layer(Protocol):
    """A detector of ours that runs beside the patterns."""

    @property
    def build(self) -> str:
        """Its version and the digest of what it knows."""
        ...

    def scan(self, text: str) -> Sequence[Finding]:
        """Find everything it knows."""
        ...


class Scanner:
    """Finds sensitive values in texts; made once, used from any number of threads."""

    def __init__(
        self,
        configuration: Configuration | None = None,
        *,
        layers: str | Sequence[str] | None = None,
        detectors: Sequence[Layer] = (),
    ) -> None:
        self.configuration = configuration or Configuration()
        self._layers = (layers,) if isinstance(layers, str) else layers
        self._detectors = tuple(detectors)
        self._compiled = [(each, re.compile(each.regex)) for each in emails.PATTERNS]
        self.build = f"muniment-detect {__version__} {self.configuration.digest}"

    def scan(self, text: str, *, context: Sequence[str] = ()) -> list[Finding]:
        """Find what a text holds, in the order it stands there."""
        return list(self.inspect(text, context=context).findings)

    def inspect(self, text: str, *, context: Sequence[str] = ()) -> Scan:
        """Scan a text and say what was covered, by which build."""
        if not isinstance(text, str):
            raise InvalidError("only text can be scanned", field="text", remedy="Decode it first.")
        found = [
            Finding(
                each.type, each.family, m.start(), m.end(), each.score, Why(each.id, (*context,))
            )
            for each, compiled in self._compiled
            for m in compiled.finditer(text)
        ]
        for each in self._detectors:
            found.extend(each.scan(text))
        found.sort(key=lambda finding: (finding.start, finding.end))
        coverage = Coverage(len(text), len(text), ("patterns",))
        return Scan(tuple(found), coverage, self.build)

    def protector(self, policy: Policy, **means: Unpack[Given]) -> Protector:
        """Begin an exchange whose texts, JSON and messages are protected alike."""
        return Protector(self, policy, **means)

    def protect(self, text: str, policy: Policy, **means: Unpack[Given]) -> Protected:
        """Make a text safe, with what is needed to turn it back."""
        return self.protector(policy, **means).text(text)

    def stream(self, policy: Policy, **means: Unpack[Given]) -> Stream:
        """Begin to make a text safe while it arrives."""
        return self.protector(policy, **means).stream()


def sheets() -> tuple[Sheet, ...]:
    """Give the data sheets of every detector that comes along."""
    return emails.SHEETS
