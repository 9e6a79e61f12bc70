"""Where the unlock key comes from, and what is said when it does not come."""

from __future__ import annotations

import base64
import os
import re
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from muniment.core.errors import InvalidError, UnavailableError
from muniment.settings import Settings, load
from muniment.testing import settings_for
from muniment.vault import UnlockSource, find_unlock, open_keyring, unlock_says
from muniment.vault.keyrings.local_file import KEYRING_FILE

LONG = "long enough for a key"


def made(folder: Path, **overrides: object) -> Settings:
    """Give settings whose own keys lie beside the data."""
    return settings_for(folder / "data", **{"unlock.folder": folder / "own"} | overrides)


def test_a_key_from_a_file(tmp_path: Path) -> None:
    """The file's content without its white space is the key."""
    (tmp_path / "key").write_text(f"\n {LONG}\n")
    unlock = find_unlock(made(tmp_path, **{"unlock.file": tmp_path / "key"}), "ins_1")
    assert (unlock.source, unlock.secret) == (UnlockSource.FILE, LONG.encode())
    assert unlock.where == str(tmp_path / "key")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file is told with its field and path."""
    with pytest.raises(InvalidError, match="nowhere") as caught:
        find_unlock(made(tmp_path, **{"unlock.file": tmp_path / "nowhere"}), "ins_1")
    assert caught.value.field == "unlock.file"


def test_a_systemd_credential_is_found_by_itself(tmp_path: Path) -> None:
    """A credential named muniment.unlock is the unlock file."""
    (tmp_path / "muniment.unlock").write_text(LONG)
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    settings = load(file=None, environment=environment, overrides={}).settings
    assert find_unlock(settings, "ins_1").secret == LONG.encode()


def test_a_key_from_a_command(tmp_path: Path) -> None:
    """A command is split like a shell's words and prints the key; no shell sees it."""
    settings = made(tmp_path, **{"unlock.command": f"printf '{LONG}\n'"})
    unlock = find_unlock(settings, "ins_1")
    assert (unlock.source, unlock.secret) == (UnlockSource.COMMAND, LONG.encode())
    settings = made(tmp_path, **{"unlock.command": "printf '$HOME;long enough'"})
    assert find_unlock(settings, "ins_1").secret == b"$HOME;long enough"


KMS = """#!{python}
import base64, pathlib, sys
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
service = pathlib.Path({folder!r})
verb = sys.argv[1:3]
value = dict(zip(sys.argv[3::2], sys.argv[4::2], strict=True))
if verb != ["kms", "decrypt"] or value["--query"] != "Plaintext" or value["--output"] != "text":
    sys.exit("unknown options")
if not (service / "allowed").exists():
    sys.exit("AccessDeniedException")
blob = pathlib.Path(value["--ciphertext-blob"].removeprefix("fileb://")).read_bytes()
plain = AESGCM((service / "key").read_bytes()).decrypt(blob[:12], blob[12:], None)
print(base64.b64encode(plain).decode())
"""


