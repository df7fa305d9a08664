"""Sources read as they are: small files made here for the rules, real extracts for size and shape."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis_data import crs
from gis_data.errors import Invalid
from gis_data.load import Prepared, Region, prepare
from gis_data.sources import osm_tags
from gis_data.sources.vector import cells_around

XIHU = Region("xihu", "EPSG:4549", crs.default_box("EPSG:4549"))
MONACO = Region("monaco", "EPSG:32632", (7.3, 43.6, 7.6, 43.9))
POA = Region("poa", "EPSG:31982", (-51.4, -30.3, -51.0, -29.9))


def quiet(_: str) -> None:
    """No progress."""


def osm_file(path: Path, body: str, nodes: dict[int, tuple[float, float]]) -> Path:
    """A small OSM XML file."""
    spots = "".join(f'<node id="{i}" lon="{x}" lat="{y}" version="1"/>' for i, (x, y) in nodes.items())
    path.write_text(f'<osm version="0.6">{spots}{body}</osm>', encoding="utf-8")
    return path


def way(ident: int, refs: str, **tags: str) -> str:
    """A way in OSM XML."""
    nds = "".join(f'<nd ref="{r}"/>' for r in refs.split())
    said = "".join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in tags.items())
    return f'<way id="{ident}" version="1">{nds}{said}</way>'


def turn(ident: int, kind: str, came: int, via: int, gone: int) -> str:
    """A turn restriction in OSM XML."""
    return (
        f'<relation id="{ident}" version="1"><member type="way" ref="{came}" role="from"/>'
        f'<member type="node" ref="{via}" role="via"/><member type="way" ref="{gone}" role="to"/>'
        f'<tag k="type" v="restriction"/><tag k="restriction" v="{kind}"/></relation>'
    )


CROSS = {1: (120.10, 30.25), 2: (120.11, 30.25), 3: (120.12, 30.25), 4: (120.11, 30.26), 5: (120.11, 30.24)}


def cross(tmp_path: Path, body: str, extra: dict[int, tuple[float, float]] | None = None) -> Prepared:
    """Way 10 west to east and way 20 north to south cross at node 2; plus what the test adds."""
    base = way(10, "1 2 3", highway="residential") + way(20, "4 2 5", highway="tertiary")
    path = osm_file(tmp_path / "a.osm", base + body, CROSS | (extra or {}))
    return prepare("roads", path, XIHU, datum="WGS-84", progress=quiet)


def test_ways_are_cut_where_they_meet_and_lengths_add_up(tmp_path: Path) -> None:
    found = cross(tmp_path, "")
    roads = found.frames["road"]
    assert len(roads) == 4
    assert len(found.frames["road_node"]) == 5
    across = roads[roads["way_id"] == 10]["length_m"].sum()
    to = crs.to_metric("EPSG:4549")
    straight = np.hypot(*(np.array(to.transform(120.12, 30.25)) - np.array(to.transform(120.10, 30.25))))
    assert across == pytest.approx(straight, abs=0.5)
    assert found.figures["road_parts"] == 1


def test_a_way_that_only_passes_through_is_not_cut(tmp_path: Path) -> None:
    spots = {6: (120.2, 30.3), 7: (120.2, 30.31), 8: (120.2, 30.32)}
    found = cross(tmp_path, way(30, "6 7 8", highway="service"), spots)
    assert (found.frames["road"]["way_id"] == 30).sum() == 1
    assert found.figures["road_parts"] == 2


def test_a_reverse_oneway_is_turned_round(tmp_path: Path) -> None:
    found = cross(tmp_path, way(30, "3 4", highway="residential", oneway="-1"))
    road = found.frames["road"].set_index("way_id").loc[30]
    assert road["oneway"]
    assert road["geom"].coords[0] == CROSS[4]
    assert found.frames["road_node"]["geom"].iloc[road["source"]].coords[0] == CROSS[4]


def test_a_forbidden_turn_lands_on_the_segments_that_meet_at_its_node(tmp_path: Path) -> None:
    legs = way(30, "3 6", highway="residential") + way(40, "3 7", highway="residential")
    found = cross(tmp_path, legs + turn(1, "no_left_turn", 30, 3, 40), {6: (120.13, 30.25), 7: (120.12, 30.26)})
    (row,) = found.frames["turn_restriction"].itertuples()
    ways = found.frames["road"]["way_id"]
    assert (ways[row.from_road], ways[row.to_road], row.kind) == (30, 40, "no_left_turn")
    assert found.frames["road_node"]["geom"].iloc[row.via_node].coords[0] == CROSS[3]


def test_an_ambiguous_or_broken_turn_is_rejected(tmp_path: Path) -> None:
    found = cross(tmp_path, turn(1, "no_left_turn", 10, 2, 20) + turn(2, "no_left_turn", 10, 3, 20))
    assert found.frames["turn_restriction"].empty
    assert [r.row for r in found.rejects] == ["relation 1", "relation 2"]


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        (way(30, "1 99", highway="residential"), "geom", "fewer than 2 located"),
        (way(30, "1 1", highway="residential"), "geom", "zero length"),
        (way(30, "6 7", highway="residential"), "geom", "swapped"),
        (way(30, "1 4", highway="residential", maxheight="low"), "maxheight", "cannot read"),
        (way(30, "1 4", highway="residential", layer="top"), "layer", "cannot read"),
    ],
)
def test_what_cannot_be_used_is_rejected_with_its_reason(tmp_path: Path, body: str, field: str, said: str) -> None:
    found = cross(tmp_path, body, {6: (30.25, 120.1), 7: (30.26, 120.1)})
    (reject,) = found.rejects
    assert (reject.row, reject.field) == ("way 30", field)
    assert said in reject.en
    assert reject.zh
    kept = 30 in set(found.frames["road"]["way_id"])
    assert kept == (field != "geom")


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (osm_tags.speed_kmh, "50", 50),
        (osm_tags.speed_kmh, "30 mph", 48.28032),
        (osm_tags.speed_kmh, "50;30", 30),
        (osm_tags.speed_kmh, "none", None),
        (osm_tags.length_m, "3,5 m", 3.5),
        (osm_tags.length_m, "12'6\"", 3.81),
        (osm_tags.length_m, "10 ft", 3.048),
        (osm_tags.weight_t, "3500 kg", 3.5),
        (osm_tags.weight_t, "7.5", 7.5),
    ],
)
def test_limits_are_read_in_their_units(read: object, text: str, value: float | None) -> None:
    assert read(text) == (None if value is None else pytest.approx(value))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("tags", "drive", "walk", "one_way"),
    [
        ({"highway": "motorway"}, True, False, 1),
        ({"highway": "residential", "junction": "roundabout"}, True, True, 1),
        ({"highway": "residential", "access": "private"}, True, True, 0),
        ({"highway": "residential", "access": "no"}, False, False, 0),
        ({"highway": "residential", "access": "no", "emergency": "yes"}, True, False, 0),
        ({"highway": "footway"}, False, True, 0),
        ({"highway": "track"}, False, True, 0),
        ({"highway": "track", "tracktype": "grade1"}, True, True, 0),
        ({"highway": "trunk", "sidewalk": "both"}, True, True, 0),
        ({"highway": "primary", "foot": "no", "oneway": "yes"}, True, False, 1),
    ],
)
def test_who_may_use_a_road(tags: dict[str, str], drive: bool, walk: bool, one_way: int) -> None:
    assert (osm_tags.may_drive(tags), osm_tags.may_walk(tags), osm_tags.direction(tags)) == (drive, walk, one_way)


def test_buildings_take_their_height_or_three_metres_a_level(tmp_path: Path) -> None:
    square = {11: (120.1, 30.2), 12: (120.101, 30.2), 13: (120.101, 30.201), 14: (120.1, 30.201)}
    body = way(50, "11 12 13 14 11", building="yes", building__levels="6")
    body += way(51, "11 12 13 14 11", building="yes", height="20 m") + way(52, "11 12 13", building="yes")
    found = cross(tmp_path, body, square)
    assert list(found.frames["building"]["height_m"]) == [18, 20]
    assert [r.row for r in found.rejects] == ["way 52"]


def test_a_file_of_another_place_is_refused(tmp_path: Path) -> None:
    path = osm_file(tmp_path / "far.osm", way(1, "1 2", highway="residential"), {1: (7.4, 43.7), 2: (7.41, 43.7)})
    with pytest.raises(Invalid, match="no road inside"):
        prepare("roads", path, XIHU, datum="WGS-84", progress=quiet)


@pytest.mark.parametrize("kind", ["roads", "terrain", "population"])
def test_a_corrupt_or_missing_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / {"roads": "a.osm.pbf", "terrain": "a.tif", "population": "a.gpkg"}[kind]
    with pytest.raises(Invalid, match="No such file"):
        prepare(kind, path, XIHU, datum="WGS-84", progress=quiet)
    path.write_bytes(b"\x00\x01 not what it says" * 50)
    with pytest.raises(Invalid) as caught:
        prepare(kind, path, XIHU, datum="WGS-84", progress=quiet, data=tmp_path)
    assert path.name in caught.value.zh
    assert not (tmp_path / "terrain").exists()


def test_monaco(shared_data: Path) -> None:
    found = prepare("roads", shared_data / "monaco/monaco.osm.pbf", MONACO, datum="WGS-84", progress=quiet)
    frames = found.frames
    roads = frames["road"]
    assert 3_000 < len(frames["road_node"]) < 5_000
    assert 4_000 < len(roads) < 6_000
    assert 1_200 < len(frames["building"]) < 1_400
    assert len(frames["turn_restriction"]) >= 30
    assert 500 < roads["oneway"].sum() < 2_000
    assert roads["tunnel"].sum() > 50
    kinds = frames["protected_target"]["kind"].value_counts()
    assert kinds["hospital"] >= 5
    assert kinds["school"] >= 8
    assert (roads["length_m"] > 0).all()
    nodes = frames["road_node"]["geom"]
    starts = shapely.points([line.coords[0] for line in roads["geom"]])
    assert (starts == nodes.iloc[roads["source"]].to_numpy()).all()


def test_porto_alegre_roads_are_read_the_same_twice(shared_data: Path) -> None:
    path = shared_data / "porto_alegre/poa_osm.pbf"
    first, second = (prepare("roads", path, POA, datum="WGS-84", progress=quiet) for _ in range(2))
    assert first.frames["road"]["way_id"].nunique() == pytest.approx(15_668, abs=50)
    assert 1_500_000 < first.frames["road"]["length_m"].sum() < 2_500_000
    pd.testing.assert_frame_equal(pd.DataFrame(first.frames["road"]), pd.DataFrame(second.frames["road"]))


def test_porto_alegre_hexagons_are_built_from_their_centres(shared_data: Path) -> None:
    path = shared_data / "porto_alegre/poa_hexgrid.csv"
    cells = prepare("population", path, POA, datum="WGS-84", progress=quiet).frames["population_cell"]
    assert len(cells) == 1227
    assert cells["population"].sum() == 812_935
    metric = cells.to_crs("EPSG:31982").geometry
    assert metric.area.median() == pytest.approx(89_840, rel=0.01)  # H3 resolution 9 here
    union = metric.union_all()
    assert metric.area.sum() == pytest.approx(union.area, rel=0.001)  # they tile


@pytest.mark.parametrize("sides", [4, 6])
def test_cells_around_a_lattice_tile_it(sides: int) -> None:
    row = 0.0 if sides == 4 else 0.5
    step = 1.0 if sides == 4 else np.sqrt(0.75)
    grid = np.array([((c + row * (r % 2)) * 200, r * step * 200) for r in range(12) for c in range(12)])
    turned = grid @ np.array([[np.cos(0.3), np.sin(0.3)], [-np.sin(0.3), np.cos(0.3)]])
    cells = cells_around(turned)
    assert {len(c.exterior.coords) for c in cells} == {sides + 1}
    assert shapely.area(cells).sum() == pytest.approx(shapely.union_all(cells).area, rel=1e-6)
    assert cells[0].area == pytest.approx(200 * step * 200)


ROWS = [
    ("a", "10", "POLYGON((120.1 30.2,120.11 30.2,120.11 30.21,120.1 30.2))"),
    ("b", "-3", "POLYGON((120.1 30.2,120.11 30.2,120.11 30.21,120.1 30.2))"),
    ("c", "", "POLYGON((120.1 30.2,120.11 30.2,120.11 30.21,120.1 30.2))"),
    ("d", "5", "POLYGON((120.1 30.2,120.11 30.21,120.11 30.2,120.1 30.21,120.1 30.2))"),
    ("e", "5", "POLYGON((30.2 120.1,30.2 120.11,30.21 120.11,30.2 120.1))"),
    ("f", "5", "nonsense"),
    ("a", "5", "POLYGON((120.1 30.2,120.11 30.2,120.11 30.21,120.1 30.2))"),
]


def test_bad_population_rows_are_rejected_by_number_and_field(tmp_path: Path) -> None:
    path = tmp_path / "网格.csv"
    pd.DataFrame(ROWS, columns=["编码", "人口", "geom"]).to_csv(path, index=False, encoding="utf-8-sig")
    found = prepare("population", path, XIHU, datum="CGCS2000", progress=quiet)
    assert list(found.frames["population_cell"]["code"]) == ["a"]
    wrong = [f"{r.row} {r.field}" for r in found.rejects]
    assert wrong == ["3 population", "4 population", "5 geom", "6 geom", "7 geom", "8 code"]
    assert "swapped" in found.rejects[3].en


def test_a_geopackage_in_metres_and_a_gcj02_geojson_come_to_the_same_place(tmp_path: Path) -> None:
    square = shapely.box(512_000, 3_348_000, 512_500, 3_348_500)
    frame = gpd.GeoDataFrame({"pop": [7]}, geometry=[square], crs="EPSG:4549")
    frame.to_file(tmp_path / "m.gpkg")
    shifted = shapely.transform(frame.to_crs(4490).geometry.iloc[0], crs.cgcs_to_gcj)
    gpd.GeoDataFrame({"pop": [7]}, geometry=[shifted], crs=4326).to_file(tmp_path / "g.geojson")
    metric = prepare("population", tmp_path / "m.gpkg", XIHU, datum="EPSG:4549", progress=quiet)
    gcj = prepare("population", tmp_path / "g.geojson", XIHU, datum="GCJ-02", progress=quiet)
    a, b = (p.frames["population_cell"]["geom"].iloc[0] for p in (metric, gcj))
    assert a.hausdorff_distance(b) < 1e-6
    with pytest.raises(Invalid, match="is not the file's CRS"):
        prepare("population", tmp_path / "m.gpkg", XIHU, datum="EPSG:4528", progress=quiet)
