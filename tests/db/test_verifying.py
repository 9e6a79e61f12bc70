"""A database elsewhere is verified, and one on this machine is reached as it always was."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from muniment.core.errors import InvalidError
from muniment.db import open_database
from muniment.db.verifying import verified
from muniment.testing import settings_for

OWN = Path("/etc/own-ca.pem")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://m:x@localhost/m",
        "postgresql://m:x@LOCALHOST:5433/m",
        "postgresql://m:x@127.0.0.1/m",
        "postgresql://m:x@[::1]:5432/m",
        "postgresql:///m?host=/var/run/postgresql",
        "postgresql://m@/m?host=127.0.0.1:5432,localhost:5433",
        "postgresql:///m",
    ],
)
def test_on_this_machine_nothing_is_changed(address: str) -> None:
    """Sockets and loopback addresses are no network."""
    assert verified(make_url(address), OWN) == make_url(address)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://m:x@db.example.org/m",
        "postgresql://m:x@10.0.0.5:5432/m",
        "postgresql://m:x@localhost.example.org/m",
        "postgresql://m@/m?host=localhost:5432,db.example.org:5432",
        "postgresql://m@localhost/m?hostaddr=203.0.113.7",
        "postgresql:///m?service=main",
        "postgresql://m:x@db.example.org/m?sslmode=verify-full",
    ],
)
def test_elsewhere_the_server_is_verified(address: str) -> None:
    """By the authorities of the system, or by one's own."""
    told = verified(make_url(address), None).query
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", "system")
    assert verified(make_url(address), OWN).query["sslrootcert"] == str(OWN)


def test_what_the_address_says_of_the_authority_holds() -> None:
    """It is nearer than the setting for all."""
    url = make_url("postgresql://m@db.example.org/m?sslrootcert=/mine.pem")
    assert verified(url, OWN).query["sslrootcert"] == "/mine.pem"


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca", "no"])
def test_less_than_verified_is_refused(tmp_path: Path, mode: str) -> None:
    """The error names the setting and what to write, and quotes no password."""
    url = f"postgresql://m:secret@db.example.org/m?sslmode={mode}"
    with pytest.raises(InvalidError, match=mode) as caught:
        open_database(settings_for(tmp_path, **{"database.url": url}))
    assert caught.value.field == "database.url"
    assert "verify-full" in str(caught.value.remedy)
    assert "secret" not in str(caught.value)
