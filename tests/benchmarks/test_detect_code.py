"""Names in source code are told apart by what their own line says of them, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.detect_code import Sources, count, files_of, names_an_author
from muniment.detect import Family, Finding, Why


def _names_an_author(marked: str) -> bool:
    start, end = marked.index("\u27e6"), marked.index("\u27e7") - 1
    return names_an_author(marked.replace("\u27e6", "").replace("\u27e7", ""), start, end)


@pytest.mark.parametrize(
    "line",
    [
        "# Author: ⟦Ana Berg⟧",
        "# Authors: Jo Roe, ⟦Ana Berg⟧",
        " * @author ⟦Ana Berg⟧",
        " *  Author:\t⟦Ana Berg⟧, DEC",
        '__author__ = "⟦Ana Berg⟧"',
        "# Maintainer: ⟦Ana Berg⟧",
        "Written by ⟦Ana Berg⟧.",
        "/* Written 1995-1999 by ⟦Ana Berg⟧ */",
        "-- contributed by Jo Roe and ⟦Ana Berg⟧",
        "// Copyright (C) 1991-2022 ⟦Berg Ltd⟧",
        "// Copyright(c) 2015 ⟦Berg Ltd⟧",
        "# (c) 2001 by ⟦Berg Ltd⟧",
        "// \N{COPYRIGHT SIGN} 2016 and later: ⟦Berg Ltd⟧",
        "# SPDX-FileCopyrightText: 2021 ⟦Ana Berg⟧",
        "Signed-off-by: ⟦Ana Berg⟧",
        "# Thanks to ⟦Ana Berg⟧",
        "# patch by ⟦Ana Berg⟧",
        "⟦Ana Berg⟧ <ana@berg.example>",
        " *    ⟦Ana Berg⟧      <ana@berg.example>",
        "⟦Ana Berg⟧ (ana at berg.example)",
    ],
)
def test_a_line_that_names_an_author_is_known(line: str) -> None:
    """Authors, holders of rights, those who are thanked, and names beside their mail address."""
    assert _names_an_author(line)


@pytest.mark.parametrize(
    "line",
    [
        "from ⟦Berg⟧ import x",
        "# The author says that ⟦Berg⟧ is a class",
        "# written by hand in ⟦Berg⟧ style",
        "# thanks to the cache, ⟦Berg⟧ is fast",
        "# Copyright holders may use ⟦Berg⟧",
        "(c) ⟦Berg⟧ is the third case",
        "# ⟦Berg⟧ was written by Ana",
        "sent by the client to ⟦Berg⟧",
        "License as published by the ⟦Berg Foundation⟧",
        "⟦Berg⟧: ana@berg.example is an address",
        "# Author: Ana; see class ⟦Berg⟧",
    ],
)
def test_other_lines_are_counted_against_the_goal(line: str) -> None:
    """A word for authors elsewhere in the line, or with other words between, is not enough."""
    assert not _names_an_author(line)


def test_names_are_counted_apart(tmp_path: Path) -> None:
    """A name of an author, another one, and the size of both files; links and copies count once."""
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("# Author: Berg\nBerg = 1\n", encoding="utf-8")
    other.write_text("x\n", encoding="utf-8")
    (tmp_path / "link.py").symlink_to(one)
    (tmp_path / "same.py").write_bytes(one.read_bytes())
    (tmp_path / "text.txt").write_text("Berg", encoding="utf-8")

    def scan(text: str) -> list[Finding]:
        starts = [at for at in range(len(text)) if text.startswith("Berg", at)]
        return [Finding("PERSON", Family.NAMES, at, at + 4, 1, Why("names")) for at in starts]

    files = files_of(Sources("x", (str(tmp_path),), ".py"), 10)
    assert files == [one, other, tmp_path / "same.py"]
    assert count(files, scan) == (1, 1, 26)
    assert files_of(Sources("x", (str(tmp_path),), ".py"), 1) == [one]
