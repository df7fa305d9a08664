"""What a map to hand over shows: rows with their legend, from the catalogue, the network or a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_data.errors import Invalid
from layers.catalog import Layer, LegendItem
from layers.network import CRS, Network
from layers.profiles import EVERYBODY
from layers.routing import Route

Items = NDArray[np.int64]
TEXT, LABEL, ACCENT = "#E6EDF5", "#AFC2D6", "#3FA7FF"  # colours of the design language
MAIN_CLASSES = ("motorway", "trunk")
MIDDLE_CLASSES = ("primary", "secondary")
FOOT_CLASSES = ("footway", "path", "steps", "cycleway", "pedestrian", "track", "bridleway")


@dataclass(frozen=True)
class Look(LegendItem):
    """A legend's line with what a catalogue need not say: width or reach in pixels, a character on the mark."""

    size: float = 0.0
    glyph: str = ""
    ink: str = TEXT


@dataclass(frozen=True, eq=False)
class MapLayer:
    """One layer of a map: rows in EPSG:4490 and how they look.

    `item` gives each row its line of `legend`, shape (rows,); without it all rows look as the first. `columns` are
    the attributes that a click shows: column → title. `label` is the column written on the map from zoom
    `label_zoom` on. `note` stands under the title in the legend.
    """

    title: str
    frame: gpd.GeoDataFrame
    legend: tuple[LegendItem, ...]
    item: Items | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    label: str | None = None
    label_zoom: int = 0
    label_size: int = 13
    label_color: str = LABEL
    opacity: float = 1.0
    note: str = ""
    is_demo: bool = False
    shown: bool = True

    def __post_init__(self) -> None:
        if self.frame.crs != CRS:
            raise Invalid(
                f"图层“{self.title}”须为 {CRS}。", f"The layer “{self.title}” must be in {CRS}.", field=self.title
            )
        if not self.legend:
            raise Invalid(f"图层“{self.title}”没有图例。", f"The layer “{self.title}” has no legend.", field=self.title)


def catalogue_layer(
    layer: Layer,
    frame: gpd.GeoDataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    note: str = "",
    is_demo: bool = False,
    shown: bool = True,
) -> MapLayer:
    """A layer of the catalogue with rows of its table (EPSG:4490, with the columns `layer.attributes`)."""
    named = {} if columns is None else columns
    return MapLayer(
        f"{layer.title_zh} {layer.title_en}",
        frame,
        layer.legend,
        _items(layer, frame),
        {name: title for name, title in named.items() if name in frame},
        "name" if "name" in frame else None,
        {"roads": 14, "water": 12, "admin": 0, "places": 12, "landcover": 14}.get(layer.id, 13),
        {"admin": 16, "roads": 12}.get(layer.id, 13),
        LABEL,
        0.6 if layer.group == "reference" and layer.shape == "fill" else 1.0,
        " · ".join(part for part in (layer.scale_zh, note) if part),
        is_demo,
        shown,
    )


def network_layers(network: Network) -> list[MapLayer]:
    """A network's roads, and those of them that are closed to all, by road id."""
    from layers.catalog import LAYERS

    plan = network.plan
    frame = gpd.GeoDataFrame(plan.roads.assign(id=plan.roads.index), geometry=plan.lines, crs=CRS)
    is_closed = np.isin(frame.index, [id_ for id_, limit in network.limits.items() if limit.closed_for >= EVERYBODY])
    roads = catalogue_layer(LAYERS["roads"], frame[~is_closed], columns={"class": "等级", "length_m": "长度（米）"})
    return [roads, *([closed_layer(frame[is_closed])] if is_closed.any() else [])]


def closed_layer(frame: gpd.GeoDataFrame, columns: Mapping[str, str] | None = None) -> MapLayer:
    """Closed roads, as a broken light line: red belongs to warnings."""
    look = Look("封控", "Closed", TEXT, "line", "hatched", size=5)
    return MapLayer("道路封控 Road closures", frame, (look,), columns=columns or {"id": "编号"})


def route_layer(way: Route, title: str = "路线 Route") -> MapLayer:
    """A route, with its length and time."""
    rows = {"metres": [round(way.metres)], "minutes": [round(way.seconds / 60, 1)]}
    return MapLayer(
        title,
        gpd.GeoDataFrame(rows, geometry=[way.geometry], crs=CRS),
        (Look("路线", "Route", ACCENT, "line", size=5),),
        columns={"metres": "长度（米）", "minutes": "用时（分）"},
    )


