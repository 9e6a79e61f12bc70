"""Print every requirement with the tests that prove it.

The rows are the tables of docs/requirements.md. A test claims rows with
@pytest.mark.requirement("DRF-04", …) on itself, its class, its module or one parameter; the claims
are read from the source, so this runs without installing anything. A claim for a row that does not
exist fails.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "requirements.md"
TESTS = ROOT / "tests"
ROW = re.compile(r"\| *([A-Z]+-\d+) *\|(.+)\| *([CKEMTF]) *\|([^|]*)\|([^|]*)\|\s*")
WIDEST_SENTENCE = 72


class RequirementsError(Exception):
    """The table or a test's claim cannot be believed; the message names the place."""


@dataclass(frozen=True)
class Requirement:
    """One row: what the product must answer for."""

    id: str
    sentence: str
    kind: str
    source: str
    criteria: str


@dataclass(frozen=True)
class Claim:
    """One test's word that it proves a row."""

    id: str
    test: str
    line: int


def read_table(text: str) -> list[Requirement]:
    """Read the requirement rows of a Markdown page."""
    rows: dict[str, Requirement] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        found = ROW.fullmatch(line)
        if found is None:
            if re.match(r"\| *[A-Z]+-\d+ *\|", line):
                raise RequirementsError(f"line {number} is no requirement row: {line}")
            continue
        row = Requirement(*(cell.strip() for cell in found.groups()))
        if row.id in rows:
            raise RequirementsError(f"line {number} names {row.id} a second time")
        rows[row.id] = row
    return list(rows.values())


def claims_in(source: str, path: str) -> list[Claim]:
    """Read which rows the tests of one file claim to prove."""
    return sorted(_claims(ast.parse(source, path), path, path), key=lambda claim: claim.line)


def _claims(node: ast.AST, place: str, path: str) -> Iterator[Claim]:
    for child in ast.iter_child_nodes(node):
        inner = place
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{place}::{child.name}"
        if isinstance(child, ast.Call) and _is_requirement(child.func):
            yield from (_claim(argument, place, path) for argument in child.args)
        yield from _claims(child, inner, path)


def _is_requirement(function: ast.expr) -> bool:
    return ast.unparse(function) in {"pytest.mark.requirement", "mark.requirement"}


def _claim(argument: ast.expr, place: str, path: str) -> Claim:
    if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
        raise RequirementsError(
            f"{path}:{argument.lineno}: a requirement is named by a literal, "
            f"not by {ast.unparse(argument)}"
        )
    return Claim(argument.value, place, argument.lineno)


def claims_under(folder: Path) -> list[Claim]:
    """Read the claims of every test file in a folder."""
    return [
        claim
        for path in sorted(folder.rglob("*.py"))
        for claim in claims_in(path.read_text(), path.relative_to(folder.parent).as_posix())
    ]


def tests_by_requirement(
    rows: Sequence[Requirement], claims: Sequence[Claim]
) -> dict[str, list[str]]:
    """Give each row the tests that prove it; refuse a claim for a row that does not exist."""
    proofs: dict[str, list[str]] = {row.id: [] for row in rows}
    unknown = [claim for claim in claims if claim.id not in proofs]
    if unknown:
        raise RequirementsError(
            "no such requirement in docs/requirements.md:\n"
            + "\n".join(f"  {claim.id} in {claim.test}, line {claim.line}" for claim in unknown)
        )
    for claim in claims:
        if claim.test not in proofs[claim.id]:
            proofs[claim.id].append(claim.test)
    return proofs


def as_table(rows: Sequence[Requirement], proofs: dict[str, list[str]]) -> str:
    """Lay the rows and their tests out for a terminal."""
    lines = [f"{'ID':<8} {'Requirement':<{WIDEST_SENTENCE}} {'Kind':<5} Tests"]
    for row in rows:
        tests = proofs[row.id] or ["-"]
        lines.append(f"{row.id:<8} {_short(row.sentence)} {row.kind:<5} {tests[0]}")
        lines.extend(" " * (8 + 1 + WIDEST_SENTENCE + 1 + 6) + test for test in tests[1:])
    return "\n".join(lines)


def _short(sentence: str) -> str:
    if len(sentence) > WIDEST_SENTENCE:
        sentence = sentence[: WIDEST_SENTENCE - 1].rstrip() + "…"
    return f"{sentence:<{WIDEST_SENTENCE}}"


def as_json(rows: Sequence[Requirement], proofs: dict[str, list[str]]) -> str:
    """Give the rows and their tests as JSON."""
    told = [{**vars(row), "tests": proofs[row.id]} for row in rows]
    return json.dumps(told, indent=2, ensure_ascii=False)


def main(arguments: Sequence[str]) -> int:
    """Print the rows, or only those that no test proves."""
    parser = argparse.ArgumentParser(prog="tools/requirements.py", description=__doc__)
    parser.add_argument("--missing", action="store_true", help="only rows that no test proves")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(arguments)
    try:
        rows = read_table(TABLE.read_text())
        proofs = tests_by_requirement(rows, claims_under(TESTS))
    except RequirementsError as refused:
        print(f"muniment: {refused}", file=sys.stderr)
        return 1
    shown = [row for row in rows if not (asked.missing and proofs[row.id])]
    if asked.json:
        print(as_json(shown, proofs))
        return 0
    print(as_table(shown, proofs))
    proved = sum(1 for row in rows if proofs[row.id])
    print(f"\n{proved} of {len(rows)} proved by tests")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
