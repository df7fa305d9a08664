"""Tiles: which exist, where they lie, and what their SQL asks for at each zoom."""

from __future__ import annotations

import re

import pytest

from gis_data.errors import Invalid
from layers.catalog import LAYERS
from layers.tiles import attributes, bounds, mvt_sql, pixel_m, span, tile_ok

VECTOR = [layer for layer in LAYERS.values() if layer.kind == "vector"]


@pytest.mark.parametrize("tile", [(-1, 0, 0), (0, 1, 0), (3, 8, 0), (3, 0, 8), (3, 0, -1), (23, 0, 0)])
def test_tiles_off_the_pyramid_are_refused(tile: tuple[int, int, int]) -> None:
    with pytest.raises(Invalid):
        tile_ok(*tile)
    with pytest.raises(Invalid):
        bounds(*tile)


def test_tiles_of_a_zoom_cover_the_square() -> None:
    half = 20_037_508.342789244
    assert bounds(0, 0, 0) == pytest.approx((-half, -half, half, half))
    assert bounds(1, 1, 0) == pytest.approx((0, 0, half, half), abs=1e-6)
    west, south, east, north = bounds(22, 2**22 - 1, 2**22 - 1)
    assert (east, south) == pytest.approx((half, -half))
    assert (east - west) / 256 == pytest.approx((north - south) / 256)
    assert (east - west) / 256 == pytest.approx(pixel_m(22))


@pytest.mark.parametrize("layer", VECTOR, ids=lambda layer: layer.id)
def test_the_sql_of_every_zoom_is_parametrised_and_current_only(layer) -> None:  # type: ignore[no-untyped-def]
    for z in range(layer.min_zoom, layer.max_zoom + 1):
        sql = mvt_sql(layer, z)
        assert set(re.findall(r"%\(.\)s|%", sql)) == {"%(z)s", "%(x)s", "%(y)s"}
        assert "valid_to IS NULL" in sql
        assert f"FROM {layer.table}, tile" in sql
        assert f"ST_AsMVT(feature, '{layer.id}', 4096" in sql
        assert re.search(r"SELECT {}\b".format(", ".join(attributes(layer, z))), sql)
        assert set(attributes(layer, z)) <= set(layer.attributes)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.id)
def test_no_sql_where_there_are_no_tiles(layer) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Invalid):
        mvt_sql(layer, layer.max_zoom + 1)
    if layer.kind != "vector":
        with pytest.raises(Invalid):
            mvt_sql(layer, layer.max_zoom)


def test_small_roads_wait_for_their_zoom() -> None:
    by_zoom = {z: mvt_sql(LAYERS["roads"], z) for z in range(6, 17)}
    for name, first in (("motorway", 6), ("primary", 9), ("tertiary_link", 12), ("residential", 13)):
        assert [z for z in range(6, 14) if f"'{name}'" in by_zoom[z]] == list(range(first, 14))
    assert all("class IN" not in by_zoom[z] for z in (14, 15, 16))


def test_detail_is_thinned_below_full_zoom_only() -> None:
    roads, buildings, water = (LAYERS[name] for name in ("roads", "buildings", "water"))
    assert "ST_Simplify(geom_3857, 4.777, true)" in mvt_sql(roads, 14)
    assert "ST_Simplify" not in mvt_sql(roads, 16)
    assert "ST_Simplify" not in mvt_sql(LAYERS["shelters"], 5)
    assert "ST_Area(geom_3857) >= 91.3" in mvt_sql(buildings, 14)
    assert "ST_Area" not in mvt_sql(buildings, 15)
    assert "'river'" in mvt_sql(water, 11)
    assert "'river'" not in mvt_sql(water, 12)
    assert "ST_Area" not in mvt_sql(water, 14)


def test_a_box_reaches_the_tiles_that_show_it() -> None:
    west, south, east, north = bounds(14, 13664, 6754)
    inner = (west + 100, south + 100, east - 100, north - 100)
    assert span(inner, 14) == (13664, 6754, 13664, 6754)
    assert span(inner, 13) == (6832, 3377, 6832, 3377)
    assert span((west, south, west, south), 14) == (13663, 6754, 13664, 6755)
    buffer_m = (east - west) * 64 / 4096
    for outside, reached in ((0.9, 13663), (1.1, 13664)):
        x = west + buffer_m * outside
        assert span((x, south + 100, x, south + 100), 14)[0] == reached
