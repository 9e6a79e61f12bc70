"""A call belongs to a system and an environment, and its data to somebody."""

from __future__ import annotations

from muniment.access import IssuerUse, Trust, add_issuer
from tests.access.issuing import issuer_running
from tests.gateway.asking import USUAL, Shared
from tests.gateway.calling import HERE


def test_a_key_reaches_its_own_system_only(shared: Shared) -> None:
    """A header that names another system or place opens nothing, and the refusal is recorded."""
    for name, value in (("x-muniment-system", "other"), ("x-muniment-environment", "test")):
        told = {"authorization": f"Bearer {shared.gate.key}", name: value}
        asked = shared.ask(
            "/chat/completions", {"model": "echo", "messages": [USUAL]}, headers=told
        )
        assert asked.status in (403, 404)
        assert asked.kinds == ["refused"]


def test_whose_data_it_is_stands_as_a_random_name(shared: Shared) -> None:
    """The end user is recorded as asserted, and never by what the caller wrote."""
    told = shared.chat("echo", user="anna@example.org").body("intended")
    assert told["subject_source"] == "asserted"
    assert told["subject"]
    assert "anna" not in str(told)


def test_a_subject_that_a_token_proves_is_recorded_as_signed(shared: Shared) -> None:
    """An issuer that is trusted says whose data it is; what it did not sign is refused."""
    clock = shared.means.database.clock
    body = {"model": "echo", "messages": [USUAL], "user": "someone"}
    with issuer_running(clock) as issuing:
        issuing.claims = {"aud": "muniment", "sub": "anna@example.org"}
        with shared.means.database.work(HERE) as work:
            trust = Trust(audience="muniment", max_age_seconds=600)
            add_issuer(
                shared.means.reception,
                work,
                name="Shop",
                url=issuing.url,
                use=IssuerUse.WORKLOADS,
                trust=trust,
            )
        told = {"authorization": f"Bearer {shared.gate.key}"}
        token = issuing.token(clock.now())
        good = shared.ask(
            "/chat/completions", body, headers={**told, "x-muniment-subject-token": token}
        )
        begun = good.body("intended")
        assert (good.status, begun["subject_source"]) == (200, "signed")
        asserted = shared.chat("echo", user="anna@example.org").body("intended")
        assert begun["subject"] == asserted["subject"], "it is one person, however it is known"
        bad = shared.ask(
            "/chat/completions", body, headers={**told, "x-muniment-subject-token": token + "x"}
        )
    assert (bad.status, bad.json["error"]["param"]) == (400, "x-muniment-subject-token")
    assert "anna" not in str(begun)
