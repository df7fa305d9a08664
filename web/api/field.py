"""The field: acts that phones send once or again, what somebody has to do, which phones were heard of."""

from __future__ import annotations

from fastapi import APIRouter

from command import board, field, field_views, journal
from command.access import require
from command.field_acts import Act
from command.field_tables import FieldAction
from gis_data.db import reading
from web.api.field_schemas import ActOut, DeviceOut, MineOut, SyncIn, SyncOut
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}/field", tags=["field"])


def _out(row: FieldAction) -> ActOut:
    return ActOut.model_validate({name: getattr(row, name) for name in ActOut.model_fields})


@router.post("/acts", responses=responses(404, 409, 422))
def sync(world: WorldDep, actor: ActorDep, body: SyncIn) -> SyncOut:
    """Do what a phone has kept. Each act is done once, however often it is sent; what is refused says why."""
    acts = [Act(one.id, one.kind, one.happened_at, one.body) for one in body.acts]
    position = field.Position(**body.position.model_dump()) if body.position else None
    field.heard(world, actor, position, min((act.happened_at for act in acts), default=None))
    answers = [_out(field.take(world, actor, act)) for act in acts]
    with reading(world) as tx:
        return SyncOut(at=tx.at, acts=answers)


@router.get("/mine", responses=responses(404, 422))
def mine(world: WorldDep, actor: ActorDep) -> MineOut:
    """All that one has to do, to be kept on the phone."""
    with reading(world, actor) as tx:
        found = {
            "at": tx.at, "real_at": tx.real_at, "seq": journal.position(tx.session), "post": actor.post,
            "clock": board.item(tx.session, "clock", "clock"),
            "refused": [_out(row) for row in field.refused(tx, actor)],
        }  # fmt: skip
        return MineOut.model_validate(found | field_views.mine(tx, actor))


@router.get("/devices", responses=responses(404, 422))
def devices(world: WorldDep, actor: ActorDep) -> list[DeviceOut]:
    """Phones of the field: when each was last heard of, how late its acts came, where it is."""
    require(actor, "field.watch")
    with reading(world) as tx:
        return [DeviceOut(**one) for one in field.devices(tx)]
