"""The pages of issuers."""

from __future__ import annotations

import pytest

from muniment import access
from muniment.access import GroupRole, Holder, HolderKind, IssuerUse, Scope
from tests.server.office import Office, place, words
from tests.server.people import MACHINE, service_with

WHOLE = """name = "Directory"
url = "https://login.example.com"
client_id = "muniment"
just_in_time = true
group_roles = [{ group = "ml", role = "operator", scope = { system = "sys_1" } }]
"""
SECRET = "a secret we share"


@pytest.mark.requirement("ACC-16")
def test_an_issuer_is_trusted_changed_stopped_and_believed_again(office: Office) -> None:
    """Each form leads to the issuer's page; its secret is kept and never shown."""
    here = place(office.send("/issuers/add", file=WHOLE, secret=SECRET))
    page = words(office.page(here))
    assert "https://login.example.com" in page
    assert "kept, sealed" in page
    assert "ml operator system sys_1" in page
    form = office.page(f"{here}/change").body.decode()
    assert SECRET not in form + page
    with office.house.database.look(MACHINE) as work:
        (before,) = access.issuers(work)
    assert before.trust.group_roles == (GroupRole("ml", "operator", Scope.of(system="sys_1")),)
    place(office.send(f"{here}/change", file=access.write_description(before) + "strong = true\n"))
    with office.house.database.look(MACHINE) as work:
        (after,) = access.issuers(work, IssuerUse.PEOPLE)
    assert after.trust.strong
    assert after.sealed_secret == before.sealed_secret
    place(office.send(f"{here}/stop"))
    assert "stopped" in words(office.page("/issuers"))
    place(office.send(f"{here}/resume"))
    assert "trusted" in words(office.page("/issuers"))
    kinds = {entry["kind"] for entry in office.entries("access.issuer_set")}
    assert kinds == {"access.issuer_set"}


def test_what_does_not_fit_is_told_with_what_was_typed(office: Office) -> None:
    """A typing error, an address out of reach and a changed one are told; all is kept."""
    for text, said in (
        (WHOLE.replace("login.", "evil.") + "strng = true\n", "is not known"),
        (WHOLE.replace("https:", "http:"), "is not an https address"),
        (WHOLE.replace("login.example.com", "169.254.169.254"), "not a public address"),
        (WHOLE.replace("operator", "nobody"), "nobody"),
        ("x" * 200_000, "too long"),
    ):
        answer = office.send("/issuers/add", file=text)
        assert answer.status in {403, 404, 409, 422}, said
        assert said in words(answer)
    assert "evil" not in words(office.page("/issuers"))
    other = WHOLE.replace("login.", "other.").replace("Directory", "Other")
    here = place(office.send("/issuers/add", file=other))
    moved = office.send(f"{here}/change", file=other.replace("other.", "evil."))
    assert moved.status == 422
    assert "evil.example.com" in moved.body.decode()


def test_programs_of_an_issuer_are_listed(office: Office) -> None:
    """The page says which names stand for which service, and under which claims."""
    shop = service_with(office.house, office.ada, name="shop")
    told = 'name = "CI"\nurl = "https://ci.example.com"\nuse = "workloads"\naudience = "us"\n'
    here = place(office.send("/issuers/add", file=told))
    with office.house.database.work(MACHINE) as work:
        service = access.ServiceId(Holder(HolderKind.SERVICE, shop.id).id)
        access.link_workload(work, here.rpartition("/")[2], "repo:x", service, {"ref": "main"})
    assert "repo:x shop ref=main" in words(office.page(here))


def test_only_admins_decide_who_vouches(office: Office) -> None:
    """Neither security nor an owner sees or changes an issuer."""
    for role in ("security", "owner"):
        assert office.page("/issuers", office.who(role)).status == 403
        assert office.send("/issuers/add", office.who(role), file=WHOLE).status == 403
