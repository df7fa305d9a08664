"""What zones and villages show: states, the rain behind them against their thresholds, what patrols found."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import select

from command.hazard_look import Look
from command.hazard_tables import PatrolReport
from command.hazards import find, look
from gis_data.db import Reading

Item = dict[str, Any]
KEPT_REPORTS = 50


def listed(tx: Reading) -> list[Item]:
    """All zones and villages as they stand now, safe ones too."""
    found = look(tx)
    return [_item(found, n) for n in range(len(found.watch.objects))]


def one(tx: Reading, register: str, code: str) -> Item:
    """One of them, with its patrol reports, the newest first. Raises NotFound."""
    n, what, found = find(tx, register, code)
    p = PatrolReport
    rows = tx.session.scalars(select(p).where(p.hazard == what.id).order_by(p.at.desc(), p.recorded_at.desc()))
    reports = [
        {"finding": row.finding, "colour": row.colour, "by": row.by, "at": row.at}
        for row in rows.fetchmany(KEPT_REPORTS)
    ]
    return _item(found, n) | {"reports": reports}


def _item(found: Look, n: int) -> Item:
    """`rain`: a window's sum at the object; where it is not `known`, a lower bound. No thresholds: they are faulty."""
    limits, faulty = found.watch.thresholds, found.watch.faulty
    rain = [
        {
            "hours": hours, "mm": round(float(found.mm[n, k]), 3), "known": bool(found.known[n, k]),
            "prepare_mm": None if faulty[n, k] else float(limits.prepare_mm[n, k]),
            "immediate_mm": None if faulty[n, k] else float(limits.immediate_mm[n, k]),
        }
        for k, hours in enumerate(found.watch.hours)
        if not np.isnan(limits.prepare_mm[n, k])
    ]  # fmt: skip
    return found.shown(n) | {"heard": bool(found.heard[n]), "rain": rain}
