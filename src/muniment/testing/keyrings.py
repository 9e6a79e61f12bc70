"""The contract suite of the Keyring socket: every promise, tried on the real thing.

Subclass `KeyringContract`, give `make_keyring`, and let pytest collect the class; ours and yours
run the same tests. Nothing here needs pytest: a broken promise raises AssertionError and says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from muniment.core.errors import CorruptError, MunimentError, NotFoundError
from muniment.plugins import check_socket
from muniment.plugins.sockets import Keyring

_WRAPS: Final = "vault"
_SIGNS: Final = "log"
_SECRET: Final = bytes(range(32))
_CONTEXT: Final = b'{"kid":"vk_1","subject":"sub_1"}'
_THREADS: Final = 4


class KeyringContract:
    """What every keyring must keep; subclass it and give `make_keyring`, `reopen` and `destroy`."""

    def make_keyring(self) -> Keyring:
        """Give a keyring that holds nothing yet."""
        raise NotImplementedError

    def reopen(self, keyring: Keyring) -> Keyring:
        """Give another handle to the same keys, as another process would have."""
        raise NotImplementedError

    def destroy(self, keyring: Keyring, key_id: str) -> None:
        """Destroy a key where it is kept, as its operator would."""
        raise NotImplementedError

    def test_it_keeps_to_its_socket(self) -> None:
        """It has every method of the socket."""
        check_socket("muniment.keyrings", self.make_keyring())

    def test_the_current_key_stays_until_it_is_rotated(self) -> None:
        """Asked again, also by another process, it names the same key; each purpose has its own."""
        keyring = self.make_keyring()
        key_id = keyring.current(_WRAPS)
        _require(keyring.current(_WRAPS) == key_id, "the current key stays the same")
        again = self.reopen(keyring)
        _require(again.current(_WRAPS) == key_id, "another process sees the same current key")
        _require(keyring.current("other") != key_id, "another purpose has another key")
        _require(0 < len(key_id) <= 200, "a key's id has 1 to 200 characters")

    def test_a_data_key_comes_back(self) -> None:
        """What was wrapped unwraps, in another process too, and shows nothing of the key."""
        keyring = self.make_keyring()
        key_id = keyring.current(_WRAPS)
        wrapped = keyring.wrap(key_id, _SECRET, _CONTEXT)
        _require(keyring.unwrap(key_id, wrapped, _CONTEXT) == _SECRET, "it comes back")
        again = self.reopen(keyring)
        _require(again.unwrap(key_id, wrapped, _CONTEXT) == _SECRET, "it comes back elsewhere")
        _require(_SECRET not in wrapped, "the wrapped key does not show the key")
        other = keyring.wrap(key_id, _SECRET, _CONTEXT)
        _require(other != wrapped, "wrapped twice, it looks different")

    def test_another_context_is_refused(self) -> None:
        """A data key unwraps beside its own context only."""
        keyring = self.make_keyring()
        key_id = keyring.current(_WRAPS)
        wrapped = keyring.wrap(key_id, _SECRET, _CONTEXT)
        for context in (b"", _CONTEXT + b" ", _CONTEXT[:-1]):
            _require_raises(CorruptError, lambda c=context: keyring.unwrap(key_id, wrapped, c))  # type: ignore[misc]

    def test_altered_bytes_are_refused(self) -> None:
        """A changed, shortened, lengthened or empty wrapping never unwraps to something."""
        keyring = self.make_keyring()
        key_id = keyring.current(_WRAPS)
        wrapped = keyring.wrap(key_id, _SECRET, _CONTEXT)
        flipped = wrapped[:-6] + bytes([wrapped[-6] ^ 1]) + wrapped[-5:]
        for altered in (flipped, wrapped[:-1], wrapped[1:], wrapped + b"A", b"", b"\0" * 60):
            _require_raises(CorruptError, lambda a=altered: keyring.unwrap(key_id, a, _CONTEXT))  # type: ignore[misc]

    def test_another_key_does_not_unwrap(self) -> None:
        """A data key unwraps under the key that wrapped it and under no other."""
        keyring = self.make_keyring()
        old = keyring.current(_WRAPS)
        wrapped = keyring.wrap(old, _SECRET, _CONTEXT)
        new = keyring.rotate(_WRAPS)
        _require_raises(CorruptError, lambda: keyring.unwrap(new, wrapped, _CONTEXT))

    def test_after_a_rotation_both_keys_work(self) -> None:
        """The new key is current, also elsewhere; the old one still wraps and unwraps."""
        keyring = self.make_keyring()
        old = keyring.current(_WRAPS)
        wrapped = keyring.wrap(old, _SECRET, _CONTEXT)
        new = keyring.rotate(_WRAPS)
        _require(new != old, "a rotation gives a new key")
        _require(self.reopen(keyring).current(_WRAPS) == new, "the new key is current everywhere")
        _require(keyring.unwrap(old, wrapped, _CONTEXT) == _SECRET, "the old key unwraps")
        late = keyring.wrap(old, _SECRET, _CONTEXT)
        _require(keyring.unwrap(old, late, _CONTEXT) == _SECRET, "the old id means the old key")
        fresh = keyring.rotate("never-used")
        _require(keyring.current("never-used") == fresh, "a first rotation makes the first key")

    def test_signatures_verify(self) -> None:
        """A signature is Ed25519 under the public key given; old keys go on signing."""
        keyring = self.make_keyring()
        old = keyring.current(_SIGNS)
        new = keyring.rotate(_SIGNS)
        for key_id in (old, new):
            public = keyring.public_key(key_id)
            _require(len(public) == 32, "a public key has 32 bytes")
            signature = keyring.sign(key_id, b"a head of the log\n")
            _require(_verifies(public, signature, b"a head of the log\n"), "the signature holds")
            _require(not _verifies(public, signature, b"another\n"), "for this message only")
        _require(keyring.public_key(old) != keyring.public_key(new), "two keys are two keys")

    def test_many_at_once_get_one_first_key(self) -> None:
        """Whoever asks for the first key at the same moment is given the same one."""
        keyring = self.make_keyring()
        handles = [keyring, *(self.reopen(keyring) for _ in range(_THREADS - 1))]
        start = threading.Barrier(_THREADS)

        def ask(handle: Keyring) -> str:
            start.wait()
            return handle.current(_WRAPS)

        with ThreadPoolExecutor(_THREADS) as threads:
            names = set(threads.map(ask, handles))
        _require(len(names) == 1, f"one first key: {names}")

    def test_a_destroyed_key_is_gone_for_ever(self) -> None:
        """It raises NotFoundError, also after others were made under the same purpose."""
        keyring = self.make_keyring()
        doomed = keyring.current(_WRAPS)
        wrapped = keyring.wrap(doomed, _SECRET, _CONTEXT)
        self.destroy(keyring, doomed)
        for handle in (keyring, self.reopen(keyring)):
            _require_raises(NotFoundError, lambda h=handle: h.unwrap(doomed, wrapped, _CONTEXT))  # type: ignore[misc]
            _require_raises(NotFoundError, lambda h=handle: h.wrap(doomed, _SECRET, _CONTEXT))  # type: ignore[misc]
        fresh = keyring.rotate(_WRAPS)
        _require(fresh != doomed, "its id is not given again")
        _require_raises(NotFoundError, lambda: keyring.unwrap(doomed, wrapped, _CONTEXT))

    def test_an_unknown_key_is_not_found(self) -> None:
        """A name that never was, whatever it looks like, is told as such."""
        keyring = self.make_keyring()
        wrapped = keyring.wrap(keyring.current(_WRAPS), _SECRET, _CONTEXT)
        for name in ("nobody", "", "vault-9", "../vault", "a" * 300, "vault:1:000000000000"):
            _require_raises(NotFoundError, lambda n=name: keyring.unwrap(n, wrapped, _CONTEXT))  # type: ignore[misc]
            _require_raises(NotFoundError, lambda n=name: keyring.sign(n, b"x"))  # type: ignore[misc]

    def test_errors_show_no_secret(self) -> None:
        """Neither the data key nor its wrapping stands in what is said."""
        keyring = self.make_keyring()
        key_id = keyring.current(_WRAPS)
        wrapped = keyring.wrap(key_id, _SECRET, _CONTEXT)
        try:
            keyring.unwrap(key_id, wrapped, b"elsewhere")
        except MunimentError as error:
            said = str(error) + repr(error)
            _require(_SECRET.hex() not in said and repr(wrapped) not in said, "no secret is said")


def _verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _require(kept: bool, promise: str) -> None:  # noqa: FBT001 an assertion that says its promise
    if not kept:
        raise AssertionError(f"broken promise: {promise}")


def _require_raises(kind: type[MunimentError], call: Callable[[], object]) -> None:
    try:
        call()
    except kind as error:
        _require(bool(error.message), "an error says what happened")
        return
    raise AssertionError(f"broken promise: {kind.__name__} is raised")
