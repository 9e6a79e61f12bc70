"""Tests of what is kept of files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from muniment.ledger import record
from muniment.ledger.kinds.registry_files import ArtefactKept, ArtefactScanned
from muniment.registry import Artefact, Danger, Scan, Scanned, Severity, Unread
from muniment.registry.store import artefacts
from muniment.registry.store.tables import scans_table
from tests.registry.making import AT
from tests.registry.yard import Yard

DIGEST = "sha256:" + "a" * 64


def test_files_and_scans_come_back_as_they_were_and_stay(yard: Yard) -> None:
    """Six hundred at once, the newest of each; nothing of them can be removed."""
    system = yard.raise_up()
    one = Artefact("art_1", system.id, DIGEST, "m", 7, "key_1", "c", "d", 9, "per_1", AT)
    found = Scanned(
        "zip", (Danger("a.b", Severity.LOW, "f", "p", "w"),), (Unread("f", "w"),), {"a": [1]}
    )
    scan = Scan("scn_1", system.id, DIGEST, "s", found, "per_1", AT)
    with yard.by("ben") as work:
        artefacts.add(work, one)
        artefacts.add(work, replace(one, id="art_2", size=8))
        artefacts.add_scan(work, scan)
        record(work, ArtefactKept(system.id, one.id, DIGEST, 7))
        record(work, ArtefactScanned(system.id, "scn_1", DIGEST, "s", "zip", "met", 1, 1, DIGEST))
    wanted = [DIGEST, *(f"sha256:{number:064}" for number in range(600))]
    with yard.looking() as work:
        assert artefacts.artefacts_with(work, system.id, wanted)[DIGEST].size == 8
        assert artefacts.scans_with(work, system.id, wanted) == {DIGEST: scan}
        assert artefacts.signatures_over(work, system.id, wanted) == {}
        assert [each.id for each in artefacts.artefacts_of(work, system.id, 1)] == ["art_2"]
    with pytest.raises(DBAPIError, match="append-only"), yard.by("ben") as work:
        work.write(delete(scans_table))
