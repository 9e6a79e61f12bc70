"""A process of its own that asks its book until something is stopped, and then until it goes on."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from muniment.db import open_database
from muniment.exchanges import Book, StopKind
from muniment.testing import settings_for

NAMES = {StopKind.SYSTEM: frozenset({"sys_1"})}
_LONGEST_SECONDS = 20.0


def main(folder: str, url: str) -> None:
    """Say when it has begun, when it sees the stop, and when it no longer does."""
    database = open_database(settings_for(Path(folder), url))
    book = Book(database)
    try:
        for word, stopped in (("going", False), ("stopped", True), ("going", False)):
            until = time.monotonic() + _LONGEST_SECONDS
            while (book.stop_for(NAMES) is not None) is not stopped:
                if time.monotonic() > until:
                    raise SystemExit(f"never {word}")
                time.sleep(0.01)
            sys.stdout.write(f"{word}\n")
            sys.stdout.flush()
    finally:
        database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
