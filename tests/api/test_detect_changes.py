"""Changes of the detector as JSON: asked for with figures, approved, applied, listed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.test_detect import post
from tests.detect.yes import say_yes
from tests.server.asking import Answer, ask
from tests.server.office import Office, office_in


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office, shared by the tests of this file."""
    with office_in(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def get(office: Office, path: str, role: str = "security") -> Answer:
    """Look as somebody of a role."""
    return ask(office.app, f"/api/v1/detect/{path}", headers=office.who(role).headers)


def test_a_change_is_asked_for_approved_and_applied(office: Office) -> None:
    """With figures before and after; before the yes it is refused, after it it holds."""
    given = {
        "configuration": "threshold = 0.4",
        "owner": "per_ines",
        "reason": "to find more than before",
    }
    told = post(office, "changes", given, role="builder")
    assert told.status == 200, told.body
    asked = told.json
    assert (asked["state"], asked["version"]) == ("waiting", 0)
    assert asked["differences"] == [{"what": "threshold", "before": "0.5", "after": "0.4"}]
    assert asked["after"]["names"]["found"] >= asked["before"]["names"]["found"] > 0
    assert [each["name"] for each in asked["judged"]] == ["cases", "values", "names", "signals"]
    assert post(office, f"changes/{asked['id']}/apply", {}).status == 409
    assert post(office, f"changes/{asked['id']}/apply", {}, role="builder").status == 403
    say_yes(office.house, office.who("compliance"), asked["id"])
    assert post(office, f"changes/{asked['id']}/apply", {}).json["version"] == 1
    assert get(office, "configuration").json["configuration"] == "threshold = 0.4\n"
    assert get(office, f"changes/{asked['id']}").json["state"] == "in_force"
    assert get(office, "changes").json["rows"][0]["id"] == asked["id"]
    assert get(office, "configuration/history").json[0]["owner"] == "per_ines"


@pytest.mark.parametrize(
    ("field", "value"),
    [("configuration", "threshold = 7"), ("configuration", "what = 1"), ("system", "a\u00e9")],
)
def test_a_change_that_cannot_be_is_refused(office: Office, field: str, value: str) -> None:
    """What is wrong is told with its field, and nothing is kept."""
    given = {
        "configuration": "threshold = 0.3",
        "owner": "per_ines",
        "reason": "to find more than before",
        field: value,
    }
    assert post(office, "changes", given).status == 422
    assert get(office, "changes/dch_nobody").status == 404
