"""How the installation is, as a page."""

from __future__ import annotations

from tests.server.asking import ask
from tests.server.office import Office, words


def test_it_says_what_the_doctor_says_and_wrong_things_first(office: Office) -> None:
    """Three answers with the cure; a folder that others may read comes first."""
    office.house.log.seal()
    headers = {"accept": "text/html", **office.ada.headers}
    page = words(ask(office.app, "/console/health", headers=headers))
    assert "Nothing was found that is not as it should be." in page
    assert "Witnesses nobody else holds a checkpoint" in page
    office.house.settings.data.dir.chmod(0o755)
    try:
        page = words(ask(office.app, "/console/health", headers=headers))
    finally:
        office.house.settings.data.dir.chmod(0o700)
    assert "1 thing is not as it should be." in page
    assert page.index("Who may read its files others may read") < page.index("Witnesses")
    assert "chmod 700" in page
    builder = office.who("builder").headers
    assert ask(office.app, "/console/health", headers=builder).status == 403
