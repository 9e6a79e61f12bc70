"""A list as a file."""

from __future__ import annotations

import csv
import io
import json

from muniment.web.access.grants import LIST
from muniment.web.list_files import as_csv, as_json
from muniment.web.saving import Foot

FOOT = Foot({"role": "auditor"}, "2026-11-20T10:00:00.000000Z", "Ada (per_1)", None)
ROWS = [[f"cell {row}.{column}" for column in range(len(LIST.columns))] for row in range(3)]


def test_both_forms_hold_the_same_rows_under_the_same_names() -> None:
    """A table and an object agree cell by cell, in number, and in what they are of."""
    head, *table = csv.reader(io.StringIO("".join(as_csv(LIST, ROWS, FOOT))))
    told = json.loads("".join(as_json(LIST, ROWS, FOOT)))
    assert head == [each.label for each in LIST.columns]
    assert table[:3] == ROWS == [list(row.values()) for row in told["rows"]]
    assert [*told["rows"][0]] == head
    assert told["count"] == 3
    assert ["# rows", "3"] in table
    assert ["# query", "role: auditor"] in table
