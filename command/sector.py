"""Nobody drives through the downwind sector of a leak: the roads of an incident without those that cross it."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from command import roads
from command.exposure import moved
from command.recommend import SNAP_LIMIT_M
from command.scene_tables import Mark
from command.teams import standing
from gis_data.db import Reading
from layers.network import Network
from layers.positions import snap_all


def crossed(session: Session, incident_id: UUID) -> frozenset[int]:
    """Roads that enter a downwind sector which stands at this incident."""
    query = select(func.ST_AsBinary(Mark.geom)).where(
        Mark.incident_id == incident_id, Mark.kind == "downwind", Mark.ended_at.is_(None)
    )
    sectors = [shapely.from_wkb(bytes(one)) for one in session.scalars(query)]
    if not sectors:
        return frozenset()
    plan = roads.base(session).plan
    hit = plan.tree.query(moved(shapely.union_all(sectors), plan.to_metric), predicate="intersects")
    return frozenset(plan.roads.index[hit].tolist())


def behind(tx: Reading, held: frozenset[int]) -> frozenset[str]:
    """Teams that start on one of these roads, by id: whichever way they leave it, they may be in the sector."""
    now, known = roads.network(tx.session), roads.profiles(tx)
    found = []
    for team in standing(tx.session):
        profile = roads.profile_of(team["vehicle"], known)
        start = snap_all(now, np.array([[team["lon"], team["lat"]]]), profile, limit_m=SNAP_LIMIT_M)[0]
        if start is not None and start.road_id in held:
            found.append(team["id"])
    return frozenset(found)


def network(session: Session, incident_id: UUID) -> Network:
    """The roads as they are now, for teams on their way to this incident."""
    now, held = roads.network(session), crossed(session, incident_id)
    return now.close(held) if held else now
