"""What somebody in the field has to do, as of one moment: to be kept on the phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from command import board, hazards, task_views, teams
from command.access import permissions
from command.callout_tables import CallOut, CallRecord
from command.transfer import persons, views
from gis_data.db import Reading
from gis_data.world import Actor


def mine(tx: Reading, actor: Actor) -> dict[str, Any]:
    """One's calls, tasks, one's team's orders with their incidents; of one's towns hazards, warnings, households,
    shelters in use."""
    session = tx.session
    led = {str(id_) for id_ in teams.led(session, actor)}
    sent = [one for one in board.items(session, "dispatches").values() if str(one["team_id"]) in led]
    where = sorted({UUID(one["incident_id"]) for one in sent})
    warnings = board.items(session, "warnings").values()
    objects = hazards.look(tx).watch.objects if actor.towns else ()
    return {
        "calls": _calls(tx, actor),
        "tasks": board.items_of(session, "tasks", task_views.listed(session, of=actor)),
        "dispatches": sent,
        "incidents": board.items_of(session, "incidents", where),
        "transfers": _transfers(tx, actor),
        "shelters": _shelters(tx, actor),
        "hazards": [one for one in board.items(session, "hazards").values() if one["town"] in actor.towns],
        "warnings": [
            one for one in warnings if not actor.towns or {town["code"] for town in one["towns"]} & set(actor.towns)
        ],
        "places": [
            {"register_key": one.register, "code": one.code, "name": one.name}
            for one in objects
            if one.town in actor.towns
        ],
    }


def _calls(tx: Reading, actor: Actor) -> list[dict[str, Any]]:
    """Open calls for one's post, or for the one that one is tried for."""
    c, r = CallOut, CallRecord
    query = (
        select(r.id, r.callout_id, r.post, r.state, r.sent_at, r.due_at, c.no, c.text)
        .join(c, c.id == r.callout_id)
        .where(c.closed_at.is_(None), r.state != "verified", or_(r.post == actor.post, r.target == actor.post))
        .order_by(r.sent_at)
    )  # fmt: skip
    return [dict(row) for row in tx.session.execute(query).mappings()]


def _transfers(tx: Reading, actor: Actor) -> list[dict[str, Any]]:
    """Open orders with the households of one's own towns, by code; who is confined to no town gets none."""
    if not actor.towns or "transfer.report" not in permissions(actor.role):
        return []
    found = []
    for item in board.items(tx.session, "transfers").values():
        if item["state"] in ("issued", "released"):
            homes = views.households(tx, actor, persons.get_order(tx, item["id"]))
            found.append({"order": item, "households": homes})
    return [one for one in found if one["households"]]


def _shelters(tx: Reading, actor: Actor) -> list[dict[str, Any]]:
    """Shelters that are open, those of one's own towns first; for those who may let people in."""
    if "shelter.keep" not in permissions(actor.role):
        return []
    found = [one for one in board.items(tx.session, "shelters").values() if one["state"] == "open"]
    return sorted(found, key=lambda one: (bool(actor.towns) and one["town"] not in actor.towns, one["code"]))
