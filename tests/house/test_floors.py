"""The floors, the rooms and their doors: who may import whom.

The contracts stand in `.importlinter`. Each is tried here with wrong imports seeded into a copy
of the package, one at a time, so that a contract that lets something through is noticed.
"""

from __future__ import annotations

import ast
import configparser
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import grimp
import pytest

from tests.house.source import PACKAGE, ROOT, Source, rooms_in, source

CONTRACTS = ROOT / ".importlinter"
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


@dataclass(frozen=True)
class Breach:
    """A wrong line, the file it is put into, and the contract that must refuse it."""

    contract: str
    file: str
    line: str
    word: str = ""

    @property
    def told(self) -> str:
        """What the linter says about it: the import itself, or the word that is wrong."""
        importer = self.file.removesuffix(".py").replace("/", ".")
        return self.word or f"muniment.{importer} -> {self.line.removeprefix('import ')}"


BREACHES = (
    Breach("floors", "db/types.py", "import muniment.ledger.models"),
    Breach("floors", "ledger/service.py", "import muniment.server.house"),
    Breach("floors", "web/find.py", "import muniment.api.app"),
    Breach("floors", "core/ids.py", "import muniment.settings.areas"),
    Breach("floors", "verify.py", "import muniment.core.digest"),
    Breach("floors", "junk/__init__.py", "", "junk"),
    Breach("room-plan", "ledger/utils.py", "", "utils"),
    Breach("room-plan", "ledger/models.py", "import muniment.ledger.store"),
    Breach("room-plan", "ledger/rules.py", "import muniment.ledger.service"),
    Breach("room-plan", "ledger/store.py", "import muniment.ledger.rules"),
    Breach("pure", "ledger/rules.py", "import sqlalchemy"),
    Breach("pure", "ledger/models.py", "import muniment.settings.areas"),
    Breach("pure", "ledger/kinds/ledger.py", "import muniment.db.tables"),
    Breach("pure", "core/digest.py", "import starlette"),
    Breach("no-doors-in-rooms", "ledger/service.py", "import starlette"),
    Breach("no-doors-in-rooms", "jobs/runner.py", "import typer"),
    Breach("sql-in-store", "ledger/service.py", "import sqlalchemy"),
    Breach("sql-in-store", "web/find.py", "import sqlalchemy"),
    Breach("sql-in-store", "cli/jobs.py", "import sqlalchemy"),
    Breach("light-plugins", "blobs/disk.py", "import muniment.db.engine"),
    Breach("strangers-storage", "blobs/disk.py", "import muniment.blobs.s3"),
    Breach(
        "strangers-keyrings",
        "vault/keyrings/aws_kms.py",
        "import muniment.vault.keyrings.local_file",
    ),
    Breach("strangers-kinds", "ledger/kinds/cellar.py", "import muniment.ledger.kinds.ledger"),
    Breach(
        "strangers-detectors",
        "detect/detectors/cards.py",
        "import muniment.detect.detectors.emails",
    ),
    Breach("strangers-feeds", "access/feeds/scim.py", "import muniment.access.feeds.listing"),
    Breach(
        "strangers-notifiers",
        "notices/notifiers/webhook.py",
        "import muniment.notices.notifiers.apprise",
    ),
    Breach(
        "strangers-stages", "gateway/stages/limit.py", "import muniment.gateway.stages.identify"
    ),
    Breach(
        "strangers-dialects",
        "gateway/dialects/chat.py",
        "import muniment.gateway.dialects.messages",
    ),
    Breach(
        "strangers-providers",
        "gateway/providers/echo.py",
        "import muniment.gateway.providers.scripted",
    ),
    Breach("acyclic", "jobs/job.py", "import muniment.jobs.queue", ".job"),
)


def lint(folder: Path, *contracts: str) -> tuple[bool, str]:
    """Run the import contracts on the package in a folder; give the verdict and what was told."""
    asked = [part for name in contracts for part in ("--contract", name)]
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--config", str(CONTRACTS), "--no-cache", "--no-logo", *asked],
        cwd=folder,
        env={**os.environ, "COLUMNS": "300", "PYTHONPATH": str(folder)},
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode == 0, done.stdout + done.stderr


def room_lists(text: str) -> dict[str, frozenset[str]]:
    """Read which folders each contract lists, by contract."""
    parser = configparser.ConfigParser()
    parser.read_string(text)
    floors = parser["importlinter:contract:floors"]["layers"]
    words = floors.replace("|", " ").replace(":", " ").replace("(", " ").replace(")", " ").split()
    plan = parser["importlinter:contract:room-plan"]["containers"].split()
    doors = parser["importlinter:contract:no-doors-in-rooms"]["source_modules"].split()
    return {
        "floors": frozenset(words),
        "room-plan": frozenset(name.removeprefix("muniment.") for name in plan),
        "no-doors-in-rooms": frozenset(name.removeprefix("muniment.") for name in doors),
    }


def unlisted_rooms(text: str, rooms: Iterable[str]) -> list[str]:
    """Name the rooms that a contract forgets, and the listed ones that are no rooms."""
    lists, known = room_lists(text), frozenset(rooms)
    missing = [
        f"{name}: {room} is missing"
        for name, listed in lists.items()
        for room in sorted(known - listed)
    ]
    return missing + [
        f"room-plan: {room} is no room" for room in sorted(lists["room-plan"] - known)
    ]


def back_doors(imports: Iterable[tuple[str, str]], rooms: frozenset[str]) -> list[str]:
    """Name the imports that enter a room past its front door."""
    found = []
    for importer, imported in sorted(imports):
        room = imported.split(".")[1] if imported.count(".") else ""
        inside = importer.split(".")[1:2] == [room]
        if room not in rooms or inside or imported == f"muniment.{room}":
            continue
        if not _may_pass(importer, imported, room):
            found.append(f"{importer} enters {imported}; the door is muniment.{room}")
    return found


