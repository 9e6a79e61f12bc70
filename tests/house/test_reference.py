"""The reference pages say what the code does, and what was promised is kept."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import Struct

from muniment.ledger import kinds
from muniment.ledger.kinds import Kind
from muniment.plugins.sockets import GROUPS
from muniment.server.errors import STATUS
from muniment.settings import knobs, load
from tools import reference, reference_doors, reference_kinds

# Addresses whose code does not say yet what they answer. The list may only shrink.
SILENT_ADDRESSES: frozenset[str] = frozenset()


class Swept(Struct, frozen=True):
    """An attic was swept."""

    attic: str
    by: str = ""


class SweptToo(Struct, frozen=True):
    """An attic was swept, and by whom must be said."""

    attic: int
    by: str
    dust: str


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """Every page as the code says it should be."""
    return reference.pages()


def kind(holder: type, subject: str = "attic") -> Kind:
    """Declare a kind that nobody else knows."""
    some = next(iter(reference_kinds.product_kinds().values()))
    return replace(
        some, name="attic.swept", subject_kind="attic", subject_field=subject, holder=holder
    )


def test_the_pages_are_true(drawn: dict[str, str]) -> None:
    """Every page stands in docs/reference and says what the code does; `make docs-reference`."""
    assert reference.stale(drawn, reference.FOLDER) == []


def test_a_kind_is_known_without_being_asked_for() -> None:
    """Whoever asks for all kinds is told those of rooms that nothing has loaded, too."""
    files = {file.stem for file in Path(kinds.__file__).parent.glob("*.py")}
    read = "import sys; from muniment.ledger import all_kinds; all_kinds(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", read], check=True, capture_output=True, text=True
    ).stdout.split()
    assert {f"muniment.ledger.kinds.{name}" for name in files - {"__init__"}} <= set(loaded)


def test_a_stale_page_is_found(tmp_path: Path) -> None:
    """A missing page, an old one and one that nobody draws are told."""
    (tmp_path / "old.md").write_text("yesterday")
    (tmp_path / "fine.md").write_text("today")
    (tmp_path / "orphan.md").write_text("nobody")
    pages = {"fine.md": "today", "old.md": "today", "new.md": "today"}
    assert reference.stale(pages, tmp_path) == [
        "old.md is out of date",
        "new.md is missing",
        "orphan.md is drawn by nobody",
    ]


def test_the_pages_leave_nothing_out(drawn: dict[str, str]) -> None:
    """Each setting, kind, socket, error and command has its place on its page."""
    for knob in knobs():
        assert f"`{knob.key}`" in drawn["settings.md"]
        assert f"`{knob.variable}`" in drawn["settings.md"]
        assert f"\n# {knob.name} = " in drawn["muniment.toml"]
    for name in reference_kinds.product_kinds():
        assert f"### {name}\n" in drawn["records.md"]
    for group, socket in GROUPS.items():
        assert f"## {socket.__name__}\n\nEntry points: `{group}`" in drawn["sockets.md"]
    for error in STATUS:
        assert f"`{error.code}`" in drawn["errors.md"]
    assert "## muniment migrate" in drawn["commands.md"]
    assert "`--config`" in drawn["commands.md"]


def test_the_sample_file_is_lawful(drawn: dict[str, str], tmp_path: Path) -> None:
    """Every line of the sample can be switched on as it stands, and changes nothing."""
    switched = [
        line.removeprefix("# ") if " = " in line and line.startswith("# ") else line
        for line in drawn["muniment.toml"].splitlines()
    ]
    file = tmp_path / "muniment.toml"
    file.write_text("\n".join(switched), encoding="utf-8")
    read, defaults = load(file=file, environment={}).settings, load(environment={}).settings
    for knob in knobs():
        value = knob.value_in(defaults)
        usual = value.expanduser() if isinstance(value, Path) else value
        assert knob.value_in(read) == usual, knob.key


def test_every_address_says_what_it_answers() -> None:
    """An address of the server is explained by its own code."""
    with reference_doors.application() as app:
        found = {path for _, path, says in reference_doors.routes(app.routes) if not says}
    assert {path for path in found if not path.startswith("/api/")} == SILENT_ADDRESSES


def test_recorded_kinds_stay_readable() -> None:
    """No kind that was promised is changed or removed: old entries must still read."""
    kept = reference_kinds.kept(reference.KINDS)
    assert kept
    assert reference_kinds.broken_promises(kept, reference_kinds.known()) == []


def test_every_kind_is_promised() -> None:
    """A new kind or field is written down by `make docs-reference`, so that it too is kept."""
    assert reference_kinds.known() == reference_kinds.kept(reference.KINDS)


def test_a_broken_promise_is_found() -> None:
    """A kind removed or about something else, and a field changed, demanded or added bare."""
    before = reference_kinds.known([kind(Swept)])
    assert reference_kinds.broken_promises(before, {}) == [
        "attic.swept was removed; entries of this kind exist, so keep it"
    ]
    told = reference_kinds.broken_promises(before, reference_kinds.known([kind(SweptToo, "by")]))
    assert told == [
        "attic.swept is about something else now; declare a new kind instead",
        "attic.swept.attic changed its type; declare a new kind instead",
        "attic.swept.by must stay optional; old entries lack it",
        "attic.swept.dust needs a default; old entries lack it",
    ]
    assert any(
        "attic.swept.dust was removed" in each
        for each in reference_kinds.broken_promises(reference_kinds.known([kind(SweptToo)]), before)
    )


def test_a_new_kind_is_free() -> None:
    """Adding a kind breaks no promise."""
    assert reference_kinds.broken_promises({}, reference_kinds.known([kind(Swept)])) == []
