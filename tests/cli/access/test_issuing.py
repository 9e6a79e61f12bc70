"""`muniment access sso`: what a file says of an issuer is read exactly, and checked in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.access import IssuerUse, Scope
from muniment.cli.access.issuing import read_description
from muniment.core.errors import InvalidError
from tests.server.running import command

WHOLE = """
name = "CI"
url = "https://ci.example"
use = "workloads"
audience = "us"
algorithms = ["ES256"]
single_use = true
group_roles = [{ group = "a", role = "owner", scope = { system = "sys_1" } }]
"""


def test_a_description_is_read() -> None:
    """Each word of a file counts; what is left out is as the guide says."""
    told = read_description(WHOLE)
    assert (told.name, told.use, told.trust.single_use) == ("CI", IssuerUse.WORKLOADS, True)
    assert told.trust.group_roles[0].scope == Scope.of(system="sys_1")
    assert told.trust.scopes == ("openid", "email", "profile")


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        'nane = "typo"',
        'use = "everybody"',
        "just_in_time = 1",
        'algorithms = "RS256"',
        'group_roles = ["a"]',
        'group_roles = [{ group = "a" }]',
        'group_roles = [{ group = "a", role = "b", scope = { planet = "x" } }]',
    ],
)
def test_what_is_written_wrong(text: str) -> None:
    """A typing error is refused, never overlooked."""
    with pytest.raises(InvalidError):
        read_description(text)


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
