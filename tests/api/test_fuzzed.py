"""The API under schemathesis: whatever is sent, it is answered in shape and never breaks down.

Every operation is tried with values made from its description, lawful ones and others, as an
admin's key, as a key that may little, and as nobody. An answer its description does not tell of
is a failure, and so is any breakdown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as tuned
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from muniment.server.app import make_app
from tests.server.asking import house_in
from tests.server.office import SETTINGS
from tests.server.people import found_admin, key_of, person_with

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SPARED = ("/scim",)  # another standard's shapes; its own checker asks it


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The described API over an installation, and what each caller shows."""
    folder: Path = tmp_path_factory.mktemp("fuzzed")
    with house_in(folder / "data", **SETTINGS) as house:
        house.log.begin()
        ada = found_admin(house)
        builder = person_with(house, "builder")
        house.log.seal()
        shown = {
            "admin": key_of(house, ada),
            "builder": key_of(house, builder),
        }
        headers = {name: each.headers for name, each in shown.items()}
        schema = schemathesis.openapi.from_asgi(
            "/api/openapi.json", make_app(house), headers={"host": "localhost"}
        )
        yield schema, {**headers, "nobody": {}}


@pytest.mark.parametrize(
    ("caller", "mode", "examples"),
    [
        ("admin", GenerationMode.POSITIVE, 2),
        ("builder", GenerationMode.POSITIVE, 2),
        ("nobody", GenerationMode.POSITIVE, 1),
        ("admin", GenerationMode.NEGATIVE, 2),
    ],
)
def test_no_operation_breaks_down_or_leaves_its_shape(
    callers: tuple[Any, dict[str, Any]], caller: str, mode: GenerationMode, examples: int
) -> None:
    """Each operation answers with a status and a form that its description tells of."""
    schema, shown = callers
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.startswith(SPARED) or "/scim" in operation.path:
            continue
        tried += 1
        _fuzz(operation.as_strategy(generation_mode=mode), shown[caller], examples)
    assert tried >= 60


def _fuzz(cases: st.SearchStrategy[Case[Any]], headers: dict[str, str], examples: int) -> None:
    @tuned(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def one(case: Case[Any]) -> None:
        told = {"host": "localhost", **headers}
        for name in ("host", "authorization", "x-api-key"):
            case.headers.pop(name, None)
        case.call_and_validate(headers=told, checks=CHECKS)

    with suppress(Unsatisfiable):  # what takes nothing cannot be given anything wrong
        one()
