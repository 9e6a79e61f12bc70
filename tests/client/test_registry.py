"""The Python client against the real application on a real port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.client import ApiError, Client, UnreachableError
from tests.server.people import key_of
from tests.server.registered import KEY, Registered, registered_in
from tests.web.browser.serving import serving


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Registered]:
    """An installation with its people."""
    with registered_in(tmp_path) as found:
        yield found


@pytest.mark.slow
def test_a_pipeline_registers_tests_and_asks(there: Registered) -> None:
    """Versions, runs, changes, as-of: typed answers, and the same again is no second version."""
    there.live()
    with serving(there.app) as url:
        client = Client(url, key_of(there.house, there.who("builder")).secret)
        made = client.write(KEY, "prompt/main", {"text": "Be kind."}, commit="0f3a")
        assert (made.label, made.number) == ("prompt/main", 1)
        assert client.write(KEY, "prompt/main", {"text": "Be kind."}).number == 1
        assert [each.digest for each in client.versions(KEY)] == [made.digest]
        change = client.draft(KEY, "First", {"prompt/main": 1}, reason="as asked", ticket="T-1")
        run = client.record_run(
            KEY,
            "evaluation",
            change.set_digest,
            {"metrics": {"auc": "0.95"}, "thresholds": {"auc": ">= 0.9"}},
        )
        assert (run.verdict, run.of) == ("met", change.set_digest)
        found = {each["name"]: each["verdict"] for each in client.check(change.id).findings}
        assert found["evaluation"] == "met"
        there.yes(client.ask(change.id).request_id)
        releaser = Client(url, key_of(there.house, there.who("releaser")).secret)
        releaser.promote(change.id, set_digest=change.set_digest)
        assert client.change(change.id).state == "done"
        moment = client.at(KEY)
        assert [each["label"] for each in moment.versions] == ["prompt/main"]
        assert client.system(KEY).state == "live"
        assert [each.key for each in client.systems("credit")] == [KEY]


def test_what_is_refused_is_an_exception_with_a_way_out(there: Registered) -> None:
    """Field, reason and remedy; a key that is none; a server that is not there."""
    there.live()
    with serving(there.app) as url:
        client = Client(url, key_of(there.house, there.who("owner")).secret)
        with pytest.raises(ApiError) as caught:
            client.write(KEY, "wish/main", {"text": "x"})
        error = caught.value
        assert (error.status, error.code, error.field) == (422, "invalid", "part")
        assert error.remedy
        with pytest.raises(ApiError) as caught:
            client.system("none/../x")
        assert caught.value.status == 404
        with pytest.raises(ApiError) as caught:
            Client(url, "mun_wrong").system(KEY)
        assert caught.value.status == 401
        assert "mun_wrong" not in repr(Client(url, "mun_wrong"))
    with pytest.raises(UnreachableError):
        Client(url, "mun_x", timeout=1, tries=2).system(KEY)
