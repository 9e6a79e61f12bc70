"""The last door: enough is enough, and what is missing is asked for."""

from __future__ import annotations

from muniment.access import Method, Outcome, Person, Reception, identify_session, needs_second
from muniment.access.service.arriving import Shown, arrive
from tests.access.reception import HERE, ROOT, admin_of


def test_what_is_enough(reception: Reception, ines: Person) -> None:
    """A role, or a link without a password, asks for more; otherwise one factor lets in."""
    admin = admin_of(reception)
    link = Shown((Method.LINK,), must_enrol=True)
    with reception.database.work(ROOT) as work:
        assert needs_second(work, admin.id, reception.settings)
        assert not needs_second(work, ines.id, reception.settings)
        plain = arrive(reception, work, ines, Shown((Method.PASSWORD,)), HERE)
        others = [
            arrive(reception, work, admin, Shown((Method.PASSWORD,)), HERE),
            arrive(reception, work, ines, link, HERE),
        ]
        strong = arrive(reception, work, admin, Shown((Method.SSO,), strong=True), HERE)
    assert (plain.outcome, strong.outcome) == (Outcome.IN, Outcome.IN)
    assert [each.outcome for each in others] == [Outcome.SECOND_FACTOR] * 2
    assert [each.secret for each in others] == ["", ""]
    assert identify_session(reception.database, plain.secret) is not None
