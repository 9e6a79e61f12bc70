"""Texts of cases are opened on record, by a person with a reason, or to measure a change."""

from __future__ import annotations

from typing import Any

import pytest

from muniment import detect
from muniment.core.errors import ConflictError
from muniment.testing.ledger import sealed_entries
from muniment.testing.vault import INES, Vaulted
from tests.detect.company import STRICT, WHY, Company
from tests.detect.service.test_feedback import DESK, report


def opened(house: Vaulted) -> list[tuple[str, str]]:
    """Give who opened what for which reason, as the log says it."""
    house.log.seal()
    entries: Any = sealed_entries(house.log.tiles.root, house.log.size())
    return [
        (str(each["actor"]["id"]), str(each["body"]["reason"]))
        for each in entries
        if each["kind"] == "vault.opened"
    ]


def test_a_person_reads_a_text_on_record_only(vaulted: Vaulted) -> None:
    """Nothing comes out before the record is durable, and the record names person and reason."""
    case = report(vaulted)
    with vaulted.database.work(INES) as work:
        found, opening = detect.open_case(work, vaulted.safe, case.id, reason="looking into it")
        with pytest.raises(ConflictError, match="not durable"):
            detect.text_of(opening)
    assert found == case
    assert "maria@example.com" in detect.text_of(opening)
    assert opened(vaulted) == [("per_ines", "looking into it")]


def test_measuring_opens_every_text_once_on_record(vaulted: Vaulted) -> None:
    """The record says for whom, and what is held shows nothing of the texts."""
    for _ in range(2):
        report(vaulted)
    texts = detect.open_texts(vaulted.safe, DESK)
    assert len(texts.texts) == 2
    assert "maria" not in repr(texts)
    assert opened(vaulted) == [("detect", "a change is measured for system desk")] * 2


def test_a_text_whose_bytes_are_lost_could_not_be_told(vaulted: Vaulted) -> None:
    """A storage that lost a text makes its case unknown; the others are measured."""
    lost, there = report(vaulted), report(vaulted)
    assert lost.kept is not None
    folder = vaulted.log.settings.data.dir / "blobs"
    (path,) = [each for each in folder.rglob(lost.kept.ct_sha256) if each.is_file()]
    path.unlink()
    assert set(detect.open_texts(vaulted.safe, DESK).texts) == {there.id}


def test_who_puts_a_change_in_force_has_its_cases_opened(company: Company) -> None:
    """The texts of an approved change are opened once more, for its id."""
    case = company.missed()
    asked = company.propose(STRICT)
    texts = detect.open_texts_of(company.safe, company.people["ada"], asked.id)
    assert set(texts.texts) == {case.id}
    assert asked.reason == WHY
