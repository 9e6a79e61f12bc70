"""Tests of the judgement of names."""

from __future__ import annotations

import pytest

from muniment.registry.models.artefacts import Severity
from muniment.registry.rules.scanning.names import judged


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("collections.OrderedDict", None),
        ("builtins.set", None),
        ("torch._utils._rebuild_tensor_v2", None),
        ("posix.system", Severity.CRITICAL),
        ("os.path.join", Severity.CRITICAL),
        ("builtins.getattr", Severity.CRITICAL),
        ("builtins.set.__class__", Severity.CRITICAL),
        ("?.system", Severity.CRITICAL),
        ("collections.OrderedDict.__init__", Severity.MEDIUM),
        ("sklearn.svm.SVC", Severity.MEDIUM),
    ],
)
def test_a_name_is_judged_by_its_module_and_exactly(name: str, wanted: Severity | None) -> None:
    """Harmless only as listed; dangerous with everything below; else unknown."""
    assert judged(name) is wanted
