"""Rain over the demo district: its towns, and what drains to its water gauges on its terrain."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from command import rain_field
from command.gauge_views import gauges, rain_over
from command.glance import glance
from command.observations import take
from command.stations import Source
from gis_data.clock import monotonic_s
from gis_data.db import reading
from gis_data.errors import Invalid
from gis_data.world import get_world


@pytest.fixture
def _terrain(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The terrain lies where the district was loaded."""
    monkeypatch.setattr("command.gauge_views.settings", lambda: type("Here", (), {"data": data_dir})())


@pytest.mark.usefixtures("_terrain")
def test_even_rain_is_even_over_towns_and_catchments(demo_db: Engine) -> None:
    world = get_world(demo_db, "live")
    with reading(world) as tx:
        now = tx.at.replace(minute=tx.at.minute // 5 * 5, second=0, microsecond=0)
    rows = [
        {"station": f"R-{n:02d}", "at": (now - timedelta(minutes=5 * k)).isoformat(), "value": 1 + k % 2}
        for n in range(1, 15)
        for k in range(36)
        if n != 9 or k > 8
    ]
    assert take(world, rows, Source("test")).stored == len(rows)
    with reading(world) as tx:
        states = {g["code"]: g["state"] for g in gauges(tx)}
        assert states["R-09"] == "silent"
        assert set(states.values()) == {"fresh", "silent", "never"}
        for by, count in (("town", 12), ("catchment", 6)):
            found = rain_over(tx, by, "thiessen")
            assert len(found.areas) == count
            for area in found.areas:
                assert area["rain"][1]["mm"] == pytest.approx(54), (by, area)
                assert area["rain"][2]["mm"] is None
            assert found.unknown[3] == ["R-09"]
    with reading(world) as tx:  # as it stood an hour ago
        then = now - timedelta(hours=1)
        before = {g["code"]: g for g in gauges(tx, then)}
        assert {(before[code]["state"], before[code]["last_at"]) for code in ("R-01", "R-09")} == {("fresh", then)}
        for area in rain_over(tx, "town", "thiessen", then).areas:
            assert (area["rain"][0]["mm"], area["rain"][1]["mm"]) == (pytest.approx(18), None)
        looked, present = glance(tx, then), glance(tx)
        assert {feed.id: feed.at for feed in looked.feeds} == {"gauges": then, "warnings": None, "models": None}
        assert {feed.id: feed.at for feed in present.feeds if feed.id in ("gauges", "phones")} == {
            "gauges": now, "phones": None,
        }  # fmt: skip
        assert (looked.online, present.online) == (14, 13)
        with pytest.raises(Invalid):
            gauges(tx, now - timedelta(days=60))
    with reading(world) as tx:
        rain_field.over_district(tx, 3, None)  # the grid is made when first asked for
        began = monotonic_s()
        now_shown, before = (rain_field.over_district(tx, 3, at) for at in (None, now - timedelta(hours=1)))
        assert monotonic_s() - began < 1.0  # two answers
        assert now_shown["unknown"] == ["R-09"]
        assert now_shown["error_mm"] == pytest.approx(0, abs=1e-6)
        known = [town for town in now_shown["towns"] if town["mm"] is not None]
        assert known
        assert all((town["mm"], town["thiessen_mm"], town["known_share"]) == (54, 54, 1) for town in known)
        storm = next(step for step in now_shown["legend"] if step["zh"] == "暴雨")
        assert storm["from_mm"] == 20
        shares = {step["zh"]: step["share"] for step in now_shown["legend"]}
        assert shares["大暴雨"] + now_shown["unknown_share"] == pytest.approx(1, abs=1e-3)
        assert before["gauges"] == []  # an hour ago two hours of the three were known
        (hour,) = (rain_field.over_district(tx, 1, now - timedelta(hours=1)),)
        assert {gauge["mm"] for gauge in hour["gauges"]} == {18}
        assert hour["picture"].startswith("data:image/png;base64,")
