"""Towns, key villages and risk zones for tests, with thresholds: V-07 at R-07 has the handbook's (5.8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

TOWNS = ("330106010", "330106012")
VILLAGES = {"V-07": ("R-07", 23, 61), "V-12": ("R-09", 12, 30), "V-13": ("R-01、R-02", 5, 9)}
ZONES = {"330106FF0001": TOWNS[0], "330106FF0002": TOWNS[1]}
LIMITS = {
    "key_village:V-07": ((1, 35, 50), (3, 60, 85)),
    "key_village:V-12": ((1, 30, 45), (3, 54, 76)),
    "key_village:V-13": ((1, 30, 45),),
    "geohazard_zone:330106FF0001": ((1, 32, 48), (24, 120, 165)),
    "geohazard_zone:330106FF0002": ((1, 32, 48),),
}
_OUTLINE = "st_multi(st_makeenvelope(:w, 30.19, :e, 30.21, 4490))"


def insert(engine: Engine, table: str, place: str | None = None, **values: Any) -> None:
    """One row of a register, as a load writes it."""
    names = [*values, "valid_from", *(["geom"] if place else [])]
    at = {"w", "e", "x"} & set(values)
    columns = ", ".join(name for name in names if name not in at)
    given = ", ".join([f":{name}" for name in values if name not in at] + ["now()"] + ([place] if place else []))
    with engine.begin() as connection:
        connection.execute(text(f"insert into gis.{table} ({columns}) values ({given})"), values)


def limit(engine: Engine, id_: str, hours: int, prepare: float, immediate: float, code: str = "") -> None:
    """A threshold of an object, `register:code`."""
    register, of = id_.split(":")
    insert(
        engine, "rain_threshold", code=code or f"TH-{of}-{hours}", name=of, object_register=register, object_code=of,
        window_h=hours, prepare_mm=prepare, immediate_mm=immediate, document="DEMO",
    )  # fmt: skip


def add_slopes(engine: Engine) -> None:
    """Put them into the registers. Town 330106010 lies west of 120.105, where the zones' nearest gauges stand."""
    for n, code in enumerate(TOWNS):
        insert(
            engine, "admin_unit", _OUTLINE, w=120.095 + n / 100, e=120.105 + n / 100, code=code, name=f"演示镇{n + 1}",
            name_en="Demo", level="town", governing_authority="演示", in_scope=True,
        )  # fmt: skip
    for code, (gauges, households, persons) in VILLAGES.items():
        insert(
            engine, "key_village", "st_setsrid(st_point(:x, 30.2), 4490)", x=120.103, code=code,
            name="演示村" if code == "V-07" else f"演示{code}", admin_code=f"{TOWNS[0]}001", reasons=["a"],
            gauges=gauges, households=households, persons=persons,
        )  # fmt: skip
    for n, (code, town) in enumerate(ZONES.items()):
        insert(
            engine, "geohazard_zone", _OUTLINE, w=120.0995 + n / 1000, e=120.1005 + n / 1000, code=code,
            name=f"屋后{n + 1}", kind="key", risk="high", hazard_kind="landslide", admin_code=town,
            threatened_households=3, threatened_persons=8,
        )  # fmt: skip
    for id_, windows in LIMITS.items():
        for window in windows:
            limit(engine, id_, *window)


def warning(kind: str = "geohazard", colour: str = "orange", **more: Any) -> dict[str, Any]:
    """A typed warning's fields, as JSON holds them."""
    found: dict[str, Any] = {
        "kind": kind, "colour": colour, "area": "演示镇1", "units": [TOWNS[0]], "cautions": "注意防范",
        "measures": "加强巡查", "issuer": "演示气象台", "document_no": "演示〔2026〕1 号",
    }  # fmt: skip
    return found | more
