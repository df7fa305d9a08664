"""The danger of the day stored with what it rests on: once a day by itself, and whenever a person says so. 参考."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.events import Event
from command.fire.danger import Asked
from command.fire.danger_map import over_district
from command.fire.danger_tables import FireDangerDay
from command.stations import read_stations
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, Writing, reading, writing
from gis_data.errors import BaochuError
from gis_data.settings import settings
from gis_data.tables.base import new_id
from gis_data.world import SYSTEM, World
from layers.fire import danger_class
from layers.fire.weather import Typed

CELL_M = 300.0
AFTER = time(13, 0)
"""From then on the day's noon is over (Beijing)."""
NEEDED = {"temperature", "humidity"}
KEPT = ("season", "season_demo", "start", "start_demo", "day_length", "document", "table_demo", "is_demo", "gauges",
        "typed", "assumptions", "unknown", "first_day")  # fmt: skip
_tried: dict[tuple[str, str], date] = {}


@dataclass(frozen=True)
class FireDangerStored(Event):
    """The danger class of a day was stored; of several the last counts."""

    row_id: str
    day: str
    danger_class: int | None
    demo: bool


def usual() -> Asked:
    """What is asked where nobody types anything: the gauges' weather, the season by the month, the DEMO table."""
    return Asked(None, Typed(), None, danger_class.DEMO)


def compute(tx: Reading, data: Path, asked: Asked, at: tuple[float, float] | None = None) -> dict[str, Any]:
    """The class over the towns as of this moment, made before the writer's lock."""
    return over_district(tx, data, at, asked, "class", CELL_M)


def keep(tx: Writing, found: dict[str, Any]) -> FireDangerDay:
    """Store what was computed, with its inputs; nothing of the day is overwritten."""
    require(tx.actor, "model.run")
    return _keep(tx, found)


def _keep(tx: Writing, found: dict[str, Any]) -> FireDangerDay:
    highest = [town["highest"] for town in found["towns"] if town["highest"] is not None]
    inputs = {name: found[name] for name in KEPT} | {"cell_m": CELL_M, "legend": found["legend"]}
    inputs["first_day"] = found["first_day"].isoformat()
    row = FireDangerDay(
        id=new_id(), day=found["day"], at=tx.at, by=tx.actor.post, danger_class=max(highest, default=None),
        towns=found["towns"], inputs=inputs, recorded_at=tx.real_at,
    )  # fmt: skip
    tx.session.add(row)
    said = "不明" if row.danger_class is None else f"最高 {row.danger_class} 级"
    demo = "（DEMO，参考）" if found["is_demo"] else "（参考）"
    en = "unknown" if row.danger_class is None else f"highest class {row.danger_class}"
    text = f"{row.day} 森林火险等级{said}{demo}", f"Forest-fire danger of {row.day}: {en} (参考)"
    record(tx, FireDangerStored(*text, str(row.id), row.day.isoformat(), row.danger_class, bool(found["is_demo"])))
    return row


def last(session: Session, day: date) -> FireDangerDay | None:
    """What counts of a day: what was stored last."""
    f = FireDangerDay
    return session.scalar(select(f).where(f.day == day).order_by(f.at.desc(), f.recorded_at.desc()).limit(1))


def stored(session: Session, limit: int = 14) -> Sequence[FireDangerDay]:
    """What was stored, the newest first."""
    f = FireDangerDay
    return session.scalars(select(f).order_by(f.day.desc(), f.at.desc()).limit(limit)).all()


def by_town(session: Session, id_: UUID) -> list[dict[str, Any]]:
    """How the towns stood in what was stored, the highest first, as items with a name."""
    row = session.get_one(FireDangerDay, id_)
    known = sorted((town for town in row.towns if town["highest"]), key=lambda town: -int(town["highest"]))
    return [{"id": town["code"], "name": f"{town['name']} 最高 {town['highest']} 级"} for town in known]


def settle(world: World) -> None:
    """Once a day after noon, where gauges tell temperature and humidity; elsewhere a person types them and says so."""
    key = str(world.engine.url), world.schema
    with reading(world) as tx:
        local = tx.at.astimezone(SHANGHAI)
        if local.time() < AFTER or _tried.get(key) == local.date() or last(tx.session, local.date()):
            return
        if not {s.element for s in read_stations(tx.session).values()} >= NEEDED:
            return
        _tried[key] = local.date()
        try:
            found = compute(tx, settings().data, usual())
        except BaochuError:
            return  # no towns, no terrain: nothing to say
    with writing(world, SYSTEM) as now:
        _keep(now, found)
