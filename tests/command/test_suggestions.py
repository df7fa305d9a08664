"""Suggested closures: a gauge or a model says, a person decides; water that falls reopens nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from command import board, closures, suggestions
from command.journal import verify
from command.suggestions import Finding
from gis_data.db import reading, writing
from gis_data.errors import Conflict, Denied, Invalid
from gis_data.world import SYSTEM, Actor, World, get_world
from tests.command.points import add_points
from tests.conftest import middle

POLICE = Actor("operator", "交警大队值班岗", "operator")
VIEWER = Actor("viewer", "浏览", "viewer")


@pytest.fixture
def underpass(mini_db: Engine) -> World:
    """XH-MINI with these points."""
    add_points(mini_db)
    return get_world(mini_db, "live")


def told(world: World) -> list[tuple[str, float]]:
    with reading(world) as tx:
        rows = board.items(tx.session, "suggestions").values()
        return sorted((row["place"], round(row["depth_m"], 3)) for row in rows)


def words(world: World) -> list[str]:
    with reading(world) as tx:
        return [str(zh) for (zh,) in tx.session.execute(text("select body->>'zh' from live.journal order by seq"))]


def only(world: World) -> board.Item:
    with reading(world) as tx:
        (row,) = board.items(tx.session, "suggestions").values()
        return row


def test_the_handbooks_underpass(underpass: World) -> None:
    suggestions.by_gauges(underpass, {"D-03": 0.26})
    assert told(underpass) == []
    suggestions.by_gauges(underpass, {"D-03": 0.28})
    assert told(underpass) == [("演示下穿", 0.28)]
    row = only(underpass)
    with reading(underpass) as tx:
        assert board.items(tx.session, "closures") == {}  # suggested, not closed
    assert "28 厘米" in row["evidence"]["zh"]
    with writing(underpass, POLICE) as tx:
        closure = suggestions.confirm(tx, row["id"], "交警现场确认")
        assert (closure.road_ids, closure.road_name) == (row["road_ids"], "演示下穿")
    suggestions.by_gauges(underpass, {"D-03": 0.20})  # 0.8 · 27 cm is 21.6: the water is gone, and nothing reopens
    with reading(underpass) as tx:
        assert list(board.items(tx.session, "closures")) == [str(closure.id)]
        assert verify(tx).broken_at is None
    assert words(underpass)[-1] == "演示下穿水深降至 20 厘米，核实后可解除封控"
    assert told(underpass) == []


def test_one_water_is_asked_about_once(underpass: World) -> None:
    suggestions.by_gauges(underpass, {"D-03": 0.30})
    with writing(underpass, POLICE) as tx:
        suggestions.dismiss(tx, only(underpass)["id"], "传感器被漂浮物遮挡，现场无积水")
    suggestions.by_gauges(underpass, {"D-03": 0.45})
    assert told(underpass) == []
    suggestions.by_gauges(underpass, {"D-03": 0.05})
    suggestions.by_gauges(underpass, {"D-03": 0.31})
    assert told(underpass) == [("演示下穿", 0.31)]


def test_small_changes_are_not_said_and_falling_water_is_withdrawn(underpass: World) -> None:
    suggestions.by_gauges(underpass, {"D-03": 0.30, "D-09": 0.42})
    assert told(underpass) == [("演示下穿", 0.3), ("演示积水点", 0.42)]
    before = len(words(underpass))
    suggestions.by_gauges(underpass, {"D-03": 0.31, "D-09": 0.42})
    assert len(words(underpass)) == before
    suggestions.by_gauges(underpass, {"D-03": 0.24, "D-09": 0.60})  # between release and limit: it stands
    assert told(underpass) == [("演示下穿", 0.24), ("演示积水点", 0.6)]
    suggestions.by_gauges(underpass, {"D-09": 0.1})
    assert told(underpass) == [("演示下穿", 0.24)]


def test_a_road_that_is_closed_needs_no_suggestion(underpass: World) -> None:
    with writing(underpass, POLICE) as tx:
        closures.close(tx, *middle("N2–N3"), "积水")
    suggestions.by_gauges(underpass, {"D-03": 0.5})
    assert told(underpass) == []


def test_who_decides_says_why_and_only_once(underpass: World) -> None:
    suggestions.by_gauges(underpass, {"D-03": 0.30})
    id_ = only(underpass)["id"]
    with pytest.raises(Denied), writing(underpass, VIEWER) as tx:
        suggestions.confirm(tx, id_, "我看到了")
    for decide in (suggestions.confirm, suggestions.dismiss):
        with pytest.raises(Invalid) as wrong, writing(underpass, POLICE) as tx:
            decide(tx, id_, " ")
        assert wrong.value.field == "note"
    with writing(underpass, POLICE) as tx:
        suggestions.confirm(tx, id_, "交警确认")
    with pytest.raises(Conflict), writing(underpass, POLICE) as tx:
        suggestions.dismiss(tx, id_, "误报")


def test_a_model_takes_back_what_it_no_longer_finds(underpass: World) -> None:
    with reading(underpass) as tx:
        roads = dict(tx.session.execute(text("select name, id from gis.road")).all())

    def finding(road: str, depth_m: float) -> Finding:
        return Finding(f"model:name:{road}", road, (roads[road],), depth_m, 0.27, f"{road} 积水", f"water on {road}")

    with writing(underpass, SYSTEM) as tx:
        suggestions.suggest(tx, "model", [finding("N1–N2", 0.5), finding("N3–N4", 0.3), finding("N4–N5", 0.2)])
    assert told(underpass) == [("N1–N2", 0.5), ("N3–N4", 0.3)]
    suggestions.by_gauges(underpass, {"D-03": 0.30})
    with writing(underpass, SYSTEM) as tx:
        suggestions.withdraw(tx, "model", ["model:name:N1–N2"])
    assert told(underpass) == [("N1–N2", 0.5), ("演示下穿", 0.3)]


def test_a_gauge_speaks_for_its_road_and_the_model_is_quiet(underpass: World) -> None:
    with reading(underpass) as tx:
        road = tx.session.scalar(text("select id from gis.road where name = 'N2–N3'"))
    modelled = Finding("model:name:N2–N3", "N2–N3", (road,), 0.9, 0.27, "模型推算 N2–N3", "the model says N2–N3")
    with writing(underpass, SYSTEM) as tx:
        suggestions.suggest(tx, "model", [modelled])
    assert told(underpass) == [("N2–N3", 0.9)]
    suggestions.by_gauges(underpass, {"D-03": 0.30})
    assert told(underpass) == [("演示下穿", 0.3)]
    with writing(underpass, SYSTEM) as tx:
        assert suggestions.suggest(tx, "model", [modelled]) == []
    assert told(underpass) == [("演示下穿", 0.3)]
