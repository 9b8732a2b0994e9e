"""Requests made at random from the schema of the API, right ones and wrong ones: it fails at none of them."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Served

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
NAMES = {"/chat/completions": "qa", "/embeddings": "all-MiniLM-L6-v2"}
RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
MADE = [
    ("GET /models/{model}", RIGHT),  # any text can be a name, so none is wrong
    *(
        (operation, mode)
        for operation in ("POST /chat/completions", "POST /embeddings")
        for mode in (RIGHT, WRONG)
    ),
]


@pytest.fixture(scope="module")
def operations(server: Served) -> dict[str, Any]:
    """What can be asked, by method and path."""
    schema = schemathesis.openapi.from_url(f"{server.address}/v1/openapi.json")
    found = [result.ok() for result in schema.get_all_operations()]
    return {f"{one.method.upper()} {one.path}": one for one in found}


def test_the_schema_names_all_that_can_be_asked(operations: dict[str, Any]) -> None:
    assert sorted(operations) == sorted({"GET /models", *(operation for operation, _ in MADE)})


@pytest.mark.parametrize(("operation", "mode"), MADE)
def test_no_input_makes_it_fail(operations: dict[str, Any], operation: str, mode: GenerationMode) -> None:
    """Every other request names a model that is there, or none would get past that."""
    counted = 0

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations[operation].as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        nonlocal counted
        counted += 1
        if case.path in NAMES and isinstance(case.body, dict) and counted % 2:
            case.body["model"] = NAMES[case.path]
        case.call_and_validate(checks=CHECKS)

    holds()
    assert counted >= 10
