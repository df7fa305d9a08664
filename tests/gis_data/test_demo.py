"""The synthetic district: the same every time, whole, connected, and not like a scribble."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import rasterio
import shapely
import sqlalchemy as sa
from scipy import ndimage

from gis_data import demo, load
from gis_data.demo import scale
from gis_data.demo.built import AT_DAY
from gis_data.demo.xh_mini import EDGES_M, NODES, PERSONS, xh_mini
from gis_data.errors import Invalid
from gis_data.load import Prepared, Region
from tests.conftest import demo_sources


@pytest.fixture(scope="module")
def district(data_dir: Path) -> dict[str, Prepared]:
    """The demo district."""
    return {p.kind: p for p in demo_sources(data_dir)}


@pytest.fixture(scope="module")
def city() -> list[scale.Tile]:
    """Two districts side by side, the first being the demo district again."""
    return list(scale.tiles(2, lambda _: None))


@pytest.mark.soak
def test_the_demo_grows_to_a_city(
    city: list[scale.Tile], district: dict[str, Prepared], empty_db: sa.Engine, data_dir: Path
) -> None:
    for kind in ("registers", "roads", "population"):  # the first is the demo district itself
        assert demo.digest(getattr(city[0].made, kind)) == district[kind].sha256, kind
    region = Region("demo_x2", "EPSG:4549", scale.box(2))
    kept = scale.kept(city, "DEMO-x2", lambda _: None, data=data_dir, region=region)
    with kept as sources, empty_db.begin() as connection:
        loaded = {p.kind: load.write(connection, p, actor="tester", data=data_dir) for p in sources}
        again = load.write(connection, sources[1], actor="tester", data=data_dir)
    assert again.unchanged
    roads = district["roads"].frames
    assert loaded["roads"].counts["road_node"] > 1.8 * len(roads["road_node"])
    with empty_db.connect() as connection:
        rows = connection.execute(sa.text("select source, target, oneway from gis.road where drive")).all()
        joined = (
            connection.execute(sa.text("select bridge from gis.road where name like '演示联络线%'")).scalars().all()
        )
        units = connection.execute(sa.text("select count(distinct code) from gis.admin_unit")).scalar_one()
        wide = connection.execute(sa.text("select bounds from gis.raster where valid_to is null")).scalar_one()
        for name in ("landcover", "building", "water", "admin_unit", "population_cell"):
            assert connection.execute(sa.text(f"select bool_and(st_isvalid(geom)) from gis.{name}")).scalar_one(), name
    arcs = nx.DiGraph((row.source, row.target) for row in rows)
    arcs.add_edges_from((row.target, row.source) for row in rows if not row.oneway)
    assert nx.is_strongly_connected(arcs)
    assert (joined, units) == ([True], 2 * len(district["registers"].frames["admin_unit"]))
    assert wide[2] - wide[0] > 0.35


def test_a_city_needs_a_box_of_its_own() -> None:
    with pytest.raises(Invalid, match="BAOCHU_BOX="):
        scale.check_room(10, demo.REGION)
    scale.check_room(10, Region("demo_x10", "EPSG:4549", scale.box(10)))
    west, south, east, north = scale.box(100)
    assert (west > 118.5) & (east < 121.5) & (south > 28) & (north < 32)


def test_all_of_it_says_demo(district: dict[str, Prepared]) -> None:
    assert all(p.is_demo for p in [*district.values(), *xh_mini()])
    assert set(district) == {"roads", "terrain", "population", "registers"}


def test_twelve_units_tile_312_square_kilometres(district: dict[str, Prepared]) -> None:
    units = district["registers"].frames["admin_unit"]
    assert len(units) == 12
    assert list(units[~units["in_scope"]]["code"]) == ["330106008"]
    assert units.set_index("code").loc["330106008", "governing_authority"] == "杭州西湖风景名胜区管委会"
    metric = units.to_crs("EPSG:4549").geometry
    assert metric.area.sum() / 1e6 == pytest.approx(312, abs=3)
    whole = metric.union_all()
    assert whole.area == pytest.approx(metric.area.sum(), abs=50)  # no overlap
    assert whole.geom_type == "Polygon"
    assert sum(shapely.Polygon(hole).area for hole in whole.interiors) < 50  # no gap
    assert metric.is_valid.all()


def test_the_roads_hang_together_and_are_many(district: dict[str, Prepared]) -> None:
    roads, nodes = district["roads"].frames["road"], district["roads"].frames["road_node"]
    assert len(nodes) >= 20_000
    assert nx.is_connected(nx.Graph(zip(roads["source"], roads["target"], strict=True)))
    drive = roads[roads["drive"]]
    arcs = nx.DiGraph(zip(drive["source"], drive["target"], strict=True))
    both = drive[~drive["oneway"]]
    arcs.add_edges_from(zip(both["target"], both["source"], strict=True))
    assert nx.is_strongly_connected(arcs)
    hierarchy = {"motorway", "trunk", "primary", "secondary", "tertiary", "residential", "service", "track", "path"}
    assert hierarchy <= set(roads["class"])
    high = roads["class"].isin(["motorway", "trunk", "primary", "secondary"])
    assert roads[high]["name"].notna().all()
    assert (roads["bridge"].sum() > 20) & (roads["tunnel"].sum() > 12) & (roads["oneway"].sum() > 100)
    assert (~roads[roads["class"].isin(["track", "path"])]["drive"]).all()
    underpass = roads[(roads["layer"] < 0) & roads["max_height_m"].notna()]
    assert len(underpass) >= 12


def test_lines_end_at_their_nodes_and_measure_what_they_say(district: dict[str, Prepared]) -> None:
    roads, nodes = district["roads"].frames["road"], district["roads"].frames["road_node"]
    for column, end in (("source", 0), ("target", -1)):
        ends = np.array([line.coords[end] for line in roads["geom"]])
        assert (ends == shapely.get_coordinates(nodes["geom"].iloc[roads[column]].to_numpy())).all()
    measured = roads.to_crs("EPSG:4549").length
    assert np.abs(measured - roads["length_m"]).max() < 0.2


def test_no_road_swims(district: dict[str, Prepared]) -> None:
    frames = district["roads"].frames
    water = frames["water"].to_crs("EPSG:4549")
    roads = frames["road"].to_crs("EPSG:4549")
    lake = water[water["kind"] == "lake"].union_all()
    assert roads.intersection(lake).length.max() < 1
    river = water[water["kind"] == "river"].union_all()
    wet = roads[roads.intersection(river).length > 30]
    assert wet["bridge"].all()


def test_buildings_keep_off_the_roads_and_the_water(district: dict[str, Prepared]) -> None:
    frames = district["roads"].frames
    buildings = frames["building"]
    assert 60_000 <= len(buildings) <= 66_000
    assert {"apartments", "house", "industrial", "office", "retail", "school", "shed"} == set(buildings["kind"])
    assert buildings["height_m"].between(3, 150).all()
    surface = frames["road"][~frames["road"]["tunnel"]]
    hit = buildings.sindex.query(surface["geom"], predicate="intersects")
    assert hit.shape[1] < 0.005 * len(buildings)
    water = frames["water"]
    assert buildings.sindex.query(water["geom"], predicate="intersects").shape[1] == 0


def test_streams_run_downhill_into_water(district: dict[str, Prepared], data_dir: Path) -> None:
    water = district["roads"].frames["water"].to_crs("EPSG:4549")
    streams = water[water.geom_type == "LineString"]
    assert len(streams) >= 50
    (row,) = district["terrain"].frames["raster"].to_dict("records")
    with rasterio.open(data_dir / row["file"]) as terrain:
        height, into = terrain.read(1), ~terrain.transform
    for line in streams["geom"]:
        x, y = shapely.get_coordinates(shapely.line_interpolate_point(line, np.arange(0, line.length, 10))).T
        col, row_at = into @ (x, y)
        run = ndimage.map_coordinates(height, [row_at - 0.5, col - 0.5], order=1)
        assert (run - np.minimum.accumulate(run)).max() < 0.6
    ends = shapely.get_point(streams["geom"].array, -1)
    edge = district["registers"].frames["admin_unit"].to_crs("EPSG:4549").union_all().boundary
    cover = district["roads"].frames["landcover"]
    marsh = cover[cover["kind"] == "wetland"].to_crs("EPSG:4549").union_all()
    for end, line in zip(ends, streams["geom"], strict=True):
        others = water[~water.geom_equals(line)]
        assert min(others.distance(end).min(), marsh.distance(end)) < 15 or edge.distance(end) < 400


def test_villages_are_named_and_stand_on_streams(district: dict[str, Prepared]) -> None:
    frames = district["roads"].frames
    villages = frames["place"][frames["place"]["kind"] == "village"].to_crs("EPSG:4549")
    assert len(villages) >= 60
    assert villages["name"].is_unique
    assert villages["name"].str.fullmatch("演示..村").all()
    houses = frames["building"][frames["building"]["kind"] == "house"].to_crs("EPSG:4549")
    around = [len(houses.sindex.query(spot.buffer(250), predicate="intersects")) for spot in villages["geom"]]
    assert np.median(around) >= 30
    water = frames["water"].to_crs("EPSG:4549")
    streams = water[(water["kind"] == "stream") & (water.geom_type == "LineString")].union_all()
    assert (villages.distance(streams) < 60).sum() >= 40


def test_the_ground_is_covered(district: dict[str, Prepared]) -> None:
    kinds = set(district["roads"].frames["landcover"]["kind"])
    assert {"wood", "conifer", "bamboo", "tea", "farmland", "paddy", "park", "wetland", "residential"} <= kinds


def test_the_ground_has_a_plain_and_hills(district: dict[str, Prepared], data_dir: Path) -> None:
    (row,) = district["terrain"].frames["raster"].to_dict("records")
    assert (row["crs"], row["min"]) == ("EPSG:4549", 2)
    assert 300 < row["max"] < 450
    with rasterio.open(data_dir / row["file"]) as terrain:
        (core,) = terrain.sample([(512_600, 3_351_500)])
    assert 2 < core[0] < 9


def test_people_add_up(district: dict[str, Prepared]) -> None:
    cells = district["population"].frames["population_cell"]
    assert cells["population"].sum() == 1_090_000
    assert cells["population_day"].sum() == AT_DAY
    assert (cells["population_day"] != cells["population"]).mean() > 0.5
    assert district["registers"].frames["admin_unit"]["population"].sum() == 1_090_000
    assert cells["code"].is_unique


def test_registers_as_the_handbook_counts_them(district: dict[str, Prepared]) -> None:
    frames = district["registers"].frames
    teams, shelters = frames["team"], frames["shelter"]
    assert len(teams) == 25
    assert teams["kind"].str.contains("森林").sum() == 9
    assert teams["muster_s"].between(60, 600).all()
    known = {"flood", "city_fire", "forest_fire", "geohazard", "other"}
    assert all(set(hazards) <= known and hazards for hazards in teams["hazards"])
    assert len(shelters) == 30
    assert shelters["capacity"].isna().sum() == 4
    assert (shelters["capacity"].isna() == shelters["capacity_source"].isna()).all()
    assert len(frames["protected_target"]) >= 60
    district_land = frames["admin_unit"].union_all()
    assert all(frames[name].within(district_land).all() for name in ("team", "shelter", "protected_target"))


def test_mini_is_the_handbooks_network() -> None:
    frames = {name: frame for p in xh_mini() for name, frame in p.frames.items()}
    roads = frames["road"]
    graph = nx.Graph()
    names = list(NODES)
    for road in roads.itertuples():
        graph.add_edge(names[road.source], names[road.target], m=road.length_m)
    length = dict(nx.all_pairs_dijkstra_path_length(graph, weight="m"))
    assert (length["C1"]["S1"], length["C3"]["S4"], length["C5"]["S1"], length["C4"]["S2"]) == (650, 1050, 1350, 1050)
    assert (length["N1"]["C3"], length["N5"]["C3"]) == (1150, 1650)
    assert sum(PERSONS.values()) == frames["population_cell"]["population"].sum() == 725
    assert len(EDGES_M) == 15
    assert frames["team"].set_index("code")["muster_s"].to_dict() == {"T1": 300, "T2": 60}
    assert frames["shelter"].set_index("code")["capacity"].to_dict() == {"S1": 200, "S2": 100, "S3": 2000, "S4": 150}
    assert frames["shelter"].set_index("code").loc["S3", "space"] == "outdoor"
