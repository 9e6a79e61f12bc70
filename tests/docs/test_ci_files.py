"""The files for CI in the author's guide are what GitHub and GitLab read."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from muniment.cli import make_cli

PAGE = Path(__file__).parents[2] / "docs/policy.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
SCHEMAS = ("vendor.github-workflows", "vendor.gitlab-ci")


@pytest.mark.requirement("POL-10")
@pytest.mark.parametrize(("text", "schema"), list(zip(BLOCKS, SCHEMAS, strict=True)))
def test_each_is_valid_by_its_schema(text: str, schema: str, tmp_path: Path) -> None:
    """The workflow and the job pass the schemas that editors and linters use."""
    file = tmp_path / "ci.yml"
    file.write_text(text)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_calls_a_command_that_there_is() -> None:
    """What they run is a command of ours, with a form that exists."""
    assert any(each.name == "check" for each in make_cli().registered_commands)
    for text in BLOCKS:
        assert yaml.safe_load(text)
        assert re.search(r"muniment check \. --format (sarif|junit) --output \S+", text)
