"""A forest fire near the boundary: the neighbour is told (通知毗邻单位), by a task that the watcher issues once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from command.tasks import NewTask, issue_all
from gis_data.db import Reading, reading, writing
from gis_data.parameters import numbers_under
from gis_data.world import SYSTEM, World

METRES, MINUTES = 1000.0, 10.0
"""DEMO: how near a fire is to a neighbour who is told, and until when. Parameters `neighbour.metres`, `.minutes`."""
_NEAR = """
select i.id, i.no, i.title, u.code, u.name, u.governing_authority as authority,
  ST_X(i.geom) as lon, ST_Y(i.geom) as lat,
  ST_Distance(i.geom::geography, u.geom::geography) as metres
from {schema}.incident i join gis.admin_unit u on u.valid_to is null and not u.in_scope and u.level = 'town'
  and ST_DWithin(i.geom::geography, u.geom::geography, :metres)
where i.kind = 'forest_fire' and i.state <> 'closed' and not exists (
  select from {schema}.task t where t.incident_id = i.id and t.action_no = '毗邻:' || u.code)
order by i.no, u.code
"""


def settle(world: World) -> None:
    """Issue what is not issued yet."""
    with reading(world) as tx:
        if not _found(tx):
            return
    with writing(world, SYSTEM) as now:
        minutes = numbers_under(now.session, "neighbour.", now.at).get("minutes", MINUTES)
        new = [
            NewTask(
                f"通知{one.authority}：{one.title}（{one.no}）距{one.name} {one.metres:.0f} 米",
                now.at + timedelta(minutes=minutes),
                f"Tell {one.authority}: {one.title} is {one.metres:.0f} m from {one.name}",
                organization=one.authority, place=one.name, lon=one.lon, lat=one.lat, source="rule",
                incident_id=one.id, action_no=f"毗邻:{one.code}",
            )
            for one in _found(now)
        ]  # fmt: skip
        issue_all(now, new)


def _found(tx: Reading) -> list[Any]:
    metres = numbers_under(tx.session, "neighbour.", tx.at).get("metres", METRES)
    return list(tx.session.execute(text(_NEAR.format(schema=f'"{tx.world.schema}"')), {"metres": metres}).all())