def _may_pass(importer: str, imported: str, room: str) -> bool:
    if importer == "muniment.main" or f"{imported}.".startswith("muniment.ledger.kinds."):
        return True
    return importer.startswith("muniment.worker") and f"{imported}.".startswith(
        f"muniment.{room}.jobs."
    )


def needed_packages(verifier: Source) -> list[str]:
    """Name what a file cannot do without beyond the standard library."""
    optional = {
        inner
        for node in ast.walk(verifier.tree)
        if isinstance(node, ast.Try) and _forgives_absence(node)
        for inner in ast.walk(node)
    }
    names: list[str] = []
    for node in ast.walk(verifier.tree):
        if node in optional:
            continue
        if isinstance(node, ast.Import):
            names.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return [name for name in names if name.partition(".")[0] not in sys.stdlib_module_names]


def _forgives_absence(node: ast.Try) -> bool:
    return any(
        handler.type is not None and ast.unparse(handler.type) == "ImportError"
        for handler in node.handlers
    )


def graph_imports() -> list[tuple[str, str]]:
    """Read every import between modules of the product."""
    graph = grimp.build_graph("muniment", cache_dir=None)
    return [
        (importer, imported)
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    ]


def test_every_contract_holds() -> None:
    """The house as it stands keeps to its floors, plans and strangers."""
    kept, told = lint(ROOT / "src")
    assert kept, told


@pytest.mark.parametrize("contract", sorted({each.contract for each in BREACHES}))
def test_a_wrong_import_is_refused(contract: str, tmp_path: Path) -> None:
    """Every wrong import and misplaced file is told, by name, by the contract that forbids it."""
    house = tmp_path / "muniment"
    shutil.copytree(PACKAGE, house, ignore=shutil.ignore_patterns("__pycache__", "static"))
    breaches = [each for each in BREACHES if each.contract == contract]
    for breach in breaches:
        file = house / breach.file
        file.parent.mkdir(exist_ok=True)
        with file.open("a", encoding="utf-8") as seeded:
            seeded.write(f"\n{breach.line}\n")
    kept, told = lint(tmp_path, contract)
    assert not kept
    assert "BROKEN" in told
    assert [each for each in breaches if each.told not in told] == [], told


def test_every_contract_is_tried() -> None:
    """A contract without a seeded breach could let everything through unseen."""
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS)
    named = {each.rpartition(":")[2] for each in parser.sections() if ":contract:" in each}
    assert named == {each.contract for each in BREACHES}


def test_the_room_lists_agree_with_the_folders() -> None:
    """A folder that is a room has its floor, its plan and its ban on doors."""
    assert unlisted_rooms(CONTRACTS.read_text(), rooms_in(PACKAGE)) == []


def test_a_forgotten_room_is_found(tmp_path: Path) -> None:
    """A new room that nobody listed is named with each contract that forgot it."""
    for name, file in (("cellar", "models.py"), ("attic", "service.py"), ("db", "models.py")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).touch()
    rooms = rooms_in(tmp_path)
    assert rooms == {"cellar", "attic"}
    found = unlisted_rooms(CONTRACTS.read_text(), {*rooms, "ledger"})
    assert "floors: cellar is missing" in found
    assert "room-plan: attic is missing" in found
    assert "no-doors-in-rooms: attic is missing" in found
    assert "room-plan: ledger is no room" in unlisted_rooms(CONTRACTS.read_text(), ())


def test_rooms_are_entered_by_their_front_door() -> None:
    """Whoever stands outside a room knows only what its front door offers."""
    assert back_doors(graph_imports(), rooms_in(PACKAGE)) == []


@pytest.mark.parametrize(
    ("importer", "imported", "refused"),
    [
        ("muniment.web.ledger", "muniment.ledger.store", True),
        ("muniment.registry.service", "muniment.ledger.models", True),
        ("muniment.worker", "muniment.ledger.service", True),
        ("muniment.server.start", "muniment.ledger.jobs", True),
        ("muniment.web.ledger", "muniment.ledger.kindsmen", True),
        ("muniment.web.ledger", "muniment.ledger", False),
        ("muniment.worker", "muniment.ledger.jobs", False),
        ("muniment.server.start", "muniment.ledger.kinds.ledger", False),
        ("muniment.ledger.service", "muniment.ledger.store", False),
        ("muniment.cli.jobs", "muniment.jobs.queue", False),
        ("muniment.main", "muniment.ledger.service", False),
        ("muniment.ledger.rules", "muniment.verify", False),
    ],
)
def test_a_back_door_is_found(importer: str, imported: str, refused: bool) -> None:  # noqa: FBT001
    """Only the worker (chores), readers (kinds) and main may pass the front door by."""
    assert bool(back_doors([(importer, imported)], frozenset({"ledger", "registry"}))) is refused


def test_the_verifier_needs_only_python() -> None:
    """An auditor copies one file and runs it with nothing installed."""
    text = (PACKAGE / "verify.py").read_text(encoding="utf-8")
    assert needed_packages(source("src/muniment/verify.py", text)) == []


def test_a_hard_dependency_of_the_verifier_is_found() -> None:
    """A package is fine where its absence is forgiven, and a fault where it is not."""
    forgiven = "import json\ntry:\n    import msgspec\nexcept ImportError:\n    msgspec = None\n"
    assert needed_packages(source("verify.py", forgiven)) == []
    needed = "from cryptography.x509 import load\nimport json, msgspec\n"
    assert needed_packages(source("verify.py", needed)) == ["cryptography.x509", "msgspec"]
