"""A file of a model by form: kept as it arrives, scanned, shown; refused with the reason."""

from __future__ import annotations

import pickle

from muniment import registry
from muniment.core.digest import digest_bytes
from tests.registry.rules.scanning.files import Evil, safetensors_file
from tests.server.office import words
from tests.server.people import MACHINE
from tests.server.registered import KEY, Registered
from tests.web.multipart import field, file, form, send_form

SAFE = safetensors_file({"a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}}, b"ab")


def test_a_file_is_kept_scanned_and_shown(there: Registered) -> None:
    """Its page says whether it is safe to load, and everything that was found in it."""
    system = there.live()
    here = f"/systems/{system.id}"
    shown = there.page("builder", f"{here}/upload")
    assert "Keep a file of a model" in words(shown)
    assert b'enctype="multipart/form-data"' in shown.body
    assert "Files of its models" not in words(there.page("builder", here))
    done = send_form(there, "builder", f"{here}/upload", form(file("file", SAFE, "C:\\a\\m.bin")))
    assert done.status == 303
    page = words(there.page("builder", done.headers["location"].removeprefix("/console/registry")))
    assert "m.bin" in page
    assert "Nothing unsafe was found in it." in page
    assert "safetensors" in page
    bad = pickle.dumps(Evil())
    given = form(field("name", "evil.pkl"), field("digest", digest_bytes(bad)), file("file", bad))
    assert send_form(there, "builder", f"{here}/upload", given).status == 303
    page = words(there.page("builder", f"{here}/files/{digest_bytes(bad)}"))
    assert "It is not safe to load." in page
    assert "pickle.dangerous_import" in page
    told = words(there.page("builder", here))
    assert "Files of its models" in told
    assert "evil.pkl" in told
    again = send_form(there, "builder", f"{here}/upload", form(file("file", bad)))
    assert again.status == 303


def test_a_file_that_may_not_be_kept_is_refused(there: Registered) -> None:
    """Another digest, too large, no file, broken off, somebody else: nothing is kept."""
    system = there.live()
    here = f"/systems/{system.id}/upload"
    wrong = form(field("digest", "sha256:" + "0" * 64), file("file", SAFE))
    refused = send_form(there, "builder", here, wrong)
    assert refused.status == 422
    assert "nothing was kept" in words(refused)
    there.app.state.registry = _small(there)
    large = send_form(there, "builder", here, form(file("file", b"x" * 2_000)), size=300)
    assert large.status == 422
    assert "larger than 1,024 bytes" in words(large)
    assert send_form(there, "builder", here, form(field("name", "x"))).status == 422
    assert send_form(there, "builder", here, form(file("file", SAFE))[:-20]).status == 422
    assert send_form(there, "operator", here, form(file("file", SAFE))).status == 403
    assert send_form(there, "builder", "/systems/sys_none/upload", wrong).status == 404
    with there.house.database.look(MACHINE) as work:
        assert registry.artefacts_of(work, KEY) == ()


def _small(there: Registered) -> object:
    """Bound the size of files."""
    return type(there.house.settings.registry)(max_artefact_bytes=1_024)
