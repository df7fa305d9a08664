"""The same story in live and in a drill, on the demo district; the drill leaves not one row in live."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from command import worlds
from gis_data.world import SYSTEM
from tests.conftest import Person, app_on

STEPS = ("acknowledged", "departed", "arrived", "working", "released")


def _story(operator: Person, commander: Person, world: str) -> dict[str, int]:
    """Report → recommend → dispatch → a road on the way is closed → re-routed → each step → closed."""
    base = f"/api/worlds/{world}"
    lon, lat = _centre(operator)
    incident = operator.post(f"{base}/incidents", kind="flood", title="下穿积水 DEMO", lon=lon, lat=lat)
    offers = operator.get(f"{base}/incidents/{incident['id']}/recommendations")["offers"]
    sent = operator.post(f"{base}/incidents/{incident['id']}/dispatches", team_id=offers[0]["team_id"])
    way = sent["route"]["coordinates"]
    at = [sum(ends) / 2 for ends in zip(*way[len(way) // 2 - 1 :][:2], strict=True)]  # on a road, not at a junction
    operator.post(f"{base}/closures", lon=at[0], lat=at[1], reason="积水 DEMO")
    now = operator.get(f"{base}/board")["dispatches"][sent["id"]]
    assert now["route_note"]
    assert now["route"] != sent["route"]
    for to in STEPS:
        operator.post(f"{base}/dispatches/{sent['id']}/advance", 200, to=to)
    commander.post(f"{base}/incidents/{incident['id']}/close", 200, ground="积水已退 DEMO")
    board = operator.get(f"{base}/board")
    assert board["world"]["kind"] == ("live" if world == "live" else "drill")
    assert (board["incidents"], board["dispatches"]) == ({}, {})
    return {"entries": len(operator.get(f"{base}/journal", limit=1000)), "closures": len(board["closures"])}


def _centre(person: Person) -> tuple[float, float]:
    teams = person.get("/api/worlds/live/board")["teams"].values()
    floods = [t for t in teams if "flood" in t["hazards"]]
    return sum(t["lon"] for t in floods) / len(floods), sum(t["lat"] for t in floods) / len(floods)


def _rows(engine: Engine, schema: str) -> dict[str, int]:
    tables = inspect(engine).get_table_names(schema)
    with engine.connect() as connection:
        return {t: connection.scalar(text(f'select count(*) from "{schema}"."{t}"')) or 0 for t in tables}


def test_a_drill_runs_the_same_story_and_leaves_nothing_in_live(demo_db: Engine, data_dir: Path) -> None:
    worlds.create_drill(demo_db, SYSTEM, "drill-rain", "突发强降雨")
    with app_on(demo_db, data_dir) as client:
        operator, commander = (Person(client).beside().log_in(role) for role in ("operator", "commander"))
        before = {schema: _rows(demo_db, schema) for schema in ("live", "gis")}
        opened = len(operator.get("/api/worlds/drill-rain/journal"))
        in_drill = _story(operator, commander, "drill-rain")
        after = {schema: _rows(demo_db, schema) for schema in ("live", "gis")}
        assert after == before
        loads = len(operator.get("/api/worlds/live/journal", limit=1000))
        in_live = _story(operator, commander, "live")
        assert (in_live["entries"] - loads, in_live["closures"]) == (
            in_drill["entries"] - opened, in_drill["closures"],
        )  # fmt: skip
