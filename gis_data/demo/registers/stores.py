"""Supply depots, what they keep, and how much of it."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_data.demo.registers.communities import town
from gis_data.demo.registers.sites import (
    IN_SCOPE,
    Sites,
    days,
    given,
    phones,
    plain,
)

DEPOTS = 12
_ITEMS: tuple[tuple[str, str, str, int], ...] = (
    ("棉被", "living", "床", 400), ("折叠床", "living", "张", 300), ("毛毯", "living", "条", 400),
    ("饮用水", "living", "箱", 500),
    ("方便食品", "living", "箱", 400), ("应急包", "living", "个", 260), ("帐篷", "living", "顶", 60),
    ("雨衣", "living", "件", 300),
    ("编织袋", "rescue", "只", 9000), ("移动水泵", "rescue", "台", 12), ("发电机", "rescue", "台", 10),
    ("救生衣", "rescue", "件", 160),
    ("橡皮艇", "rescue", "艘", 8), ("铁锹", "rescue", "把", 240), ("照明灯组", "rescue", "套", 18),
    ("挡水板", "rescue", "块", 220),
    ("警示带", "rescue", "卷", 120), ("风力灭火机", "forest", "台", 40), ("灭火拖把", "forest", "把", 200),
    ("对讲机", "other", "部", 40),
    ("急救箱", "other", "个", 50), ("融雪剂", "other", "吨", 30), ("消毒液", "other", "箱", 80),
    ("手电筒", "other", "个", 240),
)  # fmt: skip
"""Goods: name, class, unit, quantity in a depot that is like the others."""


def depots(sites: Sites) -> gpd.GeoDataFrame:
    """Rows of `supply_depot`: one for the district and one in each town in scope, by main roads."""
    rng, n = sites.rng, DEPOTS
    towns = ("330106010", *IN_SCOPE)
    at = np.concatenate([sites.take(1, ["industrial", "office"], (unit,), sites.by_main_road) for unit in towns])
    area = np.where(np.arange(n) == 0, 2600.0, np.round(rng.uniform(180, 640, n), -1))
    rows = sites.rows(
        {
            "code": [f"DEMO-D{i:02d}" for i in range(1, n + 1)],
            "level": np.where(np.arange(n) == 0, "district", "town"),
            "ownership": "政府(演示)",
            "area_m2": area,
            "volume_m3": np.round(area * 2.8, -1),
            "living_wan": np.round(area * 0.05, 1), "rescue_wan": np.round(area * 0.07, 1),
            "other_wan": np.round(area * 0.01, 1),
            "duty_phone": phones(502, n),
            "access": np.where(np.arange(n) % 3 == 0, "9.6 米货车可进, 有装卸平台", "4.2 米货车可进"),
        },
        sites.xy[at],
    )  # fmt: skip
    names = dict(zip(sites.units.codes, sites.units.names, strict=True))
    title = ["演示区救灾物资储备库", *(f"{names[unit]}物资储备点(演示)" for unit in IN_SCOPE)]
    keeper = ["DEMO-O-Q05-G5", *(f"{town(unit)}-G5" for unit in IN_SCOPE)]
    return rows.assign(name=title, keeper_post=keeper)


def items() -> pd.DataFrame:
    """Rows of `supply_item`; class codes are DEMO ones until the bureau's table comes."""
    return plain(
        {
            "code": [f"DEMO-WZ{i:02d}" for i in range(1, len(_ITEMS) + 1)],
            "name": [item[0] for item in _ITEMS],
            "class_code": [f"DEMO-{item[1]}" for item in _ITEMS],
            "unit": [item[2] for item in _ITEMS],
        }
    )


def stock(rows: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `supply_stock`: three of four goods in each depot, all in the district's."""
    pairs = [(d, k) for d in range(DEPOTS) for k in range(len(_ITEMS)) if d == 0 or (d + k) % 4]
    depot, item = np.array(pairs).T
    quantity = np.round(
        np.array([_ITEMS[k][3] for k in item]) * np.where(depot == 0, 3, rng.uniform(0.2, 0.9, len(item)))
    )
    fresh = np.isin(item, [3, 4, 5, 20, 22])
    expires = np.array(days(rng, len(item), date(2026, 9, 1), date(2028, 12, 31)), dtype=object)
    return plain(
        {
            "code": [f"DEMO-KC{i:04d}" for i in range(1, len(item) + 1)],
            "name": [f"{rows['name'].iloc[d]}{_ITEMS[k][0]}" for d, k in pairs],
            "admin_code": rows["admin_code"].to_numpy()[depot],
            "depot_code": rows["code"].to_numpy()[depot],
            "item_code": [f"DEMO-WZ{k + 1:02d}" for k in item],
            "quantity": quantity,
            "reserved": np.floor(quantity * rng.choice([0, 0, 0.1], len(item))),
            "expires_at": given(fresh, expires),
        }
    )
