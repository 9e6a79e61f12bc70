"""The tests mirror the source: who changes a file knows where its tests are."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.house.source import TESTS, Function, Source, functions, product, source

# Files with logic whose tests stand elsewhere or not yet, one a line. The list may only shrink.
UNMIRRORED = TESTS / "house" / "unmirrored.txt"


def mirror_of(path: str) -> tuple[str, ...]:
    """Give the places where the tests of a source file may stand."""
    inner = path.removeprefix("src/muniment/").removesuffix(".py")
    folder, _, name = inner.rpartition("/")
    if name == "__init__":
        folder, _, name = folder.rpartition("/")
        return (_test(folder, name), _test(f"{folder}/{name}".strip("/"), name))
    return (_test(folder, name),)


def _test(folder: str, name: str) -> str:
    return f"tests/{folder}/test_{name}.py".replace("//", "/")


def has_logic(each: Source) -> bool:
    """Tell whether a file decides or does something, beyond declaring what there is."""
    return any(_decides(node) for node in functions(each.tree))


def _decides(node: Function) -> bool:
    body = [
        part
        for part in node.body
        if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
    ]
    return len(body) > 1 or any(
        isinstance(part, ast.If | ast.For | ast.While | ast.Try | ast.With | ast.IfExp | ast.BoolOp)
        for inner in body
        for part in ast.walk(inner)
    )


def without_mirror(sources: Iterable[Source], tests: Iterable[str]) -> list[str]:
    """Name the source files with logic that no test file mirrors."""
    standing = frozenset(tests)
    return [
        each.path
        for each in sources
        if "/migrations/versions/" not in each.path
        and has_logic(each)
        and not standing.intersection(mirror_of(each.path))
        and not _is_split(each.path, standing)
    ]


def _is_split(path: str, standing: frozenset[str]) -> bool:
    """Tell whether a file's tests are split by subject: test_disk_faults.py, or disk/test_….py."""
    inner = path.removeprefix("src/muniment/").removesuffix(".py")
    starts = (f"tests/{inner}/test_", *(f"{each[:-3]}_" for each in mirror_of(path)))
    return any(test.startswith(starts) for test in standing)


def test_every_file_with_logic_has_its_tests() -> None:
    """A file that decides something has a test file of its name, but for a list that shrinks."""
    tests = [path.relative_to(TESTS.parent).as_posix() for path in TESTS.rglob("test_*.py")]
    found = set(without_mirror(product(), tests))
    listed = set(UNMIRRORED.read_text(encoding="utf-8").split())
    assert sorted(found - listed) == []
    assert sorted(listed - found) == [], f"these are mirrored; take them out of {UNMIRRORED.name}"


def test_a_file_without_tests_is_found() -> None:
    """Logic asks for tests; declarations and one-line answers do not."""
    logic = "def a(x):\n    if x:\n        return 1\n    return 2\n"
    plain = (
        'class A:\n    """A thing."""\n    def b(self):\n        """Say b."""\n        return 1\n'
    )
    files = [
        source("src/muniment/db/work.py", logic),
        source("src/muniment/db/plain.py", plain),
        source("src/muniment/db/engine.py", logic),
        source("src/muniment/worker/__init__.py", logic),
        source("src/muniment/main.py", logic),
        source("src/muniment/verify.py", logic),
    ]
    tests = [
        *("tests/db/test_engine_faults.py", "tests/worker/test_worker.py"),
        *("tests/test_main.py", "tests/verify/test_proofs.py"),
    ]
    assert without_mirror(files, tests) == ["src/muniment/db/work.py"]
