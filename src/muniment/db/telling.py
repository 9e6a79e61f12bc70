"""What a driver says of a failure, in the family of errors that a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from muniment.core.errors import ConflictError, CorruptError, MunimentError, UnavailableError


@contextmanager
def told(dialect: str) -> Iterator[None]:
    """Turn the drivers' own errors into the family a person can act on."""
    try:
        yield
    except PoolTimeoutError as error:
        raise UnavailableError(
            "every connection to the database is busy", remedy="Try again shortly."
        ) from error
    except OperationalError as error:
        raise _operational(dialect, error) from error
    except DBAPIError as error:
        known = _not_operational(dialect, error)
        if known is None:
            raise
        raise known from error


def _not_operational(dialect: str, error: DBAPIError) -> MunimentError | None:
    if _state(error) in ("40001", "40P01"):
        return ConflictError("two changes met in the database", remedy="Try again.")
    if any(part in str(error.orig) for part in ("not a database", "malformed")):
        return CorruptError(
            f"the database file is damaged: {error.orig}",
            subject=dialect,
            remedy="Keep it as it is, and restore the newest backup beside it.",
        )
    if error.connection_invalidated:
        return UnavailableError(
            "the connection to the database broke", subject=dialect, remedy="Try again."
        )
    return None


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


def _operational(dialect: str, error: OperationalError) -> UnavailableError | ConflictError:
    text = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no answer"
    known: dict[str, tuple[str, str]] = {
        "database is locked": ("the database is busy writing", "Try again shortly."),
        "No space left": ("the disk is full; nothing was changed", "Free some space, then retry."),
        "disk is full": ("the disk is full; nothing was changed", "Free some space, then retry."),
        "readonly database": ("the database can only be read", "Mend the folder's permissions."),
        "unable to open": ("the database file cannot be opened", "Check data.dir and its rights."),
        "disk I/O error": ("the disk failed; nothing was changed", "Check the disk, then restart."),
    }
    if _state(error) in ("40001", "40P01"):
        return ConflictError("two changes met in the database", remedy="Try again.")
    for part, (message, remedy) in known.items():
        if part in text:
            return UnavailableError(message, subject=dialect, remedy=remedy)
    return UnavailableError(
        f"the database does not answer: {text[:200]}",
        subject=dialect,
        remedy="Check database.url and that the server runs.",
    )
