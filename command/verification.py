"""Alarms that are looked into (核查): the nearest ranger is told to go and see; what is found is 火情, 用火 or 误报."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

import numpy as np
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from command import incidents, roads, tasks
from command.access import require
from command.board import record
from command.recommend import SNAP_LIMIT_M, minutes
from command.scene_events import AlarmFound
from command.tables import Incident, StationState
from command.task_tables import Task
from gis_data.db import Reading, Writing
from gis_data.errors import Conflict, NotFound
from layers.engine.hierarchy import FAR
from layers.positions import snap, snap_all
from layers.profiles import WALK
from layers.routing import seconds_to

Result = Literal["fire", "permitted", "false"]
RESULTS = {"fire": ("火情", "a fire"), "permitted": ("用火", "a permitted use of fire"), "false": ("误报", "nothing")}
MARGIN = timedelta(minutes=15)
"""What a look takes besides the walk."""
_RANGERS = """
    select p.code, p.name, coalesce(ST_X(d.geom), ST_X(f.geom)) as lon, coalesce(ST_Y(d.geom), ST_Y(f.geom)) as lat
    from (
      select ranger_post as post, geom from gis.fire_point where valid_to is null and geom is not null
      union all select post_code, geom from gis.lookout where valid_to is null and geom is not null
    ) f
    join gis.post p on p.code = f.post and p.valid_to is null
    left join {schema}.field_device d on d.post = p.name and d.geom is not null and d.position_at > :since
"""
"""Rangers and where they are: by the phone of the last half hour, else at what they look after."""


@dataclass(frozen=True)
class Ranger:
    """A post that can go and see, and how long it walks, s."""

    code: str
    name: str
    walk_s: float


def nearest(tx: Reading, lon: float, lat: float) -> Ranger:
    """The ranger who is there first on foot, by paths and the way to and from them. Raises NotFound for nobody."""
    query = text(_RANGERS.format(schema=f'"{tx.world.schema}"'))
    rows = tx.session.execute(query, {"since": tx.at - timedelta(minutes=30)}).all()
    network, walk = roads.network(tx.session), roads.profiles(tx)[WALK.id]
    found: list[Ranger] = []
    if rows:
        there = snap(network, lon, lat, walk, limit_m=SNAP_LIMIT_M)
        starts = snap_all(network, np.array([(one.lon, one.lat) for one in rows], float), walk, limit_m=SNAP_LIMIT_M)
        known = [(row, start) for row, start in zip(rows, starts, strict=True) if start is not None]
        pace = walk.default_kmh / 3.6
        for (row, start), seconds in zip(
            known, seconds_to(network, [s for _, s in known], there, walk).tolist(), strict=True
        ):
            if seconds * 1000 < FAR:
                found.append(Ranger(row.code, row.name, seconds + (start.offset_m + there.offset_m) / pace))
    if not found:
        raise NotFound("没有可步行到达的护林员岗位。", "No ranger can be there on foot.", field="station")
    return min(found, key=lambda one: (one.walk_s, one.code))


def ask(tx: Writing, station: str) -> tuple[Task, Ranger]:
    """Tell the nearest ranger to look what is behind an alarm; of one alarm there is one such task at a time."""
    require(tx.actor, "task.issue")
    row = tx.session.get(StationState, station)
    if row is None or row.state != "alarm":
        raise Conflict("该设备没有告警。", "This station raises no alarm.", field="station")
    mark = f"核查:{station}"
    if tx.session.scalar(select(Task.no).where(Task.action_no == mark, Task.ended_at.is_(None), Task.state != "done")):
        raise Conflict("该告警已在核查。", "Somebody is looking into this alarm already.", field="station")
    ranger = nearest(tx, row.lon, row.lat)
    said = tasks.NewTask(
        f"核查{row.name}告警（步行约 {minutes(ranger.walk_s)} 分），回报火情、用火或误报",
        tx.at + timedelta(seconds=ranger.walk_s) + MARGIN,
        f"See what is behind the alarm of {row.name}: {minutes(ranger.walk_s)} min on foot",
        post_code=ranger.code, place=row.name, lon=row.lon, lat=row.lat, action_no=mark,
    )  # fmt: skip
    return tasks.issue(tx, said), ranger


def find(tx: Writing, task_id: UUID, result: Result, note: str) -> Incident | None:
    """Say what was found; the ranger does, or whoever issues tasks. A fire becomes an incident at the same moment."""
    task = tasks.may_act(tx, tx.actor, task_id)
    station = (task.action_no or "").removeprefix("核查:")
    if not (task.action_no or "").startswith("核查:"):
        raise Conflict("这不是核查任务。", "This task is none of looking into an alarm.", field="task_id")
    zh, en = RESULTS[result]
    incident = None
    if result == "fire":
        require(tx.actor, "incident.report")
        lon, lat = _point(tx.session, task.id)
        incident, _ = incidents.report(
            tx, incidents.Report("forest_fire", f"{task.place}发现火情", lon, lat, place=task.place, source="camera")
        )
        task.incident_id = incident.id
    row = tx.session.get(StationState, station)
    if row is not None and row.state == "alarm" and row.since <= task.issued_at:
        row.found = result
    tasks.step(tx, task_id, "done", f"核查结果：{zh}{'，' + note if note else ''}")
    record(
        tx,
        AlarmFound(
            f"{task.place}告警核查结果：{zh}", f"Behind the alarm of {task.place}: {en}", station, str(task.id), result,
            str(incident.id) if incident else None,
        ),
    )  # fmt: skip
    return incident


def _point(session: Session, task_id: UUID) -> tuple[float, float]:
    lon, lat = session.execute(select(func.ST_X(Task.geom), func.ST_Y(Task.geom)).where(Task.id == task_id)).one()
    return lon, lat
