"""Delivery receipts that gateways send back: signed with the secret that their messages are signed with."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from command import callout_receipts
from gis_data.clock import real_now
from gis_data.db import writing
from gis_data.errors import Invalid, LoggedOut
from gis_data.settings import Settings
from gis_data.world import SYSTEM, get_world
from web.api.schemas import In, Line, Text
from web.deps import EngineDep, SettingsDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["callouts"])
MOST_BYTES, MOST_S = 20_000, 300.0


class ReceiptIn(In):
    """`id` is the message's own, or the one that the gateway answered with."""

    id: Line
    status: Literal["delivered", "failed"]
    at: AwareDatetime | None = None
    detail: Annotated[Text, Field(max_length=200)] = ""


class ReceiptOut(BaseModel):
    id: str
    status: Literal["delivered", "failed"]


_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": ReceiptIn.model_json_schema()}}}
}


def _known(config: Settings, gateway: str, request: Request, body: bytes) -> None:
    """Whoever holds the gateway's secret, within five minutes; without a secret nobody may."""
    secret = {"sms": config.sms_secret, "webhook": config.webhook_secret}[gateway]
    stamp, given = (request.headers.get(f"x-baochu-{name}", "") for name in ("timestamp", "signature"))
    late = not stamp.isdigit() or abs(real_now().timestamp() - int(stamp[:15]) / 1000) > MOST_S
    key = secret.get_secret_value().encode() if secret else b""
    wanted = f"sha256={hmac.new(key, f'{stamp}.'.encode() + body, hashlib.sha256).hexdigest()}"
    if not secret or late or not hmac.compare_digest(wanted.encode(), given.encode()):
        raise LoggedOut("回执签名不符或已过时。", "The receipt's signature is wrong or too old.")


@router.post("/receipts/{gateway}", responses=responses(404, 422), openapi_extra=_BODY)
async def receipt(
    request: Request,
    engine: EngineDep,
    config: SettingsDep,
    world: Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,29}$")],
    gateway: Annotated[Literal["sms", "webhook"], Path()],
) -> ReceiptOut:
    """已送达 or 失败 of a message, by the gateway's callback, signed as our own messages are."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Invalid("回执过长。", "The receipt is too long.", field="body")

    def done() -> ReceiptOut:
        _known(config, gateway, request, bytes(body))
        try:
            said = ReceiptIn.model_validate_json(bytes(body))
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"])) or "body"
            raise Invalid("回执内容不符。", "The receipt says something else.", field=where) from error
        with writing(get_world(engine, world), SYSTEM) as tx:
            row = callout_receipts.take(tx, gateway, said.id, said.status, said.at, said.detail)
            assert row.delivery
            return ReceiptOut(id=str(row.id), status=row.delivery["status"])

    return await run_in_threadpool(done)
