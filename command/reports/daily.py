"""The daily report (日报): due each day at its hour while a response is active or a graded incident goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from command.reports import clock
from command.reports.grading import TABLES
from command.reports.tables import Document
from command.responses.tables import Response
from command.tables import Incident
from gis_data.clock import SHANGHAI
from gis_data.db import Reading
from gis_data.errors import Invalid, NotFound
from gis_data.parameters import value_of

HOUR = "17:00"
"""DEMO. Parameter `report.daily_hour`, local time."""
MOST_MISSED = 14


@dataclass(frozen=True)
class Daily:
    """The clock of today's report, what makes it due, and the days on which none was released.

    A report belongs to the Beijing day of the moment that it shows.
    """

    since: datetime
    because: list[dict[str, Any]]
    due_at: datetime
    sent_at: datetime | None
    share: float
    state: str
    missed: list[date]


def due(session: Session, day: date, at: datetime) -> datetime:
    """When the report of a day is due."""
    try:
        said = value_of(session, "report.daily_hour", at).value
    except NotFound:
        said = HOUR
    try:
        hour = time.fromisoformat(said)
    except ValueError as error:
        zh, en = "参数 report.daily_hour 须为 HH:MM。", "report.daily_hour is no HH:MM."
        raise Invalid(zh, en, field="report.daily_hour") from error
    return datetime.combine(day, hour, SHANGHAI).astimezone(UTC)


def daily(tx: Reading) -> Daily | None:
    """How the daily report stands; None while nothing is unstable."""
    because = _unstable(tx.session)
    if not because:
        return None
    since = min(one["since"] for one in because)
    today = tx.at.astimezone(SHANGHAI).date()
    first = since.astimezone(SHANGHAI).date()
    if since > due(tx.session, first, tx.at):
        first += timedelta(days=1)
    d = Document
    query = select(d.as_of, d.released_at).where(d.kind == "daily", d.state == "released").order_by(d.released_at)
    sent: dict[date, datetime] = {}
    for row in tx.session.execute(query):
        sent.setdefault(row.as_of.astimezone(SHANGHAI).date(), row.released_at)
    day = max(today, first)
    due_at, begins = due(tx.session, day, tx.at), datetime.combine(day, time(), SHANGHAI)
    sent_at = sent.get(day)
    share, state = clock.shown(max(min(since, due_at), begins), due_at, sent_at, tx.at)
    back = range(1, max((today - first).days, 0) + 1)
    missed = [one for n in back if (one := today - timedelta(days=n)) not in sent]
    return Daily(since, because, due_at, sent_at, max(share, 0.0), state, sorted(missed)[-MOST_MISSED:])


def _unstable(session: Session) -> list[dict[str, Any]]:
    """Our own active responses, and open incidents that are graded or of a kind that is."""
    r, i = Response, Incident
    active = session.scalars(select(r).where(r.state == "active", r.own).order_by(r.started_at))
    found = [
        {"what": "response", "id": row.id, "zh": f"{row.jurisdiction_zh}{row.track_zh}应急响应",
         "en": f"{row.track_en} response", "since": row.started_at or row.since}
        for row in active
    ]  # fmt: skip
    graded = or_(i.grade.is_not(None), i.kind.in_(TABLES))
    for row in session.scalars(select(i).where(i.state != "closed", graded).order_by(i.known_at)):
        told = f"{row.no} {row.title}"
        found.append({"what": "incident", "id": row.id, "zh": told, "en": told, "since": row.known_at})
    return found
