"""`muniment ledger …` and `muniment verify`: every command as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment import verify
from muniment.cli.ledger import _sealed_by_server
from tests.server.asking import house_in
from tests.server.forked import forked
from tests.server.people import found_admin

Answer = subprocess.CompletedProcess[str]
Muniment = Callable[..., Answer]
VERIFIER = Path(verify.__file__)


def call(folder: Path, *arguments: str) -> Answer:
    """Run a command in a folder of its own."""
    home = {"HOME": str(folder / "home"), "COLUMNS": "400"}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MUNIMENT_")} | home
    return forked(arguments, cwd=folder, environment=environment, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose log has begun."""
    place = tmp_path_factory.mktemp("cli")
    assert call(place, "migrate").returncode == 0
    sealed = call(place, "ledger", "seal")
    assert sealed.stdout == "Sealed: 1 entries.\n", sealed.stderr
    assert call(place, "ledger", "reconcile").returncode == 0
    return place


@pytest.fixture(scope="module")
def vkey(folder: Path) -> str:
    """The public key of that log."""
    text = call(folder, "ledger", "status", "--json").stdout
    return str(json.loads(text)["vkey"])


@pytest.fixture
def muniment(folder: Path) -> Muniment:
    """The command line in that installation."""
    return lambda *arguments: call(folder, *arguments)


def test_status_says_how_the_log_stands(muniment: Muniment) -> None:
    """People read lines, programs JSON; both hold the size and the key."""
    text = muniment("ledger", "status")
    found = json.loads(muniment("ledger", "status", "--json").stdout)
    assert text.returncode == 0
    assert found["vkey"] in text.stdout
    assert "Keep the vkey somewhere else" in text.stdout
    assert found["size"] >= 2
    assert found["waiting"] == 0


def test_list_and_tail_show_entries(muniment: Muniment) -> None:
    """Lists narrow by kind and go on by cursor; the tail shows the newest."""
    page = json.loads(muniment("ledger", "list", "--limit", "1", "--json").stdout)
    assert len(page["rows"]) == 1
    more = muniment("ledger", "list", "--limit", "1", "--json", "--cursor", page["next_cursor"])
    assert json.loads(more.stdout)["rows"][0]["index"] == page["rows"][0]["index"] - 1
    kinds = json.loads(muniment("ledger", "list", "--kind", "ledger.began", "--json").stdout)
    assert [row["index"] for row in kinds["rows"]] == [0]
    assert "ledger.began" in muniment("ledger", "list", "--kind", "ledger.*").stdout
    lines = muniment("ledger", "tail", "-n", "2", "--json").stdout.splitlines()
    assert [json.loads(line)["v"] for line in lines] == [1, 1]
    assert "ledger.reconciled" in muniment("ledger", "tail", "-n", "1").stdout


