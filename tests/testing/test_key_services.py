"""The faked key services say what real ones say, also when they are asked for nonsense."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from muniment.testing.key_services import FakeKms, FakeTransit, Replay, serving


def ask(url: str, body: object = None, **headers: str) -> tuple[int, Any]:
    """Send one request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"null")


def test_a_transit_engine_refuses_strangers_and_unknown_keys() -> None:
    """Another token gets 403, a key that was never made 404 or 400."""
    token = {"X-Vault-Token": "t"}
    with serving(FakeTransit("t")) as url:
        assert ask(f"{url}/v1/transit/keys/a")[0] == 403
        assert ask(f"{url}/v1/transit/keys/a", **token)[0] == 404
        assert ask(f"{url}/v1/transit/encrypt/a", {}, **token)[0] == 400
        assert ask(f"{url}/v1/transit/keys/a", {"type": "ed25519"}, **token)[0] == 200
        _, shown = ask(f"{url}/v1/transit/keys/a", **token)
    assert shown["data"]["type"] == "ed25519"
    assert shown["data"]["keys"]["1"]["public_key"]


def test_a_kms_says_what_it_does_not_know() -> None:
    """An unknown verb and an unknown key have their own words."""
    fake = FakeKms()
    with serving(fake) as url:
        assert ask(url, {}, **{"X-Amz-Target": "TrentService.Fly"})[1] == {
            "__type": "UnknownOperationException"
        }
        status, said = ask(url, {"KeyId": "x"}, **{"X-Amz-Target": "TrentService.DescribeKey"})
    assert (status, said["__type"]) == (400, "NotFoundException")


def test_a_replay_minds_what_it_is_asked() -> None:
    """What was not written, and whatever comes after the end, is noted."""
    replay = Replay([{"request": {"method": "GET", "path": "/a"}, "status": 200, "answer": 1}])
    with serving(replay) as url:
        assert ask(f"{url}/b") == (200, 1)
        assert ask(f"{url}/a")[0] == 500
    assert len(replay.wrong) == 2
    assert replay.done == 1
