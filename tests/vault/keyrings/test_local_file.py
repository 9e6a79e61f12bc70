"""The keyring in a file: kept secret, whole, and never opened by the wrong key."""

from __future__ import annotations

import base64
import json
import os
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from muniment.core.errors import CorruptError, InvalidError, NotFoundError, UnavailableError
from muniment.plugins import check_socket
from muniment.vault.keyrings import local_file
from muniment.vault.keyrings.local_file import LocalFileKeyring
from tests.conftest import REAL_COST

SECRET = b"a secret for tests only"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make deriving cheap: these tests open hundreds of keyrings."""
    monkeypatch.setitem(local_file._SCRYPT, "n", 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the keyring lies."""
    return tmp_path / "keys" / "keyring.json"


@pytest.fixture
def keyring(path: Path) -> LocalFileKeyring:
    """A fresh keyring."""
    return LocalFileKeyring(path, SECRET)


def test_a_guess_costs_time_and_memory() -> None:
    """Outside of tests a guess at the unlock secret takes 32 MiB and as much work over them."""
    assert REAL_COST["n"] * REAL_COST["r"] * 128 >= 32 * 1024**2


def test_it_fits_its_socket(keyring: LocalFileKeyring) -> None:
    """It has every verb of a keyring."""
    check_socket("muniment.keyrings", keyring)


def test_keys_sign_and_stay(keyring: LocalFileKeyring, path: Path) -> None:
    """A key signs alike in every process, also after others took its place."""
    first = keyring.current("log")
    assert keyring.current("log") == first
    second = keyring.rotate("log")
    again = LocalFileKeyring(path, SECRET)
    assert again.current("log") == second != first
    for key in (first, second):
        public = Ed25519PublicKey.from_public_bytes(again.public_key(key))
        public.verify(keyring.sign(key, b"message"), b"message")
    assert keyring.public_key(first) == again.public_key(first) != again.public_key(second)
    with pytest.raises(NotFoundError, match="holds no key log-9"):
        keyring.sign("log-9", b"")


def test_wrapped_keys_open_only_in_their_context(keyring: LocalFileKeyring) -> None:
    """A data key is bound to its context and its bytes; a rotated key still unwraps."""
    key = keyring.current("content")
    wrapped = keyring.wrap(key, b"d" * 32, b"here")
    keyring.rotate("content")
    assert keyring.unwrap(key, wrapped, b"here") == b"d" * 32
    bad = [wrapped[:-1], b"", wrapped[:12], bytes([wrapped[0] ^ 1]) + wrapped[1:]]
    for altered, context in [(wrapped, b"there"), *((each, b"here") for each in bad)]:
        with pytest.raises(CorruptError):
            keyring.unwrap(key, altered, context)


def test_no_key_stands_in_the_file(keyring: LocalFileKeyring, path: Path) -> None:
    """The file shows neither a private key nor the unlock secret."""
    key = keyring.current("log")
    text = path.read_text()
    secret = keyring._key(key)
    for hidden in (secret.hex(), base64.b64encode(secret).decode(), SECRET.decode()):
        assert hidden not in text


def test_only_the_owner_may_read(keyring: LocalFileKeyring, path: Path) -> None:
    """Files are 0600 and their folder 0700, whatever the umask."""
    before = os.umask(0)
    try:
        keyring.rotate("log")
        LocalFileKeyring(path.parent / "more" / "keyring.json", SECRET)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((path.parent / "more").stat().st_mode) == 0o700
    for each in path.parent.rglob("keyring.*"):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600, each


def test_another_unlock_secret_is_refused_and_writes_nothing(
    keyring: LocalFileKeyring, path: Path
) -> None:
    """A wrong secret is told as such, and the file stays as it was."""
    keyring.current("log")
    before = path.read_bytes()
    with pytest.raises(InvalidError, match="does not open") as caught:
        LocalFileKeyring(path, b"another secret")
    assert caught.value.remedy
    assert path.read_bytes() == before