def test_a_key_management_service_opens_the_keys_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The documented command opens the keyring while the service allows it, and not otherwise."""
    service, blob = tmp_path / "kms", tmp_path / "unlock.enc"
    service.mkdir()
    (service / "key").write_bytes(bytes(range(32)))
    (service / "allowed").touch()
    blob.write_bytes(bytes(12) + AESGCM(bytes(range(32))).encrypt(bytes(12), LONG.encode(), None))
    (service / "aws").write_text(KMS.format(python=sys.executable, folder=str(service)))
    (service / "aws").chmod(0o700)
    monkeypatch.setenv("PATH", f"{service}:{os.environ['PATH']}")
    page = Path(__file__).parents[3] / "docs" / "ledger.md"
    (command,) = re.findall(r'UNLOCK_COMMAND="(aws .*)"', page.read_text(encoding="utf-8"))
    command = command.replace("/etc/muniment/unlock.enc", str(blob))
    settings = made(tmp_path, **{"unlock.command": command})
    unlock = find_unlock(settings, "ins_1")
    assert unlock.secret == base64.b64encode(LONG.encode())
    key = open_keyring(settings, unlock).current("ledger")
    assert open_keyring(settings, find_unlock(settings, "ins_1")).current("ledger") == key
    assert LONG.encode() not in (settings.data.dir / KEYRING_FILE).read_bytes()
    (service / "allowed").unlink()
    with pytest.raises(UnavailableError, match="ended with 1") as refused:
        find_unlock(settings, "ins_1")
    assert refused.value.field == "unlock.command"


@pytest.mark.parametrize(
    "command", ["false", "/nowhere/at/all", "'unbalanced", f"sh -c 'echo {LONG}; exit 3'"]
)
def test_a_command_that_fails_says_so_and_shows_nothing(tmp_path: Path, command: str) -> None:
    """A failing command is told with its field; what it printed stays unseen."""
    with pytest.raises(UnavailableError) as caught:
        find_unlock(made(tmp_path, **{"unlock.command": command}), "ins_1")
    assert caught.value.field == "unlock.command"
    assert caught.value.remedy
    assert LONG not in str(caught.value)


def test_a_passphrase_from_a_terminal(tmp_path: Path) -> None:
    """The prompt asks whoever sits there, and refuses when nobody does."""
    settings = made(tmp_path, **{"unlock.prompt": True})
    assert find_unlock(settings, "ins_1", lambda _: LONG).secret == LONG.encode()
    with pytest.raises(InvalidError, match="nobody at a terminal") as caught:
        find_unlock(settings, "ins_1")
    assert caught.value.field == "unlock.prompt"


@pytest.mark.parametrize("source", ["file", "command", "prompt"])
def test_a_short_key_is_refused(tmp_path: Path, source: str) -> None:
    """A key of a few bytes is refused, with its field and how to make a better one."""
    (tmp_path / "key").write_text("short")
    given: dict[str, object] = {
        "file": tmp_path / "key",
        "command": "printf short",
        "prompt": True,
    }
    with pytest.raises(InvalidError, match="5 bytes") as caught:
        find_unlock(made(tmp_path, **{f"unlock.{source}": given[source]}), "i", lambda _: "short")
    assert caught.value.field == f"unlock.{source}"
    assert "openssl" in caught.value.remedy


def test_a_key_of_our_own_lies_outside_the_data(tmp_path: Path) -> None:
    """With nothing set, a long random key is made once, readable by its owner alone."""
    settings = made(tmp_path)
    unlock = find_unlock(settings, "ins_1")
    assert unlock.source is UnlockSource.GENERATED
    assert len(unlock.secret) >= 43
    assert find_unlock(settings, "ins_1").secret == unlock.secret
    assert find_unlock(settings, "ins_2").secret != unlock.secret
    path = Path(unlock.where)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {each.name for each in path.parent.iterdir()} == {"ins_1.key", "ins_2.key"}


def test_processes_making_their_own_key_at_once_share_it(tmp_path: Path) -> None:
    """Whoever starts at the same moment reads the same whole key."""
    settings = made(tmp_path)
    start = threading.Barrier(8)

    def find(_turn: int) -> bytes:
        start.wait()
        return find_unlock(settings, "ins_1").secret

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(find, range(8)))) == 1


def test_a_lost_key_of_our_own_is_not_made_anew(tmp_path: Path) -> None:
    """Once there is a keyring, a missing own key is said to be missing."""
    settings = made(tmp_path)
    unlock = find_unlock(settings, "ins_1")
    open_keyring(settings, unlock)
    assert (settings.data.dir / KEYRING_FILE).exists()
    Path(unlock.where).unlink()
    with pytest.raises(InvalidError, match="is not at") as caught:
        find_unlock(settings, "ins_1")
    assert caught.value.field == "unlock.folder"
    assert not Path(unlock.where).exists()


@pytest.mark.parametrize("where", ["data", "data/own", "data/../data/own"])
def test_a_key_beside_the_data_is_refused(tmp_path: Path, where: str) -> None:
    """A copy of the data folder must not open itself."""
    settings = made(tmp_path, **{"unlock.folder": tmp_path / where})
    with pytest.raises(InvalidError, match="inside the data folder") as caught:
        find_unlock(settings, "ins_1")
    assert caught.value.field == "unlock.folder"


def test_a_link_into_the_data_is_refused(tmp_path: Path) -> None:
    """Also a link that leads there."""
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    settings = made(tmp_path, **{"unlock.folder": tmp_path / "link"})
    with pytest.raises(InvalidError, match="inside the data folder"):
        find_unlock(settings, "ins_1")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """If our own key cannot be kept, the folder is named with a remedy."""
    (tmp_path / "own").write_text("")
    with pytest.raises(UnavailableError) as caught:
        find_unlock(made(tmp_path), "ins_1")
    assert caught.value.field == "unlock.folder"
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["aws_kms", "vault_transit"])
def test_keys_kept_elsewhere_are_said_to_be_elsewhere(tmp_path: Path, name: str) -> None:
    """A key service is named, and our own unlock key is not said to protect what it does not."""
    assert name in unlock_says(made(tmp_path, **{"unlock.keyring": name}))
    assert "made for itself" in unlock_says(made(tmp_path))
