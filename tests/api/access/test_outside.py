"""Rights in other systems as JSON."""

from __future__ import annotations

from tests.server.office import Office
from tests.server.people import person_with


def test_a_feed_tells_all_rights_of_a_place(office: Office) -> None:
    """New rights come, missing ones are gone, and accounts of nobody are listed until resolved."""
    made = office.api("POST", "/people", {"name": "Ines", "email": "ines@example.org"}).json
    rights = [
        {"account": "ines@example.org", "what": "Editor of all dashboards"},
        {"account": "root", "what": "Admin"},
    ]
    feed = {"place": "grafana", "source": "exporter", "rights": rights}
    told = office.api("POST", "/outside", feed).json
    assert (told["added"], told["orphans"]) == (2, ["root"])
    (orphan,) = office.api("GET", "/outside?orphans=true").json["rows"]
    assert orphan["account"] == "root"
    resolved = office.api("POST", f"/outside/{orphan['id']}/resolve", {"person_id": made["id"]})
    assert resolved.json["person_id"] == made["id"]
    again = office.api("POST", "/outside", {**feed, "rights": rights[:1]}).json
    assert (again["kept"], again["gone"]) == (1, 1)
    rows = office.api("GET", "/outside?place=grafana").json["rows"]
    assert [each["account"] for each in rows] == ["ines@example.org"]


def test_one_bad_right_and_nothing_is_taken(office: Office) -> None:
    """A feed is taken whole or not at all."""
    rights = [{"account": "a@example.org", "what": "Viewer"}, {"account": "", "what": "Admin"}]
    feed = {"place": "cloud", "source": "exporter", "rights": rights}
    assert office.api("POST", "/outside", feed).status == 422
    assert office.api("GET", "/outside?place=cloud").json["rows"] == []
    pat = person_with(office.house, "builder")
    assert office.api("POST", "/outside", feed, by=pat).status == 403
