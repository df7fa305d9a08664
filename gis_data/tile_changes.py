"""Changes of drawn tables: whoever writes, the database itself notes where, and tells all servers at the commit."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, text

from gis_data.tables import GIS, Base, TileChange

CHANNEL = "baochu_tiles"
"""NOTIFY channel; the payload says nothing, what has changed stands in `gis.tile_change`."""
KEPT = 1000
"""Changes kept of a table; one more becomes a change of the whole table, which takes their place."""

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {GIS}.note_tile_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  extent box2d;
  reach float8[];
  number bigint;
  drawn_table text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT ST_Extent(geom_3857) INTO extent FROM fresh;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT ST_Extent(geom_3857) INTO extent FROM former;
  ELSE
    SELECT ST_Extent(geom_3857) INTO extent
    FROM (SELECT geom_3857 FROM former UNION ALL SELECT geom_3857 FROM fresh) AS both_states;
  END IF;
  IF extent IS NULL THEN
    RETURN NULL;
  END IF;
  -- until the commit, so that numbers rise in its order and no reader skips one that commits late
  PERFORM pg_advisory_xact_lock(hashtextextended('{CHANNEL}', 0));
  SELECT greatest(max(id) + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) INTO number
  FROM {GIS}.tile_change;
  reach := ARRAY[ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent)];
  IF (SELECT count(*) FROM {GIS}.tile_change WHERE drawn = drawn_table) >= {KEPT} THEN
    DELETE FROM {GIS}.tile_change WHERE drawn = drawn_table;
    reach := NULL;
  END IF;
  INSERT INTO {GIS}.tile_change (id, drawn, box) VALUES (number, drawn_table, reach);
  PERFORM pg_notify('{CHANNEL}', '');
  RETURN NULL;
END $$"""
_EVENTS = {
    "insert": "NEW TABLE AS fresh",
    "update": "OLD TABLE AS former NEW TABLE AS fresh",
    "delete": "OLD TABLE AS former",
}


def install(connection: Connection) -> None:
    """See that every drawn table notes its changes; safe to repeat, and by the tables' owner only."""
    drawn = {table.name for table in Base.metadata.sorted_tables if table.schema == GIS and "geom_3857" in table.c}
    there = {
        tuple(row)
        for row in connection.execute(
            text(
                "select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
                " join pg_namespace n on n.oid = c.relnamespace where n.nspname = :gis and t.tgname like 'tiles_%'"
            ),
            {"gis": GIS},
        )
    }
    connection.execute(text(_FUNCTION))
    for table in sorted(drawn):
        for event, states in _EVENTS.items():
            if (table, f"tiles_{event}") not in there:
                connection.execute(
                    text(
                        f"CREATE TRIGGER tiles_{event} AFTER {event} ON {GIS}.{table} REFERENCING {states}"
                        f" FOR EACH STATEMENT EXECUTE FUNCTION {GIS}.note_tile_change()"
                    )
                )


def versions(connection: Connection) -> dict[str, int]:
    """The version of each drawn table that has ever changed: the number of its newest change."""
    newest = select(TileChange.drawn, func.max(TileChange.id)).group_by(TileChange.drawn)
    return {row[0]: row[1] for row in connection.execute(newest)}
