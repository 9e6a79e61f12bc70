"""Seals as records arrive, at most once in a pause; runs beside the worker."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import Final

from muniment.core.errors import ConflictError, CorruptError, MunimentError
from muniment.ledger.service.log import Log

_log = logging.getLogger(__name__)
# It begins behind a commit, where one comes, and when who waited for that had time to go on.
_NEXT_SECONDS: Final = 0.02
_LET_BY_SECONDS: Final = 0.003


@dataclass(slots=True)
class Sealer:
    """A thread that keeps the signed head close behind what is durable."""

    log: Log
    _wake: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to seal; every commit with a record wakes it."""
        self.log.database.after_commit.append(self._come)
        self._thread = threading.Thread(target=self._run, name="muniment-sealer", daemon=True)
        self._thread.start()

    def _come(self) -> None:
        if not self._wake.is_set():  # cheaper than to set it again
            self._wake.set()

    def stop(self, *, grace_seconds: float) -> bool:
        """Seal what is left and end; tell whether it ended in time."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(grace_seconds)
        return not self.alive()

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        pause = self.log.settings.ledger.seal_ms / 1000
        while True:
            stopping = self._stop.is_set()
            self._seal()
            if stopping:
                return
            self._stop.wait(pause)
            if self._wake.wait(pause * 10):
                self._wake.clear()
                self._wake.wait(_NEXT_SECONDS)
                self._stop.wait(_LET_BY_SECONDS)
            self._wake.clear()

    def _seal(self) -> None:
        try:
            self.log.seal()
        except ConflictError:
            self._wake.set()  # another process leads; what it no longer saw is ours, in a moment
        except CorruptError as error:
            self.log.broken = error.message
            _log.error("the log is broken; sealing has stopped", extra={"code": error.code})
            self._stop.set()
        except MunimentError as error:
            _log.warning("not sealed; it is tried again", extra={"code": error.code})
