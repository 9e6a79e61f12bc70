"""Lines of code, and lines of prose."""

from __future__ import annotations

import pytest

from muniment.detect.detectors.names.code_statements import (
    in_quotes,
    in_remark,
    in_statement,
    in_trailing_remark,
    is_prose,
    line_of,
)


@pytest.mark.parametrize(
    ("line", "is_code"),
    [
        ("typedef void (*F)", True),
        ("for cls in (A, B", True),
        ("func (c *Conn", True),
        ("\tcase *Chan", True),
        ("#define SIZE", True),
        ("-----BEGIN RSA KEY", True),
        ("    x = get_name(A", True),
        ("operator=(const A", True),
        ("Generic[Unpack[T", True),
        ("{{.Name", True),
        ("yield from A", True),
        ("for Anna and Berlin", False),
        ("We met Anna (from Oslo)", False),
        ("type your name, Anna", False),
        ("let Anna know", False),
        ("| Anna | Berlin |", False),
        ("Name: Anna, city: Oslo", False),
        ("Berlin -> Hamburg", False),
        ("as in [1], said Anna", False),
    ],
)
def test_a_statement_is_told_by_how_it_begins_or_what_it_has(line: str, *, is_code: bool) -> None:
    """Prose, tables and forms have none of it."""
    assert in_statement(line) is is_code


def test_quotations_and_remarks_begin_and_end() -> None:
    """A quotation ends with its own mark, an apostrophe begins none, a URL is no remark's blank."""
    assert in_quotes('x = "it is ')
    assert in_quotes('f(\'a "b" ')
    assert not in_quotes('x = "a" + ')
    assert not in_quotes("it's O'Brien and ")
    assert in_remark("x(); // ")
    assert in_remark("# ")
    assert not in_remark("x = y ")
    assert in_trailing_remark("GC /* ")
    assert in_trailing_remark("count += 1  # ")
    assert not in_trailing_remark("# ")
    assert is_prose("thanks to all of them (")
    assert not is_prose("for cls in (")


def test_a_line_is_read_from_its_beginning_but_not_too_far() -> None:
    """What is further back than a stream remembers is not looked at."""
    assert line_of("a\nbc", 4) == 2
    assert line_of("abc", 3) == 0
    assert line_of("x" * 500, 500) > 400
