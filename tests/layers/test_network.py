"""The network keeps every road, and positions lie along roads."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point
from xh_mini import ROADS, xh_mini

from gis_data.demo.xh_mini import NODES
from gis_data.errors import Invalid, NotFound
from layers.engine.hierarchy import FAR
from layers.network import Network
from layers.network_build import build
from layers.positions import part, position, snap
from layers.profiles import DRIVE, PROFILES, WALK, Profile, with_figures

XY = {1: (120.10, 30.25), 2: (120.11, 30.25), 3: (120.11, 30.26)}


def roads_of(*rows: tuple[int, int, int, dict[str, object]]) -> gpd.GeoDataFrame:
    plain = {"class": "residential", "oneway": False, "drive": True, "walk": True, "length_m": 600.0}
    records = [{**plain, "id": i, "source": a, "target": b, **more} for i, a, b, more in rows]
    lines = [LineString([XY[a], (120.105, 30.25 + i / 1000), XY[b]]) for i, a, b, _ in rows]
    return gpd.GeoDataFrame(records, geometry=lines, crs=4490)


def nodes_of() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"id": list(XY)}, geometry=[Point(xy) for xy in XY.values()], crs=4490)


def network_of(*rows: tuple[int, int, int, dict[str, object]]) -> Network:
    return build(nodes_of(), roads_of(*rows), "EPSG:4549", version="v1")


def test_parallel_roads_and_loops_are_split_and_none_is_lost() -> None:
    network = network_of((7, 1, 2, {}), (8, 2, 1, {}), (9, 3, 3, {}))
    per_road = {
        road: [data for _, _, data in network.graph.edges(data=True) if data["road"] == road] for road in (7, 8, 9)
    }
    assert {road: len(edges) for road, edges in per_road.items()} == {7: 2, 8: 4, 9: 6}
    assert all(sum(e["length_m"] for e in edges) == pytest.approx(1200) for edges in per_road.values())
    added = [node for node, data in network.graph.nodes(data=True) if data.get("added")]
    assert sorted(added) == [-6, -5, -4, -3, -2, -1]
    x, y = part(network, network.plan.row(8), 0.5, 0.5)[0]
    assert network.graph.nodes[-1] == {"x": x, "y": y, "added": True}
    assert (x, y) == pytest.approx((120.105, 30.258), abs=1e-5)


def test_the_reverse_of_a_one_way_road_is_for_walking_only() -> None:
    network = network_of((1, 1, 2, {"oneway": True}), (2, 2, 3, {"oneway": True, "walk": False}))
    assert network.graph.edges[1, 2]["drive"]
    assert network.graph.edges[1, 2]["forward"]
    back = network.graph.edges[2, 1]
    assert (back["drive"], back["walk"], back["forward"]) == (False, True, False)
    assert not network.graph.has_edge(3, 2)
    assert (network.road_ms(DRIVE)[:, 1] == FAR).all()
    assert (network.road_ms(WALK)[0] < FAR).all()


def test_speed_is_by_class_capped_by_the_sign_and_only_for_drivers() -> None:
    signs = {"max_speed_kmh": 20.0}
    network = network_of((1, 1, 2, signs), (2, 2, 3, {"class": "primary"}), (3, 3, 1, {"class": None}))
    assert network.road_ms(DRIVE)[:, 0].tolist() == [108_000, 43_200, 72_000]
    assert network.road_ms(WALK)[:, 0].tolist() == [500_000] * 3
    assert (network.close([2, 99]).road_ms(DRIVE) == FAR).tolist() == [[0, 0], [1, 1], [0, 0]]


def test_figures_of_the_bureau_take_the_place_of_ours() -> None:
    assert with_figures({}) == dict(PROFILES)
    own = with_figures(
        {
            "drive.speed[urban]": 20.0, "drive.speed[primary]": 55.0, "drive.speed[pump_truck, primary]": 25.0,
            "walk.speed[vulnerable]": 0.5, "vehicle.wading_cm": 40.0, "vehicle.wading_cm[car]": 10.0,
            "vehicle.height_m[bus]": 3.3, "gauge.stale_minutes": 30.0,
        }
    )  # fmt: skip
    assert (own["car"].default_kmh, dict(own["car"].kmh)["primary"], own["car"].wading_m) == (20.0, 55.0, 0.1)
    assert (dict(own["pump_truck"].kmh)["primary"], own["pump_truck"].wading_m) == (25.0, 0.6)
    assert (own["drive"].wading_m, own["bus"].height_m) == (0.4, 3.3)
    assert own["transfer_vulnerable"].default_kmh == pytest.approx(1.8)
    assert (own["walk"], own["distance"]) == (PROFILES["walk"], PROFILES["distance"])
    with pytest.raises(Invalid):
        with_figures({"drive.speed[urban]": 0.0})


def test_a_profile_needs_speeds_above_zero() -> None:
    with pytest.raises(Invalid):
        Profile("boat", "船", "Boat", "drive", 5.0, (("river", 0.0),))


@pytest.mark.parametrize(
    "change",
    [{"length_m": -1.0}, {"length_m": np.nan}, {"target": 99}, {"id": 1}],
    ids=["negative", "missing", "unknown node", "twice"],
)
def test_bad_roads_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        network_of((1, 1, 2, {}), (2, 2, 3, change))


def test_another_crs_is_refused() -> None:
    with pytest.raises(Invalid):
        build(nodes_of(), roads_of((1, 1, 2, {})).to_crs(3857), "EPSG:4549")


def test_an_empty_network_has_nowhere_to_snap() -> None:
    network = build(nodes_of(), roads_of((1, 1, 2, {})).iloc[:0], "EPSG:4549")
    with pytest.raises(Invalid):
        snap(network, *XY[1], DRIVE)


def test_snap_lands_along_the_nearest_usable_edge_not_at_a_node() -> None:
    network = xh_mini()
    (x1, y1), (x2, y2) = NODES["N1"], NODES["N2"]
    lon, lat = (x1 + x2) / 2, (y1 + y2) / 2
    middle = snap(network, lon, lat + 0.0002, DRIVE)  # 22 m north of the middle of N1–N2
    assert middle.road_id == ROADS["N1–N2"]
    assert middle.fraction == pytest.approx(0.5, abs=2e-4)
    assert middle.offset_m == pytest.approx(22.17, abs=0.05)
    assert (middle.lon, middle.lat) == pytest.approx((lon, lat), abs=1e-6)
    assert snap(network.close([middle.road_id]), lon, lat, DRIVE).road_id != middle.road_id


def test_snap_keeps_to_roads_of_the_profile_and_within_the_limit() -> None:
    network = network_of((1, 1, 2, {"drive": False}), (2, 2, 3, {}))
    assert snap(network, *XY[1], WALK).road_id == 1
    assert snap(network, *XY[1], DRIVE).road_id == 2
    with pytest.raises(Invalid):
        snap(network, *XY[1], DRIVE, limit_m=100)
    with pytest.raises(Invalid):
        snap(network, 30.25, 120.10, DRIVE)


def test_a_part_of_a_road_is_measured_in_metres_and_turned_with_travel() -> None:
    network = network_of((1, 1, 3, {}))
    there, back = part(network, 0, 0.2, 0.9), part(network, 0, 0.9, 0.2)
    assert there[::-1].tolist() == back.tolist()
    metric = [LineString(part(network, 0, *ends)) for ends in ((0, 1), (0.2, 0.9))]
    whole, cut = (gpd.GeoSeries([line], crs=4490).to_crs(4549).length.item() for line in metric)
    assert cut / whole == pytest.approx(0.7, abs=1e-6)
    assert part(network, 0, 0, 1).tolist() == [list(xy) for xy in network.plan.lines[0].coords]


def test_positions_are_checked() -> None:
    network = xh_mini()
    with pytest.raises(NotFound):
        position(network, 404, 0.5)
    with pytest.raises(Invalid):
        position(network, 1, 1.5)
