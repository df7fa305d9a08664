"""A district of the first storey comes up to head with all that it held."""

from __future__ import annotations

from alembic import command as alembic
from sqlalchemy import Engine, text

from command import schema

FIRST_STOREY = """
insert into gis.load (kind, source, sha256, datum, counts, rejected, is_demo, actor, loaded_at)
values ('terrain', 'dem.tif', 'a', 'WGS-84', '{}', 0, false, 'tester', now()),
       ('shelters', 'shelters.csv', 'b', 'WGS-84', '{}', 0, false, 'tester', now());
insert into gis.terrain (file, crs, bounds, min_m, max_m, vertical_datum, load_id, valid_from)
select 'terrain/x/a.tif', 'EPSG:4549', '{120,30,120.1,30.1}', 2, 300, '1985', id, now()
from gis.load where sha256 = 'a';
insert into gis.shelter (id, code, name, level, space, capacity, is_demo, load_id, valid_from, geom)
select gen_random_uuid(), 'S1', '安置点', 'town', 'indoor', 120, false, id, now(),
       st_setsrid(st_point(120.1, 30.2), 4490)
from gis.load where sha256 = 'b';
"""


def test_what_a_first_district_held_is_there_at_head_and_after_going_back(empty_db: Engine) -> None:
    with empty_db.begin() as connection:
        config = schema.config(connection)
        alembic.downgrade(config, "0001")
        for statement in FIRST_STOREY.split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
        alembic.upgrade(config, "head")
        raster = connection.execute(text("select kind, file, min, max, unit, vertical_datum from gis.raster")).one()
        assert tuple(raster) == ("terrain", "terrain/x/a.tif", 2, 300, "m", "1985")
        shelter = connection.execute(text("select code, name, capacity, version, search from gis.shelter")).one()
        assert tuple(shelter) == ("S1", "安置点", 120, 1, "安置点 azd anzhidian s1")
        alembic.downgrade(config, "0001")
        assert connection.scalar(text("select file from gis.terrain")) == "terrain/x/a.tif"
        assert connection.scalar(text("select name from gis.shelter")) == "安置点"
