"""Stations for tests: gauges, a sensor and a camera, written into the registers as a load writes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

_GAUGE = text(
    "insert into gis.gauge (code, name, element, unit, interval_s, valid_from, geom)"
    " values (:code, :name, :element, :unit, :interval_s, now(), st_setsrid(st_point(:lon, 30.2), 4490))"
)
_OTHER = (
    "insert into gis.{} (code, name, kind, valid_from, geom)"
    " values (:code, :name, :kind, now(), st_setsrid(st_point(120.1, 30.2), 4490))"
)
GAUGES = [
    *((f"R-{n:02d}", "rain", "0.1mm" if n == 3 else "mm", 300) for n in (1, 2, 3, 7, 9)),
    *((f"H-{n:02d}", "rain", "mm", 3600) for n in (1, 2, 3, 4)),
    ("W-01", "water_level", "m", 300),
    ("D-01", "depth", "cm", 60),
    ("D-02", "depth", "m", 60),
    ("A-01", "wind", "m/s", 300),
]


def add_gauges(engine: Engine) -> None:
    """Put the stations into the registers."""
    with engine.begin() as connection:
        for n, (code, element, unit, interval_s) in enumerate(GAUGES):
            near = 120.1 + n / 1000 + (0.1 if code.startswith("H") else 0)
            connection.execute(
                _GAUGE,
                {"code": code, "name": f"{code} 站", "element": element, "unit": unit, "interval_s": interval_s}
                | {"lon": near},
            )
        connection.execute(text(_OTHER.format("sensor")), {"code": "S-1", "name": "烟感", "kind": "smoke"})
        connection.execute(text(_OTHER.format("camera")), {"code": "C-1", "name": "林火相机", "kind": "forest"})


@contextmanager
def parameters(engine: Engine, values: dict[str, str]) -> Iterator[None]:
    """Parameters in force as long as this lasts."""
    with engine.begin() as connection:
        for key, value in values.items():
            connection.execute(
                text(
                    "insert into gis.parameter (code, name, key, value, document, approved_by, valid_from)"
                    " values (:key, :key, :key, :value, '测试', '测试', now() - interval '1 day')"
                ),
                {"key": key, "value": value},
            )
    yield
    with engine.begin() as connection:
        connection.execute(text("delete from gis.parameter where key = any(:keys)"), {"keys": list(values)})
