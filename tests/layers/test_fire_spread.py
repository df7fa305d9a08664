"""Spread of a fire: the analytic ellipse, breaks that hold, symmetry, wind that turns, ensembles, and who gets away."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from gis_data.errors import Invalid
from layers.fire.behaviour import Moisture
from layers.fire.ensemble import Doubt, ensemble
from layers.fire.fuels import DEMO, FUELS
from layers.fire.ground import NOTHING, Ground, barriers, fuel_cells
from layers.fire.reached import escape_margin, reached, within_hose
from layers.fire.spread import Fire, Ignition, Weather, behaviour, spread

DRY = Moisture(0.08, 0.08, 0.08, 1.0, 1.0)
CELL, CRS = 30.0, "EPSG:4549"
SHAPES = {1.6: 7.182, 3.0: 15.125, 6.0: 23.503}
"""Length to width: the 10 m wind that gives it in short grass."""


def flat(n: int, **how: object) -> Ground:
    grid = Affine(CELL, 0, 500_000, 0, -CELL, 3_350_000)
    ground = Ground(np.zeros((n, n), np.int16), (FUELS["FM1"], FUELS["FM8"]), grid, CRS)
    return replace(ground, **how)  # type: ignore[arg-type]


def at(ground: Ground, row: float, column: float) -> Point:
    return Point(*(ground.transform @ (column + 0.5, row + 0.5)))


def middle(ground: Ground) -> Ignition:
    n = len(ground.fuel) // 2
    return Ignition(at(ground, n, n))


def against_the_ellipse(wind: float, from_deg: float, half: int, radius: int = 5) -> tuple[float, float, float]:
    """Area over the analytic one, length to width, and how far the head got over how far it should."""
    ground, weather = flat(2 * half + 1), Weather(wind, from_deg, DRY)
    head = behaviour(ground, weather)
    rate, shape, e = (float(a[0, 0]) for a in (head.rate_ms, head.length_to_width, head.eccentricity))
    time = 0.9 * half * CELL / rate
    fire = spread(ground, [weather], [middle(ground)], time, radius=radius)
    rows, columns = np.nonzero(fire.burnt(time))
    north, east = (half - rows) * CELL, (columns - half) * CELL
    to = np.radians(from_deg + 180)
    far = (east * np.sin(to) + north * np.cos(to)).max()
    return fire.area_m2(time) / (np.pi * (rate * time / (1 + e)) ** 2 / shape), shape, far / (rate * time)


@pytest.mark.parametrize("from_deg", [0, 17, 45, 100, 213.7, 303])
@pytest.mark.parametrize(("shape", "wind"), SHAPES.items())
def test_the_analytic_ellipse(shape: float, wind: float, from_deg: float) -> None:
    area, ratio, far = against_the_ellipse(wind, from_deg, 260 if shape == 6 else 160)
    assert ratio == pytest.approx(shape, rel=1e-3)
    assert area == pytest.approx(1, abs=0.03)
    assert far == pytest.approx(1, abs=0.03)


def test_eight_neighbours_would_not_do() -> None:
    area, _, _ = against_the_ellipse(SHAPES[3.0], 17, 160, radius=1)
    assert area < 0.8


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_wind_turns_the_fire(degrees: int) -> None:
    ground = flat(81)
    limit = 3000.0
    one = spread(ground, [Weather(10, 20, DRY)], [middle(ground)], limit)
    other = spread(ground, [Weather(10, 20 + degrees, DRY)], [middle(ground)], limit)
    turned = np.rot90(one.arrival_s, -degrees // 90)
    assert np.isfinite(turned).sum() > 300
    assert np.allclose(turned, other.arrival_s, rtol=1e-4)


def test_up_the_slope_is_quicker_than_down() -> None:
    ground = flat(61, slope_deg=25.0, aspect_deg=180.0)  # faces south
    fire = spread(ground, [Weather(0, 0, DRY)], [middle(ground)], inf)
    up, down = fire.arrival_s[10, 30], fire.arrival_s[50, 30]
    assert up < down / 3
    assert fire.arrival_s[30, 10] == pytest.approx(fire.arrival_s[30, 50], rel=1e-5)


def _wall(ground: Ground, line: LineString, gap: tuple[int, int] | None = None) -> Ground:
    cells = barriers(ground, [line], 6.0, 5.0)
    if gap:
        cells[gap] = False
    return ground.without(cells)


@pytest.mark.parametrize("diagonal", [False, True])
@pytest.mark.parametrize("wind", [2.0, 20.0])
def test_a_break_of_one_cell_stops_the_fire_and_a_gap_lets_it_through(diagonal: bool, wind: float) -> None:
    ground, n = flat(61), 61
    if diagonal:  # corner to corner: cells that touch at their corners
        cells = np.eye(n, dtype=bool)[:, ::-1]
        closed = ground.without(cells)
        cells[30, 30] = False
        opened = ground.without(cells)
        start, behind = at(ground, 20, 20), (45, 35)
    else:
        line = LineString([at(ground, 30, -1), at(ground, 30, n)])
        closed, opened = _wall(ground, line), _wall(ground, line, (30, 30))
        assert (closed.fuel == NOTHING).sum() == n
        start, behind = at(ground, 20, 20), (45, 40)
    weather = [Weather(wind, 315, DRY)]
    fire = spread(closed, weather, [Ignition(start)], inf)
    rows, columns = np.nonzero(np.isfinite(fire.arrival_s))
    assert len(rows) > n * n * 0.4
    assert (rows + columns < n - 1).all() if diagonal else (rows < 30).all()
    through = spread(opened, weather, [Ignition(start)], inf)
    free = spread(ground, weather, [Ignition(start)], inf)
    assert free.arrival_s[behind] < through.arrival_s[behind] < inf


def test_a_break_at_any_angle_holds() -> None:
    ground = flat(61)
    for degrees in range(0, 180, 7):
        a = np.radians(degrees)
        far = 3000 * np.array([np.cos(a), np.sin(a)])
        here = np.array(at(ground, 30, 30).coords[0])
        closed = _wall(ground, LineString([here - far, here + far]))
        side = np.array([-np.sin(a), np.cos(a)]) * 12 * CELL
        fire = spread(closed, [Weather(15, 90 - degrees, DRY)], [Ignition(Point(*(here + side)))], inf)
        row, column = np.nonzero(np.isfinite(fire.arrival_s))
        x, y = closed.transform @ (column + 0.5, row + 0.5)
        assert ((np.array(x) - here[0]) * side[0] + (np.array(y) - here[1]) * side[1] > 0).all(), degrees


def test_only_breaks_that_are_wide_enough_count() -> None:
    ground = flat(21)
    lines = [LineString([at(ground, r, 0), at(ground, r, 20)]) for r in (3, 8, 13)]
    found = barriers(ground, lines, [3.0, 10.0, np.nan], least_m=8.0)
    assert np.nonzero(found.any(axis=1))[0].tolist() == [8]


def test_a_front_takes_each_cells_pace() -> None:
    """A line of fire runs straight over two fuels, then into a stronger wind: distance over rate, added up."""
    n = 60
    fuel, wind = np.zeros((n, n), np.int16), np.full((n, n), 3.0)
    fuel[:, 20:40], wind[:, 50:] = 1, 9.0
    ground, weather = flat(n, fuel=fuel), Weather(wind, 270, DRY)
    start = Ignition(LineString([at(ground, 0, 0), at(ground, n - 1, 0)]))
    fire, rates = spread(ground, [weather], [start], inf), behaviour(ground, weather).rate_ms[30]
    assert len(np.unique(rates)) == 3
    cells = CELL / rates
    by_hand = np.cumsum(cells) - cells / 2 - cells[0] / 2
    assert fire.arrival_s[30] == pytest.approx(by_hand, rel=1e-4, abs=1e-6)


def test_stands_give_the_fuel() -> None:
    ground = flat(20)
    x, y = ground.transform.c, ground.transform.f
    pine, tea = box(x, y - 300, x + 300, y), box(x + 150, y - 600, x + 450, y - 150)
    fuel = fuel_cells([(pine, "masson_pine"), (tea, "tea")], (20, 20), ground.transform, DEMO)
    codes = [fuel.code for fuel in DEMO]
    assert (fuel == codes.index("masson_pine")).sum() == 10 * 10 - 5 * 5
    assert (fuel == codes.index("tea")).sum() == 10 * 15
    assert (fuel == NOTHING).sum() == 400 - 75 - 150
    burns = replace(ground, fuel=fuel, fuels=DEMO)
    fire = spread(burns, [Weather(5, 0, DRY)], [Ignition(at(ground, 2, 2))], inf)
    assert np.array_equal(np.isfinite(fire.arrival_s), fuel != NOTHING)
    with pytest.raises(Invalid) as caught:
        fuel_cells([(pine, "tea"), (tea, "reed")], (20, 20), ground.transform, DEMO)
    assert (caught.value.field, caught.value.row) == ("fuel", 2)


def test_several_ignitions_at_their_times_and_a_burning_area() -> None:
    ground, weather = flat(61), [Weather(3, 0, DRY)]
    a, b = Ignition(at(ground, 20, 15)), Ignition(at(ground, 20, 45), 600.0)
    both = spread(ground, weather, [a, b], inf).arrival_s
    alone = [spread(ground, weather, [i], inf).arrival_s for i in (a, b)]
    assert np.allclose(both, np.minimum(*alone), rtol=1e-6)
    assert both[20, 45] == 600.0
    area = box(*at(ground, 30, 10).coords[0], *at(ground, 25, 20).coords[0])
    burning = spread(ground, weather, [Ignition(area, 60.0)], inf)
    assert burning.area_m2(60.0) == 6 * 11 * CELL**2


def test_wind_that_turns() -> None:
    ground = flat(121)
    before, after = Weather(8, 270, DRY, until_s=1800.0), Weather(8, 180, DRY)
    fire = spread(ground, [before, after], [middle(ground)], 3600.0)
    first = spread(ground, [replace(before, until_s=inf)], [middle(ground)], 3600.0)
    early = first.arrival_s <= 1800
    assert np.allclose(fire.arrival_s[early], first.arrival_s[early])
    head = behaviour(ground, before)
    rate, shape, e = (float(a[0, 0]) for a in (head.rate_ms, head.length_to_width, head.eccentricity))
    rows, columns = np.nonzero(fire.burnt(3600))
    # half an hour each: the head of the one and half the width of the other
    far = rate * 1800 * (1 + 1 / (1 + e) / shape)
    assert (columns.max() - 60) * CELL == pytest.approx(far, abs=1.5 * CELL)
    assert (60 - rows.min()) * CELL == pytest.approx(far, abs=1.5 * CELL)
    same = spread(ground, [before, replace(before, until_s=inf)], [middle(ground)], 3600.0)
    assert np.allclose(same.arrival_s, first.arrival_s, rtol=2e-3)


def test_what_rain_puts_to_rest_burns_on_when_it_dries() -> None:
    ground = flat(41)
    wet = replace(DRY, one_h=0.3)
    fire = spread(
        ground, [Weather(5, 0, DRY, 600.0), Weather(5, 0, wet, 4200.0), Weather(5, 0, DRY)], [middle(ground)], inf
    )  # fmt: skip
    dry = spread(ground, [Weather(5, 0, DRY)], [middle(ground)], inf)
    late = dry.arrival_s > 600
    assert np.allclose(fire.arrival_s[late], dry.arrival_s[late] + 3600, rtol=0, atol=15)


def test_the_perimeter_holds_the_burnt_cells() -> None:
    ground = flat(61)
    fuel = np.where(np.random.default_rng(5).random((61, 61)) < 0.2, NOTHING, 0).astype(np.int16)
    fuel[30, 30] = 0
    fire = spread(replace(ground, fuel=fuel), [Weather(5, 40, DRY)], [middle(ground)], 4000.0)
    lines = fire.perimeters([1000.0, 4000.0])
    assert lines.crs == CRS
    assert lines.geometry.area.tolist() == pytest.approx(lines.area_m2.tolist())
    assert lines.area_m2.tolist() == [fire.burnt(t).sum() * CELL**2 for t in (1000.0, 4000.0)]
    assert lines.geometry.is_valid.all()
    assert lines.geometry[1].covers(lines.geometry[0])
    assert not fire.burnt(4000)[fuel == NOTHING].any()


@settings(max_examples=15, deadline=None)
@given(st.floats(0, 12), st.floats(0.1, 3), st.integers(0, 359), st.floats(0.005, 0.02))
def test_more_wind_is_earlier_ahead_and_wet_is_later(wind: float, more: float, from_deg: int, wetter: float) -> None:
    ground = flat(41)
    to = np.radians(from_deg + 180)
    ahead = (20 - round(15 * np.cos(to)), 20 + round(15 * np.sin(to)))
    base = spread(ground, [Weather(wind, from_deg, DRY)], [middle(ground)], inf).arrival_s
    blown = spread(ground, [Weather(wind + more, from_deg, DRY)], [middle(ground)], inf).arrival_s
    damp = spread(ground, [Weather(wind, from_deg, replace(DRY, one_h=0.08 + wetter))], [middle(ground)], inf).arrival_s
    assert blown[ahead] < base[ahead]
    assert (damp >= base).all()


def test_an_ensemble_counts_its_members() -> None:
    ground, weather = flat(41), [Weather(6, 30, DRY)]
    found = ensemble(ground, weather, [middle(ground)], 1500.0, 12, seed=7)
    p = found.probability(1500.0)
    assert np.array_equal(p * 12, (found.arrival_s <= 1500).sum(axis=0))
    assert (p.min(), p[20, 20]) == (0, 1)
    assert len(np.unique(p)) > 3
    assert (found.probability(700.0) <= p).all()
    half = found.quantile(0.5)
    assert ((found.arrival_s <= half).sum(axis=0) >= 6).all()
    assert np.array_equal(np.isfinite(half), p >= 0.5)
    again = ensemble(ground, weather, [middle(ground)], 1500.0, 12, seed=7)
    assert np.array_equal(again.arrival_s, found.arrival_s)
    sure = ensemble(ground, weather, [middle(ground)], 1500.0, 2, 1, Doubt(0, 0, 0))
    assert np.array_equal(
        sure.arrival_s[0], spread(ground, weather, [middle(ground)], 1500.0).arrival_s.astype(np.float32)
    )


def _even(rate: float = 0.5) -> Fire:
    """A front that comes from the west at an even rate: what it should reach is reckoned by hand."""
    ground = flat(40)
    arrival = np.broadcast_to((np.arange(40) * CELL) / rate, (40, 40)).copy()
    arrival[:, 30:] = inf
    head = behaviour(ground, Weather(1, 0, DRY))
    return Fire(arrival, ground.transform, CRS, 2000.0, head)


def test_what_is_reached_and_when() -> None:
    fire, ground = _even(), flat(40)
    x, y = ground.transform.c, ground.transform.f
    things = gpd.GeoDataFrame(
        {"name": ["house", "grave", "line", "field", "far", "off"]},
        geometry=[
            at(ground, 5, 10), at(ground, 6, 35), LineString([at(ground, 1, 20), at(ground, 30, 12)]),
            Polygon([(x + 500, y - 500), (x + 700, y - 500), (x + 600, y - 600)]), at(ground, 6, 33), Point(x - 900, y),
        ],
        crs=CRS,
    )  # fmt: skip
    found = reached(fire, things)
    assert found.tolist() == [600.0, inf, 720.0, 16 * 60.0, inf, inf]
    assert reached(fire, things.to_crs(4490)).tolist() == found.tolist()
    near = reached(fire, things, within_m=120.0)
    assert near[4] == 29 * 60.0  # the front stops four cells from it
    assert near[0] == 6 * 60.0


def test_the_margin_of_a_way_by_hand() -> None:
    fire, ground = _even(), flat(40)
    # from column 10 east to column 28 in 540 s (1 m/s): the front is at 600 s at the start, and 60 s a cell
    way = [at(ground, 5, 10).coords[0], at(ground, 5, 28).coords[0]]
    found = escape_margin(fire, way, [0.0, 540.0], within_m=0.0)
    assert (found.margin_s, found.passed_s, found.arrival_s) == (600.0, 0.0, 600.0)
    assert found.at == at(ground, 5, 10)
    slow = escape_margin(fire, way, [0.0, 1620.0], within_m=0.0)  # 90 s a cell: 30 s lost each
    assert slow.margin_s == 600 + 18 * 60 - 1620
    assert slow.at == at(ground, 5, 28)
    assert escape_margin(fire, way, [700.0, 1240.0], within_m=0.0).margin_s == -100
    careful = escape_margin(fire, way, [0.0, 540.0])  # a front one cell off counts
    assert 510 <= careful.margin_s <= 540
    safe = escape_margin(fire, [at(ground, 5, 33).coords[0], at(ground, 5, 38).coords[0]], [0.0, 100.0])
    assert (safe.margin_s, safe.arrival_s) == (inf, inf)
    with pytest.raises(Invalid) as caught:
        escape_margin(fire, [way[0], (0.0, 0.0)], [0.0, 10.0])
    assert caught.value.field == "path"
    with pytest.raises(Invalid):
        escape_margin(fire, way, [10.0, 0.0])


def test_a_crew_above_a_fire_gets_away_sideways_not_upward() -> None:
    ground = flat(81, slope_deg=25.0, aspect_deg=180.0)
    fire = spread(ground, [Weather(5, 180, DRY)], [middle(ground)], inf)
    ways = [[(35, 40), (5, 40)], [(35, 40), (35, 70)]]
    up, aside = (escape_margin(fire, [at(ground, *p).coords[0] for p in way], [0.0, 3000.0]) for way in ways)
    assert up.margin_s < 0 < aside.margin_s
    assert up.passed_s == 3000.0


def test_water_within_the_hose() -> None:
    points = gpd.GeoDataFrame({"name": ["a", "b", "c"]}, geometry=[Point(0, 90), Point(30, 40), Point(0, 200)], crs=CRS)
    found = within_hose(Point(0, 0), points, 120.0, lay=1.3)
    assert found.name.tolist() == ["b", "a"]
    assert found.distance_m.tolist() == [50.0, 90.0]
    assert within_hose(Point(0, 0), points, 100.0, lay=1.3).name.tolist() == ["b"]


def test_the_work_tells_how_far_it_is_and_stops_when_told() -> None:
    ground = flat(401)
    told: list[float] = []

    class StopError(Exception):
        pass

    def stop(share: float) -> None:
        told.append(share)
        raise StopError

    spread(ground, [Weather(0, 0, DRY)], [middle(ground)], inf, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    with pytest.raises(StopError):
        spread(ground, [Weather(0, 0, DRY)], [middle(ground)], inf, progress=stop)


def test_bad_questions_are_named() -> None:
    ground, weather = flat(21), [Weather(1, 0, DRY)]
    bare = ground.without(np.eye(21, dtype=bool))
    with pytest.raises(Invalid) as caught:
        spread(bare, weather, [Ignition(at(bare, 3, 4)), Ignition(at(bare, 5, 5))], 100.0)
    assert (caught.value.field, caught.value.row) == ("ignitions", 2)
    for ignitions in ([], [Ignition(Point(0, 0))]):
        with pytest.raises(Invalid):
            spread(ground, weather, ignitions, 100.0)
    with pytest.raises(Invalid) as caught:
        spread(ground, [Weather(1, 0, DRY, 100.0), Weather(1, 0, DRY, 50.0)], [middle(ground)], 100.0)
    assert caught.value.field == "weather"
    for wrong in ({"transform": Affine(30, 0, 0, 0, 30, 0)}, {"crs": "EPSG:4490"}):
        with pytest.raises(Invalid) as caught:
            flat(5, **wrong)
        assert caught.value.field in wrong
    with pytest.raises(Invalid) as caught:
        spread(ground, weather, [middle(ground)], 0.0)
    assert caught.value.field == "limit_s"
