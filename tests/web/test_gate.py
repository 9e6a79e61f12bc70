"""Pages behind a permission."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment.web.gate import behind
from tests.server.asking import ask
from tests.server.office import office_in, words


async def page(_request: Request) -> Response:
    """Show a page."""
    return Response("shown")


def test_a_page_stays_itself_behind_its_permission() -> None:
    """It keeps its address, methods, name and sentence."""
    (route,) = behind("ledger.read", "ledger", [Route("/x", page, methods=["POST"], name="n")])
    assert (route.path, route.methods, route.name) == ("/x", {"POST"}, "n")
    assert route.endpoint.__doc__ == page.__doc__


def test_the_ledger_is_for_who_may_read_it(tmp_path: Path) -> None:
    """Who holds no role is refused with the reasons; who does reads."""
    with office_in(tmp_path) as office:
        office.house.log.seal()
        nobody = office.who("")
        headers = {"accept": "text/html", **nobody.headers}
        refused = ask(office.app, "/console/ledger", headers=headers)
        assert refused.status == 403
        assert "no grant of theirs carries ledger.read" in words(refused)
        headers = {"accept": "text/html", **office.ada.headers}
        assert ask(office.app, "/console/ledger", headers=headers).status == 200
