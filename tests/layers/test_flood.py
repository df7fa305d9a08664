"""Water in time: the published answers, and what must hold on any ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis_data.errors import Invalid
from layers.flood.scene import Body, Bools, Cover, Floats, Scene, make_scene
from layers.flood.solver import Flood, Forcing, Inflow, Numerics, Rain, State, run

G = 9.80665


def channel(z: Floats, cell_m: float, manning: float) -> Scene:
    """A scene one cell wide: walls at both sides and at the left end, open at the right."""
    n = len(z)
    scene = make_scene(z[None, :], cell_m, other=Cover(manning, 0.0))
    beside, ahead = np.full((2, n), 1e6), np.full((1, n + 1), -np.inf)
    ahead[0, 0] = 1e6
    return replace(scene, crest_x=ahead, crest_y=beside)


def still(scene: Scene, h: Floats) -> State:
    ny, nx = scene.z.shape
    return State(0.0, h, np.zeros((ny, nx + 1)), np.zeros((ny + 1, nx)))


def rough(n: int = 40) -> Floats:
    """A ground of hills and pits."""
    rng = np.random.default_rng(5)
    return np.asarray(rng.random((n, n)) * 2 + np.linspace(6, 0, n)[:, None])


def dam(high: float, low: float, t: float) -> tuple[Floats, Floats, Floats]:
    """A dam that breaks at x = 0 on flat smooth ground: places, depths, discharges."""
    n, cell = 1000, 2.0
    x = (np.arange(n) + 0.5 - n / 2) * cell
    scene = replace(channel(np.zeros(n), cell, 0.0), edge_slope=None)
    flood = run(scene, Forcing(), t, start=still(scene, np.where(x < 0, high, low)[None, :]), threads=1)
    assert abs(flood.balance.error) < 1e-4
    return x, flood.state.h[0], (flood.state.qx[0, 1:] + flood.state.qx[0, :-1]) / 2


def stoker(x: Floats, t: float) -> Floats:
    """Depths 2 : 1 (Stoker 1957): middle depth 1.453841 m, speed 1.305611 m/s, shock 4.182414 m/s."""
    fan = (2 * np.sqrt(2 * G) - x / t) ** 2 / (9 * G)
    tail = (1.305611 - np.sqrt(G * 1.453841)) * t
    return np.select([x < -np.sqrt(2 * G) * t, x < tail, x < 4.182414 * t], [2.0, fan, 1.453841], 1.0)


def away(h: Floats, expected: Floats, seen: Bools) -> float:
    return float(np.abs(h - expected)[seen].sum() / expected[seen].sum())


def test_a_dam_that_breaks_on_water_is_within_five_per_cent() -> None:
    """Without advection of momentum no better: 4.4 % over 1200 m after 80 s, the middle 5 % off."""
    x, h, _ = dam(2.0, 1.0, 80.0)
    assert 0.04 < away(h, stoker(x, 80.0), np.abs(x) < 600) < 0.05
    assert h[np.abs(x - 100) < 20].mean() == pytest.approx(1.453841, rel=0.06)


def test_a_dam_that_breaks_on_dry_ground_is_a_fifth_off() -> None:
    """Ritter (1892): .444444 m and .927869 m²/s at the dam, always; the model has a quarter to a third more."""
    x, h, q = dam(1.0, 0.0, 60.0)
    expected = np.clip((2 * np.sqrt(G) - x / 60) / 3, 0, np.sqrt(G)) ** 2 / G
    at = np.abs(x) < 4
    assert expected[at].mean() == pytest.approx(0.444444, rel=1e-3)
    assert 0.1 < away(h, expected, np.abs(x) < 400) < 0.2
    assert 0.2 < h[at].mean() / 0.444444 - 1 < 0.35
    assert 0.2 < q[at].mean() / 0.927869 - 1 < 0.35


@pytest.fixture(scope="module")
def plane() -> tuple[Floats, Floats, Flood]:
    """60 mm/h on 1000 m at 1 %: depths, and the outlet's discharge against the rain's, every minute of two hours."""
    scene = channel((99 - np.arange(100)) * 0.1, 10.0, 0.03)
    flood: Flood | None = None
    flows = []
    for minute in range(1, 121):
        flood = run(scene, Forcing(Rain((0.0, 7200.0), np.array([60.0]))), minute * 60.0, start=flood)
        flows.append(flood.state.qx[0, -1] / (60 / 3.6e6 * 1000))
    assert flood
    return flood.state.h[0], np.array(flows), flood


def test_rain_on_a_plane_settles_at_normal_depth(plane: tuple[Floats, Floats, Flood]) -> None:
    """h = (n·i·x/√S)^0.6: 41.50 mm at 995 m."""
    h, flows, flood = plane
    expected = (0.03 * 60 / 3.6e6 * (np.arange(100) + 0.5) * 10 / 0.1) ** 0.6
    assert expected[-1] == pytest.approx(0.04150, abs=5e-6)
    assert h[-1] == pytest.approx(expected[-1], rel=0.01)
    assert np.abs(h - expected).sum() / expected.sum() < 0.04
    assert flows[-1] == pytest.approx(1.0, abs=0.01)
    assert abs(flood.balance.error) < 1e-4


def test_rain_on_a_plane_rises_until_its_time_of_concentration(plane: tuple[Floats, Floats, Flood]) -> None:
    """tc = (nL/(√S·i^⅔))^0.6 = 2498 s; before it, the outlet lets out what a sheet of the rain so far would."""
    _, flows, _ = plane
    t = np.arange(1, 121) * 60.0
    expected = np.minimum((t / 2497.66) ** (5 / 3), 1.0)
    assert np.abs(flows - expected).max() < 0.05
    assert 2400 <= t[(flows > 0.97).argmax()] <= 2760


def test_the_outlet_does_not_swing(plane: tuple[Floats, Floats, Flood]) -> None:
    """Steps of 20 s swing though mass closes; those of 5 s do not."""
    assert plane[1][60:].std() < 1e-4
    scene = channel((99 - np.arange(100)) * 0.1, 10.0, 0.03)
    long = run(scene, Forcing(Rain((0.0, 7200.0), np.array([60.0]))), 7200, numerics=Numerics(dt_max_s=20))
    assert abs(long.balance.error) < 1e-4
    assert np.abs(long.state.h[0] - plane[0]).sum() / plane[0].sum() > 0.2


def test_a_lake_stays_at_rest() -> None:
    """Over a rough bed with an island, far above the sea."""
    z = rough() + 1200
    h = np.maximum(1205.0 - z, 0.0)
    scene = make_scene(z, 10.0, edge_slope=None)
    flood = run(scene, Forcing(), 600, start=still(scene, h))
    assert (h == 0).any()
    assert np.abs(flood.state.h - h).max() < 1e-6


def test_a_pond_comes_to_rest() -> None:
    """In two directions the longest stable step is √(θ/2) of the Courant limit: at the usual 0.7 this pond swings."""
    z = np.full((20, 20), 10.0)
    z[5:15, 5:15] = 8.0
    flood = run(make_scene(z, 10.0, edge_slope=None), Forcing(Rain((0.0, 3600.0), np.array([100.0]))), 7200)
    assert flood.state.h[5:15, 5:15].std() < 1e-3
    assert flood.peak_m.max() < 0.39
    usual = Numerics(alpha=0.7 / np.sqrt(0.8 / 2), theta=0.8)
    swings = run(
        make_scene(z, 10.0, edge_slope=None), Forcing(Rain((0.0, 3600.0), np.array([100.0]))), 7200, numerics=usual
    )
    assert swings.state.h[5:15, 5:15].std() > 1e-2
    assert abs(swings.balance.error) < 1e-9


def test_no_water_is_made_or_lost_on_steep_ground() -> None:
    """Rain, loss, an inflow, a lake that rises, and the outer edge, on slopes of up to 1 : 1."""
    z = rough() * 10
    body = np.full(z.shape, -1)
    body[15:20, 15:20] = 0
    lake = Body("lake", (z[15:20, 15:20].min(), z[15:20, 15:20].max()), (0.0, 1200.0))
    scene = make_scene(z, 10.0, body=body, bodies=[lake], other=Cover(0.03, 20.0))
    inflow = Inflow((2, 3), (2, 2), (0.0, 300.0, 900.0), (0.0, 5.0, 0.0))
    flood = run(scene, Forcing(Rain((0.0, 600.0), np.array([150.0])), (inflow,)), 1800)
    balance = flood.balance
    assert abs(balance.error) < 1e-9
    assert flood.state.h.min() >= 0
    assert balance.inflow == pytest.approx(5 * 900 / 2, rel=1e-9)
    assert balance.rain == pytest.approx(0.025 * 100 * (1600 - 25), rel=1e-9)
    assert min(balance.lost, balance.over_edge, balance.stored, abs(balance.from_bodies)) > 0


def test_a_lake_above_its_bank_floods_to_its_level() -> None:
    z = np.full((30, 30), 5.0)
    body = np.full(z.shape, -1)
    body[:, :3] = 0
    scene = make_scene(z, 10.0, body=body, bodies=[Body("river", (6.0,))], edge_slope=None)
    flood = run(scene, Forcing(), 7200)
    assert flood.state.h[:, 3:] == pytest.approx(1.0, abs=0.02)
    assert not flood.state.h[:, :3].any()
    arrival = flood.arrival_s[2, 10, 3:]
    assert np.all(np.diff(arrival) >= 0)
    assert 0 < arrival[0] < arrival[-1] < np.inf


def test_a_wall_holds_until_it_is_overtopped() -> None:
    """A crest on the faces between two columns."""
    z = np.zeros((20, 20))
    crest = np.full((20, 21), -np.inf)
    crest[:, 10] = 0.5
    scene = replace(make_scene(z, 10.0, edge_slope=None), crest_x=crest)
    inflow = Inflow((10,), (2,), (0.0, 1000.0), (4.0, 4.0))
    low = run(scene, Forcing(inflows=(inflow,)), 1000)
    assert low.state.h[:, 10:].max() == 0
    assert low.state.h[:, :10].mean() == pytest.approx(0.2, rel=1e-9)
    more = run(scene, Forcing(inflows=(replace(inflow, times_s=(0.0, 5000.0)),)), 6000)
    assert more.state.h[:, 10:].max() > 0.1


def event(scene: Scene, until: float, start: Flood | None = None, threads: int = 1) -> Flood:
    rain = Rain((0.0, 600.0, 1200.0, 1800.0), np.array([80.0, 20.0, 50.0]))
    return run(scene, Forcing(rain), until, start=start, threads=threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_hot_start_goes_on_as_one_long_run(threads: int) -> None:
    """To the last bit, where it stops as the rain changes; threads change nothing either."""
    scene = make_scene(np.tile(rough(), (4, 4)), 20.0)
    whole = event(scene, 1800)
    parts: Flood | None = None
    for until in (600, 1200, 1800):
        parts = event(scene, until, parts, threads)
    assert parts
    for a, b in ((whole.state.h, parts.state.h), (whole.state.qx, parts.state.qx), (whole.peak_m, parts.peak_m)):
        assert np.array_equal(a, b)
    assert np.array_equal(whole.arrival_s, parts.arrival_s)
    assert parts.balance.rain == pytest.approx(whole.balance.rain)
    assert abs(parts.balance.error) < 1e-9


def test_progress_is_told_and_can_stop_a_run() -> None:
    shares: list[float] = []

    class Enough(Exception):
        pass

    def progress(share: float) -> None:
        shares.append(share)
        if len(shares) == 2:
            raise Enough

    scene = make_scene(np.tile(rough(), (6, 6)), 20.0)
    with pytest.raises(Enough):
        run(scene, Forcing(Rain((0.0, 3600.0), np.array([80.0]))), 3600, progress=progress)
    assert 0 < shares[0] < shares[1] < 1


TURNS: dict[str, Callable[[Floats], Floats]] = {
    "a quarter": np.rot90, "mirrored": lambda a: a[:, ::-1], "transposed": lambda a: a.T,
}  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(
    arrays(float, (7, 9), elements=st.floats(0, 3, width=16)),
    st.sampled_from(sorted(TURNS)),
    st.sampled_from([None, 0.01]),
)  # fmt: skip
def test_turned_ground_gives_the_turned_answer(z: Floats, turn: str, edge: float | None) -> None:
    rain = Forcing(Rain((0.0, 300.0), np.array([200.0])))
    one = run(make_scene(z, 10.0, edge_slope=edge), rain, 400)
    other = run(make_scene(TURNS[turn](z), 10.0, edge_slope=edge), rain, 400)
    assert TURNS[turn](one.peak_m) == pytest.approx(other.peak_m, abs=1e-9)


def test_outside_cells_stay_dry_and_water_runs_out_to_them() -> None:
    z = rough()
    z[np.hypot(*(np.indices(z.shape) - 19.5)) > 15] = np.nan
    flood = event(make_scene(z, 10.0), 1800)
    assert not flood.peak_m[np.isnan(z)].any()
    assert flood.balance.over_edge > 0
    assert abs(flood.balance.error) < 1e-9


def test_gridded_rain_falls_where_it_falls() -> None:
    rate = np.zeros((1, 40, 40))
    rate[0, :, 20:] = 36.0
    flood = run(make_scene(np.zeros((40, 40)), 10.0, edge_slope=None), Forcing(Rain((0.0, 100.0), rate)), 100)
    assert flood.state.h[:, 30:] == pytest.approx(0.001, rel=0.01)
    assert not flood.state.h[:, :10].any()


@pytest.mark.parametrize(
    ("field", "forcing"),
    [
        ("rain", Forcing(Rain((0.0, 1.0), np.array([1.0, 2.0])))),
        ("rain", Forcing(Rain((0.0, 1.0), np.array([-1.0])))),
        ("inflows", Forcing(inflows=(Inflow((99,), (0,), (0.0, 1.0), (1.0, 1.0)),))),
    ],
)
def test_what_does_not_fit_is_refused(field: str, forcing: Forcing) -> None:
    with pytest.raises(Invalid) as refused:
        run(make_scene(np.zeros((5, 5)), 10.0), forcing, 10)
    assert refused.value.field == field


def test_shallow_pits_are_filled_and_deep_ones_kept() -> None:
    z = np.full((9, 9), 5.0)
    z[2, 2], z[6, 6] = 4.9, 2.0
    scene = make_scene(z, 10.0, fill_m=0.5)
    assert scene.z[2, 2] == 5.0
    assert scene.z[6, 6] == 2.0
