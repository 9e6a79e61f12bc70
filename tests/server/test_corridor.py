"""The gateway as the house opens it: with the first call, and closed with the process."""

from __future__ import annotations

import asyncio
from pathlib import Path

from muniment.server.corridor import make_gateway
from tests.server.asking import house_in


def test_nothing_is_opened_before_the_first_call(tmp_path: Path) -> None:
    """Until then there is nothing to close; after it the writer stops with the process."""
    with house_in(tmp_path / "data", **{"jobs.inside": False}) as house:
        gateway = make_gateway(house)
        asyncio.run(gateway.close())
        means = gateway.means
        assert means.writer.alive()
        assert gateway.means is means
        asyncio.run(gateway.close())
        assert not means.writer.alive()
