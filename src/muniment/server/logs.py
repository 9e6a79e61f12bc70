"""The running log: JSON lines, or something pretty on a terminal. Identifiers yes, content never.

A line carries a fixed sentence and named identifiers; only the names listed here are written, so
that a prompt or a secret handed over by mistake does not reach the log.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from contextlib import suppress
from typing import Final, TextIO

from muniment.core.clock import Clock, SystemClock, stamp
from muniment.settings import Settings

IDENTIFIERS: Final = frozenset(
    {
        "attempt", "check", "code", "duration_ms", "entries", "epoch", "error_id", "follower",
        "index", "job", "method", "name_of_job", "path", "port", "producer", "reason", "request",
        "role", "size", "status", "version",
    }
)  # fmt: skip
REQUESTS: Final = logging.getLogger("muniment.server")
_LEVEL: Final = f'", "level": "info", "from": "{REQUESTS.name}", "says": "request", "request": "'
_STATUS: Final = '", "method": "POST", "path": "/v1", "status": '
_LONGEST_SENTENCE: Final = 200
_write: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode


class JsonLines(logging.Formatter):
    """Writes a line as one JSON object."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__()
        self._clock = clock or SystemClock()

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": stamp(self._clock.now()),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": _sentence(record),
            **_identifiers(record),
        }
        if record.exc_info:
            line["trace"] = _trace(record)
        return _write(line)


class PrettyLines(logging.Formatter):
    """Writes a line for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={value}" for name, value in _identifiers(record).items())
        facts = "".join(letter if letter.isprintable() else " " for letter in facts)
        text = f"{record.levelname.lower():<7} {_sentence(record)} {facts}".rstrip()
        return f"{text}\n{_trace(record)}" if record.exc_info else text


class JsonHandler(logging.StreamHandler[TextIO]):
    """Writes lines as JSON; those of requests that end together are written together."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.setFormatter(JsonLines())
        self.waiting: list[str] = []

    def say(self, line: str) -> None:
        """Write a line that is JSON already, before the loop that runs goes round again."""
        if not self.waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        self.waiting.append(line)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; those that wait came before it."""
        self._write_waiting()
        super().emit(record)

    def flush(self) -> None:
        """Write what waits, and let it go on."""
        self.acquire()
        try:
            self._write_waiting()
            super().flush()
        finally:
            self.release()

    def _write_waiting(self) -> None:
        waiting, self.waiting = self.waiting, []
        if waiting:
            with suppress(OSError, ValueError):  # nobody reads the log any more
                self.stream.write("\n".join(waiting) + "\n")


def request_line(at: str, request: str, *, status: int, seconds: float) -> str:
    """Write the line of a call of a model as `JsonLines` would, without a record."""
    took = round(seconds * 1000, 2)
    return f'{{"at": "{at}{_LEVEL}{request}{_STATUS}{status}, "duration_ms": {took!r}}}'


def straight() -> JsonHandler | None:
    """Give the one place where lines of requests go, if nobody else listens to them."""
    root, above = logging.root, REQUESTS.parent
    if len(root.handlers) != 1 or REQUESTS.handlers or (above is not root and _hears(above)):
        return None
    only = root.handlers[0]
    return only if isinstance(only, JsonHandler) else None


def _hears(logger: logging.Logger | None) -> bool:
    return logger is None or bool(logger.handlers) or not logger.propagate


def set_up_logs(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every log line of this process to one place, in the configured form."""
    stream = stream or sys.stderr
    pretty = settings.log.format == "pretty" or (settings.log.format == "auto" and stream.isatty())
    handler: logging.StreamHandler[TextIO] = JsonHandler(stream)
    if pretty:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(PrettyLines())
    _leave_out_places()
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log.level.upper())
    for noisy in ("uvicorn.error", "botocore", "urllib3", "alembic"):
        logging.getLogger(noisy).setLevel(max(root.level, logging.WARNING))


def _leave_out_places() -> None:
    """Spare what no line of ours tells: the thread and the process."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def _identifiers(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name in IDENTIFIERS}


def _sentence(record: logging.LogRecord) -> str:
    """Give the fixed sentence: what libraries put in its place-holders, or below it, is content."""
    lines = str(record.msg).strip().splitlines()
    return lines[0][:_LONGEST_SENTENCE] if lines else ""


def _trace(record: logging.LogRecord) -> str:
    return trace_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] else ""


def trace_of(error: BaseException) -> str:
    """Give the places an error passed, without its message: that may quote content."""
    places = []
    walk = error.__traceback__
    while walk is not None:
        code = walk.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/muniment/')[2]}:{walk.tb_lineno}")
        walk = walk.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"
