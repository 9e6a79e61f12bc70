"""What is shown to paste for a first call."""

from __future__ import annotations

import ast
import json
import shlex

from muniment.web.begin.calling import SAYS, curl, python


def test_both_commands_say_the_same_with_real_values() -> None:
    """A shell and Python read them as they are meant, whatever stands in an address."""
    base, secret = "http://localhost:8484", "mun_svc_a'b"
    words = shlex.split(curl(base, secret, "echo"))
    assert words[:2] == ["curl", f"{base}/v1/chat/completions"]
    assert f"authorization: Bearer {secret}" in words
    assert json.loads(words[-1])["messages"][0]["content"] == SAYS
    tree = ast.parse(python(base, secret, "echo"))
    told = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant)]
    assert {f"{base}/v1", secret, "echo", SAYS} <= set(told)
