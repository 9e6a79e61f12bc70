"""Where the programs of a story call models."""

from __future__ import annotations

from pathlib import Path

from muniment.demo.desk import Desk
from muniment.server.corridor import make_gateway
from tests.server.asking import house_in


def test_a_call_goes_through_the_real_gateway(tmp_path: Path) -> None:
    """Somebody without a key is refused as everywhere, and told under which exchange."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        desk = Desk(make_gateway(house))
        told = desk.call("mun_nobody", {"model": "helper", "messages": []}, subject="customer 1")
        desk.close()
    assert told.status == 401
    assert told.exchange.startswith("exc_")
    assert told.body["error"]["message"]