def point_layer(title: str, points: Mapping[str, tuple[float, float]], look: LegendItem | None = None) -> MapLayer:
    """Named points: name → lon, lat in EPSG:4490."""
    places = shapely.points(np.array(list(points.values()), float).reshape(-1, 2))
    frame = gpd.GeoDataFrame({"name": list(points)}, geometry=places, crs=CRS)
    return MapLayer(
        title, frame, (look or Look("点位", "Place", TEXT, "circle"),), columns={"name": "名称"}, label="name"
    )


def _in(frame: gpd.GeoDataFrame, column: str, *groups: tuple[str, ...]) -> list[NDArray[np.bool_]]:
    return [frame[column].isin(group).to_numpy(bool) for group in groups]


def _link(classes: tuple[str, ...]) -> tuple[str, ...]:
    return (*classes, *(f"{name}_link" for name in classes))


def _roads(frame: gpd.GeoDataFrame) -> list[tuple[NDArray[np.bool_], str]]:
    trunk, middle, foot = _in(frame, "class", _link(MAIN_CLASSES), _link(MIDDLE_CLASSES), FOOT_CLASSES)
    named = (trunk, "Motorway, trunk"), (middle, "Primary, secondary"), (foot, "On foot only")
    return [*named, (~foot, "Local and other")]


def _landcover(frame: gpd.GeoDataFrame) -> list[tuple[NDArray[np.bool_], str]]:
    woods, fields, tea, wet = _in(
        frame, "kind",
        ("wood", "woods", "forest", "scrub", "bamboo"), ("farmland", "farmyard", "allotments", "crop"),
        ("tea", "orchard", "vineyard", "plant_nursery"), ("wetland", "marsh", "mud"),
    )  # fmt: skip
    return [(woods, "Woods"), (fields, "Farmland"), (tea, "Tea"), (wet, "Wetland"), (~woods, "Grass, parks")]


def _water(frame: gpd.GeoDataFrame) -> list[tuple[NDArray[np.bool_], str]]:
    lines = shapely.get_dimensions(frame.geometry.to_numpy()) == 1
    return [(lines, "River, ditch"), (~lines, "Water")]


def _buildings(frame: gpd.GeoDataFrame) -> list[tuple[NDArray[np.bool_], str]]:
    height = pd.to_numeric(frame["height_m"]).to_numpy(float)
    return [(np.isnan(height), "Height unknown"), (height >= 24, "High"), (height < 24, "Low")]


def _admin(frame: gpd.GeoDataFrame) -> list[tuple[NDArray[np.bool_], str]]:
    ours = frame["in_scope"].to_numpy(bool)
    return [(ours, "In the bureau's scope"), (~ours, "Outside its scope")]


def _population(frame: gpd.GeoDataFrame) -> list[tuple[NDArray[np.bool_], str]]:
    people = frame["population"].to_numpy(float)
    steps = ((1000, "≥ 1000"), (500, "500–999"), (100, "100–499"), (1, "1–99"), (-np.inf, "0"))
    return [(people >= least, label) for least, label in steps]


def _shelters(frame: gpd.GeoDataFrame) -> list[tuple[NDArray[np.bool_], str]]:
    known = frame["capacity"].notna().to_numpy(bool)
    return [(known, "Capacity known"), (~known, "Capacity unknown")]


RULES: dict[str, Callable[[gpd.GeoDataFrame], list[tuple[NDArray[np.bool_], str]]]] = {
    "roads": _roads, "landcover": _landcover, "water": _water, "buildings": _buildings, "admin": _admin,
    "population": _population, "shelters": _shelters,
}  # fmt: skip
"""Layer → conditions and the legend's line (in English) for the rows that meet it first."""


def _items(layer: Layer, frame: gpd.GeoDataFrame) -> Items:
    """Each row's line in the legend of a layer; the first where no rule speaks of it."""
    found: Items = np.zeros(len(frame), np.int64)
    if layer.id not in RULES or frame.empty:
        return found
    lines = {item.label_en: number for number, item in enumerate(layer.legend)}
    open_ = np.ones(len(frame), bool)
    for meets, label in RULES[layer.id](frame):
        if label in lines:
            found[open_ & meets] = lines[label]
            open_ &= ~meets
    return found
