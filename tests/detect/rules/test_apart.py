"""A whole text in which values stand apart is changed at once, as a stream changes it in steps."""

from __future__ import annotations

import random
from functools import cache

import pytest

from muniment.detect import Action, ActionRule, Policy, Scanner
from muniment.detect.service.protect import protect_text

_POLICIES = (
    Policy("masks"),
    Policy("notes", (ActionRule(Action.MASK, types=("EMAIL_ADDRESS",)),), default=Action.TAG),
)
_VALUES = (
    *("anna.7@example.org", "bob@example.org;eve@example.com", "203.0.113.21", "2001:db8::1"),
    *("DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "+49 30 901820, extension 12"),
    *("4111 1111 1111 1111", "536-22-1234", "531234567", "C01X00T47", "21.04.1987", "case 12"),
    *("12-14 High Street", "https://user:pass@example.org/x?y=1", "AKIAIOSFODNN7EXAMPLE"),
    *("order 531234567", "11.222.333/0001-81", "v1.2.3", "90210", "978-3-16-148410-0"),
)
_SENTENCES = (
    "The quarterly report shows that the numbers improved in most areas.",
    "If the pump stops again, close the valve and start it by hand.",
    "Nobody has answered the question of how the old archive can be read.",
    "He said. Only the team agreed to move it to the week after the holiday.",
)
_WORDS = (
    *("passport", "number", "ssn", "account", "card", "order", "invoice", "phone", "fax", "born"),
    *("on", "the", "a", "is", "was", "of", "his", "case", "id", "tax", "license", "patient"),
    *("iban", "vat", "bank", "code", "at", "noon", "old", "new", "extension", "mobile", "ref."),
)


@cache
def _scanner(layers: str) -> Scanner:
    return Scanner(layers=layers) if layers else Scanner()


def _text(chance: random.Random) -> str:
    """Write some sentences with a value or two, or words that announce values on every side."""
    if chance.random() < 0.3:
        many = chance.randint(5, 250)
        said = [chance.choice(_WORDS if chance.random() < 0.9 else _VALUES) for _ in range(many)]
        return " ".join(said)
    parts = [chance.choice(_SENTENCES) for _ in range(chance.randint(1, 9))]
    for _ in range(chance.choice((1, 1, 2, 3))):
        before, behind = (chance.choices(_WORDS, k=chance.randint(0, 5)) for _ in range(2))
        value = chance.choice(_VALUES) + chance.choice(("", ",", ".", ":"))
        parts.insert(chance.randint(0, len(parts)), " ".join((*before, value, *behind)) + ".")
    return chance.choice((" ", "\n")).join(parts)


@pytest.mark.parametrize(("layers", "count"), [("patterns", 250), ("", 400)])
def test_what_stands_apart_is_changed_as_by_a_stream(layers: str, count: int) -> None:
    """Text, findings, changes and all: whatever stands around the values, and under each policy."""
    scanner, chance, apart = _scanner(layers), random.Random(23), 0
    for _ in range(count):
        text = _text(chance)
        scanner.inspect_once(text)
        apart += scanner.apart(text) is not None
        for policy in _POLICIES:
            once = scanner.protector(policy).text(text)
            assert once == protect_text(scanner.protector(policy).stream(), [text])
            assert scanner.protector(policy).text(text) == once
    assert apart


@pytest.mark.parametrize(
    "text",
    [
        "You can reach her at anna.7@example.org. Nobody has answered the question.",
        "He signed in from 203.0.113.21 at noon. The team agreed.",
        "The account is DE89370400440532013000, as was said before by them.",
        "Her number is +49 30 901820, extension 12. The team agreed to move it.",
    ],
)
def test_a_value_among_plain_words_stands_apart(text: str) -> None:
    """What was looked at before is known, and so is that a stream decides nothing else of it."""
    scanner = _scanner("patterns")
    assert scanner.apart(text + " Not looked at.") is None
    found = scanner.inspect_once(text).findings
    told = scanner.apart(text)
    assert told is not None
    assert told.findings == found


@pytest.mark.parametrize(
    "text",
    [
        "531234567 stands on the passport",
        "anna.7@example.org, and there is an order 531234567 of hers",
        "she wrote from anna.7@example.org and signed in from 203.0.113.21 %41",
        "she wrote from anna.7@example.org\tand went on",
        "[EMAIL_1] is anna.7@example.org",
    ],
)
def test_what_a_stream_may_see_otherwise_is_left_to_it(text: str) -> None:
    """A word behind a value has a say, a match is no value, or a text is written in another way."""
    scanner = _scanner("patterns")
    scanner.inspect_once(text)
    assert scanner.apart(text) is None
