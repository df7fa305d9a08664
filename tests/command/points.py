"""Points of XH-MINI that water closes: an underpass and a waterlogging point, each with its gauge; DEMO."""

from __future__ import annotations

from sqlalchemy import Engine, text

from gis_data.demo.xh_mini import NODES
from tests.conftest import middle


def add_points(engine: Engine) -> None:
    """Make N2–N3 an underpass with a gauge, closed at 27 cm, and put a waterlogging point on N1–N2."""
    ends = [NODES["N2"], NODES["N3"]]
    (x1, y1), (x2, y2) = ends
    line = f"LINESTRING({x1 + (x2 - x1) * 0.2} {y1 + (y2 - y1) * 0.2}, {x1 + (x2 - x1) * 0.8} {y1 + (y2 - y1) * 0.8})"
    lon, lat = middle("N1–N2")
    with engine.begin() as connection:
        common = {"load": connection.scalar(text("select max(id) from gis.load"))}
        connection.execute(
            text(
                "insert into gis.underpass (code, name, road_name, gauge_code, close_cm, geom, valid_from, load_id,"
                " is_demo) values ('U-03', '演示下穿', 'N2–N3', 'D-03', 27, ST_SetSRID(ST_GeomFromText(:line), 4490),"
                " now(), :load, true)"
            ),
            common | {"line": line},
        )
        connection.execute(
            text(
                "insert into gis.waterlogging_point (code, name, kind, gauge_code, close_cm, geom, valid_from, load_id,"
                " is_demo) values ('P-09', '演示积水点', 'road', 'D-09', 40, ST_SetSRID(ST_Point(:lon, :lat), 4490),"
                " now(), :load, true)"
            ),
            common | {"lon": lon, "lat": lat},
        )
