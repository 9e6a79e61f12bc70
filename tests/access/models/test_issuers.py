"""What is believed of an issuer is kept and read back whole."""

from __future__ import annotations

from muniment.access import GroupRole, Scope, Trust


def test_kept_and_read() -> None:
    """Every word of trust survives being kept."""
    trust = Trust(
        algorithms=("ES256",),
        group_roles=(GroupRole("ml", "builder", Scope.of(system="sys_1")),),
        just_in_time=True,
        email_domains=("example.org",),
        single_use=True,
    )
    assert Trust.read(trust.as_json()) == trust
    assert Trust.read(Trust().as_json()) == Trust()
