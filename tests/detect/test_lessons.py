"""What went wrong in other guardrails, each as a promise that is kept here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest

from muniment.core.errors import InvalidError, UnavailableError
from muniment.detect import STANDARD, Configuration, Policy, Scan, Scanner, read_policy
from muniment.detect.service.protect import Protector

MASK = Policy("mask")
MAIL = "maria.lopez@example.com"


class Broken:
    """A scanner whose engine fails."""

    configuration = Configuration()

    def plain_words(self, policy: Policy) -> frozenset[str]:
        """Give none."""
        return frozenset({policy.name} & set())

    def quiet_words(self) -> frozenset[str] | None:
        """Give nothing."""
        return None

    def inspect(self, text: str, *, context: Sequence[str] = (), after: int = 0) -> Scan:
        """Fail."""
        raise UnavailableError(f"the engine is gone {len(text)} {len(context)} {after}")


class Counting(Scanner):
    """A scanner that counts how often it is asked, and for how much."""

    asked = 0
    characters = 0

    def inspect(self, text: str, *, context: Sequence[str] = (), after: int = 0) -> Scan:
        """Count, and scan."""
        self.asked += 1
        self.characters += len(text)
        return super().inspect(text, context=context, after=after)


def test_an_error_of_the_engine_lets_nothing_through() -> None:
    """Others failed open: an analyser's error passed the text on."""
    exchange = Protector(Broken(), MASK)
    for call in (exchange.text, exchange.json, exchange.messages):
        with pytest.raises(UnavailableError):
            call(json.dumps({"to": MAIL}))
    stream = exchange.stream()
    with pytest.raises(UnavailableError):
        stream.feed(f"Write to {MAIL} and then some more words")
    with pytest.raises(UnavailableError):
        stream.finish()


def test_a_stream_is_never_passed_unscanned() -> None:
    """Others passed streams on as they came: here every character was in some scan."""
    scanner = Counting(layers="patterns")
    text = f"plain words all along and {MAIL} in the middle of them, then plain words again"
    stream = scanner.stream(MASK)
    out = "".join(stream.feed(letter) for letter in text) + stream.finish()
    assert MAIL not in out
    assert scanner.characters >= len(text)


def test_a_stream_is_not_buffered_whole() -> None:
    """Others gave the first word after the last: here words go as they come."""
    stream = Scanner(layers="patterns").stream(STANDARD)
    gone = [bool(stream.feed("plain words go on and on ")) for _ in range(20)]
    assert all(gone[1:])


def test_tool_arguments_get_their_values_back() -> None:
    """Others left masks in tool calls, and the calls broke."""
    exchange = Scanner(layers="patterns").protector(STANDARD)
    masked = exchange.text(f"write to {MAIL}").text
    assert masked == "write to [EMAIL_1]"
    assert exchange.restore_json('{"to": ["[EMAIL_1]"]}') == json.dumps({"to": [MAIL]})


def test_a_policy_that_was_mistyped_does_not_pass() -> None:
    """A rule that cannot be read stops at once, and does not leave values bare later."""
    with pytest.raises(InvalidError):
        read_policy('default = "maks"')


def test_work_grows_in_line_with_the_text() -> None:
    """Others took minutes for 7 MB: here ten times the text is ten times the scans, no more."""
    counts = []
    for times in (10, 100):
        scanner = Counting(layers="patterns")
        scanner.protect(
            f"Call Anna at {MAIL} or come by on Friday, she said to them. " * times, MASK
        )
        counts.append((scanner.asked, scanner.characters))
    assert counts[1][0] <= counts[0][0] * 11
    assert counts[1][1] <= counts[0][1] * 12


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["1 ", "a@", "api_key=", "-----BEGIN PRIVATE KEY-----", " ", "Ab "]
)
def test_work_grows_in_line_with_a_text_that_is_hard_on_purpose(unit: str) -> None:
    """Ten times as much of what looks like a beginning is read ten times as often, no more."""
    counts = []
    for size in (10_000, 100_000):
        scanner = Counting(layers="patterns")
        scanner.protect(unit * (size // len(unit)), MASK)
        counts.append(scanner.characters)
    assert counts[1] <= counts[0] * 15 + 200_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "size"),
    [
        ("\x00", 10_000_000),
        *((unit, 2_000_000) for unit in ("\ud800", "A1b2C3d4", "a", "\n", "[EMAIL_1]")),
        *((unit, 200_000) for unit in ("4111 ", "a@", "Plain words and Names. ")),
    ],
)
def test_long_runs_of_anything_pass_or_are_masked(unit: str, size: int) -> None:
    """NUL, half surrogates, runs without a space: no error, and the value behind is masked."""
    text = unit * (size // len(unit)) + f" {MAIL}"
    told = Scanner(layers="patterns").protect(text, STANDARD)
    assert told.verdict.passes
    assert MAIL not in told.text


@pytest.mark.parametrize(
    "text", ["We run C4 models on EKS and keep them in S3.", "Use the EC2 API"]
)
def test_names_of_services_are_not_names_of_people_or_firms(text: str) -> None:
    """Others masked C4, S3 and EKS as names."""
    found = {text[each.start : each.end] for each in Scanner().scan(text)}
    assert found.isdisjoint({"C4", "S3", "EKS", "EC2"})


def test_an_individual_is_nobody() -> None:
    """Others masked the word individual as a person."""
    text = "Each individual may ask for a copy, and Individual rights apply."
    assert not [each for each in Scanner().scan(text) if each.type == "PERSON"]


def test_letters_and_digits_are_no_driving_licence() -> None:
    """Others took any letter with digits for one, and "lic" inside "public" for its word."""
    text = "The public part B1234567 of ticket C98765 is in republic K12345678."
    assert not [each for each in Scanner().scan(text) if "DRIV" in each.type]


def test_a_scan_needs_no_network() -> None:
    """Others fetched a suffix list: here a first scan opens no connection and asks no resolver."""
    program = (
        "import sys\n"
        "def deny(event, args):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.gethostbyname'):\n"
        "        raise SystemExit(f'network: {event}')\n"
        "sys.addaudithook(deny)\n"
        "from muniment.detect import Scanner\n"
        "found = Scanner().scan('Anna Kowalska, maria@example.co.uk, https://a.example.museum')\n"
        "print(sorted({each.type for each in found}))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert "EMAIL_ADDRESS" in told.stdout
