"""Issuers and linked names as they are kept, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment.access import Issuer, IssuerUse, ServiceId, Trust, Workload, store
from muniment.core.errors import ConflictError
from muniment.db import Database
from muniment.ledger import record
from muniment.ledger.kinds.signin import IssuerSet, WorkloadLinked
from tests.access.reception import ROOT


def test_kept_changed_and_linked(database: Database) -> None:
    """An issuer comes back as it was; who changes an old one is told; a name links once."""
    with database.work(ROOT) as work:
        issuer = Issuer(
            "iss_1",
            "D",
            "https://x",
            IssuerUse.PEOPLE,
            "us",
            Trust(),
            active=True,
            created_at=work.now,
        )
        store.add_issuer(work, issuer)
        assert store.issuer(work, "iss_1") == issuer
        store.save_issuer(work, replace(issuer, active=False))
        with pytest.raises(ConflictError):
            store.save_issuer(work, issuer)
        named = Workload("iss_1", "sub", ServiceId("svc_1"), (("a", "b"),))
        store.set_workload(work, replace(named, claims=()))
        store.set_workload(work, named)
        assert store.all_workloads(work) == (named,)
        assert store.remove_workload(work, "iss_1", "sub")
        assert store.workload(work, "iss_1", "sub") is None
        record(work, IssuerSet("iss_1", "people", True, ""))
        record(work, WorkloadLinked("svc_1", "iss_1"))
