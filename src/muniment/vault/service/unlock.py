"""Finds what unlocks this installation's keys, and opens its keyring."""

from __future__ import annotations

import base64
import os
import secrets
import shlex
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from muniment.core.errors import InvalidError, UnavailableError
from muniment.plugins import LoadedPlugin, build, load
from muniment.plugins.sockets import Keyring
from muniment.settings import Settings
from muniment.vault.keyrings.local_file import KEYRING_FILE
from muniment.vault.models import Unlock, UnlockSource

KEYRING_GROUP: Final = "muniment.keyrings"
_LEAST_BYTES: Final = 12
_COMMAND_SECONDS: Final = 30

Ask = Callable[[str], str]


def unlock_source(settings: Settings) -> UnlockSource:
    """Say where the unlock key comes from, without touching it."""
    given = settings.unlock
    if given.file is not None:
        return UnlockSource.FILE
    if given.command:
        return UnlockSource.COMMAND
    return UnlockSource.PROMPT if given.prompt else UnlockSource.GENERATED


def find_unlock(settings: Settings, installation: str, ask: Ask | None = None) -> Unlock:
    """Find the secret that opens the keyring: a file, a command, a prompt, or one of our own."""
    given = settings.unlock
    if given.file is not None:
        return Unlock(UnlockSource.FILE, str(given.file), _from_file(given.file))
    if given.command:
        return Unlock(UnlockSource.COMMAND, given.command, _from_command(given.command))
    if given.prompt:
        if ask is None:
            raise InvalidError(
                "a passphrase is asked for, but there is nobody at a terminal",
                field="unlock.prompt",
                remedy="Start it from a terminal, or set unlock.file.",
            )
        phrase = ask("Unlock passphrase").encode()
        return Unlock(UnlockSource.PROMPT, "terminal", _long_enough(phrase, "unlock.prompt"))
    path = _own_file(settings, installation)
    is_first = not (settings.data.dir / KEYRING_FILE).exists()
    return Unlock(UnlockSource.GENERATED, str(path), _own_secret(path, is_first=is_first))


def load_keyring(settings: Settings) -> LoadedPlugin:
    """Load the code of the keyring that the settings name; a failure stops the start."""
    return load(KEYRING_GROUP, settings.unlock.keyring, allow=settings.plugins.allow)


def open_keyring(settings: Settings, unlock: Unlock) -> Keyring:
    """Open the keyring of this installation."""
    return cast("Keyring", build(load_keyring(settings), settings, unlock.secret))


def _from_file(path: Path) -> bytes:
    try:
        return _long_enough(path.read_bytes().strip(), "unlock.file")
    except OSError as error:
        raise InvalidError(
            f"{path} cannot be read: {error.strerror}", field="unlock.file", remedy="Mend the path."
        ) from error


def _from_command(command: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 the operator's own command, split without a shell
            shlex.split(command), capture_output=True, timeout=_COMMAND_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(
            f"the unlock command did not run: {type(error).__name__}",
            field="unlock.command",
            remedy="Try it in a shell.",
        ) from error
    if done.returncode != 0:
        raise UnavailableError(
            f"the unlock command ended with {done.returncode}",
            field="unlock.command",
            remedy="Try it in a shell.",
        )
    return _long_enough(done.stdout.strip(), "unlock.command")


def _own_file(settings: Settings, installation: str) -> Path:
    """Keep our own secret outside the data folder, so that a copy of the data does not open."""
    folder = settings.unlock.folder.expanduser()
    data = settings.data.dir.resolve()
    if folder.resolve().is_relative_to(data):
        raise InvalidError(
            f"{folder} lies inside the data folder, so a copy of the data would open itself",
            field="unlock.folder",
            remedy="Choose a folder outside data.dir.",
        )
    return folder / f"{installation}.key"


def _own_secret(path: Path, *, is_first: bool) -> bytes:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            if not is_first:
                raise InvalidError(
                    f"the unlock key of this installation is not at {path}",
                    field="unlock.folder",
                    remedy="Put it back; without it the keys of this installation stay shut.",
                )
            _make_secret(path)
        return _long_enough(path.read_bytes().strip(), "unlock.folder")
    except OSError as error:
        raise UnavailableError(
            f"the unlock key cannot be kept at {path}: {error.strerror}",
            field="unlock.folder",
            remedy="Make the folder writable, or set unlock.file.",
        ) from error


def _make_secret(path: Path) -> None:
    """Write a secret whole and durable before it is seen; whoever was faster stays."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(32)))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _long_enough(secret: bytes, where: str) -> bytes:
    if len(secret) < _LEAST_BYTES:
        raise InvalidError(
            f"the unlock key has {len(secret)} bytes",
            field=where,
            remedy=f"Give at least {_LEAST_BYTES}; `openssl rand -base64 32` makes a good one.",
        )
    return secret
