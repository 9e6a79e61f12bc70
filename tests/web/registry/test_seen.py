"""What was seen in traffic on its pages: numbers, findings, and two ways to settle them."""

from __future__ import annotations

from dataclasses import dataclass

from muniment import registry
from muniment.core.digest import digest_bytes
from muniment.registry import SightingQuery
from tests.server.office import words
from tests.server.people import MACHINE
from tests.server.registered import Registered


@dataclass(frozen=True)
class Entry:
    """A record of traffic, as a follower reads it."""

    body: dict[str, str]
    index: int = 0
    kind: str = "exchanges.seen"


def see(there: Registered, system: str, sort: str, name: str, **more: str) -> str:
    """Let something be seen, and give its id."""
    body = {"system_id": system, "environment": "production", "sort": sort, "name": name, **more}
    with there.house.database.work(MACHINE) as work:
        at = work.now.isoformat()
        registry.follow_seen(work, Entry({**body, "seen_at": at}))
        return registry.find_sightings(work, SightingQuery()).rows[0].id


def test_what_was_seen_is_counted_and_settled(there: Registered) -> None:
    """The system's page counts it; a prompt is registered, a tool is not ours."""
    system = there.live()
    there.released("Be kind.")
    page = f"/systems/{system.id}"
    assert "no traffic was seen yet" in words(there.page("owner", page))
    tool = see(there, system.id, "tool", "wire")
    prompt = see(there, system.id, "prompt", "", digest=digest_bytes(b"Be brief."))
    told = words(there.page("owner", page))
    assert "Seen, not settled 2" in told
    assert "Registered and never seen" in told
    assert "it serves" in told
    listed = there.page("owner", f"/seen?system={system.id}&state=open")
    assert "unregistered" in words(listed)
    assert "wire" not in words(there.page("nobody", "/seen"))
    assert "nobody registered it" in words(there.page("operator", f"/seen/{tool}"))
    assert there.send("operator", f"/seen/{tool}/not-ours", reason="x").status == 403
    assert there.send("builder", f"/seen/{tool}/not-ours", reason="").status == 422
    assert there.send("builder", f"/seen/{tool}/not-ours", reason="a test").status == 303
    assert "a test" in words(there.page("builder", f"/seen/{tool}"))
    assert there.send("operator", f"/seen/{tool}/reopen", reason="x").status == 403
    assert there.send("builder", f"/seen/{tool}/reopen", reason="It is ours.").status == 303
    assert "a test" not in words(there.page("builder", f"/seen/{tool}"))
    assert there.send("builder", f"/seen/{tool}/reopen", reason="Twice.").status == 409
    assert "Seen, not settled 2" in words(there.page("owner", page))
    assert there.send("builder", f"/seen/{tool}/not-ours", reason="a test").status == 303
    wrong = there.send("builder", f"/seen/{prompt}/register", part="main", text="Be long.")
    assert "This is not what was seen" in words(wrong)
    done = there.send("builder", f"/seen/{prompt}/register", part="main", text="Be brief.")
    assert done.headers["location"].endswith("/parts/prompt/main")
    assert "Seen, not settled 0" in words(there.page("owner", page))

    see(there, system.id, "prompt", "main", digest=digest_bytes(b"Be kind."))
    with there.house.database.look(MACHINE) as work:
        seen = registry.find_sightings(work, SightingQuery()).rows[0].first_seen_at
    at = f"/systems/{system.id}/at?at={seen:%Y-%m-%dT%H:%M:%S.%f}Z"
    told = words(there.page("owner", at))
    assert "Observed then" in told
    assert "prompt/main 1" in told
    assert "observed traffic" in told
