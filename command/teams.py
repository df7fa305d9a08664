"""Rescue teams (救援队伍): what each is doing in a world."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.events import TeamStateSet
from command.field_tables import FieldDevice
from command.tables import TeamState
from gis_data.db import Writing
from gis_data.errors import Conflict, NotFound
from gis_data.tables import TABLES, Team
from gis_data.world import Actor

STATES = {
    "standby": ("待命", "standing by"),
    "mustering": ("集结", "mustering"),
    "en_route": ("出动", "on the way"),
    "on_scene": ("到达", "on scene"),
    "working": ("作业", "working"),
    "resting": ("休整", "resting"),
    "unavailable": ("不可用", "unavailable"),
}


def get_team(session: Session, team_id: UUID) -> Team:
    """The team of that id in the register in force."""
    team = session.scalar(select(Team).where(Team.id == team_id, Team.valid_to.is_(None)))
    if team is None:
        raise NotFound("没有这支队伍。", "There is no such team.", field="team_id")
    return team


def led(session: Session, actor: Actor) -> list[UUID]:
    """The teams whose leader's post this actor holds, or which it speaks for by name."""
    p, t = TABLES["post"].c, TABLES["team"].c
    leaders = select(p.code).where(p.name == actor.post, p.valid_to.is_(None))
    own = or_(t.leader_post.in_(leaders), t.name == actor.post)
    return list(session.scalars(select(t.id).where(t.valid_to.is_(None), own).order_by(t.code)))


FIX = timedelta(minutes=5)
"""How long a phone's place counts as where its team is."""


def leaders(session: Session) -> dict[UUID, str]:
    """Who speaks for each team: its leader's post, or an account of its own name."""
    posts, p, t = TABLES["post"], TABLES["post"].c, TABLES["team"].c
    query = select(t.id, t.name, p.name.label("post")).outerjoin_from(
        TABLES["team"], posts, (p.code == t.leader_post) & p.valid_to.is_(None)
    )
    return {row.id: row.post or row.name for row in session.execute(query.where(t.valid_to.is_(None)))}


def fixes(session: Session, at: datetime) -> dict[UUID, tuple[float, float]]:
    """Where teams are by the phones of those who speak for them, lon and lat (EPSG:4490), where that is fresh."""
    d = FieldDevice
    query = select(d.post, func.ST_X(d.geom), func.ST_Y(d.geom)).where(d.position_at > at - FIX, d.geom.is_not(None))
    fresh = {post: (lon, lat) for post, lon, lat in session.execute(query.order_by(d.position_at))}
    return {team: fresh[post] for team, post in leaders(session).items() if post in fresh} if fresh else {}


def standing(session: Session) -> list[dict[str, Any]]:
    """All teams as a ranking takes them: where they stand, what they are doing, what they can do and how."""
    t, s = Team, TeamState
    query = (
        select(
            cast(t.id, String).label("id"), t.code, t.kind, t.vehicle, t.muster_s, func.ST_X(t.geom).label("lon"),
            func.ST_Y(t.geom).label("lat"), func.coalesce(s.state, "standby").label("state"),
            func.array_to_string(t.hazards, ",").label("hazards"),
        )
        .outerjoin(s, s.team_id == t.id)
        .where(t.valid_to.is_(None))
    )  # fmt: skip
    return [dict(row) | {"hazards": row["hazards"].split(",")} for row in session.execute(query).mappings()]


def state(session: Session, team_id: UUID) -> str:
    """What the team is doing; a team nobody said anything of stands by."""
    return session.scalar(select(TeamState.state).where(TeamState.team_id == team_id)) or "standby"


def put_state(tx: Writing, team_id: UUID, after: str, note: str, dispatch_id: UUID | None) -> None:
    """Write what the team is doing from now on; the caller records the event."""
    row = tx.session.get(TeamState, team_id) or TeamState(team_id=team_id)
    row.state, row.since, row.note, row.dispatch_id = after, tx.at, note, dispatch_id
    row.recorded_at = tx.real_at
    tx.session.add(row)


def set_state(tx: Writing, team_id: UUID, after: str, note: str) -> None:
    """Say that a team that is not out stands by, rests or is unavailable."""
    require(tx.actor, "team.state")
    team = get_team(tx.session, team_id)
    row = tx.session.get(TeamState, team_id)
    before = row.state if row else "standby"
    if row and row.dispatch_id:
        raise Conflict(
            f"{team.name}正在出动（{STATES[before][0]}），请先撤收。",
            f"{team.name} is out ({STATES[before][1]}); release it first.",
        )
    put_state(tx, team_id, after, note, None)
    record(
        tx,
        TeamStateSet(
            f"{team.name}：{STATES[before][0]} → {STATES[after][0]}",
            f"{team.name}: {STATES[before][1]} → {STATES[after][1]}",
            str(team_id),
            before,
            after,
            note,
        ),
    )
