"""What the map of a document shows, as shapes in EPSG:4490: roads, towns, closures, incidents, teams under way."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy import text

from command import board
from gis_data.db import Reading, district

NEAR_DEG = 0.03
"""How far about one incident its map goes."""
MOST_ROADS = 4_000


def of(tx: Reading, incident_id: UUID | None) -> dict[str, Any]:
    """The shapes of this moment; of one incident, what is around it."""
    closures = [one["geom"]["coordinates"] for one in board.items(tx.session, "closures").values()]
    incidents = sorted(board.items(tx.session, "incidents").values(), key=lambda one: str(one["no"]))
    routes = [
        one["route"]["coordinates"] for one in board.items(tx.session, "dispatches").values()
        if one["route"] and (incident_id is None or one["incident_id"] == str(incident_id))
    ]  # fmt: skip
    if incident_id:
        here = board.item(tx.session, "incidents", incident_id)
        incidents = [here]
        box = [here["lon"] - NEAR_DEG, here["lat"] - NEAR_DEG, here["lon"] + NEAR_DEG, here["lat"] + NEAR_DEG]
    else:
        box = _box(tx)
    frame = {"w": box[0], "s": box[1], "e": box[2], "n": box[3]}
    inside = "geom && ST_MakeEnvelope(:w, :s, :e, :n, 4490)"
    roads = f"""
        select ST_AsGeoJSON(ST_Simplify(geom, 0.0001), 5) from gis.road where valid_to is null and drive and {inside}
        order by class not in ('motorway', 'trunk', 'primary', 'secondary', 'tertiary'), length_m desc
        limit {MOST_ROADS}"""
    towns = f"""select ST_AsGeoJSON(ST_SimplifyPreserveTopology(geom, 0.0002), 5) from gis.admin_unit
                where valid_to is null and level = 'town' and {inside}"""
    read = tx.session.execute
    return {
        "box": box,
        "roads": [json.loads(shape)["coordinates"] for (shape,) in read(text(roads), frame) if shape],
        "towns": [ring for (shape,) in read(text(towns), frame) for ring in _rings(json.loads(shape))],
        "closures": [line for some in closures for line in some],
        "routes": routes,
        "incidents": [
            {"lon": one["lon"], "lat": one["lat"], "n": n, "title": one["title"]} for n, one in enumerate(incidents, 1)
        ],
    }


def _rings(shape: dict[str, Any]) -> list[Any]:
    parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [part[0] for part in parts]


def _box(tx: Reading) -> list[float]:
    """The towns' extent, or that of the roads, or the district's."""
    for where in ("gis.admin_unit where level = 'town' and valid_to is null", "gis.road where valid_to is null"):
        row = tx.session.execute(
            text(
                f"select ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) from (select ST_Extent(geom) e from {where}) t"
            )
        ).one()
        if row[0] is not None:
            margin = 0.05 * max(row[2] - row[0], row[3] - row[1])
            return [row[0] - margin, row[1] - margin, row[2] + margin, row[3] + margin]
    return list(district(tx.session).box)
