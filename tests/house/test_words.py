"""Words: every part says what it is for, every test which promise it keeps, and nothing is left
over from a workshop.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT, TESTS, Function, Source, product, source, sources_under
from tools import requirements

WORKPLACES = re.compile(r"(?<![\w.~-])/(?:w[o]rk|r[o]ot)(?:/|\b(?!\w))")
LEFT_OVERS = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b")
DECISION_NAME = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
STATUSES = ("Accepted", "Proposed", "Rejected", "Superseded")


def unsaid(each: Source) -> list[str]:
    """Name the public parts of a file whose first line is not a sentence."""
    found = []
    for name, node in _public_parts(each):
        first = (ast.get_docstring(node) or "").partition("\n")[0]
        if not first.endswith((".", "?", "!")):
            found.append(f"{each.path}: {name} says {first!r}")
    return found


def _public_parts(
    each: Source,
) -> Iterator[tuple[str, ast.Module | ast.ClassDef | Function]]:
    yield "the module", each.tree
    for node in each.tree.body:
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            promised = _promised_elsewhere(node, each)
            for inner in node.body:
                if isinstance(inner, ast.ClassDef | Function) and not (
                    inner.name.startswith("_") or inner.name in promised
                ):
                    yield f"{node.name}.{inner.name}", inner


def _promised_elsewhere(node: ast.ClassDef, each: Source) -> frozenset[str]:
    """Name the methods that a base, or a protocol of the same file, has explained already."""
    protocols = [
        other for other in each.tree.body if isinstance(other, ast.ClassDef) and _is_protocol(other)
    ]
    if node in protocols:
        return frozenset()
    holders = [node] if node.bases else protocols
    return frozenset(
        inner.name for holder in holders for inner in holder.body if isinstance(inner, Function)
    )


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).rpartition(".")[2] == "Protocol" for base in node.bases)


def promiseless(each: Source) -> list[str]:
    """Name the tests of a file that do not say which promise they keep."""
    return [
        f"{each.path}: {node.name}"
        for node in ast.walk(each.tree)
        if isinstance(node, Function)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]


def repository_files() -> Iterator[tuple[str, str]]:
    """Read every text file that is or may become part of the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    for name in sorted(set(listed.decode().split("\0")) - {""}):
        path = ROOT / name
        if path.is_file() and not path.is_symlink() and b"\0" not in (data := path.read_bytes()):
            yield name, data.decode(errors="replace")


def matches(pattern: re.Pattern[str], files: Iterable[tuple[str, str]]) -> list[str]:
    """Name the lines of files in which a pattern stands."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in files
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def faulty_decisions(folder: Path) -> list[str]:
    """Name the decision pages without number, title or status, and gaps in the numbers."""
    found = []
    pages = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    for expected, path in enumerate(pages, start=1):
        name = DECISION_NAME.fullmatch(path.name)
        text = path.read_text(encoding="utf-8")
        if name is None or int(name[1]) != expected:
            found.append(f"{path.name}: its name should begin with {expected:04}-")
            continue
        if not re.match(rf"# {name[1]}[.:]? \S", text):
            found.append(f"{path.name}: its first line should be '# {name[1]}. Title'")
        if not re.search(rf"(?m)^\W*Status\W+({'|'.join(STATUSES)})\b", text):
            found.append(f"{path.name}: it should say 'Status: {', '.join(STATUSES)}'")
    return found


def test_every_public_part_says_what_it_does() -> None:
    """Whoever opens a file reads a sentence at each door."""
    assert [told for each in product() for told in unsaid(each)] == []


def test_a_silent_part_is_found() -> None:
    """What says no sentence is named; private parts and kept promises need none."""
    text = '''
class Loud:
    """A loud thing."""
    def silent(self): ...
    def __init__(self): ...
    def _own(self): ...
def half():
    """Half a sentence"""
def asking():
    """Why not?"""
    def inner(): ...
class _Private: ...
class Sweeper(Protocol):
    """Sweeps."""
    def sweep(self): ...
class Maid:
    """A maid."""
    def sweep(self): ...
class Butler(Maid):
    """A butler."""
    def sweep(self): ...
'''
    assert [told.partition(": ")[2] for told in unsaid(source("a.py", text))] == [
        "the module says ''",
        "Loud.silent says ''",
        "half says 'Half a sentence'",
        "Sweeper.sweep says ''",
    ]


def test_every_test_keeps_a_promise() -> None:
    """Each test says in words what would be broken if it failed."""
    assert [told for each in sources_under(TESTS) for told in promiseless(each)] == []


def test_a_test_without_a_promise_is_found() -> None:
    """Tests in classes and async tests are asked too; fixtures and helpers are not."""
    text = "class TestA:\n    def test_b(self): ...\nasync def test_c(): ...\ndef make(): ...\n"
    assert [*promiseless(source("t.py", text))] == ["t.py: test_c", "t.py: test_b"]


def test_no_workshop_is_mentioned() -> None:
    """Nothing in the repository names the machine it was made on."""
    assert matches(WORKPLACES, repository_files()) == []


def test_nothing_is_left_for_later() -> None:
    """What is in the repository is finished."""
    assert matches(LEFT_OVERS, repository_files()) == []


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [
        (WORKPLACES, "see /w-rk/main", True),
        (WORKPLACES, "cd /r--t", True),
        (WORKPLACES, "docs/network/w-rk/a.md", False),
        (WORKPLACES, "a/r--t/b", False),
        (LEFT_OVERS, "# T-D- later", True),
        (LEFT_OVERS, "FIX#E", True),
        (LEFT_OVERS, "T-D-S is a table", False),
    ],
)
def test_a_left_over_is_found(pattern: re.Pattern[str], line: str, found: bool) -> None:  # noqa: FBT001
    """Absolute paths of a workshop and notes for later are found; like-sounding words are not."""
    meant = line.replace("#E", "ME").translate({ord("-"): "o" if "/" in line else "O"})
    assert bool(matches(pattern, [("a.md", f"one\n{meant}\n")])) is found


def test_there_is_a_changelog() -> None:
    """Whoever updates can read what changed, the newest first."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.startswith("# Changelog")
    assert re.search(r"(?m)^## \[?(Unreleased|\d+\.\d+\.\d+)\b", text)


def test_every_decision_has_number_title_and_status() -> None:
    """Decisions are pages in one sequence, each with what became of it."""
    assert faulty_decisions(ROOT / "docs" / "decisions") == []


def test_a_faulty_decision_is_found(tmp_path: Path) -> None:
    """A gap in the numbers, a missing title and a missing status are told."""
    (tmp_path / "README.md").write_text("# Decisions\n")
    (tmp_path / "0001-fine.md").write_text("# 0001. Fine\n\nStatus: Accepted\n")
    (tmp_path / "0002-also.md").write_text("# 0002 Also\n\n- **Status:** Superseded by 0003\n")
    (tmp_path / "0003-bare.md").write_text("# Bare\n")
    (tmp_path / "0005-gap.md").write_text("# 0005. Gap\n\nStatus: Accepted\n")
    told = faulty_decisions(tmp_path)
    assert [each.partition(":")[0] for each in told] == [
        "0003-bare.md",
        "0003-bare.md",
        "0005-gap.md",
    ]


def test_claims_name_requirements_that_exist() -> None:
    """A test claims to prove only rows of the requirements table."""
    rows = requirements.read_table(requirements.TABLE.read_text(encoding="utf-8"))
    assert rows
    requirements.tests_by_requirement(rows, requirements.claims_under(TESTS))
