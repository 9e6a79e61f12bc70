"""Measures the vault: `make bench-vault`, with ARGS="--quick" only to see that it runs.

Everything is real: keys from a keyring file, objects and log on disk, records durable when they are
counted. What is erased is a subject whose every entry refers to content of its own.
"""

from __future__ import annotations

import argparse
import hmac
import json
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.ledger_log import ordinary_records, seconds_of
from benchmarks.report import Report, machine_facts, quantile
from muniment import vault
from muniment.core.actor import system_actor
from muniment.core.clock import SystemClock
from muniment.db import Work
from muniment.ledger.service.ground import split_batch
from muniment.ledger.service.writer import DatabaseSink, Writer
from muniment.testing import fresh_database, settings_for
from muniment.testing.vault import SUBJECT, Vaulted, opened_vault
from muniment.vault import Held, TokenType
from muniment.vault.rules import Sealing, seal_page, unseal_from_page, unseal_stream
from muniment.verify import MET, Options, Trust, parse_vkey, verify_folder, verify_proof

BATCH: Final = 1_000
CALLERS: Final = 4
CONTENT_BYTES: Final = 500
LARGE_BYTES: Final = 64 << 20
CLASS: Final = "internal"
_ACTOR: Final = system_actor("bench")
_WAIT_SECONDS: Final = 600
# Batches that wait together are stored as one row, so the largest is taken and cut.
_LARGEST: Final = "SELECT entries FROM ledger_pending ORDER BY entry_count DESC LIMIT 1"
_WHOSE: Final = {"classification": CLASS, "subject": SUBJECT}
_REASON: Final = "measured by the benchmark"
MEMCPY: Final = "the same bytes copied in memory"
RAW_BYTES: Final = "AES-256-GCM alone, by the mebibyte"
RAW_EACH: Final = "AES-256-GCM alone, contents of 500 bytes"
RAW_HMAC: Final = "HMAC-SHA256 alone, contents of 500 bytes"
RAW_ROWS: Final = "SQLite alone, the same entries in batches of 1,000"
ENCRYPT: Final = "contents of 500 bytes encrypted, one thread"
DECRYPT: Final = "contents of 500 bytes decrypted, one thread"
STREAM_IN: Final = "a large content encrypted as it streams"
STREAM_OUT: Final = "a large content decrypted as it streams"
KEEP: Final = "contents kept: encrypted, object synced, row committed, by 1,000"
OPEN: Final = "contents opened, each with its durable record"
WITH_CONTENT: Final = "durable records with encrypted content, batches of 1,000, SQLite"
RANDOM_ONE: Final = "random tokens made, each durable"
RANDOM_MANY: Final = "random tokens made, by 1,000"
DIGITS_ONE: Final = "tokens of 16 digits made, each durable"
DIGITS_MANY: Final = "tokens of 16 digits made, by 1,000"
RESTORE: Final = "tokens turned back, each with its durable record"
ERASE: Final = "erase a subject: keys destroyed and recorded, durable"


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured."""

    contents: int = 50_000
    opened: int = 300
    tokens: int = 10_000
    records: int = 200_000
    erased: int = 1_000_000
    large_bytes: int = LARGE_BYTES


QUICK: Final = Amounts(2_000, 10, 1_000, 3_000, 3_000, 3 << 20)


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that every row runs")
    parser.add_argument("--entries", type=int, help="entries of the subject that is erased")
    parser.add_argument("--without-page", action="store_true", help="leave docs/benchmarks.md be")
    given = parser.parse_args()
    amounts = QUICK if given.quick else Amounts()
    report = Report("vault", "The vault", facts=machine_facts())
    print(*report.facts, sep="\n")
    _measure_ciphers(report, amounts)
    with tempfile.TemporaryDirectory(prefix="mbench-") as folder:
        with house_in(Path(folder) / "keeping") as house:
            _measure_keeping(report, house, amounts)
            _measure_tokens(report, house, amounts.tokens)
        measure_records(report, Path(folder) / "records", amounts.records)
        _measure_erasing(report, Path(folder) / "erasing", given.entries or amounts.erased)
    if not given.quick and not given.without_page:
        report.write()


@contextmanager
def house_in(folder: Path) -> Iterator[Vaulted]:
    """Open a vault on SQLite in a folder."""
    settings = settings_for(folder)
    with (
        fresh_database(settings, SystemClock()) as database,
        opened_vault(database, settings) as house,
    ):
        yield house


def measure_records(report: Report, folder: Path, count: int) -> None:
    """Measure records that each refer to encrypted content, durable with it."""
    with house_in(folder) as house:
        seconds = write_records(house, count)
        entries = stored_entries(folder / "muniment.db")
        house.log.seal()
    report.add(WITH_CONTENT, count / seconds, "records/s", f"{CONTENT_BYTES} bytes each")
    rate = rate_of_rows(folder / "rows.db", entries, max(1, count // BATCH // 2))
    report.add(RAW_ROWS, rate, "records/s", "synchronous=FULL, a row per record, no content")
    report.compare(WITH_CONTENT, RAW_ROWS)


def stored_entries(path: Path) -> list[bytes]:
    """Read the entries of one batch as they were stored."""
    with closing(sqlite3.connect(path)) as reading:
        (data,) = reading.execute(_LARGEST).fetchone()
    return split_batch(data)[:BATCH]


def rate_of_rows(path: Path, entries: Sequence[bytes], batches: int) -> float:
    """Insert the same bytes with nothing around them; give rows a second."""
    rows = [(each,) for each in entries]
    with closing(plain_rows(path)) as raw:
        began = time.perf_counter()
        for _ in range(batches):
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany("INSERT INTO entry (data) VALUES (?)", rows)
            raw.execute("COMMIT")
        return batches * len(rows) / (time.perf_counter() - began)


def plain_rows(path: Path) -> sqlite3.Connection:
    """Open a database of one plain table, as durable as ours."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, data BLOB NOT NULL)")
    return raw


