"""The account page, without a script: everything is shown, changed by its own person, guarded."""

from __future__ import annotations

import pytest

from muniment.access import sessions, sign_in_by_password
from muniment.access.rules.totp import hotp, step_at
from muniment.server import House
from tests.access.reception import ELSEWHERE, PASSWORD, ROOT, admin_of, person_of
from tests.web.access.signin.browsing import Browsing
from tests.web.access.signin.test_setting_up import key_on

ACCOUNT = "/console/account"


@pytest.fixture
def inside(house: House, browsing: Browsing) -> Browsing:
    """Ines, signed in."""
    admin_of(house.reception)
    person_of(house.reception)
    browsing.post("/console/sign-in", {"email": "ines@example.org", "password": PASSWORD})
    return browsing


def do(inside: Browsing, act: str, **fields: str) -> int:
    """Do something to the account, as its form does."""
    given = {"csrf": inside.token(), "current_password": PASSWORD, **fields}
    return inside.post(f"{ACCOUNT}/{act}", given).status_code


def test_names_and_passwords(inside: Browsing) -> None:
    """A name is changed freely, a password only by who shows the present one."""
    assert do(inside, "name", name="Inès") == 303
    assert "Inès" in inside.get(ACCOUNT).text
    assert do(inside, "password", password="short") == 422
    assert do(inside, "password", password="another good phrase", current_password="no") == 422
    assert do(inside, "password", password="another good phrase") == 303
    assert do(inside, "no-password", current_password="another good phrase") == 422
    assert do(inside, "anything") == 303


def test_a_code_generator(house: House, inside: Browsing) -> None:
    """A code generator is shown, confirmed with recovery codes, and removed."""
    assert do(inside, "totp", current_password="no") == 422
    assert do(inside, "totp") == 303
    page = inside.get(ACCOUNT).text
    assert do(inside, "totp-confirm", code="000000") == 422
    code = hotp(key_on(page), step_at(house.clock.now()))
    assert do(inside, "totp-confirm", code=code) == 200
    assert "10 left" in inside.get(ACCOUNT).text
    assert do(inside, "codes") == 200
    assert do(inside, "no-totp") == 303


def test_other_sessions(house: House, inside: Browsing) -> None:
    """Sessions elsewhere are shown and ended; nobody else's can be."""
    person_of(house.reception, "Bob", "bob@example.org")
    other = sign_in_by_password(house.reception, "ines@example.org", PASSWORD, ELSEWHERE)
    assert other.session is not None
    page = inside.get(ACCOUNT).text
    assert "198.51.100.1" in page
    theirs = sign_in_by_password(house.reception, "bob@example.org", PASSWORD, ELSEWHERE)
    assert theirs.session is not None
    for unknown in ("x" * 64, theirs.session.id, ""):
        assert do(inside, "end", session=unknown) == 422
    with house.database.look(ROOT) as work:
        assert theirs.session.id in {each.id for each in sessions(work)}
    assert do(inside, "end", session=other.session.id) == 303
    assert "198.51.100.1" not in inside.get(ACCOUNT).text
    assert do(inside, "end-others") == 303
    assert inside.get(ACCOUNT).status_code == 200


def test_passkeys_are_asked_for_and_guarded(inside: Browsing) -> None:
    """Making a passkey needs the token of the session and the present password."""
    assert inside.post(f"{ACCOUNT}/passkeys/ask").status_code == 403
    asked = inside.post(f"{ACCOUNT}/passkeys/ask", None, **{"x-csrf-token": inside.token()})
    assert asked.json()["options"]["authenticatorSelection"]["residentKey"] == "required"
    step = asked.json()["step"]
    assert do(inside, "passkeys", step=step, answer="{}") == 422
    assert do(inside, "no-passkey", passkey="x") == 422


def test_without_the_token_nothing_is_done(inside: Browsing) -> None:
    """A form without this session's token changes nothing."""
    assert inside.post(f"{ACCOUNT}/name", {"name": "Mallory"}).status_code == 403
    assert "Mallory" not in inside.get(ACCOUNT).text
