"""Sessions as they are kept: found, listed while they live, ended once, on both databases."""

from __future__ import annotations

from datetime import timedelta

from muniment.access import Method, Person, Session, SignIn, store
from muniment.db import Database
from muniment.ledger import record
from muniment.ledger.kinds.signin import SessionsEnded
from tests.access.reception import ROOT


def test_kept_listed_and_ended(database: Database, ines: Person) -> None:
    """A session comes back as it was, with its hint, and ends once."""
    with database.work(ROOT) as work:
        later = work.now + timedelta(hours=1)
        shown = SignIn(ines.id, (Method.SSO,), strong=False, issuer="iss_1")
        session = Session("d", shown, work.now, work.now, later, later, "address", "agent")
        store.add_session(work, session, idle_seconds=3_600, hint="hint")
        assert store.session(work, "d") == session
        assert store.hint_of(work, "d") == "hint"
        assert store.living_sessions(work, limit=5) == store.sessions_of(work, ines.id)
        assert store.unended(work, ines.id) == ("d",)
        assert store.end_sessions(work, ["d", "e"]) == ("d",)
        assert store.end_sessions(work, ["d"]) == ()
        assert store.living_sessions(work, limit=5) == ()
        record(work, SessionsEnded(ines.id, ("d",), "test"))
