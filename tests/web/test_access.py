"""Every route is walked: nobody passes without a log-in, and no role passes where it has no right."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from command.access import ROLES
from tests.conftest import PASSWORD, Person, app_on

OPEN = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/openapi.json",
    "POST /api/session",
    "/api/session/ways",
    "/api/session/oidc/start",
    "/api/session/oidc/callback",
}
OWN = {"POST /api/session", "DELETE /api/session", "POST /api/session/password"}
"""What everybody does to the session and the password of their own."""
NEEDS = {
    "POST /api/worlds": "world.create",
    "DELETE /api/worlds/{world}": "world.drop",
    "PUT /api/worlds/{world}/clock": "clock.set",
    "POST /api/worlds/{world}/incidents": "incident.report",
    "POST /api/worlds/{world}/incidents/{incident_id}/close": "incident.close",
    "POST /api/worlds/{world}/incidents/{incident_id}/dispatches": "dispatch.order",
    "POST /api/worlds/{world}/incidents/{incident_id}/needs": "dispatch.order",
    "POST /api/worlds/{world}/incidents/{incident_id}/reports/draft": "report.draft",
    "POST /api/worlds/{world}/incidents/{incident_id}/reports/send": "report.send",
    "POST /api/worlds/{world}/incidents/{incident_id}/grade": "report.draft",
    "POST /api/worlds/{world}/incidents/{incident_id}/cause": "report.draft",
    "POST /api/worlds/{world}/incidents/{incident_id}/losses": "report.draft",
    "POST /api/worlds/{world}/incidents/{incident_id}/losses/check": "board.read",
    "POST /api/worlds/{world}/documents": "report.draft",
    "POST /api/worlds/{world}/documents/{document_id}": "report.draft",
    "POST /api/worlds/{world}/documents/{document_id}/release": "report.send",
    "POST /api/worlds/{world}/documents/{document_id}/drop": "report.draft",
    "POST /api/worlds/{world}/allocation": "board.read",
    "POST /api/worlds/{world}/allocation/accept": "dispatch.order",
    "POST /api/worlds/{world}/allocation/stand-by": "board.read",
    "POST /api/worlds/{world}/allocation/stand-by/accept": "task.issue",
    "POST /api/worlds/{world}/dispatches/{dispatch_id}/advance": "dispatch.advance",
    "POST /api/worlds/{world}/teams/{team_id}/state": "team.state",
    "POST /api/worlds/{world}/closures": "closure.set",
    "POST /api/worlds/{world}/closures/{closure_id}/lift": "closure.lift",
    "POST /api/worlds/{world}/matrix": "board.read",
    "POST /api/worlds/{world}/areas": "board.read",
    "POST /api/worlds/{world}/coverage": "board.read",
    "POST /api/worlds/{world}/track": "board.read",
    "POST /api/worlds/{world}/readings": "board.read",  # of nobody: a source's key lets in, and no role does
    "POST /api/worlds/{world}/suggestions/{suggestion_id}/confirm": "closure.set",
    "POST /api/worlds/{world}/suggestions/{suggestion_id}/dismiss": "closure.set",
    "POST /api/worlds/{world}/runs/flood": "model.run",
    "POST /api/worlds/{world}/screens/{name}/show": "screen.show",
    "POST /api/worlds/{world}/screens/{name}/release": "screen.show",
    "PUT /api/worlds/{world}/screens/{name}": "screen.show",
    "POST /api/worlds/{world}/incidents/{incident_id}/sensitive": "incident.sensitive",
    "POST /api/worlds/{world}/runs/fire": "model.run",
    "POST /api/worlds/{world}/exposure": "board.read",
    "POST /api/worlds/{world}/viewshed": "board.read",
    "POST /api/worlds/{world}/line-of-sight": "board.read",
    "POST /api/worlds/{world}/chemical-zones": "board.read",
    "POST /api/worlds/{world}/fire-danger": "board.read",
    "POST /api/worlds/{world}/fire-danger/place": "board.read",
    "POST /api/worlds/{world}/fire-danger/map": "board.read",
    "POST /api/worlds/{world}/fire-danger/days": "model.run",
    "POST /api/worlds/{world}/receipts/{gateway}": "board.read",  # of nobody: a signature lets in
    "POST /api/worlds/{world}/gas-plume": "board.read",
    "POST /api/worlds/{world}/heat-radii": "board.read",
    "POST /api/worlds/{world}/runs/{run_id}/cancel": "model.run",
    "POST /api/worlds/{world}/runs/{run_id}/away": "model.run",
    "POST /api/worlds/{world}/warnings": "warning.enter",
    "POST /api/worlds/{world}/warnings/cap": "warning.enter",
    "POST /api/worlds/{world}/warnings/{warning_id}/lift": "warning.enter",
    "POST /api/worlds/{world}/cyclones": "warning.enter",
    "POST /api/worlds/{world}/cyclones/file": "warning.enter",
    "POST /api/worlds/{world}/cyclones/feed": "board.read",  # of nobody: a source's key lets in
    "POST /api/worlds/{world}/cyclones/{cyclone_id}/end": "warning.enter",
    "POST /api/worlds/{world}/hazards/{register}/{code}/patrol": "patrol.report",
    "POST /api/worlds/{world}/situations": "situation.keep",
    "POST /api/worlds/{world}/incidents/{incident_id}/marks": "scene.mark",
    "POST /api/worlds/{world}/incidents/{incident_id}/zones": "scene.mark",
    "POST /api/worlds/{world}/incidents/{incident_id}/stages": "scene.mark",
    "POST /api/worlds/{world}/marks/{mark_id}/decide": "scene.decide",
    "POST /api/worlds/{world}/alarms/acknowledge": "alarm.answer",
    "POST /api/worlds/{world}/alarms/mute": "alarm.answer",
    "POST /api/worlds/{world}/alarms/{station}/look": "task.issue",
    "POST /api/worlds/{world}/tasks/{task_id}/finding": "task.act",
    "POST /api/worlds/{world}/marks/{mark_id}/end": "scene.mark",
    "POST /api/worlds/{world}/field/acts": "field.sync",
    "POST /api/worlds/{world}/tasks": "task.issue",
    "POST /api/worlds/{world}/tasks/{task_id}/steps": "task.act",
    "POST /api/worlds/{world}/tasks/{task_id}/cancel": "task.issue",
    "POST /api/worlds/{world}/tasks/{task_id}/attachments": "task.act",
    "POST /api/worlds/{world}/callouts": "callout.make",
    "POST /api/worlds/{world}/callouts/{callout_id}/records/{record_id}/step": "callout.answer",
    "POST /api/worlds/{world}/callouts/{callout_id}/close": "callout.make",
    "POST /api/worlds/{world}/duty/shifts": "duty.keep",
    "POST /api/worlds/{world}/duty/shifts/{shift_id}/items/{item_id}/accept": "duty.keep",
    "POST /api/worlds/{world}/duty/shifts/{shift_id}/start": "duty.keep",
    "POST /api/worlds/{world}/duty/shifts/{shift_id}/relist": "duty.keep",
    "POST /api/worlds/{world}/duty/shifts/{shift_id}/drop": "duty.keep",
    "POST /api/worlds/{world}/duty/log": "duty.keep",
    "POST /api/worlds/{world}/duty/log/{entry_id}/close": "duty.keep",
    "POST /api/worlds/{world}/duty/rolls": "duty.keep",
    "POST /api/worlds/{world}/duty/rolls/{roll_id}/rows/{row_id}": "duty.keep",
    "POST /api/worlds/{world}/reminders": "duty.keep",
    "PUT /api/worlds/{world}/reminders/{reminder_id}": "duty.keep",
    "POST /api/worlds/{world}/reminders/{reminder_id}/approve": "reminder.approve",
    "POST /api/worlds/{world}/reminders/{reminder_id}/send": "duty.keep",
    "POST /api/worlds/{world}/headcounts": "headcount.report",
    "POST /api/worlds/{world}/responses/notices": "response.propose",
    "POST /api/worlds/{world}/responses/{response_id}/review": "response.propose",
    "POST /api/worlds/{world}/decisions": "response.propose",
    "POST /api/worlds/{world}/decisions/{decision_id}/consult": "response.propose",
    "POST /api/worlds/{world}/decisions/{decision_id}/submit": "response.propose",
    "POST /api/worlds/{world}/decisions/{decision_id}/withdraw": "response.propose",
    "POST /api/worlds/{world}/decisions/{decision_id}/approve": "response.approve",
    "POST /api/worlds/{world}/decisions/{decision_id}/reject": "response.approve",
    "POST /api/plans": "plan.load",
    "POST /api/worlds/{world}/transfers": "transfer.draft",
    "POST /api/worlds/{world}/transfers/{order_id}/issue": "transfer.order",
    "POST /api/worlds/{world}/transfers/{order_id}/cancel": "transfer.draft",
    "POST /api/worlds/{world}/transfers/{order_id}/replan": "transfer.order",
    "POST /api/worlds/{world}/transfers/{order_id}/force": "transfer.draft",
    "POST /api/worlds/{world}/transfers/{order_id}/force/confirm": "transfer.order",
    "POST /api/worlds/{world}/transfers/{order_id}/release": "transfer.order",
    "POST /api/worlds/{world}/transfers/{order_id}/end": "transfer.order",
    "POST /api/worlds/{world}/transfers/{order_id}/steps": "transfer.report",
    "POST /api/worlds/{world}/transfers/{order_id}/persons/{code}/identity": "person.read",
    "POST /api/worlds/{world}/cards/print": "person.read",
    "POST /api/worlds/{world}/shelters/{code}/state": "shelter.keep",
    "POST /api/worlds/{world}/shelters/{code}/registrations": "shelter.keep",
    "POST /api/worlds/{world}/shelters/{code}/registrations/paper": "shelter.keep",
    "POST /api/worlds/{world}/stocks/{code}/moves": "stock.move",
    "POST /api/sources": "account.manage",
    "POST /api/sources/{source_id}/revoke": "account.manage",
    "POST /api/accounts": "account.manage",
    "PUT /api/accounts/{username}": "account.manage",
    "POST /api/accounts/{username}/disable": "account.manage",
    "POST /api/accounts/{username}/enable": "account.manage",
    "POST /api/accounts/{username}/password": "account.manage",
    "POST /api/imports": "register.load",
    "POST /api/imports/service": "register.load",
    "POST /api/imports/{job_id}/mapping": "register.load",
    "POST /api/imports/{job_id}/check": "register.load",
    "POST /api/imports/{job_id}/confirm": "register.load",
    "POST /api/imports/{job_id}/drop": "register.load",
    "POST /api/registers/{key}": "register.edit",
    "POST /api/registers/{key}/check": "register.read",
    "POST /api/registers/{key}/bulk/preview": "register.edit",
    "POST /api/registers/{key}/bulk": "register.edit",
    "PUT /api/registers/{key}/{row_id}": "register.edit",
    "POST /api/registers/{key}/{row_id}/close": "register.edit",
    "POST /api/registers/{key}/{row_id}/reopen": "register.edit",
    "POST /api/registers/{key}/{row_id}/identity": "person.read",
}
"""What each route that changes something, or asks with a body, needs."""
_NOBODY = "00000000-0000-0000-0000-000000000000"
_SPOT = {"lon": 120.1, "lat": 30.25}
_KEY = "11111111-1111-1111-1111-111111111111"
BODIES = {
    "POST /api/worlds/{world}/callouts": {"text": "走查"},
    "POST /api/worlds/{world}/callouts/{callout_id}/records/{record_id}/step": {"to": "reached"},
    "POST /api/worlds/{world}/callouts/{callout_id}/close": {"reason": "走查"},
    "POST /api/worlds/{world}/duty/shifts": {},
    "POST /api/worlds/{world}/duty/shifts/{shift_id}/drop": {"reason": "走查"},
    "POST /api/worlds/{world}/duty/log": {"content": "走查"},
    "POST /api/worlds/{world}/duty/log/{entry_id}/close": {"closure": "走查"},
    "POST /api/worlds/{world}/duty/rolls": {"kind": "call_test", "title": "走查", "names": ["甲"]},
    "POST /api/worlds/{world}/duty/rolls/{roll_id}/rows/{row_id}": {"result": "present"},
    "PUT /api/worlds/{world}/reminders/{reminder_id}": {"text": "走查"},
    "POST /api/worlds/{world}/reminders/{reminder_id}/send": {},
    "POST /api/worlds/{world}/headcounts": {"dispatch_id": "00000000-0000-0000-0000-000000000000", "counted": 1},
    "POST /api/worlds": {"name": "drill-walk", "title": "走查"},
    "POST /api/worlds/{world}/situations": {"note": "走查"},
    "POST /api/worlds/{world}/incidents/{incident_id}/marks": {
        "kind": "monitor",
        "geometry": {"type": "Point", "coordinates": [120.1, 30.25]},
    },
    "POST /api/worlds/{world}/incidents/{incident_id}/zones": {"un_number": "1005", "wind_from_deg": 90},
    "POST /api/worlds/{world}/incidents/{incident_id}/stages": {"to": "out"},
    "POST /api/worlds/{world}/marks/{mark_id}/decide": {"decision": "evacuate", "reason": "走查"},
    "POST /api/worlds/{world}/tasks/{task_id}/finding": {"result": "false"},
    "POST /api/worlds/{world}/marks/{mark_id}/end": {"finding": "走查"},
    "POST /api/worlds/{world}/field/acts": {"acts": []},
    "PUT /api/worlds/{world}/clock": {"speed": 1},
    "POST /api/worlds/{world}/incidents": {"kind": "flood", "title": "走查", "lon": 120.1, "lat": 30.25},
    "POST /api/worlds/{world}/incidents/{incident_id}/close": {"ground": "走查"},
    "POST /api/worlds/{world}/incidents/{incident_id}/dispatches": {"team_id": "00000000-0000-0000-0000-000000000000"},
    "POST /api/worlds/{world}/incidents/{incident_id}/needs": {"needs": []},
    "POST /api/worlds/{world}/incidents/{incident_id}/reports/draft": {"overview": "走查"},
    "POST /api/worlds/{world}/incidents/{incident_id}/reports/send": {"to": "走查"},
    "POST /api/worlds/{world}/incidents/{incident_id}/grade": {"dead": 0},
    "POST /api/worlds/{world}/incidents/{incident_id}/cause": {"cause": "rain"},
    "POST /api/worlds/{world}/incidents/{incident_id}/losses": {"towns": {}, "district": {}},
    "POST /api/worlds/{world}/incidents/{incident_id}/losses/check": {"towns": {}, "district": {}},
    "POST /api/worlds/{world}/documents": {"kind": "flash", "incident_id": _NOBODY},
    "POST /api/worlds/{world}/documents/{document_id}": {"title": "走查", "paragraphs": [{"text": "走查"}]},
    "POST /api/worlds/{world}/allocation": {},
    "POST /api/worlds/{world}/allocation/accept": {"moves": [{"team_id": _NOBODY, "incident_id": _NOBODY}]},
    "POST /api/worlds/{world}/allocation/stand-by": {},
    "POST /api/worlds/{world}/allocation/stand-by/accept": {"moves": [{"team_id": _NOBODY, "place_id": _NOBODY}]},
    "POST /api/worlds/{world}/dispatches/{dispatch_id}/advance": {"to": "departed"},
    "POST /api/worlds/{world}/teams/{team_id}/state": {"state": "resting"},
    "POST /api/worlds/{world}/closures": {"lon": 120.1, "lat": 30.25, "reason": "走查"},
    "POST /api/worlds/{world}/closures/{closure_id}/lift": {"reason": "走查"},
    "POST /api/worlds/{world}/matrix": {"sources": [_SPOT], "targets": [_SPOT]},
    "POST /api/worlds/{world}/areas": {"points": [_SPOT]},
    "POST /api/worlds/{world}/coverage": {},
    "POST /api/worlds/{world}/track": {"points": [_SPOT]},
    "POST /api/worlds/{world}/suggestions/{suggestion_id}/confirm": {"note": "走查"},
    "POST /api/worlds/{world}/suggestions/{suggestion_id}/dismiss": {"note": "走查"},
    "POST /api/worlds/{world}/runs/flood": {"forecast_mmh": [10]},
    "POST /api/worlds/{world}/alarms/acknowledge": {"alarms": [{"kind": "gauge", "id": "R-07"}]},
    "POST /api/worlds/{world}/alarms/mute": {"minutes": 5},
    "POST /api/worlds/{world}/screens/{name}/show": {"scene": "daily", **_SPOT, "zoom": 12},
    "PUT /api/worlds/{world}/screens/{name}": {"home": "daily", "sensitive": "hide"},
    "POST /api/worlds/{world}/incidents/{incident_id}/sensitive": {"sensitive": True, "reason": "走查"},
    "POST /api/worlds/{world}/runs/fire": {**_SPOT, "wind_ms": 3, "wind_from_deg": 90},
    "POST /api/worlds/{world}/exposure": {
        "area": {"type": "Polygon", "coordinates": [[[120.1, 30.2], [120.2, 30.2], [120.2, 30.3], [120.1, 30.2]]]}
    },
    "POST /api/worlds/{world}/viewshed": _SPOT,
    "POST /api/worlds/{world}/line-of-sight": {**_SPOT, "to_lon": 120.11, "to_lat": 30.2},
    "POST /api/worlds/{world}/chemical-zones": {**_SPOT, "un_number": "1005", "wind_from_deg": 90},
    "POST /api/worlds/{world}/fire-danger": {"temperature_c": 20, "humidity": 40, "wind_kmh": 10},
    "POST /api/worlds/{world}/fire-danger/place": _SPOT,
    "POST /api/worlds/{world}/fire-danger/map": _SPOT,
    "POST /api/worlds/{world}/fire-danger/days": _SPOT,
    "POST /api/worlds/{world}/gas-plume": {
        **_SPOT,
        "rate_kg_s": 1,
        "levels": [{"mg_m3": 100}],
        "wind_from_deg": 90,
        "wind_ms": 3,
    },
    "POST /api/worlds/{world}/heat-radii": {**_SPOT, "kind": "pool", "fuel": "gasoline", "diameter_m": 10},
    "POST /api/worlds/{world}/warnings": {
        "kind": "rainstorm",
        "colour": "yellow",
        "starts_at": "2026-07-01T10:00:00+08:00",
        "area": "走查",
        "cautions": "走查",
        "measures": "走查",
        "issued_at": "2026-07-01T10:00:00+08:00",
    },
    "POST /api/worlds/{world}/warnings/{warning_id}/lift": {"reason": "走查"},
    "POST /api/worlds/{world}/cyclones": {
        "number": "2609",
        "agency": "走查",
        "fix": {"at": "2026-08-01T08:00:00+08:00", "lon": 125, "lat": 27},
    },
    "POST /api/worlds/{world}/cyclones/file": [
        {"number": "2609", "agency": "走查", "at": "2026-08-01 08:00", "lon": 125, "lat": 27}
    ],
    "POST /api/worlds/{world}/cyclones/{cyclone_id}/end": {"reason": "走查"},
    "POST /api/worlds/{world}/hazards/{register}/{code}/patrol": {"finding": "走查", "colour": "none"},
    "POST /api/worlds/{world}/tasks": {
        "text_zh": "走查",
        "organization": "走查",
        "due_at": "2099-01-01T00:00:00+08:00",
    },
    "POST /api/worlds/{world}/tasks/{task_id}/steps": {"to": "received"},
    "POST /api/worlds/{world}/tasks/{task_id}/cancel": {"reason": "走查"},
    "POST /api/worlds/{world}/responses/notices": {
        "track": "flood",
        "track_zh": "防汛",
        "track_en": "Flood",
        "jurisdiction": "330100",
        "jurisdiction_zh": "走查",
        "level": 4,
        "since": "2026-07-01T10:00:00+08:00",
        "document_no": "走查",
    },
    "POST /api/worlds/{world}/responses/{response_id}/review": {"review": "走查"},
    "POST /api/worlds/{world}/decisions": {"track": "walk", "jurisdiction": "330106", "to_level": 4, "ground": "走查"},
    "POST /api/worlds/{world}/decisions/{decision_id}/consult": {"attendees": "走查"},
    "POST /api/worlds/{world}/decisions/{decision_id}/submit": {},
    "POST /api/worlds/{world}/decisions/{decision_id}/approve": {},
    "POST /api/worlds/{world}/decisions/{decision_id}/reject": {"reason": "走查"},
    "POST /api/worlds/{world}/decisions/{decision_id}/withdraw": {"reason": "走查"},
    "POST /api/worlds/{world}/transfers": {"trigger": "走查", "deadline": "2099-07-01T10:00:00+08:00"},
    "POST /api/worlds/{world}/transfers/{order_id}/cancel": {"reason": "走查"},
    "POST /api/worlds/{world}/transfers/{order_id}/force": {"legal_basis": "走查"},
    "POST /api/worlds/{world}/transfers/{order_id}/release": {"findings": []},
    "POST /api/worlds/{world}/transfers/{order_id}/end": {"reason": "走查"},
    "POST /api/worlds/{world}/transfers/{order_id}/steps": {"key": _KEY, "to": "notified"},
    "POST /api/worlds/{world}/cards/print": {"households": ["走查"]},
    "POST /api/worlds/{world}/shelters/{code}/state": {"state": "open"},
    "POST /api/worlds/{world}/shelters/{code}/registrations": {"key": _KEY, "code": "走查"},
    "POST /api/worlds/{world}/shelters/{code}/registrations/paper": {"key": _KEY, "rows": [{}]},
    "POST /api/worlds/{world}/stocks/{code}/moves": {"key": _KEY, "quantity": -1, "reason": "走查"},
    "POST /api/sources": {"id": "walk", "name": "走查"},
    "POST /api/accounts": {"username": "walk", "name": "走查", "post": "走查", "role": "viewer"},
    "PUT /api/accounts/{username}": {"name": "走查", "post": "走查", "role": "viewer"},
    "POST /api/registers/{key}": {"values": {}},
    "POST /api/registers/{key}/check": {"values": {}},
    "POST /api/registers/{key}/bulk/preview": {"filter": {}, "values": {"note": "走查"}},
    "POST /api/registers/{key}/bulk": {"filter": {}, "values": {"note": "走查"}, "seen": "x", "reason": "走查"},
    "PUT /api/registers/{key}/{row_id}": {"version": 1},
    "POST /api/registers/{key}/{row_id}/close": {"version": 1, "reason": "走查"},
    "POST /api/registers/{key}/{row_id}/reopen": {"version": 1, "reason": "走查"},
}


def _routes(client: TestClient) -> list[tuple[str, str]]:
    paths = client.get("/api/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def _address(path: str) -> str:
    values = {
        "world": "live",
        "layer": "roads",
        "z": "14",
        "x": "13657",
        "y": "6750",
        "kind": "hillshade",
        "key": "reservoir",
        "register": "key_village",
        "gateway": "sms",
        "name": "大屏",
    }
    nobody = "00000000-0000-0000-0000-000000000000"
    query = "?name=a.jpg" if path.endswith("/attachments") else ""
    return re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], nobody), path) + query


def test_nobody_passes_without_a_log_in(mini_db: Engine, data_dir: object) -> None:
    with app_on(mini_db, data_dir) as client:  # type: ignore[arg-type]
        walked = 0
        for method, path in _routes(client):
            if path in OPEN or f"{method} {path}" in OPEN:
                continue
            answer = client.request(method, _address(path), json=BODIES.get(f"{method} {path}"))
            assert answer.status_code == 401, (method, path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            walked += 1
        assert walked > 20


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_passes_only_where_it_has_the_right(people: Callable[[str], Person], role: str) -> None:
    person = people(role)
    for method, path in _routes(person.client):  # type: ignore[arg-type]
        route = f"{method} {path}"
        if method in ("GET", "HEAD") or route in OWN:
            continue
        assert route in NEEDS, f"say what {route} needs"
        answer = person.client.request(method, _address(path), json=BODIES.get(route))
        allowed = NEEDS[route] in ROLES[role].permissions
        assert (answer.status_code != 403) == allowed, (role, route, answer.text)


def test_a_change_without_the_csrf_token_is_refused(people: Callable[[str], Person]) -> None:
    person = people("operator")
    del person.client.headers["X-CSRF-Token"]
    answer = person.client.post("/api/worlds/live/incidents", json=BODIES["POST /api/worlds/{world}/incidents"])
    assert answer.status_code == 403


def test_guessing_is_slowed_down(people: Callable[[str], Person]) -> None:
    person = people("viewer")
    tries = [
        person.client.post("/api/session", json={"username": "operator", "password": f"guess {n}"}).status_code
        for n in range(6)
    ]
    assert tries == [401] * 5 + [429]
    right = person.client.post("/api/session", json={"username": "operator", "password": PASSWORD})
    assert right.status_code == 429


def test_logging_out_ends_the_session(people: Callable[[str], Person]) -> None:
    person = people("viewer")
    cookie = person.client.cookies["baochu_session_xihu"]
    assert person.client.delete("/api/session").status_code == 204
    person.client.cookies["baochu_session_xihu"] = cookie
    person.get("/api/session", 401)
