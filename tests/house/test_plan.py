"""The plan of the rooms, the names of files, and how long files and functions may be."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tests.house.source import (
    PACKAGE,
    ROOT,
    SRC,
    TOOLS,
    Source,
    functions,
    product,
    rooms_in,
    source,
    sources_under,
)

PARTS = frozenset({"__init__", "models", "rules", "store", "service", "jobs"})
PLUGIN_FOLDERS = frozenset(
    {
        *("collectors", "detectors", "exporters", "feeds", "keyrings", "kinds"),
        *("metrics", "notifiers", "scanners", "signers", "witnesses"),
    }
)
DRAWERS = frozenset({"utils", "util", "common", "helpers", "helper", "manager", "misc"})

FILE_CAP = 400
FUNCTION_CAP = 60
FUNCTION_P90 = 30

# Files over the cap, each with its size today. A number may only shrink and a line only go.
LONG_FILES: Mapping[str, int] = {
    # One story an auditor copies as one file.
    "src/muniment/verify.py": 2182,
}


def strange_files(package: Path, rooms: Iterable[str]) -> list[str]:
    """Name what lies in a room and has no place in the plan."""
    found = []
    for room in sorted(rooms):
        for path in sorted((package / room).iterdir()):
            name = path.stem if path.is_file() else path.name
            if name == "__pycache__":
                continue
            allowed = name in PARTS or (path.is_dir() and name in PLUGIN_FOLDERS)
            if not allowed or (path.is_file() and path.suffix != ".py"):
                found.append(f"{room}/{path.name}")
    return found


def drawers(paths: Iterable[str]) -> list[str]:
    """Name the files and folders that are drawers for anything."""
    return [
        path
        for path in paths
        if any(
            DRAWERS & set(part.removesuffix(".py").lower().split("_")) for part in path.split("/")
        )
    ]


def too_long(sizes: Mapping[str, int], allowed: Mapping[str, int]) -> list[str]:
    """Tell which files outgrew the cap, and which exceptions are no longer true."""
    found = []
    for path, lines in sorted(sizes.items()):
        cap = allowed.get(path, FILE_CAP)
        if lines > cap:
            found.append(f"{path} has {lines} lines, {cap} are allowed; split it by noun")
        elif path in allowed and lines < cap:
            found.append(f"{path} shrank to {lines} lines; write that into LONG_FILES")
    long = {path for path, lines in sizes.items() if lines > FILE_CAP}
    return found + [
        f"{path} is within the cap or gone; take it out of LONG_FILES"
        for path in sorted(set(allowed) - long)
    ]


def function_sizes(sources: Iterable[Source]) -> dict[str, int]:
    """Measure every function, from its first line to its last."""
    return {
        f"{each.path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for each in sources
        for node in functions(each.tree)
    }


def _of_people(sources: Iterable[Source]) -> list[Source]:
    """Leave out revisions: a revision is data, told from top to bottom."""
    return [each for each in sources if "/migrations/versions/" not in each.path]


def _line_count(each: Source) -> int:
    return len(each.text.splitlines())


def test_every_room_has_only_the_plans_files() -> None:
    """Who knows one room finds the way in all of them."""
    assert strange_files(PACKAGE, rooms_in(PACKAGE)) == []


def test_a_strange_file_in_a_room_is_found(tmp_path: Path) -> None:
    """A file of another name, a page and an unknown folder are named."""
    for folder in ("cellar", "cellar/signers", "cellar/service", "cellar/attic"):
        (tmp_path / folder).mkdir()
    for file in ("__init__.py", "models.py", "queries.py", "page.html", "signers.py"):
        (tmp_path / "cellar" / file).touch()
    assert strange_files(tmp_path, ["cellar"]) == [
        *("cellar/attic", "cellar/page.html", "cellar/queries.py", "cellar/signers.py")
    ]


def test_nothing_is_a_drawer() -> None:
    """No file or folder has a name that would fit anything."""
    everything = [*SRC.rglob("*"), *TOOLS.rglob("*"), *(ROOT / "tests").rglob("*")]
    paths = [path.relative_to(ROOT).as_posix() for path in everything]
    assert drawers(path for path in paths if "__pycache__" not in path) == []


@pytest.mark.parametrize(
    "path", ["src/muniment/utils.py", "src/muniment/db/query_helpers.py", "tests/common/x.py"]
)
def test_a_drawer_is_found(path: str) -> None:
    """A drawer is found as a file, as a part of a name and as a folder."""
    assert drawers([path, "src/muniment/web/commons.py"]) == [path]


def test_files_stay_readable() -> None:
    """A file tells one story in at most four hundred lines, but for the named exceptions."""
    files = [*_of_people(product()), *sources_under(TOOLS)]
    assert too_long({each.path: _line_count(each) for each in files}, LONG_FILES) == []


def test_a_growing_file_is_found() -> None:
    """A file over the cap, a grown exception and an exception not needed any more are told."""
    allowed = {"long.py": 500, "shrunk.py": 500, "cured.py": 500, "gone.py": 500}
    sizes = {"new.py": 401, "fine.py": 400, "long.py": 501, "shrunk.py": 450, "cured.py": 400}
    told = "\n".join(too_long(sizes, allowed))
    assert "new.py has 401 lines, 400 are allowed" in told
    assert "long.py has 501 lines, 500 are allowed" in told
    assert "shrunk.py shrank to 450" in told
    assert "cured.py is within the cap or gone" in told
    assert "gone.py is within the cap or gone" in told
    assert "fine.py" not in told
    assert too_long({"long.py": 500}, {"long.py": 500}) == []


def test_functions_stay_readable() -> None:
    """No function is longer than sixty lines, and nine of ten have at most thirty."""
    sizes = function_sizes([*_of_people(product()), *sources_under(TOOLS)])
    assert {name: lines for name, lines in sizes.items() if lines > FUNCTION_CAP} == {}
    assert statistics.quantiles(sizes.values(), n=10)[-1] <= FUNCTION_P90


def test_a_long_function_is_measured() -> None:
    """The whole function counts, inner ones too, and async ones like others."""
    inner = "    def two():\n        pass\n    return two\n"
    text = f"@done\ndef one():\n{inner}\nasync def three(): ...\n"
    assert function_sizes([source("a.py", text)]) == {
        "a.py:2 one": 4,
        "a.py:3 two": 2,
        "a.py:7 three": 1,
    }
