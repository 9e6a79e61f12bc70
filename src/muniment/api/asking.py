"""What every endpoint is handed: who asks, a unit of work in their name, and what must not be lost.

A change that is sent again under one Idempotency-Key is done once. A change of what two people may
edit names, in If-Match, the version it was made from. What is given has exactly the fields asked
for; every other field is refused by name, so nobody can set what they were not asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, Protocol, TypeVar

from fastapi import Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from muniment import access
from muniment.access import EVERYTHING, Scope, Visitor
from muniment.core.digest import digest_bytes, digest_value
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, UnauthenticatedError
from muniment.core.page import MAX_PAGE_ROWS, Page, read_cursor, write_cursor
from muniment.db import Database, Kept, Work, begin_once, finish_once
from muniment.ledger import Log
from muniment.notices import Courier
from muniment.registry import Mlflow
from muniment.settings.areas import RegistrySettings
from muniment.vault import Safe

REPLAYED: Final = "idempotency-replayed"
SHOWN_ONCE: Final = "secret"
_TAG: Final = re.compile(r'(?:W/)?"([1-9][0-9]{0,9})"\Z')

M = TypeVar("M", bound="Told")
V = TypeVar("V", bound="Versioned")
T = TypeVar("T")


class Given(BaseModel):
    """What a visitor gives: these fields and no others, and text that can be read."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _readable(cls, value: Any) -> Any:  # noqa: ANN401 any field
        if isinstance(value, str) and not all(
            letter.isprintable() or letter in "\n\t" for letter in value
        ):
            raise ValueError("holds a character that cannot be seen")
        return value


class Told(BaseModel):
    """What a visitor is told."""

    model_config = ConfigDict(from_attributes=True)


class Versioned(Told):
    """What two people may edit at once."""

    version: int = Field(description="Goes into If-Match, as in the ETag.")


class HasVersion(Protocol):
    """A noun that counts its changes."""

    @property
    def version(self) -> int:
        """Which one it is."""
        ...


class Paging(Given):
    """Which page of a list."""

    cursor: str | None = Field(None, max_length=400, description="next_cursor of the page before.")
    limit: int = Field(50, ge=1, le=MAX_PAGE_ROWS, description="Rows at once.")


class Rows(Told, Generic[T]):
    """A page of a list; no next_cursor means that nothing follows."""

    rows: list[T]
    next_cursor: str | None = Field(None, examples=["WyJwZXJfMDZmMyJd"])


PageOf = Annotated[Paging, Query()]


def page_of(shape: type[M], page: Page[Any]) -> Rows[M]:
    """Write a page of nouns."""
    rows = [shape.model_validate(each) for each in page.rows]
    return Rows(rows=rows, next_cursor=page.next_cursor)


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the door; the endpoints are the same for every installation."""

    version: str
    log: Log
    safe: Safe
    courier: Courier
    registry: RegistrySettings
    mlflow: Mlflow


@dataclass(frozen=True, slots=True)
class Asking:
    """One request of a visitor we know."""

    visitor: Visitor
    behind: Behind
    response: Response
    path: str
    request: str
    once_name: str | None

    @property
    def database(self) -> Database:
        """Where everything but the log and the vault's contents stands."""
        return self.behind.log.database

    @property
    def log(self) -> Log:
        """The ledger's log."""
        return self.behind.log

    @property
    def safe(self) -> Safe:
        """The vault's safe."""
        return self.behind.safe

    @property
    def courier(self) -> Courier:
        """Who carries notices out."""
        return self.behind.courier

    @contextmanager
    def view(self, permission: str, scope: Scope = EVERYTHING) -> Iterator[Work]:
        """Read in the caller's name what they may see; an auditor's view is recorded first."""
        actor = self.visitor.actor
        with access.viewing(self.database, actor, permission, scope, what=self.path) as work:
            yield work

    @contextmanager
    def view_some(self, permission: str) -> Iterator[Work]:
        """Read what is shown line by line to who may see it; an auditor's view is recorded."""
        actor = self.visitor.actor
        with access.viewing_some(self.database, actor, permission, what=self.path) as work:
            yield work

    @contextmanager
    def view_or_own(self, holder_id: str, scope: Scope) -> Iterator[Work]:
        """Read what may be the caller's own, which asks no permission; the room judges that."""
        own = holder_id == self.visitor.actor.id
        with self.look() if own else self.view("access.read", scope) as work:
            yield work

    @contextmanager
    def look(self) -> Iterator[Work]:
        """Read what is the caller's own."""
        with self.database.look(self.visitor.actor) as work:
            yield work

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Do something in the caller's name that is the same done twice, such as ending a thing."""
        with self.database.work(self.visitor.actor) as work:
            yield work

    def do(self, shape: type[M], act: Callable[[Work], M]) -> M:
        """Do something once, in one transaction with the answer that is kept of it."""
        with self.database.work(self.visitor.actor) as work:
            if self.once_name is None:
                return act(work)
            kept = begin_once(work, self.visitor.actor.id, self.once_name, self.request)
            if kept is not None:
                self.response.headers[REPLAYED] = "true"
                return shape.model_validate_json(kept.body)
            told = act(work)
            body = told.model_dump_json()
            finish_once(work, self.visitor.actor.id, self.once_name, Kept(200, body))
            return told

    def make(self, shape: type[V], act: Callable[[Work], object]) -> V:
        """Make something that has versions, and say which one there is now."""
        told = self.do(shape, lambda work: shape.model_validate(act(work)))
        self.tag(told.version)
        return told

    def change(
        self,
        shape: type[V],
        expected: int,
        current: Callable[[Work], HasVersion],
        act: Callable[[Work], object],
    ) -> V:
        """Change something from the version that was read."""
        return self.make(
            shape,
            lambda work: matched(expected, lambda: current(work).version, lambda: act(work)),
        )

    def show(self, shape: type[V], found: object) -> V:
        """Show something, and which version it is."""
        told = shape.model_validate(found)
        self.tag(told.version)
        return told

    def make_secret(self, shape: type[V], act: Callable[[Work], tuple[object, str]]) -> V:
        """Make something with a secret, which stands in the first answer and in no other."""
        made: list[str] = []

        def acted(work: Work) -> V:
            noun, secret = act(work)
            made.append(secret)
            return shape.model_validate(noun)

        told = self.do(shape, acted)
        self.tag(told.version)
        return told.model_copy(update={SHOWN_ONCE: made[0]}) if made else told

    def tag(self, version: int) -> None:
        """Say which version is shown, so that a change can name it."""
        self.response.headers["etag"] = f'"{version}"'


