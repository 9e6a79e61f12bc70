"""Looks at every text of a request or an answer and changes nothing: what was found, and how much.

It costs one scan of each text that was not seen before; what must be changed is protected
afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from muniment.core.errors import InvalidError
from muniment.detect.models import Finding, Looked
from muniment.detect.rules import json_text
from muniment.detect.rules.messages import texts_of, walk_parts
from muniment.detect.service.scanner import Scanner


def look(scanner: Scanner, value: object) -> Looked:
    """Look at chat messages, a whole request, or any JSON value."""
    texts = texts_of(value)
    if texts is not None:
        return scanner.look_at(texts)
    looking = _Looking(scanner)
    walk_parts(value, looking)
    return Looked(tuple(looking.findings), looking.whole, scanner.build)


@dataclass(slots=True)
class _Looking:
    """What was found while the texts of one value were read."""

    scanner: Scanner
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True

    def text(self, value: str, key: str) -> str:
        """Scan a text, with the name it stands under."""
        if value:
            scan = self.scanner.inspect_once(value, key)
            self.findings += scan.findings
            if not scan.coverage.whole:
                self.whole = False
        return value

    def arguments(self, value: str) -> str:
        """Scan JSON in a text by its values; what is no JSON is read as text."""
        try:
            parsed = json_text.parse(value)
        except InvalidError:
            return self.text(value, "")
        json_text.Walker(self.text, _noted).walk(parsed)
        return value

    def unreadable(self, _what: str) -> None:
        """Take note of something that cannot be inspected."""
        self.whole = False


def _noted(_written: str) -> None:
    """Numbers need no note where nothing is changed."""
