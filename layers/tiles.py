"""Web-mercator tiles: which exist, what ground they cover, and the SQL of a vector tile."""

from __future__ import annotations

import math
from collections.abc import Sequence

import mercantile

from gis_data.errors import Invalid
from layers.catalog import Layer

EXTENT, BUFFER = 4096, 64
MAX_ZOOM = 22
CIRCUMFERENCE_M = 40_075_016.68557849  # of the Web Mercator square

# From this zoom on, a road of the class is drawn; classes not named here from EVERY_ROAD_ZOOM.
ROAD_ZOOM = {
    "motorway": 6, "trunk": 7, "primary": 9, "secondary": 11, "tertiary": 12, "unclassified": 13,
    "residential": 13,
}  # fmt: skip
EVERY_ROAD_ZOOM = 14
# What the map draws of a road before every road is drawn; the rest comes from that zoom on.
FAR_ROAD = ("name", "class", "bridge", "tunnel", "drive")


def tile_ok(z: int, x: int, y: int) -> None:
    """Raise `Invalid` unless z/x/y names a tile of the pyramid (z 0…22)."""
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise Invalid(f"没有瓦片 {z}/{x}/{y}。", f"There is no tile {z}/{x}/{y}.", field="tile")


def bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile, metres in EPSG:3857; `Invalid` as in `tile_ok`."""
    tile_ok(z, x, y)
    box = mercantile.xy_bounds(x, y, z)
    return (box.left, box.bottom, box.right, box.top)


def span(box: Sequence[float], z: int) -> tuple[int, int, int, int]:
    """First x, first y, last x, last y of the tiles of a zoom that a box reaches, their buffers included.

    The box is west, south, east, north in metres, EPSG:3857.
    """
    size, half, margin = math.ldexp(CIRCUMFERENCE_M, -z), CIRCUMFERENCE_M / 2, (BUFFER + 1) / EXTENT
    west, south, east, north = box
    return (
        math.floor((west + half) / size - margin),
        math.floor((half - north) / size - margin),
        math.floor((east + half) / size + margin),
        math.floor((half - south) / size + margin),
    )


def pixel_m(z: int) -> float:
    """Size of one pixel of a 256-pixel tile, metres in EPSG:3857 (not on the ground)."""
    return math.ldexp(CIRCUMFERENCE_M / 256, -z)


def mvt_sql(layer: Layer, z: int) -> str:
    """SQL that returns one Mapbox vector tile of a layer as bytea, generalised for the zoom.

    The parameters are psycopg's `%(z)s`, `%(x)s`, `%(y)s`; z is the one given. Rows are current ones
    (`valid_to IS NULL`) that touch the tile or its buffer. The tile's layer is named `layer.id`, its extent
    is 4096 (Mapbox Vector Tile Specification 2.1).

    Raises
    ------
    Invalid : the layer has no vector tiles, or none at this zoom.
    """
    if layer.kind != "vector" or not layer.min_zoom <= z <= layer.max_zoom:
        raise Invalid(
            f"图层 {layer.id} 在 {z} 级没有矢量瓦片。",
            f"Layer {layer.id} has no vector tiles at zoom {z}.",
            field="z",
        )
    conditions = ["valid_to IS NULL", "geom_3857 && tile.wide", *_filters(layer, z)]
    return f"""
WITH tile AS (
  SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box,
         ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => {BUFFER / EXTENT}) AS wide
), feature AS (
  SELECT {", ".join(attributes(layer, z))},
         ST_AsMVTGeom({_simplified(layer, z)}, tile.box, {EXTENT}, {BUFFER}) AS mvt
  FROM {layer.table}, tile
  WHERE {" AND ".join(conditions)}
  OFFSET 0 -- else each geometry would be made twice, for the condition and for the tile
)
SELECT ST_AsMVT(feature, '{layer.id}', {EXTENT}, 'mvt') FROM feature WHERE mvt IS NOT NULL""".strip()


def attributes(layer: Layer, z: int) -> tuple[str, ...]:
    """The columns that a tile of this zoom carries."""
    return FAR_ROAD if layer.id == "roads" and z < EVERY_ROAD_ZOOM else layer.attributes


def _simplified(layer: Layer, z: int) -> str:
    """Half a pixel of simplification below the layer's own full detail; points stay as they are."""
    if layer.shape == "point" or z >= layer.max_zoom:
        return "geom_3857"
    return f"ST_Simplify(geom_3857, {pixel_m(z) / 2:.3f}, true)"


def _filters(layer: Layer, z: int) -> list[str]:
    """What is too small to see at this zoom."""
    pixel_m2 = pixel_m(z) ** 2
    if layer.id == "roads" and z < EVERY_ROAD_ZOOM:
        classes = [name for name, zoom in ROAD_ZOOM.items() if z >= zoom]
        names = ", ".join(f"'{name}', '{name}_link'" for name in classes)
        return [f"class IN ({names})"]
    if layer.id == "buildings" and z < 15:
        return [f"ST_Area(geom_3857) >= {pixel_m2:.1f}"]
    if layer.id == "landcover" and z < 14:
        return [f"ST_Area(geom_3857) >= {4 * pixel_m2:.1f}"]
    if layer.id == "water" and z < 14:
        lines = "true" if z >= 12 else "kind IN ('river', 'canal')"
        area = f"ST_Area(geom_3857) >= {4 * pixel_m2:.1f}"
        return [f"CASE WHEN ST_Dimension(geom_3857) = 2 THEN {area} ELSE {lines} END"]
    if layer.id == "places" and z < 13:
        kinds = ["city", "district", "town"] if z < 11 else ["city", "district", "town", "suburb", "village"]
        return ["kind IN ({})".format(", ".join(f"'{kind}'" for kind in kinds))]
    return []
