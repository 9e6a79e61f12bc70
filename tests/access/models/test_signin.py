"""Links and ways: what they say of themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from muniment.access import Link, LinkPurpose, Ways
from muniment.testing.clock import START


def test_when_a_link_works() -> None:
    """A link works until its time or its use, whichever comes first."""
    link = Link("d", LinkPurpose.FIRST, "", START, START + timedelta(hours=1))
    assert link.works(START)
    assert not link.works(START + timedelta(hours=1))
    assert not replace(link, used_at=START).works(START)


def test_recovery_codes_are_no_second_factor() -> None:
    """Only a code generator or a passkey counts as a second factor that is set up."""
    assert not Ways(password=True, totp=False, passkeys=(), recovery_codes=10).second
    assert Ways(password=True, totp=True, passkeys=(), recovery_codes=0).second
