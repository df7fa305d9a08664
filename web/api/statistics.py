"""Statistics of incidents and losses by kind and cause, as a view and as a file."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from openpyxl import Workbook
from pydantic import AwareDatetime, BaseModel

from command import board
from command.reports import statistics
from gis_data.clock import SHANGHAI
from gis_data.db import reading, writing
from web.api.schemas import In, IncidentOut, Line
from web.deps import ActorDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["reports"])
Since = Annotated[AwareDatetime, Query(description="known from then on")]
Until = Annotated[AwareDatetime, Query(description="and before")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = {
    "kind_zh": "类别", "cause_zh": "原因", "incidents": "起数", "open": "未结束", "dead": "死亡(人)",
    "missing": "失联(人)",
    "injured": "受伤(人)", "affected": "受灾(人)", "evacuated": "避险转移(人)", "collapsed": "倒塌房屋(间)",
    "loss": "直接经济损失(万元)", "silent": "无数据(起)",
}  # fmt: skip


class FiguresOut(BaseModel):
    """Persons, rooms, 万元; null where nobody has said it."""

    dead: float | None
    missing: float | None
    injured: float | None
    affected: float | None
    evacuated: float | None
    collapsed: float | None
    loss: float | None


class StatisticRowOut(FiguresOut):
    """Sums of a kind and a cause (null: not known yet); `silent` have no figures at all."""

    kind: str | None
    kind_zh: str | None
    kind_en: str | None
    cause: str | None
    cause_zh: str | None
    cause_en: str | None
    incidents: int
    open: int
    silent: int


class CountedIncidentOut(FiguresOut):
    id: UUID
    no: str
    title: str
    kind: str
    kind_zh: str
    kind_en: str
    cause: str | None
    cause_zh: str
    cause_en: str
    state: str
    known_at: datetime


class CauseOut(BaseModel):
    id: str
    zh: str
    en: str


class StatisticsOut(BaseModel):
    since: datetime
    until: datetime
    causes: list[CauseOut]
    rows: list[StatisticRowOut]
    total: StatisticRowOut
    incidents: list[CountedIncidentOut]


class CauseIn(In):
    cause: Line | None


@router.get("/statistics/incidents", responses=responses(404, 422))
def by_cause(world: WorldDep, since: Since, until: Until) -> StatisticsOut:
    """Incidents and losses by kind and cause, over when they became known."""
    with reading(world) as tx:
        found = statistics.statistics(tx, since, until)
    causes = [CauseOut(id=id_, zh=zh, en=en) for id_, (zh, en) in statistics.CAUSES.items()]
    return StatisticsOut(**found, causes=causes)


@router.get(
    "/statistics/incidents.{kind}", response_class=Response,
    responses=responses(404, 422) | {200: {"content": {"text/csv": {}, XLSX: {}}, "description": "The table"}},
)  # fmt: skip
def as_file(world: WorldDep, kind: Annotated[Literal["csv", "xlsx"], Path()], since: Since, until: Until) -> Response:
    """The sums as CSV or XLSX; of a drill it says so. There are no persons in it."""
    with reading(world) as tx:
        found = statistics.statistics(tx, since, until)
    days = "—".join(f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for at in (since, until))
    mark = "【演练】" if world.kind == "drill" else ""
    total = found["total"] | {"kind_zh": "合计", "cause_zh": ""}
    table: list[list[Any]] = [[f"{mark}突发事件及损失统计 {days}（按知悉时间）"], list(COLUMNS.values())]
    table += [[row[name] for name in COLUMNS] for row in (*found["rows"], total)]
    raw = _workbook(table) if kind == "xlsx" else _text(table)
    name = quote(f"{'演练-' if mark else ''}事件统计.{kind}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(raw, media_type=XLSX if kind == "xlsx" else "text/csv; charset=utf-8", headers=headers)


def _workbook(table: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("统计")
    for row in table:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(table: list[list[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(["" if value is None else value for value in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


@router.post("/incidents/{incident_id}/cause", responses=responses(404, 422))
def cause(world: WorldDep, actor: ActorDep, incident_id: UUID, body: CauseIn) -> IncidentOut:
    """Say what caused an incident, open or closed."""
    with writing(world, actor) as tx:
        statistics.say_cause(tx, incident_id, body.cause)
        return IncidentOut(**board.item(tx.session, "incidents", incident_id))
