"""The files that a version names, as its page shows them."""

from __future__ import annotations

import pickle

from muniment import registry
from muniment.core.digest import digest_bytes
from tests.registry.rules.scanning.files import Evil
from tests.server.office import words
from tests.server.registered import KEY, Registered


def test_a_version_shows_its_files_with_scan_and_signature(there: Registered) -> None:
    """One that runs a program, and one that is not here; a prompt shows none."""
    system = there.live()
    bad = pickle.dumps(Evil())
    files = [{"name": "m.pkl", "digest": digest_bytes(bad)}]
    files.append({"name": "other.bin", "digest": "sha256:" + "0" * 64})
    builder, house = there.who("builder").actor, there.house
    with house.database.work(builder) as work:
        registry.add_version(work, KEY, "model/main", {"artefacts": files})
        registry.add_version(work, KEY, "prompt/main", {"text": "Hello."})
    limits = house.settings.registry
    digest = digest_bytes(bad)
    registry.keep_artefact(house.safe, limits, builder, KEY, digest, [bad], name="m.pkl")
    registry.scan_artefact(house.safe, builder, KEY, digest)
    page = words(there.page("operator", f"/systems/{system.id}/parts/model/main"))
    assert "Files of version 1" in page
    assert "pickle.dangerous_import" in page
    assert "other.bin is not uploaded" in page
    prompt = words(there.page("operator", f"/systems/{system.id}/parts/prompt/main"))
    assert "Files of" not in prompt
