"""Walls in the code: what only one place may do, and what no place may do quietly."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, String, Table

import muniment.worker  # noqa: F401 with it every table is declared
from muniment.db import exempt_table, metadata, recorded_table
from muniment.db.guards import Guard, declared_guards
from muniment.db.tables import exempt_reason
from muniment.ledger.kinds import Kind
from muniment.settings import knobs
from tests.house.source import Source, product, source
from tools.reference_kinds import product_kinds

CATCH_ALLS = {
    "server edge": "src/muniment/server/middleware.py",
    "job runner": "src/muniment/jobs/runner.py",
    "pipeline runner": "src/muniment/gateway/pipeline.py",
}
ENVIRONMENT_READER = "src/muniment/settings/load.py"

# Rows of these tables are what was recorded; the database itself refuses to change them.
APPEND_ONLY = frozenset({"ledger_head", "ledger_pending", "ledger_sequenced"})


def catch_alls(sources: Iterable[Source]) -> list[str]:
    """Name the handlers that catch everything outside the three marked places."""
    return [
        f"{each.path}:{handler.lineno}"
        for each in sources
        for handler in ast.walk(each.tree)
        if isinstance(handler, ast.ExceptHandler)
        and _catches_all(handler)
        and not _passes_on(handler)
        and not _is_marked(each, handler)
    ]


def _catches_all(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(each) in {"Exception", "BaseException"} for each in caught)


def _passes_on(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler only cleans up: it ends by raising what it caught."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _is_marked(each: Source, handler: ast.ExceptHandler) -> bool:
    line = each.text.splitlines()[handler.lineno - 1]
    return any(
        f"boundary: {name}" in line and each.path == path for name, path in CATCH_ALLS.items()
    )


def raw_sql(each: Source) -> list[str]:
    """Name the lines that speak to the database past `Work`."""
    if each.path.startswith("src/muniment/db/"):
        return []
    return [f"{each.path}:{line}: {what}" for line, what in _raw_parts(each.tree)]


def _raw_parts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"exec_driver_sql", "connection"}:
            yield node.lineno, f".{node.attr}"
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in {
            "sqlalchemy.text",
            "sa.text",
        }:
            yield node.lineno, "sqlalchemy.text"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            for alias in node.names:
                if alias.name in {"text", "literal_column", "DDL"}:
                    yield node.lineno, f"sqlalchemy.{alias.name}"


def undeclared_tables(each: Source) -> list[str]:
    """Name the places that make a table or a schema past `db/tables.py` and the file beside it."""
    if each.path in ("src/muniment/db/tables.py", "src/muniment/db/side.py"):
        return []
    return [
        f"{each.path}:{node.lineno}"
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"Table", "MetaData"}
        and not ast.unparse(node.func).startswith("rich")
        and "rich.table" not in each.text
    ]


def environment_readers(sources: Iterable[Source]) -> list[str]:
    """Name the places beside the settings that look at the environment."""
    return [
        f"{each.path}:{node.lineno}"
        for each in sources
        if each.path != ENVIRONMENT_READER
        for node in ast.walk(each.tree)
        if isinstance(node, ast.ImportFrom | ast.Attribute) and _reads_environment(node)
    ]


def _reads_environment(node: ast.ImportFrom | ast.Attribute) -> bool:
    names = {"environ", "environb", "getenv", "getenvb"}
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(alias.name in names for alias in node.names)
    return node.attr in names and ast.unparse(node.value) == "os"


def unwatched(tables: Iterable[Table], kinds: Iterable[Kind]) -> list[str]:
    """Name the tables nobody answers for, the idle reasons, and kinds that cover what is not."""
    tables, kinds = list(tables), list(kinds)
    covered = frozenset[str]().union(*(kind.covers for kind in kinds))
    found = []
    for table in tables:
        reason = exempt_reason(table)
        if reason is None and table.name not in covered:
            found.append(f"{table.name}: no record kind covers it")
        if reason is not None and len(reason.split()) < 4:
            found.append(f"{table.name}: {reason!r} is no reason")
    recorded = {table.name for table in tables if exempt_reason(table) is None}
    for kind in kinds:
        found.extend(f"{kind.name}: covers {name}" for name in sorted(kind.covers - recorded))
    return found


def cascades(tables: Iterable[Table]) -> list[str]:
    """Name the foreign keys by which the database itself would change rows."""
    return [
        f"{table.name}.{key.parent.name}"
        for table in tables
        for key in table.foreign_keys
        if key.ondelete or key.onupdate
    ]


def test_only_three_places_catch_everything() -> None:
    """An error we did not foresee is caught at a named boundary and nowhere else."""
    assert catch_alls(product()) == []


@pytest.mark.parametrize(
    ("path", "handler", "found"),
    [
        ("src/muniment/ledger/service.py", "except Exception: pass", True),
        ("src/muniment/ledger/service.py", "except: pass", True),
        ("src/muniment/ledger/service.py", "except (OSError, BaseException): pass", True),
        ("src/muniment/ledger/service.py", "except Exception: pass  # boundary: job runner", True),
        ("src/muniment/jobs/runner.py", "except Exception: pass  # boundary: job runner", False),
        ("src/muniment/jobs/runner.py", "except Exception: pass  # boundary: my own", True),
        ("src/muniment/db/engine.py", "except BaseException:\n    close()\n    raise", False),
        ("src/muniment/db/engine.py", "except BaseException as e:\n    raise X from e", True),
        ("src/muniment/db/engine.py", "except ValueError: pass", False),
    ],
)
def test_a_catch_all_is_found(path: str, handler: str, found: bool) -> None:  # noqa: FBT001
    """A marker counts only in its own place; cleaning up and passing on is no catch-all."""
    assert bool(catch_alls([source(path, f"try: work()\n{handler}\n")])) is found


def test_only_the_database_speaks_raw_sql() -> None:
    """What the wall cannot see is not said outside db/."""
    assert [told for each in product() for told in raw_sql(each)] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from sqlalchemy import select, text", True),
        ("from sqlalchemy.sql import text", True),
        ("import sqlalchemy; sqlalchemy.text('x')", True),
        ("work.connection.execute(1)", True),
        ("c.exec_driver_sql('x')", True),
        ("from sqlalchemy import Text, select", False),
        ("page.text", False),
    ],
)
def test_raw_sql_is_found(line: str, found: bool) -> None:  # noqa: FBT001
    """Text as SQL and the connection behind `Work` are found in rooms and allowed in db/."""
    assert bool(raw_sql(source("src/muniment/ledger/store.py", line))) is found
    assert raw_sql(source("src/muniment/db/engine.py", line)) == []


def test_tables_are_declared_in_one_way() -> None:
    """Every table passes the check that refuses cascades and asks for record or reason."""
    assert [told for each in product() for told in undeclared_tables(each)] == []
    line = "import sqlalchemy as sa\nt = sa.Table('t', sa.MetaData())\n"
    assert undeclared_tables(source("src/muniment/ledger/store.py", line)) != []


def test_only_the_settings_read_the_environment() -> None:
    """What a process does follows from its settings, which are recorded, and from nothing else."""
    assert environment_readers(product()) == []


@pytest.mark.parametrize(
    "line", ["import os; os.environ['X']", "import os; os.getenv('X')", "from os import environ"]
)
def test_a_reader_of_the_environment_is_found(line: str) -> None:
    """Each way to the environment is found outside the settings, and allowed inside."""
    assert environment_readers([source("src/muniment/ledger/service.py", line)]) != []
    assert environment_readers([source(ENVIRONMENT_READER, line)]) == []


def test_every_table_is_watched_or_excused() -> None:
    """Every change of a table is recorded, or a sentence says why it need not be."""
    assert unwatched(metadata.tables.values(), product_kinds().values()) == []


def test_an_unwatched_table_is_found() -> None:
    """A table no kind covers, a lame excuse, and a kind that covers nothing real are told."""
    own = MetaData()
    key = ("id", String(1))
    recorded_table("bare", Column(*key, primary_key=True), into=own)
    recorded_table("seen", Column(*key, primary_key=True), into=own)
    exempt_table("lame", Column(*key, primary_key=True), reason="no need", into=own)
    some = next(iter(product_kinds().values()))
    kind = replace(some, name="attic.swept", covers=frozenset({"seen", "lame", "ghost"}))
    assert unwatched(own.tables.values(), [kind]) == [
        "bare: no record kind covers it",
        "lame: 'no need' is no reason",
        "attic.swept: covers ghost",
        "attic.swept: covers lame",
    ]


def test_no_key_cascades() -> None:
    """A child row never vanishes by the database's own hand, without a record."""
    assert cascades(metadata.tables.values()) == []


def test_a_cascade_is_found() -> None:
    """A cascade is refused where it is declared, and found if it came in otherwise."""

    def parent_id() -> Column[str]:
        return Column("up", String(1), ForeignKey("parent.id", ondelete="CASCADE"))

    own = MetaData()
    Table("parent", own, Column("id", String(1), primary_key=True))
    child = Table("child", own, Column("id", String(1), primary_key=True), parent_id())
    assert cascades([child]) == ["child.up"]
    with pytest.raises(TypeError, match="cascade"):
        recorded_table("other", Column("id", String(1), primary_key=True), parent_id(), into=own)


def test_what_was_recorded_is_guarded() -> None:
    """The tables that promise to be append-only have guards, and every guard has its table."""
    guards = declared_guards()
    assert set(guards) >= APPEND_ONLY
    assert set(guards) <= set(metadata.tables)
    assert all(isinstance(guard, Guard) for guard in guards.values())


def test_every_setting_has_its_sentence_and_variable() -> None:
    """A setting is explained in one sentence and reached by a variable of its own."""
    known = list(knobs())
    assert [each.key for each in known if not each.says.endswith(".")] == []
    assert [each.key for each in known if len(each.says.split()) < 3] == []
    assert len({each.variable for each in known}) == len(known)