def altered(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Change each part of a keyring file in each way somebody might."""

    def copy() -> dict[str, Any]:
        whole: dict[str, Any] = json.loads(json.dumps(content))
        return whole

    first, second = content["keys"]
    for name in content:
        less = copy()
        del less[name]
        yield f"without {name}", less
        values: tuple[object, ...] = (None, 7, "x", [], {}, "!!not base64!!", "", True)
        for value in values:
            changed = copy()
            changed[name] = value
            yield f"{name} is {value!r}", changed
    for name in ("salt", "proof", "seal"):
        changed = copy()
        raw = bytearray(base64.b64decode(changed[name]))
        raw[-1] ^= 1
        changed[name] = base64.b64encode(raw).decode()
        yield f"{name} flipped", changed
    for cost in ({"n": 1 << 40}, {"n": 3}, {"r": 0}, {"p": -1}, {"n": "2"}, {"n": 4}, {"z": 1}):
        changed = copy()
        changed["scrypt"].update(cost)
        yield f"scrypt {cost}", changed
    more = copy()
    more["more"] = 1
    yield "one part more", more
    for what, keys, current in (
        ("keys swapped", {first: content["keys"][second], second: content["keys"][first]}, second),
        ("a key left out", {second: content["keys"][second]}, second),
        ("the older key current", content["keys"], first),
        ("a key that is none", {first: 7, second: content["keys"][second]}, second),
    ):
        changed = copy()
        changed["keys"], changed["current"] = keys, {"log": current}
        yield what, changed


def test_every_change_of_the_file_is_refused(keyring: LocalFileKeyring, path: Path) -> None:
    """No part can be changed, swapped or left out; sound bytes open again."""
    keyring.current("log")
    keyring.rotate("log")
    good = path.read_bytes()
    content = json.loads(good)
    for what, changed in altered(content):
        if changed == content:
            continue
        path.write_text(json.dumps(changed))
        for use in (lambda: LocalFileKeyring(path, SECRET), lambda: keyring.rotate("log")):
            with pytest.raises((CorruptError, InvalidError, UnavailableError)) as caught:
                use()
            assert caught.value.remedy, what
    path.write_bytes(good)
    assert LocalFileKeyring(path, SECRET).current("log") == content["current"]["log"]


def test_every_flipped_byte_is_refused_or_harmless(keyring: LocalFileKeyring, path: Path) -> None:
    """A flipped bit anywhere either changes nothing that counts or is refused."""
    key = keyring.current("log")
    public = keyring.public_key(key)
    good = path.read_bytes()
    refused = 0
    for place in range(len(good)):
        data = bytearray(good)
        data[place] ^= 1 << (place % 7)
        path.write_bytes(data)
        try:
            opened = LocalFileKeyring(path, SECRET)
        except (CorruptError, InvalidError):
            refused += 1
            continue
        assert opened.public_key(opened.current("log")) == public, place
    assert refused > len(good) * 0.8
    path.write_bytes(good)


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", '{"v": 2}', "\xff", "[" * 100_000, '{"v": 1}']
)
def test_garbage_is_no_keyring(path: Path, text: str) -> None:
    """What is no keyring file is refused with a remedy, not written over."""
    path.parent.mkdir()
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CorruptError) as caught:
        LocalFileKeyring(path, SECRET)
    assert caught.value.remedy
    assert path.read_bytes() == text.encode("latin-1")


@pytest.mark.parametrize("call", ["open", "fsync", "replace", "fsync folder"])
def test_a_crash_leaves_the_old_file_or_the_new(
    keyring: LocalFileKeyring, path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Whatever step of writing dies, the keyring opens with the old or the new current key."""
    old = keyring.current("log")
    before = path.read_bytes()
    calls = {"fsync": 0}
    fsync, replace = os.fsync, Path.replace

    def die_at_sync(handle: int) -> None:
        calls["fsync"] += 1
        if call == "fsync" or (call == "fsync folder" and calls["fsync"] == 2):
            raise KeyboardInterrupt
        fsync(handle)

    def die_at_replace(self: Path, to: Path) -> Path:
        if call == "replace":
            raise KeyboardInterrupt
        return replace(self, to)

    monkeypatch.setattr(os, "fsync", die_at_sync)
    monkeypatch.setattr(Path, "replace", die_at_replace)
    if call == "open":
        path.with_suffix(".new").mkdir()
        with pytest.raises(UnavailableError, match="cannot be written"):
            keyring.rotate("log")
        path.with_suffix(".new").rmdir()
    else:
        with pytest.raises(KeyboardInterrupt):
            keyring.rotate("log")
    monkeypatch.undo()
    monkeypatch.setitem(local_file._SCRYPT, "n", 2)
    again = LocalFileKeyring(path, SECRET)
    assert (path.read_bytes() == before) == (call != "fsync folder")
    assert (again.current("log") == old) == (call != "fsync folder")
    again.public_key(old)
    assert again.rotate("log") not in (old, "")


def test_processes_making_keys_at_once(path: Path) -> None:
    """Whoever asks first for a key at the same moment is given the same; rotations add up."""
    start = threading.Barrier(6)

    def ask(_turn: int) -> str:
        start.wait()
        return LocalFileKeyring(path, SECRET).current("log")

    def rotate(_turn: int) -> str:
        return LocalFileKeyring(path, SECRET).rotate("log")

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(ask, range(6)))) == 1
        made = set(threads.map(rotate, range(6)))
    content = json.loads(path.read_bytes())
    assert len(made) == 6
    assert len(content["keys"]) == 7
    assert content["current"]["log"] in made


def test_a_file_that_is_gone_is_said_to_be(keyring: LocalFileKeyring, path: Path) -> None:
    """A running process whose keyring was removed says so and makes no new one."""
    key = keyring.current("log")
    path.unlink()
    for use in (lambda: keyring.sign(key, b""), lambda: keyring.rotate("log")):
        with pytest.raises(NotFoundError, match="is gone") as caught:
            use()
        assert "A lost key" in caught.value.remedy
    assert not path.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A folder that is none, or a file that cannot be read, is named with a remedy."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError, match="cannot be written"):
        LocalFileKeyring(tmp_path / "file" / "keyring.json", SECRET)
    (tmp_path / "keyring.json").mkdir()
    with pytest.raises(UnavailableError, match="cannot be read"):
        LocalFileKeyring(tmp_path / "keyring.json", SECRET)
