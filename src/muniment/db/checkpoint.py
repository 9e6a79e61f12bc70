"""Keeps SQLite's write-ahead log short, beside the writers instead of inside somebody's commit.

SQLite copies the log back into the database file when it has grown long enough, and makes whoever
commits then wait for it: every thirtieth large batch took five times as long as the others. Here a
thread of its own does that soon after something was written. It can be late or fail without harm:
at a length that is rarely reached, SQLite still does it by itself.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

_PAUSE_SECONDS: Final = 0.25
# It copies behind a commit, where one comes, and when who waited for that had time to go on.
_NEXT_SECONDS: Final = 0.02
_LET_BY_SECONDS: Final = 0.003


class Checkpointer:
    """A thread that copies the log back a moment after something was written."""

    def __init__(self, reader: Engine) -> None:
        self._reader = reader
        self._written = threading.Event()
        self._ended = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wrote(self) -> None:
        """Say that something was committed."""
        if self._thread is None:
            self._start()
        if not self._written.is_set():
            self._written.set()

    def close(self) -> None:
        """End the thread; what it has not copied yet, SQLite copies when the file is closed."""
        self._ended.set()
        self._written.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._ended.is_set():
                name = "muniment-checkpoint"
                self._thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._written.wait()
            self._ended.wait(_PAUSE_SECONDS)
            self._written.clear()
            if not self._ended.is_set():
                self._written.wait(_NEXT_SECONDS)
            if not self._ended.wait(_LET_BY_SECONDS):
                self._written.clear()  # all of that is copied now
                self._copy()

    def _copy(self) -> None:
        with (
            suppress(SQLAlchemyError, sqlite3.Error),
            closing(self._reader.raw_connection()) as raw,
        ):
            raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").close()
