"""Write the reference pages from the code, so that they cannot say something else.

Use: python -m tools.reference            writes docs/reference and the list of record kinds
     python -m tools.reference --check    writes nothing; fails if a page is stale
A record kind that was changed or removed is refused: entries written years ago must still read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tools import (
    reference_access,
    reference_code,
    reference_detect,
    reference_doors,
    reference_kinds,
    reference_words,
)

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "reference"
KINDS: Final = ROOT / "tests" / "data" / "kinds.json"

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "settings.md": reference_code.settings_page,
    "muniment.toml": reference_code.sample_file,
    "sockets.md": reference_code.sockets_page,
    "schema.md": reference_code.schema_page,
    "records.md": reference_kinds.records_page,
    "commands.md": reference_doors.commands_page,
    "http.md": reference_doors.http_page,
    "errors.md": reference_doors.errors_page,
    "roles.md": reference_access.roles_page,
    "openapi.json": reference_doors.openapi_file,
    "../glossary.md": reference_words.glossary_page,
    **reference_detect.family_pages(),
}


def pages() -> dict[str, str]:
    """Draw every page from the code as it is."""
    return {name: draw() for name, draw in PAGES.items()}


def stale(drawn: Mapping[str, str], folder: Path) -> list[str]:
    """Name the pages that are missing, out of date, or drawn by nobody."""
    found = []
    for name, text in drawn.items():
        path = folder / name
        if not path.exists():
            found.append(f"{name} is missing")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{name} is out of date")
    standing = {path.name for path in folder.iterdir()} if folder.exists() else set()
    return found + [f"{name} is drawn by nobody" for name in sorted(standing - set(drawn))]


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or only look whether they are true."""
    parser = argparse.ArgumentParser(prog="python -m tools.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    asked = parser.parse_args(arguments)
    drawn = pages()
    broken = reference_kinds.broken_promises(reference_kinds.kept(KINDS), reference_kinds.known())
    if broken:
        print("\n".join(f"muniment: {each}" for each in broken), file=sys.stderr)
        return 1
    if asked.check:
        told = stale(drawn, FOLDER)
        if reference_kinds.kept(KINDS) != reference_kinds.known():
            told.append(f"{KINDS.name} lacks a new record kind or field")
        print("\n".join(told) or "The reference pages are true.")
        return 1 if told else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in drawn.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8")
    reference_kinds.keep(KINDS)
    print(f"Wrote {len(drawn)} pages into {FOLDER.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
