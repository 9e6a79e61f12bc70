"""The contract suite finds a keyring that breaks a promise, and the file keyring keeps them all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from muniment.plugins.sockets import Keyring
from muniment.testing.keyrings import KeyringContract
from muniment.vault.keyrings import local_file
from muniment.vault.keyrings.local_file import LocalFileKeyring

SECRET = b"a secret for tests only"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make deriving cheap."""
    monkeypatch.setitem(local_file._SCRYPT, "n", 2)


class TestLocalFile(KeyringContract):
    """Every promise of the socket, kept by the keyring in a file."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "keyring.json"

    def make_keyring(self) -> Keyring:
        """Give a keyring that holds nothing."""
        return LocalFileKeyring(self.path, SECRET)

    def reopen(self, keyring: Keyring) -> Keyring:  # noqa: ARG002 there is one file
        """Open the same file anew."""
        return LocalFileKeyring(self.path, SECRET)

    def destroy(self, keyring: Keyring, key_id: str) -> None:
        """Take the key out of the file and seal the file again."""
        assert isinstance(keyring, LocalFileKeyring)
        content = json.loads(self.path.read_bytes())
        del content["keys"][key_id]
        keyring._write_sealed(content)


class Careless:
    """A keyring that forgets the context, whatever it is."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def wrap(self, key_id: str, data_key: bytes, context: bytes) -> bytes:  # noqa: ARG002 that is the fault
        return bytes(self._inner.wrap(key_id, data_key, b""))

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:  # noqa: ARG002 that is the fault
        return bytes(self._inner.unwrap(key_id, wrapped, b""))


def test_a_keyring_that_breaks_a_promise_is_found(tmp_path: Path) -> None:
    """The suite names the broken promise."""

    class Contract(KeyringContract):
        def make_keyring(self) -> Keyring:
            made: Any = Careless(LocalFileKeyring(tmp_path / "keyring.json", SECRET))
            return made  # type: ignore[no-any-return]

    with pytest.raises(AssertionError, match="broken promise: CorruptError is raised"):
        Contract().test_another_context_is_refused()
