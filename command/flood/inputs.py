"""What a run of the water model starts from: the question, the rain, the water that is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from command import roads, runs
from command.demand import demand
from command.flood import drivers
from command.flood.ground import FloodGround, flood_ground
from command.station_memory import read_anew
from command.tables import ModelRun
from gis_data.db import Reading
from gis_data.errors import Conflict, Invalid, NotFound
from gis_data.parameters import numbers_under, value_of
from gis_data.settings import Settings
from layers.flood.roads import RoadIndex
from layers.flood.solver import Flood, Inflow, Rain, State
from layers.flood.underpass import Filling
from layers.network import Network

STEP_S = 600
BANDS_M = (0.15, 0.27, 0.40)
"""DEMO: depths that are told apart; parameter `road.depth_bands`, in cm."""
BUILDING_BANDS_M = (0.15, 0.50, 1.00)
"""DEMO: depths at which buildings are counted; parameter `flood.building_bands`, in cm."""
RAISED_M = 1.5
"""DEMO: how far motorways and trunk roads lie above the ground, which the terrain does not know; parameter
`flood.raised_roads_m`. Water passes beneath them."""
RAISED = ("motorway", "trunk")


@dataclass(frozen=True)
class Heard:
    """Observed rain: until when some gauge was heard of, how long none was before and after, and who was not always."""

    until_s: float = 0.0
    unheard_s: int = 0
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Inputs:
    """All that a run needs, read in one moment."""

    ground: FloodGround
    network: Network
    rain: Rain
    until_s: float
    start: State | None
    start_fill: dict[str, float]
    bands_m: tuple[float, ...]
    close_m: float
    people: tuple[NDArray[np.float64], NDArray[np.int64]]
    starts_at: datetime
    now_s: float
    """The present, in the run's time."""
    heard: Heard
    inflows: tuple[Inflow, ...] = ()
    building_bands_m: tuple[float, ...] = BUILDING_BANDS_M
    raised_m: float = RAISED_M
    told: tuple[int, int, int] = (0, 0, 0)
    """How many inflows, levels and walls were asked for."""

    @property
    def observed_s(self) -> float:
        """How much of the run rests on what was observed."""
        return self.heard.until_s

    @property
    def depths_m(self) -> tuple[float, ...]:
        """The depths that roads are told by."""
        return tuple(sorted({*self.bands_m, self.close_m}))


