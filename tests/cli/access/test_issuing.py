"""`muniment access sso`: what a file says of an issuer is read exactly, and checked in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.running import command


@pytest.mark.slow
def test_from_file_to_words(tmp_path: Path) -> None:
    """An issuer is added, its secret sealed, checked in words, and stopped."""
    data = ("--data", str(tmp_path / "data"))
    file, secret = tmp_path / "issuer.toml", tmp_path / "secret"
    file.write_text('name = "D"\nurl = "https://issuer.invalid"\nclient_id = "us"\n')
    secret.write_text("a secret we share")
    assert command("migrate", *data).returncode == 0
    made = command("access", "sso", "add", str(file), "--secret-file", str(secret), *data)
    assert made.returncode == 0, made.stderr
    issuer = made.stdout.split()[0]
    changed = command("access", "sso", "change", issuer, str(file), *data)
    assert changed.returncode == 0, changed.stderr
    told = command("access", "sso", "check", issuer, *data)
    assert told.returncode == 1
    assert told.stdout.startswith("not met  Its configuration cannot be used: no address is known")
    assert command("access", "sso", "stop", issuer, *data).returncode == 0
    listed = command("access", "sso", "list", "--json", *data).stdout
    assert '"active": false' in listed
    assert "a secret we share" not in listed
    linked = command("access", "sso", "link", "client-certificate", "CN=x", "svc_nobody", *data)
    assert linked.returncode == 4
    assert command("access", "sso", "unlink", "client-certificate", "CN=x", *data).returncode == 4
