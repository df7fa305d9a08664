"""V-07 for tests, about XH-MINI: 23 households with 61 persons, one of them beyond a stream; shelters, supplies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import Engine, text

from command.transfer import orders
from command.transfer.tables import TransferOrder
from gis_data.db import writing
from gis_data.demo.xh_mini import NODES
from gis_data.registers import store
from gis_data.world import SYSTEM, Actor, World, get_world
from tests.command.slopes import insert

TOWN = "330106010"
OPERATOR = Actor("operator", "值班员", "operator")
COMMANDER = Actor("commander", "总指挥", "commander")
CADRE = Actor("field", "村社干部", "field", (TOWN,))
TOWN_CADRE = Actor("field2", "镇街干部", "field", (TOWN,))
HOMES = [f"HH{n:02d}" for n in range(1, 24)]
SIZES = [3] * 15 + [2] * 8
"""23 households, 61 persons."""
BEYOND = HOMES[0]
"""The household at C2; all others live at C1. The road N2–S2, its shortest way to a shelter, crosses a stream."""
KITS = "KC-1"


def persons(home: str) -> list[str]:
    """The codes of a household's persons."""
    return [f"{home}-{k}" for k in range(1, SIZES[HOMES.index(home)] + 1)]


def add_people(engine: Engine, data: Path, homes: int = 23, *, village: bool = True) -> None:
    """Put them into the registers, before anybody asks for the roads; the village too, where it is not there."""
    (x1, y1), (x2, y2) = NODES["N2"], NODES["S2"]
    x, y, dx, dy = (x1 + x2) / 2, (y1 + y2) / 2, (y2 - y1) / 4, (x1 - x2) / 4
    stream = f"st_setsrid(st_geomfromtext('LINESTRING({x - dx} {y - dy}, {x + dx} {y + dy})'), 4490)"
    with engine.begin() as connection:
        connection.execute(text("update gis.shelter set admin_code = :town"), {"town": TOWN})
        connection.execute(
            text(
                "insert into gis.water (name, kind, geom, load_id, valid_from)"
                f" select '演示溪', 'stream', {stream}, max(id), now() from gis.load"
            )
        )
    if village:
        insert(
            engine, "key_village", "st_setsrid(st_point(:x, 30.2505), 4490)", x=120.0985, code="V-07", name="演示村",
            admin_code=f"{TOWN}001", reasons=["a"], households=23, persons=61, stream="演示溪",
            transfer_post="P-1",
        )  # fmt: skip
    insert(
        engine, "post", code="P-1", name="演示村包户岗", organization_code="O-1", level="village", phone="100-0000-1"
    )
    at = [NODES["C2"], *[NODES["C1"]] * 22][:homes]
    rows = HOMES[:homes]
    weak = [1, 0, 2, *[0] * 20][:homes]
    households = pd.DataFrame(
        {
            "code": rows, "name": [f"演示{code}" for code in rows], "admin_code": f"{TOWN}001", "village": "演示村",
            "hazards": [["flood"]] * homes, "object_register": "key_village", "object_code": "V-07",
            "persons": SIZES[:homes], "elderly": weak, "cadre_post": "P-1", "shelter_code": "S1",
            "route": "沿演示路步行至演示安置点 S1", "geom": [shapely.Point(*one) for one in at],
        }
    )  # fmt: skip
    codes = [code for home in rows for code in persons(home)]
    home_of = [code.split("-")[0] for code in codes]
    elderly = [
        ["elderly"] if int(code[-1]) <= weak[rows.index(home)] else None
        for code, home in zip(codes, home_of, strict=True)
    ]
    people = pd.DataFrame(
        {
            "code": codes, "name": codes, "admin_code": f"{TOWN}001", "household_code": home_of,
            "identity": [f"演示人员{code}" for code in codes], "contact": "100-0000-0007",
            "vulnerability": pd.Series(elderly, dtype=object), "code_kind": "phone", "at_home": True,
        }
    )  # fmt: skip
    with writing(get_world(engine, "live"), SYSTEM) as tx:
        stamp = store.Stamp(tx.real_at, "system", "系统", "", data)
        for key, frame in (("at_risk_household", households), ("at_risk_person", people)):
            store.put_many(tx.session.connection(), key, [frame], stamp)
    insert(
        engine,
        "supply_depot",
        "st_setsrid(st_point(:x, 30.25), 4490)",
        x=120.1,
        code="D-1",
        name="演示物资点",
        level="town",
    )
    insert(engine, "supply_item", code="WZ-1", name="应急包", class_code="living", unit="个")
    insert(engine, "supply_stock", code=KITS, name="演示应急包", depot_code="D-1", item_code="WZ-1", quantity=150)


def issued(world: World, **more: Any) -> TransferOrder:
    """An order for V-07, issued."""
    with writing(world, OPERATOR) as tx:
        said = orders.Draft("立即转移", tx.at + timedelta(hours=3), (("key_village", "V-07"),), **more)
        order = orders.draft(tx, said)
    with writing(world, COMMANDER) as tx:
        return orders.issue(tx, order.id)
