"""Folders of policies and their tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import policy
from muniment.core.errors import InvalidError, NotFoundError
from tests.policy.company import ALLOW


def test_policies_and_cases_are_found(tmp_path: Path) -> None:
    """Policies and their tests are read from all folders; other YAML is left alone."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/a.cedar").write_text(ALLOW)
    (tmp_path / "deep/a.yaml").write_text("cases: []\n")
    (tmp_path / "other.yaml").write_text("a: 1\n")
    found = policy.read_folder(tmp_path)
    assert [each.name for each in found.sources] == ["deep/a.cedar"]
    assert [each.name for each in found.cases] == ["deep/a.yaml"]
    assert policy.read_folder(tmp_path / "deep/a.cedar").sources[0].name == "a.cedar"


def test_nothing_and_nonsense_are_told(tmp_path: Path) -> None:
    """A folder that is not there, is empty, or holds what is not text is refused."""
    with pytest.raises(NotFoundError, match="there is no"):
        policy.read_folder(tmp_path / "none")
    with pytest.raises(NotFoundError, match="no policies"):
        policy.read_folder(tmp_path)
    (tmp_path / "a.cedar").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidError, match="cannot be read"):
        policy.read_folder(tmp_path)
