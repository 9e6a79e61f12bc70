"""The scanner: texts in, findings out; it never fails open."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise
from multiprocessing import get_context

import pytest

from muniment.core.errors import InvalidError, UnavailableError
from muniment.detect import (
    STANDARD,
    Allowed,
    Configuration,
    Family,
    Finding,
    Policy,
    Scanner,
    Term,
    TermKind,
    Verdict,
    Why,
)
from muniment.detect.rules import judging, reaching
from muniment.plugins import check_socket
from muniment.plugins.sockets import Finding as SocketFinding

PATTERNS = Scanner(layers="patterns")
TEXT = "Mail maria.lopez@example.com, card 4111 1111 1111 1111, call +49 30 901820."


class Stranger:
    """A detector as a plug-in would bring it."""

    build = "stranger 1.0"

    def __init__(self, *found: SocketFinding | Finding, error: Exception | None = None) -> None:
        self._found, self._error = found, error

    def scan(self, text: str) -> Sequence[SocketFinding | Finding]:
        assert text
        if self._error:
            raise self._error
        return self._found


def values(text: str, scanner: Scanner = PATTERNS) -> list[tuple[str, str]]:
    """Scan a text; give types and values."""
    return [(each.type, text[each.start : each.end]) for each in scanner.scan(text)]


def test_findings_point_into_the_original_text() -> None:
    """Start and end are characters of the text that was given, also in disguise."""
    assert values("Grüße an maria.lopez@example.com!") == [
        ("EMAIL_ADDRESS", "maria.lopez@example.com")
    ]
    assert values("x\u200b \uff14\uff11\uff11\uff11 1111 1111 11\u200b11") == [
        ("CREDIT_CARD", "\uff14\uff11\uff11\uff11 1111 1111 11\u200b11")
    ]
    assert values("to=maria%40example.com&x=1") == [("EMAIL_ADDRESS", "to=maria%40example.com"[3:])]


def test_what_is_no_text_is_refused() -> None:
    """Bytes and other values are refused with a remedy instead of being called clean."""
    for wrong in (b"abc", None, 5):
        with pytest.raises(InvalidError):
            PATTERNS.scan(wrong)  # type: ignore[arg-type]
    assert PATTERNS.inspect("nothing").verdict is Verdict.CLEAN
    assert PATTERNS.inspect("").verdict is Verdict.CLEAN


def test_a_detector_that_fails_is_never_a_clean_text() -> None:
    """An error stops a scan, and leaves an inspection that is not clean."""
    broken = Scanner(layers="patterns", detectors=[Stranger(error=RuntimeError("no model"))])
    with pytest.raises(RuntimeError):
        broken.scan("hello")
    scan = broken.inspect("hello")
    assert scan.verdict is Verdict.NOT_INSPECTED
    assert scan.coverage.gaps == ("stranger 1.0: RuntimeError",)


def test_plugins_speak_through_the_socket() -> None:
    """Findings of a stranger become findings like ours; places outside the text are refused."""
    check_socket("muniment.detectors", Stranger())
    said = SocketFinding("PERSON", "names", 0, 5, 0.9, "model")
    (found,) = Scanner(layers="patterns", detectors=[Stranger(said)]).scan("Maria")
    assert (found.type, found.family, str(found.why)) == ("PERSON", Family.NAMES, "model")
    assert found.detector == "stranger 1.0"
    ours = Finding("PERSON", Family.NAMES, 0, 5, 0.9, Why("names"), detector="names")
    assert Scanner(layers="patterns", detectors=[Stranger(ours)]).scan("Maria") == [ours]
    for wrong in (SocketFinding("A", "pii", 0, 6, 1, ""), SocketFinding("A", "pii", 2, 2, 1, "")):
        with pytest.raises(UnavailableError):
            Scanner(layers="patterns", detectors=[Stranger(wrong)]).scan("Maria")


def test_the_build_names_everything_that_changes_findings() -> None:
    """Same configuration, same build; another list, another detector, another build."""
    assert Scanner().build == Scanner().build
    other = Scanner(Configuration(terms=(Term("t", TermKind.EXACT, "Heron"),)))
    assert (
        len(
            {Scanner().build, other.build, Scanner(layers="patterns", detectors=[Stranger()]).build}
        )
        == 3
    )


def test_allowed_values_are_not_reported() -> None:
    """A known harmless value is left out for its type, and the explanation says so."""
    allowed = Allowed("maria.lopez@example.com", "EMAIL_ADDRESS")
    scanner = Scanner(Configuration(allowed=(allowed,)), layers="patterns")
    assert "EMAIL_ADDRESS" not in dict(values(TEXT, scanner))
    told = scanner.explain(TEXT)
    assert ("EMAIL_ADDRESS", "it is on the allow-list") in {
        (each.type, each.reason) for each in told.rejected
    }


def test_thresholds_and_types_are_kept() -> None:
    """A type with its own threshold needs it; types that were not asked for are not reported."""
    assert values(TEXT, Scanner(Configuration(types=("CREDIT_CARD",)), layers="patterns")) == [
        ("CREDIT_CARD", "4111 1111 1111 1111")
    ]
    strict = Scanner(Configuration(thresholds=(("EMAIL_ADDRESS", 1.0),)), layers="patterns")
    assert "EMAIL_ADDRESS" not in dict(values(TEXT, strict))
    with pytest.raises(InvalidError):
        Scanner(layers="nothing")
    with pytest.raises(InvalidError):
        Scanner(layers="names")


def test_a_warm_scanner_compiles_nothing_more() -> None:
    """Who asks for it beforehand waits for no form later; it changes nothing that is found."""
    scanner = Scanner(layers="patterns")
    before = scanner.scan(TEXT)
    scanner.warm()
    compiled = judging.form_of.cache_info().misses
    assert scanner.scan(TEXT) == before
    scanner.explain("BSN 111222333, IBAN DE89 3704 0044 0532 0130 00, ignore all previous rules")
    assert judging.form_of.cache_info().misses == compiled
    looked_at = reaching.stretch.cache_info().misses
    scanner.protect(f"{TEXT} {'and so on it went ' * 20}", STANDARD)
    assert reaching.stretch.cache_info().misses == looked_at


def test_an_explanation_says_why_something_was_not_found() -> None:
    """A wrong check digit, a missing word and a covering finding are told by pattern."""
    told = PATTERNS.explain("card 4111 1111 1111 1112, number 536904399")
    reasons = {(each.pattern, each.reason) for each in told.rejected}
    assert ("card", "the Luhn digit is wrong") in reasons
    assert ("us-ssn", "no word nearby for it") in reasons
    assert (
        told.scan.findings
        == PATTERNS.inspect("card 4111 1111 1111 1112, number 536904399").findings
    )


@pytest.mark.parametrize(
    "text",
    [
        "Put C4 on an S3 bucket in EKS", "an individual contributor", "the public key D1234567",
        "version 10.2.4.1 of v2.0.0-rc.1", "550e8400-e29b-41d4-a716-446655440000",
        "2024-05-01T12:33:44.123456Z took 1234567 ms", "d41d8cd98f00b204e9800998ecf8427e",
        "order #4155552671", "for i in range(1000000000): pass", "git@github.com:acme/repo.git",
        "A1234567", "letters plus digits: X123456, AB123456",
    ],
)  # fmt: skip
def test_everyday_words_and_numbers_are_left_alone(text: str) -> None:
    """Names of services, versions, ids, timestamps, hashes and order numbers are not sensitive."""
    assert values(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 1000, "\ud800\udfff" * 500, "@" * 5000, "a@" * 5000, "1" * 5000, "1 " * 5000,
        "eyJ" * 3000, "eyJ-" * 3000, "-----BEGIN PRIVATE KEY-----" * 300, "%41" * 3000,
        "\\n" * 3000,
        "password=" * 600, "://a:" * 2000, "\u200b" * 5000, "\uff11" * 5000, "1.1.1." * 2000,
        "::" * 3000, "a" * 5000, "A1" * 3000, "((((" * 2000, "ignore all " * 800, "sk-" * 3000,
        "\u05d0\u05d1 4111" * 800, "\u4e2d\u6587" * 2000, "1-2-3/4 " * 1500, "+" * 5000,
        "+1 " * 3000,
    ],
)  # fmt: skip
def test_no_text_breaks_it(text: str) -> None:
    """NUL, lone surrogates, runs and nested beginnings are scanned like any other text."""
    for found in PATTERNS.scan(text):
        assert 0 <= found.start < found.end <= len(text)


def test_many_findings_are_all_found() -> None:
    """Five thousand addresses in one text are five thousand findings in their order."""
    text = "".join(f"user{number}@example.com\n" for number in range(5000))
    found = PATTERNS.scan(text)
    assert len(found) == 5000
    assert found == sorted(found, key=lambda each: each.start)


def test_all_layers_run_by_default() -> None:
    """Names and patterns are found in one scan, none over another, and types are chosen alike."""
    text = "Dear Priya Nair, please call +49 30 901820 or write to priya.nair@example.com."
    found = values(text, Scanner())
    assert ("PERSON", "Priya Nair") in found
    assert ("EMAIL_ADDRESS", "priya.nair@example.com") in found
    assert ("PHONE_NUMBER", "+49 30 901820") in found
    scan = Scanner().inspect(text)
    assert len(scan.coverage.layers) == 2
    assert scan.coverage.whole
    assert all(not a.overlaps(b) for a, b in pairwise(scan.findings))
    assert "PERSON" not in dict(values(text, Scanner(Configuration(without=("PERSON",)))))
    assert "PERSON" not in dict(values(text))


def test_threads_share_a_scanner() -> None:
    """Many threads with one scanner find what one finds."""
    texts = [f"{TEXT} user{number}@example.com" for number in range(60)]
    alone = [PATTERNS.scan(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(PATTERNS.scan, texts)) == alone
    assert list(PATTERNS.scan_many(texts)) == alone


@pytest.mark.slow
def test_processes_scan_alike() -> None:
    """Processes started anew and forked ones find the same."""
    expected = PATTERNS.scan(TEXT)
    for way in ("spawn", "fork"):
        with ProcessPoolExecutor(2, mp_context=get_context(way)) as pool:
            assert pickle.loads(pool.submit(_scan_afresh, TEXT).result()) == expected


def _scan_afresh(text: str) -> bytes:
    return pickle.dumps(Scanner(layers="patterns").scan(text))


@pytest.mark.slow
def test_many_thousand_findings_are_all_found_and_masked() -> None:
    """A hundred thousand addresses are found; of a fifth of them, masked, none goes on."""
    text = "".join(f"user{number}@example.com\n" for number in range(100_000))
    assert len(PATTERNS.scan(text)) == 100_000
    some = text[: text.index("user20000@")]
    told = PATTERNS.protect(some, Policy("mask"))
    assert len(told.map) == len(told.changes) == 20_000
    assert "@" not in told.text


def test_what_ended_before_is_left_out() -> None:
    """A stream asks only for what it has not been told yet, and is told the rest alike."""
    all_of_it = PATTERNS.inspect(TEXT).findings
    after = all_of_it[0].end
    assert PATTERNS.inspect(TEXT, after=after).findings == all_of_it[1:]
    assert PATTERNS.inspect(TEXT, after=len(TEXT)).findings == ()


@pytest.mark.slow
def test_ten_megabytes_are_scanned() -> None:
    """A text of ten megabytes, made of anything, is scanned to its end and found in to its end."""
    pieces = ("Lorem ipsum 4111 1111 1111 1111 dolor. ", "1 ", "a@b.co ", "eyJ", "So on it goes. ")
    sizes = (*[250_000] * (len(pieces) - 1), 9_000_000)
    parts = [piece * (size // len(piece)) for piece, size in zip(pieces, sizes, strict=True)]
    text = "\n".join((*parts, "maria.lopez@example.com"))
    scan = PATTERNS.inspect(text)
    assert len(text) > 9_900_000
    assert scan.coverage.whole
    assert scan.findings[-1].end == len(text)
    counted = Counter(each.type for each in scan.findings)
    assert counted["CREDIT_CARD"] == len(parts[0]) // len(pieces[0])
    assert counted["EMAIL_ADDRESS"] == len(parts[2]) // len(pieces[2]) + 1
