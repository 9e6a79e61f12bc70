"""Every setting in force, where its value came from, and what it does; secrets stay hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access
from muniment.settings import Loaded, knobs, shown
from muniment.web.callers import require_visitor
from muniment.web.shell import log_of, render

ADDRESS: Final = "/console/settings"
MAY: Final = "settings.read"
_MOST_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One setting: its name, what holds, whence, and what it does."""

    area: str
    key: str
    value: str
    source: str
    says: str
    variable: str
    default: str
    secret: bool

    @property
    def changed(self) -> bool:
        """Tell whether somebody chose its value."""
        return self.source != "default"


def routes() -> list[Route]:
    """List the address of the settings."""
    return [Route(ADDRESS, show, methods=["GET"])]


async def show(request: Request) -> Response:
    """Show the settings in force, those that fit the words, or only what was chosen."""
    await to_thread.run_sync(enter, request)
    words = request.query_params.get("q", "")[:_MOST_CHARS]
    only = request.query_params.get("changed") == "yes"
    loaded = loaded_of(request)
    every = lines(loaded)
    found = narrowed(every, words, changed=only)
    areas: dict[str, list[Line]] = {}
    for each in found:
        areas.setdefault(each.area, []).append(each)
    return render(
        request,
        "settings.html",
        areas=areas,
        words=words,
        only=only,
        found=len(found),
        every=len(every),
        chosen=sum(each.changed for each in every),
        file=str(loaded.file or ""),
        address=ADDRESS,
    )


def enter(request: Request) -> None:
    """Let through who may see how the installation is set; an auditor's view is recorded."""
    actor, database = require_visitor(request).actor, log_of(request).database
    with access.viewing(database, actor, MAY, what=request.url.path):
        return


def loaded_of(request: Request) -> Loaded:
    """Find the settings of the application which answers this request."""
    found = getattr(request.app.state, "loaded", None)
    if not isinstance(found, Loaded):
        raise TypeError("this application was given no settings; set app.state.loaded")
    return found


def lines(loaded: Loaded) -> tuple[Line, ...]:
    """Write every setting for people; of a secret only whether there is one."""
    return tuple(
        Line(
            area=each.area,
            key=each.key,
            value=_secret(shown(each, loaded.settings))
            if each.secret
            else shown(each, loaded.settings),
            source=loaded.sources[each.key],
            says=each.says,
            variable=each.variable,
            default="" if each.secret or each.default is None else str(each.default),
            secret=each.secret,
        )
        for each in knobs()
    )


def narrowed(every: tuple[Line, ...], words: str, *, changed: bool) -> tuple[Line, ...]:
    """Keep the settings that hold every word, or of those only what somebody chose."""
    asked = words.casefold().split()
    return tuple(
        each
        for each in every
        if (each.changed or not changed)
        and all(word in f"{each.key} {each.says} {each.variable}".casefold() for word in asked)
    )


def _secret(written: str) -> str:
    return "set, and hidden" if written else "not set"
