"""The editor: what is wrong stands with its place."""

from __future__ import annotations

import json

from muniment.policy import Source
from muniment.web.policy.editing import read_files, write_files
from tests.policy.judging import ALLOW, rule
from tests.policy.office import PolicyOffice
from tests.server.office import words


def test_what_is_wrong_stands_with_its_place(office: PolicyOffice) -> None:
    """Nothing is kept of rules that are wrong, and what was typed stays; scripts get JSON."""
    bad = office.send("/edit", text=f"{ALLOW}\npermit (", reason="bad")
    assert bad.status == 422
    assert "policy.cedar:2:9" in words(bad)
    assert "because of allow" in bad.body.decode()
    lonely = office.send("/edit", text=ALLOW, reason="")
    assert lonely.status == 422
    assert "Nothing was kept" in words(lonely)
    told = office.send("/edit/check", accept="application/json", text="permit (")
    assert json.loads(told.body)["problems"][0]["place"] == "policy.cedar:1:9"


def test_files_are_cut_and_written_alike() -> None:
    """Several files stand below each other and come apart as they were."""
    both = (Source("a.cedar", f"{ALLOW}\n"), Source("b.cedar", f"{rule('b')}\n"))
    found = read_files(write_files(both))
    assert [each.name for each in found] == ["a.cedar", "b.cedar"]
    assert [each.text.strip() for each in found] == [each.text.strip() for each in both]
    assert write_files((Source("policy.cedar", ALLOW),)) == ALLOW
    assert read_files("") == []
