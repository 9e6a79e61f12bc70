"""The verbs of access, one file per noun."""

from muniment.access.service.sessions import (
    actor_of,
    begin_session,
    end_all_sessions,
    end_session,
    identify_session,
)

__all__ = [
    "actor_of",
    "begin_session",
    "end_all_sessions",
    "end_session",
    "identify_session",
]
