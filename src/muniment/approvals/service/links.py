"""One-time links: a link opens a decision for one person once, and decides nothing by itself.

The secret is random, is given out once and kept only as a digest; it is signed together with the
request and the person, so that a link that was altered is told from one that is unknown before the
database is asked. Whoever follows it must be signed in as the person it was made for.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from muniment import access, ledger
from muniment.access import Scope
from muniment.approvals import store
from muniment.approvals.models import Request, State
from muniment.approvals.service import who
from muniment.core.clock import stamp
from muniment.core.digest import digest_bytes
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds.approvals import Linked, LinkFollowed
from muniment.plugins.sockets import Keyring

LONGEST: Final = timedelta(days=14)
_PURPOSE: Final = "approval-links"
_SECRET_BYTES: Final = 20
_TAG_LENGTH: Final = 32

Mac = Callable[[bytes], bytes]
"""Signs bytes with a key that stays where it is kept; the same bytes give the same signature."""


def mac_of(keyring: Keyring) -> Mac:
    """Sign links with a key of this installation, which never leaves its keyring."""
    return lambda message: keyring.sign(keyring.current(_PURPOSE), message)


def make_link(
    work: Work, request_id: str, person: str, *, mac: Mac, lasts: timedelta = timedelta(days=3)
) -> str:
    """Make a link's secret for one person; it is given out here and never again."""
    request = store.get(work, request_id)
    access.require(work, "approvals.ask", Scope.read(request.matter.scope))
    if request.state is not State.OPEN:
        raise ConflictError(f"this request is {request.state.value} already", subject=request_id)
    if not timedelta(0) < lasts <= LONGEST:
        raise InvalidError(
            "lasts too long or not at all",
            field="lasts",
            remedy=f"Give {LONGEST.days} days at most.",
        )
    bare = secrets.token_urlsafe(_SECRET_BYTES)
    link = store.Link(work.new_id("lnk"), request_id, person, work.now + lasts, None)
    store.add_link(work, link, digest_bytes(bare.encode()))
    ledger.record(work, Linked(request_id, link.id, person, expires_at=stamp(link.expires_at)))
    return f"{bare}.{_tag(mac, bare)}"


def follow_link(work: Work, secret: str, *, mac: Mac) -> Request:
    """Take the person a link was made for to its decision; the link is spent."""
    bare, _, tag = secret.partition(".")
    if not tag.isascii() or not hmac.compare_digest(tag, _tag(mac, bare)):
        raise _bad_link("it was altered or is not of this installation")
    link = store.link_by(work, digest_bytes(bare.encode("utf-8", "replace")))
    if link is None:
        raise _bad_link("it is not known here")
    if link.person != who.person_of(work):
        raise _bad_link("it was made for somebody else")
    if link.expires_at <= work.now:
        raise _bad_link("its time is over")
    if not store.follow_link(work, link.id):
        raise _bad_link("it was followed before")
    request = store.get(work, link.request_id)
    ledger.record(work, LinkFollowed(request.id, link.id, link.person))
    return request


def _tag(mac: Mac, bare: str) -> str:
    return mac(b"approvals link\n" + bare.encode("utf-8", "replace")).hex()[:_TAG_LENGTH]


def _bad_link(why: str) -> ForbiddenError:
    return ForbiddenError(
        f"this link opens nothing: {why}",
        field="link",
        remedy="Sign in and look into the inbox; what waits for you stands there.",
    )
