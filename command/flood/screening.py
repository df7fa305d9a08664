"""The quick answer before any run: where rain comes to rest, or what a rise of the rivers reaches (参考 筛查)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select

from command import roads
from command.demand import demand, remember
from command.flood import inputs, results
from command.flood.ground import FloodGround, flood_ground
from command.tables import Closure
from gis_data.db import Reading
from gis_data.errors import Invalid
from gis_data.settings import Settings
from layers.flood.roads import along_roads
from layers.flood.scene import Floats
from layers.flood.screening import above_drainage, screen

RAIN = (
    (
        "筛查：雨水扣除 {hours:g} 小时的下渗与排水后全部流到最低处，装满即溢；没有时间、没有流速，只供参考",
        "Screening: rain, less what ground and drains take in {hours:g} h, runs to the lowest places, fills and spills "
        "over; no time, no speed; for reference only",
    ),
    (
        "与一小时后的推算相比，山地上重合面积约 0.82；不据此封路",
        "On hills its area agreed to 0.82 with the model's an hour later; it closes no road",
    ),
)
RISE = (
    (
        "筛查：河湖溪流同时上涨 {rise:g} 米，低于沿水流路径所到水面加此值的地方算淹没（HAND）；"
        "不计堤防与时间，只供参考",
        "Screening: all rivers, lakes and streams rise by {rise:g} m; ground less than that above the water it drains "
        "to counts as flooded (HAND); no dykes, no time; for reference only",
    ),
    (
        "溪流的水面按其槽底计；平原上到处离河面不高，结果偏大",
        "A stream's water is taken at its bed; on plains, nowhere high above their rivers, it says too much",
    ),
)


def _depth(ground: FloodGround, rain_mm: float | None, hours: float, rise_m: float | None) -> Floats:
    scene = ground.scene
    if rain_mm is not None:
        return screen(scene, np.maximum(rain_mm - scene.loss_mmh * hours, 0.0))
    height = above_drainage(scene, ground.channel | (scene.body >= 0))
    return np.where(scene.land & np.isfinite(height), np.maximum((rise_m or 0.0) - height, 0.0), 0.0)


def screened(
    tx: Reading, config: Settings, rain_mm: float | None, hours: float, rise_m: float | None, cell_m: float
) -> tuple[dict[str, Any], bytes]:
    """The figures, and the picture (PNG, Web Mercator) of the depth.

    Raises Invalid where not just one of rain and rise is asked for, or there is no terrain.
    """
    if (rain_mm is None) == (rise_m is None):
        raise Invalid(
            "降雨量与河水上涨请给且只给一项。", "Give either rain or a rise of the rivers.", field="rain_mm"
        )  # fmt: skip
    ground, network = flood_ground(tx.session, cell_m, config.data), roads.base(tx.session)
    bands = inputs.bands(tx, "road.depth_bands", inputs.BANDS_M)
    walls = inputs.bands(tx, "flood.building_bands", inputs.BUILDING_BANDS_M)
    who, raised_m = demand(tx.session, "residents"), inputs.raised_roads_m(tx)
    index = inputs.raised(ground, network, raised_m)

    def make() -> tuple[dict[str, Any], bytes]:
        depth = _depth(ground, rain_mm, hours, rise_m)
        road_m = np.maximum(along_roads(index, depth) - index.raised_m, 0.0)
        said = results.touched(
            replace(ground, index=index), network, (who.lonlat, who.persons), depth, road_m, bands, walls
        )
        with TemporaryDirectory() as folder:
            file = Path(folder) / "depth.png"
            corners = results.picture(ground.scene, depth, bands, file)
            picture = file.read_bytes()
        words = {"hours": hours, "rise": rise_m}
        told = [{"zh": zh.format(**words), "en": en.format(**words)} for zh, en in (RISE if rain_mm is None else RAIN)]
        return {
            "corners": corners, "cell_m": ground.scene.cell_m, "bands_cm": [round(b * 100) for b in bands],
            "assumptions": told, **said,
        }, picture  # fmt: skip

    key = ("flood screening", ground.version, who.version, rain_mm, hours, rise_m, bands, walls, raised_m)
    figures, picture = remember(key, make)
    closures: list[UUID] = list(tx.session.scalars(select(Closure.id).where(Closure.lifted_at.is_(None))))
    now = {"computed_at": tx.at, "network_version": network.version, "closures": closures}
    return {**figures, **now}, picture
