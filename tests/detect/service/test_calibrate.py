"""Every configuration is found again by its build, and runs again."""

from __future__ import annotations

import pytest

from muniment import detect
from muniment.core.actor import system_actor
from muniment.core.errors import NotFoundError, UnavailableError
from muniment.db import UnrecordedChangeError
from muniment.detect import store as detect_store
from muniment.ledger import Log, record
from muniment.ledger.kinds.detect import BuildBegan
from tests.detect.company import STRICT, TEXT, Company

SETTER = system_actor("setter")


def test_a_record_finds_its_configuration_again(company: Company) -> None:
    """Years later the build in a record names the configuration, and it runs again."""
    company.change(STRICT)
    with company.by("ada") as work:
        build = detect.scanner_for(work).build
        assert detect.configuration_of(work, build) == STRICT
        assert detect.scanner_of(work, build).inspect(TEXT).build == build
        with pytest.raises(NotFoundError):
            detect.configuration_of(work, "muniment-detect 1 sha256:" + "0" * 64)


def test_a_build_of_an_older_version_says_which_one_to_install(log: Log) -> None:
    """It is not run by another version as if it were the same."""
    old = BuildBegan("muniment-detect 0.0.1 sha256:old", STRICT.digest)
    with log.database.work(SETTER) as work:
        detect_store.keep_build(work, old.build, STRICT)
        record(work, old)
    with log.database.look(SETTER) as work:
        assert detect.configuration_of(work, old.build) == STRICT
        with pytest.raises(UnavailableError):
            detect.scanner_of(work, old.build)


def test_the_wall_refuses_a_silent_change(log: Log) -> None:
    """A configuration that changes without a record does not get in."""
    with pytest.raises(UnrecordedChangeError), log.database.work(SETTER) as work:
        detect_store.keep_configuration(work, STRICT)
