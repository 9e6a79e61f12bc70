"""The folder of a demonstration: what lies there, and how one is put, replaced and taken away.

It is built beside its place and moved there whole, so a folder either holds a whole story or none.
Settings of the machine play no part: neither a file nor the environment is read, and the database
is always a file in the folder itself. What holds real records is never touched.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final

from muniment import ledger
from muniment.core.errors import ConflictError, UnavailableError
from muniment.db import SchemaState, schema_state
from muniment.server import House

DATA: Final = "data"
KEYS: Final = "keys"
SETTINGS: Final = "muniment.toml"
_BUILDING: Final = ".building"
_OLD: Final = ".old"
_LOCK: Final = "lock"
_DATABASE: Final = "muniment.db"
OpenHouse = Callable[..., House]


class Found(StrEnum):
    """What lies in a folder."""

    NOTHING = "nothing"
    DEMO = "demo"
    REAL = "real"
    OTHER = "other"


def overrides_of(folder: Path, *, begins: bool = False) -> dict[str, object]:
    """Give the settings of a demonstration; all others are the usual ones."""
    given: dict[str, object] = {
        "data.dir": folder / DATA,
        "unlock.folder": folder / KEYS,
        "gateway.hold_seconds": 0,
    }
    if begins:
        given["ledger.origin"] = ledger.demo_origin("brightwater")
        given["ledger.operator"] = "Brightwater, a company that does not exist"
    return given


@contextmanager
def opened(
    folder: Path, open_house: OpenHouse, *, role: str = "cli", more: Mapping[str, object] = {}
) -> Iterator[House]:
    """Open what lies in a folder, with nothing of the machine's own settings."""
    house = open_house(
        folder / SETTINGS, {**overrides_of(folder), **more}, role=role, environment={}
    )
    try:
        yield house
    finally:
        house.close()


def look(folder: Path, open_house: OpenHouse) -> Found:
    """Say what lies in a folder, without changing it."""
    if not folder.exists():
        return Found.NOTHING
    if (folder / _DATABASE).exists():
        return Found.REAL
    if not (folder / DATA / _DATABASE).exists():
        return Found.OTHER if any(folder.iterdir()) else Found.NOTHING
    if not (folder / SETTINGS).exists():
        return Found.REAL
    with opened(folder, open_house) as house:
        if schema_state(house.database) is SchemaState.EMPTY or not house.log.is_demo():
            return Found.REAL
        told = ledger.find(house.log, ledger.Query(kind="demo.built"), limit=1)
        return Found.DEMO if told.rows else Found.REAL


def require_free(folder: Path, found: Found) -> None:
    """Refuse to build where something real lies, or something we do not know."""
    if found is Found.REAL:
        raise ConflictError(
            f"{folder} holds an installation with real records, and a demonstration is not built"
            " over it",
            field="folder",
            remedy="Name another folder, as `muniment demo --folder ./demo-data`.",
        )
    if found is Found.OTHER:
        raise ConflictError(
            f"{folder} is not empty and holds no demonstration",
            field="folder",
            remedy="Name an empty or a new folder.",
        )


@contextmanager
def room_for(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Give an empty folder to build in, and whether one that was left half-way lay there.

    At the end it takes its place, whole; when something goes wrong, it is removed.
    """
    beside = folder.with_name(folder.name + _BUILDING)
    beside.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        was_left = beside.exists()
        _remove(beside)
        _remove(folder.with_name(folder.name + _OLD))
        try:
            beside.mkdir(mode=0o700)
            yield beside, was_left
            _write_settings(beside, folder)
            _put(beside, folder)
        except OSError as error:
            raise UnavailableError(
                f"{beside} cannot be written: {error.strerror or error}",
                field="folder",
                remedy="Mend its permissions, free some space, or name another folder.",
            ) from error
        finally:
            _remove(beside)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only one who builds here; the lock is a file beside the folder."""
    path = folder.with_name(f".{folder.name}.{_LOCK}")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _locked(handle, path):
            raise ConflictError(
                f"another process builds {folder} just now",
                field="folder",
                remedy="Wait for it, or name another folder.",
            )
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _locked(handle: int, path: Path) -> bool:
    """Take the lock, if nobody has it and it is still the file that others would find there."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(handle).st_ino == path.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        return False


def _put(beside: Path, folder: Path) -> None:
    old = folder.with_name(folder.name + _OLD)
    if folder.exists():
        folder.rename(old)
    # If we die here, the old story lies aside and the next run builds anew.
    beside.rename(folder)
    _remove(old)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _write_settings(beside: Path, folder: Path) -> None:
    """Write the settings by which every other command finds this demonstration."""
    home = folder.resolve()
    text = (
        "# A demonstration: nothing in it really happened.\n"
        f"[data]\ndir = {json.dumps(str(home / DATA))}\n\n"
        f"[unlock]\nfolder = {json.dumps(str(home / KEYS))}\n"
    )
    (beside / SETTINGS).write_text(text, encoding="utf-8")
