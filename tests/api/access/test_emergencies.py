"""Break-glass, a day in the past, and sessions, as JSON."""

from __future__ import annotations

from datetime import timedelta

from tests.server.office import Office
from tests.server.people import person_with, signed_in


def test_an_emergency_is_short_recorded_and_looked_over(office: Office) -> None:
    """Who takes a role says why; it is listed until somebody else has looked it over."""
    pat = person_with(office.house, "builder", name="Pat Builder")
    body = {"role": "security", "reason": "The model leaks.", "minutes": 30}
    broken = office.api("POST", "/emergencies", body, by=pat)
    assert broken.status == 201
    assert broken.json["grant"]["source"] == "break_glass"
    assert office.api("GET", "/may?permission=vault.rotate", by=pat).json["ok"]
    emergency = broken.json["emergency"]
    waiting = office.api("GET", "/emergencies?unreviewed=true").json["rows"]
    assert emergency["id"] in [each["id"] for each in waiting]
    found, tag = {"finding": "justified", "words": "It did leak."}, {"if-match": '"1"'}
    address = f"/emergencies/{emergency['id']}/review"
    assert office.api("POST", address, found, by=pat, headers=tag).status == 403
    done = office.api("POST", address, found, by=office.who("security"), headers=tag)
    assert done.json["finding"] == "justified"
    assert not office.api("GET", "/may?permission=vault.rotate", by=pat).json["ok"]
    assert len(office.entries("access.glass_broken")) == 1


def test_a_program_breaks_no_glass(office: Office) -> None:
    """An emergency is for a person who is signed in."""
    made = office.api(
        "POST", "/keys", {"holder": {"kind": "person", "id": office.ada.id}, "label": "k"}
    )
    key = type(office.ada)(office.ada.id, made.json["secret"])
    body = {"role": "security", "reason": "A fire."}
    assert office.api("POST", "/emergencies", body, by=key).status == 403


def test_who_could_reach_what_is_answered_with_proofs(office: Office) -> None:
    """Each line names its grant and the entries of the ledger that made it."""
    pat = person_with(office.house, "operator", name="Pat Day")
    office.house.log.seal()
    now = office.house.clock.now().isoformat().replace("+00:00", "Z")
    told = office.api("GET", f"/at?when={now}&proofs=true").json
    (line,) = [each for each in told["rows"] if each["person_id"] == pat.id]
    assert (line["role"], line["state"]) == ("operator", "active")
    assert [each["kind"] for each in line["entries"]] == ["access.granted"]
    before = office.api("GET", "/at?when=2020-01-01T00:00:00Z").json
    assert (before["total"], before["rows"]) == (0, [])
    later = (office.house.clock.now() + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert office.api("GET", f"/at?when={later}").status == 422
    cut = office.api("GET", f"/at?when={now}&limit=1&offset=1").json
    assert (len(cut["rows"]), cut["total"]) == (1, told["total"])


def test_sessions_are_seen_and_ended(office: Office) -> None:
    """Everybody sees their own; who guards sees all, and ends those of others at once."""
    pat = person_with(office.house, name="Pat Session")
    second = signed_in(office.house, pat.id)
    own = office.api("GET", f"/sessions?person_id={pat.id}", by=pat).json["rows"]
    assert len(own) == 2
    assert pat.secret not in str(own)
    assert office.api("GET", "/sessions", by=pat).status == 403
    page = office.api("GET", f"/sessions?person_id={pat.id}&limit=1").json
    rest = office.api("GET", f"/sessions?person_id={pat.id}&cursor={page['next_cursor']}").json
    assert {page["rows"][0]["id"], rest["rows"][0]["id"]} == {each["id"] for each in own}
    ended = office.api("POST", f"/people/{pat.id}/end-sessions", {"why": "a lost laptop"})
    assert ended.json == {"ended": 2}
    assert [office.api("GET", "/me", by=each).status for each in (pat, second)] == [401, 401]


def test_the_id_of_a_session_is_no_session(office: Office) -> None:
    """What lists show of a session lets nobody in; only its secret, which is kept nowhere, does."""
    pat = person_with(office.house, name="Pat Id")
    (shown,) = office.api("GET", f"/sessions?person_id={pat.id}", by=pat).json["rows"]
    thief = type(pat)(pat.id, shown["id"])
    assert office.api("GET", "/me", by=thief).status == 401
