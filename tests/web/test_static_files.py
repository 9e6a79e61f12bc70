"""Static files: kept for ever under their hash, and nothing else is served."""

from __future__ import annotations

import gzip
import hashlib

import pytest

from muniment.core.errors import NotFoundError
from muniment.web.static_files import static_files, static_url
from tests.web.asking import Asking


@pytest.mark.parametrize("name", ["console.css", "console.js", "theme.js", "mark.svg"])
def test_a_file_is_kept_for_ever_under_its_hash(pages: Asking, name: str) -> None:
    """The path holds the hash of what it serves, so a browser may keep it."""
    answer = pages.get(static_url(name))
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest()[:8] in static_url(name)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_file_is_sent_compressed_to_who_can_read_it() -> None:
    """Both forms hold the same bytes."""
    for file in static_files().values():
        assert gzip.decompress(file.compressed) == file.plain


def test_a_client_that_cannot_unpack_gets_the_plain_file(pages: Asking) -> None:
    """Compression is offered, not forced."""
    plain = pages.get(static_url("console.css"), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == static_files()["console.css"].plain


@pytest.mark.parametrize("path", ["/static/00000000/console.css", "/static/00000000/none.css"])
def test_an_old_hash_and_an_unknown_name_are_not_found(pages: Asking, path: str) -> None:
    """They are refused by the error the server's edge tells, with what to do."""
    with pytest.raises(NotFoundError, match="Load the page again"):
        pages.get(path)


@pytest.mark.parametrize(
    "path", ["/static/00000000/..%2fshell.py", "/static/00000000/%2e%2e%2fshell.py"]
)
def test_there_is_no_way_out_of_the_folder(pages: Asking, path: str) -> None:
    """A path that leaves the folder is no address at all."""
    assert pages.get(path).status_code == 404
