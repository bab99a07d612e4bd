"""The interface is asked whatever its description allows, and much that it does not: no 5xx, every answer as described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings

from huanyu.bureau import Bureau
from tests.flow.office import NOW
from tests.flow.office import at_work
from tests.flow.outside import System
from tests.flow.outside import install
from tests.flow.outside import issue
from tests.flow.outside import serving

EXAMPLES = 40  # of each route and mode: what stands in the schema's corners comes first
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CHECKS = (
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
ROUTES = (("POST", "/items"), ("POST", "/alarms"), ("GET", "/cases"), ("GET", "/cases/{public_id}"))


class Shown:
    """The token on every request, and a station's right signature over whatever it says."""

    def __init__(self, system: System) -> None:
        self._system = system

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._system.issued.secret}"
        if (request.path_url or "").endswith("/alarms"):
            body = request.body or b""
            raw = body.encode() if isinstance(body, str) else bytes(body)
            media = request.headers.get("Content-Type", "application/json")
            request.headers.update({**self._system.signed(raw), "Content-Type": media})
        return request


@pytest.fixture(scope="module")
def system(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("schema")
    path = folder / "huanyu.db"
    path.write_bytes(sqlite_template.read_bytes())
    with at_work(folder, f"sqlite:///{path.as_posix()}") as office:
        unlimited = {"per_minute": 6000, "burst": 6000, "items": 20}
        bureau: Bureau = office.desk.bureau
        table = bureau.api.model_copy(update=unlimited)
        office.desk.rules._take(bureau.model_copy(update={"api": table}))  # as if its file had been saved
        with serving(office.desk, lambda: NOW) as url:
            yield System(url, issue(office.desk, NOW), lambda: NOW, install(office.desk, NOW))


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize(("method", "route"), ROUTES, ids=lambda one: str(one))
def test_every_answer_is_as_described(system: System, method: str, route: str, mode: str) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    openapi = pytest.importorskip("schemathesis.specs.openapi.checks")
    checks = [schemathesis.checks.not_a_server_error, *(getattr(openapi, name) for name in CHECKS)]
    schema = schemathesis.openapi.from_url(f"{system.url}/api/v1/openapi.json")
    operation = schema[route][method]
    statuses: set[int] = set()

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
    def answers(case: Any) -> None:
        response = case.call(base_url=f"{system.url}/api/v1", auth=Shown(system), timeout=120)
        case.validate_response(response, checks=checks)
        statuses.add(response.status_code)

    answers()
    assert statuses
    assert 401 not in statuses or route == "/alarms", json.dumps(sorted(statuses))
