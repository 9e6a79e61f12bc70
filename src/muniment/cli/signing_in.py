"""Signing in at a terminal: who decides here shows who they are, as they do in the console.

The session lives for one command and is ended with it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from muniment import access
from muniment.access import Attempt, Caller, Outcome
from muniment.core.actor import Actor
from muniment.core.errors import ForbiddenError
from muniment.server import House

_CALLER = Caller("127.0.0.1", "muniment command line")


@contextmanager
def signed_in(house: House, email: str) -> Iterator[Actor]:
    """Ask for a password, and for a code where one is needed; act as that person, then sign out."""
    password = typer.prompt(f"Password of {email}", hide_input=sys.stdin.isatty(), err=True)
    attempt = access.sign_in_by_password(house.reception, email, password, _CALLER)
    if attempt.outcome is Outcome.SECOND_FACTOR:
        if not {"totp", "recovery"} & set(attempt.ways):
            raise ForbiddenError(
                "your role asks for a second factor that works at a terminal",
                field="as",
                remedy="Set up a code generator on your account page, or answer in the console.",
            )
        code = typer.prompt("Code of your generator, or a recovery code", err=True)
        attempt = access.sign_in_by_code(house.reception, attempt.step, code, _CALLER)
    session = _entered(attempt)
    actor = access.actor_of(session)
    try:
        yield actor
    finally:
        with house.database.work(actor) as work:
            access.end_session(work, session, "the command ended")


def _entered(attempt: Attempt) -> access.Session:
    if attempt.outcome is Outcome.IN and attempt.session is not None:
        return attempt.session
    raise ForbiddenError(
        attempt.says.rstrip(".") or "you are not signed in",
        field="as",
        remedy="Sign in as you do in the console; passkeys work there only.",
    )
