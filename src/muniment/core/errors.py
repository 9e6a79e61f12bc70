"""The closed family of errors that may reach a person.

Every error says what happened, to which subject, and what to do next. Doors map them in three
tables (HTTP, exit code, stage stop) and nowhere else; anything outside the family is answered
opaquely. `fatal` marks a state of the world we no longer know: stop, do not retry.
"""

from __future__ import annotations

from typing import ClassVar


class MunimentError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    fatal: ClassVar[bool] = False

    def __init__(
        self,
        message: str = "",
        *,
        subject: str = "",
        field: str = "",
        remedy: str = "",
        reasons: tuple[str, ...] = (),
    ) -> None:
        self.message = message or (type(self).__doc__ or "").split("\n", 1)[0].strip()
        self.subject = subject
        self.field = field
        self.remedy = remedy
        self.reasons = reasons
        super().__init__(self.message)

    def __str__(self) -> str:
        where = f"{self.field}: " if self.field else ""
        why = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        then = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{why}{then}"


class InvalidError(MunimentError):
    """What was given is not valid."""

    code = "invalid"


class NotFoundError(MunimentError):
    """There is no such thing."""

    code = "not_found"


class UnauthenticatedError(MunimentError):
    """Nobody we know is asking."""

    code = "unauthenticated"


class ForbiddenError(MunimentError):
    """You may not do this."""

    code = "forbidden"


class ConflictError(MunimentError):
    """Somebody else changed this first."""

    code = "conflict"


class BlockedError(MunimentError):
    """A policy does not allow this."""

    code = "blocked"


class UnavailableError(MunimentError):
    """A part this needs cannot be reached just now."""

    code = "unavailable"


class CorruptError(MunimentError):
    """The records do not verify; writing has stopped."""

    code = "corrupt"
    fatal = True
