"""How a page is looked at: by one reader at one width in one theme, watched, and read by axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

Theme = Literal["light", "dark"]

WIDE, NARROW, NARROWEST = 1440, 390, 320
AXE_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What is not asked for is not gathered: passes, and the styles of other hosts, which there are not.
AXE: Final[dict[str, Any]] = {
    "runOnly": {"type": "tag", "values": AXE_TAGS},
    "resultTypes": ["violations"],
    "preload": False,
}
LOOKS: Final[list[tuple[int, Theme]]] = [
    (WIDE, "light"),
    (WIDE, "dark"),
    (NARROW, "light"),
    (NARROW, "dark"),
]
# A width moves boxes, a theme changes colours: two looks see both. Pictures are taken of all four.
SIGHTS: Final[list[tuple[int, Theme]]] = (
    LOOKS if os.environ.get("MUNIMENT_TEST_SCREENS") else [(WIDE, "light"), (NARROW, "dark")]
)


@dataclass
class Watch:
    """What a page said and asked for while it was open."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sizes_bytes: list[int] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        """Keep what the page complained about; a breach of the content policy is one of these."""
        if message.type in {"error", "warning"}:
            self.said.append(message.text)

    def request(self, request: Request) -> None:
        """Keep every address asked for."""
        self.asked.append(request.url)

    def finished(self, request: Request) -> None:
        """Keep how many bytes came over the wire."""
        sizes = request.sizes()
        self.sizes_bytes.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])


@contextmanager
def opened(
    browser: Browser,
    url: str,
    *,
    width: int = WIDE,
    theme: Theme = "light",
    script: bool = True,
    motion: Literal["reduce", "no-preference"] = "reduce",
    zone: str = "UTC",
) -> Iterator[tuple[Page, Watch]]:
    """Open a page as one reader would have it, and watch it."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        java_script_enabled=script,
        reduced_motion=motion,
        timezone_id=zone,
    )
    page, watch = context.new_page(), Watch()
    page.on("console", watch.console)
    page.on("pageerror", lambda error: watch.said.append(str(error)))
    page.on("request", watch.request)
    page.on("requestfinished", watch.finished)
    page.goto(url)
    yield page, watch
    context.close()


def violations(page: Page) -> list[str]:
    """Ask axe what a reader with a disability would stumble over."""
    answer = Axe().run(page, options=AXE)
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}"
        for found in answer.response["violations"]
        for node in found["nodes"]
    ]
