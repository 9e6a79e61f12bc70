"""Feeds: which plug-in tells the rights of which place, asked with care, and brought in whole.

A file of the operator says it. The other system is asked before any transaction begins; its
credential stays here, is read anew each time, and goes to the address it was set for only. What
cannot be told leaves all as it was, and that it could not be told is recorded.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from muniment.access import rules, store
from muniment.access.models import Import, Told
from muniment.access.service.gate import require
from muniment.access.service.outside import tell_outside
from muniment.access.service.reading import AREA
from muniment.core.errors import (
    ForbiddenError,
    InvalidError,
    MunimentError,
    NotFoundError,
    UnavailableError,
)
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.reviews import OutsideUnread
from muniment.net import Fetcher
from muniment.plugins import LoadedPlugin, build, load
from muniment.plugins.sockets import Feed, Right
from muniment.settings import Settings

FEED_GROUP: Final = "muniment.feeds"
_MOST_BYTES: Final = 16 * 1024 * 1024
_OWN_WORDS: Final = ("feed", "token_file")
# What a stranger's feed may raise; ours raise the family. Anything else is a defect and seen whole.
_FAULTS: Final = (OSError, ValueError, TypeError, LookupError, RuntimeError, AttributeError)

# What means that a place could not tell its rights, whoever asks; it is recorded.
NOT_TOLD: Final = (UnavailableError, InvalidError, NotFoundError, ForbiddenError)

Opens = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True, slots=True)
class Feeds:
    """The feeds of this installation, by the place they tell of."""

    feeds: Mapping[str, tuple[str, Feed]] = field(default_factory=dict)
    plugins: tuple[LoadedPlugin, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Name the places in order."""
        return tuple(sorted(self.feeds))

    def source(self, place: str) -> str:
        """Name the plug-in that tells of a place."""
        return self._of(place)[0]

    def read(self, place: str) -> tuple[Told, ...]:
        """Ask a place for all its rights; whatever goes wrong is said, and nothing is told."""
        name, feed = self._of(place)
        try:
            told = tuple(islice(feed.rights(), rules.MOST_ROWS + 1))
            if not all(isinstance(each, Right) for each in told):
                raise TypeError("it tells something that is no right")
        except MunimentError:
            raise
        except _FAULTS as error:
            raise UnavailableError(
                f"the feed {name} failed: {type(error).__name__}",
                subject=place,
                remedy="See whether the plug-in fits the system it reads.",
            ) from error
        return tuple(Told(each.account, each.what, each.person) for each in told)

    def _of(self, place: str) -> tuple[str, Feed]:
        if place not in self.feeds:
            raise NotFoundError(
                f"no feed tells of {place[:60]!r}",
                subject=place[:60],
                remedy=f"There are: {', '.join(self.places) or 'none; see access.feeds'}.",
            )
        return self.feeds[place]


def open_feeds(settings: Settings, fetcher: Fetcher) -> Feeds:
    """Make every feed that the settings' file names; one that cannot be made stops the start."""
    if settings.access.feeds is None:
        return Feeds()
    feeds: dict[str, tuple[str, Feed]] = {}
    plugins: dict[str, LoadedPlugin] = {}
    for place, words in _read_file(settings.access.feeds).items():
        name = words.get("feed", "")
        plugins[name] = load(FEED_GROUP, name, allow=settings.plugins.allow)
        given = {key: value for key, value in words.items() if key not in _OWN_WORDS}
        ask = _Asker(fetcher, given.get("url", ""), words.get("token_file", ""))
        feeds[place] = (name, cast("Feed", build(plugins[name], given, ask)))
    return Feeds(feeds, tuple(plugins.values()))


def pull_outside(feeds: Feeds, place: str, look: Opens, work: Opens) -> Import:
    """Ask a place for its rights and bring them in; if it cannot tell them, record that."""
    source = feeds.source(place)
    with look() as looking:
        require(looking, "access.import_outside", AREA)
    try:
        told = feeds.read(place)
        with work() as changing:
            _require_some(changing, place, told)
            return tell_outside(changing, place, told, source=source)
    except NOT_TOLD as error:
        with work() as changing:
            record(changing, OutsideUnread(place, source, type(error).__name__))
        raise


def _require_some(work: Work, place: str, told: tuple[Told, ...]) -> None:
    """Refuse a sudden silence: an empty list is a broken export more often than an empty place."""
    if not told and store.outside_at(work, work.now, place):
        raise UnavailableError(
            f"{place} tells no right at all, and had some",
            subject=place,
            remedy="If nobody may reach it any more, say so by an import of an empty CSV.",
        )


@dataclass(frozen=True, slots=True)
class _Asker:
    """Gets addresses of one origin, with the credential that was set for it."""

    fetcher: Fetcher
    home: str
    token_file: str

    def __call__(self, url: str) -> bytes:
        """Get what stands at an address of this place."""
        if _origin(url) != _origin(self.home):
            raise ForbiddenError(
                f"{url[:100]!r} is not at {self.home[:100]!r}",
                remedy="A feed reads at the address that is set for it, and nowhere else.",
            )
        answer = self.fetcher.get(url, headers=self._headers(), most_bytes=_MOST_BYTES)
        if answer.status != 200:
            raise UnavailableError(
                f"{urlsplit(url).hostname} answered {answer.status}",
                remedy="Check the address, and what the token may read.",
            )
        return answer.body

    def _headers(self) -> dict[str, str]:
        accept = {"accept": "application/scim+json, application/json"}
        if not self.token_file:
            return accept
        try:
            token = Path(self.token_file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UnavailableError(
                f"the token file {self.token_file} cannot be read",
                field="token_file",
                remedy="Mend its path and permissions.",
            ) from error
        if not token.isprintable() or not token:
            raise UnavailableError("the token file holds no token", field="token_file")
        whole = token if " " in token else f"Bearer {token}"
        return {**accept, "authorization": whole}


def _origin(url: str) -> tuple[str, str, int]:
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as error:
        raise InvalidError(f"{url[:100]!r} is not an address") from error
    usual = 443 if split.scheme == "https" else 80
    return split.scheme, split.hostname or "", port or usual


def _read_file(path: Path) -> dict[str, dict[str, str]]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(f"{path} is not TOML: {error}") from error
    for place, words in told.items():
        if not isinstance(words, dict) or not _all_text(words.values()):
            raise _wrong(f"{place[:60]!r} is not a table of texts")
        if rules.clean_name(place, field="access.feeds") != place or len(place) > 100:
            raise _wrong(f"{place[:60]!r} is not the name of a place")
    return told


def _all_text(values: Iterable[object]) -> bool:
    return all(isinstance(each, str) for each in values)


def _wrong(says: str) -> InvalidError:
    return InvalidError(
        says,
        field="access.feeds",
        remedy='Write a table for each place: [grafana], then feed = "scim" and its words.',
    )