def asked(question: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A checked question and its title: hours of observed rain, expected rain in steps of ten minutes, and what else
    brings or holds water, whose minutes count from the present."""
    title, said = question["title"], {name: value for name, value in question.items() if name != "title"}
    drivers.checked(said)
    back_h, forecast_mmh = said["back_h"], said["forecast_mmh"]
    if not back_h and not forecast_mmh and not said["from_run"] and drivers.last_minute(said) <= 0:
        raise Invalid(
            "请填写预报雨量、回溯时长或入流过程。", "Give expected rain, hours of observed rain, or an inflow.",
            field="forecast_mmh",
        )  # fmt: skip
    peak = max(forecast_mmh, default=0.0)
    minutes = len(forecast_mmh) * STEP_S // 60
    parts = [
        *([f"实测 {back_h:g} 小时"] if back_h else []),
        *([f"预报 {minutes} 分钟、最大 {peak:g} 毫米/时"] if forecast_mmh else []),
        *(f"{word} {len(said[kind])} 处" for kind, (word, _) in drivers.TITLES.items() if said[kind]),
    ]
    return title or f"积水推算：{'，'.join(parts) or '接续上次'}", said


def prepare(tx: Reading, row: ModelRun, config: Settings) -> Inputs:
    ask = row.asked
    ground = flood_ground(tx.session, ask["cell_m"], config.data)
    start: State | None = None
    filled: dict[str, float] = {}
    back_s = ask["back_h"] * 3600.0
    begins = row.starts_at - timedelta(seconds=back_s)
    if ask["from_run"]:
        before = runs.get_run(tx.session, UUID(ask["from_run"]))
        start, filled, begins = _continued(before, ground, config, tx)
        back_s = (row.starts_at - begins).total_seconds()
        if back_s < 0:
            raise Conflict("所接续的推算晚于现在。", "The run to go on from lies in the future.")
        if back_s > drivers.MOST_H * 3600:
            raise Conflict(
                f"所接续的推算已过 {drivers.MOST_H} 小时，请重新推算。",
                f"The run to go on from is more than {drivers.MOST_H} h old.",
                field="from_run",
            )
    observed, heard = _observed(tx, ground, begins, row.starts_at)
    steps = max(len(ask["forecast_mmh"]), int(np.ceil(drivers.last_minute(ask) * 60 / STEP_S)))
    forecast = np.zeros(steps)  # dry after the last that was forecast
    forecast[: len(ask["forecast_mmh"])] = ask["forecast_mmh"]
    rates = [*observed, *(np.full(observed[0].shape if observed else (), rate) for rate in forecast)]
    times = [min(n * STEP_S, back_s) for n in range(len(observed) + 1)] if observed else [0.0]
    times += [times[-1] + STEP_S * (n + 1) for n in range(len(forecast))]
    if times[-1] <= 0:
        raise Invalid("推算时长为零。", "There is no time to compute.", field="forecast_mmh")
    let_in = drivers.inflows(tx.session, ground, ask, back_s)
    whole = roads.base(tx.session)
    raised_m = raised_roads_m(tx)
    ground = replace(
        ground, scene=drivers.scene_of(tx.session, ground, ask, back_s), index=raised(ground, whole, raised_m)
    )
    close_m = numbers_under(tx.session, "underpass.", tx.at).get("close_depth_cm", 27.0) / 100
    who = demand(tx.session, "residents")
    rain = Rain(tuple(times), np.array(rates))
    return Inputs(
        ground, whole, rain, times[-1], start, filled, bands(tx, "road.depth_bands", BANDS_M), close_m,
        (who.lonlat, who.persons), begins, back_s, heard, tuple(let_in),
        bands(tx, "flood.building_bands", BUILDING_BANDS_M), raised_m,
        (len(ask["inflows"]), len(ask["levels"]), len(ask["walls"])),
    )  # fmt: skip


def bands(tx: Reading, key: str, otherwise: tuple[float, ...]) -> tuple[float, ...]:
    """Depths in m that a parameter gives in cm, as 15/27/40; the DEMO ones where it gives none."""
    try:
        return tuple(float(one) / 100 for one in value_of(tx.session, key, tx.at).value.split("/"))
    except (NotFound, ValueError):
        return otherwise


def raised_roads_m(tx: Reading) -> float:
    """How far the surfaces of motorways and trunk roads lie above the ground."""
    return numbers_under(tx.session, "flood.", tx.at).get("raised_roads_m", RAISED_M)


def raised(ground: FloodGround, network: Network, by_m: float) -> RoadIndex:
    """The roads of the ground with those that stand on embankments raised; what the source puts on a layer too."""
    rows = network.plan.roads
    high = rows["class"].isin(RAISED).to_numpy()
    if "layer" in rows:
        high = high | (rows["layer"].to_numpy() > 0)
    return replace(ground.index, raised_m=np.where(high, by_m, 0.0))


def _continued(
    before: ModelRun, ground: FloodGround, config: Settings, tx: Reading
) -> tuple[State, dict[str, float], datetime]:
    """The water at the moment up to which an earlier run rests on what was observed."""
    file = runs.folder(config, tx.world, before.id) / "now.npz"
    if before.kind != "flood" or before.state != "done" or not file.is_file():
        raise Conflict("该推算不能接续。", "That run cannot be gone on from.", field="from_run")
    with np.load(file) as kept:
        if str(kept["terrain"]) != ground.terrain or kept["h"].shape != ground.scene.z.shape:
            raise Conflict("地形或网格已变，不能接续。", "Terrain or cells have changed since.", field="from_run")
        state = State(0.0, kept["h"], kept["qx"], kept["qy"])
        filled = dict(zip(kept["codes"].tolist(), kept["volumes"].tolist(), strict=True))
    said = before.result or {}
    return state, filled, datetime.fromisoformat(said["begins_at"]) + timedelta(seconds=said["observed_s"])


def _observed(
    tx: Reading, ground: FloodGround, begins: datetime, ends: datetime
) -> tuple[list[NDArray[np.float64]], Heard]:
    """Rain in steps of ten minutes over the scene, mm/h.

    While no gauge was heard of it runs from the step before to the step after; the first and the last heard are held.
    Raises Invalid where none was for longer than a window may miss (`reading.most_missing_s`).
    """
    steps = round((ends - begins).total_seconds() / STEP_S)
    if steps <= 0:
        return [], Heard()
    kept = read_anew(tx, begins)
    codes, most_s = list(kept.rain), kept.known.most_missing_s
    first, last = int(begins.timestamp()), int(ends.timestamp())
    series = [kept.windows.series(kept.rain[code], first, last, STEP_S) for code in codes]
    places = np.array([(kept.stations[code].lon, kept.stations[code].lat) for code in codes]).reshape(-1, 2)
    mm = np.array([one[1][:steps] for one in series]).reshape(len(codes), steps)
    heard = np.array([one[2][:steps] for one in series]).reshape(len(codes), steps) > 0.99
    some = np.flatnonzero(heard.any(axis=0))
    gaps = np.diff(some, prepend=-1, append=steps) - 1
    if not len(some) or gaps.max() * STEP_S >= most_s:
        minutes = gaps.max() * STEP_S // 60
        raise Invalid(
            f"回溯时段内有 {minutes} 分钟没有任何雨量读数，请缩短回溯时长。",
            f"For {minutes} min no rain gauge was heard of; look back less far.",
            field="back_h",
        )
    scene = ground.scene
    ny, nx = scene.z.shape
    to_metric = Transformer.from_crs("EPSG:4490", scene.crs, always_xy=True)
    gx, gy = to_metric.transform(places[:, 0], places[:, 1])
    x = scene.transform.c + (np.arange(nx) + 0.5) * scene.cell_m
    y = scene.transform.f - (np.arange(ny) + 0.5) * scene.cell_m
    weight = 1 / ((x[None, None] - gx[:, None, None]) ** 2 + (y[None, :, None] - gy[:, None, None]) ** 2 + 1.0)
    rates = []
    for k in some:
        on = heard[:, k]
        rates.append(np.tensordot(mm[on, k], weight[on], 1) / weight[on].sum(axis=0) * (3600 / STEP_S))
    found = []
    for at in np.interp(np.arange(steps), some, np.arange(len(some))):  # between which of those heard it lies
        before, share = int(at), at % 1
        found.append(rates[before] if not share else (1 - share) * rates[before] + share * rates[before + 1])
    silent = tuple(code for code, whole in zip(codes, np.atleast_1d(heard.all(axis=1)), strict=True) if not whole)
    return found, Heard((int(some[-1]) + 1) * STEP_S, (steps - len(some)) * STEP_S, silent)


def keep(inputs: Inputs, flood: Flood | State | None, fillings: dict[int, Filling], at_s: float, where: Path) -> None:
    """The water at a moment, for a later run to go on from."""
    scene = inputs.ground.scene
    ny, nx = scene.z.shape
    state = flood.state if isinstance(flood, Flood) else flood
    if state is None:
        state = State(0.0, np.zeros((ny, nx)), np.zeros((ny, nx + 1)), np.zeros((ny + 1, nx)))
    vessels = inputs.ground.underpasses
    volumes = [float(np.interp(at_s, fillings[k].times_s, fillings[k].volume_m3)) for k in vessels]
    np.savez_compressed(
        where / "now.npz", h=state.h, qx=state.qx, qy=state.qy, terrain=inputs.ground.terrain,
        codes=np.array([code for code, *_ in vessels.values()], dtype=str), volumes=np.array(volumes),
    )  # fmt: skip
