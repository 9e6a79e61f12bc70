"""Calls that waited for a person."""

from __future__ import annotations

import html

import pytest

from muniment import approvals
from muniment.approvals import Query, State
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_held_calls_end_in_every_way_and_one_waits_for_the_reader(shown: Shown) -> None:
    """One was let go and used, one denied, one ran out, and the reader can answer the last."""
    with shown.looking() as work:
        asked = approvals.list_requests(work, Query(), limit=200).rows
        inbox = approvals.inbox(work)
    tools = {each.state for each in asked if each.matter.kind == "gateway.tool"}
    assert tools == {State.USED, State.DENIED, State.OPEN}
    states = {each.state for each in asked if each.matter.kind == "gateway.call"}
    assert states == {State.USED, State.DENIED, State.EXPIRED, State.OPEN}
    assert {"gateway.call", "gateway.tool"} <= {each.matter.kind for each in inbox}


def test_the_pages_show_what_waits_and_where_it_came_from(shown: Shown) -> None:
    """The question names the tool, its arguments and what follows; the call names the question."""
    asked = Query(state=State.OPEN, matter="gateway.tool")
    with shown.looking() as work:
        [waits] = approvals.list_requests(work, asked).rows
    page = html.unescape(shown.page(f"/console/approvals/{waits.id}").text)
    for said in ("code-agent wants to use deploy", '"service": "calendar"', "carry it out"):
        assert said in page
    assert f"deploy was held, asked as {waits.id}" in shown.page(waits.matter.href).text
