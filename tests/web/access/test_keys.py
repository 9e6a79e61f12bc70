"""The pages of keys."""

from __future__ import annotations

import re

from tests.server.office import Office, words


def test_a_key_is_shown_once_replaced_and_ended(office: Office) -> None:
    """The secret stands on the page after it was made, with a way to copy it, and nowhere later."""
    made = office.send("/keys/issue", holder=f"person:{office.ada.id}", label="export")
    assert made.status == 200
    page = made.body.decode()
    (secret,) = set(re.findall(r"mun_per_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}", page))
    assert f'data-copy="{secret}"' in page
    here = re.search(r'href="/console/access(/keys/key_[a-z0-9]+)"', page)
    assert here is not None
    assert secret not in office.page(here[1]).body.decode()
    assert secret not in office.page("/keys").body.decode()
    fresh = office.send(f"{here[1]}/rotate", overlap="1")
    assert "has a successor" in words(fresh)
    assert "works on for a while" in words(office.page(here[1]))
    assert office.send(f"{here[1]}/rotate", overlap="9").status == 422
    asked = words(office.page(f"{here[1]}/revoke"))
    assert "It was never used." in asked
    assert office.send(f"{here[1]}/revoke", version="2").status in {303, 409}


def test_keys_are_offered_for_oneself_and_ones_services_only(office: Office) -> None:
    """The form lists whom one may make keys for, and the verb refuses all others."""
    other = office.who("builder")
    assert other.id not in office.page("/keys/issue").body.decode()
    answer = office.send("/keys/issue", holder=f"person:{other.id}", label="x")
    assert answer.status == 403


def test_limits_are_kept_with_the_key(office: Office) -> None:
    """Permissions, a place, a budget and a day limit the key, and its page says so."""
    made = office.send(
        "/keys/issue",
        holder=f"person:{office.ada.id}",
        label="small",
        permissions=["ledger.read", "ledger.prove"],
        scope__console="ledger",
        budget="tests",
        expires_at="2027-01-31",
    )
    assert "ledger.prove, ledger.read, over console ledger" in words(made)


def test_keys_that_were_picked_end_together_or_not_at_all(office: Office) -> None:
    """The page names them, all end at once; one that changed since stops the rest from ending."""
    issued = [
        office.send("/keys/issue", holder=f"person:{office.ada.id}", label=label).body.decode()
        for label in ("leaked one", "leaked two")
    ]
    keys = [re.findall(r"keys/(key_[a-z0-9]+)", page)[0] for page in issued]
    asked = office.page(f"/keys/end?pick={keys[0]}&pick={keys[1]}")
    assert "End 2 keys now?" in words(asked)
    assert "leaked one" in words(asked)
    pick = "\n".join(keys)
    stale = office.send("/keys/end", pick=pick, versions="1\n9")
    assert stale.status == 409
    assert "It works now" in words(office.page(f"/keys/{keys[0]}"))
    assert office.send("/keys/end", pick=pick, versions="1").status == 422
    assert office.send("/keys/end", pick=pick, versions="1\n1").status == 303
    for key in keys:
        assert "It was revoked" in words(office.page(f"/keys/{key}"))
    assert office.page("/keys/end").status == 422
