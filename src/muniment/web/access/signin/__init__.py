"""Pages by which people come in: signing in, the second step, one-time links, their own account."""

from __future__ import annotations

from starlette.routing import Route

from muniment.web.access.signin import account, entering, seconding, setting_up

__all__ = ["routes"]


def routes() -> list[Route]:
    """List the pages of signing in; what is fixed stands before what is not."""
    return [
        *entering.routes(),
        *seconding.routes(),
        *setting_up.routes(),
        *account.routes(),
    ]
