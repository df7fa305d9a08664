"""Every layer of the map: what it is called, where it comes from, how its legend reads, how fresh it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from gis_data.registers import GROUPS, REGISTERS, Register

Kind = Literal["vector", "raster", "live"]
Group = Literal["base", "reference", "situation"]
Shape = Literal["fill", "line", "point", "raster"]
Mark = Literal["fill", "line", "circle", "square", "diamond", "triangle", "ramp"]
Pattern = Literal["solid", "dashed", "dotted", "hatched", "hollow"]


@dataclass(frozen=True)
class LegendItem:
    """One line of a legend; colours are tokens of the design language, dark theme."""

    label_zh: str
    label_en: str
    color: str
    mark: Mark
    pattern: Pattern = "solid"


@dataclass(frozen=True)
class Layer:
    """One layer of the map.

    `kind`: vector tiles from `table` (`attributes` are the columns in the tile), raster tiles of the DEM,
    or live things that come with the board. Tiles exist from `min_zoom` to `max_zoom`; beyond it the last are
    stretched. `scale` names what the legend's steps count. The page draws live things and knows their legend best.
    A layer of a register's rows names its `register_key`, and the `theme` (the register's group) it stands under.
    """

    id: str
    title_zh: str
    title_en: str
    group: Group
    kind: Kind
    shape: Shape
    legend: tuple[LegendItem, ...]
    freshness_zh: str
    freshness_en: str
    table: str | None = None
    attributes: tuple[str, ...] = ()
    min_zoom: int = 0
    max_zoom: int = 16
    default_on: bool = True
    scale_zh: str = ""
    scale_en: str = ""
    register_key: str | None = None
    theme_zh: str = ""
    theme_en: str = ""


LOADED = ("随资料导入更新，注明资料日期", "As of the load; its date is shown")
REGISTER = ("随台账导入更新，注明台账日期", "As of the register's load; its date is shown")
STREAM = ("实时推送；断线时标注最后更新时间", "Pushed live; when cut off, shows the time of the last update")
POSITIONS = (
    "实时推送；超时未报位置为虚线圈，无位置为灰色空心",
    "Pushed live; dashed ring when the position is overdue, hollow grey when unknown",
)
READINGS = (
    "实时推送；读数陈旧为虚线圈，失联为灰色空心",
    "Pushed live; dashed ring when the reading is old, hollow grey when silent",
)

TEXT, QUIET = "#E6EDF5", "#9DB0C5"


_LAYERS = (
    Layer(
        "terrain", "三维地形", "Terrain", "base", "raster", "raster",
        (
            LegendItem("0", "0", "#0E1825", "ramp"),
            LegendItem("80", "80", "#1B2F33", "ramp"),
            LegendItem("160", "160", "#283C38", "ramp"),
            LegendItem("260", "260", "#3A4740", "ramp"),
            LegendItem("≥ 400", "≥ 400", "#525548", "ramp"),
        ),
        *LOADED, min_zoom=5, max_zoom=14, default_on=False, scale_zh="高程（米）", scale_en="Height (m)",
    ),
    Layer(
        "hillshade", "地形晕渲", "Hillshade", "base", "raster", "raster",
        (LegendItem("山体阴影", "Relief", "#9DB0C5", "ramp"),),
        *LOADED, min_zoom=5, max_zoom=15,
    ),
    Layer(
        "contours", "等高线", "Contours", "base", "raster", "raster",
        (
            LegendItem("每 50 / 20 / 10 米（随比例尺）", "Every 50, 20 or 10 m by scale", "#7A968A", "line"),
            LegendItem("每第五条加粗", "Every fifth stronger", "#7A968A", "line"),
        ),
        *LOADED, min_zoom=11, max_zoom=15,
    ),
    Layer(
        "landcover", "土地覆被", "Land cover", "base", "vector", "fill",
        (
            LegendItem("林地", "Woods", "#12281F", "fill"),
            LegendItem("草地、公园", "Grass, parks", "#13241F", "fill"),
            LegendItem("农田", "Farmland", "#151F1F", "fill"),
        ),
        *LOADED, table="gis.landcover", attributes=("kind", "name"), min_zoom=8, max_zoom=15,
    ),
    Layer(
        "water", "水系", "Water", "base", "vector", "fill",
        (
            LegendItem("水面", "Water", "#10304A", "fill"),
            LegendItem("河流、沟渠", "River, ditch", "#10304A", "line"),
        ),
        *LOADED, table="gis.water", attributes=("kind", "name"), min_zoom=6,
    ),
    Layer(
        "buildings", "建筑", "Buildings", "base", "vector", "fill",
        (
            LegendItem("低", "Low", "#1B2838", "fill"),
            LegendItem("高", "High", "#2A3B50", "fill"),
            LegendItem("高度不详", "Height unknown", "#1B2838", "fill", "hollow"),
        ),
        *LOADED, table="gis.building", attributes=("id", "kind", "height_m"), min_zoom=14,
        scale_zh="建筑高度", scale_en="Building height",
    ),
    Layer(
        "roads", "道路", "Roads", "base", "vector", "line",
        (
            LegendItem("高速、快速路", "Motorway, trunk", "#5B7696", "line"),
            LegendItem("主、次干路", "Primary, secondary", "#4A617D", "line"),
            LegendItem("支路、其他", "Local and other", "#2A3A4F", "line"),
            LegendItem("步行道", "On foot only", "#2A3A4F", "line", "dashed"),
        ),
        *LOADED, table="gis.road",
        attributes=("id", "name", "class", "oneway", "bridge", "tunnel", "layer", "drive", "walk"),
        min_zoom=6,
    ),
    Layer(
        "admin", "镇街界", "Town boundaries", "base", "vector", "fill",
        (
            LegendItem("本局管辖", "In the bureau's scope", QUIET, "line"),
            LegendItem("非本局管辖", "Outside its scope", QUIET, "line", "dashed"),
        ),
        *LOADED, table="gis.admin_unit", attributes=("code", "name", "name_en", "in_scope"), max_zoom=14,
    ),
    Layer(
        "places", "地名", "Places", "base", "vector", "point",
        (LegendItem("地名", "Place name", "#AFC2D6", "circle"),),
        *LOADED, table="gis.place", attributes=("kind", "name"), min_zoom=8,
    ),
    Layer(
        "population", "人口格网", "Population", "reference", "vector", "fill",
        (
            LegendItem("0", "0", "#16283A", "fill", "hollow"),
            LegendItem("1–99", "1–99", "#1E3D4C", "fill"),
            LegendItem("100–499", "100–499", "#2F5F6B", "fill"),
            LegendItem("500–999", "500–999", "#4F8A8B", "fill"),
            LegendItem("≥ 1000", "≥ 1000", "#8FC1B5", "fill"),
        ),
        *LOADED, table="gis.population_cell", attributes=("id", "population"), min_zoom=8, max_zoom=14,
        default_on=False, scale_zh="每格网常住人口（人）", scale_en="Residents per grid cell (persons)",
    ),
    Layer(
        "shelters", "避灾安置场所", "Shelters", "reference", "vector", "point",
        (
            LegendItem("容量已知", "Capacity known", TEXT, "square"),
            LegendItem("容量不详", "Capacity unknown", QUIET, "square", "hollow"),
        ),
        *REGISTER, table="gis.shelter", attributes=("id", "code", "name", "capacity", "space", "is_demo"),
    ),
    Layer(
        "protected_targets", "防护目标", "Protected targets", "reference", "vector", "point",
        (LegendItem("学校、医院、养老机构等", "Schools, hospitals, care homes, …", "#AFC2D6", "diamond"),),
        *REGISTER, table="gis.protected_target", attributes=("id", "code", "kind", "name", "is_demo"),
        min_zoom=11, default_on=False,
    ),
    Layer(
        "town_colour", "镇街五色图", "Towns by five colours", "situation", "live", "fill", (),
        *STREAM, default_on=False, scale_zh="安全风险五色，不是预警信号", scale_en="A safety scale, not warnings",
    ),
    Layer(
        "routes", "出动路线", "Routes", "situation", "live", "line", (),
        *STREAM,
    ),
    Layer(
        "rain_field", "雨量场（参考）", "Rain between gauges", "situation", "live", "raster", (),
        *READINGS,
    ),
    Layer(
        "cyclones", "台风路径（距离为参考）", "Typhoon tracks", "situation", "live", "line", (),
        *STREAM,
    ),
    Layer(
        "gas_zones", "初始警戒建议（参考）", "First zones of a leak", "situation", "live", "fill", (),
        *STREAM,
    ),
    Layer(
        "sight", "可视域（参考）", "View from a point", "situation", "live", "fill", (),
        *STREAM,
    ),
    Layer(
        "scene_marks", "现场标绘", "Marks at the scene", "situation", "live", "fill", (),
        *STREAM,
    ),
    Layer(
        "fire_run", "推算火线（参考）", "Modelled fire front", "situation", "live", "fill", (),
        *STREAM,
    ),
    Layer(
        "flood_roads", "推算积水道路（参考）", "Roads under modelled water", "situation", "live", "line", (),
        *STREAM,
    ),
    Layer(
        "suggestions", "建议封控（内部提示）", "Suggested closures", "situation", "live", "line", (),
        *STREAM,
    ),
    Layer(
        "closures", "道路封控", "Road closures", "situation", "live", "line", (),
        *STREAM,
    ),
    Layer(
        "gauge_state", "监测站实况", "Gauges now", "situation", "live", "point", (),
        *READINGS,
    ),
    Layer(
        "hazard_state", "险情（含内部提示）", "Hazards", "situation", "live", "point", (),
        *STREAM,
    ),
    Layer(
        "teams", "救援力量", "Teams", "situation", "live", "point", (),
        *POSITIONS,
    ),
    Layer(
        "devices", "现场定位", "Phones of the field", "situation", "live", "point", (),
        *POSITIONS,
    ),
    Layer(
        "incidents", "突发事件", "Incidents", "situation", "live", "point", (),
        *STREAM,
    ),
)  # fmt: skip

_ABOVE = ("fill", "line", "point")
"""Areas lie under lines, lines under points."""


def _of_register(register: Register) -> Layer:
    """The layer of a register's rows, as its own definition says how they look."""
    assert register.look
    look, (theme_zh, theme_en) = register.look, GROUPS[register.group]
    flat: Shape = "fill" if register.geometry == "GEOMETRY" else "point"
    shape: Shape = look.mark if look.mark in ("fill", "line") else flat
    chosen = (f.name for f in register.fields if f.listed and f.type == "choice")
    return Layer(
        register.key, register.zh, register.en, "reference", "vector", shape,
        (LegendItem(register.zh, register.en, look.color, look.mark),),
        *REGISTER, table=f"gis.{register.key}", attributes=("id", "code", "name", *chosen, "is_demo"),
        min_zoom=look.min_zoom, default_on=look.default_on,
        register_key=register.key, theme_zh=theme_zh, theme_en=theme_en,
    )  # fmt: skip


def _themed(layer: Layer) -> Layer:
    """A layer of its own kind that shows a register: it stands under the register's group."""
    shown = next((r for r in REGISTERS.values() if r.layer == layer.id and layer.kind == "vector"), None)
    if shown is None:
        return layer
    theme_zh, theme_en = GROUPS[shown.group] if layer.group == "reference" else ("", "")
    return replace(layer, register_key=shown.key, theme_zh=theme_zh, theme_en=theme_en)


_OWN = {layer.id: _themed(layer) for layer in _LAYERS}
_REGISTERS = sorted(
    (_of_register(r) for r in REGISTERS.values() if r.look and r.layer not in _OWN and not r.personal),
    key=lambda layer: _ABOVE.index(layer.shape),
)
LAYERS: dict[str, Layer] = {
    layer.id: layer
    for layer in (
        *(own for own in _OWN.values() if own.kind != "live"),
        *_REGISTERS,
        *(own for own in _OWN.values() if own.kind == "live"),
    )
}
"""All layers by id, in drawing order from the ground up: every register that has a look and a place is one."""
