"""A browser in a few lines: keeps cookies, sends forms as pages of ours do, follows nothing."""

from __future__ import annotations

import asyncio
import re

import httpx
from starlette.applications import Starlette

BASE = "http://localhost"


class Browsing:
    """One browser that looks at one application, in process."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.cookies = httpx.Cookies()

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Look at a page."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        """Send a form."""
        given = {"origin": BASE, "sec-fetch-site": "same-origin", **headers}
        return self._ask("POST", path, form or {}, given)

    def token(self) -> str:
        """Read the token that forms of this session carry."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/console/account").text)
        return found[1] if found else ""

    def _ask(
        self, method: str, path: str, form: dict[str, str] | None, headers: dict[str, str]
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(
                transport=transport, base_url=BASE, cookies=self.cookies
            ) as client:
                answer = await client.request(
                    method, path, data=form, headers={"accept": "text/html", **headers}
                )
                self.cookies = client.cookies
                return answer

        return asyncio.run(ask())
