"""Files of models as JSON and as bytes."""

from __future__ import annotations

import pickle

from starlette.testclient import TestClient

from muniment.core.digest import digest_bytes
from tests.registry.rules.scanning.files import Evil, safetensors_file
from tests.registry.signed import a_key, a_signature, public_of
from tests.server.asking import Answer, ask
from tests.server.registered import Registered

SAFE = safetensors_file({"a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}}, b"ab")


def put(
    there: Registered, here: str, data: bytes, *, digest: str = "", role: str = "builder"
) -> Answer:
    """Send a file in pieces."""
    headers = {**there.who(role).headers, "sec-fetch-site": "same-origin"}
    headers["content-type"] = "application/octet-stream"
    where = f"/api/v1/registry{here}/artefacts/{digest or digest_bytes(data)}?name=m.bin"
    pieces = tuple(data[place : place + 9] for place in range(0, len(data), 9))
    return ask(there.app, where, method="PUT", headers=headers, chunks=pieces)


def test_a_file_is_kept_scanned_and_given_out(there: Registered) -> None:
    """As a stream into the vault and back, with what is known of it beside."""
    here = f"/systems/{there.live().id}"
    made = put(there, here, SAFE)
    assert (made.status, made.json["scan"], made.json["is_kept"]) == (200, "could_not_tell", True)
    place = f"{here}/artefacts/{digest_bytes(SAFE)}"
    scanned = there.api("builder", f"{place}/scan", {})
    assert (scanned.json["scan"], scanned.json["format"]) == ("met", "safetensors")
    assert scanned.json["metadata"]["tensors"] == 1
    client = TestClient(there.app, base_url="http://localhost")
    taken = client.get(f"/api/v1/registry{place}", headers=there.who("builder").headers)
    assert (taken.status_code, taken.content) == (200, SAFE)
    assert there.api("operator", place).status == 403
    assert there.api("builder", f"{here}/artefacts").json["rows"][0]["name"] == "m.bin"
    bad = pickle.dumps(Evil())
    put(there, here, bad)
    place = f"{here}/artefacts/{digest_bytes(bad)}"
    assert there.api("builder", f"{place}/sarif").json["runs"][0]["results"] == []
    told = there.api("builder", f"{place}/scan", {}).json
    assert told["dangers"][0]["rule"] == "pickle.dangerous_import"
    assert there.api("builder", f"{place}/sarif").json["runs"][0]["results"]


def test_a_file_that_is_not_what_was_stated_is_refused(there: Registered) -> None:
    """With the field, the reason and the way out; and nothing of it is kept."""
    here = f"/systems/{there.live().id}"
    wrong = put(there, here, SAFE, digest="sha256:" + "0" * 64)
    assert (wrong.status, wrong.json["code"]) == (422, "invalid")
    assert "nothing was kept" in wrong.json["detail"]
    assert there.api("builder", f"{here}/artefacts").json["rows"] == []
    assert put(there, here, SAFE, role="operator").status == 403
    assert put(there, here, SAFE, digest="sha256:1").status == 422
    missing = there.api("builder", f"{here}/artefacts/{digest_bytes(SAFE)}/scan", {})
    assert missing.status == 404


def test_a_file_may_be_larger_than_a_request(there: Registered) -> None:
    """Ten mebibytes are the bound of an ordinary request, not of a file."""
    here = f"/systems/{there.live().id}"
    large = b"x" * (10 * 1024 * 1024 + 1)
    headers = {**there.who("builder").headers, "content-length": str(len(large))}
    headers |= {"sec-fetch-site": "same-origin", "content-type": "application/octet-stream"}
    where = f"/api/v1/registry{here}/artefacts/{digest_bytes(large)}?name=m.bin"
    pieces = tuple(large[place : place + 1_000_000] for place in range(0, len(large), 1_000_000))
    assert ask(there.app, where, method="PUT", headers=headers, chunks=pieces).status == 200
    assert ask(there.app, where, method="POST", headers=headers, chunks=pieces).status == 413


def test_signatures_and_signers(there: Registered) -> None:
    """A key is trusted by a person of compliance; a signature is judged by the keys that count."""
    here = f"/systems/{there.live().id}"
    bundle = {"bundle": a_signature({"m.bin": digest_bytes(SAFE)})}
    assert there.api("builder", f"{here}/signatures", bundle).json["verdict"] == "could_not_tell"
    given = {"name": "Us", "public_key": public_of(a_key()), "reason": "ours"}
    assert there.api("builder", "/signers", given).status == 403
    made = there.api("compliance", "/signers", given)
    assert made.status == 201
    assert [each["id"] for each in there.api("builder", "/signers").json["rows"]] == [
        made.json["id"]
    ]
    end = f"/signers/{made.json['id']}/end"
    assert there.api("compliance", end, {"reason": "leaked"}).status == 204
    assert there.api("compliance", end, {"reason": "leaked"}).status == 409
    assert there.api("builder", f"{here}/signatures", {"bundle": {"a": 1}}).status == 422