def visitor_of(request: HTTPConnection) -> Visitor:
    """Give who asks, or refuse."""
    visitor = request.scope.get("state", {}).get("visitor")
    if not isinstance(visitor, Visitor):
        raise UnauthenticatedError(remedy="Send a key, as in Authorization: Bearer mun_….")
    return visitor


async def _asking(
    request: Request,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=255,
            description="Send the same key again and it is done once; kept for a day.",
            examples=["6f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c"],
        ),
    ] = None,
) -> Asking:
    visitor = visitor_of(request)
    body = digest_bytes(await request.body())
    name = idempotency_key if request.method == "POST" else None
    what = digest_value([request.method, request.url.path, request.url.query, body])
    return Asking(visitor, request.app.state.behind, response, request.url.path, what, name)


async def _reading(request: Request, response: Response) -> Asking:
    return await _asking(request, response, None)


def _matching(
    if_match: Annotated[
        str | None,
        Header(description="The ETag of the version this change was made from.", examples=['"3"']),
    ] = None,
) -> int:
    if if_match is None:
        raise HTTPException(428, "this may be edited by two people at once")
    found = _TAG.match(if_match.strip())
    if found is None:
        raise HTTPException(412, "If-Match names no version")
    return int(found[1])


def _streaming(request: Request, response: Response) -> Asking:
    """Ask without reading the body, which is larger than memory may be; never done once by key."""
    visitor = visitor_of(request)
    return Asking(visitor, request.app.state.behind, response, request.url.path, "", None)


Doing = Annotated[Asking, Depends(_asking)]
Reading = Annotated[Asking, Depends(_reading)]
Streaming = Annotated[Asking, Depends(_streaming)]
Match = Annotated[int, Depends(_matching)]


def cut(found: Sequence[T], cursor: str | None, limit: int) -> Page[T]:
    """Cut a page out of a list that is read whole."""
    first = 0
    if cursor is not None:
        word, place = read_cursor(cursor, 2)
        if word != "row" or type(place) is not int or place < 0:
            raise InvalidError(
                "this cursor is not one of ours", field="cursor", remedy="Leave it out to begin."
            )
        first = place
    after = write_cursor(["row", first + limit]) if len(found) > first + limit else None
    return Page(tuple(found[first : first + limit]), after)


def matched(expected: int, current: Callable[[], int], change: Callable[[], T]) -> T:
    """Change what stands in the version that was read; of any other version say so."""
    try:
        return change()
    except ConflictError as conflict:
        try:
            now = current()
        except ForbiddenError:  # who may change it may not read it: say no more than before
            raise conflict from None
        if now != expected:
            raise HTTPException(412, f"version {now} is there now, not {expected}") from None
        raise