def _measure_ciphers(report: Report, amounts: Amounts) -> None:
    key, contents = secrets.token_bytes(32), _contents(BATCH)
    rounds = max(1, amounts.contents // BATCH)
    _measure_beside(report, key, contents, rounds)
    seconds = seconds_of(
        lambda: [seal_page(key, "vk_1", contents, secrets.token_bytes) for _ in range(rounds)]
    )
    report.add(ENCRYPT, rounds * BATCH / seconds, "contents/s", "key, commitment, digest and all")
    page = seal_page(key, "vk_1", contents, secrets.token_bytes)
    seconds = seconds_of(lambda: [unseal_from_page(key, one, page.data) for one in page.held()])
    report.add(DECRYPT, BATCH / seconds, "contents/s", "each with a key of its own derived")
    plain = [secrets.token_bytes(1 << 20)] * (amounts.large_bytes >> 20)
    _measure_beside_large(report, key, plain)
    cipher: list[bytes] = []
    sealing = Sealing(key, "vk_1", secrets.token_bytes)
    seconds = seconds_of(lambda: cipher.extend(sealing.encrypt(plain)))
    megabytes = amounts.large_bytes / 1e6
    report.add(STREAM_IN, megabytes / seconds, "MB/s", f"{megabytes:.0f} MB")
    held = Held("vk_1", sealing.commit(), "0" * 64, 0)
    seconds = seconds_of(lambda: [None for _ in unseal_stream(key, held, cipher)])
    report.add(STREAM_OUT, megabytes / seconds, "MB/s", f"{megabytes:.0f} MB")
    for ours, theirs in (
        (ENCRYPT, RAW_EACH),
        (STREAM_IN, RAW_BYTES),
        (STREAM_OUT, RAW_BYTES),
        (STREAM_IN, MEMCPY),
        (STREAM_OUT, MEMCPY),
    ):
        report.compare(ours, theirs)


def _measure_beside(report: Report, key: bytes, contents: Sequence[bytes], rounds: int) -> None:
    """Measure what nobody who encrypts and commits to each content can do without."""
    encrypt, salt, nonce = AESGCM(key).encrypt, secrets.token_bytes(32), bytes(12)
    count = rounds * len(contents)
    seconds = seconds_of(
        lambda: [encrypt(nonce, each, None) for _ in range(rounds) for each in contents]
    )
    report.add(RAW_EACH, count / seconds, "contents/s", "one key, no derivation, no digest")
    digest = hmac.digest
    seconds = seconds_of(
        lambda: [digest(salt, each, "sha256") for _ in range(rounds) for each in contents]
    )
    report.add(RAW_HMAC, count / seconds, "contents/s", "Python's own; ours hashes by hand")


def _measure_beside_large(report: Report, key: bytes, plain: Sequence[bytes]) -> None:
    encrypt, nonce = AESGCM(key).encrypt, bytes(12)
    megabytes = sum(map(len, plain)) / 1e6
    seconds = seconds_of(lambda: [len(encrypt(nonce, each, None)) for each in plain])
    report.add(RAW_BYTES, megabytes / seconds, "MB/s")
    seconds = seconds_of(lambda: [len(bytearray(each)) for each in plain])
    report.add(MEMCPY, megabytes / seconds, "MB/s")


def _measure_keeping(report: Report, house: Vaulted, amounts: Amounts) -> None:
    held: list[Held] = []
    contents = _contents(BATCH)

    def keep() -> None:
        with house.database.work(_ACTOR) as work:
            held.extend(_kept(house, work, contents))

    keep()
    rounds = max(1, amounts.contents // BATCH)
    began = time.perf_counter()
    for _ in range(rounds):
        keep()
    seconds = time.perf_counter() - began
    report.add(KEEP, rounds * BATCH / seconds, "contents/s")
    took = []
    for one in held[: amounts.opened]:
        began = time.perf_counter()
        with house.database.work(_ACTOR) as work:
            opening = vault.open(work, house.safe, one, reason=_REASON)
        opening.read()
        took.append(time.perf_counter() - began)
    report.add(OPEN, len(took) / sum(took), "contents/s", "out of batches of 1,000")
    report.add("  one such, p99", quantile(took, 0.99) * 1_000, "ms")


def _measure_tokens(report: Report, house: Vaulted, count: int) -> None:
    for kind, one, many in (
        (TokenType.RANDOM, RANDOM_ONE, RANDOM_MANY),
        (TokenType.DIGITS, DIGITS_ONE, DIGITS_MANY),
    ):
        few = max(10, count // 20)
        seconds = seconds_of(lambda k=kind, n=few: [_tokenise(house, k, [v]) for v in _cards(n)])  # type: ignore[misc]
        report.add(one, few / seconds, "tokens/s")
        batches = [_cards(BATCH) for _ in range(max(1, count // BATCH))]
        seconds = seconds_of(lambda k=kind, b=batches: [_tokenise(house, k, each) for each in b])  # type: ignore[misc]
        report.add(many, len(batches) * BATCH / seconds, "tokens/s")
    texts = _tokenise(house, TokenType.DIGITS, _cards(max(10, count // 20)))
    seconds = seconds_of(lambda: [_restore(house, text) for text in texts])
    report.add(RESTORE, len(texts) / seconds, "tokens/s")


def _measure_erasing(report: Report, folder: Path, count: int) -> None:
    with house_in(folder) as house:
        write_records(house, count)
        house.log.seal()
        with house.database.work(_ACTOR) as work:
            asked = vault.ask_shred(work, house.safe, subject=SUBJECT, reason=_REASON)
        began = time.perf_counter()
        with house.database.work(_ACTOR) as work:
            done = vault.shred(work, house.safe, asked.id)
        report.add(ERASE, time.perf_counter() - began, "s", f"{count:,} entries of the subject")
        seconds = seconds_of(house.log.seal)
        with house.database.look(_ACTOR) as work:
            began = time.perf_counter()
            written = vault.certificate(house.safe, work, done.id)
        report.add("  sealed after it", seconds, "s")
        report.add("  its certificate written", time.perf_counter() - began, "s")
        _require_proved(report, house, written)


def _require_proved(report: Report, house: Vaulted, certificate: bytes) -> None:
    """Check the certificate and the whole log as an outsider does, or stop."""
    trust = Trust(tuple(map(parse_vkey, house.log.vkeys())))
    began = time.perf_counter()
    wrong = list(vault.certificate_problems(certificate))
    for one in json.loads(certificate)["entries"]:
        found = verify_proof(one["proof"].encode(), trust, entry=one["entry"].encode())
        wrong += [] if found.answer == MET else [found.as_text()]
    report.add("  its certificate verified", time.perf_counter() - began, "s")
    began = time.perf_counter()
    whole = verify_folder(house.log.tiles.root, trust, Options(jobs=2))
    report.add("  the whole log verified after it", time.perf_counter() - began, "s")
    if wrong or whole.answer != MET:
        raise SystemExit(f"it does not verify: {wrong} {whole.as_text()}")


def write_records(house: Vaulted, count: int, producer: str = "bench") -> float:
    """Write records in batches, each record with a content of its own; give how long it took.

    Some callers at once, because whoever waits for the disk leaves the processor to the others.
    """
    records = ordinary_records(BATCH)
    contents = _contents(BATCH)
    sink = DatabaseSink(house.database, producer, str)
    writer = Writer(house.database, sink, producer, 0)
    writer.start()
    vault.append(writer, house.safe, _ACTOR, records, contents, **_WHOSE).result(_WAIT_SECONDS)
    batches = iter(range(max(1, count // BATCH)))

    def call() -> None:
        for _ in batches:
            done = vault.append(writer, house.safe, _ACTOR, records, contents, **_WHOSE)
            done.result(_WAIT_SECONDS)

    began = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as callers:
        for done in [callers.submit(call) for _ in range(CALLERS)]:
            done.result()
    seconds = time.perf_counter() - began
    writer.stop(grace_seconds=_WAIT_SECONDS)
    return seconds


def _kept(house: Vaulted, work: Work, contents: Sequence[bytes]) -> tuple[Held, ...]:
    return vault.put_many(work, house.safe, contents, classification=CLASS, subject=SUBJECT)


def _tokenise(house: Vaulted, kind: TokenType, values: Sequence[str]) -> list[str]:
    with house.database.work(_ACTOR) as work:
        made = vault.tokenise_many(
            work,
            house.safe,
            values,
            type=kind,
            scope="bench",
            classification=CLASS,
            subject=SUBJECT,
        )
    return [token.text for token in made]


def _restore(house: Vaulted, text: str) -> str:
    with house.database.work(_ACTOR) as work:
        back = vault.restore(work, house.safe, text, scope="bench", reason=_REASON)
    return back.value()


def _contents(count: int) -> list[bytes]:
    return [secrets.token_bytes(CONTENT_BYTES) for _ in range(count)]


def _cards(count: int) -> list[str]:
    return [f"4{secrets.randbelow(10**15):015}" for _ in range(count)]


if __name__ == "__main__":
    main()
