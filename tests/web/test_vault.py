"""The vault's page: a sentence first, keys, the keyring's age, erasures with their certificates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from muniment import vault
from muniment.testing.vault import SUBJECT
from muniment.vault import KeyGroup, VaultStatus, certificate_problems
from muniment.web.vault import rotation_words, safe_of
from tests.server.asking import Known, ask, house_in
from tests.vault.kept import SYSTEM, Kept, filled

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """An installation with content and erasures."""
    folder: Path = tmp_path_factory.mktemp("web-vault")
    with filled(folder) as made:
        yield made


def page(kept: Kept) -> str:
    """Ask for the page."""
    answer = ask(Known(kept.house), "/console/vault", headers=HTML)
    assert answer.status == 200
    return answer.body.decode()


def test_the_page_says_how_it_stands(kept: Kept) -> None:
    """Keys, contents and erasures are counted in the first sentence, each a door."""
    text = page(kept)
    assert "2 keys open" in text
    assert "2 contents" in text
    assert "1 erasure waits" in text
    assert "1 is done" in text
    assert "not due" in text
    assert "CANARY" not in text


def test_each_erasure_shows_its_state_and_certificate(kept: Kept) -> None:
    """What is done can be saved; what waits says so."""
    text = page(kept)
    assert SUBJECT in text
    assert "asked for" in text
    assert "destroyed" in text
    href = f"/console/vault/erasures/{kept.done.id}.certificate.json"
    assert href in text
    assert f"/console/vault/erasures/{kept.waiting.id}.certificate.json" not in text
    answer = ask(Known(kept.house), href)
    assert certificate_problems(answer.body) == ()
    assert answer.headers["content-disposition"].startswith("attachment")


def test_an_unknown_certificate_is_a_page_of_its_own(kept: Kept) -> None:
    """The error page says what there is not."""
    address = "/console/vault/erasures/shr_none.certificate.json"
    answer = ask(Known(kept.house), address, headers=HTML)
    assert answer.status == 404
    assert "no such finished erasure" in answer.body.decode()


def test_an_empty_vault_teaches_the_next_step(tmp_path: Path) -> None:
    """Nothing is kept: the page says what will be, and how to erase later on."""
    with house_in(tmp_path / "data") as house:
        house.safe.begin()
        text = ask(Known(house), "/console/vault", headers=HTML).body.decode()
    for words in ("Nothing is kept yet", "No keys yet", "No erasure was asked for"):
        assert words in text
    assert "muniment vault shred" in text


@pytest.mark.parametrize(
    ("keys", "due", "said"),
    [
        (0, None, "nothing to turn"),
        (1, None, "could not tell"),
        (1, True, "rotation due"),
        (1, False, "not due"),
    ],
)
def test_the_age_of_the_key_has_three_answers(
    kept: Kept,
    keys: int,
    due: bool | None,  # noqa: FBT001 one of three answers
    said: str,
) -> None:
    """Due, not due, and could not tell; with no keys there is nothing to turn."""
    group = KeyGroup("internal", "2026-11", keys, 0, 0, datetime(2026, 11, 1, tzinfo=UTC))
    found: VaultStatus = vault.status(kept.house.safe, SYSTEM)
    changed = replace(found, groups=(group,), rotation_is_due=due)
    assert rotation_words(changed).state == said


def test_an_application_without_a_vault_is_a_mistake() -> None:
    """It is told to the developer, not shown as an empty vault."""
    request = Request({"type": "http", "app": Starlette(), "headers": []})
    with pytest.raises(TypeError, match="no vault"):
        safe_of(request)