def test_show_gives_one_entry_by_number_or_id(muniment: Muniment) -> None:
    """The entry is shown as it stands, with its leaf hash."""
    first = json.loads(muniment("ledger", "show", "0").stdout)
    assert first["kind"] == "ledger.began"
    assert len(first["leaf"]) == 64
    assert json.loads(muniment("ledger", "show", first["id"]).stdout) == first


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("show", "999"), 4, "no entry 999"),
        (("show", "rec_none"), 4, "no sealed entry"),
        (("list", "--since", "yesterday"), 2, "since: 'yesterday' is not a time"),
        (("list", "--limit", "0"), 2, "limit"),
        (("list", "--cursor", "x"), 2, "cursor"),
        (("prove", "0", "--out", "/dev/null/x"), 2, "--out"),
        (("lose-key", "--reason", " "), 2, "reason"),
        (("nonsense",), 2, ""),
    ],
)
def test_mistakes_are_one_line_and_a_code(
    muniment: Muniment, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """Each mistake has its exit code and a line that names it; nobody sees a traceback."""
    answer = muniment("ledger", *arguments)
    assert answer.returncode == code, answer.stderr
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_missing_installation_is_said_to_be_missing(tmp_path: Path) -> None:
    """Without a database the command says how to make one."""
    answer = call(tmp_path, "ledger", "status")
    assert answer.returncode == 8
    assert "muniment migrate" in answer.stderr


def test_a_proof_is_checked_with_the_one_file_alone(
    muniment: Muniment, tmp_path: Path, vkey: str
) -> None:
    """What `prove` writes is checked in an empty folder by verify.py and nothing else."""
    proved = muniment("ledger", "prove", "0", "--out", str(tmp_path))
    assert proved.returncode == 0, proved.stderr
    assert len(proved.stdout.split()) == 2
    program = [sys.executable, "-I", "-S", str(VERIFIER)]

    def check(entry: Path) -> int:
        proof = str(tmp_path / "entry-0.tlog-proof")
        command = [*program, proof, "--key", vkey, "--entry", str(entry)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    entry = tmp_path / "entry-0.json"
    assert check(entry) == 0
    other = tmp_path / "other.json"
    other.write_bytes(entry.read_bytes().replace(b"ledger.began", b"ledger.begun"))
    assert check(other) == 1


def test_verify_is_the_offline_verifier(muniment: Muniment, folder: Path, vkey: str) -> None:
    """`muniment verify` answers met, not met and could not tell by its codes."""
    log = str(folder / "data" / "log")
    assert muniment("verify", log, "--key", vkey).returncode == 0
    assert json.loads(muniment("verify", log, "--key", vkey, "--json").stdout)["answer"] == "met"
    assert muniment("verify", log).returncode == 3
    assert muniment("verify", log, "--key", "nonsense").returncode == 2
    assert muniment("verify").returncode == 2


def test_fsck_and_reindex(muniment: Muniment, folder: Path) -> None:
    """A sound log passes; a lost index is told and built anew; damage has its own code."""
    assert muniment("ledger", "fsck").returncode == 0
    for path in (folder / "data").glob("ledger_index.db*"):
        path.unlink()
    assert "index" in muniment("ledger", "reindex").stdout
    bundle = next((folder / "data" / "log" / "tile" / "entries").rglob("000.p/1"))
    good = bundle.read_bytes()
    bundle.write_bytes(good.replace(b"operator", b"0perator"))
    broken = muniment("ledger", "fsck")
    bundle.write_bytes(good)
    assert broken.returncode == 9
    assert "does not verify" in broken.stderr
    assert muniment("ledger", "fsck").returncode == 0


def test_reconcile_names_what_differs(muniment: Muniment, folder: Path) -> None:
    """A row changed by hand ends with code 1 and is named; JSON says the same."""
    import sqlite3  # noqa: PLC0415 the hand from outside

    def by_hand(year: str) -> str:
        connection = sqlite3.connect(folder / "data" / "muniment.db")
        with connection:
            (before,) = connection.execute("SELECT substr(since, 1, 4) FROM ledger_keys").fetchone()
            connection.execute("UPDATE ledger_keys SET since = ? || substr(since, 5)", (year,))
        connection.close()
        return str(before)

    year = by_hand("1999")
    found = muniment("ledger", "reconcile", "--json")
    by_hand(year)
    assert found.returncode == 1
    assert [each["standing"] for each in json.loads(found.stdout)["differences"]] == ["edited"]
    again = muniment("ledger", "reconcile")
    assert (again.returncode, "0 differ" in again.stdout) == (0, True)


def test_sealing_waits_for_the_server_that_does_it(tmp_path: Path) -> None:
    """What waits when the command is given is under a signed head when it ends."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        found_admin(house)
        assert house.log.status().waiting > 0
        sealing = threading.Timer(0.2, house.log.seal)
        sealing.start()
        said = _sealed_by_server(house.log)
        sealing.join()
        assert house.log.status().waiting == 0
        assert said == f"Sealed by the running server: {house.log.size()} entries."


def test_keys_are_rotated_and_given_up(tmp_path: Path) -> None:
    """After a rotation the old key still verifies; after a loss only the new one does."""
    call(tmp_path, "migrate")
    call(tmp_path, "ledger", "seal")
    old = json.loads(call(tmp_path, "ledger", "status", "--json").stdout)["vkey"]
    rotated = call(tmp_path, "ledger", "rotate-key")
    assert rotated.returncode == 0, rotated.stderr
    log = str(tmp_path / "data" / "log")
    assert call(tmp_path, "verify", log, "--key", old).returncode == 0
    (tmp_path / "data" / "keys" / "keyring.json").unlink()
    assert call(tmp_path, "ledger", "seal").returncode == 0
    lost = call(tmp_path, "ledger", "lose-key", "--reason", "the disk broke")
    assert lost.returncode == 0, lost.stderr
    new = lost.stdout.split("\n")[1]
    assert call(tmp_path, "verify", log, "--key", new).returncode == 0
    assert call(tmp_path, "verify", log, "--key", old).returncode == 1


def test_a_restored_older_database_is_refused_and_accepted(tmp_path: Path) -> None:
    """Nothing is sealed on an older copy until a person says why; then the loss is told."""
    call(tmp_path, "migrate")
    call(tmp_path, "ledger", "seal")
    database, log = tmp_path / "data" / "muniment.db", tmp_path / "data" / "log"
    kept = database.read_bytes()
    vkey = json.loads(call(tmp_path, "ledger", "status", "--json").stdout)["vkey"]
    assert call(tmp_path, "ledger", "reconcile").returncode == 0
    database.write_bytes(kept)
    refused = call(tmp_path, "ledger", "reconcile")
    assert refused.returncode != 0
    assert "accept-restore" in refused.stderr
    assert "Traceback" not in refused.stderr
    reason = ("--reason", "the disk died")
    assert call(tmp_path, "ledger", "accept-restore").returncode == 2
    missing = call(tmp_path, "ledger", "accept-restore", *reason, "--newest", "nowhere")
    assert "nowhere cannot be read" in missing.stderr
    done = call(tmp_path, "ledger", "accept-restore", *reason)
    assert (done.returncode, "not in the tables" in done.stdout) == (0, True), done.stderr
    assert call(tmp_path, "ledger", "fsck").returncode == 0
    assert call(tmp_path, "verify", str(log), "--key", vkey).returncode == 0
    again = call(tmp_path, "ledger", "accept-restore", *reason)
    assert "nothing to accept" in again.stderr
