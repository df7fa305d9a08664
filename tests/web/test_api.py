"""The handbook's cases over HTTP, and what HTTP adds: problem details, tiles, places, health."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from gis_data.demo.xh_mini import NODES
from tests.conftest import Person, middle

LIVE = "/api/worlds/live"


def _at(node: str) -> dict[str, float]:
    return dict(zip(("lon", "lat"), NODES[node], strict=True))


def _offers(person: Person, incident: str) -> list[tuple[str, float]]:
    teams = {id_: t["code"] for id_, t in person.get(f"{LIVE}/board")["teams"].items()}
    found = person.get(f"{LIVE}/incidents/{incident}/recommendations")
    return [(teams[o["team_id"]], round(o["eta_s"] / 60, 3)) for o in found["offers"]]


def test_the_handbooks_dispatch_and_closure_cases(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    incident = operator.post(f"{LIVE}/incidents", kind="flood", title="C3 积水", **_at("C3"))["id"]
    assert _offers(operator, incident) == [("T2", 4.3), ("T1", 7.3)]
    closure = operator.post(
        f"{LIVE}/closures", reason="积水 28 cm", **dict(zip(("lon", "lat"), middle("N2–N3"), strict=True))
    )
    assert _offers(operator, incident) == [("T2", 4.3), ("T1", 7.6)]
    found = operator.get(f"{LIVE}/incidents/{incident}/recommendations")
    assert found["closures"] == [closure["id"]]
    assert found["offers"][1]["distance_m"] == pytest.approx(1300)
    operator.post(f"{LIVE}/closures/{closure['id']}/lift", 200, reason="水退")
    assert _offers(operator, incident) == [("T2", 4.3), ("T1", 7.3)]


def test_a_busy_team_is_409_and_a_second_choice_without_reason_422(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    teams = {t["code"]: id_ for id_, t in operator.get(f"{LIVE}/board")["teams"].items()}
    incident = operator.post(f"{LIVE}/incidents", kind="flood", title="积水", **_at("C3"))["id"]
    dispatches = f"{LIVE}/incidents/{incident}/dispatches"
    problem = operator.post(dispatches, 422, team_id=teams["T1"])
    assert (problem["field"], problem["status"]) == ("reason", 422)
    operator.post(dispatches, team_id=teams["T2"])
    problem = operator.post(dispatches, 409, team_id=teams["T2"])
    assert "已出动" in problem["detail"]
    assert "already out" in problem["detail_en"]


def test_a_route_between_two_points(people: Callable[[str], Person]) -> None:
    (a, b), (c, d) = NODES["N1"], NODES["N3"]
    found = people("viewer").get(f"{LIVE}/route", from_lon=a, from_lat=b, to_lon=c, to_lat=d)
    assert found["ways"][0]["metres"] == pytest.approx(900)
    assert found["ways"][0]["seconds"] == pytest.approx(108)


def test_a_report_by_the_name_of_a_place(people: Callable[[str], Person], mini_db: object) -> None:
    operator = people("operator")
    assert operator.get("/api/places", q="没有这个地方") == []
    operator.get("/api/places", 422, q="")
    assert [(p["name"], p["kind"], p["id"]) for p in operator.get("/api/places", q="N2–N3")] == [
        ("N2–N3", "road", None)
    ]
    operator.post(f"{LIVE}/incidents", 404, kind="flood", title="积水", place_id=1)
    problem = operator.post(f"{LIVE}/incidents", 422, kind="flood", title="积水")
    assert problem["field"] == "lon"
    problem = operator.post(f"{LIVE}/incidents", 422, kind="flood", **_at("C3"))
    assert (problem["field"], problem["detail"]) == ("title", "“title”填写有误：必填。")


def test_a_safe_retry_is_one_report(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    said = {"id": "6b1f7f8e-0000-4000-8000-000000000001", "kind": "flood", "title": "积水", **_at("C1")}
    first = operator.post(f"{LIVE}/incidents", **said)
    assert operator.post(f"{LIVE}/incidents", 200, **said) == first


def test_tiles_are_compressed_and_keep_their_etag(people: Callable[[str], Person]) -> None:
    viewer = people("viewer")
    lon, lat = NODES["N2"]
    import mercantile

    tile = mercantile.tile(lon, lat, 14)
    path = f"/api/tiles/roads/14/{tile.x}/{tile.y}.mvt"
    answer = viewer.client.get(path, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
    assert b"N2" in answer.content  # a road's name
    again = viewer.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = viewer.client.get(path, headers={"Accept-Encoding": "identity"})
    assert plain.content == answer.content
    assert gzip.compress(plain.content) != plain.content
    assert viewer.client.get("/api/tiles/roads/14/0/0.mvt").status_code == 204
    assert viewer.client.get("/api/tiles/nothing/14/0/0.mvt").status_code == 404
    assert viewer.client.get("/api/tiles/roads/3/9/9.mvt").status_code == 422


def test_health_and_metrics_say_no_more_than_they_must(people: Callable[[str], Person]) -> None:
    client = people("viewer").client
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    text = client.get("/metrics").text
    assert 'baochu_requests_total{method="POST",route="/api/session",status="200"}' in text


def test_the_journal_reads_as_sentences(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    operator.post(f"{LIVE}/incidents", kind="flood", title="文一路下穿积水", **_at("C3"))
    last = operator.get(f"{LIVE}/journal", limit=1000)[-1]
    assert last["zh"].startswith("接报洪涝：文一路下穿积水")
    assert last["en"].startswith("Flood reported")


def test_a_drill_says_so_in_every_answer(people: Callable[[str], Person]) -> None:
    admin = people("admin")
    admin.post("/api/worlds", name="drill-say", title="演练")
    answer = admin.client.get("/api/worlds/drill-say/board")
    assert (answer.headers["x-world-kind"], answer.json()["world"]["kind"]) == ("drill", "drill")
    assert admin.client.get(f"{LIVE}/board").headers["x-world-kind"] == "live"
