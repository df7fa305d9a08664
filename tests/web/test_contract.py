"""Whatever is sent to whatever route: no 5xx, and no status or shape that the OpenAPI description does not name."""

from __future__ import annotations

from pathlib import Path

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from sqlalchemy import Engine

from tests.conftest import PASSWORD, serving
from web.app import described

load_all_checks()
WANTED = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
PLENTY = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_a_shape_has_a_name_of_its_own() -> None:
    """Two of the same name would change the names of both for every client."""
    shapes = described().openapi()["components"]["schemas"]
    assert [name for name in shapes if name.startswith("web__")] == []


def test_no_server_error_and_no_undocumented_status(mini_db: Engine, data_dir: Path) -> None:
    with serving(mini_db, data_dir) as server, requests.Session() as session:
        said = {"username": "commander", "password": PASSWORD}
        session.headers["X-CSRF-Token"] = session.post(f"{server.url}/api/session", json=said).json()["csrf"]
        description = session.get(f"{server.url}/api/openapi.json").json()
        for path in list(description["paths"]):
            if path.endswith("/stream") or path == "/api/session":
                del description["paths"][path]  # an endless answer; and logging out would end the walk
        tried = 0
        for found in schemathesis.openapi.from_dict(description).get_all_operations():
            operation = found.ok()

            @PLENTY
            @given(case=operation.as_strategy())
            def walk(case: schemathesis.Case) -> None:
                nonlocal tried
                tried += 1
                answer = case.call(base_url=server.url, session=session, cookies=dict(session.cookies))
                case.validate_response(answer, checks=WANTED)

            walk()
        assert tried > 200
