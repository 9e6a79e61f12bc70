"""What a notice is told as."""

from __future__ import annotations

from muniment.api.notices.shapes import notice_told
from muniment.notices import Group, Severity
from muniment.testing.clock import START


def test_a_notice_is_told_by_kind_ids_and_a_link() -> None:
    """The subject comes as its kind and id, and the link leads into the console."""
    about = ("approval", "apr_1")
    group = Group(
        "ntc_1", "r", "k", Severity.LOOK, about, "Said", "/console/x", (), 4, START, START
    )
    told = notice_told(group, None, [])
    assert (told.subject_kind, told.subject_id, told.link) == ("approval", "apr_1", "/console/x")
    assert told.count == 1
