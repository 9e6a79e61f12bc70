"""The vault as JSON: how it stands, and certificates; never what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.vault import certificate_problems
from tests.server.asking import Known, ask, house_in
from tests.vault.kept import Kept, filled


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """An installation with content and erasures."""
    folder: Path = tmp_path_factory.mktemp("api-vault")
    with filled(folder) as made:
        yield made


def test_tells_how_the_vault_stands(kept: Kept) -> None:
    """Keys by classification and period, the keyring's key, erasures with their records."""
    answer = ask(Known(kept.house), "/api/v1/vault/status")
    assert answer.status == 200
    found = answer.json
    counted = [(one["classification"], one["current"], one["destroyed"]) for one in found["groups"]]
    assert counted == [("internal", 1, 1), ("restricted", 1, 1)]
    assert found["keyring_key"].startswith("vault-")
    assert found["rotation_is_due"] is False
    by_id = {one["id"]: one for one in found["erasures"]}
    assert by_id[kept.done.id]["keys"] == 2
    assert by_id[kept.done.id]["state"] == "done"
    assert by_id[kept.waiting.id]["destroyed_at"] is None
    assert b"CANARY" not in answer.body


def test_gives_a_certificate_to_keep(kept: Kept) -> None:
    """It is saved as a file and contradicts itself nowhere."""
    answer = ask(Known(kept.house), f"/api/v1/vault/erasures/{kept.done.id}/certificate")
    assert answer.status == 200
    assert f"{kept.done.id}.certificate.json" in answer.headers["content-disposition"]
    assert certificate_problems(answer.body) == ()


@pytest.mark.parametrize("which", ["shr_none", "..%2f..", "%00"])
def test_no_certificate_is_told_as_such(kept: Kept, which: str) -> None:
    """What is not done, or never was, is not found."""
    app = Known(kept.house)
    assert ask(app, f"/api/v1/vault/erasures/{kept.waiting.id}/certificate").status == 404
    assert ask(app, f"/api/v1/vault/erasures/{which}/certificate").status == 404


def test_an_empty_vault(tmp_path: Path) -> None:
    """Nothing kept is told as nothing, and what is not known as null."""
    with house_in(tmp_path / "data") as house:
        house.safe.begin()
        found = ask(Known(house), "/api/v1/vault/status").json
    assert (found["groups"], found["erasures"], found["objects"]) == ([], [], 0)
    assert found["rotation_is_due"] is None
