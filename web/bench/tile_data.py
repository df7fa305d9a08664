"""200,000 DEMO features round twelve made-up towns: the same on each run."""

from __future__ import annotations

from sqlalchemy import Connection, text

ROADS, BUILDINGS, PLACES = 90_000, 80_000, 30_000
FEATURES = ROADS + BUILDINGS + PLACES
WEST, SOUTH, EAST, NORTH = 119.98, 30.10, 120.23, 30.30
"""The box that they lie in, degrees."""

# Three features of five lie round a town, as close as a normal distribution with 1.5 km; the others anywhere.
_SPOTS = f"""
create temp table spot on commit drop as
with town as materialized (
  select i, {WEST} + 0.02 + random() * {EAST - WEST - 0.04} as lon,
    {SOUTH} + 0.02 + random() * {NORTH - SOUTH - 0.04} as lat
  from generate_series(0, 11) i
), dice as materialized (
  select n, random() a, random() b, random() u, random() v, (random() * 11.99)::int as town
  from generate_series(1, {FEATURES}) n
)
select n, u, v,
  least(greatest(case when n % 5 < 3 then t.lon + 0.015 * sqrt(-2 * ln(1 - a)) * cos(6.28318 * b)
    else {WEST} + a * {EAST - WEST} end, {WEST}), {EAST}) as lon,
  least(greatest(case when n % 5 < 3 then t.lat + 0.013 * sqrt(-2 * ln(1 - a)) * sin(6.28318 * b)
    else {SOUTH} + b * {NORTH - SOUTH} end, {SOUTH}), {NORTH}) as lat
from dice join town t on t.i = dice.town"""

_NODE = "insert into gis.road_node (geom, load_id, valid_from) select ST_SetSRID(ST_Point(120, 30), 4490), :load, now()"
_ROADS = f"""
insert into gis.road (way_id, source, target, name, class, oneway, bridge, tunnel, layer, drive, walk, length_m, geom,
                      load_id, valid_from)
select n, node.id, node.id, '演示' || n % 400 || '路',
  (array['primary', 'secondary', 'tertiary', 'residential', 'residential', 'residential', 'service', 'footway'])
    [1 + (u * 7.99)::int % 8],
  n % 9 = 0, n % 31 = 0, n % 47 = 0, 0, n % 8 > 0, true, 240, line, :load, now()
from spot, (select max(id) id from gis.road_node) node, lateral (
  select ST_MakeLine(ST_SetSRID(ST_Point(lon + 0.0004 * k * cos(6.28 * v) + 0.00006 * sin(k * (1 + 3 * u)),
                                         lat + 0.0004 * k * sin(6.28 * v) + 0.00006 * cos(k * (2 + u))), 4490)
                     order by k) as line
  from generate_series(0, 6) k
) drawn
where n <= {ROADS}"""
_BUILDINGS = f"""
insert into gis.building (kind, name, height_m, geom, load_id, valid_from)
select (array['residential', 'commercial', 'industrial', 'yes'])[1 + n % 4], null, 3 + (u * 30)::int,
  ST_Multi(ST_Rotate(ST_MakeEnvelope(lon, lat, lon + 0.00008 + 0.0002 * u, lat + 0.00008 + 0.0001 * v, 4490),
                     6.28 * v, lon, lat)), :load, now()
from spot where n > {ROADS} and n <= {ROADS + BUILDINGS}"""
_PLACES = f"""
insert into gis.place (kind, name, geom, load_id, valid_from)
select (array['village', 'hamlet', 'locality', 'suburb'])[1 + n % 4], '演示地' || n,
  ST_SetSRID(ST_Point(lon, lat), 4490), :load, now()
from spot where n > {ROADS + BUILDINGS}"""
_LOAD = """
insert into gis.load (kind, source, sha256, datum, counts, rejected, is_demo, actor, loaded_at)
values ('bench', 'DEMO', '', 'CGCS2000', '{}', 0, true, 'bench', now()) returning id"""


def fill(connection: Connection) -> None:
    """Put the features into an empty migrated database, and the tables in the order of a tidy one."""
    connection.execute(text("select setseed(0.42)"))
    connection.execute(text(_SPOTS))
    load = connection.execute(text(_LOAD)).scalar_one()
    for statement in (_NODE, _ROADS, _BUILDINGS, _PLACES):
        connection.execute(text(statement), {"load": load})
    for table in ("road", "building", "place"):
        connection.execute(text(f"analyze gis.{table}"))
