"""The district as it is in every world: its bounds, layers, shelters, places."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_data import tile_changes
from gis_data.db import district
from gis_data.tables import AdminUnit, Load, Road, Shelter
from layers.catalog import LAYERS
from web.api.schemas import DistrictOut, LayerOut, Line, PlaceOut, ShelterOut
from web.deps import ActorDep, EngineDep
from web.errors import responses

router = APIRouter(prefix="/api", tags=["district"])


@router.get("/district", responses=responses())
def read(engine: EngineDep, actor: ActorDep) -> DistrictOut:
    """Its name, metric CRS, bounds in degrees, whether its data are synthetic, and the version of its data."""
    with Session(engine) as session:
        row = district(session)
        bounds = tuple(row.box)
        for table in (AdminUnit, Road):
            extent = select(func.ST_Extent(table.geom)).where(table.valid_to.is_(None)).scalar_subquery()
            box = session.execute(
                select(*(getattr(func, f"ST_{edge}")(extent) for edge in ("XMin", "YMin", "XMax", "YMax")))
            ).one()
            if box[0] is not None:
                bounds = tuple(box)
                break
        in_force = Load.replaced_at.is_(None)
        is_demo = session.scalar(select(func.bool_or(Load.is_demo)).where(in_force))
        version = session.scalar(select(func.max(Load.id)))
    return DistrictOut.model_validate(
        {
            "name": row.name,
            "title": row.title,
            "metric_crs": row.metric_crs,
            "bounds": bounds,
            "is_demo": bool(is_demo),
            "version": str(version or 0),
        }
    )


@router.get("/layers", responses=responses())
def layers(engine: EngineDep, actor: ActorDep) -> list[LayerOut]:
    """The catalogue of map layers with their legends and the versions of their tiles."""
    with engine.connect() as connection:
        versions = tile_changes.versions(connection)
    return [
        LayerOut.model_validate(asdict(layer) | {"version": versions.get(layer.table or "", 0)})
        for layer in LAYERS.values()
    ]


@router.get("/shelters", responses=responses())
def shelters(engine: EngineDep, actor: ActorDep) -> list[ShelterOut]:
    """All shelters; an unknown capacity is null."""
    s = Shelter
    query = select(
        s.id,
        s.code,
        s.name,
        s.capacity,
        s.space,
        s.is_demo,
        func.ST_X(s.geom).label("lon"),
        func.ST_Y(s.geom).label("lat"),
    ).where(s.valid_to.is_(None))
    with Session(engine) as session:
        return [ShelterOut.model_validate(row._asdict()) for row in session.execute(query.order_by(s.code))]


@router.get("/places", responses=responses(422))
def places(engine: EngineDep, actor: ActorDep, q: Annotated[Line, Query()]) -> list[PlaceOut]:
    """Named places and roads whose name contains the text, the closest match first; 20 at most."""
    query = text(
        """
        with named as (
          select id, name, kind, geom as at from gis.place where valid_to is null
          union all
          select null, name, 'road', ST_LineInterpolatePoint((array_agg(geom order by length_m desc))[1], 0.5)
          from gis.road where valid_to is null and name is not null group by name
        )
        select id, name, kind, ST_X(at) lon, ST_Y(at) lat from named
        where name ilike '%' || :q || '%' escape '!' order by length(name), name limit 20
        """
    )
    escaped = q.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    with Session(engine) as session:
        return [PlaceOut.model_validate(row._asdict()) for row in session.execute(query, {"q": escaped})]
